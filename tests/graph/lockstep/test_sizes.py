"""What is usual among accounts of a size, against the same thing with all accounts sorted for every group."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep.sizes import NEXT_LARGER, Sizes


def obvious_usual(degrees, nodes, hits, columns):
    """Goes through all accounts for each column."""
    every = np.zeros(degrees.size)
    every[nodes] = hits
    others = degrees - every
    odds = every / np.maximum(others, 1.0)
    tier = np.log2(np.maximum(others, 1.0)).astype(int)
    followed = np.flatnonzero(degrees > 0)
    order = sorted(followed.tolist(), key=lambda node: (-others[node], node))
    usual, by_luck = [], []
    for column in columns.tolist():
        own = followed[tier[followed] == tier[column]]
        place = order.index(column)
        first = max(place - NEXT_LARGER, 0)
        near = [node for node in order[first : first + NEXT_LARGER + 1] if node != column]
        usual.append(max(np.median(odds[own]), np.median(odds[near]) if near else 0.0))
        outside = np.setdiff1d(own, columns)
        by_luck.append(every[outside].mean() if outside.size else 0.0)
    return usual, by_luck


def usual(sizes, nodes, hits, columns, own_hits):
    """Both medians, the larger of them; and follows by luck."""
    in_tier, by_luck, met = sizes.in_tiers(nodes, hits, columns, own_hits)
    return np.maximum(in_tier, sizes.of_the_larger(met, columns, own_hits)), by_luck


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("part", [0.02, 0.5, 1.0])
def test_usual_is_what_sorting_everybody_says(seed, part):
    rng = np.random.default_rng(seed)
    degrees = np.floor(rng.pareto(0.8, 300) * 3)
    able = np.flatnonzero(degrees > 0)
    nodes = rng.choice(able, max(int(part * able.size), 1), replace=False)
    hits = np.minimum(rng.integers(1, 40, nodes.size), degrees[nodes])
    columns = np.sort(rng.choice(able, 25, replace=False))
    own_hits = np.zeros(degrees.size)
    own_hits[nodes] = hits
    found, luck = usual(Sizes(degrees), nodes, hits, columns, own_hits[columns])
    expected, expected_luck = obvious_usual(degrees, nodes, hits, columns)
    assert found.tolist() == pytest.approx(expected)
    assert luck.tolist() == pytest.approx(expected_luck)


def test_an_account_alone_is_compared_with_nobody():
    sizes, alone, hits = Sizes(np.array([5.0, 0.0])), np.array([0]), np.array([4.0])
    found, by_luck = usual(sizes, alone, hits, alone, hits)
    assert found.tolist() == [4.0]
    assert by_luck.tolist() == [0.0]
