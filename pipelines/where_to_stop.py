"""Where to stop in a portfolio, said alike on the terminal, in the workbook and in the report.

What is little is judged by `graph.partners.stopping` from the trust-weighted gain, by which the picks were
chosen and which the column “adds by trust” shows; what is reached is told in members where they were counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.partners.stopping import LITTLE, stop_after
from pipelines import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LITTLE_WORDS = "a twentieth"
"""`LITTLE` in words."""


def when_to_stop(picks: Sequence[Mapping[str, Any]]) -> str:
    """After which pick the rest adds little; nothing where there is no pick.

    Args:
        picks: Rows of `portfolio` of one plan, in order.
    """
    if not picks:
        return ""
    gains = [pick["adds_share"] for pick in picks]
    if any(numbers.is_unknown(value) for value in (*gains, picks[-1]["cumulative_share"])):
        return "What each pick adds is not known."
    worth, everyone, total = stop_after(gains), len(picks), sum(gains)
    if not worth:
        return "No pick reaches anybody."
    reached = _reached(picks[-1])
    if everyone == 1:
        return f"The one pick reaches {reached}."
    if worth == everyone:
        return (
            f"No clear place to stop: {numbers.every(everyone)} picks together reach {reached}, and the last "
            f"still adds {numbers.share(gains[-1])} of {numbers.share(total)} by trust."
        )
    first = "The first reaches" if worth == 1 else f"The first {worth} reach"
    rest = "the last one adds" if worth == everyone - 1 else "each one after it adds"
    little, all_add = numbers.share(total * LITTLE), numbers.share(total)
    everybody = numbers.every(everyone)
    return (
        f"Stop after pick {worth}: {rest} less than {little} by trust, {LITTLE_WORDS} of the {all_add} that "
        f"{everybody} add. {first} {_reached(picks[worth - 1])}, {everybody} reach {reached}."
    )


def _reached(pick: Mapping[str, Any]) -> str:
    """How far the picks up to this one come."""
    if numbers.is_unknown(pick["cumulative_members"]):
        return f"{numbers.share(pick['cumulative_share'])} of the audience, weighted by trust"
    members = numbers.counted(pick["cumulative_members"], "member")
    return f"{members} ({numbers.share(pick['cumulative_members_share'])})"
