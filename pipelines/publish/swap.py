"""Putting a finished file in the place of the old one so that nobody ever meets half of it.

The new file is written beside the old one under a name of its own, brought to the disk, and renamed over it.
A rename is one step for the file system: before it everybody sees the old file, after it everybody who opens
sees the new one, and who has the old one open keeps it. Copying over the old file, or writing into it, breaks
readers; nobody may ever do so.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
from filelock import FileLock, Timeout

from pipelines.closed_paths import refused_path
from pipelines.publish.errors import PublishBusyError, PublishStorageError
from pipelines.published import foreign_log

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = (PermissionError, FileExistsError, NotADirectoryError)
_REFUSED_WORDS = ("read-only", "permission denied")
_FULL_WORDS = ("no space left", "quota exceeded", "file too large", "out of disk")


@contextmanager
def replacing(target: Path, *, lock: Path, lock_seconds: float) -> Generator[Path]:
    """A path to build a file at; when the block ends without an error, that file takes the target's place.

    One publisher at a time: an older rebuild must not land after a newer one. Whatever a publisher that died
    left behind is removed first, and whatever this one leaves is removed whether it succeeds or not.

    Args:
        target: The file to replace; its folder is created.
        lock: Lock file shared by all publishers of the target.
        lock_seconds: How long to wait for another publisher.

    Raises:
        PublishBusyError: Another publisher did not finish in time.
        PublishStorageError: The disk is full, or the folder cannot be written.
    """
    building = target.with_name(f"{target.name}.building-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=lock_seconds):
            _remove_leftovers(target)
            try:
                yield building
                _put_in_place(building, target)
            finally:
                _remove_leftovers(target)
    except Timeout as error:
        raise PublishBusyError(
            f"Another publication of {target} has been running for more than {lock_seconds:.0f} seconds.",
            remedy="Wait until it has ended, then publish again.",
        ) from error
    except RuntimeError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # DuckDB's wording of Ctrl-C during a statement
            raise KeyboardInterrupt from error
        raise
    except (OSError, duckdb.Error, MemoryError) as error:
        raise _explained(error, target) from error


def _remove_leftovers(target: Path) -> None:
    """Remove unfinished files. Only the holder of the lock builds, so none of them is in use."""
    for leftover in target.parent.glob(f"{_literal(target.name)}.building-*"):
        leftover.unlink(missing_ok=True)


def _literal(name: str) -> str:
    """The name for a glob pattern: its own brackets, stars and question marks mean themselves."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _put_in_place(building: Path, target: Path) -> None:
    _sync(building, os.O_RDWR)
    # A .wal beside the target comes from a program that wrote into the published file. DuckDB would refuse to
    # open the new file with it, and the old one is whole without it, so it goes before the rename, not after.
    foreign_log(target).unlink(missing_ok=True)
    building.replace(target)
    _sync(target.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError | duckdb.Error | MemoryError, target: Path) -> PublishStorageError:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    stands = f"{target} was not published; the old file, if there was one, stands as it was."
    if getattr(error, "errno", None) in _FULL or any(words in str(error).lower() for words in _FULL_WORDS):
        return PublishStorageError(
            f"The disk is full: {stands}",
            details=[said],
            remedy=f"Free space on the disk of {target.parent}; the new file needs room beside the old one.",
        )
    if isinstance(error, _REFUSED) or any(words in said.lower() for words in _REFUSED_WORDS):
        return PublishStorageError(
            f"{refused_path(error) or f'The folder {target.parent}'} cannot be written: {stands}",
            details=[said],
            remedy="Choose another one with --home DIR, or give yourself the right to write there.",
        )
    return PublishStorageError(
        f"Publishing failed: {stands}", details=[said], remedy="Publish again: vouch run."
    )
