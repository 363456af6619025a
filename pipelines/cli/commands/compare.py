"""`vouch compare`: candidates side by side, what speaks for and against each, and the members they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.names import HANDLE
from pipelines.cli.options import audience_option, format_options
from pipelines.cli.output import handle_label, json_text, write_rows
from pipelines.cli.reading import Published, UnknownNameError, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words import comparison, lines
from pipelines.standing import status_legend
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Format, Row

_FEWEST = 2
_MOST = 10
_REASONS = 3  # of each side, for each account; vouch why has them all
_NESTED = ("evidence_for", "evidence_against", "overlap")


@click.command("compare", short_help="Candidates side by side, and the members they share.")
@click.argument("handles", metavar="HANDLE...", nargs=-1, type=HANDLE, required=True)
@audience_option(otherwise="the largest that ranks them all")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, handles: tuple[str, ...], audience: str | None, output: Format) -> None:
    """Candidates side by side: place, parts of the score, reach, risk, and the members they share.

    And the strongest of what speaks for and against each. In a pipe: one row per account with the columns of
    the ranking, its evidence and its overlap with the others.
    """
    if not _FEWEST <= len(handles) <= _MOST:
        raise click.UsageError(f"Give {_FEWEST} to {_MOST} handles or account ids to compare.")
    with published(session) as file:
        named = None if audience is None else str(file.audience(session, audience)["audience"])
        about = _audience_of_all(file, handles, named)
        accounts = list(dict.fromkeys(str(row["account_id"]) for row in about))
        if len(accounts) < _FEWEST:
            raise UnknownNameError("These names all mean the same account.", remedy="Name another one.")
        keys = {"audience": about[0]["audience"], "accounts": accounts}
        found = file.read("compared", **keys)
        keys["run_id"] = about[0]["run_id"]
        evidence = file.read("compared_evidence", **keys).rows
        pairs = file.read("compared_overlap", **keys).rows
    told = [_with_its_own(row, evidence, pairs) for row in found.rows]
    if output == "table":
        _tell(session, told, evidence, pairs)
    elif output == "json":
        whole = {
            "audience": about[0]["audience"],
            "run_id": about[0]["run_id"],
            "partners": told,
            "overlap": pairs,
        }
        click.echo(json_text(whole, indent=2))
    else:
        types = found.types | dict.fromkeys(_NESTED[:2], "VARCHAR[]")
        write_rows(told, [*found.names, *_NESTED], output, types)


def _audience_of_all(file: Published, handles: Sequence[str], audience: str | None) -> list[Row]:
    """The ranking rows of all accounts in the audience asked for, else in the largest that ranks them all.

    Raises:
        UnknownNameError: A name means nobody, or no audience ranks them all.
    """
    ranked = [file.candidates(handle) for handle in handles]
    places = [{str(row["audience"]): row for row in rows} for rows in ranked]
    if audience is not None:
        return [file.candidate(handle, audience) for handle in handles]
    common = [name for name in places[0] if all(name in place for place in places)]
    if not common:
        raise UnknownNameError(
            "No audience ranks all of these accounts.",
            details=[
                f"{handle_label(rows[0])}: {', '.join(plain(str(row['audience']), 80) for row in rows)}"
                for rows in ranked
            ],
            remedy="Compare those that the same audience ranks.",
        )
    # the rows of a name come with its largest audience first
    return [place[common[0]] for place in places]


def _with_its_own(row: Row, evidence: Sequence[Row], pairs: Sequence[Row]) -> Row:
    mine = [reason for reason in evidence if reason["account_id"] == row["account_id"]]
    sides = {
        f"evidence_{direction}": [reason["sentence"] for reason in mine if reason["direction"] == direction]
        for direction in (lines.FOR, lines.AGAINST)
    }
    return (
        row
        | sides
        | {"overlap": [_seen_from(row, pair) for pair in pairs if row["account_id"] in _both(pair)]}
    )


def _both(pair: Row) -> tuple[Any, Any]:
    return pair["account_id_a"], pair["account_id_b"]


def _seen_from(row: Row, pair: Row) -> Row:
    mine, other = ("a", "b") if pair["account_id_a"] == row["account_id"] else ("b", "a")
    return {
        "account_id": pair[f"account_id_{other}"],
        "handle": pair[f"handle_{other}"],
        "shared_followers": pair["shared_followers"],
        "share_of_smaller": pair["share_of_smaller"],
        "exclusive_share": pair[f"exclusive_share_{mine}"],
    }


def _tell(session: Session, rows: Sequence[Row], evidence: Sequence[Row], pairs: Sequence[Row]) -> None:
    # rich costs as much as the queries, and only a terminal needs it
    from pipelines.cli.table import draw_side_by_side, heading, write_paragraph  # noqa: PLC0415 - see above

    session.say(f"{plain(str(rows[0]['audience']), 80)} · as of {rows[0]['as_of']}")
    told, unknown = comparison.lines_of(rows)
    draw_side_by_side(
        [handle_label(row) for row in rows], told, caption="\n".join(status_legend(rows)) or None
    )
    for line in filter(None, [comparison.apart(rows), _not_known(unknown)]):
        write_paragraph(line)
    click.echo()
    heading("Members they share")
    for pair in pairs:
        write_paragraph(comparison.shared(pair), indent=2, mark="·")
    for row in rows:
        click.echo()
        heading(handle_label(row))
        for direction, mark, style in ((lines.FOR, "+", "green"), (lines.AGAINST, "-", "red")):
            mine = [
                reason
                for reason in evidence
                if (reason["account_id"], reason["direction"]) == (row["account_id"], direction)
            ]
            for reason in mine[:_REASONS]:
                write_paragraph(lines.reason_line(reason), indent=2, mark=mark, style=style)
    session.say("The strongest reasons of each. Signals, not verdicts; all of them: vouch why HANDLE")


def _not_known(titles: Sequence[str]) -> str:
    return f"Known of none of them: {', '.join(titles)}." if titles else ""
