from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shill import follower_quality as module
from graph.shill.follower_quality import (
    FOLLOWER_TYPES,
    GENUINE_TYPES,
    count_followers,
    follower_quality,
    suspicious_shares,
)
from graph.shill.profile_model import EVIDENCE_EDGES, ProfileModel
from graph.shill.profiles import PROFILE_TYPES
from pipelines.weights import profile_model_document

MODEL = ProfileModel.from_document(profile_model_document())
BINS = len(MODEL.suspicious)
REAL, DORMANT = PROFILE_TYPES.index("real"), PROFILE_TYPES.index("dormant")


def graph_of(lists):
    """Follower lists as compressed rows, without the checks of the real builder."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in lists])]).astype(np.int64)
    followers = np.array([node for row in lists for node in row], dtype=np.uint32)
    return SimpleNamespace(n_accounts=len(lists), follower_offsets=offsets, followers=followers)


def rated(lists, types, bins, **told):
    return follower_quality(
        graph_of(lists), np.array(types, dtype=np.int8), np.array(bins, dtype=np.int8), MODEL, **told
    )


def test_shares_intervals_and_what_they_rest_on():
    # 30 profiles that look purchased, 30 quiet ones, 20 others, 20 of which nothing is known
    bins = [0] + [BINS - 1] * 30 + [1] * 50 + [-1] * 20
    types = [REAL] + [DORMANT] * 60 + [REAL] * 20 + [PROFILE_TYPES.index("unknown")] * 20
    quality = rated([list(range(1, 101))] + [[]] * 100, types, bins)
    assert quality.followers_profiled[0] == 80
    assert quality.suspicious_share[0] == pytest.approx(30 / 80, abs=0.04)
    assert quality.shares["dormant"][0] == pytest.approx(30 / 80, abs=0.03)
    assert quality.shares["real"][0] == pytest.approx(20 / 80, abs=0.03)
    assert sum(quality.shares[name][0] for name in FOLLOWER_TYPES) == pytest.approx(1.0)
    for name in FOLLOWER_TYPES:
        assert quality.low[name][0] <= quality.shares[name][0] <= quality.high[name][0]
    assert quality.is_measured.tolist() == [True] + [False] * 100
    assert np.isnan(quality.high["suspicious"][1])


def test_too_few_profiled_followers_are_unknown_not_clean():
    lists = [list(range(1, 20)), *([[]] * 20)]
    quality = rated(lists, [REAL] * 21, [1] * 21)
    assert quality.followers_profiled[0] == 19
    assert not quality.is_measured[0]
    assert np.isnan(quality.low["suspicious"][0])
    assert rated(lists, [REAL] * 21, [1] * 21, min_profiled=19).is_measured[0]


def test_unknown_profiles_everywhere_measure_nothing():
    quality = rated([list(range(1, 60)), *([[]] * 59)], [PROFILE_TYPES.index("unknown")] * 60, [-1] * 60)
    assert quality.followers_profiled.sum() == 0
    assert not quality.is_measured.any()


def test_a_network_without_accounts():
    assert rated([], [], []).followers_profiled.size == 0


def test_nobody_is_told_to_have_none_on_the_strength_of_a_few():
    counts = np.zeros((2, BINS), dtype=int)
    counts[:, 1] = 20, 2_000
    share, low, high = suspicious_shares(counts, MODEL)
    assert share.tolist() == low.tolist() == [0, 0]
    assert 0.05 < high[0] < 0.3
    assert high[1] < 0.01


def test_followers_who_are_all_a_little_odd_are_no_purchased_ones():
    """A quiet people: each speaks a little for being purchased, none by itself; what is told is no alarm."""
    counts = np.zeros((2, BINS), dtype=int)
    counts[:, 5] = 100  # log likelihood ratios between 1 and 2
    counts[1, -1] = 100
    share, low, high = suspicious_shares(counts, MODEL)
    assert share[0] == low[0] == 0
    assert high[0] > 0.5  # it cannot be told
    assert share[1] > 0.5


def test_intervals_hold_what_was_mixed():
    """Followers drawn from both kinds of labelled profiles: the bounds hold the share as often as said."""
    random = np.random.default_rng(5)
    inside = []
    for share in (0.0, 0.05, 0.2, 0.5):
        mixed = share * MODEL.suspicious / MODEL.suspicious.sum()
        mixed = mixed + (1 - share) * MODEL.genuine / MODEL.genuine.sum()
        counts = random.multinomial(200, mixed, size=200)
        found, low, high = suspicious_shares(counts, MODEL)
        assert abs(found.mean() - share) < 0.02
        inside.append((low - 0.005 <= share) & (share <= high))
    assert np.mean(inside) >= 0.93


def slow_share(counts):
    """Both estimates written out, one bin at a time on a fine grid, and the posterior's bounds."""
    suspicious, genuine = MODEL.suspicious + 0.5, MODEL.genuine + 0.5
    ratios = (suspicious / suspicious.sum()) / (genuine / genuine.sum())
    grid = np.linspace(0, 1, 2_001)
    mixed = grid[np.argmax(log_likelihood(grid, counts, ratios))]
    strong = [place for place, low in enumerate((-np.inf, *EVIDENCE_EDGES)) if low >= 2]
    hit = (MODEL.suspicious[strong].sum() + 0.5) / (MODEL.suspicious.sum() + 1)
    alarm = (MODEL.genuine[strong].sum() + 0.5) / (MODEL.genuine.sum() + 1)
    seen = sum(counts[place] for place in strong) / sum(counts)
    share = min(mixed, max((seen - alarm) / (hit - alarm), 0), 1)
    share = share if share * sum(counts) >= 0.5 else 0.0

    grid = np.linspace(0.5, 1_999.5, 2_000) / 2_000
    weight = 0.5 * (1 - MODEL.base_rate) / MODEL.base_rate - 1.0
    posterior = np.zeros(2_000)
    for drawn in module.drawn_ratios(MODEL):
        log = weight * np.log(1 - grid) - 0.5 * np.log(grid) + log_likelihood(grid, counts, drawn)
        one = np.exp(log - log.max())
        posterior += one / one.sum()
    below = np.cumsum(posterior / posterior.sum())
    return share, max(grid[np.argmax(below > 0.975)], share)


