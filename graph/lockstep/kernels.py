"""Compiled loops of the search for lockstep: counting along rows, and who belongs to a block.

Belongs here: what would need a copy of many rows per step in numpy. What the figures mean is said where the
kernels are called (`graph.lockstep.block_model`, `graph.lockstep.seeds`, `graph.lockstep.blocks`); slow,
obvious versions of each are in the tests.

All work on the follows seen from one side: `Side` holds rows, and room to count in, which every kernel leaves
as empty as it was. One search at a time may use a side.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

LEAST_HITS = 2
"""Whoever follows one account of a block is in it by chance as easily as by order."""

LEAST_RATE = 1e-9
EVEN = 1e6
"""Shape of a gamma law that is as good as a constant."""

FIRST_RATIO = 2.0
"""At the start, hits over what degrees explain that make a row worth a look."""

FEWEST = 3

WORTH_BITS = 48
"""A tally is hits · 2^48 + worth, so that one addition counts both: up to 32,767 hits, and a worth in steps
of 1 ÷ `ONE` that adds up to the same in any order."""

ONE = 2.0**27
MOST_WORTH = 50.0
"""What one hit may be worth, so that all of them fit."""

_HIT = 1 << WORTH_BITS
_OFTEN = LEAST_HITS * _HIT - (_HIT >> 1)  # a tally of so many hits, whatever they are worth
_SAME = 0.01  # of the members changed: stands still
_SMALL = 0.2
_MOST_FACTORS = 32  # hits up to which a ratio of gamma functions is a product of so many factors
LOG_FACTORIALS = np.array([math.lgamma(hits + 1.0) for hits in range(_MOST_FACTORS + 1)])
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


class Law(NamedTuple):
    """What a row is measured by.

    Attributes:
        size: columns of the block.
        rate: chance per degree of a row to have one of them, that degrees explain.
        log_rate: logarithm of the hits per degree.
        mean: hits per row that were ordered; 0 at the start, when nothing is known of them.
        shape: of the gamma law they follow.
        bar: surprise above which a row is in.
        scatter: gamma shape of what degrees explain.
    """

    size: int
    rate: float
    log_rate: float
    mean: float
    shape: float
    bar: float
    scatter: float


@compiled
def tally_rows(across: Side, chosen: IntegerArray, value: FloatArray) -> tuple[int, bool]:
    """Count how often each node is an entry of the chosen rows, and sum their values.

    Leaves the counts in `across.tally` and the nodes in `across.touched`, for the caller to clear.

    Args:
        across: rows.
        chosen: int64, which rows; at most 32,767.
        value: float64, of each row, within ±`MOST_WORTH`.

    Returns:
        How many nodes were met, and whether they are sorted.
    """
    tally, touched, entries = across.tally, across.touched, across.entries
    n_entries = n_touched = 0
    for place in range(chosen.size):
        n_entries += across.offsets[chosen[place] + 1] - across.offsets[chosen[place]]
    is_sorted = n_entries * _SPARSE > tally.size
    for place in range(chosen.size):
        row, worth = chosen[place], _HIT + np.int64(np.rint(value[place] * ONE))
        if is_sorted:
            for node in entries[across.offsets[row] : across.offsets[row + 1]]:
                tally[node] += worth
        else:
            for node in entries[across.offsets[row] : across.offsets[row + 1]]:
                counted = tally[node]
                touched[n_touched] = node
                n_touched += counted == 0
                tally[node] = counted + worth
    if is_sorted:
        for node in range(tally.size):
            touched[n_touched] = node
            n_touched += tally[node] != 0
    return n_touched, is_sorted


@compiled
def hits_and_worth(counted: int) -> tuple[float, float]:
    """A tally as what it stands for."""
    hits = (counted + (_HIT >> 1)) >> WORTH_BITS
    return float(hits), (counted - (hits << WORTH_BITS)) / ONE


@compiled
def count_hits(across: Side, chosen: IntegerArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Who is an entry of the chosen rows, in any order, and how often."""
    n_touched, _ = tally_rows(across, chosen, np.zeros(chosen.size))
    nodes, hits = np.empty(n_touched, dtype=np.int64), np.empty(n_touched)
    for place in range(n_touched):
        node = across.touched[place]
        nodes[place] = node
        hits[place] = across.tally[node] >> WORTH_BITS
        across.tally[node] = 0
    return nodes, hits


