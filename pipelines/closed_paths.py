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
    from collections.abc import Sequence

MOST_LISTED = 5

_QUOTED_PATH = re.compile(r"[\"'](/[^\"']+)[\"']")
_WRITTEN_INTO = (".db", ".lock")
_INBOX = "inbox"  # others put their data there, which a run reads alone


def closed_paths(folder: Path) -> list[Path]:
    """The folder and what lies below it, as far as this user may not use it, by name; empty where all is."""
    below = (
        Path(parent, name) for parent, folders, files in os.walk(folder) for name in ("", *folders, *files)
    )
    # what lies in a folder that may not be entered is not there, and the folder stands for it
    there = (path for path in below if os.path.exists(path))  # noqa: PTH110 - pathlib's raises in such a folder
    return sorted({path for path in there if not os.access(path, _needed(path, folder))})


def _needed(path: Path, folder: Path) -> int:
    place = path.relative_to(folder).parts
    is_others = len(place) > 1 and place[0] == _INBOX
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
    named = error.filename if isinstance(error, OSError) else None
    if not isinstance(named, str):
        # further lines quote the statement, with paths of its own
        found = _QUOTED_PATH.search(str(error).split("\n", 1)[0])
        named = found[1] if found else None
    if named is None:
        return None
    path = Path(named).absolute()
    return next((one for one in (path, *path.parents) if os.path.lexists(one)), path)
