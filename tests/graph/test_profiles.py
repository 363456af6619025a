from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.profiles import (
    PROFILE_TYPES,
    SIGN_POINTS,
    SUSPICIOUS_FROM,
    Profiles,
    classify_profiles,
    suspicion,
    suspicion_signs,
)

FACTS = (
    "has_avatar",
    "has_bio",
    "posts_count",
    "followers_count",
    "following_count",
    "handle_digit_share",
    "age_days",
)
ORDINARY = {
    "has_avatar": 1,
    "has_bio": 1,
    "posts_count": 120,
    "followers_count": 300,
    "following_count": 280,
    "handle_digit_share": 0.0,
    "age_days": 900,
}
BOUGHT = {
    "has_avatar": 0,
    "has_bio": 0,
    "posts_count": 0,
    "followers_count": 3,
    "following_count": 4_800,
    "handle_digit_share": 0.5,
    "age_days": 12,
}


def profiles_of(*rows):
    return Profiles(*(np.array([row.get(fact, math.nan) for row in rows], dtype=float) for fact in FACTS))


def type_of(row):
    return PROFILE_TYPES[classify_profiles(profiles_of(row)).type[0]]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "real"),
        ({"following_count": 2_000}, "mass"),
        ({"followers_count": 80_000}, "influencer"),
        ({"followers_count": 80_000, "following_count": 90_000}, "mass"),
        ({"followers_count": 80_000, "following_count": math.nan}, "influencer"),
        ({"has_bio": 0, "posts_count": 0}, "dormant"),
        (BOUGHT, "suspicious"),
    ],
)
def test_each_type_has_its_example(changes, expected):
    assert type_of(ORDINARY | changes) == expected


def test_no_account_and_no_fact():
    empty = classify_profiles(profiles_of())
    assert empty.type.size == 0
    nothing = classify_profiles(profiles_of({}))
    assert PROFILE_TYPES[nothing.type[0]] == "unknown"
    assert np.isnan(nothing.suspicion[0])
    assert np.isnan(nothing.emptiness[0])


def test_follow_counts_and_handles_alone_decide_nothing():
    # a follows-only data set knows degrees and perhaps handles
    assert type_of({"followers_count": 2, "following_count": 5_000, "handle_digit_share": 0.9}) == "unknown"


@pytest.mark.parametrize(
    "fact",
    [{"has_avatar": 0}, {"has_bio": 0}, {"posts_count": 0}, {"handle_digit_share": 0.8}, {"age_days": 3}],
)
def test_one_missing_fact_punishes_nobody(fact):
    classes = classify_profiles(profiles_of(ORDINARY | fact))
    assert PROFILE_TYPES[classes.type[0]] == "real"
    assert classes.emptiness[0] == 0.0
    assert classes.suspicion[0] < SUSPICIOUS_FROM


def test_an_empty_shop_window_alone_is_dormant_not_suspicious():
    assert type_of(ORDINARY | {"has_avatar": 0, "has_bio": 0, "posts_count": 0}) == "dormant"


def test_points_of_all_signs_add_up_to_one():
    assert sum(SIGN_POINTS.values()) == pytest.approx(1.0)
    assert set(suspicion_signs(profiles_of(ORDINARY))) == set(SIGN_POINTS)
    assert suspicion(profiles_of(BOUGHT))[0] > 0.8


known_or_not = st.fixed_dictionaries(
    {
        "has_avatar": st.sampled_from([0.0, 1.0, math.nan]),
        "has_bio": st.sampled_from([0.0, 1.0, math.nan]),
        "posts_count": st.sampled_from([0.0, 1, 9, 100, 5_000, math.nan]),
        "followers_count": st.sampled_from([0.0, 5, 300, 6_000, 1e7, math.nan]),
        "following_count": st.sampled_from([0.0, 5, 300, 1_501, 6_000, math.nan]),
        "handle_digit_share": st.sampled_from([0.0, 0.3, 1.0, math.nan]),
        "age_days": st.sampled_from([0.0, 100, 4_000, math.nan]),
    }
)


@settings(max_examples=60, deadline=None)
@given(row=known_or_not, fact=st.sampled_from(FACTS))
def test_forgetting_a_fact_never_raises_suspicion(row, fact):
    classes = classify_profiles(profiles_of(row, row | {fact: math.nan}))
    before, after = classes.suspicion
    assert np.isnan(after) or np.isnan(before) or after <= before + 1e-12
    for scores in (classes.suspicion, classes.emptiness):
        known = scores[np.isfinite(scores)]
        assert ((known >= 0) & (known <= 1)).all()


def slow_type(row):
    """The rules of the docstring, one account at a time, from the scores of the kernel."""
    classes = classify_profiles(profiles_of(row))
    counts_known = not (math.isnan(row["followers_count"]) or math.isnan(row["following_count"]))
    facts = counts_known + sum(
        not math.isnan(row[name]) for name in ("has_avatar", "has_bio", "posts_count", "age_days")
    )
    if facts < 2:
        return "unknown"
    if classes.suspicion[0] >= 0.4:
        return "suspicious"
    if row["followers_count"] >= 5_000 and not row["following_count"] >= row["followers_count"]:
        return "influencer"
    if row["following_count"] > 1_500:
        return "mass"
    return "dormant" if classes.emptiness[0] >= 0.5 else "real"


@settings(max_examples=60, deadline=None)
@given(row=known_or_not)
def test_types_agree_with_the_rules_read_one_by_one(row):
    assert type_of(row) == slow_type(row)
