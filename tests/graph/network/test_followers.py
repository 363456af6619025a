from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import (
    FOLLOWER_GRAPH_FILES,
    TIMES_FILE,
    UNKNOWN_TIME,
    EdgeBalance,
    FollowerGraphError,
    UnknownAccountsError,
    build_follower_graph,
    open_follower_graph,
)

EDGES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60)
    )
)


def build(n_accounts, edges, dtype=np.int64):
    follower, followee = np.array(edges, dtype=dtype).reshape(-1, 2).T
    return build_follower_graph(n_accounts, follower, followee)


def save(graph, folder):
    for name in FOLLOWER_GRAPH_FILES:
        np.save(folder / f"{name}.npy", getattr(graph, name))


@settings(max_examples=60, deadline=None)
@given(EDGES)
def test_rows_are_what_sets_of_edges_say(case):
    n_accounts, edges = case
    graph, balance = build(n_accounts, edges)
    kept = {(a, b) for a, b in edges if a != b}
    for node in range(n_accounts):
        assert graph.following_of(node).tolist() == sorted(b for a, b in kept if a == node)
        assert graph.followers_of(node).tolist() == sorted(a for a, b in kept if b == node)
    assert graph.following_counts.tolist() == [sum(a == node for a, _ in kept) for node in range(n_accounts)]
    assert graph.follower_counts.tolist() == [sum(b == node for _, b in kept) for node in range(n_accounts)]
    self_follows = sum(a == b for a, b in edges)
    assert balance == EdgeBalance(
        rows_in=len(edges),
        kept=len(kept),
        duplicates=len(edges) - self_follows - len(kept),
        self_follows=self_follows,
    )


def test_types_are_small_and_offsets_wide():
    graph, _ = build(3, [(0, 1), (2, 1)], dtype=np.uint32)
    assert graph.following.dtype == graph.followers.dtype == np.uint32
    assert graph.following_offsets.dtype == graph.follower_offsets.dtype == np.int64


def test_duplicates_count_once():
    graph, balance = build(2, [(0, 1)] * 5)
    assert graph.n_follows == 1
    assert balance == EdgeBalance(rows_in=5, kept=1, duplicates=4, self_follows=0)


def test_self_follows_are_dropped_and_counted_apart_from_duplicates():
    graph, balance = build(2, [(0, 0), (0, 0), (1, 0)])
    assert graph.followers_of(0).tolist() == [1]
    assert balance == EdgeBalance(rows_in=3, kept=1, duplicates=0, self_follows=2)


def test_unknown_accounts_are_listed_once_each():
    with pytest.raises(
        UnknownAccountsError, match=r"3 of .* name 3 accounts .* -1, 7, 9\. Add them"
    ) as caught:
        build(5, [(0, 7), (9, 7), (1, 2), (-1, 0)])
    assert caught.value.nodes.tolist() == [-1, 7, 9]
    assert caught.value.n_edges == 3


def test_many_unknown_accounts_are_cut_short():
    with pytest.raises(UnknownAccountsError, match=r"and 30 more\. Add them"):
        build(1, [(0, node) for node in range(1, 51)])


def test_an_account_that_follows_everybody():
    graph, _ = build(1000, [(0, node) for node in range(1000)])
    assert graph.following_of(0).tolist() == list(range(1, 1000))
    assert graph.follower_counts.tolist() == [0] + [1] * 999


def test_an_empty_table():
    nothing = np.array([], dtype=np.uint32)
    graph, balance = build_follower_graph(4, nothing, nothing)
    assert graph.n_follows == 0
    assert graph.following_counts.tolist() == graph.follower_counts.tolist() == [0] * 4
    assert balance == EdgeBalance(0, 0, 0, 0)


def test_no_accounts_at_all():
    nothing = np.array([])
    graph, _ = build_follower_graph(0, nothing, nothing)
    assert graph.n_accounts == 0
    assert graph.follower_offsets.tolist() == [0]


def test_one_edge():
    graph, balance = build(2, [(1, 0)])
    assert graph.followers_of(0).tolist() == [1]
    assert graph.following_of(0).size == 0
    assert balance.kept == 1


def test_nodes_near_the_upper_end_of_the_ids_do_not_mix():
    graph, _ = build(70_000, [(69_999, 0), (0, 69_999), (65_536, 65_535)])
    assert graph.followers_of(69_999).tolist() == [0]
    assert graph.followers_of(65_535).tolist() == [65_536]


@pytest.mark.parametrize(
    ("follower", "followee", "n_accounts", "message"),
    [
        ([0, 1], [1], 2, "one length"),
        ([0.0], [1.0], 2, "integers"),
        ([], [], 2**33, "32 bit"),
    ],
)
def test_arrays_that_are_no_edges_are_refused(follower, followee, n_accounts, message):
    with pytest.raises(ValueError, match=message):
        build_follower_graph(n_accounts, np.array(follower), np.array(followee))


