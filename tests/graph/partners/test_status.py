from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.status import (
    REVIEWED_GENUINE,
    REVIEWED_SHILL,
    StatusBars,
    StatusFigures,
    rank_changes_needed,
    status_changes,
    statuses,
)

NAN = float("nan")
BARS = StatusBars()


@dataclass(frozen=True)
class Change:
    """One row of `Changes`."""

    candidate: int
    effect: str
    quantity: str
    now: float
    relation: str
    threshold: float
    becomes: str


def by_candidate(found, k):
    """The rows of a table of changes, a list per candidate."""
    rows = [Change(*(getattr(found, f.name)[i].item() for f in fields(found))) for i in range(found.now.size)]
    return [[row for row in rows if row.candidate == candidate] for candidate in range(k)]


def one(**changes):
    """A candidate that passes every bar, with changes."""
    values = {
        "trust": 0.6,
        "shill_probability_low": 0.05,
        "shill_probability_high": 0.2,
        "audience_followers": 30.0,
        "lift_low": 3.0,
        "n_signals": 2,
        "audience_size": 400,
    } | changes
    return StatusFigures(
        **{name: value if name == "audience_size" else np.array([value]) for name, value in values.items()}
    )


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({}, "recommended", "all_bars_met"),
        ({"n_signals": 0}, "not_enough_data", "n_signals"),
        ({"n_signals": 0, "shill_probability_low": 0.9}, "not_enough_data", "n_signals"),
        ({"shill_probability_low": 0.5}, "avoid", "shill_probability_low"),
        ({"shill_probability_low": 0.5, "audience_size": 10}, "avoid", "shill_probability_low"),
        ({"audience_size": 149}, "not_enough_data", "audience_size"),
        ({"audience_size": 150}, "recommended", "all_bars_met"),
        ({"audience_followers": 4}, "not_enough_data", "audience_followers"),
        ({"audience_followers": 5}, "recommended", "all_bars_met"),
        ({"audience_followers": NAN}, "not_enough_data", "audience_followers"),
        ({"trust": NAN}, "not_enough_data", "trust_not_measured"),
        ({"lift_low": NAN}, "not_enough_data", "lift_not_measured"),
        ({"shill_probability_high": 0.5}, "watch", "shill_probability_high"),
        ({"lift_low": 1.0}, "watch", "lift_low"),
        ({"resembles_another": True}, "watch", "resembles_another"),
        ({"resembles_another": True, "shill_probability_high": 0.5}, "watch", "shill_probability_high"),
        ({"resembles_another": True, "n_signals": 0}, "not_enough_data", "n_signals"),
    ],
)
def test_each_bar_decides(changes, status, reason):
    found = statuses(one(**changes), BARS)
    assert (found[0].tolist(), found[1].tolist()) == ([status], [reason])


@pytest.mark.parametrize(
    ("changes", "decision", "status", "reason"),
    [
        ({}, REVIEWED_GENUINE, "recommended", "all_bars_met"),
        ({"shill_probability_low": 0.6}, REVIEWED_GENUINE, "recommended", "reviewed"),
        ({"shill_probability_high": 0.3}, REVIEWED_GENUINE, "recommended", "reviewed"),
        ({"n_signals": 0}, REVIEWED_GENUINE, "recommended", "reviewed"),
        ({"resembles_another": True}, REVIEWED_GENUINE, "recommended", "reviewed"),
        ({"shill_probability_low": 0.6, "lift_low": 0.9}, REVIEWED_GENUINE, "watch", "lift_low"),
        ({"audience_size": 10}, REVIEWED_GENUINE, "not_enough_data", "audience_size"),
        ({}, REVIEWED_SHILL, "avoid", "reviewed"),
        ({"n_signals": 0, "audience_size": 10}, REVIEWED_SHILL, "avoid", "reviewed"),
        ({"shill_probability_low": 0.6}, 0, "avoid", "shill_probability_low"),
    ],
)
def test_a_review_stands_above_the_bars_of_risk_alone(changes, decision, status, reason):
    figures = one(**changes, review=decision)
    found = statuses(figures, BARS)
    assert (found[0].tolist(), found[1].tolist()) == ([status], [reason])
    (moves,) = by_candidate(status_changes(figures, found[0], BARS), 1)
    named = {change.quantity for change in moves}
    assert ("review" in named) == (decision == REVIEWED_SHILL)
    if decision == REVIEWED_GENUINE:
        assert named.isdisjoint(
            {"n_signals", "shill_probability_low", "shill_probability_high", "resembles_another"}
        )


def test_a_small_brand_may_lower_the_bar():
    assert statuses(one(audience_size=40), StatusBars(minimum_audience=0))[0].tolist() == ["recommended"]


