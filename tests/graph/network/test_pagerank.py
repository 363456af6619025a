from __future__ import annotations

import igraph
import networkx as nx
import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from graph.arrays.row_sums import Rows
from graph.network import pagerank
from graph.network.followers import build_follower_graph
from graph.network.pagerank import PageRankError, RandomWalk, personalised_pagerank


def compressed(n_nodes, edges):
    """Rows from {(source, target): weight}."""
    source, target = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2).T
    weights = np.array([edges[edge] for edge in sorted(edges)], dtype=np.float64)
    rows = coo_array((weights, (source, target)), shape=(n_nodes, n_nodes)).tocsr()
    return rows.indptr.astype(np.int64), rows.indices.astype(np.uint32), rows.data


def exact(n_nodes, edges, restart, damping=0.85):
    """The stationary distribution, by solving the dense linear system."""
    step = np.zeros((n_nodes, n_nodes))
    for (a, b), weight in edges.items():
        step[a, b] = weight
    out = step.sum(axis=1)
    start = np.asarray(restart, float) / np.sum(restart)
    step = np.where(out[:, None] > 0, step / np.where(out > 0, out, 1)[:, None], start[None, :])
    return np.linalg.solve(np.eye(n_nodes) - damping * step.T, (1 - damping) * start)


def networkx_scores(n_nodes, edges, restart):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n_nodes))
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in edges.items())
    scores = nx.pagerank(graph, personalization=dict(enumerate(restart)), tol=1e-15, max_iter=5000)
    return np.array([scores[node] for node in range(n_nodes)])


def igraph_scores(n_nodes, edges, restart):
    graph = igraph.Graph(n=n_nodes, edges=list(edges), directed=True)
    return np.array(graph.personalized_pagerank(reset=list(restart), weights=list(edges.values())))


@st.composite
def walks(draw):
    n_nodes = draw(st.integers(2, 12))
    node = st.integers(0, n_nodes - 1)
    pairs = draw(st.sets(st.tuples(node, node), min_size=1, max_size=50))
    edges = {pair: draw(st.sampled_from([0.5, 1.0, 3.0])) for pair in sorted(pairs)}
    restart = draw(st.lists(st.sampled_from([0.0, 0.2, 1.0, 5.0]), min_size=n_nodes, max_size=n_nodes))
    restart[draw(node)] = 1.0
    return n_nodes, edges, np.array(restart)


@settings(max_examples=80, deadline=None)
@given(walks())
def test_scores_agree_with_a_solved_system_and_with_networkx(walk):
    n_nodes, edges, restart = walk
    offsets, targets, weights = compressed(n_nodes, edges)
    result = personalised_pagerank(offsets, targets, restart, weights=weights, tolerance=1e-11)
    truth = exact(n_nodes, edges, restart)
    assert np.abs(result.scores - truth).sum() <= result.residual + 1e-13 <= 1.1e-11
    assert np.abs(result.scores - networkx_scores(n_nodes, edges, restart)).sum() < 1e-10


FIXED = {
    "dangling": (5, [(0, 1), (0, 2), (1, 3), (2, 3)], [1, 0, 0, 0, 1]),
    "all dangling": (3, [(0, 1)], [0, 1, 1]),
    "disconnected": (6, [(0, 1), (1, 0), (2, 3), (3, 4), (4, 2)], [1, 0, 1, 0, 0, 0]),
    "unreachable": (4, [(2, 3), (3, 2), (0, 1)], [1, 1, 0, 0]),
    "weighted seeds": (4, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 0)], [0.1, 0, 7, 0.4]),
    "self loop": (3, [(0, 0), (0, 1), (1, 2)], [1, 1, 1]),
    "dangling seed": (5, [(1, 2), (2, 0), (2, 3), (3, 1)], [3, 1, 0, 0, 0]),
    "dangling seeds only": (5, [(1, 2), (2, 0), (2, 3)], [2, 0, 0, 1, 0]),
    "seed that nothing reaches": (5, [(0, 1), (1, 2), (2, 1)], [1, 0, 0, 0, 4]),
    "two parts, one without a seed": (
        7,
        [(0, 1), (1, 0), (1, 2), (3, 4), (4, 5), (5, 3)],
        [1, 2, 0, 0, 0, 0, 1],
    ),
}
NEVER_LEAVES_ITS_START = ("all dangling", "dangling seeds only")


