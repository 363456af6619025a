"""`vouch diff`: what moved in the ranking between two kept runs, and what caused it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.named_runs import LATEST, PREVIOUS, named_run
from pipelines.cli.names import RUN
from pipelines.cli.options import audience_option, format_options
from pipelines.cli.output import HANDLE_WIDTH, Column, Row, draw_table, handle_label, safe_text, write_rows
from pipelines.cli.reading import Published, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words.changes import cause_words, signed
from pipelines.standing import status_words
from pipelines.text import plain

if TYPE_CHECKING:
    from pipelines.cli.output import Format

_SHOWN = 30
_QUESTIONS = {
    "data_folder": "another data folder",
    "baseline": "another baseline",
    "settings": "other settings",
    "weights": "other weights",
}


def _places(row: Row) -> str:
    return f"{numbers.count(row['rank_before'])} → {numbers.count(row['rank_after'])}"


def _statuses(row: Row) -> str:
    before, after = row["status_before"], row["status_after"]
    if before == after or not (before and after):
        return status_words(after or before)
    return f"{status_words(before)} → {status_words(after)}"


def _score(row: Row) -> str:
    before, after = row["score_before"], row["score_after"]
    if numbers.is_unknown(before) or numbers.is_unknown(after):
        return numbers.score(before if numbers.is_unknown(after) else after)
    return signed(after - before)


_TABLE = (
    Column("", lambda row: _WITHIN if row["is_within_range"] else _MARKS[row["change"]], is_number=False),
    Column("handle", handle_label, is_number=False, widest=HANDLE_WIDTH),
    Column("place", _places),
    Column("cause", lambda row: cause_words(row) or numbers.UNKNOWN, importance=1, is_number=False),
    Column("status", _statuses, importance=2, is_number=False, widest=28),
    Column("score", _score, importance=3),
    Column("name", lambda row: safe_text(row["display_name"], 24), importance=4, is_number=False),
)
_MARKS = {"entered": "+", "left": "−", "moved": "~", "stayed": "="}
_WITHIN = "≈"


@click.command("diff", short_help="What moved between two runs, and what caused it.")
@click.argument("before", metavar="RUN", type=RUN, default=PREVIOUS)
@click.argument("after", metavar="RUN", type=RUN, default=LATEST)
@audience_option()
@click.option(
    "-n",
    "--rows",
    type=click.IntRange(min=1),
    help=f"How many at most.  [default: {_SHOWN} in a table, else all]",
)
@format_options()
@shared_options
@pass_session
def command(
    session: Session, *, before: str, after: str, audience: str | None, rows: int | None, output: Format
) -> None:
    """What moved between two runs of an audience: who entered, left or moved, and what caused it.

    RUN is latest, previous, a day as in 2026-11-01 (its newest run), or how the id of a run begins; without
    any, previous and latest. vouch runs lists them. Previous is the run that the latest was compared with:
    the newest on other data or of another day, so not always the one above it in that list. The cause is the
    part of the score that moved it most.
    """
    # numpy, which only a comparison needs
    from pipelines.cli.moves import TYPES, moves  # noqa: PLC0415 - see above

    with published(session) as file:
        about = file.audience(session, audience)
        runs = file.read("runs", audience=about["audience"]).rows
        earlier, later = named_run(runs, before), named_run(runs, after)
        rankings = [_ranking(file, run) for run in (earlier, later)]
        keys = {
            "run_id": later["run_id"],
            "previous_run_id": earlier["run_id"],
            "audience": about["audience"],
        }
        known = file.read("changes", **keys).rows
    question = _question(earlier, later, *rankings)
    found = moves(*rankings, known, question)
    shown = found[: rows or (_SHOWN if output == "table" else None)]
    if output != "table":
        write_rows(shown, list(TYPES), output, TYPES)
    elif shown:
        session.say(f"{plain(str(about['audience']), 80)} · {_title(earlier)} → {_title(later)}")
        draw_table(shown, _TABLE)
    session.say(_summary(found, len(shown), earlier, later))
    if question:
        session.say(
            f"The later run was asked with {_QUESTIONS[question]}, so a move need not be about the account."
        )


def _ranking(file: Published, run: Row) -> list[Row]:
    return file.read("ranking_of_run", run_id=run["run_id"], audience=run["audience"]).rows


def _question(earlier: Row, later: Row, before: list[Row], after: list[Row]) -> str:
    from pipelines.cli.moves import asked_differently  # noqa: PLC0415 - numpy, as in the command

    baselines = [rows[0].get("baseline") if rows else None for rows in (before, after)]
    return asked_differently(earlier | {"baseline": baselines[0]}, later | {"baseline": baselines[1]})


def _title(run: Row) -> str:
    return f"{run['as_of']} ({run['run_id']})"


def _summary(found: list[Row], shown: int, earlier: Row, later: Row) -> str:
    if earlier["run_id"] == later["run_id"]:
        return "Both names mean the same run."
    if not found:
        return f"Nothing moved between {_title(earlier)} and {_title(later)}."
    counts = Counter(row["change"] for row in found)
    parts = [f"{numbers.count(counts[change])} {change}" for change in ("entered", "left", "moved")]
    restated = sum(
        row["status_before"] != row["status_after"]
        for row in found
        if row["status_before"] and row["status_after"]
    )
    within = sum(bool(row["is_within_range"]) for row in found)
    if within:
        parts[-1] += (
            f" ({numbers.count(within)} of them, marked {_WITHIN}, no further than their range of places)"
        )
    highest = "The highest is" if shown == 1 else f"The {shown} highest are"
    more = f" {highest} shown; -n shows more." if shown < len(found) else ""
    return f"{', '.join(parts)}; {numbers.count(restated)} changed in status.{more}"
