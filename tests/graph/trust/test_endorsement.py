from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.trust.endorsement import (
    blended_endorsement,
    endorsement,
    endorsement_mass,
    everybody,
    interaction_share,
)

N = 6
ROWS = st.lists(
    st.dictionaries(st.integers(0, N - 1), st.sampled_from([0.02, 0.5, 1.0, 2.0]), max_size=4),
    min_size=N,
    max_size=N,
)
SHARES = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=N, max_size=N)


def sparse(rows):
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    targets = np.array([target for row in rows for target in sorted(row)], dtype=np.uint32)
    weights = np.array([row[target] for row in rows for target in sorted(row)])
    return offsets, targets, weights


def mass_step_by_step(rows, restart, listener, steps=100):
    """The definition with dictionaries: walk, share with the voices of common listeners, scale."""
    arrived = dict.fromkeys(range(N), 0.0)
    here = {node: restart[node] / sum(restart) for node in range(N)}
    for _ in range(steps):
        there = dict.fromkeys(range(N), 0.0)
        for node, row in enumerate(rows):
            for target, weight in row.items():
                there[target] += 0.5 * here[node] * weight / sum(row.values())
        for node in range(N):
            arrived[node] += there[node]
        here = there
    rows = [{v: weight * len(row) / sum(row.values()) for v, weight in row.items()} for row in rows]
    listened = dict.fromkeys(range(N), 0.0)
    for node, row in enumerate(rows):
        for target, weight in row.items():
            listened[target] += listener[node] * weight
    mass = dict.fromkeys(range(N), 0.0)
    for node, row in enumerate(rows):
        heard = sum(
            weight * arrived[voice] / math.sqrt(listened[voice])
            for voice, weight in row.items()
            if listened[voice] > 0
        )
        for voice, weight in row.items():
            mass[voice] += weight * heard * listener[node] / math.sqrt(len(row))
    total = sum(mass.values())
    return [mass[node] / total if total else 0.0 for node in range(N)]


