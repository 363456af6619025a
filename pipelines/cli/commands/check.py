"""`vouch check`: what a run would find in a folder of tables, without running.

The ingest says what it found; this module only words it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.failure import EXIT_HANDLED
from pipelines.cli.options import dataset_options, format_options
from pipelines.cli.output import (
    Column,
    draw_table,
    json_text,
    write_rows,
)
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.forgotten import read_forgotten
from pipelines.text import plain

if TYPE_CHECKING:
    from pipelines.cli.options import Dataset
    from pipelines.cli.output import Format, Row
    from pipelines.ingest.report import IngestReport

_LONGEST_LINE = 400

_PROFILE = ("bio", "has_avatar", "posts_count", "followers_count", "following_count")

# What a run cannot say when a table, or all of some columns of it, are not there. Nobody ranks better or
# worse for it.
_NEEDS = (
    ("accounts", (), "handles, sizes, and follower quality, which looks at profiles"),
    ("accounts", _PROFILE, "follower quality and the cleaning of the audience, which look at profiles"),
    ("accounts", ("followers_count",), "the size tiers that candidates are compared within"),
    (
        "follows",
        (),
        "follows themselves; whoever reposts, quotes, mentions or answers stands in for a follower",
    ),
    ("posts", (), "disclosure of paid posts, brand history and engagement pods"),
    ("posts", ("text",), "disclosure of paid posts and brand history"),
    ("interactions", (), "word of mouth, and the endorsement that passes through it"),
    ("interactions", ("occurred_at",), "the weeks in which word of mouth was heard"),
    ("brands", (), "brand history, and leaving brands' own accounts out of the candidates"),
    ("rates", (), "the portfolio under a budget"),
)

_NAMES = (
    "table",
    "files",
    "rows_in",
    "rows_kept",
    "rows_merged",
    "rows_rejected",
    "rows_after_as_of",
    "values_refused",
    "columns_present",
    "columns_absent",
    "columns_unused",
)


def _found(row: Row) -> str:
    present, absent = len(row["columns_present"]), len(row["columns_absent"])
    return f"{present} of {present + absent}"


_TABLE = (
    Column("table", lambda row: row["table"], is_number=False),
    Column("rows in", lambda row: numbers.count(row["rows_in"]), importance=1),
    Column("kept", lambda row: numbers.count(row["rows_kept"]), importance=2),
    Column("merged", lambda row: numbers.count(row["rows_merged"]), importance=5),
    Column("rejected", lambda row: numbers.count(row["rows_rejected"]), importance=3),
    Column("later", lambda row: numbers.count(row["rows_after_as_of"]), importance=6),
    Column("values refused", lambda row: numbers.count(row["values_refused"]), importance=7),
    Column("columns", _found, importance=4),
    Column("absent", lambda row: ", ".join(row["columns_absent"]), importance=8, is_number=False, widest=40),
)


@click.command("check", short_help="Validate the tables of a folder without running.")
@dataset_options
@format_options()
@shared_options
@pass_session
def command(
    session: Session,
    *,
    dataset: Dataset,
    output: Format,
) -> None:
    """Validate the tables of a folder and say what a run would make of them.

    Where every row goes, which columns were found, what will be switched off for lack of data, and the worst
    rejects. Leaves with exit code 1 when a run would stop.
    """
    # reading a stranger's files takes more imports than --help should pay for
    from pipelines.ingest import check_dataset  # noqa: PLC0415 - see above

    now = datetime.now(UTC)
    report = check_dataset(
        dataset.folder,
        now=now,
        as_of=dataset.as_of or now.date(),
        reject_limit=dataset.reject_limit,
        config=dataset.config,
        forgotten=read_forgotten(session.home),
    )
    rows = _balance(report)
    if output == "json":
        click.echo(json_text(_as_object(report, rows), indent=2))
    elif output != "table":
        write_rows(rows, _NAMES, output)
    elif rows:
        draw_table(rows, _TABLE)
    _say_findings(session, report)
    if not report.is_usable:
        _say_faults(report)
        raise click.exceptions.Exit(EXIT_HANDLED)
    without = ", ".join(plain(name, 80) for name in report.unranked)
    but = f", without {without}" if without else ""
    session.say(f"A run would go through{but}: {dataset.call('run', session.home_option)}")


def switched_off(report: IngestReport) -> list[str]:
    """What a run cannot say for lack of a table or column, one sentence each."""
    lines = []
    for table, columns, meaning in _NEEDS:
        found = report.table(table)
        if found is not None and not found.rows_kept and report.faults:
            continue  # what stops the run says why, and it is no lack of data
        if found is None or not found.rows_kept:
            why = "no table" if found is None else "no usable row in"
            if not columns:
                lines.append(f"{why} {table}: not enough data for {meaning}")
        elif columns and set(columns) <= set(found.columns_absent):
            named = ", ".join(columns)
            noun = "column" if len(columns) == 1 else "column among"
            lines.append(f"no {noun} {named} in {table}: not enough data for {meaning}")
    return lines


def _balance(report: IngestReport) -> list[Row]:
    return [
        {
            "table": table.table,
            "files": [file.name for file in table.files],
            **{
                name: getattr(table, name)
                for name in ("rows_in", "rows_kept", "rows_merged", "rows_rejected", "rows_after_as_of")
            },
            "values_refused": table.values_refused,
            "columns_present": list(table.columns_present),
            "columns_absent": list(table.columns_absent),
            "columns_unused": list(table.columns_unused),
        }
        for table in report.tables
    ]


def _as_object(report: IngestReport, rows: list[Row]) -> Row:
    return {
        "network": report.network,
        "as_of": report.as_of,
        "observed_until": report.observed_until,
        "is_usable": report.is_usable,
        "tables": rows,
        "audiences": [
            {
                "audience": audience.audience,
                "members": audience.members,
                "members_known": audience.members_known,
                "why_unranked": audience.told or None,
            }
            for audience in report.audiences
        ],
        "switched_off": switched_off(report),
        "warnings": list(report.warnings),
        "worst_rejects": [str(reject) for reject in report.worst_rejects],
        "faults": [fault.told for fault in report.faults],
    }


def _say_findings(session: Session, report: IngestReport) -> None:
    for audience in report.audiences:
        name = plain(audience.audience, 80)
        known, members = numbers.count(audience.members_known), numbers.counted(audience.members, "member")
        session.say(f"Audience {name}: {members}, {known} of them known to other tables")
    unranked = [f"{name}: {why}" for name, why in report.unranked.items()] if report.is_usable else []
    sections = (
        ("Cannot be ranked", unranked),
        ("Switched off for lack of data", switched_off(report) if report.tables else []),
        ("Worth knowing", report.warnings),
        ("The worst rejects", [str(reject) for reject in report.worst_rejects]),
    )
    for title, lines in sections:
        if lines:
            session.say(f"\n{title}:")
        for line in lines:
            session.say(f"  - {plain(line, _LONGEST_LINE)}")
    if any(lines for _, lines in sections):
        session.say()


def _say_faults(report: IngestReport) -> None:
    """Why a run would stop; a failure, so also with --quiet."""
    click.echo(click.style("A run would stop:", fg="red", bold=True), err=True)
    for fault in report.faults:
        click.echo(f"  - {plain(fault.told, _LONGEST_LINE)}", err=True)
    allow = f"--reject-limit {report.sufficient_limit:g}"
    for table in report.over_limit:
        share = numbers.share(table.rejected_share)
        limit = numbers.share(report.reject_limit)
        rows = numbers.counted(table.rows_in, "row is", "rows are")
        line = f"{table.table}: {share} of {rows} rejected, the limit is {limit}."
        click.echo(f"  - {line} Mend them, or, if the rest is enough, {allow}.", err=True)
