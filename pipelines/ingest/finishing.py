"""From the staged rows of a table to the lake's table, and the balance of what became of them.

Rows of forgotten persons are left out, rejected rows and those after the as-of day fall away, rows with the
same natural key become one. Follows end as numbers, every other table as a Parquet file and as a view of its
name on the connection. Every table of the contract is written, so that later stages need not ask.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest.numbered import IDS_FILE, number_follows
from pipelines.ingest.piles import FOLLOWS
from pipelines.ingest.reading import literal
from pipelines.ingest.report import TableReport
from pipelines.ingest.staging import empty_relation, natural_key

if TYPE_CHECKING:
    import duckdb

    from pipelines.ingest.contract import Table
    from pipelines.ingest.job import IntakeJob
    from pipelines.ingest.numbered import NumberedFollows
    from pipelines.ingest.piles import Pile
    from pipelines.ingest.rejects import Refusals

_IS_FORGOTTEN = "sha256(concat(getvariable('forgotten_salt'), account)) IN (SELECT digest FROM forgotten)"


@dataclass(frozen=True)
class _Fate:
    """Rows of one table that were staged and do not stay, and values that were emptied."""

    rejected: int = 0
    after: int = 0
    refused: int = 0
    merged: int = 0
    forgotten: int = 0


def finish(job: IntakeJob, pile: Pile, refusals: Refusals) -> TableReport:
    """Merge one table's staged rows, cut them at the as-of day, and write the table.

    Args:
        job: Where to write, and whom to leave out.
        pile: The table's rows; of follows `numbered` is filled in.
        refusals: Takes the values that broke a rule.
    """
    if pile.numbered is not None:
        _show_follow_ids(job)
        fate = _Fate(after=pile.numbered.rows_after_as_of, merged=pile.numbered.rows_merged)
        kept = pile.numbered.rows_kept
    else:
        fate, final = _merge(job, pile, refusals)
        if pile.table.name == FOLLOWS:
            pile.numbered = _write_follows(job, final)
            kept = pile.numbered.rows_kept
        else:
            kept = _write(job, pile.table, final)
    report = _balance(pile, fate, kept)
    if not report.is_balanced:
        message = f"rows of {report.table} went missing without a reason: {report}"
        raise AssertionError(message)
    return report


def write_empty(job: IntakeJob, table: Table) -> None:
    """A table that was not supplied, with its columns and no rows."""
    nothing = empty_relation(job.connection, table)
    if table.name == FOLLOWS:
        _write_follows(job, nothing)
    else:
        _write(job, table, nothing)


def _merge(job: IntakeJob, pile: Pile, refusals: Refusals) -> tuple[_Fate, duckdb.DuckDBPyRelation]:
    """The rows that stay, not yet fetched, and what became of the others."""
    connection, table = job.connection, pile.table
    if not pile.staged:
        return _Fate(), empty_relation(connection, table)
    whole = connection.read_parquet([str(path) for path in pile.staged])
    staged, forgotten = whole, 0
    if job.options.forgotten.digests:
        staged = _without_forgotten(connection, table, whole)
        forgotten = _count(whole) - _count(staged)
    staged.project(f"*, {natural_key(table)}").create_view("staged", replace=True)
    result = connection.sql(sql_text("ingest/staged_counts"))
    counts = dict(zip(result.columns, result.fetchall()[0], strict=True))
    if counts["rows_rejected"] or counts["values_refused"]:
        refusals.keep(table, connection.sql(sql_text("ingest/faults")))
    merged = int(connection.sql(sql_text("ingest/merged_count")).fetchall()[0][0])
    fate = _Fate(
        rejected=int(counts["rows_rejected"]),
        after=int(counts["rows_after_as_of"]),
        refused=int(counts["values_refused"]),
        merged=merged,
        forgotten=forgotten,
    )
    return fate, connection.sql(sql_text("ingest/merged" if merged else "ingest/kept"))


def _without_forgotten(
    connection: duckdb.DuckDBPyConnection, table: Table, staged: duckdb.DuckDBPyRelation
) -> duckdb.DuckDBPyRelation:
    """The rows that are neither of nor about a forgotten person, and texts without mentions of one."""
    # names of the contract's own columns
    theirs = " OR ".join(_IS_FORGOTTEN.replace("account", name) for name in table.account_columns)
    left = staged.filter(f"NOT ({theirs})")
    for name in table.text_columns:
        left.project(f"{name} AS text").create_view("texts", replace=True)
        handles = [row[0] for row in connection.sql(sql_text("ingest/forgotten_handles")).fetchall()]
        if handles:
            alternatives = "|".join(re.escape(handle) for handle in sorted(handles, key=len, reverse=True))
            after = r"($|[^\p{L}\p{N}_.\-]|[.\-](?:$|[^\p{L}\p{N}_]))"
            pattern = literal(f"(?i)@(?:{alternatives}){after}")
            left = left.project(
                f"* REPLACE (regexp_replace({name}, {pattern}, '@[removed]\\1', 'g') AS {name})"
            )
    return left


def _write_follows(job: IntakeJob, final: duckdb.DuckDBPyRelation) -> NumberedFollows:
    """Write the follows as numbers, and say what became of them."""
    path = job.scratch / f"{FOLLOWS}.parquet"
    final.write_parquet(str(path))
    numbered = number_follows(path, job.out, job.options.most_accounts)
    _show_follow_ids(job)
    return numbered


def _write(job: IntakeJob, table: Table, final: duckdb.DuckDBPyRelation) -> int:
    """Write one table of the lake, and say how many rows it has."""
    path = job.out / f"{table.name}.parquet"
    final.write_parquet(str(path), compression="zstd")
    written = job.connection.read_parquet(str(path))
    written.create_view(table.name, replace=True)
    return _count(written)


def _show_follow_ids(job: IntakeJob) -> None:
    job.connection.read_parquet(str(job.out / IDS_FILE)).create_view("follow_ids", replace=True)


def _balance(pile: Pile, fate: _Fate, kept: int) -> TableReport:
    table = pile.table
    return TableReport(
        table=table.name,
        files=tuple(pile.files),
        rows_in=pile.rows_taken + pile.rows_refused,
        rows_kept=kept,
        rows_merged=fate.merged,
        rows_rejected=fate.rejected + pile.rows_refused,
        rows_after_as_of=fate.after,
        values_refused=fate.refused,
        columns_present=tuple(name for name in table.column_names if name in pile.present),
        columns_absent=tuple(name for name in table.column_names if name not in pile.present),
        columns_unused=tuple(sorted(pile.unused)),
        rows_forgotten=fate.forgotten,
    )


def _count(rows: duckdb.DuckDBPyRelation) -> int:
    return int(rows.aggregate("count(*) AS n").fetchall()[0][0])
