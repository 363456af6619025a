"""The likelihood of a block against the same thing written out, and what a block grows into."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from graph.lockstep.block_model import SCATTER, fit_block, guess, join_part, scattered, sides
from graph.lockstep.counting import Part
from graph.lockstep.membership import chosen, is_settled
from graph.network.followers import build_follower_graph


def random_graph(seed, n=120, follows=900):
    rng = np.random.default_rng(seed)
    return build_follower_graph(n, rng.integers(0, n, follows), rng.integers(0, n, follows))[0]


def planted_graph(seed, n=2_000, follows=20_000, buyers=60, customers=30, density=0.3):
    rng = np.random.default_rng(seed)
    row, column = np.nonzero(rng.random((buyers, customers)) < density)
    shown = rng.integers(0, n, row.size)
    source = np.concatenate((rng.integers(0, n, follows), n + row, n + row))
    target = np.concatenate((rng.integers(0, n, follows), column, shown))
    return build_follower_graph(n + buyers, source, target)[0]


def obvious_surprises(graph, other, before, *, is_scattered):
    """Surprise of every row, follow by follow, from the laws that scipy knows."""
    n, follows = graph.n_accounts, graph.n_follows
    followers, following = graph.follower_counts, graph.following_counts
    organic = {
        int(node): max(followers[node] - ordered, 0.5)
        for node, ordered in zip(other.nodes, other.ordered, strict=True)
    }
    mass, size = sum(organic.values()), len(organic)
    total = max(follows - other.ordered.sum(), 1.0)
    paid = {int(node): ordered + 0.5 for node, ordered in zip(other.nodes, other.ordered, strict=True)}
    all_paid = sum(paid.values())

    def chance_hits(degree):
        return max(size * (1.0 - np.exp(-degree * mass / (total * size))), 1e-9)

    mean = max(before.ordered.mean(), 0.5)
    shape = min(max(mean**2 / max(before.ordered.var() - before.hits.mean(), 1e-9), 0.5), 1e6)
    per_row = max(before.ordered.mean(), 1e-3)
    by_itself = np.mean(
        [chance_hits(following[node] - own) for node, own in zip(before.nodes, before.ordered, strict=True)]
    )
    surprises = {}
    for node in range(n):
        followed = [other for other in graph.following_of(node).tolist() if other in organic]
        hits, natural = len(followed), chance_hits(following[node])
        if hits < 2 or hits <= natural:
            continue
        own = chance_hits(following[node] - (hits - natural))
        spread = min(shape * ((own + mean) / mean) ** 2, 1e6)
        gain = 0.0
        for each in followed:
            mixed = (per_row * paid[each] / all_paid + by_itself * organic[each] / mass) / (
                per_row + by_itself
            )
            gain += np.log(mixed / (organic[each] / mass))
        law = nbinom.logpmf(hits, spread, spread / (spread + own + mean))
        natural_law = poisson.logpmf(hits, natural)
        if is_scattered:
            natural_law = nbinom.logpmf(hits, SCATTER, SCATTER / (SCATTER + natural))
        surprises[node] = law - natural_law + gain
    return surprises


@pytest.mark.parametrize("is_scattered", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_surprise_is_what_it_says(seed, is_scattered):
    graph = random_graph(seed)
    rng = np.random.default_rng(seed)
    by_row, by_column = sides(graph)
    columns = np.sort(rng.choice(120, 25, replace=False))
    other = Part(columns, np.full(25, 6.0), rng.uniform(0, 5, 25), np.zeros(25))
    rows = np.sort(rng.choice(120, 20, replace=False))
    before = Part(rows, rng.integers(1, 9, 20).astype(float), rng.uniform(0, 8, 20), np.zeros(20))
    expected = obvious_surprises(graph, other, before, is_scattered=is_scattered)
    by_row = scattered(by_row) if is_scattered else by_row
    bar = np.log(max(by_row.n_rows / 20, 1.5))
    joined = {node: value for node, value in expected.items() if value > bar}
    found = join_part(by_row, by_column, other, before)
    if len(joined) < 3:
        assert found is None
        return
    assert found is not None
    assert found.nodes.tolist() == sorted(joined)
    assert found.surprise == pytest.approx([joined[node] for node in found.nodes.tolist()], rel=1e-6)
    assert np.all(found.ordered >= 0)
    assert np.all(found.ordered <= found.hits)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 50), st.integers(3, 60))
def test_the_surest_are_those_of_a_stable_sort(seed, most):
    by_row, by_column = sides(random_graph(seed % 5))
    rng = np.random.default_rng(seed)
    columns = np.sort(rng.choice(120, 25, replace=False))
    other = Part(columns, np.full(25, 6.0), rng.uniform(0, 5, 25), np.zeros(25))
    every = join_part(by_row, by_column, other, None)
    assert every is not None
    kept = join_part(by_row, by_column, other, None, most)
    order = np.sort(np.argsort(-every.surprise, kind="stable")[:most])
    for found, expected in zip(kept, every, strict=True):
        assert found.tolist() == expected[order].tolist()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(-4, 4)), max_size=30), st.integers(1, 30))
def test_of_equals_the_first_are_chosen(pairs, most):
    surprise_of = dict(pairs)
    nodes = np.array(list(surprise_of), dtype=np.int64)
    surprise = np.array(list(surprise_of.values()), dtype=float)
    order = sorted(surprise_of, key=lambda node: (-surprise_of[node], node))[:most]
    assert nodes[chosen(nodes, surprise, most)].tolist() == sorted(order)


@pytest.mark.parametrize("seed", range(3))
def test_a_guess_grows_into_the_block(seed):
    graph = planted_graph(seed)
    rows, columns = fit_block(*sides(graph), guess(np.arange(8)))
    assert np.isin(rows.nodes, np.arange(2_000, 2_060)).mean() > 0.95
    assert rows.nodes.size >= 57
    assert columns.nodes.tolist() == list(range(30))


def test_a_guess_among_strangers_leads_nowhere():
    graph = random_graph(5, n=2_000, follows=8_000)
    assert fit_block(*sides(graph), guess(np.arange(10))) is None


def test_standing_still():
    def part(nodes):
        return Part(
            np.array(nodes, dtype=np.int64), np.zeros(len(nodes)), np.zeros(len(nodes)), np.zeros(len(nodes))
        )

    assert is_settled(part([1, 2, 3]), part([1, 2, 3]))
    assert not is_settled(part([1, 2, 4]), part([1, 2, 3]))
    assert not is_settled(part([1, 2, 4]), part([]))
