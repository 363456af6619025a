"""Flat arrays in .npy files that are written before it is known how long they will be.

The header is always of one length, so that it can be written anew when the last entry has come.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.writing import clear_leftovers

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

HEADER_BYTES = 128
_SCRATCH = "scratch"


def header(size: int, kind: DTypeLike) -> bytes:
    """The beginning of the file of an array of so many entries."""
    text = f"{{'descr': '{np.dtype(kind).str}', 'fortran_order': False, 'shape': ({size},), }}"
    body = text.ljust(HEADER_BYTES - 11) + "\n"
    return b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body.encode("ascii")


class FileRoom:
    """Arrays in files of a folder, beside their places; see `assets.ports.Room`.

    Args:
        folder: Where they are kept in the end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._there: dict[str, Path] = {}

    def __call__(self, name: str, size: int) -> NDArray[np.uint32]:
        """Room for so many entries, all of it reserved: a mapped file that outgrew the disk would end us."""
        path = self._folder / f".{name}.{os.getpid()}.partial"
        if not size:
            return np.zeros(0, dtype=np.uint32)
        self._there[name] = path
        with path.open("wb") as file:
            try:
                _reserve(file.fileno(), HEADER_BYTES + 4 * size)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from error
        array = np.memmap(path, dtype=np.uint32, mode="r+", offset=HEADER_BYTES, shape=(size,))
        if name.startswith(_SCRATCH) and os.name == "posix":
            self._there.pop(name).unlink()  # it goes when nobody looks at it any more
        return array

    def keep(self, name: str, file: str, size: int) -> None:
        """Put the first entries of an array into its place."""
        place = self._folder / f"{file}.npy"
        path = self._there.pop(name, None)
        if path is None:
            path = self._folder / f".{name}.{os.getpid()}.partial"
            path.touch()
        with path.open("r+b") as written:
            written.write(header(size, np.uint32))
            written.truncate(HEADER_BYTES + 4 * size)
        path.replace(place)

    def clear(self) -> None:
        """Remove what was not kept."""
        for path in self._there.values():
            path.unlink(missing_ok=True)
        self._there.clear()


@contextmanager
def file_room(folder: Path) -> Generator[FileRoom]:
    """Room in files of a folder, which is created; what was not kept is removed at the end.

    So is what others left there when they were killed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    room = FileRoom(folder)
    try:
        yield room
    finally:
        room.clear()


def _reserve(file: int, size: int) -> None:
    """Make a file so long, on the disk where the system can."""
    reserve: Any = getattr(os, "posix_fallocate", None)
    if reserve is not None:
        reserve(file, 0, size)
    else:
        os.ftruncate(file, size)
