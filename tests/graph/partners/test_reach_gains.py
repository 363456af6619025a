from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.reach_gains import (
    ANY_PICK,
    NO_PICK,
    best_replacement_of_each,
    gains_of_all,
    hold,
    largest_gains,
)

N_MEMBERS = 8
LISTS = st.lists(st.sets(st.integers(0, N_MEMBERS - 1), max_size=6), min_size=3, max_size=9)


def arrays(lists, seed):
    """Offsets, members, worth of each entry (halves, so that equals are met), and what is covered."""
    rng = np.random.default_rng(seed)
    offsets = np.concatenate(([0], np.cumsum([len(each) for each in lists]))).astype(np.int64)
    members = np.array([member for each in lists for member in sorted(each)], dtype=np.int64)
    return offsets, members, 0.5 * rng.integers(1, 4, members.size), 0.5 * rng.integers(0, 3, N_MEMBERS)


def reach(chosen, offsets, members, worth):
    """What a set reaches: the best of each member, added up."""
    best = np.zeros(N_MEMBERS)
    for candidate in chosen:
        for place in range(offsets[candidate], offsets[candidate + 1]):
            best[members[place]] = max(best[members[place]], worth[place])
    return best.sum()


@settings(max_examples=50, deadline=None)
@given(LISTS, st.integers(0, 99), st.integers(0, 4))
def test_gains_are_what_the_lists_add_and_the_largest_are_among_them(lists, seed, room):
    offsets, members, worth, covered = arrays(lists, seed)
    gains = gains_of_all(offsets, members, worth, covered)
    for candidate in range(len(lists)):
        part = slice(offsets[candidate], offsets[candidate + 1])
        assert gains[candidate] == np.maximum(worth[part] - covered[members[part]], 0).sum()
    potential = gains_of_all(offsets, members, worth, np.zeros(N_MEMBERS))
    order = np.argsort(-potential, kind="stable")
    found = largest_gains(offsets, members, worth, covered, order, potential, room)
    assert sorted(found)[::-1][:room] == sorted(gains)[::-1][:room]
    assert np.all((found == gains) | (found == 0))


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
    potential = gains_of_all(offsets, members, worth, np.zeros(N_MEMBERS))
    found, gain = best_replacement_of_each(
        offsets,
        members,
        worth,
        (best, second, owner, gains_of_all(offsets, members, worth, best)),
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
