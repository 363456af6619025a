"""Short walks, sixteen at once, against matrix powers."""

from __future__ import annotations

import numpy as np
import pytest

from graph.arrays.prefetch import NEAR_BYTES
from graph.network.followers import build_follower_graph
from graph.network.short_walks import LANES, SWEEPS, short_walks

ON = 0.5


def walked(seed, n=70, edges=900):
    """A graph, its edges as a matrix, sixteen starts, and where the walks from them lead."""
    rng = np.random.default_rng(seed)
    graph = build_follower_graph(n, rng.integers(0, n, edges), rng.integers(0, n - 9, edges))[0]
    start = np.where(rng.random((n, LANES)) < 0.1, rng.random((n, LANES)), 0).astype(np.float32)
    return graph, start


def passed_on(graph):
    """What each follower of an account gets of a visit to it."""
    return np.divide(
        ON, graph.follower_counts, out=np.zeros(graph.n_accounts), where=graph.follower_counts > 0
    )


def visits(graph, start):
    return short_walks(graph.following_offsets, graph.following, passed_on(graph), start.copy())


def by_steps(graph, start, steps):
    """Visits of walks of up to so many steps, one matrix product each."""
    n = graph.n_accounts
    step = np.zeros((n, n))
    for node in range(n):
        step[node, graph.following_of(node)] = passed_on(graph)[graph.following_of(node)]
    here, total = start.astype(np.float64), np.zeros(start.shape)
    for _ in range(steps):
        here = step @ here
        total += here
    return total


@pytest.mark.parametrize("seed", range(3))
def test_all_walks_of_as_many_steps_as_sweeps_are_counted_and_hardly_any_is_missing(seed):
    graph, start = walked(seed)
    found = visits(graph, start)
    assert (found >= by_steps(graph, start, SWEEPS) - 1e-6).all()
    exact = by_steps(graph, start, 60)
    assert (found <= exact + 1e-6).all()
    assert ((exact - found).sum(axis=0) <= 1e-4 * start.sum(axis=0)).all()


def test_no_walk_feels_which_others_go_beside_it_and_parts_add_up():
    graph, start = walked(5)
    together = visits(graph, start)
    alone = np.zeros_like(start)
    alone[:, 3] = start[:, 3]
    np.testing.assert_array_equal(visits(graph, alone)[:, 3], together[:, 3])
    halves = np.zeros_like(start)
    halves[: len(start) // 2, 0], halves[len(start) // 2 :, 1] = np.array_split(start[:, 3], 2)
    np.testing.assert_allclose(visits(graph, halves)[:, :2].sum(axis=1), together[:, 3], atol=1e-6)


def test_walks_in_a_network_too_large_to_be_near_the_processor_are_the_same():
    small, start = walked(6)
    n = NEAR_BYTES // start[:1].nbytes + 1
    large = build_follower_graph(
        n, np.repeat(np.arange(70), np.diff(small.following_offsets)), small.following
    )[0]
    padded = np.zeros((n, LANES), dtype=np.float32)
    padded[:70] = start
    found = visits(large, padded)
    np.testing.assert_array_equal(found[:70], visits(small, start))
    assert not found[70:].any()


def test_walks_that_have_died_are_not_walked_on():
    graph = build_follower_graph(3, np.array([0, 1]), np.array([1, 2]))[0]  # 0 follows 1, 1 follows 2
    start = np.zeros((3, LANES), dtype=np.float32)
    start[2, :] = 1.0
    assert visits(graph, start)[:, 0].tolist() == [ON * ON, ON, 0.0]
    nobody = build_follower_graph(0, np.zeros(0, int), np.zeros(0, int))[0]
    assert visits(nobody, np.zeros((0, LANES), dtype=np.float32)).shape == (0, LANES)
