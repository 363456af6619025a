"""The evidence card of one candidate as the page's script draws it: sentences and figures, no markup.

Every sentence is whole here and every text of a stranger has lost its controls, so that the script only has
to put text into place. What is not known makes no sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.report import links, trust_words, wording
from pipelines.report.reading import EXAMPLE_POSTS
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from graph.partners.status import StatusBars
    from pipelines.report.reading import Card, Row

EXAMPLE_ACCOUNTS = 3
_LONGEST_SENTENCE = 600
_LONGEST_BIO = 280
_TYPES = {
    "real": "ordinary people",
    "influencer": "have an audience of their own",
    "mass": "follow masses",
    "dormant": "show next to nothing",
    "suspicious": "look unusual",
    "unknown": "cannot be told",
}
_HISTORY = {
    "snapshots": "As counted on its profile whenever it was read.",
    "follow_times": "Followers in the data whose times are known; those who left are taken off again.",
}
# A person's decision stands above what was measured; the page carries it for candidates without a card too.
_REVIEW = "review"
# Examples of other signals are members, who are counted here and not named.
_EXAMPLES_ARE_VOICES = frozenset({"endorsement", "resembles_another", "resembled_by_others"})
_BURSTS = {"explained": "calm", "unusual": "unusual", "bombed": "sent"}
_PARTS = (
    ("word of mouth", "word_of_mouth_part"),
    ("endorsement", "endorsement_part"),
    ("affinity", "affinity_part"),
    ("conversation", "conversation_part"),
)


def card(of: Card, bars: StatusBars, posts: Container[str], candidates: Container[str]) -> Row:
    """What the page carries about one candidate.

    Args:
        of: The evidence.
        bars: Cut-offs of the run.
        posts: Ids of the posts whose text the page carries.
        candidates: Ids of the accounts that the page shows.
    """
    c = of.candidate
    return {
        "profile": links.profile(c["platform"], c["handle"]),
        "bio": plain(c["bio"] or "", _LONGEST_BIO),
        "about": about(c),
        "because": _said(wording.reason_words(c["status_reason"], bars)),
        "more": [[title, _said(words)] for title, words in _more(c) if words],
        "parts": [[title, _rounded(c[name])] for title, name in _PARTS],
        "lines": [_line(reason, posts, candidates) for reason in of.reasons if reason["signal"] != _REVIEW],
        "types": [
            {
                "type": plain(str(part["profile_type"]), 20),
                "words": _TYPES.get(part["profile_type"], plain(str(part["profile_type"]), 20)),
                "share": part["share"],
                "low": part["share_low"],
                "high": part["share_high"],
                "n": part["n"],
            }
            for part in of.types
        ],
        "history": [[trust_words.day(day["day"]), day["followers"]] for day in of.history],
        "history_words": _HISTORY.get(of.history[0]["source"], "") if of.history else "",
        "events": [
            {
                "first": trust_words.day(burst["burst_day"]),
                "last": trust_words.day(burst["last_day"]),
                "kind": _BURSTS.get(burst["class"], "unclear"),
                "words": _said(burst["sentence"]),
            }
            for burst in of.bursts
        ],
    }


def about(c: Row) -> list[str]:
    """Reach, lift and word of mouth, one sentence each."""
    return [words for words in (_reach(c), _lift(c), _word_of_mouth(c)) if words]


def _reach(c: Row) -> str:
    if numbers.is_unknown(c["reach_share"]):
        return ""
    interval = _between(c["reach_share_low"], c["reach_share_high"], numbers.share)
    reached = f"{numbers.count(c['audience_followers'])} of {numbers.counted(c['audience_size'], 'member')}"
    return (
        f"{reached} reached: {numbers.share(c['reach_share'])}{interval}, cleaned "
        f"{numbers.share(c['reach_share_cleaned'])}."
    )


def _lift(c: Row) -> str:
    if numbers.is_unknown(c["lift"]):
        return ""
    if c["baseline_share"] == 0:
        least = (
            "" if numbers.is_unknown(c["lift_low"]) else f": at least {numbers.ratio(c['lift_low'])} times"
        )
        return f"Nobody in the comparison group does{least}."
    interval = _between(c["lift_low"], c["lift_high"], numbers.ratio)
    return (
        f"Cleaned, that is {numbers.ratio(c['lift'])} times{interval} the share among comparable accounts "
        f"outside the audience ({numbers.share(c['baseline_share'])})."
    )


def _word_of_mouth(c: Row) -> str:
    voices, weeks = c["word_of_mouth_voices"], c["word_of_mouth_weeks"]
    if not voices:
        return ""
    when = f" in {numbers.counted(weeks, 'different week')}" if weeks else ""
    return f"{numbers.counted(voices, 'member')} mentioned, quoted or reposted it{when}."


def _more(c: Row) -> list[tuple[str, str]]:
    talk = " ".join(filter(None, [*trust_words.conversation_sentences(c), trust_words.tone(c)]))
    groups = (
        f"It is followed about evenly in {numbers.counted(c['communities_covered'], 'group')} of the "
        "audience that otherwise listen to different people."
    )
    return [
        ("Does it converse?", talk),
        ("Joins groups.", groups if c["is_bridge"] else ""),
        ("Over the runs.", trust_words.momentum(c)),
        ("What would change this rank?", c["what_would_change"] or ""),
    ]


def _line(reason: Mapping[str, object], posts: Container[str], candidates: Container[str]) -> Row:
    examples = reason["example_ids"] or []
    ids = [str(one) for one in examples] if isinstance(examples, list) else []
    direction = str(reason["direction"])
    return {
        # a direction of a later Vouch is no claim either way
        "direction": direction if direction in {"for", "against", "neutral"} else "unknown",
        "is_risk": reason["side"] == "shill",
        "signal": plain(str(reason["signal"]).replace("_", " "), 60),
        "words": _said(str(reason["sentence"] or "")),
        "value": _figure(reason, "value"),
        "typical": _figure(reason, "typical_value"),
        "threshold": _figure(reason, "threshold"),
        "weight": _rounded(reason["weight"]),
        "posts": [one for one in ids if one in posts][:EXAMPLE_POSTS],
        "accounts": [one for one in ids if one in candidates and reason["signal"] in _EXAMPLES_ARE_VOICES][
            :EXAMPLE_ACCOUNTS
        ],
    }


# Signals whose value is counted or divided and no more. What a model had a part in is called an estimate, and
# so is what a later Vouch measures.
_SEEN = frozenset(
    {
        "answers", "automation", "brand_hopping", "brand_loyalty", "brand_variety", "communities",
        "conversation", "copied_text", "paid_performance", "returning_dyads", "rival_gap", "word_of_mouth",
    }
)  # fmt: skip
_FIGURES = {"value": "estimated", "typical_value": "typical", "threshold": "counts from"}


def _figure(reason: Mapping[str, object], name: str) -> str:
    """`seen 12.0 %`, `estimated 13.0 %`, `typical 9.0 %`; nothing where it is not known."""
    value, signal = reason[name], str(reason["signal"])
    if not isinstance(value, float | int) or numbers.is_unknown(value):
        return ""
    what = "seen" if name == "value" and signal in _SEEN else _FIGURES[name]
    return f"{what} {numbers.evidence_figure(signal, value)}"


def _between(low: float | None, high: float | None, show: Callable[[float | None], str]) -> str:
    """` (16.0–21.3 %)`; nothing where either end is not known."""
    if numbers.is_unknown(low) or numbers.is_unknown(high):
        return ""
    lower, upper = show(low), show(high)
    return f" ({numbers.between(lower if lower == upper else lower.removesuffix(' %'), upper)})"


def _said(text: str | None) -> str:
    return plain(text or "", _LONGEST_SENTENCE)


def _rounded(value: object) -> float | None:
    if not isinstance(value, float | int) or numbers.is_unknown(value):
        return None
    return float(f"{value:.4g}")
