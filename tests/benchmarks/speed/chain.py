"""The main job from arrays to a DuckDB file, beside the same job written with igraph and with networkx."""

from __future__ import annotations

import heapq
import math
from pathlib import Path

import duckdb
import igraph
import networkx as nx
import numpy as np

from graph.arrays.row_sums import WORTH_SHARING, Rows
from graph.arrays.sparse_rows import take_rows
from graph.network.followers import build_follower_graph
from graph.network.pagerank import personalised_pagerank
from graph.partners.overlap import pair_overlap
from graph.partners.portfolio import PortfolioRules, select_portfolio
from graph.shill.anti_trust import anti_trust
from graph.trust.affinity import affinity
from graph.trust.audience import clean_audience
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.speed.cores import core_numbers
from tests.benchmarks.speed.edge_arrays import edge_arrays, give_back, read_edges
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.parts import Bar, Part, table
from tests.benchmarks.speed.watch import Watch

CANDIDATES, SHORTLIST, PICKS, LABELS = 1_000, 100, 10, 20
TOLERANCE = 1e-8
UNIT = 2**30  # what a follow weighs in the peel is a whole number of such parts, so that sums are exact
WALK_ON = 0.5  # of the walks from labelled accounts
PEEL_AND_CORES = ("peel", "cores")
MOST_FOR_NETWORKX = 1_500_000
HERE = "tests.benchmarks.speed.chain"

ABOUT = f"""
From two arrays of node numbers: the graph; how many members follow each account, and how unusual that is
against everybody else; personalised and global PageRank; walks back from {LABELS} labelled accounts; overlap
of the {SHORTLIST} accounts that most members follow, pair by pair; the {PICKS} of {CANDIDATES:,} that
together reach most members, by lazy greedy; the densest block of followers and followed by FRAUDAR's peel;
the core number of every account; and one table of it, written to a DuckDB file. igraph and networkx do what
they have a call for with that call and the rest with numpy, sets or a heap, as a person who knows them would.
Neither has a call for the peel: both are given the same one in Python, and the ratios are told without it as
well. Vouch does more on the way: strata, intervals and priors of the affinity; for the walks back one walk
per label, a null and a comparison with peers, where the others make one walk; a bound and stand-ins of the
portfolio. Peel and cores are no stages of Vouch; they are measured here because the bars were set with them.
"""


def vouch(watch, folder, out):
    """The chain with the kernels of Vouch; compiled before on a small graph."""
    warm = np.arange(2 * WORTH_SHARING, dtype=np.uint32)
    follower, followee = np.concatenate((warm, warm)), np.concatenate((np.roll(warm, 1), np.roll(warm, 2)))
    _vouch(Watch(), (warm.size, follower, followee, warm[:500]), out)
    del warm, follower, followee
    given = read_edges(folder)
    give_back()
    return _vouch(watch, given, out)


def _vouch(watch, given, out):
    n, follower, followee, members = given
    with watch("graph"):
        graph, _ = build_follower_graph(n, follower, followee)
        reverse = Rows(graph.follower_offsets, graph.followers)
    with watch("affinity"):
        found = affinity(graph, clean_audience(members, None, None, None, None))
    with watch("PageRank"):
        personal, everybody = (
            personalised_pagerank(
                graph.following_offsets, graph.following, restart, reverse=reverse, tolerance=TOLERANCE
            ).scores
            for restart in (_restart(n, members), np.ones(n))
        )
    with watch("anti-trust"):
        blame = anti_trust(graph, _labelled(graph.follower_counts), np.zeros(0, dtype=np.int64)).value
    with watch("overlap, portfolio"):
        candidates = _top(found.audience_followers, CANDIDATES)
        offsets, reached = _lists(graph, candidates, members)
        pairs = pair_overlap(offsets[: SHORTLIST + 1], reached[: offsets[SHORTLIST]], members.size)
        value = np.ones(candidates.size)
        chosen = select_portfolio(
            offsets, reached, np.ones(members.size), value, count=PICKS, rules=PortfolioRules(max_swaps=0)
        )
    with watch("peel"):
        block = densest_block(graph)
    with watch("cores"):
        cores = core_numbers(graph)
    with watch("writing"):
        _write(out, found.audience_followers, found.log_odds_z, personal, everybody, blame, cores)
    return _answer(
        personal, everybody, found.audience_followers, pairs.shared, chosen.cumulative, _block(*block), cores
    )


