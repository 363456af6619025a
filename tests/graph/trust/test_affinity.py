from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.network.followers import build_follower_graph
from graph.trust.affinity import (
    MAX_PRIOR_MEMBERS,
    MAX_PRIOR_RATE,
    MIN_PRIOR_MEMBERS,
    affinity,
    baseline_weights,
)
from graph.trust.audience import clean_audience

Z = 1.959963984540054


def graph_of(n_accounts, edges):
    follower, followee = np.array(sorted(edges), dtype=np.uint32).reshape(-1, 2).T
    return build_follower_graph(n_accounts, follower, followee)[0]


def audience_of(members, weights=None):
    return clean_audience(np.array(members, dtype=np.uint32), weights, None, None, None)


def stratum_of(followings):
    return followings.bit_length()


def baseline_by_loop(n_accounts, edges, weights, chosen=None):
    """Weight of each baseline account, by dictionaries."""
    followings = [sum(a == node for a, _ in edges) for node in range(n_accounts)]
    others = [
        node
        for node in range(n_accounts)
        if node not in weights and followings[node] and (chosen is None or node in chosen)
    ]
    total = sum(weights.values())
    if not others or not total:
        return {}
    strata = sorted({stratum_of(followings[node]) for node in others})
    result = dict.fromkeys(others, 0.0)
    for member, weight in weights.items():
        if not followings[member]:
            continue
        nearest = min(strata, key=lambda s, m=member: (abs(s - stratum_of(followings[m])), s))
        peers = [node for node in others if stratum_of(followings[node]) == nearest]
        for node in peers:
            result[node] += weight / total / len(peers)
    return result


def lift_by_loop(n_accounts, edges, weights, account, strength=500.0, chosen=None):
    """(reach share cleaned, baseline share, lift, low, high, z) of one account; None where unknown."""
    total = sum(weights.values())
    base = baseline_by_loop(n_accounts, edges, weights, chosen)
    rest = total - weights.get(account, 0)
    p = sum(w for a, w in weights.items() if (a, account) in edges) / rest if rest > 1e-9 else None
    base_rest = (1 if sum(base.values()) else 0) - base.get(account, 0)
    q = sum(v for b, v in base.items() if (b, account) in edges) / base_rest if base_rest > 1e-9 else None
    if p is None or q is None or p == q == 0:
        return p, q, None, None, None, None
    size_a = total**2 / sum(w * w for w in weights.values())
    size_b = sum(base.values()) / sum(v * v for v in base.values())
    mean_followings = sum(w for a, _ in edges for w in [weights.get(a, 0)]) / total
    n_prior = sorted([MIN_PRIOR_MEMBERS, strength / mean_followings, MAX_PRIOR_MEMBERS])[1]
    popularity = sum(b == account for _, b in edges) / len(edges)
    rate = min(1 - math.exp(-mean_followings * popularity), MAX_PRIOR_RATE)
    a, a_not = size_a * p + n_prior * rate, size_a * (1 - p) + n_prior * (1 - rate)
    b, b_not = size_b * q + n_prior * rate, size_b * (1 - q) + n_prior * (1 - rate)
    delta = math.log(a / a_not) - math.log(b / b_not)
    sigma = math.sqrt(1 / a + 1 / a_not + 1 / b + 1 / b_not)
    shrunk = b / (b + b_not)

    def ratio(x):
        return 1 / (shrunk + (1 - shrunk) * math.exp(-x))

    lift = p / q if q else ratio(delta)
    return (
        p,
        q,
        lift,
        min(ratio(delta - Z * sigma), lift),
        max(ratio(delta + Z * sigma), lift),
        delta / sigma,
    )


@st.composite
def worlds(draw):
    n_accounts = draw(st.integers(2, 9))
    node = st.integers(0, n_accounts - 1)
    edges = {(a, b) for a, b in draw(st.sets(st.tuples(node, node), min_size=1, max_size=40)) if a != b}
    assume(edges)
    weights = draw(st.dictionaries(node, st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1))
    return n_accounts, edges, weights


