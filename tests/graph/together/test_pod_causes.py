from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.together.pod_causes import is_friendship, is_hurried, without_groups
from tests.graph.together.test_pods import World

NAN = float("nan")


def test_who_is_in_a_hurry():
    share = np.array([0.9, 0.25, 0.9, NAN, 0.5])
    acts = np.array([200.0, 200.0, 1.0, 0.0, 400.0])
    assert is_hurried(share, acts, np.full(5, 0.2)).tolist() == [True, False, False, False, True]
    assert not is_hurried(np.array([0.9]), np.array([200.0]), np.array([0.8]))[0]
    assert is_hurried(np.array([0.97]), np.array([400.0]), np.array([0.8]))[0]
    assert not is_hurried(np.array([0.9]), np.array([9.0]), np.array([NAN]))[0]


def test_friendship_needs_ties_and_a_topic_and_time():
    befriended = np.array([0.8, 0.1, 0.8, 0.8, 0.8])
    topic = np.array([0.9, 0.9, 0.1, NAN, 0.9])
    hurried = np.array([False, False, False, False, True])
    assert is_friendship(befriended, topic, hurried).tolist() == [True, False, False, False, False]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 50))
def test_what_is_explained_is_taken_from_the_members_alone(seed):
    pods = World(seed, 0.8, 1.0, n=200).pods(n_rewirings=1)
    for groups in ([], [group.members for group in pods.groups]):
        score, partners = without_groups(pods, groups)
        inside = np.zeros(score.size, dtype=bool)
        inside[np.concatenate([np.empty(0, int), *groups])] = True
        np.testing.assert_allclose(score[~inside], pods.score[~inside])
        assert (partners[~inside] == pods.unusual_partners[~inside]).all()
        assert (score[inside] < pods.score[inside]).all()
        assert (score[inside] >= 0).all()
        expected = pods.score.copy()
        group_of = {node: number for number, members in enumerate(groups) for node in members.tolist()}
        for u, v, excess in zip(pods.pairs.first, pods.pairs.second, pods.pairs.excess, strict=True):
            if u in group_of and group_of[u] == group_of.get(v):
                expected[[u, v]] -= excess
        np.testing.assert_allclose(score, expected, atol=1e-9)
