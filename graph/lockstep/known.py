"""The blocks that a search has met, so that none is grown or reported twice.

Belongs here: whether something is one of them. What a block is, and how it was found, does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.compiled import compiled
from graph.lockstep.counting import Part, count_blocks, count_shared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import IntegerArray

ALIKE = 0.5
"""Two sets are one if more than this share of the accounts in either are in both."""

LEADS_BACK = 0.8
"""A start is one of a block's if this share of its accounts lies in it."""


class Met(NamedTuple):
    """Blocks that were met, as a kernel reads them.

    Attributes:
        heads: int64[n], where the list of the blocks among whose columns an account is begins; -1 for none.
        following: int64, where such a list goes on; -1 at its end.
        block: int64, block of each place in the lists.
        sizes: int64[blocks], columns of each block.
        ends: int64[blocks + 1], rows of block i are ``rows[ends[i]:ends[i + 1]]``, sorted.
        rows: int64.
    """

    heads: NDArray[np.int64]
    following: NDArray[np.int64]
    block: NDArray[np.int64]
    sizes: NDArray[np.int64]
    ends: NDArray[np.int64]
    rows: NDArray[np.int64]


class KnownBlocks:
    """Rows of blocks; for each account a list of the blocks among whose columns it is.

    Args:
        n_accounts: accounts of the network that is searched.
    """

    def __init__(self, n_accounts: int) -> None:
        none = np.zeros(0, dtype=np.int64)
        self._room = Met(np.full(n_accounts, -1), none, none, none, np.zeros(1, dtype=np.int64), none)
        self.met = self._room

    def add(self, rows: Part, columns: Part) -> None:
        """Remember a block."""
        heads, following, _, sizes, ends, all_rows = self.met
        number, used, end = sizes.size, following.size, int(ends[-1])
        self._room = room = Met(
            heads,
            _with_room(self._room.following, used, columns.nodes.size),
            _with_room(self._room.block, used, columns.nodes.size),
            _with_room(self._room.sizes, number, 1),
            _with_room(self._room.ends, number + 1, 1),
            _with_room(self._room.rows, all_rows.size, rows.nodes.size),
        )
        self.met = Met(
            heads,
            room.following[: used + columns.nodes.size],
            room.block[: used + columns.nodes.size],
            room.sizes[: number + 1],
            room.ends[: number + 2],
            room.rows[: end + rows.nodes.size],
        )
        self.met.following[used:] = heads[columns.nodes]
        self.met.block[used:] = number
        heads[columns.nodes] = np.arange(used, used + columns.nodes.size)
        self.met.sizes[number] = columns.nodes.size
        self.met.ends[number + 1] = end + rows.nodes.size
        self.met.rows[end:] = rows.nodes

    def lead_back(self, columns: IntegerArray) -> bool:
        """Whether nearly all of a start lies in one block that was met already."""
        if not self.met.sizes.size:
            return False
        return bool(shared_columns(self.met, columns).max() >= LEADS_BACK * columns.size)

    def is_one_of_them(self, rows: Part, columns: Part) -> bool:
        """Whether both sides are alike those of one block."""
        return is_met(self.met, rows, columns)


def _with_room(array: NDArray[np.int64], used: int, more: int) -> NDArray[np.int64]:
    """The same array with room for more; where it grows it doubles at least, so that copying stays cheap."""
    if used + more <= array.size:
        return array
    return np.concatenate((array, np.zeros(used + more, dtype=np.int64)))


@compiled
def shared_columns(met: Met, columns: IntegerArray) -> NDArray[np.int64]:
    """How many of these accounts are columns of each block, int64[blocks]."""
    return count_blocks(met.heads, met.following, met.block, columns, met.sizes.size)


@compiled
def is_met(met: Met, rows: Part, columns: Part) -> bool:
    """Whether both sides are alike those of one block: columns of all at once, then rows of the few."""
    if not met.sizes.size:
        return False
    both = shared_columns(met, columns.nodes)
    for block in range(both.size):
        either = met.sizes[block] + columns.nodes.size - both[block]
        if both[block] > ALIKE * either and are_alike(
            rows.nodes, met.rows[met.ends[block] : met.ends[block + 1]]
        ):
            return True
    return False


@compiled
def are_alike(first: IntegerArray, second: IntegerArray) -> bool:
    """Whether two sorted sets are one: most of the accounts in either are in both."""
    both = count_shared(first, second)
    return both > ALIKE * (first.size + second.size - both)
