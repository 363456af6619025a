"""Single sentences about a partner or the picks, from their rows of the published file.

Every figure comes with what it rests on. Words are those of signals: looks, unusual, could not be measured.
Text from strangers arrives raw and leaves safe for a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import handle_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row

# A pick that adds less than this part of what all picks together reach is hardly worth its price.
_LITTLE = 1 / 20


def direction_of(reason: Row) -> str:
    """`for` or `against` the account, `neutral`, or `unknown` where it could not be measured."""
    return reason["direction"]


def one_sentence(row: Row) -> str:
    """Why the account stands where it does, in one sentence."""
    parts = []
    if not numbers.is_unknown(row["reach_share"]):
        verb = "follow" if row["attention_basis"] != "interactions" else "engage with"
        parts.append(f"{numbers.share(row['reach_share'])} of the audience {verb} it")
        if not (numbers.is_unknown(row["lift"]) or numbers.is_unobserved(row)):
            parts[0] += numbers.weighed(row)
    if numbers.is_unobserved(row):
        low = row["lift_low"]
        at_least = "" if numbers.is_unknown(low) else f" (at least {numbers.ratio(low)} times)"
        parts.append(f"nobody in the comparison group does{at_least}")
    elif not numbers.is_unknown(row["lift"]):
        parts.append(f"{numbers.ratio(row['lift'])} times the share among comparable accounts")
    if row["word_of_mouth_voices"]:
        parts.append(f"{numbers.count(row['word_of_mouth_voices'])} members speak of it or pass its words on")
    reason = ", ".join(parts) or "too little is known to say why"
    return f"{handle_label(row)}: {reason}; {_risk_clause(row)}."


def when_to_stop(picks: Sequence[Row]) -> str:
    """After which pick the rest adds little.

    What is little is judged by the trust-weighted gain, which the picks were chosen by, in the figures of the
    table's column; what is reached is told in members, each counted alike. The report judges in the same way.
    """
    if not picks:
        return ""
    gains = [pick["adds_share"] for pick in picks]
    reached = [pick["cumulative_members_share"] for pick in picks]
    if any(numbers.is_unknown(value) for value in (*gains, *reached)):
        return "What each pick adds is not known."
    total = sum(gains)
    if not total:
        return "No pick reaches anybody."
    worth = max(place for place, gain in enumerate(gains, 1) if gain >= total * _LITTLE)
    everyone = numbers.share(reached[-1])
    limit = _room_above(picks[-1])
    if len(picks) == 1:
        return f"The one pick reaches {everyone} of the audience.{limit}"
    if worth == len(picks):
        return (
            f"No clear place to stop: all {len(picks)} picks together reach {everyone} of the audience, and "
            f"the last still adds {numbers.share(gains[-1])} of {numbers.share(total)} by trust.{limit}"
        )
    first = "the first reaches" if worth == 1 else f"the first {worth} reach"
    little, all_add = numbers.share(total * _LITTLE), numbers.share(total)
    return (
        f"Stop after pick {worth}: what comes after it adds less than {little} each by trust, a twentieth of "
        f"the {all_add} that all {len(picks)} add; {first} {numbers.share(reached[worth - 1])} of the "
        f"audience, all {everyone}.{limit}"
    )


def _room_above(last: Row) -> str:
    """How much better than the picks the best possible choice could be."""
    if numbers.is_unknown(last["bound_share"]) or not last["cumulative_share"]:
        return ""
    room = last["bound_share"] / last["cumulative_share"] - 1
    if room < 0.001:
        return " No other choice of this size reaches more by trust."
    return f" By trust no such choice can be more than {numbers.share(room)} better."


def _risk_clause(row: Row) -> str:
    if numbers.is_unknown(row["shill_probability"]):
        return "whether influence looks bought could not be measured"
    at_most = numbers.risk(row["shill_probability_high"])
    return f"risk that influence is bought {numbers.risk(row['shill_probability'])}, at most {at_most}"
