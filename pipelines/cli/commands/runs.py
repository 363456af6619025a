"""`vouch runs`: the runs that are kept, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.options import audience_option, format_options
from pipelines.cli.output import Column, Row, draw_table, safe_text, write_rows
from pipelines.cli.reading import published
from pipelines.cli.session import Session, pass_session, shared_options

if TYPE_CHECKING:
    from pipelines.cli.output import Format


def _moved(row: Row) -> str:
    if row["previous_run_id"] is None:
        return numbers.UNKNOWN
    return f"+{row['entered']} −{row['left']} ~{row['moved']}"


_TABLE = (
    Column("run", lambda row: safe_text(row["run_id"]), is_number=False),
    Column("as of", lambda row: f"{row['as_of']}", is_number=False),
    Column("audience", lambda row: safe_text(row["audience"]), importance=1, is_number=False, widest=24),
    Column("members", lambda row: numbers.count(row["audience_size"]), importance=4),
    Column("candidates", lambda row: numbers.count(row["candidates"]), importance=3),
    Column("changes", _moved, importance=2),
    Column("shown", lambda row: "★" if row["is_latest"] else "", importance=5, is_number=False),
    Column("weights", lambda row: safe_text(row["weights_version"]), importance=6, is_number=False),
)


@click.command("runs", short_help="The runs that are kept, the newest first.")
@audience_option(otherwise="all")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, audience: str | None, output: Format) -> None:
    """The runs that are kept, the newest first: of when, of which audience, and how much moved.

    vouch diff compares two of them, vouch history tells of one account in all of them.
    """
    with published(session) as file:
        name = None if audience is None else str(file.audience(session, audience)["audience"])
        found = file.read("runs", audience=name)
    if output != "table":
        write_rows(found.rows, found.names, output, found.types)
        return
    draw_table(found.rows, _TABLE)
    session.say("Changes: + entered, − left, ~ moved, each since the run it was compared with.")
