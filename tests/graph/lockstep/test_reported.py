"""Which of overlapping blocks is handed on, and what blocks say of the accounts in them."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep.block_model import sides
from graph.lockstep.blocks import FollowBlock
from graph.lockstep.reported import CLEARER, FEWEST_FOLLOWERS, reported
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


def block_of(customers, *, contrast=0.5, surprise=500.0, score=1.2):
    figures = dict.fromkeys(("expected", "density", "devotion", "structure", "overlap"), 0.5)
    customers = np.asarray(customers, dtype=np.uint32)
    return FollowBlock(
        BUYERS, customers, np.full(customers.size, 0.5), 100 * customers.size, **figures,
        contrast=contrast, answered=0.0, surprise=surprise, score=score,
    )  # fmt: skip


def report(graph, *found, null_score=0.0):
    return reported(graph, *sides(graph), list(found), null_score)


def test_a_block_says_which_share_was_sent_and_who_sent_it(graph):
    found = report(graph, block_of(range(20)))
    np.testing.assert_allclose(found.share[:20], 0.5)
    assert np.isnan(found.share[20:60]).all()  # fewer than FEWEST_FOLLOWERS
    assert FEWEST_FOLLOWERS > 1
    assert np.flatnonzero(found.is_buyer).tolist() == BUYERS.tolist()


@pytest.mark.parametrize("contrast", [0.5, 0.5 * CLEARER + 0.1])
def test_of_two_with_the_same_buyers_the_larger_one_stays_unless_the_smaller_is_much_clearer(graph, contrast):
    large, small = block_of(range(20)), block_of(range(8), contrast=contrast, surprise=200.0)
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
