"""Reading one file into rows of text, each with its line; the fast way where it is provably whole.

DuckDB's CSV reader leaves out some broken records without a word, so its result counts only if rows and line
breaks inside values add up to the lines of the file. Where they do not, `pipelines.ingest.careful` reads the
file again. JSON Lines likewise; Parquet needs no second way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import duckdb

from pipelines.engine import sql_text
from pipelines.ingest import careful
from pipelines.ingest.errors import FileFaultError, input_errors
from pipelines.ingest.files import MAX_LINE_BYTES, InputFile, Measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipelines.ingest.mapping import Source

T = TypeVar("T")

# How DuckDB says that a text file is not in order, as against a full disk or a closed folder.
_NOT_IN_ORDER = (duckdb.InvalidInputException, duckdb.ConversionException)
_DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class Rows:
    """The rows of one file.

    Attributes:
        relation: Lazy rows with a column `line` (BIGINT) and whatever `expressions` name.
        expressions: Source column to the SQL expression that gives its text.
        typed: Source column to the expression of its value as the file types it, and that DuckDB type; of
            files that type any.
        rows_taken: How many rows the relation has, counted while reading.
        refused: JSON Lines of records refused while reading, or None.
        rows_refused: How many those are.
        has_pointers: Whether a JSON pointer may stand for a column that is not listed.
    """

    relation: duckdb.DuckDBPyRelation
    expressions: Mapping[str, str]
    rows_taken: int = 0
    refused: Path | None = None
    rows_refused: int = 0
    has_pointers: bool = False
    typed: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def expression(self, column: str) -> str | None:
        """The expression of a source column by its name (letter case aside), or None where there is none."""
        if self.has_pointers and column.startswith("/") and column not in self.expressions:
            return json_expression(column)
        return _called(column, self.expressions)

    def given(self, column: str) -> tuple[str, str] | None:
        """The value of a source column as its file types it, and that type; None where it has none."""
        return _called(column, self.typed)


def _called(column: str, by_name: Mapping[str, T]) -> T | None:
    """What stands under a name, or under the only one that differs from it in letter case alone."""
    if column in by_name:
        return by_name[column]
    same = [name for name in by_name if name.strip().casefold() == column.strip().casefold()]
    return by_name[same[0]] if len(same) == 1 else None


def quoted(identifier: str) -> str:
    """An identifier as SQL, whatever it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def json_expression(pointer: str) -> str:
    """The text that a JSON pointer (RFC 6901) finds in the column `row`."""
    return f"json_text(row, {literal(pointer)})"


def read_rows(
    connection: duckdb.DuckDBPyConnection,
    file: InputFile,
    measured: Measured,
    source: Source,
    scratch: Path,
) -> Rows:
    """The rows of one file as text.

    Args:
        connection: Carries the macros; the relation lives as long as it.
        file: The file.
        measured: Its measure.
        source: How the mapping says that it is to be read.
        scratch: A folder for what the careful reader writes.

    Raises:
        FileFaultError: When the file as a whole cannot be read.
    """
    with input_errors():
        if file.file_format == "parquet":
            return _read_parquet(connection, measured)
        if file.file_format == "jsonl":
            return _read_json_lines(connection, measured, source, scratch)
        return _read_csv(connection, file, measured, source, scratch)


def _set(connection: duckdb.DuckDBPyConnection, **variables: object) -> None:
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = $1", [value])


def _is_plain_text(measured: Measured, source: Source) -> bool:
    """Whether every byte is text that DuckDB takes, whichever columns it is asked for."""
    return source.encoding == "utf-8" and measured.is_utf8 and not measured.has_nul


