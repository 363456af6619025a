"""Greedy peeling of a weighted bipartite graph, compiled: exact, and near the cost of walking the follows.

Members are rows (0 … n - 1) and columns (n … 2n - 1). A follow of a column with d followers weighs
``round(2^30 / log(5 + d))``: a whole number, so that what a member holds, the sum over its follows that are
left, is exact in whatever order they went. The member that holds least is taken out again and again; of
several the smallest number first. The order is thus a property of the graph, not of this code.

What a member holds only ever falls. A heap of all members would be touched by every follow; here only those
below a bar are in it, and all others are a subtraction each::

    bar ← about the sixteenth part of those left hold less
    while the heap of those below the bar is not empty:
        take out the least; what its follows weigh is taken from their other ends;
        who falls below the bar joins the heap, who is in it already rises

Whoever is below the bar is in the heap, so its least is the least of all. Follows that reach the heap are one
in ten; a pass over those left finds the next bar, and the passes add up to a multiple of the members.

This is the yardstick that the evaluation compares with, and what the benchmarks call a peel. The search for
lockstep does not start from it: the densest block of a follower graph is its core, and what grows from there
is no block that was planted (docs/METHODS.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.prefetch import prefetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNIT = 2.0**30
"""What a follow weighs is a whole number of these parts of one: up to 10^10 follows can be added up."""

_ONE_IN = 16
_SAMPLE = 512
_NEXT_MEMBERS = 5
_FOUR = 2  # as a power of two: children of a place in the heap
_LOW = np.int64(0xFFFFFFFF)
_FOLLOWER = np.int64(1) << 32
_GONE = np.int64(1) << 62
_GONE_COLUMN = np.int64((0x7FFFFFFF << 32) | 0x7FFFFFFF)  # holds so much that no bar is ever above it


class Follows(NamedTuple):
    """Both compressed orders of a graph of n accounts; at most 2^30 accounts and followers of one.

    Attributes:
        row_offsets, column_offsets: int64[n + 1].
        following, followers: uint32[E].
    """

    row_offsets: NDArray[np.int64]
    following: NDArray[np.uint32]
    column_offsets: NDArray[np.int64]
    followers: NDArray[np.uint32]


@compiled
def peeled(follows: Follows) -> tuple[NDArray[np.uint32], int, float]:
    """Peel a graph to nothing.

    What runs once per member is handed its arrays one by one: a tuple of them costs time at every call.

    Returns:
        Members in the order in which they were taken out, without those that never held anything; how many of
        them were gone when what was left held most per member; and how much that was.
    """
    row_offsets, following, column_offsets, followers = follows
    rows, columns, total = _begin(follows)
    n, left = rows.size, _who_is_left(rows, columns)
    order, places = np.empty(left.size, np.uint32), np.full(2 * n, -1, np.int32)
    keys, members = np.empty(left.size, np.int64), np.empty(left.size, np.uint32)
    gone, best, best_gone = 0, total / max(left.size, 1), 0
    while gone < order.size:
        left, bar, size = _fill(rows, columns, left, keys, members, places)
        while size:
            key, member = keys[0], np.int64(members[0])
            size -= 1
            _sink(keys, members, places, size, 0, keys[size], members[size])
            _bring_near(
                row_offsets, following, column_offsets, followers, members[: min(size, _NEXT_MEMBERS)]
            )
            if member < n:
                rows[member] = _GONE
                ends = _ends(row_offsets, following, member, key)
                size = _lower_columns(ends, columns, bar, keys, members, places, size)
            else:
                loss, columns[member - n] = columns[member - n] & _LOW, _GONE_COLUMN
                ends = _ends(column_offsets, followers, member - n, key)
                size = _lower_rows(ends, rows, loss, bar, keys, members, places, size)
            order[gone] = member
            gone += 1
            total -= key
            if gone < order.size and total / (order.size - gone) > best:
                best, best_gone = total / (order.size - gone), gone
    return order, best_gone, best / UNIT


@compiled
def _begin(follows: Follows) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """What everybody holds at the start, and all follows together.

    Of a row the sum; of a column its weight, and from bit 32 on how many followers are left: their product
    is what it holds, and one place is read where two arrays would be two misses of the cache.
    """
    row_offsets, following, column_offsets, _ = follows
    n = row_offsets.size - 1
    rows, columns, weight = np.zeros(n, np.int64), np.empty(n, np.int64), np.empty(n, np.uint32)
    total = np.int64(0)
    for column in range(n):
        count = column_offsets[column + 1] - column_offsets[column]
        weight[column] = np.uint32(np.rint(UNIT / np.log(5.0 + count)))
        columns[column] = (count << 32) | np.int64(weight[column])
        total += _product(columns[column])
    for row in range(n):
        for column in following[row_offsets[row] : row_offsets[row + 1]]:
            rows[row] += np.int64(weight[column])
    return rows, columns, total


@compiled
def _who_is_left(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Members that hold anything."""
    left, size = np.empty(2 * rows.size, np.uint32), 0
    for member in range(2 * rows.size):
        left[size] = member
        size += _holds(rows, columns, member) > 0
    return left[:size].copy()


