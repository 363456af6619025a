"""`vouch why`: one partner as a paragraph on a terminal, its evidence as rows in a pipe."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import audience_option, format_options, handle_argument
from pipelines.cli.output import Row, json_text, write_rows
from pipelines.cli.reading import published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words import lines
from pipelines.cli.words.paragraph import paragraph
from pipelines.reviews import WITHDRAWN, newest, read_decisions

if TYPE_CHECKING:
    from pipelines.cli.output import Format

_SECTIONS = (
    (lines.FOR, "What speaks for it", "+", "green"),
    (lines.AGAINST, "What speaks against it", "-", "red"),
    (lines.NEUTRAL, "What tips neither way", "·", "dim"),
)


@click.command("why", short_help="Why a partner ranks where it does, with the evidence.")
@handle_argument
@audience_option(otherwise="the largest that ranks it")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, handle: str, audience: str | None, output: Format) -> None:
    """Why HANDLE (or an account id) ranks where it does: what speaks for it, against it, and what is unknown.

    In a pipe: one row of evidence per line. With --json: the ranking row, the paragraph and the evidence in
    one object.
    """
    with published(session) as file:
        named = None if audience is None else str(file.audience(session, audience)["audience"])
        row = file.candidate(handle, named)
        keys = {name: row[name] for name in ("run_id", "audience", "account_id")}
        evidence = file.read("evidence", **keys)
        unmeasured = file.read("unmeasured_signals", account_id=row["account_id"]).rows
        tiers = file.read("tiers", run_id=row["run_id"], audience=row["audience"]).rows
    later = review_after(session, row)
    sizes = {str(tier["size_tier"]): int(tier["candidates"]) for tier in tiers}
    story = paragraph(row, evidence.rows, sizes, unmeasured)
    if output == "json":
        told = {
            "partner": row,
            "paragraph": story,
            "evidence": evidence.rows,
            "not_enough_data": [signal["signal"] for signal in unmeasured],
            "reviewed_after_this_run": later,
        }
        click.echo(json_text(told, indent=2))
    elif output == "table":
        _tell(row, evidence.rows, unmeasured, story)
        if later is not None:
            click.echo()
            _tell_later_review(later)
    else:
        write_rows(evidence.rows, evidence.names, output, evidence.types)
        if not evidence.rows:
            session.say("No evidence was published for this account: too little is known of it.")
        if later is not None:
            session.say(lines.later_review(later))


def review_after(session: Session, row: Row) -> Row | None:
    """The decision about an account that its row of the ranking does not know yet, if there is one."""
    key = str(row["network"]), str(row["account_id"])
    decision = newest(read_decisions(session.home, key[0]), *key)
    if decision is None:
        return None
    is_known = decision.reviewed_at == row.get("reviewed_at") and decision.label == row.get("review")
    # A withdrawal leaves no trace in the row but the absence of what it withdrew.
    if is_known or (decision.label == WITHDRAWN and row.get("reviewed_at") is None):
        return None
    return asdict(decision)


def _tell_later_review(later: Row) -> None:
    from pipelines.cli.table import write_paragraph  # noqa: PLC0415 - as in _tell

    write_paragraph(lines.later_review(later), mark="!", style="yellow")


def _tell(row: Row, evidence: list[Row], unmeasured: list[Row], story: str) -> None:
    # rich costs as much as the queries, and only a terminal needs it
    from pipelines.cli.table import heading, write_paragraph  # noqa: PLC0415 - see above

    write_paragraph(story)
    for direction, title, mark, style in _SECTIONS:
        reasons = [reason for reason in evidence if reason["direction"] == direction]
        if not reasons and direction == lines.NEUTRAL:
            continue
        click.echo()
        heading(title)
        for reason in reasons:
            write_paragraph(lines.reason_line(reason), indent=2, mark=mark, style=style)
            ids = lines.examples(reason)
            if ids:
                write_paragraph(ids, indent=4, style="dim")
        if not reasons:
            write_paragraph("nothing that was measured", indent=2, style="dim")
    unclear = [lines.reason_line(reason) for reason in evidence if reason["direction"] == lines.UNKNOWN]
    missing = [*unclear, *lines.not_known(row, evidence, unmeasured)]
    if missing:
        click.echo()
        heading("What is not known")
        for line in missing:
            write_paragraph(line, indent=2, mark="?", style="yellow")
    click.echo()
    write_paragraph("These are signals to look into, not verdicts.", style="dim")
