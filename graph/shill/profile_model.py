"""How probable it is that a profile is a purchased one, from whatever facts about it are known.

Belongs here: the facts on a common scale, reading them against scorecards, and what a probability is worth as
evidence. Does not belong here: fitting the scorecards (`pipelines.weights.profile_model`) and types of
profiles (`graph.shill.profiles`).

There is a scorecard for every set of facts that can be known together, each fitted to those facts alone. So
an unknown fact is left out of the question rather than answered by a guess: it counts for nobody and against
nobody. A scorecard is additive: an intercept and one curve per feature, read off by linear interpolation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FACTS = ("follow_counts", "posts", "avatar", "bio", "age", "private", "handle")
"""What can be known of a profile. The two follow counts are one fact, because either says little alone."""

SPEAKING_FACTS = ("follow_counts", "posts", "avatar", "bio", "age")
"""Facts that somebody filled in or earned; the handle is a name that everybody has, and private a setting."""

MIN_SPEAKING_FACTS = 2
"""With fewer nothing is said of a profile: counts alone may have been read off a sampled graph."""

FEATURES: dict[str, tuple[str, ...]] = {
    "log_followers": ("follow_counts",),
    "log_following": ("follow_counts",),
    "log_following_per_follower": ("follow_counts",),
    "log_posts": ("posts",),
    "log_following_per_post": ("follow_counts", "posts"),
    "log_followers_per_post": ("follow_counts", "posts"),
    "log_handle_digits": ("handle",),
    "has_avatar": ("avatar",),
    "has_bio": ("bio",),
    "is_private": ("private",),
    "log_age_days": ("age",),
}
"""Feature to the facts it is made of. Logarithms are natural ones of 1 + the count."""

EVIDENCE_EDGES = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
"""Edges of the bins of evidence, as log likelihood ratios; the outer bins are open."""


class ProfileModelError(ValueError):
    """A stored profile model that cannot be read."""


@dataclass(frozen=True)
class Profiles:
    """Profile facts of n accounts, each float64[n] with NaN for unknown; `has_*` and `is_*` are 0 or 1.

    Facts are what a platform states about an account. Degrees counted in a sampled follow graph are not such
    facts: a graph knows only the part of the network it holds.

    Attributes:
        has_avatar: Whether it shows a picture of its own.
        has_bio: Whether it says anything of itself.
        is_private: Whether strangers see its posts.
        posts_count: How many posts it has.
        followers_count: How many follow it.
        following_count: How many it follows.
        handle_digits: Digits in the handle.
        age_days: Age of the account at the snapshot.
    """

    has_avatar: FloatArray
    has_bio: FloatArray
    is_private: FloatArray
    posts_count: FloatArray
    followers_count: FloatArray
    following_count: FloatArray
    handle_digits: FloatArray
    age_days: FloatArray

    @cached_property
    def known(self) -> BoolArray:
        """Which of `FACTS` are known, bool[len(FACTS), n]."""
        by_fact = (
            self.followers_count + self.following_count,
            self.posts_count,
            self.has_avatar,
            self.has_bio,
            self.age_days,
            self.is_private,
            self.handle_digits,
        )
        return np.isfinite(np.vstack(by_fact))


@dataclass(frozen=True)
class Scorecard:
    """An additive model of some facts.

    Attributes:
        facts: The facts it looks at, in the order of `FACTS`.
        intercept: Log odds where every curve is 0.
        curves: Feature to where its curve is given (ascending) and the log odds there; flat outside.
    """

    facts: tuple[str, ...]
    intercept: float
    curves: Mapping[str, tuple[FloatArray, FloatArray]]

    def log_odds(self, columns: Mapping[str, FloatArray]) -> FloatArray:
        """Log odds of being a purchased profile, float64[n], from features by name, float64[n] each."""
        total = np.zeros(len(next(iter(columns.values())))) + self.intercept
        for name, (at, points) in self.curves.items():
            total += np.interp(columns[name], at, points)
        return total


@dataclass(frozen=True)
class ProfileModel:
    """Scorecards for sets of facts, and how often they erred on labelled profiles.

    Attributes:
        version: Which model it is.
        base_rate: Share of purchased profiles among those it was fitted to.
        scorecards: In order of preference where two look at equally many facts.
        suspicious: float64[bins], labelled purchased profiles by bin of `EVIDENCE_EDGES`, as judged by
            scorecards that had not seen them.
        genuine: float64[bins], the others.
    """

    version: str
    base_rate: float
    scorecards: Sequence[Scorecard]
    suspicious: FloatArray
    genuine: FloatArray

    def probability(self, profiles: Profiles) -> FloatArray:
        """Probability of being a purchased profile, float64[n]; NaN where too little is known.

        Each profile is read by the scorecard that looks at most of its known facts and at none that is
        unknown. Where a model never saw a fact, that fact counts for nothing.
        """
        known = profiles.known
        codes = (1 << np.arange(len(FACTS))) @ known
        probability = np.full(known.shape[1], np.nan)
        columns = features(profiles)
        by_size = sorted(self.scorecards, key=lambda card: -len(card.facts))
        for code in np.unique(codes).tolist():
            card = next((card for card in by_size if not _code(card.facts) & ~code), None)
            if card is not None:
                rows = np.flatnonzero(codes == code)
                log_odds = card.log_odds({name: columns[name][rows] for name in card.curves})
                probability[rows] = expit(log_odds)
        return probability

    def evidence_bin(self, probability: FloatArray) -> NDArray[np.int8]:
        """Bin of `EVIDENCE_EDGES` that each probability falls into, int8[n]; -1 where it is unknown."""
        with np.errstate(divide="ignore"):
            ratio = logit(probability) - logit(self.base_rate)
        bins = np.searchsorted(EVIDENCE_EDGES, np.nan_to_num(ratio, nan=0.0), side="right")
        return np.where(np.isnan(probability), -1, bins).astype(np.int8)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ProfileModel:
        """Read a model as `to_document` writes it.

        Raises:
            ProfileModelError: If something is missing or names a feature that is not known here.
        """
        try:
            grids = {name: np.asarray(at, dtype=np.float64) for name, at in document["grids"].items()}
            scorecards = [
                Scorecard(
                    facts=tuple(card["facts"]),
                    intercept=float(card["intercept"]),
                    curves={
                        name: (grids[name], np.asarray(points, dtype=np.float64))
                        for name, points in card["curves"].items()
                    },
                )
                for card in document["scorecards"]
            ]
            bins = [np.asarray(document["evidence"][name], dtype=np.float64) for name in _SIDES]
            model = cls(str(document["version"]), float(document["base_rate"]), scorecards, *bins)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            msg = f"This is no profile model: {type(error).__name__} {error}."
            raise ProfileModelError(msg) from error
        _check(model)
        return model


_SIDES = ("suspicious", "genuine")


def features(profiles: Profiles) -> dict[str, FloatArray]:
    """The columns of `FEATURES`, float64[n] each, NaN where a fact is unknown; counts below 0 count as 0."""
    followers, following, posts, digits, age = (
        np.log1p(np.maximum(count, 0.0))
        for count in (
            profiles.followers_count,
            profiles.following_count,
            profiles.posts_count,
            profiles.handle_digits,
            profiles.age_days,
        )
    )
    return {
        "log_followers": followers,
        "log_following": following,
        "log_following_per_follower": following - followers,
        "log_posts": posts,
        "log_following_per_post": following - posts,
        "log_followers_per_post": followers - posts,
        "log_handle_digits": digits,
        "has_avatar": profiles.has_avatar,
        "has_bio": profiles.has_bio,
        "is_private": profiles.is_private,
        "log_age_days": age,
    }


def _code(facts: Sequence[str]) -> int:
    return sum(1 << FACTS.index(fact) for fact in facts)


def _check(model: ProfileModel) -> None:
    bins = len(EVIDENCE_EDGES) + 1
    faults = [
        f"{'+'.join(card.facts)} has the curve {name!r}, which its facts do not give"
        for card in model.scorecards
        for name in card.curves
        if name not in FEATURES or not set(FEATURES[name]) <= set(card.facts)
    ]
    faults += [
        f"{'+'.join(card.facts)}: the curve {name!r} does not fit its grid"
        for card in model.scorecards
        for name, (at, points) in card.curves.items()
        if at.shape != points.shape or not np.all(np.diff(at) > 0) or not np.all(np.isfinite(points))
    ]
    if not 0 < model.base_rate < 1:
        faults.append(f"the base rate {model.base_rate} is no share")
    if any(len(side) != bins or np.any(side < 0) for side in (model.suspicious, model.genuine)):
        faults.append(f"the evidence needs {bins} counts for each side")
    if faults:
        raise ProfileModelError(f"This profile model cannot be used: {'; '.join(faults)}.")
