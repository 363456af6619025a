"""What candidates add to a set, counted over their lists: the loops inside `portfolio_search`.

With u the members that a list names, w their worth through its owner, and c what they count already::

    gain = Σ max(0, w_u - c_u)

Only the sums belong here; what they are compared with is for the search. Sums run in the order of the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

ANY_PICK, NO_PICK = -1, -2
"""Whose place a candidate may take, where it is not that of one pick alone."""


@compiled
def worth_of_lists(
    offsets: IntegerArray,
    members: NDArray[np.uint32],
    weight: FloatArray,
    value: FloatArray,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], FloatArray]:
    """The lists without what can never count, and what each entry is worth: member weight x candidate value.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: uint32[E].
        weight: float64[m] >= 0.
        value: float64[k] >= 0, 0 for candidates that may not be picked.
    """
    starts = np.zeros(offsets.size, np.int64)
    for candidate in range(value.size):
        kept = 0
        if value[candidate] > 0:
            for place in range(offsets[candidate], offsets[candidate + 1]):
                kept += weight[members[place]] * value[candidate] > 0
        starts[candidate + 1] = starts[candidate] + kept
    named, worth = np.empty(starts[-1], np.uint32), np.empty(starts[-1])
    for candidate in range(value.size):
        to = starts[candidate]
        if to == starts[candidate + 1]:
            continue
        for place in range(offsets[candidate], offsets[candidate + 1]):
            counts = weight[members[place]] * value[candidate]
            if counts > 0:
                named[to], worth[to] = members[place], counts
                to += 1
    return starts, named, worth


@compiled
def most_of_each(members: NDArray[np.uint32], worth: FloatArray, n_members: int) -> FloatArray:
    """The most that each member counts through anybody, float64[m].

    Args:
        members: uint32[E].
        worth: float64[E].
        n_members: m.
    """
    most = np.zeros(n_members)
    for place in range(members.size):
        most[members[place]] = max(most[members[place]], worth[place])
    return most


@compiled
def gain_of(members: NDArray[np.uint32], worth: FloatArray, covered: FloatArray) -> float:
    """What one candidate adds to what is covered.

    Args:
        members: uint32[.], whom it reaches.
        worth: float64[.], what each counts through it.
        covered: float64[m].
    """
    total = 0.0
    for place in range(members.size):
        more = worth[place] - covered[members[place]]
        total += more if more > 0 else 0.0
    return total


@compiled
def gains_of(
    offsets: IntegerArray,
    members: NDArray[np.uint32],
    worth: FloatArray,
    covered: FloatArray,
    asked: BoolArray,
) -> FloatArray:
    """What each candidate that is asked adds to what is covered, float64[k]; 0 for the others.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: uint32[E].
        worth: float64[E].
        covered: float64[m].
        asked: bool[k].
    """
    gains = np.zeros(asked.size)
    for candidate in range(asked.size):
        if asked[candidate]:
            start, end = offsets[candidate], offsets[candidate + 1]
            gains[candidate] = gain_of(members[start:end], worth[start:end], covered)
    return gains


@compiled
def slope_of(
    offsets: IntegerArray,
    members: NDArray[np.uint32],
    worth: FloatArray,
    levels: FloatArray,
    chosen: FloatArray,
) -> FloatArray:
    """How the bound of `portfolio_bound` changes with the level of each member, float64[m].

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: uint32[E].
        worth: float64[E].
        levels: float64[m].
        chosen: float64[k], the share of each candidate that is in the set that gives the bound.
    """
    slope = np.ones(levels.size)
    for candidate in range(chosen.size):
        if chosen[candidate] > 0:
            for place in range(offsets[candidate], offsets[candidate + 1]):
                member = members[place]
                slope[member] -= chosen[candidate] if worth[place] > levels[member] else 0.0
    return slope


@compiled
def moved_down(
    levels: FloatArray, slope: FloatArray, least: FloatArray, gap: float
) -> tuple[FloatArray, float, float]:
    """Levels one step along the slope, none below what is its least.

    Args:
        levels: float64[m].
        slope: float64[m].
        least: float64[m].
        gap: How far the bound is to come down; a slope that goes on as it is brings it there.

    Returns:
        The new levels, the most that one of them fell, and how steep the slope was, 0 where it leads nowhere.
    """
    steepness = 0.0
    for member in range(levels.size):
        if levels[member] > least[member] or slope[member] < 0:
            steepness += slope[member] * slope[member]
    moved, fall = np.empty(levels.size), 0.0
    for member in range(levels.size):
        level = levels[member]
        if steepness > 0:
            level = max(level - gap / steepness * slope[member], least[member])
        moved[member] = level
        fall = max(fall, levels[member] - level)
    return moved, fall, steepness


@compiled
def hold(
    members: NDArray[np.uint32],
    worth: FloatArray,
    position: int,
    best: FloatArray,
    second: FloatArray,
    owner: IntegerArray,
) -> None:
    """Enter one pick into the best and second best of the members that it reaches.

    Args:
        members: uint32[.], whom it reaches.
        worth: float64[.], what each counts through it.
        position: of the pick.
        best: float64[m], changed in place, as are the next two.
        second: float64[m].
        owner: int64[m], position of the best pick.
    """
    for place in range(members.size):
        member = members[place]
        if worth[place] > best[member]:
            second[member] = best[member]
            best[member] = worth[place]
            owner[member] = position
        elif worth[place] > second[member]:
            second[member] = worth[place]


@compiled
def best_replacement_of_each(
    offsets: IntegerArray,
    members: NDArray[np.uint32],
    worth: FloatArray,
    table: tuple[FloatArray, FloatArray, IntegerArray, FloatArray],
    ranked: tuple[IntegerArray, FloatArray],
    instead_of: IntegerArray,
    price: FloatArray,
    affordable: FloatArray,
) -> tuple[NDArray[np.int64], FloatArray]:
    """The candidate that adds most to the set without one pick, for each pick, and what it adds.

    What c adds to S without o is what c adds to S, and over the members whose best pick is o what c holds of
    the fall from best to second best (the fast interchange of Resende and Werneck 2004), so one pass over the
    lists serves all pairs. Nobody adds more than its potential, so the pass ends where the potentials fall
    below what every pick's place has found already. Of equals the lower index.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: uint32[E].
        worth: float64[E].
        table: best [m], second best [m], position of the best pick [m] (-1 without one), gain [k].
        ranked: candidates by falling potential [k], and their potentials [k], what each adds to nothing.
        instead_of: int64[k], the position whose place a candidate may take, `ANY_PICK` or `NO_PICK`.
        price: float64[k].
        affordable: float64[p], the most that what takes a pick's place may cost.

    Returns:
        Candidate int64[p], -1 without one, and gain float64[p], -inf without one.
    """
    best, second, owner, gain = table
    order, potential = ranked
    replacement = np.full(affordable.size, -1)
    most = np.full(affordable.size, -np.inf)
    extra = np.zeros(affordable.size)
    enough = -np.inf
    for candidate in order:
        if potential[candidate] < enough:
            break
        only = instead_of[candidate]
        if only == NO_PICK:
            continue
        extra[:] = 0.0
        for place in range(offsets[candidate], offsets[candidate + 1]):
            position = owner[members[place]]
            if position >= 0:
                fall = min(worth[place], best[members[place]]) - second[members[place]]
                if fall > 0:
                    extra[position] += fall
        for position in range(affordable.size):
            allowed = only in (ANY_PICK, position) and price[candidate] <= affordable[position]
            found = gain[candidate] + extra[position]
            is_first = found == most[position] and candidate < replacement[position]
            if allowed and (found > most[position] or is_first):
                most[position] = found
                replacement[position] = candidate
        # sums in another order differ in the last digits
        enough = most.min() * (1 - 1e-9)
    return replacement, most
