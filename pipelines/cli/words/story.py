"""Single sentences about a partner or the picks, from their rows of the published file.

Every figure comes with what it rests on. Words are those of signals: looks, unusual, could not be measured.
Text from strangers arrives raw and leaves safe for a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import handle_label
from pipelines.where_to_stop import when_to_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row


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
        speak = numbers.counted(
            row["word_of_mouth_voices"],
            "member speaks of it or passes its words on",
            "members speak of it or pass its words on",
        )
        parts.append(speak)
    reason = ", ".join(parts) or "too little is known to say why"
    return f"{handle_label(row)}: {reason}; {_risk_clause(row)}."


def plan_advice(picks: Sequence[Row]) -> str:
    """After which pick the rest adds little, and how much better a plan could be; nothing without picks."""
    return f"{when_to_stop(picks)}{_room_above(picks[-1])}" if picks else ""


def _room_above(last: Row) -> str:
    """How much better than the picks the best possible choice could be."""
    reached = last["cumulative_share"]
    if numbers.is_unknown(last["bound_share"]) or numbers.is_unknown(reached) or not reached:
        return ""
    room = last["bound_share"] / reached - 1
    if room < 0.001:
        return " No other choice of this size reaches more by trust."
    return f" By trust no such choice can be more than {numbers.share(room)} better."


def _risk_clause(row: Row) -> str:
    if numbers.is_unknown(row["shill_probability"]):
        return "whether influence looks bought could not be measured"
    at_most = numbers.risk(row["shill_probability_high"])
    return f"risk that influence is bought {numbers.risk(row['shill_probability'])}, at most {at_most}"
