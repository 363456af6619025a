"""What is usual among accounts of a size: how many of their followers belong to one group.

Belongs here: comparison with accounts of the same size. Which group, and what follows from being followed
more than usual, is `graph.lockstep.blocks`'s business.

A group touches few of all accounts, and everywhere else its share is 0. Accounts are therefore put in order
once, and per group only those it follows are moved: the cost of a group is that of its own follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

NEXT_LARGER = 50
"""Accounts just larger than one that it is compared with as well: follows for show go to the popular, and
whoever is followed like all who are more popular still was chosen for that, not sold."""

N_TIERS = 64


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
        self._is_met = np.zeros(degrees.size, dtype=bool)
        self._in_tier = np.bincount(_tier(degrees[followed]), minlength=N_TIERS)

    def usual(
        self, nodes: IntegerArray, hits: FloatArray, columns: IntegerArray
    ) -> tuple[FloatArray, FloatArray]:
        """How much a group is followed by accounts like each column: odds, and follows by luck.

        Args:
            nodes: int64, sorted: accounts that the group follows.
            hits: float64, by how many of it.
            columns: int64, sorted: the accounts that are compared.

        Returns:
            The usual odds of a follower belonging to the group (its followers ÷ all others), the larger of
            two medians: over accounts of the same power of two of other followers, and over the
            `NEXT_LARGER` just larger ones. And the mean follows from the group over the accounts of that
            power of two that are no columns.
        """
        others = self.degrees[nodes] - hits
        odds = hits / np.maximum(others, 1.0)
        tier, left = _tier(others), _tier(self.degrees[nodes])
        in_tier = self._in_tier.copy()
        met_in_tier = np.bincount(tier, minlength=N_TIERS)
        in_tier += met_in_tier - np.bincount(left, minlength=N_TIERS)
        own_others = self.degrees[columns].copy()
        place = np.minimum(np.searchsorted(nodes, columns), max(nodes.size - 1, 0))
        there = nodes[place] == columns if nodes.size else np.zeros(columns.size, dtype=bool)
        own_others[there] = others[place[there]]
        own = _tier(own_others)
        usual = np.zeros(N_TIERS)
        for each in np.unique(own).tolist():
            if 2 * met_in_tier[each] >= in_tier[each]:  # else more than half of them are zeros
                usual[each] = _median_with_zeros(np.sort(odds[tier == each]), int(in_tier[each]))
        outside = np.ones(nodes.size, dtype=bool)
        outside[place[there]] = False
        met = np.bincount(tier[outside], weights=hits[outside], minlength=N_TIERS)
        by_luck = met / np.maximum(in_tier - np.bincount(own, minlength=N_TIERS), 1)
        larger = self._usual_of_the_larger(nodes, others, odds, columns, own_others)
        return np.maximum(usual[own], larger), by_luck[own]

    def _usual_of_the_larger(
        self,
        nodes: IntegerArray,
        others: FloatArray,
        odds: FloatArray,
        columns: IntegerArray,
        own_others: FloatArray,
    ) -> FloatArray:
        """Median odds of the `NEXT_LARGER` accounts just larger than each column, float64[columns].

        The largest accounts of all have few above them: they are compared with as many below, so that nobody
        stands alone.
        """
        key = self._key(nodes, others)
        order = np.argsort(key)
        self._is_met[nodes] = True
        larger = _medians_of_the_larger(
            self._keys, key[order], odds[order], self._is_met, self._key(columns, own_others)
        )
        self._is_met[nodes] = False
        return larger

    def _key(self, nodes: IntegerArray, followers: FloatArray) -> IntegerArray:
        """Where an account stands with so many followers: larger ones first, then by number."""
        return (self._most - followers.astype(np.int64)) * self.degrees.size + nodes


@compiled
def _medians_of_the_larger(
    keys: IntegerArray,
    met_keys: IntegerArray,
    met_odds: FloatArray,
    is_met: BoolArray,
    own_keys: IntegerArray,
) -> FloatArray:
    """Median odds of those around each account, float64[accounts]: see `Sizes.usual`.

    Two orders are walked side by side, from the account to the larger ones, and to smaller ones where fewer
    than `NEXT_LARGER` are larger: of all accounts, where those that were met are passed over, and of those.

    Args:
        keys: int64, sorted, where each account stands without the group; node is the remainder by accounts.
        met_keys: int64, sorted, where those stand that the group follows.
        met_odds: float64, theirs; of all others 0.
        is_met: bool[accounts], who they are.
        own_keys: int64, where the accounts stand that are compared; one of either order each.
    """
    medians, near = np.zeros(own_keys.size), np.empty(NEXT_LARGER)
    for column in range(own_keys.size):
        found = 0
        for step in (-1, 1):
            found = _walk(keys, met_keys, met_odds, is_met, own_keys[column], step, near, found)
        if found:
            odds = np.sort(near[:found])
            medians[column] = 0.5 * (odds[(found - 1) // 2] + odds[found // 2])
    return medians


@compiled
def _walk(
    keys: IntegerArray,
    met_keys: IntegerArray,
    met_odds: FloatArray,
    is_met: BoolArray,
    own: int,
    step: int,
    near: FloatArray,
    found: int,
) -> int:
    """Odds of those on one side of an account, nearest first, until `near` is full; how many it holds."""
    place = np.searchsorted(keys, own) - (step < 0)
    met = np.searchsorted(met_keys, own) - (step < 0)
    while found < near.size:
        while 0 <= place < keys.size and (keys[place] == own or is_met[keys[place] % is_met.size]):
            place += step
        while 0 <= met < met_keys.size and met_keys[met] == own:
            met += step
        is_other = 0 <= place < keys.size
        if 0 <= met < met_keys.size and not (is_other and step * keys[place] < step * met_keys[met]):
            near[found] = met_odds[met]
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
