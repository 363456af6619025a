"""Blocks in the whole network: planted ones are found, natural ones are left in peace."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.lockstep import search as lockstep
from graph.lockstep.membership import EVEN
from graph.lockstep.reported import FEWEST_FOLLOWERS
from graph.lockstep.search import rewired
from graph.network.followers import build_follower_graph

N = 1_500


def follow_blocks(graph, **given):
    """The search without the networks dealt out anew, and with fewer random starts."""
    return lockstep.follow_blocks(graph, **{"n_rewired": 0, "n_best": 30, "n_drawn": 80} | given)


def natural_follows(seed, n=N, per_account=15, groups=6, own=0.7):
    """Communities with fame in them: who is famous where, and some who follow far more than others."""
    rng = np.random.default_rng(seed)
    group = rng.integers(groups, size=n)
    fame = rng.pareto(1.3, n) + 0.05
    source = np.repeat(np.arange(n), np.maximum(1, rng.lognormal(np.log(per_account), 0.8, n).astype(int)))
    target = rng.choice(n, source.size, p=fame / fame.sum())
    inside = rng.random(source.size) < own
    for each in range(groups):
        members = np.flatnonzero(group == each)
        chosen = np.flatnonzero(inside & (group[source] == each))
        target[chosen] = rng.choice(members, chosen.size, p=fame[members] / fame[members].sum())
    return source, target


def with_block(seed, buyers=160, customers=30, density=0.4, *, uneven=False, times=1, n=N):
    """A natural network with a block whose buyers follow popular accounts for show."""
    rng = np.random.default_rng(seed)
    source, target = natural_follows(seed, n)
    counts = np.bincount(target, minlength=n)
    chosen = rng.choice(np.flatnonzero((counts > 0) & (counts <= 60)), customers, replace=False)
    chance = np.full((buyers, customers), density)
    if uneven:
        activity, price = np.exp(rng.normal(0, 0.8, buyers)), 1 / np.arange(1, customers + 1) ** 0.6
        chance = np.outer(activity / activity.mean(), price / price.mean()) * density
    row, column = np.nonzero(rng.random(chance.shape) < chance)
    shown = rng.choice(n, row.size * times, p=counts / counts.sum())
    graph = build_follower_graph(
        n + buyers,
        np.concatenate((source, n + row, n + np.repeat(row, times))),
        np.concatenate((target, chosen[column], shown)),
    )[0]
    return graph, np.arange(n, n + buyers), np.sort(chosen)


def f1(found, truth):
    return 2 * np.intersect1d(found, truth).size / max(len(found) + len(truth), 1)


@pytest.mark.parametrize(
    "law", [{"uneven": True}, {"times": 3}, {"buyers": 400, "customers": 12}, {"density": 1.0}]
)
def test_a_planted_block_is_found_with_its_members(law):
    graph, buyers, customers = with_block(3, **law)
    found = follow_blocks(graph)
    (block,) = found.blocks
    assert block.is_flagged
    assert block.again == 1.0
    assert f1(block.buyers, buyers) > 0.9
    assert f1(block.customers, customers) > 0.9
    is_buyer = np.zeros(graph.n_accounts, dtype=bool)
    is_buyer[buyers] = True
    truth = np.array([is_buyer[graph.followers_of(node)].mean() for node in customers])
    assert np.nanmean(np.abs(found.share[customers] - truth)) < 0.08
    assert f1(np.flatnonzero(found.is_buyer), buyers) > 0.9


@pytest.mark.parametrize("seed", range(2))
def test_communities_are_left_in_peace(seed):
    source, target = natural_follows(seed)
    found = follow_blocks(build_follower_graph(N, source, target)[0])
    assert found.blocks == []
    assert not found.is_buyer.any()
    assert np.nanmax(found.share) == 0.0


def test_a_circle_of_friends_is_left_in_peace():
    rng = np.random.default_rng(5)
    source, target = natural_follows(5)
    row, column = np.nonzero(rng.random((60, 60)) < 0.6)
    graph = build_follower_graph(N, np.concatenate((source, row)), np.concatenate((target, column)))[0]
    assert follow_blocks(graph).blocks == []


def test_what_was_ordered_inside_a_community_is_found_in_it(monkeypatch):
    rng = np.random.default_rng(11)
    n, size = 4_000, 700
    source, target = natural_follows(11, n, per_account=10)
    fame = rng.pareto(1.3, size) + 0.05  # the first accounts follow each other far more than all the rest
    source = np.concatenate((source, np.repeat(np.arange(size), 50)))
    target = np.concatenate((target, rng.choice(size, size * 50, p=fame / fame.sum())))
    counts = np.bincount(target, minlength=n)
    customers = np.sort(rng.choice(np.flatnonzero(counts[:size] <= 60), 40, replace=False))
    buyers = np.sort(rng.choice(np.setdiff1d(np.arange(size), customers), 200, replace=False))
    row, column = np.nonzero(rng.random((200, 40)) < 0.45)
    graph = build_follower_graph(
        n, np.concatenate((source, buyers[row])), np.concatenate((target, customers[column]))
    )[0]
    (block,) = follow_blocks(graph, n_drawn=150).blocks
    assert f1(block.buyers, buyers) > 0.9
    assert f1(block.customers, customers) > 0.9
    # the wary search needs no community for it, and nothing else finds it in the whole network
    monkeypatch.setattr("graph.lockstep.search.FEWEST_INSIDE", n)
    (block,) = follow_blocks(graph, n_drawn=150).blocks
    assert f1(block.customers, customers) > 0.9
    monkeypatch.setattr("graph.lockstep.block_model.SCATTER", EVEN)
    assert follow_blocks(graph, n_drawn=150).blocks == []


def test_fans_of_few_and_of_one_brand_are_left_in_peace():
    rng = np.random.default_rng(12)
    source, target = natural_follows(12)
    # a fan club: many follow three accounts; a brand's customers: many follow the brand and what they like
    fans, stars = np.repeat(np.arange(400), 3), np.tile([1_400, 1_401, 1_402], 400)
    readers = np.arange(400, 700)
    graph = build_follower_graph(
        N,
        np.concatenate((source, fans, readers)),
        np.concatenate((target, stars, np.full(readers.size, 1_450))),
    )[0]
    assert follow_blocks(graph).blocks == []
    # mutual friends of two schools, each school knowing the other half
    friends = rng.choice(N, 120, replace=False)
    row, column = np.nonzero(rng.random((120, 120)) < np.where(np.arange(120)[:, None] < 60, 0.5, 0.3))
    row, column = np.concatenate((row, column)), np.concatenate((column, row))
    graph = build_follower_graph(
        N, np.concatenate((source, friends[row])), np.concatenate((target, friends[column]))
    )[0]
    assert follow_blocks(graph).blocks == []


def test_two_sellers_are_two_blocks():
    rng = np.random.default_rng(6)
    graph, buyers, customers = with_block(6, buyers=120, customers=20, density=0.5)
    chosen = rng.choice(np.setdiff1d(np.arange(1_000), customers), 20, replace=False)
    row, column = np.nonzero(rng.random((100, 20)) < 0.4)
    n = graph.n_accounts
    source = np.repeat(np.arange(n), graph.following_counts)
    both = build_follower_graph(
        n + 100, np.concatenate((source, n + row)), np.concatenate((graph.following, chosen[column]))
    )[0]
    found = follow_blocks(both).blocks
    assert len(found) == 2
    assert max(f1(block.buyers, buyers) for block in found) > 0.9
    assert max(f1(block.customers, chosen) for block in found) > 0.9


def test_rewired_networks_keep_every_degree_and_no_block():
    graph, _, _ = with_block(3)
    dealt = rewired(graph, 0)
    assert np.abs(dealt.following_counts - graph.following_counts).sum() < 0.002 * graph.n_follows
    assert np.abs(dealt.follower_counts - graph.follower_counts).sum() < 0.002 * graph.n_follows
    kept = np.isin(
        np.repeat(np.arange(graph.n_accounts), dealt.following_counts) * graph.n_accounts + dealt.following,
        np.repeat(np.arange(graph.n_accounts), graph.following_counts) * graph.n_accounts + graph.following,
    ).mean()
    assert kept < 0.2
    found = follow_blocks(graph, n_rewired=1)
    assert 0 <= found.null_score < 0.7
    assert found.blocks[0].score >= 1


def test_order_of_the_rows_does_not_matter():
    graph, _, _ = with_block(8)
    rng = np.random.default_rng(8)
    source = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    order = rng.permutation(source.size)
    again = follow_blocks(build_follower_graph(graph.n_accounts, source[order], graph.following[order])[0])
    found = follow_blocks(graph)
    assert [block.customers.tolist() for block in again.blocks] == [
        block.customers.tolist() for block in found.blocks
    ]
    assert np.array_equal(again.share, found.share, equal_nan=True)


def test_names_of_the_accounts_do_not_matter():
    graph, buyers, customers = with_block(9)
    label = np.random.default_rng(9).permutation(graph.n_accounts)
    source = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    turned = build_follower_graph(graph.n_accounts, label[source], label[graph.following])[0]
    (block,) = follow_blocks(turned).blocks
    assert f1(block.buyers, label[buyers]) > 0.9
    assert f1(block.customers, label[customers]) > 0.9


@pytest.mark.parametrize("n", [0, 1, 5, 40])
def test_hardly_anybody(n):
    everybody = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    for source, target in (everybody, (np.zeros(0, int), np.zeros(0, int))):
        found = follow_blocks(build_follower_graph(n, source, target)[0])
        assert found.blocks == []
        assert found.share.shape == (n,)


def test_few_followers_say_nothing():
    graph, _, _ = with_block(10)
    found = follow_blocks(graph)
    assert np.array_equal(np.isnan(found.share), graph.follower_counts < FEWEST_FOLLOWERS)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=400),
)
def test_any_graph_gives_shares_and_roles(n, edges):
    pairs = [(a % n, b % n) for a, b in edges]
    source, target = np.array([a for a, _ in pairs], int), np.array([b for _, b in pairs], int)
    graph = build_follower_graph(n, source, target)[0]
    found = follow_blocks(graph, n_best=5, n_drawn=5, n_rewired=1)
    known = found.share[~np.isnan(found.share)]
    assert np.all((known >= 0) & (known <= 1))
    for block in found.blocks + found.others:
        assert np.all(np.diff(block.buyers.astype(int)) > 0)
        assert np.all(np.diff(block.customers.astype(int)) > 0)
        assert 0 < block.density <= 1
        assert 0 < block.contrast <= 1
        assert 0 < block.devotion <= 1
        assert 0 <= block.overlap <= 1
        assert 0 <= block.answered <= 1


def test_the_most_popular_whom_all_buyers_follow_for_show_are_left_in_peace():
    """Show that goes to the same few popular accounts is a dense block too, and nobody there ordered it."""
    rng = np.random.default_rng(11)
    fame = rng.pareto(2.5, N) + 0.3
    source, target = rng.integers(0, N, 20_000), rng.choice(N, 20_000, p=fame / fame.sum())
    counts = np.bincount(target, minlength=N)
    popular = np.argsort(-counts, kind="stable")[:60]
    customers = rng.choice(np.flatnonzero((counts > 0) & (counts <= 20)), 5, replace=False)
    buyers = np.arange(N, N + 150)
    shown = np.concatenate([rng.choice(popular, 20, replace=False) for _ in buyers])
    graph = build_follower_graph(
        N + buyers.size,
        np.concatenate((source, np.repeat(buyers, 5), np.repeat(buyers, 20))),
        np.concatenate((target, np.tile(customers, buyers.size), shown)),
    )[0]
    found = follow_blocks(graph)
    flagged = np.flatnonzero(np.nan_to_num(found.share) > 0)
    assert np.intersect1d(flagged, popular).size == 0
    assert set(flagged.tolist()) <= set(customers.tolist())


def test_small_accounts_that_luck_favours_are_no_customers():
    """Show that goes to anybody hits thousands of small accounts, and some get several times their share."""
    rng = np.random.default_rng(5)
    source, target = natural_follows(5)
    counts = np.bincount(target, minlength=N)
    customers = np.sort(rng.choice(np.flatnonzero((counts > 0) & (counts <= 60)), 12, replace=False))
    row, column = np.nonzero(rng.random((500, 12)) < 0.5)
    graph = build_follower_graph(
        N + 500,
        np.concatenate((source, N + row, N + row)),
        np.concatenate((target, customers[column], rng.integers(0, N, row.size))),
    )[0]
    found = follow_blocks(graph)
    assert f1(np.flatnonzero(np.nan_to_num(found.share) > 0), customers) > 0.95


def community_with_order(seed, shown_in, buyers=200, customers=60, density=0.3):
    """An order in one community whose buyers follow the popular of the same community for show."""
    rng = np.random.default_rng(seed)
    source, target = natural_follows(seed, groups=3)
    counts, near = np.bincount(target, minlength=N), np.arange(N) < shown_in
    chosen = np.sort(
        rng.choice(np.flatnonzero(near & (counts > 0) & (counts <= 60)), customers, replace=False)
    )
    row, column = np.nonzero(rng.random((buyers, customers)) < density)
    shown = rng.choice(N, row.size, p=counts * near / (counts * near).sum())
    graph = build_follower_graph(
        N + buyers,
        np.concatenate((source, N + row, N + row)),
        np.concatenate((target, chosen[column], shown)),
    )[0]
    return graph, chosen


@pytest.mark.parametrize("seed", range(3))
def test_who_is_followed_for_show_beside_customers_is_none_of_them(seed):
    graph, customers = community_with_order(seed, 400)
    found = follow_blocks(graph)
    assert f1(np.flatnonzero(np.nan_to_num(found.share) > 0), customers) > 0.95
    for block in found.blocks:
        assert block.bought.size == block.customers.size
        followers = [graph.followers_of(node) for node in block.customers.tolist()]
        assert block.follows == sum(np.isin(each, block.buyers).sum() for each in followers)
        assert block.contrast == pytest.approx(block.follows / sum(each.size for each in followers))


def test_an_order_among_friends_is_found_without_them():
    rng = np.random.default_rng(1)
    graph, buyers, customers = with_block(1, density=0.5)
    friends = np.concatenate((buyers[:30], np.setdiff1d(np.arange(400), customers)[:10]))
    row, column = np.nonzero(rng.random((40, 40)) < 0.9)
    source = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    mixed = build_follower_graph(
        graph.n_accounts,
        np.concatenate((source, friends[row])),
        np.concatenate((graph.following, friends[column])),
    )[0]
    found = follow_blocks(mixed)
    assert f1(np.flatnonzero(np.nan_to_num(found.share) > 0), customers) > 0.9


def test_what_a_search_cannot_promise_grows_with_the_network(monkeypatch):
    small = build_follower_graph(200, *np.random.default_rng(0).integers(0, 200, (2, 3_000)))[0]
    limits = lockstep.search_limits(small)
    assert (limits.starts, limits.are_felt, limits.is_compared) == (limits.accounts, False, True)
    # by the formula: a block of so many of the accounts is missed by all random starts with a chance of 8 %
    monkeypatch.setattr(lockstep, "MOST_DRAWN", 20)
    monkeypatch.setattr(lockstep, "N_DRAWN", 20)
    monkeypatch.setattr(lockstep, "ONE_IN", 2)
    limits = lockstep.search_limits(small)
    missed = (1 - limits.surely_met_from / limits.accounts) ** 20
    assert limits.are_felt
    assert 0.06 < missed <= 0.08
    monkeypatch.setattr(lockstep, "MOST_COMPARED", 10)
    assert not lockstep.search_limits(small).is_compared
