"""Writing a file whole or not at all: beside its name first, then renamed over it."""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def written_aside(path: Path) -> Generator[Path]:
    """A name beside `path` to write to; it takes the place of `path` when the block ends well.

    Args:
        path: The file to make or replace; its folder is created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def written_where_new(path: Path) -> Generator[Path]:
    """The same, but a file that holds these bytes already stays as it is, with the time of its last change.

    Args:
        path: The file to make, to replace, or to leave alone.
    """
    with written_aside(path) as partial:
        yield partial
        if path.is_file() and filecmp.cmp(partial, path, shallow=False):
            shutil.copystat(path, partial)


@contextmanager
def folder_aside(folder: Path, name: str) -> Generator[Path]:
    """A new folder inside `folder` for half-made files, gone when the block ends.

    What killed writers left in `folder` goes as well.

    Args:
        folder: Where to make it; created where it does not exist.
        name: What it is for, as a part of its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    aside = folder / passing_name(name)
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def passing_name(name: str) -> str:
    """A name that nobody else uses, and by which `clear_leftovers` knows whether its writer still lives."""
    return f".{name}-{token_hex(4)}.{os.getpid()}.partial"


def clear_leftovers(folder: Path) -> None:
    """Remove what writers left beside its place in a folder when they were killed; the living keep theirs."""
    for partial in folder.glob(".*.partial"):
        writer = partial.name.split(".")[-2]
        if writer.isdecimal() and not _lives(int(writer)):
            if partial.is_dir():
                shutil.rmtree(partial, ignore_errors=True)
            else:
                partial.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True
