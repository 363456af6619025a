"""What `vouch why` tells about one account: a paragraph as an analyst would write it.

Figures come from the account's row of the ranking and its lines of evidence, as published; nothing is
measured here. Columns that an older file does not have are simply not told. Words are those of signals:
looks, unusual, could not be measured. Text from strangers arrives raw and leaves safe for a terminal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import handle_label, safe_text
from pipelines.cli.words.clauses import baseline, clause, nobody_else
from pipelines.cli.words.lines import (
    AGAINST,
    FOR,
    LONGEST_SENTENCE,
    NOT_ENOUGH_DATA,
    SHILL,
    TRUST,
    UNKNOWN,
    not_known,
    reason_line,
    uncapitalised,
)
from pipelines.standing import REASON_WORDS
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipelines.cli.output import Row

REVIEW = "review"
# A paragraph with more reasons than this is a list, and the list stands below it anyway.
_REASONS_TOLD = 4
_MISSING_PREFIX = "Not enough data for: "
_REASON_IN_BRACKETS = re.compile(r" \([^()]*\)")

_STATUS_WORDS = {
    "recommended": "It is recommended",
    "watch": "It is to be watched",
    "avoid": "Signals advise against it",
    "not_enough_data": "There is not enough data to recommend it",
}
# Measures whose absence has a sentence of its own.
_TOLD_BY_PARAGRAPH = {"trust", "shill_probability"}


def paragraph(
    row: Row, evidence: Sequence[Row], sizes: Mapping[str, int], unmeasured: Sequence[Row] = ()
) -> str:
    """Who the account is, what speaks for it and against it, what is not known, what would change its rank.

    Args:
        row: Its row of the ranking.
        evidence: Its lines of evidence, the weightiest first within each side.
        sizes: How many candidates each size tier of the audience has.
        unmeasured: Its signals without enough data, as the network's table has them.
    """
    reviews = [reason for reason in evidence if reason["signal"] == REVIEW]
    evidence = [reason for reason in evidence if reason["signal"] != REVIEW]
    parts = [
        introduction(row, sizes),
        *map(reason_line, reviews),
        _trust(row),
        _reach(row, evidence),
        _in_favour(row, _pointing(evidence, FOR, TRUST)),
        _against(row, _pointing(evidence, AGAINST)),
        _risk(row, _pointing(evidence, FOR, SHILL)),
        _gaps(evidence, not_known(row, evidence, unmeasured, but=_TOLD_BY_PARAGRAPH)),
        _what_would_change(row),
    ]
    return " ".join(part for part in parts if part)


def introduction(row: Row, sizes: Mapping[str, int]) -> str:
    """Who the account is, where it ranks in all and among its like, and what follows from that."""
    label = handle_label(row)
    facts = [plain(str(row[name]), 60) for name in ("display_name", "platform", "language") if row[name]]
    if row["display_name"] and (
        row["handle"] == row["account_id"] or facts[0].casefold() == label.lstrip("@").casefold()
    ):
        facts = facts[1:]  # the label says it already
    tier = str(row["size_tier"] or "unknown")
    if not numbers.is_unknown(row["followers_count"]):
        size = f", {plain(tier)}" if tier != "unknown" else " in the data"
        facts.append(f"{numbers.counted(row['followers_count'], 'follower')}{size}")
    who = f"{label} ({'; '.join(facts)})" if facts else label
    audience = f"“{plain(str(row['audience']), 80)}”"
    status = _STATUS_WORDS.get(row["status"], f"Its status is {safe_text(row['status'])}")
    if (row["status"], row["status_reason"]) == ("avoid", "reviewed"):
        status = "It is advised against"
    because = REASON_WORDS.get(row["status_reason"], "")
    follows = f"{status}{': ' if because else ''}{because}."
    if row["rank"] is None:
        return f"{who} has no rank for the audience {audience}. {follows}"
    everybody = sum(sizes.values())
    of_all = f" of {numbers.count(everybody)}" if everybody else ""
    place = f"ranks {numbers.count(row['rank'])}{of_all}{_interval_of_ranks(row)} for the audience {audience}"
    in_tier = row.get("rank_in_tier")
    if in_tier is not None and tier != "unknown" and sizes.get(tier, 0) > 1:
        place += f", {numbers.count(in_tier)} of {numbers.count(sizes[tier])} among {plain(tier)} accounts"
    return f"{who} {place}. {follows}"


def _pointing(evidence: Sequence[Row], direction: str, side: str | None = None) -> list[Row]:
    return [
        reason for reason in evidence if reason["direction"] == direction and side in {None, reason["side"]}
    ]


def _trust(row: Row) -> str:
    if numbers.is_unknown(row["trust"]):
        return "Trust could not be measured."
    return f"Trust is {numbers.score(row['trust'])} of 1{_interval(row, 'trust', numbers.score)}."


def _reach(row: Row, evidence: Sequence[Row]) -> str:
    """How many listen, where that is no reason for or against the account and would go untold."""
    is_reason = any(
        reason["signal"] == "affinity" and reason["direction"] in {FOR, AGAINST} for reason in evidence
    )
    if is_reason or numbers.is_unknown(row["reach_share"]):
        return ""
    verb = "follow" if row["attention_basis"] != "interactions" else "engage with"
    heard = f"{numbers.share(row['reach_share'])} of the members {verb} it"
    if numbers.is_unknown(row["lift"]):
        return f"{heard}."
    than = baseline(row.get("baseline"))
    if numbers.is_unobserved(row):
        return f"{heard}, and {nobody_else(row, than)}."
    times = f"{numbers.ratio(row['lift'])} times the share {than}"
    return f"{heard}{numbers.weighed(row)}, which does not stand out: {times}."


def _in_favour(row: Row, reasons: Sequence[Row]) -> str:
    # A reach that holds is a sum that comes out, no trust of anybody.
    own = [reason for reason in reasons if reason["signal"] != "cleaned_reach"]
    told = [clause(row, reason) for reason in own[:_REASONS_TOLD]]
    if not told:
        return "Nothing that was measured speaks for the trust of this audience in it."
    most = "What speaks for it most is that" if len(told) > 1 else "For it speaks that"
    return f"{most} {_joined(told)}."


def _against(row: Row, reasons: Sequence[Row]) -> str:
    told = [clause(row, reason) for reason in reasons[:_REASONS_TOLD]]
    if not told:
        return "Nothing that was measured speaks against it."
    more = f" ({len(reasons) - len(told)} more below)" if len(reasons) > len(told) else ""
    return f"Against it speaks that {_joined(told)}{more}."


def _risk(row: Row, reasons: Sequence[Row]) -> str:
    if numbers.is_unknown(row["shill_probability"]):
        return "Whether influence looks bought could not be measured."
    signals = row["signals_measured"]
    rests = f" from {numbers.counted(signals, 'signal')}" if signals else ""
    clean = [clause(row, reason) for reason in reasons[:_REASONS_TOLD]]
    why = f"; what lowers it: {_joined(clean)}" if clean else ""
    return (
        f"The probability that its influence is bought is {numbers.risk(row['shill_probability'])}"
        f"{_interval(row, 'shill_probability', numbers.risk)}{rests}{_before_labels(row)}{why}."
    )


def _before_labels(row: Row) -> str:
    """What was measured, where labels changed it."""
    measured = row.get("shill_probability_measured")
    if numbers.is_unknown(measured) or measured == row["shill_probability"]:
        return ""
    return f", recalibrated on your labels from {numbers.risk(measured)}"


def _gaps(evidence: Sequence[Row], others: Sequence[str]) -> str:
    lines = [(reason["signal"], reason_line(reason)) for reason in _pointing(evidence, UNKNOWN)]
    # The reasons stand below, in the lines themselves.
    missing = [
        _REASON_IN_BRACKETS.sub("", said.removeprefix(_MISSING_PREFIX).rstrip(".")).replace(";", ",")
        for signal, said in lines
        if signal == NOT_ENOUGH_DATA
    ]
    said_whole = [said for signal, said in lines if signal != NOT_ENOUGH_DATA]
    return " ".join([*([f"Not measured: {'; '.join(missing)}."] if missing else []), *said_whole, *others])


def _what_would_change(row: Row) -> str:
    said = row.get("what_would_change")
    if not said:
        return ""
    sentence = plain(str(said), LONGEST_SENTENCE)
    return f"What would change this: {uncapitalised(sentence)}"


def _joined(clauses: Sequence[str]) -> str:
    """Clauses of a list; commas inside them are common, so semicolons part them."""
    return "; and ".join(filter(None, ("; ".join(clauses[:-1]), clauses[-1])))


def _interval(row: Row, name: str, show: Callable[[float | None], str]) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if numbers.is_unknown(low) or numbers.is_unknown(high):
        return ""
    return f" ({show(low)} to {show(high)})"


def _interval_of_ranks(row: Row) -> str:
    low, high = row["rank_low"], row["rank_high"]
    if low is None or high is None:
        return ""
    if low == high:
        return " (also when audience, weights and risk are varied)"
    between = f"between {numbers.count(low)} and {numbers.count(high)}"
    return f" ({between} when audience, weights and risk are varied)"
