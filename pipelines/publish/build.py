"""One DuckDB file from Parquet tables: schema, rows in order, views, macros, comments.

The file is written in the storage version of DuckDB 1.4, which every later version opens, so that notebooks,
database tools and browsers with an older DuckDB read it too.
"""

from __future__ import annotations

import difflib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, FunctionExpression

from pipelines.engine import connect, fit_threads
from pipelines.publish.errors import PublishError, PublishSourceError
from pipelines.publish.report import FileContent
from pipelines.publish.tables import DERIVED, OWN, ROW_ORDER
from pipelines.published import SCHEMA_VERSION
from pipelines.statements import quoted, sql_text
from pipelines.versions import vouch_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection, DuckDBPyRelation, Expression

STORAGE_VERSION = "v1.4.0"

_MACROS = ("name_macros", "macros", "audience_macros", "graph_macros", "help_macro")
_COMMENTS = ("comments", "comments_views", "comments_macros")
_FLOATING = ("DOUBLE", "FLOAT")


def build_file(building: Path, sources: Mapping[str, Path | Sequence[Path]], *, scratch: Path) -> FileContent:
    """Write a complete published file to a path where nothing is yet.

    Args:
        building: The file to write.
        sources: Published table to its Parquet file or files.
        scratch: Folder for what does not fit in memory.

    Raises:
        PublishSourceError: Unknown tables, missing files or unreadable ones, all listed.
    """
    files = _checked_sources(sources)
    with closing(connect(scratch)) as connection:
        fit_threads(connection, (path for paths in files.values() for path in paths))
        connection.execute(
            f"ATTACH {quoted(str(building))} AS building (STORAGE_VERSION {quoted(STORAGE_VERSION)})"
        )
        connection.execute("USE building")
        connection.begin()  # one transaction: three hundred comments, each synced to the disk, take a second
        create_schema(connection)
        connection.commit()
        loaded = {table: _load(connection, table, paths) for table, paths in files.items()}
        for table in DERIVED:
            connection.sql(sql_text(f"published/{table.rpartition('.')[2]}")).insert_into(table)
        _say_how_it_was_made(connection)
        rows = {table: _count(connection, table) for table in (*ROW_ORDER, *DERIVED, OWN)}
        connection.execute("CHECKPOINT building")
        connection.execute("USE memory")
        connection.execute("DETACH building")
    _assert_all_arrived({table: n for table, (n, _) in loaded.items()}, rows)
    left_out = {table: columns for table, (_, columns) in loaded.items() if columns}
    return FileContent(tables=rows, left_out=left_out)


def create_schema(connection: DuckDBPyConnection) -> None:
    """Make every table, view, macro and comment of the published schema in the database in use."""
    for name in ("schema", "views", *_MACROS, *_COMMENTS):
        connection.execute(sql_text(f"published/{name}"))


def _checked_sources(sources: Mapping[str, Path | Sequence[Path]]) -> dict[str, list[Path]]:
    """Files by table, in the order of the schema; every fault of the sources is reported at once."""
    faults = [_unknown(table) for table in sources if table not in ROW_ORDER]
    files = {table: _as_list(sources[table]) for table in ROW_ORDER if table in sources}
    for table, paths in files.items():
        faults.extend(f"{table}: there is no file {path}" for path in paths if not path.is_file())
    if faults:
        raise PublishSourceError(
            "The tables cannot be published.",
            details=faults,
            remedy="Run the stage that makes them again: vouch run.",
        )
    return files


def _as_list(paths: Path | Sequence[Path]) -> list[Path]:
    return [paths] if isinstance(paths, Path) else list(paths)


def _unknown(table: str) -> str:
    near = difflib.get_close_matches(table, ROW_ORDER, n=1)
    return f"no published table is called {table}" + (f"; did you mean {near[0]}?" if near else "")


def _load(connection: DuckDBPyConnection, table: str, paths: list[Path]) -> tuple[int, tuple[str, ...]]:
    """Fill a table from Parquet files; returns the rows in the files and the columns left out."""
    if not paths:
        return 0, ()
    target = connection.table(table)
    types = {column: str(kind) for column, kind in zip(target.columns, target.types, strict=True)}
    try:
        source = connection.read_parquet([str(path) for path in paths], union_by_name=True)
        known = [_typed(column, kind, source) for column, kind in types.items()]
        ordered = source.select(*known).sort(*ROW_ORDER[table])
        ordered.insert_into(table)
        rows = source.count("*").fetchall()[0][0]
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as error:
        raise PublishSourceError(
            f"The table {table} cannot be read from its files.",
            details=[str(error).splitlines()[0], *map(str, paths)],
            remedy="Run the stage that makes it again: vouch run.",
        ) from error
    return rows, tuple(column for column in source.columns if column not in types)


def _typed(column: str, kind: str, source: DuckDBPyRelation) -> Expression:
    """The column in its published type: NULL where the source lacks it, NULL for NaN."""
    nothing = ConstantExpression(None).cast(kind)
    if column not in source.columns:
        return nothing.alias(column)
    value = ColumnExpression(column)
    if str(source.types[source.columns.index(column)]) in _FLOATING:
        is_nan = FunctionExpression("isnan", value)
        return CaseExpression(is_nan, nothing).otherwise(value.cast(kind)).alias(column)
    return value.cast(kind).alias(column)


def _say_how_it_was_made(connection: DuckDBPyConnection) -> None:
    published_at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        "INSERT INTO about VALUES ($1, $2, $3, $4)",
        [SCHEMA_VERSION, vouch_version(), duckdb.__version__, published_at],
    )


def _count(connection: DuckDBPyConnection, table: str) -> int:
    return connection.table(table).count("*").fetchall()[0][0]


def _assert_all_arrived(loaded: Mapping[str, int], rows: Mapping[str, int]) -> None:
    lost = [
        f"{table}: {expected} rows in its files, {rows[table]} in the file"
        for table, expected in loaded.items()
        if rows[table] != expected
    ]
    if lost:
        raise PublishError(
            "Rows were lost while publishing.", details=lost, remedy="Publish again: vouch run."
        )
