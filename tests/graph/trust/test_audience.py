from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.trust.audience import (
    NEARLY_FULL,
    NEVER_CERTAIN,
    AudienceMembersError,
    clean_audience,
    weight_by_reason,
)

UNKNOWN = math.nan
NUMBER = st.one_of(st.just(UNKNOWN), st.floats(0, 1))


def weight_by_hand(stated, followings, emptiness, suspicion):
    weight = 1.0 if math.isnan(stated) else max(stated, 0.0)
    if not math.isnan(followings) and followings > 1500:
        weight *= math.log(1502) / math.log(2 + followings)
    if not math.isnan(suspicion):
        weight *= max(1 - suspicion, NEVER_CERTAIN)
    if not math.isnan(emptiness):
        weight *= 1 - emptiness / 2
    return weight


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(UNKNOWN), st.floats(-2, 1)),
            st.one_of(st.just(UNKNOWN), st.integers(0, 10**6).map(float)),
            NUMBER,
            NUMBER,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_weights_and_factors_agree_with_a_calculation_by_hand(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    audience = clean_audience(np.arange(len(rows)), *columns)
    assert audience.weight.tolist() == pytest.approx([weight_by_hand(*row) for row in rows])
    product = audience.stated_weight * audience.attention_factor * audience.profile_factor
    assert audience.weight.tolist() == product.tolist()
    assert np.all((audience.weight >= 0) & (audience.weight <= 1))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, exclude_min=True), st.integers(0, 2**62), NUMBER, NUMBER, st.floats(1e-9, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_cleaning_takes_all_from_nobody_who_has_a_weight(rows):
    """So that an audience of which a known member counts, as the ingest sees it, always can be ranked."""
    *columns, lockstep = (list(column) for column in zip(*rows, strict=True))
    audience = clean_audience(np.arange(len(rows)), *columns, lockstep=lockstep)
    assert (audience.weight > 0).all()
    assert np.isfinite(1 / audience.weight).all()


def test_the_smallest_number_and_the_surest_suspicion_leave_something():
    audience = clean_audience(np.arange(3), [5e-324, 1.7e308, 0.0], None, [1, 1, 1], [1, 1, 1])
    assert (audience.weight > 0).tolist() == [True, True, False]


def test_the_factors_name_the_reason():
    audience = clean_audience(
        np.array([4, 2, 9]), None, [100, 200_000, 100], [0.0, 0.0, 1.0], [0.0, 0.0, 0.6]
    )
    assert audience.members.tolist() == [4, 2, 9]
    assert audience.attention_factor.tolist() == [1.0, pytest.approx(0.599, abs=0.001), 1.0]
    assert audience.profile_factor.tolist() == pytest.approx([1.0, 1.0, 0.2])


def test_what_is_unknown_takes_nothing_away():
    audience = clean_audience(np.array([0, 1]), None, None, None, [UNKNOWN, 0.5])
    assert audience.weight.tolist() == [1.0, 0.5]


def test_stated_weights_are_mended():
    audience = clean_audience(np.arange(5), [UNKNOWN, 0.0, -3.0, 0.25, -math.inf], None, None, None)
    assert audience.stated_weight.tolist() == [1.0, 0.0, 0.0, 0.25, 0.0]


def test_weights_above_one_become_shares_of_the_largest():
    audience = clean_audience(np.arange(3), [10.0, 5.0, 0.0], None, None, None)
    assert audience.stated_weight.tolist() == [1.0, 0.5, 0.0]


def test_weight_falls_slowly_and_without_a_step_beyond_the_limit():
    factors = clean_audience(np.arange(4), None, [1500, 1501, 10_000, 10**6], None, None).attention_factor
    assert factors[0] == 1
    assert factors[1] == pytest.approx(1, abs=1e-3)
    assert factors[1] > factors[2] > factors[3] > 0.5


def test_an_empty_audience_is_an_audience():
    assert clean_audience(np.array([], dtype=np.uint32), None, None, None, None).weight.size == 0


def test_repeated_members_are_named():
    with pytest.raises(AudienceMembersError, match=r"nodes 3, 7\)\. Merge them"):
        clean_audience(np.array([7, 3, 7, 3, 1]), None, None, None, None)


def test_columns_of_another_length_are_refused():
    with pytest.raises(AudienceMembersError, match="emptiness"):
        clean_audience(np.array([1, 2]), None, None, [0.5], None)
    with pytest.raises(AudienceMembersError, match="flat array"):
        clean_audience(np.array([[1.0]]), None, None, None, None)


def test_the_reason_names_the_factor_that_took_most():
    audience = clean_audience(
        np.arange(8),
        [1, 0.1, 1, 1, 1, 1, 0.9, UNKNOWN],
        [10, 10, 10**6, 10, 10, 10, 10**6, UNKNOWN],
        [0, 0, 0, 1, 0.2, 1, 0, UNKNOWN],
        [0, 0, 0, 0.1, 0.9, 0, 0, UNKNOWN],
        lockstep=[1, 1, 1, 1, 1, 0.02, 1, UNKNOWN],
    )
    assert audience.reason.tolist() == [
        "full_weight", "stated_weight", "mass_following", "empty_profile", "suspicious_profile", "lockstep",
        "mass_following", "full_weight",
    ]  # fmt: skip
    assert audience.lockstep_factor.tolist() == [1, 1, 1, 1, 1, 0.02, 1, 1]
    assert audience.weight[5] == pytest.approx(0.5 * 0.02)


def test_a_reason_is_named_only_where_it_takes_more_than_a_fifth():
    just, below = NEARLY_FULL, NEARLY_FULL - 0.01
    audience = clean_audience(
        np.arange(6),
        [1, just, below, 0.85, 1, 1],
        None,
        [0, 0, 0, 0, 0.3, 0.5],
        [0, 0, 0, 0.15, 1 - just, 1 - below],
    )
    assert audience.reason.tolist() == [
        "full_weight", "nearly_full", "stated_weight", "nearly_full", "nearly_full", "empty_profile",
    ]  # fmt: skip


def test_the_weight_lost_adds_up_over_reasons():
    audience = clean_audience(np.arange(4), [1, 0.5, 0, 1], [10, 10, 10, 10**5], None, [0, 0, 0.3, 0.1])
    lost = weight_by_reason(audience)
    assert {reason: count for reason, (count, _) in lost.items()} == {
        "full_weight": 1, "mass_following": 1, "stated_weight": 2,
    }  # fmt: skip
    assert sum(weight for _, weight in lost.values()) == pytest.approx(4 - audience.weight.sum())
    assert lost["full_weight"] == (1, 0.0)
    assert weight_by_reason(clean_audience(np.array([], np.uint32), None, None, None, None)) == {}