BASELINES = st.one_of(st.none(), st.sets(st.integers(0, 8)))
"""Any accounts: members among them, too few, none at all, or (None) the whole network."""


def nodes_of(chosen, n_accounts):
    """A baseline as the kernel takes it."""
    return None if chosen is None else np.array(sorted(c for c in chosen if c < n_accounts), dtype=np.int64)


@settings(max_examples=150, deadline=None)
@given(worlds(), BASELINES)
def test_every_figure_agrees_with_a_loop_over_accounts(world, chosen):
    n_accounts, edges, weights = world
    result = affinity(
        graph_of(n_accounts, edges),
        audience_of(list(weights), list(weights.values())),
        baseline=nodes_of(chosen, n_accounts),
    )
    for account in range(n_accounts):
        followers = [a for a in weights if (a, account) in edges]
        assert result.audience_followers[account] == len(followers)
        cleaned = sum(weights[a] for a in followers)
        assert result.audience_followers_cleaned[account] == pytest.approx(cleaned)
        expected = lift_by_loop(n_accounts, edges, weights, account, chosen=chosen)
        names = ("reach_share_cleaned", "baseline_share", "lift", "lift_low", "lift_high", "log_odds_z")
        actual = tuple(getattr(result, name)[account] for name in names)
        assert actual == pytest.approx(
            tuple(math.nan if value is None else value for value in expected),
            nan_ok=True,
            rel=1e-9,
            abs=1e-12,
        )


@settings(max_examples=60, deadline=None)
@given(worlds(), BASELINES)
def test_baseline_weights_agree_with_a_loop_and_follow_the_audiences_mix(world, chosen):
    n_accounts, edges, weights = world
    row_weight = baseline_weights(
        graph_of(n_accounts, edges),
        audience_of(list(weights), list(weights.values())),
        nodes_of(chosen, n_accounts),
    )
    expected = baseline_by_loop(n_accounts, edges, weights, chosen)
    assert row_weight.tolist() == pytest.approx([expected.get(node, 0.0) for node in range(n_accounts)])


def crowd(n_members, n_following, n_others, n_others_following, n_common=1):
    """Members, then others; some of each follow the star that is returned, the rest another one."""
    n_people = n_members + n_others
    star, odd = n_people, n_people + 1
    edges = {(person, n_people + 2 + common) for person in range(n_people) for common in range(n_common)}
    edges |= {(person, star if person < n_following else odd) for person in range(n_members)}
    edges |= {(n_members + other, star if other < n_others_following else odd) for other in range(n_others)}
    return graph_of(n_people + 2 + n_common, edges), audience_of(range(n_members)), star


@pytest.mark.parametrize("n_common", [1, 60])
@pytest.mark.parametrize("n_others_following", [1, 10, 100, 500])
def test_three_of_four_never_beat_three_hundred_of_a_thousand(n_others_following, n_common):
    few = crowd(4, 3, 2_000, n_others_following, n_common)
    many = crowd(1000, 300, 2_000, n_others_following, n_common)
    small = affinity(few[0], few[1]).lift_low[few[2]]
    large = affinity(many[0], many[1]).lift_low[many[2]]
    assert small < large


def test_lift_is_the_ratio_of_two_shares_a_person_can_count():
    graph, audience, star = crowd(100, 30, 1000, 25)
    result = affinity(graph, audience)
    assert result.audience_followers[star] == 30
    assert result.reach_share[star] == pytest.approx(0.3)
    assert result.reach_share_low[star] < 0.3 < result.reach_share_high[star]
    assert result.baseline_share[star] == pytest.approx(0.025)
    assert result.lift[star] == pytest.approx(12)
    assert 5 < result.lift_low[star] < 12 < result.lift_high[star] < 20