def _single_path(path: Path) -> str:
    """A path as DuckDB reads it, the marks of a pattern taken literally."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path))


# CSV ------------------------------------------------------------


def _read_csv(
    connection: duckdb.DuckDBPyConnection, file: InputFile, measured: Measured, source: Source, scratch: Path
) -> Rows:
    delimiter = source.delimiter or guess_delimiter(file, measured, source.encoding)
    header = _header(measured, source, delimiter)
    positions = {f"c{number}": "VARCHAR" for number in range(len(header))}
    expressions = {name: f"c{number}" for number, name in enumerate(header)}
    if not header:
        return Rows(connection.sql("SELECT CAST(NULL AS BIGINT) AS line WHERE false"), {})
    _set(
        connection,
        source_path=_single_path(measured.plain),
        source_delimiter=delimiter,
        source_header=source.has_header,
        source_columns=positions,
    )
    fast = _fast_csv(connection, measured, source, list(positions))
    if fast is not None:
        return Rows(fast[0], expressions, fast[1])
    repaired = careful.repair_csv(
        measured.plain,
        scratch,
        columns=len(header),
        delimiter=delimiter,
        has_header=source.has_header,
        encoding=source.encoding,
    )
    by_position = {name: f"fields[{number}]" for number, name in enumerate(header, start=1)}
    relation = _repaired(connection, repaired)
    return Rows(relation, by_position, repaired.rows_taken, repaired.refused, repaired.rows_refused)


def guess_delimiter(file: InputFile, measured: Measured, encoding: str) -> str:
    """The character that parts the fields of a CSV file, by its first line."""
    if file.is_tab_separated:
        return "\t"
    line = careful.first_line(measured.plain, encoding)
    text = re.sub(r'"[^"]*"', "", line.text) if line else ""
    return max(_DELIMITERS, key=text.count)  # a tie goes to the comma, which stands first


def _header(measured: Measured, source: Source, delimiter: str) -> list[str]:
    line = careful.first_line(measured.plain, source.encoding)
    if line is None:
        return []
    if line.rule == "invalid_utf8":
        raise FileFaultError(
            "is not UTF-8 text.", 'Save it as UTF-8, or add encoding = "latin-1" to its section.'
        )
    if line.rule is not None:
        raise FileFaultError(f"has no usable first line ({line.rule}).", "Export it again as CSV.")
    fields = careful.header_fields(measured.plain, delimiter, source.encoding)
    if not fields:
        raise FileFaultError("has a first line with broken quotes.", "Export it again as CSV.")
    if not source.has_header:
        return [str(number) for number in range(1, len(fields) + 1)]
    names = [name.strip() for name in fields]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileFaultError(f"names {', '.join(twice)} twice in its header.", "Rename one of the columns.")
    return [name or f"column {number}" for number, name in enumerate(names, start=1)]


def _fast_csv(
    connection: duckdb.DuckDBPyConnection, measured: Measured, source: Source, positions: Sequence[str]
) -> tuple[duckdb.DuckDBPyRelation, int] | None:
    """DuckDB's reading with the line of each record, and how many; None if lines are unaccounted for."""
    if not _is_plain_text(measured, source) or measured.longest_line_bytes > MAX_LINE_BYTES:
        return None
    header_lines = 1 if source.has_header else 0
    breaks = "0"
    if measured.has_quotes:
        joined = f"concat_ws('', {', '.join(positions)})"
        breaks = f"(length({joined}) - length(replace({joined}, chr(10), '')))"
    try:
        relation = connection.sql(sql_text("ingest/read_csv"))
        totals = relation.aggregate(f"count(*) AS n, coalesce(sum({breaks}), 0) AS b")
        rows, inner = totals.fetchall()[0]
    except _NOT_IN_ORDER:
        return None
    if rows + inner + header_lines != measured.lines:
        return None
    if not inner:
        return relation.project(f"record + {header_lines} AS line, {', '.join(positions)}"), rows
    counted = relation.project(f"record, {breaks} AS breaks, {', '.join(positions)}")
    before = "coalesce(sum(breaks) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) - breaks"
    line = f"CAST(record + {header_lines} + {before} AS BIGINT) AS line"
    return counted.project(f"{line}, {', '.join(positions)}"), rows


