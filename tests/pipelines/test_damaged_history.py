"""Damaged databases of a run history are told by name, and whole ones are left in peace."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import dagster as dg
import pytest

from pipelines.cli.commands import doctor
from pipelines.damaged_history import damaged_databases
from pipelines.forgetting import Persons, forget
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


@pytest.fixture
def lived_in(home):
    """A home whose history holds two runs that made the same thing."""

    @dg.asset
    def made() -> int:
        return 1

    with home_instance(home) as instance:
        for _ in range(2):
            assert dg.materialize([made], instance=instance).success
    return home


@pytest.mark.parametrize("which", ["runs.db", "index.db", "schedules.db", "of an old run", "all of them"])
def test_whatever_is_damaged_may_be_deleted_alone_and_the_history_goes_on(lived_in, which):
    with home_instance(lived_in) as instance:
        *_, oldest = instance.get_runs()
    name = f"{oldest.run_id}.db" if which == "of an old run" else which
    damaged = [path for path in lived_in.dagster.rglob("*.db") if name in {path.name, "all of them"}]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:9_000])
    assert damaged_databases(lived_in.dagster) == sorted(damaged)
    remedy = doctor.runs(lived_in).remedy
    assert ("delete that file and" if len(damaged) == 1 else "delete those files and") in remedy
    assert "move" not in remedy
    for path in damaged:
        path.unlink()
    assert doctor.runs(lived_in).state == "ok"

    @dg.asset
    def made() -> int:
        return 2

    with home_instance(lived_in) as instance:
        assert dg.materialize([made], instance=instance).success
        runs = instance.get_runs()
        assert len(runs) == (1 if which in {"runs.db", "all of them"} else 3)
        assert all(run.status is dg.DagsterRunStatus.SUCCESS for run in runs)
        assert instance.get_latest_materialization_event(made.key).run_id == runs[0].run_id
        told = {run.run_id: len(instance.all_logs(run.run_id)) for run in runs}
        assert told.pop(runs[0].run_id)
        assert (told.get(oldest.run_id) == 0) == (which == "of an old run")
    assert damaged_databases(lived_in.dagster) == []
    assert doctor.runs(lived_in).state == "ok"
    forget(lived_in, Persons(("nobody",)), lambda _: None)


def test_one_of_a_run_that_was_killed_as_it_began_and_one_in_use_are_none(home):
    (path,) = home.dagster.rglob("index.db")
    path.with_name("5c6b.db").touch()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert damaged_databases(home.dagster) == []