def test_degree_matching_keeps_heavy_followers_from_looking_special():
    """Members follow 8 accounts at random, others 1: no account is special to the audience."""
    rng = np.random.default_rng(5)
    accounts = np.arange(3000, 3020)
    heavy, light = range(600), range(600, 3000)
    edges = {(a, int(b)) for a in heavy for b in rng.choice(accounts, 8, replace=False)}
    edges |= {(a, int(rng.choice(accounts))) for a in light}
    graph = graph_of(3020, edges)
    result = affinity(graph, audience_of(range(300)))
    lift = result.lift[accounts]
    assert np.all((lift > 0.75) & (lift < 1.35))
    assert np.median(result.lift_low[accounts]) < 1


def test_an_account_is_not_its_own_possible_follower():
    graph = graph_of(4, {(0, 2), (1, 2), (3, 2), (2, 0)})
    result = affinity(graph, audience_of([0, 1, 2]))
    assert result.reach_share[2] == 1
    assert result.reach_share_cleaned[2] == 1


def test_nobody_follows_anybody():
    result = affinity(graph_of(3, set()), audience_of([0, 1]))
    assert result.reach_share.tolist() == [0, 0, 0]
    assert np.isnan(result.lift).all()
    assert np.isnan(result.log_odds_z).all()


def test_everybody_follows_the_account():
    graph = graph_of(7, {(a, 6) for a in range(6)})
    result = affinity(graph, audience_of([0, 1, 2]))
    assert result.reach_share[6] == result.baseline_share[6] == result.lift[6] == 1
    assert result.lift_low[6] < 1 < result.lift_high[6]
    assert result.log_odds_z[6] == pytest.approx(0)


def test_one_member():
    graph = graph_of(4, {(0, 3), (1, 3), (2, 1)})
    result = affinity(graph, audience_of([0]))
    assert result.reach_share[3] == 1
    assert result.lift[3] == pytest.approx(2)
    assert result.lift_low[3] < 1
    assert np.isnan(result.reach_share[0])  # the only member cannot follow itself


def test_weights_of_zero_leave_only_raw_figures():
    graph = graph_of(4, {(0, 3), (1, 3), (2, 1)})
    result = affinity(graph, audience_of([0, 1], [0.0, 0.0]))
    assert result.reach_share[3] == 1
    for values in (result.reach_share_cleaned, result.lift, result.lift_low, result.log_odds_z):
        assert np.isnan(values).all()
    assert result.audience_size_effective == 0


def test_the_whole_network_as_audience_has_nobody_to_compare_with():
    graph = graph_of(3, {(0, 1), (1, 2), (2, 0)})
    result = affinity(graph, audience_of([0, 1, 2]))
    assert result.reach_share.tolist() == [0.5, 0.5, 0.5]
    assert np.isnan(result.baseline_share).all()
    assert np.isnan(result.lift).all()


def test_an_empty_audience_knows_nothing():
    result = affinity(graph_of(3, {(0, 1)}), audience_of([]))
    assert np.isnan(result.reach_share).all()
    assert np.isnan(result.lift).all()


def test_followed_by_members_only_is_special_but_finite():
    graph, audience, star = crowd(100, 30, 1000, 0)
    result = affinity(graph, audience)
    assert result.baseline_share[star] == 0
    assert 1 < result.lift_low[star] < result.lift[star] < result.lift_high[star] < math.inf


def test_another_audience_as_baseline():
    # members 0 and 1; account 6 is followed by both, by 2 and 3 (the chosen baseline), not by 4 and 5
    edges = {(0, 6), (1, 6), (2, 6), (3, 6), (4, 7), (5, 7)}
    graph = graph_of(8, edges)
    assert affinity(graph, audience_of([0, 1])).lift[6] == pytest.approx(2)
    chosen = affinity(graph, audience_of([0, 1]), baseline=np.array([0, 2, 3, 7]))
    assert chosen.lift[6] == pytest.approx(1)


def test_members_who_follow_nobody_thin_both_shares_alike():
    edges = {(a, 9) for a in (0, 1, 4)} | {(5, 8)}
    with_idle = affinity(graph_of(10, edges), audience_of([0, 1, 2, 3]))
    without = affinity(graph_of(10, edges), audience_of([0, 1]))
    assert with_idle.reach_share_cleaned[9] == without.reach_share_cleaned[9] / 2
    assert with_idle.lift[9] == pytest.approx(without.lift[9])


