from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shill.profile_model import Profiles
from graph.shill.profiles import PROFILE_TYPES, classify_profiles

FACTS = tuple(Profiles.__dataclass_fields__)
ORDINARY = {
    "has_avatar": 1,
    "has_bio": 1,
    "is_private": 0,
    "posts_count": 120,
    "followers_count": 300,
    "following_count": 280,
    "handle_digits": 0,
    "age_days": 900,
}


def profiles_of(*rows):
    return Profiles(*(np.array([row.get(fact, math.nan) for row in rows], dtype=float) for fact in FACTS))


def type_of(row, probability=0.01):
    classes = classify_profiles(profiles_of(row), np.array([probability]))
    return PROFILE_TYPES[classes.type[0]]


@pytest.mark.parametrize(
    ("changes", "probability", "expected"),
    [
        ({}, 0.01, "real"),
        ({}, 0.5, "suspicious"),
        ({}, math.nan, "unknown"),
        ({"following_count": 2_000}, 0.49, "mass"),
        ({"followers_count": 80_000}, 0.0, "influencer"),
        ({"followers_count": 80_000, "following_count": 90_000}, 0.0, "mass"),
        ({"followers_count": 80_000, "following_count": math.nan}, 0.0, "influencer"),
        ({"has_bio": 0, "posts_count": 0}, 0.0, "dormant"),
        ({"has_bio": 0, "posts_count": 0}, 0.9, "suspicious"),
    ],
)
def test_each_type_has_its_example(changes, probability, expected):
    assert type_of(ORDINARY | changes, probability) == expected


def test_no_account_and_no_fact():
    assert classify_profiles(profiles_of(), np.array([])).type.size == 0
    nothing = classify_profiles(profiles_of({}), np.array([math.nan]))
    assert PROFILE_TYPES[nothing.type[0]] == "unknown"
    assert np.isnan(nothing.emptiness[0])


known_or_not = st.fixed_dictionaries(
    {
        "has_avatar": st.sampled_from([0.0, 1.0, math.nan]),
        "has_bio": st.sampled_from([0.0, 1.0, math.nan]),
        "posts_count": st.sampled_from([0.0, 1, 9, 100, 5_000, math.nan]),
        "followers_count": st.sampled_from([0.0, 5, 300, 6_000, 1e7, math.nan]),
        "following_count": st.sampled_from([0.0, 5, 300, 1_501, 6_000, math.nan]),
    }
)


def slow_type(row, probability, empty):
    """The rules of the docstring, one account at a time."""
    if math.isnan(probability):
        return "unknown"
    if probability >= 0.5:
        return "suspicious"
    if row["followers_count"] >= 5_000 and not row["following_count"] >= row["followers_count"]:
        return "influencer"
    if row["following_count"] > 1_500:
        return "mass"
    return "dormant" if empty >= 0.5 else "real"


@settings(max_examples=60, deadline=None)
@given(row=known_or_not, probability=st.sampled_from([0.0, 0.3, 0.5, 1.0, math.nan]))
def test_types_agree_with_the_rules_read_one_by_one(row, probability):
    classes = classify_profiles(profiles_of(row), np.array([probability]))
    empty = classes.emptiness[0]
    assert math.isnan(empty) or 0 <= empty <= 1
    assert PROFILE_TYPES[classes.type[0]] == slow_type(row, probability, empty)
    calm = probability if math.isnan(probability) else 0.0
    assert PROFILE_TYPES[classes.type_if_genuine[0]] == slow_type(row, calm, empty)
