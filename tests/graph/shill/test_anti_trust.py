"""Anti-trust against a slow reference, and its damping on random graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network import short_walks
from graph.network.followers import build_follower_graph
from graph.shill.anti_trust import (
    FEWEST_FOLLOWS,
    MOST_AMONG_PEERS,
    MOST_PER_LABEL,
    RARITY,
    SHRINKAGE,
    UNUSUAL_ABOVE,
    WALK_ON,
    anti_trust,
    drawn_alike,
)

NOBODY = np.zeros(0, dtype=np.int64)


def random_graph(seed, n=60, follows=12):
    """A network in which some are followed far more than others."""
    rng = np.random.default_rng(seed)
    appeal = rng.pareto(2, n) + 0.3
    follower = np.repeat(np.arange(n), follows)
    followee = rng.choice(n, size=follower.size, p=appeal / appeal.sum())
    return build_follower_graph(n, follower, followee)[0]


def followed_accounts(graph, rng, k):
    return rng.choice(np.flatnonzero(graph.follower_counts > 0), size=k, replace=False)


def slow_visits(graph, start, steps=60):
    """Expected visits of a walk from `start` to followers, one account and one step at a time."""
    visits, here = dict.fromkeys(range(graph.n_accounts), 0.0), {start: 1.0}
    for _ in range(steps):
        moved = {}
        for node, mass in here.items():
            for follower in graph.followers_of(node).tolist():
                moved[follower] = moved.get(follower, 0.0) + WALK_ON * mass / len(graph.followers_of(node))
        for node, mass in moved.items():
            visits[node] += mass
        here = moved
    return np.array(list(visits.values()))


def slow_times_chance(graph, labelled):
    bins = [int(np.log2(1 + count)) for count in graph.follower_counts]
    chance = np.zeros(graph.n_accounts)
    for label in labelled:
        alike = [node for node in range(graph.n_accounts) if bins[node] == bins[label]]
        for node in alike:
            chance[node] += 1 / len(alike)
    by_chance = sum(chance[node] * slow_visits(graph, node) for node in range(graph.n_accounts))
    led = sum(slow_visits(graph, label) for label in labelled)
    peers = np.array([slow_peers(graph, node, led) for node in range(graph.n_accounts)])
    usual = np.maximum(by_chance, np.minimum(peers, MOST_AMONG_PEERS * by_chance))
    base = usual + SHRINKAGE * by_chance[graph.following_counts > 0].mean()
    parts = [np.minimum(slow_visits(graph, label) / base, MOST_PER_LABEL) for label in labelled]
    value = []
    for node in range(graph.n_accounts):
        mine = [
            part[node] for label, part in zip(labelled, parts, strict=True) if follows(graph, node, label)
        ]
        value.append(sum(mine) + min(sum(part[node] for part in parts) - sum(mine), MOST_PER_LABEL))
    return np.array(value)


def slow_peers(graph, node, led):
    weight = total = 0.0
    for followed in graph.following_of(node).tolist():
        back = graph.followers_of(followed).tolist()
        for peer in set(back) - {node}:
            chance = len(back) ** -RARITY / len(back)
            weight += chance
            total += chance * led[peer] / len(graph.following_of(peer))
    return len(graph.following_of(node)) * total / weight if weight > 1e-9 else 0.0


def follows(graph, node, other):
    return other in graph.following_of(node)


@pytest.mark.parametrize(("seed", "sweeps", "apart"), [(1, 40, 1e-5), (2, 40, 1e-5), (1, None, 1e-3)])
def test_agrees_with_the_reference(seed, sweeps, apart, monkeypatch):
    if sweeps:
        monkeypatch.setattr(short_walks, "SWEEPS", sweeps)
    graph = random_graph(seed, n=30, follows=14)
    chosen = followed_accounts(graph, np.random.default_rng(seed), 10)
    shills, genuine = chosen[:5], chosen[5:]
    found = anti_trust(graph, shills, genuine)
    expected = slow_times_chance(graph, shills) / np.maximum(slow_times_chance(graph, genuine), 1)
    said = ~np.isnan(found.value)
    assert said.sum() >= 10
    assert not said[chosen].any()
    assert not said[graph.following_counts < FEWEST_FOLLOWS].any()
    np.testing.assert_allclose(found.value[said], expected[said], rtol=apart)
    by_hand = [np.isin(graph.following_of(node), shills).sum() for node in range(30)]
    np.testing.assert_array_equal(found.followed, by_hand)


@given(seed=st.integers(0, 10_000), k=st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_three_labels_say_nothing_of_anybody(seed, k):
    graph = random_graph(seed)
    chosen = followed_accounts(graph, np.random.default_rng(seed), k)
    assert np.isnan(anti_trust(graph, chosen, NOBODY).value).all()


@given(seed=st.integers(0, 10_000), k=st.integers(4, 12), n_genuine=st.sampled_from([0, 2, 5]))
@settings(max_examples=40, deadline=None)
def test_one_more_label_raises_nobody_by_more_than_its_cap(seed, k, n_genuine):
    graph = random_graph(seed)
    chosen = followed_accounts(graph, np.random.default_rng(seed), k + 1 + n_genuine)
    genuine, labels = chosen[:n_genuine], chosen[n_genuine:]
    before, after = anti_trust(graph, labels[:-1], genuine), anti_trust(graph, labels, genuine)
    said = ~np.isnan(after.value)
    assert (after.value[said] <= before.value[said] + MOST_PER_LABEL + 1e-6).all()
    # The interval says so: without its strongest label no value stands above the lower end.
    assert (before.high[said] >= after.value[said] - 1e-9).all()
    assert (after.low[said] <= after.value[said]).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_an_unusual_value_rests_on_four_labels_three_of_them_followed(seed):
    graph = random_graph(seed)
    rng = np.random.default_rng(seed)
    found = anti_trust(graph, followed_accounts(graph, rng, 6), NOBODY)
    unusual = np.flatnonzero(found.value > UNUSUAL_ABOVE)
    assert (found.low[unusual] > UNUSUAL_ABOVE - MOST_PER_LABEL).all()
    assert (found.followed[unusual] >= 3).all()


def test_who_is_followed_by_bad_accounts_and_follows_none_of_them_is_left_alone():
    # 20 bots follow 5 customers, who are labelled, and the victim; 20 fans follow the victim and friends.
    bots, fans, customers, friends = range(20), range(20, 40), range(40, 45), range(46, 56)
    victim = 45
    edges = [(bot, one) for bot in bots for one in (*customers, victim)]
    edges += [(fan, one) for fan in fans for one in (victim, *friends)]
    edges += [(victim, friend) for friend in friends]
    edges += [(friend, fan) for friend in friends for fan in fans]
    graph = build_follower_graph(56, *(np.array(end) for end in zip(*edges, strict=True)))[0]
    found = anti_trust(graph, np.array(customers), NOBODY)
    assert found.value[victim] == 0
    assert (found.value[list(bots)] > 0.5).all()
    assert (found.value[[*fans, *friends]] == 0).all()


def test_a_community_that_follows_its_own_shills_is_not_unusual():
    rng = np.random.default_rng(5)
    home, elsewhere, shills = np.arange(8, 108), np.arange(108, 1_108), np.arange(8)
    source, target = [], []
    for members, voices in ((home, np.arange(8, 28)), (elsewhere, np.arange(108, 308))):
        for member in members:
            chosen = rng.choice(voices, 8, replace=False)
            chosen = np.append(chosen, rng.choice(shills, 5, replace=False)) if members is home else chosen
            source += [member] * len(chosen)
            target += chosen.tolist()
    graph = build_follower_graph(1_108, np.array(source), np.array(target))[0]
    found = anti_trust(graph, shills, NOBODY)
    assert (found.followed[home] >= 5).all()
    assert np.nanmax(found.value) <= UNUSUAL_ABOVE


def test_genuine_labels_only_ever_lower_a_value():
    graph = random_graph(7)
    chosen = followed_accounts(graph, np.random.default_rng(7), 12)
    alone, beside = (anti_trust(graph, chosen[:6], genuine) for genuine in (NOBODY, chosen[6:]))
    said = ~np.isnan(beside.value)
    assert (beside.value[said] <= alone.value[said]).all()
    assert (beside.value[said] < alone.value[said]).any()


def test_hundreds_of_labels_share_columns_and_no_label_gains_by_it():
    graph = random_graph(3, n=900)
    chosen = followed_accounts(graph, np.random.default_rng(3), 200)
    found = anti_trust(graph, chosen, NOBODY)
    assert found.n_labels == 200
    assert np.nanmax(found.value) < 64 * MOST_PER_LABEL
    again = anti_trust(graph, chosen[::-1], NOBODY)
    np.testing.assert_array_equal(found.value, again.value)


def test_draws_stand_for_accounts_of_the_same_size():
    followers = np.array([0, 1, 1, 2, 5, 6, 100])
    chance = drawn_alike(followers, np.array([4, 6]))
    assert chance.tolist() == pytest.approx([0, 0, 0, 0, 0.5, 0.5, 1])  # 5 and 6 are alike, 2 is not


def test_an_empty_network_and_labels_that_nobody_follows():
    empty = build_follower_graph(0, NOBODY, NOBODY)[0]
    assert anti_trust(empty, NOBODY, NOBODY).value.size == 0
    alone = build_follower_graph(5, np.array([0]), np.array([1]))[0]
    found = anti_trust(alone, np.array([0, 2, 3, 4]), NOBODY)
    assert np.isnan(found.value).all()
    assert found.n_labels == 0
