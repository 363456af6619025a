"""The baseline against the obvious version of itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import build_follower_graph
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.lockstep.peel import UNIT
from tests.benchmarks.lockstep.planting import Base, f1, plant


def obvious_densest_block(graph):
    """Takes out the member that holds least, the smaller one first, counting everything anew each time."""
    n = graph.n_accounts
    table = np.zeros((n, n), dtype=np.int64)
    for node in range(n):
        table[node, graph.following_of(node)] = 1
    table *= np.rint(UNIT / np.log(5.0 + graph.follower_counts)).astype(np.int64)
    is_in = np.concatenate((table.sum(axis=1) > 0, table.sum(axis=0) > 0))
    best, block = 0.0, is_in.copy()
    while is_in.any():
        inside = table * is_in[:n, None] * is_in[None, n:]
        density = float(inside.sum()) / is_in.sum()
        if density > best:
            best, block = density, is_in.copy()
        held = np.where(
            is_in, np.concatenate((inside.sum(axis=1), inside.sum(axis=0))), np.iinfo(np.int64).max
        )
        is_in[held.argmin()] = False
    return np.flatnonzero(block[:n]), np.flatnonzero(block[n:]), best / UNIT


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=400),
)
def test_the_peel_is_the_obvious_one(n, pairs):
    source, target = np.array(pairs, dtype=int).reshape(-1, 2).T % n
    graph = build_follower_graph(n, source, target)[0]
    found, expected = densest_block(graph), obvious_densest_block(graph)
    assert found[0].tolist() == expected[0].tolist()
    assert found[1].tolist() == expected[1].tolist()
    assert found[2] == expected[2]


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_with_fame_and_many_bars(seed):
    rng = np.random.default_rng(seed)
    n = 150
    fame = rng.pareto(1.0, n) + 0.05
    graph = build_follower_graph(n, rng.integers(0, n, 3_000), rng.choice(n, 3_000, p=fame / fame.sum()))[0]
    found, expected = densest_block(graph), obvious_densest_block(graph)
    assert found[0].tolist() == expected[0].tolist()
    assert found[1].tolist() == expected[1].tolist()
    assert found[2] == expected[2]


def test_a_full_block_is_found_and_an_empty_graph_has_none():
    rng = np.random.default_rng(1)
    base = Base(500, rng.integers(0, 500, 2_000), rng.integers(0, 500, 2_000))
    planted = plant(base, 40, 30, 1.0, "random", seed=1)
    followers, followed, _ = densest_block(planted.graph)
    assert f1(followers, planted.buyers) > 0.95
    assert f1(followed, planted.customers) > 0.95
    nothing = build_follower_graph(3, np.zeros(0, int), np.zeros(0, int))[0]
    assert densest_block(nothing)[0].size == 0
