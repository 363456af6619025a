"""run and demo: what they ask of the pipeline and what they end with; a stand-in takes its place."""

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date
from types import ModuleType, SimpleNamespace

import pytest

from pipelines.errors import VouchError
from pipelines.published import ForeignLogError


@dataclass
class Source:
    data_dir: str
    config_file: str = ""
    reject_limit: float = 0.01
    picks: int = 10
    budget: float | None = None
    baseline: str = ""


@pytest.fixture
def pipeline(monkeypatch, home):
    """A pipeline that remembers what it was asked for and says that it made the file of the fixture."""
    asked = SimpleNamespace(error=None, worth_knowing=())

    def run_pipeline(at, source, *, audiences=(), as_of=None, observer, is_attended=True):
        asked.home, asked.source, asked.audiences, asked.as_of = at, source, audiences, as_of
        asked.is_attended = is_attended
        observer.step_started("network", 2)
        if asked.error is not None:
            raise asked.error
        observer.step_finished("network", 0.1, "10 tables")
        return SimpleNamespace(
            audiences=("trail runners", "pottery, glaze & \x1b[31mkiln"),
            published=at.published,
            reports={"trail runners": at.reports / "runners.html"},
            seconds=1.5,
            as_of=as_of or date(2026, 12, 31),
            worth_knowing=asked.worth_knowing,
            unranked={},
        )

    run, requests = ModuleType("pipelines.run"), ModuleType("pipelines.requests")
    run.run_pipeline, requests.Source = run_pipeline, Source
    monkeypatch.setitem(sys.modules, "pipelines.run", run)
    monkeypatch.setitem(sys.modules, "pipelines.requests", requests)
    return asked


def test_what_was_published_is_said_to_be_where_its_list_cannot_be_read(call, pipeline, home, monkeypatch):
    log = home / "partners.duckdb.wal"

    def busy(path):
        raise ForeignLogError(f"Another program left {log}.", remedy=f"Delete {log}.")

    monkeypatch.setattr("pipelines.cli.reading.open_published", busy)
    result = call("run", "--data", ".")
    assert result.exit_code == 1
    assert result.stdout == ""
    said = " ".join(result.stderr.split())
    assert (
        f"{home / 'partners.duckdb'} was published, but the list cannot be shown; the reports are written."
        in said
    )
    assert f"Another program left {log}. Delete {log}. Then: vouch top" in said


def test_run_hands_every_option_on(call, pipeline, home, tmp_path):
    result = call(
        *("run", "--data", tmp_path, "--config", tmp_path / "x.toml", "--audience", "a", "--audience", "b"),
        *("--as-of", "2026-03-01", "--picks", "5", "--budget", "900", "--reject-limit", "0.2"),
        *("--baseline", "category:coffee"),
    )
    assert result.exit_code == 0
    assert pipeline.home.root == home
    assert pipeline.source == Source(
        str(tmp_path), str(tmp_path / "x.toml"), 0.2, 5, 900.0, "category:coffee"
    )
    assert (pipeline.audiences, pipeline.as_of) == (("a", "b"), date(2026, 3, 1))


def test_run_ends_with_the_best_of_each_audience_as_data(call, pipeline, tmp_path):
    result = call("run", "--data", tmp_path)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 10 + 2
    assert {row["audience"] for row in rows} == {"trail runners", "pottery, glaze & [31mkiln"}
    assert "step 1/2 started: network" in result.stderr
    said = "Why @maria.runs: 15.0 % of the audience follow it (14.0 % by weight), 14.2 times"
    assert said in result.stderr
    assert "partners.duckdb" in result.stderr
    assert "runners.html" in result.stderr
    assert "trail runners: 1 changed in status since the run of 2026-02-01, 1 of your picks" in result.stderr
    assert "is no longer recommended: vouch --home" in result.stderr
    assert "kiln: No plan within the budget of 900: no recommended candidate has a price" in result.stderr
    assert "\x1b" not in result.stderr


def test_run_says_what_is_worth_knowing_of_the_data_and_where_the_rest_is(call, pipeline, tmp_path):
    pipeline.worth_knowing = tuple(f"table {n}: \x1b[31modd" for n in range(7))
    result = call("run", "--data", tmp_path, "--as-of", "2026-03-01", "--reject-limit", "0.2")
    assert "Worth knowing about the data:\n  - table 0: [31modd\n" in result.stderr
    assert "table 4" in result.stderr
    assert "table 5" not in result.stderr
    check = f"check --data {tmp_path} --as-of 2026-03-01 --reject-limit 0.2"
    assert f"{check}\n" in result.stderr.partition("2 more, and every file and line: vouch")[2]
    assert "\x1b" not in result.stderr
    pipeline.worth_knowing = ("follows: 4 of 2,005 rows break the contract and were left out.",)
    few = call("run", "--data", tmp_path / "my data", "--config", tmp_path / "x.toml").stderr
    assert f"With file and line: vouch --home {pipeline.home.root} check" in few
    assert f"--data '{tmp_path}/my data' --config {tmp_path}/x.toml\n" in few


def test_of_data_in_order_nothing_is_said(call, pipeline, tmp_path):
    assert "Worth knowing" not in call("run", "--data", tmp_path).stderr


def test_a_run_of_an_earlier_day_says_of_which_day_the_list_is(call, pipeline, tmp_path):
    result = call("run", "--data", tmp_path, "--as-of", "2025-01-31")
    assert "trail runners: This run of 2025-01-31 is kept as history. What is listed" in result.stderr
    assert "is kept as history" not in call("run", "--data", tmp_path).stderr


def test_a_quiet_run_says_nothing_beside_its_data(call, pipeline, tmp_path):
    result = call("run", "--data", tmp_path, "-q", "--json")
    assert result.stderr == ""
    assert result.stdout.startswith("[")


def test_a_run_that_stops_is_handled(call, pipeline, tmp_path):
    pipeline.error = VouchError("The dataset has 2 faults.", details=["one", "two"], remedy="Mend them.")
    result = call("run", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "  - two\nMend them." in result.stderr


def test_an_interrupted_run_leaves_with_130(call, pipeline, tmp_path):
    pipeline.error = KeyboardInterrupt()
    result = call("run", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (130, "")


@pytest.mark.parametrize(
    "options", [(), ("--data", ".", "--as-of", "soon"), ("--data", ".", "--budget", "0")]
)
def test_a_wrong_run_is_a_wrong_call(call, pipeline, options):
    assert call("run", *options).exit_code == 2


def test_demo_generates_runs_and_shows_the_main_audience(call, pipeline, home, tmp_path):
    (tmp_path / "partners.duckdb").symlink_to(home / "partners.duckdb")
    pipeline.worth_knowing = ("the generated data have faults on purpose",)
    result = call("demo", "--accounts", "1000", "--seed", "7", at=tmp_path)
    assert result.exit_code == 0
    assert pipeline.source.data_dir == str(tmp_path / "demo-data")
    assert (tmp_path / "demo-data" / "dataset.toml").exists()
    assert result.stdout.count("@maria.runs") == 1
    assert "Nobody in it is real" in result.stderr
    assert "Worth knowing" not in result.stderr
    assert "Also ranked: pottery, glaze & [31mkiln" in result.stderr
