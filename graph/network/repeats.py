"""Pairs that stand in a list more than once: which of their rows is the last.

The pairs are scattered into rows by their first end, in the order in which they come (see
`graph.network.compressed_orders`). A stamp per node then tells whether the second end was already seen in the
row: the stamp holds the row that saw the node last. Going through a row backwards, the first sight of a node
is its last row in the list. No pair is compared with another, and no pair is sorted.

Cost: one scatter and one random access to a stamp per pair, twice where anything is repeated. Memory: 4 bytes
per pair, 12 where anything is repeated, and 12 per node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.network.compressed_orders import offsets_of_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AHEAD = 256
_NO_PLACES = np.zeros(0, dtype=np.int64)


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
    entries, _, _ = _rows(offsets, first, second, _NO_PLACES)
    if not _mark_repeats(offsets, entries, _NO_PLACES, np.zeros(0, dtype=np.bool_)):
        return None
    del entries
    entries, places, _ = _rows(offsets, first, second, np.empty(first.size, dtype=np.int64))
    stays = np.ones(first.size, dtype=np.bool_)
    _mark_repeats(offsets, entries, places, stays)
    return stays


@compiled
def _rows(offsets, first, second, places):  # noqa: ANN001, ANN202
    """The second ends in rows by the first; and, where there is room for it, where each pair stood."""
    entries = np.empty(first.size, np.uint32)
    following = offsets[:-1].copy()
    seen = np.uint32(0)
    for i in range(first.size):
        if i % _AHEAD == 0:
            for j in range(i, min(i + _AHEAD, first.size)):
                free = following[np.uint64(first[j])]
                if free < entries.size:
                    seen ^= entries[free]
        free = following[np.uint64(first[i])]
        following[np.uint64(first[i])] = free + 1
        entries[free] = second[i]
        if places.size:
            places[free] = i
    return entries, places, seen  # what was seen early has no meaning, but must not be left out as useless


@compiled
def _mark_repeats(offsets, entries, places, stays):  # noqa: ANN001, ANN202
    """How many pairs have an equal one later; where there is room for it, they are marked."""
    stamps = np.full(offsets.size - 1, -1, np.int64)
    repeats = 0
    for row in range(offsets.size - 1):
        for k in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            node = np.uint64(entries[k])
            if stamps[node] == row:
                repeats += 1
                if stays.size:
                    stays[places[k]] = False
            stamps[node] = row
    return repeats
