"""The partners that reach most of an audience together: 10,000 candidates and every account as a member."""

from __future__ import annotations

import heapq
from pathlib import Path

import numpy as np
from scipy import sparse

from graph.network.compressed_orders import both_orders
from graph.partners.overlap import pair_overlap
from graph.partners.portfolio import PortfolioRules, select_portfolio
from tests.benchmarks.speed.edge_arrays import give_back
from tests.benchmarks.speed.graphs import account_bits, rmat
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.parts import Bar, Part, table
from tests.benchmarks.speed.watch import Watch

CANDIDATES, SHORTLIST, PICKS, BUDGET_SHARE = 10_000, 300, 50, 0.01
BY_COUNT, BY_BUDGET, GREEDY, OVERLAP = "by count", "by budget", "greedy alone", "overlap"
MOST_SECONDS = {BY_COUNT: 10, BY_BUDGET: 10, OVERLAP: 1}
OURS, THEIRS = "Vouch", "numpy and scipy"
HERE = "tests.benchmarks.speed.portfolio"

ABOUT = f"""
The audience is every account of the graph, each with a weight; the candidates are the {CANDIDATES:,} accounts
with the most followers, each with a trust and a price (followers ** 0.7 x log-normal noise). *{GREEDY}* is
lazy greedy for {PICKS} picks, the same for both. *{BY_COUNT}* is all of it for {PICKS} picks: greedy, swaps,
what each pick adds, the bound on what any {PICKS} could reach, a backup per pick. *{BY_BUDGET}* is the same
for {BUDGET_SHARE:.0%} of what all candidates cost together, from five greedy starts. *{OVERLAP}* is the
members that two candidates share, for every pair of the first {SHORTLIST}; with scipy one sparse product.
"""


def reach_arrays(scratch, edges, seed=0):
    """Folder with `offsets`, `members`, `weight`, `value` and `price`, .npy; made once."""
    folder = scratch / f"reach-{edges}-{seed}"
    if folder.exists():
        return folder
    aside = folder.with_name(folder.name + ".partial")
    aside.mkdir(parents=True, exist_ok=True)
    n = 1 << account_bits(edges)
    orders = both_orders(n, *rmat(edges, seed, 0, account_bits(edges)))
    followers = np.diff(orders.target_offsets)
    candidates = np.argsort(-followers, kind="stable")[:CANDIDATES]
    rows = (orders.target_offsets[candidates], orders.target_offsets[candidates + 1])
    members = [orders.sources[start:end] for start, end in zip(*rows, strict=True)]
    rng = np.random.default_rng(seed)
    arrays = {
        "offsets": np.concatenate(([0], np.cumsum(followers[candidates]))),
        "members": np.concatenate(members).astype(np.int32),
        "weight": rng.uniform(0.2, 1.0, n),
        "value": rng.uniform(0.3, 1.0, candidates.size),
        "price": followers[candidates] ** 0.7 * np.exp(rng.normal(0, 0.5, candidates.size)),
    }
    for name, array in arrays.items():
        np.save(aside / f"{name}.npy", array)
    aside.rename(folder)
    return folder


def vouch(watch, folder):
    """The kernels of Vouch, compiled before on a few lists."""
    rng = np.random.default_rng(0)
    small = (
        np.arange(0, 41, 5),
        rng.integers(0, 9, 40, dtype=np.int32),
        np.ones(9),
        np.full(8, 0.5),
        np.ones(8),
    )
    _vouch(Watch(), small)
    given = _read(folder)
    give_back()
    return _vouch(watch, given)


