"""Bought follows: which farm sells to whom, how densely, and when the parcels arrive.

Customers buy; victims are bombed with followers that they did not ask for. Both are edges from the same fake
profiles, so density alone does not tell them apart: a customer buys again and again, a victim is hit once, in
one night, and removes part of it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo_world.casts import Cast
from pipelines.demo_world.draws import DAY, ragged
from pipelines.demo_world.population import is_customer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.population import Population

MAX_PARCELS = 4
_PURCHASE_DAYS = 170
"""All parcels arrive within this many days of the world's end, inside the time that snapshots cover."""


@dataclass(frozen=True)
class Parcels:
    """Who is supplied by which farm; one element per account and farm.

    Attributes:
        account: int64, the customer or victim.
        farm: int64.
        density: float64, share of the farm's profiles that follow the account.
        parcels: int64, in how many bursts they arrive; 0 means a slow drip over months.
        arrives_at: int64[k, MAX_PARCELS], when each burst begins, seconds.
        is_bombed: bool, whether the account is a victim.
    """

    account: NDArray[np.int64]
    farm: NDArray[np.int64]
    density: NDArray[np.float64]
    parcels: NDArray[np.int64]
    arrives_at: NDArray[np.int64]
    is_bombed: NDArray[np.bool_]


@dataclass(frozen=True)
class BoughtFollows:
    """The edges that parcels become; one element per follow, times in seconds, -1 for never unfollowed."""

    follower: NDArray[np.int64]
    followee: NDArray[np.int64]
    followed_at: NDArray[np.int64]
    unfollowed_at: NDArray[np.int64]
    is_bombed: NDArray[np.bool_]


def make_parcels(people: Population) -> Parcels:
    """Decide who buys from which farm."""
    rng = people.stream("parcels")
    n_farms = int(people.farm.max()) + 1
    customers = np.flatnonzero(is_customer(people))
    victims = people.members(Cast.VICTIM)
    again = customers[rng.random(len(customers)) < 0.2]  # some buy from a second farm as well
    account = np.concatenate([customers, again, victims])
    is_bombed = np.arange(len(account)) >= len(customers) + len(again)
    # Consecutive customers take turns, so that every farm has about as many; the second farm is the next one.
    farm = np.concatenate(
        [
            np.arange(len(customers)) % n_farms,
            (np.searchsorted(customers, again) + 1) % n_farms,
            np.arange(len(victims)) % n_farms,
        ]
    )
    usual = np.linspace(0.85, 0.32, n_farms) if n_farms <= MAX_PARCELS else rng.uniform(0.32, 0.85, n_farms)
    density = np.clip(usual[farm] * rng.uniform(0.6, 1.1, len(account)), 0.2, 0.9)
    density[is_bombed] = rng.uniform(0.2, 0.6, len(victims))
    parcels = np.where(is_bombed, 1, rng.integers(1, MAX_PARCELS + 1, len(account)))
    parcels[~is_bombed & (rng.random(len(account)) < 0.15)] = 0
    days_ago = rng.uniform(12, _PURCHASE_DAYS, (len(account), MAX_PARCELS))
    return Parcels(
        account=account,
        farm=farm,
        density=density,
        parcels=parcels,
        arrives_at=people.until - np.round(days_ago * DAY).astype(np.int64),
        is_bombed=is_bombed,
    )


def bought_follows(people: Population, parcels: Parcels) -> BoughtFollows:
    """Turn parcels into follows, each with the moment in which it arrived."""
    rng = people.stream("bought follows")
    fakes = np.flatnonzero(people.farm >= 0)
    fakes = fakes[np.argsort(people.farm[fakes], kind="stable")]
    sizes = np.bincount(people.farm[fakes])
    starts = np.cumsum(sizes) - sizes
    parcel, place = ragged(sizes[parcels.farm])
    taken = rng.random(len(parcel)) < parcels.density[parcel]
    parcel, place = parcel[taken], place[taken]
    follower = fakes[starts[parcels.farm[parcel]] + place]

    n_follows = len(parcel)
    burst = np.floor(rng.random(n_follows) * np.maximum(parcels.parcels[parcel], 1)).astype(np.int64)
    bombed = parcels.is_bombed[parcel]
    spread_hours = np.where(bombed, 5.0, 20.0)
    followed_at = parcels.arrives_at[parcel, burst] + rng.exponential(spread_hours * 3_600).astype(np.int64)
    drip = people.until - (rng.uniform(3, _PURCHASE_DAYS, n_follows) * DAY).astype(np.int64)
    followed_at = np.where(parcels.parcels[parcel] == 0, drip, followed_at)
    followed_at = np.minimum(followed_at, people.until - 3_600)

    # Victims remove what they notice; the platform removes a little from everybody.
    removed = rng.random(n_follows) < np.where(bombed, 0.3, 0.05)
    removed_at = followed_at + (rng.uniform(1, 40, n_follows) * DAY).astype(np.int64)
    removed &= removed_at < people.until
    return BoughtFollows(
        follower=follower,
        followee=parcels.account[parcel],
        followed_at=followed_at,
        unfollowed_at=np.where(removed, removed_at, -1),
        is_bombed=bombed,
    )
