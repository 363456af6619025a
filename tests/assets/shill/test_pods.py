"""Pods through the pipeline: strangers in a hurry are a group, friends of one topic are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tests.assets.conftest import Workbench

NETWORK = ("input_tables", "accounts", "interaction_graph", "follower_graph", "engagement_pods")
START = datetime(2024, 5, 1, tzinfo=UTC)
PEOPLE, TOPICS, POSTS = 240, 6, 8
POD, CIRCLE = tuple(range(8)), tuple(range(60, 120, 6))


def follows(rng):
    """Everybody follows voices of a topic and a few people who follow back; the circle each other."""
    rows = [
        (f"p{who}", f"v{who % TOPICS}-{voice}") for who in range(PEOPLE) for voice in rng.integers(0, 30, 15)
    ]
    pairs = [(who, (who + TOPICS * step) % PEOPLE) for who in range(PEOPLE) for step in (1, 2)]
    pairs += [(one, other) for one in CIRCLE for other in CIRCLE if one < other]
    return [
        {"follower_id": one, "followee_id": other}
        for one, other in [*rows, *((f"p{a}", f"p{b}") for u, v in pairs for a, b in ((u, v), (v, u)))]
    ]


def likes(rng):
    """Actor, author, post and delay: people like a little, the pod at once, the circle in its own time."""
    for author in range(PEOPLE):
        for post in range(POSTS):
            for actor in rng.choice(PEOPLE, 3, replace=False):
                yield actor, author, post, rng.exponential(20_000)
    for group, rate, seconds in ((POD, 0.9, 600), (CIRCLE, 0.6, 20_000)):
        for author in group:
            for post in range(POSTS):
                for actor in group:
                    if rng.random() < rate:
                        yield actor, author, post, rng.exponential(seconds)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    rng = np.random.default_rng(3)
    bench = Workbench(tmp_path_factory.mktemp("pods"))
    bench.tables = {"follows": follows(rng), "audience_members": [{"audience": "a", "account_id": "p0"}]}
    bench.tables["posts"] = [
        {"post_id": f"{author}-{post}", "author_id": f"p{author}", "text": "hills",
         "posted_at": f"{START + timedelta(days=post):%Y-%m-%dT%H:%M:%S}"}
        for author in range(PEOPLE) for post in range(POSTS)
    ]  # fmt: skip
    bench.tables["interactions"] = [
        {"actor_id": f"p{actor}", "target_id": f"p{author}", "kind": "like", "post_id": f"{author}-{post}",
         "occurred_at": f"{START + timedelta(days=post, seconds=float(delay)):%Y-%m-%dT%H:%M:%S}"}
        for actor, author, post, delay in likes(rng) if actor != author
    ]  # fmt: skip
    assert bench.network(*NETWORK).success
    return bench


def test_the_pod_is_a_group_and_the_circle_is_none(bench):
    names = dict(bench.read("graph/accounts").select("node", "account_id").iter_rows())
    members = bench.read("shill/engagement_pod_members")
    assert {names[node] for node in members["node"]} == {f"p{number}" for number in POD}
    rows = bench.read("shill/engagement_pods")
    value, threshold = bench.by_id(rows, "value"), rows["threshold"][0]
    above = {name for name, known in value.items() if not np.isnan(known) and known > threshold}
    assert above == {f"p{number}" for number in POD}
    assert bench.by_id(rows, "count")[f"p{CIRCLE[0]}"] == 0


def test_the_group_says_when_how_alike_and_how_much_more_than_expected(bench):
    row = bench.read("shill/engagement_pod_groups").row(0, named=True)
    assert row["observed"] > 0.6
    assert row["expected"] < 0.3
    assert row["first_hour_share"] > 0.9
    assert row["score"] < bench.read("shill/engagement_pods")["threshold"][0]  # an account's, in another unit
    assert row["threshold"] is None
    assert 300 < row["typical_delay_s"] < 1_200
    assert row["topic_match"] < 0.3
    assert row["first_at"] < row["last_at"]
    assert row["about"].startswith("8 accounts like and answer each other's posts")


def test_the_circle_was_seen_and_explained(bench):
    members = bench.read("shill/pod_members")
    assert members.height == len(POD) + len(CIRCLE)
    assert members.schema["node"] == pl.UInt32
