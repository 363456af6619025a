"""A table without a person: rows about them go, references to them become NULL, mentions of them `[removed]`.

What a column means is told by its name, the same in the kept runs and in the published file. Names are looked
for where accounts are named and posts where posts are: a post may bear the number of an account that did not
write it.
"""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipelines.engine import connect
from pipelines.examples import (
    EXAMPLE_POSTS,
    EXAMPLES,
    EXAMPLES_ARE_ACCOUNTS,
    EXAMPLES_ARE_POSTS,
    EXAMPLES_OF,
    VOICES,
)
from pipelines.statements import quoted, sql_text
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from pipelines.forgetting.persons import Persons

_SUBJECTS = ("account_id", "account_id_a", "account_id_b", "resembles_account_id", "author_id")
"""Columns that say whom a row is about: with the person, the row goes."""

_POST_SUBJECT = "post_id"
"""The column that says which post a row is about: with a post of theirs, the row goes."""

_NODES = ("node", "source", "target", "actor")
"""Columns of the published graph that say so by node."""

_ENDS_OF_NAMES = ("account_id", "handle", "handle_a", "handle_b", "follower_id", "followee_id", "actor_id",
                  "target_id", "author_id")  # fmt: skip
_ENDS_OF_POSTS = ("post_id", "own_id", "answers_id")

_REFUSED = ("value", "column_name")
"""The column of the refused values, and the one that says what they should have been."""

_SHOWN_NAME = "display_name"
_TEXT, _LIST = "VARCHAR", "VARCHAR[]"
_VALUE_SHOWN = 60


@dataclass(frozen=True)
class Found:
    """Cells of one column that name or mention the persons.

    Attributes:
        column: The column.
        cells: How many.
        value: What stands in one of them.
        row: The row of that one, as the column and value of its id.
    """

    column: str
    cells: int
    value: str = ""
    row: str = ""

    def __str__(self) -> str:
        """The column, with the cell that serves as an example."""
        row = f" in the row of {self.row}" if self.row else ""
        example = f" (such as “{plain(self.value, _VALUE_SHOWN)}”{row})" if self.value else ""
        return f"column {self.column}{example}"


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


def holds_names(column: str) -> bool:
    """Whether a column holds ids or handles of accounts."""
    return column.endswith(_ENDS_OF_NAMES)


def holds_posts(column: str) -> bool:
    """Whether a column holds ids of posts."""
    return column.endswith(_ENDS_OF_POSTS) or column == EXAMPLE_POSTS


def post_columns(row: Mapping[str, object]) -> frozenset[str]:
    """The columns of a row that hold ids of posts."""
    are_posts = row.get(EXAMPLES_OF) in EXAMPLES_ARE_POSTS
    return frozenset(name for name in row if holds_posts(name) or (name == EXAMPLES and are_posts))


def without_them(table: DuckDBPyRelation, *, by_node: bool = False) -> DuckDBPyRelation:
    """The table without the persons.

    Args:
        table: Any table of a kept run, or of the published file.
        by_node: Its nodes are those of the published graph.
    """
    about = [f'names_them("{name}")' for name in _SUBJECTS if name in table.columns]
    about += [f'is_their_post("{name}")' for name in (_POST_SUBJECT,) if name in table.columns]
    if by_node:
        about += [f'is_their_node("{name}")' for name in _NODES if name in table.columns]
    rest = table.filter(f"NOT ({' OR '.join(about)})") if about else table
    left = {name: _left(name, kind, table.columns) for name, kind in _kinds(table)}
    return rest.project(", ".join(f'{left[name]} AS "{name}"' for name in table.columns))


