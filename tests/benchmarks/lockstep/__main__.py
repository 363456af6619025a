"""Planted lockstep on real graphs: our blocks and FRAUDAR's side by side, mean F1 over seeds.

    python -m tests.benchmarks.lockstep                     # a few minutes
    python -m tests.benchmarks.lockstep --full              # every shape, density, camouflage; ten seeds
    python -m tests.benchmarks.lockstep --untouched         # what is flagged where nothing was planted

Ours is judged by all that is flagged, not by the best of several blocks. `share` is the mean distance of the
estimated share of bought followers from the truth, over the customers; `natural` the flagged blocks that are
not the planted one; `found` the seeds in which it was flagged. The graphs are read from --data.
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from graph.followers import build_follower_graph
from graph.lockstep import follow_blocks
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.lockstep.planting import CAMOUFLAGES, f1, plant, read_base

GRAPHS = ("wiki-vote", "wiki-vote-reversed", "epinions", "epinions-reversed")
SHAPES = ((200, 200), (200, 50), (1_000, 20))
DENSITIES = (1.0, 0.5, 0.3, 0.2, 0.1)
QUICK = (
    (200, 200, 0.2, "biased", "even", 1),
    (200, 200, 0.1, "biased", "even", 1),
    (200, 200, 0.1, "hijacked", "even", 1),
    (200, 50, 0.2, "biased", "even", 1),
    (1_000, 20, 0.2, "biased", "even", 1),
    (1_000, 20, 0.2, "hijacked", "even", 1),
    (200, 200, 0.2, "biased", "even", 3),
    (200, 200, 0.2, "biased", "uneven", 1),
    (200, 200, 0.2, "biased", "uneven", 3),
    (1_000, 20, 0.3, "biased", "uneven", 1),
)
FULL = tuple(
    (*shape, density, camouflage, "even", 1)
    for shape, camouflage, density in product(SHAPES, CAMOUFLAGES, DENSITIES)
) + tuple(
    (*shape, density, "biased", law, times)
    for shape, density, (law, times) in product(
        SHAPES, (0.3, 0.2, 0.1), (("even", 3), ("uneven", 1), ("uneven", 3))
    )
)


def one(base, case, seed, *, with_fraudar):
    """F1 of buyers and customers, distance of the share, other blocks flagged, FRAUDAR's F1, seconds."""
    n_buyers, n_customers, density, camouflage, law, times = case
    planted = plant(base, n_buyers, n_customers, density, camouflage, law=law, times=times, seed=seed)
    start = time.process_time()
    found = follow_blocks(planted.graph)
    seconds = time.process_time() - start
    customers = np.flatnonzero(np.nan_to_num(found.share) > 0)
    is_buyer = np.zeros(planted.graph.n_accounts, dtype=bool)
    is_buyer[planted.buyers] = True
    truth = np.array([is_buyer[planted.graph.followers_of(node)].mean() for node in planted.customers])
    hits = [f1(block.customers, planted.customers) > 0.5 for block in found.blocks]
    row = {
        "buyers": f1(np.flatnonzero(found.is_buyer), planted.buyers),
        "customers": f1(customers, planted.customers),
        "share": float(np.nanmean(np.abs(found.share[planted.customers] - truth))),
        "found": float(any(hits)),
        "natural": float(len(hits) - sum(hits)),
        "seconds": seconds,
    }
    if with_fraudar:
        followers, followed, _ = densest_block(planted.graph)
        row["fraudar buyers"] = f1(followers, planted.buyers)
        row["fraudar customers"] = f1(followed, planted.customers)
    return row


def untouched(graphs, data):
    """What is flagged, and the best of what is not, where nothing was planted."""
    rows = []
    for name in graphs:
        base = read_base(name, data)
        graph = build_follower_graph(base.n_accounts, base.follower, base.followee)[0]
        found = follow_blocks(graph)
        rows.append(
            {
                "graph": name,
                "flagged": len(found.blocks),
                "blocks looked at": len(found.blocks) + len(found.others),
                "best score": max((block.score for block in found.others), default=0.0),
            }
        )
    return pl.DataFrame(rows)


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("VOUCH_REAL_DATA"), help="public data sets"
    )
    parser.add_argument("--graphs", nargs="+", default=None, choices=GRAPHS)
    parser.add_argument("--seeds", type=int, default=None)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--untouched", action="store_true")
    parser.add_argument("--no-fraudar", action="store_true")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of public data sets: --data DIR, or VOUCH_REAL_DATA")
    graphs = options.graphs or (GRAPHS if options.full or options.untouched else GRAPHS[::2])
    pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, float_precision=3, tbl_hide_dataframe_shape=True)
    if options.untouched:
        print(untouched(graphs, options.data))
        return
    for name in graphs:
        base = read_base(name, options.data)
        rows = []
        for case in FULL if options.full else QUICK:
            seeds = range(options.seeds or (10 if options.full else 2))
            measured = pl.DataFrame(
                [one(base, case, seed, with_fraudar=not options.no_fraudar) for seed in seeds]
            ).mean()
            n_buyers, n_customers, density, camouflage, law, times = case
            label = f"{n_buyers}x{n_customers} {density} {camouflage} x{times} {law}"
            rows.append({"case": label, **measured.row(0, named=True)})
            print(f"{name} {rows[-1]}", flush=True)
        print(name)
        print(pl.DataFrame(rows))


if __name__ == "__main__":
    main()
