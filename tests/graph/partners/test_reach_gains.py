from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.portfolio_bound import fractional_choice, may_count
from graph.partners.reach_gains import (
    ANY_PICK,
    NO_PICK,
    best_replacement_of_each,
    gain_of,
    gains_of,
    hold,
    most_of_each,
    moved_down,
    slope_of,
    worth_of_lists,
)

N_MEMBERS = 8
LISTS = st.lists(st.sets(st.integers(0, N_MEMBERS - 1), max_size=6), min_size=3, max_size=9)


def arrays(lists, seed):
    """Offsets, members, worth of each entry (halves, so that equals are met), and what is covered."""
    rng = np.random.default_rng(seed)
    offsets = np.concatenate(([0], np.cumsum([len(each) for each in lists]))).astype(np.int64)
    members = np.array([member for each in lists for member in sorted(each)], dtype=np.uint32)
    return offsets, members, 0.5 * rng.integers(1, 4, members.size), 0.5 * rng.integers(0, 3, N_MEMBERS)


def reach(chosen, offsets, members, worth):
    """What a set reaches: the best of each member, added up."""
    best = np.zeros(N_MEMBERS)
    for candidate in chosen:
        for place in range(offsets[candidate], offsets[candidate + 1]):
            best[members[place]] = max(best[members[place]], worth[place])
    return best.sum()


def all_gains(lists, offsets, members, worth, covered):
    return gains_of(offsets, members, worth, covered, np.ones(len(lists), dtype=bool))


@settings(max_examples=50, deadline=None)
@given(LISTS, st.integers(0, 99))
def test_gains_are_what_the_lists_add(lists, seed):
    offsets, members, worth, covered = arrays(lists, seed)
    asked = np.random.default_rng(seed).random(len(lists)) < 0.7
    gains = gains_of(offsets, members, worth, covered, asked)
    most = np.zeros(N_MEMBERS)
    for candidate in range(len(lists)):
        part = slice(offsets[candidate], offsets[candidate + 1])
        gain = np.maximum(worth[part] - covered[members[part]], 0).sum()
        assert gain_of(members[part], worth[part], covered) == gain
        assert gains[candidate] == (gain if asked[candidate] else 0.0)
        most[members[part]] = np.maximum(most[members[part]], worth[part])
    assert most_of_each(members, worth, N_MEMBERS).tolist() == most.tolist()


@settings(max_examples=50, deadline=None)
@given(LISTS, st.integers(0, 99))
def test_entries_that_can_never_count_are_left_out(lists, seed):
    offsets, members, _, _ = arrays(lists, seed)
    rng = np.random.default_rng(seed)
    weight, value = 0.5 * rng.integers(0, 3, N_MEMBERS), 0.5 * rng.integers(0, 3, len(lists))
    starts, named, worth = worth_of_lists(offsets, members, weight, value)
    for candidate, own in enumerate(lists):
        part = slice(starts[candidate], starts[candidate + 1])
        counted = [one for one in sorted(own) if weight[one] * value[candidate] > 0]
        assert named[part].tolist() == counted
        assert worth[part].tolist() == [weight[one] * value[candidate] for one in counted]


@settings(max_examples=50, deadline=None)
@given(LISTS, st.integers(0, 99))
def test_a_step_follows_the_slope_of_the_bound_and_keeps_to_what_is_given(lists, seed):
    offsets, members, worth, levels = arrays(lists, seed)
    rng = np.random.default_rng(seed)
    chosen, least = rng.integers(0, 3, len(lists)) / 2, np.minimum(levels, 0.5)
    slope = np.ones(N_MEMBERS)
    for candidate in range(len(lists)):
        for place in range(offsets[candidate], offsets[candidate + 1]):
            slope[members[place]] -= chosen[candidate] * (worth[place] > levels[members[place]])
    found = slope_of(offsets, members, worth, levels, chosen)
    assert found.tolist() == slope.tolist()
    moved, fall, steepness = moved_down(levels, found, least, 3.0)
    free = np.where((levels <= least) & (slope > 0), 0.0, slope)
    assert steepness == free @ free
    if steepness:
        np.testing.assert_allclose(moved, np.maximum(levels - 3.0 / steepness * free, least))
    assert fall == max((levels - moved).max(), 0.0)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 9_999), st.sampled_from([1.0, 3.0, np.inf]), st.integers(0, 6))
def test_whoever_may_not_count_has_no_share_in_the_best_set(seed, money, room):
    rng = np.random.default_rng(seed)
    adds, price = 0.5 * rng.integers(0, 6, 6), 0.5 * rng.integers(0, 4, 6)
    most = adds + 0.5 * rng.integers(0, 3, 6)
    seen = rng.random(6) < 0.4
    known = np.where(seen, adds, 0.0)
    asked = may_count(known, most, price, room, money)
    known = np.where(seen | asked, adds, 0.0)
    whole = fractional_choice(adds, price, room, money) @ adds
    assert fractional_choice(known, price, room, money) @ known == pytest.approx(whole)


@settings(max_examples=50, deadline=None)
@given(LISTS, st.integers(0, 99), st.integers(1, 3))
def test_the_best_replacement_is_the_one_that_trying_all_finds(lists, seed, n_picks):
    offsets, members, worth, _ = arrays(lists, seed)
    rng = np.random.default_rng(seed)
    picks = rng.permutation(len(lists))[:n_picks]
    best, second = np.zeros(N_MEMBERS), np.zeros(N_MEMBERS)
    owner = np.full(N_MEMBERS, -1)
    for position, pick in enumerate(picks):
        part = slice(offsets[pick], offsets[pick + 1])
        hold(members[part], worth[part], position, best, second, owner)
    price, affordable = rng.integers(0, 3, len(lists)) * 1.0, rng.integers(0, 3, picks.size) * 1.0
    instead_of = rng.choice([ANY_PICK, ANY_PICK, NO_PICK, 0], len(lists))
    instead_of[picks] = NO_PICK
    potential = all_gains(lists, offsets, members, worth, np.zeros(N_MEMBERS))
    found, gain = best_replacement_of_each(
        offsets,
        members,
        worth,
        (best, second, owner, all_gains(lists, offsets, members, worth, best)),
        (np.argsort(-potential, kind="stable"), potential),
        instead_of,
        price,
        affordable,
    )
    for position in range(picks.size):
        others = [pick for place, pick in enumerate(picks) if place != position]
        added = {
            candidate: reach([*others, candidate], offsets, members, worth)
            - reach(others, offsets, members, worth)
            for candidate in range(len(lists))
            if instead_of[candidate] in (ANY_PICK, position) and price[candidate] <= affordable[position]
        }
        most = max(added.values(), default=-np.inf)
        assert gain[position] == most
        assert found[position] == next((key for key, value in added.items() if value == most), -1)
