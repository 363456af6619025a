from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import average_precision_score, ndcg_score

from tests.benchmarks.trusted_voices.metrics import (
    average_precision,
    best_of,
    interval,
    log_lift,
    ndcg,
    order_of,
    overlap,
)

SCORES = arrays(np.float64, st.integers(2, 60), elements=st.floats(-5, 5, width=16), unique=True)
TIED = arrays(np.float64, st.integers(1, 90), elements=st.sampled_from([-math.inf, 0.0, 1.0, 2.0, math.nan]))


@settings(deadline=None)
@given(SCORES, st.data())
def test_ndcg_is_scikit_learns(scores, data):
    relevance = data.draw(arrays(np.int64, scores.size, elements=st.integers(0, 5)).filter(np.any))
    found = ndcg(relevance[order_of(scores)], relevance, 10)
    assert found == pytest.approx(ndcg_score([relevance], [scores], k=10))


@settings(deadline=None)
@given(SCORES, st.data())
def test_average_precision_is_scikit_learns(scores, data):
    relevance = data.draw(arrays(np.int64, scores.size, elements=st.integers(0, 2)).filter(np.any))
    found = average_precision(relevance[order_of(scores)])
    assert found == pytest.approx(average_precision_score(relevance > 0, scores))


@settings(max_examples=200, deadline=None)
@given(TIED, st.integers(1, 20))
def test_the_best_are_the_first_of_the_order(scores, k):
    assert best_of(scores, k).tolist() == order_of(scores)[:k].tolist()


def test_ties_are_not_broken_by_node_number():
    order = order_of(np.zeros(1000))
    assert sorted(order.tolist()) == list(range(1000))
    assert abs(np.corrcoef(order, np.arange(1000))[0, 1]) < 0.2


def test_unknown_comes_last():
    assert order_of(np.array([math.nan, 1.0, -3.0])).tolist() == [1, 2, 0]


def test_overlap_counts_common_entries():
    assert overlap(np.array([1, 2, 3, 4]), np.array([4, 9, 2, 7])) == 0.5
    assert overlap(np.array([1]), np.array([2])) == 0


def test_log_lift_is_the_log_of_the_ratio_of_shares():
    assert log_lift(50, 100, 100, 10_000) == pytest.approx(math.log((50.5 / 101) / (100.5 / 10_001)))
    assert math.isfinite(log_lift(0, 10, 0, 0))


def test_the_interval_is_that_of_a_mean():
    values = np.random.default_rng(1).normal(3.0, 2.0, 400)
    low, high = interval(values)
    half = 1.96 * values.std() / math.sqrt(400)
    assert low == pytest.approx(values.mean() - half, abs=0.03)
    assert high == pytest.approx(values.mean() + half, abs=0.03)
    assert interval(np.full(5, 0.25)) == (0.25, 0.25)
