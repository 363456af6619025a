"""The workbook: what a strategist opens, sorts, comments on and hands around.

Cells hold numbers with formats, not text that looks like numbers, and a stranger's text stays text. No Excel
table style, because LibreOffice drops it and Sheets ignores it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from pipelines import numbers
from pipelines.cli.words.story import direction_of, when_to_stop
from pipelines.standing import short_reason, status_and_reason
from pipelines.text import plain, spreadsheet_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsxwriter.workbook import Workbook

    from pipelines.cli.output import Row
    from pipelines.cli.reading import Published

_EVIDENCE_RANKS = 300  # evidence of more candidates than anybody reads makes the file slow to open
_MOST_ROWS = 1_048_575  # of a sheet, without its header
_MOST_PAIRS = 20_000
_LONGEST_CELL = 32_000  # Excel stops at 32,767 characters

_SHARE = "0.0%"
_COUNT = "#,##0"
_SCORE = "0.00"
_RATIO = "0.00"
_MONEY = "#,##0.00"
_TEXT = "@"


@dataclass(frozen=True)
class Cell:
    """A column of a sheet.

    Attributes:
        title: Its heading.
        value: The cell's value, from the row.
        number_format: Excel's format; text columns have none that computes.
        width: In pixels.
    """

    title: str
    value: Callable[[Row], Any]
    number_format: str = _TEXT
    width: int = 90


def workbook_bytes(file: Published, audience: str | None) -> bytes:
    """The workbook of one audience or, with None, of all.

    Args:
        file: The published file.
        audience: Which audience, by its exact name.
    """
    candidates = file.read("export_ranking", audience=audience).rows[:_MOST_ROWS]
    picks = file.read("export_portfolio", audience=audience).rows
    evidence = file.read("export_evidence", audience=audience, ranks=_EVIDENCE_RANKS).rows[:_MOST_ROWS]
    overlap = file.read("export_overlap", audience=audience).rows[:_MOST_PAIRS]
    groups = file.read("export_communities", audience=audience).rows
    advocates = file.read("export_advocates", audience=audience).rows[:_MOST_ROWS]
    runs = file.read("export_runs", audience=audience).rows
    buffer = io.BytesIO()
    # A handle such as =HYPERLINK(…) must stay text, whatever library writes the cell.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        _write_lines(workbook, "Read me", _read_me(runs, picks))
        _write_sheet(workbook, "Portfolio", picks, _PORTFOLIO)
        _write_sheet(workbook, "Candidates", candidates, _CANDIDATES)
        _write_sheet(workbook, "Evidence", evidence, _EVIDENCE)
        _write_sheet(workbook, "Overlap", overlap, _OVERLAP)
        if groups:
            _write_sheet(workbook, "Groups", groups, _GROUPS)
        if advocates:
            _write_sheet(workbook, "Advocates", advocates, _ADVOCATES)
    return buffer.getvalue()


def _write_sheet(workbook: Workbook, title: str, rows: Sequence[Row], cells: Sequence[Cell]) -> None:
    frame = pl.DataFrame(
        {cell.title: [cell.value(row) for row in rows] for cell in cells},
        schema={cell.title: pl.String if cell.number_format == _TEXT else pl.Float64 for cell in cells},
        strict=False,
    )
    sheet = workbook.add_worksheet(title)
    frame.write_excel(
        workbook,
        sheet,
        table_style=None,
        autofilter=True,
        header_format={"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True, "valign": "top"},
        column_formats={cell.title: cell.number_format for cell in cells},
        column_widths={cell.title: cell.width for cell in cells},
        freeze_panes=(1, 2),
    )
    _set_print(sheet)
    sheet.repeat_rows(0)


def _write_lines(workbook: Workbook, title: str, lines: Sequence[tuple[str, str]]) -> None:
    sheet = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for index, (name, text) in enumerate(lines):
        sheet.write_string(index, 0, name, bold)
        sheet.write_string(index, 1, text, wrapped)
    _set_print(sheet)


def _set_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _read_me(runs: Sequence[Row], picks: Sequence[Row]) -> list[tuple[str, str]]:
    lines = [
        (
            "What this is",
            "Accounts ranked by how much an audience already trusts them, and by how real it looks.",
        ),
        ("How to read it", "Signals to look into, not verdicts. An empty cell means unknown, never zero."),
    ]
    for run in runs:
        made_up = " Generated demo world: nobody in it is real." if run["is_generated"] else ""
        size = f"{run['candidates'] or 0:,} candidates, {run['audience_size'] or 0:,} members"
        source = f"network {plain(str(run['network']), 80)}, as of {run['as_of']}, run {run['run_id']}"
        lines.append((plain(str(run["audience"]), 80), f"{size}, {source}.{made_up}"))
        counted = [pick for pick in picks if pick["audience"] == run["audience"] and pick["plan"] == "count"]
        if counted:
            lines.append(("", when_to_stop(counted)))
    return [*lines, *_MEANINGS]


def _text(name: str) -> Callable[[Row], str | None]:
    return lambda row: None if row[name] is None else _safe(str(row[name]))


def _words(name: str) -> Callable[[Row], str | None]:
    return lambda row: None if row[name] is None else _safe(str(row[name]).replace("_", " "))


def _status(row: Row) -> str | None:
    return None if row["status"] is None else _safe(status_and_reason(row))


def _status_reason(row: Row) -> str | None:
    reason = row["status_reason"]
    return None if reason is None else _safe(short_reason(reason) or str(reason).replace("_", " "))


def _number(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _handle(name: str = "handle") -> Callable[[Row], str | None]:
    # The bare handle: a leading @ is what some spreadsheets take for a function.
    return lambda row: _safe(str(row[name]).lstrip("@")) if row[name] else None


def _safe(text: str) -> str:
    return spreadsheet_safe(plain(text, _LONGEST_CELL))


def _list(name: str, between: str = ", ") -> Callable[[Row], str | None]:
    return lambda row: _safe(between.join(map(str, row[name]))) if row[name] else None


def _day(name: str) -> Callable[[Row], str | None]:
    # ISO text, which sorts as it reads in every program and every language
    return lambda row: None if row[name] is None else f"{row[name]:%Y-%m-%d}"


def _yes(name: str, words: str = "yes") -> Callable[[Row], str | None]:
    return lambda row: words if row[name] else None


_ids = _list("example_ids", "; ")


_PORTFOLIO = (
    Cell("#", _number("pick"), _COUNT, 40),
    Cell("handle", _handle(), width=180),
    Cell("name", _text("display_name"), width=160),
    Cell("audience", _text("audience"), width=140),
    Cell("plan", _text("plan")),
    Cell("adds members", _number("new_members"), _COUNT),
    Cell("together", _number("cumulative_members_share"), _SHARE),
    Cell("adds, trust-weighted", _number("adds_share"), _SHARE),
    Cell("price", _number("price"), _MONEY),
    Cell("prices so far", _number("cumulative_price"), _MONEY),
    Cell("currency", _text("currency")),
    Cell("backup", _handle("backup_handle"), width=180),
    Cell("status", _status, width=170),
    Cell("trust", _number("trust"), _SCORE),
    Cell("risk", _number("shill_probability"), _SHARE),
    Cell("account id", _text("account_id"), width=140),
    Cell("comment", lambda _row: None, width=260),
)
_CANDIDATES = (
    Cell("rank", _number("rank"), _COUNT, 50),
    Cell("handle", _handle(), width=180),
    Cell("name", _text("display_name"), width=160),
    Cell("audience", _text("audience"), width=140),
    Cell("status", _words("status"), width=120),
    Cell("why this status", _status_reason, width=220),
    Cell("pick", lambda row: "★" if row["is_pick"] else None, width=50),
    Cell("trust", _number("trust"), _SCORE),
    Cell("trust low", _number("trust_low"), _SCORE),
    Cell("trust high", _number("trust_high"), _SCORE),
    Cell("risk", _number("shill_probability"), _SHARE),
    Cell("risk low", _number("shill_probability_low"), _SHARE),
    Cell("risk high", _number("shill_probability_high"), _SHARE),
    Cell("reach", _number("reach_share"), _SHARE),
    Cell("reach cleaned", _number("reach_share_cleaned"), _SHARE),
    Cell("members who follow", _number("audience_followers"), _COUNT),
    Cell("lift", lambda row: None if numbers.is_unobserved(row) else row["lift"], _RATIO),
    Cell("lift low", _number("lift_low"), _RATIO),
    Cell("lift high", _number("lift_high"), _RATIO),
    Cell("voices", _number("word_of_mouth_voices"), _COUNT),
    Cell("voices from groups", _number("word_of_mouth_communities"), _COUNT),
    Cell("converses", _number("conversation"), _SCORE),
    Cell("answers", _number("answer_rate"), _SHARE),
    Cell("answers low", _number("answer_rate_low"), _SHARE),
    Cell("answers high", _number("answer_rate_high"), _SHARE),
    Cell("messages to it", _number("replies_received"), _COUNT),
    Cell("from members", lambda row: row.get("speakers"), _COUNT),
    Cell("hours to answer", _number("answer_delay_hours"), "0.0"),
    Cell("come back to talk", _number("returning_dyads"), _COUNT),
    Cell("groups reached", _number("communities_covered"), _COUNT),
    Cell("joins groups", _yes("is_bridge")),
    Cell("over the runs", _words("momentum"), width=120),
    Cell("trust per 30 days", _number("momentum_change"), "+0.00;-0.00;0.00"),
    Cell("tone (coarse)", _number("tone"), "0.0"),
    Cell("tone read in", _number("tone_coverage"), _SHARE),
    Cell("followers", _number("followers_count"), _COUNT),
    Cell("size", _text("size_tier")),
    Cell("rank in its size", _number("rank_in_tier"), _COUNT),
    Cell("platform", _text("platform")),
    Cell("language", _text("language")),
    Cell("best rank", _number("rank_low"), _COUNT),
    Cell("worst rank", _number("rank_high"), _COUNT),
    Cell("score", _number("score"), _SCORE),
    Cell("signals measured", _number("signals_measured"), _COUNT),
    Cell("price", _number("price"), _MONEY),
    Cell("currency", _text("currency")),
    Cell("compared with", _text("baseline"), width=120),
    Cell("what would change the rank", _text("what_would_change"), width=320),
    Cell("account id", _text("account_id"), width=140),
    Cell("comment", lambda _row: None, width=260),
)
_EVIDENCE = (
    Cell("rank", _number("rank"), _COUNT, 50),
    Cell("handle", _handle(), width=180),
    Cell("audience", _text("audience"), width=140),
    Cell("speaks", direction_of, width=70),
    Cell("reason", _text("sentence"), width=480),
    Cell("signal", _words("signal"), width=160),
    Cell("value", _number("value"), "0.000"),
    Cell("typical", _number("typical_value"), "0.000"),
    Cell("counts from", _number("threshold"), "0.000"),
    Cell("weight", _number("weight"), "0.00"),
    Cell("examples", _ids, width=260),
    Cell("account id", _text("account_id"), width=140),
)
_OVERLAP = (
    Cell("one", _handle("handle_a"), width=180),
    Cell("other", _handle("handle_b"), width=180),
    Cell("audience", _text("audience"), width=140),
    Cell("members who follow both", _number("shared_followers"), _COUNT),
    Cell("share of the smaller", _number("share_of_smaller"), _SHARE),
    Cell("only the one", _number("exclusive_share_a"), _SHARE),
    Cell("only the other", _number("exclusive_share_b"), _SHARE),
    Cell("Jaccard", _number("jaccard"), _SHARE),
)
_GROUPS = (
    Cell("group", _text("name"), width=320),
    Cell("audience", _text("audience"), width=140),
    Cell("members", _number("members"), _COUNT),
    Cell("cleaned", _number("members_cleaned"), _COUNT),
    Cell("small", _yes("is_small", "small"), width=60),
    Cell("stability", _number("stability"), _SCORE),
    Cell("ties inside", _number("internal_share"), _SHARE),
    Cell("what they share", _list("terms"), width=260),
    Cell("voices", _list("voices"), width=420),
    Cell("voices that the list hides", _list("hidden_voices"), width=320),
)
_ADVOCATES = (
    Cell("brand", _text("brand"), width=160),
    Cell("handle", _handle(), width=180),
    Cell("audience", _text("audience"), width=140),
    Cell("first", _day("first_at")),
    Cell("last", _day("last_at")),
    Cell("posts", _number("posts"), _COUNT),
    Cell("weeks", _number("weeks"), _COUNT),
    Cell("first paid post seen", _day("first_paid_at"), width=120),
    Cell("spoke before it", _yes("is_before_paid")),
    Cell("member", _yes("is_member")),
    Cell("rank", _number("rank"), _COUNT, 60),
    Cell("status", _status, width=170),
    Cell("examples", _list("example_post_ids", "; "), width=260),
    Cell("account id", _text("account_id"), width=140),
)
_MEANINGS = (
    (
        "trust",
        "0 to 1: endorsement inside the audience, how special the account is to it, and word of mouth.",
    ),
    (
        "status",
        "watch: for risk, or as not special here: lift may be chance, which says nothing against it.",
    ),
    (
        "risk",
        "The probability, from measured signals, that influence is bought; low and high are its interval.",
    ),
    ("reach", "The share of the audience that follows the account."),
    (
        "reach cleaned",
        "The same, with each member at its weight: the list's own, and what cleaning leaves of it.",
    ),
    (
        "lift",
        "Reach divided by the share among comparable accounts outside; empty where none of them follows it.",
    ),
    ("voices", "Members of the audience who mentioned, quoted or reposted the account, each counted once."),
    (
        "converses",
        "From broadcast, 0, to exchange with persons, 1; answers is the share of what members write to it.",
    ),
    (
        "tone (coarse)",
        "From -1 to 1, from a word list; read in is the share of messages it could be read in. Never ranked.",
    ),
    (
        "Advocates",
        "Who named a brand unpaid; posts that clearly read negative are left out. Naming need not be praise.",
    ),
    ("stability", "How surely the members of a group belong together, 0 to 1."),
    ("best, worst rank", "Between which ranks the account falls when audience, weights and risk are varied."),
    ("adds", "The share of the cleaned audience that this pick reaches and the earlier picks do not."),
    (
        "share of the smaller",
        "Members who follow both, out of those of the smaller: low is reach, high repeats.",
    ),
    (
        "Evidence",
        f"Of the first {_EVIDENCE_RANKS} of each audience and of every pick; the rest: vouch why HANDLE.",
    ),
    (
        "Not in here",
        "Demographics, contact data, and content: look at the profile before you write to anybody.",
    ),
)
