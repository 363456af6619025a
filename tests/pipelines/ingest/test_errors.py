"""Foreign errors and what becomes of them."""

from __future__ import annotations

import errno

import duckdb
import pytest

from pipelines.errors import VouchError
from pipelines.ingest.errors import FileFaultError, OutputFolderError, input_errors, output_errors


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "may not be read"),
        (duckdb.InvalidInputException("No magic bytes found at end of file"), "not a whole Parquet file"),
        (EOFError("Compressed file ended before the end-of-stream marker was reached"), "cut off"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed"), "does not fit in memory"),
        (duckdb.IOException("something odd"), "something odd"),
        (OSError(), "cannot be read"),
    ],
)
def test_errors_of_reading_become_faults_of_the_file(error, words):
    with pytest.raises(FileFaultError, match=words), input_errors():
        raise error


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "full"), duckdb.InternalException("bug"), duckdb.InterruptException("stop")],
)
def test_what_is_no_fault_of_the_file_passes(error):
    with pytest.raises(type(error)), input_errors():
        raise error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (duckdb.IOException("Could not write: No space left on device"), OutputFolderError, "no room"),
        (duckdb.IOException("Cannot open file: Permission denied"), OutputFolderError, "may not be written"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed"), VouchError, "Memory ran out"),
        (duckdb.InterruptException("INTERRUPT Error"), KeyboardInterrupt, None),
        (duckdb.BinderException("a defect"), duckdb.BinderException, "a defect"),
    ],
)
def test_errors_of_writing_name_the_folder(tmp_path, error, kind, words):
    with pytest.raises(kind, match=words), output_errors(tmp_path):
        raise error


@pytest.mark.parametrize("made", ["there", ""])
def test_what_may_not_be_written_is_named_or_the_folder_to_make_it_in(tmp_path, made):
    (tmp_path / "there").mkdir()
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / made / "x" / "a.parquet"))
    with pytest.raises(OutputFolderError) as caught, output_errors(tmp_path / "days"):
        raise refused
    assert caught.value.message == f"{tmp_path / made} may not be written."
