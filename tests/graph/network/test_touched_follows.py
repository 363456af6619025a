"""Follows that touch some accounts, beside sets of pairs."""

from __future__ import annotations

import numpy as np
import pytest

from graph.network import touched_follows as module
from graph.network.followers import build_follower_graph
from graph.network.touched_follows import touched_follows


def drawn(n, m, seed):
    """A graph, its follows as a set, and who is central."""
    rng = np.random.default_rng(seed)
    follower, followee = rng.integers(0, n, m), rng.integers(0, n, m)
    graph = build_follower_graph(n, follower, followee)[0]
    follows = {(a, b) for a, b in zip(follower.tolist(), followee.tolist(), strict=True) if a != b}
    return graph, follows, rng.random(n) < 0.1


@pytest.mark.parametrize("at_once", [3, 1000])
def test_all_follows_that_touch_a_central_account_come_in_order(monkeypatch, at_once):
    monkeypatch.setattr(module, "ENTRIES_AT_ONCE", at_once)
    graph, follows, central = drawn(60, 500, 1)
    found = touched_follows(graph, central, 10_000)
    expected = sorted((a, b) for a, b in follows if central[a] or central[b])
    assert list(zip(found.follower.tolist(), found.followee.tolist(), strict=True)) == expected
    assert (found.there, found.outsider_share) == (len(expected), 1.0)


def test_where_there_are_too_many_some_other_accounts_stay_with_all_of_their_follows():
    graph, follows, central = drawn(4_000, 60_000, 2)
    found = touched_follows(graph, central, 6_000)
    shown = set(zip(found.follower.tolist(), found.followee.tolist(), strict=True))
    touching = {(a, b) for a, b in follows if central[a] or central[b]}
    inner = {(a, b) for a, b in touching if central[a] and central[b]}
    assert inner <= shown <= touching
    assert found.there == len(touching)
    assert abs(len(shown) - 6_000) < 600
    others = {a for pair in shown for a in pair if not central[a]}
    assert shown - inner == {(a, b) for a, b in touching if a in others or b in others}
    assert touched_follows(graph, central, 6_000).follower.tolist() == found.follower.tolist()


def test_nobody_is_central():
    graph, _, _ = drawn(20, 100, 3)
    found = touched_follows(graph, np.zeros(20, dtype=bool), 10)
    assert (found.follower.size, found.there) == (0, 0)
