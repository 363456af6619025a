from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import build_follower_graph
from graph.trust.audience import clean_audience
from graph.trust.bridges import (
    BRIDGE_FROM,
    COVERED_FOLLOWERS,
    COVERED_FROM,
    LEFT_FROM,
    community_reach,
    shores,
)
from graph.trust.communities import HOLDS_FROM, audience_communities, community_voices

N_MEMBERS, N_OWN = 120, 30  # members, and candidates of each of three groups
BRIDGE, STAR, SMALL = (N_MEMBERS + 3 * N_OWN + place for place in range(3))


def three_groups(*, planted=True, seed=0, audience=None):
    """Three groups of 40 who follow their own candidates; a bridge of two groups, a star, a small voice."""
    rng = np.random.default_rng(seed)
    edges = []
    for member in range(N_MEMBERS):
        first = N_MEMBERS + N_OWN * (member % 3) if planted else N_MEMBERS
        pool = N_OWN if planted else 3 * N_OWN
        edges += [(member, first + int(pick)) for pick in rng.choice(pool, 12, replace=False)]
        edges += [(member, STAR)] if rng.random() < 0.8 else []
        edges += [(member, BRIDGE)] if member % 3 < 2 and rng.random() < 0.5 else []
    edges += [(member, SMALL) for member in (0, 3, 6)]
    follower, followee = np.array(edges).T
    graph = build_follower_graph(SMALL + 1, follower, followee)[0]
    audience = audience or clean_audience(np.arange(N_MEMBERS), None, None, None, None)
    candidates = np.arange(N_MEMBERS, SMALL + 1)
    found = audience_communities(graph, audience, candidates)
    voices = community_voices(graph, audience, found, candidates)
    return found, voices, dict(zip(candidates.tolist(), range(candidates.size), strict=True))


def test_the_planted_bridge_is_found_and_nobody_else():
    found, voices, place = three_groups()
    special = voices.candidates != STAR  # everybody follows the star everywhere, outside the audience too
    reach = community_reach(voices, found.community_stability >= HOLDS_FROM, special)
    assert voices.candidates[reach.is_bridge].tolist() == [BRIDGE]
    homes = {found.membership[0], found.membership[1]}  # of the two groups that it joins
    assert set(np.flatnonzero(reach.covered[:, place[BRIDGE]])) == homes
    assert reach.communities_covered[place[BRIDGE]] == 2
    assert reach.bridge_score[place[BRIDGE]] == pytest.approx(0.5, abs=0.05)
    assert reach.communities_covered[place[STAR]] == 3
    assert reach.bridge_score[place[STAR]] == pytest.approx(2 / 3, abs=0.05)
    assert reach.communities_covered[place[SMALL]] == 1
    assert reach.bridge_score[place[SMALL]] == 0.0


@pytest.mark.parametrize("left", [0.0, 0.06, LEFT_FROM, 1.0])
def test_a_community_of_which_cleaning_leaves_little_is_no_shore(left):
    lockstep = np.where(np.arange(N_MEMBERS) % 3 == 0, left, 1.0)
    for stated in (None, np.full(N_MEMBERS, 0.3)):  # what the list takes is no cleaning
        audience = clean_audience(np.arange(N_MEMBERS), stated, None, None, None, lockstep=lockstep)
        found, voices, place = three_groups(audience=audience)
        counts = shores(found, audience)
        reach = community_reach(voices, counts, voices.candidates != STAR)
        hollow = found.membership[0]
        assert counts[hollow] == (left >= LEFT_FROM)
        assert counts[[found.membership[1], found.membership[2]]].all()
        assert reach.is_bridge[place[BRIDGE]] == (left >= LEFT_FROM)
        assert reach.covered[hollow].any() == (left >= LEFT_FROM)


def test_members_whom_the_list_gives_no_weight_are_no_shore():
    stated = np.where(np.arange(N_MEMBERS) % 3 == 0, 0.0, 1.0)
    audience = clean_audience(np.arange(N_MEMBERS), stated, None, None, None)
    found, _, _ = three_groups(audience=audience)
    assert shores(found, audience).tolist() == [n != found.membership[0] for n in range(found.n_communities)]


def test_an_audience_without_groups_has_no_bridges():
    found, voices, _ = three_groups(planted=False)
    assert found.n_communities > 1  # Leiden always cuts
    reach = community_reach(voices, found.community_stability >= HOLDS_FROM, np.ones(voices.candidates.size))
    assert not reach.is_bridge.any()
    assert np.isnan(reach.communities_covered).all()  # nothing to cover is not covering nothing
    assert np.isnan(reach.bridge_score).all()


def test_one_community_is_covered_and_not_bridged():
    follower = np.repeat(np.arange(20), 2)
    followee = np.tile([20, 21], 20)
    graph = build_follower_graph(22, follower, followee)[0]
    audience = clean_audience(np.arange(20), None, None, None, None)
    found = audience_communities(graph, audience, np.array([20, 21]))
    voices = community_voices(graph, audience, found, np.array([20, 21]))
    reach = community_reach(voices, np.ones(found.n_communities), [True, True])
    assert found.n_communities == 1
    assert reach.communities_covered.tolist() == [1, 1]
    assert reach.bridge_score.tolist() == [0, 0]
    assert not reach.is_bridge.any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_reach_agrees_with_a_loop(seed, is_weighed):
    rng = np.random.default_rng(seed)
    n_members, n_candidates = 30, 6
    follows = rng.random((n_members, n_candidates)) < rng.random(n_candidates)
    follower, column = np.nonzero(follows)
    graph = build_follower_graph(n_members + n_candidates, follower, column + n_members)[0]
    weight = rng.choice([0.0, 0.4, 1.0], n_members) if is_weighed else None
    audience = clean_audience(np.arange(n_members), weight, None, None, None)
    candidates = np.arange(n_members, n_members + n_candidates)
    found = audience_communities(graph, audience, candidates)
    voices = community_voices(graph, audience, found, candidates)
    holds = rng.random(found.n_communities) < 0.8
    special = rng.random(n_candidates) < 0.8
    reach = community_reach(voices, holds, special)
    for place in range(n_candidates):
        bounds = [
            voices.share_low[community, place]
            for community in range(found.n_communities)
            if holds[community]
            and voices.followers[community, place] >= COVERED_FOLLOWERS
            and voices.share_low[community, place] >= COVERED_FROM * voices.overall_share[place]
            and voices.share_low[community, place] > 0
        ]
        if not holds.any():
            assert np.isnan(reach.communities_covered[place])
            assert not reach.is_bridge[place]
            continue
        assert reach.communities_covered[place] == reach.covered[:, place].sum() == len(bounds)
        score = 1 - sum((bound / sum(bounds)) ** 2 for bound in bounds) if bounds else np.nan
        assert reach.bridge_score[place] == pytest.approx(score, nan_ok=True, abs=1e-12)
        assert reach.is_bridge[place] == (len(bounds) > 1 and score >= BRIDGE_FROM and special[place])


def test_no_candidates_at_all():
    graph = build_follower_graph(3, np.array([0]), np.array([1]))[0]
    audience = clean_audience(np.arange(2), None, None, None, None)
    found = audience_communities(graph, audience, np.zeros(0, dtype=np.uint32))
    voices = community_voices(graph, audience, found, np.zeros(0, dtype=np.uint32))
    reach = community_reach(voices, np.zeros(0), np.zeros(0))
    assert reach.is_bridge.size == reach.bridge_score.size == 0
