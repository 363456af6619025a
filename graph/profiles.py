"""What kind of account a profile looks like, by documented rules on a handful of profile facts.

Belongs here: the rules that turn profile facts into a mutually exclusive type, an emptiness and a suspicion.
Does not belong here: where the facts come from (the accounts table), and what the types of an account's
followers add up to (`graph.follower_quality`).

Facts are what a platform states about an account. Degrees counted in a sampled follow graph are not such
facts: a graph knows only the part of the network it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PROFILE_TYPES = ("real", "mass", "influencer", "dormant", "suspicious", "unknown")

MIN_FACTS = 2
MASS_FOLLOWING = 1_500  # above this an account cannot read what it follows; the bar of the audience tools
INFLUENCER_FOLLOWERS = 5_000
DORMANT_EMPTINESS = 0.5
SUSPICIOUS_FROM = 0.4
SINGLE_FAMILY_CAP = 0.35  # one family of signs alone never reaches SUSPICIOUS_FROM

# Points of each sign; they add up to 1. Hand-set and round, not fitted to one labelled set.
SIGN_POINTS = {
    "follows_far_more_than_followed": 0.25,
    "follows_many": 0.15,
    "followed_by_few": 0.10,
    "no_posts": 0.20,
    "no_avatar": 0.10,
    "no_bio": 0.08,
    "digits_in_handle": 0.07,
    "young_account": 0.05,
}
_FAMILIES = (
    ("follows_far_more_than_followed", "follows_many", "followed_by_few"),
    ("no_posts", "no_avatar", "no_bio"),
    ("digits_in_handle", "young_account"),
)


@dataclass(frozen=True)
class Profiles:
    """Profile facts of n accounts, each float64[n] with NaN for unknown; `has_*` are 0 or 1.

    `handle_digit_share` is digits ÷ characters of the handle, `age_days` the account's age at the snapshot.
    """

    has_avatar: FloatArray
    has_bio: FloatArray
    posts_count: FloatArray
    followers_count: FloatArray
    following_count: FloatArray
    handle_digit_share: FloatArray
    age_days: FloatArray


@dataclass(frozen=True)
class ProfileClasses:
    """Types and scores of n accounts.

    Attributes:
        type: int8[n], positions in `PROFILE_TYPES`.
        emptiness: float64[n] in [0, 1]; NaN where fewer than two of avatar, bio and posts are known.
        suspicion: float64[n] in [0, 1]; NaN where the type is unknown.
        facts: int8[n], how many facts were known (0 to 5).
    """

    type: NDArray[np.int8]
    emptiness: FloatArray
    suspicion: FloatArray
    facts: NDArray[np.int8]


def known_facts(profiles: Profiles) -> NDArray[np.int8]:
    """How many independent facts are known about each account.

    The two follow counts are one fact together, so that counts alone, which a caller may have read off a
    sampled graph, never decide a type. The handle is an identifier that every account has, not a fact.
    """
    follow_counts = np.isfinite(profiles.followers_count) & np.isfinite(profiles.following_count)
    known = [
        follow_counts,
        *(
            np.isfinite(fact)
            for fact in (profiles.has_avatar, profiles.has_bio, profiles.posts_count, profiles.age_days)
        ),
    ]
    return np.sum(known, axis=0).astype(np.int8)


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


def suspicion_signs(profiles: Profiles) -> dict[str, FloatArray]:
    """Strength in [0, 1] of each sign of `SIGN_POINTS`, float64[n]; NaN where its facts are unknown."""
    following, followers = profiles.following_count, profiles.followers_count
    imbalance = (following + 1.0) / (followers + 1.0)
    return {
        "follows_far_more_than_followed": _rise(imbalance, 1.5, 30),
        "follows_many": _rise(following, 300, 5_000),
        "followed_by_few": 1.0 - _rise(followers, 10, 1_000),
        "no_posts": 1.0 - _rise(profiles.posts_count, 0, 100),
        "no_avatar": 1.0 - profiles.has_avatar,
        "no_bio": 1.0 - profiles.has_bio,
        "digits_in_handle": np.clip((profiles.handle_digit_share - 0.15) / 0.35, 0.0, 1.0),
        "young_account": 1.0 - _rise(profiles.age_days, 30, 365),
    }


def suspicion(profiles: Profiles) -> FloatArray:
    """Points of the known signs, in [0, 1]; an unknown fact adds nothing.

    Signs come in three families: follow pattern, shop window, handle and age. If only one family speaks, the
    score stays at `SINGLE_FAMILY_CAP`, so that no single missing fact makes an account look bought.
    """
    signs = suspicion_signs(profiles)
    families = np.vstack(
        [
            np.sum([SIGN_POINTS[name] * np.nan_to_num(signs[name]) for name in family], axis=0)
            for family in _FAMILIES
        ]
    )
    total = families.sum(axis=0)
    others = total - families.max(axis=0)
    return np.minimum(total, SINGLE_FAMILY_CAP + others)


def classify_profiles(profiles: Profiles) -> ProfileClasses:
    """The type of each account; the first rule that holds decides.

    1. unknown: fewer than two facts are known (see `known_facts`);
    2. suspicious: suspicion of at least `SUSPICIOUS_FROM`;
    3. influencer: at least `INFLUENCER_FOLLOWERS` followers, and more of them than followings;
    4. mass: more than `MASS_FOLLOWING` followings;
    5. dormant: emptiness of at least `DORMANT_EMPTINESS`;
    6. real: everybody else.

    The types follow the audience reports of the trade (real people, influencers, mass followers, suspicious),
    with dormant accounts kept apart because silence is no sign of purchase.
    """
    facts = known_facts(profiles)
    is_known = facts >= MIN_FACTS
    doubt = np.where(is_known, suspicion(profiles), np.nan)
    empty = emptiness(profiles)
    followers, following = profiles.followers_count, profiles.following_count
    rules = [
        ("unknown", ~is_known),
        ("suspicious", doubt >= SUSPICIOUS_FROM),
        # an unknown number of followings does not keep a large account from being large
        ("influencer", (followers >= INFLUENCER_FOLLOWERS) & ~(following >= followers)),
        ("mass", following > MASS_FOLLOWING),
        ("dormant", empty >= DORMANT_EMPTINESS),
    ]
    codes = np.select(
        [rule for _, rule in rules],
        [PROFILE_TYPES.index(name) for name, _ in rules],
        default=PROFILE_TYPES.index("real"),
    )
    return ProfileClasses(codes.astype(np.int8), empty, doubt, facts)


def _rise(values: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high`, straight between them on a log(1 + x) scale; NaN stays NaN."""
    position = np.log1p(np.maximum(values, 0.0)) - np.log1p(low)
    return np.clip(position / (np.log1p(high) - np.log1p(low)), 0.0, 1.0)