def _repaired(connection: duckdb.DuckDBPyConnection, repaired: careful.Repaired) -> duckdb.DuckDBPyRelation:
    if not repaired.rows_taken:
        return connection.sql(
            "SELECT CAST(NULL AS BIGINT) AS line, CAST(NULL AS VARCHAR[]) AS fields WHERE false"
        )
    _set(connection, source_path=_single_path(repaired.taken))
    return connection.sql(sql_text("ingest/read_repaired"))


# JSON Lines ------------------------------------------------------------


def _read_json_lines(
    connection: duckdb.DuckDBPyConnection, measured: Measured, source: Source, scratch: Path
) -> Rows:
    relation, repaired = None, None
    if measured.lines == 0:
        return Rows(connection.sql("SELECT CAST(NULL AS BIGINT) AS line WHERE false"), {})
    has_mark = measured.first_bytes.startswith(b"\xef\xbb\xbf")
    is_plain = _is_plain_text(measured, source) and not has_mark
    if is_plain and measured.longest_line_bytes <= MAX_LINE_BYTES:
        relation = _fast_json_lines(connection, measured)
    if relation is None:
        repaired = careful.repair_json_lines(measured.plain, scratch, encoding=source.encoding)
        whole = _repaired(connection, repaired).project("line, fields[1] AS text")
        judged = whole.project("line, text, TRY_CAST(text AS JSON) AS row")
        is_object = "coalesce(json_type(row) = 'OBJECT', false)"
        repaired = careful.refuse_more(
            repaired, judged.filter(f"NOT {is_object}").project("line, text"), "not_a_json_object"
        )
        relation = judged.filter(is_object)
    if repaired is not None and not repaired.rows_taken and repaired.rows_refused:
        raise FileFaultError(
            "has no line that is a JSON object, so it is not JSON Lines.",
            "Write one object per line; `jq -c '.[]' FILE` makes that of a JSON array.",
        )
    keys = relation.filter("json_type(row) = 'OBJECT'").project("unnest(json_keys(row)) AS key").distinct()
    names = sorted(key for (key,) in keys.fetchall())
    expressions = {name: json_expression("/" + name.replace("~", "~0").replace("/", "~1")) for name in names}
    if repaired is None:
        return Rows(relation, expressions, measured.lines, has_pointers=True)
    return Rows(
        relation,
        expressions,
        repaired.rows_taken,
        repaired.refused,
        repaired.rows_refused,
        has_pointers=True,
    )


def _fast_json_lines(
    connection: duckdb.DuckDBPyConnection, measured: Measured
) -> duckdb.DuckDBPyRelation | None:
    """DuckDB's reading, or None where a line is blank, is not a JSON object, or was left out."""
    _set(connection, source_path=_single_path(measured.plain))
    relation = connection.sql(sql_text("ingest/read_json_lines"))
    try:
        totals = relation.aggregate("count(*) FILTER (json_type(row) = 'OBJECT') AS n").fetchall()
    except _NOT_IN_ORDER:
        return None
    return relation if totals[0][0] == measured.lines else None


# Parquet ------------------------------------------------------------


def _read_parquet(connection: duckdb.DuckDBPyConnection, measured: Measured) -> Rows:
    _set(connection, source_path=_single_path(measured.plain))
    relation = connection.sql("FROM read_parquet(getvariable('source_path'), file_row_number = true)")
    rows_taken = relation.aggregate("count(*) AS n").fetchall()[0][0]
    columns = [
        (name, str(kind))
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if name != "file_row_number"
    ]
    expressions = {name: _parquet_text(f"c{number}", kind) for number, (name, kind) in enumerate(columns)}
    renamed = [f"{quoted(name)} AS c{number}" for number, (name, _) in enumerate(columns)]
    rows = relation.project(", ".join(["file_row_number + 1 AS line", *renamed]))
    typed = {name: (f"c{number}", kind) for number, (name, kind) in enumerate(columns)}
    return Rows(rows, expressions, rows_taken, typed=typed)


def _parquet_text(column: str, kind: str) -> str:
    if kind in {"DOUBLE", "FLOAT"}:
        return f"plain_number({column})"
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind == "BLOB":
        return f"TRY(decode({column}))"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(CAST({column} AS TIMESTAMP) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"
