"""Work cut into pieces, so that memory depends on the piece and not on the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import IntegerArray


def spans(work: IntegerArray, at_once: int) -> list[tuple[int, int]]:
    """Cut rows into consecutive spans of at most `at_once` work each; a row that exceeds it is one by itself.

    Args:
        work: int[rows], what each row costs, ≥ 0.
        at_once: the most that a span may cost, > 0.

    Returns:
        First row and row after the last of each span, in order; together they hold every row once.
    """
    ends = np.cumsum(work)
    found, low = [], 0
    while low < ends.size:
        done = ends[low - 1] if low else 0
        high = max(int(np.searchsorted(ends, done + at_once, side="right")), low + 1)
        found.append((low, high))
        low = high
    return found
