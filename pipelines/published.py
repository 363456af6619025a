"""Reading the published DuckDB file: open it the way that never blocks a publication, and ask it a question.

What belongs here: opening, and saying plainly why a file cannot be opened. How the file is made is
`pipelines.publish`; what is asked of it stands in `sql/`. The command line imports this module on every call,
so it imports DuckDB and nothing heavier.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from pipelines.errors import VouchError
from pipelines.statements import quoted, sql_text

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

SCHEMA_VERSION = 4
"""Version of the published schema that this Vouch writes, and the newest that it reads."""

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Waits between attempts while somebody else is in the way: 1.55 s in all."""

PUBLISH_REMEDY = "Make one with `vouch demo`, or with your own data: `vouch run --data DIR`."
AGAIN_REMEDY = "Publish it again with `vouch run`; the old content is in the lake and loses nothing."


class PublishedFileError(VouchError):
    """The published file cannot be read."""


class PublishedFileMissingError(PublishedFileError):
    """Nothing has been published under this name yet."""


class NotPublishedFileError(PublishedFileError):
    """The file is something else, or damaged."""


class NewerPublishedFileError(PublishedFileError):
    """A newer Vouch or DuckDB made the file."""


class PublishedFileBusyError(PublishedFileError):
    """Another program holds the file open for writing, or has written into it."""

    is_transient = True


class ForeignLogError(PublishedFileBusyError):
    """Another program that wrote into the file published before left its log beside this one."""


class QuestionError(PublishedFileError):
    """The file answered with an error: an unknown account or audience, an impossible argument."""


class Answer(NamedTuple):
    """Rows of an answer, in its order, with the names and DuckDB's types of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    types: tuple[str, ...] = ()

    def dicts(self) -> list[dict[str, Any]]:
        """Each row as column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@contextmanager
def open_published(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the published file for reading.

    The file is attached read-only to a fresh connection in memory and put in use, so that its tables, views
    and macros are found by their plain names. A publication meanwhile replaces the file; this connection then
    keeps reading the old one, whole, and the next connection reads the new one.

    Args:
        path: The file, usually `Home.published`.

    Yields:
        A connection that is closed at the end of the block.

    Raises:
        PublishedFileError: One of its kinds, with the remedy.
    """
    with closing(attached(path)) as connection:
        yield connection


def query(path: Path, sql_name: str, params: Mapping[str, Any] | None = None) -> Answer:
    """Run the statement `sql/<sql_name>.sql` on the published file.

    Args:
        path: The file, usually `Home.published`.
        sql_name: The statement, a single SELECT, its parameters written `$name`.
        params: Values of the parameters.

    Raises:
        PublishedFileError: The file cannot be opened.
        QuestionError: The file's own macros refuse the question, for example for an unknown account.
    """
    with open_published(path) as connection:
        return ask(connection, sql_text(sql_name), params)


def ask(
    connection: duckdb.DuckDBPyConnection, statement: str, params: Mapping[str, Any] | None = None
) -> Answer:
    """Run a statement on an open published file; what its macros refuse becomes a `QuestionError`."""
    try:
        result = connection.execute(statement, dict(params or {}))
        described = result.description or ()
        columns, types = tuple(one[0] for one in described), tuple(str(one[1]) for one in described)
        return Answer(columns, result.fetchall(), types)
    except duckdb.InvalidInputException as error:
        raise QuestionError(str(error).removeprefix("Invalid Input Error: ")) from error


def attached(path: Path) -> duckdb.DuckDBPyConnection:
    """As `open_published`, for a reader that stays: the caller closes the connection.

    It reads one publication for as long as it lives, and is in nobody's way: a publication takes the name of
    the file, not the file that is open.
    """
    for seconds in RETRY_SECONDS:
        try:
            return _attach(path)
        except PublishedFileBusyError:
            time.sleep(seconds)
    return _attach(path)


def _attach(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise PublishedFileMissingError(f"Nothing is published at {path} yet.", remedy=PUBLISH_REMEDY)
    if not path.is_file():
        raise NotPublishedFileError(f"{path} is a folder, not a published file.", remedy=PUBLISH_REMEDY)
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    try:
        connection.execute(f"ATTACH {quoted(str(path))} AS published (READ_ONLY)")
        connection.execute("USE published")
        if _version(connection, path) < SCHEMA_VERSION:
            _add_what_came_later(connection)
    except duckdb.Error as error:
        connection.close()
        raise reading_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The schema of the file; one that this Vouch does not know is an error."""
    try:
        versions = connection.execute("SELECT schema_version, vouch_version FROM published.about").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NotPublishedFileError(
            f"{path} is a DuckDB file, but not one that Vouch published.", remedy=PUBLISH_REMEDY
        ) from error
    if not versions:
        raise NotPublishedFileError(f"{path} does not say which schema it has.", remedy=AGAIN_REMEDY)
    schema_version, vouch_version = versions[0]
    if schema_version > SCHEMA_VERSION:
        raise NewerPublishedFileError(
            f"{path} was published by Vouch {vouch_version} in schema {schema_version}; "
            f"this Vouch reads schema {SCHEMA_VERSION}.",
            remedy="Read it with a Vouch at least that new, or publish it again with this one.",
        )
    return schema_version


def _add_what_came_later(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a file of an earlier schema be read like one of today: what it lacks is empty, or NULL.

    The file stays as it is. Temporary views of this connection, which are found before the file's own tables,
    stand for the tables and views that came later and for those that have grown columns.
    """
    connection.execute("ATTACH ':memory:' AS today")
    connection.execute("USE today")
    for name in ("schema", "views"):
        connection.execute(sql_text(f"published/{name}"))
    connection.execute("USE published")
    for (statement,) in connection.execute(sql_text("published/came_later")).fetchall():
        connection.execute(statement)


def foreign_log(path: Path) -> Path:
    """Where a program that writes into the published file keeps what it writes; Vouch never leaves one."""
    return path.with_name(path.name + ".wal")


def reading_error(error: duckdb.Error, path: Path) -> PublishedFileError:
    """What DuckDB's message means for the person who wanted to read."""
    told = str(error)
    said = told.replace(str(path.resolve()), "").replace(str(path), "")  # any word may stand in the path
    if "set lock" in said:
        return PublishedFileBusyError(
            f"Another program has {path} open for writing.",
            details=[told.splitlines()[0]],
            remedy="Close it there, or open it there read-only (duckdb -readonly, access_mode=READ_ONLY).",
        )
    if "WAL" in said or ".wal" in said:
        return ForeignLogError(
            f"Another program has written into {path} and left {path.name}.wal beside it.",
            remedy=f"Close that program and delete {path}.wal; what Vouch published is in the file itself.",
        )
    if "version number" in said or "newer version" in said:
        return NewerPublishedFileError(
            f"{path} was written by a newer DuckDB than {duckdb.__version__}.",
            details=[told.splitlines()[0]],
            remedy="Update DuckDB, or publish the file again with this Vouch.",
        )
    if "Permission denied" in said:
        return PublishedFileError(
            f"{path} may not be read by you.",
            remedy="Give yourself the right to read it (chown, chmod), or ask its owner for a copy.",
        )
    if isinstance(error, duckdb.IOException | duckdb.SerializationException):
        return NotPublishedFileError(
            f"{path} is not a published file, or it is damaged.",
            details=[told.splitlines()[0]],
            remedy=AGAIN_REMEDY,
        )
    return PublishedFileError(f"{path} cannot be read.", details=[told], remedy=AGAIN_REMEDY)