def test_a_recommended_one_hears_of_its_nearest_bar():
    figures = one(lift_low=1.05)
    (changes,) = by_candidate(status_changes(figures, statuses(figures, BARS)[0], BARS), 1)
    assert [(c.quantity, c.relation, c.threshold, c.becomes) for c in changes] == [
        ("lift_low", "<=", 1.0, "watch")
    ]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "n_signals": st.integers(0, 2),
            "audience_size": st.sampled_from([10, 151, 10_000]),
            "audience_followers": st.sampled_from([0.0, 5.0, 90.0, NAN]),
            "trust": st.sampled_from([0.3, NAN]),
            "lift_low": st.sampled_from([0.2, 1.0, 1.01, 8.0, NAN]),
            "shill_probability_high": st.sampled_from([0.3, 0.5, 0.9]),
            "shill_probability_low": st.sampled_from([0.1, 0.3, 0.7]),
        },
    ),
    st.sampled_from(
        [BARS, StatusBars(avoid_from=0.4, watch_from=0.8), StatusBars(minimum_audience_followers=0)]
    ),
)
@settings(max_examples=80, deadline=None)
def test_making_the_changes_makes_the_status(given_values, bars):
    figures = one(**given_values)
    status = statuses(figures, bars)[0]
    (changes,) = by_candidate(status_changes(figures, status, bars), 1)
    if not changes:  # recommended, and no bar is near
        assert status.tolist() == ["recommended"]
        assert figures.lift_low[0] / bars.lift_above > 2
        return
    moved = figures
    for change in changes:
        step = {">": 1e-6, ">=": 0.0, "<": -1e-6, "<=": 0.0}[change.relation]
        value = change.threshold + step
        moved = replace(
            moved, **{change.quantity: value if change.quantity == "audience_size" else np.array([value])}
        )
    assert changes[0].becomes != status[0]
    assert statuses(moved, bars)[0].tolist() == [changes[0].becomes]


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_making_the_change_moves_the_rank(seed):
    random = np.random.default_rng(seed)
    trust, risk = random.random(6), random.random(6)
    score = trust * (1 - risk)
    order = np.argsort(-score, kind="stable")
    for candidate, changes in enumerate(by_candidate(rank_changes_needed(score, order, trust, risk), 6)):
        for change in changes:
            values = {"trust_low": trust.copy(), "shill_probability_high": risk.copy()}
            nudge = 1e-9 if change.relation == ">" else -1e-9
            assert change.now == values[change.quantity][candidate]
            values[change.quantity][candidate] = change.threshold + nudge
            new = values["trust_low"] * (1 - values["shill_probability_high"])
            assert 1 + np.count_nonzero(new > new[candidate]) == int(change.becomes)


def one_by_one(score, order, trust_low, risk_high):
    """Slow reference of `rank_changes_needed`: every candidate by itself."""
    found = [[] for _ in range(score.size)]
    for place, candidate in enumerate(order):
        if order.size == 1:
            continue
        neighbour = order[place - 1] if place else order[1]
        target, trust, risk = score[neighbour], trust_low[candidate], risk_high[candidate]
        if np.isnan(target) or np.isnan(trust):
            continue
        moves = []
        if risk < 1 and 0 <= target / (1 - risk) <= 1:
            moves.append((abs(target / (1 - risk) - trust), "trust_low", target / (1 - risk)))
        if trust > 0 and 0 <= 1 - target / trust <= 1:
            moves.append((abs(1 - target / trust - risk), "shill_probability_high", 1 - target / trust))
        found[candidate] = sorted(moves, key=lambda move: move[0])[:1]
    return [[(quantity, threshold) for _, quantity, threshold in moves] for moves in found]


@given(st.integers(0, 10**6), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_rank_changes_agree_with_the_slow_reference(seed, k):
    random = np.random.default_rng(seed)
    trust, risk = random.choice([0.0, 0.2, 0.7, 1.0, NAN], k), random.choice([0.0, 0.3, 1.0], k)
    score = trust * (1 - risk)
    order = np.lexsort((np.arange(k), -np.nan_to_num(score, nan=-1.0)))
    found = by_candidate(rank_changes_needed(score, order, trust, risk), k)
    assert [[(row.quantity, row.threshold) for row in rows] for rows in found] == one_by_one(
        score, order, trust, risk
    )


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_many_candidates_have_the_changes_that_each_has_alone(seed):
    random = np.random.default_rng(seed)
    k = 7
    figures = StatusFigures(
        trust=random.choice([0.1, 0.6, NAN], k),
        shill_probability_low=random.choice([0.01, 0.3, 0.6], k),
        shill_probability_high=random.choice([0.65, 0.7, 0.9], k) * random.choice([0.1, 1.0], k),
        audience_followers=random.choice([2.0, 5.0, 80.0], k),
        lift_low=random.choice([0.5, 1.2, 9.0, NAN], k),
        n_signals=random.integers(0, 4, k),
        audience_size=300,
        review=random.integers(-1, 2, k).astype(np.int8),
        resembles_another=random.random(k) < 0.3,
    )
    status = statuses(figures, BARS)[0]
    together = by_candidate(status_changes(figures, status, BARS), k)
    for c in range(k):
        alone = one(
            **{f.name: getattr(figures, f.name)[c] for f in fields(figures) if f.name != "audience_size"}
        )
        alone = replace(alone, audience_size=300)
        (rows,) = by_candidate(status_changes(alone, status[[c]], BARS), 1)
        key = [(row.quantity, row.relation, row.threshold, row.becomes) for row in rows]
        assert [(row.quantity, row.relation, row.threshold, row.becomes) for row in together[c]] == key


def test_rank_changes_at_the_edges():
    alone = rank_changes_needed(np.array([0.5]), np.array([0]), np.array([0.5]), np.array([0.0]))
    assert by_candidate(alone, 1) == [[]]
    trust, risk = np.array([0.9, NAN, 0.0]), np.array([0.1, 0.1, 1.0])
    found = rank_changes_needed(trust * (1 - risk), np.array([0, 2, 1]), trust, risk)
    first, unknown, hopeless = by_candidate(found, 3)
    assert [change.becomes for change in first] == ["2"]
    assert unknown == []
    assert hopeless == []
