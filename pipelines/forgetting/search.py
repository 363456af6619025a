"""The proof: every table and file of a home, searched for persons who should be in none of them."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

from pipelines.forgetting.delivered import search_delivered
from pipelines.forgetting.documents import alert_without, event_without, named_in_code
from pipelines.forgetting.tables import Found, find_them, forgetting, know, names_of_others, tables_there
from pipelines.forgetting.taking_out import TEXT_ENDINGS, is_delivered, text_columns
from pipelines.publish.tables import DERIVED, ROW_ORDER
from pipelines.published import open_published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from pipelines.forgetting.delivered import DeliveredFolder
    from pipelines.forgetting.persons import Persons
    from pipelines.home import Home

# Reports carry their tables packed in the page.
_PACKED = re.compile(rb"H4sI[A-Za-z0-9+/]{20,}={0,2}")
_FEWEST_BYTES = 6
_PIECE = 1 << 24


@dataclass
class Place:
    """What was searched in one kind of place.

    Attributes:
        place: The kind.
        is_ours: False for what was delivered, which is searched but not changed.
        files: Files, or tables of the published file.
        found: Cells or files that name or mention the persons.
        where: Where, a line each: the file or table, and the columns.
        not_searched: What could not be, a line each, with the reason.
    """

    place: str
    is_ours: bool = True
    files: int = 0
    found: int = 0
    where: list[str] = field(default_factory=list)
    not_searched: list[str] = field(default_factory=list)

    def note(self, path: str, found: int | list[Found]) -> None:
        """Count a file or table, with how often they were found in it, or with the columns where."""
        self.files += 1
        if isinstance(found, list):
            self.found += sum(one.cells for one in found)
            if self.is_ours:
                self.where += [f"{path}, {one}: {one.cells}" for one in found]
            elif found:  # any row may name them there, and no example is of use
                self.where.append(f"{path}: {', '.join(f'{one.column} {one.cells}' for one in found)}")
        elif found:
            self.found += found
            self.where.append(f"{path}: {found}")


def search_home(home: Home, persons: Persons, folders: Sequence[DeliveredFolder] = ()) -> list[Place]:
    """Look for persons in every table and file of a home, and in the data that were delivered to it.

    Tables are searched by value and by mention, texts by mention, packed tables of a report unpacked; every
    file is searched as bytes as well, for names long enough not to be there by chance. Posts may bear the
    number of an account that did not write them: that is told from the columns, and not found.

    Args:
        home: The home.
        persons: Whom.
        folders: Where delivered data lie, from `delivered_folders`.
    """
    places = {
        name: Place(name)
        for name in (
            "published file",
            "tables of the lake",
            "reports",
            "run history",
            "alerts",
            "own notebooks",
            "other files",
        )
    }
    delivered = Place("delivered data", is_ours=False)
    if home.published.exists():
        _search_published(home, persons, places["published file"])
    paths = [folder.path for folder in folders]
    with forgetting(persons, home.scratch) as connection:
        read = search_delivered(home, connection, persons, folders, delivered)
        for path in sorted(home.root.rglob("*")):
            if path.is_symlink() or not path.is_file() or path in read:
                continue
            name = str(path.relative_to(home.root))
            place = delivered if is_delivered(home, path, paths) else places[_kind(home, path)]
            place.note(name, _found_in_file(home, connection, path, persons))
    return [*places.values(), delivered]


def _kind(home: Home, path: Path) -> str:
    if path == home.published:
        return "published file"
    for folder, kind in (
        (home.lake, "tables of the lake"),
        (home.reports, "reports"),
        (home.dagster, "run history"),
        (home.alerts, "alerts"),
        (home.notebooks, "own notebooks"),
    ):
        if path.is_relative_to(folder):
            return kind
    return "other files"


def _search_published(home: Home, persons: Persons, place: Place) -> None:
    with open_published(home.published) as connection:
        know(connection, persons)
        for name, table in tables_there(connection, (*ROW_ORDER, *DERIVED)):
            place.note(name, find_them(table))


def _found_in_file(
    home: Home, connection: DuckDBPyConnection, path: Path, persons: Persons
) -> int | list[Found]:
    if path.suffix == ".parquet":
        return _in_table(connection.read_parquet(str(path)), path, persons)
    if path == home.published:
        return _in_published_bytes(home, persons)
    if path.suffix == ".db":
        return _in_database(path, persons) + in_bytes(path, persons.names)
    if path.suffix == ".py" and path.is_relative_to(home.notebooks):
        return _in_own_code(path, persons)
    return (
        _in_text(home, path, persons)
        if path.suffix.lower() in TEXT_ENDINGS
        else in_bytes(path, persons.names)
    )


def _in_text(home: Home, path: Path, persons: Persons) -> int:
    if path.suffix == ".json" and path.parent == home.alerts:
        text = path.read_text(encoding="utf-8", errors="replace")
        return int(alert_without(persons)(text) != text)
    found = sum(bool(persons.text_pattern.search(text)) for text in _texts_of(path))
    if not found or not path.is_relative_to(home.reports) or not home.published.exists():
        return found
    # a report shows ids of posts, which may be the number of their account
    pattern = persons.text_pattern_but_for(_published_of_others(home, persons))
    return sum(bool(pattern.search(text)) for text in _texts_of(path))


def _in_table(table: DuckDBPyRelation, path: Path, persons: Persons) -> list[Found]:
    """By column, and as bytes for what no column shows."""
    found = find_them(table)
    if found or not in_bytes(path, persons.names):
        return found
    of_others = names_of_others(table, persons.names)
    left = in_bytes(path, [name for name in persons.names if name not in of_others])
    return [Found("unknown, but in the bytes of the file", left)] if left else []


def _in_published_bytes(home: Home, persons: Persons) -> int:
    if not in_bytes(home.published, persons.names):
        return 0
    of_others = _published_of_others(home, persons)
    return in_bytes(home.published, [name for name in persons.names if name not in of_others])


def _published_of_others(home: Home, persons: Persons) -> set[str]:
    """Names of theirs that the published file holds as what somebody else's post or longer name is."""
    with open_published(home.published) as connection:
        know(connection, persons)
        tables = [table for _, table in tables_there(connection, ROW_ORDER)]
        return set().union(*(names_of_others(table, persons.names) for table in tables))


