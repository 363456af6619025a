"""What a run ends with: the best of each audience on standard output, and where everything lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.cli import story
from pipelines.cli.output import draw_table, write_rows
from pipelines.cli.reading import published
from pipelines.cli.top import RANKING_TABLE, audience_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Format, Row
    from pipelines.cli.session import Session


def show_best(session: Session, audiences: Sequence[str], output_format: Format, *, rows: int) -> list[Row]:
    """Write the best of the audiences.

    Args:
        session: The call.
        audiences: Which audiences; those without a ranking are passed over.
        output_format: A table for each audience, or one list with all of them for programs.
        rows: How many of each audience.

    Returns:
        The best of each audience, in the order of the audiences, the largest first.
    """
    best: list[Row] = []
    listed: list[Row] = []
    names: list[str] = []
    with published(session) as file:
        for about in file.read("audiences").rows:
            if about["audience"] not in audiences:
                continue
            everything = {"statuses": None, "min_trust": None, "max_risk": None}
            found = file.read("top", audience=about["audience"], limit_rows=rows, **everything)
            names = found.names
            listed.extend(found.rows)
            best.extend(found.rows[:1])
            if output_format == "table":
                session.say(f"\n{audience_title(about)}")
                draw_table(found.rows, RANKING_TABLE)
    if output_format != "table":
        write_rows(listed, names, output_format)
    return best


def say_why(session: Session, best: Sequence[Row]) -> None:
    """One sentence why for the first of each audience."""
    for row in best:
        session.say(f"\nWhy {story.one_sentence(row)}")
