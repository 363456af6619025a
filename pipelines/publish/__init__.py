"""Publishing: the DuckDB file that people read, built whole beside the old one and swapped in by rename.

What belongs here: turning Parquet tables into that file, and putting it in place so that a reader, a crash or
a full disk never meets half of it. What the tables hold is made by `assets`; their shape, comments, views and
macros are `sql/published`; how they are read is `pipelines.published`.

- `tables`: which tables there are and how each is sorted.
- `build`: one file from the Parquet tables.
- `verify`: the file opened as a reader opens it, and every rule checked.
- `swap`: the lock, leftovers of dead publishers, and the rename.
- `reference`: docs/SCHEMA.md from the file's own comments.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pipelines.publish.build import build_file
from pipelines.publish.errors import (
    PublishBusyError,
    PublishedRulesBrokenError,
    PublishError,
    PublishSourceError,
    PublishStorageError,
)
from pipelines.publish.report import PublishReport
from pipelines.publish.swap import replacing
from pipelines.publish.verify import verify_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipelines.home import Home

__all__ = [
    "PublishBusyError",
    "PublishError",
    "PublishReport",
    "PublishSourceError",
    "PublishStorageError",
    "PublishedRulesBrokenError",
    "publish",
    "publish_tables",
]

LOCK_SECONDS = 600.0
"""How long a publisher waits for another one; publishing ten million follows takes about one minute."""


def publish(home: Home, sources: Mapping[str, Path | Sequence[Path]]) -> PublishReport:
    """Publish tables as the file of a home; see `publish_tables`."""
    return publish_tables(
        home.published, sources, lock=home.root / ".partners.duckdb.lock", scratch=home.scratch
    )


def publish_tables(
    target: Path,
    sources: Mapping[str, Path | Sequence[Path]],
    *,
    lock: Path,
    scratch: Path,
    lock_seconds: float = LOCK_SECONDS,
) -> PublishReport:
    """Build the published file from Parquet tables, verify it and put it in place of the old one.

    Whoever reads the old file meanwhile keeps reading it. Until the rename at the very end nothing that a
    reader sees has changed, so an error, an interrupt or a crash leaves the old file whole.

    Args:
        target: The file to publish; its folder is created.
        sources: Published table (`partner_rankings`, `graph.accounts`, …) to its Parquet file or files.
            Columns are matched by name: a missing one becomes NULL, one that the table does not have is left
            out and reported. NaN becomes NULL. A table without source stays empty.
        lock: Lock file shared by every publisher of the target; its folder is created.
        scratch: Folder for what does not fit in memory.
        lock_seconds: How long to wait for another publisher.

    Raises:
        PublishSourceError: Unknown tables, missing files or unreadable ones, all listed.
        PublishedRulesBrokenError: The tables contradict each other; the worst rows are shown.
        PublishStorageError: The disk is full, or the folder cannot be written.
        PublishBusyError: Another publisher did not finish in time.
    """
    started = time.monotonic()
    with replacing(target, lock=lock, lock_seconds=lock_seconds) as building:
        content = build_file(building, sources, scratch=scratch)
        verify_file(building, content.tables)
        size = building.stat().st_size
    return PublishReport(
        path=target,
        tables=content.tables,
        left_out=content.left_out,
        seconds=time.monotonic() - started,
        bytes=size,
    )
