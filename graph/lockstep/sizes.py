"""What is usual among accounts of a size: how many of their followers belong to one group.

Belongs here: comparison with accounts of the same size. Which group, and what follows from being followed
more than usual, is `graph.lockstep.blocks`'s business.

A group touches few of all accounts, and everywhere else its share is 0. Accounts are therefore put in order
once, and per group only those it follows are moved: the cost of a group is that of its own follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import FloatArray, IntegerArray

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
        in_tier += np.bincount(tier, minlength=N_TIERS) - np.bincount(left, minlength=N_TIERS)
        own_others = self.degrees[columns].copy()
        place = np.minimum(np.searchsorted(nodes, columns), max(nodes.size - 1, 0))
        there = nodes[place] == columns if nodes.size else np.zeros(columns.size, dtype=bool)
        own_others[there] = others[place[there]]
        own = _tier(own_others)
        usual = np.zeros(N_TIERS)
        for each in np.unique(own).tolist():
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
        left = np.sort(self._key(nodes, self.degrees[nodes]))
        key = self._key(nodes, others)
        order = np.argsort(key)
        key, odds = key[order], odds[order]

        def untouched_before(keys: IntegerArray) -> IntegerArray:
            return np.searchsorted(self._keys, keys) - np.searchsorted(left, keys)

        rank = untouched_before(key) + np.arange(key.size)  # among all, larger ones first
        own_key = self._key(columns, own_others)
        place = untouched_before(own_key) + np.searchsorted(key, own_key)
        around = np.maximum(place - NEXT_LARGER, 0)[:, None] + np.arange(NEXT_LARGER + 1)
        known = (around < self.n_followed) & (around != place[:, None])
        at = np.minimum(np.searchsorted(rank, around), max(rank.size - 1, 0))
        found = np.where(rank[at] == around, odds[at], 0.0) if rank.size else np.zeros(around.shape)
        found = np.where(known, found, np.inf)
        found.sort(axis=1)
        n_known = known.sum(axis=1)
        row = np.arange(columns.size)
        middle = 0.5 * (found[row, np.maximum(n_known - 1, 0) // 2] + found[row, n_known // 2])
        return np.where(n_known > 0, middle, 0.0)

    def _key(self, nodes: IntegerArray, followers: FloatArray) -> IntegerArray:
        """Where an account stands with so many followers: larger ones first, then by number."""
        return (self._most - followers.astype(np.int64)) * self.degrees.size + nodes


def _tier(followers: FloatArray) -> IntegerArray:
    """The power of two of a number of followers, 0 for none."""
    return np.log2(np.maximum(followers, 1.0)).astype(np.int64)


def _median_with_zeros(values: FloatArray, n_all: int) -> float:
    """Median of these sorted values above 0, and as many zeros as are missing from `n_all`."""
    zeros = n_all - values.size
    low, high = (n_all - 1) // 2 - zeros, n_all // 2 - zeros
    return 0.5 * (float(values[low] if low >= 0 else 0.0) + float(values[high] if high >= 0 else 0.0))
