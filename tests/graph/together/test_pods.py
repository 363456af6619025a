from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from graph.network.followers import build_follower_graph
from graph.together.pods import engagement_pods


def graph_of(n, mutual_pairs):
    """A follow graph in which every given pair follows each other."""
    ends = np.array([(u, v) for pair in mutual_pairs for u, v in (pair, pair[::-1])], dtype=np.int64)
    return build_follower_graph(n, *ends.reshape(-1, 2).T)[0]


def area_under_curve(scores, is_positive):
    ranks = rankdata(np.nan_to_num(scores))
    hits = is_positive.sum()
    return (ranks[is_positive].sum() - hits * (hits + 1) / 2) / (hits * (~is_positive).sum())


class World:
    """Circles of friends who really engage, hubs with fans, people who browse, and planted pods."""

    def __init__(self, seed, pod_rate, share_befriended, n=600, n_pods=2, pod_size=12):
        self.rng = np.random.default_rng(seed)
        self.n = n
        self.posts = self.rng.integers(5, 40, n)
        self.posts[:5] = 80
        self.first_post = np.concatenate([[0], np.cumsum(self.posts)])
        self.rows = []
        self.friends = set()
        self.circles()
        self.hubs()
        self.is_member = np.zeros(n, dtype=bool)
        members = self.rng.choice(np.arange(5, n), n_pods * pod_size, replace=False)
        for pod in members.reshape(n_pods, pod_size) if n_pods else []:
            self.plant(pod, pod_rate, share_befriended)

    def engage(self, actor, author, rate):
        hit = np.flatnonzero(self.rng.random(self.posts[author]) < rate)
        self.rows.extend((actor, author, self.first_post[author] + post) for post in hit)

    def circles(self):
        circle_of = self.rng.permutation(self.n) // 14
        for circle in range(circle_of.max() + 1):
            members = np.flatnonzero(circle_of == circle)
            for u in members:
                for v in members[members > u]:
                    if self.rng.random() < 0.45:
                        rate = self.rng.beta(1.2, 7)  # close friends reach 0.6
                        self.friends.add((int(u), int(v)))
                        self.engage(u, v, rate)
                        self.engage(v, u, rate)

    def hubs(self):
        for hub in range(5):
            for fan in self.rng.choice(np.arange(5, self.n), 100, replace=False):
                self.engage(fan, hub, self.rng.beta(1, 5))
                if self.rng.random() < 0.1:
                    self.engage(hub, fan, 0.1)

    def plant(self, pod, rate, share_befriended):
        self.is_member[pod] = True
        for u in pod:
            for v in pod[pod > u]:
                if self.rng.random() < share_befriended:
                    self.friends.add((int(u), int(v)))
                self.engage(u, v, rate)
                self.engage(v, u, rate)

    def pods(self, **options):
        actor, author, post = np.array(self.rows).T
        friends = graph_of(self.n, self.friends)
        return engagement_pods(self.n, actor, author, post, self.posts, friends, **options)


