"""Sums over compressed sparse rows: the one pass over the edges that walks and counts are made of.

With A the rows (their weights, or 1 for each entry) and x a value per entry::

    sums_i = Σ over the entries j of row i:  A_ij · x_j          that is, A · x

A pass reads the entries in order and gathers the values at random, so it costs what the machine's gathers
cost. Values may be float32, which halves what has to be near the processor; sums are made in float64. Every
row is summed by one thread, in the order of its entries: the same sums on any number of threads. Reversing
rows belongs here too; what rows stand for is for the callers to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import prange

from graph.arrays.compiled import compiled, compiled_parallel
from graph.arrays.mapped import PIECE, is_mapped, let_go, row_pieces
from graph.arrays.prefetch import AHEAD, NEAR_BYTES, prefetch

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

PIECES = 16
"""Pieces of about as many entries, which the threads share out."""
WORTH_SHARING = 200_000
"""Fewer entries than this are summed by one thread: waking others takes longer."""

_LINE = 64  # bytes that come from memory at once


class Rows:
    """Compressed sparse rows, ready to be summed over again and again.

    Args:
        offsets: int64[rows + 1], row i is ``entries[offsets[i]:offsets[i + 1]]``.
        entries: uint32[entries]; memory-mapped arrays are read where they lie.
        weights: float64[entries], or None for 1 each.
        wanted: bool[rows], rows to sum over; the others count as empty. All by default.
    """

    def __init__(
        self,
        offsets: IntegerArray,
        entries: IntegerArray,
        weights: FloatArray | None = None,
        wanted: BoolArray | None = None,
    ) -> None:
        self.offsets = read_only(offsets, np.int64)
        self.entries = read_only(entries, np.uint32)
        self.weights = read_only(() if weights is None else weights, np.float64)
        self.wanted = read_only(() if wanted is None else wanted, np.bool_)

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.offsets.size - 1

    def only(self, wanted: BoolArray) -> Rows:
        """The same rows, of which only some are wanted."""
        weights = self.weights if self.weights.size else None
        return Rows(self.offsets, self.entries, weights, wanted)

    def renumbered(self, order: IntegerArray) -> Rows:
        """The same rows, and the same things in them, under other numbers: row ``order[k]`` becomes row k.

        What is named often and gets low numbers lies close together, so that most gathers find it near the
        processor; one pass over the entries makes a copy of them.

        Args:
            order: every row once; rows and entries count the same things.
        """
        order = read_only(order, np.uint32)
        rank = np.empty(order.size, dtype=np.uint32)
        rank[order] = np.arange(order.size, dtype=np.uint32)
        rank = read_only(rank, np.uint32)
        offsets = np.zeros(order.size + 1, dtype=np.int64)
        np.cumsum(np.diff(self.offsets)[order], out=offsets[1:])
        entries, weights = np.empty(self.entries.size, np.uint32), np.empty(self.weights.size)
        rows, renumbered = (self.offsets, self.entries, self.weights), (offsets, entries, weights)
        for first, last in self._at_once():
            _renumber(rows, rank, first, last, renumbered)
            self._let_go()
        return Rows(offsets, entries, weights if weights.size else None)

    def cuts(self, pieces: int, last: int | None = None, first: int = 0) -> NDArray[np.int64]:
        """Rows at which the entries fall into so many pieces of about one size, int64[pieces + 1].

        Args:
            pieces: how many.
            last: only the rows before this one are cut; all by default.
            first: only the rows from this one on are cut.
        """
        last = self.size if last is None else last
        places = np.linspace(int(self.offsets[first]), int(self.offsets[last]), pieces + 1)
        cuts = np.clip(np.searchsorted(self.offsets, places), first, last).astype(np.int64)
        cuts[0], cuts[-1] = first, last
        return cuts

    def sums(self, values: NDArray[np.floating[Any]], cuts: NDArray[np.int64] | None = None) -> FloatArray:
        """Sum of the values of each row's entries, float64[rows] or [rows, B].

        Args:
            values: float32 or float64, [n] or [n, B], for the entries 0 … n - 1.
            cuts: rows, ascending: sums are made from the first to the last of them, and a thread takes what
                lies between two. All rows by default; of a large mapped file a piece at a time is in memory.
        """
        if cuts is not None:
            sums = np.empty((int(cuts[-1] - cuts[0]), *values.shape[1:]))
            self._sum(values, cuts, sums)
            return sums
        sums = np.empty((self.size, *values.shape[1:]))
        for first, last in self._at_once():
            self._sum(values, self.cuts(PIECES, first=first, last=last), sums[first:last])
            self._let_go()
        return sums

    def _sum(
        self, values: NDArray[np.floating[Any]], cuts: NDArray[np.int64], sums: NDArray[np.float64]
    ) -> None:
        """Write the sums of the rows from the first cut to the last."""
        flat = read_only(values, values.dtype).reshape(-1)
        columns = values.shape[1] if values.ndim == 2 else 1
        rows = (self.offsets, self.entries, self.weights, self.wanted)
        first, last = int(cuts[0]), int(cuts[-1])
        if self.offsets[last] - self.offsets[first] < WORTH_SHARING:
            _sum_piece(rows, flat, first, last, first, columns, sums.reshape(-1))
        else:
            _sum_shared(rows, flat, read_only(cuts, np.int64), columns, sums.reshape(-1))

    @property
    def _is_large_file(self) -> bool:
        """Whether the entries lie in a mapped file of which no more than a piece is to be in memory."""
        return self.entries.size > PIECE and is_mapped(self.entries)

    def _at_once(self) -> list[tuple[int, int]]:
        """First row and row after the last of what is gone through at once."""
        return row_pieces(self.offsets) if self._is_large_file else [(0, self.size)]

    def _let_go(self) -> None:
        if self._is_large_file:
            let_go(self.entries, self.weights)


def reversed_rows(
    offsets: IntegerArray, entries: IntegerArray, weights: FloatArray | None = None, n_rows: int | None = None
) -> Rows:
    """The rows read the other way: for every entry the rows that name it, ascending, with their weights.

    A counting sort: one pass counts, one writes; rows come in order, so each new row is sorted.

    Args:
        offsets: int64[rows + 1].
        entries: uint32[entries], below `n_rows`.
        weights: float64[entries], or None for 1 each.
        n_rows: rows of the result, as many as there are now by default.
    """
    rows = Rows(offsets, entries, weights)
    n_rows = rows.size if n_rows is None else n_rows
    if rows.entries.size and int(rows.entries.max()) >= n_rows:
        raise ValueError(
            f"Entries run up to {int(rows.entries.max())}, but there are {n_rows} rows for them."
        )
    starts, sources, carried = _reversed(rows.offsets, rows.entries, rows.weights, n_rows)
    return Rows(starts, sources, None if weights is None else carried)


def read_only(array: Any, dtype: DTypeLike) -> NDArray[Any]:
    """A contiguous view that is not written to.

    One type for what was loaded and what is memory-mapped: each type of argument is a compilation.
    """
    view = np.ascontiguousarray(np.asarray(array), dtype=dtype).view()
    view.flags.writeable = False
    return view


@compiled_parallel
def _sum_shared(rows, values, cuts, columns, sums):  # noqa: ANN001, ANN202
    """The rows from cuts[0] on, a piece between two cuts for each thread in turn."""
    for piece in prange(cuts.size - 1):
        _sum_piece(rows, values, cuts[piece], cuts[piece + 1], cuts[0], columns, sums)


@compiled
def _sum_piece(rows, values, first, last, origin, columns, sums):  # noqa: ANN001, ANN202
    """Write the sums of some rows; `values` and `sums` are [·, columns] laid flat.

    What is gathered is asked for `AHEAD` entries before, across the ends of rows too, up to the entry `stop`.
    """
    offsets, entries, weights, wanted = rows
    stop = offsets[last] if values.nbytes > NEAR_BYTES else 0
    for row in range(first, last):
        start = offsets[row]
        end = offsets[row + 1]
        if wanted.size > 0 and not wanted[row]:
            end = start
        place = (row - origin) * columns
        if columns == 2 and weights.size == 0:
            sums[place], sums[place + 1] = _plain_sums_of_two(entries, values, start, end, stop)
        elif columns > 1:
            _add_many(entries, weights, values, start, end, stop, sums[place : place + columns])
        elif weights.size > 0:
            sums[place] = _weighted_sum(entries, weights, values, start, end, stop)
        else:
            sums[place] = _plain_sum(entries, values, start, end, stop)


@compiled
def _plain_sum(entries, values, start, end, stop):  # noqa: ANN001, ANN202
    """Two sums in turn: the next addition need not wait for the one before."""
    even = 0.0
    odd = 0.0
    for place in range(start, end - 1, 2):
        if place + 1 + AHEAD < stop:
            prefetch(values, entries[place + AHEAD])
            prefetch(values, entries[place + 1 + AHEAD])
        even += values[entries[place]]
        odd += values[entries[place + 1]]
    if (end - start) % 2:
        if end - 1 + AHEAD < stop:
            prefetch(values, entries[end - 1 + AHEAD])
        even += values[entries[end - 1]]
    return even + odd


@compiled
def _plain_sums_of_two(entries, values, start, end, stop):  # noqa: ANN001, ANN202
    """Sums of two columns at once: they lie side by side, and one gather brings both."""
    even = odd = even_of_other = odd_of_other = 0.0
    for place in range(start, end - 1, 2):
        if place + 1 + AHEAD < stop:
            prefetch(values, np.uint64(2) * entries[place + AHEAD])
            prefetch(values, np.uint64(2) * entries[place + 1 + AHEAD])
        first, second = np.uint64(2) * entries[place], np.uint64(2) * entries[place + 1]
        even += values[first]
        even_of_other += values[first + np.uint64(1)]
        odd += values[second]
        odd_of_other += values[second + np.uint64(1)]
    if (end - start) % 2:
        if end - 1 + AHEAD < stop:
            prefetch(values, np.uint64(2) * entries[end - 1 + AHEAD])
        last = np.uint64(2) * entries[end - 1]
        even += values[last]
        even_of_other += values[last + np.uint64(1)]
    return even + odd, even_of_other + odd_of_other


@compiled
def _weighted_sum(entries, weights, values, start, end, stop):  # noqa: ANN001, ANN202
    total = 0.0
    for place in range(start, end):
        if place + AHEAD < stop:
            prefetch(values, entries[place + AHEAD])
        total += weights[place] * values[entries[place]]
    return total


@compiled
def _add_many(entries, weights, values, start, end, stop, sums):  # noqa: ANN001, ANN202
    """One row of sums, a column each; without weights four entries at a time, so that sums may rest."""
    sums[:] = 0.0
    columns = np.uint64(sums.size)
    line = _LINE // values.itemsize
    place = start
    while weights.size == 0 and place + 4 <= end:
        for ahead in range(place + AHEAD, min(place + 4 + AHEAD, stop)):
            soon = np.uint64(entries[ahead]) * columns
            for column in range(0, sums.size, line):
                prefetch(values, soon + np.uint64(column))
            prefetch(values, soon + columns - np.uint64(1))
        a, b = np.uint64(entries[place]) * columns, np.uint64(entries[place + 1]) * columns
        c, d = np.uint64(entries[place + 2]) * columns, np.uint64(entries[place + 3]) * columns
        for column in range(sums.size):
            k = np.uint64(column)
            pair = np.float64(values[a + k]) + values[b + k]
            sums[column] += pair + (np.float64(values[c + k]) + values[d + k])
        place += 4
    while place < end:
        if place + AHEAD < stop:
            soon = np.uint64(entries[place + AHEAD]) * columns
            for column in range(0, sums.size, line):
                prefetch(values, soon + np.uint64(column))
            prefetch(values, soon + columns - np.uint64(1))
        weight = weights[place] if weights.size > 0 else 1.0
        first = np.uint64(entries[place]) * columns
        for column in range(sums.size):
            sums[column] += weight * values[first + np.uint64(column)]
        place += 1


@compiled
def _reversed(offsets, entries, weights, n_rows):  # noqa: ANN001, ANN202
    """Offsets, entries and weights of the reversed rows."""
    starts = np.zeros(n_rows + 1, np.int64)
    for place in range(entries.size):
        starts[entries[place] + 1] += 1
    for row in range(n_rows):
        starts[row + 1] += starts[row]
    filled = starts[:n_rows].copy()
    sources = np.empty(entries.size, np.uint32)
    carried = np.empty(weights.size)
    for row in range(offsets.size - 1):
        for place in range(offsets[row], offsets[row + 1]):
            to = filled[entries[place]]
            filled[entries[place]] += 1
            sources[to] = row
            if weights.size > 0:
                carried[to] = weights[place]
    return starts, sources, carried


@compiled
def _renumber(rows, rank, first, last, renumbered):  # noqa: ANN001, ANN202
    """Write where they come to lie the entries and weights of the rows `first` to `last`, read in order."""
    offsets, entries, weights = rows
    starts, named, carried = renumbered
    for row in range(first, last):
        to = starts[rank[row]]
        for place in range(offsets[row], offsets[row + 1]):
            named[to] = rank[entries[place]]
            if weights.size > 0:
                carried[to] = weights[place]
            to += 1
