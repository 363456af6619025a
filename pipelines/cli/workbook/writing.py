"""Cells to the file: formats, widths and heights, frozen panes, colours of a status, and how it prints."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.cli.workbook.cells import TEXT, Cell, Sheet
from pipelines.cli.workbook.sheets import DECISION, DECISIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from pipelines.cli.output import Row

_MOST_ROWS = 1_048_575  # of a sheet, without its header
_A4 = 9
_FROZEN_COLUMNS = 2
# Programs do not agree on whether they fit the height of a wrapped row by themselves, so it is said.
_LINE_PIXELS = 20
_CHARACTER_PIXELS = 6.6
_HEADER = {"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True, "valign": "vcenter"}
_STATUS_COLOURS = (("recommended", "#1E6B3A"), ("watch", "#8A5A00"), ("avoid", "#A3262A"))
_BAR_COLOUR = "#C9D8EC"


def write_sheet(workbook: Workbook, sheet: Sheet, rows: Sequence[Row], *, is_of_one_audience: bool) -> None:
    """Write a list as a sheet.

    Args:
        workbook: Where to.
        sheet: What its columns are.
        rows: What stands in it, one row each; those beyond what a sheet can hold are left out.
        is_of_one_audience: Leave out the column that would say the same audience in every row.
    """
    cells = [cell for cell in sheet.cells if not (is_of_one_audience and cell.title == "audience")]
    page = workbook.add_worksheet(sheet.title)
    shown = rows[:_MOST_ROWS]
    _write_header(workbook, page, cells)
    columns = [
        _write_column(page, index, cell, shown, _format(workbook, cell)) for index, cell in enumerate(cells)
    ]
    for place in range(len(shown)):
        lines = max((heights[place] for heights in columns if heights), default=1)
        if lines > 1:
            page.set_row_pixels(place + 1, lines * _LINE_PIXELS)
    _help_reading(workbook, page, cells, len(shown))
    _set_print(page)
    page.repeat_rows(0)
    if sheet.printed_up_to is not None:
        titles = [cell.title for cell in cells]
        page.print_area(0, 0, len(shown), titles.index(sheet.printed_up_to))


def write_lines(workbook: Workbook, title: str, lines: Sequence[tuple[str, str]]) -> None:
    """Write a name and a text beside it, one under the other."""
    page = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True, "valign": "top", "text_wrap": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    widths = (170, 760)
    for index, width in enumerate(widths):
        page.set_column_pixels(index, index, width)
    for index, (name, text) in enumerate(lines):
        page.write_string(index, 0, name, bold)
        page.write_string(index, 1, text, wrapped)
        height = max(_lines(part, width) for part, width in zip((name, text), widths, strict=True))
        page.set_row_pixels(index, height * _LINE_PIXELS)
    page.hide_gridlines(2)
    _set_print(page)


def _write_header(workbook: Workbook, page: Worksheet, cells: Sequence[Cell]) -> None:
    header = workbook.add_format(_HEADER | {"indent": 1})
    over_numbers = workbook.add_format(_HEADER | {"align": "right"})
    for index, cell in enumerate(cells):
        page.set_column_pixels(index, index, cell.width)
        page.write_string(0, index, cell.title, header if cell.number_format == TEXT else over_numbers)
    # a word that is longer than its column is wide goes on in the next line as well
    most = max(max(_lines(cell.title, cell.width - 10), len(cell.title.split()) // 2) for cell in cells)
    page.set_row_pixels(0, most * _LINE_PIXELS)
    page.freeze_panes(1, _FROZEN_COLUMNS)


def _write_column(page: Worksheet, index: int, cell: Cell, rows: Sequence[Row], written: Format) -> list[int]:
    """Fill a column; gives how many lines each of its cells takes, or nothing where none is wrapped."""
    heights = []
    for place, row in enumerate(rows, start=1):
        value = cell.value(row)
        if value is None or (cell.number_format != TEXT and numbers.is_unknown(value)):
            page.write_blank(place, index, None, written)
        elif cell.number_format == TEXT:
            page.write_string(place, index, value, written)
        else:
            page.write_number(place, index, value, written)
        if cell.is_wrapped:
            heights.append(_lines(str(value or ""), cell.width))
    return heights


def _format(workbook: Workbook, cell: Cell) -> Format:
    # an indent keeps a text apart from the number before it
    beside = {"indent": 1, "align": "left"} if cell.number_format == TEXT else {}
    return workbook.add_format(
        {"num_format": cell.number_format, "valign": "top", "text_wrap": cell.is_wrapped} | beside
    )


def _help_reading(workbook: Workbook, page: Worksheet, cells: Sequence[Cell], n_rows: int) -> None:
    """Filters, bars behind shares, colours of a status, and a list to choose a decision from."""
    last = max(1, n_rows)
    page.autofilter(0, 0, last, len(cells) - 1)
    for index, cell in enumerate(cells):
        span = (1, index, last, index)
        if cell.is_bar:
            bar: dict[str, Any] = {"type": "data_bar", "bar_solid": True, "bar_color": _BAR_COLOUR}
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            page.conditional_format(*span, bar | ends)
        if cell.title == "status":
            for status, colour in _STATUS_COLOURS:
                coloured = workbook.add_format({"font_color": colour})
                begins = {"type": "text", "criteria": "begins with", "value": status, "format": coloured}
                page.conditional_format(*span, begins)
        if cell.title == DECISION:
            page.data_validation(*span, {"validate": "list", "source": list(DECISIONS)})


def _set_print(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&F · &A&RPage &P of &N")


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that many pixels, about."""
    per_line = max(1, math.floor(width / _CHARACTER_PIXELS))
    return max(1, math.ceil(len(text) / per_line))
