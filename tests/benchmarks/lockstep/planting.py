"""Bought blocks planted in real graphs, as FRAUDAR was tested (Hooi et al., KDD 2016).

Customers are drawn from accounts with 1 to 100 followers (the rule of HoloScope; Liu, Hooi, Faloutsos 2017);
buyers are new accounts, or hijacked ones. Camouflage is as many follows again as were bought, or a multiple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from graph.followers import FollowerGraph, build_follower_graph

if TYPE_CHECKING:
    from pathlib import Path

MOST_FOLLOWERS = 100
CAMOUFLAGES = ("none", "random", "biased", "hijacked")
LAWS = ("even", "uneven")


@dataclass(frozen=True)
class Base:
    """A real graph: n accounts, and its follows as two arrays of nodes."""

    n_accounts: int
    follower: np.ndarray
    followee: np.ndarray


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
    seed: int = 0,
) -> Planted:
    """Plant one block.

    Args:
        base: the real graph.
        n_buyers: accounts that follow.
        n_customers: accounts that are followed.
        density: share of all pairs.
        camouflage: one of `CAMOUFLAGES`; hijacked accounts keep their own follows as camouflage.
        law: `even`, or `uneven`: log-normal activity of buyers times Zipf-spread customers.
        times: follows for show per bought follow.
        seed: of everything drawn.
    """
    rng = np.random.default_rng(seed)
    followers = np.bincount(base.followee, minlength=base.n_accounts)
    customers = rng.choice(
        np.flatnonzero((followers >= 1) & (followers <= MOST_FOLLOWERS)), n_customers, False
    )
    if camouflage == "hijacked":
        buyers = rng.choice(np.setdiff1d(np.unique(base.follower), customers), n_buyers, replace=False)
    else:
        buyers = np.arange(base.n_accounts, base.n_accounts + n_buyers)
    chance = np.full((n_buyers, n_customers), density)
    if law == "uneven":
        activity = np.exp(rng.normal(0.0, 1.0, n_buyers))
        order = rng.permutation(1.0 / np.arange(1, n_customers + 1) ** 0.8)
        chance = np.outer(activity / activity.mean(), order / order.mean()) * density
        for _ in range(20):
            chance = np.minimum(chance, 1.0)
            chance = np.minimum(chance * density / chance.mean(), 1.0)
    bought = rng.random(chance.shape) < chance
    row, column = np.nonzero(bought)
    follower, followee = [base.follower, buyers[row]], [base.followee, customers[column]]
    if camouflage in ("random", "biased"):
        shown = np.round(bought.sum(axis=1) * times).astype(np.int64)
        weight = followers / followers.sum() if camouflage == "biased" else None
        follower.append(np.repeat(buyers, shown))
        followee.append(rng.choice(base.n_accounts, int(shown.sum()), p=weight))
    n_accounts = int(max(base.n_accounts, buyers.max() + 1))
    graph = build_follower_graph(n_accounts, np.concatenate(follower), np.concatenate(followee))[0]
    return Planted(graph, np.sort(buyers), np.sort(customers))


def f1(found: np.ndarray, truth: np.ndarray) -> float:
    """Harmonic mean of precision and recall of a set."""
    both = np.intersect1d(found, truth).size
    return 2.0 * both / max(found.size + truth.size, 1)
