"""A home that cannot be written, in the words of every library that writes to it, as one error of ours.

Arrays, Parquet files and the run history are written by four libraries; each reports a full disk or a closed
folder in its own way, often wrapped by the orchestrator. The ingest and the publication know more about what
they write and explain it themselves; what escapes from any other place is explained here.
"""

from __future__ import annotations

import errno
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.closed_paths import HISTORY, OURS, closed_paths, listed, named_path, refused_path
from pipelines.damaged_history import damaged_databases
from pipelines.errors import VouchError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM}
_NO_FOLDER = (FileExistsError, NotADirectoryError)
_FULL_WORDS = re.compile(
    r"no space left on device|disk quota exceeded|file too large|database or disk is full"
    r"|\d+ requested and \d+ written",  # numpy keeps no errno when an array does not fit
    re.IGNORECASE,
)
_READ_ONLY_WORDS = re.compile(r"read-only file system", re.IGNORECASE)
_CLOSED_WORDS = re.compile(r"permission denied|attempt to write a readonly database", re.IGNORECASE)
_HISTORY_WORDS = re.compile(r"\(sqlite3\.(?:Operational|Database)Error\) ([^\n]*)")
_UNOPENED_WORDS = re.compile(r"unable to open database file|access permission denied", re.IGNORECASE)
_LOCKED_WORDS = re.compile(r"database (?:table |schema )?is locked", re.IGNORECASE)

# An error may come after the publication as well as before it, and nothing of it tells.
WHOLE = "what is published is whole"

# Less than this is not enough for the history to take one more event.
_ROOM_BYTES = 1 << 20


class HomeStorageError(VouchError):
    """The home does not take what a run has to write."""

    is_transient = True


@contextmanager
def storage_errors(home: Path) -> Generator[None]:
    """Turn a full disk or a closed folder, met while writing to the home, into a `HomeStorageError`."""
    try:
        yield
    except VouchError:
        raise
    except Exception as error:
        known = storage_error(error, home)
        if known is None:
            raise
        raise known from error


def storage_error(error: BaseException, home: Path) -> HomeStorageError | None:
    """What an error, or one that caused it, says about the home; None if nothing."""
    links = [link for link in _chain(error) if not _is_elsewhere(link, home)]
    said = next((found[1] for link in links if (found := _HISTORY_WORDS.search(str(link)))), None)
    if any(_is(link, _FULL, _FULL_WORDS) for link in links) or (said and not _has_room(home)):
        return HomeStorageError(
            f"There is no room left to write in {home}.",
            remedy=f"Free some space, or choose another folder with --home; {WHOLE}.",
        )
    if any(_is(link, {errno.EROFS}, _READ_ONLY_WORDS) for link in links):
        return HomeStorageError(
            f"The folder {home} may not be written: its file system is read-only.",
            remedy=f"Choose another folder with --home; {WHOLE}.",
        )
    refused = next((link for link in links if _is(link, _CLOSED, _CLOSED_WORDS)), None)
    # an unreadable database is said to be one that cannot be opened, as is one whose folder is gone
    is_unopened = said is not None and _UNOPENED_WORDS.search(said) is not None
    closed = closed_paths(home, HISTORY if said else OURS) if refused is not None or is_unopened else []
    if refused is not None or closed:
        return _closed(home, refused_path(refused) if refused else None, closed)
    if any(isinstance(link, _NO_FOLDER) for link in links):
        return HomeStorageError(
            f"{home} is to be a folder, and a file stands in its place.",
            remedy="Move the file away, or choose another folder with --home.",
        )
    return _of_history(home, said.strip()) if said else None


def _of_history(home: Path, said: str) -> HomeStorageError:
    """What its database says of a history that this user may read and write."""
    if _LOCKED_WORDS.search(said):
        return HomeStorageError(
            f"Another program holds the history of runs in {home / 'dagster'} ({said}).",
            remedy=f"Wait until it lets go, or end it, and try again; {WHOLE}.",
        )
    damaged = damaged_databases(home / "dagster")
    return HomeStorageError(
        f"The history of runs in {home / 'dagster'} cannot be kept ({said}).",
        details=[f"{path} is damaged" for path in damaged],
        remedy=f"Look whether the disk is full; {WHOLE}. {history_remedy(home, len(damaged))}",
    )


def _closed(home: Path, named: Path | None, closed: Sequence[Path]) -> HomeStorageError:
    """What may not be read or written: by its name, else what of the home may not."""
    if named is not None:
        message, details = f"{named} may not be read or written.", []
    else:
        message, details = f"Something in {home} may not be read or written.", listed(closed)
    return HomeStorageError(
        message,
        details=details,
        remedy="Give yourself the right to it (chown, chmod), or choose another folder with --home; "
        f"{WHOLE}.",
    )


def history_remedy(home: Path, damaged: int) -> str:
    """What to do about a damaged history: rankings, labels and what was published lie elsewhere.

    Each database is begun anew where it is missing, and does without the others.

    Args:
        home: The folder of the home.
        damaged: How many databases are known to be damaged; the message names them.
    """
    if damaged:
        files, knew = ("that file", "it") if damaged == 1 else ("those files", "they")
        return (
            f"Stop what works in this home and delete {files} and nothing else: what {knew} knew of past "
            "runs is lost, rankings and labels are kept."
        )
    return (
        f"If the history is damaged, stop what works in this home and move {home / 'dagster'} away: "
        "a new one is begun, rankings and labels are kept."
    )


def _has_room(home: Path) -> bool:
    try:
        return shutil.disk_usage(home).free >= _ROOM_BYTES
    except OSError:
        return True


def _is(error: BaseException, numbers: set[int], words: re.Pattern[str]) -> bool:
    return (isinstance(error, OSError) and error.errno in numbers) or bool(words.search(str(error)))


def _is_elsewhere(error: BaseException, home: Path) -> bool:
    """Whether it names a file that is none of the home's."""
    named = named_path(error)
    return named is not None and not named.is_relative_to(home)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