@pytest.mark.parametrize("share_befriended", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("pod_rate", [0.3, 0.6, 1.0])
def test_members_are_told_from_friends_and_fans(pod_rate, share_befriended):
    world = World(7, pod_rate, share_befriended)
    pods = world.pods(n_rewirings=3)
    assert area_under_curve(pods.score, world.is_member) >= 0.97
    in_groups = np.unique(np.concatenate([group.members for group in pods.groups] or [[]])).astype(int)
    assert world.is_member[in_groups].all()
    if pod_rate >= 0.6:
        assert world.is_member[in_groups].sum() >= 0.9 * world.is_member.sum()
        assert all(group.density > 0.5 and 0 < group.contrast <= 1 for group in pods.groups)


def test_slow_pods_of_strangers_are_still_found():
    world = World(7, 0.15, 0.0)
    pods = world.pods(n_rewirings=2)
    assert area_under_curve(pods.score_strangers, world.is_member) >= 0.95
    assert area_under_curve(pods.score, world.is_member) >= 0.93


def test_pods_that_befriend_each_other_hide_only_from_the_strangers_score():
    world = World(7, 0.6, 1.0)
    pods = world.pods(n_rewirings=2)
    assert area_under_curve(pods.score, world.is_member) >= 0.97
    assert area_under_curve(pods.score_strangers, world.is_member) < 0.7


def test_an_honest_network_has_no_groups_and_few_above_the_threshold():
    pods = World(3, 0.0, 0.0, n_pods=0).pods(n_rewirings=5)
    assert pods.groups == []
    assert np.mean(pods.score > pods.threshold) <= 0.01


def test_same_seed_same_answer():
    world = World(1, 0.6, 0.5, n=200)
    first, second = world.pods(n_rewirings=2, seed=5), world.pods(n_rewirings=2, seed=5)
    assert first.threshold == second.threshold
    assert np.array_equal(first.score, second.score, equal_nan=True)


def test_nothing_to_go_on():
    nothing = np.array([], dtype=np.int64)
    for n in (0, 4):
        pods = engagement_pods(n, nothing, nothing, nothing, np.zeros(n, dtype=np.int64))
        assert not pods.is_measured.any()
        assert np.isnan(pods.threshold)
        assert pods.groups == []


def test_few_posts_are_unknown_and_silence_is_zero():
    actor, author, post = np.array([[0, 1, 10], [0, 1, 11], [1, 0, 20], [1, 0, 21], [3, 2, 30]]).T
    pods = engagement_pods(4, actor, author, post, np.array([2, 9, 5, 5]))
    assert np.isnan(pods.score[0])  # two posts only
    assert pods.score[1] == 0.0
    assert pods.partners.tolist() == [0, 0, 0, 0]


def test_a_hubs_fan_is_explained_by_fame():
    fans = np.arange(1, 60)
    actor = np.concatenate([np.repeat(fans, 3), np.zeros(3, dtype=int)])
    author = np.concatenate([np.zeros(fans.size * 3, dtype=int), np.ones(3, dtype=int)])
    post = np.concatenate([np.tile([0, 1, 2], fans.size), [100, 101, 102]])
    pods = engagement_pods(60, actor, author, post, np.full(60, 3))
    assert pods.score_all[1] == 1.0
    assert pods.score[1] < 0.1


def slow_scores(n, rows, posts, friends):
    """Σ over partners of the smaller rate, all partners and strangers only, by plain loops."""
    engaged = {}
    for actor, author, post in rows:
        if actor != author:
            engaged.setdefault((actor, author), set()).add(post)
    posts = [max(posts[v], len({p for a, v2, p in rows if v2 == v and a != v})) for v in range(n)]
    every, strangers = np.zeros(n), np.zeros(n)
    for (u, v), there in engaged.items():
        back = engaged.get((v, u), set())
        if min(posts[u], posts[v]) >= 3 and min(len(there), len(back)) >= 2:
            rate = min(len(there) / posts[v], len(back) / posts[u])
            every[u] += rate
            strangers[u] += rate * ((min(u, v), max(u, v)) not in friends)
    active = {node for pair in engaged for node in pair}
    unknown = [posts[u] < 3 or u not in active for u in range(n)]
    return np.where(unknown, np.nan, every), np.where(unknown, np.nan, strangers)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_scores_agree_with_plain_loops(data):
    n = data.draw(st.integers(2, 6))
    nodes = st.integers(0, n - 1)
    drawn = data.draw(st.lists(st.tuples(nodes, nodes, st.integers(0, 4)), max_size=60))
    rows = [(u, v, 10 * v + post) for u, v, post in drawn]
    posts = data.draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    pairs = data.draw(st.sets(st.tuples(nodes, nodes).filter(lambda pair: pair[0] < pair[1])))
    actor, author, post = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    pods = engagement_pods(n, actor, author, post, np.array(posts), graph_of(n, pairs), n_rewirings=2)
    every, strangers = slow_scores(n, rows, posts, pairs)
    np.testing.assert_allclose(pods.score_all, every)
    np.testing.assert_allclose(pods.score_strangers, strangers)
    assert ((pods.score <= pods.score_all + 1e-12) | np.isnan(pods.score)).all()
