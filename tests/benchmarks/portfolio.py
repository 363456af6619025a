"""Portfolio against what is possible: greedy, swaps, the bound Vouch reports, and the linear program.

    python tests/benchmarks/portfolio.py EDGES --candidates 1000 --count 50 --budget-share 0.05

EDGES is a list of follows (follower, followee): text with two columns, or Parquet. The audience is every
account that follows anybody; the candidates are the accounts with the most followers. Prices are invented, as
followers ** 0.7 x log-normal noise, and the budget is a share of their sum. The linear program (HiGHS) is the
yardstick: no set can beat it. It takes minutes on large lists; --no-lp leaves it out.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy import optimize, sparse

from graph.partners.portfolio import PortfolioRules, select_portfolio


def read_edges(path):
    """Follower and followee codes of a list of follows."""
    if path.suffix == ".parquet":
        pairs = pl.read_parquet(path).to_numpy()[:, :2].astype(np.int64)
    else:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = [line.replace(",", " ").split()[:2] for line in lines if line and not line.startswith("#")]
        pairs = np.asarray([row for row in rows if row[0].isdigit()], dtype=np.int64)
    _, codes = np.unique(pairs, return_inverse=True)
    return codes.reshape(pairs.shape).T


def top_candidates(follower, followee, n_candidates):
    """Offsets and members of the accounts with the most followers, and the audience's size."""
    kept = np.unique(np.column_stack((followee, follower)), axis=0)
    kept = kept[kept[:, 0] != kept[:, 1]]
    audience, members = np.unique(kept[:, 1], return_inverse=True)
    counts = np.bincount(kept[:, 0])
    chosen = np.argsort(-counts, kind="stable")[:n_candidates]
    row_of = np.full(counts.size, -1)
    row_of[chosen] = np.arange(chosen.size)
    rows = row_of[kept[:, 0]]
    order = np.argsort(rows[rows >= 0], kind="stable")
    sizes = np.bincount(rows[rows >= 0], minlength=chosen.size)
    return np.concatenate(([0], np.cumsum(sizes))), members[rows >= 0][order], audience.size


def linear_bound(offsets, members, n_members, *, count, budget, price):
    """Largest coverage of the relaxed problem: candidates and members may be taken in part."""
    k = offsets.size - 1
    owners = np.repeat(np.arange(k), np.diff(offsets))
    rows = sparse.coo_array((-np.ones(owners.size), (members, owners)), shape=(n_members, k))
    matrix, limits = [sparse.hstack([rows, sparse.identity(n_members)])], [np.zeros(n_members)]
    for cost, limit in ((np.ones(k), count), (price, budget)):
        if limit is not None:
            matrix.append(sparse.csr_array(np.concatenate((cost, np.zeros(n_members)))[None, :]))
            limits.append(np.array([limit]))
    found = optimize.linprog(
        np.concatenate((np.zeros(k), -np.ones(n_members))),
        A_ub=sparse.vstack(matrix, format="csr"),
        b_ub=np.concatenate(limits),
        bounds=(0, 1),
        method="highs-ipm",
    )
    return -found.fun


def compare(name, lists, n_members, limits, *, with_lp):
    """One line per way to choose, with its reach, its time and its share of the bounds."""
    offsets, members = lists
    weight, value = np.ones(n_members), np.ones(offsets.size - 1)
    lp = float("nan")
    if with_lp:
        started = time.perf_counter()
        lp = linear_bound(offsets, members, n_members, **limits)
        print(f"{name:<24} linear program {lp:10.1f}  {time.perf_counter() - started:6.1f} s")
    for label, swaps in (("greedy", 0), ("greedy + swaps", 200)):
        started = time.perf_counter()
        found = select_portfolio(
            offsets, members, weight, value, **limits, rules=PortfolioRules(max_swaps=swaps)
        )
        took = time.perf_counter() - started
        reach = found.gain.sum()
        print(
            f"{name:<24} {label:<14} {reach:10.1f}  {took:6.2f} s  {found.picks.size} picks, "
            f"{found.n_swaps} swaps; of LP {reach / lp:.4f}; of own bound {found.share_of_best:.4f}; "
            f"of Leskovec's bound {reach / found.online_bound:.4f}"
        )


def main():
    """Read the arguments and compare under a count, a budget, and both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("edges", type=Path)
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--budget-share", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-lp", action="store_true")
    given = parser.parse_args()
    offsets, members, n_members = top_candidates(*read_edges(given.edges), given.candidates)
    noise = np.random.default_rng(given.seed).normal(0, 0.5, offsets.size - 1)
    price = np.diff(offsets) ** 0.7 * np.exp(noise)
    budget = given.budget_share * price.sum()
    print(f"{offsets.size - 1} candidates, {n_members} members, {members.size} follows")
    for name, count, money in (
        (f"count {given.count}", given.count, None),
        (f"budget {given.budget_share:.0%}", None, budget),
        (f"count {given.count // 2}, budget", given.count // 2, budget),
    ):
        limits = {"count": count, "budget": money, "price": price}
        compare(name, (offsets, members), n_members, limits, with_lp=not given.no_lp)


if __name__ == "__main__":
    main()
