"""Array types and the few moves on compressed sparse rows that several kernels share.

Here belong type aliases and mechanics without meaning: gathering rows, summing over rows. What a row stands
for (who follows whom, who replied to whom) belongs to the kernels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntegerArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

ENTRIES_AT_ONCE = 4_000_000  # keeps the temporary arrays of a pass to some tens of megabytes


def sorted_unique(values: NDArray[Any]) -> NDArray[Any]:
    """The values that occur, each once and in order, as `numpy.unique` gives them.

    That one hashes them before it sorts: for a million integers fifteen times the work of sorting alone.
    """
    ordered = np.sort(values, axis=None)
    is_first = np.ones(ordered.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def row_lengths(offsets: IntegerArray) -> NDArray[np.int64]:
    """Number of entries in every row, int64[rows]."""
    return np.diff(np.asarray(offsets)).astype(np.int64, copy=False)


def take_rows(
    offsets: IntegerArray, targets: IntegerArray, rows: IntegerArray
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Gather some rows and lay them end to end.

    Args:
        offsets: int64[n + 1], row i is ``targets[offsets[i]:offsets[i + 1]]``.
        targets: the entries.
        rows: which rows, in the order wanted; a row may be named twice.

    Returns:
        Two arrays of one length: the position in `rows` that each entry came from, and the entry.
    """
    rows = np.asarray(rows, dtype=np.int64)
    starts = np.asarray(offsets)[rows]
    lengths = np.asarray(offsets)[rows + 1] - starts
    position = np.repeat(np.arange(rows.size, dtype=np.int64), lengths)
    first_of_row = np.cumsum(lengths) - lengths
    entry = np.repeat(starts - first_of_row, lengths)
    entry += np.arange(entry.size, dtype=np.int64)
    return position, np.asarray(targets)[entry]


def count_shared(first: IntegerArray, second: IntegerArray) -> int:
    """How many values two sorted arrays without repetitions share, without sorting them together."""
    small, large = (first, second) if first.size <= second.size else (second, first)
    if not small.size:
        return 0
    place = np.minimum(np.searchsorted(large, small), large.size - 1)
    return int(np.count_nonzero(large[place] == small))


def sum_over_rows(offsets: IntegerArray, targets: IntegerArray, values: FloatArray) -> FloatArray:
    """For every row the sum of `values` over its entries, float64[rows]; an empty row sums to 0.

    Works through the entries in pieces, so that memory-mapped rows of any size need little memory.
    """
    offsets = np.asarray(offsets)
    sums = np.zeros(offsets.size - 1)
    row = 0
    while row < sums.size:
        # as many whole rows as fit, and at least one
        end = int(np.searchsorted(offsets, offsets[row] + ENTRIES_AT_ONCE, side="right")) - 1
        end = min(max(end, row + 1), sums.size)
        piece = values[targets[offsets[row] : offsets[end]]]
        running = np.concatenate(([0], offsets[row : end + 1] - offsets[row]))
        filled = np.flatnonzero(np.diff(running[1:]))
        # reduceat gives an empty row its neighbour's first value, so only rows with entries are summed
        if filled.size:
            sums[row + filled] = np.add.reduceat(piece, running[1:][filled])
        row = end
    return sums
