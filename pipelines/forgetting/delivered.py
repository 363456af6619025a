"""Delivered data, searched for persons and left as they are, because they are not Vouch's to change.

What a later run would read is read as it reads it, by the same readers and through the same mapping, whatever
its format. DuckDB counts in one pass over a file, so that a large one takes time and no memory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.forgetting.documents import named_in_code
from pipelines.forgetting.tables import Found, holds_names, holds_posts
from pipelines.ingest.contract import TABLES, Table
from pipelines.ingest.dataset import dataset_config, folder_fault
from pipelines.ingest.errors import FileFaultError, MappingError, input_errors, is_full_disk
from pipelines.ingest.files import InputFile, find_named_files, find_table_files, list_names, measure
from pipelines.ingest.mapping import DatasetConfig
from pipelines.ingest.reading import read_rows
from pipelines.ingest.staging import bind
from pipelines.requests import last_source
from pipelines.statements import sql_text
from pipelines.writing import folder_aside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from pipelines.forgetting.persons import Persons
    from pipelines.forgetting.search import Place
    from pipelines.home import Home
    from pipelines.ingest.mapping import ColumnSource, Source
    from pipelines.ingest.reading import Rows

_TEXTS = ("text", "handle")


@dataclass(frozen=True)
class DeliveredFolder:
    """A folder of tables that a run of the home read, or that waits for one.

    Attributes:
        path: The folder.
        config_file: A dataset.toml that lies elsewhere, or None.
    """

    path: Path
    config_file: Path | None = None


def delivered_folders(home: Home) -> list[DeliveredFolder]:
    """The folder that the home reads, those that its kept runs read, and those that wait in its inbox."""
    found: dict[Path, DeliveredFolder] = {}
    source = last_source(home)
    if source is not None:
        config = Path(source.config_file) if source.config_file else None
        found[Path(source.data_dir)] = DeliveredFolder(Path(source.data_dir), config)
    runs = [str(path) for path in home.lake.glob("runs/*/*/run.parquet")]
    read = duckdb.execute(sql_text("forget/data_folders"), {"files": runs}).fetchall() if runs else []
    waiting = [path for path in home.inbox.iterdir() if path.is_dir()] if home.inbox.is_dir() else []
    for path in (*(Path(row[0]) for row in read), *sorted(waiting)):
        found.setdefault(path, DeliveredFolder(path))
    return list(found.values())


def search_delivered(
    home: Home,
    connection: DuckDBPyConnection,
    persons: Persons,
    folders: Sequence[DeliveredFolder],
    place: Place,
) -> set[Path]:
    """Look for persons in delivered data.

    Args:
        home: The home; what lies in it and was not delivered is searched elsewhere.
        connection: One that knows whom; see `pipelines.forgetting.tables.forgetting`.
        persons: Whom.
        folders: Where, from `delivered_folders`.
        place: Takes what was found, and what could not be searched.

    Returns:
        The files that were searched.
    """
    connection.execute(sql_text("ingest/macros"))
    read: set[Path] = set()
    for folder in folders:
        try:
            fault = folder_fault(folder.path)
            config = dataset_config(folder.path, folder.config_file) if fault is None else DatasetConfig()
        except MappingError as error:
            fault = error.faults[0]
        if fault is not None:
            place.not_searched.append(_not_searched(folder.path, fault.problem))
            continue
        files = _files(home, folder, config, place)
        for path, uses in files.items():
            with folder_aside(home.scratch, "delivered") as scratch:
                if _search_file(_Reading(connection, persons, scratch), path, uses, place):
                    read.add(path)
        _search_mapping(config, persons, place)
        _note_unread(folder, files, home, place)
    return read


@dataclass(frozen=True)
class _Reading:
    connection: DuckDBPyConnection
    persons: Persons
    scratch: Path


@dataclass(frozen=True)
class _Use:
    """A file as what a table is made of."""

    table: Table
    source: Source
    file: InputFile


def _files(
    home: Home, folder: DeliveredFolder, config: DatasetConfig, place: Place
) -> dict[Path, list[_Use]]:
    """The files that feed tables, each with all it is for."""
    is_around_the_home = home.root.is_relative_to(folder.path)
    uses: dict[Path, list[_Use]] = defaultdict(list)
    for table in TABLES:
        for source in config.of(table.name):
            try:
                files = (
                    find_table_files(folder.path, table.name)
                    if source.file is None
                    else find_named_files(folder.path, source.file, source.file_format)
                )
            except (FileFaultError, OSError) as error:
                place.not_searched.append(_not_searched(f"{folder.path} {source.section}", f"it {error}"))
                continue
            for file in files:
                if not (is_around_the_home and file.path.is_relative_to(home.root)):
                    uses[file.path].append(_Use(table, source, file))
    return uses


def _search_file(reading: _Reading, path: Path, uses: list[_Use], place: Place) -> bool:
    """Search one file; False where it could not be read."""
    found: dict[str, Found] = {}
    try:
        for use in uses:
            for one in _found_in(reading, use):
                found[one.column] = max(one, found.get(one.column, one), key=lambda had: had.cells)
    except FileFaultError as error:
        place.not_searched.append(_not_searched(path, f"it {error.problem}"))
        return False
    except (OSError, duckdb.Error) as error:
        if not is_full_disk(error):
            raise
        place.not_searched.append(
            _not_searched(path, f"there is no room to unpack it in {reading.scratch.parent}")
        )
        return False
    place.note(str(path), list(found.values()))
    return True


def _found_in(reading: _Reading, use: _Use) -> list[Found]:
    measured = measure(use.file, reading.scratch / "unpacked", reading.connection, use.source.encoding)
    rows = read_rows(reading.connection, use.file, measured, use.source, reading.scratch / "careful")
    if not rows.expressions:
        return []
    bound, faults = bind(rows, use.table, use.source, use.file.name)
    if faults:
        raise FileFaultError(faults[0].problem, faults[0].remedy)
    tests = _tests(rows, use, bound)
    counted = ", ".join(f"count(*) FILTER ({test})" for test in tests.values())
    with input_errors():
        cells = rows.relation.aggregate(counted).fetchall()[0] if counted else ()
    found = [Found(column, n) for column, n in zip(tests, cells, strict=True) if n]
    if rows.refused is not None and rows.rows_refused:
        text = reading.persons.text_pattern
        with rows.refused.open(encoding="utf-8", errors="replace") as lines:
            broken = sum(bool(text.search(line)) for line in lines)
        found += [Found("unknown, in rows that cannot be read", broken)] if broken else []
    return found


def _tests(rows: Rows, use: _Use, bound: Mapping[str, ColumnSource]) -> dict[str, str]:
    """Column of the file to the test that finds them in it, by what the column is for."""
    tests: dict[str, list[str]] = defaultdict(list)
    known = set()
    for name, source in bound.items():
        written = rows.expression(source.column) if source.column is not None else None
        if written is None or source.column is None:
            continue
        known.add(written)
        # a value that is looked up is what it is looked up by
        test = _test(source.lookup.key if source.lookup else name, use.table, written)
        if test:
            tests[source.column].append(test)
    for column, written in rows.expressions.items():
        if written not in known:
            tests[column].append(_test(column.strip().casefold(), None, written) or _mentions(written))
    return {column: " OR ".join(dict.fromkeys(any_of)) for column, any_of in tests.items()}


def _test(name: str, table: Table | None, written: str) -> str | None:
    """The test of a column by its name; None where the table says that nobody can be in it."""
    if holds_posts(name):
        return f"is_their_post(tidy({written}))"
    if holds_names(name):
        return f"names_them(tidy({written}))"
    is_text = table is not None and any(
        column.name == name and column.type in _TEXTS for column in table.columns
    )
    return _mentions(written) if is_text else None


def _mentions(written: str) -> str:
    return f"coalesce(regexp_matches({written}, getvariable('forgotten_mention')), FALSE)"


def _search_mapping(config: DatasetConfig, persons: Persons, place: Place) -> None:
    """Audiences of a dataset.toml may be followers of somebody, who is named there."""
    if config.path is not None:
        pattern = named_in_code(persons)
        lines = config.path.read_text(encoding="utf-8", errors="replace").splitlines()
        place.note(str(config.path), sum(bool(pattern.search(line)) for line in lines))


def _note_unread(folder: DeliveredFolder, files: dict[Path, list[_Use]], home: Home, place: Place) -> None:
    """Say what else lies there, unless the search of the home comes to it."""
    if folder.path.is_relative_to(home.root):
        return
    used = {path.relative_to(folder.path).parts[0] for path in files if path.is_relative_to(folder.path)}
    others = [
        name
        for name in list_names(folder.path)
        if name.rstrip("/") not in used and not home.root.is_relative_to(folder.path / name.rstrip("/"))
    ]
    place.not_searched += [
        f"{folder.path / name}, because no table is read from it; see whether it names them"
        for name in others
    ]


def _not_searched(where: Path | str, why: str) -> str:
    return f"{where}, because {why[0].lower()}{why[1:].rstrip('.')}; remove them there too"
