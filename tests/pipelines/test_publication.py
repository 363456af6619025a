"""Which days and runs the published file shows, and one numbering for audiences of different days."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from assets.published import CHECKS_SCHEMA
from pipelines.errors import VouchError
from pipelines.home import Home
from pipelines.lake import SOURCE_FILE, Lake
from pipelines.publication import LATER_TABLES, _nodes_of, _runs, newest_results, publish_home
from pipelines.publish.errors import PublishSourceError
from pipelines.published import open_published
from tests.conftest import GREW_WITH_SCHEMA_2


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
        named.setdefault(day, set()).add(audience)
        members = pl.DataFrame({"audience": sorted(named[day])})
        lake.write_frame(lake.inputs(day) / "audience_members.parquet", members)
        lake.write_json(lake.inputs(day) / SOURCE_FILE, {})

    named = {}
    return write


def test_nothing_kept_is_nothing_to_publish(lake):
    with pytest.raises(VouchError, match="nothing to publish") as caught:
        newest_results(lake)
    assert "vouch run --data DIR" in caught.value.remedy


def test_the_newest_run_decides_the_network(lake, keep):
    keep("r1", "old", "fans", "2024-05-31", 9)
    keep("r2", "new", "fans", "2024-05-01", 10)
    newest = newest_results(lake)
    assert (newest.network, newest.day) == ("new", "2024-05-01")
    assert newest.audiences == {"fans": lake.run("r2", "fans")}
    assert newest.runs == [lake.run("r2", "fans")]


def test_every_audience_shows_its_newest_day(lake, keep):
    keep("r1", "n", "fans", "2024-05-31", 9)
    keep("r2", "n", "others", "2024-05-30", 8)
    name_audiences(lake, "2024-05-31", ["fans", "others"])
    keep("r3", "n", "fans", "2024-05-01", 10)  # an old day run later does not take the place of a newer one
    newest = newest_results(lake)
    assert newest.audiences == {"fans": lake.run("r1", "fans"), "others": lake.run("r2", "others")}
    assert newest.day == "2024-05-31"
    assert len(newest.runs) == 3


def test_unfinished_runs_are_left_out(lake, keep):
    keep("r1", "n", "fans", "2024-05-31", 9)
    lake.write_frame(lake.run("r2", "fans") / "ranking.parquet", pl.DataFrame({"a": [1]}))
    assert newest_results(lake).runs == [lake.run("r1", "fans")]


def test_nodes_are_those_of_the_newest_numbering(lake):
    index = pl.DataFrame({"node": np.arange(3, dtype=np.uint32), "account_id": ["a", "b", "c"]})
    members = lake.run("r1", "fans") / "members.parquet"
    lake.write_frame(members, pl.DataFrame({"account_id": ["c", "gone", "b"]}))
    assert sorted(_nodes_of(members, index).tolist()) == [1, 2]  # who is gone has no node


def test_what_a_run_of_an_earlier_vouch_did_not_keep_is_null_beside_one_that_did(lake, keep):
    keep("old", "net", "readers", "2024-05-01", 1)
    keep("new", "net", "readers", "2024-05-02", 2)
    path = lake.run("new", "readers") / "run.parquet"
    lake.write_frame(path, pl.read_parquet(path).with_columns(audience_size_stated=pl.lit(7.0)))
    runs = _runs(newest_results(lake))
    assert dict(runs.select("run_id", "audience_size_stated").iter_rows()) == {"old": None, "new": 7.0}


def test_an_audience_that_the_data_no_longer_name_leaves_the_views(lake, keep):
    keep("r1", "n", "fans", "2024-05-30", 8)
    keep("r2", "n", "others", "2024-05-31", 9)
    newest = newest_results(lake)
    assert newest.audiences == {"others": lake.run("r2", "others")}
    current = dict(_runs(newest).select("audience", "is_current").iter_rows())
    assert current == {"fans": False, "others": True}


def test_a_run_kept_by_an_earlier_vouch_is_still_published(ready_home):
    home = Home(ready_home)
    (kept,) = Lake(home.lake).runs()
    for table in LATER_TABLES:
        (kept / f"{table}.parquet").unlink(missing_ok=True)
    for name in ("follower_type_shares", "growth"):
        (file,) = home.lake.rglob(f"{name}.parquet")
        file.unlink()
    (file,) = home.lake.rglob("signals_by_node.parquet")
    signals = pl.read_parquet(file)
    by_a_hair = pl.when(pl.col("value").is_not_null()).then(pl.col("value") + 5e-5)
    signals.with_columns(low=by_a_hair).write_parquet(file)  # the checks refuse it as it is
    assert signals["value"].is_not_null().any()
    members = pl.read_parquet(kept / "members.parquet")
    members.select("account_id").write_parquet(kept / "members.parquet")
    with open_published(home.published) as file:
        later = {
            table: file.table(table).columns[file.table(table).columns.index(first) :]
            for table, first in GREW_WITH_SCHEMA_2.items()
        }
    for table, columns in later.items():
        path = kept / f"{'ranking' if table == 'partner_rankings' else table}.parquet"
        pl.read_parquet(path).drop(columns, strict=False).write_parquet(path)
    report = publish_home(home, Lake(home.lake), pl.DataFrame(schema=CHECKS_SCHEMA))
    assert report.tables["audience_members"] == members.height
    assert report.tables["momentum"] == 0
    assert report.tables["follower_types"] == report.tables["growth"] == 0
    with open_published(home.published) as file:
        assert file.execute("SELECT DISTINCT audience, weight FROM members_of()").fetchall() == [
            ("readers", None)
        ]
        assert file.execute("SELECT count(*) > 0, count(momentum_runs) FROM ranked_partners").fetchall() == [
            (True, 0)
        ]


def test_a_day_of_which_tables_are_missing_is_named_with_them_and_what_to_do(ready_home):
    home = Home(ready_home)
    (signals,) = home.lake.rglob("signals_by_node.parquet")
    (ids,) = home.lake.rglob("follow_ids.parquet")
    for path in (signals, ids):
        path.unlink()
    day, published = ids.parents[1].name, home.published.read_bytes()
    with pytest.raises(PublishSourceError, match=f"lacks tables of {day}, the newest day") as caught:
        publish_home(home, Lake(home.lake), pl.DataFrame(schema=CHECKS_SCHEMA))
    assert caught.value.details == (str(ids), str(signals))
    assert f"--as-of {day}" in str(caught.value.remedy)
    assert home.published.read_bytes() == published


def test_a_day_whose_members_are_missing_is_named_with_what_to_do(lake, keep):
    keep("r1", "n", "fans", "2024-05-31", 9)
    (lake.inputs("2024-05-31") / "audience_members.parquet").unlink()
    with pytest.raises(VouchError, match=r"lacks .*audience_members\.parquet, .* of 2024-05-31") as caught:
        newest_results(lake)
    assert "--as-of 2024-05-31" in str(caught.value.remedy)


def name_audiences(lake, day, names):
    lake.write_frame(lake.inputs(day) / "audience_members.parquet", pl.DataFrame({"audience": names}))
