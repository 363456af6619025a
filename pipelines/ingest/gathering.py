"""From the files of a dataset to one pile of staged rows per table, and every fault that the files have.

Which files feed which table and in what order, and which way they go: follows that need no look at every
value become numbers at once, all other rows are staged. A file that cannot be used is a fault in the list,
and the next one is read, so that one run names them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest.contract import TABLE_BY_NAME, Table
from pipelines.ingest.errors import Fault, FileFaultError
from pipelines.ingest.files import find_named_files, find_table_files, list_names, measure
from pipelines.ingest.mapping import reading_order
from pipelines.ingest.numbered import FollowsFile, NotPlainError, is_plain, read_numbered
from pipelines.ingest.piles import FOLLOWS, Pile
from pipelines.ingest.reading import read_rows
from pipelines.ingest.rejects import Refusals
from pipelines.ingest.report import FileReport
from pipelines.ingest.staging import bind, lookup_key, stage
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.ingest.files import InputFile
    from pipelines.ingest.job import IntakeJob
    from pipelines.ingest.mapping import Lookup, Source
    from pipelines.ingest.reuse import FormerFollows


@dataclass
class Gathered:
    """What the files of a dataset gave so far.

    Attributes:
        refusals: Values and records that broke a rule.
        piles: The tables that were supplied, in the order in which they are read.
        faults: What makes the dataset unusable.
        warnings: Sentences about what was left aside.
        used_files: The names of the files that feed a table.
        not_read_again: Files that were taken over from an earlier run.
        lookups: The table (found, taken) that was made for each lookup of the mapping.
    """

    refusals: Refusals
    piles: dict[str, Pile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    used_files: set[str] = field(default_factory=set)
    not_read_again: list[str] = field(default_factory=list)
    lookups: dict[Lookup, str] = field(default_factory=dict)

    @property
    def sources(self) -> dict[str, dict[str, str]]:
        """For each table the column of its file that feeds each of its own."""
        return {name: pile.sources for name, pile in self.piles.items()}


def gather(job: IntakeJob) -> Gathered:
    """Read every file of a dataset."""
    gathered = Gathered(Refusals(job.connection, job.scratch))
    for name in reading_order(job.config.sources):
        _read_table(job, gathered, TABLE_BY_NAME[name])
    return gathered


def _read_table(job: IntakeJob, gathered: Gathered, table: Table) -> None:
    found = [
        (source, file)
        for source in job.config.of(table.name)
        for file in _files(job, gathered.faults, table, source)
    ]
    if table.name == FOLLOWS and _read_plain_follows(job, gathered, found):
        return
    for source, file in found:
        try:
            _read_file(job, gathered, table, source, file)
        except FileFaultError as error:
            gathered.faults.append(Fault(file.name, error.problem, error.remedy))


def _files(job: IntakeJob, faults: list[Fault], table: Table, source: Source) -> list[InputFile]:
    """The files of one source; where the mapping names one that is not there, `faults` grows."""
    if source.file is None:
        found = find_table_files(job.data_dir, table.name)
        if found or table.name not in job.config.sources:
            return found
        wanted = f"{table.name}.csv, .jsonl or .parquet"
    else:
        wanted = source.file
        try:
            found = find_named_files(job.data_dir, source.file, source.file_format)
        except FileFaultError as error:
            faults.append(Fault(f"{source.section} file", error.problem, error.remedy))
            return []
    if not found:
        names = list_names(job.data_dir)
        hint = f"{did_you_mean(wanted, names)} There are: {', '.join(names)}.".strip()
        faults.append(Fault(source.section, f"There is no file {wanted}.", hint))
    return found


# follows that need no look at every value -----------------------------------------------------------------


def _read_plain_follows(
    job: IntakeJob, gathered: Gathered, found: Sequence[tuple[Source, InputFile]]
) -> bool:
    """Read follows that need no look at every value; False where any does, or has a fault to be told."""
    if job.options.forgotten.digests:  # every id has to be looked at
        return False
    if not found or any(file.file_format != "parquet" or file.packing for _, file in found):
        return False
    former = _former_of(job.options.former, found)
    try:
        pile = _plain_pile(job, found, former)
    except (FileFaultError, NotPlainError):
        return False
    gathered.piles[FOLLOWS] = pile
    gathered.used_files.update(file.name for _, file in found)
    if former is not None:
        n = len(former.files)
        gathered.not_read_again.append(
            f"{former.report.rows_in:,} follow{'s' * (former.report.rows_in != 1)} of {n} file{'s' * (n > 1)}"
        )
    return True


def _former_of(
    former: FormerFollows | None, found: Sequence[tuple[Source, InputFile]]
) -> FormerFollows | None:
    """The follows read before, where their files come first and in the same order today."""
    names = [file.name for _, file in found]
    if former is None or names[: len(former.files)] != [file.name for file in former.files]:
        return None
    return former


def _plain_pile(
    job: IntakeJob, found: Sequence[tuple[Source, InputFile]], former: FormerFollows | None
) -> Pile:
    """The follows as numbers.

    Raises:
        NotPlainError: Where any value needs a look, or a file has a fault.
        FileFaultError: Where a file cannot be read.
    """
    table = TABLE_BY_NAME[FOLLOWS]
    pile, files = Pile(table, is_plain=True), []
    if former is not None:
        pile.files.extend(former.files)
        pile.present.update(former.report.columns_present)
        pile.unused.update(former.report.columns_unused)
    for source, file in found[len(pile.files) :]:
        measured = measure(file, job.scratch / "unpacked", job.connection, source.encoding)
        rows = read_rows(job.connection, file, measured, source, job.scratch / "careful")
        bound, faults = bind(rows, table, source, file.name)
        if faults:
            raise NotPlainError
        pile.note(FileReport(file.name, measured.fingerprint, rows.rows_taken), rows, bound)
        files.append(FollowsFile(measured.plain, bound, rows.rows_taken))
    if not is_plain(files):
        raise NotPlainError
    pile.numbered = read_numbered(
        job.connection,
        files,
        job.out,
        latest_time=job.clock.latest_time,
        cutoff=job.clock.cutoff,
        most_ids=job.options.most_accounts,
        former=former,
    )
    pile.rows_taken = pile.numbered.rows_in
    return pile


# every other file -----------------------------------------------------------------------------------------


def _read_file(job: IntakeJob, gathered: Gathered, table: Table, source: Source, file: InputFile) -> None:
    pile = gathered.piles.setdefault(table.name, Pile(table))
    number = len(pile.files) + 1
    gathered.used_files.add(file.name)
    measured = measure(file, job.scratch / "unpacked", job.connection, source.encoding)
    rows = read_rows(job.connection, file, measured, source, job.scratch / "careful")
    report = FileReport(file.name, measured.fingerprint, rows.rows_taken + rows.rows_refused)
    if not rows.expressions and not rows.rows_taken and not rows.rows_refused:
        pile.files.append(report)
        _note_empty(gathered, source, file)
        return
    bound, faults = bind(rows, table, source, file.name)
    gathered.faults.extend(faults)
    if faults:
        pile.files.append(report)
        return
    pile.note(report, rows, bound)
    staged = job.scratch / f"{table.name}-{number}.parquet"
    wanted = {column.lookup for column in bound.values() if column.lookup is not None}
    lookups = {lookup: _lookup(job, gathered, lookup) for lookup in wanted}
    is_written = file.file_format == "csv"
    stage(job.connection, table, rows, bound, lookups, file_number=number, is_written=is_written, out=staged)
    pile.staged.append(staged)
    pile.rows_taken += rows.rows_taken
    pile.rows_refused += rows.rows_refused
    gathered.refusals.keep_unread(table, number, rows)


def _note_empty(gathered: Gathered, source: Source, file: InputFile) -> None:
    """Refuse a CSV file without its first line, for a delivery that failed looks like that."""
    if file.file_format != "csv" or not source.has_header:
        gathered.warnings.append(f"{file.name} is empty.")
        return
    remedy = "Deliver it whole; if there are no such rows, deliver the first line alone, or no file."
    gathered.faults.append(
        Fault(file.name, "It is empty: not even the line with the names of its columns is there.", remedy)
    )


def _lookup(job: IntakeJob, gathered: Gathered, lookup: Lookup) -> str:
    """The name of a table (found, taken) for one lookup, made when it is first asked for."""
    if lookup in gathered.lookups:
        return gathered.lookups[lookup]
    pile = gathered.piles.get(lookup.table)
    if pile is None or not pile.staged:
        raise FileFaultError(
            f"looks things up in {lookup.table}, which the dataset does not have.",
            f"Add the table {lookup.table}, or mend the faults of its file.",
        )
    rows = job.connection.read_parquet([str(path) for path in pile.staged]).filter("NOT is_rejected")
    found = lookup_key(lookup, f"CAST({lookup.key} AS VARCHAR)")
    parts = f"{found} AS found, CAST({lookup.take} AS VARCHAR) AS taken, ordinal"
    rows.project(parts).create_view("looked_up", replace=True)
    name = f"lookup_{lookup.table}_{lookup.key}_{lookup.take}"
    job.connection.sql(sql_text("ingest/lookup")).create(name)
    gathered.lookups[lookup] = name
    return name
