"""Who follows whom: a degree-corrected block model, with fame, friends of friends and bought blocks.

The block structure is Karrer and Newman's (2011): an account has a popularity of its own, communities prefer
themselves and their neighbours. Reciprocated follows and friends of friends are added on top, then the groups
(pods, circles of friends), the viral crowds and the farms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo_world.casts import Cast, trait
from pipelines.demo_world.draws import (
    DAY,
    Neighbours,
    WeightedPicker,
    group_pairs,
    log_normal,
    ragged,
    rounded,
)
from pipelines.demo_world.farms import bought_follows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.farms import Parcels
    from pipelines.demo_world.population import Population

_NEIGHBOUR_STEPS = np.array([1, -1, 2])
"""Communities next to each other share interests: coffee, running and outdoor are neighbours."""

# Where the follows of a cast go: own community, neighbouring community, anybody; the rest to celebrities.
_POOLS = {
    Cast.MASS_FOLLOWER: (0.10, 0.10, 0.60),
    Cast.FAKE_FOLLOWER: (0.00, 0.00, 0.50),
    Cast.CELEBRITY: (0.00, 0.00, 0.35),
    Cast.NEWS: (0.00, 0.00, 0.60),
}
_USUAL_POOLS = (0.60, 0.12, 0.12)


class Origin(IntEnum):
    """Why an edge exists. Where two reasons meet, the lower number wins."""

    BOUGHT = 0
    BOMBED = 1
    VIRAL = 2
    GROUP = 3
    ORGANIC = 4


@dataclass(frozen=True)
class Follows:
    """One element per follow, ordered by (follower, followee), no pair twice, nobody follows itself.

    Attributes:
        follower: int64 account.
        followee: int64 account.
        followed_at: int64 seconds.
        unfollowed_at: int64 seconds, -1 where the follow still stands.
        origin: int8, an `Origin`.
    """

    follower: NDArray[np.int64]
    followee: NDArray[np.int64]
    followed_at: NDArray[np.int64]
    unfollowed_at: NDArray[np.int64]
    origin: NDArray[np.int8]


def popularity(people: Population) -> NDArray[np.float64]:
    """How readily members of the own community follow each account; float64[n]."""
    return log_normal(
        people.stream("popularity"),
        trait("popularity")[people.cast],
        trait("popularity_sigma")[people.cast],
        people.n_accounts,
    )


def make_follows(people: Population, parcels: Parcels, appeal: NDArray[np.float64]) -> Follows:
    """All follows of the world."""
    rng = people.stream("follows")
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], int]] = []
    organic = _organic(people, rng, appeal)
    parts.append((*organic, Origin.ORGANIC))
    parts.append((*_follow_backs(people, rng, *organic), Origin.ORGANIC))
    parts.append((*_friends_of_friends(people, rng, *organic), Origin.ORGANIC))
    parts.append((*_groups(people, rng), Origin.GROUP))
    parts.append((*_viral_crowds(people, rng), Origin.VIRAL))
    follower = np.concatenate([part[0] for part in parts])
    followee = np.concatenate([part[1] for part in parts])
    origin = np.repeat([part[2] for part in parts], [len(part[0]) for part in parts]).astype(np.int8)
    followed_at = _follow_times(people, rng, follower, followee, origin)
    gone = rng.random(len(follower)) < 0.015
    gone_at = followed_at + ((people.until - followed_at - 1) * rng.random(len(follower))).astype(np.int64)

    bought = bought_follows(people, parcels)
    bought_origin = np.where(bought.is_bombed, Origin.BOMBED, Origin.BOUGHT).astype(np.int8)
    return _distinct(
        people.n_accounts,
        Follows(
            follower=np.concatenate([bought.follower, follower]),
            followee=np.concatenate([bought.followee, followee]),
            followed_at=np.concatenate([bought.followed_at, followed_at]),
            unfollowed_at=np.concatenate([bought.unfollowed_at, np.where(gone, gone_at + 1, -1)]),
            origin=np.concatenate([bought_origin, origin]),
        ),
    )


def viral_moments(people: Population) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The accounts that went viral, and when (seconds)."""
    accounts = people.members(Cast.VIRAL)
    days_ago = people.stream("viral moments").uniform(15, 150, len(accounts))
    return accounts, people.until - (days_ago * DAY).astype(np.int64)


