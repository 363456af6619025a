"""How one column of a sheet is filled: numbers stay numbers with a format, a stranger's text stays text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.standing import short_reason, status_and_reason
from pipelines.text import plain, spreadsheet_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.cli.output import Row

LONGEST_CELL = 32_000  # Excel stops at 32,767 characters

SHARE = "0.0%"
COUNT = "#,##0"
SCORE = "0.00"
RISK = '[<0.01]"< 1 %";[>0.99]"> 99 %";0.0%'  # of a stranger nobody can be surer than that
RATIO = "0.00"
MONEY = "#,##0.00"
CHANGE = "+0.000;-0.000;0.000"
TEXT = "@"


@dataclass(frozen=True)
class Cell:
    """A column of a sheet.

    Attributes:
        title: Its heading.
        value: The cell's value, from the row.
        number_format: Excel's format; text columns have none that computes.
        width: In pixels.
        is_wrapped: Long text goes over several lines.
        is_bar: A figure from 0 to 1, with a bar behind it.
    """

    title: str
    value: Callable[[Row], Any]
    number_format: str = TEXT
    width: int = 90
    is_wrapped: bool = False
    is_bar: bool = False


@dataclass(frozen=True)
class Sheet:
    """A list of things.

    Attributes:
        title: Its name.
        cells: Its columns, what is read first standing first.
        printed_up_to: Title of the last column that is printed; None for all. Those behind it are to look up,
            and would make the print too small to read.
    """

    title: str
    cells: tuple[Cell, ...]
    printed_up_to: str | None = None


def text(name: str) -> Callable[[Row], str | None]:
    """A stranger's text, safe in a spreadsheet."""
    return lambda row: None if row[name] is None else safe(str(row[name]))


def words(name: str) -> Callable[[Row], str | None]:
    """A name of ours, its underscores as blanks."""
    return lambda row: None if row[name] is None else safe(str(row[name]).replace("_", " "))


def status(row: Row) -> str | None:
    """The status with its reason."""
    return None if row["status"] is None else safe(status_and_reason(row))


def status_reason(row: Row) -> str | None:
    """Why the status is what it is."""
    reason = row["status_reason"]
    return None if reason is None else safe(short_reason(reason) or str(reason).replace("_", " "))


def number(name: str) -> Callable[[Row], Any]:
    """A figure as it is in the file."""
    return lambda row: row[name]


def handle(name: str = "handle") -> Callable[[Row], str | None]:
    """The bare handle: a leading @ is what some spreadsheets take for a function."""
    return lambda row: safe(str(row[name]).lstrip("@")) if row[name] else None


def safe(text: str) -> str:
    """Text that no spreadsheet reads as a formula and no control character is left in."""
    return spreadsheet_safe(plain(text, LONGEST_CELL))


def listed(name: str, between: str = ", ") -> Callable[[Row], str | None]:
    """A list in one cell."""
    return lambda row: safe(between.join(map(str, row[name]))) if row[name] else None


def voices(row: Row) -> str | None:
    """The voices of a group, and beside one to avoid that it is."""
    if not row["voices"]:
        return None
    named = zip(map(str, row["voices"]), row["voice_statuses"], strict=True)
    return safe(", ".join(f"{name} (avoid)" if status == "avoid" else name for name, status in named))


def day(name: str) -> Callable[[Row], str | None]:
    """A time as ISO day: text, which sorts as it reads in every program and every language."""
    return lambda row: None if row[name] is None else f"{row[name]:%Y-%m-%d}"


def yes(name: str, words: str = "yes") -> Callable[[Row], str | None]:
    """A word where something is so, and nothing where it is not."""
    return lambda row: words if row[name] else None
