"""Recalibration: the shape comes from labels, the base rate stays, and nothing changes without a gain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from graph.shill.recalibration import (
    ISOTONIC_FROM,
    NONE,
    PLATT,
    _isotonic,
    _line,
    brier,
    calibration_error,
    learn_recalibration,
)

N = 6_000


def network(slope, seed):
    """Measured log odds whose true ones are `slope` times as far from their middle, at the same base rate."""
    random = np.random.default_rng(seed)
    measured = random.normal(-3.0, 2.0, N)
    shift = brentq(lambda c: expit(slope * measured + c).mean() - expit(measured).mean(), -30, 30)
    return measured, random.random(N) < expit(slope * measured + shift)


def chosen(kind, measured, is_shill, seed=1, n=200):
    """Whom a reviewer looks at: anybody, whoever scores high, or as many shills as genuine accounts."""
    random = np.random.default_rng(seed)
    if kind == "anybody":
        return random.choice(N, ISOTONIC_FROM - 50, replace=False)
    if kind == "high scores":
        return np.argsort(random.normal(0, 2, N) - measured)[: 2 * n]
    return np.concatenate(
        [random.choice(np.flatnonzero(is_shill == side), n, replace=False) for side in (True, False)]
    )


@pytest.mark.parametrize("kind", ["anybody", "high scores", "as many of each"])
@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_however_labels_are_chosen_they_mend_the_shape_and_keep_the_base_rate(kind, slope):
    measured, is_shill = network(slope, seed=3)
    rows = chosen(kind, measured, is_shill)
    learned = learn_recalibration(measured[rows], is_shill[rows], measured)
    assert learned.method == PLATT
    before, after = expit(measured), learned.of(expit(measured))
    assert after.mean() == pytest.approx(before.mean(), abs=1e-6)
    assert brier(after, is_shill) < brier(before, is_shill)
    assert calibration_error(after, is_shill) < 0.5 * calibration_error(before, is_shill)
    assert learned.brier_after < learned.brier_before


def test_from_a_thousand_labels_on_the_curve_is_free():
    random = np.random.default_rng(5)
    measured = random.normal(0, 2, 4_000)
    is_shill = random.random(4_000) < np.where(measured > 1, 0.7, 0.05)
    learned = learn_recalibration(measured[:2_000], is_shill[:2_000], measured)
    assert learned.n_labels >= ISOTONIC_FROM
    assert learned.method == "isotonic"
    after = learned.of(expit(measured))
    assert brier(after[2_000:], is_shill[2_000:]) < brier(expit(measured[2_000:]), is_shill[2_000:])
    assert after.mean() == pytest.approx(expit(measured).mean(), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_labels_that_say_nothing_new_change_nothing(seed):
    measured, is_shill = network(1.0, seed)
    rows = chosen("as many of each", measured, is_shill, seed)
    learned = learn_recalibration(measured[rows], is_shill[rows], measured)
    probability = expit(measured)
    assert learned.method == NONE
    assert "no better than chance" in learned.why_not
    assert learned.of(probability) is probability


@pytest.mark.parametrize(("shills", "genuine"), [(9, 200), (200, 9), (20, 29), (0, 0)])
def test_too_few_labels_of_either_kind_change_nothing(shills, genuine):
    is_shill = np.repeat([True, False], [shills, genuine])
    learned = learn_recalibration(np.linspace(-3, 3, is_shill.size), is_shill, np.zeros(3))
    assert (learned.method, learned.n_labels, learned.n_shills) == (NONE, is_shill.size, shills)
    assert learned.why_not.startswith("needs 50 labels")
    assert np.isnan(learned.brier_after)


def test_labels_against_what_was_measured_never_turn_it_round():
    measured, is_shill = network(2.0, 3)
    rows = chosen("as many of each", measured, is_shill)
    learned = learn_recalibration(measured[rows], ~is_shill[rows], measured)
    assert learned.method == NONE


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([60, 300, 1_200]), st.floats(0.3, 3))
def test_more_suspicion_never_lowers_a_probability_or_a_bound(seed, n, slope):
    random = np.random.default_rng(seed)
    x = random.normal(-1, 3, n)
    is_shill = random.random(n) < expit(slope * x)
    learned = learn_recalibration(x, is_shill, random.normal(-3, 2, 500))
    probability = np.sort(np.concatenate([random.random(50), [0.0, 1e-9, 1 - 1e-9, 1.0]]))
    out = learned.of(probability)
    low, high = learned.bounds(probability * 0.9, np.minimum(1.0, probability * 1.1))
    assert all(np.all(np.diff(column) >= -1e-12) for column in (out, low, high))
    assert np.all((low <= out + 1e-12) & (out <= high + 1e-12))
    assert (out[0], out[-1]) == (0.0, 1.0)


def test_the_line_is_that_of_a_logistic_regression():
    measured, is_shill = network(0.7, 2)
    intercept, slope, error = _line(measured, is_shill)
    reference = LogisticRegression(C=np.inf, tol=1e-10).fit(measured[:, None], is_shill)
    assert slope == pytest.approx(reference.coef_[0, 0], rel=0.02)  # the smoothed targets move it a little
    assert intercept == pytest.approx(reference.intercept_[0], rel=0.02)
    assert 0 < error < 0.1


def test_the_steps_are_those_of_an_isotonic_regression():
    random = np.random.default_rng(1)
    x, is_shill = random.normal(0, 1, 3_000), random.random(3_000) < 0.3
    is_shill |= x > 1
    knots = _isotonic(x, is_shill)
    reference = IsotonicRegression().fit(x, is_shill).predict(knots[0])
    big = np.abs(logit(np.clip(reference, 1e-6, 1 - 1e-6))) < 3
    assert expit(knots[1])[big] == pytest.approx(reference[big], abs=0.12)
    assert np.all(np.diff(knots, axis=1) >= 0)


def test_calibration_error_by_hand():
    probability = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration_error(probability, np.array([False, False, True, True])) == pytest.approx(0.05)
    assert calibration_error(probability, np.array([True, True, False, False])) == pytest.approx(0.95)
