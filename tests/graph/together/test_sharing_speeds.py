from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.together.sharing_speeds import EDGES_S, N_BINS, meeting_odds, sharing_speeds


@pytest.mark.parametrize("window", [10, 600, 3_600])
def test_odds_are_those_of_two_dice_in_two_bins(window):
    rng = np.random.default_rng(0)
    odds = meeting_odds(window)
    assert np.allclose(odds, odds.T)
    for one in range(0, N_BINS, 3):
        for other in range(N_BINS):
            ours, theirs = (rng.uniform(EDGES_S[bin_], EDGES_S[bin_ + 1], 20_000) for bin_ in (one, other))
            assert abs(np.mean(np.abs(ours - theirs) <= window) - odds[one, other]) < 0.02


@settings(max_examples=40, deadline=None)
@given(
    acts=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-1, 2), st.floats(0, 1e9) | st.just(float("nan"))),
        max_size=30,
    )
)
def test_delays_are_shares_of_one(acts):
    actor, source, delay = np.array(acts, dtype=float).reshape(-1, 3).T
    speeds = sharing_speeds(4, actor.astype(np.int64), source.astype(np.int64), delay)
    account, where = np.divmod(np.arange(16), 4)
    found = speeds.at(account, where - 1)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found >= 0).all()
    assert (found[:, 0] == 0).all()  # the moment of appearance is nobody's delay


def test_a_fan_is_quick_at_the_idol_alone():
    actor = np.zeros(60, dtype=np.int64)
    source = np.repeat([0, 1], 30)
    delay = np.where(source == 0, 5.0, 50_000.0)
    speeds = sharing_speeds(1, actor, source, delay)
    at_idol, elsewhere, unknown = speeds.at(np.zeros(3, dtype=np.int64), np.array([0, 1, -1]))
    assert at_idol[1] > 0.9
    assert elsewhere[1] < 0.1
    assert 0.4 < unknown[1] < 0.6
