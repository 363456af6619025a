"""The careful reader: takes a damaged text file apart line by line, so that one bad line costs one row.

It runs only on files that the fast reader could not account for in full. It writes two JSON Lines files, the
records taken and the records refused, each with its line; typing and validation are the common path's.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Literal

from pipelines.ingest.files import MAX_LINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

MAX_RECORD_LINES = 10_000
EXCERPT_CHARACTERS = 200
_UTF8_MARK = "\ufeff"


@dataclass(frozen=True)
class Line:
    """One physical line: its number from 1, its text without the line break, and the rule it breaks."""

    number: int
    text: str
    rule: str | None = None


def read_lines(path: Path, encoding: str = "utf-8") -> Iterator[Line]:
    """The physical lines of a text file; lines that are no text, or too long, carry the rule they break.

    At most `MAX_LINE_BYTES` of one line are held at a time. A file that knows only carriage returns (old
    Macintosh exports) is split at those.

    Args:
        path: A plain (unpacked) file.
        encoding: utf-8, utf-16 or latin-1.
    """
    if encoding == "utf-16":
        yield from _utf16_lines(path)
        return
    separator = _line_separator(path)
    with path.open("rb") as stream:
        for number, (raw, is_whole) in enumerate(_raw_lines(stream, separator), start=1):
            yield _line(number, raw, encoding, is_whole=is_whole)


def _line(number: int, raw: bytes, encoding: str, *, is_whole: bool) -> Line:
    text = raw.decode(encoding, errors="replace").rstrip("\r\n")
    if number == 1:
        text = text.removeprefix(_UTF8_MARK)
    if not is_whole:
        return Line(number, text, "line_too_long")
    if b"\0" in raw:
        return Line(number, text, "nul_byte")
    if encoding == "utf-8" and not _is_utf8(raw):
        return Line(number, text, "invalid_utf8")
    return Line(number, text)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_separator(path: Path) -> bytes:
    with path.open("rb") as stream:
        first = stream.read(65536)
    return b"\r" if b"\r" in first and b"\n" not in first else b"\n"


def _raw_lines(stream: IO[bytes], separator: bytes) -> Iterator[tuple[bytes, bool]]:
    if separator == b"\n":
        while raw := stream.readline(MAX_LINE_BYTES):
            is_whole = len(raw) < MAX_LINE_BYTES or raw.endswith(b"\n")
            rest = b"" if is_whole else raw
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE_BYTES)
            yield raw, is_whole
        return
    held = b""
    while chunk := stream.read(MAX_LINE_BYTES):
        *whole, held = (held + chunk).split(separator)
        yield from ((raw, len(raw) < MAX_LINE_BYTES) for raw in whole)
        held = held[:MAX_LINE_BYTES]  # enough to know that the line is too long
    if held:
        yield held, len(held) < MAX_LINE_BYTES


def _utf16_lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-16", errors="replace", newline="\n") as stream:
        number = 0
        while text := stream.readline(MAX_LINE_BYTES):
            number += 1
            is_whole = len(text) < MAX_LINE_BYTES or text.endswith("\n")
            rest = "" if is_whole else text
            while rest and not rest.endswith("\n"):
                rest = stream.readline(MAX_LINE_BYTES)
            yield Line(number, text.rstrip("\r\n"), None if is_whole else "line_too_long")


@dataclass(frozen=True)
class Repaired:
    """What the careful reader made of a file.

    Attributes:
        taken: JSON Lines of {line, fields}.
        refused: JSON Lines of {line, value, rule}.
        rows_taken: Records in `taken`.
        rows_refused: Records in `refused`.
    """

    taken: Path
    refused: Path
    rows_taken: int
    rows_refused: int


class _Writer:
    def __init__(self, taken: IO[str], refused: IO[str]) -> None:
        self._taken, self._refused = taken, refused
        self.rows_taken = self.rows_refused = 0

    def take(self, line: int, fields: list[str]) -> None:
        self._taken.write(json.dumps({"line": line, "fields": fields}) + "\n")
        self.rows_taken += 1

    def refuse(self, line: int, text: str, rule: str) -> None:
        # Surrogates and replacement characters must not stop the report of the row that they spoil.
        excerpt = text[:EXCERPT_CHARACTERS].replace("\0", "\ufffd")
        self._refused.write(json.dumps({"line": line, "value": excerpt, "rule": rule}) + "\n")
        self.rows_refused += 1


def repair_csv(
    path: Path,
    scratch: Path,
    *,
    columns: int,
    delimiter: str,
    has_header: bool,
    encoding: str = "utf-8",
) -> Repaired:
    """Read a CSV file record by record.

    A record whose quotes never close costs its first line only; reading goes on at the next.

    Args:
        path: A plain (unpacked) file.
        scratch: An existing folder for the two files, which must not hold two of that name yet.
        columns: Fields that each record must have.
        delimiter: The character between fields.
        has_header: Whether the first record names the columns, and is no row.
        encoding: utf-8, utf-16 or latin-1.
    """
    repaired, taken, refused = _open_outputs(path, scratch)
    with taken, refused:
        writer = _Writer(taken, refused)
        is_header = has_header
        for line, fields, rule in _records(read_lines(path, encoding), delimiter):
            if is_header:
                is_header = False
            elif rule is not None:
                writer.refuse(line, fields[0], rule)
            elif len(fields) == columns:
                writer.take(line, fields)
            else:
                excess = "too_many_columns" if len(fields) > columns else "too_few_columns"
                writer.refuse(line, delimiter.join(fields), excess)
    return Repaired(*repaired, writer.rows_taken, writer.rows_refused)


def repair_json_lines(path: Path, scratch: Path, *, encoding: str = "utf-8") -> Repaired:
    """Read a JSON Lines file line by line; whether a line is JSON is judged later, as in the fast path."""
    repaired, taken, refused = _open_outputs(path, scratch)
    with taken, refused:
        writer = _Writer(taken, refused)
        for line in read_lines(path, encoding):
            if line.rule is not None:
                writer.refuse(line.number, line.text, line.rule)
            elif line.text.strip():
                writer.take(line.number, [line.text])
    return Repaired(*repaired, writer.rows_taken, writer.rows_refused)


def refuse_more(repaired: Repaired, rows: duckdb.DuckDBPyRelation, rule: str) -> Repaired:
    """Count rows (line, text) among the refused that were taken at first; the caller leaves them out."""
    refused = 0
    with repaired.refused.open("a", encoding="utf-8") as stream:
        writer = _Writer(stream, stream)
        while batch := rows.fetchmany(10_000):
            for line, text in batch:
                writer.refuse(line, text, rule)
            refused += len(batch)
    return replace(
        repaired, rows_taken=repaired.rows_taken - refused, rows_refused=repaired.rows_refused + refused
    )


def _open_outputs(path: Path, scratch: Path) -> tuple[tuple[Path, Path], IO[str], IO[str]]:
    scratch.mkdir(parents=True, exist_ok=True)
    number = len(list(scratch.iterdir()))
    paths = (scratch / f"taken-{number}-{path.stem}.jsonl", scratch / f"refused-{number}-{path.stem}.jsonl")
    return paths, paths[0].open("w", encoding="utf-8"), paths[1].open("w", encoding="utf-8")


def header_fields(path: Path, delimiter: str, encoding: str = "utf-8") -> list[str]:
    """The fields of the first record, or none for an empty file."""
    for _, fields, rule in _records(read_lines(path, encoding), delimiter):
        return [] if rule is not None else fields
    return []


def first_line(path: Path, encoding: str = "utf-8") -> Line | None:
    """The first line that is not blank, or None."""
    return next((line for line in read_lines(path, encoding) if line.text.strip()), None)


def _records(lines: Iterator[Line], delimiter: str) -> Iterator[tuple[int, list[str], str | None]]:
    """Records as (line, fields, None), or (line, [text], rule) where refused; blank lines are none."""
    waiting: deque[Line] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if line.rule is not None:
            yield line.number, [line.text], line.rule
        elif '"' not in line.text:
            if line.text:
                yield line.number, line.text.split(delimiter), None
        else:
            fields, rule, unread = _quoted_record(line, waiting, lines, delimiter)
            yield line.number, fields, rule
            waiting = unread


def _quoted_record(
    start: Line, waiting: deque[Line], lines: Iterator[Line], delimiter: str
) -> tuple[list[str], str | None, deque[Line]]:
    """One record that begins on a line with quotes, the rule it breaks, and the lines that remain unread."""
    used: list[Line] = [start]
    size = len(start.text)
    state, fields = _parse([start.text], delimiter)
    while state == "open":
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            break
        used.append(following)
        size += len(following.text)
        if following.rule is not None or len(used) > MAX_RECORD_LINES or size > MAX_LINE_BYTES:
            break
        # Only a line with an odd number of quotes can close what is open; parsing at others would be in vain.
        if following.text.count('"') % 2:
            state, fields = _parse([line.text for line in used], delimiter)
    if state == "whole":
        return fields, None, waiting
    return [start.text], "broken_quotes", deque([*used[1:], *waiting])


def _parse(texts: list[str], delimiter: str) -> tuple[Literal["whole", "open", "broken"], list[str]]:
    """Whether the lines are exactly one record, the beginning of one, or neither; and its fields."""
    csv.field_size_limit(2 * MAX_LINE_BYTES)
    # csv.reader wants line breaks inside quoted fields to come with the lines.
    source = [f"{text}\n" for text in texts[:-1]] + texts[-1:]
    try:
        rows = list(csv.reader(source, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return ("open" if "unexpected end" in str(error) else "broken"), []
    return ("whole", rows[0]) if len(rows) == 1 else ("broken", [])
