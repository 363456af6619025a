"""The networks that are measured: public data sets from VOUCH_REAL_DATA, and the demo world."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from graph.network.followers import FollowerGraph, build_follower_graph
from pipelines.demo_world import generate_world

REAL_DATA = "VOUCH_REAL_DATA"


@dataclass(frozen=True)
class Network:
    """A follower graph and which of its accounts own audiences.

    `n_audiences` hidden accounts with `smallest` to `largest` followers are drawn; their followers are the
    audiences.
    """

    name: str
    what: str
    graph: FollowerGraph
    n_audiences: int
    smallest: int
    largest: int

    def owners(self, seed, at_most=None):
        """The hidden accounts, in the order in which they are drawn."""
        counts = self.graph.follower_counts
        able = np.flatnonzero((counts >= self.smallest) & (counts <= self.largest))
        drawn = np.random.default_rng(seed).permutation(able)
        return drawn[: min(self.n_audiences, at_most or self.n_audiences)]


def networks(folder=None):
    """Every network that is here, and for each that is not the reason.

    Args:
        folder: of the public data sets; the one that VOUCH_REAL_DATA names, if not given.
    """
    folder = folder or os.environ.get(REAL_DATA)
    found, missing = [], {}
    for name, (what, path, reader, both_ways, counts) in _SETS.items():
        file = Path(folder, path) if folder else None
        if file is None or not file.exists():
            missing[name] = (
                f"{path} is not in the folder of {REAL_DATA}" if folder else f"{REAL_DATA} is not set"
            )
            continue
        found.append(Network(name, what, _graph(reader(file), both_ways=both_ways), *counts))
    world = generate_world()
    found.append(
        Network(
            "demo world",
            f"generated, seed {world.seed}",
            _graph(world.tables["follows"].select("follower_id", "followee_id"), both_ways=False),
            60,
            60,
            1500,
        )
    )
    return found, missing


def without(graph, *, keep=None, rows=None, owner=None):
    """The graph without some follows: those outside `keep`, those of the followers `rows`, `owner`'s."""
    kept = np.ones(graph.n_follows, dtype=bool) if keep is None else keep.copy()
    if owner is not None:
        kept &= graph.following != owner
    if rows is not None:
        leaves = np.zeros(graph.n_accounts, dtype=bool)
        leaves[rows] = True
        kept &= ~np.repeat(leaves, graph.following_counts)
    row = np.repeat(np.arange(graph.n_accounts), graph.following_counts)[kept]
    targets = graph.following[kept]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=graph.n_accounts))))
    shape = (graph.n_accounts, graph.n_accounts)
    columns = csr_array(
        (np.ones(targets.size, np.int8), targets.astype(np.int32), offsets), shape=shape
    ).tocsc()
    return FollowerGraph(
        graph.n_accounts,
        offsets.astype(np.int64),
        targets,
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.uint32),
    )


def adjacency(graph):
    """The follows as a sparse matrix of ones, float32, row follows column."""
    data = np.ones(graph.n_follows, dtype=np.float32)
    shape = (graph.n_accounts, graph.n_accounts)
    return csr_array((data, graph.following.astype(np.int32), graph.following_offsets), shape=shape)


def _graph(edges, *, both_ways):
    ends = np.concatenate((edges.to_series(0).to_numpy(), edges.to_series(1).to_numpy()))
    names, nodes = np.unique(ends, return_inverse=True)
    follower, followee = nodes[: edges.height], nodes[edges.height :]
    if both_ways:
        follower, followee = np.concatenate((follower, followee)), np.concatenate((followee, follower))
    return build_follower_graph(names.size, follower, followee)[0]


def _parquet(file):
    return pl.read_parquet(file).drop_nulls()


def _csv(file):
    return pl.read_csv(file).drop_nulls()


def _tabbed(file):
    return pl.read_csv(file, separator="\t", has_header=False, comment_prefix="#").drop_nulls()


_EPINIONS = "epinions/epinions_trustnetwork.parquet"
_SETS = {
    "epinions": ("who trusts whom (Tang, Gao, Liu)", _EPINIONS, _parquet, False, (150, 60, 1500)),
    "epinions, both ways": (
        "the same, every edge in both directions, as in the survey behind the design",
        _EPINIONS,
        _parquet,
        True,
        (60, 60, 1500),
    ),
    "wiki-vote": ("who votes for whom (SNAP)", "wiki-vote/votes.txt", _tabbed, False, (100, 60, 1500)),
    "twitter-datascience": (
        "who follows whom on Twitter (Bratanič)",
        "twitter-datascience/followers.csv",
        _csv,
        False,
        (60, 40, 1500),
    ),
}
