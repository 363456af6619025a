"""Tables and paragraphs on a terminal, drawn by rich; imported only when something is drawn.

Cells arrive as safe text (`pipelines.text.plain`) and are never read as markup.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Column, Row

_WIDTH_OF_A_FILE = 100  # columns where there is no terminal to ask
_WIDEST_COLUMN = 24  # of things side by side; longer headings are folded
_GAP = 2  # blanks between two columns, of which rich draws the second as the column's edge

_STATUS_STYLES = {
    "recommended": "green",
    "watch": "yellow",
    "watch: risk": "yellow",
    "watch: name": "yellow",
    "avoid": "red",
    "avoid: risk": "red",
    "avoid: reviewed": "red",
    "recommended: reviewed": "green",
    "not enough data": "dim",
    "✓": "green",
    "!": "yellow",
    "✗": "red",
}


def console() -> Console:
    """The console on standard output; rich itself heeds NO_COLOR, TERM=dumb and COLUMNS."""
    width = shutil.get_terminal_size((_WIDTH_OF_A_FILE, 24)).columns
    return Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)


def draw(
    rows: Sequence[Row], columns: Sequence[Column], *, title: str | None = None, caption: str | None = None
) -> None:
    """Draw a table of the columns that fit the terminal.

    Args:
        rows: What to show.
        columns: How to show it.
        title: A line above.
        caption: A line below.
    """
    out = console()
    shown = [[column.show(row) for column in columns] for row in rows]
    widths = [width_of(column, index, shown) for index, column in enumerate(columns)]
    kept = fitting(widths, columns, out.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP - 1, 0, 0), show_edge=False)
    for index in kept:
        column = columns[index]
        width = min(widths[index], out.width - _GAP)
        table.add_column(
            Text(column.title),
            justify="right" if column.is_number else "left",
            no_wrap=column.widest is None and width == widths[index],
            overflow="fold",
            min_width=width,
        )
    for cells in shown:
        table.add_row(*(Text(cells[index], style=_STATUS_STYLES.get(cells[index], "")) for index in kept))
    if title:
        out.print(Text(title, style="bold"))
    out.print(table)
    if caption:
        out.print(Text(caption, style="dim"))


def draw_side_by_side(
    headings: Sequence[str], lines: Sequence[tuple[str, Sequence[str]]], *, caption: str | None = None
) -> None:
    """Draw things in columns and what is said of them in lines; as many columns at a time as fit.

    Args:
        headings: What is compared; a long one goes over several lines, whole.
        lines: A title and one cell for each heading.
        caption: A line below.
    """
    out = console()
    titles = max((cell_len(title) for title, _ in lines), default=0)
    widths = [
        max([min(cell_len(heading), _WIDEST_COLUMN), *(cell_len(cells[index]) for _, cells in lines)])
        for index, heading in enumerate(headings)
    ]
    for first, last in blocks(widths, out.width - titles - _GAP):
        if first:
            out.print()
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP - 1, 0, 0), show_edge=False)
        table.add_column("", no_wrap=True)
        for index in range(first, last):
            table.add_column(Text(headings[index]), justify="right", overflow="fold", min_width=widths[index])
        for title, cells in lines:
            shown = (Text(cell, style=_STATUS_STYLES.get(cell, "")) for cell in cells[first:last])
            table.add_row(Text(title), *shown)
        out.print(table)
    if caption:
        out.print(Text(caption, style="dim"))


def blocks(widths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Which columns stand together, from and up to: the first of them always, more while there is room."""
    found, first, used = [], 0, 0
    for index, width in enumerate(widths):
        if index > first and used + width + _GAP > room:
            found.append((first, index))
            first, used = index, 0
        used += width + _GAP
    return [*found, (first, len(widths))] if widths else []


def fitting(widths: Sequence[int], columns: Sequence[Column], width: int) -> list[int]:
    """The columns to show, by position: the least important ones go first until the rest fits.

    Args:
        widths: The width of each column, in terminal cells.
        columns: The columns; importance 0 always stays, then a smaller number is more important.
        width: The width of the terminal.
    """
    kept = list(range(len(columns)))
    while sum(widths[index] + _GAP for index in kept) > width:
        droppable = [index for index in kept if columns[index].importance]
        if not droppable:
            break
        kept.remove(max(droppable, key=lambda index: (columns[index].importance, index)))
    return kept


def width_of(column: Column, index: int, shown: Sequence[Sequence[str]]) -> int:
    """The widest cell of a column, in terminal cells, within what the column asks for at most."""
    width = max([cell_len(column.title), *(cell_len(cells[index]) for cells in shown)])
    return width if column.widest is None else min(width, column.widest)


def heading(text: str) -> None:
    """A bold line."""
    console().print(Text(text, style="bold"))


def write_paragraph(text: str, *, indent: int = 0, mark: str = "", style: str = "") -> None:
    """Running text, wrapped at the terminal's width, with an optional mark in the margin."""
    out = console()
    if not mark:
        out.print(Padding(Text(text, style=style), (0, 0, 0, indent)))
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark, style=style), Text(text))
    out.print(Padding(grid, (0, 0, 0, indent)))
