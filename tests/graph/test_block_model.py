"""The likelihood of a block against the same thing written out, and what a block grows into."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from graph.block_model import (
    Part,
    count_hits,
    expected_hits,
    fit_block,
    is_settled,
    join_part,
    log_ordered,
    log_poisson,
    sides,
)
from graph.followers import build_follower_graph


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


def obvious_surprises(graph, other, before):
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
        surprises[node] = law - poisson.logpmf(hits, natural) + gain
    return surprises


@pytest.mark.parametrize("seed", range(6))
def test_surprise_is_what_it_says(seed):
    graph = random_graph(seed)
    rng = np.random.default_rng(seed)
    by_row, by_column = sides(graph)
    columns = np.sort(rng.choice(120, 25, replace=False))
    other = Part(columns, np.full(25, 6.0), rng.uniform(0, 5, 25), np.zeros(25))
    rows = np.sort(rng.choice(120, 20, replace=False))
    before = Part(rows, rng.integers(1, 9, 20).astype(float), rng.uniform(0, 8, 20), np.zeros(20))
    expected = obvious_surprises(graph, other, before)
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


def test_laws_are_those_of_scipy():
    hits = np.arange(0.0, 30.0)
    factorial = poisson.logpmf(hits, 4.0) - log_poisson(hits, np.full(30, 4.0))
    own = np.full(30, 1.5)
    spread = 3.0 * ((1.5 + 4.0) / 4.0) ** 2
    expected = nbinom.logpmf(hits, spread, spread / (spread + 5.5))
    assert log_ordered(hits, own, 4.0, 3.0) + factorial == pytest.approx(expected)


def test_expected_hits_never_exceed_the_block():
    degree = np.array([0.0, 1.0, 10.0, 1e6])
    found = expected_hits(degree, 500.0, 10_000.0, 20)
    assert found[2] == pytest.approx(20 * (1 - np.exp(-10 * 500 / (10_000 * 20))))
    assert np.all(found <= 20)
    assert np.all(found > 0)


@pytest.mark.parametrize("chosen", [[3], [1, 2, 5, 40], list(range(60))])
def test_counting_hits_row_by_row(chosen):
    graph = random_graph(3)
    by_row, _ = sides(graph)
    value = np.linspace(0, 1, len(chosen))
    counted = {}
    for number, row in enumerate(chosen):
        for node in graph.following_of(row).tolist():
            hits, total = counted.get(node, (0, 0.0))
            counted[node] = hits + 1, total + value[number]
    nodes, hits, totals = count_hits(by_row, np.array(chosen), value)
    assert nodes.tolist() == sorted(counted)
    assert hits.tolist() == [counted[node][0] for node in sorted(counted)]
    assert totals == pytest.approx([counted[node][1] for node in sorted(counted)])


@pytest.mark.parametrize("seed", range(3))
def test_a_guess_grows_into_the_block(seed):
    graph = planted_graph(seed)
    rows, columns = list(fit_block(*sides(graph), np.arange(8)))[-1]
    assert np.isin(rows.nodes, np.arange(2_000, 2_060)).mean() > 0.95
    assert rows.nodes.size >= 57
    assert columns.nodes.tolist() == list(range(30))


def test_a_guess_among_strangers_leads_nowhere():
    graph = random_graph(5, n=2_000, follows=8_000)
    assert list(fit_block(*sides(graph), np.arange(10))) == []


def test_standing_still():
    def part(nodes):
        return Part(np.array(nodes), np.zeros(len(nodes)), np.zeros(len(nodes)), np.zeros(len(nodes)))

    assert is_settled(part([1, 2, 3]), part([1, 2, 3]))
    assert not is_settled(part([1, 2, 4]), part([1, 2, 3]))
    assert not is_settled(part([1, 2, 4]), None)
