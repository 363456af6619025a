"""One pass over a dataset: files to staged rows, staged rows to the lake's tables, and the account of it all.

What belongs here is the order of the steps and the bookkeeping between them. Reading is in `reading`, typing
in `staging`, audiences in `audiences`, and the statements in `sql/ingest/`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from graph.network.dense_ids import MOST_IDS
from pipelines.engine import connect, sql_text
from pipelines.forgotten import NOBODY
from pipelines.ingest import audiences, worth_knowing
from pipelines.ingest.contract import TABLE_BY_NAME, TABLES, Table
from pipelines.ingest.errors import Fault, FileFaultError
from pipelines.ingest.files import (
    SPREADSHEETS,
    InputFile,
    find_named_files,
    find_table_files,
    list_names,
    measure,
    stem_of,
)
from pipelines.ingest.mapping import ColumnSource, DatasetConfig, Lookup, Source, reading_order
from pipelines.ingest.numbered import (
    IDS_FILE,
    FollowsFile,
    NotPlainError,
    NumberedFollows,
    follows_of,
    is_plain,
    number_follows,
    read_numbered,
)
from pipelines.ingest.reading import literal, read_rows
from pipelines.ingest.report import AudienceReport, FileReport, IngestReport, Reject, TableReport
from pipelines.ingest.staging import bind, empty_relation, lookup_key, natural_key, stage
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from pipelines.forgotten import Forgotten
    from pipelines.ingest.reading import Rows
    from pipelines.ingest.reuse import FormerFollows

SHOWN_REJECTS = 10
MEMBERS = "audience_members"
FOLLOWS = "follows"
_FUTURE_TOLERANCE = timedelta(days=1)
_IS_FORGOTTEN = "sha256(concat(getvariable('forgotten_salt'), account)) IN (SELECT digest FROM forgotten)"
_NO_EVENTS = ("accounts", MEMBERS)  # their times say when something began to exist, not that it was observed


@dataclass(frozen=True)
class IntakeClock:
    """The present and the last day that counts."""

    now: datetime
    as_of: date

    @property
    def latest_time(self) -> datetime:
        """The latest time that is believed (UTC, naive)."""
        now = self.now if self.now.tzinfo is None else self.now.astimezone(UTC).replace(tzinfo=None)
        return now + _FUTURE_TOLERANCE

    @property
    def cutoff(self) -> datetime:
        """The first moment after the as-of day (UTC, naive)."""
        return datetime.combine(self.as_of + timedelta(days=1), time())


def open_connection(
    clock: IntakeClock, scratch: Path, forgotten: Forgotten = NOBODY
) -> duckdb.DuckDBPyConnection:
    """A connection with the macros of the contract, the variables they read, and whom the home forgot."""
    connection = connect(scratch / "spill")
    connection.execute(sql_text("ingest/macros"))
    connection.execute("SET VARIABLE latest_time = $1", [clock.latest_time])
    connection.execute("SET VARIABLE cutoff = $1", [clock.cutoff])
    connection.execute("SET VARIABLE forgotten_salt = $1", [forgotten.salt])
    connection.execute(
        "CREATE TABLE forgotten AS SELECT unnest($1::VARCHAR[]) AS digest", [sorted(forgotten.digests)]
    )
    return connection


@dataclass(frozen=True)
class IntakeOptions:
    """How a dataset is read.

    Attributes:
        reject_limit: The share of rejected rows above which a table stops the run.
        most_accounts: Different accounts that the follows may name.
        forgotten: Whose rows are left out.
        former: Follows that were read before, if all of their files are still as they were.
    """

    reject_limit: float
    most_accounts: int = MOST_IDS
    forgotten: Forgotten = NOBODY
    former: FormerFollows | None = None


@dataclass
class _Pile:
    """What has been staged for one table so far."""

    table: Table
    staged: list[Path] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)
    rows_taken: int = 0
    rows_refused: int = 0
    present: set[str] = field(default_factory=set)
    sources: dict[str, str] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    numbered: NumberedFollows | None = None
    is_plain: bool = False

    def note(self, file: FileReport, rows: Rows, bound: Mapping[str, ColumnSource]) -> None:
        """Write down a file and which of its columns feed the table."""
        self.files.append(file)
        self.present.update(bound)
        self.sources |= {name: source.column for name, source in bound.items() if source.column is not None}
        read = {_outermost(column.column) for column in bound.values() if column.column is not None}
        self.unused.update(
            name for name in rows.expressions if not any(name.casefold() == used.casefold() for used in read)
        )


def _outermost(column: str) -> str:
    """The column that a source column is, or that a JSON pointer begins in."""
    if not column.startswith("/"):
        return column
    return column.split("/")[1].replace("~1", "/").replace("~0", "~")


class Intake:
    """Reads one dataset once; made, run, and thrown away."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        data_dir: Path,
        config: DatasetConfig,
        clock: IntakeClock,
        scratch: Path,
        out: Path,
        options: IntakeOptions,
    ) -> None:
        self.connection = connection
        self.data_dir = data_dir
        self.config = config
        self.clock = clock
        self.scratch = scratch
        self.out = out
        self.options = options
        self.not_read_again: list[str] = []
        self.faults: list[Fault] = []
        self.warnings: list[str] = []
        self.piles: dict[str, _Pile] = {}
        self.used_files: set[str] = set()
        self.refusals: list[Path] = []
        self.lookups: dict[Lookup, str] = {}

    def run(self) -> IngestReport:
        """Read everything and write the lake's tables; the faults found are in the report."""
        reject_limit = self.options.reject_limit
        for name in reading_order(self.config.sources):
            self._read_table(TABLE_BY_NAME[name])
        self._require_tables()
        reports = {name: self._finish(pile) for name, pile in self.piles.items() if name != MEMBERS}
        for table in TABLES:
            if table.name not in reports and table.name != MEMBERS:
                self._write_empty(table)
        audience_reports = self._audiences(reports)
        tables = tuple(reports[table.name] for table in TABLES if table.name in reports)
        worst = self._write_rejects([table.table for table in tables if table.rejected_share > reject_limit])
        self._warn(tables, audience_reports)
        report = IngestReport(
            data_dir=self.data_dir,
            network=self.config.network,
            is_generated=self.config.is_generated,
            as_of=self.clock.as_of,
            fingerprint=self._fingerprint(),
            observed_until=self._observed_until(tables),
            tables=tables,
            audiences=audience_reports,
            worst_rejects=worst,
            warnings=tuple(self.warnings),
            faults=tuple(self.faults),
            reject_limit=reject_limit,
            unused_files=self._unused_files(),
            follows_are_plain=FOLLOWS in self.piles and self.piles[FOLLOWS].is_plain,
            not_read_again=tuple(self.not_read_again),
        )
        report.balance.write_parquet(self.out / "balance.parquet")
        return report

    # reading ------------------------------------------------------------

    def _read_table(self, table: Table) -> None:
        found = [
            (source, file) for source in self.config.of(table.name) for file in self._files(table, source)
        ]
        if table.name == FOLLOWS and self._read_plain_follows(table, found):
            return
        for source, file in found:
            try:
                self._read_file(table, source, file)
            except FileFaultError as error:
                self.faults.append(Fault(file.name, error.problem, error.remedy))

    def _read_plain_follows(self, table: Table, found: Sequence[tuple[Source, InputFile]]) -> bool:
        """Read follows that need no look at every value; False where any does, or has a fault to be told."""
        if _count(self.connection.table("forgotten")):  # every id has to be looked at
            return False
        if not found or any(file.file_format != "parquet" or file.packing for _, file in found):
            return False
        pile, files = _Pile(table, is_plain=True), []
        former = self._former_of(found)
        try:
            if former is not None:
                pile.files.extend(former.files)
                pile.present.update(former.report.columns_present)
                pile.unused.update(former.report.columns_unused)
            for source, file in found[len(pile.files) :]:
                measured = measure(file, self.scratch / "unpacked", self.connection, source.encoding)
                rows = read_rows(self.connection, file, measured, source, self.scratch / "careful")
                bound, faults = bind(rows, table, source, file.name)
                if faults:
                    return False
                pile.note(FileReport(file.name, measured.fingerprint, rows.rows_taken), rows, bound)
                files.append(FollowsFile(measured.plain, bound, rows.rows_taken))
            if not is_plain(files):
                return False
            pile.numbered = read_numbered(
                self.connection,
                files,
                self.out,
                latest_time=self.clock.latest_time,
                cutoff=self.clock.cutoff,
                most_ids=self.options.most_accounts,
                former=former,
            )
        except (FileFaultError, NotPlainError):
            return False
        pile.rows_taken = pile.numbered.rows_in
        self.piles[table.name] = pile
        self.used_files.update(file.name for _, file in found)
        if former is not None:
            n = len(former.files)
            self.not_read_again.append(f"{former.report.rows_in:,} follows of {n} file{'s' * (n > 1)}")
        return True

    def _former_of(self, found: Sequence[tuple[Source, InputFile]]) -> FormerFollows | None:
        """The follows read before, where their files come first and in the same order today."""
        former = self.options.former
        names = [file.name for _, file in found]
        if former is None or names[: len(former.files)] != [file.name for file in former.files]:
            return None
        return former

    def _files(self, table: Table, source: Source) -> list[InputFile]:
        if source.file is None:
            found = find_table_files(self.data_dir, table.name)
            if found or table.name not in self.config.sources:
                return found
            wanted = f"{table.name}.csv, .jsonl or .parquet"
        else:
            wanted = source.file
            try:
                found = find_named_files(self.data_dir, source.file, source.file_format)
            except FileFaultError as error:
                self.faults.append(Fault(f"{source.section} file", error.problem, error.remedy))
                return []
        if not found:
            names = list_names(self.data_dir)
            hint = f"{did_you_mean(wanted, names)} There are: {', '.join(names)}.".strip()
            self.faults.append(Fault(source.section, f"There is no file {wanted}.", hint))
        return found

    def _note_empty(self, source: Source, file: InputFile) -> None:
        """Refuse a CSV file without its first line, for a delivery that failed looks like that."""
        if file.file_format != "csv" or not source.has_header:
            self.warnings.append(f"{file.name} is empty.")
            return
        remedy = "Deliver it whole; if there are no such rows, deliver the first line alone, or no file."
        self.faults.append(
            Fault(file.name, "It is empty: not even the line with the names of its columns is there.", remedy)
        )

    def _read_file(self, table: Table, source: Source, file: InputFile) -> None:
        pile = self.piles.setdefault(table.name, _Pile(table))
        number = len(pile.files) + 1
        self.used_files.add(file.name)
        measured = measure(file, self.scratch / "unpacked", self.connection, source.encoding)
        rows = read_rows(self.connection, file, measured, source, self.scratch / "careful")
        report = FileReport(file.name, measured.fingerprint, rows.rows_taken + rows.rows_refused)
        if not rows.expressions and not rows.rows_taken and not rows.rows_refused:
            pile.files.append(report)
            self._note_empty(source, file)
            return
        bound, faults = bind(rows, table, source, file.name)
        self.faults.extend(faults)
        if faults:
            pile.files.append(report)
            return
        pile.note(report, rows, bound)
        staged = self.scratch / f"{table.name}-{number}.parquet"
        wanted = {column.lookup for column in bound.values() if column.lookup is not None}
        lookups = {lookup: self._lookup(lookup) for lookup in wanted}
        stage(self.connection, table, rows, bound, lookups, file_number=number, out=staged)
        pile.staged.append(staged)
        pile.rows_taken += rows.rows_taken
        pile.rows_refused += rows.rows_refused
        self._keep_refused(table, number, rows)

    def _keep_refused(self, table: Table, number: int, rows: Rows) -> None:
        if rows.refused is None or not rows.rows_refused:
            return
        self.connection.execute("SET VARIABLE source_path = $1", [str(rows.refused)])
        self.connection.execute("SET VARIABLE file_number = $1", [number])
        self._keep_refusals(table, self.connection.sql(sql_text("ingest/read_refused")))

    def _keep_refusals(self, table: Table, refused: duckdb.DuckDBPyRelation) -> None:
        path = self.scratch / f"refusals-{len(self.refusals)}.parquet"
        columns = "file_number, line, column_name, value, rule"
        refused.project(f"'{table.name}' AS table_name, {columns}").write_parquet(str(path))
        self.refusals.append(path)

    def _lookup(self, lookup: Lookup) -> str:
        """The name of a table (found, taken) for one lookup, made when it is first asked for."""
        if lookup in self.lookups:
            return self.lookups[lookup]
        pile = self.piles.get(lookup.table)
        if pile is None or not pile.staged:
            raise FileFaultError(
                f"looks things up in {lookup.table}, which the dataset does not have.",
                f"Add the table {lookup.table}, or mend the faults of its file.",
            )
        rows = self.connection.read_parquet([str(path) for path in pile.staged]).filter("NOT is_rejected")
        found = lookup_key(lookup, f"CAST({lookup.key} AS VARCHAR)")
        parts = f"{found} AS found, CAST({lookup.take} AS VARCHAR) AS taken, ordinal"
        rows.project(parts).create_view("looked_up", replace=True)
        name = f"lookup_{lookup.table}_{lookup.key}_{lookup.take}"
        self.connection.sql(sql_text("ingest/lookup")).create(name)
        self.lookups[lookup] = name
        return name

    def _require_tables(self) -> None:
        names = list_names(self.data_dir)
        there = f"There are: {', '.join(names)}.{_spreadsheet_advice(*names)}"
        if MEMBERS not in self.piles and not self.config.audiences and MEMBERS not in self.config.sources:
            self.faults.append(
                Fault(
                    MEMBERS,
                    "No audience is named: there is no table audience_members "
                    "(audience_members.csv, .jsonl or .parquet) and no [audiences] in a dataset.toml.",
                    f"{there} Add the table, or derive an audience: "
                    '[audiences."my audience"] followers_of = ["@handle"].',
                )
            )
        if not {"follows", "interactions"} & ({*self.piles} | {*self.config.sources}):
            self.faults.append(
                Fault(
                    "follows, interactions",
                    "Neither table is there, and one of them is needed "
                    "(looked for follows.* and interactions.*, as .csv, .jsonl or .parquet).",
                    f"{there} If a file holds them under another name, map it in a dataset.toml; "
                    "`vouch init DIR` drafts one.",
                )
            )

    # merging ------------------------------------------------------------

    def _finish(self, pile: _Pile) -> TableReport:
        """Merge one table's staged rows, cut them at the as-of day, and write the table."""
        table = pile.table
        counts = {"rows_read": 0, "rows_rejected": 0, "rows_after_as_of": 0, "values_refused": 0}
        merged = kept = forgotten = 0
        if pile.numbered is not None:
            counts["rows_after_as_of"] = pile.numbered.rows_after_as_of
            merged, kept = pile.numbered.rows_merged, pile.numbered.rows_kept
            self._show_follow_ids()
        else:
            final = empty_relation(self.connection, table)
            if pile.staged:
                whole = self.connection.read_parquet([str(path) for path in pile.staged])
                staged = self._without_forgotten(table, whole)
                if staged is not whole:
                    forgotten = _count(whole) - _count(staged)
                staged.project(f"*, {natural_key(table)}").create_view("staged", replace=True)
                result = self.connection.sql(sql_text("ingest/staged_counts"))
                counts = dict(zip(result.columns, result.fetchall()[0], strict=True))
                if counts["rows_rejected"] or counts["values_refused"]:
                    self._keep_refusals(table, self.connection.sql(sql_text("ingest/faults")))
                merged = self.connection.sql(sql_text("ingest/merged_count")).fetchall()[0][0]
                final = self.connection.sql(sql_text("ingest/merged" if merged else "ingest/kept"))
            kept = self._write(pile, final)
        report = TableReport(
            table=table.name,
            files=tuple(pile.files),
            rows_in=pile.rows_taken + pile.rows_refused,
            rows_kept=kept,
            rows_merged=int(merged),
            rows_rejected=int(counts["rows_rejected"]) + pile.rows_refused,
            rows_after_as_of=int(counts["rows_after_as_of"]),
            values_refused=int(counts["values_refused"]),
            columns_present=tuple(name for name in table.column_names if name in pile.present),
            columns_absent=tuple(name for name in table.column_names if name not in pile.present),
            columns_unused=tuple(sorted(pile.unused)),
            rows_forgotten=forgotten,
        )
        if not report.is_balanced:
            message = f"rows of {table.name} went missing without a reason: {report}"
            raise AssertionError(message)
        return report

    def _write(self, pile: _Pile, final: duckdb.DuckDBPyRelation) -> int:
        """Write one table of the lake, and say how many rows it has; follows become numbers."""
        name = pile.table.name
        if name == FOLLOWS:
            path = self.scratch / f"{name}.parquet"
            final.write_parquet(str(path))
            pile.numbered = number_follows(path, self.out, self.options.most_accounts)
            self._show_follow_ids()
            return pile.numbered.rows_kept
        path = self.out / f"{name}.parquet"
        final.write_parquet(str(path), compression="zstd")
        written = self.connection.read_parquet(str(path))
        written.create_view(name, replace=True)
        return int(written.aggregate("count(*) AS n").fetchall()[0][0])

    def _show_follow_ids(self) -> None:
        self.connection.read_parquet(str(self.out / IDS_FILE)).create_view("follow_ids", replace=True)

    def _without_forgotten(self, table: Table, staged: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """The rows that are neither of nor about a forgotten person, and texts without mentions of one."""
        if not _count(self.connection.table("forgotten")):
            return staged
        # names of the contract's own columns
        theirs = " OR ".join(_IS_FORGOTTEN.replace("account", name) for name in table.account_columns)
        left = staged.filter(f"NOT ({theirs})")
        for name in table.text_columns:
            left.project(f"{name} AS text").create_view("texts", replace=True)
            handles = [row[0] for row in self.connection.sql(sql_text("ingest/forgotten_handles")).fetchall()]
            if handles:
                alternatives = "|".join(
                    re.escape(handle) for handle in sorted(handles, key=len, reverse=True)
                )
                after = r"($|[^\p{L}\p{N}_.\-]|[.\-](?:$|[^\p{L}\p{N}_]))"
                pattern = literal(f"(?i)@(?:{alternatives}){after}")
                left = left.project(
                    f"* REPLACE (regexp_replace({name}, {pattern}, '@[removed]\\1', 'g') AS {name})"
                )
        return left

    def _write_empty(self, table: Table) -> None:
        """A table that was not supplied, with its columns and no rows, so that later stages need not ask."""
        self._write(_Pile(table), empty_relation(self.connection, table))

    def _audiences(self, reports: dict[str, TableReport]) -> tuple[AudienceReport, ...]:
        """Derive audiences, finish the table of members, and size them."""
        self.connection.sql(sql_text("ingest/known_accounts")).create("known_accounts")
        owners = audiences.resolve_owners(self.connection, self.config.audiences)
        self.faults.extend(owners.faults)
        if owners.rows:
            self._show_follows_of(
                [account for _, account, relation in owners.rows if relation == "followers_of"]
            )
            pile = self.piles.setdefault(MEMBERS, _Pile(TABLE_BY_NAME[MEMBERS]))
            derived = self.scratch / f"{MEMBERS}-derived.parquet"
            pile.rows_taken += audiences.write_derived(self.connection, derived)
            pile.staged.append(derived)
            pile.present.update(("audience", "account_id", "since"))
        if MEMBERS in self.piles:
            reports[MEMBERS] = self._finish(self.piles[MEMBERS])
        else:
            self._write_empty(TABLE_BY_NAME[MEMBERS])
        owners_file = self.out / "audience_owners.parquet"
        self.connection.sql(sql_text("ingest/audience_owners")).write_parquet(str(owners_file))
        found, faults = audiences.sizes(self.connection, owners, self.config.audiences, self._sources())
        faults += audiences.baseline_faults(
            self.connection, self.config.settings.baselines, [audience.audience for audience in found]
        )
        if not self.faults:  # after a fault elsewhere, unknown members follow from it and would only distract
            self.faults.extend(faults)
        return found

    def _show_follows_of(self, accounts: Sequence[str]) -> None:
        """Make the view `follows` of those of some accounts, as text."""
        path = self.scratch / "owned-follows.parquet"
        follows_of(self.out, accounts).write_parquet(path)
        self.connection.read_parquet(str(path)).create_view("follows", replace=True)

    # the account ------------------------------------------------------------

    def _write_rejects(self, stopping: Sequence[str]) -> tuple[Reject, ...]:
        """Write every reject, and return those to show first; `stopping` are the tables over the limit."""
        connection = self.connection
        connection.execute("CREATE TABLE files (table_name VARCHAR, file_number BIGINT, file VARCHAR)")
        for pile in self.piles.values():
            for number, file in enumerate(pile.files, start=1):
                connection.execute(
                    "INSERT INTO files VALUES ($1, $2, $3)", [pile.table.name, number, file.name]
                )
        path = self.out / "rejects.parquet"
        if self.refusals:
            refusals = connection.read_parquet([str(refused) for refused in self.refusals])
        else:
            columns = ("table_name", "column_name", "value", "rule")
            texts = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in columns)
            refusals = connection.sql("SELECT 1 AS one WHERE false").project(
                f"{texts}, CAST(NULL AS BIGINT) AS file_number, CAST(NULL AS BIGINT) AS line"
            )
        refusals.create_view("refusals")
        connection.sql(sql_text("ingest/rejects")).write_parquet(str(path), compression="zstd")
        connection.read_parquet(str(path)).create_view("rejects")
        wanted = {
            "shown": SHOWN_REJECTS,
            "stopping": list(stopping),
            "required": list(worth_knowing.REQUIRED),
        }
        rows = connection.execute(sql_text("ingest/worst_rejects"), wanted).fetchall()
        return tuple(Reject(*row) for row in rows)

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for name in sorted(self.piles):
            for file in self.piles[name].files:
                digest.update(f"{name}\0{file.name}\0{file.sha256}\n".encode())
        if self.config.path is not None:
            digest.update(self.config.path.read_bytes())
        return digest.hexdigest()

    def _observed_until(self, tables: tuple[TableReport, ...]) -> datetime | None:
        newest = []
        for report in tables:
            happens_at = TABLE_BY_NAME[report.table].happens_at
            if report.table == FOLLOWS:
                numbered = self.piles[FOLLOWS].numbered
                newest.append(None if numbered is None else numbered.latest)
            elif happens_at is not None and report.table not in _NO_EVENTS:
                newest += (
                    self.connection.view(report.table).aggregate(f"max({happens_at}) AS t").fetchall()[0]
                )
        return max((moment for moment in newest if moment is not None), default=None)

    def _unused_files(self) -> tuple[str, ...]:
        folders = {name.split("/")[0] + "/" for name in self.used_files if "/" in name}
        return tuple(
            name for name in list_names(self.data_dir) if name not in self.used_files and name not in folders
        )

    def _sources(self) -> dict[str, dict[str, str]]:
        """For each table the column of its file that feeds each of its own."""
        return {name: pile.sources for name, pile in self.piles.items()}

    def _warn(self, tables: tuple[TableReport, ...], found: tuple[AudienceReport, ...]) -> None:
        """Say what is worth knowing, the most important first."""
        numbered = self.piles[FOLLOWS].numbered if FOLLOWS in self.piles else None
        sources = self._sources()
        strangers, thin = worth_knowing.coverage(self.connection, tables, sources)
        self.warnings += [
            *strangers,
            *worth_knowing.other_names(self.connection, tables, sources),
            *worth_knowing.refused(self.connection, tables, self.options.reject_limit),
            *worth_knowing.unknown_members(self.connection, found, sources),
            *worth_knowing.shared_handles(self.connection),
            *worth_knowing.left_out(tables, self.clock.as_of),
            *thin,
            *worth_knowing.follows_of_oneself(0 if numbered is None else numbered.to_oneself),
            *worth_knowing.unused(tables),
        ]
        for name in self._unused_files():
            if Path(stem_of(Path(name))).stem.upper() not in {"README", "LICENSE"}:
                self.warnings.append(f"{name} is not used by any table.{_spreadsheet_advice(name)}")


def _spreadsheet_advice(*names: str) -> str:
    has_sheets = any(name.lower().endswith(SPREADSHEETS) for name in names)
    return " Excel is not read; save each sheet as CSV." if has_sheets else ""


def _count(rows: duckdb.DuckDBPyRelation) -> int:
    return int(rows.aggregate("count(*) AS n").fetchall()[0][0])
