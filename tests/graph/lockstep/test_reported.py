"""Which of overlapping blocks is handed on, and what blocks say of the accounts in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.lockstep.block_model import sides
from graph.lockstep.blocks import FollowBlock
from graph.lockstep.reported import (
    CLEARER,
    FEWEST_FOLLOWERS,
    FEWEST_OF_AUDIENCE,
    SURE_EVIDENCE,
    SURE_SURPRISE,
    UNEVEN_COSTS,
    reported,
    sureness,
)
from graph.network.followers import build_follower_graph

BUYERS = np.arange(60, 160, dtype=np.uint32)


@pytest.fixture(scope="module")
def graph():
    """Twenty customers of a hundred buyers, with as many other followers; forty accounts with few."""
    customer, buyer = np.meshgrid(np.arange(20), BUYERS)
    other = np.tile(np.arange(160, 260), 20)
    few = np.arange(20, 60)
    follower = np.concatenate((buyer.ravel(), other, np.arange(160, 200)))
    followee = np.concatenate((customer.ravel(), np.repeat(np.arange(20), 100), few))
    return build_follower_graph(260, follower, followee)[0]


def block_of(customers, *, contrast=0.5, surprise=9_000.0, score=1.2):
    figures = dict.fromkeys(("expected", "devotion", "structure", "overlap"), 0.5) | {"density": 1.0}
    customers = np.asarray(customers, dtype=np.uint32)
    return FollowBlock(
        BUYERS, customers, np.full(customers.size, 0.5), 100 * customers.size, **figures,
        contrast=contrast, answered=0.0, surprise=surprise, score=score,
    )  # fmt: skip


def report(graph, *found, null_score=0.0, audiences=()):
    return reported(graph, *sides(graph), list(found), null_score, audiences)


def test_a_block_says_which_share_was_sent_and_who_sent_it(graph):
    found = report(graph, block_of(range(20)))
    np.testing.assert_allclose(found.share[:20], 0.5)
    assert np.isnan(found.share[20:60]).all()  # fewer than FEWEST_FOLLOWERS
    assert FEWEST_FOLLOWERS > 1
    assert np.flatnonzero(found.is_buyer).tolist() == BUYERS.tolist()


@pytest.mark.parametrize("contrast", [0.5, 0.5 * CLEARER + 0.1])
def test_of_two_with_the_same_buyers_the_larger_one_stays_unless_the_smaller_is_much_clearer(graph, contrast):
    large, small = block_of(range(20)), block_of(range(8), contrast=contrast, surprise=5_000.0)
    found = report(graph, small, large)
    kept = small if contrast > 0.5 else large
    assert [block.customers.size for block in found.blocks] == [kept.customers.size]


def test_what_is_not_flagged_or_no_better_than_chance_says_nothing(graph):
    missed = block_of(range(20), score=0.9)
    assert report(graph, missed).blocks == []
    assert [block.score for block in report(graph, missed).others] == [0.9]
    by_chance = report(graph, block_of(range(20)), null_score=1.2)
    assert by_chance.blocks == []
    assert not by_chance.is_buyer.any()
    assert np.nansum(by_chance.share) == 0.0


@pytest.mark.parametrize(
    ("members", "is_theirs"),
    [
        (BUYERS[:40], True),
        (np.concatenate((BUYERS[:40], np.arange(160, 200))), True),
        (np.concatenate((BUYERS[:40], np.arange(160, 201))), False),
        (BUYERS[: FEWEST_OF_AUDIENCE - 1], False),
    ],
    ids=["a sample of them", "half of them", "less than half", "hardly anybody"],
)
def test_what_most_of_an_audience_is_in_is_no_order(graph, members, is_theirs):
    audiences = [np.arange(20, 60), members]
    found = report(graph, block_of(range(20)), audiences=audiences)
    assert (len(found.blocks), len(found.of_audience)) == ((0, 1) if is_theirs else (1, 0))
    assert found.is_buyer.any() != is_theirs
    assert (np.nansum(found.share) > 0) != is_theirs


WEAK = {"surprise": SURE_SURPRISE - 1.0}


def test_what_may_as_well_be_a_natural_group_is_not_flagged(graph):
    found = report(graph, block_of(range(20), **WEAK))
    assert found.blocks == []
    assert 0.99 < found.others[0].score < 1.0
    assert np.nansum(found.share) == 0.0
    assert report(graph, block_of(range(20), surprise=SURE_SURPRISE)).blocks


@pytest.mark.parametrize(("day_long", "is_flagged"), [(True, True), (False, False)])
def test_what_was_delivered_in_bursts_is_flagged_however_small(graph, day_long, is_flagged):
    rng = np.random.default_rng(0)
    follower = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    year = rng.integers(1_600_000_000, 1_631_536_000, graph.n_follows)
    ordered = np.isin(follower, BUYERS) & np.isin(graph.following, np.arange(20)) & day_long
    since = np.where(ordered, 1_610_000_000 + year % 86_400, year).astype(np.uint32)
    timed = replace(graph, following_since=since)
    assert bool(report(timed, block_of(range(20), **WEAK)).blocks) == is_flagged


@given(st.floats(0.9, 1.1), st.floats(100.0, 50_000.0), st.integers(15, 400))
def test_less_even_blocks_and_thinner_ones_need_more(structure, surprise, buyers):
    block = replace(block_of(range(20), surprise=surprise), structure=structure, density=0.3)
    block = replace(block, buyers=np.arange(60, 60 + buyers, dtype=np.uint32))
    evidence = 0.3 * np.sqrt(buyers * 20) / SURE_EVIDENCE
    expected = min(evidence, surprise / (SURE_SURPRISE * max(structure, 1.0) ** UNEVEN_COSTS))
    assert sureness(block) == pytest.approx(expected)
