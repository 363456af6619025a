"""Single lines about an account: one reason, its examples, what is not known, a later review.

Figures come from the rows of the published file. Text from strangers arrives raw and leaves safe for a
terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.budgets import other_price_words
from pipelines.cli.output import safe_text
from pipelines.text import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipelines.cli.output import Row

FOR, AGAINST, NEUTRAL, UNKNOWN = "for", "against", "neutral", "unknown"
TRUST, SHILL = "trust", "shill"
NOT_ENOUGH_DATA = "not_enough_data"
LONGEST_SENTENCE = 500
_EXAMPLES_SHOWN = 5

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
# Measures whose absence the evidence explains better than a column name can.
_TOLD_BY_EVIDENCE = {"conversation", "word_of_mouth_voices"}


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
    elsewhere = other_price_words(row)
    missing = [
        words
        for name, words in _MEASURES.items()
        if numbers.is_unknown(row[name])
        and name not in but
        and not (name == "price" and elsewhere)
        and not (name in _TOLD_BY_EVIDENCE and (TRUST in told or name in measured))
    ]
    # the run says it in its own words where it knows more than which signals are missing
    signals = [] if SHILL in told else [plain(str(one["signal"])).replace("_", " ") for one in unmeasured]
    lines = []
    if missing:
        lines.append(f"The data do not say: {', '.join(missing)}.")
    if elsewhere:
        lines.append(elsewhere)
    if signals:
        lines.append(f"Not enough data for these signals: {', '.join(signals)}.")
    return lines


def uncapitalised(sentence: str) -> str:
    """The sentence to go on with inside another one; a name or an abbreviation stays as it is."""
    is_word = sentence[:2].isalpha() and sentence[1:2].islower()
    return sentence[:1].lower() + sentence[1:] if is_word else sentence


def later_review(decision: Row) -> str:
    """A decision that the published ranking does not know yet."""
    who, day = plain(str(decision["reviewer"]), 80), f"{decision['reviewed_at']:%Y-%m-%d}"
    because = plain(str(decision["because"]), LONGEST_SENTENCE)
    if decision["label"] == "withdrawn":
        said = f"The review was withdrawn after this run by {who} on {day}"
    else:
        said = f"Reviewed after this run as {plain(str(decision['label']))} by {who} on {day}"
    return f"{said}, because “{because}”. The next run takes it in."
