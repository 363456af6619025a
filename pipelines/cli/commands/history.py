"""`vouch history`: one account in every kept run: place, score, status, risk, and what changed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.options import audience_option, format_options, handle_argument
from pipelines.cli.output import Column, Row, draw_table, handle_label, safe_text, write_rows
from pipelines.cli.ranking import rank_range
from pipelines.cli.reading import UnknownNameError, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words.changes import cause_words
from pipelines.standing import narrow_status, status_legend
from pipelines.text import plain

if TYPE_CHECKING:
    from pipelines.cli.output import Format


def _status(row: Row) -> str:
    return safe_text(narrow_status(row)) if row["status"] else "not ranked"


def _change(row: Row) -> str:
    if row["change"] in {"entered", "left"}:
        return row["change"]
    if row["change"] == "moved":
        return f"from {numbers.count(row['rank_before'])}: {cause_words(row) or numbers.UNKNOWN}"
    return "same place" if row["previous_run_id"] and row["rank"] is not None else ""


_TABLE = (
    Column("as of", lambda row: f"{row['as_of']}", is_number=False),
    Column("#", lambda row: numbers.count(row["rank"])),
    Column("range", rank_range, importance=3),
    Column("status", _status, importance=1, is_number=False),
    Column("score", lambda row: numbers.score(row["score"]), importance=4),
    Column("trust", lambda row: numbers.score(row["trust"]), importance=5),
    Column("risk", lambda row: numbers.risk(row["shill_probability"]), importance=3),
    Column("what changed", _change, importance=2, is_number=False),
    Column("members", lambda row: numbers.count(row["audience_followers"]), importance=6),
    Column("followers", lambda row: numbers.count(row["followers_count"]), importance=7),
    Column("pick", lambda row: "★" if row["is_pick"] else "", importance=8, is_number=False),
    Column("run", lambda row: safe_text(row["run_id"]), importance=9, is_number=False),
)


@click.command("history", short_help="One account in every run, and what changed.")
@handle_argument
@audience_option(otherwise="all that rank it")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, handle: str, audience: str | None, output: Format) -> None:
    """HANDLE (or an account id) in every kept run: its place, score, status and risk, and what changed.

    What changed names the part of the score that moved it most, by how much that part moved the score.
    """
    with published(session) as file:
        named = None if audience is None else str(file.audience(session, audience)["audience"])
        account = file.account(handle)
        found = file.read("history", account_id=account["account_id"], audience=named)
    if not found.rows:
        where = "" if named is None else f" for the audience “{plain(named, 80)}”"
        raise UnknownNameError(
            f"{handle_label(account)} was a candidate in no kept run{where}.",
            remedy="Who is one: vouch top, or vouch find TEXT",
        )
    if output != "table":
        write_rows(found.rows, found.names, output, found.types)
        return
    for name, rows in groupby(found.rows, key=lambda row: str(row["audience"])):
        told = list(rows)
        session.say(f"{handle_label(account)} · {plain(name, 80)} · {_counted(told)}")
        draw_table(
            told, _TABLE, caption="\n".join(status_legend([row for row in told if row["status"]])) or None
        )


def _counted(rows: list[Row]) -> str:
    ranked = sum(row["rank"] is not None for row in rows)
    runs = "1 run" if len(rows) == 1 else f"{len(rows)} runs"
    return runs if ranked == len(rows) else f"ranked in {ranked} of {runs}"