@compiled
def expected_hits(degree: float, rate: float, size: int) -> float:
    """Follows that a row of this degree has in a block of `size` without any order.

    ``size · (1 - exp(-degree · rate))``: it cannot exceed the size, because nobody follows an account twice.

    Args:
        degree: of the row, without what was ordered.
        rate: mean degree of the block's other side ÷ follows in all, without what was ordered.
        size: nodes on the block's other side.
    """
    share = degree * rate
    if not 0.0 <= share < _SMALL:
        return max(-size * np.expm1(-share), LEAST_RATE)
    # the first terms of the series, exact to 1e-11 below a fifth, and much quicker: halves of it do not wait
    # for each other
    square = share * share
    low = (1.0 - share * (1.0 / 2)) + square * (1.0 / 6 - share * (1.0 / 24))
    high = (1.0 / 120 - share * (1.0 / 720)) + square * (1.0 / 5_040 - share * (1.0 / 40_320))
    return max(size * share * (low + square * square * high), LEAST_RATE)


@compiled
def log_ordered(hits: float, own: float, mean: float, shape: float, unit: float) -> float:
    """Log probability of `hits` where an order of `mean` (gamma shape) comes on top of what is usual.

    Usual and ordered hits together: a negative binomial with the mean and the variance of their sum. Without
    the factorial that every law of counts has, and divided by ``unit ** hits``.
    """
    both = own + mean
    spread = min(shape * (both / mean) ** 2, EVEN)
    product, n_factors = 1.0, min(int(hits), _MOST_FACTORS)
    for factor in range(0, n_factors - 3, 4):  # by fours: only every fourth product waits for the one before
        near = spread + factor
        product *= (near * (near + 1.0)) * ((near + 2.0) * (near + 3.0))
    for factor in range(n_factors & ~3, n_factors):
        product *= spread + factor
    rising = np.log(product)
    if hits > _MOST_FACTORS:
        rising += _stirling(spread + hits) - _stirling(spread + _MOST_FACTORS)
    return rising + spread * np.log(spread / (spread + both)) + hits * np.log(both / ((spread + both) * unit))


@compiled
def _stirling(value: float) -> float:
    """Log of the gamma function without its constant, exact to 1e-10 from `_MOST_FACTORS` on."""
    return (value - 0.5) * np.log(value) - value + (1.0 - 1.0 / (30.0 * value * value)) / (12.0 * value)


@compiled
def least_expected(share: float, size: int) -> float:
    """A bound for `expected_hits` that is quick to have: a parabola below it, then its value there."""
    return size * share * (1.0 - 0.5 * share) if share < 1.0 else 0.5 * size


@compiled
def most_surprise(hits: float, share: float, log_natural: float, size: int) -> float:
    """At most so surprising are these hits, without what they are worth: a bound that is quick to have.

    No law makes them more than certain, and degrees explain at least ``size · share · (1 - y)`` with y =
    share ÷ 2, and ``-log(1 - y) ≤ y + y²`` up to a half.
    """
    y = 0.5 * share
    if hits > _MOST_FACTORS or y > 0.5:
        return np.inf
    return LOG_FACTORIALS[int(hits)] + hits * (y + y * y - log_natural) + size * share


@compiled
def gamma_law(part: Part) -> tuple[float, float]:
    """Mean and gamma shape of what was ordered per row, by moments, the counting noise taken out."""
    mean = max(part.ordered.mean(), 0.5)
    beyond = max(part.ordered.var() - part.hits.mean(), 1e-9)
    return mean, min(max(mean * mean / beyond, 0.5), EVEN)


