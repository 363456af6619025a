"""Personalised PageRank and in-audience counts, beside igraph, scipy and networkx."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
from scipy import sparse

from graph.arrays.compiled import compiled
from graph.arrays.row_sums import WORTH_SHARING, Rows
from graph.network.followers import build_follower_graph
from graph.network.pagerank import personalised_pagerank
from graph.trust.affinity import followers_among
from tests.benchmarks.speed.edge_arrays import edge_arrays, give_back, read_edges
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.pages import FLOOR
from tests.benchmarks.speed.parts import Bar, Part, table

TOLERANCE = 1e-8
MOST_FOR_NETWORKX = 1_500_000
MOST_FOR_IGRAPH = 30_000_000  # more would not fit beside everything else in 24 GB
HERE = "tests.benchmarks.speed.endorsement"
NEW_SHARE = 0.01  # of the follows, since the walk that another begins from
OURS, TWO = "Vouch", "Vouch, two threads"

ABOUT = f"""
Personalised PageRank (damping 0.85, restart at the members of an audience) from the follows as two arrays of
node numbers. Building is everything between these arrays and the first step of the walk: both compressed
orders for Vouch (duplicates would be merged), the graph object for igraph and networkx, the transposed matrix
for scipy. Vouch and the power iteration with scipy's sparse product stop when the answer is proved to be
within {TOLERANCE:g} of the exact one in L1; igraph's PRPACK goes to its own 1e-10, networkx to a change of
{TOLERANCE:g}. Distances to igraph's answer are shown. The floor is what this machine needs to add up as many
float32 values as there are follows, at random places of an array with one value per account: no pass over a
graph can be much below it. The counts are how many of the audience follow each account, raw and weighted.
"""


def vouch(watch, folder, out):
    """Both orders, then the walk; then the counts."""
    warm = np.arange(2 * WORTH_SHARING, dtype=np.uint32)
    tiny, _ = build_follower_graph(warm.size, warm, np.roll(warm, 1))
    _rank(tiny, np.ones(warm.size))
    followers_among(tiny, warm[:2], np.ones(2))
    del tiny
    n, follower, followee, members = read_edges(folder)
    give_back()
    with watch("build"):
        graph, _ = build_follower_graph(n, follower, followee)
    del follower, followee
    restart = np.zeros(n)
    restart[members] = 1.0
    with watch("rank"):
        found = _rank(graph, restart)
    with watch("count"):
        followers_among(graph, members, np.full(members.size, 0.5))
    everybody = np.flatnonzero(graph.following_counts).astype(np.uint32)
    with watch("count for everybody"):
        followers_among(graph, everybody, np.full(everybody.size, 0.5))
    np.save(out, found.scores)
    answer = {"passes": found.iterations, "bound": found.residual}
    if graph.n_follows <= MOST_FOR_IGRAPH:
        answer |= _begun_earlier(folder, restart, found.scores)
    return answer


def _begun_earlier(folder, restart, cold):
    """Passes of a walk that begins from the answer of yesterday's graph, and how many scores then differ."""
    n, follower, followee, _ = read_edges(folder)
    stood = np.random.default_rng(2).random(follower.size) >= NEW_SHARE
    yesterday = _rank(build_follower_graph(n, follower[stood], followee[stood])[0], restart)
    warm = _rank(build_follower_graph(n, follower, followee)[0], restart, yesterday.scores)
    apart = warm.scores.astype(np.float32) != cold.astype(np.float32)
    return {"warm passes": warm.iterations, "apart": int(np.count_nonzero(apart))}


def _rank(graph, restart, earlier=None):
    return personalised_pagerank(
        graph.following_offsets,
        graph.following,
        restart,
        reverse=Rows(graph.follower_offsets, graph.followers),
        tolerance=TOLERANCE,
        earlier=earlier,
    )


def igraph_chain(watch, folder, out):
    """The graph object, then PRPACK."""
    n, follower, followee, members = read_edges(folder)
    with watch("build"):
        graph = igraph.Graph(n=n, edges=np.column_stack((follower, followee)), directed=True)
    restart = np.zeros(n)
    restart[members] = 1.0
    with watch("rank"):
        scores = graph.personalized_pagerank(reset=restart.tolist(), damping=0.85)
    np.save(out, np.array(scores))


def scipy_chain(watch, folder, out):
    """The transposed matrix, then power iteration in float64."""
    n, follower, followee, members = read_edges(folder)
    with watch("build"):
        counts = np.bincount(follower, minlength=n)
        share = np.divide(0.85, counts, out=np.zeros(n), where=counts > 0)
        shape = (share[follower], (followee.astype(np.int32), follower.astype(np.int32)))
        back = sparse.coo_array(shape, shape=(n, n)).tocsr()
    start = np.zeros(n)
    start[members] = 1.0 / members.size
    with watch("rank"):
        total, term = start.copy(), start
        while 2 * 0.85 / 0.15 * term.sum() > TOLERANCE * total.sum():
            term = back @ term
            total += term
        total /= total.sum()
    np.save(out, total)


def networkx_chain(watch, folder, out):
    """The graph object, then its PageRank, which is scipy's power iteration."""
    n, follower, followee, members = read_edges(folder)
    with watch("build"):
        graph = nx.DiGraph()
        graph.add_nodes_from(range(n))
        graph.add_edges_from(zip(follower.tolist(), followee.tolist(), strict=True))
    restart = dict.fromkeys(members.tolist(), 1.0)
    with watch("rank"):
        found = nx.pagerank(graph, alpha=0.85, personalization=restart, tol=TOLERANCE / n, max_iter=500)
    np.save(out, np.array([found[node] for node in range(n)]))


