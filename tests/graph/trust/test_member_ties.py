from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from graph.network.followers import build_follower_graph
from graph.network.interactions import build_interaction_graph
from graph.trust import member_ties as module
from graph.trust.member_ties import (
    STRONGEST_TIES,
    TIE_SHRINKAGE,
    attention_matrix,
    blended_ties,
    follow_matrix,
    follow_pieces,
    interaction_ties,
    member_ties,
    telling_candidates,
)


def ties_by_loop(follows):
    """All shrunk cosine ties between rows of a 0/1 list of lists."""
    scale = {}
    for candidate in range(len(follows[0])):
        popularity = sum(row[candidate] for row in follows)
        scale[candidate] = 1 / math.log(2 + popularity) if popularity > 1 else 0.0

    def product(a, b):
        return sum(scale[c] ** 2 for c in scale if follows[a][c] and follows[b][c])

    ties = {}
    for a in range(len(follows)):
        for b in range(a + 1, len(follows)):
            if shared := product(a, b):
                ties[a, b] = shared / (math.sqrt(product(a, a) * product(b, b)) + TIE_SHRINKAGE)
    return ties


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=1, max_size=12)
    ),
    st.integers(1, 40),
)
def test_ties_agree_with_a_loop_over_pairs(follows, pairs_at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PAIRS_AT_ONCE", pairs_at_once)
        ties = member_ties(csr_array(np.array(follows, dtype=float))).tocoo()
    found = {(int(a), int(b)): value for a, b, value in zip(ties.row, ties.col, ties.data, strict=True)}
    assert found == pytest.approx(ties_by_loop(follows), abs=1e-6)


def test_each_member_keeps_only_its_strongest_ties():
    n_members = 60
    everybody = csr_array(np.ones((n_members, 2)))
    ties = member_ties(everybody)
    assert ties.nnz <= n_members * STRONGEST_TIES


def test_the_most_popular_candidates_are_left_out_first():
    follows = np.zeros((10, 2))
    follows[:, 0] = 1
    follows[:3, 1] = 1
    ties = member_ties(csr_array(follows), max_pairs=50).tocoo()
    assert set(zip(ties.row.tolist(), ties.col.tolist(), strict=True)) == {(0, 1), (0, 2), (1, 2)}


ACTS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40)
MEMBERS = st.lists(st.integers(0, 9), min_size=1, unique=True)


def spoken_of(acts):
    actor, target = np.array(sorted(acts), dtype=np.int64).reshape(-1, 2).T
    kind, times = np.full(actor.size, "like"), np.ones(actor.size, dtype=int)
    return build_interaction_graph(10, actor, target, kind, times, kind_weights={"like": 0.02})


@settings(max_examples=60, deadline=None)
@given(ACTS, MEMBERS)
def test_ties_of_those_who_act_on_each_other_agree_with_a_loop(acts, members):
    acts = {(actor, target) for actor, target in acts if actor != target}

    def degree(member):
        return sum(actor == member for actor, _ in acts) + sum(
            target == member and actor in members for actor, target in acts
        )

    expected = {}
    for first, a in enumerate(members):
        for second, b in enumerate(members[first + 1 :], first + 1):
            if times := ((a, b) in acts) + ((b, a) in acts):
                expected[first, second] = times / (math.sqrt(degree(a) * degree(b)) + TIE_SHRINKAGE)
    ties = interaction_ties(spoken_of(acts), np.array(members)).tocoo()
    found = {(int(a), int(b)): value for a, b, value in zip(ties.row, ties.col, ties.data, strict=True)}
    assert found == pytest.approx(expected)
    assert all(value < 1 for value in found.values())


@settings(max_examples=60, deadline=None)
@given(ACTS, MEMBERS)
def test_attention_holds_each_account_that_two_members_acted_on(acts, members):
    acts = {(actor, target) for actor, target in acts if actor != target}
    columns = [
        [float((member, account) in acts) for member in members]
        for account in range(10)
        if sum((member, account) in acts for member in members) > 1
    ]
    found = attention_matrix(spoken_of(acts), np.array(members)).toarray()
    assert found.shape[0] == len(members)
    assert found.T.tolist() == columns


def test_kinds_of_ties_add_up_and_absent_ones_add_nothing():
    first, nothing = csr_array(np.array([[0, 0.5], [0, 0]])), csr_array((2, 2))
    assert blended_ties([first, nothing]).toarray().tolist() == first.toarray().tolist()
    assert blended_ties([first, first]).toarray()[0, 1] == 1.0


def test_the_matrix_in_pieces_is_the_matrix(monkeypatch):
    rng = np.random.default_rng(3)
    edges = np.unique(rng.integers(0, 40, (400, 2)), axis=0)
    graph = build_follower_graph(40, *edges[edges[:, 0] != edges[:, 1]].T.astype(np.uint32))[0]
    members, candidates = rng.permutation(40)[:25], rng.permutation(40)[:30]
    whole = follow_matrix(graph, members, candidates)
    telling = telling_candidates(graph, members, candidates, max_pairs=300)
    monkeypatch.setattr("graph.trust.member_ties._FOLLOWS_AT_ONCE", 12)
    pieces = list(follow_pieces(graph, members, candidates))
    assert len(pieces) > 5
    assert [row for rows, _ in pieces for row in range(rows.start, rows.stop)] == list(range(25))
    in_pieces = follow_matrix(graph, members, candidates)
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(in_pieces, name), getattr(whole, name))
    expected = [
        [graph.followers_of(node).tolist().count(member) for node in candidates] for member in members
    ]
    assert whole.toarray().tolist() == expected
    assert telling_candidates(graph, members, candidates, max_pairs=300).tolist() == telling.tolist()


def test_an_audience_of_nobody_has_one_empty_piece():
    graph = build_follower_graph(3, np.array([0], np.uint32), np.array([1], np.uint32))[0]
    nobody = np.zeros(0, dtype=np.uint32)
    assert follow_matrix(graph, nobody, np.array([1, 2])).shape == (0, 2)
    assert follow_matrix(graph, np.array([0]), nobody).shape == (1, 0)


def test_only_telling_candidates_are_needed_for_the_ties():
    rng = np.random.default_rng(8)
    edges = np.unique(np.column_stack((rng.integers(0, 60, 900), 60 + rng.zipf(1.6, 900) % 40)), axis=0)
    graph = build_follower_graph(100, *edges.T.astype(np.uint32))[0]
    members, candidates = np.arange(60), np.arange(60, 100)
    for max_pairs in (200, 2_000, 10**9):
        telling = telling_candidates(graph, members, candidates, max_pairs=max_pairs)
        some = member_ties(follow_matrix(graph, members, telling), max_pairs=max_pairs)
        every = member_ties(follow_matrix(graph, members, candidates), max_pairs=max_pairs)
        assert (some != every).nnz == 0
    assert telling.size > telling_candidates(graph, members, candidates, max_pairs=200).size > 0
