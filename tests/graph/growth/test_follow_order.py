"""What the order of followers says where no times are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.growth.follow_order import (
    NEWEST_FIRST,
    NO_ORDER,
    OLDEST_FIRST,
    _is_record,
    _running_maximum,
    bursts_of_order,
    order_of_delivery,
)

NETWORK = np.random.default_rng(8).uniform(10_000, 20_000, 20_000)


def follow_lists(seed=1, accounts=40, size=120):
    """Followers in the order in which they came: nobody follows before it exists."""
    rng = np.random.default_rng(seed)
    created = rng.uniform(10_000, 20_000, (accounts, size))
    came = created + (20_000 - created) * rng.random((accounts, size))
    created = np.take_along_axis(created, np.argsort(came, axis=1), axis=1)
    return np.repeat(np.arange(accounts), size), created.ravel()


def test_both_directions_are_told_and_other_orders_are_none():
    account, created = follow_lists()
    assert order_of_delivery(account, created) == OLDEST_FIRST
    assert order_of_delivery(account[::-1], created[::-1]) == NEWEST_FIRST
    rng = np.random.default_rng(2)
    shuffled = rng.permutation(len(account))
    assert order_of_delivery(account[shuffled], created[shuffled]) == NO_ORDER
    by_age = np.lexsort((created, account))
    assert order_of_delivery(account[by_age], created[by_age]) == NO_ORDER
    assert order_of_delivery(account, np.full(len(account), np.nan)) == NO_ORDER
    assert order_of_delivery(account[:20], created[:20]) == NO_ORDER
    assert order_of_delivery(account[:0], created[:0]) == NO_ORDER


def test_rows_of_accounts_may_be_mixed_as_long_as_each_keeps_its_order():
    account, created = follow_lists()
    place = np.tile(np.arange(120), 40)
    by_place = np.lexsort((account, place))
    assert order_of_delivery(account[by_place], created[by_place]) == OLDEST_FIRST


def with_run(created, day, at, size=25, account=3):
    """Accounts opened within a few days that came one after the other."""
    rng = np.random.default_rng(5)
    lists = created.reshape(40, 120).copy()
    rows = [list(row) for row in lists]
    rows[account][at:at] = (day + 5 * rng.random(size)).tolist()
    return np.repeat(np.arange(40), [len(row) for row in rows]), np.array(
        [one for row in rows for one in row]
    )


def test_a_run_opened_together_is_a_burst_with_its_bound_and_its_members():
    _, created = follow_lists()
    account, mixed = with_run(created, 15_000, 100)
    for direction in (OLDEST_FIRST, NEWEST_FIRST):
        rows = slice(None) if direction == OLDEST_FIRST else slice(None, None, -1)
        bursts, arrivals = bursts_of_order(account[rows], mixed[rows], NETWORK, direction)
        assert bursts.account.tolist() == [3]
        assert bursts.arrivals[0] == pytest.approx(25, abs=2)
        assert bursts.followers[0] == 145
        assert bursts.first_day[0] == np.floor(mixed[3 * 120 : 3 * 120 + 125].max())
        members = np.arange(len(account))[rows][arrivals.row]
        assert set(members.tolist()) >= set(range(3 * 120 + 100, 3 * 120 + 125))
        assert np.isnan(bursts.typical[0])


def test_newcomers_who_come_at_once_are_no_burst():
    _, created = follow_lists()
    account, mixed = with_run(created, 19_995, 120)
    assert len(bursts_of_order(account, mixed, NETWORK, OLDEST_FIRST)[0]) == 0


def test_a_time_in_which_everybody_joined_is_no_sign():
    _, created = follow_lists()
    account, mixed = with_run(created, 15_000, 100)
    wave = np.concatenate([NETWORK, np.full(30_000, 15_002.0)])
    assert len(bursts_of_order(account, mixed, wave, OLDEST_FIRST)[0]) == 0


def test_ordinary_lists_have_no_burst_and_no_order_says_nothing():
    account, created = follow_lists()
    assert len(bursts_of_order(account, created, NETWORK, OLDEST_FIRST)[0]) == 0
    marked, mixed = with_run(created, 15_000, 100)
    assert len(bursts_of_order(marked, mixed, NETWORK, NO_ORDER)[0]) == 0
    nothing = np.full(len(account), np.nan)
    assert len(bursts_of_order(account, nothing, NETWORK, OLDEST_FIRST)[0]) == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1_000), min_size=1, max_size=12), min_size=1, max_size=6))
def test_records_and_running_maxima_are_those_of_a_loop(lists):
    values = np.array([value for row in lists for value in row])
    size = np.array([len(row) for row in lists])
    start = np.cumsum(size) - size
    highest = [max(row[: place + 1]) for row in lists for place in range(len(row))]
    assert _running_maximum(values, start, size) == pytest.approx(highest)
    whole = np.floor(values)
    records = [
        place == 0 or np.floor(row[place]) > np.floor(row[:place]).max()
        for row in lists
        for place in range(len(row))
    ]
    assert _is_record(whole, start).tolist() == records
