"""The workbook: what a strategist opens, sorts, decides in, and hands around.

Cells hold numbers with formats, not text that looks like numbers, and a stranger's text stays text. No Excel
table style, because LibreOffice drops it and Sheets ignores it. Which columns a sheet has stands in `sheets`,
how a column is filled in `cells`, how cells reach the file in `writing`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from pipelines import numbers
from pipelines.cli.results import left_out, no_plan_within_budget
from pipelines.cli.words.story import plan_advice
from pipelines.cli.workbook import sheets
from pipelines.cli.workbook.writing import write_lines, write_sheet
from pipelines.standing import UNVETTED_PICKS
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row
    from pipelines.cli.reading import Published

# A handle such as =HYPERLINK(…) must stay text, whatever writes the cell.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_PLANS = {"budget": "a budget", "count": "a number of partners"}


def workbook_bytes(file: Published, audience: str | None) -> bytes:
    """The workbook of one audience or, with None, of all.

    Args:
        file: The published file.
        audience: Which audience, by its exact name.
    """
    runs = file.read("export_runs", audience=audience).rows
    picks = file.read("export_portfolio", audience=audience).rows
    content = [
        (sheets.PORTFOLIO, picks),
        (sheets.CANDIDATES, file.read("export_ranking", audience=audience).rows),
        (sheets.EVIDENCE, file.read("export_evidence", audience=audience, ranks=sheets.EVIDENCE_RANKS).rows),
        (sheets.OVERLAP, file.read("export_overlap", audience=audience, ranks=sheets.OVERLAP_RANKS).rows),
        (sheets.CHANGES, file.read("export_changes", audience=audience, ranks=sheets.EVIDENCE_RANKS).rows),
    ]
    for sheet, statement in ((sheets.GROUPS, "export_communities"), (sheets.ADVOCATES, "export_advocates")):
        rows = file.read(statement, audience=audience).rows
        if rows:
            content.append((sheet, rows))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as workbook:
        write_lines(workbook, "Read me", _read_me(file, runs, picks))
        for sheet, rows in content:
            write_sheet(workbook, sheet, rows, is_of_one_audience=len(runs) == 1)
    return buffer.getvalue()


def _read_me(file: Published, runs: Sequence[Row], picks: Sequence[Row]) -> list[tuple[str, str]]:
    lines = [
        (
            "What this is",
            "Accounts ranked by how much an audience already trusts them, and by how real it looks.",
        ),
        ("How to read it", "Signals to look into, not verdicts. An empty cell means unknown, never zero."),
        (
            "Yours to fill in",
            "decision (yes, maybe, no) and comment. What stands right of them is to look up and not printed.",
        ),
        ("", ""),
    ]
    for run in runs:
        made_up = " Generated demo world: nobody in it is real." if run["is_generated"] else ""
        candidates = numbers.counted(run["candidates"] or 0, "candidate")
        size = f"{candidates}, {numbers.counted(run['audience_size'] or 0, 'member')}"
        source = f"network {plain(str(run['network']), 80)}, as of {run['as_of']}, run {run['run_id']}"
        lines.append((plain(str(run["audience"]), 80), f"{size}, {source}.{made_up}"))
        of_run = [pick for pick in picks if pick["audience"] == run["audience"]]
        lines += _advice(of_run)
        if of_run and of_run[0]["is_vetted"] is not False:
            unlooked_at = left_out(file, run, str(of_run[0]["plan"]))
            lines += [("", unlooked_at)] if unlooked_at else []
        unmet = no_plan_within_budget(file, run)
        if unmet:
            lines.append(("", unmet))
    return [*lines, ("", ""), *sheets.MEANINGS]


def _advice(picks: Sequence[Row]) -> list[tuple[str, str]]:
    """Where to stop in each plan of one audience, in the order of the sheet of picks."""
    plans = dict.fromkeys(str(pick["plan"]) for pick in picks)
    of_plan = {plan: [pick for pick in picks if pick["plan"] == plan] for plan in plans}
    return [
        (
            f"The plan for {_PLANS.get(plan, plain(plan, 20))}",
            f"{plan_advice(of_it)}{'' if of_it[0]['is_vetted'] is not False else f' {UNVETTED_PICKS}'}",
        )
        for plan, of_it in of_plan.items()
    ]
