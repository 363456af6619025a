"""Hand-set points for suspicious signs of a profile: what the fitted model is compared with.

Each sign rises between two bars on a logarithmic scale; an unknown fact adds nothing; one family of signs
alone stays below the line.
"""

from __future__ import annotations

import numpy as np

POINTS = {
    "follows far more than followed": 0.25,
    "follows many": 0.15,
    "followed by few": 0.10,
    "no posts": 0.20,
    "no avatar": 0.10,
    "no bio": 0.08,
    "digits in handle": 0.07,
    "young account": 0.05,
}
FAMILIES = (
    ("follows far more than followed", "follows many", "followed by few"),
    ("no posts", "no avatar", "no bio"),
    ("digits in handle", "young account"),
)
SUSPICIOUS_FROM = 0.4
CAP = 0.35  # of one family alone


def points(profiles):
    """Points in [0, 1] of each profile, float64[n]."""
    following, followers = profiles.following_count, profiles.followers_count
    signs = {
        "follows far more than followed": _rise((following + 1) / (followers + 1), 1.5, 30),
        "follows many": _rise(following, 300, 5_000),
        "followed by few": 1 - _rise(followers, 10, 1_000),
        "no posts": 1 - _rise(profiles.posts_count, 0, 100),
        "no avatar": 1 - profiles.has_avatar,
        "no bio": 1 - profiles.has_bio,
        "digits in handle": np.clip(profiles.handle_digits / 4, 0, 1),
        "young account": 1 - _rise(profiles.age_days, 30, 365),
    }
    families = np.vstack(
        [
            np.sum([POINTS[name] * np.nan_to_num(signs[name]) for name in family], axis=0)
            for family in FAMILIES
        ]
    )
    total = families.sum(axis=0)
    return np.minimum(total, CAP + total - families.max(axis=0))


def _rise(values, low, high):
    position = np.log1p(np.maximum(values, 0)) - np.log1p(low)
    return np.clip(position / (np.log1p(high) - np.log1p(low)), 0, 1)
