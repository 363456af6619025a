from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from graph.momentum import (
    DIRECTIONS,
    MomentumSettings,
    common_drift,
    count_error,
    decay_weights,
    momentum,
)

NAN = float("nan")
PLAIN = MomentumSettings()


def by_hand(days, values, errors, setting):
    """Slow reference: one candidate, one figure, no drift; (level, change, low, high)."""
    known = [r for r in range(len(days)) if not np.isnan(values[r])]
    if not known:
        return NAN, NAN, NAN, NAN
    newest = max(days)
    w = {r: 0.5 ** ((newest - days[r]) / setting.half_life_days) for r in known}
    total = sum(w.values())
    level = sum(w[r] * values[r] for r in known) / total
    span = max(days[r] for r in known) - min(days[r] for r in known)
    if len(known) < setting.fewest_runs or span < setting.shortest_span_days:
        return level, NAN, NAN, NAN
    middle = sum(w[r] * days[r] for r in known) / total
    spread = sum(w[r] * (days[r] - middle) ** 2 for r in known)
    c = {r: w[r] * (days[r] - middle) / spread for r in known}
    slope = sum(c[r] * values[r] for r in known)
    rest, left = 0.0, 0.0
    for r in known:
        rest += w[r] * (values[r] - level - slope * (days[r] - middle)) ** 2
        left += w[r] * (1 - w[r] * (1 / total + (days[r] - middle) ** 2 / spread))
    own = sum(c[r] ** 2 * errors[r] ** 2 for r in known)
    between = sum(c[r] ** 2 for r in known) * rest / left
    freedom = np.inf
    if between > 0:
        freedom = max(total**2 / sum(x**2 for x in w.values()) - 2, 1) * ((own + between) / between) ** 2
    half = student.ppf(0.5 + setting.confidence / 2, freedom) * np.sqrt(own + between)
    return level, *(30 * x for x in (slope, slope - half, slope + half))


@given(st.integers(0, 10**6), st.integers(1, 7), st.sampled_from([20.0, 90.0, 1000.0]))
@settings(max_examples=60, deadline=None)
def test_agrees_with_the_slow_reference(seed, n_runs, half_life):
    random = np.random.default_rng(seed)
    days = np.sort(random.choice(200, n_runs, replace=False)).astype(float)
    values = np.where(random.random((6, n_runs)) < 0.2, NAN, random.random((6, n_runs)))
    errors = random.random((6, n_runs)) * 0.1
    setting = replace(PLAIN, half_life_days=half_life)
    found = momentum(days, values, errors, setting)
    for k in range(6):
        expected = by_hand(days, values[k], errors[k], setting)
        got = (found.decayed_mean[k], found.change[k], found.change_low[k], found.change_high[k])
        np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9)
    assert np.isin(found.direction, DIRECTIONS).all()
    assert found.runs.tolist() == np.isfinite(values).sum(axis=1).tolist()


def test_a_planted_rise_is_found_and_noise_is_not():
    random = np.random.default_rng(1)
    days = np.arange(0.0, 180.0, 30.0)
    values = 0.3 + random.normal(0, 0.01, (500, days.size))
    values[7] += 0.03 * np.arange(days.size)
    values[8] -= 0.03 * np.arange(days.size)
    found = momentum(days, values, np.full(values.shape, 0.01))
    assert (found.direction[7], found.direction[8]) == ("rising", "falling")
    assert np.count_nonzero(found.direction != "steady") <= 3
    assert found.change[7] == pytest.approx(0.03, abs=0.01)
    assert found.change_low[7] < found.change[7] < found.change_high[7]


@pytest.mark.parametrize(("own", "between"), [(0.02, 0.0), (0.0, 0.02), (0.015, 0.015)])
@pytest.mark.parametrize("n_runs", [3, 6])
def test_intervals_hold_the_truth_at_least_as_often_as_they_say(own, between, n_runs):
    random = np.random.default_rng(5)
    days = np.arange(n_runs) * 30.0
    noise = random.normal(0, 1, (4000, n_runs)) * np.hypot(own, between)
    found = momentum(days, 0.5 + noise, np.full(noise.shape, own))
    holds = (found.change_low <= 0) & (found.change_high >= 0)
    assert holds.mean() >= PLAIN.confidence - 0.015
    assert np.count_nonzero(found.direction != "steady") <= 1


def test_what_all_have_in_common_is_nobodys_momentum():
    random = np.random.default_rng(2)
    days = np.arange(0.0, 150.0, 30.0)
    everybody = np.linspace(0.5, 1.0, days.size)
    values = random.uniform(0.1, 0.5, (60, 1)) * everybody
    values[3] *= np.linspace(0.4, 1.0, days.size)
    found = momentum(days, values, np.full(values.shape, 0.002))
    assert np.flatnonzero(found.direction == "rising").tolist() == [3]
    assert common_drift(values, np.tile(decay_weights(days, 90), (60, 1))) == pytest.approx(1 / everybody)
    # too few to tell what they have in common: nothing is taken out
    few = momentum(days, values[:5], np.full((5, days.size), 0.002))
    assert set(few.direction) == {"rising"}


