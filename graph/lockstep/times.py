"""When the follows of a block were made, and which follows of a network came in bursts.

Belongs here: times of follows. Which blocks there are is `graph.lockstep.search`'s business.

An order is delivered: an account that bought followers gets many of them within days, from the same hands as
other customers, each at a time of its own. A community grows as people find it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import take_rows
from graph.network.followers import UNKNOWN_TIME, FollowerGraph, build_follower_graph

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import BoolArray, IntegerArray

TOGETHER_SECONDS = 86_400
"""Two follows of one account came together that lie no further apart."""

FEWEST_TOGETHER = 3
LEAST_SURPRISE = 6.0
"""A follow came in a burst if so many others of the same account came with it, and they are this surprising
(log likelihood ratio) where the account's follows are spread evenly over all that the network knows."""

FEWEST_TIMED = 20
SURE = 4.0
LEAST_IN_BURSTS = 0.2
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class BlockTimes:
    """When the follows of a block were made.

    Attributes:
        timed: how many of them have a time.
        first, last: seconds since 1970; `UNKNOWN_TIME` where none has.
        in_bursts: share of them that came in a burst; NaN with fewer than `FEWEST_TIMED`.
        usual: the same of everything else that the block's buyers follow, or of all follows of the network
            where that is too little.
    """

    timed: int
    first: int
    last: int
    in_bursts: float
    usual: float

    @property
    def is_delivered(self) -> bool:
        """Whether the follows came in bursts, and what else the same accounts follow did not."""
        noise = np.sqrt(max(self.usual * (1.0 - self.usual), 1.0 / max(self.timed, 1)) / max(self.timed, 1))
        bar = max(LEAST_IN_BURSTS, self.usual + SURE * noise, 2.0 * self.usual)
        return bool(self.in_bursts > bar)


def block_times(
    graph: FollowerGraph, buyers: IntegerArray, customers: IntegerArray, came: BoolArray
) -> BlockTimes:
    """When the follows of a block were made, and whether they were delivered.

    The null is what the same accounts follow besides: for show, or for their own sake.

    Args:
        graph: follows, with times or without.
        buyers: nodes that follow.
        customers: nodes, sorted.
        came: which follows came in a burst (`in_bursts`).
    """
    nothing = BlockTimes(0, UNKNOWN_TIME, UNKNOWN_TIME, np.nan, np.nan)
    if graph.following_since is None or not customers.size:
        return nothing
    _, followed = take_rows(graph.following_offsets, graph.following, buyers)
    _, since = take_rows(graph.following_offsets, graph.following_since, buyers)
    _, is_burst = take_rows(graph.following_offsets, came.view(np.uint8), buyers)
    column = np.minimum(np.searchsorted(customers, followed), customers.size - 1)
    inside, is_timed = customers[column] == followed, since != UNKNOWN_TIME
    other, inside = is_timed & ~inside, is_timed & inside
    timed = int(inside.sum())
    if not timed:
        return nothing
    first, last = int(since[inside].min()), int(since[inside].max())
    if timed < FEWEST_TIMED:
        return BlockTimes(timed, first, last, np.nan, np.nan)
    usual = (is_burst[other] > 0).mean() if other.sum() >= FEWEST_TIMED else came.mean()
    return BlockTimes(timed, first, last, float(is_burst[inside].mean()), float(usual))


def in_bursts(graph: FollowerGraph) -> BoolArray:
    """Which follows came in a burst, bool[n_follows], aligned with `following`; none without times."""
    came = np.zeros(graph.n_follows, dtype=bool)
    if graph.following_since is None:
        return came
    timed = np.flatnonzero(graph.following_since != UNKNOWN_TIME)
    if timed.size < FEWEST_TIMED:
        return came
    since = np.asarray(graph.following_since)[timed].astype(np.uint64)
    followed = np.asarray(graph.following)[timed].astype(np.uint64)
    key = (followed << _HALF) | since
    order = np.argsort(key, kind="stable")
    key = key[order]
    # neighbours are counted within the account: a time before 1970 or after 2106 is another account's
    wide, moment, whose = np.uint64(TOGETHER_SECONDS // 2), key & _LOW_HALF, key & ~_LOW_HALF
    begin = np.searchsorted(key, whose | np.where(moment > wide, moment - wide, np.uint64(0)))
    end = np.searchsorted(key, whose | np.minimum(moment + wide, _LOW_HALF), side="right")
    near = (end - begin - 1).astype(np.float64)
    first, last = np.quantile(since.astype(np.float64), (0.01, 0.99))
    rate = TOGETHER_SECONDS / max(last - first, TOGETHER_SECONDS)
    counts = np.bincount(followed.astype(np.int64), minlength=graph.n_accounts)
    expected = np.maximum(counts[(whose >> _HALF).astype(np.int64)] - 1, 0) * rate
    ratio = np.log(np.maximum(near, 1.0) / np.maximum(expected, 1e-9))
    is_burst = (
        (near >= FEWEST_TOGETHER) & (near > expected) & (near * ratio - (near - expected) >= LEAST_SURPRISE)
    )
    came[timed[order[is_burst]]] = True
    return came


def burst_graph(graph: FollowerGraph) -> FollowerGraph | None:
    """The follows that came in bursts, as a graph of the same accounts; nothing where none did."""
    came = np.flatnonzero(in_bursts(graph))
    if not came.size:
        return None
    follower = np.searchsorted(graph.following_offsets, came, side="right") - 1
    return build_follower_graph(graph.n_accounts, follower, np.asarray(graph.following)[came])[0]
