"""Which errors say that the home cannot be written, and which do not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pipelines import closed_paths
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
        (
            raised(errno.EROFS, "/somewhere/kept/.run.lock"),
            "may not be written: its file system is read-only",
        ),
        (raised(errno.EACCES), "Something in /somewhere/kept may not be read or written"),
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


@pytest.fixture
def by_mode(monkeypatch):
    """Rights by the mode of a file alone, as they are for its owner; the system refuses root nothing."""

    def access(path, needed):
        return (Path(path).stat().st_mode >> 6) & needed == needed

    monkeypatch.setattr(closed_paths.os, "access", access)


@pytest.fixture
def home(tmp_path):
    for name in ("dagster/index.db", "lake/a.parquet", "inbox/theirs/a.csv", ".run.lock"):
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "home"


REFUSALS = {
    "dagster/index.db": RuntimeError(
        "(sqlite3.OperationalError) attempt to write a readonly database\n[parameters: ('{home}/lake')]"
    ),
    "dagster": RuntimeError("(sqlite3.OperationalError) unable to open database file"),
    "lake": OSError(errno.EACCES, "Permission denied", "{home}/lake/days/x.parquet"),
    "lake/a.parquet": RuntimeError('IO Error: Cannot open file "{home}/lake/a.parquet": Permission denied'),
    ".run.lock": PermissionError(errno.EACCES, "Permission denied", "{home}/.run.lock"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_is_named_whether_the_library_names_it_or_not(home, by_mode, name):
    closed, said = home / name, REFUSALS[name]
    closed.chmod(0o500 if closed.is_dir() else 0o000 if closed.suffix == ".parquet" else 0o444)
    try:
        if isinstance(said, OSError):
            error = type(said)(said.errno, said.strerror, said.filename.format(home=home))
        else:
            error = RuntimeError(str(said).format(home=home))
        found = storage_error(error, home)
    finally:
        closed.chmod(0o700)
    assert found is not None
    assert str(closed) in (found.message.removesuffix(" may not be read or written."), *found.details)
    assert "chown" in found.remedy
    assert "history" not in str(found)


def test_what_only_is_read_or_replaced_needs_no_right_to_be_written(home, by_mode):
    assert closed_paths.closed_paths(home) == []
    others = (home / "lake" / "a.parquet", home / "inbox" / "theirs" / "a.csv", home / "inbox" / "theirs")
    for path in others:
        path.chmod(0o500 if path.is_dir() else 0o400)
    assert closed_paths.closed_paths(home) == []
    (home / "inbox").chmod(0o500)  # what waits there is put there by others
    assert closed_paths.closed_paths(home) == []
    for path in reversed(others):
        path.chmod(0o300 if path.is_dir() else 0o200)
    assert closed_paths.closed_paths(home) == sorted(others)
    assert closed_paths.listed([*others] * 3)[-1] == "and 4 more"


@pytest.fixture
def strange(home):
    """What is none of Vouch's in a home that is the root of a disk, and what others put there."""
    for name in ("lost+found", "lake/lost+found", "backup"):
        (home / name).mkdir()
        (home / name).chmod(0o000)
    (home / "inbox").chmod(0o500)
    yield home
    for name in ("lost+found", "lake/lost+found", "backup", "inbox"):
        (home / name).chmod(0o700)


@pytest.mark.parametrize(
    "said",
    [
        "DatabaseError) database disk image is malformed",
        "DatabaseError) file is not a database",
        "OperationalError) database is locked",
        "OperationalError) disk I/O error",
        "OperationalError) unable to open database file",
    ],
)
@pytest.mark.parametrize("closed", ["nothing of ours", "lake"])
def test_what_has_nothing_to_do_with_the_history_is_not_blamed_for_it(strange, by_mode, said, closed):
    assert closed_paths.closed_paths(strange) == []
    if closed == "lake":
        (strange / "lake").chmod(0o500)
    found = storage_error(RuntimeError(f"(sqlite3.{said}\n[SQL: x]"), strange)
    (strange / "lake").chmod(0o700)
    assert found is not None
    assert "history of runs" in found.message
    assert said.split(") ")[1] in found.message
    assert "chown" not in found.remedy
    assert ("Wait until" in found.remedy) == ("locked" in said)
    assert ("index.db is damaged" in str(found)) == ("locked" not in said)


def test_damage_is_told_where_the_history_is_closed_as_well(home, by_mode):
    (home / "dagster" / "index.db").chmod(0o400)
    found = storage_error(RuntimeError("(sqlite3.DatabaseError) database disk image is malformed"), home)
    assert "malformed" in found.message


def test_no_error_tells_whether_the_run_had_published(home):
    for error in (
        raised(errno.ENOSPC),
        raised(errno.EROFS),
        raised(errno.EACCES, str(home / "reports")),
        RuntimeError("(sqlite3.OperationalError) database is locked"),
        RuntimeError("(sqlite3.OperationalError) disk I/O error"),
    ):
        found = storage_error(error, home)
        assert "what is published is whole" in found.remedy
        assert "unchanged" not in found.remedy


@pytest.mark.parametrize("quoted", ['"{}"', "'{}'"])
@pytest.mark.parametrize("name", ["o'brien", 'a"b"c', "plain"])
def test_a_path_with_quotation_marks_is_named_whole(tmp_path, quoted, name):
    file = tmp_path / name / "lake" / "a.parquet"
    file.parent.mkdir(parents=True)
    file.touch()
    said = f"IO Error: Cannot open file {quoted.format(file)}: Permission denied"
    found = storage_error(RuntimeError(said), tmp_path / name)
    assert found.message == f"{file} may not be read or written."


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no such account"),
        raised(errno.EACCES, "/data/follows.csv"),
        RuntimeError('IO Error: Cannot open file "/data/follows.parquet": Permission denied'),
        KeyError("x"),
    ],
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
