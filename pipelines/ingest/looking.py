"""What `vouch init` sees of the files in a folder: their rows, encoding and header, and what they look like.

Nothing is decided here that a person cannot change: a guess is a table or a column whose name or values fit.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.engine import sql_text
from pipelines.ingest import careful
from pipelines.ingest.contract import TABLE_BY_NAME, TABLES, Table
from pipelines.ingest.errors import FileFaultError
from pipelines.ingest.files import (
    InputFile,
    Measured,
    Utf16Error,
    find_named_files,
    list_names,
    measure,
    stem_of,
)
from pipelines.ingest.mapping import Source
from pipelines.ingest.reading import guess_delimiter, literal, read_rows
from pipelines.ingest.synonyms import COLUMN_NAMES, HANDLE_COLUMNS, KIND_FILES, KIND_WORDS, TABLE_NAMES

if TYPE_CHECKING:
    from pipelines.ingest.reading import Rows

UNIT_BY_DIGITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
ENOUGH = 0.5
"""The share of values that must fit a guess."""

_ENCODING_BYTES = 1 << 24
_ROWS_OF_A_COLUMN = 200


@dataclass
class Seen:
    """One file as `vouch init` sees it.

    Attributes:
        entry: its name in the folder.
        source: how it is read.
        view: the table of its first rows.
        columns: name of a column in the file to that in `view`.
        file: the file, of several of one name the first.
        table: what it looks like, if anything.
        kind: the one kind of interaction it holds, if so.
        guesses: column of the contract to its own.
    """

    entry: str
    source: Source
    view: str
    columns: dict[str, str]
    file: InputFile
    table: Table | None = None
    kind: str | None = None
    guesses: dict[str, str] = field(default_factory=dict)


class Folder:
    """The files of a folder, read as far as their first rows.

    Attributes:
        seen: those that could be read, by name, with the table and the columns that they look like.
        unread: a line for each of the others.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, data_dir: Path, scratch: Path) -> None:
        self._connection = connection
        self.seen: list[Seen] = []
        self.unread: list[str] = []
        self._data_dir, self._scratch = data_dir, scratch
        for entry in list_names(data_dir):
            self._look_at(entry)
        for seen in self.seen:
            self._doubt_the_header(seen)
            seen.table, seen.kind = _guess_table(seen)
            if seen.table is not None and seen.source.has_header:
                seen.guesses = _guess_columns(seen.table, list(seen.columns))
                self._guess_handles(seen, seen.table)
            elif seen.table is not None:
                seen.guesses = self._guess_by_content(seen, seen.table)

    def values(self, seen: Seen, column: str) -> duckdb.DuckDBPyRelation:
        """The values of a column, as `v`."""
        self._view("ours", seen, column)
        return self._connection.view("ours")

    def time_shape(self, seen: Seen, column: str) -> tuple[int, int, int, int, object]:
        """Values there are, how many read as a time and as a number, digits of the numbers, an odd one."""
        self._view("ours", seen, column)
        return self._connection.sql(sql_text("ingest/time_shape")).fetchall()[0]

    def numbers_written(self, seen: Seen, column: str) -> tuple[int, int, int, int, int, object]:
        """Values there are, how many are plain, have a comma or a point before a fraction, tell, and one."""
        self._view("ours", seen, column)
        return self._connection.sql(sql_text("ingest/numbers_written")).fetchall()[0]

    def handles_written(self, seen: Seen, column: str) -> tuple[int, int, int]:
        """Different values looked at, how many are written as handles, and how many are known handles."""
        self._view("ours", seen, column)
        known = self.known_handles()
        if known is None:
            self._connection.view("ours").filter("false").create_view("theirs", replace=True)
        else:
            self._view("theirs", known, known.guesses["handle"])
        return self._connection.sql(sql_text("ingest/handles_written")).fetchall()[0]

    def known_handles(self) -> Seen | None:
        """The file of accounts that names their handles, if there is one."""
        return next(
            (
                seen
                for seen in self.seen
                if seen.table is TABLE_BY_NAME["accounts"] and "handle" in seen.guesses
            ),
            None,
        )

    def handles_of(self, accounts: list[str]) -> dict[str, str]:
        """Account id to handle, of those among the accounts looked at."""
        known = self.known_handles()
        if not accounts or known is None or "account_id" not in known.guesses:
            return {}
        account, handle = (known.columns[known.guesses[name]] for name in ("account_id", "handle"))
        rows = self._connection.table(known.view).project(f"{account} AS account, {handle} AS handle")
        wanted = [duckdb.ConstantExpression(one) for one in accounts]
        found = rows.filter(duckdb.ColumnExpression("account").isin(*wanted)).fetchall()
        return {str(one): str(called) for one, called in found if called}

    def frequent_values(self, seen: Seen, column: str) -> list[tuple[str, int]]:
        """The commonest values of a column and how often they occur, the most frequent first."""
        self._view("ours", seen, column)
        found = self._connection.sql(sql_text("ingest/frequent_values")).fetchall()
        return [(str(value), count) for value, count in found]

    def shared(self, seen: Seen, column: str, table: str, key: str) -> float:
        """The share of a column's values that occur as the key of another table."""
        best = 0.0
        for other in self.seen:
            if other.table is not None and other.table.name == table and key in other.guesses:
                self._view("ours", seen, column)
                self._view("theirs", other, other.guesses[key])
                shared, looked_at = self._connection.sql(sql_text("ingest/shared_values")).fetchall()[0]
                best = max(best, shared / looked_at if looked_at else 0.0)
        return best

    def _look_at(self, entry: str) -> None:
        try:
            files = find_named_files(self._data_dir, entry.rstrip("/"), None)
            if files:
                self._sample(entry.rstrip("/"), files[0])
        except FileFaultError as error:
            if Path(entry).stem.upper() in {"README", "LICENSE"}:
                return
            self.unread.append(f"{entry}: {error.problem} {error.remedy}".strip())

    def _sample(self, entry: str, file: InputFile) -> None:
        measured, encoding = self._measured(file)
        source = Source("", "", file=entry, encoding=encoding)
        if file.file_format == "csv":
            line = careful.first_line(measured.plain, encoding)
            fields = line.text.split() if line else []
            is_spaced = (
                line is not None and not any(mark in line.text for mark in ",\t;|") and len(fields) > 1
            )
            delimiter = guess_delimiter(file, measured, encoding)
            parts = fields if is_spaced else careful.header_fields(measured.plain, delimiter, encoding)
            has_header = not any(part.strip().lstrip("-").isdigit() for part in parts)
            source = replace(source, delimiter=" " if is_spaced else None, has_header=has_header)
        rows = read_rows(self._connection, file, measured, source, self._scratch / "careful")
        if not rows.expressions:
            self.unread.append(f"{entry}: is empty.")
            return
        self.seen.append(self._looked_at(Seen(entry, source, f"sample_{len(self.seen)}", {}, file), rows))

    def _looked_at(self, seen: Seen, rows: Rows) -> Seen:
        """Keep the first rows of a file under the names of its columns."""
        seen.columns = {name: f"s{number}" for number, name in enumerate(rows.expressions)}
        texts = ", ".join(
            f"tidy({rows.expressions[name]}) AS {column}" for name, column in seen.columns.items()
        )
        rows.relation.project(texts).create_view("source_rows", replace=True)
        self._connection.execute(f"DROP TABLE IF EXISTS {seen.view}")
        self._connection.sql(sql_text("ingest/sample")).create(seen.view)
        return seen

    def _measured(self, file: InputFile) -> tuple[Measured, str]:
        """The measure of a file, and its encoding as far as it shows."""
        try:
            measured = measure(file, self._scratch / "unpacked", self._connection)
        except Utf16Error:
            return measure(file, self._scratch / "unpacked", self._connection, "utf-16"), "utf-16"
        return measured, "utf-8" if measured.is_utf8 or not _is_latin1(measured.plain) else "latin-1"

    def _doubt_the_header(self, seen: Seen) -> None:
        """Take the first line for a row where it names nothing known and one of its fields is a value."""
        if seen.file.file_format != "csv" or not seen.source.has_header or _knows_a_column(seen):
            return
        if self._names_stand_out(seen):
            return
        fields = ", ".join(literal(name) for name in seen.columns)
        for other in self.seen:
            any_value = " OR ".join(f"{column} IN ({fields})" for column in other.columns.values())
            if self._connection.table(other.view).filter(any_value).limit(1).fetchall():
                seen.source = replace(seen.source, has_header=False)
                measured, _ = self._measured(seen.file)
                rows = read_rows(
                    self._connection, seen.file, measured, seen.source, self._scratch / "careful"
                )
                self._looked_at(seen, rows)
                return

    def _names_stand_out(self, seen: Seen) -> bool:
        """Whether a column of nothing but figures or addresses bears a name that is neither."""
        rows = self._connection.table(seen.view).limit(_ROWS_OF_A_COLUMN).fetchall()
        for name, values in zip(seen.columns, zip(*rows, strict=True), strict=True):
            filled = [str(value) for value in values if value is not None]
            for is_one in (_is_figure, _is_address):
                if filled and all(is_one(value) for value in filled) and not is_one(name):
                    return True
        return False

    def _guess_handles(self, seen: Seen, table: Table) -> None:
        """Take a column of handles for that of the accounts, in a list of people that has no ids.

        A list of customers has their names in the column that is called after them; names are no ids.
        """
        if table.name == "accounts" or "account_id" not in table.required:
            return
        guess = seen.guesses.get("account_id")
        if guess is not None and not self._holds_names(seen, guess):
            return
        used = set(seen.guesses.values())
        by_name = {plain_name(name): name for name in reversed(seen.columns) if name not in used}
        for name in HANDLE_COLUMNS:
            if name in by_name:
                seen.guesses["account_id"] = by_name[name]
                return

    def _holds_names(self, seen: Seen, column: str) -> bool:
        """Whether most values are several words, as names of people are and ids and handles are not."""
        counted = self.values(seen, column).aggregate(
            "count(v) AS filled, count(v) FILTER (regexp_matches(trim(v), '\\s')) AS wordy"
        )
        filled, wordy = counted.fetchall()[0]
        return wordy > ENOUGH * filled

    def _guess_by_content(self, seen: Seen, table: Table) -> dict[str, str]:
        """The columns of a file without a header: what looks like times or kinds, and ids in their order."""
        ids = [column.name for column in table.columns if column.type == "id" and column.required]
        guesses: dict[str, str] = {}
        for name in seen.columns:
            filled, as_text, _, digits, _ = self.time_shape(seen, name)
            values = [value for value, _ in self.frequent_values(seen, name)]
            known = [value for value in values if any(plain_name(value) in w for w in KIND_WORDS.values())]
            if table.happens_at and (digits in UNIT_BY_DIGITS or as_text > ENOUGH * filled):
                guesses.setdefault(table.happens_at, name)
            elif "kind" in table.column_names and len(known) > ENOUGH * len(values):
                guesses.setdefault("kind", name)
            elif ids:
                guesses[ids.pop(0)] = name
        return guesses

    def _view(self, name: str, seen: Seen, column: str) -> None:
        self._connection.table(seen.view).project(f"{seen.columns[column]} AS v").create_view(
            name, replace=True
        )


