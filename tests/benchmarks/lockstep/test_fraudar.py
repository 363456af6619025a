"""The baseline against the obvious version of itself."""

from __future__ import annotations

import numpy as np
import pytest

from graph.network.followers import build_follower_graph
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.lockstep.planting import Base, f1, plant


def obvious_densest_block(graph):
    """Takes out the member that holds least, counting everything anew each time."""
    n = graph.n_accounts
    table = np.zeros((n, n))
    for node in range(n):
        table[node, graph.following_of(node)] = 1
    table /= np.log(5.0 + graph.follower_counts)
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    best, block = 0.0, (rows.copy(), columns.copy())
    while rows.any() or columns.any():
        inside = table * rows[:, None] * columns[None, :]
        density = inside.sum() / (rows.sum() + columns.sum())
        if density > best + 1e-12:
            best, block = density, (rows.copy(), columns.copy())
        held = np.concatenate(
            (np.where(rows, inside.sum(axis=1), np.inf), np.where(columns, inside.sum(axis=0), np.inf))
        )
        least = int(np.flatnonzero(held < held.min() + 1e-9)[0])
        if least < n:
            rows[least] = False
        else:
            columns[least - n] = False
    return np.flatnonzero(block[0]), np.flatnonzero(block[1]), best


@pytest.mark.parametrize("seed", range(8))
def test_the_peel_is_as_dense_as_the_obvious_one(seed):
    rng = np.random.default_rng(seed)
    n = 25
    graph = build_follower_graph(n, rng.integers(0, n, 120), rng.integers(0, n, 120))[0]
    followers, followed, density = densest_block(graph)
    _, _, expected = obvious_densest_block(graph)
    assert density == pytest.approx(expected, rel=1e-9)
    inside = sum(
        1.0 / np.log(5.0 + graph.follower_counts[other])
        for node in followers
        for other in graph.following_of(node)
        if other in followed
    )
    assert density == pytest.approx(inside / (followers.size + followed.size))


def test_a_full_block_is_found_and_an_empty_graph_has_none():
    rng = np.random.default_rng(1)
    base = Base(500, rng.integers(0, 500, 2_000), rng.integers(0, 500, 2_000))
    planted = plant(base, 40, 30, 1.0, "random", seed=1)
    followers, followed, _ = densest_block(planted.graph)
    assert f1(followers, planted.buyers) > 0.95
    assert f1(followed, planted.customers) > 0.95
    nothing = build_follower_graph(3, np.zeros(0, int), np.zeros(0, int))[0]
    assert densest_block(nothing)[0].size == 0
