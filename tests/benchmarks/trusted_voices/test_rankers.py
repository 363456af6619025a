from __future__ import annotations

import numpy as np
import pytest

from graph.network.followers import build_follower_graph
from graph.trust.endorsement import endorsement, endorsement_mass, everybody
from tests.benchmarks.trusted_voices import datasets
from tests.benchmarks.trusted_voices.baselines import RANKS, Seen, baseline_scores, factors_of, salsa
from tests.benchmarks.trusted_voices.datasets import adjacency, without
from tests.benchmarks.trusted_voices.frontier import frontier
from tests.benchmarks.trusted_voices.held_out_follows import predict_audience
from tests.benchmarks.trusted_voices.measuring import Shared
from tests.benchmarks.trusted_voices.page import body, dominates
from tests.benchmarks.trusted_voices.rankers import OURS, other_scores, our_scores
from tests.benchmarks.trusted_voices.split_audience import measure_audience

N = 120


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(5)
    graph, _ = build_follower_graph(N, rng.integers(0, N, 2500), rng.integers(0, N, 2500))
    return datasets.Network("small", "drawn", graph, 3, 10, 100)


def pairs(graph):
    return {(a, int(b)) for a in range(graph.n_accounts) for b in graph.following_of(a)}


def test_follows_are_taken_out_in_both_directions(network):
    graph = network.graph
    keep = np.random.default_rng(1).random(graph.n_follows) < 0.7
    left = without(graph, keep=keep, rows=np.array([3, 8]), owner=9)
    sources = np.repeat(np.arange(N), graph.following_counts)
    kept = set(zip(sources[keep].tolist(), graph.following[keep].tolist(), strict=True))
    expected = {(a, b) for a, b in kept if a not in {3, 8} and b != 9}
    assert pairs(left) == expected
    assert {(int(a), b) for b in range(N) for a in left.followers_of(b)} == expected
    again, _ = build_follower_graph(N, *np.array(sorted(expected)).T)
    assert left.followers.tolist() == again.followers.tolist()


def test_salsa_is_the_walk_back_and_forth(network):
    matrix = adjacency(network.graph)
    hubs, restart = np.array([1, 4, 7, 30]), np.arange(N, dtype=float)
    follows = {hub: network.graph.following_of(hub).tolist() for hub in hubs.tolist()}
    start = {hub: restart[hub] / restart[hubs].sum() for hub in follows}
    here = dict(start)
    for _ in range(30):
        at = dict.fromkeys(range(N), 0.0)
        for hub, row in follows.items():
            for voice in row:
                at[voice] += here[hub] / len(row)
        back = dict.fromkeys(follows, 0.0)
        for voice, mass in at.items():
            listeners = [hub for hub, row in follows.items() if voice in row]
            for hub in listeners:
                back[hub] += mass / len(listeners)
        here = {hub: 0.15 * start[hub] + 0.85 * back[hub] for hub in follows}
    expected = np.zeros(N)
    for hub, row in follows.items():
        expected[row] += here[hub] / len(row)
    np.testing.assert_allclose(salsa(matrix, hubs, restart), expected, atol=1e-6)


def test_a_factorisation_of_full_rank_gives_the_follows_back():
    rng = np.random.default_rng(2)
    graph, _ = build_follower_graph(80, rng.integers(0, 80, 900), rng.integers(0, 60, 900))
    count = adjacency(graph).T @ (np.arange(80) < 30).astype(float)
    factors = factors_of(adjacency(graph))
    np.testing.assert_allclose(factors.scores(count, max(RANKS)), count, atol=1e-3)


def test_ours_is_what_is_shipped(network):
    graph = network.graph
    seen = Seen(graph, np.arange(20))
    offsets, targets = graph.following_offsets, graph.following
    mass = endorsement_mass(offsets, targets, seen.weights)
    usual = endorsement_mass(offsets, targets, everybody(offsets))
    expected = endorsement(mass, usual, seen.affinity.lift)
    np.testing.assert_allclose(our_scores(seen)[OURS], expected, atol=1e-7)


def test_every_ranking_scores_every_account(network):
    seen = Seen(network.graph, np.arange(20))
    factors = factors_of(seen.matrix)
    scores = our_scores(seen) | baseline_scores(seen, np.ones(N), factors) | other_scores(seen)
    assert {values.shape for values in scores.values()} == {(N,)}


def test_the_page_says_what_was_skipped_and_shows_every_table(network, monkeypatch):
    shared = Shared(np.ones(N), factors_of(adjacency(network.graph)))
    owners = network.owners(0)
    rows = {
        "split": [measure_audience(network, owner, shared, seed=0, blind=False) for owner in owners],
        "blind": [measure_audience(network, owner, shared, seed=0, blind=True) for owner in owners],
        "held out": [predict_audience(network, owner, shared, seed=0) for owner in owners],
    }
    measured = {
        part: {name: np.array([row[name] for row in found]) for name in found[0]}
        for part, found in rows.items()
    }
    assert all(0 <= value <= 1 for value in measured["split"][OURS][:, 0])
    networks = {"small": {"what": "drawn", "accounts": N, "follows": 1, "measured": measured}}
    monkeypatch.delenv(datasets.REAL_DATA, raising=False)
    text = body(networks, {"epinions": "VOUCH_REAL_DATA is not set"}, None, "frontier.svg")
    assert "**epinions was skipped**: VOUCH_REAL_DATA is not set." in text
    for heading in ("## Split audience", "## Held-out follows", "## What else was tried"):
        assert f"\n\n{heading}\n\n" in text
    assert "nan" not in text
    points = {name: (values[0, 0], 2.0) for name, values in measured["split"].items()}
    assert frontier({"a & b": points}).count("<circle") > 5


def test_dominated_means_worse_in_both():
    assert dominates((0.5, 3.0), (0.4, 2.0))
    assert not dominates((0.5, 2.0), (0.4, 2.0))
    assert not dominates((0.3, 9.0), (0.4, 2.0))