def _lists(graph, candidates, members):
    """Which members follow each candidate, as positions in the audience."""
    position = np.full(graph.n_accounts, -1, dtype=np.int64)
    position[members] = np.arange(members.size)
    owner, follower = take_rows(graph.follower_offsets, graph.followers, candidates)
    kept = position[follower] >= 0
    counts = np.bincount(owner[kept], minlength=candidates.size)
    return np.concatenate(([0], np.cumsum(counts))), position[follower[kept]]


def igraph_chain(watch, folder, out):
    """The chain with igraph, and numpy where igraph has no call."""
    n, follower, followee, members = read_edges(folder)
    with watch("graph"):
        graph = igraph.Graph(n=n, edges=np.column_stack((follower, followee)), directed=True)
    with watch("affinity"):
        counts = np.zeros(n, dtype=np.int64)
        for member in members.tolist():
            counts[graph.successors(member)] += 1
        z = _log_odds_z(counts, members.size, np.array(graph.indegree()), n)
    with watch("PageRank"):
        personal = np.array(graph.personalized_pagerank(reset=_restart(n, members).tolist()))
        everybody = np.array(graph.pagerank())
    with watch("anti-trust"):
        back = graph.copy()
        back.reverse_edges()
        labelled = _restart(n, _labelled(np.array(graph.indegree())))
        blame = np.array(back.personalized_pagerank(reset=labelled.tolist(), damping=WALK_ON))
    with watch("overlap, portfolio"):
        lists = _sets(graph, counts, members)
        pairs, cumulative = _pairs(lists[:SHORTLIST]), _greedy(lists)
    with watch("peel"):
        block = _peeled(graph.get_adjlist("out"), graph.get_adjlist("in"))
    with watch("cores"):
        cores = np.array(graph.coreness())
    with watch("writing"):
        _write(out, counts, z, personal, everybody, blame, cores)
    return _answer(personal, everybody, counts, pairs, cumulative, block, cores)


def networkx_chain(watch, folder, out):
    """The chain with networkx, and numpy or sets where it has no call."""
    n, follower, followee, members = read_edges(folder)
    settings = {"tol": TOLERANCE / n, "max_iter": 500}
    with watch("graph"):
        graph = nx.DiGraph()
        graph.add_nodes_from(range(n))
        graph.add_edges_from(zip(follower.tolist(), followee.tolist(), strict=True))
    with watch("affinity"):
        counts = np.zeros(n, dtype=np.int64)
        for member in members.tolist():
            counts[list(graph.successors(member))] += 1
        followers = np.array([degree for _, degree in graph.in_degree()])
        z = _log_odds_z(counts, members.size, followers, n)
    with watch("PageRank"):
        ranked = nx.pagerank(graph, personalization=dict.fromkeys(members.tolist(), 1.0), **settings)
        personal = np.array([ranked[node] for node in range(n)])
        ranked = nx.pagerank(graph, **settings)
        everybody = np.array([ranked[node] for node in range(n)])
    with watch("anti-trust"):
        labelled = dict.fromkeys(_labelled(followers).tolist(), 1.0)
        ranked = nx.pagerank(graph.reverse(copy=False), alpha=WALK_ON, personalization=labelled, **settings)
        blame = np.array([ranked[node] for node in range(n)])
    with watch("overlap, portfolio"):
        lists = _sets(graph, counts, members)
        pairs, cumulative = _pairs(lists[:SHORTLIST]), _greedy(lists)
    with watch("peel"):
        block = _peeled(
            [list(graph.succ[node]) for node in range(n)], [list(graph.pred[node]) for node in range(n)]
        )
    with watch("cores"):
        found = nx.core_number(graph)
        cores = np.array([found[node] for node in range(n)])
    with watch("writing"):
        _write(out, counts, z, personal, everybody, blame, cores)
    return _answer(personal, everybody, counts, pairs, cumulative, block, cores)


