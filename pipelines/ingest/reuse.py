"""Not reading again what was read before.

What a folder of the lake was made from is kept beside it: every file of the dataset with its size and the
time of its last change, the mapping, the limits, and a digest of the code and statements that read. Where all
of that is as it was, the folder stands. A folder of an earlier day serves for a later one where no row, value
or end lay after that day. Where only files of follows were added, the follows read before are taken over and
only the new files are read.

A file counts as unchanged if its size and the time of its change are what they were and that time lies some
seconds before it was read. Of a file changed later than that, which a second change could leave with the same
time, what is in it counts as well, unless it is large: that one is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.source_digest import source_digest
from graph.network.delivered_follows import FOLDER
from pipelines.ingest.mapping import DATASET_FILE
from pipelines.ingest.report import AudienceReport, FileReport, IngestReport, Reject, TableReport
from pipelines.statements import sql_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.ingest.job import IntakeOptions

MADE_FROM_FILE = "made_from.json"
_SETTLED_NS = 2_000_000_000
_MOST_BYTES_COMPARED = 1 << 28
_READS = "pipelines.ingest.intake"
_OURS = ("pipelines", "graph")


@dataclass(frozen=True)
class FormerFollows:
    """Follows that were read before and of which nothing depended on the day.

    Attributes:
        inputs: The folder of the lake that holds them.
        files: The files that they came from.
        report: Their balance.
    """

    inputs: Path
    files: tuple[FileReport, ...]
    report: TableReport


@dataclass(frozen=True)
class Unchanged:
    """A folder that was made from the same, and the report of it."""

    inputs: Path
    report: IngestReport


def made_from(data_dir: Path, config: Path | None, options: IntakeOptions) -> dict[str, Any]:
    """Everything but the day that decides what the lake will hold."""
    mapping = config or data_dir / DATASET_FILE
    return {
        "code": _code_digest(),
        "data_dir": str(data_dir.absolute()),
        "mapping": hashlib.sha256(mapping.read_bytes()).hexdigest() if mapping.exists() else "",
        "reject_limit": options.reject_limit,
        "most_accounts": options.most_accounts,
        "forgotten": hashlib.sha256("".join(sorted(options.forgotten.digests)).encode()).hexdigest(),
        "files": _changes(data_dir),
    }


def _changes(data_dir: Path) -> dict[str, list[int]]:
    """Size and time of the last change of every file; nothing where the folder cannot be looked through."""
    with suppress(OSError):
        return {
            path.relative_to(data_dir).as_posix(): [stat.st_size, stat.st_mtime_ns]
            for path in sorted(data_dir.rglob("*"))
            if path.is_file() and (stat := path.stat())
        }
    return {}


def digests_of_fresh(data_dir: Path, made: Mapping[str, Any], read_at_ns: int) -> dict[str, str]:
    """What is in the files that were changed just now; to be called before they are read."""
    return {
        name: digest
        for name, (_, changed) in made["files"].items()
        if changed + _SETTLED_NS >= read_at_ns and (digest := _digest(data_dir / name))
    }


def _digest(path: Path) -> str:
    """A digest of what is in a file; nothing of one that is large or cannot be read."""
    with suppress(OSError):
        if path.stat().st_size <= _MOST_BYTES_COMPARED:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def keep(
    folder: Path,
    report: IngestReport,
    made: Mapping[str, Any],
    read_at_ns: int,
    digests: Mapping[str, str],
) -> None:
    """Write down beside the tables what they were made from, and the report of it."""
    document = {
        "read_at_ns": read_at_ns,
        "made_from": made,
        "digests": digests,
        "report": asdict(report),
    }
    (folder / MADE_FROM_FILE).write_text(json.dumps(document, default=str, indent=1) + "\n", encoding="utf-8")


def unchanged(out: Path, made: Mapping[str, Any], as_of: date) -> Unchanged | None:
    """A folder made from the same for this day, or for an earlier one that serves as well; its report."""
    for folder in _candidates(out, as_of):
        kept = _read(folder)
        if kept is None or kept["made_from"] != made or not _is_settled(kept):
            continue
        report = _report(kept["report"])
        serves = report.as_of == as_of or (report.as_of < as_of and _counts_everything(folder, report))
        if serves and not _waits(folder):
            names = tuple(table.table for table in report.tables)
            return Unchanged(folder, replace(report, as_of=as_of, not_read_again=names))
    return None


def kept_report(inputs: Path) -> IngestReport | None:
    """The report that was kept beside the tables of a day, or None where there is none."""
    kept = _read(inputs)
    return None if kept is None else _report(kept["report"])


def take_over(former: Path, folder: Path) -> None:
    """Fill an empty folder with the files of another one, without copying where the system allows it."""
    for path in sorted(former.rglob("*")):
        target = folder / path.relative_to(former)
        if path.is_dir():
            target.mkdir(exist_ok=True)
            continue
        try:
            os.link(path, target)
        except OSError:
            shutil.copy2(path, target)


def former_follows(out: Path, made: Mapping[str, Any], as_of: date) -> FormerFollows | None:
    """Follows read before on the short way whose files are all still there, unchanged."""
    same = ("code", "data_dir", "mapping", "most_accounts", "forgotten")
    for folder in _candidates(out, as_of):
        kept = _read(folder)
        if (
            kept is None
            or not _is_settled(kept)
            or any(kept["made_from"][name] != made[name] for name in same)
        ):
            continue
        report = _report(kept["report"])
        follows = report.table("follows")
        if follows is None or not report.follows_are_plain or report.as_of > as_of:
            continue
        is_whole = not follows.rows_after_as_of and "unfollowed_at" not in follows.columns_present
        names = [file.name for file in follows.files]
        if is_whole and all(kept["made_from"]["files"].get(n) == made["files"].get(n) for n in names):
            return FormerFollows(folder, follows.files, follows)
    return None


def _candidates(out: Path, as_of: date) -> Sequence[Path]:
    """The folder itself, then those of earlier days, the latest first."""
    days = out.parent.parent.glob(f"*/{out.name}")
    earlier = [path for path in days if path != out and path.parent.name < as_of.isoformat()]
    return [out, *sorted(earlier, reverse=True)]


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / MADE_FROM_FILE
    if not path.exists() or not (folder / FOLDER).exists():
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def _is_settled(kept: Mapping[str, Any]) -> bool:
    """Whether every file had been as it is for some time when it was read, or holds what it held then."""
    made, digests = kept["made_from"], kept.get("digests", {})
    data_dir = Path(made["data_dir"])
    return bool(made["files"]) and all(
        changed + _SETTLED_NS < kept["read_at_ns"]
        or (name in digests and digests[name] == _digest(data_dir / name))
        for name, (_, changed) in made["files"].items()
    )


def _counts_everything(folder: Path, report: IngestReport) -> bool:
    """Whether no row and no end of a follow lay after the day of a folder."""
    follows = report.table("follows")
    has_ends = follows is not None and "unfollowed_at" in follows.columns_present
    return not has_ends and not any(table.rows_after_as_of for table in report.tables) and folder.exists()


def _waits(folder: Path) -> bool:
    """Whether a value was refused for lying in the future, which time may have mended."""
    rules = pl.read_parquet(folder / "rejects.parquet", columns=["rule"])["rule"]
    return bool((rules == "time_in_the_future").any())


def _report(document: dict[str, Any]) -> IngestReport:
    """The report of its JSON document, lists as the tuples that they were."""
    values: dict[str, Any] = _with_tuples(document)
    values["data_dir"] = Path(values["data_dir"])
    values["as_of"] = date.fromisoformat(values["as_of"])
    if values["observed_until"]:
        values["observed_until"] = datetime.fromisoformat(values["observed_until"])
    values["tables"] = tuple(_table(table) for table in document["tables"])
    values["audiences"] = tuple(AudienceReport(**_with_tuples(found)) for found in document["audiences"])
    values["worst_rejects"] = tuple(Reject(**reject) for reject in document["worst_rejects"])
    return IngestReport(**values)


def _table(document: dict[str, Any]) -> TableReport:
    values: dict[str, Any] = _with_tuples(document)
    values["files"] = tuple(FileReport(**file) for file in document["files"])
    return TableReport(**values)


def _with_tuples(document: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}


def _code_digest() -> str:
    """A digest of the code and the statements that decide what is read."""
    digest = hashlib.sha256((source_digest(_READS, _OURS) or "").encode())
    for statement in sorted((sql_folder() / "ingest").glob("*.sql")):
        digest.update(statement.name.encode() + b"\0" + statement.read_bytes() + b"\0")
    return digest.hexdigest()
