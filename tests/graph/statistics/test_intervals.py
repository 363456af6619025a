from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.statistics.intervals import (
    ConfidenceError,
    effective_sample_size,
    jeffreys_interval,
    wilson_interval,
)


def bounds_by_bisection(successes: float, trials: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """The shares at which the score test |p̂ - p| / sqrt(p(1-p)/n) equals z, found by bisection."""
    observed = successes / trials

    def too_far(share: float) -> bool:
        return abs(observed - share) > z * math.sqrt(share * (1 - share) / trials)

    def edge(outside: float, inside: float) -> float:
        for _ in range(200):
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if too_far(middle) else (outside, middle)
        return inside

    return (edge(0.0, observed) if observed else 0.0), (edge(1.0, observed) if observed < 1 else 1.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 2000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_interval_inverts_the_score_test(case):
    successes, trials = case
    low, high = wilson_interval(successes, trials)
    expected = bounds_by_bisection(successes, trials)
    assert (float(low), float(high)) == pytest.approx(expected, abs=1e-9)
    assert low <= successes / trials <= high


def test_wilson_interval_of_a_textbook_case():
    low, high = wilson_interval(8, 10)
    assert (round(float(low), 4), round(float(high), 4)) == (0.4902, 0.9433)


def test_no_trials_is_unknown_and_the_ends_are_exact():
    low, high = wilson_interval([0, 0, 5, 1], [0, 5, 5, math.nan])
    assert np.isnan(low[[0, 3]]).all()
    assert np.isnan(high[[0, 3]]).all()
    assert low[1] == 0
    assert high[2] == 1


def test_fractional_trials_are_an_effective_sample_size():
    wide, _ = wilson_interval(0.5 * 7.5, 7.5)
    narrow, _ = wilson_interval(0.5 * 75, 75)
    assert wide < narrow < 0.5


def beta_quantile(first: float, second: float, tail: float, steps: int = 20_000) -> float:
    """Quantile of Beta(first, second), summed in the angle that keeps its density finite."""
    angle = (np.arange(steps) + 0.5) / steps * math.pi / 2
    density = np.sin(angle) ** (2 * first - 1) * np.cos(angle) ** (2 * second - 1)
    below = np.cumsum(density) / density.sum()
    return float(np.sin(angle[np.searchsorted(below, tail)]) ** 2)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_jeffreys_interval_is_the_posterior_with_exact_ends(case):
    counted, trials = case
    low, high = jeffreys_interval(counted, trials)
    lower, upper = (beta_quantile(counted + 0.5, trials - counted + 0.5, tail) for tail in (0.025, 0.975))
    assert float(low) == (0.0 if counted == 0 else pytest.approx(lower, abs=1e-3))
    assert float(high) == (1.0 if counted == trials else pytest.approx(upper, abs=1e-3))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 2000), st.floats(0, 1), st.floats(0, 1))
def test_jeffreys_interval_holds_every_share_and_never_falls(trials, one, other):
    counted = np.sort([one, other]) * trials
    low, high = jeffreys_interval(counted, trials)
    assert (low <= counted / trials).all()
    assert (counted / trials <= high).all()
    assert (np.diff(low) >= -1e-12).all()
    assert (np.diff(high) >= -1e-12).all()


def test_jeffreys_interval_of_nothing_is_unknown():
    low, high = jeffreys_interval([0, 0, 1], [0, 5, math.nan])
    assert np.isnan([low[[0, 2]], high[[0, 2]]]).all()
    assert low[1] == 0 < high[1] < 1


@pytest.mark.parametrize("confidence", [0, 1, -1, 95, math.nan])
def test_an_impossible_confidence_is_refused(confidence):
    with pytest.raises(ConfidenceError, match=r"0\.95 is customary"):
        wilson_interval(1, 2, confidence)


def test_effective_sample_size():
    assert effective_sample_size(np.ones(7)) == pytest.approx(7)
    assert effective_sample_size([1, 0, 0]) == pytest.approx(1)
    assert effective_sample_size([3, 1]) == pytest.approx(16 / 10)
    assert effective_sample_size([1e-300, 1e-300]) == pytest.approx(2)
    assert effective_sample_size([0, 0]) == 0
    assert effective_sample_size([]) == 0
