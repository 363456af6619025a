"""The ranked list as a table, and the line above it: what `vouch top` shows and what a run ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import HANDLE_WIDTH, Column, draw_table, handle_label, safe_text
from pipelines.standing import is_unsettled, narrow_status, status_legend
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row

TIERS = ("nano", "micro", "mid", "macro", "mega")
STATUSES = ("recommended", "watch", "avoid", "not_enough_data")


UNSETTLED = "~"


def status_text(row: Row) -> str:
    """The status in words, with the column that its reason lies in."""
    return safe_text(narrow_status(row))


def rank_range(row: Row) -> str:
    """Between which ranks the resampled audience puts the candidate; marked where that says little."""
    between = numbers.between(numbers.count(row["rank_low"]), numbers.count(row["rank_high"]))
    return f"{UNSETTLED}{between}" if is_unsettled(row) else between


RANKING_TABLE = (
    Column("#", lambda row: numbers.count(row["rank"])),
    Column("range", rank_range),  # always: a place without its range looks surer than it is
    Column("handle", handle_label, is_number=False, widest=HANDLE_WIDTH),
    Column("status", status_text, importance=1, is_number=False),
    Column("trust", lambda row: numbers.score(row["trust"]), importance=2),
    Column("risk", lambda row: numbers.risk(row["shill_probability"]), importance=3),
    Column("reach", lambda row: numbers.share(row["reach_share"]), importance=4),
    Column("lift", numbers.lift, importance=5),
    Column("followers", lambda row: numbers.count(row["followers_count"]), importance=6),
    Column("pick", lambda row: "★" if row["is_pick"] else "", importance=7, is_number=False),
    Column("risk at most", lambda row: numbers.risk(row["shill_probability_high"]), importance=9),
    Column("reach cleaned", lambda row: numbers.share(row["reach_share_cleaned"]), importance=10),
    Column("voices", lambda row: numbers.count(row["word_of_mouth_voices"]), importance=11),
    Column("score", lambda row: numbers.score(row["score"]), importance=12),
    Column("name", lambda row: safe_text(row["display_name"], 24), importance=13, is_number=False),
)

# Among its like a small voice's own place says more than its place behind the famous.
_IN_TIER = Column("in tier", lambda row: numbers.count(row.get("rank_in_tier")), importance=1)


def draw_ranking(rows: Sequence[Row], *, is_of_a_size: bool = False) -> None:
    """Draw the ranked table, and under it what its marks mean.

    Args:
        rows: Rows of `top`.
        is_of_a_size: Show the place among accounts of the same size as well.
    """
    table = (*RANKING_TABLE[:1], _IN_TIER, *RANKING_TABLE[1:]) if is_of_a_size else RANKING_TABLE
    draw_table(rows, table, caption="\n".join(_legend(rows)) or None)


def _legend(rows: Sequence[Row]) -> list[str]:
    lines = status_legend(rows)
    unsettled = [row["rank_high"] for row in rows if is_unsettled(row)]
    if unsettled:
        whose = "its place, as far back as" if len(unsettled) == 1 else "their place, one as far back as"
        lines.append(
            f"{UNSETTLED} order not settled: {numbers.count(len(unsettled))} of these may stand far behind "
            f"{whose} place {numbers.count(max(unsettled))}."
        )
    return lines


def audience_title(about: Row) -> str:
    """One line that says whose ranking this is, of when, and from how many."""
    made_up = " · generated demo world" if about["is_generated"] else ""
    until = about["observed_until"]
    # A delivery may be older than the day it is looked at, and a reader must not take it for today's.
    old = f", data until {until:%Y-%m-%d}" if until is not None and until.date() < about["as_of"] else ""
    return (
        f"{plain(str(about['audience']), 80)} · {numbers.counted(about['audience_size'], 'member')} · "
        f"{numbers.counted(about['candidates'], 'candidate')} · as of {about['as_of']}{old}{made_up}"
    )