@pytest.mark.parametrize("case", FIXED)
def test_scores_agree_with_networkx_and_igraph(case):
    n_nodes, pairs, restart = FIXED[case]
    edges = dict.fromkeys(pairs, 1.0)
    offsets, targets, _ = compressed(n_nodes, edges)
    scores = personalised_pagerank(offsets, targets, np.array(restart, float), tolerance=1e-12).scores
    assert np.abs(scores - networkx_scores(n_nodes, edges, restart)).sum() < 1e-10
    if case not in NEVER_LEAVES_ITS_START:  # prpack has its own idea of a walk that never leaves its start
        assert np.abs(scores - igraph_scores(n_nodes, edges, restart)).sum() < 1e-10


def test_a_larger_weighted_graph_agrees_with_both():
    graph = nx.gnp_random_graph(400, 0.01, seed=3, directed=True)
    rng = np.random.default_rng(3)
    edges = {edge: float(rng.exponential()) for edge in graph.edges}
    restart = np.where(rng.random(400) < 0.1, rng.random(400), 0.0)
    offsets, targets, weights = compressed(400, edges)
    scores = personalised_pagerank(offsets, targets, restart, weights=weights).scores
    assert np.abs(scores - networkx_scores(400, edges, restart)).sum() < 1e-10
    assert np.abs(scores - igraph_scores(400, edges, restart)).sum() < 1e-10


def test_follows_delivered_twice_or_of_oneself_are_what_the_graph_makes_of_them():
    """The follower graph merges duplicates and drops self-follows; the walk sees what it kept."""
    rng = np.random.default_rng(8)
    follower, followee = rng.integers(0, 60, (2, 400)).astype(np.uint32)
    graph, balance = build_follower_graph(60, follower, followee)
    assert balance.duplicates > 0
    assert balance.self_follows > 0
    edges = {(int(a), int(b)): 1.0 for a, b in zip(follower, followee, strict=True) if a != b}
    restart = rng.random(60)
    scores = personalised_pagerank(graph.following_offsets, graph.following, restart).scores
    assert np.abs(scores - networkx_scores(60, edges, restart)).sum() < 1e-10
    assert np.abs(scores - igraph_scores(60, edges, restart)).sum() < 1e-10


def test_weighted_edges_follow_the_weights_and_not_their_scale():
    offsets, targets, _ = random_rows()
    weights = np.random.default_rng(4).exponential(size=targets.size)
    restart = np.random.default_rng(5).random(60)
    one, other = (
        personalised_pagerank(offsets, targets, restart, weights=scale * weights).scores for scale in (1, 1e6)
    )
    assert np.abs(one - other).sum() < 1e-10


def test_the_promise_of_the_default_is_ten_digits():
    """The stopping rule bounds what is missing, so that the default needs no larger margin."""
    offsets, targets, weights = random_rows(400, 1_500, seed=6)
    restart = np.where(np.random.default_rng(6).random(400) < 0.05, 1.0, 0.0)
    result = personalised_pagerank(offsets, targets, restart, weights=weights)
    finer = personalised_pagerank(offsets, targets, restart, weights=weights, tolerance=1e-14)
    assert result.residual <= 1e-10
    assert np.abs(result.scores - finer.scores).sum() <= result.residual


def random_rows(n_nodes=60, n_edges=240, seed=0):
    rng = np.random.default_rng(seed)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, n_nodes, (n_edges, 2))}
    return compressed(n_nodes, dict.fromkeys(pairs, 1.0))


def test_many_columns_are_the_single_walks_side_by_side():
    offsets, targets, _ = random_rows()
    restart = np.random.default_rng(1).random((60, 7))
    together = personalised_pagerank(offsets, targets, restart)
    for column in range(7):
        alone = personalised_pagerank(offsets, targets, restart[:, column])
        assert np.abs(together.scores[:, column] - alone.scores).sum() < 2e-10
        assert together.restart_share[column] == pytest.approx(float(alone.restart_share))


