"""How stable and how specific a ranking of trusted voices is, measured by cutting audiences in half.

An audience is the followers of one hidden account. Each ranker sees one half and names its top 20; the
other half judges them. Prints one row per ranker: overlap of the two halves' top 20 with a bootstrap interval
over audiences, mean reach per pick in the judging half, geometric mean of the picks' lift there against
everybody else, median followers of the picks. Not a test: it takes half a minute and wants an edge list.

    python tests/benchmarks/split_audience.py EDGES.parquet [--undirected]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import polars as pl

from graph.affinity import affinity
from graph.audience import clean_audience
from graph.endorsement import endorsement
from graph.followers import build_follower_graph
from graph.pagerank import personalised_pagerank

TOP = 20
SMOOTHING = 0.5  # followers added on both sides when a lift is judged, so that zero has a logarithm


def read_graph(path, *, undirected):
    """Follower graph of the first two columns (follower, followee) of a Parquet edge list."""
    edges = pl.read_parquet(path).drop_nulls()
    ends = np.concatenate((edges.to_series(0).to_numpy(), edges.to_series(1).to_numpy()))
    names, nodes = np.unique(ends, return_inverse=True)
    follower, followee = nodes[: edges.height], nodes[edges.height :]
    if undirected:
        follower, followee = np.concatenate((follower, followee)), np.concatenate((followee, follower))
    return build_follower_graph(names.size, follower, followee)


def rankers(graph, half, owner, global_scores):
    """Score of every account under each ranker, from one half of an audience."""
    audience = clean_audience(half, None, None, None, None)
    fit = affinity(graph, audience)
    restart = np.zeros(graph.n_accounts)
    restart[half] = audience.weight
    walk = personalised_pagerank(graph.following_offsets, graph.following, restart, tolerance=1e-9)
    share = walk.restart_share
    arrived = walk.scores - share * restart / restart.sum()
    n_outside = int((graph.following_counts > 0).sum()) - half.size
    outside = graph.follower_counts - fit.audience_followers
    unmatched = ((fit.audience_followers + SMOOTHING) / (half.size + 1)) / (
        (outside + SMOOTHING) / (n_outside + 1)
    )
    scores = {
        "endorsement (as shipped)": endorsement(
            walk.scores, restart, fit.lift, restart_share=share, lift_low=fit.lift_low
        ),
        "(1-d) taken out only": endorsement(walk.scores, restart, fit.lift, lift_low=fit.lift_low),
        "PageRank x log(1+lift)": endorsement(walk.scores, restart, fit.lift, restart_share=share),
        "PageRank x log+ lift": arrived * np.log(np.maximum(np.nan_to_num(fit.lift), 1)),
        "PageRank x log+ unmatched": arrived * np.log(np.maximum(unmatched, 1)),
        "PageRank, restart out": arrived,
        "in-audience count": fit.audience_followers.astype(float),
        "log-odds z": fit.log_odds_z,
        "PageRank, restart left in": walk.scores,
        "personalised / global": arrived / global_scores,
        "lift_low": fit.lift_low,
        "lift": fit.lift,
    }
    for values in scores.values():
        values[owner] = -np.inf
        values[np.isnan(values)] = -np.inf
    return scores


def top_of(scores):
    """The best accounts, ties by node."""
    return np.lexsort((np.arange(scores.size), -scores))[:TOP]


def judge(graph, half, members, picks):
    """Mean reach and mean log lift of the picks among `half`, against everybody outside the audience."""
    in_half, in_audience = np.zeros(graph.n_accounts, bool), np.zeros(graph.n_accounts, bool)
    in_half[half], in_audience[members] = True, True
    reach, log_lift = [], []
    n_outside = graph.n_accounts - members.size
    for pick in picks:
        followers = graph.followers_of(pick)
        inside, outside = in_half[followers].sum(), (~in_audience[followers]).sum()
        reach.append(inside / half.size)
        log_lift.append(
            np.log((inside + SMOOTHING) / (half.size + 1)) - np.log((outside + SMOOTHING) / (n_outside + 1))
        )
    return np.mean(reach), np.mean(log_lift)


def measure(graph, *, n_audiences, smallest, largest, seed):
    """Per ranker, one row of (overlap, reach, log lift, median followers) for each audience."""
    rng = np.random.default_rng(seed)
    counts = graph.follower_counts
    owners = np.flatnonzero((counts >= smallest) & (counts <= largest))
    owners = rng.permutation(owners)[:n_audiences]
    everybody = np.ones(graph.n_accounts)
    global_scores = personalised_pagerank(graph.following_offsets, graph.following, everybody).scores
    rows = {}
    for owner in owners:
        members = rng.permutation(graph.followers_of(owner))
        halves = members[: members.size // 2], members[members.size // 2 :]
        both = [rankers(graph, half, owner, global_scores) for half in halves]
        for name in both[0]:
            tops = [top_of(scores[name]) for scores in both]
            judged = [judge(graph, halves[1 - side], members, tops[side]) for side in (0, 1)]
            overlap = len(set(tops[0].tolist()) & set(tops[1].tolist())) / TOP
            reach, log_lift = np.mean(judged, axis=0)
            followers = np.median(counts[np.concatenate(tops)])
            rows.setdefault(name, []).append((overlap, reach, log_lift, followers))
    return {name: np.array(values) for name, values in rows.items()}


def print_table(rows, seed):
    """One line per ranker, the most stable first."""
    rng = np.random.default_rng(seed)
    print(f"{'ranker':28} {'overlap@20':>10} {'95 % interval':>15} {'reach':>7} {'lift':>7} {'followers':>9}")
    for name, values in sorted(rows.items(), key=lambda item: -item[1][:, 0].mean()):
        overlap, reach, log_lift, followers = values.mean(axis=0)
        again = values[rng.integers(0, len(values), (2000, len(values))), 0].mean(axis=1)
        low, high = np.quantile(again, [0.025, 0.975])
        print(
            f"{name:28} {overlap:10.3f} {f'{low:.3f} to {high:.3f}':>15} {reach:7.3f} "
            f"{np.exp(log_lift):7.1f} {followers:9.0f}"
        )


def main():
    """Read the edge list, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("edges", type=Path, help="Parquet file; first two columns: follower, followee")
    parser.add_argument("--undirected", action="store_true", help="count every edge in both directions")
    parser.add_argument("--audiences", type=int, default=150)
    parser.add_argument("--smallest", type=int, default=60, help="followers of the hidden account, at least")
    parser.add_argument("--largest", type=int, default=1500, help="and at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.perf_counter()
    graph, balance = read_graph(options.edges, undirected=options.undirected)
    print(f"{graph.n_accounts} accounts, {graph.n_follows} follows ({balance})")
    rows = measure(
        graph,
        n_audiences=options.audiences,
        smallest=options.smallest,
        largest=options.largest,
        seed=options.seed,
    )
    print(f"{len(rows['lift'])} audiences, {time.perf_counter() - started:.0f} s")
    print_table(rows, options.seed)


if __name__ == "__main__":
    main()
