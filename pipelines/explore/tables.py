"""Rows as the page's table widget takes them: plain figures to sort by, and how each is written.

The widget turns an address inside a text into a link, and one of a picture into the picture, which would ask
a stranger's server for it. Text from the file is made `inert` here for that reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines import numbers
from pipelines.explore.filters import group_label
from pipelines.explore.what_if import handle_of
from pipelines.standing import narrow_status
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.explore.reading import Row, StatementAnswer

LONGEST_CELL = 300
ID = "account_id"
HIDDEN = ("risk", "lift at least", "followers", "price", ID)
"""Columns that are shown when somebody asks for them."""
WIDTHS = {
    "rank": 60, "who": 175, "status": 120, "trust": 70, "trust from": 95, "risk up to": 95, "members": 85,
    "reach": 75, "size": 65, "group": 190, "picked": 70,
}  # fmt: skip
"""Widths in pixels, so that what is shown fits a screen side by side."""
MEANINGS = {
    "status": "recommended; watch: lift (not special here), risk or name; avoid; not enough data",
    "trust from": "lower end of the interval of trust; the filter on trust looks at it",
    "risk up to": "upper end of the interval of the risk that influence is bought; the filter looks at it",
    "members": "members of the audience who follow it",
    "reach": "share of the audience that follows it",
    "lift at least": "how many times more it is followed here than elsewhere, at the lower end",
    "group": "the group inside the audience that listens to it most",
    "picked": "whether it is in a published portfolio",
}
"""What a column says, shown over its name."""
_WORD_JOINER = "\u2060"
_COLOURS = {"recommended": "#15803d", "watch": "#b45309", "avoid": "#b91c1c"}

FORMATS: dict[str, Callable[[Any], str]] = {
    "rank": numbers.count,
    "trust": numbers.score,
    "trust from": numbers.score,
    "risk": numbers.risk,
    "risk up to": numbers.risk,
    "members": numbers.count,
    "reach": numbers.share,
    "lift at least": numbers.ratio,
    "followers": numbers.count,
    "price": numbers.money,
}
"""Column → how a figure of it is written."""

_SCHEMA = {
    "rank": pl.Int64,
    "who": pl.String,
    "status": pl.String,
    "trust": pl.Float64,
    "trust from": pl.Float64,
    "risk": pl.Float64,
    "risk up to": pl.Float64,
    "members": pl.Int64,
    "reach": pl.Float64,
    "lift at least": pl.Float64,
    "followers": pl.Int64,
    "size": pl.String,
    "group": pl.String,
    "price": pl.Float64,
    "picked": pl.String,
    ID: pl.String,
}


def candidate_rows(rows: Sequence[Row]) -> list[Row]:
    """The candidates as rows of the table; the id stands in a column that is not shown."""
    return [
        {
            "rank": row["rank"],
            "who": inert(handle_of(row)),
            "status": narrow_status(row),
            "trust": row["trust"],
            "trust from": row["trust_low"],
            "risk": row["shill_probability"],
            "risk up to": row["shill_probability_high"],
            "members": row["audience_followers"],
            "reach": row["reach_share"],
            "lift at least": row["lift_low"],
            "followers": row["followers_count"],
            "size": inert(row["size_tier"]),
            "group": inert(group_label(row)),
            "price": row["price"],
            "picked": "yes" if row["is_pick"] else "",
            ID: row["account_id"],
        }
        for row in rows
    ]


def candidate_frame(rows: Sequence[Row]) -> pl.DataFrame:
    """`candidate_rows` as a frame, which keeps its columns where there are no rows."""
    return pl.DataFrame(candidate_rows(rows), schema=_SCHEMA)


def style(_row: str, column: str, value: Any) -> dict[str, str]:
    """The colour of a cell: only the status has one."""
    colour = _COLOURS.get(str(value).partition(":")[0]) if column == "status" else None
    return {"color": colour, "fontWeight": "600"} if colour else {}


def answer_rows(found: StatementAnswer) -> list[Row]:
    """The answer to a statement of somebody's own; what is no number is a text."""
    return [{name: _cell(value) for name, value in row.items()} for row in found.rows]


def inert(text: Any) -> str:
    """One line of text in which nothing is an address any more."""
    line = plain("" if text is None else str(text), LONGEST_CELL)
    if line.casefold().startswith("data:"):
        line = _WORD_JOINER + line
    return line.replace("://", f":{_WORD_JOINER}//")


def _cell(value: Any) -> float | int | bool | str | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return None if numbers.is_unknown(value) else value
    if isinstance(value, list | tuple):
        return inert(", ".join(str(part) for part in value))
    return inert(value)