def floor(watch, folder, out):
    """Additions of float32 values at random places, as many as there are follows."""
    n, follower, _, _ = read_edges(folder)
    rng = np.random.default_rng(1)
    values = rng.random(n, dtype=np.float32)
    places = rng.integers(0, n, follower.size, dtype=np.uint32)
    gathered(places[:2], values)
    with watch("gather"):
        total = gathered(places, values)
    np.save(out, np.array([total]))


@compiled
def gathered(places, values):
    """Two sums in turn, as in the kernel."""
    first = second = 0.0
    for place in range(0, places.size - 1, 2):
        first += values[places[place]]
        second += values[places[place + 1]]
    return first + second


def measure(options):
    """All contenders on one graph."""
    folder = edge_arrays(options.scratch, options.edges, options.seed)
    out = {}

    def contender(name, call, **limits):
        out[name] = str(options.scratch / f"scores-{len(out)}.npy")
        return Contender(name, f"{HERE}:{call}", {"folder": str(folder), "out": out[name]}, **limits)

    chosen = [contender("floor", "floor"), contender(OURS, "vouch"), contender(TWO, "vouch", threads=2)]
    chosen.append(contender("scipy", "scipy_chain", rounds=1 if options.edges > MOST_FOR_IGRAPH else None))
    if options.edges <= MOST_FOR_IGRAPH:
        chosen.append(contender("igraph", "igraph_chain"))
    if options.edges <= MOST_FOR_NETWORKX:
        chosen.append(contender("networkx", "networkx_chain", rounds=1))
    found = compare(chosen, options.rounds, options.only)
    edges = int(np.load(folder / "follower.npy", mmap_mode="r").size)
    scores = {name: np.load(out[name]) for name in found if name != "floor"}
    stages = {name: found[OURS].sections[name]["cpu_seconds"] for name in ("build", "rank", "count")}
    stages[FLOOR] = found["floor"].sections["gather"]["cpu_seconds"]
    return Part(
        title="Endorsement: PageRank and counts",
        about=ABOUT,
        body=_body(found, scores, edges),
        bars=_bars(found, scores, edges),
        stages=stages,
    )


def _body(found, scores, edges):
    reference = "igraph" if "igraph" in scores else "scipy"
    rows = []
    for name in scores:
        seen = found[name]
        rows.append(
            (
                name,
                f"{seen.nanoseconds(edges, 'build'):.0f}",
                f"{seen.nanoseconds(edges, 'rank'):.1f}",
                f"{seen.nanoseconds(edges, 'build', 'rank'):.0f}",
                f"{_peak(seen) / edges:.0f}",
                f"{np.abs(scores[name] - scores[reference]).sum():.1e}",
            )
        )
    head = ("contender", "build, CPU ns per follow", "rank", "both", "memory, bytes per follow")
    answer = found[OURS].answer
    gather = found["floor"].nanoseconds(edges)
    count, everybody = (found[OURS].nanoseconds(edges, name) for name in ("count", "count for everybody"))
    warm = (
        f"\n\nBegun from the answer of the graph without {NEW_SHARE:.0%} of its follows, the walk makes "
        f"{answer['warm passes']} passes, and {answer['apart']:,} scores then differ in 32 bits: runs begin "
        "anew."
        if "warm passes" in answer
        else ""
    )
    return f"""{table((*head, f"L1 distance to {reference}"), rows)}

{edges:,} distinct follows. Vouch made {answer["passes"]} passes over them and proved a distance of
{answer["bound"]:.1e}. A random gather costs {gather:.2f} CPU ns here; counting how many members follow
each account {count:.2f} ns per follow of the graph, and {everybody:.2f} where everybody is in the audience.
Memory is the highest over what the process held before it began, the arrays it was given left out.{warm}"""


def _peak(seen):
    """Most that building and ranking held over what was there before."""
    before = seen.sections["build"]["before_bytes"]
    return max(seen.sections[name]["peak_bytes"] for name in ("build", "rank")) - before


def _bars(found, scores, edges):
    ours = found[OURS]
    both, rank = ours.nanoseconds(edges, "build", "rank"), ours.nanoseconds(edges, "rank")
    per_pass = rank / ours.answer["passes"]
    gather = found["floor"].nanoseconds(edges)
    bars = []
    for name, least in (("igraph", 8), ("networkx", 40)):
        if name in found:
            ratio = found[name].nanoseconds(edges, "build", "rank") / both
            what = f"CPU time with building, {name} ÷ Vouch"
            bars.append(Bar(what, f"≥ {least}", f"{ratio:.1f}", ratio >= least))
    if "igraph" in found:
        share = _peak(ours) / _peak(found["igraph"])
        bars.append(Bar("memory, Vouch ÷ igraph", "≤ 1/8", f"1/{1 / share:.1f}", share <= 1 / 8))
        distance = float(np.abs(scores[OURS] - scores["igraph"]).sum())
        bars.append(Bar("L1 distance to igraph's answer", "≤ 1e-8", f"{distance:.1e}", distance <= 1e-8))
    for name in (OURS, TWO):
        cost = found[name].nanoseconds(edges, "rank")
        bars.append(Bar(f"CPU ns per follow without building, {name}", "≤ 120", f"{cost:.0f}", cost <= 120))
    bars.append(
        Bar(
            "CPU ns per follow and pass, all included, ÷ random gather",
            "≤ 2",
            f"{per_pass / gather:.1f} ({per_pass:.2f} ÷ {gather:.2f})",
            per_pass <= 2 * gather,
        )
    )
    count = ours.nanoseconds(edges, "count")
    bars.append(Bar("in-audience counts, CPU ns per follow of the graph", "≤ 2", f"{count:.2f}", count <= 2))
    same = scores[OURS].tobytes() == scores[TWO].tobytes()
    bars.append(Bar("one thread and two", "same bytes", "same" if same else "different", same))
    return bars
