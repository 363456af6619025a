"""Pairs that stand in a list more than once: which of their rows is the last.

The pairs are scattered into rows by their first end, in the order in which they come (see
`graph.arrays.scatter`). A stamp per node then tells whether the second end was already seen in the row: the
stamp holds the row that saw the node last. Going through a row backwards, the first sight of a node is its
last row in the list. No pair is compared with another, and no pair is sorted.

Cost: one scatter and one random access to a stamp per pair, and one more to its mark where anything is
repeated; each range of rows whose pairs fit in the memory allowed goes over all pairs once more. Memory: 11
bytes per pair of a range, 1 for each of the others, and 16 per node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import pieces, row_pieces
from graph.arrays.prefetch import AHEAD, prefetch_to_write
from graph.arrays.row_sums import read_only
from graph.arrays.scatter import NOTHING, ranges_of_entries, scatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT_ONCE = 400_000_000
"""Pairs of a range of rows: some four gigabytes."""

_NOBODY = np.uint32(0xFFFFFFFF)


def last_of_each(
    n: int, first: NDArray[np.uint32], second: NDArray[np.uint32], *, at_once: int = AT_ONCE
) -> NDArray[np.bool_] | None:
    """Which rows stay when of equal pairs only the last does.

    Args:
        n: Number of nodes; the ends are below it.
        first: uint32[m].
        second: uint32[m].
        at_once: Pairs of a range of rows, about.

    Returns:
        bool[m], or None where no pair is repeated.
    """
    ranges = ranges_of_entries(n, first)
    stays: NDArray[np.bool_] | None = None
    for span in row_pieces(ranges.starts, at_once):
        low, high = ranges.rows(span)
        entries = np.empty(int(ranges.starts[span[1]] - ranges.starts[span[0]]), dtype=np.uint32)
        given = ((a, b, NOTHING) for a, b in pieces(first, second))
        offsets = scatter(ranges, given, (entries, NOTHING), span)
        is_last = np.ones(entries.size, dtype=np.bool_)
        if _mark_repeats(offsets, entries, is_last, n):
            stays = np.ones(first.size, dtype=np.bool_) if stays is None else stays
            del entries
            at, following = 0, offsets[:-1].copy()
            for (piece,) in pieces(first):
                came = stays[at : at + piece.size]
                _as_they_came(following, read_only(piece, np.uint32), is_last, came, low, high)
                at += piece.size
    return stays


@compiled
def _mark_repeats(offsets, entries, is_last, n):  # noqa: ANN001, ANN202
    """How many entries of the rows have an equal one later in their row; these are marked."""
    stamps = np.full(n, _NOBODY, np.uint32)
    repeats = 0
    for row in range(offsets.size - 1):
        for k in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            prefetch_to_write(stamps, entries[max(k - AHEAD, 0)])
            node = np.uint64(entries[k])
            if stamps[node] == row:
                repeats += 1
                is_last[k] = False
            stamps[node] = row
    return repeats


@compiled
def _as_they_came(following, first, marks, came, low, high):  # noqa: ANN001, ANN202
    """Write the marks of the entries of rows `low` to `high - 1` in the order in which the entries came."""
    begin, end = np.uint64(low), np.uint64(high)
    for i in range(first.size):
        row = np.uint64(first[i])
        if begin <= row < end:
            came[i] = marks[following[row - begin]]
            following[row - begin] += 1
