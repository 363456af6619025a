"""Named errors of ingesting, and the one place where foreign errors become ours.

DuckDB and the operating system report what they met; a person needs to know which file it concerns and what
to do. `input_errors` wraps reading, `output_errors` wraps writing.
"""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipelines.closed_paths import refused_path
from pipelines.errors import VouchError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "disk quota", "file too large")
_CLOSED_FOLDER = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True)
class Fault:
    """One thing that makes a dataset unusable.

    Attributes:
        where: The file, table or audience it concerns.
        problem: What is wrong, one sentence.
        remedy: What to do about it, one sentence.
        member: One of the members of an audience that it is about, as a sentence, or empty.
    """

    where: str
    problem: str
    remedy: str
    member: str = ""

    def __str__(self) -> str:
        """One line: where, what and the remedy; no member, since errors go into the history and alerts."""
        return f"{self.where}: {self.problem} {self.remedy}".strip()

    @property
    def told(self) -> str:
        """The same with a member, to somebody who has the data."""
        return " ".join(filter(None, (f"{self.where}:", self.problem, self.member, self.remedy)))


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

    is_transient = True


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
    # numpy keeps no number of the system when an array does not fit
    does_not_fit = isinstance(error, OSError) and "requested and" in text and "written" in text
    is_known = isinstance(error, duckdb.Error | pl.exceptions.PolarsError | OSError)
    return does_not_fit or (is_known and any(words in text for words in _FULL_WORDS))


@contextmanager
def input_errors() -> Generator[None]:
    """Turn errors met while reading one file into a `FileFaultError` that says what to do."""
    try:
        yield
    except (OSError, EOFError, duckdb.Error) as error:
        if is_full_disk(error) or isinstance(error, duckdb.InternalException | duckdb.InterruptException):
            raise
        raise _file_fault(error) from error


_DAMAGED_PARQUET = "is not a whole Parquet file: it is cut off or damaged."
_CUT_OFF = "is cut off: the compressed data ends early."
_AGAIN = "Copy or export it again."
# What DuckDB or the system says, what that means, and the remedy; the first that fits counts.
_KNOWN_FAULTS = (
    ("permission denied", "may not be read (permission denied).", "Allow it with `chmod +r`."),
    (
        "format specifier",
        "cannot be read with the time format that the mapping gives ({text}).",
        "Use the codes of strftime, such as %d.%m.%Y %H:%M.",
    ),
    ("magic bytes", _DAMAGED_PARQUET, _AGAIN),
    ("too small to be a parquet", _DAMAGED_PARQUET, _AGAIN),
    ("thrift", _DAMAGED_PARQUET, _AGAIN),
    ("end-of-stream", _CUT_OFF, _AGAIN),
    ("gzip", "is damaged: it cannot be unpacked.", _AGAIN),
    ("zstd", "is damaged: it cannot be unpacked.", _AGAIN),
    ("out of memory", "does not fit in memory.", "Split the file, or free memory."),
)


def _file_fault(error: Exception) -> FileFaultError:
    text = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    for words, problem, remedy in _KNOWN_FAULTS:
        if words in text.lower():
            return FileFaultError(problem.format(text=text), remedy)
    return FileFaultError(f"cannot be read ({text}).", "Export it again as CSV, JSON Lines or Parquet.")


def _file_named(error: BaseException) -> list[str]:
    """The file that could not be written, where the error names one."""
    name = error.filename if isinstance(error, OSError) else None
    found = re.search(r"[\"'](/[^\"']+)[\"']", str(error)) if name is None else None
    name = found.group(1) if found else name
    return [] if name is None else [f"{name} does not fit."]


@contextmanager
def output_errors(folder: Path) -> Generator[None]:
    """Turn a full disk or a closed folder into an `OutputFolderError` that names it."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except (OSError, duckdb.Error, pl.exceptions.PolarsError) as error:
        if is_full_disk(error):
            raise OutputFolderError(
                f"There is no room left to write in {folder}.",
                details=_file_named(error),
                remedy="Free some space, or choose another place with --home; what was there is unchanged.",
            ) from error
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise OutputFolderError(
                f"{folder} is to be a folder, and a file stands in its place.",
                remedy="Move the file away, or choose another place with --home.",
            ) from error
        denied = isinstance(error, duckdb.IOException) and "permission denied" in str(error).lower()
        if denied or (isinstance(error, OSError) and error.errno in _CLOSED_FOLDER):
            raise OutputFolderError(
                f"{refused_path(error) or f'The folder {folder}'} may not be written.",
                remedy="Allow it, or choose another place with --home.",
            ) from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise VouchError(
                "Memory ran out while reading the dataset.",
                remedy="Free memory, or split the largest table into a folder of files.",
            ) from error
        raise
