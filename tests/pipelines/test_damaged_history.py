"""Damaged databases of a run history are told by name, and whole ones are left in peace."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from pipelines.damaged_history import damaged_databases
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.storage_errors import storage_error

GARBAGE = random.Random(5).randbytes(20_000)  # noqa: S311 - a fixed draw, no secret


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home #1")
    with home_instance(made) as instance:
        assert instance.get_runs() == []
    return made


@pytest.mark.parametrize("name", ["runs.db", "index.db", "schedules.db"])
@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9, None])
def test_a_database_that_was_cut_off_emptied_or_overwritten_is_named(home, name, keep):
    assert damaged_databases(home.dagster) == []
    (path,) = home.dagster.rglob(name)
    whole = path.read_bytes()
    path.write_bytes(GARBAGE if keep is None else whole[: int(keep * len(whole))])
    assert damaged_databases(home.dagster) == [path]
    said = RuntimeError("(sqlite3.DatabaseError) database disk image is malformed\n[SQL: x]")
    found = storage_error(said, home.root)
    assert found is not None
    assert found.details == (f"{path} is damaged",)


def test_one_of_a_run_that_was_killed_as_it_began_and_one_in_use_are_none(home):
    (path,) = home.dagster.rglob("index.db")
    path.with_name("5c6b.db").touch()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert damaged_databases(home.dagster) == []