def _in_own_code(path: Path, persons: Persons) -> int:
    """Lines of somebody's own notebook that name them; those that Vouch's notebook has are about nobody."""
    of_vouch = set(files("pipelines.explore").joinpath("notebook.py").read_text("utf-8").splitlines())
    pattern = named_in_code(persons)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return sum(line not in of_vouch and bool(pattern.search(line)) for line in lines)


def _in_database(path: Path, persons: Persons) -> int:
    found, blanked = 0, event_without(persons)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.create_function("mentions", 1, lambda text: blanked(text) != text)
        for table, column in text_columns(connection):
            is_meant = f'typeof("{column}") = \'text\' AND mentions("{column}")'
            counted = f'SELECT count(*) FROM "{table}" WHERE {is_meant}'  # noqa: S608 - names of the catalogue
            found += connection.execute(counted).fetchall()[0][0]
    return found


def _texts_of(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.decode("utf-8", "replace")
    for packed in _PACKED.findall(content):
        try:
            yield gzip.decompress(base64.b64decode(packed)).decode("utf-8", "replace")
        except (OSError, EOFError, binascii.Error):  # it only looked like packed data
            continue


def in_bytes(path: Path, names: Iterable[str]) -> int:
    """1 where a name that is long enough stands in a file as it is on the disk."""
    names = [name for name in names if len(name) >= _FEWEST_BYTES]
    if not names:
        return 0
    forms = [re.escape(name.encode()) for name in names]
    # a longer name that begins or ends like theirs is somebody else's
    pattern = re.compile(rb"(?<![\w.])(?:" + b"|".join(forms) + rb")(?![\w]|[.\-]\w)", re.IGNORECASE)
    longest = max(len(form) for form in forms) + 2
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if pattern.search(tail + piece):
                return 1
            tail = piece[-longest:]
    return 0