def log_likelihood(grid, counts, ratios):
    return sum(count * np.log(1 - grid + grid * one) for count, one in zip(counts, ratios, strict=True))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=BINS, max_size=BINS).filter(any))
def test_share_agrees_with_both_estimates_written_out(counts):
    share, low, high = suspicious_shares(np.array([counts]), MODEL)
    slow, slow_high = slow_share(counts)
    assert share[0] == pytest.approx(slow, abs=0.01 + 0.6 * (share[0] * slow == 0) / sum(counts))
    assert high[0] == pytest.approx(slow_high, abs=0.02)
    assert 0 <= low[0] <= share[0] <= high[0] <= 1


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=BINS, max_size=BINS).filter(any), st.integers(1, 40))
def test_more_followers_that_look_purchased_never_lower_the_share_or_its_bound(counts, more):
    worse = list(counts)
    worse[-1] += more
    share, low, _ = suspicious_shares(np.array([counts, worse]), MODEL)
    assert share[1] >= share[0] - 1e-9
    assert low[1] >= low[0] - 1e-9


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_counts_agree_with_a_loop(data):
    n = data.draw(st.integers(1, 12))
    genuine = [PROFILE_TYPES.index(name) for name in GENUINE_TYPES]
    types = np.array(data.draw(st.lists(st.sampled_from(genuine), min_size=n, max_size=n)), dtype=np.int8)
    bins = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)), dtype=np.int8)
    lists = [sorted(data.draw(st.sets(st.integers(0, n - 1)))) for _ in range(n)]
    expected = np.zeros((n, len(GENUINE_TYPES), 3), dtype=int)
    owned = [(node, follower) for node, row in enumerate(lists) for follower in row]
    left_out = np.array(sorted(data.draw(st.sets(st.integers(0, max(len(owned) - 1, 0))))), dtype=np.int64)
    left_out = left_out[left_out < len(owned)]
    for place, (node, follower) in enumerate(owned):
        if bins[follower] >= 0 and place not in left_out:
            expected[node, GENUINE_TYPES.index(PROFILE_TYPES[types[follower]]), bins[follower]] += 1
    for edges_at_once in (4_000_000, 3):  # many small passes give the same counts
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_EDGES_AT_ONCE", edges_at_once)
            found = count_followers(graph_of(lists), types, bins, 3, 2, left_out)
        profiled = expected.sum(axis=(1, 2))
        assert found.followers_profiled.tolist() == profiled.tolist()
        assert found.nodes.tolist() == np.flatnonzero(profiled >= 2).tolist()
        assert (found.counts == expected[found.nodes]).all()
