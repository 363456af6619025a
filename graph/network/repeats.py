"""Pairs that stand in a list more than once: which of their rows is the last.

The pairs are scattered into rows by their first end, in the order in which they come (see
`graph.arrays.scatter`). A stamp per node then tells whether the second end was already seen in the row: the
stamp holds the row that saw the node last. Going through a row backwards, the first sight of a node is its
last row in the list. No pair is compared with another, and no pair is sorted.

Cost: one scatter and one random access to a stamp per pair, and one more to its mark where anything is
repeated. Memory: 13 bytes per pair, and 12 per node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.scatter import NOTHING, offsets_of_entries, scatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOBODY = np.uint32(0xFFFFFFFF)


def last_of_each(n: int, first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.bool_] | None:
    """Which rows stay when of equal pairs only the last does.

    Args:
        n: Number of nodes; the ends are below it.
        first: uint32[m].
        second: uint32[m].

    Returns:
        bool[m], or None where no pair is repeated.
    """
    offsets = offsets_of_entries(n, first)
    entries = np.empty(first.size, dtype=np.uint32)
    scatter(offsets, first, (second, NOTHING), (entries, NOTHING), (0, n))
    is_last = np.ones(first.size, dtype=np.bool_)
    if not _mark_repeats(offsets, entries, is_last):
        return None
    del entries
    return _as_they_came(offsets, first, is_last)


@compiled
def _mark_repeats(offsets, entries, is_last):  # noqa: ANN001, ANN202
    """How many entries have an equal one later in their row; these are marked."""
    stamps = np.full(offsets.size - 1, _NOBODY, np.uint32)
    repeats = 0
    for row in range(offsets.size - 1):
        for k in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            node = np.uint64(entries[k])
            if stamps[node] == row:
                repeats += 1
                is_last[k] = False
            stamps[node] = row
    return repeats


@compiled
def _as_they_came(offsets, first, marks):  # noqa: ANN001, ANN202
    """Marks of entries in rows, in the order in which the entries came."""
    following = offsets[:-1].copy()
    came = np.empty(first.size, np.bool_)
    for i in range(first.size):
        row = np.uint64(first[i])
        came[i] = marks[following[row]]
        following[row] += 1
    return came
