"""Who lives in the demo world: one row of traits for every cast of accounts.

Here belong the numbers that tell one kind of account from another; they stand in `casts.csv`. How they become
edges, posts and prices is the business of the modules that read them. The numbers are chosen so that follower
counts mislead, trusted voices can be found again, and every kind of account overlaps its neighbours.
"""

from __future__ import annotations

import csv
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


class Cast(IntEnum):
    """The part an account plays. The five kinds of shill come last."""

    ORDINARY = 0
    DORMANT = 1
    MASS_FOLLOWER = 2
    FAKE_FOLLOWER = 3
    CREATOR = 4
    NICHE_VOICE = 5
    CELEBRITY = 6
    BRAND = 7
    FOUNDER = 8
    NEWS = 9
    FEED_BOT = 10
    DISCLOSER = 11
    GIFTED = 12
    VIRAL = 13
    VICTIM = 14
    FRIENDS_CIRCLE = 15
    BOUGHT_FOLLOWERS = 16
    POD = 17
    HIDDEN_ADS = 18
    COPIED_TEXT = 19
    MIXED = 20


SHILL_CASTS = (Cast.BOUGHT_FOLLOWERS, Cast.POD, Cast.HIDDEN_ADS, Cast.COPIED_TEXT, Cast.MIXED)
"""The casts whose influence is bought; every other cast is innocent, whatever it looks like."""

PAID_CASTS = (Cast.BOUGHT_FOLLOWERS, Cast.MIXED)
"""The casts that are customers of a follower farm."""

CREATOR_CASTS = (
    Cast.CREATOR,
    Cast.NICHE_VOICE,
    Cast.CELEBRITY,
    Cast.FOUNDER,
    Cast.DISCLOSER,
    Cast.GIFTED,
    Cast.VIRAL,
    Cast.VICTIM,
    Cast.FRIENDS_CIRCLE,
    *SHILL_CASTS,
)
"""The casts a brand could hire: they have snapshots, and most of them a price."""


class Traits(NamedTuple):
    """What is typical of a cast.

    Values with a `_sigma` are medians of log-normal distributions, and sigma is the spread in log units.
    """

    share: float
    """Share of all accounts."""
    at_least: float
    """Smallest number of accounts, whatever the size of the world."""
    popularity: float
    """How readily members of the own community follow it; 1 is an ordinary member."""
    popularity_sigma: float
    fame: float
    """How readily strangers to its community follow it."""
    followings: float
    """Accounts it follows inside the listed graph."""
    followings_sigma: float
    follows_back: float
    """Probability that it follows a follower back."""
    posts: float
    """Posts of its own in the window."""
    posts_sigma: float
    likes: float
    """Likes per post and engaged follower."""
    replies: float
    """Replies per post and engaged follower."""
    shares: float
    """Reposts per post and engaged follower; quotes are a third of it."""
    answers: float
    """Probability that it answers a reply."""
    claimed: float
    """Claimed followers for every listed one: the listed graph is a sample."""
    claimed_sigma: float


@cache
def traits() -> dict[Cast, Traits]:
    """The table `casts.csv`, one row for each cast."""
    with (Path(__file__).parent / "casts.csv").open(encoding="utf-8", newline="") as table:
        rows = [{name.strip(): cell.strip() for name, cell in row.items()} for row in csv.DictReader(table)]
    return {
        Cast[row["cast"].upper()]: Traits(*(float(row[field]) for field in Traits._fields)) for row in rows
    }


def trait(name: str) -> NDArray[np.float64]:
    """One trait as an array indexed by cast."""
    return np.array([getattr(traits()[cast], name) for cast in Cast], dtype=np.float64)


def is_among(values: NDArray[np.int8], members: Iterable[IntEnum]) -> NDArray[np.bool_]:
    """Which values are one of the members (casts of accounts, kinds of posts); bool, same shape."""
    known = np.zeros(256, dtype=bool)
    known[[int(member) for member in members]] = True
    return known[values]
