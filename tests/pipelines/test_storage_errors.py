"""Which errors say that the home cannot be written, and which do not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pipelines.errors import VouchError
from pipelines.storage_errors import HomeStorageError, storage_error, storage_errors

HOME = Path("/somewhere/kept")


def raised(number: int, name: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), name)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (raised(errno.ENOSPC), "no room left"),
        (raised(errno.EFBIG, "/somewhere/kept/lake/a.npy"), "no room left"),
        (OSError("1000 requested and 512 written"), "no room left"),
        (RuntimeError("IO Error: Could not write file: No space left on device"), "no room left"),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full\n[SQL: x]"), "no room left"),
        (raised(errno.EROFS), "may not be written"),
        (RuntimeError("(sqlite3.OperationalError) attempt to write a readonly database"), "may not be"),
        (FileExistsError(errno.EEXIST, "File exists", "/somewhere/kept"), "a file stands in its place"),
        (RuntimeError("(sqlite3.DatabaseError) database disk image is malformed"), "history of runs"),
    ],
)
def test_what_a_library_says_becomes_one_sentence(error, said):
    wrapped = ValueError("a step failed")
    wrapped.__cause__ = error
    found = storage_error(wrapped, HOME)
    assert found is not None
    assert said in found.message
    assert str(HOME) in found.message
    assert found.remedy is not None
    assert "[SQL" not in str(found)


@pytest.mark.parametrize(
    "error", [ValueError("no such account"), raised(errno.EACCES, "/data/follows.csv"), KeyError("x")]
)
def test_other_errors_are_left_alone(error):
    assert storage_error(error, HOME) is None
    with pytest.raises(type(error)), storage_errors(HOME):
        raise error


def test_handled_errors_and_interrupts_pass():
    with pytest.raises(VouchError, match="mine") as caught, storage_errors(HOME):
        raise VouchError("mine") from raised(errno.ENOSPC)
    assert not isinstance(caught.value, HomeStorageError)
    with pytest.raises(KeyboardInterrupt), storage_errors(HOME):
        raise KeyboardInterrupt
