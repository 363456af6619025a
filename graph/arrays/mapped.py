"""Arrays that are larger than memory should hold: in files, gone through piece by piece.

A memory-mapped file counts as memory of a process as far as it was looked at, for as long as nobody else
needs the room. Whoever goes through such files piece by piece and lets go of each stays as small as a piece.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import IntegerArray

    Room = Callable[[str, int], NDArray[np.uint32]]

PIECE = 1 << 26
"""Entries of a piece: a quarter of a gigabyte for each array of 32 bit numbers."""


def in_memory(name: str, size: int) -> NDArray[np.uint32]:  # noqa: ARG001 - others map a file of that name
    """Room for so many entries."""
    return np.empty(size, dtype=np.uint32)


class ReusedMemory:
    """Room in memory that is given out again to whoever asks for the same name.

    What was given out before under a name must not be needed any more. For much of what passes through it,
    memory that the system has to find first costs more than the writing.
    """

    def __init__(self) -> None:
        self._given: dict[str, NDArray[np.uint32]] = {}

    def __call__(self, name: str, size: int) -> NDArray[np.uint32]:
        """Room for so many entries, with whatever was left in it."""
        if name not in self._given or self._given[name].size < size:
            self._given.pop(name, None)
            self._given[name] = np.empty(size, dtype=np.uint32)
        return self._given[name][:size]


def let_go(*arrays: NDArray[Any]) -> None:
    """Give back the memory that mapped arrays take in this process; what they hold stays in their files.

    Args:
        arrays: views of shared or read-only mappings, whose changes belong to the file; arrays in memory are
            left alone.
    """
    for array in arrays:
        mapping = _mapping(array)
        if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
            mapping.madvise(mmap.MADV_DONTNEED)


def is_mapped(array: NDArray[Any]) -> bool:
    """Whether an array is a view of a mapped file."""
    return _mapping(array) is not None


def _mapping(array: NDArray[Any]) -> mmap.mmap | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None


def pieces(*arrays: NDArray[Any], at_once: int = PIECE) -> Iterator[tuple[NDArray[Any], ...]]:
    """Go through arrays of one length in pieces, of which no more than one is in memory.

    Args:
        arrays: of one length; empty ones stay empty in every piece.
        at_once: entries of a piece.
    """
    size = max(array.size for array in arrays)
    for start in range(0, size, at_once):
        yield tuple(array[start : start + at_once] for array in arrays)
        let_go(*arrays)


def row_pieces(offsets: IntegerArray, at_once: int = PIECE) -> list[tuple[int, int]]:
    """First row and row after the last of pieces of compressed rows; a larger row is one by itself."""
    found, low, n_rows = [], 0, offsets.size - 1
    while low < n_rows:
        high = int(np.searchsorted(offsets, offsets[low] + at_once, side="right")) - 1
        high = min(max(high, low + 1), n_rows)
        found.append((low, high))
        low = high
    return found
