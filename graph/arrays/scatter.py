"""Entries to their rows by counting, near the processor: nothing is compared, and little is waited for.

A *scatter* writes every entry to the next free place of its row, in the order in which entries come (counting
sort). Written straight to a million rows, every entry waits for memory three times: for the count of its row,
for the next place of its row, and for that place. So the entries are dealt first: into about `_RANGES` ranges
of neighbouring rows, each of which is written from its start to its end, and of which alone it has to be
known beforehand how many entries they get. Then one range after the other is settled: its rows are counted
and written, and they, and what is written to them, fit near the processor.

A *transposition* scatters the rows of one compressed order by their entries. It goes through the rows in
ascending order, so the rows that it makes are sorted.

What is written to next is asked for before (see `graph.arrays.prefetch`): the next lines of a range while it
is dealt to, the next places of rows while it is settled.

Cost: three passes, of which the first only counts and each reads and writes in order or nearly so. Room: 6
bytes per entry on the way, 10 where something comes along with them. What is read is read in pieces, so that
mapped files of any size may be given; where the room lies in files as well, no more than a piece of anything
is in memory.

References:
    Knuth, The Art of Computer Programming, volume 3, section 5.2, algorithm D (distribution counting).
    Gustavson, "Two fast algorithms for sparse matrices: multiplication and permuted transposition", ACM
    Transactions on Mathematical Software 4, 1978.
    Satish, Kim, Chhugani, Nguyen, Lee, Kim, Dubey, "Fast sort on CPUs and GPUs", SIGMOD 2010: dealing by few
    digits at a time, so that what is written to stays near the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import in_memory, let_go, pieces, row_pieces
from graph.arrays.prefetch import AHEAD, prefetch_to_write
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
"""Room per entry on the way, beside what comes along."""

_RANGES = 1 << 8
_MOST_DIGITS = 16  # of a row within its range


@dataclass(frozen=True)
class Ranges:
    """Rows in ranges of neighbours, and where the entries of each range begin.

    Attributes:
        n: Number of rows.
        width: Binary digits of a row within its range.
        starts: int64[ranges + 1]; the entries of range i take the places from `starts[i]` up to
            `starts[i + 1]`.
    """

    n: int
    width: int
    starts: NDArray[np.int64]

    def rows(self, span: tuple[int, int]) -> tuple[int, int]:
        """First row and row after the last of the ranges from `span[0]` up to `span[1]`."""
        low, high = (min(at << self.width, self.n) for at in span)
        return low, high

    @property
    def all(self) -> tuple[int, int]:
        """All ranges as one span."""
        return 0, self.starts.size - 1


def width_for(n: int) -> int:
    """Binary digits of a row within its range: n rows make about `_RANGES` ranges or, to fit, some more."""
    wanted = (n - 1).bit_length() - _RANGES.bit_length() + 1
    return min(max(wanted, 0), _MOST_DIGITS)


def ranges_of_counts(n: int, counts: NDArray[np.int64]) -> Ranges:
    """The ranges of n rows whose ranges get so many entries."""
    return Ranges(n, width_for(n), offsets_of_counts(counts))


def no_counts(n: int) -> NDArray[np.int64]:
    """A zero for each range of n rows."""
    return np.zeros(-(-n >> width_for(n)) if n else 0, dtype=np.int64)


def ranges_of_entries(n: int, entries: NDArray[np.uint32]) -> Ranges:
    """The ranges of n rows when row i gets what comes with each i in `entries`."""
    counts = no_counts(n)
    for (piece,) in pieces(entries):
        _count_ranges(counts, read_only(piece, np.uint32), width_for(n))
    return ranges_of_counts(n, counts)


def offsets_of_counts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each row starts, int64[n + 1], when it gets so many entries."""
    offsets = np.zeros(counts.size + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def counts_of_entries(n: int, entries: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many of the entries each of n rows gets, int64[n], when row i gets what comes with each i."""
    counts = np.zeros(n, dtype=np.int64)
    for (piece,) in pieces(entries):
        count_entries(counts, read_only(piece, np.uint32))
    return counts


@compiled
def count_entries(counts: NDArray[np.int64], entries: NDArray[np.uint32]) -> None:
    """Add to the count of each row what comes with it."""
    for i in range(entries.size):
        counts[np.uint64(entries[i])] += 1


def scatter(
    ranges: Ranges,
    given: Iterable[tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]],
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    span: tuple[int, int],
    *,
    leave_equal: bool = False,
    room: Room = in_memory,
) -> NDArray[np.int64]:
    """Write entries to their rows, in the order in which they come.

    Args:
        ranges: Of all rows.
        given: Row of each entry, the entries, and what comes along with them or `NOTHING`, uint32 each; in
            as many pieces as they come in.
        out: uint32 each, as many as belong to the span: where both are written; the second one `NOTHING`
            where nothing comes along.
        span: First range and range after the last that are written; what belongs to others is passed over.
        leave_equal: Whether entries that name their own row are left out; the ranges do not count them.
        room: Gives the arrays to which entries are dealt, in memory by default.

    Returns:
        int64[rows of the span + 1], where each row starts in `out`.
    """
    dealt, following = _dealt(ranges, span, out[1], room)
    shape = (*ranges.rows(span), ranges.width)
    for piece in given:
        fixed = tuple(read_only(array, np.uint32) for array in piece)
        _deal(following, fixed, shape, dealt, leave_equal)
        let_go(*dealt)
    return _settled(ranges, dealt, out, span)


def transpose(
    offsets: IntegerArray,
    given: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    ranges: Ranges,
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    span: tuple[int, int],
    *,
    room: Room = in_memory,
) -> NDArray[np.int64]:
    """Write rows of the transposition; each comes out in ascending order.

    Args:
        offsets: int64[rows + 1], where each of the given rows starts.
        given: uint32[m] each, their entries and what comes along with them, or `NOTHING`.
        ranges: Of the rows of the transposition.
        out: As for `scatter`.
        span: Likewise, of the transposition.
        room: As for `scatter`.

    Returns:
        int64[rows of the span + 1], where each row of the transposition starts in `out`.
    """
    dealt, following = _dealt(ranges, span, out[1], room)
    shape = (*ranges.rows(span), ranges.width)
    fixed = tuple(read_only(array, np.uint32) for array in given)
    for rows in row_pieces(offsets):
        _deal_rows(following, offsets, fixed, rows, shape, dealt)
        let_go(*given)
    return _settled(ranges, dealt, out, span)


def _dealt(
    ranges: Ranges, span: tuple[int, int], along: NDArray[np.uint32], room: Room
) -> tuple[Dealt, NDArray[np.int64]]:
    """Where rows within their range, entries, and what comes along are dealt to; where each range begins."""
    starts = ranges.starts[span[0] : span[1] + 1] - ranges.starts[span[0]]
    size = int(starts[-1])
    dealt = (
        room("scratch_near", -(-size // 2)).view(np.uint16),
        room("scratch_entries", size),
        room("scratch_along", size) if along.size else NOTHING,
    )
    return dealt, starts[:-1].copy()


def _settled(
    ranges: Ranges, dealt: Dealt, out: tuple[NDArray[np.uint32], NDArray[np.uint32]], span: tuple[int, int]
) -> NDArray[np.int64]:
    """Write what was dealt to the rows of a span, a piece at a time; where each row starts."""
    low, high = ranges.rows(span)
    starts = ranges.starts[span[0] : span[1] + 1] - ranges.starts[span[0]]
    offsets = np.zeros(high - low + 1, dtype=np.int64)
    for piece in row_pieces(starts):
        _settle(offsets, dealt, out, starts, piece, ranges.width)
        let_go(*dealt, *out)
    return offsets


@compiled
def _count_ranges(counts, rows, width):  # noqa: ANN001, ANN202
    """Add to the count of each range of rows what comes with them."""
    digits = np.uint64(width)
    for i in range(rows.size):
        counts[np.uint64(rows[i]) >> digits] += 1


@compiled
def _deal(following, edges, shape, dealt, leave_equal):  # noqa: ANN001, ANN202
    """Put entries into the ranges of their rows, in the order of coming."""
    row, entry, along = edges
    low, high, width = shape
    near, entries, dealt_along = dealt
    first, last, digits = np.uint64(low), np.uint64(high), np.uint64(width)
    within, ahead = (np.uint64(1) << digits) - np.uint64(1), np.uint64(AHEAD)
    for i in range(row.size):
        at = np.uint64(row[i])
        if at < first or at >= last or (leave_equal and row[i] == entry[i]):
            continue
        at -= first
        place = np.uint64(following[at >> digits])
        following[at >> digits] += 1
        near[place] = at & within
        entries[place] = entry[i]
        prefetch_to_write(near, place + ahead)
        prefetch_to_write(entries, place + ahead)
        if along.size > 0:
            dealt_along[place] = along[i]
            prefetch_to_write(dealt_along, place + ahead)


@compiled
def _deal_rows(following, offsets, given, rows, shape, dealt):  # noqa: ANN001, ANN202
    """The same for the entries of some compressed rows: each goes to the range of the row that it names."""
    old, along = given
    low, high, width = shape
    near, entries, dealt_along = dealt
    first, last, digits = np.uint64(low), np.uint64(high), np.uint64(width)
    within, ahead = (np.uint64(1) << digits) - np.uint64(1), np.uint64(AHEAD)
    for row in range(rows[0], rows[1]):
        for k in range(offsets[row], offsets[row + 1]):
            at = np.uint64(old[k])
            if at < first or at >= last:
                continue
            at -= first
            place = np.uint64(following[at >> digits])
            following[at >> digits] += 1
            near[place] = at & within
            entries[place] = row
            prefetch_to_write(near, place + ahead)
            prefetch_to_write(entries, place + ahead)
            if along.size > 0:
                dealt_along[place] = along[k]
                prefetch_to_write(dealt_along, place + ahead)


@compiled
def _settle(offsets, dealt, out, starts, span, width):  # noqa: ANN001, ANN202
    """Count and write what was dealt to some ranges, one after the other, and where their rows start."""
    near, dealt_entries, dealt_along = dealt
    entries, along = out
    for one in range(span[0], span[1]):
        low, high = one << width, min((one + 1) << width, offsets.size - 1)
        following = np.zeros(high - low, np.int64)
        for i in range(starts[one], starts[one + 1]):
            following[near[i]] += 1
        place = starts[one]
        for row in range(high - low):
            offsets[low + row] = place
            place += following[row]
            following[row] = offsets[low + row]
        offsets[high] = place
        last = starts[one + 1] - 1
        for i in range(starts[one], starts[one + 1]):
            soon = np.uint64(following[near[min(i + AHEAD, last)]])
            prefetch_to_write(entries, soon)
            to = np.uint64(following[near[i]])
            following[near[i]] += 1
            entries[to] = dealt_entries[i]
            if dealt_along.size > 0:
                prefetch_to_write(along, soon)
                along[to] = dealt_along[i]
