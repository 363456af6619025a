"""Seeded draws that the whole generator shares: named random streams, weighted picks, ragged expansion.

Nothing here knows what is being drawn. Everything works on whole arrays, so a world of a million accounts
costs no Python loop over its edges or posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

DAY = 86_400
"""Seconds."""


def stream(seed: int, name: str) -> np.random.Generator:
    """An independent generator for one part of the world; a change in one part leaves the others alone."""
    return np.random.default_rng([seed, *name.encode()])


def log_normal(rng: np.random.Generator, median: ArrayLike, sigma: ArrayLike, size: int) -> Floats:
    """Log-normal draws around a median; a median of 0 gives 0. float64[size]."""
    return np.asarray(median) * np.exp(np.asarray(sigma) * rng.standard_normal(size))


def rounded(rng: np.random.Generator, values: Floats) -> Ints:
    """Whole numbers whose expectation is the given values. int64, same shape."""
    return np.floor(values + rng.random(values.shape)).astype(np.int64)


def ragged(counts: NDArray[np.integer]) -> tuple[Ints, Ints]:
    """For counts [3, 0, 2]: each element's owner [0, 0, 0, 2, 2] and its place there [0, 1, 2, 0, 1]."""
    counts = counts.astype(np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, place


def group_pairs(group: NDArray[np.integer]) -> tuple[Ints, Ints]:
    """All ordered pairs (a, b), a != b, of members of the same group; group -1 is no group."""
    members = np.flatnonzero(group >= 0)
    members = members[np.argsort(group[members], kind="stable")]
    sizes = np.bincount(group[members]) if len(members) else np.zeros(0, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    own = group[members]
    owner, place = ragged(sizes[own])
    first, second = members[owner], members[starts[own[owner]] + place]
    keep = first != second
    return first[keep], second[keep]


class WeightedPicker:
    """Draws accounts of a given community with probability proportional to a weight.

    Args:
        community: int[n], the community of each account, 0..k-1; -1 is never drawn.
        weight: float[n], not negative; every community that is asked for has a positive sum.
    """

    def __init__(self, community: NDArray[np.integer], weight: Floats) -> None:
        candidates = np.flatnonzero((community >= 0) & (weight > 0))
        candidates = candidates[np.argsort(community[candidates], kind="stable")]
        self._accounts = candidates
        self._ends = np.cumsum(weight[candidates])
        n_communities = int(community.max(initial=-1)) + 1
        borders = np.searchsorted(community[candidates], np.arange(n_communities + 1))
        self._cumulative = np.concatenate([[0.0], self._ends])[borders]
        self._last = np.maximum(borders[1:] - 1, 0)

    def pick(self, rng: np.random.Generator, community: NDArray[np.integer]) -> Ints:
        """One account for each entry of `community`. int64, same length."""
        low, high = self._cumulative[community], self._cumulative[community + 1]
        place = np.searchsorted(self._ends, low + (high - low) * rng.random(len(community)), side="right")
        return self._accounts[np.minimum(place, self._last[community])]


class Neighbours:
    """Adjacency of a list of edges, for drawing a random neighbour of each of many accounts at once."""

    def __init__(self, n_accounts: int, source: NDArray[np.integer], target: NDArray[np.integer]) -> None:
        order = np.argsort(source, kind="stable")
        self._targets = target[order].astype(np.int64)
        self.degree = np.bincount(source, minlength=n_accounts)
        self._offsets = np.cumsum(self.degree) - self.degree

    def pick(self, rng: np.random.Generator, source: NDArray[np.integer]) -> Ints:
        """One random neighbour of each source; every source has at least one."""
        place = np.floor(rng.random(len(source)) * self.degree[source]).astype(np.int64)
        return self._targets[self._offsets[source] + place]
