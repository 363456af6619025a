from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shrinkage import shrunk_to_typical

NAN = float("nan")


def noisy(seed, k=400, between=0.15):
    """True values, measurements of them, and the bounds of each (level 0.9)."""
    random = np.random.default_rng(seed)
    true = random.normal(0.5, between, k)
    error = random.choice([0.02, 0.1, 0.4], k)
    value = true + random.normal(0, 1, k) * error
    half = 1.6448536 * error
    return true, value, value - half, value + half


def test_the_planted_scatter_is_found_and_estimates_are_better_than_measurements():
    true, value, low, high = noisy(3)
    found = shrunk_to_typical(value, low, high, confidence=0.9)
    assert found.between == pytest.approx(0.15, abs=0.03)
    assert found.typical == pytest.approx(0.5, abs=0.03)
    assert np.mean((found.value - true) ** 2) < 0.6 * np.mean((value - true) ** 2)
    inside = np.abs(found.value - true) <= 1.6448536 * found.spread
    assert 0.85 <= inside.mean() <= 0.95


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.1, 0.3]))
@settings(max_examples=30, deadline=None)
def test_estimates_lie_between_measurement_and_typical(seed, between):
    _, value, low, high = noisy(seed, k=12, between=between)
    value[::3] = NAN
    found = shrunk_to_typical(value, low, high, confidence=0.9)
    unknown = np.isnan(value)
    assert np.all(found.value[unknown] == found.typical)
    assert np.all(found.spread[unknown] == found.between)
    nearest = np.minimum(value[~unknown], found.typical) - 1e-12, np.maximum(value[~unknown], found.typical)
    assert np.all((nearest[0] <= found.value[~unknown]) & (found.value[~unknown] <= nearest[1] + 1e-12))
    assert np.all(found.spread <= found.between + 1e-12)  # the missing are the least certain
    # the wider an interval, the nearer to typical
    kept = np.abs(found.value - found.typical)[~unknown] <= np.abs(value - found.typical)[~unknown] + 1e-12
    assert kept.all()


def test_nothing_measured_stays_unknown_and_one_alone_is_typical():
    nothing = shrunk_to_typical([NAN, NAN], [NAN, NAN], [NAN, NAN], confidence=0.9)
    assert np.isnan(nothing.value).all()
    assert np.isnan(nothing.typical)
    assert shrunk_to_typical([], [], [], confidence=0.9).value.size == 0
    alone = shrunk_to_typical([NAN, 0.7], [NAN, 0.6], [NAN, 0.8], confidence=0.9)
    assert alone.value.tolist() == pytest.approx([0.7, 0.7])
    assert alone.spread.tolist() == [0.0, 0.0]


def test_an_interval_of_no_width_is_no_error():
    found = shrunk_to_typical([0.2, 0.8], [0.2, 0.8], [0.2, 0.8], confidence=0.9)
    assert found.value.tolist() == pytest.approx([0.2, 0.8], abs=1e-4)
