"""Compiled loops of the search for lockstep: hits counted along rows, side by side with what they are worth.

Belongs here: what would need a copy of many rows per step in numpy. Who belongs to a block by such counts is
`graph.lockstep.membership`; what the figures mean is said where the kernels are called
(`graph.lockstep.seeds`, `graph.lockstep.blocks`). Slow, obvious versions of each are in the tests.

All work on the follows seen from one side: `Side` holds rows, and room to count in, which every kernel leaves
as empty as it was. One search at a time may use a side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

LEAST_HITS = 2
"""Whoever follows one account of a block is in it by chance as easily as by order."""
FIRST_RATIO = 2.0
"""At the start, hits over what degrees explain that make a row worth a look."""
WORTH_BITS = 48
"""A tally is hits · 2^48 + worth, so that one addition counts both: up to 32,767 hits, and a worth in steps
of 1 ÷ `ONE` that adds up to the same in any order."""
ONE = 2.0**27
MOST_WORTH = 50.0
"""What one hit may be worth, so that all of them fit."""
_HIT = 1 << WORTH_BITS
OFTEN = LEAST_HITS * _HIT - (_HIT >> 1)  # a tally of so many hits, whatever they are worth
_SPARSE = 4  # with fewer entries than one in so many nodes, nodes that were met are listed, not looked for


class Side(NamedTuple):
    """The follows seen from one side: rows that hold entries, and the degrees of the rows.

    Attributes:
        offsets: int64[n + 1].
        entries: uint32[E].
        degrees: float64[n], length of each row; of the whole network, where the rows are only a part of it.
        log_degrees: float64[n], their logarithms, 0 where there are none.
        n_rows: rows that hold anything.
        total: follows that the degrees count, at least 1.
        tally: int64[n], zero between two calls: hits of each node, and what they are worth.
        touched: uint32[n + 1], nodes that were counted.
        scatter: gamma shape of natural hits around what degrees explain; `EVEN` where they do not scatter.
    """

    offsets: NDArray[np.int64]
    entries: NDArray[np.uint32]
    degrees: FloatArray
    log_degrees: FloatArray
    n_rows: int
    total: float
    tally: NDArray[np.int64]
    touched: NDArray[np.uint32]
    scatter: float


class Part(NamedTuple):
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


@compiled
def tally_rows(across: Side, chosen: IntegerArray, value: FloatArray) -> int:
    """Count how often each node is an entry of the chosen rows, and sum their values, in `across.tally`.

    Args:
        across: rows.
        chosen: int64, which rows; at most 32,767.
        value: float64, of each row, within ±`MOST_WORTH`.

    Returns:
        How many nodes were met, all in `across.touched`; -1 where so many are that they are not listed.
    """
    tally, touched, entries = across.tally, across.touched, across.entries
    n_entries = n_touched = 0
    for place in range(chosen.size):
        n_entries += across.offsets[chosen[place] + 1] - across.offsets[chosen[place]]
    are_many = n_entries * _SPARSE > tally.size
    for place in range(chosen.size):
        row, worth = chosen[place], _HIT + np.int64(np.rint(value[place] * ONE))
        if are_many:
            for node in entries[across.offsets[row] : across.offsets[row + 1]]:
                tally[node] += worth
        else:
            for node in entries[across.offsets[row] : across.offsets[row + 1]]:
                counted = tally[node]
                touched[n_touched] = node
                n_touched += counted == 0
                tally[node] = counted + worth
    return -1 if are_many else n_touched


@compiled
def hits_and_worth(counted: int) -> tuple[float, float]:
    """A tally as what it stands for."""
    hits = (counted + (_HIT >> 1)) >> WORTH_BITS
    return float(hits), (counted - (hits << WORTH_BITS)) / ONE


@compiled
def count_hits(across: Side, chosen: IntegerArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Who is an entry of the chosen rows, in any order, and how often."""
    n_touched = keep_met(across, tally_rows(across, chosen, np.zeros(chosen.size)), 1)
    nodes, hits = np.empty(n_touched, dtype=np.int64), np.empty(n_touched)
    for place in range(n_touched):
        node = across.touched[place]
        nodes[place] = node
        hits[place] = across.tally[node] >> WORTH_BITS
        across.tally[node] = 0
    return nodes, hits


