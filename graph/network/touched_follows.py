"""The follows that touch some accounts: what of a large graph is worth handing on to its readers.

Belongs here: which follows those are, and which of them stay where there are too many. Who the accounts are
and where the follows go belongs to the callers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import ENTRIES_AT_ONCE, take_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, IntegerArray
    from graph.network.followers import FollowerGraph

_DRAWN_FROM = 2.0**32


@dataclass(frozen=True)
class TouchedFollows:
    """Follows with a central account at one end or both, each once, sorted by follower and followee.

    Attributes:
        follower: uint32[k].
        followee: uint32[k].
        there: how many there are in the whole graph; k where all are here.
        outsider_share: chance of an account that is not central to be here with all its follows.
    """

    follower: NDArray[np.uint32]
    followee: NDArray[np.uint32]
    there: int
    outsider_share: float


def touched_follows(graph: FollowerGraph, central: BoolArray, most: int) -> TouchedFollows:
    """Every follow that touches a central account, or as many as are wanted.

    Where there are more, all follows between central accounts stay. Of the other accounts some are drawn, the
    same ones on every call, and each stays with all of its follows of and by central accounts: so what two
    central accounts share is seen in the same proportion as what each of them has. Costs by the rows of the
    central accounts, in pieces.

    Args:
        graph: n accounts.
        central: bool[n].
        most: follows that are wanted at most, about; those between central accounts stay in any case.
    """
    nodes = np.flatnonzero(central)
    inner = sum(int(np.count_nonzero(central[followee])) for _, followee in _following(graph, nodes))
    counts = graph.following_counts[nodes].sum() + graph.follower_counts[nodes].sum()
    there = int(counts) - inner
    share = 1.0 if there <= most else max(most - inner, 0) / max(there - inner, 1)
    kept = central | (_lots(graph.n_accounts) < share * _DRAWN_FROM)
    pairs = [np.zeros(0, dtype=np.uint64)]
    for follower, followee in _following(graph, nodes):
        stays = kept[followee]
        pairs.append(_pairs(follower[stays], followee[stays]))
    for followee, follower in _followers(graph, nodes):
        stays = kept[follower] & ~central[follower]
        pairs.append(_pairs(follower[stays], followee[stays]))
    both = np.concatenate(pairs)
    both.sort()
    return TouchedFollows(
        (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32), there, float(share)
    )


def _following(graph: FollowerGraph, nodes: IntegerArray) -> Iterator[tuple[NDArray, NDArray]]:
    """Follower and followee of the follows of some accounts, in pieces."""
    for low, high in spans(graph.following_counts[nodes], ENTRIES_AT_ONCE):
        position, followee = take_rows(graph.following_offsets, graph.following, nodes[low:high])
        yield nodes[low:high][position], followee


def _followers(graph: FollowerGraph, nodes: IntegerArray) -> Iterator[tuple[NDArray, NDArray]]:
    """Followee and follower of those who follow some accounts, in pieces."""
    for low, high in spans(graph.follower_counts[nodes], ENTRIES_AT_ONCE):
        position, follower = take_rows(graph.follower_offsets, graph.followers, nodes[low:high])
        yield nodes[low:high][position], follower


def _pairs(follower: NDArray, followee: NDArray) -> NDArray[np.uint64]:
    return (follower.astype(np.uint64) << np.uint64(32)) | followee.astype(np.uint64)


def _lots(n: int) -> NDArray[np.float64]:
    """A number below 2^32 for each account, always the same (the finaliser of splitmix64)."""
    x = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(32)).astype(np.float64)