@pytest.mark.parametrize("edges", [[(0, 1), (2, 1), (1, 0)], []])
def test_a_stored_graph_opens_as_it_was(tmp_path, edges):
    graph, _ = build(3, edges)
    save(graph, tmp_path)
    opened = open_follower_graph(tmp_path)
    assert opened.n_accounts == 3
    for name in FOLLOWER_GRAPH_FILES:
        assert getattr(opened, name).tolist() == getattr(graph, name).tolist()
    if edges:
        assert isinstance(opened.following, np.memmap)


@settings(max_examples=40, deadline=None)
@given(EDGES, st.randoms(use_true_random=False))
def test_each_follow_keeps_its_first_known_time(case, random):
    n_accounts, edges = case
    since = [random.choice([UNKNOWN_TIME, 5, 7, 2**32 - 2]) for _ in edges]
    follower, followee = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph, _ = build_follower_graph(n_accounts, follower, followee, np.array(since, dtype=np.uint32))
    first = {}
    for (a, b), time in zip(edges, since, strict=True):
        known = [each for each in (first.get((a, b), UNKNOWN_TIME), time) if each != UNKNOWN_TIME]
        first[a, b] = min(known, default=UNKNOWN_TIME)
    expected = [first[node, int(b)] for node in range(n_accounts) for b in graph.following_of(node)]
    if any(time for (a, b), time in zip(edges, since, strict=True) if a != b):
        assert graph.following_since.dtype == np.uint32
        assert graph.following_since.tolist() == expected
    else:
        assert graph.following_since is None
    plain = build(n_accounts, edges)[0]
    assert all(np.array_equal(getattr(graph, name), getattr(plain, name)) for name in FOLLOWER_GRAPH_FILES)


def test_stored_times_are_opened_with_the_graph_and_refused_where_they_do_not_fit(tmp_path):
    graph, _ = build(3, [(0, 1), (2, 1)])
    save(graph, tmp_path)
    np.save(tmp_path / f"{TIMES_FILE}.npy", np.array([], dtype=np.uint32))
    assert open_follower_graph(tmp_path).following_since is None
    np.save(tmp_path / f"{TIMES_FILE}.npy", np.array([9, 0], dtype=np.uint32))
    assert open_follower_graph(tmp_path).following_since.tolist() == [9, 0]
    np.save(tmp_path / f"{TIMES_FILE}.npy", np.array([9], dtype=np.uint32))
    with pytest.raises(FollowerGraphError, match="one 32 bit time for each of the 2 follows"):
        open_follower_graph(tmp_path)
    (tmp_path / f"{TIMES_FILE}.npy").write_bytes(b"torn")
    with pytest.raises(FollowerGraphError, match=TIMES_FILE):
        open_follower_graph(tmp_path)


def test_every_missing_file_is_named(tmp_path):
    with pytest.raises(FollowerGraphError, match=r"following_offsets\.npy.*followers\.npy.*again"):
        open_follower_graph(tmp_path)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("following_offsets", np.array([0, 2, 1, 3]), "goes backwards"),
        ("following_offsets", np.array([0, 1, 2, 9]), "runs from 0 to 9 over 3 entries"),
        ("following_offsets", np.array([0, 3]), "number of accounts"),
        ("following", np.array([1, 0], dtype=np.uint32), "number of follows"),
        ("followers", np.array([1.0, 0.0, 2.0]), "32 bit nodes"),
        ("follower_offsets", np.array([], dtype=np.int64), "64 bit offsets"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path, name, array, message):
    graph, _ = build(3, [(0, 1), (2, 1), (1, 0)])
    save(graph, tmp_path)
    np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(FollowerGraphError, match=message):
        open_follower_graph(tmp_path)


def test_a_truncated_file_is_refused(tmp_path):
    graph, _ = build(3, [(0, 1), (2, 1), (1, 0)])
    save(graph, tmp_path)
    whole = (tmp_path / "followers.npy").read_bytes()
    (tmp_path / "followers.npy").write_bytes(whole[:-5])
    with pytest.raises(FollowerGraphError, match=r"followers\.npy"):
        open_follower_graph(tmp_path)


@settings(max_examples=60, deadline=None)
@given(EDGES, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=20))
def test_follower_positions_are_where_a_search_finds_them(case, asked):
    n_accounts, edges = case
    graph, _ = build(n_accounts, edges)
    pairs = {(node % n_accounts, follower % n_accounts) for node, follower in asked}
    node, follower = np.array(sorted(pairs, reverse=True), dtype=np.int64).reshape(-1, 2).T
    owner = np.repeat(np.arange(n_accounts), np.diff(graph.follower_offsets))
    expected = [place for place in range(graph.n_follows) if (owner[place], graph.followers[place]) in pairs]
    assert graph.follower_positions(node, follower).tolist() == expected
