"""Where the search starts: sums of surprise against pairs counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep import seeds as lockstep_seeds
from graph.lockstep.block_model import sides
from graph.lockstep.counting import together
from graph.lockstep.seeds import partners, row_weights, rows_read, starting_points
from graph.network.followers import build_follower_graph


def random_graph(seed=0, n=60, follows=500):
    rng = np.random.default_rng(seed)
    return build_follower_graph(n, rng.integers(0, n, follows), rng.integers(0, n, follows))[0]


def shared_followers(graph, first, second, weight):
    return float(weight[np.intersect1d(graph.followers_of(first), graph.followers_of(second))].sum())


def test_partners_are_the_most_surprising_ones():
    graph = random_graph()
    by_row, by_column = sides(graph)
    for weight in row_weights(by_row):
        rate = float((weight * by_row.degrees**2).sum()) / graph.n_follows**2
        surprise = {}
        for other in range(60):
            shared = shared_followers(graph, 7, other, weight)
            expected = rate * graph.follower_counts[7] * graph.follower_counts[other]
            both = np.intersect1d(graph.followers_of(7), graph.followers_of(other)).size
            if other != 7 and both > 1 and shared > expected:
                surprise[other] = shared * np.log(shared / expected) - (shared - expected)
        best = sorted(surprise, key=lambda node: -surprise[node])[: lockstep_seeds.PARTNERS]
        assert partners(by_row, by_column, 7, weight, rate).tolist() == sorted([*best, 7])


def test_the_most_followed_together_come_first():
    graph = random_graph(1)
    by_row, by_column = sides(graph)
    weight, _ = row_weights(by_row)
    rate = float((weight * by_row.degrees**2).sum()) / graph.n_follows**2
    counts = graph.follower_counts
    score = np.zeros(60)
    for first in range(60):
        for second in range(60):
            expected = rate * counts[first] * counts[second]
            shared = shared_followers(graph, first, second, weight)
            # an account that follows one other says nothing about two
            if first != second and shared > 2 * expected:
                score[first] += shared * np.log(shared / expected) - (shared - expected)
    order = np.flatnonzero(counts >= 4)
    order = order[np.argsort(-score[order], kind="stable")]
    found = starting_points(by_row, by_column, weight, rate, 5, 10, 0)
    assert found[:5].tolist() == order[:5].tolist()
    assert np.unique(found).size == found.size


def test_long_rows_are_left_out_first(monkeypatch):
    graph = random_graph(2)
    by_row, by_column = sides(graph)
    weight, _ = row_weights(by_row)
    monkeypatch.setattr(lockstep_seeds, "PAIRS_READ", 200)
    read = rows_read(by_row)
    assert 0 < read.size < 60
    assert by_row.degrees[read].max() <= np.delete(by_row.degrees, read).max()
    assert starting_points(by_row, by_column, weight, 0.01, 5, 5, 0).size


def test_together_is_nothing_below_what_degrees_explain():
    assert together(0.0, 1.0) == together(1.0, 1.0) == 0.0
    assert together(4.0, 1.0) == pytest.approx(4 * np.log(4) - 3)


def test_a_graph_without_follows_has_no_starts():
    graph = build_follower_graph(5, np.zeros(0, int), np.zeros(0, int))[0]
    by_row, by_column = sides(graph)
    assert starting_points(by_row, by_column, row_weights(by_row)[0], 0.0, 5, 5, 0).size == 0