@compiled
def gains(other: Part, organic: FloatArray, before: Part, by_itself: float) -> FloatArray:
    """What each column says about a row that has it: log of its share with an order ÷ its natural share."""
    mass, paid = organic.sum(), (other.ordered + 0.5).sum()
    ordered = max(before.ordered.mean(), 1e-3)
    gain = np.empty(organic.size)
    for place in range(organic.size):
        natural_share = organic[place] / mass
        ordered_share = (other.ordered[place] + 0.5) / paid
        mixed = (ordered * ordered_share + by_itself * natural_share) / (ordered + by_itself)
        gain[place] = min(max(np.log(mixed / natural_share), -MOST_WORTH), MOST_WORTH)
    return gain


@compiled
def law_of(side: Side, across: Side, other: Part, before: Part) -> tuple[Law, FloatArray]:
    """What a row of a block is measured by, and what each column of the other side says about it."""
    size = other.nodes.size
    organic = np.maximum(across.degrees[other.nodes] - other.ordered, 0.5)
    rate = organic.sum() / max(side.total - other.ordered.sum(), 1.0) / size
    if not before.nodes.size:
        return Law(size, rate, np.log(rate * size), 0.0, 0.0, 0.0, side.scatter), np.zeros(size)
    by_itself = 0.0
    for place in range(before.nodes.size):
        degree = side.degrees[before.nodes[place]] - before.ordered[place]
        by_itself += expected_hits(degree, rate, size)
    mean, shape = gamma_law(before)
    bar = np.log(max(side.n_rows / before.nodes.size, 1.5))
    gain = gains(other, organic, before, by_itself / before.nodes.size)
    return Law(size, rate, np.log(rate * size), mean, shape, bar, side.scatter), gain


@compiled
def first_surprise(hits: float, degree: float, law: Law) -> tuple[float, float]:
    """Surprise where nothing is known of an order, and hits that degrees explain; -∞ for too few hits."""
    natural = expected_hits(degree, law.rate, law.size)
    if hits <= FIRST_RATIO * natural:
        return -np.inf, 0.0
    own = expected_hits(degree - (hits - natural), law.rate, law.size)
    return hits * np.log(hits / natural) - hits + natural, own


@compiled
def surprise_of(hits: float, worth: float, degree: float, law: Law) -> tuple[float, float]:
    """Surprise of a row, and hits that degrees explain; -∞ where it stays below the bar.

    Where natural hits scatter, what degrees explain is a negative binomial as well. Rows that are not
    surprising even without are not looked at (`possible`).
    """
    natural = expected_hits(degree, law.rate, law.size)
    if hits <= natural:
        return -np.inf, 0.0
    # what degrees explain of the row once that is taken out which they do not
    own = expected_hits(degree - (hits - natural), law.rate, law.size)
    by_itself = -natural
    if law.scatter < EVEN:
        by_itself = log_ordered(hits, 0.0, natural, law.scatter, natural)
    surprise = log_ordered(hits, own, law.mean, law.shape, natural) - by_itself + worth
    return (surprise if surprise > law.bar else -np.inf), own


@compiled
def possible(
    law: Law, counted: NDArray[np.int64], degrees: FloatArray, log_degrees: FloatArray
) -> NDArray[np.int64]:
    """Places of the rows that may be above the bar, by bounds that are quick to have.

    Which rows are is as good as drawn, so nothing here waits to know: each is written, and the next one
    written over it where it is not.
    """
    places, kept = np.empty(counted.size, dtype=np.int64), 0
    for place in range(counted.size):
        hits, worth = hits_and_worth(counted[place])
        share = degrees[place] * law.rate
        if law.mean == 0.0:  # nothing is known of an order yet
            is_possible = hits > FIRST_RATIO * least_expected(share, law.size)
        else:
            bound = most_surprise(hits, share, log_degrees[place] + law.log_rate, law.size)
            is_possible = bound + worth > law.bar
        places[kept] = place
        kept += is_possible
    return places[:kept]


@compiled
def keep_often(across: Side, n_touched: int) -> int:
    """Of the nodes that were counted those with `LEAST_HITS` or more, first in `across.touched`; how many.

    The others' counts are cleared. Most nodes that a large network has near a block are met once: they are
    passed over without a branch, and nothing else about them is read.
    """
    tally, touched, often = across.tally, across.touched, 0
    for place in range(n_touched):
        node = touched[place]
        counted = tally[node]
        is_often = counted >= _OFTEN
        tally[node] = counted * is_often
        touched[often] = node
        often += is_often
    return often


