"""A block of follows that somebody ordered, fitted by turns to its buyers' rows and its customers' columns.

The model, the two turns and when they stand still belong here. Where to start (`graph.lockstep_seeds`) and
what to make of a block that was found (`graph.lockstep`) do not.

Without a block, account r follows account c with the rate ``k_r · d_c / E`` (degrees of both sides; Karrer,
Newman 2011). In a block, rows follow a number of its columns that scatters around a mean as a negative
binomial, because buyers are not equally busy, and spread them over the columns in shares that differ,
because customers did not pay for the same number. Both are read off the block, so that an even block is a
binomial one again. What a row follows for its own sake comes on top: camouflage, or the habits of an account
that was hijacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from graph.sparse_rows import count_shared, take_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from graph.followers import FollowerGraph
    from graph.sparse_rows import FloatArray, IntegerArray

MOST_ROWS = 20_000
"""Rows or columns of a block; the surest are kept. Who is bought by larger ones is found all the same."""

LEAST_HITS = 2
"""Whoever follows one account of a block is in it by chance as easily as by order."""

_STEPS = 15
_FIRST_RATIO = 2.0  # at the start, hits over what degrees explain that make a row worth a look
_FEWEST = 3
_FIRST_ROWS, _FEW_ROWS, _GROWTH = 100, 30, 2
_WORTH_SORTING = 64  # nodes per entry from which sorting the entries is cheaper than counting over all nodes
_SAME = 0.01  # of the members changed: stands still
_EVEN = 1e6  # shape of a gamma law that is as good as a constant


@dataclass(frozen=True)
class Side:
    """The follows seen from one side: rows that hold entries, and the degrees of both ends.

    Attributes:
        offsets: int64[n + 1].
        entries: uint32[E].
        degrees: float64[n], length of each row.
        entry_degrees: float64[n], how often each node is an entry.
        n_rows: rows that hold anything.
        all_follows: follows that the degrees count; where only some of them are entries, the others are
            known to be no part of a block.
    """

    offsets: IntegerArray
    entries: IntegerArray
    degrees: FloatArray
    entry_degrees: FloatArray
    n_rows: int
    all_follows: int

    @property
    def total(self) -> float:
        """Follows in all, E."""
        return float(max(self.all_follows, 1))


@dataclass(frozen=True)
class Part:
    """One side of a block.

    Attributes:
        nodes: int64, sorted.
        hits: float64, follows of each that lie in the block.
        ordered: float64, those of them that its own degree does not explain, ≥ 0.
        surprise: float64, log likelihood ratio of being in the block.
    """

    nodes: NDArray[np.int64]
    hits: FloatArray
    ordered: FloatArray
    surprise: FloatArray


def sides(graph: FollowerGraph, whole: FollowerGraph | None = None) -> tuple[Side, Side]:
    """The graph as rows of whom each account follows, and as rows of who follows it.

    Args:
        graph: follows.
        whole: the network that `graph` is a part of, if what is usual is to be read off that.
    """
    usual = whole or graph
    following, followers = usual.following_counts.astype(float), usual.follower_counts.astype(float)
    n_follow, n_followed = int((following > 0).sum()), int((followers > 0).sum())
    total = usual.n_follows
    return (
        Side(graph.following_offsets, graph.following, following, followers, n_follow, total),
        Side(graph.follower_offsets, graph.followers, followers, following, n_followed, total),
    )


def expected_hits(degree: FloatArray, mass: float, total: float, size: int) -> FloatArray:
    """Follows that a row of this degree has in a block of `size` without any order.

    ``size · (1 - exp(-degree · mass / (total · size)))``: the rate of the null, which cannot exceed the size
    because nobody follows an account twice.

    Args:
        degree: float64[rows].
        mass: sum of the degrees of the block's other side, without what was ordered.
        total: follows in all.
        size: nodes on the block's other side.
    """
    size = max(size, 1)
    return np.maximum(size * -np.expm1(-degree * (mass / (max(total, 1.0) * size))), 1e-9)


def log_poisson(hits: FloatArray, mean: FloatArray) -> FloatArray:
    """Log probability of `hits` under a Poisson law, without the factorial that every law of counts has."""
    return hits * np.log(mean) - mean


def log_ordered(hits: FloatArray, natural: FloatArray, mean: float, shape: float) -> FloatArray:
    """Log probability of `hits` where an order of `mean` (gamma shape) comes on top of the natural rate.

    Natural and ordered hits together: a negative binomial with the mean and the variance of their sum.
    Without the factorial, as in `log_poisson`.
    """
    both = natural + mean
    spread = np.minimum(shape * np.square(both / mean), _EVEN)
    return (
        gammaln(hits + spread)
        - gammaln(spread)
        + spread * np.log(spread / (spread + both))
        + hits * np.log(both / (spread + both))
    )


def count_hits(
    across: Side, chosen: IntegerArray, value: FloatArray, fewest: int = 1
) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:
    """Who is an entry of the chosen rows: nodes, how often, and the sum of `value` over the rows it is in.

    Nodes that are an entry of fewer than `fewest` rows are left out.
    """
    position, node = take_rows(across.offsets, across.entries, chosen)
    n = across.degrees.size
    worth: FloatArray = np.asarray(value, dtype=np.float64)[position]
    if node.size * _WORTH_SORTING < n:
        nodes, place = np.unique(node, return_inverse=True)
        hits, totals = np.bincount(place), np.bincount(place, weights=worth)
        keep = np.flatnonzero(hits >= fewest)
        nodes = nodes[keep].astype(np.int64)
    else:
        node = node.astype(np.int64)
        hits, totals = np.bincount(node, minlength=n), np.bincount(node, weights=worth, minlength=n)
        nodes = keep = np.flatnonzero(hits >= fewest)
    return nodes, hits[keep].astype(np.float64), totals[keep].astype(np.float64, copy=False)


def join_part(
    side: Side, across: Side, other: Part, before: Part | None, most: int = MOST_ROWS
) -> Part | None:
    """Who belongs to one side of a block, given the other side; nothing where hardly anybody does.

    The surprise of a row with h hits is the log ratio of two probabilities: of h (negative binomial with the
    block's mean and spread, over Poisson with what its degree explains), and of those very columns among all
    of the block (shares ordered and natural, over natural ones). In: above log(all rows ÷ rows in the block).

    Args:
        side: rows that are looked at.
        across: the same follows from the other side.
        other: the other side of the block.
        before: this side in the step before; none at the start.
        most: keep the surest ones where more belong.
    """
    size = other.nodes.size
    organic = np.maximum(across.degrees[other.nodes] - other.ordered, 0.5)
    mass = float(organic.sum())
    total = max(side.total - float(other.ordered.sum()), 1.0)
    natural_share = organic / mass
    ordered_share = (other.ordered + 0.5) / float((other.ordered + 0.5).sum())
    if before is None:
        share_gain = np.zeros(size)
    else:
        ordered = max(float(before.ordered.mean()), 1e-3)
        by_itself = expected_hits(side.degrees[before.nodes] - before.ordered, mass, total, size).mean()
        mixed = (ordered * ordered_share + by_itself * natural_share) / (ordered + by_itself)
        share_gain = np.log(mixed / natural_share)
    nodes, hits, gain = count_hits(across, other.nodes, share_gain, LEAST_HITS)
    natural = expected_hits(side.degrees[nodes], mass, total, size)
    keep = hits > natural
    nodes, hits, gain, natural = nodes[keep], hits[keep], gain[keep], natural[keep]
    if before is None:
        surprise = log_poisson(hits, hits) - log_poisson(hits, natural)
        inside = hits > _FIRST_RATIO * natural
    else:
        mean, shape = _law(before)
        own = expected_hits(side.degrees[nodes] - (hits - natural), mass, total, size)
        surprise = log_ordered(hits, own, mean, shape) - log_poisson(hits, natural) + gain
        bar = np.log(max(side.n_rows / max(before.nodes.size, 1), 1.5))
        inside = surprise > bar
    if np.count_nonzero(inside) < _FEWEST:
        return None
    nodes, hits, natural, surprise = nodes[inside], hits[inside], natural[inside], surprise[inside]
    if nodes.size > most:
        best = np.sort(np.argsort(-surprise, kind="stable")[:most])
        nodes, hits, natural, surprise = nodes[best], hits[best], natural[best], surprise[best]
    by_itself = expected_hits(side.degrees[nodes] - (hits - natural), mass, total, size)
    return Part(nodes, hits, np.maximum(hits - by_itself, 0.0), surprise)


def _law(part: Part) -> tuple[float, float]:
    """Mean and gamma shape of what was ordered per row, by moments, the counting noise taken out."""
    mean = max(float(part.ordered.mean()), 0.5)
    beyond = float(part.ordered.var()) - float(part.hits.mean())
    return mean, float(np.clip(mean * mean / max(beyond, 1e-9), 0.5, _EVEN))


def fit_block(by_row: Side, by_column: Side, columns: IntegerArray) -> Iterator[tuple[Part, Part]]:
    """Rows and columns of a block by turns, from a guess at its columns, until both stand still.

    Yields what there is after each turn, so that the caller can stop where it leads to something known; ends
    early, where nothing is left. Neither side more than doubles in a turn: a start of few accounts that
    share a block's density would else be lost in the core of the network, which is dense as well.
    """
    found, rows = _guess(columns), None
    before: Part | None = None
    for _ in range(_STEPS):
        most = _FIRST_ROWS if rows is None else max(_FEW_ROWS, _GROWTH * rows.nodes.size)
        joined = join_part(by_row, by_column, found, rows, min(most, MOST_ROWS))
        if joined is None:
            return
        most = max(_FEW_ROWS, _GROWTH * found.nodes.size)
        found_now = join_part(by_column, by_row, joined, before, min(most, MOST_ROWS))
        if found_now is None:
            return
        stands = is_settled(joined, rows) and is_settled(found_now, before)
        rows, found, before = joined, found_now, found_now
        yield rows, found
        if stands:
            return


def _guess(nodes: IntegerArray) -> Part:
    """A side of a block that is only a guess: nodes, and nothing known about them."""
    nodes = np.unique(np.asarray(nodes, dtype=np.int64))
    return Part(nodes, np.zeros(nodes.size), np.zeros(nodes.size), np.zeros(nodes.size))


def is_settled(now: Part, before: Part | None) -> bool:
    """Whether a step hardly changed who belongs."""
    if before is None:
        return False
    both = count_shared(now.nodes, before.nodes)
    return now.nodes.size + before.nodes.size - 2 * both <= _SAME * before.nodes.size
