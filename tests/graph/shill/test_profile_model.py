from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shill.profile_model import (
    EVIDENCE_EDGES,
    FACTS,
    FEATURES,
    SPEAKING_FACTS,
    ProfileModel,
    ProfileModelError,
    Profiles,
    features,
)
from pipelines.weights import profile_model_document

SHIPPED = ProfileModel.from_document(profile_model_document())
COLUMNS = tuple(Profiles.__dataclass_fields__)
COLUMNS_OF = {
    "follow_counts": ("followers_count", "following_count"),
    "posts": ("posts_count",),
    "avatar": ("has_avatar",),
    "bio": ("has_bio",),
    "age": ("age_days",),
    "private": ("is_private",),
    "handle": ("handle_digits",),
}
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
BOUGHT = ORDINARY | {
    "posts_count": 0,
    "followers_count": 3,
    "following_count": 4_800,
    "handle_digits": 5,
    "has_avatar": 0,
    "has_bio": 0,
}


def probability(*rows, model=SHIPPED):
    columns = (np.array([row.get(fact, math.nan) for row in rows], dtype=float) for fact in COLUMNS)
    return model.probability(Profiles(*columns))


def without(row, *facts):
    gone = {column for fact in facts for column in COLUMNS_OF[fact]}
    return {column: value for column, value in row.items() if column not in gone}


def test_ordinary_people_are_hardly_suspected_and_farm_profiles_are():
    ordinary, bought = probability(ORDINARY, BOUGHT)
    assert ordinary < 0.05
    assert bought > 0.9


@pytest.mark.parametrize(
    "change",
    [
        {"has_avatar": 0},
        {"has_bio": 0},
        {"posts_count": 0},
        {"handle_digits": 8},
        {"age_days": 3},
        {"is_private": 1},
        {"following_count": 2_000},
        {"has_avatar": 0, "has_bio": 0, "posts_count": 0},
    ],
)
def test_one_sign_alone_makes_nobody_suspicious(change):
    assert probability(ORDINARY | change)[0] < 0.5


def test_with_fewer_than_two_facts_that_speak_nothing_is_said():
    for fact in SPEAKING_FACTS:
        others = [other for other in SPEAKING_FACTS if other != fact]
        assert np.isnan(probability(without(BOUGHT, *others))[0])
    assert np.isnan(probability({})[0])
    assert probability().size == 0


@pytest.mark.parametrize("fact", ["private", "handle", "avatar"])
def test_a_fact_unknown_of_everybody_leaves_the_share_where_it_is(fact):
    """Among the labelled profiles each scorecard expects as many suspicious ones as there are."""
    assert {card.facts for card in SHIPPED.scorecards} >= {("follow_counts", "posts")}
    both = probability(ORDINARY, without(ORDINARY, fact))
    assert both[0] == pytest.approx(both[1], abs=0.03)


def test_facts_that_the_model_never_saw_count_for_nothing():
    trained = set().union(*(card.facts for card in SHIPPED.scorecards))
    for fact in set(FACTS) - trained:
        assert probability(BOUGHT) == probability(without(BOUGHT, fact))


def slow_probability(row):
    """The scorecard that looks at most of what is known, read one curve at a time."""
    known = {
        fact for fact in FACTS if all(math.isfinite(row.get(name, math.nan)) for name in COLUMNS_OF[fact])
    }
    usable = [card for card in SHIPPED.scorecards if set(card.facts) <= known]
    if not usable:
        return math.nan
    card = max(usable, key=lambda card: len(card.facts))
    columns = features(Profiles(*(np.array([row.get(name, math.nan)], dtype=float) for name in COLUMNS)))
    log_odds = card.intercept
    for name, (at, points) in card.curves.items():
        x = min(max(columns[name][0], at[0]), at[-1])
        place = min(int(np.searchsorted(at, x, side="right")), len(at) - 1)
        part = (x - at[place - 1]) / (at[place] - at[place - 1])
        log_odds += points[place - 1] + part * (points[place] - points[place - 1])
    return 1 / (1 + math.exp(-log_odds))


anything = st.fixed_dictionaries(
    {
        "has_avatar": st.sampled_from([0.0, 1.0, math.nan]),
        "has_bio": st.sampled_from([0.0, 1.0, math.nan]),
        "is_private": st.sampled_from([0.0, 1.0, math.nan]),
        "posts_count": st.sampled_from([-5.0, 0.0, 1, 9, 100, 5_000, math.inf, math.nan]),
        "followers_count": st.sampled_from([-1.0, 0.0, 5, 300, 6_000, 1e18, math.nan]),
        "following_count": st.sampled_from([0.0, 5, 300, 1_501, 6_000, math.nan]),
        "handle_digits": st.sampled_from([0.0, 3, 40, math.nan]),
        "age_days": st.sampled_from([-3.0, 0.0, 4_000, math.nan]),
    }
)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(anything, min_size=1, max_size=4))
def test_many_profiles_at_once_read_as_one_by_one(rows):
    found = probability(*rows)
    for one, row in zip(found, rows, strict=True):
        assert one == pytest.approx(slow_probability(row), nan_ok=True)
        assert math.isnan(one) or 0 < one < 1


def test_bins_of_evidence_are_likelihood_ratios():
    at_base = SHIPPED.evidence_bin(np.array([SHIPPED.base_rate - 1e-6, SHIPPED.base_rate + 1e-6]))
    assert at_base.tolist() == [EVIDENCE_EDGES.index(0.0), EVIDENCE_EDGES.index(0.0) + 1]
    ends = SHIPPED.evidence_bin(np.array([0.0, 1.0, math.nan]))
    assert ends.tolist() == [0, len(EVIDENCE_EDGES), -1]


def test_evidence_of_the_shipped_model_rises_bin_by_bin():
    ratio = (SHIPPED.suspicious + 0.5) / (SHIPPED.genuine + 0.5)
    assert (np.diff(ratio) > 0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document.pop("base_rate"), "base_rate"),
        (lambda document: document.update(base_rate=1.0), "no share"),
        (lambda document: document["evidence"].update(genuine=[1.0]), "9 counts"),
        (lambda document: document["scorecards"][-1].update(facts=["posts"]), "its facts do not give"),
        (lambda document: document["scorecards"][0]["curves"].update(log_posts=[1.0]), "its grid"),
        (lambda document: document["scorecards"][0]["curves"].update(mood=[1.0]), "mood"),
        (lambda document: document.update(scorecards=None), "no profile model"),
    ],
)
def test_a_damaged_model_is_refused(change, message):
    document = copy.deepcopy(profile_model_document())
    change(document)
    with pytest.raises(ProfileModelError, match=message):
        ProfileModel.from_document(document)


def test_every_feature_has_its_column():
    columns = features(Profiles(*(np.zeros(2) for _ in COLUMNS)))
    assert set(columns) == set(FEATURES)
