from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, pearson3
from scipy.stats import t as student

from graph.trust.momentum import (
    DIRECTIONS,
    MomentumSettings,
    _common_growth,
    common_drift,
    count_momentum,
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


def growing_world(random, *, k=600, runs=3, members=500, growth=0.12, lost=0.0, burst=1, joining=0.05):
    """Followers of k candidates over runs, by heavy-tailed fame, all growing at one rate."""
    x = np.maximum(random.binomial(members, np.minimum((3 + 3 * random.pareto(1.1, k)) / members, 0.45)), 3)
    counts, sizes = [x], [members]
    for _ in range(runs - 1):
        came = random.binomial(int(sizes[-1] * joining), np.minimum(x / sizes[-1], 0.9))
        gained = burst * random.poisson(x * (growth - joining) / burst)
        x = x + came + gained - random.binomial(x, lost)
        counts.append(x)
        sizes.append(int(sizes[-1] * (1 + joining)))
    return np.array(counts, dtype=float).T, np.array(sizes, dtype=float)


def counts_by_hand(days, counts, exposure, growth, dispersion, jump, setting):
    """Slow reference: one candidate with what all have in common given; (change, low, high, tail)."""
    newest = max(days)
    known = [r for r in range(len(days)) if not np.isnan(counts[r])]
    w = {r: 0.5 ** ((newest - days[r]) / setting.half_life_days) for r in known}
    total = sum(w.values())
    middle = sum(w[r] * days[r] for r in known) / total
    spread = sum(w[r] * (days[r] - middle) ** 2 for r in known)
    c = {r: w[r] * (days[r] - middle) / spread for r in known}
    unit = {r: growth[-1] / growth[r] / exposure[r] for r in known}
    slope = sum(c[r] * (counts[r] + 0.5) * unit[r] for r in known)
    variance = third = 0.0
    for then, now in pairwise(known):
        d = abs(sum(c[r] for r in known if r >= now)) * unit[now]
        m = (counts[then] + 0.5) * exposure[now] / exposure[then] * growth[now] / growth[then]
        v = m * (dispersion[now] - dispersion[then])
        variance += d**2 * v
        third += d**3 * v * jump[then + 1]
    one, z = third / variance, norm.ppf(0.5 + setting.confidence / 2)
    # (|b| - c)² = z² (variance + one c) for a change c in the direction of b
    far, near = np.roots([1, -2 * abs(slope) - z**2 * one, slope**2 - z**2 * variance])
    below, above = sorted((far, near)) if slope > 0 else sorted((-far, -near))
    beyond = max(abs(slope) - third / variance / 2, 0.0)
    bend = third / variance**1.5
    tail = min(2 * pearson3.sf(beyond / np.sqrt(variance), bend), 1.0)
    return 30 * slope, 30 * below, 30 * above, tail


@given(st.integers(0, 10**6), st.integers(3, 6), st.floats(0.0, 0.2), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_counts_agree_with_the_slow_reference(seed, runs, lost, burst):
    random = np.random.default_rng(seed)
    counts, sizes = growing_world(random, k=60, runs=runs, lost=lost, burst=burst)
    counts = np.where(random.random(counts.shape) < 0.1, NAN, counts)
    days = np.sort(random.choice(np.arange(0, 200, 20), runs, replace=False)).astype(float)
    found = count_momentum(days, counts, sizes)
    known = np.isfinite(counts)
    common = _common_growth(np.where(known, counts + 0.5, 0), np.tile(sizes, (60, 1)), known)
    for k in np.flatnonzero(found.direction != "not_enough_data"):
        *bounds, tail = counts_by_hand(days, counts[k], sizes, *common, PLAIN)
        got = (found.change[k], found.change_low[k], found.change_high[k])
        np.testing.assert_allclose(got, bounds, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(2 * norm.sf(abs(found.z[k])), tail, rtol=1e-6, atol=1e-300)
        np.testing.assert_allclose(found.decayed_mean[k], by_hand(days, counts[k] / sizes, sizes, PLAIN)[0])


@pytest.mark.parametrize(
    "world",
    [
        {},
        {"runs": 6},
        {"lost": 0.1},
        {"burst": 4},
        {"members": 150, "k": 200},
        {"growth": 0.02, "joining": 0.02},
        {"growth": 0.5},
    ],
)
def test_growth_of_all_at_one_rate_is_nobodys_rise(world):
    random = np.random.default_rng(8)
    alarms, z = 0, []
    for _ in range(40):
        counts, sizes = growing_world(random, **world)
        found = count_momentum(36.0 * np.arange(sizes.size), counts, sizes)
        alarms += bool(np.isin(found.direction, ["rising", "falling"]).any())
        z.append(found.z)
    # where nobody moves, any call is false: the false discovery rate is how often there is one
    assert alarms / 40 <= PLAIN.false_discovery_rate + 0.025
    assert np.mean(np.abs(np.concatenate(z)) > 1.645) <= 0.10


def test_a_rise_by_half_between_runs_is_found_and_little_else():
    random = np.random.default_rng(3)
    found_of_ten, others = [], 0
    for _ in range(20):
        counts, sizes = growing_world(random)
        risers = random.choice(np.flatnonzero(counts[:, 0] >= 10), 10, replace=False)
        counts[risers, 1] += random.poisson(counts[risers, 0] / 2)
        counts[risers, 2] += counts[risers, 1] - counts[risers, 0] + random.poisson(counts[risers, 1] / 2)
        rising = count_momentum([0.0, 36.0, 78.0], counts, sizes).direction == "rising"
        found_of_ten.append(rising[risers].mean())
        others += int(rising.sum() - rising[risers].sum())
    assert np.mean(found_of_ten) >= 0.8
    assert others <= PLAIN.false_discovery_rate * 200


def test_who_loses_members_falls():
    random = np.random.default_rng(6)
    counts, sizes = growing_world(random, lost=0.05)
    famous = int(np.argmax(counts[:, 0]))
    counts[famous] = counts[famous, 0] * np.array([1.0, 0.75, 0.5])
    assert count_momentum([0.0, 36.0, 78.0], counts, sizes).direction[famous] == "falling"


@given(st.integers(0, 10**6), st.permutations(range(4)), st.floats(0.2, 5.0))
@settings(max_examples=20, deadline=None)
def test_neither_the_order_of_runs_nor_the_scale_of_exposure_decides(seed, order, unit):
    counts, sizes = growing_world(np.random.default_rng(seed), k=50, runs=4)
    days = np.array([0.0, 30.0, 50.0, 100.0])
    a, b = (
        count_momentum(days, counts, sizes),
        count_momentum(days[order], counts[:, order], sizes[order] / unit),
    )
    np.testing.assert_allclose(b.z, a.z, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(b.change, a.change * unit, rtol=1e-6, atol=1e-12)


def test_counts_with_few_companions_or_none():
    days = [0.0, 30.0, 60.0]
    alone = count_momentum(days, [[10.0, 30.0, 60.0]], [200.0, 200.0, 200.0])
    assert alone.direction.tolist() == ["rising"]
    assert alone.change_low[0] > 0
    still = count_momentum(days, [[10.0, 10.0, 10.0], [0.0, 0.0, 0.0]], [200.0, 200.0, 200.0])
    assert still.direction.tolist() == ["steady", "steady"]
    gaps = count_momentum(days, [[10.0, NAN, 60.0], [NAN, NAN, NAN]], [200.0, 200.0, 200.0])
    assert gaps.direction.tolist() == ["not_enough_data"] * 2
    assert np.isnan(gaps.decayed_mean[1])
    assert count_momentum([], np.empty((2, 0)), []).direction.tolist() == ["not_enough_data"] * 2
    assert count_momentum(days, np.empty((0, 3)), np.ones(3)).direction.size == 0
    nobody = count_momentum(days, [[1.0, 2.0, 3.0]], [0.0, 100.0, 100.0])
    assert nobody.runs.tolist() == [2]
    with pytest.raises(ValueError, match="counts must be"):
        count_momentum([0.0], [[-1.0]], [1.0])


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
