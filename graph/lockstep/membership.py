"""Compiled loops of the search for lockstep: who belongs to one side of a block, given the other.

Belongs here: what a count of hits says for an order and against chance, and a turn of a block by it. The
model is explained in `graph.lockstep.block_model`; the counts are `graph.lockstep.counting`. Slow, obvious
versions are in the tests.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled
from graph.lockstep.counting import (
    FIRST_RATIO,
    MOST_WORTH,
    Part,
    Side,
    count_shared,
    gathered,
    hits_and_worth,
    keep_met,
    tally_rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray

LEAST_RATE = 1e-9
EVEN = 1e6
"""Shape of a gamma law that is as good as a constant."""
FEWEST = 3
_SAME = 0.01  # of the members changed: stands still
_SMALL = 0.2
_MOST_FACTORS = 32  # hits up to which a ratio of gamma functions is a product of so many factors
LOG_FACTORIALS = np.array([math.lgamma(hits + 1.0) for hits in range(_MOST_FACTORS + 1)])
CRESTS = np.array([hits * math.log(max(hits, 1)) - hits + 1e-6 for hits in range(256)])
"""Log probability of hits, without the factorial, where no law of counts makes them likelier: a negative
binomial is a mixture of Poisson laws, and of those the one whose mean they are has them the most often. With
more on top than rounding ever moves a surprise."""


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
def most_surprise(crest: float, hits: float, share: float, log_natural: float, size: int) -> float:
    """At most so surprising are these hits, without what they are worth: a bound that is quick to have.

    No law makes them likelier than their crest, and degrees explain at least ``size · share · (1 - y)`` with
    y = share ÷ 2, and ``-log(1 - y) ≤ y + y²`` up to a half.
    """
    y = 0.5 * share
    return crest + hits * (y + y * y - log_natural) + size * share if y <= 0.5 else np.inf


@compiled
def most_scattered(crest: float, hits: float, share: float, log_natural: float, law: Law) -> float:
    """The same where natural hits scatter; the crest is that ÷ the rising factorial of their shape.

    With degrees that explain m hits and a shape s, ``s^s · m^hits ÷ (s + m)^(s + hits)`` is the rest of their
    probability; and ``log(1 + x) ≤ x · (6 + x) ÷ (6 + 4x)``.
    """
    y = 0.5 * share
    if y > 0.5:
        return np.inf
    x = law.size * share / law.scatter
    both = (law.scatter + hits) * x * (6.0 + x) / (6.0 + 4.0 * x)
    return crest + both + hits * (y + y * y - log_natural)


@compiled
def scattered_crests(shape: float) -> FloatArray:
    """Crests of hits up to `_MOST_FACTORS` over what natural hits of this gamma shape have for them."""
    crests, rising = np.zeros(_MOST_FACTORS + 1), 0.0
    for hits in range(_MOST_FACTORS + 1):
        crests[hits] = CRESTS[hits] - rising + hits * np.log(shape)
        rising += np.log(shape + hits)
    return crests


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
    is_even = law.scatter >= EVEN
    # beside scatter the looser bound decides who is looked at, and a tighter one whom that spares
    crests = CRESTS if is_even else LOG_FACTORIALS
    for place in range(counted.size):
        hits, worth = hits_and_worth(counted[place])
        share = degrees[place] * law.rate
        if law.mean == 0.0:  # nothing is known of an order yet
            is_possible = hits > FIRST_RATIO * least_expected(share, law.size)
        else:
            crest = crests[int(hits)] if hits < crests.size else np.inf
            bound = most_surprise(crest, hits, share, log_degrees[place] + law.log_rate, law.size)
            is_possible = bound + worth > law.bar
        places[kept] = place
        kept += is_possible
    places = places[:kept]
    if law.mean > 0.0 and not is_even:
        return possible_beside_scatter(law, places, counted, degrees, log_degrees)
    return places


@compiled
def possible_beside_scatter(
    law: Law,
    places: NDArray[np.int64],
    counted: NDArray[np.int64],
    degrees: FloatArray,
    log_degrees: FloatArray,
) -> NDArray[np.int64]:
    """Those of these places that may be above the bar although natural hits scatter; written over them."""
    crests, kept = scattered_crests(law.scatter), 0
    for place in places:
        hits, worth = hits_and_worth(counted[place])
        share, log_natural = degrees[place] * law.rate, log_degrees[place] + law.log_rate
        crest = crests[int(hits)] if hits < crests.size else np.inf
        places[kept] = place
        kept += most_scattered(crest, hits, share, log_natural, law) + worth > law.bar
    return places[:kept]


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
    n_touched = keep_met(across, tally_rows(across, other.nodes, gain))
    nodes, counted, degrees, log_degrees = gathered(side, across, n_touched)
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
