"""What kind of account a profile looks like: mutually exclusive types from its facts.

Belongs here: the rules that turn profile facts, and the probability of being a purchased one, into a type,
and how empty a profile is. Does not belong here: where the facts come from (the accounts table), that
probability (`graph.shill.profile_model`), and what the types of an account's followers add up to
(`graph.shill.follower_quality`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from graph.shill.profile_model import Profiles

FloatArray = NDArray[np.float64]

PROFILE_TYPES = ("real", "mass", "influencer", "dormant", "suspicious", "unknown")

MASS_FOLLOWING = 1_500  # above this an account cannot read what it follows; the bar of the audience tools
INFLUENCER_FOLLOWERS = 5_000
DORMANT_EMPTINESS = 0.5
SUSPICIOUS_FROM = 0.5  # more likely purchased than not


@dataclass(frozen=True)
class ProfileClasses:
    """Types of n accounts.

    Attributes:
        type: int8[n], positions in `PROFILE_TYPES`.
        type_if_genuine: int8[n], the type without regard to the probability of being purchased; never
            suspicious.
        emptiness: float64[n] in [0, 1]; NaN where fewer than two of avatar, bio and posts are known.
    """

    type: NDArray[np.int8]
    type_if_genuine: NDArray[np.int8]
    emptiness: FloatArray


def emptiness(profiles: Profiles) -> FloatArray:
    """How empty the shop window is: 0 filled, 1 no picture, no bio and no posts.

    The first absence is free, because every one of them has harmless reasons. So: how many are absent
    beyond the first ÷ how many could be, over the known ones of avatar, bio and posts.
    NaN where fewer than two are known.
    """
    absent = np.vstack(
        [1.0 - profiles.has_avatar, 1.0 - profiles.has_bio, 1.0 - _rise(profiles.posts_count, 0, 10)]
    )
    known = np.isfinite(absent).sum(axis=0)
    total = np.nansum(absent, axis=0)
    spread = np.maximum(total - 1.0, 0.0) / np.maximum(known - 1, 1)
    return np.where(known >= 2, np.minimum(spread, 1.0), np.nan)


def classify_profiles(profiles: Profiles, probability: FloatArray) -> ProfileClasses:
    """The type of each account; the first rule that holds decides.

    1. unknown: the probability of being purchased is unknown, because too few facts are known;
    2. suspicious: that probability is at least `SUSPICIOUS_FROM`;
    3. influencer: at least `INFLUENCER_FOLLOWERS` followers, and more of them than followings;
    4. mass: more than `MASS_FOLLOWING` followings;
    5. dormant: emptiness of at least `DORMANT_EMPTINESS`;
    6. real: everybody else.

    The types follow the audience reports of the trade (real people, influencers, mass followers, suspicious),
    with dormant accounts kept apart because silence is no sign of purchase.

    Args:
        profiles: Facts of n accounts.
        probability: float64[n], as `graph.shill.profile_model` gives it; NaN where too little is known.
    """
    empty = emptiness(profiles)
    followers, following = profiles.followers_count, profiles.following_count
    rules = [
        ("unknown", np.isnan(probability)),
        # an unknown number of followings does not keep a large account from being large
        ("influencer", (followers >= INFLUENCER_FOLLOWERS) & ~(following >= followers)),
        ("mass", following > MASS_FOLLOWING),
        ("dormant", empty >= DORMANT_EMPTINESS),
    ]
    otherwise = np.select(
        [rule for _, rule in rules],
        [PROFILE_TYPES.index(name) for name, _ in rules],
        default=PROFILE_TYPES.index("real"),
    ).astype(np.int8)
    suspicious = np.int8(PROFILE_TYPES.index("suspicious"))
    return ProfileClasses(np.where(probability >= SUSPICIOUS_FROM, suspicious, otherwise), otherwise, empty)


def _rise(values: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high`, straight between them on a log(1 + x) scale; NaN stays NaN."""
    position = np.log1p(np.maximum(values, 0.0)) - np.log1p(low)
    return np.clip(position / (np.log1p(high) - np.log1p(low)), 0.0, 1.0)