def test_single_precision_keeps_its_looser_promise():
    offsets, targets, _ = random_rows()
    restart = np.random.default_rng(1).random((60, 3))
    rough = personalised_pagerank(offsets, targets, restart, tolerance=1e-6, dtype=np.float32)
    fine = personalised_pagerank(offsets, targets, restart)
    assert rough.scores.dtype == np.float32
    assert np.abs(rough.scores - fine.scores).sum(axis=0).max() < 3e-6


def test_restart_share_counts_restarts_and_jumps_from_dangling_accounts():
    # 0 → 1, and 1 is dangling: y = (1, 0.85), so 1 / 1.85 of the visits are restarts
    result = personalised_pagerank(np.array([0, 1, 1]), np.array([1], dtype=np.uint32), np.array([1.0, 0.0]))
    assert float(result.restart_share) == pytest.approx(1 / 1.85)
    assert result.scores.tolist() == pytest.approx([1 / 1.85, 0.85 / 1.85])


def test_a_restart_without_weight_is_unknown_and_spoils_nothing():
    offsets, targets, _ = random_rows()
    restart = np.ones((60, 2))
    restart[:, 1] = 0
    result = personalised_pagerank(offsets, targets, restart)
    assert np.isnan(result.scores[:, 1]).all()
    assert result.scores[:, 0].sum() == pytest.approx(1)


def test_no_edges_and_no_damping_stay_at_the_start():
    restart = np.array([1.0, 3.0])
    nothing = np.array([], dtype=np.uint32)
    assert personalised_pagerank(np.zeros(3, np.int64), nothing, restart).scores.tolist() == [0.25, 0.75]
    offsets, targets = np.array([0, 1, 2]), np.array([1, 0], dtype=np.uint32)
    assert personalised_pagerank(offsets, targets, restart, damping=0.0).scores.tolist() == [0.25, 0.75]


def test_input_is_left_as_it_was():
    offsets, targets, weights = random_rows()
    restart = np.full(60, 2.0)
    personalised_pagerank(offsets, targets, restart, weights=weights)
    assert restart.tolist() == [2.0] * 60
    assert weights.tolist() == [1.0] * weights.size


@pytest.mark.parametrize(
    ("restart", "options", "message"),
    [
        ([1.0, -1.0], {}, "not negative"),
        ([1.0, np.nan], {}, "finite"),
        ([1.0], {}, "2 accounts"),
        ([1.0, 1.0], {"damping": 1.0}, "customary"),
        ([1.0, 1.0], {"tolerance": 0.0}, "above 0"),
        ([1.0, 0.0], {"max_iterations": 3}, "after 3 iterations"),
        ([1.0, 1.0], {"weights": np.array([1.0, -1.0])}, "Edge weights"),
    ],
)
def test_impossible_input_is_refused(restart, options, message):
    offsets, targets = np.array([0, 1, 2]), np.array([1, 0], dtype=np.uint32)
    with pytest.raises(PageRankError, match=message):
        personalised_pagerank(offsets, targets, np.array(restart), **options)


def skewed_graph(n_nodes=3_000, n_edges=250_000, seed=2):
    """Enough edges to be shared out between threads; a few accounts are followed by most."""
    rng = np.random.default_rng(seed)
    follower = rng.integers(0, n_nodes, n_edges)
    followee = (rng.random(n_edges) ** 3 * n_nodes).astype(np.int64)
    follower[followee % 7 == 0] //= 2
    return build_follower_graph(n_nodes, follower.astype(np.uint32), followee.astype(np.uint32))[0]


def test_one_thread_and_two_give_the_same_bytes():
    graph = skewed_graph()
    reverse = Rows(graph.follower_offsets, graph.followers)
    restart = np.where(np.arange(3_000) % 10 == 0, 1.0, 0.0)
    before, found = numba.get_num_threads(), []
    for threads in (1, min(2, before)):
        numba.set_num_threads(threads)
        walk = personalised_pagerank(graph.following_offsets, graph.following, restart, reverse=reverse)
        found.append(walk.scores.tobytes())
    numba.set_num_threads(before)
    assert found[0] == found[1]


