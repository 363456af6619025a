"""Every value and record that a rule refused: put aside while tables are read and merged, then listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest.report import Reject
from pipelines.ingest.worth_knowing import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb

    from pipelines.ingest.contract import Table
    from pipelines.ingest.piles import Pile
    from pipelines.ingest.reading import Rows

SHOWN_REJECTS = 10


@dataclass
class Refusals:
    """What was refused so far, in files of its own.

    Attributes:
        connection: Where the refused values are relations.
        scratch: The folder of the files.
        paths: Parquet files of (table_name, file_number, line, column_name, value, rule).
    """

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    paths: list[Path] = field(default_factory=list)

    def keep(self, table: Table, refused: duckdb.DuckDBPyRelation) -> None:
        """Put refused values of a table aside: (file_number, line, column_name, value, rule)."""
        path = self.scratch / f"refusals-{len(self.paths)}.parquet"
        columns = "file_number, line, column_name, value, rule"
        refused.project(f"'{table.name}' AS table_name, {columns}").write_parquet(str(path))
        self.paths.append(path)

    def keep_unread(self, table: Table, file_number: int, rows: Rows) -> None:
        """Put the records aside that could not be read from one file of a table."""
        if rows.refused is None or not rows.rows_refused:
            return
        self.connection.execute("SET VARIABLE source_path = $1", [str(rows.refused)])
        self.connection.execute("SET VARIABLE file_number = $1", [file_number])
        self.keep(table, self.connection.sql(sql_text("ingest/read_refused")))


def write_rejects(refusals: Refusals, piles: Iterable[Pile], out: Path) -> None:
    """Write the lake's `rejects.parquet` and show it as the view `rejects`.

    Args:
        refusals: All that was refused.
        piles: Whose files the numbers of `refusals` mean.
        out: The lake's folder.
    """
    connection = refusals.connection
    connection.execute("CREATE TABLE files (table_name VARCHAR, file_number BIGINT, file VARCHAR)")
    for pile in piles:
        for number, file in enumerate(pile.files, start=1):
            connection.execute("INSERT INTO files VALUES ($1, $2, $3)", [pile.table.name, number, file.name])
    _all(refusals).create_view("refusals")
    path = out / "rejects.parquet"
    connection.sql(sql_text("ingest/rejects")).write_parquet(str(path), compression="zstd")
    connection.read_parquet(str(path)).create_view("rejects")


def worst_rejects(connection: duckdb.DuckDBPyConnection, stopping: Sequence[str]) -> tuple[Reject, ...]:
    """The rejects to show first.

    Args:
        connection: With the view `rejects`.
        stopping: The tables over the limit, whose rejects come before all others.
    """
    wanted = {"shown": SHOWN_REJECTS, "stopping": list(stopping), "required": list(REQUIRED)}
    rows = connection.execute(sql_text("ingest/worst_rejects"), wanted).fetchall()
    return tuple(Reject(*row) for row in rows)


def _all(refusals: Refusals) -> duckdb.DuckDBPyRelation:
    if refusals.paths:
        return refusals.connection.read_parquet([str(path) for path in refusals.paths])
    columns = ("table_name", "column_name", "value", "rule")
    texts = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in columns)
    return refusals.connection.sql("SELECT 1 AS one WHERE false").project(
        f"{texts}, CAST(NULL AS BIGINT) AS file_number, CAST(NULL AS BIGINT) AS line"
    )
