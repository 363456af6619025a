from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.overlap import pair_overlap


def as_lists(reach):
    """Offsets and members of a list of lists."""
    offsets = np.concatenate(([0], np.cumsum([len(part) for part in reach]))).astype(np.int64)
    return offsets, np.asarray(list(itertools.chain.from_iterable(reach)), dtype=np.int32)


def ratio(part, whole):
    return part / whole if whole > 0 else float("nan")


@st.composite
def weighted_reach(draw):
    n_members = draw(st.integers(1, 9))
    reach = draw(st.lists(st.lists(st.integers(0, n_members - 1), max_size=12), max_size=6))
    weight = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0, 3.0]), min_size=n_members, max_size=n_members))
    return n_members, reach, weight


@given(weighted_reach())
@settings(max_examples=60, deadline=None)
def test_agrees_with_sets(case):
    n_members, reach, weight = case
    found = pair_overlap(*as_lists(reach), n_members, np.asarray(weight))
    sets = [set(part) for part in reach]

    def total(members):
        return sum(weight[member] for member in members)

    pairs = list(itertools.combinations(range(len(sets)), 2))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == pairs
    for row, (a, b) in enumerate(pairs):
        shared = total(sets[a] & sets[b])
        assert found.shared[row] == pytest.approx(shared)
        smaller = min(total(sets[a]), total(sets[b]))
        assert found.share_of_smaller[row] == pytest.approx(ratio(shared, smaller), nan_ok=True)
        assert found.jaccard[row] == pytest.approx(ratio(shared, total(sets[a] | sets[b])), nan_ok=True)
    for c, own in enumerate(sets):
        others = set().union(*(other for i, other in enumerate(sets) if i != c))
        assert found.reach[c] == pytest.approx(total(own))
        assert found.exclusive_share[c] == pytest.approx(ratio(total(own - others), total(own)), nan_ok=True)


def test_without_weights_every_member_counts_one():
    found = pair_overlap(*as_lists([[0, 1, 2], [2, 1], []]), 3)
    assert found.shared.tolist() == [2.0, 0.0, 0.0]
    assert found.share_of_smaller[0] == 1.0
    assert np.isnan(found.share_of_smaller[1:]).all()
    assert found.exclusive_share[:2].tolist() == pytest.approx([1 / 3, 0.0])
    assert np.isnan(found.exclusive_share[2])


def test_no_candidates_and_no_members():
    assert pair_overlap([0], [], 5).shared.size == 0
    assert pair_overlap([0, 0, 0], [], 0).shared.tolist() == [0.0]


def test_malformed_lists_are_refused():
    with pytest.raises(ValueError, match="offsets"):
        pair_overlap([0, 2], [0], 3)
    with pytest.raises(ValueError, match="decrease"):
        pair_overlap([0, 2, 1, 2], [0, 1], 3)
    with pytest.raises(ValueError, match="members must lie"):
        pair_overlap([0, 1], [3], 3)
    with pytest.raises(ValueError, match="weight"):
        pair_overlap([0, 1], [0], 3, weight=[1.0, -1.0, 1.0])
