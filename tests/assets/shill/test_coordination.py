"""Coordinated sharing through the pipeline: who shares in step, with whom, and what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from assets.shill.signals import NOT_ENOUGH_DATA
from tests.assets.conftest import Workbench

NETWORK = ("input_tables", "accounts", "coordinated_sharing")
START = datetime(2024, 5, 1, tzinfo=UTC)
PEOPLE, POSTS, RING, TARGETS = 150, 250, 8, 15


def acts(rng):
    """Reposts as people like, and eight accounts that pass on the same fifteen posts within half a minute."""
    who, what = rng.integers(0, PEOPLE, 1_500), rng.integers(0, POSTS, 1_500)
    delay = 18_000 * np.exp(1.5 * rng.standard_normal(1_500))
    ring, target = np.nonzero(rng.random((RING, TARGETS)) < 0.8)
    order = rng.uniform(3_600, 100_000, TARGETS)
    who = np.concatenate([who, ring])
    what = np.concatenate([what, target])
    return who, what, np.concatenate([delay, order[target] + rng.uniform(0, 30, ring.size)])


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    rng = np.random.default_rng(8)
    bench = Workbench(tmp_path_factory.mktemp("coordination"))
    posted = {post: START + timedelta(hours=float(rng.uniform(0, 500))) for post in range(POSTS)}
    bench.tables["posts"] = [
        {"post_id": f"x{post}", "author_id": f"w{post % 20}", "posted_at": f"{when:%Y-%m-%dT%H:%M:%S}"}
        for post, when in posted.items()
    ]
    bench.tables["interactions"] = [
        {"actor_id": f"p{who}", "target_id": f"w{post % 20}", "kind": "repost", "post_id": f"x{post}",
         "occurred_at": f"{posted[post] + timedelta(seconds=float(delay)):%Y-%m-%dT%H:%M:%S}"}
        for who, post, delay in zip(*acts(rng), strict=True)
    ]  # fmt: skip
    assert bench.network(*NETWORK).success
    return bench


def test_those_who_share_in_step_stand_out_and_nobody_else(bench):
    rows = bench.read("shill/coordinated_sharing")
    partners, value = bench.by_id(rows, "count"), bench.by_id(rows, "value")
    ring = {f"p{number}" for number in range(RING)}
    assert {name for name, count in partners.items() if count > 0} == ring
    threshold = rows["threshold"][0]
    assert {name for name, known in value.items() if known > threshold} == ring
    assert {bench.by_id(rows, "detail")[name] for name in ring} == {"wave-001"}
    assert bench.by_id(rows, "state")["w1"] == NOT_ENOUGH_DATA


def test_the_group_says_who_when_and_how_much_more_than_expected(bench):
    groups = bench.read("shill/coordination_groups")
    assert groups.height == 1
    row = groups.row(0, named=True)
    assert row["observed"] > 3 * row["expected"]
    assert START.replace(tzinfo=None) < row["first_at"] < row["last_at"]
    assert row["about"].startswith("8 accounts shared")
    members = bench.read("shill/coordination_members")
    assert members.height == RING
    assert members["share"].min() > 0.3
    assert members["role"].unique().to_list() == ["member"]


def test_without_posts_and_interactions_nothing_is_known(tmp_path):
    bench = Workbench(tmp_path)
    for table in ("posts", "interactions"):
        bench.tables.pop(table)
    assert bench.network(*NETWORK).success
    rows = bench.read("shill/coordinated_sharing")
    assert set(rows["state"]) == {NOT_ENOUGH_DATA}
    assert bench.read("shill/coordination_groups").schema["first_at"] == pl.Datetime
