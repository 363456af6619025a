"""Bursts of followers from follow times, beside a slow reference, and the network's own growth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from graph.growth.bursts import (
    DAY,
    FEWEST_ARRIVALS,
    FEWEST_FOLLOWERS,
    LEAST_DISPERSION,
    LEAST_RATE,
    Usual,
    _usual_weeks,
    bursts_of_times,
    is_network_growth,
    joined_bursts,
    network_growth,
    no_bursts,
    unusualness,
    upper_tail,
)
from graph.growth.bursts import _Keys as Keys

FIRST = 20_000  # a day
DAYS = 400
UNTIL = (FIRST + DAYS) * float(DAY)


def trickle(rng, n=120, account=0):
    """Followers that come as they like, all through the time."""
    return np.full(n, account), (FIRST + rng.random(n) * DAYS) * DAY


def found(*parts, left=None):
    account = np.concatenate([part[0] for part in parts])
    at = np.concatenate([part[1] for part in parts])
    return bursts_of_times(account, at, np.full(len(at), np.nan) if left is None else left, UNTIL)


def parcel(day, n, hours, account=0, rng=None):
    rng = rng or np.random.default_rng(1)
    return np.full(n, account), (FIRST + day) * DAY + rng.random(n) * hours * 3_600


def test_a_trickle_has_no_burst():
    rng = np.random.default_rng(3)
    bursts, arrivals = found(
        *(trickle(rng, n, account) for account, n in enumerate((30, 100, 1_000, 20_000)))
    )
    assert len(bursts) == 0
    assert arrivals.row.size == 0


def test_a_parcel_in_one_night_is_one_burst_with_everybody_who_came():
    rng = np.random.default_rng(3)
    background, sent = trickle(rng), parcel(200, 40, 8)
    bursts, arrivals = found(background, sent)
    assert bursts.account.tolist() == [0]
    assert bursts.first_day.tolist() == bursts.last_day.tolist() == [FIRST + 200]
    assert bursts.arrivals[0] == pytest.approx(40, abs=2)
    assert bursts.mass[0] <= bursts.arrivals[0]
    assert bursts.typical[0] < 1
    assert 5 < bursts.hours[0] < 8
    assert set(range(120, 160)) <= set(arrivals.row.tolist())
    assert arrivals.row.size <= 42


def test_an_arrival_over_several_days_is_one_burst():
    rng = np.random.default_rng(3)
    bursts, _ = found(trickle(rng), parcel(200, 90, 5 * 24))
    assert len(bursts) == 1
    assert bursts.last_day[0] - bursts.first_day[0] == 4
    assert bursts.arrivals[0] == pytest.approx(90, abs=4)


def test_parcels_apart_are_bursts_apart_and_other_accounts_stay_out():
    rng = np.random.default_rng(3)
    bursts, arrivals = found(
        trickle(rng), parcel(150, 30, 20), parcel(200, 30, 20), trickle(rng, 200, account=1)
    )
    assert bursts.account.tolist() == [0, 0]
    assert bursts.first_day.tolist() == [FIRST + 150, FIRST + 200]
    assert np.bincount(arrivals.burst).tolist() == pytest.approx([30, 30], abs=2)


def test_a_few_on_one_day_are_no_burst_and_a_busy_account_has_busy_days():
    rng = np.random.default_rng(3)
    few, _ = found(trickle(rng), parcel(200, 5, 8))
    busy, _ = found(trickle(rng, 20_000), parcel(200, 40, 8))
    assert len(few) == len(busy) == 0


def test_whoever_left_again_is_counted():
    rng = np.random.default_rng(3)
    background, sent = trickle(rng), parcel(200, 40, 8)
    left = np.full(160, np.nan)
    left[120:132] = UNTIL - 10
    bursts, _ = found(background, sent, left=left)
    assert bursts.removed[0] == pytest.approx(12 / 40, abs=0.02)


def test_how_few_left_is_not_known_before_they_could_leave():
    rng = np.random.default_rng(3)
    background, sent = trickle(rng), parcel(DAYS - 20, 40, 8)
    left = np.full(160, np.nan)
    left[120] = UNTIL - 10
    bursts, _ = found(background, sent, left=left)
    assert np.isnan(bursts.removed[0])
    left[120:140] = UNTIL - 10
    bursts, _ = found(background, sent, left=left)
    assert bursts.removed[0] > 0.4


def test_times_known_to_the_day_say_nothing_of_hours():
    rng = np.random.default_rng(3)
    account, at = (np.concatenate(part) for part in zip(trickle(rng), parcel(200, 40, 8), strict=True))
    bursts, _ = bursts_of_times(account, np.floor(at / DAY) * DAY, np.full(len(at), np.nan), UNTIL)
    assert len(bursts) == 1
    assert np.isnan(bursts.hours[0])


def test_few_followers_and_the_first_weeks_are_not_judged():
    rng = np.random.default_rng(3)
    small, _ = found(trickle(rng, 5), parcel(200, FEWEST_FOLLOWERS - 6, 8))
    start, _ = found(trickle(rng), parcel(-1, 60, 8))
    assert len(small) == 0
    assert len(start) <= 1  # the weeks after it tell, where there are enough of them


def test_the_order_of_the_rows_does_not_matter():
    rng = np.random.default_rng(3)
    account, at = (np.concatenate(part) for part in zip(trickle(rng), parcel(200, 40, 8), strict=True))
    left = np.full(len(at), np.nan)
    one, who = bursts_of_times(account, at, left, UNTIL)
    order = rng.permutation(len(at))
    two, them = bursts_of_times(account[order], at[order], left, UNTIL)
    assert np.array_equal(one.arrivals, two.arrivals)
    assert sorted(who.row.tolist()) == sorted(order[them.row].tolist())


def test_nobody_and_nothing():
    empty = np.zeros(0)
    bursts, arrivals = bursts_of_times(empty.astype(int), empty, empty, 0.0)
    assert len(bursts) == len(joined_bursts([bursts, no_bursts()])) == arrivals.row.size == 0
    assert network_growth(empty.astype(int), empty)[1].size == 0


def usual_by_hand(days, day, first, last):
    """The weekly gains around a day, week by week."""
    begins = [day - 10 - 7 * number for number in range(8)] + [day + 4 + 7 * number for number in range(8)]
    whole = [begin for begin in begins if begin >= first and begin + 7 <= last + 1]
    weeks = [sum(begin <= d < begin + 7 for d in days) for begin in whole]
    if len(weeks) < 4:
        return None
    lower = sorted(weeks)[: int(np.ceil(0.75 * len(weeks)))]
    rate = max(np.median(weeks), np.mean(lower)) / 7
    logs = np.log1p(weeks)
    spread = 1.4826 * np.median(np.abs(logs - np.median(logs)))
    return rate, np.sqrt(max(spread**2 - 7 * rate / (1 + 7 * rate) ** 2, 0))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 150), min_size=1, max_size=80),
    st.lists(st.integers(0, 150), min_size=1, max_size=80),
)
def test_the_usual_is_that_of_the_weeks_around(one, other):
    days = np.array(sorted(one) + sorted(other)) + FIRST
    node = np.repeat([0, 3], [len(one), len(other)])
    last = int(days.max())
    keys = Keys(node, days, last)
    first = np.where(node == 0, FIRST + min(one), FIRST + min(other))
    found = _usual_weeks(keys, node, days, first)
    for place in range(len(days)):
        own = days[node == node[place]]
        expected = usual_by_hand(own.tolist(), days[place], first[place], last)
        if expected is None:
            assert np.isnan(found.rate[place])
        else:
            assert (found.rate[place], found.spread[place]) == pytest.approx(expected)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 200), st.floats(0.1, 50), st.floats(0.1, 3))
def test_the_tail_is_that_of_a_negative_binomial_law(count, mean, dispersion):
    size = 1 / dispersion
    expected = nbinom.sf(count - 1, size, size / (size + mean))
    found = upper_tail(np.array([count * 1.0]), np.array([mean]), np.array([dispersion]))[0]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 100), st.floats(0, 2), st.integers(0, 300), st.integers(1, 100))
def test_more_is_more_unusual(rate, spread, gained, more):
    usual = Usual(np.full(2, rate), np.full(2, spread))
    z, tail = unusualness(np.array([gained, gained + more], dtype=float), 1.0, usual)
    assert z[1] > z[0]
    assert tail[1] <= tail[0]


def test_constants_leave_five_followers_alone():
    usual = Usual(np.zeros(1), np.zeros(1))
    _, tail = unusualness(np.array([5.0]), 1.0, usual)
    assert tail[0] > 1e-6
    assert LEAST_RATE > 0 < LEAST_DISPERSION
    assert FEWEST_ARRIVALS > 5


def test_growth_of_everybody_is_the_networks():
    rng = np.random.default_rng(3)
    everybody = [trickle(rng, 120, account) for account in range(200)]
    wave = [parcel(200, 30, 24, account, rng) for account in range(200)]
    lone = [*everybody, parcel(200, 30, 24, 7, rng)]
    for parts, is_network in ((everybody + wave, True), (lone, False)):
        bursts, _ = found(*parts)
        account = np.concatenate([part[0] for part in parts])
        at = np.concatenate([part[1] for part in parts])
        assert len(bursts) >= 1
        verdicts = is_network_growth(bursts, *network_growth(account, at))
        assert verdicts.mean() > 0.9 if is_network else not verdicts.any()
