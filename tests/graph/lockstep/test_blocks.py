"""What is measured of a block: how even it is, and what is left without those followed for show."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep.block_model import sides
from graph.lockstep.blocks import FEWEST_CUSTOMERS, FollowBlock, evenness, without_shown
from graph.network.followers import build_follower_graph


@pytest.mark.parametrize("seed", range(3))
def test_evenness_sees_groups_and_overlooks_activity(seed):
    rng = np.random.default_rng(seed)
    rate = np.outer(rng.lognormal(0, 0.7, 150), rng.lognormal(0, 0.7, 60)) * 0.2
    uneven = np.nonzero(rng.random((150, 60)) < -np.expm1(-rate))
    structure, _ = evenness(*uneven, 150, 60)
    assert structure < 1.1
    rate[:75, :30] *= 4.0
    rate[75:, 30:] *= 4.0
    grouped = np.nonzero(rng.random((150, 60)) < -np.expm1(-rate))
    structure, lean = evenness(*grouped, 150, 60)
    assert structure > 1.3
    assert lean.shape == (60,)
    assert abs(lean[:30].mean() - lean[30:].mean()) > 0.05


def test_what_is_left_with_three_customers_is_no_block():
    """Sixty accounts that a group follows for show do not make three that it follows beyond that a block."""
    rng = np.random.default_rng(0)
    others = np.concatenate((rng.integers(20, 60, 3), rng.integers(20, 400, 60)))
    hits = np.minimum(rng.poisson(0.25 * others) + np.where(np.arange(63) < 3, 150, 0), 200)
    fans = np.concatenate([63 + rng.choice(200, size, replace=False) for size in hits])
    rest = np.concatenate([263 + rng.choice(800, size, replace=False) for size in others])
    target = np.concatenate((np.repeat(np.arange(63), hits), np.repeat(np.arange(63), others)))
    graph = build_follower_graph(1_063, np.concatenate((fans, rest)), target)[0]
    nodes = np.arange(63, dtype=np.uint32)
    figures = dict.fromkeys(("expected", "density", "contrast", "devotion", "structure", "overlap"), 0.5)
    block = FollowBlock(
        np.unique(fans).astype(np.uint32), nodes, hits / (hits + others), int(hits.sum()), **figures,
        answered=0.0, surprise=500.0, score=1.2,
    )  # fmt: skip
    found = without_shown(*sides(graph), block)
    assert found.score == 3 / FEWEST_CUSTOMERS
    assert not found.is_flagged
