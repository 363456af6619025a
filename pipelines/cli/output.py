"""Rows to standard output, in the format that fits where it goes: a table, CSV, JSON, JSON Lines or Parquet.

The table is for eyes and shows the columns that fit; the others are for programs and carry every column under
the name it has in the published file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from pipelines import numbers
from pipelines.text import plain, shortened, spreadsheet_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Row = dict[str, Any]
# Platforms allow up to 30 characters; one longer name must not cost every row its columns.
HANDLE_WIDTH = 33
Format = Literal["table", "csv", "json", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json", "jsonl", "parquet")

# What could steer a terminal: C1 and bidi controls, invisible characters. JSON escapes these, and C0 controls
# by its own rules; CSV has no escapes and often ends on a terminal (`| head`), so it leaves them out.
_INVISIBLE = "\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_UNSAFE_IN_JSON = re.compile(f"[{_INVISIBLE}]")
_STEERING = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_INVISIBLE}]")


@dataclass(frozen=True)
class Column:
    """How a column looks in a table.

    Attributes:
        title: Its heading.
        show: The cell's text, from the whole row.
        importance: Columns of higher importance stay longest when the terminal is narrow; 0 always stays.
        is_number: Right-aligned.
        widest: Cells wider than this go over several lines, whole; None for never.
    """

    title: str
    show: Callable[[Row], str]
    importance: int = 0
    is_number: bool = True
    widest: int | None = None


def write_rows(
    rows: Sequence[Row], names: Sequence[str], output_format: Format, types: Mapping[str, str] | None = None
) -> None:
    """Write rows for programs; `table` is drawn by `draw_table` instead.

    Args:
        rows: The rows.
        names: Their columns, in order; CSV and Parquet have them also where there are no rows.
        output_format: `csv`, `json`, `jsonl` or `parquet`.
        types: Type of each column as DuckDB names it, for Parquet; others take that of their values.
    """
    if output_format == "csv":
        click.echo(csv_text(rows, names), nl=False)
    elif output_format == "json":
        click.echo(json_text([{name: row.get(name) for name in names} for row in rows], indent=2))
    elif output_format == "parquet":
        # the frame library takes longer to load than everything else here together
        from pipelines.cli.parquet import parquet_bytes  # noqa: PLC0415 - see above

        click.echo(parquet_bytes(rows, names, types or {}), nl=False)
    else:
        for row in rows:
            click.echo(json_text({name: row.get(name) for name in names}))


def draw_table(
    rows: Sequence[Row], columns: Sequence[Column], *, title: str | None = None, caption: str | None = None
) -> None:
    """Draw rows as a table on standard output, dropping the least important columns until it fits."""
    # rich costs as much as the query itself, so that only those pay who look at a table
    from pipelines.cli.table import draw  # noqa: PLC0415 - see above

    draw(rows, columns, title=title, caption=caption)


def csv_text(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Comma-separated text with a header: no byte-order mark, fractions, ISO dates, unknown empty.

    Line breaks inside a value stay, quoted; other control characters are left out.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_value(row.get(name)) for name in names])
    return buffer.getvalue()


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Valid JSON in readable characters, except for those that could steer a terminal, which are escaped."""
    text = json.dumps(_json_value(value), ensure_ascii=False, indent=indent, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def handle_label(row: Mapping[str, Any], *, handle: str = "handle", account: str = "account_id") -> str:
    """`@handle` in safe characters, or what the account shows of itself where the data have no handle."""
    name = plain(str(row.get(handle) or ""))
    identifier = plain(str(row.get(account) or ""))
    if name and name == identifier and (shown := plain(str(row.get("display_name") or ""), 24)):
        return f"{shown} (id {shortened(identifier, 13)})"
    if name:
        called = shortened(name) if name == identifier else name
        return called if called.startswith("@") else f"@{called}"
    return f"id {shortened(identifier)}".rstrip()


def safe_text(value: Any, limit: int | None = None) -> str:
    """A stranger's text for a terminal, a dash where there is none."""
    return plain(str(value), limit) if value not in {None, ""} else numbers.UNKNOWN


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return spreadsheet_safe(_STEERING.sub("", value))
    if isinstance(value, float):
        return "" if numbers.is_unknown(value) else repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return json_text(value)
    return value


def _json_value(value: Any) -> Any:
    if isinstance(value, float):
        return None if numbers.is_unknown(value) else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    return value
