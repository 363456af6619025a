from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.lockstep.audience_lockstep import FEWEST_MEMBERS, _pooled, lockstep_blocks, lockstep_factor
from graph.network.followers import build_follower_graph

N_HONEST, N_VOICES, N_CROWD = 300, 120, 1_200
SHILLS = 5


def society(
    seed, *, communities=4, fakes=0, shills=SHILLS, chance=1.0, camouflage=0, hijacked=False, chosen=None
):
    """Members of a few communities with interests that fade out, the rest of the network, and bought members.

    Voices come first, then members, fakes, the crowd, and the shills last. Returns the graph, the nodes of
    the audience, and how many of them, at its end, are bought.
    """
    rng = np.random.default_rng(seed)
    people = N_HONEST + fakes + N_CROWD
    home = rng.integers(0, communities, people)
    taste = 1 / (1 + np.arange(N_VOICES) // communities) ** 0.7
    owner = np.arange(N_VOICES) % communities
    activity = rng.lognormal(-0.6, 0.6, people)
    near = np.where(home[:, None] == owner[None, :], 1.0, 0.08)
    follows = rng.random((people, N_VOICES)) < np.minimum(near * taste * activity[:, None], 0.95)
    bought = np.arange(N_HONEST, N_HONEST + fakes)
    if not hijacked:
        follows[bought] = False
        popular = np.argsort(-follows.sum(axis=0))[:40]
        for one in bought:
            follows[one, rng.choice(popular, camouflage, replace=False)] = True
    follower, followee = np.nonzero(follows)
    paid = np.argwhere(rng.random((fakes, shills)) < chance if chosen is None else chosen)
    first_shill = N_VOICES + people
    strays = rng.integers(N_VOICES, first_shill, (4 * shills, 1))
    edges = np.vstack(
        [
            np.column_stack([follower + N_VOICES, followee]),
            paid + np.array([N_VOICES + N_HONEST, first_shill]),
            np.column_stack([strays, first_shill + rng.integers(0, max(shills, 1), strays.shape)]),
        ]
    )
    graph, _ = build_follower_graph(first_shill + shills, *edges.astype(np.uint32).T)
    return graph, np.arange(N_VOICES, N_VOICES + N_HONEST + fakes), fakes


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "bought",
    [
        {"fakes": 130},
        {"fakes": 130, "camouflage": 15},
        {"fakes": 130, "hijacked": True},
        {"fakes": 130, "hijacked": True, "chance": 0.8},
        {"fakes": 20},
        {"fakes": 130, "shills": 12, "chance": 0.8},
        {"fakes": 130, "shills": 3},
    ],
)
def test_bought_members_count_as_one_and_the_others_in_full(bought, seed):
    graph, members, fakes = society(seed, **bought)
    blocks = lockstep_blocks(graph, members)
    factor = lockstep_factor(members.size, blocks)
    shills = graph.n_accounts - np.arange(bought.get("shills", SHILLS), 0, -1)
    assert [block.accounts.tolist() for block in blocks] == [shills.tolist()]
    # with a chance of 0.8, every twentieth follows fewer than three of five
    share = 1 if bought.get("chance", 1) == 1 else 0.9
    assert (factor[-fakes:] < 0.5).mean() >= share
    assert factor[-fakes:][factor[-fakes:] < 0.5].sum() < 3
    assert (factor > 0).all()  # so that no audience is left without any weight
    assert (factor[:-fakes] < 1).sum() == 0


def choosing(rng, fakes, shills, *counts):
    """Who of the bought follows which shill, bool[fakes, shills]: so many each, as (share, count) says."""
    each = np.repeat([count for _, count in counts], [round(share * fakes) for share, _ in counts])
    chosen = np.zeros((fakes, shills), dtype=bool)
    for row, count in zip(chosen, each, strict=True):
        row[rng.choice(shills, count, replace=False)] = True
    return chosen


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("hijacked", [False, True])
@pytest.mark.parametrize(
    ("shills", "counts"),
    [
        (4, [(1, 3)]),  # each skips one
        (5, [(1, 4)]),
        (12, [(1, 11)]),
        (20, [(1, 19)]),
        (20, [(1, 16)]),  # each skips exactly a fifth
        (12, [(0.5, 12), (0.5, 8)]),  # half of them follow all, the others as few as a block needs
        (20, [(0.5, 20), (0.05, 16), (0.45, 12)]),  # and a handful where most would be expected
    ],
)
def test_no_way_of_skipping_accounts_switches_it_off(shills, counts, hijacked, seed):
    fakes = 120
    chosen = choosing(np.random.default_rng(seed), fakes, shills, *counts)
    graph, members, _ = society(seed, fakes=fakes, shills=shills, chosen=chosen, hijacked=hijacked)
    factor = lockstep_factor(members.size, lockstep_blocks(graph, members))
    assert factor[-fakes:].sum() < 3
    assert (factor[:-fakes] < 1).sum() == 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shills", [20, 40])
def test_a_fifth_skipped_of_many_accounts_leaves_empty_counts_and_no_gain(shills, seed):
    fakes = 130
    graph, members, _ = society(seed, fakes=fakes, shills=shills, chance=0.8)
    factor = lockstep_factor(members.size, lockstep_blocks(graph, members))
    assert factor[-fakes:].sum() < 0.1 * fakes
    assert (factor[:-fakes] < 1).sum() == 0


