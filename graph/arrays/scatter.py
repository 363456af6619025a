"""Entries to their rows by counting, near the processor: nothing is compared, and little is waited for.

A *scatter* writes every entry to the next free place of its row, in the order in which entries come (counting
sort); where each row starts was counted before. Written straight to a million rows, every entry waits for
memory twice: for the next place of its row, and for that place. So the entries are dealt first: into about
`_RANGES` ranges of neighbouring rows, each of which is written from its start to its end. Then one range
after the other is settled: its rows, and what is written to them, fit near the processor.

A *transposition* scatters the rows of one compressed order by their entries. It goes through the rows in
ascending order, so the rows that it makes are sorted.

Cost: two passes, each of which reads and writes in order or nearly so. Room: 6 bytes per entry on the way, 10
where something comes along with them. What is read is read in pieces, so that mapped files of any size may be
given; where the room lies in files as well, no more than a piece of anything is in memory.

References:
    Knuth, The Art of Computer Programming, volume 3, section 5.2, algorithm D (distribution counting).
    Gustavson, "Two fast algorithms for sparse matrices: multiplication and permuted transposition", ACM
    Transactions on Mathematical Software 4, 1978.
    Satish, Kim, Chhugani, Nguyen, Lee, Kim, Dubey, "Fast sort on CPUs and GPUs", SIGMOD 2010: dealing by few
    digits at a time, so that what is written to stays near the processor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import in_memory, let_go, pieces, row_pieces
from graph.arrays.row_sums import read_only

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from graph.arrays.mapped import Room
    from graph.arrays.sparse_rows import IntegerArray

    Dealt = tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint32]]

NOTHING = np.zeros(0, dtype=np.uint32)
"""In place of what comes along with the entries, where nothing does."""

DEALT_BYTES = 6
"""Memory per entry on the way, beside what comes along."""

_RANGES = 1 << 8
_MOST_DIGITS = 16  # of a row within its range


def offsets_of_entries(n: int, entries: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each of n rows starts, int64[n + 1], when row i gets what comes with each i in `entries`."""
    counts = np.zeros(n, dtype=np.int64)
    for (piece,) in pieces(entries):
        count_entries(counts, read_only(piece, np.uint32))
    return offsets_of_counts(counts)


