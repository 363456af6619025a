"""Named errors of ingesting, and the one place where foreign errors become ours.

DuckDB and the operating system report what they met; a person needs to know which file it concerns and what
to do. `input_errors` wraps reading, `output_errors` wraps writing.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipelines.errors import VouchError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

_FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
_CLOSED_FOLDER = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True)
class Fault:
    """One thing that makes a dataset unusable.

    Attributes:
        where: The file, table or audience it concerns.
        problem: What is wrong, one sentence.
        remedy: What to do about it, one sentence.
    """

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line: where, what, and the remedy."""
        return f"{self.where}: {self.problem} {self.remedy}".strip()


class InputFaultsError(VouchError):
    """The dataset cannot be used; every fault found is listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        noun = "fault" if len(faults) == 1 else "faults"
        super().__init__(
            f"The dataset has {len(faults)} {noun}.",
            details=[str(fault) for fault in faults],
            remedy="Mend them and run `vouch check --data DIR` again; docs/INPUTS.md describes the tables.",
        )
        self.faults = tuple(faults)


class MappingError(InputFaultsError):
    """The dataset.toml is not one; every fault of the file is listed."""


class TooManyRejectsError(VouchError):
    """More rows than the limit break the contract."""


class OutputFolderError(VouchError):
    """The output folder cannot be written."""


class DraftExistsError(VouchError):
    """A dataset.toml is there already."""


class FileFaultError(Exception):
    """One file cannot be read; caught by the caller, which collects the faults of all files."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def is_full_disk(error: BaseException) -> bool:
    """Whether an error of the system or of DuckDB means that there is no room left to write."""
    if isinstance(error, OSError) and error.errno in _FULL_DISK:
        return True
    text = str(error).lower()
    return isinstance(error, duckdb.Error | pl.exceptions.PolarsError) and (
        "no space left" in text or "disk quota" in text
    )


@contextmanager
def input_errors(name: str) -> Generator[None]:
    """Turn errors met while reading one file into a `FileFaultError` that says what to do."""
    try:
        yield
    except (OSError, EOFError, duckdb.Error) as error:
        if is_full_disk(error) or isinstance(error, duckdb.InternalException):
            raise
        raise _file_fault(name, error) from error


def _file_fault(name: str, error: Exception) -> FileFaultError:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    lowered = text.lower()
    if isinstance(error, PermissionError) or "permission denied" in lowered:
        return FileFaultError("may not be read (permission denied).", f"Allow it: `chmod +r {name}`.")
    if "magic bytes" in lowered or "parquet" in lowered or "thrift" in lowered:
        return FileFaultError(
            "is not a whole Parquet file: it is cut off or damaged.", "Copy or export it again."
        )
    if isinstance(error, EOFError) or "end-of-stream" in lowered:
        return FileFaultError("is cut off: the compressed data ends early.", "Copy or download it again.")
    if "gzip" in lowered or "zstd" in lowered or "crc" in lowered:
        return FileFaultError("is damaged: it cannot be unpacked.", "Copy or download it again.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return FileFaultError("does not fit in memory.", "Split the file, or free memory.")
    return FileFaultError(f"cannot be read ({text[:200]}).", "Export it again as CSV, JSON Lines or Parquet.")


@contextmanager
def output_errors(folder: Path) -> Generator[None]:
    """Turn a full disk or a closed folder into an `OutputFolderError` that names it."""
    try:
        yield
    except (OSError, duckdb.Error, pl.exceptions.PolarsError) as error:
        if is_full_disk(error):
            raise OutputFolderError(
                f"There is no room left to write in {folder}.",
                remedy="Free some space, or choose another place with --home; what was there is unchanged.",
            ) from error
        denied = isinstance(error, duckdb.IOException) and "permission denied" in str(error).lower()
        if denied or (isinstance(error, OSError) and error.errno in _CLOSED_FOLDER):
            raise OutputFolderError(
                f"The folder {folder} may not be written.",
                remedy="Allow it, or choose another place with --home.",
            ) from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise VouchError(
                "Memory ran out while reading the dataset.",
                remedy="Free memory, or split the largest table into a folder of files.",
            ) from error
        raise
