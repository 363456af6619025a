"""Where growth can be read: follow times, snapshots of counts, follow order; the best that an account has.

Belongs here: choosing the source of each account and bringing the bursts of all of them together. What a
burst means is `assets.shill.growth`'s.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from assets.columns import floats
from assets.delivered import NodeFollows, delivered_follows
from assets.ports import Engine
from graph.arrays.row_sums import read_only
from graph.arrays.scatter import count_entries
from graph.growth.bursts import (
    DAY,
    FEWEST_FOLLOWERS,
    Arrivals,
    Bursts,
    bursts_of_times,
    is_network_growth,
    joined_bursts,
    network_growth,
    no_bursts,
)
from graph.growth.counts import bursts_of_counts
from graph.growth.follow_order import NO_ORDER, bursts_of_order, order_of_delivery

FOLLOW_TIMES, SNAPSHOTS, FOLLOW_ORDER = "follow_times", "snapshots", "follow_order"
SOURCES = (FOLLOW_TIMES, SNAPSHOTS, FOLLOW_ORDER)
"""In the order in which they are preferred: what says who came says more than how many did."""

FEWEST_TIMED = 0.5
"""Share of an account's followers whose time must be known before their days say what is usual."""


@dataclass(frozen=True)
class Growth:
    """The bursts of all sources.

    Attributes:
        bursts: Ordered by source.
        source: int64[bursts], position in `SOURCES`.
        burst, follower: int64[k], who came in which burst, where that is known.
        stands: bool[k], whether the follow still stands.
        account_source: int64[accounts], the source that tells of each account, -1 for none.
        account_followers: float64[accounts], followers that this source knows.
        is_network_growth: bool[bursts], the whole network grew as much.
        follows: The follows as delivered, to compare with: follower, followee.
    """

    bursts: Bursts
    source: np.ndarray
    burst: np.ndarray
    follower: np.ndarray
    stands: np.ndarray
    account_source: np.ndarray
    account_followers: np.ndarray
    is_network_growth: np.ndarray
    follows: pl.DataFrame


def read_growth(inputs: Path, accounts: Path, engine: Engine, n_accounts: int) -> Growth:
    """Every account's bursts, from the source that says most about it.

    Args:
        inputs: Folder of the input tables.
        accounts: The account index.
        engine: Runs the statements.
        n_accounts: Number of accounts.
    """
    found = delivered_follows(inputs, accounts, engine)
    created = floats(pl.read_parquet(accounts, columns=["created_at"])["created_at"].dt.epoch("s")) / DAY
    counts = engine.frame(
        "shill/counts_over_time", {"snapshots": inputs / "snapshots.parquet", "accounts": accounts}
    )
    if found.numbered.followed_at is None and not np.isfinite(created).any() and counts.is_empty():
        return _nothing_told(found, n_accounts)
    delivered = found.whole()
    others = np.flatnonzero(delivered.follower != delivered.followee)
    follower, followee = delivered.follower[others], delivered.followee[others]
    since, left = delivered.times_of(others)
    is_timed = np.isfinite(since)
    timed = np.bincount(followee[is_timed], minlength=n_accounts)
    listed = np.bincount(followee, minlength=n_accounts)
    by_times = (timed >= FEWEST_FOLLOWERS) & (timed >= FEWEST_TIMED * listed)
    rows = np.flatnonzero(is_timed & by_times[followee])
    until = float(np.nanmax(np.concatenate([since[is_timed], left[is_timed], [0.0]]))) + 1.0
    first, arrivals = bursts_of_times(followee[rows], since[rows], left[rows], until)
    arrivals = Arrivals(arrivals.burst, rows[arrivals.row])
    network = is_network_growth(first, *network_growth(followee[is_timed], since[is_timed]))

    second, can_tell = bursts_of_counts(
        counts["node"].to_numpy(), floats(counts["observed_at"]), floats(counts["followers"])
    )
    last = counts.group_by("node", maintain_order=True).last()
    counted = last["node"].to_numpy()
    by_counts = np.zeros(n_accounts, dtype=bool)
    by_counts[counted[can_tell]] = True
    by_counts &= ~by_times
    second = second.rows(by_counts[second.account])

    third, placed, by_order = _by_order(follower, followee, created, ~(by_times | by_counts))
    claimed = np.zeros(n_accounts)
    claimed[counted] = floats(last["followers"])
    source = np.select([by_times, by_counts, by_order], [0, 1, 2], default=-1)
    row = np.concatenate([arrivals.row, placed.row])
    return Growth(
        bursts=joined_bursts([first, second, third]),
        source=np.repeat([0, 1, 2], [len(first), len(second), len(third)]),
        burst=np.concatenate([arrivals.burst, placed.burst + len(first) + len(second)]),
        follower=follower[row].astype(np.int64),
        stands=np.isnan(left[row]),
        account_source=source,
        account_followers=np.choose(source + 1, [listed, timed, claimed, listed]).astype(np.float64),
        is_network_growth=np.append(network, np.zeros(len(second) + len(third), dtype=bool)),
        follows=pl.DataFrame({"follower": follower, "followee": followee}),
    )


def _nothing_told(found: NodeFollows, n_accounts: int) -> Growth:
    """Where no time, no count and no date was delivered: who is followed by how many, and no more."""
    listed = np.zeros(n_accounts, dtype=np.int64)
    for piece in found.pieces():
        count_entries(listed, read_only(piece.followee[piece.follower != piece.followee], np.uint32))
    nobody = np.zeros(0, dtype=np.int64)
    return Growth(
        bursts=no_bursts(),
        source=nobody,
        burst=nobody,
        follower=nobody,
        stands=np.zeros(0, dtype=bool),
        account_source=np.full(n_accounts, -1),
        account_followers=listed.astype(np.float64),
        is_network_growth=np.zeros(0, dtype=bool),
        follows=pl.DataFrame(schema={"follower": pl.UInt32, "followee": pl.UInt32}),
    )


def _by_order(
    follower: np.ndarray, followee: np.ndarray, created: np.ndarray, is_left: np.ndarray
) -> tuple[Bursts, Arrivals, np.ndarray]:
    """Bursts of accounts that no other source tells of, if follows were delivered in order; and of whom."""
    opened = created[follower]
    direction = order_of_delivery(followee, opened)
    known = np.bincount(followee[np.isfinite(opened)], minlength=len(created))
    by_order = is_left & (known >= FEWEST_FOLLOWERS) & (direction != NO_ORDER)
    rows = np.flatnonzero(by_order[followee])
    found, arrivals = bursts_of_order(followee[rows], opened[rows], created, direction)
    return found, Arrivals(arrivals.burst, rows[arrivals.row]), by_order
