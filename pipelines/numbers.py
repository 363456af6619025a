"""Numbers as a person reads them on a terminal. Unknown is a dash, never a zero.

CSV and JSON do not pass through here: they carry plain fractions and empty or null.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Signals of the evidence whose value is a fraction, beside those that say so in their name.
SHARE_SIGNALS = frozenset(
    {
        "answers", "automation", "cleaned_reach", "conversation", "copied_text", "endorsement",
        "growth_bursts", "lockstep_followers", "sharing", "suspicious_followers", "undisclosed_promotion",
    }
)  # fmt: skip
SUREST = 0.01
"""The smallest risk written as a number: weights come from generated worlds, finer ones would be theirs."""

UNKNOWN = "\N{EN DASH}"
_TO = "\N{EN DASH}"


def is_unknown(value: float | None) -> bool:
    """Whether there is no figure: NULL, or not a number."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def is_unobserved(row: Mapping[str, Any]) -> bool:
    """Whether the lift in a row of the ranking is the prior's, because nobody of the baseline follows."""
    return row.get("baseline_share") == 0 and not is_unknown(row["lift"])


def count(value: float | None) -> str:
    """`12,345`; fractional counts (sums of weights) are rounded."""
    return UNKNOWN if value is None or is_unknown(value) else f"{value:,.0f}"


def counted(value: float | None, one: str, many: str = "") -> str:
    """A count with what is counted: `1 member`, `12 members`; also with the verb, `1 is`, `2 are`.

    Args:
        value: The count.
        one: What follows a single one.
        many: What follows any other count; without it, `one` with an s.
    """
    return f"{count(value)} {noun(value, one, many)}"


def noun(value: float | None, one: str, many: str = "") -> str:
    """What is counted, without the count: `member` of one, else `members`; see `counted`."""
    return one if count(value) == "1" else many or f"{one}s"


def every(value: int) -> str:
    """`all 12`, and `both` of two."""
    return "both" if value == 2 else f"all {count(value)}"


def share(value: float | None) -> str:
    """A fraction as `12.3 %`; two significant digits below one per mille, since little is not nothing."""
    if value is None or is_unknown(value):
        return UNKNOWN
    percent = 100 * value
    if percent and abs(percent) < 0.1:
        return f"{percent:.2g} %"
    return f"{percent:.1f} %"


def risk(value: float | None) -> str:
    """A probability as `12.3 %`, `< 1 %` or `> 99 %`: of a stranger nobody can be surer than that."""
    if value is None or is_unknown(value):
        return UNKNOWN
    if value < SUREST:
        return f"< {100 * SUREST:.0f} %"
    return f"> {100 * (1 - SUREST):.0f} %" if value > 1 - SUREST else share(value)


def ratio(value: float | None) -> str:
    """A multiple without its sign: `1.35`, `14.2`, `1,234`."""
    if value is None or is_unknown(value):
        return UNKNOWN
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"


def lift(row: Mapping[str, Any]) -> str:
    """The lift of a row of the ranking; where it was not observed, `≥` its lower bound."""
    if not is_unobserved(row):
        return ratio(row["lift"])
    return UNKNOWN if is_unknown(row["lift_low"]) else f"\N{GREATER-THAN OR EQUAL TO}{ratio(row['lift_low'])}"


def weighed(row: Mapping[str, Any]) -> str:
    """What lift is a multiple of, in brackets behind the share of members: the same share by their weight.

    Nothing where both are written alike, or where the row does not have it.
    """
    by_weight = row.get("reach_share_cleaned")
    if is_unknown(by_weight) or share(by_weight) == share(row["reach_share"]):
        return ""
    return f" ({share(by_weight)} by weight)"


def score(value: float | None) -> str:
    """A figure between 0 and 1 as `0.87`."""
    return UNKNOWN if value is None or is_unknown(value) else f"{value:.2f}"


def money(value: float | None, currency: str | None = None) -> str:
    """A price with its currency, cents only where there are any."""
    if value is None or is_unknown(value):
        return UNKNOWN
    digits = 0 if float(value).is_integer() else 2
    return f"{value:,.{digits}f} {currency or ''}".rstrip()


def price(row: Mapping[str, Any]) -> str:
    """What a candidate asks for, in the currency that it asks for it in."""
    if row["price"] is None or is_unknown(row["price"]):
        return money(row.get("other_price"), row.get("other_currency"))
    return money(row["price"], row["currency"])


def any_number(value: float | None) -> str:
    """A figure of unknown unit with three significant digits."""
    if value is None or is_unknown(value):
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:.3g}"


def evidence_figure(signal: str, value: float | None) -> str:
    """A figure of a line of evidence: a share where its signal is one."""
    is_share = signal in SHARE_SIGNALS or signal.endswith(("share", "probability"))
    return share(value) if is_share else any_number(value)


def between(low: str, high: str) -> str:
    """Two figures with a dash between, or one where both are the same or neither is known."""
    return low if low == high else f"{low}{_TO}{high}"
