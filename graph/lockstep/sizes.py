"""What is usual among accounts of a size: how many of their followers belong to one group.

Belongs here: comparison with accounts of the same size. Which group, and what follows from being followed
more than usual, is `graph.lockstep.blocks`'s business.

A group touches few of all accounts, and everywhere else its share is 0. Accounts are therefore put in order
once, and per group only those it follows are moved: the cost of a group is that of its own follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

NEXT_LARGER = 50
"""Accounts just larger than one that it is compared with as well: follows for show go to the popular, and
whoever is followed like all who are more popular still was chosen for that, not sold."""

N_TIERS = 64


class Met(NamedTuple):
    """Accounts that a group follows.

    Attributes:
        nodes: int64.
        odds: float64, followers from the group ÷ all others.
        keys: int64, where each stands without the group.
    """

    nodes: IntegerArray
    odds: FloatArray
    keys: IntegerArray


class Sizes:
    """All accounts that anybody follows, in order of their followers.

    Attributes:
        degrees: float64[n], followers of each account.
        n_followed: accounts with any.
    """

    def __init__(self, degrees: FloatArray) -> None:
        self.degrees = degrees
        followed = np.flatnonzero(degrees > 0)
        self.n_followed = followed.size
        self._most = int(degrees.max(initial=0.0))
        self._keys = np.sort(self._key(followed, degrees[followed]))
        self._nodes = (self._keys % max(degrees.size, 1)).astype(np.uint32)
        self._odds = np.zeros(degrees.size)
        self._tiers = _tier(degrees).astype(np.uint8)
        self._in_tier = np.bincount(_tier(degrees[followed]), minlength=N_TIERS)

    def in_tiers(
        self, nodes: IntegerArray, hits: FloatArray, columns: IntegerArray, own_hits: FloatArray
    ) -> tuple[FloatArray, FloatArray, Met]:
        """How much a group is followed by accounts of the same power of two of other followers.

        Args:
            nodes: int64, accounts that the group follows.
            hits: float64, by how many of it.
            columns: int64: the accounts that are compared.
            own_hits: float64, by how many of it they are followed.

        Returns:
            For each column the median over these accounts of the odds of a follower belonging to the group
            (its followers ÷ all others), and the mean follows from the group over those of them that are no
            columns; and what `of_the_larger` needs.
        """
        own = _tier(self.degrees[columns] - own_hits)
        odds, keys, tier, per_tier = _met(self.degrees, self._tiers, nodes, hits, self._most)
        moved, met_in_tier, hits_in_tier = per_tier
        in_tier = self._in_tier + moved.astype(np.int64)
        usual = np.zeros(N_TIERS)
        for each in np.unique(own).tolist():
            if 2 * met_in_tier[each] >= in_tier[each]:  # else more than half of them are zeros
                usual[each] = _median_with_zeros(np.sort(odds[tier == each]), int(in_tier[each]))
        met = hits_in_tier - np.bincount(own, weights=own_hits, minlength=N_TIERS)
        by_luck = met / np.maximum(in_tier - np.bincount(own, minlength=N_TIERS), 1)
        return usual[own], by_luck[own], Met(nodes, odds, keys)

    def of_the_larger(self, met: Met, columns: IntegerArray, own_hits: FloatArray) -> FloatArray:
        """Median odds of the `NEXT_LARGER` accounts just larger than each column, float64[columns].

        The largest accounts of all have few above them: they are compared with as many below, so that nobody
        stands alone. Where none of the columns is one of those, only accounts as large as a column matter.

        Args:
            met: of the group, from `in_tiers`.
            columns: int64: the accounts that are compared.
            own_hits: float64, by how many of the group they are followed.
        """
        keys, own_keys = met.keys, self._key(columns, self.degrees[columns] - own_hits)
        if np.count_nonzero(keys < own_keys.min(initial=0)) >= NEXT_LARGER:
            keys = keys[keys <= own_keys.max(initial=0)]
        self._odds[met.nodes] = met.odds
        medians = _medians_of_the_larger(self._keys, self._nodes, np.sort(keys), self._odds, own_keys)
        self._odds[met.nodes] = 0.0
        return medians

    def _key(self, nodes: IntegerArray, followers: FloatArray) -> IntegerArray:
        """Where an account stands with so many followers: larger ones first, then by number."""
        return (self._most - followers.astype(np.int64)) * self.degrees.size + nodes


@compiled
def _met(
    degrees: FloatArray, tiers: NDArray[np.uint8], nodes: IntegerArray, hits: FloatArray, most: int
) -> tuple[FloatArray, IntegerArray, NDArray[np.uint8], FloatArray]:
    """What a group leaves of the accounts that it follows.

    Returns:
        Of each account its odds, float64, where it stands without the group (`Sizes._key`), int64, and its
        tier then, uint8. Of each tier by how many accounts it grew, how many were met, and how often:
        float64[3, tiers].
    """
    odds, keys = np.empty(nodes.size), np.empty(nodes.size, np.int64)
    left, per_tier = np.empty(nodes.size, np.uint8), np.zeros((3, N_TIERS))
    for place in range(nodes.size):
        tier, others = np.int64(tiers[nodes[place]]), degrees[nodes[place]] - hits[place]
        odds[place] = hits[place] / max(others, 1.0)
        keys[place] = (most - np.int64(others)) * degrees.size + nodes[place]
        per_tier[0, tier] -= 1.0
        while tier and others < np.float64(1 << tier):
            tier -= 1
        per_tier[0, tier] += 1.0
        per_tier[1, tier] += 1.0
        per_tier[2, tier] += hits[place]
        left[place] = tier
    return odds, keys, left, per_tier


@compiled
def _medians_of_the_larger(
    keys: IntegerArray,
    nodes: IntegerArray,
    met_keys: IntegerArray,
    odds: FloatArray,
    own_keys: IntegerArray,
) -> FloatArray:
    """Median odds of those around each account, float64[accounts]: see `Sizes.of_the_larger`.

    Two orders are walked side by side, from the account to the larger ones, and to smaller ones where fewer
    than `NEXT_LARGER` are larger: of all accounts, where those that were met are passed over, and of those.

    Args:
        keys: int64, sorted, where each account stands without the group.
        nodes: uint32, who that is.
        met_keys: int64, sorted, where those stand that the group follows; node is the remainder by accounts.
        odds: float64[accounts], above 0 for these and 0 for all others.
        own_keys: int64, where the accounts stand that are compared; one of either order each.
    """
    medians, near = np.zeros(own_keys.size), np.empty(NEXT_LARGER)
    for column in range(own_keys.size):
        found = 0
        for step in (-1, 1):
            found = _walk(keys, nodes, met_keys, odds, own_keys[column], step, near, found)
        if found:
            near[:found].sort()
            medians[column] = 0.5 * (near[(found - 1) // 2] + near[found // 2])
    return medians


@compiled
def _walk(
    keys: IntegerArray,
    nodes: IntegerArray,
    met_keys: IntegerArray,
    odds: FloatArray,
    own: int,
    step: int,
    near: FloatArray,
    found: int,
) -> int:
    """Odds of those on one side of an account, nearest first, until `near` is full; how many it holds."""
    place = np.searchsorted(keys, own) - (step < 0)
    met = np.searchsorted(met_keys, own) - (step < 0)
    while found < near.size:
        while 0 <= place < keys.size and (keys[place] == own or odds[nodes[place]] > 0.0):
            place += step
        while 0 <= met < met_keys.size and met_keys[met] == own:
            met += step
        is_other = 0 <= place < keys.size
        if 0 <= met < met_keys.size and not (is_other and step * keys[place] < step * met_keys[met]):
            near[found] = odds[met_keys[met] % odds.size]
            met += step
        elif is_other:
            near[found] = 0.0
            place += step
        else:
            break
        found += 1
    return found


def _tier(followers: FloatArray) -> IntegerArray:
    """The power of two of a number of followers, 0 for none."""
    return np.log2(np.maximum(followers, 1.0)).astype(np.int64)


def _median_with_zeros(values: FloatArray, n_all: int) -> float:
    """Median of these sorted values above 0, and as many zeros as are missing from `n_all`."""
    zeros = n_all - values.size
    low, high = (n_all - 1) // 2 - zeros, n_all // 2 - zeros
    return 0.5 * (float(values[low] if low >= 0 else 0.0) + float(values[high] if high >= 0 else 0.0))
