"""Reading the file that was just published, for what a run still makes of it.

A program that has the file published before open for writing goes on keeping its log under the name of the
new one, which that log does not belong to: DuckDB then refuses to open the new file. As before the swap (see
`pipelines.publish.swap`) such a log goes; whoever else reads is told of it and removes it by hand.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from pipelines.published import ForeignLogError, PublishedFileBusyError, foreign_log
from pipelines.storage_errors import storage_error

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from pipelines.errors import VouchError
    from pipelines.home import Home

Made = TypeVar("Made")

FOREIGN_LOGS = 3
"""So many times a log that is in the way is removed: who writes all the time begins a new one."""


class PublishedUnreadError(PublishedFileBusyError):
    """What a run had to publish is published; what is made of the published file could not be made."""


def read_back(published: Path, read: Callable[[Path], Made]) -> Made:
    """What `read` makes of the published file.

    Args:
        published: The file.
        read: Opens and reads it; may be called again where it could not be opened.

    Raises:
        PublishedUnreadError: Another program has the file open for writing, or writes beside it all the time.
    """
    try:
        for _ in range(FOREIGN_LOGS):
            with suppress(ForeignLogError):
                return read(published)
            foreign_log(published).unlink(missing_ok=True)
        return read(published)
    except PublishedFileBusyError as error:
        raise unread(published, error, "the reports cannot be written", "Then: vouch report") from error


@contextmanager
def reports_written(home: Home) -> Generator[None]:
    """Say of a home that does not take the reports that the run has published.

    Raises:
        PublishedUnreadError: The disk is full, or the reports or their folder may not be written.
    """
    try:
        yield
    except OSError as error:
        known = storage_error(error, home.root)
        if known is None:
            raise
        raise unread(home.published, known, "the reports cannot be written", "Then: vouch report") from error


def unread(published: Path, error: VouchError, lacks: str, then: str) -> PublishedUnreadError:
    """That the run has published, what it could not do, whose fault that is and what to do then."""
    return PublishedUnreadError(
        f"{published} was published, but {lacks}. {error.message}",
        details=error.details,
        remedy=f"{error.remedy} {then}",
    )
