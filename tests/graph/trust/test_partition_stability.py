from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.trust.partition_stability import adjusted_rand, best_jaccard, mean_adjusted_rand

LABELS = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(-1, 4), min_size=size, max_size=size)] * 2)
)


def rand_by_loop(first, second):
    """Hubert and Arabie's index, pair by pair."""
    pairs = list(combinations(range(len(first)), 2))
    same_first = [first[a] == first[b] for a, b in pairs]
    same_second = [second[a] == second[b] for a, b in pairs]
    both = sum(a and b for a, b in zip(same_first, same_second, strict=True))
    expected = sum(same_first) * sum(same_second) / len(pairs) if pairs else 0.0
    most = (sum(same_first) + sum(same_second)) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


@given(LABELS)
def test_adjusted_rand_agrees_with_a_loop_over_pairs(labels):
    first, second = labels
    assert adjusted_rand(np.array(first), np.array(second)) == pytest.approx(rand_by_loop(first, second))


@given(LABELS)
def test_names_of_labels_and_their_order_mean_nothing(labels):
    first, second = (np.array(part) for part in labels)
    value = adjusted_rand(first, second)
    assert adjusted_rand(second, first) == pytest.approx(value)
    assert adjusted_rand(7 - first, second) == pytest.approx(value)
    assert adjusted_rand(first[::-1], second[::-1]) == pytest.approx(value)
    assert adjusted_rand(first, first) == 1.0


@given(LABELS)
def test_best_jaccard_agrees_with_sets(labels):
    _, membership = np.unique(labels[0], return_inverse=True)
    membership -= membership.max() // 2  # the first labels become -1 and below
    membership = np.maximum(membership, -1)
    other = labels[1]
    groups = [set(np.flatnonzero(np.array(other) == label).tolist()) for label in set(other)]
    expected = [
        max(len(group & own) / len(group | own) for group in groups)
        for community in range(membership.max() + 1)
        for own in [set(np.flatnonzero(membership == community).tolist())]
    ]
    assert best_jaccard(membership, np.array(other)).tolist() == pytest.approx(expected)


def test_independent_partitions_do_not_agree():
    rng = np.random.default_rng(0)
    assert abs(adjusted_rand(rng.integers(5, size=3_000), rng.integers(5, size=3_000))) < 0.01


def test_mean_over_pairs():
    one, two = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert mean_adjusted_rand([one, one, one]) == 1.0
    assert mean_adjusted_rand([one, two, one]) == pytest.approx((1 + 2 * adjusted_rand(one, two)) / 3)
    assert math.isnan(mean_adjusted_rand([one]))