@compiled
def keep_met(across: Side, n_touched: int, least: int = OFTEN) -> int:
    """Of the nodes that were counted those with a tally of `least`, first in `across.touched`; how many.

    The others' counts are cleared. Most nodes that a large network has near a block are met once: they are
    passed over without a branch, and nothing else about them is read.

    Args:
        across: rows that were counted.
        n_touched: what `tally_rows` returned.
        least: `OFTEN` is `LEAST_HITS`; 1 is everybody.
    """
    tally, touched, kept = across.tally, across.touched, 0
    if n_touched < 0:
        n_touched = tally.size
        for node in range(n_touched):
            touched[node] = node
    for place in range(n_touched):
        node = touched[place]
        counted = tally[node]
        is_kept = counted >= least
        tally[node] = counted * is_kept
        touched[kept] = node
        kept += is_kept
    return kept


@compiled
def gathered(
    side: Side, across: Side, n_touched: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray, FloatArray]:
    """Nodes that were counted, their tallies (cleared), degrees, and the logarithms of those, side by side.

    They lie anywhere in memory. A loop that does nothing else waits for many of them at a time.
    """
    nodes, counted = np.empty(n_touched, dtype=np.int64), np.empty(n_touched, dtype=np.int64)
    degrees, log_degrees = np.empty(n_touched), np.empty(n_touched)
    for place in range(n_touched):
        node = across.touched[place]
        nodes[place], counted[place] = node, across.tally[node]
        across.tally[node] = 0
        degrees[place], log_degrees[place] = side.degrees[node], side.log_degrees[node]
    return nodes, counted, degrees, log_degrees


@compiled
def most_together(
    by_row: Side,
    by_column: Side,
    followers: IntegerArray,
    weight: FloatArray,
    rate: float,
    node: int,
    most: int,
) -> NDArray[np.int64]:
    """Accounts that share the most surprising weight of the followers of `node`, at most so many, sorted.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        followers: whose rows are counted.
        weight: float64[n], of each follower.
        rate: weight that degrees explain, per follower of the other account.
        node: left out itself.
        most: accounts.
    """
    n_touched = keep_met(by_row, tally_rows(by_row, followers, weight[followers]))
    nodes, counted, degrees, _ = gathered(by_column, by_row, n_touched)
    best, value, kept = np.empty(most, dtype=np.int64), np.empty(most), 0
    for place in range(nodes.size):
        other, (_, shared) = nodes[place], hits_and_worth(counted[place])
        beyond = shared - rate * degrees[place]
        # log x ≤ x - 1: no more surprising than this, and most need no logarithm to be seen as less
        bound = beyond * beyond / (rate * degrees[place])
        if other == node or beyond <= 0.0 or (kept == most and bound < value[most - 1]):
            continue
        surprise = together(shared, rate * degrees[place])
        if surprise <= 0.0:
            continue
        at = kept
        while at and (value[at - 1] < surprise or (value[at - 1] == surprise and best[at - 1] > other)):
            if at < most:
                best[at], value[at] = best[at - 1], value[at - 1]
            at -= 1
        if at < most:
            best[at], value[at] = other, surprise
            kept = min(kept + 1, most)
    return np.sort(best[:kept])


@compiled
def together(weight: float, expected: float) -> float:
    """Log likelihood ratio of the weighted followers two accounts share; 0 below what degrees explain."""
    if weight <= expected:
        return 0.0
    return weight * np.log(weight / max(expected, 1e-300)) - (weight - expected)


