"""A whole dataset: tables read, merged and cut at the as-of day, audiences derived, the lake's folder made.

`ingest_dataset` keeps the result, `check_dataset` throws it away; both find the same faults. The folder is
written aside and swapped in by rename, so that a crash leaves the old one whole.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.network.dense_ids import MOST_IDS, TooManyIdsError
from pipelines.forgotten import NOBODY
from pipelines.ingest.errors import Fault, InputFaultsError, MappingError, TooManyRejectsError, output_errors
from pipelines.ingest.intake import take_in
from pipelines.ingest.job import IntakeClock, IntakeJob, IntakeOptions, open_connection
from pipelines.ingest.mapping import DATASET_FILE, DEFAULT_NETWORK, DatasetConfig, read_config
from pipelines.ingest.report import IngestReport
from pipelines.ingest.reuse import digests_of_fresh, former_follows, keep, made_from, take_over, unchanged
from pipelines.lake import SOURCE_FILE
from pipelines.writing import clear_leftovers, folder_aside

if TYPE_CHECKING:
    from datetime import date, datetime

    from pipelines.forgotten import Forgotten

DEFAULT_REJECT_LIMIT = 0.01


def ingest_dataset(  # noqa: PLR0913 - one for each thing that a run or a test decides
    data_dir: Path,
    out: Path,
    *,
    now: datetime,
    as_of: date,
    reject_limit: float = DEFAULT_REJECT_LIMIT,
    scratch: Path | None = None,
    config: Path | None = None,
    most_accounts: int = MOST_IDS,
    forgotten: Forgotten = NOBODY,
) -> IngestReport:
    """Read a dataset into the `inputs/` folder of the lake.

    Args:
        data_dir: The dataset: a folder of tables.
        out: The folder to make or to replace.
        now: The present, timezone-aware or UTC; times more than a day later are refused.
        as_of: The last day (UTC) whose events count.
        reject_limit: The share of rejected rows above which a table stops the run.
        scratch: A folder for unpacked and half-made files; beside `out` if None.
        config: A dataset.toml that lies elsewhere; the dataset's own if None.
        most_accounts: Different accounts that the follows may name.
        forgotten: Whose rows are left out.

    Returns:
        What was found; its `faults` are empty and no table is over the limit.

    Raises:
        InputFaultsError: With every fault of the dataset (MappingError: of its dataset.toml).
        TooManyRejectsError: With the worst ten rejects.
        OutputFolderError: When the disk is full or the folder may not be written.
    """
    out = out.absolute()
    with output_errors(out.parent):
        out.parent.mkdir(parents=True, exist_ok=True)
        restore_interrupted(out)
        clear_leftovers(out.parent)
        aside = out.with_name(f".{out.name}.{os.getpid()}.partial")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        read_at_ns = time.time_ns()
        try:
            options = IntakeOptions(reject_limit, most_accounts, forgotten)
            made = made_from(data_dir, config, options)
            found = unchanged(out, made, as_of)
            if found is not None:
                if found.inputs != out:
                    take_over(found.inputs, aside)
                    _swap(aside, out)
                return found.report
            options = replace(options, former=former_follows(out, made, as_of))
            work = scratch or out.parent
            digests = digests_of_fresh(data_dir, made, read_at_ns)
            report = _examine(data_dir, aside, work, IntakeClock(now, as_of), options, config)
            _refuse_unusable(report)
            keep(aside, report, made, read_at_ns, digests)
            _swap(aside, out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return report


def check_dataset(
    data_dir: Path,
    *,
    now: datetime,
    as_of: date,
    reject_limit: float = DEFAULT_REJECT_LIMIT,
    config: Path | None = None,
    forgotten: Forgotten = NOBODY,
) -> IngestReport:
    """Validate a dataset as `ingest_dataset` does, and keep nothing.

    Returns:
        What was found, faults and tables over the limit included; nothing of the input is raised.

    Raises:
        OutputFolderError: When the system's temporary folder has no room.
    """
    with (
        output_errors(Path(tempfile.gettempdir())),
        tempfile.TemporaryDirectory(prefix="vouch-check-") as folder,
    ):
        work = Path(folder)
        (work / "inputs").mkdir()
        options = IntakeOptions(reject_limit, forgotten=forgotten)
        return _examine(data_dir, work / "inputs", work, IntakeClock(now, as_of), options, config)


def restore_interrupted(out: Path) -> None:
    """Put the former folder back if a crash fell between the two renames of a swap."""
    former = _former(out)
    if former.exists() and not out.exists():
        former.rename(out)


def _examine(
    data_dir: Path,
    out: Path,
    work: Path,
    clock: IntakeClock,
    options: IntakeOptions,
    config_path: Path | None,
) -> IngestReport:
    def unusable(*faults: Fault) -> IngestReport:
        return IngestReport(
            data_dir, DEFAULT_NETWORK, clock.as_of, faults=faults, reject_limit=options.reject_limit
        )

    fault = folder_fault(data_dir)
    if fault is not None:
        return unusable(fault)
    try:
        config = dataset_config(data_dir, config_path)
    except MappingError as error:
        return unusable(*error.faults)
    with (
        folder_aside(work, "ingest") as scratch,
        closing(open_connection(clock, scratch, options.forgotten)) as connection,
    ):
        job = IntakeJob(connection, data_dir, config, clock, scratch, out, options)
        try:
            report = take_in(job)
        except TooManyIdsError as error:
            return unusable(Fault("follows", str(error), ""))
    (out / SOURCE_FILE).write_text(json.dumps(_source(report), indent=2) + "\n", encoding="utf-8")
    return report


def dataset_config(data_dir: Path, given: Path | None = None) -> DatasetConfig:
    """The dataset.toml that is given, or the folder's own; the defaults where there is none.

    Raises:
        MappingError: With every fault of the file.
    """
    own = data_dir / DATASET_FILE
    return read_config(given or (own if own.exists() else None))


def folder_fault(data_dir: Path) -> Fault | None:
    """Why a dataset's folder cannot be read at all, or None if it can."""
    where = str(data_dir)
    try:
        if not data_dir.exists():
            return Fault(where, "There is no such folder.", "Check the path given as --data.")
        if not data_dir.is_dir():
            return Fault(where, "It is a file, not a folder.", "Give the folder that holds the tables.")
        if not any(data_dir.iterdir()):
            return Fault(
                where, "The folder is empty.", "Put the tables there; docs/INPUTS.md describes them."
            )
    except PermissionError:
        return Fault(where, "It may not be read (permission denied).", f"Allow it: `chmod +rx {where}`.")
    return None


