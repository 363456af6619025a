from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.trust.clockwork import DAY, MIN_GAPS, regular_share, repeated_share
from graph.trust.conversation import Output

HOUR = 3_600


def output_of(rows):
    account, at, directed, words = zip(*rows, strict=True)
    return Output(
        account=np.array(account, dtype=np.int64),
        at=np.array(at, dtype=float),
        is_directed=np.array(directed, dtype=bool),
        words=np.array(words, dtype=np.uint64),
        is_complete=True,
    )


def test_a_clock_is_seen_through_jitter_and_people_are_not_clocks():
    rng = np.random.default_rng(4)
    clock = np.cumsum(np.full(60, 6 * HOUR) + rng.integers(-60, 61, 60))
    feeds = np.cumsum(rng.choice([6 * HOUR, 6 * HOUR, 30 * HOUR], 60)).astype(float)
    poisson = np.cumsum(rng.exponential(8 * HOUR, 300))
    bursty = np.cumsum(np.exp(rng.normal(np.log(HOUR), 2.0, 300)))
    evenings = np.arange(200) * DAY + rng.normal(19 * HOUR, 1.5 * HOUR, 200)
    scheduled = np.arange(60) * DAY + 9 * HOUR  # a planned post each morning, and talk in between
    human = np.sort(np.concatenate([scheduled, rng.uniform(0, 60 * DAY, 120)]))
    moments = [clock, feeds, poisson, bursty, evenings, human]
    account = np.repeat(np.arange(6), [len(times) for times in moments])
    share = regular_share(7, account, np.concatenate(moments).round())
    assert share[0] > 0.9
    assert share[1] > 0.5
    assert share[2:6].tolist() == [0.0] * 4
    assert np.isnan(share[6])


@pytest.mark.parametrize("unit", [DAY, HOUR])
def test_coarse_times_show_no_clock(unit):
    at = np.arange(100) * float(unit)
    assert regular_share(1, np.zeros(100, dtype=np.int64), at)[0] < 0.5


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["poisson", "bursty", "daily"]))
def test_people_are_hardly_ever_taken_for_clocks(seed, kind):
    rng = np.random.default_rng(seed)
    gaps = {
        "poisson": rng.exponential(5 * HOUR, 150),
        "bursty": np.exp(rng.normal(np.log(HOUR), 1.7, 150)),
        "daily": DAY + rng.normal(0, 2 * HOUR, 150),
    }[kind]
    assert regular_share(1, np.zeros(150, dtype=np.int64), np.cumsum(gaps).round())[0] < 0.2


def test_regular_share_needs_enough_gaps():
    at = np.arange(MIN_GAPS) * 7_321.0
    assert np.isnan(regular_share(1, np.zeros(MIN_GAPS, dtype=np.int64), at)[0])
    at = np.arange(MIN_GAPS + 1) * 7_321.0
    assert regular_share(1, np.zeros(MIN_GAPS + 1, dtype=np.int64), at)[0] > 0.9


def test_the_same_words_across_days_are_a_machines():
    rows = [(0, n * DAY, False, 7) for n in range(30)]  # one text every day
    rows += [(1, n * DAY, False, n + 1) for n in range(30)]  # never the same
    rows += [(2, n * HOUR / 60, False, 7) for n in range(30)]  # the same, but all within the hour
    rows += [(3, n * DAY, True, 7) for n in range(30)]  # directed: counted elsewhere
    share = repeated_share(5, output_of(rows))
    assert share[:3].tolist() == [pytest.approx(29 / 30), 0.0, 0.0]
    assert np.isnan(share[3:]).all()