def test_the_reverse_is_made_where_it_is_not_at_hand():
    graph = skewed_graph()
    restart = np.where(np.arange(3_000) % 10 == 0, 1.0, 0.0)
    reverse = Rows(graph.follower_offsets, graph.followers)
    given_it, made = (
        personalised_pagerank(graph.following_offsets, graph.following, restart, reverse=each)
        for each in (reverse, None)
    )
    assert given_it.scores.tolist() == made.scores.tolist()


def test_sweeps_are_few():
    graph = skewed_graph()
    restart = np.where(np.arange(3_000) % 10 == 0, 1.0, 0.0)
    walk = personalised_pagerank(graph.following_offsets, graph.following, restart, tolerance=1e-8)
    assert walk.iterations <= 25  # power iteration takes 100


def test_an_earlier_answer_costs_no_more_sweeps_and_changes_nothing_else():
    graph = skewed_graph()
    newer = np.random.default_rng(9).integers(0, 3_000, (2, 50))
    follower = np.repeat(np.arange(3_000), graph.following_counts)
    later, _ = build_follower_graph(
        3_000, np.concatenate((follower, newer[0])), np.concatenate((graph.following, newer[1]))
    )
    restart = np.where(np.arange(3_000) % 10 == 0, 1.0, 0.0)
    earlier = personalised_pagerank(graph.following_offsets, graph.following, restart).scores
    earlier[2_999] = np.nan  # an account that was not there, and that few follow
    cold, warm = (
        personalised_pagerank(later.following_offsets, later.following, restart, tolerance=1e-8, earlier=each)
        for each in (None, earlier)
    )
    again = personalised_pagerank(
        graph.following_offsets, graph.following, restart, tolerance=1e-8, earlier=earlier
    )
    assert again.iterations < warm.iterations <= cold.iterations
    assert np.abs(warm.scores - cold.scores).sum() < 2e-8


def test_what_cannot_be_reached_in_single_precision_is_made_in_double():
    offsets, targets, _ = random_rows()
    restart = np.random.default_rng(1).random(60)
    found = personalised_pagerank(offsets, targets, restart, dtype=np.float32)
    assert found.scores.dtype == np.float32
    assert found.residual <= 1e-10


def test_more_than_floating_point_can_tell_is_refused_at_once():
    offsets, targets, weights = random_rows(400, 1_500, seed=6)
    with pytest.raises(PageRankError, match="larger tolerance"):
        personalised_pagerank(offsets, targets, np.ones(400), weights=weights, tolerance=1e-19)


def test_one_walk_serves_any_number_of_restarts():
    rng = np.random.default_rng(5)
    graph = build_follower_graph(60, *rng.integers(0, 60, (2, 400)))[0]
    walk = RandomWalk(graph.following_offsets, graph.following, damping=0.6)
    for restart in (rng.random(60), rng.random((60, 3)), rng.random(60)):
        found = walk.scores(restart)
        alone = personalised_pagerank(graph.following_offsets, graph.following, restart, damping=0.6)
        assert np.array_equal(found.scores, alone.scores)
        assert found.iterations == alone.iterations
    offered = rng.random(60)
    everything = walk.shares(offered)
    expected = [offered[graph.followers_of(node)].sum() for node in range(60)]
    np.testing.assert_allclose(everything, expected, rtol=1e-12)
    np.testing.assert_allclose(walk.shares(offered, np.array([7, 3])), everything[[7, 3]], rtol=1e-12)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0, 1, 2, 70_000, 80_000])), max_size=30))
def test_inside_the_busiest_come_first_and_of_these_the_most_pointed_to(counts):
    given_, received = np.array(counts, dtype=np.int64).reshape(-1, 2).T
    order = pagerank._order(given_, received)  # noqa: SLF001 - no result shows it, only what it costs
    most = np.minimum(received, 2**16 - 1)  # larger ones are told apart by nothing but their number
    assert order.tolist() == sorted(range(len(counts)), key=lambda one: (-given_[one], -most[one], one))