def _vouch(watch, given):
    offsets, members, weight, value, price = given
    lists, shortlist = (offsets, members, weight, value), min(SHORTLIST, value.size)
    with watch(GREEDY):
        alone = PortfolioRules(max_swaps=0, bound_steps=0)
        greedy = select_portfolio(*lists, count=PICKS, rules=alone)
    with watch(BY_COUNT):
        chosen = select_portfolio(*lists, count=PICKS)
    with watch(BY_BUDGET):
        bought = select_portfolio(*lists, budget=BUDGET_SHARE * price.sum(), price=price)
    with watch(OVERLAP):
        pairs = pair_overlap(offsets[: shortlist + 1], members[: offsets[shortlist]], weight.size)
    return {
        "greedy": float(greedy.gain.sum()),
        "shared": float(pairs.shared.sum()),
        "picks": [int(found.picks.size) for found in (chosen, bought)],
        "of best": [float(found.share_of_best) for found in (chosen, bought)],
        "entries": int(members.size),
        "members": int(weight.size),
    }


def numpy_and_scipy(watch, folder):
    """Lazy greedy over arrays, and a sparse product."""
    offsets, members, weight, value, _ = _read(folder)
    with watch(GREEDY):
        covered = np.zeros(weight.size)
        heap = [(-np.inf, candidate, -1) for candidate in range(value.size)]
        picks = []
        while len(picks) < PICKS:
            _, candidate, stamp = heapq.heappop(heap)
            reached = members[offsets[candidate] : offsets[candidate + 1]]
            if stamp == len(picks):
                covered[reached] = np.maximum(covered[reached], weight[reached] * value[candidate])
                picks.append(candidate)
                continue
            gain = np.maximum(weight[reached] * value[candidate] - covered[reached], 0.0).sum()
            heapq.heappush(heap, (-gain, candidate, len(picks)))
    with watch(OVERLAP):
        few = members[: offsets[SHORTLIST]]
        shape = (SHORTLIST, weight.size)
        rows = sparse.csr_array((np.ones(few.size), few, offsets[: SHORTLIST + 1]), shape=shape)
        both = (rows @ rows.T).toarray()
        shared = both[np.triu_indices(SHORTLIST, k=1)]
    return {"greedy": float(covered.sum()), "shared": float(shared.sum())}


def _read(folder):
    names = ("offsets", "members", "weight", "value", "price")
    return tuple(np.load(Path(folder) / f"{name}.npy") for name in names)


def measure(options):
    """Both contenders on one audience."""
    given = {"folder": str(reach_arrays(options.scratch, options.edges, options.seed))}
    calls = {OURS: f"{HERE}:vouch", THEIRS: f"{HERE}:numpy_and_scipy"}
    found = compare(
        [Contender(name, call, given) for name, call in calls.items()], options.rounds, options.only
    )
    ours = found[OURS]
    seconds = {section: seen["cpu_seconds"] for section, seen in ours.sections.items()}
    bars = [
        Bar(f"{section}, CPU seconds", f"≤ {most}", f"{seconds[section]:.1f}", seconds[section] <= most)
        for section, most in MOST_SECONDS.items()
    ]
    if THEIRS in found:
        theirs = found[THEIRS].answer
        same = all(np.isclose(theirs[name], ours.answer[name], rtol=1e-9) for name in theirs)
        bars.append(Bar("reach of greedy, members shared, as numpy and scipy", "same", str(same), same))
    rows = [
        (
            name,
            *(f"{seen.sections[one]['cpu_seconds']:.2f}" if one in seen.sections else "–" for one in seconds),
        )
        for name, seen in found.items()
    ]
    answer = ours.answer
    shares = " and ".join(f"{share:.2%}" for share in answer["of best"])
    picks = " and ".join(str(count) for count in answer["picks"])
    body = (
        f"{table(('CPU seconds', *seconds), rows)}\n\n{answer['members']:,} members, {answer['entries']:,} "
        f"entries in the lists. By count and by budget {picks} picks, shown to reach at least {shares} of "
        f"the best possible. Memory at the peak {ours.grown_bytes / answer['entries']:.0f} bytes per entry "
        "beyond the arrays given."
    )
    return Part(title="Portfolio", about=ABOUT, body=body, bars=bars, stages=seconds)
