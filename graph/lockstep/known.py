"""The blocks that a search has met, so that none is grown or reported twice.

Belongs here: whether something is one of them. What a block is, and how it was found, does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.lockstep.counting import count_blocks, count_shared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import IntegerArray
    from graph.lockstep.counting import Part

ALIKE = 0.5
"""Two sets are one if more than this share of the accounts in either are in both."""

LEADS_BACK = 0.8
"""A start is one of a block's if this share of its accounts lies in it."""


class KnownBlocks:
    """Rows of blocks; for each account a list of the blocks among whose columns it is.

    Args:
        n_accounts: accounts of the network that is searched.
    """

    def __init__(self, n_accounts: int) -> None:
        self._rows: list[NDArray[np.int64]] = []
        self._sizes = np.zeros(64, dtype=np.int64)
        self._heads = np.full(n_accounts, -1, dtype=np.int64)
        self._following = np.zeros(0, dtype=np.int64)
        self._block = np.zeros(0, dtype=np.int64)
        self._used = 0

    def add(self, rows: Part, columns: Part) -> None:
        """Remember a block."""
        nodes, end = columns.nodes, self._used + columns.nodes.size
        if end > self._block.size:
            more = np.zeros(end, dtype=np.int64)  # doubles at least, so that copying stays cheap
            self._following = np.concatenate((self._following, more))
            self._block = np.concatenate((self._block, more))
        self._following[self._used : end] = self._heads[nodes]
        self._block[self._used : end] = len(self._rows)
        self._heads[nodes] = np.arange(self._used, end)
        self._used = end
        if len(self._rows) == self._sizes.size:
            self._sizes = np.concatenate((self._sizes, np.zeros_like(self._sizes)))
        self._sizes[len(self._rows)] = nodes.size
        self._rows.append(rows.nodes)

    def lead_back(self, columns: IntegerArray) -> bool:
        """Whether nearly all of a start lies in one block that was met already."""
        if not self._rows:
            return False
        return bool(self._shared(columns).max() >= LEADS_BACK * columns.size)

    def is_one_of_them(self, rows: Part, columns: Part) -> bool:
        """Whether both sides are alike those of one block: columns of all at once, then rows of the few."""
        if not self._rows:
            return False
        both = self._shared(columns.nodes)
        near = np.flatnonzero(both > ALIKE * (self._sizes[: both.size] + columns.nodes.size - both))
        return any(are_alike(rows.nodes, self._rows[each]) for each in near.tolist())

    def _shared(self, columns: IntegerArray) -> NDArray[np.int64]:
        """How many of these accounts are columns of each block, int64[blocks]."""
        return count_blocks(self._heads, self._following, self._block, columns, len(self._rows))


def are_alike(first: IntegerArray, second: IntegerArray) -> bool:
    """Whether two sorted sets are one: most of the accounts in either are in both."""
    both = count_shared(first, second)
    return both > ALIKE * (first.size + second.size - both)
