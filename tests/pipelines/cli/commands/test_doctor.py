import json
import os
from types import SimpleNamespace

import dagster as dg
import pytest
from packaging.requirements import Requirement

from pipelines import closed_paths, cut_off_runs, storage_errors
from pipelines.cli.commands import doctor
from pipelines.home import Home
from pipelines.instance import home_instance


def findings_of(result):
    return {row["check"]: row for row in json.loads(result.stdout)}


def test_a_fit_installation(call):
    result = call("doctor", "--json")
    found = findings_of(result)
    assert result.exit_code == 0
    assert found["packages"]["state"] == "ok"
    assert "12 candidates, 2 audiences" in found["published"]["finding"]


def test_nothing_published_is_a_warning_with_a_remedy(call, tmp_path):
    result = call("doctor", "--json", at=tmp_path / "new")
    found = findings_of(result)
    assert result.exit_code == 0
    assert (found["published"]["state"], "vouch demo" in found["published"]["remedy"]) == ("warning", True)
    assert "will be made by the first run" in found["writing"]["finding"]
    assert not (tmp_path / "new").exists()


def test_a_damaged_published_file_is_broken(call, tmp_path):
    (tmp_path / "partners.duckdb").write_bytes(b"garbage" * 1000)
    result = call("doctor", at=tmp_path)
    assert result.exit_code == 1
    assert "broken,published" in result.stdout
    assert "1 of" in result.stderr


def test_a_home_that_is_a_file_is_broken(call, tmp_path):
    (tmp_path / "home").write_text("")
    assert findings_of(call("doctor", "--json", at=tmp_path / "home"))["writing"]["state"] == "broken"


@pytest.mark.parametrize(("free", "state"), [(1e8, "broken"), (2e9, "warning"), (9e10, "ok")])
def test_free_disk(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert doctor.free_disk(tmp_path).state == state


def test_versions_outside_their_range_and_missing_ones_are_broken():
    assert doctor.version_fault(Requirement("click>=8")) is None
    assert doctor.version_fault(Requirement("click>=99")).state == "broken"
    assert doctor.version_fault(Requirement("no-such-package-anywhere")).finding == "not installed"


def test_somebody_publishing_is_a_warning(tmp_path):
    lock = tmp_path / ".partners.duckdb.lock"
    with doctor.FileLock(lock):
        assert doctor.publisher(tmp_path).state == "warning"
    assert doctor.publisher(tmp_path).state == "ok"


@pytest.fixture
def run_of(tmp_path):
    """A run in the history of a home, brought to its status by events as the orchestrator does."""
    home = Home(tmp_path / "home")

    def record(*kinds):
        job = dg.GraphDefinition("network").to_job()
        with home_instance(home) as instance:
            run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTING)
            for kind in kinds:
                event = dg.DagsterEvent(dg.DagsterEventType[kind].value, run.job_name)
                instance.report_dagster_event(event, run_id=run.run_id)
        return home, run.run_id

    return record


def test_a_killed_run_is_named_and_one_that_lives_is_not(run_of, monkeypatch):
    home, run_id = run_of("RUN_START")
    monkeypatch.setattr(cut_off_runs, "BEGUN_SECONDS", 0.0)
    home.processes.mkdir(parents=True)
    with doctor.FileLock(home.processes / f"{run_id}.lock"):  # its process is there
        found = doctor.runs(home)
    assert (found.state, "under way: network" in found.finding) == ("ok", True)
    found = doctor.runs(home)
    assert found.state == "warning"
    assert f"its process is gone: network {run_id}" in found.finding
    assert "vouch run --data DIR" in found.remedy


def test_a_run_that_failed_last_is_told_and_an_earlier_one_is_not(run_of):
    home, _ = run_of("RUN_START", "RUN_FAILURE")
    found = doctor.runs(home)
    assert (found.state, "the last one failed: network" in found.finding) == ("warning", True)
    run_of("RUN_START", "RUN_SUCCESS")
    assert doctor.runs(home).state == "ok"


