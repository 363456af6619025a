"""What is said where no candidate has a score: that nobody is told apart, why, and what data would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row

FIRST = 10
"""Rows of the list that a run ends with, and from which the report tells whether anybody leads."""

_SHOWN_AS_NOTHING = 0.005  # below it a score is shown as 0.00


def nobody_leads(rows: Sequence[Row]) -> str:
    """Why nobody scores and what would help; nothing where somebody does, or the first is not among the rows.

    Args:
        rows: Rows of `top`, the best first.
    """
    if not rows or rows[0]["rank"] != 1 or not _is_nothing(rows[0]["score"]):
        return ""
    is_known = not numbers.is_unknown(rows[0]["score"])
    found = f"every score is {numbers.score(rows[0]['score'])}" if is_known else "no score is known"
    return f"Nobody can be told apart: {found}, so that the order says nothing. {' '.join(_causes(rows))}"


def _causes(rows: Sequence[Row]) -> list[str]:
    """Sentences with what each part of the score lacks, and the data that would fill it."""
    said = []
    if all(numbers.is_unknown(row["lift_low"]) for row in rows):
        said.append(
            "There is nobody outside the audience to compare with: add the follows of people who are no "
            "members."
        )
    elif not _any(rows, "affinity_part"):
        said.append(
            "Nobody is surely more followed here than elsewhere: list more members, or add the follows of "
            "more people who are none."
        )
    if not _any(rows, "endorsement_part"):
        said.append(
            "Those whom the audience listens to vouch for nobody: add whom the followed accounts follow "
            "themselves."
        )
    if not _any(rows, "word_of_mouth_part") and not _any(rows, "conversation_part"):
        said.append(
            "No member was seen speaking of anybody, or answered: add interactions (who mentions, quotes, "
            "reposts or answers whom, and when)."
        )
    has_lower_end = _any(rows, "trust_low")
    if _any(rows, "trust") and not has_lower_end:
        members = numbers.counted(rows[0]["audience_size"], "known member")
        said.append(f"Over {members} the lower end of trust is 0: list more of them.")
    if has_lower_end:
        said.append("Risk may be as high as 100 %: vouch why HANDLE says what it rests on.")
    return said


def _any(rows: Sequence[Row], name: str) -> bool:
    return any(not _is_nothing(row.get(name)) for row in rows)


def _is_nothing(value: float | None) -> bool:
    return value is None or not value >= _SHOWN_AS_NOTHING  # NaN is nothing as well