@given(st.floats(0.05, 0.95), st.sampled_from([30.0, 60.0, 90.0]), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_the_influence_of_one_bad_week_halves_with_every_half_life(usual, half_life, later):
    step = 10.0
    setting = replace(PLAIN, half_life_days=half_life)

    def influence(days_since):
        # a long past of the same rhythm, so that the sum of the weights stands still
        days = np.arange(-4000.0, days_since + step / 2, step)
        values = np.full((2, days.size), usual)
        values[1, days == 0.0] -= 0.05
        level = momentum(days, values, np.zeros(values.shape), setting).decayed_mean
        return level[0] - level[1]

    at_once = influence(0.0)
    assert at_once > 0
    assert influence(later * half_life) == pytest.approx(at_once / 2**later, rel=1e-6)


@given(st.integers(2, 5), st.floats(0.1, 0.5))
@settings(max_examples=30, deadline=None)
def test_a_pattern_does_not_vanish(every, drop):
    days = np.arange(0.0, 2000.0, 10.0)
    values = np.full((1, days.size), 0.8)
    values[0, ::every] -= drop
    level = momentum(days, values, np.zeros(values.shape)).decayed_mean[0]
    assert 0.8 - level == pytest.approx(drop / every, rel=0.2)


@given(st.integers(0, 10**6), st.floats(0.1, 10.0), st.permutations(range(5)))
@settings(max_examples=30, deadline=None)
def test_neither_the_order_of_runs_nor_the_unit_decides(seed, unit, order):
    random = np.random.default_rng(seed)
    days = random.choice(300, 5, replace=False).astype(float)
    values, errors = random.random((30, 5)), random.random((30, 5)) * 0.05
    a = momentum(days, values, errors)
    b = momentum(days[order] + 17.0, values[:, order] * unit, errors[:, order] * unit)
    assert a.direction.tolist() == b.direction.tolist()
    np.testing.assert_allclose(b.change, a.change * unit, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(b.z, a.z, rtol=1e-6, atol=1e-9)


def test_too_few_runs_or_too_short_a_span_is_not_enough_data():
    days = [0.0, 20.0, 40.0]
    values = [[0.1, 0.2, 0.3], [0.1, NAN, 0.3], [NAN, NAN, NAN]]
    found = momentum(days, values, np.zeros((3, 3)))
    assert found.direction.tolist() == ["rising", "not_enough_data", "not_enough_data"]
    assert np.isnan(found.change[1:]).all()
    assert found.decayed_mean[1] > 0.2
    assert np.isnan(found.decayed_mean[2])
    assert np.isnan(found.first_day[2])
    days_in_a_row = momentum([0.0, 1.0, 2.0], values, np.zeros((3, 3)))
    assert set(days_in_a_row.direction) == {"not_enough_data"}
    assert momentum([], np.empty((2, 0)), np.empty((2, 0))).direction.tolist() == ["not_enough_data"] * 2
    assert momentum(days, np.empty((0, 3)), np.empty((0, 3))).direction.size == 0


def test_a_flat_line_is_steady_and_a_perfect_one_is_no_chance():
    found = momentum([0.0, 30.0, 60.0], [[0.5, 0.5, 0.5], [0.25, 0.5, 0.75]], np.zeros((2, 3)))
    assert found.direction.tolist() == ["steady", "rising"]
    assert abs(found.z[0]) < 1e-6
    assert np.isfinite(found.z).all()


def test_errors_of_counts():
    assert count_error(0, 100) > 0
    assert count_error(50, 100) == pytest.approx(0.049, abs=0.001)
    assert np.isnan(count_error(0, 0))
    assert count_error(30, 10) == pytest.approx(count_error(10, 10))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"half_life_days": 0.0}, "half_life_days"),
        ({"fewest_runs": 2}, "fewest_runs"),
        ({"shortest_span_days": 0.0}, "shortest_span_days"),
        ({"confidence": 1.0}, "confidence"),
        ({"false_discovery_rate": 0.0}, "false_discovery_rate"),
    ],
)
def test_bad_settings_are_refused(change, fault):
    with pytest.raises(ValueError, match=fault):
        replace(PLAIN, **change)


def test_runs_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match=r"\[k, 2\].*stand once"):
        momentum([1.0, 1.0], np.ones((3, 3)), np.ones((3, 3)))
    with pytest.raises(ValueError, match="errors must be"):
        momentum([1.0], [[1.0]], [[-1.0]])
