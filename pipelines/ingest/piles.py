"""What has been staged for each table, on its way from the files to the lake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.ingest.contract import Table
    from pipelines.ingest.mapping import ColumnSource
    from pipelines.ingest.numbered import NumberedFollows
    from pipelines.ingest.reading import Rows
    from pipelines.ingest.report import FileReport

# The two tables that go ways of their own: follows become numbers, members may be derived.
FOLLOWS = "follows"
MEMBERS = "audience_members"


@dataclass
class Pile:
    """What has been staged for one table so far.

    Attributes:
        table: The table.
        staged: Parquet files as `staging` describes them, in file order.
        files: The files that feed the table; the number of a file is its place among them, from 1.
        rows_taken: Rows read, and members derived.
        rows_refused: Records that could not be read.
        present: Columns of the contract that the files have.
        sources: Column of the contract to the source column that feeds it.
        unused: Source columns that nothing reads.
        numbered: What became of the follows, once they are numbers.
        is_plain: Whether they needed no look at every value.
    """

    table: Table
    staged: list[Path] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)
    rows_taken: int = 0
    rows_refused: int = 0
    present: set[str] = field(default_factory=set)
    sources: dict[str, str] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    numbered: NumberedFollows | None = None
    is_plain: bool = False

    def note(self, file: FileReport, rows: Rows, bound: Mapping[str, ColumnSource]) -> None:
        """Write down a file and which of its columns feed the table."""
        self.files.append(file)
        self.present.update(bound)
        self.sources |= {name: source.column for name, source in bound.items() if source.column is not None}
        read = {_outermost(column.column) for column in bound.values() if column.column is not None}
        self.unused.update(
            name for name in rows.expressions if not any(name.casefold() == used.casefold() for used in read)
        )


def _outermost(column: str) -> str:
    """The column that a source column is, or that a JSON pointer begins in."""
    if not column.startswith("/"):
        return column
    return column.split("/")[1].replace("~1", "/").replace("~0", "~")
