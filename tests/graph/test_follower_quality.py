from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import follower_quality as module
from graph.follower_quality import follower_quality, follower_type_counts
from graph.profiles import PROFILE_TYPES

SUSPICIOUS = PROFILE_TYPES.index("suspicious")
UNKNOWN = PROFILE_TYPES.index("unknown")


def graph_of(lists):
    """Follower lists as compressed rows, without the checks of the real builder."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in lists])]).astype(np.int64)
    followers = np.array([node for row in lists for node in row], dtype=np.uint32)
    return SimpleNamespace(n_accounts=len(lists), follower_offsets=offsets, followers=followers)


def test_shares_interval_and_what_they_rest_on():
    types = np.zeros(101, dtype=np.int8)
    types[1:31] = SUSPICIOUS
    types[81:] = UNKNOWN
    quality = follower_quality(graph_of([list(range(1, 101))] + [[]] * 100), types)
    assert quality.followers_profiled[0] == 80
    assert quality.suspicious_share[0] == pytest.approx(30 / 80)
    assert quality.suspicious_share_low[0] < 30 / 80 < quality.suspicious_share_high[0]
    assert quality.is_measured.tolist() == [True] + [False] * 100
    assert np.isnan(quality.suspicious_share_high[1])


def test_too_few_profiled_followers_are_unknown_not_clean():
    lists = [list(range(1, 20)), *([[]] * 20)]
    quality = follower_quality(graph_of(lists), np.zeros(21, dtype=np.int8))
    assert quality.followers_profiled[0] == 19
    assert not quality.is_measured[0]
    assert np.isnan(quality.suspicious_share_low[0])
    assert follower_quality(graph_of(lists), np.zeros(21, dtype=np.int8), min_profiled=19).is_measured[0]


def test_unknown_profiles_everywhere_measure_nothing():
    lists = [list(range(1, 60)), *([[]] * 59)]
    quality = follower_quality(graph_of(lists), np.full(60, UNKNOWN, dtype=np.int8))
    assert quality.followers_profiled.sum() == 0
    assert not quality.is_measured.any()


def test_a_network_without_accounts():
    assert follower_quality(graph_of([]), np.array([], dtype=np.int8)).followers_profiled.size == 0


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_counts_agree_with_a_loop(data):
    n = data.draw(st.integers(1, 12))
    types = np.array(data.draw(st.lists(st.integers(0, UNKNOWN), min_size=n, max_size=n)), dtype=np.int8)
    lists = [sorted(data.draw(st.sets(st.integers(0, n - 1)))) for _ in range(n)]
    expected = np.zeros((n, len(PROFILE_TYPES)), dtype=int)
    for node, row in enumerate(lists):
        for follower in row:
            expected[node, types[follower]] += 1
    assert (follower_type_counts(graph_of(lists), types) == expected).all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_EDGES_AT_ONCE", 3)  # many small passes give the same counts
        assert (follower_type_counts(graph_of(lists), types) == expected).all()
    quality = follower_quality(graph_of(lists), types, min_profiled=1)
    total = np.sum(list(quality.shares.values()), axis=0)
    assert np.allclose(total[quality.is_measured], 1.0)