def offsets_of_counts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each row starts, int64[n + 1], when it gets so many entries."""
    offsets = np.zeros(counts.size + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


@compiled
def count_entries(counts: NDArray[np.int64], entries: NDArray[np.uint32]) -> None:
    """Add to the count of each row what comes with it."""
    for i in range(entries.size):
        counts[np.uint64(entries[i])] += 1


def scatter(
    offsets: IntegerArray,
    given: Iterable[tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]],
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    span: tuple[int, int],
    *,
    leave_equal: bool = False,
    room: Room = in_memory,
) -> None:
    """Write entries to their rows, in the order in which they come.

    Args:
        offsets: int64[n + 1], where each row starts in `out`.
        given: row of each entry, the entries, and what comes along with them or `NOTHING`, uint32 each; in
            as many pieces as they come in.
        out: uint32[offsets[n]] each, where both are written; the second one `NOTHING` where nothing comes
            along.
        span: first row and the row after the last that are written; what belongs to others is passed over.
        leave_equal: whether entries that name their own row are left out.
        room: gives the arrays to which entries are dealt, in memory by default.
    """
    ranges = (*span, _width(span))
    dealt, following = _dealt(offsets, span, out[1], room)
    for piece in given:
        fixed = tuple(read_only(array, np.uint32) for array in piece)
        _deal(following, fixed, ranges, dealt, leave_equal)
        let_go(*dealt)
    _settle(offsets, dealt, out, ranges)


def transpose(
    offsets: IntegerArray,
    given: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    new_offsets: IntegerArray,
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    span: tuple[int, int],
) -> None:
    """Write rows of the transposition; each comes out in ascending order.

    Args:
        offsets: int64[rows + 1], where each of the given rows starts.
        given: uint32[m] each, their entries and what comes along with them, or `NOTHING`.
        new_offsets: int64[n + 1], where each row of the transposition starts.
        out: uint32[m] each, where both are written.
        span: as for `scatter`, of the transposition.
    """
    ranges = (*span, _width(span))
    dealt, following = _dealt(new_offsets, span, out[1], in_memory)
    fixed = tuple(read_only(array, np.uint32) for array in given)
    for rows in row_pieces(offsets):
        _deal_rows(following, offsets, fixed, rows, ranges, dealt)
        let_go(*given)
    _settle(new_offsets, dealt, out, ranges)


def _dealt(
    offsets: IntegerArray, span: tuple[int, int], along: NDArray[np.uint32], room: Room
) -> tuple[Dealt, NDArray[np.int64]]:
    """Where rows within their range, entries, and what comes along are dealt to; where each range begins."""
    first, end = int(offsets[span[0]]), int(offsets[span[1]])
    size = end - first
    dealt = (
        room("scratch_near", -(-size // 2)).view(np.uint16),
        room("scratch_entries", size),
        room("scratch_along", size) if along.size else NOTHING,
    )
    return dealt, offsets[span[0] : span[1] : 1 << _width(span)] - first


def _settle(
    offsets: IntegerArray,
    dealt: Dealt,
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    ranges: tuple[int, int, int],
) -> None:
    """Write what was dealt to the rows of a span, so many ranges at a time as make a piece."""
    low, high, width = ranges
    bounds = np.append(offsets[low : high : 1 << width], offsets[high])
    for first, last in row_pieces(bounds):
        rows = low + (first << width), min(low + (last << width), high)
        _settle_rows(offsets, dealt, out, (*rows, width), bounds[0])
        let_go(*dealt, *out)


def _width(span: tuple[int, int]) -> int:
    """Binary digits of a row within its range, so that there are about `_RANGES` ranges, or that they fit."""
    wanted = (span[1] - span[0] - 1).bit_length() - _RANGES.bit_length() + 1
    return min(max(wanted, 0), _MOST_DIGITS)


@compiled
def _deal(following, edges, span, dealt, leave_equal):  # noqa: ANN001, ANN202
    """Put entries into the ranges of their rows, in the order of coming."""
    row, entry, along = edges
    low, high, width = span
    near, entries, dealt_along = dealt
    first, last, digits = np.uint64(low), np.uint64(high), np.uint64(width)
    within = (np.uint64(1) << digits) - np.uint64(1)
    for i in range(row.size):
        at = np.uint64(row[i])
        if at < first or at >= last or (leave_equal and row[i] == entry[i]):
            continue
        at -= first
        place = following[at >> digits]
        following[at >> digits] = place + 1
        near[place] = at & within
        entries[place] = entry[i]
        if along.size > 0:
            dealt_along[place] = along[i]


@compiled
def _deal_rows(following, offsets, given, rows, span, dealt):  # noqa: ANN001, ANN202
    """The same for the entries of some compressed rows: each goes to the range of the row that it names."""
    old, along = given
    low, high, width = span
    near, entries, dealt_along = dealt
    first, last, digits = np.uint64(low), np.uint64(high), np.uint64(width)
    within = (np.uint64(1) << digits) - np.uint64(1)
    for row in range(rows[0], rows[1]):
        for k in range(offsets[row], offsets[row + 1]):
            at = np.uint64(old[k])
            if at < first or at >= last:
                continue
            at -= first
            place = following[at >> digits]
            following[at >> digits] = place + 1
            near[place] = at & within
            entries[place] = row
            if along.size > 0:
                dealt_along[place] = along[k]


@compiled
def _settle_rows(offsets, dealt, out, span, begin):  # noqa: ANN001, ANN202
    """Write what was dealt to some rows, range by range; what was dealt first belongs to place `begin`."""
    near, dealt_entries, dealt_along = dealt
    entries, along = out
    low, high, width = span
    for base in range(low, high, 1 << width):
        end = min(base + (1 << width), high)
        following = offsets[base:end].copy()
        for i in range(offsets[base] - begin, offsets[end] - begin):
            place = following[near[i]]
            following[near[i]] = place + 1
            entries[place] = dealt_entries[i]
            if dealt_along.size > 0:
                along[place] = dealt_along[i]
