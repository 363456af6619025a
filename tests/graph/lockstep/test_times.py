"""Follows in bursts, against counting neighbours one by one; orders are delivered, fans come by and by."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep.times import (
    FEWEST_TOGETHER,
    LEAST_SURPRISE,
    TOGETHER_SECONDS,
    block_times,
    burst_graph,
    in_bursts,
)
from graph.network.followers import UNKNOWN_TIME, build_follower_graph

DAY = 86_400
BEGIN = 1_600_000_000


def timed_graph(seed, n=40, follows=500):
    rng = np.random.default_rng(seed)
    since = BEGIN + rng.integers(0, 300 * DAY, follows)
    since[: follows // 4] = BEGIN + rng.integers(0, 4, follows // 4) * 50 * DAY + rng.integers(0, 9_000)
    since[rng.random(follows) < 0.1] = UNKNOWN_TIME
    ends = rng.integers(0, n, (2, follows))
    return build_follower_graph(n, ends[0], ends[1] // 3, since.astype(np.uint32))[0]


@pytest.mark.parametrize("seed", range(4))
def test_bursts_are_what_counting_neighbours_says(seed):
    graph = timed_graph(seed)
    since = graph.following_since.astype(float)
    known = since[since != UNKNOWN_TIME]
    first, last = np.quantile(known, (0.01, 0.99))
    came = in_bursts(graph)
    for place, (node, time) in enumerate(zip(graph.following, since, strict=True)):
        others = since[(graph.following == node) & (since != UNKNOWN_TIME)]
        near = int((np.abs(others - time) <= TOGETHER_SECONDS / 2).sum()) - 1
        expected = (others.size - 1) * TOGETHER_SECONDS / (last - first)
        surprise = near * np.log(near / expected) - (near - expected) if near > expected else 0.0
        is_burst = time != UNKNOWN_TIME and near >= FEWEST_TOGETHER and surprise >= LEAST_SURPRISE
        assert came[place] == is_burst
    assert 0 < came.sum() < came.size
    assert burst_graph(graph).n_follows == came.sum()


def test_without_times_there_are_no_bursts():
    rng = np.random.default_rng(0)
    graph = build_follower_graph(30, rng.integers(0, 30, 200), rng.integers(0, 30, 200))[0]
    assert not in_bursts(graph).any()
    assert burst_graph(graph) is None
    when = block_times(graph, np.arange(5), np.arange(10, 20), in_bursts(graph))
    assert (when.timed, when.first) == (0, UNKNOWN_TIME)
    assert not when.is_delivered


def ordered(*, pace, seed=1, n=800):
    """People who find each other by and by, and a hundred buyers whose customers get them at their pace."""
    rng = np.random.default_rng(seed)
    source, target = rng.integers(0, n, 9_000), rng.integers(0, n, 9_000)
    since = BEGIN + rng.uniform(0, 1_000 * DAY, 9_000)
    row, column = np.nonzero(rng.random((100, 25)) < 0.5)
    shown = rng.integers(0, n, row.size)
    if pace == "days":
        when = rng.uniform(0, 200 * DAY, 25)[column] + rng.uniform(0, DAY, row.size)
    else:
        when = rng.uniform(0, 1_000 * DAY, row.size)
    graph = build_follower_graph(
        n + 100,
        np.concatenate((source, n + row, n + row)),
        np.concatenate((target, column, shown)),
        np.concatenate((since, BEGIN + when, BEGIN + rng.uniform(0, 1_000 * DAY, row.size))).astype(
            np.uint32
        ),
    )[0]
    return graph, np.arange(n, n + 100), np.arange(25)


def test_an_order_is_delivered_and_a_fan_comes_by_and_by():
    graph, buyers, customers = ordered(pace="days")
    came = in_bursts(graph)
    when = block_times(graph, buyers, customers, came)
    assert when.in_bursts > 0.9
    assert when.usual < 0.1
    assert when.is_delivered
    assert BEGIN <= when.first < when.last <= BEGIN + 1_001 * DAY
    graph, buyers, customers = ordered(pace="by and by")
    assert not block_times(graph, buyers, customers, in_bursts(graph)).is_delivered
