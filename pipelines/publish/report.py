"""What a publication says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class FileContent:
    """What went into a built file.

    Attributes:
        tables: Rows by table, also of the tables that publishing makes itself.
        left_out: Columns of the sources that their table does not have, by table.
    """

    tables: Mapping[str, int]
    left_out: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PublishReport:
    """What was published.

    Attributes:
        path: The published file.
        tables: Rows by table.
        left_out: Columns of the sources that their table does not have, by table.
        seconds: Wall time, waiting for the lock included.
        bytes: Size of the file.
    """

    path: Path
    tables: Mapping[str, int]
    left_out: Mapping[str, tuple[str, ...]]
    seconds: float
    bytes: int