def test_no_prior_is_possible():
    graph, audience, star = crowd(100, 30, 1000, 25)
    plain = affinity(graph, audience, prior_strength=0.0)
    assert plain.lift_low[star] < plain.lift[star] < plain.lift_high[star]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(150, 400),
    st.floats(0.1, 1.0),
    st.integers(100, 500),
    st.floats(0.0, 0.9),
    st.sampled_from([1, 8]),
)
def test_a_small_base_never_beats_a_large_one_of_the_same_share(
    n_few, n_many, share, n_others, others_share, n_common
):
    """Where hundreds of members show that an account is special, no handful with that share looks more so."""
    few_following = math.floor(share * n_few)
    many_following = math.ceil(share * n_many)
    others = (n_others, round(others_share * share * n_others), n_common)
    few, many = crowd(n_few, few_following, *others), crowd(n_many, many_following, *others)
    small, large = (affinity(graph, audience).lift_low[star] for graph, audience, star in (few, many))
    assert not small > large


@settings(max_examples=25, deadline=None)
@given(
    st.one_of(st.none(), st.integers(1, 40)),
    st.integers(50, 500),
    st.sampled_from([0.0, 0.01, 0.1, 0.3]),
    st.sampled_from([1, 8]),
    st.sampled_from([100.0, 500.0, 2_000.0]),
)
def test_three_of_four_never_beat_three_hundred_whatever_they_are_compared_with(
    n_baseline, n_others, others_share, n_common, prior_strength
):
    """Of all sizes of the baseline and of the prior; where 300 of 1,000 are less than usual, so be it."""
    results = []
    for n_members, following in ((4, 3), (1_000, 300)):
        graph, audience, star = crowd(
            n_members, following, n_others, round(others_share * n_others), n_common
        )
        chosen = None if n_baseline is None else np.arange(n_members, n_members + n_baseline)
        found = affinity(graph, audience, prior_strength=prior_strength, baseline=chosen)
        results.append((found.lift_low[star], found.lift[star]))
    (small, _), (large, large_lift) = results
    assert small <= large or large_lift < 1


def test_a_baseline_of_one_account_gives_bounds_as_wide_as_it_is_small():
    graph, audience, star = crowd(100, 30, 1000, 25)
    one = affinity(graph, audience, baseline=np.array([500]))  # follows the other one
    all_of_them = affinity(graph, audience)
    assert one.baseline_size_effective == pytest.approx(1)
    assert one.baseline_share[star] == 0
    assert one.lift_low[star] < all_of_them.lift_low[star]
    assert one.lift_high[star] / one.lift_low[star] > all_of_them.lift_high[star] / all_of_them.lift_low[star]


def test_a_baseline_of_members_only_leaves_lift_unknown_and_the_rest_known():
    graph, audience, star = crowd(100, 30, 1000, 25)
    result = affinity(graph, audience, baseline=audience.members)
    assert result.baseline_size_effective == 0
    for values in (result.baseline_share, result.lift, result.lift_low, result.lift_high, result.log_odds_z):
        assert np.isnan(values).all()
    assert result.reach_share[star] == pytest.approx(0.3)
    assert result.reach_share_cleaned[star] == pytest.approx(0.3)


def test_a_baseline_without_anybody_is_not_the_network():
    graph, audience, _ = crowd(100, 30, 1000, 25)
    result = affinity(graph, audience, baseline=np.array([], dtype=np.int64))
    assert np.isnan(result.lift).all()


def test_members_of_the_baseline_that_are_also_in_the_audience_count_once():
    graph, audience, star = crowd(100, 30, 1000, 25)
    others = np.arange(100, 600)
    apart = affinity(graph, audience, baseline=others)
    overlapping = affinity(graph, audience, baseline=np.concatenate([audience.members, others, others]))
    assert overlapping.lift[star] == apart.lift[star]
    assert overlapping.baseline_size_effective == apart.baseline_size_effective