def test_a_damaged_history_is_broken_and_no_history_is_well(run_of, tmp_path):
    assert doctor.runs(Home(tmp_path / "new")).state == "ok"
    assert not (tmp_path / "new").exists()
    home, _ = run_of("RUN_START", "RUN_SUCCESS")
    (database,) = home.dagster.rglob("runs.db")
    database.write_bytes(b"no database" * 1000)
    found = doctor.runs(home)
    assert (found.state, found.finding) == ("broken", f"damaged: {database}")
    assert "delete that file and nothing else" in found.remedy


def test_a_history_that_nobody_opens_while_looking_is_looked_at(run_of):
    home, _ = run_of("RUN_START", "RUN_SUCCESS")
    (database,) = home.dagster.rglob("index.db")
    database.write_bytes(database.read_bytes()[:9_000])
    assert doctor.runs(home).finding == f"damaged: {database}"


def test_a_history_that_may_not_be_written_is_not_called_damaged(run_of, monkeypatch):
    home, _ = run_of("RUN_START", "RUN_SUCCESS")
    (database,) = home.dagster.rglob("index.db")
    allowed = os.access  # root may write everywhere
    monkeypatch.setattr(closed_paths.os, "access", lambda path, how: path != database and allowed(path, how))
    found = doctor.runs(home)
    assert (found.state, f"{database} may not be read or written" in found.finding) == ("warning", True)


def test_a_history_that_fails_while_it_is_read_is_told_with_its_own_details_and_remedy(run_of, monkeypatch):
    home, _ = run_of("RUN_START", "RUN_SUCCESS")

    def fail(said):
        def newest_run(_):
            raise RuntimeError(f"(sqlite3.OperationalError) {said}")

        monkeypatch.setattr(cut_off_runs, "newest_run", newest_run)
        return doctor.runs(home)

    found = fail("database is locked")
    assert (found.state, "database is locked" in found.finding) == ("broken", True)
    assert "Wait until it lets go" in found.remedy
    assert "move" not in found.remedy
    (database,) = home.dagster.rglob("index.db")
    answers = iter([[], [database]])  # whole when it was looked at first
    monkeypatch.setattr(closed_paths, "closed_paths", lambda *_: [])
    monkeypatch.setattr(storage_errors, "closed_paths", lambda *_: next(answers))
    monkeypatch.setattr(doctor, "closed_paths", lambda *_: next(answers))
    found = fail("unable to open database file")
    assert str(database) in found.finding
    assert "chown" in found.remedy


def test_what_is_none_of_ours_in_the_home_does_not_make_it_broken(call, tmp_path, monkeypatch):
    for name in ("lost+found", "backup", "inbox"):
        (tmp_path / name).mkdir()
    allowed = os.access

    def access(path, how):
        is_refused = path.name in {"lost+found", "backup"} or (path.name == "inbox" and how & os.W_OK)
        return not is_refused and allowed(path, how)

    monkeypatch.setattr(closed_paths.os, "access", access)
    assert findings_of(call("doctor", "--json", at=tmp_path))["writing"]["state"] == "ok"


def test_what_of_the_home_may_not_be_written_is_named(call, tmp_path, monkeypatch):
    (tmp_path / "labels").mkdir()
    assert findings_of(call("doctor", "--json", at=tmp_path))["writing"]["state"] == "ok"
    allowed = os.access
    monkeypatch.setattr(
        closed_paths.os, "access", lambda path, how: path.name != "labels" and allowed(path, how)
    )
    found = findings_of(call("doctor", "--json", at=tmp_path))["writing"]
    assert (found["state"], found["finding"]) == (
        "broken",
        f"may not be read or written: {tmp_path / 'labels'}",
    )
    assert "chown" in found["remedy"]


def test_a_table_for_eyes(call):
    shown = call("doctor", "--format", "table").stdout
    assert "✓" in shown
    assert "remedy" in shown
