"""Steps that are not made again: what keeps them, what makes them anew, and what a killed run leaves."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import polars as pl
import pytest

from assets.finished import KEPT
from pipelines.resources import BundledTables
from tests.assets.conftest import DAY, Workbench, golden_tables

if TYPE_CHECKING:
    import dagster as dg

GRAPH = ("input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles")
LATER = "2024-06-01"


def kept(result: dg.ExecuteInProcessResult) -> set[str]:
    """The steps of a run that say that they were not made again."""
    assert result.success
    events = result.filter_events(lambda event: event.is_step_materialization)
    return {
        event.step_key
        for event in events
        if str(event.step_materialization_data.materialization.metadata.get("note", "")).count(KEPT)
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A graph stage that was made once and, where a test asks for it, again."""
    tables = golden_tables()
    # a day's inputs serve for the next one where no row and no end of a follow lies after it
    tables["follows"] = [
        row for row in tables["follows"] if not {"followed_at", "unfollowed_at"} & row.keys()
    ]
    bench = Workbench(tmp_path_factory.mktemp("finished"), tables)
    assert kept(bench.network(*GRAPH)) == set()
    _settle(bench)
    # what was read the first time might have changed in the same instant, so it is read once more
    bench.network(*GRAPH)
    return bench


def _settle(bench: Workbench) -> None:
    """Make the files of the dataset old enough to count as unchanged, and let nobody write them anew."""
    for path in (bench.root / "data").iterdir():
        os.utime(path, ns=(10**18, 10**18))
    bench.write_data = lambda: bench.root / "data"


def _metadata(result: dg.ExecuteInProcessResult, step: str) -> dict:
    materialised = result.asset_materializations_for_node(step)[0]
    return {name: value for name, value in materialised.metadata.items() if name not in {"note", "made at"}}


def test_nothing_is_made_again_where_nothing_changed(made):
    before = made.network(*GRAPH)
    again = made.network(*GRAPH)
    assert kept(again) == set(GRAPH[1:])
    # the UI shows of a step that was kept what it showed when it was made, its checks included
    assert _metadata(again, "accounts") == _metadata(before, "accounts")
    assert all(check.passed for check in again.get_asset_check_evaluations())
    assert {check.check_name for check in again.get_asset_check_evaluations()} >= {"edges_balance"}


def test_a_setting_makes_its_step_again_and_what_rests_on_it(made):
    made.settings = {"interaction_graph": {"weights": {"like": 0.9}}}
    try:
        assert kept(made.network(*GRAPH)) == {"accounts", "account_profiles"}
    finally:
        made.settings = {}
    assert kept(made.network(*GRAPH)) == {"accounts", "account_profiles"}
    assert kept(made.network(*GRAPH)) == set(GRAPH[1:])


def test_a_file_that_is_gone_or_touched_is_made_again(made):
    made.network(*GRAPH)
    folder = made.lake.graph(DAY)
    (folder / "profiles.parquet").unlink()
    (folder / "followers.npy").write_bytes(b"cut off")
    assert kept(made.network(*GRAPH)) == {"accounts", "interaction_graph"}
    assert (folder / "profiles.parquet").exists()


def test_a_step_that_was_killed_is_made_again(made):
    made.network(*GRAPH)
    record = made.lake.records(DAY) / "follower_graph.json"
    record.write_text(record.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert kept(made.network(*GRAPH)) == {"accounts", "interaction_graph", "account_profiles"}


def test_what_the_day_does_not_decide_is_taken_over_from_an_earlier_one(made):
    made.network(*GRAPH)
    later = made.network(*GRAPH, day=LATER)
    assert kept(later) == {"accounts", "interaction_graph", "follower_graph"}
    assert made.lake.graph(LATER).joinpath("followers.npy").samefile(made.lake.graph(DAY) / "followers.npy")
    assert kept(made.network(*GRAPH, day=LATER)) == set(GRAPH[1:])


def test_what_nobody_can_vouch_for_is_always_made(made):
    class Unknown:
        """Reference tables that do not say what they hold."""

        def __init__(self, real):
            self.real = real

        def __getattr__(self, name):
            if name == "digest":
                raise AttributeError(name)
            return getattr(self.real, name)

    made.network(*GRAPH)
    assert kept(made.network(*GRAPH, reference=Unknown(BundledTables()))) == {"accounts"}
    assert json.loads((made.lake.records(DAY) / "accounts.json").read_text(encoding="utf-8"))["files"]
    assert pl.read_parquet(made.lake.graph(DAY) / "accounts.parquet").height
