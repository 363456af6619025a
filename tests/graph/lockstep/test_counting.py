"""Counts along rows against the same thing written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.lockstep.block_model import sides
from graph.lockstep.counting import (
    ONE,
    Part,
    count_hits,
    count_shared,
    count_there,
    dealt_in_vain,
    follows_inside,
    hits_and_worth,
    keep_met,
    tally_rows,
)
from graph.lockstep.known import KnownBlocks
from graph.network.followers import build_follower_graph

N = 120
some_nodes = st.sets(st.integers(0, N - 1), max_size=50).map(sorted).map(lambda nodes: np.array(nodes, int))


def random_graph(seed, n=N, follows=900):
    rng = np.random.default_rng(seed)
    return build_follower_graph(n, rng.integers(0, n, follows), rng.integers(0, n, follows))[0]


GRAPH = random_graph(3)
BY_ROW, BY_COLUMN = sides(GRAPH)


@settings(max_examples=40, deadline=None)
@given(some_nodes, st.integers(0, 99))
def test_counting_row_by_row(chosen, seed):
    value = np.random.default_rng(seed).uniform(-50, 50, chosen.size)
    hits, worth = np.zeros(N), np.zeros(N)
    for row, each in zip(chosen.tolist(), value.tolist(), strict=True):
        hits[GRAPH.following_of(row)] += 1
        worth[GRAPH.following_of(row)] += each
    n_touched = keep_met(BY_ROW, tally_rows(BY_ROW, chosen, value), 1)
    touched = BY_ROW.touched[:n_touched].tolist()
    assert sorted(touched) == np.flatnonzero(hits).tolist()
    found = np.array([hits_and_worth(counted) for counted in BY_ROW.tally.tolist()])
    BY_ROW.tally[:] = 0
    assert found[:, 0].tolist() == hits.tolist()
    assert np.abs(found[:, 1] - worth).max() <= (chosen.size + 1) / ONE
    nodes, counted = count_hits(BY_ROW, chosen)
    assert sorted(nodes.tolist()) == np.flatnonzero(hits).tolist()
    assert counted.tolist() == hits[nodes].tolist()
    assert not BY_ROW.tally.any()


@settings(max_examples=40, deadline=None)
@given(some_nodes, some_nodes)
def test_follows_of_a_block(rows, columns):
    pairs = {
        (place, columns.tolist().index(node))
        for place, row in enumerate(rows.tolist())
        for node in GRAPH.following_of(row).tolist()
        if node in columns
    }
    place, column = follows_inside(BY_ROW, rows, columns)
    assert set(zip(place.tolist(), column.tolist(), strict=True)) == pairs
    assert place.size == len(pairs)
    assert not BY_ROW.tally.any()
    assert count_shared(rows, columns) == np.intersect1d(rows, columns).size


def test_follows_that_are_there():
    source, target = np.divmod(np.arange(N * N), N)
    there = sum(np.isin(target[source == node], GRAPH.following_of(node)).sum() for node in range(N))
    assert count_there(BY_ROW, source, target) == there == GRAPH.n_follows


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99), st.integers(0, 60))
def test_follows_that_were_dealt_in_vain(seed, size):
    rng = np.random.default_rng(seed)
    offsets = np.concatenate(([0], np.sort(rng.integers(0, size + 1, 7)), [size]))
    followees = rng.integers(0, 8, size).astype(np.uint32)
    bad, seen = [], set()
    for place, followee in enumerate(followees.tolist()):
        row = int(np.searchsorted(offsets, place, side="right")) - 1
        if followee == row or (row, followee) in seen:
            bad.append(place)
        seen.add((row, followee))
    assert dealt_in_vain(offsets, followees).tolist() == bad


def test_blocks_that_were_met():
    rng = np.random.default_rng(0)

    def part(size):
        nodes = np.sort(rng.choice(40, size, replace=False))
        return Part(nodes, np.zeros(size), np.zeros(size), np.zeros(size))

    def alike(first, second):
        return (
            np.intersect1d(first.nodes, second.nodes).size > 0.5 * np.union1d(first.nodes, second.nodes).size
        )

    known, met = KnownBlocks(40), []
    for _ in range(60):
        rows, columns = part(rng.integers(10, 40)), part(rng.integers(10, 40))
        start = part(rng.integers(1, 12)).nodes
        is_inside = any(np.isin(start, other.nodes).mean() >= 0.8 for _, other in met)
        assert known.lead_back(start) == is_inside
        is_met = any(alike(rows, other) and alike(columns, another) for other, another in met)
        assert known.is_one_of_them(rows, columns) == is_met
        known.add(rows, columns)
        met.append((rows, columns))
