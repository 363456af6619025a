"""The plain sentences on bursts of followers: the harmless cause first, then who came and how it reads.

Wording only; see `assets.sentences` for what all sentences share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assets.sentences import counted, listed, number, percent
from assets.shill.growth_sources import FOLLOW_ORDER, SNAPSHOTS
from graph.growth.causes import CALL_TO_FOLLOW, CAUSES, LARGE_MENTION, NETWORK_GROWTH, VIRAL_POST
from graph.growth.classes import BOMBED, EXPLAINED, UNUSUAL

HARDLY_ANY_LEFT = 0.01  # share of arrivals below which nothing is said of those who left again
CAUSE_IN_WORDS = {
    VIRAL_POST: "post that stood out",
    LARGE_MENTION: "mention by a much larger account",
    CALL_TO_FOLLOW: "call to follow or a giveaway",
    NETWORK_GROWTH: "growth of the whole network",
}


@dataclass(frozen=True)
class BurstFacts:
    """What a sentence on a burst of followers says; None where it is not known.

    Attributes:
        label: Its reading, one of `graph.growth.classes.CLASSES`.
        probability: Of the reading.
        burst_day: Its first day.
        last_day: Its last one.
        arrivals: Followers gained beyond the usual.
        typical: Followers gained per day around it; None where only their order is known.
        explained_by: The harmless cause that was found.
        unusual_share: Share of unusual profiles among those who came.
        usual_share: The same among the account's other followers.
        removed_share: Share of those who came that left again.
        hours: In how many hours the middle 80 % of them came.
    """

    label: str
    probability: float
    burst_day: date
    last_day: date
    arrivals: float
    typical: float | None
    explained_by: str | None
    unusual_share: float | None
    usual_share: float | None
    removed_share: float | None
    hours: float | None


def growth_burst(facts: BurstFacts, looked_at: frozenset[str]) -> str:
    """One burst of followers: the harmless cause first, then how many came, who they were, how it reads."""
    if facts.typical is None:
        cause = "The data hold no day of it, so no harmless cause could be sought for"
    elif facts.explained_by is None:
        sought = listed([_with_article(cause) for cause in CAUSES if cause in looked_at])
        cause = f"No harmless cause was found (sought: {sought}) for"
    else:
        part = "" if facts.label == EXPLAINED else " a part of"
        named = _with_article(facts.explained_by)
        cause = f"{named[0].upper()}{named[1:]} goes with{part}"
    if facts.label == EXPLAINED:
        return f"{cause} {_gained(facts)}."
    return f"{cause} {_gained(facts)}{_came(facts)}. {_reading(facts)}"


def _with_article(cause: str) -> str:
    return CAUSE_IN_WORDS[cause] if cause == NETWORK_GROWTH else f"a {CAUSE_IN_WORDS[cause]}"


def _gained(facts: BurstFacts) -> str:
    if facts.typical is None:
        return (
            f"{counted(round(facts.arrivals), 'follower')} who came one after the other, not all before "
            f"{facts.burst_day:%Y-%m-%d}, and whose accounts were opened together long before"
        )
    first, last = facts.burst_day, facts.last_day
    when = f"on {first:%Y-%m-%d}" if first == last else f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if facts.typical < 0.5:
        usual = "fewer than one a day is usual"
    else:
        usual = f"about {number(round(facts.typical))} a day {'is' if facts.typical < 1.5 else 'are'} usual"
    return f"{counted(round(facts.arrivals), 'follower')} gained beyond the usual {when}, where {usual}"


def _came(facts: BurstFacts) -> str:
    """Who they were and how they came, as far as it is known."""
    said = []
    if facts.unusual_share is not None and facts.usual_share is not None:
        said.append(
            f"{percent(facts.unusual_share)} of them have unusual profiles "
            f"({percent(facts.usual_share)} of its other followers do)"
        )
    if facts.hours is not None:
        said.append(f"most came within {counted(max(round(facts.hours), 1), 'hour')}")
    if facts.removed_share is not None and facts.removed_share >= HARDLY_ANY_LEFT:
        said.append(f"{percent(facts.removed_share)} left again")
    return f"; {listed(said)}" if said else ""


def _reading(facts: BurstFacts) -> str:
    if facts.label == BOMBED:
        return (
            "It reads as followers sent by others, once and unasked "
            f"(probability {percent(facts.probability)}), and is not held against the account."
        )
    if facts.label == UNUSUAL:
        return (
            f"It reads as an arranged arrival (probability {percent(facts.probability)}), though the data "
            "cannot say who arranged it: followers can be sent by others."
        )
    return "It stays unclear: most of what brings followers lies outside the data."


def growth_in_all(first: str, labels: Sequence[str]) -> str:
    """The sentence of an account's most telling burst, and how many others there are."""
    others = len(labels) - 1
    if not others:
        return first
    alike = sum(label == labels[0] for label in labels) - 1
    rest = f", {alike:,} of which read alike" if alike and alike < others else ""
    rest = ", which read alike" if alike == others and others > 1 else rest
    rest = ", which reads alike" if alike == others == 1 else rest
    return f"{first} There {'is' if others == 1 else 'are'} {counted(others, 'other burst')}{rest}."


def steady_growth(followers: int, source: str) -> str:
    """No burst was found in what a source of `assets.shill.growth_sources` says."""
    basis = {
        SNAPSHOTS: f"in the counts that led to its {followers:,} followers",
        FOLLOW_ORDER: f"in the order in which {followers:,} followers in the data came (some may have left)",
    }.get(source, f"in the times at which {followers:,} followers in the data came (some may have left)")
    if source == FOLLOW_ORDER:
        return f"No run of followers whose accounts were opened together stands out {basis}."
    return f"No day on which it gained far more followers than usual stands out {basis}."
