"""A table without a person: rows about them go, references to them become NULL, mentions of them `[removed]`.

What a column means is told by its name, the same in the kept runs and in the published file.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import duckdb

from pipelines.engine import connect
from pipelines.statements import sql_text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from pipelines.forgetting.persons import Persons

_SUBJECTS = ("account_id", "account_id_a", "account_id_b", "resembles_account_id", "author_id")
"""Columns that say whom a row is about: with the person, the row goes."""

_NODES = ("node", "source", "target", "actor")
"""Columns of the published graph that say so by node."""

_REFERENCES = ("handle", "backup_account_id", "backup_handle", "value", "follower_id", "followee_id")
"""Columns that name somebody beside the one a row is about."""

_LISTS_OF_NAMES = ("top_voices", "example_ids", "example_post_ids")
"""Lists of handles, ids or posts; others hold words, one of which may happen to be somebody's handle."""

_SHOWN_NAME = "display_name"
_TEXT, _LIST = "VARCHAR", "VARCHAR[]"


@contextmanager
def forgetting(persons: Persons, scratch: Path, nodes: Sequence[int] = ()) -> Generator[DuckDBPyConnection]:
    """A connection in memory that knows whom to take out, with the macros for it.

    Args:
        persons: Who.
        scratch: Folder for what does not fit in memory.
        nodes: Their nodes in the published graph.
    """
    with closing(connect(scratch)) as connection:
        know(connection, persons, nodes)
        yield connection


def know(connection: DuckDBPyConnection, persons: Persons, nodes: Sequence[int] = ()) -> None:
    """Give a connection the macros, and whom they are about."""
    for name, value in (
        ("forgotten_names", persons.names),
        ("forgotten_posts", list(persons.posts)),
        ("forgotten_nodes", list(nodes)),
        ("forgotten_shown_names", list(persons.shown_names)),
        ("forgotten_mention", persons.pattern),
    ):
        connection.execute(f"SET VARIABLE {name} = $1", [value])
    connection.execute(sql_text("forget/macros"))


def tables_there(
    connection: DuckDBPyConnection, tables: Iterable[str]
) -> Iterator[tuple[str, DuckDBPyRelation]]:
    """Name and content of those tables that a published file has; one of another release may lack some."""
    for name in tables:
        try:
            yield name, connection.sql(f"FROM {name}")
        except duckdb.CatalogException:
            continue


def without_them(table: DuckDBPyRelation, *, by_node: bool = False) -> DuckDBPyRelation:
    """The table without the persons.

    Args:
        table: Any table of a kept run, or of the published file.
        by_node: Its nodes are those of the published graph.
    """
    about = [f'names_them("{name}")' for name in _SUBJECTS if name in table.columns]
    if by_node:
        about += [f'is_their_node("{name}")' for name in _NODES if name in table.columns]
    left = table.filter(f"NOT ({' OR '.join(about)})") if about else table
    return left.project(
        ", ".join(_column(name, str(kind)) for name, kind in zip(table.columns, table.types, strict=True))
    )


def mentions_them(table: DuckDBPyRelation) -> int:
    """How many cells of a table name the persons or mention them."""
    tests = []
    for name, kind in zip(table.columns, map(str, table.types), strict=True):
        if kind == _TEXT and name == _SHOWN_NAME:
            tests.append(f'coalesce(shown_without_mentions("{name}") <> "{name}", FALSE)')
        elif kind == _TEXT:
            is_name = name in (*_SUBJECTS, *_REFERENCES) or name.endswith(("_id", "handle"))
            named = f'is_theirs("{name}") OR ' if is_name else ""
            tests.append(
                f"({named}coalesce(regexp_matches(\"{name}\", getvariable('forgotten_mention')), FALSE))"
            )
        elif kind == _LIST:
            if name in _LISTS_OF_NAMES:
                tests.append(f'coalesce(len(list_filter("{name}", lambda one: is_theirs(one))) > 0, FALSE)')
            tests.append(
                f'coalesce(len(list_filter("{name}", lambda one: without_mentions(one) <> one)) > 0, FALSE)'
            )
    if not tests:
        return 0
    counted = " + ".join(f"count(*) FILTER ({test})" for test in tests)
    return int(table.aggregate(f"{counted} AS n").fetchall()[0][0])


def _column(name: str, kind: str) -> str:
    if kind == _LIST:
        macro = "list_without_them" if name in _LISTS_OF_NAMES else "list_without_mentions"
        return f'{macro}("{name}") AS "{name}"'
    if kind != _TEXT or name in _SUBJECTS:
        return f'"{name}"'
    if name == _SHOWN_NAME:
        return f'shown_without_mentions("{name}") AS "{name}"'
    macro = "nobody_of_them" if name in _REFERENCES else "without_mentions"
    return f'{macro}("{name}") AS "{name}"'
