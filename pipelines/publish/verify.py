"""A built file looked at as a reader looks at it, before anybody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.publish.errors import PublishedRulesBrokenError
from pipelines.published import PublishedFileError, open_published
from pipelines.statements import sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ROWS_SHOWN = 10
SMALL_BYTES = 50_000_000
"""Below this size starting threads for each of the many short questions costs more than they save."""
UNKNOWN_ACCOUNT = "'@handle'"
"""What `help()` puts into its examples where nobody is ranked yet; such an example cannot run."""


def verify_file(path: Path, expected_rows: Mapping[str, int]) -> None:
    """Open a built file and check what readers rely on.

    Every table holds the rows that were put in, every macro runs with the example that `help()` gives for it,
    and every `sql/checks/published_*.sql` finds nothing to complain of.

    Args:
        path: The built file.
        expected_rows: Rows by table.

    Raises:
        PublishedRulesBrokenError: With the first offending rows of every broken rule.
    """
    leftover = path.with_name(path.name + ".wal")
    faults = [f"{leftover.name} was left beside the file"] if leftover.exists() else []
    try:
        with open_published(path) as connection:
            if path.stat().st_size < SMALL_BYTES:
                connection.execute("SET threads = 1")
            faults.extend(_missing_rows(connection, expected_rows))
            faults.extend(_broken_rules(connection))
            faults.extend(_failing_macros(connection))
    except PublishedFileError as error:
        faults.append(str(error))
    if faults:
        raise PublishedRulesBrokenError(
            "The new file breaks its own rules and was not published; the old one stands.",
            details=faults,
            remedy="These rows come from the stages before: run them again, or report them as a defect.",
        )


def _missing_rows(connection: duckdb.DuckDBPyConnection, expected_rows: Mapping[str, int]) -> Iterator[str]:
    for table, expected in expected_rows.items():
        found = connection.table(table).count("*").fetchall()[0][0]
        if found != expected:
            yield f"{table}: {found} rows instead of {expected}"


def _broken_rules(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for file in sorted((sql_folder() / "checks").glob("published_*.sql")):
        offending = connection.execute(file.read_text(encoding="utf-8")).fetchmany(ROWS_SHOWN + 1)
        for table, subject, problem in offending[:ROWS_SHOWN]:
            yield f"{file.stem.removeprefix('published_')}: {table}: {subject}: {problem}"
        if len(offending) > ROWS_SHOWN:
            yield f"{file.stem.removeprefix('published_')}: and more"


def _failing_macros(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for macro, _, example in connection.execute("FROM help()").fetchall():
        if UNKNOWN_ACCOUNT in example:
            continue
        try:
            connection.execute(example).fetchmany(1)
        except duckdb.Error as error:
            yield f"{macro}: {example}: {str(error).splitlines()[0]}"
