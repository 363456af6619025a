"""Which days and runs the published file shows, and one numbering for audiences of different days."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from pipelines.errors import VouchError
from pipelines.lake import Lake
from pipelines.publication import _nodes_of, newest_results


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


@pytest.fixture
def keep(lake):
    """Keeps a run of one audience, as `run_history` does."""

    def write(run_id, network, audience, day, hour):
        row = {
            "run_id": run_id,
            "network": network,
            "audience": audience,
            "as_of": date.fromisoformat(day),
            "finished_at": datetime(2024, 6, 1, hour),  # noqa: DTZ001 - the lake is UTC, naive
        }
        lake.write_frame(lake.run(run_id, audience) / "run.parquet", pl.DataFrame([row]))

    return write


def test_nothing_kept_is_nothing_to_publish(lake):
    with pytest.raises(VouchError, match="nothing to publish") as caught:
        newest_results(lake)
    assert "vouch run --data DIR" in caught.value.remedy


def test_the_newest_run_decides_the_network(lake, keep):
    keep("r1", "old", "fans", "2024-05-31", 9)
    keep("r2", "new", "fans", "2024-05-01", 10)
    newest = newest_results(lake)
    assert (newest.network, newest.day, newest.audiences) == ("new", "2024-05-01", {"fans": "2024-05-01"})
    assert newest.runs == [lake.run("r2", "fans")]


def test_every_audience_shows_its_newest_day(lake, keep):
    keep("r1", "n", "fans", "2024-05-31", 9)
    keep("r2", "n", "others", "2024-05-30", 8)
    keep("r3", "n", "fans", "2024-05-01", 10)  # an old day run later does not take the place of a newer one
    newest = newest_results(lake)
    assert newest.audiences == {"fans": "2024-05-31", "others": "2024-05-30"}
    assert newest.day == "2024-05-31"
    assert len(newest.runs) == 3


def test_unfinished_runs_are_left_out(lake, keep):
    keep("r1", "n", "fans", "2024-05-31", 9)
    lake.write_frame(lake.run("r2", "fans") / "ranking.parquet", pl.DataFrame({"a": [1]}))
    assert newest_results(lake).runs == [lake.run("r1", "fans")]


def index(lake, day, ids):
    frame = pl.DataFrame({"node": np.arange(len(ids), dtype=np.uint32), "account_id": ids})
    lake.write_frame(lake.graph(day) / "accounts.parquet", frame)


def test_nodes_of_an_earlier_day_are_numbered_anew(lake):
    index(lake, "2024-05-30", ["b", "c", "gone"])
    index(lake, "2024-05-31", ["a", "b", "c"])
    nodes = pl.DataFrame({"node": np.array([0, 1, 2], dtype=np.uint32)})
    old = lake.audience("2024-05-30", "fans") / "members.parquet"
    new = lake.audience("2024-05-31", "others") / "members.parquet"
    lake.write_frame(old, nodes)
    lake.write_frame(new, nodes)
    newest = lake.graph("2024-05-31")
    assert sorted(_nodes_of(old, newest).tolist()) == [1, 2]  # b and c; who is gone has no node
    assert _nodes_of(new, newest).tolist() == [0, 1, 2]