def _refuse_unusable(report: IngestReport) -> None:
    if report.faults:
        raise InputFaultsError(report.faults)
    if report.over_limit:
        shares = ", ".join(
            f"{table.table}: {table.rows_rejected:,} of {table.rows_in:,} ({table.rejected_share:.1%})"
            for table in report.over_limit
        )
        shown = [
            reject for reject in report.worst_rejects if reject.table in {t.table for t in report.over_limit}
        ]
        raise TooManyRejectsError(
            f"More than {report.reject_limit:.1%} of the rows break the contract ({shares}).",
            details=[str(reject) for reject in shown],
            remedy="Mend the rows, map columns in a dataset.toml, or raise the limit if the rest is enough: "
            f"--reject-limit {report.sufficient_limit:g}",
        )


def _source(report: IngestReport) -> dict[str, object]:
    return {
        "network": report.network,
        "is_generated": report.is_generated,
        "data_dir": str(report.data_dir),
        "fingerprint": report.fingerprint,
        "observed_until": report.observed_until.isoformat() if report.observed_until else None,
        "unranked_audiences": sorted(report.unranked),
        "tables": {
            table.table: [
                {"file": file.name, "sha256": file.sha256, "rows": file.rows} for file in table.files
            ]
            for table in report.tables
        },
    }


def _former(out: Path) -> Path:
    return out.with_name(f".{out.name}.former")


def _swap(aside: Path, out: Path) -> None:
    former = _former(out)
    if out.exists():
        shutil.rmtree(former, ignore_errors=True)
        out.rename(former)
    aside.rename(out)
    shutil.rmtree(former, ignore_errors=True)
