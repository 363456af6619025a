"""Bursts between snapshots of a follower count."""

from __future__ import annotations

import numpy as np
import pytest

from graph.growth.counts import bursts_of_counts

DAY = 86_400
WEEKS = 26


def weekly(counts, account=0, every=7, first=20_000):
    counts = np.asarray(counts, dtype=float)
    return np.full(len(counts), account), (first + every * np.arange(len(counts))) * DAY * 1.0, counts


def found(*parts):
    return bursts_of_counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def steady(rng, start=10_000, weeks=WEEKS):
    return np.cumsum(np.append(start, rng.poisson(60, weeks - 1)))


def test_steady_growth_has_no_burst_and_could_be_told():
    rng = np.random.default_rng(1)
    bursts, can_tell = found(*(weekly(steady(rng), account) for account in range(50)))
    assert len(bursts) == 0
    assert can_tell.all()


def test_a_step_is_a_burst_and_what_is_lost_again_is_counted():
    rng = np.random.default_rng(1)
    counts = steady(rng)
    counts[12:] += 4_000
    counts[14:] -= 1_200
    bursts, _ = found(weekly(counts), weekly(steady(rng), 1))
    assert bursts.account.tolist() == [0]
    assert bursts.arrivals[0] == pytest.approx(4_000, rel=0.05)
    assert bursts.removed[0] == pytest.approx(0.3, abs=0.02)
    assert (bursts.first_day[0], bursts.last_day[0]) == (20_000 + 77, 20_000 + 84)
    assert np.isnan(bursts.hours[0])


def test_steps_apart_are_bursts_apart_and_neighbouring_ones_are_one():
    rng = np.random.default_rng(1)
    apart, together = steady(rng), steady(rng)
    apart[8:] += 3_000
    apart[18:] += 3_000
    together[8:] += 3_000
    together[9:] += 3_000
    bursts, _ = found(weekly(apart), weekly(together, 1))
    assert bursts.account.tolist() == [0, 0, 1]
    assert bursts.arrivals[2] == pytest.approx(6_000, rel=0.05)


def test_rounded_counts_do_not_jump():
    rng = np.random.default_rng(1)
    counts = np.floor(steady(rng, 120_000) / 1_000) * 1_000
    assert len(found(weekly(counts))[0]) == 0


def test_a_wave_that_carries_everybody_is_nobodys_burst():
    rng = np.random.default_rng(1)
    parts = []
    for account in range(40):
        counts = steady(rng)
        counts[12:] += 3_000
        parts.append(weekly(counts, account))
    assert len(found(*parts)[0]) == 0
    assert len(found(*parts[:5])[0]) == 5  # five accounts say nothing about the network


def test_few_snapshots_and_long_gaps_cannot_be_told():
    rng = np.random.default_rng(1)
    counts = steady(rng)
    counts[12:] += 4_000
    bursts, can_tell = found(weekly(counts[10:15]), weekly(counts, 1, every=60))
    assert len(bursts) == 0
    assert can_tell.tolist() == [False, False]


def test_nothing_one_and_the_same_moment_twice():
    empty = np.zeros(0)
    assert len(bursts_of_counts(empty.astype(int), empty, empty)[0]) == 0
    assert bursts_of_counts(np.array([3]), np.array([5.0]), np.array([5.0]))[1].tolist() == [False]
    assert len(bursts_of_counts(np.array([3, 3]), np.array([5.0, 5.0]), np.array([5.0, 900.0]))[0]) == 0