def find_them(table: DuckDBPyRelation) -> list[Found]:
    """The columns of a table that name the persons or mention them."""
    tested = {}
    for name, kind in _kinds(table):
        left = _left(name, kind, table.columns)
        if name in _SUBJECTS:
            tested[name] = f'names_them("{name}")'
        elif left != f'"{name}"':
            tested[name] = f'("{name}" IS DISTINCT FROM {left})'
    if not tested:
        return []
    asked = []
    for name, test in tested.items():
        row = next((key for key in (*_SUBJECTS, _POST_SUBJECT) if key in table.columns and key != name), None)
        told = f"concat('{row} ', \"{row}\")" if row else "''"
        # the same cell each time, whichever thread comes first
        asked.append(f'count(*) FILTER ({test}), min([CAST("{name}" AS VARCHAR), {told}]) FILTER ({test})')
    found = table.aggregate(", ".join(asked)).fetchall()[0]
    counted = zip(tested, found[::2], found[1::2], strict=True)
    return [Found(name, int(cells), *example) for name, cells, example in counted if cells]


def mentions_them(table: DuckDBPyRelation) -> int:
    """How many cells of a table name the persons or mention them."""
    return sum(one.cells for one in find_them(table))


def names_of_others(table: DuckDBPyRelation, names: Sequence[str]) -> set[str]:
    """Those of the names, in lower case, that a table holds in what columns tell to be somebody else's.

    A post may bear the number that is a person's id, and a longer name may hold theirs as a word of its own.
    """
    columns = [
        f'"{name}"' if kind == _TEXT else f"array_to_string(\"{name}\", ' ')"
        for name, kind in _kinds(table)
        if kind in {_TEXT, _LIST}
        and (holds_names(name) or holds_posts(name) or name in {EXAMPLES, VOICES, _REFUSED[0]})
    ]
    if not columns or not names:
        return set()
    written = f"lower(concat_ws(' ', {', '.join(columns)}))"
    words = [rf"(^|[^\w.]){re.escape(name)}($|[^\w.\-]|[.\-](\W|$))" for name in names]
    tests = ", ".join(
        f"coalesce(bool_or(regexp_matches({written}, {quoted(word)})), FALSE)" for word in words
    )
    return {
        name for name, is_there in zip(names, table.aggregate(tests).fetchall()[0], strict=True) if is_there
    }


def _kinds(table: DuckDBPyRelation) -> list[tuple[str, str]]:
    return list(zip(table.columns, map(str, table.types), strict=True))


def _left(name: str, kind: str, columns: Sequence[str]) -> str:
    """What is left of a cell, as an expression; the column itself where nothing can be in it."""
    macro = None
    if kind == _LIST:
        macro = _left_of_list(name, columns)
    elif kind == _TEXT and name not in _SUBJECTS:
        macro = _left_of_text(name, columns)
    return macro.format(f'"{name}"') if macro else f'"{name}"'


def _left_of_text(name: str, columns: Sequence[str]) -> str:
    if name == _SHOWN_NAME:
        return "shown_without_mentions({0})"
    if holds_posts(name):
        return "no_post_of_them({0})"
    if holds_names(name):
        return "nobody_of_them({0})"
    if name != _REFUSED[0]:
        return "without_mentions({0})"
    if _REFUSED[1] not in columns:
        return "nothing_of_them({0})"
    are_posts = " OR ".join(f"ends_with({_REFUSED[1]}, '{end}')" for end in _ENDS_OF_POSTS)
    return (
        f"CASE WHEN {are_posts} THEN no_post_of_them({{0}}) "
        "WHEN names_them({0}) THEN NULL ELSE without_mentions({0}) END"
    )


def _left_of_list(name: str, columns: Sequence[str]) -> str:
    if name == VOICES:
        return "list_without_names({0})"
    if name == EXAMPLE_POSTS:
        return "list_without_posts({0})"
    if name != EXAMPLES:
        return "list_without_mentions({0})"
    if EXAMPLES_OF not in columns:
        return "list_of_nothing_of_them({0})"
    return (
        f"CASE WHEN {EXAMPLES_OF} IN {EXAMPLES_ARE_ACCOUNTS} THEN list_without_names({{0}}) "
        f"WHEN {EXAMPLES_OF} IN {EXAMPLES_ARE_POSTS} THEN list_without_posts({{0}}) "
        "ELSE list_of_nothing_of_them({0}) END"
    )
