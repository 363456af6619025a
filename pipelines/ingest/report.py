"""What ingesting a dataset found, as plain data: for the command line, the run's metadata and the tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipelines.ingest.contract import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from pipelines.ingest.errors import Fault


BALANCE_SCHEMA = {
    "table_name": pl.String,
    "files": pl.Int64,
    "rows_in": pl.Int64,
    "rows_kept": pl.Int64,
    "rows_merged": pl.Int64,
    "rows_rejected": pl.Int64,
    "rows_after_as_of": pl.Int64,
    "values_refused": pl.Int64,
    "columns_present": pl.List(pl.String),
    "rows_forgotten": pl.Int64,
}
_REJECT_SCHEMA = {
    "table": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "alike": pl.Int64,
}


@dataclass(frozen=True)
class FileReport:
    """One file that fed a table: its name, SHA-256 and rows (records taken and refused)."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class TableReport:
    """The balance of one table: rows_in = kept + merged + rejected + after_as_of + forgotten.

    Attributes:
        table: The table.
        files: The files that fed it.
        rows_in: Records read, and members derived.
        rows_kept: Rows in the lake.
        rows_merged: Rows that agreed on the natural key with a later one.
        rows_rejected: Rows with a required value missing or refused, or unreadable.
        rows_after_as_of: Rows that happened after the as-of day.
        values_refused: Refused values of optional columns in rows that were not rejected (set to NULL).
        columns_present: Columns of the contract that the files have.
        columns_absent: Columns of the contract that they do not have.
        columns_unused: Source columns that nothing reads.
        rows_forgotten: Rows of or about persons whom the home has forgotten.
    """

    table: str
    files: tuple[FileReport, ...]
    rows_in: int
    rows_kept: int
    rows_merged: int
    rows_rejected: int
    rows_after_as_of: int
    values_refused: int
    columns_present: tuple[str, ...]
    columns_absent: tuple[str, ...]
    columns_unused: tuple[str, ...]
    rows_forgotten: int = 0

    @property
    def is_balanced(self) -> bool:
        """Whether nothing was dropped in silence."""
        accounted = self.rows_kept + self.rows_merged + self.rows_rejected + self.rows_after_as_of
        return self.rows_in == accounted + self.rows_forgotten

    @property
    def rejected_share(self) -> float:
        """Rejected rows per row read; 0 for an empty table."""
        return self.rows_rejected / self.rows_in if self.rows_in else 0.0


@dataclass(frozen=True)
class Reject:
    """One refused value or record.

    Attributes:
        table: The table.
        file: The file, relative to the dataset.
        line: The line of a text file, or the row of a Parquet file, from 1.
        column: The column of the contract; empty where the whole record is refused.
        value: The value, shortened.
        rule: A key of `contract.RULES`.
        alike: How many rejects share table, column and rule.
    """

    table: str
    file: str
    line: int
    column: str
    value: str
    rule: str
    alike: int = 1

    def __str__(self) -> str:
        """One line: file:line, column, value, and the rule as a sentence."""
        column = f" {self.column}" if self.column else ""
        others = f" ({self.alike:,} in all)" if self.alike > 1 else ""
        return f"{self.file}:{self.line}{column} {self.value!r}: {RULES[self.rule]}{others}"


@dataclass(frozen=True)
class AudienceReport:
    """One audience: its members, those that any table knows, and what it is derived from, if at all.

    Attributes:
        audience: Its name.
        members: Members in the lake.
        members_known: Members that accounts, follows or interactions name.
        owners: Ids of the accounts that it is derived from.
        owners_unknown: Owners as written that no table knows.
        why_unranked: Why nobody can be ranked for it, or empty; where that is so of every audience, the
            dataset cannot be used.
        member_unranked: Whom why_unranked is about, a member or an account that may be one, in a sentence or
            two; or empty.
        remedy: What to do, where why_unranked does not say it.
    """

    audience: str
    members: int
    members_known: int
    owners: tuple[str, ...] = ()
    owners_unknown: tuple[str, ...] = ()
    why_unranked: str = ""
    member_unranked: str = ""
    remedy: str = ""

    @property
    def told(self) -> str:
        """Why nobody can be ranked for it and what to do, to somebody who has the data; or empty."""
        return " ".join(filter(None, (self.why_unranked, self.member_unranked, self.remedy)))

    @property
    def told_elsewhere(self) -> str:
        """The same without a member: for what is published or leaves the machine."""
        return " ".join(filter(None, (self.why_unranked, self.remedy)))