def _is_figure(text: str) -> bool:
    """Whether a text is a number, an amount or a date: digits, and hardly a letter."""
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def _is_address(text: str) -> bool:
    """Whether a text is an address of mail or of the web, or a handle with its @."""
    return "@" in text or "://" in text


def _guess_table(seen: Seen) -> tuple[Table | None, str | None]:
    """The table that a file's name or columns speak for, and the one kind of interaction it holds, if so."""
    name = plain_name(stem_of(Path(seen.entry)))
    for kind, names in KIND_FILES.items():
        if name in names:
            return TABLE_BY_NAME["interactions"], kind
    for table, names in TABLE_NAMES.items():
        if name in names:
            return TABLE_BY_NAME[table], None
    for table, names in TABLE_NAMES.items():
        if any(word in name for word in names):
            return TABLE_BY_NAME[table], None
    fitting = [
        (len(_guess_columns(table, list(seen.columns))), table)
        for table in TABLES
        if set(table.required) <= set(_guess_columns(table, list(seen.columns)))
    ]
    return (max(fitting, key=lambda fit: fit[0])[1], None) if fitting else (None, None)


def _guess_columns(table: Table, columns: list[str]) -> dict[str, str]:
    """Contract column to source column; each source column feeds one, the more telling names first."""
    names = {
        column.name: (plain_name(column.name), *COLUMN_NAMES[table.name][column.name])
        for column in table.columns
    }
    candidates = sorted(
        (names[column.name].index(plain_name(source)), position, column.name, source)
        for position, column in enumerate(table.columns)
        for source in columns
        if plain_name(source) in names[column.name]
    )
    guesses: dict[str, str] = {}
    for _, _, name, source in candidates:
        if name not in guesses and source not in guesses.values():
            guesses[name] = source
    return guesses


def _knows_a_column(seen: Seen) -> bool:
    """Whether any table would know any of the names in the header."""
    return any(_guess_columns(table, list(seen.columns)) for table in TABLES)


def _is_latin1(path: Path) -> bool:
    """Whether a text that is not UTF-8 is most likely all of another encoding, not UTF-8 with damage."""
    with path.open("rb") as stream:
        text = stream.read(_ENCODING_BYTES).decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return 2 * damaged > sum(not character.isascii() for character in text)


def plain_name(name: str) -> str:
    """A name without letter case, accents and anything that is not a letter or a digit."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in bare if character.isalnum())
