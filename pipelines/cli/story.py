"""Sentences about a partner, from its rows of the published file.

Every figure comes with what it rests on. Words are those of signals: looks, unusual, could not be measured.
Text from strangers arrives raw and leaves safe for a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.cli.output import handle_label, safe_text
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.cli.output import Row

# A pick that adds less than this part of what all picks together reach is hardly worth its price.
_LITTLE = 1 / 20
_EXAMPLES_SHOWN = 5
# Signals whose value is a fraction, beside those that say so in their name.
_SHARES = {"cleaned_reach", "endorsement", "suspicious_followers", "undisclosed_promotion"}

_REASON_WORDS = {
    "shill_probability_low": "even the lower bound of the probability that influence is bought is high",
    "shill_probability_high": "the probability that influence is bought may be high",
    "lift_low": "beyond chance it is no more special to this audience than to similar accounts",
    "lift_not_measured": "there is nobody outside the audience to compare with",
    "trust_not_measured": "trust could not be measured",
    "n_signals": "too few kinds of bought influence could be looked at",
    "audience_followers": "too few members of the audience pay attention to it",
    "audience_size": "the audience is too small to recommend anybody",
}
_STATUS_WORDS = {
    "recommended": "recommended",
    "watch": "to be watched",
    "avoid": "signals advise against it",
    "not_enough_data": "not enough data to recommend it",
}
# Columns whose absence a reader must know of, because the number they would expect is missing from the story.
_MEASURES = {
    "reach_share": "how many of the audience follow it",
    "lift": "how special it is to this audience",
    "trust": "trust",
    "shill_probability": "the probability that influence is bought",
    "conversation": "whether it converses or broadcasts",
    "word_of_mouth_voices": "word of mouth",
    "followers_count": "its number of followers",
    "price": "its price",
}


def direction_of(reason: Row) -> str:
    """`for` or `against` the account, `neutral`, or `unknown` where it could not be measured."""
    return reason["direction"]


def one_sentence(row: Row) -> str:
    """Why the account stands where it does, in one sentence."""
    parts = []
    if not numbers.is_unknown(row["reach_share"]):
        verb = "follow" if row["attention_basis"] != "interactions" else "engage with"
        parts.append(f"{numbers.share(row['reach_share'])} of the audience {verb} it")
    if not numbers.is_unknown(row["lift"]):
        parts.append(f"{numbers.ratio(row['lift'])} times the share among comparable accounts")
    if row["word_of_mouth_voices"]:
        parts.append(f"{numbers.count(row['word_of_mouth_voices'])} members speak of it or pass its words on")
    reason = ", ".join(parts) or "too little is known to say why"
    return f"{handle_label(row)}: {reason}; {_risk_clause(row)}."


def introduction(row: Row) -> str:
    """Who the account is and where it ranks."""
    facts = [plain(str(row[name]), 60) for name in ("display_name", "platform", "language") if row[name]]
    if not numbers.is_unknown(row["followers_count"]):
        known = row["size_tier"] and row["size_tier"] != "unknown"
        tier = f", {plain(str(row['size_tier']))}" if known else " in the data"
        facts.append(f"{numbers.count(row['followers_count'])} followers{tier}")
    who = f"{handle_label(row)} ({'; '.join(facts)})" if facts else handle_label(row)
    audience = f"“{plain(str(row['audience']), 80)}”"
    status = _STATUS_WORDS.get(row["status"], safe_text(row["status"]))
    if row["rank"] is None:
        place = f"has no rank for the audience {audience}: {status}"
    else:
        rank = f"{numbers.count(row['rank'])}{_interval_of_ranks(row)}"
        place = f"ranks {rank} for the audience {audience}: {status}"
    because = _REASON_WORDS.get(row["status_reason"], "")
    return f"{who} {place}{': ' if because else ''}{because}."


def reach(row: Row) -> str:
    """How many of the audience follow it, raw and cleaned, and how special that is."""
    if numbers.is_unknown(row["reach_share"]):
        return "How many of the audience follow it is not known."
    how_many = f"{numbers.count(row['audience_followers'])} of {numbers.count(row['audience_size'])} members"
    how_much = f"{numbers.share(row['reach_share'])}{_interval(row, 'reach_share', numbers.share)}"
    verb = "follow it" if row["attention_basis"] != "interactions" else "repost, quote, mention or answer it"
    sentences = [f"{how_many} {verb}: {how_much}."]
    if not numbers.is_unknown(row["reach_share_cleaned"]):
        cleaned = numbers.share(row["reach_share_cleaned"])
        sentences.append(f"With mass followers and empty profiles counted for less it is {cleaned}.")
    if not numbers.is_unknown(row["lift"]):
        sentences.append(
            f"That is {numbers.ratio(row['lift'])} times{_interval(row, 'lift', numbers.ratio)} the share "
            f"among comparable accounts outside the audience ({numbers.share(row['baseline_share'])})."
        )
    return " ".join(sentences)


def trust_and_risk(row: Row) -> str:
    """Trust, word of mouth and risk with their intervals."""
    trust = (
        "Trust could not be measured."
        if numbers.is_unknown(row["trust"])
        else f"Trust is {numbers.score(row['trust'])} of 1{_interval(row, 'trust', numbers.score)}."
    )
    voices = ""
    if row["word_of_mouth_voices"]:
        weeks = row["word_of_mouth_weeks"]
        over = f" in {numbers.count(weeks)} week{'s' if weeks != 1 else ''}" if weeks else ""
        voices = (
            f" {numbers.count(row['word_of_mouth_voices'])} "
            f"member{'s' if row['word_of_mouth_voices'] != 1 else ''} mentioned, quoted or reposted it{over}."
        )
    signals = row["signals_measured"]
    rests = f", from {numbers.count(signals)} measured signal{'s' if signals != 1 else ''}" if signals else ""
    if numbers.is_unknown(row["shill_probability"]):
        risk = "Whether influence looks bought could not be measured."
    else:
        risk = (
            f"The probability that influence is bought is {numbers.share(row['shill_probability'])}"
            f"{_interval(row, 'shill_probability', numbers.share)}{rests}."
        )
    return f"{trust}{voices} {risk}"


def reason_line(reason: Row) -> str:
    """One line of evidence: its sentence, which holds the figures; without one, the figures themselves."""
    if reason["sentence"]:
        return safe_text(reason["sentence"])
    figures = [
        f"{words} {_figure(reason, name)}"
        for name, words in (("value", "value"), ("typical_value", "typical"), ("threshold", "counts from"))
        if not numbers.is_unknown(reason[name])
    ]
    signal = safe_text(str(reason["signal"]).replace("_", " "))
    return f"{signal}: {', '.join(figures)}" if figures else signal


def examples(reason: Row) -> str:
    """The ids of example rows behind a line of evidence, or nothing."""
    ids = [plain(str(identifier), 60) for identifier in reason["example_ids"] or ()]
    if not ids:
        return ""
    more = f" and {len(ids) - _EXAMPLES_SHOWN} more" if len(ids) > _EXAMPLES_SHOWN else ""
    return f"examples: {', '.join(ids[:_EXAMPLES_SHOWN])}{more}"


def not_known(row: Row, unmeasured: Sequence[Row]) -> list[str]:
    """What the data do not say about the account."""
    missing = [words for name, words in _MEASURES.items() if numbers.is_unknown(row[name])]
    signals = [plain(str(signal["signal"])).replace("_", " ") for signal in unmeasured]
    lines = []
    if missing:
        lines.append(f"The data do not say: {', '.join(missing)}.")
    if signals:
        lines.append(f"Not enough data for these signals: {', '.join(signals)}.")
    return lines


def when_to_stop(picks: Sequence[Row]) -> str:
    """After which pick the rest adds little.

    What is little is judged by the trust-weighted gain, which the picks were chosen by; what is reached is
    told in members, each counted alike. The report judges in the same way.
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
            f"the last still adds {numbers.share(gains[-1] / total)} of what they reach by trust.{limit}"
        )
    first = "the first reaches" if worth == 1 else f"the first {worth} reach"
    return (
        f"Stop after pick {worth}: what comes after it adds less than {numbers.share(_LITTLE)} each of what "
        f"all {len(picks)} reach by trust; {first} {numbers.share(reached[worth - 1])} of the audience, all "
        f"{everyone}.{limit}"
    )


def _room_above(last: Row) -> str:
    """How much better than the picks the best possible choice could be."""
    if numbers.is_unknown(last["bound_share"]) or not last["cumulative_share"]:
        return ""
    room = last["bound_share"] / last["cumulative_share"] - 1
    if room < 0.001:
        return " No other choice of this size reaches more by trust."
    return f" By trust no such choice can be more than {numbers.share(room)} better."


def _figure(reason: Row, name: str) -> str:
    is_share = reason["signal"] in _SHARES or str(reason["signal"]).endswith(("share", "probability"))
    return numbers.share(reason[name]) if is_share else numbers.any_number(reason[name])


def _risk_clause(row: Row) -> str:
    if numbers.is_unknown(row["shill_probability"]):
        return "whether influence looks bought could not be measured"
    at_most = numbers.share(row["shill_probability_high"])
    return f"risk that influence is bought {numbers.share(row['shill_probability'])}, at most {at_most}"


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
