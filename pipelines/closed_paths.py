"""What of a home this user may not read or write: where to look when something was refused.

Libraries that are refused a file often do not say which one. What is replaced by a rename needs no right to
the file itself, only to its folder; what is written into, or locked, does.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_LISTED = 5

HISTORY = ("dagster",)
OURS = (
    *HISTORY, ".partners.duckdb.lock", ".run.lock", "alerts", "alerts.toml", "demo-data", "forgotten",
    "inbox", "labels", "lake", "notebooks", "partners.duckdb", "privacy", "reports", "scratch", "source.json",
)  # fmt: skip
"""What Vouch writes or reads in a home, by name; whatever else lies there is in nobody's way."""

# A name that holds the mark that it stands in goes on with a letter after it.
_QUOTED_PATH = re.compile(r"([\"'])(/.+?)\1(?!\w)")
_SYSTEMS = "lost+found"  # at the root of a disk, and closed to all but root
_WRITTEN_INTO = (".db", ".lock")
_INBOX = "inbox"  # others put their data there, which a run reads alone


def closed_paths(home: Path, parts: Iterable[str] = OURS) -> list[Path]:
    """The home and what lies in its parts, as far as this user may not use it; empty where all is usable.

    Args:
        home: The folder of the home.
        parts: What of it to look at, by name.
    """
    paths = {home, *(path for part in parts for path in _whole(home / part))}
    # what lies in a folder that may not be entered is not there, and the folder stands for it
    there = (path for path in paths if os.path.exists(path))  # noqa: PTH110 - pathlib's raises in such a folder
    return sorted(path for path in there if not os.access(path, _needed(path, home)))


def _whole(part: Path) -> Iterator[Path]:
    """A file or folder, and what lies below it."""
    yield part
    for parent, folders, files in os.walk(part):
        folders[:] = [name for name in folders if name != _SYSTEMS]
        yield from (Path(parent, name) for name in (*folders, *files))


def _needed(path: Path, home: Path) -> int:
    is_others = path.relative_to(home).parts[:1] == (_INBOX,)
    if path.is_dir():
        return os.R_OK | os.X_OK | (0 if is_others else os.W_OK)
    return os.R_OK | os.W_OK if path.name.endswith(_WRITTEN_INTO) and not is_others else os.R_OK


def listed(closed: Sequence[Path]) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(closed) - MOST_LISTED
    shown = [str(path) for path in closed[:MOST_LISTED]]
    return [*shown, f"and {more:,} more"] if more > 0 else shown


def refused_path(error: BaseException) -> Path | None:
    """The path that an error names; of one that was not made, the folder to make it in."""
    path = named_path(error)
    if path is None:
        return None
    return next((one for one in (path, *path.parents) if os.path.lexists(one)), path)


def named_path(error: BaseException) -> Path | None:
    """The path that an error names, as an attribute or between quotation marks."""
    named = error.filename if isinstance(error, OSError) else None
    if not isinstance(named, str):
        # further lines quote the statement, with paths of its own
        found = _QUOTED_PATH.search(str(error).split("\n", 1)[0])
        named = found[2] if found else None
    return None if named is None else Path(named).absolute()
