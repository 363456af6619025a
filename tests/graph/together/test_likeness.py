from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import build_follower_graph
from graph.together.likeness import group_likeness


def topical_network(seed=0, n=300, n_topics=6):
    """Accounts that follow twenty of forty voices of their topic, and friends inside each topic."""
    rng = np.random.default_rng(seed)
    topic = np.arange(n) % n_topics
    source = np.repeat(np.arange(n), 20)
    target = n + 40 * topic[source] + rng.integers(0, 40, source.size)
    ends = rng.integers(0, n // n_topics, (2, 400)) * n_topics + rng.integers(0, n_topics, 400)
    ends = np.unique(np.sort(ends[:, ends[0] != ends[1]], axis=0), axis=1)
    source, target = np.concatenate([source, *ends]), np.concatenate([target, *ends[::-1]])
    graph = build_follower_graph(n + 40 * n_topics, source.astype(np.uint32), target.astype(np.uint32))[0]
    return graph, topic, (ends[0], ends[1])


def test_a_topic_is_alike_as_friends_and_a_mixture_as_strangers():
    graph, topic, friends = topical_network()
    one_topic, mixture = np.flatnonzero(topic == 2)[:9], np.arange(60, 72)
    alike, mixed = group_likeness(graph, [one_topic, mixture], np.arange(300), friends)
    assert 0.8 < alike < 1.3
    assert -0.2 < mixed < 0.2


def test_following_each_other_is_no_topic():
    graph, _, friends = topical_network()
    mixture = np.arange(60, 72)
    u, v = (ends.ravel() for ends in np.meshgrid(mixture, mixture))
    rows = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    source = np.concatenate([rows, u[u != v]]).astype(np.uint32)
    target = np.concatenate([graph.following, v[u != v]]).astype(np.uint32)
    clique = build_follower_graph(graph.n_accounts, source, target)[0]
    assert group_likeness(clique, [mixture], np.arange(300), friends)[0] < 0.2


def test_unknown_without_friends_or_follows():
    graph, _, friends = topical_network()
    few = (friends[0][:3], friends[1][:3])
    assert np.isnan(group_likeness(graph, [np.arange(5)], np.arange(300), few)).all()
    silent = np.arange(300, 305)
    assert np.isnan(group_likeness(graph, [silent], np.arange(300), friends)).all()
    assert group_likeness(graph, [], np.arange(300), friends).size == 0


def slow_cosine(graph, members):
    """Mean over pairs of the cosine of weighted rows without the members, by plain loops."""
    n = graph.n_accounts
    rows = [
        {
            node: np.log(n / max(graph.follower_counts[node], 1))
            for node in graph.following_of(member).tolist()
            if node not in members
        }
        for member in members
    ]
    lengths = [np.sqrt(sum(weight**2 for weight in row.values())) for row in rows]
    found = [
        sum(weight * rows[b].get(node, 0.0) for node, weight in rows[a].items()) / (lengths[a] * lengths[b])
        if lengths[a] * lengths[b] > 0
        else 0.0
        for a in range(len(rows))
        for b in range(a)
    ]
    return float(np.mean(found))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_the_order_of_groups_is_that_of_plain_loops(seed):
    graph, _, friends = topical_network(seed)
    rng = np.random.default_rng(seed)
    groups = [np.sort(rng.choice(300, 5, replace=False)) for _ in range(4)]
    found = group_likeness(graph, groups, np.arange(300), friends)
    slow = [slow_cosine(graph, group.tolist()) for group in groups]
    assert np.corrcoef(found, slow)[0, 1] == pytest.approx(1)