def _organic(
    people: Population, rng: np.random.Generator, appeal: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    cast = people.cast
    wanted = log_normal(rng, trait("followings")[cast], trait("followings_sigma")[cast], people.n_accounts)
    most = np.minimum(np.where(cast == Cast.MASS_FOLLOWER, 600, 300), people.n_accounts // 8)
    follower, _ = ragged(np.clip(rounded(rng, wanted), 1, most))
    community = people.community[follower]
    strangers = community < 0
    community[strangers] = rng.integers(people.n_communities, size=int(strangers.sum()))

    pools = np.tile(np.cumsum(_USUAL_POOLS), (len(Cast), 1))
    for member, shares in _POOLS.items():
        pools[member] = np.cumsum(shares)
    pool = (rng.random(len(follower))[:, None] >= pools[cast[follower]]).sum(axis=1)
    followee = np.empty(len(follower), dtype=np.int64)

    near = pool == 1
    community[near] = (community[near] + rng.choice(_NEIGHBOUR_STEPS, int(near.sum()))) % people.n_communities
    inside = pool <= 1
    followee[inside] = WeightedPicker(people.community, appeal).pick(rng, community[inside])
    for number, weight in ((2, _general_fame(people, rng, appeal)), (3, _celebrity(people, rng))):
        here = pool == number
        everybody = np.zeros(people.n_accounts, dtype=np.int64)
        followee[here] = WeightedPicker(everybody, weight).pick(
            rng, np.zeros(int(here.sum()), dtype=np.int64)
        )
    return follower, followee


def _general_fame(
    people: Population, rng: np.random.Generator, appeal: NDArray[np.float64]
) -> NDArray[np.float64]:
    fame = trait("fame")[people.cast]
    fame[people.cast == Cast.CELEBRITY] = 20.0  # they have a pool of their own
    own = np.where(people.community >= 0, appeal / np.maximum(trait("popularity")[people.cast], 1e-9), 1.0)
    return fame * own * log_normal(rng, 1.0, 0.4, people.n_accounts)


def _celebrity(people: Population, rng: np.random.Generator) -> NDArray[np.float64]:
    return (people.cast == Cast.CELEBRITY) * log_normal(rng, 1.0, 1.0, people.n_accounts)


def _follow_backs(
    people: Population, rng: np.random.Generator, follower: NDArray[np.int64], followee: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    chance = trait("follows_back")[people.cast[followee]]
    # People recognise most fake profiles, and follow back those of their own community more readily.
    chance = np.where(people.cast[follower] == Cast.FAKE_FOLLOWER, 0.1 * chance, chance)
    chance = np.where(people.community[follower] == people.community[followee], chance, 0.4 * chance)
    back = rng.random(len(follower)) < chance
    return followee[back], follower[back]


def _friends_of_friends(
    people: Population, rng: np.random.Generator, follower: NDArray[np.int64], followee: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    real = np.isin(people.cast, [Cast.FAKE_FOLLOWER, Cast.FEED_BOT, Cast.CELEBRITY], invert=True)
    usable = np.flatnonzero(real[follower] & real[followee])
    chosen = usable[rng.random(len(usable)) < 0.18]
    start, through = follower[chosen], followee[chosen]
    return start, Neighbours(people.n_accounts, follower, followee).pick(rng, through)


def _groups(people: Population, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first, second = group_pairs(people.pod)
    some = rng.random(len(first)) < 0.25  # pods meet elsewhere; few bother to follow each other
    friend, other = group_pairs(people.circle)
    most = rng.random(len(friend)) < 0.85
    return np.concatenate([first[some], friend[most]]), np.concatenate([second[some], other[most]])


def _viral_crowds(
    people: Population, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    accounts, _ = viral_moments(people)
    owner, _ = ragged(rng.integers(70, 180, len(accounts)))
    real = people.members(Cast.ORDINARY, Cast.CREATOR)
    picker = WeightedPicker(
        np.where(np.isin(np.arange(people.n_accounts), real), people.community, -1),
        np.ones(people.n_accounts),
    )
    community = people.community[accounts[owner]]
    abroad = rng.random(len(owner)) < 0.5
    community[abroad] = rng.integers(people.n_communities, size=int(abroad.sum()))
    return picker.pick(rng, community), accounts[owner]


def _follow_times(
    people: Population,
    rng: np.random.Generator,
    follower: NDArray[np.int64],
    followee: NDArray[np.int64],
    origin: NDArray[np.int8],
) -> NDArray[np.int64]:
    earliest = np.maximum(people.created_at[follower], people.created_at[followee])
    times = earliest + ((people.until - earliest) * rng.random(len(follower)) ** 0.8).astype(np.int64)
    viral = np.flatnonzero(origin == Origin.VIRAL)
    accounts, moments = viral_moments(people)
    moment = moments[np.searchsorted(accounts, followee[viral])]
    delay = rng.exponential(2.0 * DAY, len(viral)).astype(np.int64)
    times[viral] = np.maximum(earliest[viral], moment + delay)
    return np.minimum(times, people.until - 60)


def _distinct(n_accounts: int, follows: Follows) -> Follows:
    """Each pair once, the reason with the lowest number first, ordered by (follower, followee)."""
    pair = follows.follower * n_accounts + follows.followee
    order = np.argsort(pair * len(Origin) + follows.origin, kind="stable")
    order = order[np.concatenate([[True], np.diff(pair[order]) > 0])]
    order = order[follows.follower[order] != follows.followee[order]]
    return Follows(
        follower=follows.follower[order],
        followee=follows.followee[order],
        followed_at=follows.followed_at[order],
        unfollowed_at=follows.unfollowed_at[order],
        origin=follows.origin[order],
    )
