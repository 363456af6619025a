"""Growth through the pipeline: a burst with a cause, parcels, and an arrival that others sent."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from assets.shill.signals import MEASURED, NOT_ENOUGH_DATA
from tests.assets.conftest import Workbench

START = datetime(2023, 5, 1)  # noqa: DTZ001 - the data are UTC without a zone
DAYS = 390
PEOPLE, SENT = 300, 40
NETWORK = (
    "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles", "growth_bursts",
    "follower_quality",
)  # fmt: skip


def moment(days):
    return (START + timedelta(days=float(days))).strftime("%Y-%m-%dT%H:%M:%S")


def came(rng, followee, names, days, gone=()):
    return [
        {"follower_id": name, "followee_id": followee, "followed_at": moment(day),
         "unfollowed_at": moment(day + 9) if place in gone else ""}
        for place, (name, day) in enumerate(zip(names, days, strict=True))
    ]  # fmt: skip


def tables():
    """Five accounts that people find one by one, and what else happens to each."""
    rng = np.random.default_rng(5)
    people = [f"p{number}" for number in range(PEOPLE)]
    sent = [f"s{number:02}00{number}" for number in range(SENT)]
    accounts = [
        {"account_id": name, "handle": name, "bio": "writes", "posts_count": 900, "has_avatar": "true",
         "followers_count": 2_000, "following_count": 90, "created_at": "2012-01-01"}
        for name in (*people, "quiet", "viral", "bombed", "served", "counted")
    ] + [
        {"account_id": name, "handle": name, "bio": "", "posts_count": 0, "has_avatar": "false",
         "followers_count": 1, "following_count": 4_000, "created_at": "2023-03-01"}
        for name in sent
    ]  # fmt: skip
    follows = []
    for name in ("quiet", "viral", "bombed", "served"):
        chosen = rng.choice(people, 120, replace=False)
        follows += came(rng, name, chosen, rng.random(120) * DAYS)
        rest = [person for person in people if person not in set(chosen)]
        if name == "viral":
            follows += came(rng, name, rest[:60], 200 + rng.exponential(1.5, 60))
    follows += came(rng, "bombed", sent, 200.2 + 0.3 * rng.random(SENT), gone=range(12))
    follows += came(rng, "served", sent[:20], 150 + 1.5 * rng.random(20))
    follows += came(rng, "served", sent[20:], 260 + 1.5 * rng.random(20))
    posts = [
        {"post_id": f"{name}{day}", "author_id": name, "posted_at": moment(day), "text": "a walk",
         "likes_count": 900 if (name, day) == ("viral", 200) else 20 + day % 7}
        for name in ("quiet", "viral", "bombed", "served")
        for day in range(5, DAYS - 5, 15)
    ]  # fmt: skip
    counts = 5_000 + np.cumsum(rng.poisson(40, 55))
    counts[30:] += 3_000
    snapshots = [
        {"account_id": "counted", "observed_at": moment(7 * week), "followers_count": int(count)}
        for week, count in enumerate(counts)
    ]
    return {
        "accounts": accounts, "follows": follows, "posts": posts, "snapshots": snapshots,
        "audience_members": [{"audience": "fans", "account_id": name} for name in people[:50]],
    }  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Workbench(tmp_path_factory.mktemp("growth"))
    made.tables = tables()
    assert made.network(*NETWORK).success
    return made


def test_every_burst_is_read_with_its_source_and_cause(bench):
    names = bench.ids()
    rows = bench.read("shill/growth").sort("burst_day")
    found = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(names[row["node"]], []).append(row)
    assert {name: [row["class"] for row in rows] for name, rows in found.items()} == {
        "viral": ["explained"],
        "bombed": ["bombed"],
        "served": ["unusual", "unusual"],
        "counted": ["unclear"],
    }
    assert {row["source"] for name in ("viral", "bombed", "served") for row in found[name]} == {
        "follow_times"
    }
    assert found["counted"][0]["source"] == "snapshots"
    assert found["counted"][0]["unusual_share"] is None
    assert found["viral"][0]["explained_by"] == "viral_post"
    bombed = found["bombed"][0]
    assert bombed["burst_day"] == (START + timedelta(days=200)).date()
    assert bombed["unusual_share"] == pytest.approx(1, abs=0.1)
    assert bombed["removed_share"] == pytest.approx(0.3, abs=0.03)
    assert bombed["sentence"].startswith("No harmless cause was found (sought: a post that stood out,")
    assert "sent by others" in bombed["sentence"]
    assert found["viral"][0]["sentence"].startswith("A post that stood out goes with")


def test_only_what_is_not_explained_and_not_sent_by_others_has_a_value(bench):
    signal = bench.read("shill/growth_bursts")
    value, state, n = (bench.by_id(signal, name) for name in ("value", "state", "n"))
    assert value["served"] > 0.1
    assert value["quiet"] == value["viral"] == value["bombed"] == 0
    assert value["counted"] < 0.2
    assert {name for name, one in state.items() if one == MEASURED} == {
        "quiet", "viral", "bombed", "served", "counted",
    }  # fmt: skip
    assert state["p1"] == NOT_ENOUGH_DATA
    assert n["counted"] == bench.tables["snapshots"][-1]["followers_count"]
    detail = bench.by_id(signal, "detail")
    assert detail["served"].endswith("There is 1 other burst, which reads alike.")
    assert detail["quiet"] is None


def test_followers_sent_by_others_do_not_count_among_the_suspicious(bench):
    share = bench.by_id(bench.read("shill/suspicious_followers"), "value")
    assert share["bombed"] < 0.02
    assert share["served"] > 0.2
    pairs = bench.read("shill/growth_followers").filter(pl.col("class") == "bombed")
    assert pairs.filter(~pl.col("stands")).height == 12
    assert pairs.height >= SENT


def test_without_times_and_counts_nothing_is_measured(tmp_path):
    made = Workbench(tmp_path)
    made.tables = {name: rows for name, rows in tables().items() if name not in {"snapshots", "posts"}}
    for row in made.tables["follows"]:
        row["followed_at"] = ""
    assert made.network(*NETWORK).success
    assert made.read("shill/growth").height == 0
    assert set(made.read("shill/growth_bursts")["state"]) == {NOT_ENOUGH_DATA}
