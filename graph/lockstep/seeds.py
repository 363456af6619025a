"""Where to look for lockstep: accounts followed together with others, and those others.

Which accounts are worth a start, and whom they are followed together with, belong here. What grows out of a
start is `graph.lockstep.block_model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.lockstep.counting import Side, most_together, sum_together

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import FloatArray, IntegerArray

FEWEST_FOLLOWERS = 4
PARTNERS = 25
MOST_FOLLOWERS_READ = 2_000
"""Of the followers of one start, so many are looked at, evenly spaced: a popular account costs no more."""

PAIRS_READ = 30_000_000
"""Rows are left out, those that follow most first, until no more pairs than these are left to count."""


def row_weights(side: Side) -> tuple[FloatArray, FloatArray]:
    """What a follower who follows k accounts says about two of them: 1/k, and 1/log(5 + k).

    The first finds small blocks of buyers who do little else; the second those who hide among many follows
    (the weight of FRAUDAR; Hooi et al., KDD 2016). Each misses blocks that the other one finds.
    """
    return 1.0 / np.maximum(side.degrees, 1.0), 1.0 / np.log(5.0 + side.degrees)


def partners(by_row: Side, by_column: Side, node: int, weight: FloatArray, rate: float) -> IntegerArray:
    """The account itself and those it is most surely followed together with, at most `PARTNERS`.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        node: where to start.
        weight: float64[n], of each follower.
        rate: ``Σ w · k² / E²``, weighted followers that two accounts share per product of their degrees.
    """
    followers = by_column.entries[by_column.offsets[node] : by_column.offsets[node + 1]].astype(np.int64)
    share = 1.0
    if followers.size > MOST_FOLLOWERS_READ:
        share = MOST_FOLLOWERS_READ / followers.size
        followers = followers[np.linspace(0, followers.size - 1, MOST_FOLLOWERS_READ).astype(np.int64)]
    usual = rate * share * by_column.degrees[node]
    found = most_together(by_row, by_column, followers, weight, usual, node, PARTNERS)
    return np.sort(np.append(found, node))


def starting_points(
    by_row: Side, by_column: Side, weight: FloatArray, rate: float, n_best: int, n_drawn: int, seed: int
) -> IntegerArray:
    """Accounts to start from: those followed together with others the most, then some drawn at random.

    The sum over others of the surprise ranks first the customers of few and busy buyers, but large and thin
    blocks rank no higher than the core of any network. So the rest is drawn, alike from every size of
    following: a block of s of m accounts is met by N draws with the chance ``1 - (1 - s/m)^N``. The ranking
    looks at all pairs, the draws at none: without best ones there is no cost but theirs.
    """
    columns = np.flatnonzero(by_column.degrees >= FEWEST_FOLLOWERS)
    if not columns.size:
        return columns
    if not n_best:
        return columns[np.random.default_rng(seed).permutation(columns.size)[:n_drawn]]
    score = _scores(by_row, by_column, columns, weight, rate)
    best = columns[np.argsort(-score, kind="stable")[:n_best]]
    rest = np.setdiff1d(columns[score > 0], best)
    drawn = np.random.default_rng(seed).permutation(rest.size)[:n_drawn]
    return np.concatenate((best, rest[drawn]))


def _scores(
    by_row: Side, by_column: Side, columns: IntegerArray, weight: FloatArray, rate: float
) -> FloatArray:
    """Sum over other accounts of the surprise of being followed together, float64[columns]."""
    read = rows_read(by_row)
    light = np.zeros(weight.size, dtype=np.float32)
    light[read] = weight[read]
    return sum_together(by_row, by_column, columns, light, rate)


def rows_read(by_row: Side) -> IntegerArray:
    """Rows of two entries or more, without the longest ones where there are too many pairs."""
    rows = np.flatnonzero(by_row.degrees > 1)
    order = rows[np.argsort(by_row.degrees[rows], kind="stable")]
    pairs = np.cumsum(np.square(by_row.degrees[order]))
    return np.sort(order[pairs <= max(PAIRS_READ, float(pairs[0]) if pairs.size else 0.0)])


class Starts:
    """Where a network is searched from. Whom a start is followed with is looked for once for all searches.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        n_best: starts that are most followed together with others.
        n_drawn: starts drawn at random.
        seed: of what is drawn.

    Attributes:
        nodes: accounts to start from.
    """

    def __init__(self, by_row: Side, by_column: Side, n_best: int, n_drawn: int, seed: int) -> None:
        self._sides = by_row, by_column
        self._weights = row_weights(by_row)
        squares = np.square(by_row.degrees)
        self._rates = [float((weight * squares).sum()) / by_row.total**2 for weight in self._weights]
        self.nodes = starting_points(
            by_row, by_column, self._weights[0], self._rates[0], n_best, n_drawn, seed
        )
        self._met: dict[int, list[IntegerArray]] = {}

    def of(self, node: int) -> list[IntegerArray]:
        """The account and its partners, by each of the weights of followers."""
        if node not in self._met:
            self._met[node] = [
                partners(*self._sides, node, weight, rate)
                for weight, rate in zip(self._weights, self._rates, strict=True)
            ]
        return self._met[node]
