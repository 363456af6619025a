"""What the lockstep defence takes from audiences that nobody touched: blocks found, members who lose weight.

    VOUCH_REAL_DATA=folder python -m tests.benchmarks.lockstep_harm

Accounts with 40 to 3,000 followers own an audience each: their followers. Nobody bought these, as far as is
known, so each block is taken for a mistake.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import polars as pl

from graph.lockstep.audience_lockstep import lockstep_blocks, lockstep_factor
from graph.network.followers import build_follower_graph
from tests.benchmarks.trusted_voices.datasets import REAL_DATA, networks

SMALLEST, LARGEST = 40, 3_000


def graphs():
    """Name and follower graph of every network that is here, and the reason for each that is not."""
    found, missing = networks()
    named = {network.name: network.graph for network in found}
    graph = nostr(Path(os.environ.get(REAL_DATA, "")))
    if graph is None:
        missing["nostr"] = "nostr/follows.parquet is not there"
    else:
        named["nostr"] = graph
    return named, missing


def nostr(folder):
    """The follow lists of Nostr below a folder of public data sets, None where they are not."""
    file = folder / "nostr" / "follows.parquet"
    if not file.exists():
        return None
    return _graph(pl.read_parquet(file, columns=["src_pubkey", "dst_pubkey"]))


def twitter(folder):
    """Who follows whom in a small Twitter network below that folder, None where it is not."""
    file = folder / "twitter-datascience" / "followers.csv"
    return _graph(pl.read_csv(file, columns=["source", "target"])) if file.exists() else None


def _graph(edges):
    ends = np.concatenate([edges[column].to_numpy() for column in edges.columns])
    names, nodes = np.unique(ends, return_inverse=True)
    return build_follower_graph(names.size, *np.split(nodes, 2))[0]


def harm(graph, owners):
    """Audiences, members, audiences with a block, members below full weight, and the largest loss."""
    n_members = n_blocks = n_hit = 0
    worst = 0.0
    for owner in owners.tolist():
        members = graph.followers_of(owner)
        factor = lockstep_factor(members.size, lockstep_blocks(graph, members))
        n_members += members.size
        n_blocks += int(factor.min() < 1)
        n_hit += int((factor < 1).sum())
        worst = max(worst, 1 - float(factor.mean()))
    return {
        "audiences": owners.size,
        "their members": n_members,
        "audiences with a block": n_blocks,
        "members below full weight": n_hit,
        "most that one audience lost": f"{worst:.1%}",
    }


def main():
    """Print one row per network and the sum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at-most", type=int, default=600, help="audiences per network, drawn at random")
    at_most = parser.parse_args().at_most
    found, missing = graphs()
    rows = []
    for name, graph in found.items():
        counts = graph.follower_counts
        able = np.flatnonzero((counts >= SMALLEST) & (counts <= LARGEST))
        owners = np.random.default_rng(0).permutation(able)[:at_most]
        rows.append({"network": name, **harm(graph, owners)})
    table = pl.DataFrame(rows)
    print(*table.columns, sep=" | ")
    for row in table.rows():
        print(*row, sep=" | ")
    print("in all", *table.select(pl.col(pl.Int64).sum()).row(0), sep=" | ")
    for name, reason in missing.items():
        print(f"not measured: {name} ({reason})")


if __name__ == "__main__":
    main()