@settings(max_examples=60, deadline=None)
@given(ROWS, SHARES.filter(any), SHARES)
def test_mass_is_the_walk_and_one_step_over_common_listeners(rows, restart, listener):
    offsets, targets, weights = sparse(rows)
    found = endorsement_mass(
        offsets, targets, np.array(restart), weights=weights, listener_weight=np.array(listener)
    )
    assert found.tolist() == pytest.approx(mass_step_by_step(rows, restart, listener), abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(ROWS, SHARES.filter(any))
@example([{}] * N, [0.0] * 5 + [0.5])
@example([{}, {}, {}, {}, {0: 0.02, 1: 0.02}, {}], [0.0, 0.5, 0.0, 0.0, 0.0, 1.0])
def test_equal_weights_need_not_be_given_and_columns_do_not_meet(rows, restart):
    offsets, targets, weights = sparse(rows)
    columns = np.column_stack((restart, np.ones(N), np.zeros(N)))
    found = endorsement_mass(offsets, targets, columns)
    plain = endorsement_mass(offsets, targets, np.array(restart), weights=np.ones(weights.size))
    assert found[:, 0].tolist() == pytest.approx(plain.tolist(), abs=1e-9)
    assert np.isnan(found[:, 2]).all()
    some = endorsement_mass(offsets, targets, columns, rows=np.array([4, 1]), dtype=np.float32)
    np.testing.assert_allclose(some, found[[4, 1]], rtol=1e-4, atol=1e-6)


def test_members_do_not_endorse_themselves():
    # 0 and 1 are members; both follow 2, nobody follows them, and 2 follows nobody
    found = endorsement_mass(
        np.array([0, 1, 2, 2]), np.array([2, 2], dtype=np.uint32), np.array([1.0, 1.0, 0.0])
    )
    assert found.tolist() == pytest.approx([0, 0, 1])


def test_a_farm_lends_nothing_to_its_customer():
    # 0 and 1 are members and follow 2; 3 to 5, who count for nothing, follow 2 and their customer 6
    rows = [{2: 1}, {2: 1}, {}, {2: 1, 6: 1}, {2: 1, 6: 1}, {2: 1, 6: 1}, {}]
    offsets, targets, _ = sparse(rows)
    members = np.array([1.0, 1, 0, 0, 0, 0, 0])
    trusting = endorsement_mass(offsets, targets, members)
    wary = endorsement_mass(offsets, targets, members, listener_weight=np.array([1.0, 1, 1, 0, 0, 0, 1]))
    assert trusting[6] > 0.2
    assert wary.tolist() == pytest.approx([0, 0, 1, 0, 0, 0, 0])


def test_who_interacts_a_thousand_times_has_no_more_say():
    rows = [{2: 1.0, 3: 3.0}, {2: 1.0}, {}, {}]
    offsets, targets, weights = sparse(rows)
    louder = weights * np.array([1000.0, 1000.0, 1.0])
    members = np.array([1.0, 1, 0, 0])
    quiet, loud = (endorsement_mass(offsets, targets, members, weights=each) for each in (weights, louder))
    assert loud.tolist() == pytest.approx(quiet.tolist())


def test_everybody_is_who_follows_somebody_by_weight():
    offsets = np.array([0, 2, 2, 3, 4])
    assert everybody(offsets).tolist() == [1, 0, 1, 1]
    assert everybody(offsets, np.array([0.5, 1, 0, 1])).tolist() == [0.5, 0, 0, 1]
    assert everybody(offsets, None, np.array([0.0, 0.0, 2.0, 1.0])).tolist() == [0, 0, 1, 1]


def test_endorsement_is_mass_times_the_log_of_what_is_more_than_everybodys():
    mass, usual = np.array([0.4, 0.1, 0.3, 0.2]), np.array([0.1, 0.4, 0.3, 0.0])
    found = endorsement(mass, usual, np.full(4, 9.0))
    assert found.tolist() == pytest.approx([0.4 * math.log(4), 0, 0, 0])


def test_who_is_not_followed_more_here_gets_nothing_and_an_unknown_walk_stays_unknown():
    mass, usual = np.array([[0.5, math.nan]] * 3), np.full(3, 0.1)
    lift = np.array([[1.0, 9.0], [math.nan, 9.0], [1.1, math.nan]])
    found = endorsement(mass, usual, lift)
    assert found[:, 0].tolist() == pytest.approx([0, 0, 0.5 * math.log(5)])
    assert np.isnan(found[:, 1]).all()


def test_an_audience_that_is_everybody_endorses_nobody():
    rng = np.random.default_rng(3)
    rows = [dict.fromkeys(rng.choice(N, 3, replace=False).tolist(), 1.0) for _ in range(N)]
    offsets, targets, _ = sparse(rows)
    mass = endorsement_mass(offsets, targets, np.ones(N))
    usual = endorsement_mass(offsets, targets, everybody(offsets))
    assert endorsement(mass, usual, np.full(N, 2.0)).tolist() == pytest.approx([0.0] * N, abs=1e-9)


def test_blend_is_the_mean_of_what_each_walk_gives_beside_its_strongest():
    blended = blended_endorsement(np.array([3.0, 1.0]), np.array([0.0, 10.0]), 0.25)
    assert blended == pytest.approx([0.75, 0.25 + 0.75 / 3])


def test_a_walk_over_few_accounts_does_not_outweigh_one_over_many():
    follows = np.full(100, 1.0)  # half of the audience follows each of them
    interactions = np.zeros(100)
    interactions[0] = 1.0  # the only one that anybody was seen passing on
    blended = blended_endorsement(follows, interactions, 0.4)
    assert blended[0] == 1.0
    assert blended[1:] == pytest.approx(0.6)


@pytest.mark.parametrize("absent", [np.full(2, np.nan), np.zeros(2)])
def test_a_walk_that_passed_nothing_on_drops_out(absent):
    known = np.array([3.0, 1.0])
    assert blended_endorsement(known, absent, 0.5) == pytest.approx([1.0, 1 / 3])
    assert blended_endorsement(absent, known, 0.5) == pytest.approx([1.0, 1 / 3])


def test_blend_of_nothing_is_nothing():
    assert blended_endorsement(np.zeros(3), np.full(3, np.nan), 0.5).tolist() == [0.0, 0.0, 0.0]


def test_blend_works_column_by_column():
    follows = np.array([[1.0, 0.0], [1.0, 0.0]])
    interactions = np.array([[np.nan, 2.0], [np.nan, 6.0]])
    assert blended_endorsement(follows, interactions, 0.5) == pytest.approx(
        np.array([[1.0, 1 / 3], [1.0, 1.0]])
    )


def test_each_walk_counts_by_the_weight_of_the_members_it_speaks_for():
    weight = np.array([1.0, 1.0, 0.5, 0.5])
    assert interaction_share(weight, np.array([3, 1, 2, 9]), np.array([4, 0, 0, 0])) == pytest.approx(0.25)
    assert interaction_share(weight, np.array([3, 1, 2, 9]), np.array([1, 1, 1, 1])) == pytest.approx(0.5)


def test_a_silent_audience_gives_interactions_no_say():
    nobody = np.zeros(2, dtype=np.int64)
    assert interaction_share(np.ones(2), np.array([1, 1]), nobody) == 0.0
    assert interaction_share(np.ones(2), nobody, nobody) == 0.0
