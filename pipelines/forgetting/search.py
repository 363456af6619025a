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

from pipelines.forgetting.documents import alert_without, event_without, named_in_code
from pipelines.forgetting.tables import forgetting, know, mentions_them, tables_there
from pipelines.forgetting.taking_out import DELIVERED, TEXT_ENDINGS, text_columns
from pipelines.publish.tables import DERIVED, ROW_ORDER
from pipelines.published import open_published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

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
        where: Where, a line each.
    """

    place: str
    is_ours: bool = True
    files: int = 0
    found: int = 0
    where: list[str] = field(default_factory=list)

    def note(self, path: str, found: int) -> None:
        """Count a file or table."""
        self.files += 1
        if found:
            self.found += found
            self.where.append(f"{path}: {found}")


def search_home(home: Home, persons: Persons) -> list[Place]:
    """Look for persons in every table and file of a home.

    Tables are searched by value and by mention, texts by mention, packed tables of a report unpacked; every
    file is searched as bytes as well, for names long enough not to be there by chance.
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
    with forgetting(persons, home.scratch) as connection:
        for path in sorted(home.root.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            name = str(path.relative_to(home.root))
            place = delivered if name.split("/", maxsplit=1)[0] in DELIVERED else places[_kind(home, path)]
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
            place.note(name, mentions_them(table))


def _found_in_file(home: Home, connection: DuckDBPyConnection, path: Path, persons: Persons) -> int:
    if path.suffix == ".parquet":
        return mentions_them(connection.read_parquet(str(path))) + _in_bytes(path, persons)
    if path.suffix == ".db":
        return _in_database(path, persons) + _in_bytes(path, persons)
    if path.suffix == ".py" and path.is_relative_to(home.notebooks):
        return _in_own_code(path, persons)
    if path.suffix == ".json" and path.parent == home.alerts:
        text = path.read_text(encoding="utf-8", errors="replace")
        return int(alert_without(persons)(text) != text)
    if path.suffix.lower() in TEXT_ENDINGS:
        return sum(bool(persons.text_pattern.search(text)) for text in _texts_of(path))
    return _in_bytes(path, persons)


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


def _in_bytes(path: Path, persons: Persons) -> int:
    """1 where a long enough name stands in the file as it is on the disk."""
    names = [name for name in persons.names if len(name) >= _FEWEST_BYTES]
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