@compiled
def _holds(rows: NDArray[np.int64], columns: NDArray[np.int64], member: int) -> int:
    """What a member holds; 2^61 or more of those that are gone."""
    return rows[member] if member < rows.size else _product(columns[member - rows.size])


@compiled
def _product(packed: int) -> int:
    return (packed >> 32) * (packed & _LOW)


@compiled
def _fill(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    left: NDArray[np.uint32],
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
) -> tuple[NDArray[np.uint32], int, int]:
    """Who is left, the next bar, and how many are below it: those are in the heap."""
    held, kept, least = np.empty(left.size, np.int64), 0, _GONE
    for place in range(left.size):
        left[kept] = left[place]
        held[kept] = _holds(rows, columns, np.int64(left[place]))
        least = min(least, held[kept])
        kept += held[kept] < _GONE >> 1
    sample = np.empty(min(_SAMPLE, kept), np.int64)
    for place in range(sample.size):
        sample[place] = held[place * kept // sample.size]
    sample.sort()
    bar, size = max(sample[sample.size // _ONE_IN], least + 1), 0
    for place in range(kept):
        if held[place] < bar:
            _put(keys, members, places, size, held[place], left[place])
            size += 1
    for place in range((size >> _FOUR) + 1, 0, -1):
        if place <= size:
            _sink(keys, members, places, size, place - 1, keys[place - 1], members[place - 1])
    return left[:kept], bar, size


@compiled
def _bring_near(
    row_offsets: NDArray[np.int64],
    following: NDArray[np.uint32],
    column_offsets: NDArray[np.int64],
    followers: NDArray[np.uint32],
    ahead: NDArray[np.uint32],
) -> None:
    """Ask for the follows of those who go next: they lie far apart in memory."""
    n = row_offsets.size - 1
    for place in range(ahead.size):
        member = np.int64(ahead[place])
        if member < n:
            prefetch(following, row_offsets[member])
        else:
            prefetch(followers, column_offsets[member - n])


@compiled
def _ends(offsets: NDArray[np.int64], entries: NDArray[np.uint32], node: int, key: int) -> NDArray[np.uint32]:
    """The other ends of a member's follows; none where it holds nothing, because all are gone."""
    return entries[offsets[node] : offsets[node + 1] if key else offsets[node]]


@compiled
def _lower_columns(
    ends: NDArray[np.uint32],
    columns: NDArray[np.int64],
    bar: int,
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
    size: int,
) -> int:
    """A row was taken out: its columns have a follower less; the new size of the heap.

    Those that are gone are counted down with the others: to ask first would cost more.
    """
    for column in ends:
        columns[column] -= _FOLLOWER
        key = _product(columns[column])
        if key < bar:
            size = _lower(keys, members, places, size, columns.size + np.int64(column), key)
    return size


@compiled
def _lower_rows(
    ends: NDArray[np.uint32],
    rows: NDArray[np.int64],
    loss: int,
    bar: int,
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
    size: int,
) -> int:
    """A column was taken out: its rows hold less by its weight; the new size of the heap."""
    for row in ends:
        rows[row] -= loss
        if rows[row] < bar:
            size = _lower(keys, members, places, size, np.int64(row), rows[row])
    return size


@compiled
def _lower(
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
    size: int,
    member: int,
    key: int,
) -> int:
    """A member holds less: it rises in the heap, or joins it; the new size."""
    place = np.int64(places[member])
    if place < 0:
        place, size = size, size + 1
    while place:
        above = (place - 1) >> _FOUR
        if not _is_less(key, member, keys[above], members[above]):
            break
        _put(keys, members, places, place, keys[above], members[above])
        place = above
    _put(keys, members, places, place, key, member)
    return size


@compiled
def _sink(
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
    size: int,
    place: int,
    key: int,
    member: int,
) -> None:
    """Let a member sink from a place of the heap to where it belongs."""
    while (place << _FOUR) + 1 < size:
        first = (place << _FOUR) + 1
        least = first
        for child in range(first + 1, min(first + (1 << _FOUR), size)):
            if _is_less(keys[child], members[child], keys[least], members[least]):
                least = child
        if not _is_less(keys[least], members[least], key, member):
            break
        _put(keys, members, places, place, keys[least], members[least])
        place = least
    _put(keys, members, places, place, key, member)


@compiled
def _put(
    keys: NDArray[np.int64],
    members: NDArray[np.uint32],
    places: NDArray[np.int32],
    place: int,
    key: int,
    member: int,
) -> None:
    keys[place], members[place], places[member] = key, member, place


@compiled
def _is_less(key: int, member: int, other_key: int, other: int) -> bool:
    return key < other_key or (key == other_key and member < other)
