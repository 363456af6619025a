"""The follows that touch some accounts: what of a large graph is worth handing on to its readers.

Belongs here: which follows those are, and which of them stay where there are too many. Who the accounts are
and where the follows go belongs to the callers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.mapped import let_go
from graph.arrays.spans import spans
from graph.arrays.sparse_rows import ENTRIES_AT_ONCE, take_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from graph.network.followers import FollowerGraph

_DRAWN_FROM = 2.0**32


class Role(IntEnum):
    """What an account is to the reader; a member who is a candidate too counts as a candidate."""

    OTHER = 0
    MEMBER = 1
    CANDIDATE = 2


class Kind(IntEnum):
    """Whom a follow joins; those that are worth most to a reader come first."""

    OF_CANDIDATES = 0
    """A candidate and a member, or two candidates."""
    BETWEEN_MEMBERS = 1
    OF_OTHERS = 2
    """A member or candidate and somebody who is neither."""


_NEITHER = len(Kind)
_KIND = np.array(
    [  # by the roles of the two ends
        [_NEITHER, Kind.OF_OTHERS, Kind.OF_OTHERS],
        [Kind.OF_OTHERS, Kind.BETWEEN_MEMBERS, Kind.OF_CANDIDATES],
        [Kind.OF_OTHERS, Kind.OF_CANDIDATES, Kind.OF_CANDIDATES],
    ],
    dtype=np.uint8,
)


@dataclass(frozen=True)
class TouchedFollows:
    """Follows with a member or candidate at one end or both, each once, sorted by follower and followee.

    Attributes:
        follower: uint32[k].
        followee: uint32[k].
        shown: int64[kinds], how many of each `Kind` are here; they add up to k.
        there: int64[kinds], how many of each there are in the whole graph.
    """

    follower: NDArray[np.uint32]
    followee: NDArray[np.uint32]
    shown: NDArray[np.int64]
    there: NDArray[np.int64]


def touched_follows(graph: FollowerGraph, role: NDArray[np.uint8], most: int) -> TouchedFollows:
    """Every follow that touches a member or a candidate, or as many as are wanted.

    Where there are more, the kinds are taken in their order, and of the first that does not fit the follows
    of drawn accounts stay, the same ones on every call: of drawn members all that join them to candidates;
    among drawn members all; of drawn others all. So what two candidates share is seen in the same proportion
    as what each of them has. With room for m of n follows of a kind, an account is drawn with chance m / n,
    or √(m / n) where a follow needs both of its ends.

    Costs by the rows of members and candidates, in pieces that are given back.

    Args:
        graph: n accounts.
        role: uint8[n], the `Role` of each.
        most: follows that are wanted at most, about; those between two candidates stay in any case.
    """
    nodes = np.flatnonzero(role)
    there = np.zeros(len(Kind), dtype=np.int64)
    for follower, followee in _following(graph, nodes):
        there += _count(_KIND[role[follower], role[followee]])
    # what joins two of the nodes lies in a row of each of them, what joins one to another account in one row
    in_rows = int(graph.following_counts[nodes].sum() + graph.follower_counts[nodes].sum())
    there[Kind.OF_OTHERS] = in_rows - 2 * int(there[: Kind.OF_OTHERS].sum())
    chance = _chances(there, most)
    lots = _lots(graph.n_accounts)
    lots[role == Role.CANDIDATE] = -1.0
    shown = np.zeros_like(there)
    pairs = [np.zeros(0, dtype=np.uint64)]

    def keep(follower: NDArray, followee: NDArray) -> None:
        kind = _KIND[role[follower], role[followee]]
        other = np.where(role[follower] == Role.OTHER, lots[follower], lots[followee])
        lot = np.where(kind == Kind.OF_OTHERS, other, np.maximum(lots[follower], lots[followee]))
        stays = lot < chance[kind] * _DRAWN_FROM
        pairs.append((follower[stays].astype(np.uint64) << np.uint64(32)) | followee[stays].astype(np.uint64))
        shown[:] += _count(kind[stays])

    for follower, followee in _following(graph, nodes):
        keep(follower, followee)
    if chance[Kind.OF_OTHERS] > 0:
        for followee, follower in _followers(graph, nodes):
            is_new = role[follower] == Role.OTHER
            keep(follower[is_new], followee[is_new])
    both = np.concatenate(pairs)
    both.sort()
    return TouchedFollows((both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32), shown, there)


def _chances(there: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """Chance of an account to be drawn for the follows of each kind, float64[kinds]."""
    room = np.clip(most - (np.cumsum(there) - there), 0, there)
    chance = np.divide(room, there, out=np.ones(there.size), where=there > 0)
    chance[Kind.BETWEEN_MEMBERS] **= 0.5
    return chance


def _count(kind: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many there are of each kind."""
    return np.bincount(kind, minlength=len(Kind))[: len(Kind)]


def _following(graph: FollowerGraph, nodes: NDArray[np.int64]) -> Iterator[tuple[NDArray, NDArray]]:
    """Follower and followee of the follows of some accounts, in pieces."""
    for low, high in spans(graph.following_counts[nodes], ENTRIES_AT_ONCE):
        position, followee = take_rows(graph.following_offsets, graph.following, nodes[low:high])
        yield nodes[low:high][position], followee
        let_go(graph.following)


def _followers(graph: FollowerGraph, nodes: NDArray[np.int64]) -> Iterator[tuple[NDArray, NDArray]]:
    """Followee and follower of those who follow some accounts, in pieces."""
    for low, high in spans(graph.follower_counts[nodes], ENTRIES_AT_ONCE):
        position, follower = take_rows(graph.follower_offsets, graph.followers, nodes[low:high])
        yield nodes[low:high][position], follower
        let_go(graph.followers)


def _lots(n: int) -> NDArray[np.float64]:
    """A number below 2^32 for each account, always the same (the finaliser of splitmix64)."""
    x = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(32)).astype(np.float64)