def test_counts_are_joined_from_the_top_until_a_bin_says_something():
    assert _pooled(np.array([0, 0, 0, 0, 130, 0])).tolist() == [0] * 6
    assert _pooled(np.array([0, 0, 0, 33, 46, 49])).tolist() == [2, 2, 2, 2, 1, 0]
    assert _pooled(np.array([0, 0, 0, 40, 40, 40])).tolist() == [2, 2, 2, 2, 1, 0]
    assert _pooled(np.array([0, 2, 4, 4])).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("communities", [1, 3, 12])
def test_communities_lose_nothing(seed, communities):
    graph, members, _ = society(seed, communities=communities)
    assert lockstep_blocks(graph, members) == []


def test_a_circle_of_friends_who_follow_one_another_loses_nothing():
    graph, members, _ = society(3)
    circle = members[:14]
    pairs = np.array([(a, b) for a in circle for b in circle if a != b])
    follower = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    edges = np.vstack([np.column_stack([follower, graph.following]), pairs]).astype(np.uint32)
    graph, _ = build_follower_graph(graph.n_accounts, *edges.T)
    assert lockstep_blocks(graph, members) == []


def test_two_accounts_alone_or_a_handful_of_members_are_no_block():
    graph, members, _ = society(1, fakes=130, shills=2)
    assert lockstep_blocks(graph, members) == []
    graph, members, _ = society(1, fakes=FEWEST_MEMBERS - 1)
    assert lockstep_blocks(graph, members) == []


def test_those_who_follow_some_of_the_set_by_themselves_keep_most_of_their_weight():
    """Fakes that follow the five best loved voices cannot take their followers' weight away."""
    graph, members, _ = society(4, communities=6)
    loved = np.argsort(-graph.follower_counts)[:SHILLS]
    follower = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    fakes = np.arange(graph.n_accounts, graph.n_accounts + 130)
    edges = np.vstack(
        [
            np.column_stack([follower, graph.following]),
            np.column_stack([np.repeat(fakes, SHILLS), np.tile(loved, fakes.size)]),
        ]
    ).astype(np.uint32)
    poisoned, _ = build_follower_graph(graph.n_accounts + fakes.size, *edges.T)
    audience = np.concatenate([members, fakes])
    factor = lockstep_factor(audience.size, lockstep_blocks(poisoned, audience))
    assert factor[: members.size].mean() > 0.95


def test_the_certainty_rises_with_the_accounts_followed():
    graph, members, _ = society(2, fakes=130, hijacked=True, chance=0.8)
    (block,) = lockstep_blocks(graph, members)
    is_shill = np.zeros(graph.n_accounts, dtype=bool)
    is_shill[block.accounts] = True
    hits = np.array([is_shill[graph.following_of(node)].sum() for node in members[block.members]])
    order = np.argsort(hits, kind="stable")
    assert np.all(np.diff(block.certainty[order]) >= 0)
    assert np.all((block.certainty >= 0) & (block.certainty <= 1))


def test_density_gap_and_contrast_by_hand():
    graph, members, _ = society(1, fakes=130)
    (block,) = lockstep_blocks(graph, members)
    inside = np.isin(np.arange(members.size), block.members)
    follows = np.array([[shill in graph.following_of(m) for shill in block.accounts] for m in members])
    added = (follows[inside].mean(axis=0) - follows[~inside].mean(axis=0)) / (
        1 - follows[~inside].mean(axis=0)
    )
    assert block.density == pytest.approx(added.min(), abs=1e-6)
    assert block.contrast == pytest.approx(follows[inside].sum() / follows.sum())
    assert 0.4 < block.gap <= block.density


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(0, 60), st.floats(0, 0.5))
def test_any_graph_gives_factors_between_zero_and_one_for_each_member(seed, n_accounts, n_members, density):
    rng = np.random.default_rng(seed)
    follower, followee = np.nonzero(rng.random((n_accounts, n_accounts)) < density)
    graph, _ = build_follower_graph(n_accounts, follower.astype(np.uint32), followee.astype(np.uint32))
    members = rng.permutation(n_accounts)[: min(n_members, n_accounts)]
    blocks = lockstep_blocks(graph, members)
    factor = lockstep_factor(members.size, blocks)
    assert factor.shape == members.shape
    assert np.all((factor > 0) & (factor <= 1))
    again = lockstep_blocks(graph, members)
    assert [block.accounts.tolist() for block in again] == [block.accounts.tolist() for block in blocks]


def test_large_audiences_are_searched_by_a_sample_and_judged_whole(monkeypatch):
    monkeypatch.setattr("graph.lockstep.audience_lockstep.MOST_MEMBERS", 200)
    graph, members, fakes = society(1, fakes=130)
    (block,) = lockstep_blocks(graph, members)
    assert set(range(members.size - fakes, members.size)) <= set(block.members.tolist())


def test_nobody_and_nothing():
    graph, _, _ = society(1)
    assert lockstep_blocks(graph, np.array([], dtype=np.uint32)) == []
    assert lockstep_factor(0, []).size == 0
    empty, _ = build_follower_graph(50, np.array([], np.uint32), np.array([], np.uint32))
    assert lockstep_blocks(empty, np.arange(50)) == []
