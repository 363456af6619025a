"""What `vouch why` tells about one account: a paragraph as an analyst would write it, and the lines below.

Figures come from the account's row of the ranking and its lines of evidence, as published; nothing is
measured here. Columns that an older file does not have are simply not told. Words are those of signals:
looks, unusual, could not be measured. Text from strangers arrives raw and leaves safe for a terminal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.cli.output import handle_label, safe_text
from pipelines.standing import REASON_WORDS
from pipelines.text import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pipelines.cli.output import Row

FOR, AGAINST, NEUTRAL, UNKNOWN = "for", "against", "neutral", "unknown"
TRUST, SHILL = "trust", "shill"
NOT_ENOUGH_DATA = "not_enough_data"
REVIEW = "review"
# A paragraph with more reasons than this is a list, and the list stands below it anyway.
_REASONS_TOLD = 4
_EXAMPLES_SHOWN = 5
_LONGEST_CHANGE = 500
_MISSING_PREFIX = "Not enough data for: "
_REASON_IN_BRACKETS = re.compile(r" \([^()]*\)")

_STATUS_WORDS = {
    "recommended": "It is recommended",
    "watch": "It is to be watched",
    "avoid": "Signals advise against it",
    "not_enough_data": "There is not enough data to recommend it",
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
# Measures whose absence the evidence explains better than a column name can, and those that have a sentence.
_TOLD_BY_EVIDENCE = {"conversation", "word_of_mouth_voices"}
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
        facts.append(f"{numbers.count(row['followers_count'])} followers{size}")
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


def later_review(decision: Row) -> str:
    """A decision that the published ranking does not know yet."""
    who, day = plain(str(decision["reviewer"]), 80), f"{decision['reviewed_at']:%Y-%m-%d}"
    because = plain(str(decision["because"]), _LONGEST_CHANGE)
    if decision["label"] == "withdrawn":
        said = f"The review was withdrawn after this run by {who} on {day}"
    else:
        said = f"Reviewed after this run as {plain(str(decision['label']))} by {who} on {day}"
    return f"{said}, because “{because}”. The next run takes it in."


def reason_line(reason: Row) -> str:
    """One line of evidence: its sentence, which holds the figures; without one, the figures themselves."""
    if reason["sentence"]:
        return safe_text(reason["sentence"])
    figures = [
        f"{words} {numbers.evidence_figure(reason['signal'], reason[name])}"
        for name, words in (("value", "value"), ("typical_value", "typical"), ("threshold", "counts from"))
        if not numbers.is_unknown(reason[name])
    ]
    signal = safe_text(str(reason["signal"]).replace("_", " "))
    return f"{signal}: {', '.join(figures)}" if figures else signal


def examples(reason: Row) -> str:
    """The ids of example rows behind a line of evidence, or nothing."""
    ids = [shortened(plain(str(identifier))) for identifier in reason["example_ids"] or ()]
    if not ids:
        return ""
    more = f" and {len(ids) - _EXAMPLES_SHOWN} more" if len(ids) > _EXAMPLES_SHOWN else ""
    return f"examples: {', '.join(ids[:_EXAMPLES_SHOWN])}{more}"


def not_known(
    row: Row, evidence: Sequence[Row], unmeasured: Sequence[Row], *, but: Collection[str] = ()
) -> list[str]:
    """What the data do not say about the account, beyond what its lines of evidence say is missing.

    Args:
        row: Its row of the ranking.
        evidence: Its lines of evidence.
        unmeasured: Its signals without enough data.
        but: Columns whose absence is told elsewhere.
    """
    told = {reason["side"] for reason in evidence if reason["signal"] == NOT_ENOUGH_DATA}
    measured = {reason["signal"] for reason in evidence}
    missing = [
        words
        for name, words in _MEASURES.items()
        if numbers.is_unknown(row[name])
        and name not in but
        and not (name in _TOLD_BY_EVIDENCE and (TRUST in told or name in measured))
    ]
    # the run says it in its own words where it knows more than which signals are missing
    signals = [] if SHILL in told else [plain(str(one["signal"])).replace("_", " ") for one in unmeasured]
    lines = []
    if missing:
        lines.append(f"The data do not say: {', '.join(missing)}.")
    if signals:
        lines.append(f"Not enough data for these signals: {', '.join(signals)}.")
    return lines


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
    than = _baseline(row.get("baseline"))
    if numbers.is_unobserved(row):
        return f"{heard}, and {_nobody_else(row, than)}."
    return f"{heard}, which does not stand out: {numbers.ratio(row['lift'])} times as many as {than}."


def _in_favour(row: Row, reasons: Sequence[Row]) -> str:
    # A reach that holds is a sum that comes out, no trust of anybody.
    own = [reason for reason in reasons if reason["signal"] != "cleaned_reach"]
    told = [_clause(row, reason) for reason in own[:_REASONS_TOLD]]
    if not told:
        return "Nothing that was measured speaks for the trust of this audience in it."
    most = "What speaks for it most is that" if len(told) > 1 else "For it speaks that"
    return f"{most} {_joined(told)}."


def _against(row: Row, reasons: Sequence[Row]) -> str:
    told = [_clause(row, reason) for reason in reasons[:_REASONS_TOLD]]
    if not told:
        return "Nothing that was measured speaks against it."
    more = f" ({len(reasons) - len(told)} more below)" if len(reasons) > len(told) else ""
    return f"Against it speaks that {_joined(told)}{more}."


def _risk(row: Row, reasons: Sequence[Row]) -> str:
    if numbers.is_unknown(row["shill_probability"]):
        return "Whether influence looks bought could not be measured."
    signals = row["signals_measured"]
    rests = f" from {numbers.count(signals)} signal{'s' if signals != 1 else ''}" if signals else ""
    clean = [_clause(row, reason) for reason in reasons[:_REASONS_TOLD]]
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
    sentence = plain(str(said), _LONGEST_CHANGE)
    return f"What would change this: {_uncapitalised(sentence)}"


def _clause(row: Row, reason: Row) -> str:
    """A reason as a clause of a longer sentence; its own sentence where the signal is not known here."""
    write = _CLAUSES.get(reason["signal"])
    is_told = reason["signal"] == "affinity" and numbers.is_unobserved(
        row
    )  # has no value, and words all the same
    if write is None or (numbers.is_unknown(reason["value"]) and not is_told):
        return _uncapitalised(reason_line(reason).rstrip("."))
    return write(row, reason)


def _affinity(row: Row, reason: Row) -> str:
    verb = "follow" if row["attention_basis"] != "interactions" else "engage with"
    than = _baseline(row.get("baseline"))
    heard = f"{numbers.share(row['reach_share'])} of the members {verb} it"
    if numbers.is_unobserved(row):
        return f"{heard}, and {_nobody_else(row, than)}"
    if reason["direction"] == AGAINST:
        return f"{heard}, only {numbers.ratio(reason['value'])} times as many as {than}"
    at_least = "" if numbers.is_unknown(row["lift_low"]) else f", at least {numbers.ratio(row['lift_low'])}"
    return f"{heard}, {numbers.ratio(reason['value'])} times as many as {than}{at_least}"


def _cleaned_reach(row: Row, reason: Row) -> str:
    way = "falls" if reason["direction"] == AGAINST else "goes"
    raw, cleaned = numbers.share(row["reach_share"]), numbers.share(row["reach_share_cleaned"])
    return f"its reach {way} from {raw} to {cleaned} when each member counts by its weight"


def _endorsement(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "the people this audience listens to pass no more attention on to it than fame would bring"
    if reason["value"] == 1:
        return "nobody gets more of the attention that the people this audience listens to pass on"
    typical = _typical(reason, numbers.share)
    return (
        "the attention passed on to it by the people this audience listens to has "
        f"{numbers.share(reason['value'])} of the strength of the strongest voice{typical}"
    )


def _word_of_mouth(row: Row, reason: Row) -> str:
    if reason["value"] == 0:
        return f"no member was seen speaking of it{_typical(reason, numbers.any_number)}"
    weeks = row["word_of_mouth_weeks"]
    over = f" over {_counted(weeks, 'week')}" if weeks else ""
    return (
        f"{_counted(reason['value'], 'member')} spoke of it or passed its words on{over}"
        f"{_typical(reason, numbers.any_number)}"
    )


def _conversation(row: Row, reason: Row) -> str:
    del row
    only = "only " if reason["direction"] == AGAINST else ""
    return (
        f"{only}{numbers.share(reason['value'])} of what it does is meant for somebody"
        f"{_typical(reason, numbers.share)}"
    )


def _answers(row: Row, reason: Row) -> str:
    if reason["value"] == 0:
        return f"members who write to it were not seen getting an answer{_typical(reason, numbers.share)}"
    hours = row.get("answer_delay_hours")
    fast = "" if numbers.is_unknown(hours) else f", half of that within {numbers.any_number(hours)} hours"
    only = "only " if reason["direction"] == AGAINST else ""
    return (
        f"it answers {only}{numbers.share(reason['value'])} of what members write to it{fast}"
        f"{_typical(reason, numbers.share)}"
    )


def _returning_dyads(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return f"no member it answered came back in another week{_typical(reason, numbers.any_number)}"
    return (
        f"{_counted(reason['value'], 'member')} it answered came back in another week"
        f"{_typical(reason, numbers.any_number)}"
    )


def _automation(row: Row, reason: Row) -> str:
    del row
    return f"{numbers.share(reason['value'])} of its posts come like clockwork, as scheduled posts do"


def _communities(row: Row, reason: Row) -> str:
    bridge = ", joining groups that share few other voices" if row.get("is_bridge") else ""
    return f"{_counted(reason['value'], 'group')} of the audience listen to it{bridge}"


def _momentum(row: Row, reason: Row) -> str:
    runs = row.get("momentum_runs")
    over = f" over {_counted(runs, 'run')}" if runs else ""
    way = "rising" if reason["direction"] == FOR else "falling"
    return f"trust in it has been {way}{over}, beyond chance"


def _suspicious_followers(row: Row, reason: Row) -> str:
    del row
    typical = reason["typical_value"]
    if reason["value"] == 0:
        return f"none of its followers looks unusual{_typical(reason, numbers.share)}"
    is_low = reason["direction"] == FOR and not numbers.is_unknown(typical) and reason["value"] <= typical
    share = (
        f"{'only ' if is_low else ''}{numbers.share(reason['value'])} of its followers look unusual"
        f"{_typical(reason, numbers.share)}"
    )
    return f"{share}, whoever sent them" if reason["direction"] == AGAINST else share


def _lockstep_followers(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "none of its followers was seen to follow in lockstep"
    return (
        f"{numbers.share(reason['value'])} of its followers follow the same accounts as if sent there, "
        "whoever sent them"
    )


def _shill_neighbourhood(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            f"it leads {numbers.ratio(reason['value'])} times as often as usual to accounts that reviewers "
            "marked as not genuine, as it may for whoever watches a field"
        )
    return "it follows accounts that reviewers marked as not genuine no more than is usual"


def _growth_bursts(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "no unexplained burst of followers counts against it"
    return (
        f"bursts without a known cause brought it about {numbers.share(reason['value'])} of its followers, "
        "whoever sent them"
    )


def _engagement_pods(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            "it exchanges likes and answers with a fixed circle far more evenly than chance would, as close "
            "friends may too"
        )
    return "whom it exchanges likes and answers with looks usual"


def _coordinated_sharing(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            "it shares the same posts and links as others at the same time, far more than how fast they "
            "share explains, as accounts behind one tool may too"
        )
    return "what it shares it does not share in step with others"


def _undisclosed_promotion(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        typical = _typical(reason, numbers.share)
        return f"{numbers.share(reason['value'])} of its posts look paid and do not say so{typical}"
    return "hardly any of its posts looks paid without saying so"


def _brand_hopping(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "it pushed no brand without a disclosure in the last 90 days"
    return (
        f"it promoted {_counted(reason['value'], 'brand')} without a disclosure in the last 90 days"
        f"{_typical(reason, numbers.any_number)}"
    )


_CLAUSES: dict[str, Callable[[Row, Row], str]] = {
    "affinity": _affinity,
    "cleaned_reach": _cleaned_reach,
    "endorsement": _endorsement,
    "word_of_mouth": _word_of_mouth,
    "conversation": _conversation,
    "answers": _answers,
    "returning_dyads": _returning_dyads,
    "automation": _automation,
    "communities": _communities,
    "momentum": _momentum,
    "suspicious_followers": _suspicious_followers,
    "lockstep_followers": _lockstep_followers,
    "shill_neighbourhood": _shill_neighbourhood,
    "growth_bursts": _growth_bursts,
    "engagement_pods": _engagement_pods,
    "coordinated_sharing": _coordinated_sharing,
    "undisclosed_promotion": _undisclosed_promotion,
    "brand_hopping": _brand_hopping,
}


def _nobody_else(row: Row, than: str) -> str:
    at_least = (
        "" if numbers.is_unknown(row["lift_low"]) else f": at least {numbers.ratio(row['lift_low'])} times"
    )
    return f"nobody {than} does{at_least}"


def _baseline(baseline: Any) -> str:
    kind, _, name = str(baseline or "").partition(":")
    if kind == "audience" and name:
        return f"in the audience “{plain(name, 60)}”"
    if kind == "category" and name:
        return f"among all who follow the category “{plain(name, 60)}”"
    return "among comparable people outside the audience"


def _typical(reason: Row, show: Callable[[float | None], str]) -> str:
    return (
        "" if numbers.is_unknown(reason["typical_value"]) else f" (typical {show(reason['typical_value'])})"
    )


def _counted(n: float, one: str) -> str:
    return f"{numbers.count(n)} {one if n == 1 else one + 's'}"


def _joined(clauses: Sequence[str]) -> str:
    """Clauses of a list; commas inside them are common, so semicolons part them."""
    return "; and ".join(filter(None, ("; ".join(clauses[:-1]), clauses[-1])))


def _uncapitalised(sentence: str) -> str:
    is_word = sentence[:2].isalpha() and sentence[1:2].islower()
    return sentence[:1].lower() + sentence[1:] if is_word else sentence


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
