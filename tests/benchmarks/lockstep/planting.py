"""Bought blocks planted in real graphs, as FRAUDAR was tested (Hooi et al., KDD 2016).

Customers are drawn from accounts with 1 to 100 followers (the rule of HoloScope; Liu, Hooi, Faloutsos
2017); buyers are new accounts, or hijacked ones. Camouflage is as many follows again as were bought, or a
multiple.
A block may lie in a real community: its customers and its hijacked accounts all come from one.
Follows may carry times: of the natural ones invented, of the bought ones as an order is delivered.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import igraph
import numpy as np
import polars as pl

from graph.network.followers import FollowerGraph, build_follower_graph

if TYPE_CHECKING:
    from pathlib import Path

MOST_FOLLOWERS = 100
CAMOUFLAGES = ("none", "random", "biased", "hijacked")
LAWS = ("even", "uneven")
PACES = ("days", "months", "drip")
"""How an order arrives: at each customer within two days; in six monthly parcels, each within a day; or each
follow on its own over half a year."""

DAY = 86_400
BEGIN, END = 1_577_836_800, 1_577_836_800 + 3 * 365 * DAY
VIRAL_SHARE, VIRAL_PART = 0.1, 0.3  # of the accounts: had a day that brought this part of their followers


@dataclass(frozen=True)
class Base:
    """A real graph: n accounts, and its follows as two arrays of nodes."""

    n_accounts: int
    follower: np.ndarray
    followee: np.ndarray

    @cached_property
    def communities(self) -> np.ndarray:
        """Community of every account (Leiden, modularity, direction ignored)."""
        state = random.getstate()
        random.seed(1)
        network = igraph.Graph(self.n_accounts, np.column_stack((self.follower, self.followee)).tolist())
        found = network.simplify().community_leiden(objective_function="modularity", n_iterations=4)
        random.setstate(state)
        return np.asarray(found.membership)


@dataclass(frozen=True)
class Planted:
    """A graph with a block in it, and who is in the block."""

    graph: FollowerGraph
    buyers: np.ndarray
    customers: np.ndarray


def read_base(name: str, data: Path) -> Base:
    """Read `wiki-vote`, `epinions`, or either with `-reversed` behind it."""
    if name.startswith("wiki-vote"):
        edges = np.loadtxt(data / "wiki-vote" / "votes.txt", dtype=np.int64, comments="#")
        follower, followee = edges[:, 0], edges[:, 1]
    elif name.startswith("epinions"):
        table = pl.read_parquet(data / "epinions" / "epinions_trustnetwork.parquet")
        follower, followee = table["truster"].to_numpy(), table["trustee"].to_numpy()
    else:
        raise ValueError(f"no graph {name!r}; there are wiki-vote and epinions, each also -reversed")
    if name.endswith("-reversed"):
        follower, followee = followee, follower
    names, node = np.unique(np.concatenate((follower, followee)), return_inverse=True)
    return Base(names.size, node[: follower.size], node[follower.size :])


def plant(
    base: Base,
    n_buyers: int,
    n_customers: int,
    density: float,
    camouflage: str = "biased",
    *,
    law: str = "even",
    times: float = 1.0,
    place: str = "anywhere",
    pace: str = "",
    seed: int = 0,
) -> Planted:
    """Plant one block.

    Args:
        base: the real graph.
        n_buyers: accounts that follow.
        n_customers: accounts that are followed.
        density: share of all pairs.
        camouflage: one of `CAMOUFLAGES`, or `local`, which is biased within the community; hijacked accounts
            keep their own follows as camouflage.
        law: `even`, or `uneven`: log-normal activity of buyers times Zipf-spread customers.
        times: follows for show per bought follow.
        place: `anywhere`, or `community`: in one of the larger real communities.
        pace: one of `PACES`, or nothing: no follow has a time.
        seed: of everything drawn.
    """
    rng = np.random.default_rng(seed)
    followers = np.bincount(base.followee, minlength=base.n_accounts)
    is_near = np.ones(base.n_accounts, dtype=bool)
    if place == "community":
        is_near = _community(base, followers, n_customers, n_buyers if camouflage == "hijacked" else 0, rng)
    customers = rng.choice(
        np.flatnonzero(is_near & (followers >= 1) & (followers <= MOST_FOLLOWERS)), n_customers, False
    )
    if camouflage == "hijacked":
        able = np.setdiff1d(np.unique(base.follower), customers)
        buyers = rng.choice(able[is_near[able]], n_buyers, replace=False)
    else:
        buyers = np.arange(base.n_accounts, base.n_accounts + n_buyers)
    bought = rng.random((n_buyers, n_customers)) < _chance(n_buyers, n_customers, density, law, rng)
    row, column = np.nonzero(bought)
    follower, followee = [base.follower, buyers[row]], [base.followee, customers[column]]
    if camouflage in ("random", "biased", "local"):
        shown = np.round(bought.sum(axis=1) * times).astype(np.int64)
        weight = None if camouflage == "random" else followers * (is_near | (camouflage == "biased"))
        weight = None if weight is None else weight / weight.sum()
        follower.append(np.repeat(buyers, shown))
        followee.append(rng.choice(base.n_accounts, int(shown.sum()), p=weight))
    n_accounts = int(max(base.n_accounts, buyers.max() + 1))
    since = None
    if pace:
        clock = np.random.default_rng((seed, 1))
        since = np.concatenate(
            (
                natural_times(base, clock),
                _order_times(column, n_customers, pace, clock),
                clock.integers(END - 365 * DAY, END, sum(map(len, followee[2:]))),
            )
        ).astype(np.uint32)
    graph = build_follower_graph(n_accounts, np.concatenate(follower), np.concatenate(followee), since)[0]
    return Planted(graph, np.sort(buyers), np.sort(customers))


def _chance(
    n_buyers: int, n_customers: int, density: float, law: str, rng: np.random.Generator
) -> np.ndarray:
    """Chance of each follow."""
    if law == "even":
        return np.full((n_buyers, n_customers), density)
    activity = np.exp(rng.normal(0.0, 1.0, n_buyers))
    order = rng.permutation(1.0 / np.arange(1, n_customers + 1) ** 0.8)
    chance = np.outer(activity / activity.mean(), order / order.mean()) * density
    for _ in range(20):
        chance = np.minimum(chance, 1.0)
        chance = np.minimum(chance * density / chance.mean(), 1.0)
    return chance


def _community(
    base: Base, followers: np.ndarray, n_customers: int, n_hijacked: int, rng: np.random.Generator
) -> np.ndarray:
    """Members of a community that has room for the block, drawn by its size."""
    label, able = base.communities, (followers >= 1) & (followers <= MOST_FOLLOWERS)
    room = np.bincount(label[able])
    acts = np.bincount(label[np.unique(base.follower)], minlength=room.size)
    fits = np.flatnonzero((room >= 2 * n_customers) & (acts >= n_customers + n_hijacked))
    return label == rng.choice(fits, p=room[fits] / room[fits].sum())


def natural_times(base: Base, rng: np.random.Generator) -> np.ndarray:
    """When the natural follows began: after both accounts were there, and for some with one viral day."""
    joined = rng.uniform(BEGIN, END, base.n_accounts) * 0.7 + 0.3 * BEGIN
    earliest = np.maximum(joined[base.follower], joined[base.followee])
    since = rng.uniform(earliest, END)
    viral = np.where(
        rng.random(base.n_accounts) < VIRAL_SHARE, rng.uniform(BEGIN, END, base.n_accounts), np.nan
    )
    day = viral[base.followee]
    moved = (rng.random(since.size) < VIRAL_PART) & (day > earliest)
    return np.where(moved, np.minimum(day + rng.exponential(DAY / 2, since.size), END), since)


def _order_times(column: np.ndarray, n_customers: int, pace: str, rng: np.random.Generator) -> np.ndarray:
    """When the bought follows arrive."""
    begin = END - 200 * DAY
    if pace == "drip":
        return rng.uniform(begin, begin + 180 * DAY, column.size)
    if pace == "days":
        return rng.uniform(begin, begin + 180 * DAY, n_customers)[column] + rng.uniform(
            0, 2 * DAY, column.size
        )
    parcel = rng.integers(0, 6, column.size)
    starts = begin + 30 * DAY * np.arange(6) + rng.uniform(0, 29 * DAY, (n_customers, 6))
    return starts[column, parcel] + rng.uniform(0, DAY, column.size)


def f1(found: np.ndarray, truth: np.ndarray) -> float:
    """Harmonic mean of precision and recall of a set."""
    both = np.intersect1d(found, truth).size
    return 2.0 * both / max(found.size + truth.size, 1)
