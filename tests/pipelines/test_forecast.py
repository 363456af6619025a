"""How long a run will still take, reckoned from earlier runs and from the pace of this one."""

from __future__ import annotations

import json

import polars as pl
import pytest

from pipelines import forecast as module
from pipelines.forecast import SHARES, Forecast, forecast


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_nothing_is_said_before_the_first_step_tells_the_pace(clock):
    steps = Forecast(
        {"read": 1.0, "sort": 3.0, "rank": 2.0}, is_seconds=False, to_come=["read", "sort", "rank"]
    )
    steps.begin("read")
    assert steps.left() is None
    steps.end("read", 10.0, was_kept=False)
    assert steps.left() == 50.0
    steps.begin("sort")
    clock[0] = 12.0
    assert steps.left() == 18.0 + 20.0
    clock[0] = 45.0  # slower than expected: what is to come is known, how long this one takes is not
    assert steps.left() == 20.0


def test_a_step_that_was_kept_tells_no_pace(clock):
    steps = Forecast({"read": 1.0, "sort": 3.0}, is_seconds=False, to_come=["read", "sort"])
    steps.begin("read")
    steps.end("read", 0.1, was_kept=True)
    assert steps.left() is None


def test_a_small_network_is_not_told_to_take_minutes_because_its_files_took_seconds(clock):
    steps = forecast([], [*SHARES, "sponsorship"])
    for step, seconds in (("input_tables", 9.0), ("accounts", 0.2), ("sponsorship", 30.0), ("reviews", 0.1)):
        steps.begin(step)
        steps.end(step, seconds, was_kept=False)
        assert steps.left() is None
    steps.begin("follower_graph")
    steps.end("follower_graph", 0.2, was_kept=False)
    assert steps.left() < 10


def test_a_large_network_is_told_once_its_graph_is_made(clock):
    steps = forecast([], SHARES)
    for step in ("input_tables", "accounts", "account_profiles", "follower_graph"):
        assert steps.left() is None
        steps.begin(step)
        steps.end(step, 10 * SHARES[step], was_kept=False)
    done = sum(SHARES[step] for step in ("input_tables", "accounts", "account_profiles", "follower_graph"))
    assert steps.left() == pytest.approx(10 * (sum(SHARES.values()) - done))


def test_earlier_runs_tell_before_anything_is_finished(tmp_path, clock):
    folders = [tmp_path / name for name in ("a", "b")]
    for folder, durations in zip(
        folders, ({"input_tables": 40.0, "accounts": 12.0}, {"accounts": 0.1}), strict=True
    ):
        folder.mkdir()
        pl.DataFrame({"durations": [json.dumps(durations)]}).write_parquet(folder / "run.parquet")
    steps = forecast(folders, ["input_tables", "accounts", "partners_file", "reviews"])
    # the record of a run does not hold its last steps: the file takes its share at the pace of the others
    pace = 52.0 / (SHARES["input_tables"] + SHARES["accounts"])
    assert steps.left() == pytest.approx(40.0 + 12.0 + pace * SHARES["partners_file"])
    assert forecast([], ["input_tables"]).left() is None
