"""Lockstep through the pipeline: the share of followers that were sent, the group, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from assets.shill.lockstep import _members, _without_sent
from assets.shill.signals import NOT_ENOUGH_DATA
from graph.lockstep.blocks import FollowBlock
from tests.assets.conftest import Workbench

BUYERS, CUSTOMERS, PEOPLE = 80, 12, 900
NETWORK = (
    "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles", "growth_bursts",
    "engagement_pods", "lockstep_followers", "coordinated_sharing", "sponsorship", "copied_text",
    "signal_groups",
)  # fmt: skip
ORDERED = datetime(2024, 5, 3, tzinfo=UTC)


def follows():
    """People who follow as they like, and eighty accounts that were sent to the same twelve."""
    rng = np.random.default_rng(4)
    fame = rng.pareto(1.3, PEOPLE) + 0.05
    source, target = rng.integers(0, PEOPLE, 12_000), rng.choice(PEOPLE, 12_000, p=fame / fame.sum())
    counts = np.bincount(target, minlength=PEOPLE)
    chosen = rng.choice(np.flatnonzero((counts >= 5) & (counts <= 20)), CUSTOMERS, replace=False)
    buyer, place = np.nonzero(rng.random((BUYERS, CUSTOMERS)) < 0.6)
    rows = [
        {"follower_id": f"p{a}", "followee_id": f"p{b}",
         "followed_at": (ORDERED - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S")}
        for a, b, hours in zip(source, target, rng.integers(1_000, 9_000, source.size).tolist(), strict=True)
    ]  # fmt: skip
    rows += [
        {"follower_id": f"s{a}", "followee_id": f"p{chosen[b]}",
         "followed_at": (ORDERED + timedelta(hours=int(b))).strftime("%Y-%m-%dT%H:%M:%S")}
        for a, b in zip(buyer, place, strict=True)
    ]  # fmt: skip
    return rows, {f"p{node}" for node in chosen}


@pytest.fixture(scope="module")
def found(tmp_path_factory):

    bench = Workbench(tmp_path_factory.mktemp("lockstep"))
    bench.tables["follows"], customers = follows()
    assert bench.network(*NETWORK).success
    return bench, customers


def test_the_customers_have_a_share_and_everybody_else_none(found):
    bench, customers = found
    rows = bench.read("shill/lockstep_followers")
    share = bench.by_id(rows, "value")
    flagged = {name for name, value in share.items() if value > 0}
    assert flagged == customers
    assert min(share[name] for name in customers) > 0.5
    state, n = bench.by_id(rows, "state"), bench.by_id(rows, "n")
    assert {state[name] for name in state if n[name] < 10} == {NOT_ENOUGH_DATA}
    detail = bench.by_id(rows, "detail")
    assert {detail[name] for name in customers} == {"block-001"}
    assert {bench.by_id(rows, "count")[name] for name in customers} == {float(CUSTOMERS)}


def test_the_group_says_who_how_many_and_when(found):
    bench, customers = found
    [group] = bench.read("shill/signal_groups").filter(pl.col("kind") == "lockstep_block").to_dicts()
    assert group["group_id"] == "block-001"
    assert group["score"] >= group["threshold"] == 1.0
    assert group["first_at"] == ORDERED.replace(tzinfo=None)
    assert group["last_at"] == ORDERED.replace(tzinfo=None) + timedelta(hours=CUSTOMERS - 1)
    assert f"accounts follow the same {CUSTOMERS} accounts" in group["about"]
    assert ", on 2024-05-03." in group["about"]
    members = bench.read("shill/signal_group_members").filter(pl.col("group_id") == "block-001")
    roles = dict(members.group_by("role").len().iter_rows())
    assert roles["followed"] == CUSTOMERS
    assert 0.9 * BUYERS < roles["follower"] <= BUYERS
    assert set(members.filter(pl.col("role") == "followed")["account_id"]) == customers


def test_what_the_customers_of_a_brand_have_in_common_is_no_order(bench):
    bench.tables["follows"], _ = follows()
    bench.tables["audience_members"] = [
        {"audience": "fans", "account_id": f"s{number}"} for number in range(0, BUYERS, 2)
    ] + [{"audience": "others", "account_id": f"p{number}"} for number in range(40)]
    assert bench.network(*NETWORK).success
    shares = bench.read("shill/lockstep_followers").filter(pl.col("state") != NOT_ENOUGH_DATA)["value"]
    assert set(shares) == {0.0}
    assert "lockstep_block" not in bench.read("shill/signal_groups")["kind"].to_list()


def test_without_follows_nothing_is_said(bench):
    bench.tables["follows"] = []
    assert bench.network(*NETWORK).success
    assert set(bench.read("shill/lockstep_followers")["state"]) == {NOT_ENOUGH_DATA}
    assert "lockstep_block" not in bench.read("shill/signal_groups")["kind"].to_list()


def test_followers_from_a_block_who_were_sent_by_others_do_not_count():
    class Block:
        buyers = np.array([1, 2, 3])

    class Found:
        blocks = (Block(),)
        share = np.array([0.5, 0.0, 0.0, np.nan, 0.25, 0.0])

    sent = pl.DataFrame({"node": [0, 0, 0, 4, 4], "follower": [1, 1, 5, 1, 2]})
    left = _without_sent(Found(), np.array([6, 4, 0, 1, 4, 9]), sent)
    assert left.tolist()[:3] == [
        pytest.approx(0.5 - 1 / 6),
        0.0,
        0.0,
    ]  # once each, and not who is in no block
    assert np.isnan(left[3])
    assert left[4] == 0.0


def test_whoever_follows_and_is_followed_in_a_block_is_listed_once():
    block = FollowBlock(
        buyers=np.array([1, 2, 3], dtype=np.uint32),
        customers=np.array([3, 4], dtype=np.uint32),
        bought=np.array([0.5, 0.25]),
        follows=5, expected=1.0, density=1.0, contrast=1.0, devotion=1.0, structure=0.0, overlap=0.5,
        answered=0.0, surprise=1.0, score=2.0,
    )  # fmt: skip
    rows = _members([block]).sort("node")
    assert rows.select("node", "role", "share").rows() == [
        (1, "follower", None),
        (2, "follower", None),
        (3, "follower and followed", 0.5),
        (4, "followed", 0.25),
    ]
