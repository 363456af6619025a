"""What is typical of similar accounts: medians, standings, and whom an account is compared with."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.statistics.typical_values import FEWEST_ALIKE, WITH_LIST, WITH_NOBODY, WITH_TIER, typical_values

NAN = float("nan")
VALUES = st.one_of(st.just(NAN), st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))


def slow(values, tiers, fewest):
    """Account by account: whom it is compared with, their median, and the share of the others below it."""
    told = []
    for value, tier in zip(values, tiers, strict=True):
        measured = [other for other in values if other == other]  # noqa: PLR0124 - NaN
        alike = [v for v, t in zip(values, tiers, strict=True) if v == v and t == tier and t]  # noqa: PLR0124
        basis, group = (WITH_TIER, alike) if len(alike) >= fewest else (WITH_LIST, measured)
        if value != value or len(group) < fewest:  # noqa: PLR0124 - NaN
            told.append((NAN, NAN, 0, WITH_NOBODY))
        else:
            below = sum(other < value for other in group) / (len(group) - 1)
            told.append((statistics.median(group), below, len(group), basis))
    return [np.array(column) for column in zip(*told, strict=True)] if told else [np.empty(0)] * 4


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(VALUES, st.integers(0, 5)),
        max_size=40,
    ),
    st.integers(2, 6),
)
def test_agrees_with_the_slow_reference(pairs, fewest):
    values, tiers = [value for value, _ in pairs], [tier for _, tier in pairs]
    found = typical_values(np.array(values), np.array(tiers, dtype=np.int64), fewest)
    typical, below, compared, basis = slow(values, tiers, fewest)
    np.testing.assert_allclose(found.typical, typical)
    np.testing.assert_allclose(found.share_below, below)
    assert found.compared.tolist() == compared.tolist()
    assert found.basis.tolist() == basis.tolist()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 10), min_size=FEWEST_ALIKE, max_size=30))
def test_order_and_unmeasured_accounts_change_nothing(values):
    tiers = np.ones(len(values), dtype=np.int64)
    alone = typical_values(np.array(values), tiers)
    mixed = typical_values(np.array([NAN, *values[::-1], NAN]), np.r_[1, tiers, 1])
    np.testing.assert_allclose(mixed.typical[1:-1][::-1], alone.typical)
    np.testing.assert_allclose(mixed.share_below[1:-1][::-1], alone.share_below)
    assert np.isnan(mixed.typical[[0, -1]]).all()
    assert mixed.compared[[0, -1]].tolist() == [0, 0]


def test_a_tier_with_too_few_falls_back_to_the_whole_list():
    found = typical_values([1, 2, 3, 4, 5, 60, 70], [1, 1, 1, 1, 1, 5, 5])
    assert found.typical.tolist() == [3, 3, 3, 3, 3, 4, 4]
    assert found.basis.tolist() == [WITH_TIER] * 5 + [WITH_LIST] * 2
    assert found.compared.tolist() == [5] * 5 + [7] * 2
    assert found.share_below.tolist() == [0, 0.25, 0.5, 0.75, 1, 5 / 6, 1]


def test_unknown_size_has_no_like_and_is_compared_with_all():
    found = typical_values([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 1])
    assert set(found.basis.tolist()) == {WITH_LIST}


def test_too_short_a_list_compares_nobody():
    found = typical_values([1, 2, NAN, 4, 5], [1] * 5)
    assert np.isnan(found.typical).all()
    assert set(found.basis.tolist()) == {WITH_NOBODY}
    assert typical_values([], []).typical.size == 0


def test_equals_stand_above_nobody():
    found = typical_values([2.0] * 6, [1] * 6)
    assert found.share_below.tolist() == [0] * 6


@pytest.mark.parametrize(
    ("values", "tiers", "fewest"), [([1, 2], [1], 5), ([[1], [2]], [[1], [1]], 5), ([1, 2], [1, 1], 1)]
)
def test_what_cannot_be_compared_is_refused(values, tiers, fewest):
    with pytest.raises(ValueError, match=r"must be flat|at least 2"):
        typical_values(values, tiers, fewest)
