from __future__ import annotations

import math
import random

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from graph import communities as module
from graph.audience import clean_audience
from graph.communities import (
    STRONGEST_TIES,
    TIE_SHRINKAGE,
    audience_communities,
    community_voices,
    follow_matrix,
    member_ties,
)
from graph.followers import build_follower_graph


def graph_of(n_accounts, edges):
    follower, followee = np.array(sorted(edges), dtype=np.uint32).reshape(-1, 2).T
    return build_follower_graph(n_accounts, follower, followee)[0]


def audience_of(members, weights=None):
    return clean_audience(np.array(members, dtype=np.uint32), weights, None, None, None)


def two_worlds(n_each=30, seed=0):
    """Two groups of members, each following some of its own ten candidates and one that all follow."""
    rng = np.random.default_rng(seed)
    n_members = 2 * n_each
    edges = {(member, n_members + 20) for member in range(n_members)}
    for member in range(n_members):
        own = n_members + 10 * (member % 2)
        edges |= {(member, int(own + pick)) for pick in rng.choice(10, 5, replace=False)}
    return (
        graph_of(n_members + 21, edges),
        audience_of(range(n_members)),
        np.arange(n_members, n_members + 21),
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


def test_two_groups_are_found_whole():
    graph, audience, candidates = two_worlds()
    found = audience_communities(graph, audience, candidates)
    assert found.n_communities == 2
    assert found.modularity > 0.4
    assert found.nodes.tolist() == audience.members.tolist()
    for side in (0, 1):
        assert len(set(found.membership[side::2].tolist())) == 1


def test_modularity_is_that_of_the_ties():
    graph, audience, candidates = two_worlds()
    found = audience_communities(graph, audience, candidates)
    ties = member_ties(follow_matrix(graph, audience.members, candidates)).toarray()
    ties += ties.T
    degree = ties.sum(axis=1)
    expected = sum(
        ties[a, b] - degree[a] * degree[b] / ties.sum()
        for a in range(len(ties))
        for b in range(len(ties))
        if found.membership[a] == found.membership[b]
    )
    assert found.modularity == pytest.approx(expected / ties.sum())


def test_the_same_seed_gives_the_same_groups_whatever_was_drawn_before():
    graph, audience, candidates = two_worlds(n_each=40, seed=4)
    first = audience_communities(graph, audience, candidates, resolution=3.0)
    igraph.Graph.Erdos_Renyi(n=20, p=0.5)
    second = audience_communities(graph, audience, candidates, resolution=3.0)
    assert first.membership.tolist() == second.membership.tolist()


def test_the_generator_of_others_is_left_alone():
    graph, audience, candidates = two_worlds()
    before = random.getstate()
    audience_communities(graph, audience, candidates)
    assert random.getstate() == before


def test_communities_are_numbered_from_the_largest_and_small_ones_are_leftovers():
    edges = {(member, 20) for member in range(4)} | {(member, 21) for member in range(4, 12)}
    edges |= {(12, 22), (13, 22), (14, 23)}
    found = audience_communities(graph_of(24, edges), audience_of(range(15)), np.arange(20, 24))
    assert found.membership.tolist() == [1] * 4 + [0] * 8 + [-1] * 3


@pytest.mark.parametrize(
    ("members", "candidates"), [([], [2]), ([0], [2]), ([0, 1], []), ([0, 1], [3]), ([0, 1], [2])]
)
def test_audiences_without_groups(members, candidates):
    graph = graph_of(4, {(0, 2), (1, 2)})
    found = audience_communities(graph, audience_of(members), np.array(candidates, dtype=np.uint32))
    assert found.membership.tolist() == [-1] * len(members)
    assert found.n_communities == 0
    voices = community_voices(graph, audience_of(members), found, np.array(candidates, dtype=np.uint32))
    assert voices.share.shape == (0, len(candidates))


def test_what_communities_follow_agrees_with_a_loop():
    graph, _, candidates = two_worlds()
    weights = np.random.default_rng(2).choice([0.0, 0.3, 1.0], 60)
    # members follow each other too, and some candidates are members themselves
    audience = audience_of(range(60), weights)
    found = audience_communities(graph, audience, candidates)
    asked = np.concatenate((candidates, [0, 1]))
    voices = community_voices(graph, audience, found, asked)

    def share(group, candidate):
        group = [member for member in group if member != candidate]
        followers = [member for member in group if candidate in graph.following_of(member)]
        return len(followers), sum(weights[followers]) / sum(weights[group])

    for community in range(found.n_communities):
        group = np.flatnonzero(found.membership == community).tolist()
        for column, candidate in enumerate(asked.tolist()):
            count, within = share(group, candidate)
            _, overall = share(list(range(60)), candidate)
            assert voices.followers[community, column] == count
            assert voices.share[community, column] == pytest.approx(within)
            assert voices.lift[community, column] == pytest.approx(
                within / overall if overall else math.nan, nan_ok=True
            )


def test_a_candidate_does_not_count_against_its_own_community():
    edges = {(member, 3) for member in range(3)} | {(3, 5), (0, 5), (1, 5), (2, 5)}
    graph = graph_of(6, edges)
    audience = audience_of([0, 1, 2, 3])
    found = audience_communities(graph, audience, np.array([5]))
    voices = community_voices(graph, audience, found, np.array([3]))
    assert voices.share.tolist() == [[1.0]]
    assert voices.lift.tolist() == [[1.0]]