@compiled
def sum_together(
    by_row: Side, by_column: Side, columns: IntegerArray, weight: NDArray[np.float32], rate: float
) -> FloatArray:
    """Sum over other accounts of the surprise of being followed together, float64[columns].

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        columns: accounts that are looked at.
        weight: float32[n], of each follower; none of those that are not read.
        rate: weighted followers that two accounts share per product of their degrees.
    """
    shared = np.zeros(by_column.degrees.size, dtype=np.float32)
    touched, score = by_row.touched, np.zeros(columns.size)
    for place in range(columns.size):
        column, n_touched = columns[place], 0
        for row in by_column.entries[by_column.offsets[column] : by_column.offsets[column + 1]]:
            worth = weight[row]
            if worth == 0.0:
                continue
            for node in by_row.entries[by_row.offsets[row] : by_row.offsets[row + 1]]:
                before = shared[node]
                touched[n_touched] = node
                n_touched += before == 0.0
                shared[node] = before + worth
        usual = rate * by_column.degrees[column]
        shared[column] = 0.0
        for near in range(n_touched):
            node = touched[near]
            value, expected = np.float64(shared[node]), usual * by_column.degrees[node]
            shared[node] = 0.0
            if value > FIRST_RATIO * expected:
                score[place] += together(value, expected)
    return score


@compiled
def follows_inside(
    by_row: Side, rows: IntegerArray, columns: IntegerArray
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Follows from some rows to some columns, as positions among both."""
    n_entries = 0
    for place in range(rows.size):
        n_entries += by_row.offsets[rows[place] + 1] - by_row.offsets[rows[place]]
    for place in range(columns.size):
        by_row.tally[columns[place]] = place + 1
    position, column = np.empty(n_entries, dtype=np.int64), np.empty(n_entries, dtype=np.int64)
    kept = 0
    for place in range(rows.size):
        for at in range(by_row.offsets[rows[place]], by_row.offsets[rows[place] + 1]):
            found = by_row.tally[by_row.entries[at]]
            if found:
                position[kept], column[kept] = place, found - 1
                kept += 1
    for place in range(columns.size):
        by_row.tally[columns[place]] = 0
    return position[:kept].copy(), column[:kept].copy()


@compiled
def dealt_in_vain(offsets: NDArray[np.int64], followees: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Places of follows that go to the follower itself, or to whom it follows at an earlier place already.

    Args:
        offsets: int64[n + 1], row i follows ``followees[offsets[i]:offsets[i + 1]]``.
        followees: uint32, in any order.
    """
    last, places, kept = np.full(offsets.size - 1, -1), np.empty(followees.size, dtype=np.int64), 0
    for row in range(offsets.size - 1):
        for place in range(offsets[row], offsets[row + 1]):
            followee = followees[place]
            places[kept] = place
            kept += followee == row or last[followee] == row
            last[followee] = row
    return places[:kept].copy()


@compiled
def count_there(by_row: Side, source: IntegerArray, target: IntegerArray) -> int:
    """How many of these follows are there; rows are sorted."""
    there = 0
    for place in range(source.size):
        low, end = by_row.offsets[source[place]], by_row.offsets[source[place] + 1]
        high = end
        while low < high:
            middle = (low + high) // 2
            if by_row.entries[middle] < target[place]:
                low = middle + 1
            else:
                high = middle
        there += low < end and by_row.entries[low] == target[place]
    return there


@compiled
def count_shared(first: IntegerArray, second: IntegerArray) -> int:
    """How many values two sorted arrays without repetitions share."""
    shared = at = other = 0
    while at < first.size and other < second.size:
        if first[at] == second[other]:
            shared += 1
            at += 1
            other += 1
        elif first[at] < second[other]:
            at += 1
        else:
            other += 1
    return shared


@compiled
def count_blocks(
    heads: IntegerArray, following: IntegerArray, block: IntegerArray, nodes: IntegerArray, n_blocks: int
) -> NDArray[np.int64]:
    """How many of the nodes lie in each block, int64[n_blocks].

    Args:
        heads: int64[n], where each node's list of blocks begins; -1 where it is in none.
        following: where the list goes on; -1 at its end.
        block: block of each place in the lists.
        nodes: nodes that are looked up.
        n_blocks: blocks there are.
    """
    counts = np.zeros(n_blocks, dtype=np.int64)
    for place in range(nodes.size):
        at = heads[nodes[place]]
        while at >= 0:
            counts[block[at]] += 1
            at = following[at]
    return counts
