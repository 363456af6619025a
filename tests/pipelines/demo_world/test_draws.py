from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.demo_world.draws import (
    Neighbours,
    WeightedPicker,
    group_pairs,
    log_normal,
    ragged,
    rounded,
    stream,
)


@given(st.lists(st.integers(0, 5), max_size=12))
@settings(max_examples=30, deadline=None)
def test_ragged_is_the_nested_loop(counts):
    owner, place = ragged(np.array(counts, dtype=np.int64))
    expected = [(row, k) for row, count in enumerate(counts) for k in range(count)]
    assert list(zip(owner.tolist(), place.tolist(), strict=True)) == expected


@given(st.lists(st.integers(-1, 3), max_size=14))
@settings(max_examples=30, deadline=None)
def test_group_pairs_are_all_ordered_pairs_of_fellow_members(groups):
    first, second = group_pairs(np.array(groups, dtype=np.int64))
    expected = {
        (a, b)
        for a, own in enumerate(groups)
        for b, other in enumerate(groups)
        if a != b and own == other and own >= 0
    }
    assert len(first) == len(expected)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected


def test_picker_stays_in_the_community_and_follows_the_weights():
    community = np.array([0, 1, 0, 1, -1, 0])
    weight = np.array([1.0, 2.0, 3.0, 0.0, 9.0, 0.0])
    picked = WeightedPicker(community, weight).pick(stream(1, "test"), np.repeat([0, 1], 4_000))
    assert set(picked[:4_000].tolist()) == {0, 2}
    assert set(picked[4_000:].tolist()) == {1}
    assert abs((picked[:4_000] == 2).mean() - 0.75) < 0.03


def test_neighbours_are_neighbours():
    source, target = np.array([2, 0, 2, 1]), np.array([5, 6, 7, 8])
    drawn = Neighbours(3, source, target).pick(stream(1, "test"), np.array([2] * 50 + [0, 1]))
    assert set(drawn[:50].tolist()) == {5, 7}
    assert drawn[50:].tolist() == [6, 8]


def test_streams_differ_by_name_and_by_seed_only():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() != stream(2, "a").random()


def test_rounding_keeps_the_expectation():
    assert abs(rounded(stream(1, "test"), np.full(20_000, 2.3)).mean() - 2.3) < 0.02


def test_log_normal_of_nothing_is_nothing():
    assert log_normal(stream(1, "test"), np.zeros(3), 1.0, 3).tolist() == [0.0, 0.0, 0.0]
