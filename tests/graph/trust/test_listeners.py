from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import build_follower_graph
from graph.trust.audience import clean_audience
from graph.trust.listeners import listeners, speaking
from graph.trust.member_ties import follow_matrix
from graph.trust.word_of_mouth import word_of_mouth

N = 8
EDGES = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=40)


def arrays(edges):
    """Both ends of some edges as nodes."""
    return np.array(edges, dtype=np.uint32).reshape(-1, 2).T


def world(follows, talk, weights):
    """A graph, an audience with weights by node, and its word of mouth."""
    graph, _ = build_follower_graph(N, *arrays(follows))
    members = np.array(list(weights), dtype=np.uint32)
    audience = clean_audience(members, np.array(list(weights.values()), dtype=float), None, None, None)
    actor, target = arrays(talk)
    return graph, audience, word_of_mouth(N, audience, actor, target, np.full(actor.size, "mention"), None)


@settings(max_examples=80, deadline=None)
@given(
    EDGES,
    EDGES,
    st.dictionaries(st.integers(0, N - 1), st.sampled_from([0.0, 0.5, 1.0])),
    st.permutations(range(N)).flatmap(lambda nodes: st.integers(0, N).map(lambda k: nodes[:k])),
)
def test_listeners_are_the_union_of_followers_and_speakers(follows, talk, weights, candidates):
    graph, audience, voices = world(follows, talk, weights)
    found = listeners(graph, audience, np.array(candidates, dtype=np.int64), voices)
    for row, candidate in enumerate(candidates):
        heard = {member for member, other in follows + talk if other == candidate} - {candidate}
        heard &= set(weights)
        assert found.count[row] == len(heard)
        assert found.cleaned[row] == pytest.approx(sum(weights[member] for member in heard))
    assert found.count.shape == found.cleaned.shape == (len(candidates),)


def test_a_voice_whose_speakers_are_half_outside_its_followers():
    follows = [(member, 7) for member in (0, 1, 2, 3)]
    talk = [(member, 7) for member in (2, 3, 4, 5)]
    weights = {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.5, 4: 1.0, 5: 0.5, 6: 1.0}
    graph, audience, voices = world(follows, talk, weights)
    candidates = np.array([7])
    found = listeners(graph, audience, candidates, voices)
    assert found.count.tolist() == [6]  # not the four of either kind
    assert found.cleaned.tolist() == [5.0]
    spoken = speaking(follow_matrix(graph, audience.members, candidates), candidates, voices)
    assert np.flatnonzero(spoken.all.toarray()[:, 0]).tolist() == [2, 3, 4, 5]
    assert np.flatnonzero(spoken.beyond.toarray()[:, 0]).tolist() == [4, 5]
