"""Follows that touch some accounts, beside sets of pairs."""

from __future__ import annotations

import numpy as np
import pytest

from graph.network import touched_follows as module
from graph.network.followers import build_follower_graph
from graph.network.touched_follows import Kind, Role, touched_follows


def drawn(n, m, seed, members=0.08, candidates=0.02):
    """A graph, its follows as a set, and the role of each account."""
    rng = np.random.default_rng(seed)
    follower, followee = rng.integers(0, n, m), rng.integers(0, n, m)
    graph = build_follower_graph(n, follower, followee)[0]
    follows = {(a, b) for a, b in zip(follower.tolist(), followee.tolist(), strict=True) if a != b}
    role = rng.choice(3, n, p=[1 - members - candidates, members, candidates]).astype(np.uint8)
    return graph, follows, role


def by_kind(follows, role):
    """The follows of each kind, and those that join nobody of interest left out."""
    found = {kind: set() for kind in Kind}
    for a, b in follows:
        ends = {role[a], role[b]}
        if ends == {Role.OTHER}:
            continue
        if Role.OTHER in ends:
            found[Kind.OF_OTHERS].add((a, b))
        elif Role.CANDIDATE in ends:
            found[Kind.OF_CANDIDATES].add((a, b))
        else:
            found[Kind.BETWEEN_MEMBERS].add((a, b))
    return found


def pairs(found):
    return list(zip(found.follower.tolist(), found.followee.tolist(), strict=True))


@pytest.mark.parametrize("at_once", [3, 1000])
def test_all_follows_that_touch_a_member_or_candidate_come_in_order(monkeypatch, at_once):
    monkeypatch.setattr(module, "ENTRIES_AT_ONCE", at_once)
    graph, follows, role = drawn(60, 500, 1)
    found = touched_follows(graph, role, 10_000)
    kinds = by_kind(follows, role)
    assert pairs(found) == sorted(set().union(*kinds.values()))
    assert found.shown.tolist() == found.there.tolist() == [len(kinds[kind]) for kind in Kind]


@pytest.mark.parametrize("short", list(Kind))
def test_of_the_first_kind_that_does_not_fit_the_follows_of_drawn_accounts_stay(short):
    graph, follows, role = drawn(2_000, 120_000, 2, members=0.3)
    kinds = by_kind(follows, role)
    before = sum(len(kinds[kind]) for kind in Kind if kind < short)
    most = before + len(kinds[short]) // 3
    found = touched_follows(graph, role, most)
    shown = by_kind(pairs(found), role)
    assert [len(shown[kind]) for kind in Kind] == found.shown.tolist()
    assert [len(kinds[kind]) for kind in Kind] == found.there.tolist()
    assert len(pairs(found)) == pytest.approx(most, rel=0.1)
    for kind in Kind:
        assert shown[kind] <= kinds[kind]
        if kind < short:
            assert shown[kind] == kinds[kind]
        elif kind > short:
            assert not shown[kind]
    drawn_role = Role.OTHER if short is Kind.OF_OTHERS else Role.MEMBER
    stay = {a for pair in shown[short] for a in pair if role[a] == drawn_role}
    expected = {
        (a, b) for a, b in kinds[short] if all(end in stay for end in (a, b) if role[end] == drawn_role)
    }
    assert shown[short] == expected
    assert pairs(touched_follows(graph, role, most)) == pairs(found)


def test_nothing_is_wanted_but_what_joins_candidates():
    graph, follows, role = drawn(500, 40_000, 4, candidates=0.2)
    found = touched_follows(graph, role, 0)
    assert set(pairs(found)) == {
        (a, b) for a, b in follows if role[a] == role[b] == Role.CANDIDATE
    }  # they are few, and what the others are compared by


def test_nobody_is_of_interest():
    graph, _, _ = drawn(20, 100, 3)
    found = touched_follows(graph, np.zeros(20, dtype=np.uint8), 10)
    assert (found.follower.size, found.there.tolist()) == (0, [0, 0, 0])
