"""Which databases of the run history are damaged: cut off, emptied, or something else by now.

The orchestrator opens them one by one as it needs them, and says what is wrong without saying with which.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path

# Each run has a database of its own beside these, which is empty where the run was killed as it began.
_NEVER_EMPTY = {"runs.db", "index.db", "schedules.db"}


def damaged_databases(history: Path) -> list[Path]:
    """The damaged databases below a folder, by name; one that may not be read, or is locked, is none."""
    return [path for path in sorted(history.rglob("*.db")) if _is_damaged(path)]


def _is_damaged(path: Path) -> bool:
    try:
        if path.stat().st_size == 0:
            return path.name in _NEVER_EMPTY
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            # Whatever is read first, the length of the file is held against what its first page says.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except (OSError, sqlite3.OperationalError):
        return False
    except sqlite3.DatabaseError:
        return True
    return False