def _sets(graph, counts, members):
    """Which members follow each candidate, as sets."""
    audience = set(members.tolist())
    return [audience.intersection(graph.predecessors(node)) for node in _top(counts, CANDIDATES).tolist()]


def _restart(n, nodes):
    restart = np.zeros(n)
    restart[nodes] = 1.0
    return restart


def _labelled(followers):
    """Accounts of middling size, which stand for labelled ones."""
    middling = np.flatnonzero((followers >= 10) & (followers < 100))
    middling = middling if middling.size >= LABELS else np.flatnonzero(followers)
    return middling[:: max(middling.size // LABELS, 1)][:LABELS]


def _top(counts, k):
    return np.argsort(-counts, kind="stable")[:k]


def _log_odds_z(counts, n_members, followers, n):
    """z of the log-odds against everybody else, without the strata and priors of Vouch."""
    a, b = counts + 0.5, followers - counts + 0.5
    others = n - n_members
    a_not, b_not = n_members - counts + 0.5, others - (followers - counts) + 0.5
    return (np.log(a / a_not) - np.log(b / b_not)) / np.sqrt(1 / a + 1 / a_not + 1 / b + 1 / b_not)


def _pairs(lists):
    """Shared members of every pair."""
    return np.array([len(one & other) for place, one in enumerate(lists) for other in lists[place + 1 :]])


def _greedy(lists):
    """Lazy greedy over sets: what the picks reach together, pick by pick."""
    heap = [(-len(reached), candidate, 0) for candidate, reached in enumerate(lists)]
    heapq.heapify(heap)
    covered, cumulative = set(), []
    while heap and len(cumulative) < PICKS:
        _, candidate, stamp = heapq.heappop(heap)
        if stamp == len(cumulative):
            covered |= lists[candidate]
            cumulative.append(len(covered))
        else:
            gain = len(lists[candidate] - covered)
            heapq.heappush(heap, (-gain, candidate, len(cumulative)))
    return np.array(cumulative)


def _peeled(following, followers):
    """The densest block by taking out whoever holds least, with a heap: as `densest_block`, over lists."""
    n = len(following)
    weight = [round(UNIT / math.log(5.0 + len(row))) for row in followers]
    holds = [sum(weight[column] for column in row) for row in following]
    holds += [weight[column] * len(row) for column, row in enumerate(followers)]
    alive = [held > 0 for held in holds]
    total, size = sum(holds[:n]), sum(alive)
    best, best_gone, gone = total / max(size, 1), 0, []
    heap = [(held, member) for member, held in enumerate(holds) if held]
    heapq.heapify(heap)
    while heap:
        held, member = heapq.heappop(heap)
        if not alive[member] or held != holds[member]:
            continue
        alive[member] = False
        gone.append(member)
        total, size = total - held, size - 1
        if member < n:
            for column in following[member]:
                if alive[n + column]:
                    holds[n + column] -= weight[column]
                    heapq.heappush(heap, (holds[n + column], n + column))
        else:
            loss = weight[member - n]
            for row in followers[member - n]:
                if alive[row]:
                    holds[row] -= loss
                    heapq.heappush(heap, (holds[row], row))
        if size and total / size > best:
            best, best_gone = total / size, len(gone)
    block = np.array(gone[best_gone:])
    return _block(block[block < n], block[block >= n] - n, best / UNIT)


def _block(followers, followed, density):
    """What is compared of a block."""
    return [len(followers), len(followed), int(np.sum(followers)), int(np.sum(followed)), round(density, 9)]


def _write(out, counts, z, personal, everybody, blame, cores):
    """One row per account that a member follows."""
    Path(out).unlink(missing_ok=True)
    kept = np.flatnonzero(counts)
    columns = {
        "node": kept,
        "followers_in_audience": counts[kept],
        "log_odds_z": z[kept],
        "pagerank": personal[kept],
        "pagerank_of_everybody": everybody[kept],
        "blame": blame[kept],
        "core": cores[kept],
    }
    with duckdb.connect(str(out)) as connection:
        connection.register("columns", columns)
        connection.execute("CREATE TABLE accounts AS FROM columns")


def _answer(personal, everybody, counts, shared, cumulative, block, cores):
    """What is compared: the largest scores, and sums that differ if anything does."""
    top = _top(personal, 1000)
    return {
        "personal": [top.tolist(), personal[top].tolist()],
        "everybody": everybody[_top(everybody, 1000)].tolist(),
        "counts": _sum_of_all(counts),
        "cores": _sum_of_all(cores),
        "block": block,
        "shared": int(np.asarray(shared).sum()),
        "portfolio": [round(float(reach), 6) for reach in cumulative],
    }


def _sum_of_all(counts):
    """A sum that differs if any of the counts does, as good as certainly."""
    return int((counts.astype(np.int64) * (1 + np.arange(counts.size) % 97)).sum())


def measure(options):
    """All contenders on one graph."""
    folder = edge_arrays(options.scratch, options.edges, options.seed)
    given = {"folder": str(folder), "out": str(options.scratch / "chain.duckdb")}
    chosen = [Contender("Vouch", f"{HERE}:vouch", given), Contender("igraph", f"{HERE}:igraph_chain", given)]
    if options.edges <= MOST_FOR_NETWORKX:
        chosen.append(Contender("networkx", f"{HERE}:networkx_chain", given, rounds=1))
    found = compare(chosen, options.rounds, options.only)
    edges = int(np.load(folder / "follower.npy", mmap_mode="r").size)
    ours = found["Vouch"]
    bars = []
    for name, least in (("igraph", 6), ("networkx", 70)):
        if name in found:
            theirs = found[name]
            bars += [
                _ratio(f"CPU time, {name} ÷ Vouch", least, theirs.cpu_seconds, ours.cpu_seconds),
                _ratio(
                    f"the same without the peel, {name} ÷ Vouch",
                    least,
                    _without(theirs, "peel"),
                    _without(ours, "peel"),
                ),
            ]
            apart = differences(theirs.answer, ours.answer)
            bars.append(
                Bar(
                    f"counts, PageRanks, overlap, portfolio, block and cores as {name}",
                    "none apart",
                    ", ".join(apart) or "none",
                    not apart,
                )
            )
    stages = tuple(ours.sections)
    rows = [
        (name, *(f"{seen.sections[stage]['cpu_seconds']:.3f}" for stage in stages), f"{seen.cpu_seconds:.2f}")
        for name, seen in found.items()
    ]
    rest = ", ".join(
        f"{name} {_without(seen, *PEEL_AND_CORES) / _without(ours, *PEEL_AND_CORES):.1f} times"
        for name, seen in found.items()
        if seen is not ours
    )
    return Part(
        title="The chain",
        about=ABOUT,
        body=f"{table(('CPU seconds', *stages, 'all'), rows)}\n\n{edges:,} distinct follows. "
        f"Without peel and cores the others take {rest} as long as Vouch.",
        bars=bars,
        stages={stage: ours.sections[stage]["cpu_seconds"] for stage in stages},
    )


def _ratio(what, least, theirs, ours):
    return Bar(what, f"≥ {least}", f"{theirs / ours:.1f}", theirs / ours >= least)


def _without(seen, *stages):
    """CPU seconds of all other stages."""
    return seen.cpu_seconds - sum(seen.sections[stage]["cpu_seconds"] for stage in stages)


def differences(one, other):
    """Names of the answers that two contenders do not share."""
    apart = [name for name in ("counts", "shared", "portfolio", "block", "cores") if one[name] != other[name]]
    for name in ("personal", "everybody"):
        first, second = (
            np.array(each[name][1] if name == "personal" else each[name]) for each in (one, other)
        )
        if np.abs(first - second).sum() > TOLERANCE:
            apart.append(name)
    return apart
