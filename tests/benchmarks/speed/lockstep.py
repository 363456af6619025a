"""Lockstep: the peel of the densest block, and the whole search, untouched and with a block planted."""

from __future__ import annotations

import numpy as np

from graph.lockstep.search import follow_blocks
from graph.network.followers import build_follower_graph
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.lockstep.planting import MOST_FOLLOWERS, Base, f1, plant
from tests.benchmarks.speed.edge_arrays import edge_arrays, give_back, read_edges
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.parts import Bar, Part, table

HERE = "tests.benchmarks.speed.lockstep"
PEEL, SEARCH, PLANTED = "peel", "search", "search with a block planted"
BUYERS, CUSTOMERS, DENSITY = 200, 100, 0.5
MOST_PEEL = 60

ABOUT = f"""
From the stored graph, both compressed orders in memory. *Peel* is FRAUDAR's densest block (Hooi et al., KDD
2016), exact, which the evaluation compares with: the member that holds least is taken out until nobody is
left. *Search* is all that `vouch run` does to find blocks, from starts to measured groups: once in the graph
as it was generated, where nothing has to be compared; once with {BUYERS} new accounts that follow {CUSTOMERS}
with at most {MOST_FOLLOWERS} followers at a density of {DENSITY:g}, and popular ones for show. That block is
flagged, so the same search is made again in a network in which everybody follows and is followed as much,
and whom is dealt out anew.
"""


def peel(watch, folder):
    """The densest block."""
    densest_block(_small())
    graph = _graph(folder)
    with watch(PEEL):
        followers, followed, density = densest_block(graph)
    return {"followers": followers.size, "followed": followed.size, "density": density}


def search(watch, folder):
    """The search in the graph as it is."""
    _warm()
    graph = _graph(folder)
    with watch(SEARCH):
        found = follow_blocks(graph)
    return _seen(found)


def search_planted(watch, folder):
    """The search in the graph with a block in it, and in the one dealt out anew."""
    _warm()
    n, follower, followee, _ = read_edges(folder)
    planted = plant(Base(n, follower, followee), BUYERS, CUSTOMERS, DENSITY, seed=1)
    del follower, followee
    give_back()
    with watch(PLANTED):
        found = follow_blocks(planted.graph)
    customers = np.flatnonzero(np.nan_to_num(found.share) > 0)
    return _seen(found) | {
        "null": found.null_score,
        "buyers": f1(np.flatnonzero(found.is_buyer), planted.buyers),
        "customers": f1(customers, planted.customers),
    }


def _seen(found):
    return {"blocks": len(found.blocks), "others": len(found.others)}


def _graph(folder):
    n, follower, followee, _ = read_edges(folder)
    graph = build_follower_graph(n, follower, followee)[0]
    del follower, followee
    give_back()
    return graph


def _small():
    rng = np.random.default_rng(0)
    return build_follower_graph(300, rng.integers(0, 300, 3_000), rng.integers(0, 300, 3_000))[0]


def _warm():
    """Compile everything that a search may meet: what is flagged is searched again dealt out anew."""
    rng = np.random.default_rng(0)
    base = Base(2_000, rng.integers(0, 2_000, 20_000), rng.integers(0, 2_000, 20_000))
    follow_blocks(plant(base, 100, 50, 0.5, seed=0).graph, n_best=10, n_drawn=20)


def measure(options):
    """Peel and searches on one graph."""
    folder = edge_arrays(options.scratch, options.edges, options.seed)
    calls = {PEEL: "peel", SEARCH: "search", PLANTED: "search_planted"}
    chosen = [Contender(name, f"{HERE}:{call}", {"folder": str(folder)}) for name, call in calls.items()]
    found = compare(chosen, options.rounds, options.only)
    edges = int(np.load(folder / "follower.npy", mmap_mode="r").size)
    return Part(
        title="Lockstep: peel and search",
        about=ABOUT,
        body=_body(found, edges),
        bars=_bars(found, edges),
        stages={name: seen.cpu_seconds for name, seen in found.items()},
    )


def _body(found, edges):
    rows = [
        (
            name,
            f"{seen.nanoseconds(edges):,.0f}",
            f"{seen.cpu_seconds:.2f}",
            f"{seen.grown_bytes / edges:.0f}",
            f"× {seen.spread:.2f}",
        )
        for name, seen in found.items()
    ]
    head = ("what", "CPU ns per follow", "CPU seconds", "memory, bytes per follow", "rounds differ by")
    return "\n\n".join([table(head, rows), f"{edges:,} distinct follows. {_answers(found)}"])


def _answers(found):
    words = []
    if PEEL in found:
        seen = found[PEEL].answer
        words.append(
            f"The densest block has {seen['followers']:,} followers and {seen['followed']:,} followed "
            f"accounts, {seen['density']:.2f} per member."
        )
    if SEARCH in found:
        seen = found[SEARCH].answer
        words.append(f"The search measured {seen['others'] + seen['blocks']} and flagged {seen['blocks']}.")
    if PLANTED in found:
        seen = found[PLANTED].answer
        words.append(
            f"With the block planted it flagged {seen['blocks']}: F1 of the customers "
            f"{seen['customers']:.3f}, of the buyers {seen['buyers']:.3f}; the best score dealt out anew is "
            f"{seen['null']:.2f}."
        )
    return " ".join(words)


def _bars(found, edges):
    bars = []
    if PEEL in found:
        cost = found[PEEL].nanoseconds(edges)
        bars.append(Bar("peel, CPU ns per follow", f"≤ {MOST_PEEL}", f"{cost:.0f}", cost <= MOST_PEEL))
    if SEARCH in found:
        flagged = found[SEARCH].answer["blocks"]
        bars.append(Bar("groups flagged in the untouched graph", "none", str(flagged), flagged == 0))
    if PLANTED in found:
        customers = found[PLANTED].answer["customers"]
        what = "the planted block: F1 of its customers"
        bars.append(Bar(what, "≥ 0.95", f"{customers:.3f}", customers >= 0.95))
    return bars
