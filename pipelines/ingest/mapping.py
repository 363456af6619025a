"""Reading a dataset.toml: which file and column feeds which column of the contract.

Every fault of the file is collected and raised at once. Whether the named files and columns exist is known
only when the files are opened; that is checked in `pipelines.ingest.staging`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.ingest.contract import TABLE_BY_NAME, TABLES, Column, Table
from pipelines.ingest.errors import Fault, MappingError
from pipelines.settings import SECTIONS, Settings, read_settings
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DATASET_FILE = "dataset.toml"
DEFAULT_NETWORK = "main"
FORMATS = ("csv", "jsonl", "parquet")
ENCODINGS = ("utf-8", "utf-16", "latin-1")
TIME_UNITS = {"s": 1_000_000.0, "ms": 1_000.0, "us": 1.0, "ns": 0.001}  # microseconds per unit

_TOP_LEVEL = ("network", "generated", "audiences", *(table.name for table in TABLES), *SECTIONS)
_RESERVED = ("file", "format", "delimiter", "header", "encoding")
HANDLE = "handle"
_COLUMN_KEYS = ("column", "value", "values", "unit", "format", "via", "take", "as", "decimal")
DECIMALS = {",": "number_with_comma", ".": "number_with_point"}  # the mark before a fraction and its macro
_AUDIENCE_KEYS = ("followers_of", "engaged_with")


@dataclass(frozen=True)
class Lookup:
    """Where a value is looked up: the row of `table` whose `key` equals it gives its `take`."""

    table: str
    key: str
    take: str


@dataclass(frozen=True)
class ColumnSource:
    """How one column of the contract gets its text.

    Attributes:
        column: The source column (a JSON pointer such as /author/id in JSON Lines), or None for a constant.
        value: The constant.
        values: Words of the source and the words of the contract they stand for.
        unit: The unit of a number that is a time, a key of `TIME_UNITS`.
        time_format: A strftime format of a time.
        lookup: Where the source's value is looked up.
        is_handle: Whether an id is a handle, which people write with and without @ and in any letter case.
        decimal: The mark before the fraction of a number, a key of `DECIMALS`; None where numbers are plain.
    """

    column: str | None = None
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    time_format: str | None = None
    lookup: Lookup | None = None
    is_handle: bool = False
    decimal: str | None = None


@dataclass(frozen=True)
class Source:
    """One file, folder or pattern of files that feeds a table.

    Attributes:
        table: The table of the contract.
        section: Where the mapping stands in the dataset.toml, for messages.
        file: Path or pattern relative to the dataset, or None to look for the table's own name.
        file_format: One of `FORMATS`, or None to go by the name.
        delimiter: The CSV delimiter, or None to go by the header.
        has_header: Whether the first CSV row names the columns; else they are called "1", "2", …
        encoding: One of `ENCODINGS`.
        columns: Contract column to its source, or to None where the column is left out on purpose.
    """

    table: str
    section: str
    file: str | None = None
    file_format: str | None = None
    delimiter: str | None = None
    has_header: bool = True
    encoding: str = "utf-8"
    columns: Mapping[str, ColumnSource | None] = field(default_factory=dict)


@dataclass(frozen=True)
class DerivedAudience:
    """An audience made from the follows or interactions instead of a list.

    Attributes:
        name: The audience's name.
        followers_of: Accounts (ids or @handles) whose followers are the members.
        engaged_with: Accounts (ids or @handles) with whom the members interacted.
    """

    name: str
    followers_of: tuple[str, ...] = ()
    engaged_with: tuple[str, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Every account the audience is derived from, as written."""
        return (*self.followers_of, *self.engaged_with)


@dataclass(frozen=True)
class DatasetConfig:
    """A dataset.toml, read and checked; the defaults where there is none."""

    network: str = DEFAULT_NETWORK
    is_generated: bool = False
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    audiences: tuple[DerivedAudience, ...] = ()
    path: Path | None = None
    settings: Settings = field(default_factory=Settings)

    def of(self, table: str) -> tuple[Source, ...]:
        """The sources of a table: as configured, or the files of the table's name."""
        return self.sources.get(table, (Source(table, f"[{table}]"),))


def read_config(path: Path | None) -> DatasetConfig:
    """Read a dataset.toml.

    Args:
        path: The file, or None where the dataset has none.

    Raises:
        MappingError: With every fault of the file.
    """
    if path is None:
        return DatasetConfig()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        fault = Fault(path.name, f"cannot be read ({error.strerror}).", "Check the path and its permissions.")
        raise MappingError([fault]) from error
    except ValueError as error:
        fault = Fault(path.name, f"is not valid TOML: {error}.", "Mend that line; strings stand in quotes.")
        raise MappingError([fault]) from error
    reader = _Reader(path.name)
    config = reader.config(document, path)
    if reader.faults:
        raise MappingError(reader.faults)
    return config