@compiled
def belonging(side: Side, across: Side, other: Part, before: Part, most: int) -> Part:
    """Who belongs to one side of a block, given the other side; see `graph.lockstep.block_model.join_part`.

    Args:
        side: rows that are looked at.
        across: the same follows from the other side.
        other: the other side of the block.
        before: this side in the step before; without nodes at the start.
        most: keep the surest ones where more belong, those first in order where it is the same.

    Returns:
        Those above the bar, sorted.
    """
    law, gain = law_of(side, across, other, before)
    n_touched, _ = tally_rows(across, other.nodes, gain)
    nodes, counted, degrees, log_degrees = _gathered(side, across, keep_often(across, n_touched))
    places = possible(law, counted, degrees, log_degrees)
    hits_of, owns, surprises = np.empty(places.size), np.empty(places.size), np.empty(places.size)
    kept = 0
    for place in places:
        hits, worth = hits_and_worth(counted[place])
        if law.mean == 0.0:
            surprise, own = first_surprise(hits, degrees[place], law)
        else:
            surprise, own = surprise_of(hits, worth, degrees[place], law)
        nodes[kept], hits_of[kept], owns[kept], surprises[kept] = nodes[place], hits, own, surprise
        kept += surprise > -np.inf
    order = chosen(nodes[:kept], surprises[:kept], most)
    hits_of = hits_of[order]
    return Part(nodes[order], hits_of, np.maximum(hits_of - owns[order], 0.0), surprises[order])


@compiled
def _gathered(
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
def chosen(nodes: NDArray[np.int64], surprises: FloatArray, most: int) -> NDArray[np.int64]:
    """Places of the surest nodes, in the order of the nodes; of those as sure as the last one the first."""
    places, extra = np.arange(nodes.size), nodes.size - most
    bar = -np.inf
    if extra > 0:
        bar = np.partition(surprises, extra)[extra]
        places = places[surprises >= bar]
    if np.any(nodes[places[1:]] < nodes[places[:-1]]):
        places = places[np.argsort(nodes[places])]
    extra = places.size - most
    if extra > 0:
        keep = np.ones(places.size, dtype=np.bool_)
        for place in range(places.size - 1, -1, -1):
            if extra > 0 and surprises[places[place]] == bar:
                keep[place] = False
                extra -= 1
        places = places[keep]
    return places


@compiled
def turn(
    by_row: Side,
    by_column: Side,
    rows: Part,
    columns: Part,
    before: Part,
    most_rows: int,
    most_columns: int,
) -> tuple[Part, Part, bool]:
    """One turn of a block: its rows given its columns, and its columns given those.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        rows: the rows of the turn before; without nodes at the start.
        columns: the columns there are.
        before: the same, or without nodes where they are only a guess.
        most_rows: keep the surest ones.
        most_columns: the same for columns.

    Returns:
        Rows and columns, without nodes where hardly anybody belongs, and whether both stand still.
    """
    joined = belonging(by_row, by_column, columns, rows, most_rows)
    if joined.nodes.size < FEWEST:
        return joined, _nobody(joined), False
    found = belonging(by_column, by_row, joined, before, most_columns)
    if found.nodes.size < FEWEST:
        return joined, _nobody(found), False
    return joined, found, is_settled(joined, rows) and is_settled(found, before)


@compiled
def _nobody(part: Part) -> Part:
    return Part(part.nodes[:0], part.hits[:0], part.ordered[:0], part.surprise[:0])


@compiled
def is_settled(now: Part, before: Part) -> bool:
    """Whether a step hardly changed who belongs."""
    both = count_shared(now.nodes, before.nodes)
    return now.nodes.size + before.nodes.size - 2 * both <= _SAME * before.nodes.size


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
    n_touched, _ = tally_rows(by_row, followers, weight[followers])
    nodes, counted, degrees, _ = _gathered(by_column, by_row, keep_often(by_row, n_touched))
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
