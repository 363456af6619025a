"""DuckDB as the query engine of the lake: Parquet in, a named statement of `sql/`, Parquet out.

The database is in memory and holds nothing between two calls. What is published for people is another matter:
see `pipelines.publish`.
"""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.statements import quoted, sql_text
from pipelines.writing import passing_name, written_aside

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    import polars as pl


SMALL_BYTES = 10_000_000
"""Below this much to read, starting threads for each of many short statements costs more than they save."""


def connect(scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A fresh in-memory connection: UTC, no extension downloads, spilling to `scratch` if memory is short."""
    # A folder of its own: a connection that closes clears the folder it spilled to, whoever else is using it.
    spill = (scratch or Path(tempfile.gettempdir())) / passing_name("vouch-spill")
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(spill),
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # of the cursors made from it as well
    return connection


def fit_threads(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """One thread of DuckDB for little to read, all of them for much."""
    there = (file for named in files for file in named.parent.glob(named.name))
    is_small = sum(file.stat().st_size for file in there) < SMALL_BYTES
    connection.execute("SET GLOBAL threads = 1" if is_small else "RESET GLOBAL threads")


@contextmanager
def passing_interrupts() -> Generator[None]:
    """Let Ctrl-C through as what it is.

    DuckDB wraps what a signal handler raised in a RuntimeError, which everybody above takes for a defect.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        interrupt = error.__cause__
        if interrupt is None or isinstance(interrupt, Exception):
            raise
        raise interrupt from None


@dataclass(frozen=True)
class Engine:
    """Runs statements of `sql/` over Parquet files, each in a session of its own of one database.

    Attributes:
        scratch: Folder for spill files, or None for the system's temporary folder.
    """

    scratch: Path | None = None

    def to_parquet(
        self, name: str, out: Path, tables: Mapping[str, Path], params: Mapping[str, Any] | None = None
    ) -> int:
        """Run `sql/<name>.sql` and write its rows to `out`, whole or not at all.

        Args:
            name: The statement, a single SELECT, its parameters written `$name`.
            out: The Parquet file to write; its folder is created.
            tables: View name to Parquet file (or glob) that the statement reads.
            params: Values of the parameters.

        Returns:
            The number of rows written.
        """
        with written_aside(out) as partial, passing_interrupts(), closing(self._open(tables)) as connection:
            statement = f"CREATE TEMP TABLE result AS {sql_text(name)}"
            connection.execute(statement, dict(params or {}))
            connection.table("result").write_parquet(str(partial), compression="zstd")
            rows = connection.execute("SELECT count(*) FROM result").fetchall()[0][0]
        return int(rows)

    def frame(
        self, name: str, tables: Mapping[str, Path], params: Mapping[str, Any] | None = None
    ) -> pl.DataFrame:
        """Run `sql/<name>.sql` and return its rows, in the order that the statement gives."""
        import polars as pl  # noqa: PLC0415 - the reading commands connect and never need a frame

        with passing_interrupts(), closing(self._open(tables)) as connection:
            connection.execute(f"CREATE TEMP TABLE result AS {sql_text(name)}", dict(params or {}))
            return pl.DataFrame(connection.table("result"))

    def digest(self) -> str:
        """What decides how a statement is run, beside its text and the tables: nothing."""
        return ""

    def close(self) -> None:
        """Give up the database and its folder for spill files; the next statement opens them anew."""
        database = self.__dict__.pop("_database", None)
        if database is not None:
            database.close()

    def _open(self, tables: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
        session = self._database.cursor()
        fit_threads(session, tables.values())
        for view, path in tables.items():
            # a view of the session, gone with it
            session.execute(f'CREATE TEMP VIEW "{view}" AS FROM read_parquet({quoted(str(path))})')
        return session

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """Opened once: that takes as long as a statement over a million rows."""
        return connect(self.scratch)