class _Reader:
    """Walks one document and gathers its faults; a method returns a usable value even after a fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def fault(self, section: str, problem: str, remedy: str = "") -> None:
        self.faults.append(Fault(f"{self.name} {section}".strip(), problem, remedy))

    def unknown(self, section: str, key: str, known: Iterable[str]) -> None:
        names = tuple(known)
        hint = did_you_mean(key, names) or f"Known here: {', '.join(names)}."
        self.fault(section, f"has an unknown key {key!r}.", hint)

    def config(self, document: dict[str, Any], path: Path) -> DatasetConfig:
        for key in document:
            if key not in _TOP_LEVEL:
                self.unknown("", key, _TOP_LEVEL)
        network = document.get("network", DEFAULT_NETWORK)
        if not isinstance(network, str) or not network.strip():
            self.fault("network", "must be a text.", 'Write network = "name".')
            network = DEFAULT_NETWORK
        is_generated = document.get("generated", False)
        if not isinstance(is_generated, bool):
            self.fault("generated", "must be true or false.", "Write generated = true for invented data.")
            is_generated = False
        sources = {
            table.name: self.table(table, document[table.name]) for table in TABLES if table.name in document
        }
        self._refuse_circles(sources)
        audiences = self.audiences(document.get("audiences", {}))
        settings = read_settings(document, self.fault)
        return DatasetConfig(network.strip(), is_generated, sources, audiences, path, settings)

    def table(self, table: Table, value: object) -> tuple[Source, ...]:
        if isinstance(value, dict):
            return (self.source(table, f"[{table.name}]", value),)
        if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            return tuple(
                self.source(table, f"[[{table.name}]] no. {number}", entry)
                for number, entry in enumerate(value, start=1)
            )
        self.fault(f"[{table.name}]", "must be a section.", f"Write [{table.name}] and its keys below it.")
        return ()

    def source(self, table: Table, section: str, entry: dict[str, Any]) -> Source:
        columns: dict[str, ColumnSource | None] = {}
        for key, value in entry.items():
            if key in _RESERVED:
                continue
            if key not in table.column_names:
                self.unknown(section, key, (*table.column_names, *_RESERVED))
                continue
            columns[key] = self.column(f"{section} {key}", table.column(key), value)
        header = entry.get("header", True)
        if not isinstance(header, bool):
            self.fault(f"{section} header", "must be true or false.")
            header = True
        delimiter = self.text(section, entry, "delimiter")
        if delimiter is not None and (len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n'):
            self.fault(f"{section} delimiter", "must be one ASCII character.", 'For a tab write "\\t".')
            delimiter = None
        return Source(
            table=table.name,
            section=section,
            file=self.text(section, entry, "file"),
            file_format=self.choice(section, entry, "format", FORMATS),
            delimiter=delimiter,
            has_header=header,
            encoding=self.choice(section, entry, "encoding", ENCODINGS) or "utf-8",
            columns=columns,
        )

    def column(self, section: str, column: Column, value: object) -> ColumnSource | None:
        if value is False:
            return None
        if isinstance(value, str):
            return ColumnSource(column=value)
        if not isinstance(value, dict):
            self.fault(
                section,
                "must be a source column, a table of keys, or false.",
                f'Write {column.name} = "name of the column".',
            )
            return None
        for key in value:
            if key not in _COLUMN_KEYS:
                self.unknown(section, key, _COLUMN_KEYS)
        if ("column" in value) == ("value" in value):
            self.fault(section, "needs either `column` or `value`.", '{ column = "x" } or { value = "x" }.')
        return ColumnSource(
            column=self.text(section, value, "column"),
            value=self.constant(section, value),
            values=self.values(section, value),
            unit=self.time_key(section, column, value, "unit"),
            time_format=self.time_key(section, column, value, "format"),
            lookup=self.lookup(section, value),
            is_handle=self.is_handle(section, column, value),
            decimal=self.decimal(section, column, value),
        )

    def constant(self, section: str, entry: dict[str, Any]) -> str | None:
        value = entry.get("value")
        if isinstance(value, bool):
            return "true" if value else "false"
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, (dict, list)):
            self.fault(section, "`value` must be one value.")
            return None
        return str(value)

    def values(self, section: str, entry: dict[str, Any]) -> dict[str, str]:
        mapping = entry.get("values", {})
        if not isinstance(mapping, dict) or not all(
            isinstance(word, str | bool) for word in mapping.values()
        ):
            self.fault(section, "`values` must map words to words.", 'For example { RT = "repost" }.')
            return {}
        return {key: word if isinstance(word, str) else str(word).lower() for key, word in mapping.items()}

    def time_key(self, section: str, column: Column, entry: dict[str, Any], key: str) -> str | None:
        value = self.text(section, entry, key)
        if value is not None and column.type != "time":
            self.fault(section, f"`{key}` is for times, and {column.name} is not one.")
        if key == "unit" and value is not None and value not in TIME_UNITS:
            self.fault(section, f"`unit` {value!r} is not known.", f"Known: {', '.join(TIME_UNITS)}.")
            return None
        return value

    def decimal(self, section: str, column: Column, entry: dict[str, Any]) -> str | None:
        value = self.choice(section, entry, "decimal", tuple(DECIMALS))
        if value is not None and column.type not in {"count", "number"}:
            self.fault(section, f"`decimal` is for numbers, and {column.name} is not one.")
            return None
        return value

    def is_handle(self, section: str, column: Column, entry: dict[str, Any]) -> bool:
        value = self.choice(section, entry, "as", (HANDLE,))
        if value is not None and column.type != "id":
            self.fault(section, f"`as` is for ids, and {column.name} is not one.")
        if value is not None and "via" in entry:
            self.fault(
                section,
                "`as` and `via` do not go together: a value that is looked up is the id of the row found.",
                "Leave `as` out; handles are looked up with or without @ and in any letter case.",
            )
        return value is not None

    def lookup(self, section: str, entry: dict[str, Any]) -> Lookup | None:
        via, take = self.text(section, entry, "via"), self.text(section, entry, "take")
        if via is None and take is None:
            return None
        if via is None or take is None:
            self.fault(
                section, "`via` and `take` belong together.", 'via = "posts.post_id", take = "author_id".'
            )
            return None
        table_name, _, key = via.partition(".")
        table = TABLE_BY_NAME.get(table_name)
        if table is None or not key:
            hint = did_you_mean(table_name, TABLE_BY_NAME) or 'Write via = "posts.post_id".'
            self.fault(section, f"`via` {via!r} is not a table and its column.", hint)
            return None
        for name in (key, take):
            if name not in table.column_names:
                hint = did_you_mean(name, table.column_names) or f"Known: {', '.join(table.column_names)}."
                self.fault(section, f"the table {table.name} has no column {name!r}.", hint)
                return None
        return Lookup(table.name, key, take)

    def audiences(self, value: object) -> tuple[DerivedAudience, ...]:
        if not isinstance(value, dict):
            self.fault(
                "[audiences]", "must be a section.", 'Write [audiences."name"] and followers_of below it.'
            )
            return ()
        return tuple(self.audience(name, entry) for name, entry in value.items())

    def audience(self, name: str, entry: object) -> DerivedAudience:
        section = f'[audiences."{name}"]'
        if not isinstance(entry, dict):
            self.fault(section, "must be a section.", 'Below it: followers_of = ["@handle"].')
            return DerivedAudience(name)
        for key in entry:
            if key not in _AUDIENCE_KEYS:
                self.unknown(section, key, _AUDIENCE_KEYS)
        lists = {key: self.accounts(section, key, entry.get(key, [])) for key in _AUDIENCE_KEYS}
        if not any(lists.values()) and not (set(entry) - set(_AUDIENCE_KEYS)):
            self.fault(section, "names no account.", 'Add followers_of = ["@handle or id"].')
        return DerivedAudience(name.strip(), lists["followers_of"], lists["engaged_with"])

    def accounts(self, section: str, key: str, value: object) -> tuple[str, ...]:
        entries = value if isinstance(value, list) else [value]
        accounts = [str(entry).strip() for entry in entries if isinstance(entry, str | int)]
        if len(accounts) != len(entries) or not all(accounts):
            self.fault(
                f"{section} {key}", "must be a list of ids or @handles.", f'{key} = ["@handle", "12345"].'
            )
            return ()
        return tuple(accounts)

    def text(self, section: str, entry: dict[str, Any], key: str) -> str | None:
        value = entry.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value:
            return value
        self.fault(f"{section} {key}", "must be a text that is not empty.", f'Write {key} = "…".')
        return None

    def choice(self, section: str, entry: dict[str, Any], key: str, known: tuple[str, ...]) -> str | None:
        value = self.text(section, entry, key)
        if value is None or value.lower() in known:
            return value.lower() if value else None
        self.fault(f"{section} {key}", f"is {value!r}, which is not known.", f"Known: {', '.join(known)}.")
        return None

    def _refuse_circles(self, sources: Mapping[str, tuple[Source, ...]]) -> None:
        try:
            reading_order(sources)
        except CircularLookupError as error:
            self.fault(
                "", f"looks up in a circle: {error}.", "A table can look only in tables that are read first."
            )


class CircularLookupError(Exception):
    """Tables that look things up in one another."""


def reading_order(sources: Mapping[str, tuple[Source, ...]]) -> tuple[str, ...]:
    """The tables' names in an order in which each comes after those that it looks things up in.

    Raises:
        CircularLookupError: When there is no such order.
    """
    needs = {
        table.name: {
            column.lookup.table
            for source in sources.get(table.name, ())
            for column in source.columns.values()
            if column is not None and column.lookup is not None
        }
        for table in TABLES
    }
    order: list[str] = []
    while len(order) < len(needs):
        ready = [name for name, wanted in needs.items() if name not in order and wanted <= set(order)]
        if not ready:
            stuck = [name for name in needs if name not in order]
            raise CircularLookupError(", ".join(stuck))
        order.extend(ready)
    return tuple(order)