@dataclass(frozen=True)
class IngestReport:
    """Everything that ingesting a dataset found.

    Attributes:
        data_dir: The dataset.
        network: The network's name.
        is_generated: Whether the data say of themselves that they are invented.
        as_of: The last day that counts.
        fingerprint: SHA-256 over every file read and the dataset.toml.
        observed_until: The newest time of any event in the lake (UTC, naive), or None.
        tables: One balance per supplied table, in the order of the contract.
        audiences: One entry per audience.
        worst_rejects: At most ten, of as many kinds as there are: of tables over the limit first, then what
            cost a whole row, then the most frequent kind.
        warnings: Sentences about what is thin or left aside.
        faults: What makes the dataset unusable; empty if it can be used.
        reject_limit: The share of rejected rows above which a table stops the run.
        unused_files: What lies in the folder and feeds no table.
        follows_are_plain: Whether the follows needed no look at every value.
        not_read_again: Tables, or files of them, that were taken over from an earlier run.
    """

    data_dir: Path
    network: str
    as_of: date
    is_generated: bool = False
    fingerprint: str = ""
    observed_until: datetime | None = None
    tables: tuple[TableReport, ...] = ()
    audiences: tuple[AudienceReport, ...] = ()
    worst_rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    reject_limit: float = 0.01
    unused_files: tuple[str, ...] = ()
    follows_are_plain: bool = False
    not_read_again: tuple[str, ...] = ()

    @property
    def balance(self) -> pl.DataFrame:
        """The rows of the lake's `balance.parquet`: one per supplied table."""
        rows = [
            (
                table.table,
                len(table.files),
                table.rows_in,
                table.rows_kept,
                table.rows_merged,
                table.rows_rejected,
                table.rows_after_as_of,
                table.values_refused,
                list(table.columns_present),
                table.rows_forgotten,
            )
            for table in self.tables
        ]
        return pl.DataFrame(rows, schema=BALANCE_SCHEMA, orient="row")

    @property
    def worst_rejects_frame(self) -> pl.DataFrame:
        """The worst rejects as a frame, the rule as its sentence."""
        rows = [
            (r.table, r.file, r.line, r.column, r.value, RULES[r.rule], r.alike) for r in self.worst_rejects
        ]
        return pl.DataFrame(rows, schema=_REJECT_SCHEMA, orient="row")

    @property
    def note(self) -> str:
        """What was not read again, in a few words; empty where everything was read."""
        if not self.not_read_again:
            return ""
        if len(self.not_read_again) == len(self.tables):
            return "nothing has changed, so nothing was read again"
        return f"not read again: {', '.join(self.not_read_again)}"

    @property
    def over_limit(self) -> tuple[TableReport, ...]:
        """The tables in which more rows than the limit were rejected."""
        return tuple(table for table in self.tables if table.rejected_share > self.reject_limit)

    @property
    def sufficient_limit(self) -> float:
        """The least limit in whole hundredths that no table exceeds."""
        return max((math.ceil(100 * table.rejected_share) / 100 for table in self.tables), default=0.0)

    @property
    def is_usable(self) -> bool:
        """Whether a run may go on."""
        return not self.faults and not self.over_limit

    @property
    def unranked(self) -> Mapping[str, str]:
        """Audiences for which nobody can be ranked, to why and what to do, with an example of a member."""
        return {one.audience: one.told for one in self.audiences if one.why_unranked}

    @property
    def unranked_frame(self) -> pl.DataFrame:
        """Audiences for which nobody can be ranked, with why and what to do; no member is named."""
        rows = [(one.audience, one.told_elsewhere) for one in self.audiences if one.why_unranked]
        return pl.DataFrame(rows, schema={"audience": pl.String, "why": pl.String}, orient="row")

    def table(self, name: str) -> TableReport | None:
        """The balance of one table, or None where it was not supplied."""
        return next((table for table in self.tables if table.table == name), None)
