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

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

ANY_PICK, NO_PICK = -1, -2
"""Whose place a candidate may take, where it is not that of one pick alone."""


@compiled
def gains_of_all(
    offsets: IntegerArray, members: IntegerArray, worth: FloatArray, covered: FloatArray
) -> FloatArray:
    """What each candidate adds to what is covered, float64[k].

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: int64[E].
        worth: float64[E].
        covered: float64[m].
    """
    gains = np.zeros(offsets.size - 1)
    for candidate in range(gains.size):
        total = 0.0
        for place in range(offsets[candidate], offsets[candidate + 1]):
            more = worth[place] - covered[members[place]]
            if more > 0:
                total += more
        gains[candidate] = total
    return gains


@compiled
def largest_gains(
    offsets: IntegerArray,
    members: IntegerArray,
    worth: FloatArray,
    covered: FloatArray,
    order: IntegerArray,
    potential: FloatArray,
    room: int,
) -> FloatArray:
    """What the `room` candidates that add most to what is covered add, float64[k]; others may be left at 0.

    Nobody adds more than its potential, so the search ends where the potentials fall below the room-th gain.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: int64[E].
        worth: float64[E].
        covered: float64[m].
        order: int64[.], the candidates in question, by falling potential.
        potential: float64[k], what each adds to nothing.
        room: how many of the largest are wanted.
    """
    gains = np.zeros(offsets.size - 1)
    top = np.zeros(max(room, 1))
    least = 0
    for candidate in order:
        if potential[candidate] <= top[least] or room <= 0:
            break
        total = 0.0
        for place in range(offsets[candidate], offsets[candidate + 1]):
            more = worth[place] - covered[members[place]]
            if more > 0:
                total += more
        gains[candidate] = total
        if total > top[least]:
            top[least] = total
            least = np.argmin(top)
    return gains


@compiled
def hold(
    members: IntegerArray,
    worth: FloatArray,
    position: int,
    best: FloatArray,
    second: FloatArray,
    owner: IntegerArray,
) -> None:
    """Enter one pick into the best and second best of the members that it reaches.

    Args:
        members: int64[.], whom it reaches.
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
    members: IntegerArray,
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
        members: int64[E].
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
