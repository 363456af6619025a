"""What moved a place in the ranking, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.text import plain

if TYPE_CHECKING:
    from pipelines.cli.output import Row

PARTS = {
    "endorsement": "endorsement",
    "affinity": "affinity",
    "conversation": "conversation",
    "word_of_mouth": "word of mouth",
}
"""Parts of trust, as columns `<part>_part` of the ranking, in words."""

_CAUSES = PARTS | {
    "certainty": "how sure trust is",
    "risk": "risk",
    "others": "others moved",
    # what the later run was asked differently, which is no part of anybody
    "data_folder": "other data",
    "baseline": "other baseline",
    "settings": "other settings",
    "weights": "other weights",
    "release": "other release",
    "word_lists": "other word lists",
}


def cause_words(row: Row) -> str:
    """`word of mouth +0.04`, `risk −0.28 (lockstep followers)`: what moved the score most, and by how much.

    Behind the risk stands the signal that moved it most, where the runs' evidence says so.
    """
    cause = row["cause"]
    if not cause:
        return ""
    words = _CAUSES.get(cause, str(cause).replace("_", " "))
    change = row["cause_change"]
    signal = row.get("risk_signal")
    behind = f" ({plain(str(signal)).replace('_', ' ')})" if signal else ""
    return (words if numbers.is_unknown(change) else f"{words} {signed(change)}") + behind


def signed(value: float | None) -> str:
    """A change of a score: `+0.04`, `−0.12`, `<0.01` where it is too small to be written."""
    if value is None or numbers.is_unknown(value):
        return numbers.UNKNOWN
    if value and abs(value) < 0.005:
        return f"{'+' if value > 0 else '−'}<0.01"
    return f"{value:+.2f}".replace("-", "−")
