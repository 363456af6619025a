"""Followers day by day, against counting one follow after the other."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.delivered_follows import NO_TIME, DeliveredFollows
from graph.network.follower_days import follower_days

DAY = 86_400_000_000
TIMES = st.one_of(st.none(), st.integers(-3 * DAY, 20_000 * DAY))
FOLLOWS = st.lists(st.tuples(st.integers(0, 4), TIMES, TIMES), max_size=40)


def counted(follows, wanted):
    days, listed, timed = Counter(), Counter(), Counter()
    for followee, began, ended in follows:
        if not wanted[followee]:
            continue
        listed[followee] += 1
        if began is None:
            continue
        timed[followee] += 1
        days[followee, began // DAY] += 1
        if ended is not None:
            days[followee, ended // DAY] -= 1
    return sorted((account, day, change) for (account, day), change in days.items() if change), listed, timed


def delivered(follows):
    def times(column):
        return np.array([NO_TIME if row[column] is None else row[column] for row in follows], dtype=np.int64)

    followee = np.array([row[0] for row in follows], dtype=np.uint32)
    return DeliveredFollows(np.zeros_like(followee), followee, times(1), times(2))


@settings(max_examples=60, deadline=None)
@given(FOLLOWS, st.lists(st.booleans(), min_size=5, max_size=5), st.integers(1, 7))
def test_the_days_are_those_of_counting_one_by_one(follows, wanted, chunk_rows):
    found = follower_days(delivered(follows), np.array(wanted), chunk_rows)
    days, listed, timed = counted(follows, wanted)
    assert list(zip(found.account.tolist(), found.day.tolist(), found.change.tolist(), strict=True)) == days
    assert found.listed.tolist() == [listed[account] for account in range(5)]
    assert found.timed.tolist() == [timed[account] for account in range(5)]


def test_without_any_time_there_are_no_days():
    followee = np.array([0, 1, 1], dtype=np.uint32)
    found = follower_days(DeliveredFollows(followee, followee), np.array([False, True]))
    assert found.day.size == 0
    assert found.listed.tolist() == [0, 2]
    assert found.timed.tolist() == [0, 0]
