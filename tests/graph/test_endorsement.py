from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.endorsement import blended_endorsement, endorsement, interaction_share, specificity
from graph.pagerank import personalised_pagerank


def visits_over_edges(n_nodes, following, restart, damping=0.85, steps=400):
    """Mass that arrives at each node over edges, by walking it step by step with dictionaries."""
    start = {node: restart[node] / sum(restart) for node in range(n_nodes)}
    here, arrived = dict(start), dict.fromkeys(range(n_nodes), 0.0)
    for _ in range(steps):
        over_edges = dict.fromkeys(range(n_nodes), 0.0)
        for node, mass in here.items():
            for target in following[node]:
                over_edges[target] += damping * mass / len(following[node])
        restarted = 1 - sum(over_edges.values())
        here = {node: over_edges[node] + restarted * start[node] for node in range(n_nodes)}
        arrived = over_edges
    return arrived


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), min_size=6, max_size=6),
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=6, max_size=6).filter(any),
    st.lists(st.sampled_from([math.nan, 0.0, 0.5, 1.0, 2.0, 50.0]), min_size=6, max_size=6),
)
def test_endorsement_is_what_arrives_over_edges_times_specificity(following, restart, lift):
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in following])))
    targets = np.array([target for row in following for target in row], dtype=np.uint32)
    walk = personalised_pagerank(offsets, targets, np.array(restart))
    result = endorsement(walk.scores, np.array(restart), np.array(lift), restart_share=walk.restart_share)
    arrived = visits_over_edges(6, following, restart)
    expected = [arrived[node] * (math.log(1 + lift[node]) if lift[node] > 1 else 0.0) for node in range(6)]
    assert result.tolist() == pytest.approx(expected, abs=1e-9)


def test_members_do_not_endorse_themselves():
    # 0 and 1 are members; both follow 2, nobody follows them, and 2 follows nobody
    walk = personalised_pagerank(
        np.array([0, 1, 2, 2]), np.array([2, 2], dtype=np.uint32), np.array([1.0, 1.0, 0.0])
    )
    result = endorsement(
        walk.scores, np.array([1.0, 1.0, 0.0]), np.full(3, 9.0), restart_share=walk.restart_share
    )
    assert result[:2].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert result[2] > 0


def test_without_the_restart_share_damping_tells_it():
    scores, restart = np.array([0.6, 0.4]), np.array([2.0, 2.0])
    result = endorsement(scores, restart, np.full(2, math.e - 1), 0.85)
    assert result.tolist() == pytest.approx([0.6 - 0.075, 0.4 - 0.075])


def test_fame_without_lift_and_unknown_lift_give_nothing():
    result = endorsement(np.array([0.9, 0.05, 0.05]), np.zeros(3), np.array([1.0, 0.2, math.nan]))
    assert result.tolist() == [0, 0, 0]


def test_columns_are_treated_one_by_one_and_an_unknown_walk_stays_unknown():
    scores = np.array([[0.5, math.nan], [0.5, math.nan]])
    restart = np.array([[1.0, 0.0], [0.0, 0.0]])
    result = endorsement(
        scores, restart, np.full((2, 2), math.e - 1), restart_share=np.array([0.2, math.nan])
    )
    assert result[:, 0].tolist() == pytest.approx([0.3, 0.5])
    assert np.isnan(result[:, 1]).all()


def test_the_cautious_bound_says_how_special_and_the_observed_lift_whether():
    lift = np.array([8.0, 1.2, 0.9, math.nan, 5.0])
    low = np.array([3.0, 0.7, 0.5, math.nan, math.nan])
    expected = [math.log(4), math.log(1.7), 0, 0, 0]
    assert specificity(lift, low).tolist() == pytest.approx(expected)
    arrived = np.full(5, 0.1)
    assert endorsement(arrived, np.zeros(5), lift, lift_low=low).tolist() == pytest.approx(
        [0.1 * value for value in expected]
    )


def test_blend_is_the_mean_of_both_shares():
    blended = blended_endorsement(np.array([3.0, 1.0]), np.array([0.0, 10.0]), 0.5)
    assert blended == pytest.approx([0.375, 0.625])


@pytest.mark.parametrize("absent", [np.full(2, np.nan), np.zeros(2)])
def test_a_walk_that_passed_nothing_on_drops_out(absent):
    known = np.array([3.0, 1.0])
    assert blended_endorsement(known, absent, 0.5) == pytest.approx([0.75, 0.25])
    assert blended_endorsement(absent, known, 0.5) == pytest.approx([0.75, 0.25])


def test_blend_of_nothing_is_nothing():
    assert blended_endorsement(np.zeros(3), np.full(3, np.nan), 0.5).tolist() == [0.0, 0.0, 0.0]


def test_blend_works_column_by_column():
    follows = np.array([[1.0, 0.0], [1.0, 0.0]])
    interactions = np.array([[np.nan, 2.0], [np.nan, 6.0]])
    assert blended_endorsement(follows, interactions, 0.5) == pytest.approx(
        np.array([[0.5, 0.25], [0.5, 0.75]])
    )


def test_each_walk_counts_by_the_weight_of_the_members_it_speaks_for():
    weight = np.array([1.0, 1.0, 0.5, 0.5])
    assert interaction_share(weight, np.array([3, 1, 2, 9]), np.array([4, 0, 0, 0])) == pytest.approx(0.25)
    assert interaction_share(weight, np.array([3, 1, 2, 9]), np.array([1, 1, 1, 1])) == pytest.approx(0.5)


def test_a_silent_audience_gives_interactions_no_say():
    nobody = np.zeros(2, dtype=np.int64)
    assert interaction_share(np.ones(2), np.array([1, 1]), nobody) == 0.0
    assert interaction_share(np.ones(2), nobody, nobody) == 0.0
