"""Writing a file whole or not at all: beside its name first, then renamed over it."""

from __future__ import annotations

import os
from contextlib import contextmanager
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
