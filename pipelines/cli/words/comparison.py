"""What is said of candidates side by side: the lines of the table, and what sets them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import handle_label, safe_text
from pipelines.cli.ranking import rank_range
from pipelines.cli.words.changes import PARTS
from pipelines.standing import narrow_status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.cli.output import Row

# A difference in trust below this is not worth a sentence.
_LITTLE = 0.01


def _between(row: Row, name: str, show: Callable[[float | None], str]) -> str:
    low, high = show(row[f"{name}_low"]), show(row[f"{name}_high"])
    return show(row[name]) if low == high else f"{show(row[name])} ({numbers.between(low, high)})"


def _part(name: str) -> Callable[[Row], str]:
    return lambda row: numbers.score(row.get(f"{name}_part"))


def _size(row: Row) -> str:
    if numbers.is_unknown(row["followers_count"]):
        return numbers.UNKNOWN
    tier = safe_text(row["size_tier"])
    return numbers.count(row["followers_count"]) + ("" if tier == numbers.UNKNOWN else f" {tier}")


_LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("place", lambda row: numbers.count(row["rank"])),
    ("place between", rank_range),
    ("status", lambda row: safe_text(narrow_status(row))),
    ("score", lambda row: numbers.score(row["score"])),
    ("trust", lambda row: _between(row, "trust", numbers.score)),
    *((f"  {words}", _part(name)) for name, words in PARTS.items()),
    ("risk", lambda row: numbers.risk(row["shill_probability"])),
    ("risk at most", lambda row: numbers.risk(row["shill_probability_high"])),
    ("signals looked at", lambda row: numbers.count(row["signals_measured"])),
    ("reach", lambda row: numbers.share(row["reach_share"])),
    ("reach cleaned", lambda row: numbers.share(row["reach_share_cleaned"])),
    ("members reached", lambda row: numbers.count(row["audience_followers"])),
    ("lift", numbers.lift),
    ("voices", lambda row: numbers.count(row["word_of_mouth_voices"])),
    ("answers", lambda row: numbers.share(row.get("answer_rate"))),
    ("groups reached", lambda row: numbers.count(row.get("communities_covered"))),
    ("followers", _size),
    ("price", numbers.price),
    ("in the portfolio", lambda row: "yes" if row["is_pick"] else "no"),
)


def lines_of(rows: Sequence[Row]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Title and cells of each line, and the titles of those that are known of nobody here."""
    lines, unknown = [], []
    for title, show in _LINES:
        cells = [show(row) for row in rows]
        if all(cell == numbers.UNKNOWN for cell in cells):
            unknown.append(title.strip())
        else:
            lines.append((title, cells))
    return lines, unknown


def apart(rows: Sequence[Row]) -> str:
    """Which part of trust sets the accounts apart the most, or nothing where none does."""
    spread = {}
    for name, words in PARTS.items():
        known = [
            (row[f"{name}_part"], row) for row in rows if not numbers.is_unknown(row.get(f"{name}_part"))
        ]
        if len(known) > 1:
            (low, least), (high, most) = (
                min(known, key=lambda pair: pair[0]),
                max(known, key=lambda pair: pair[0]),
            )
            spread[high - low] = (words, high, most, low, least)
    if not spread or max(spread) < _LITTLE:
        return ""
    words, high, most, low, least = spread[max(spread)]
    return (
        f"In trust {words} sets them apart the most: it gives {handle_label(most)} {numbers.score(high)} and "
        f"{handle_label(least)} {numbers.score(low)}."
    )


def shared(pair: Row) -> str:
    """How far two accounts reach the same members, in one line."""
    a, b = (
        handle_label(pair, handle="handle_a", account="account_id_a"),
        handle_label(pair, handle="handle_b", account="account_id_b"),
    )
    if numbers.is_unknown(pair["share_of_smaller"]):
        return f"{a} and {b}: not known."
    alone = [numbers.share(pair[f"exclusive_share_{side}"]) for side in "ab"]
    return (
        f"{a} and {b}: {numbers.count(pair['shared_followers'])} in common, "
        f"{numbers.share(pair['share_of_smaller'])} of the smaller; "
        f"only the one {alone[0]}, only the other {alone[1]}."
    )
