"""The follower graph: who follows whom, as compressed sparse rows in both directions.

Building, opening and reading rows belong here. What follows mean (affinity, endorsement, lockstep) does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.mapped import in_memory
from graph.arrays.sparse_rows import row_lengths
from graph.network.compressed_orders import Edges, Orders, both_orders, orders_of_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from graph.arrays.mapped import Room
    from graph.arrays.sparse_rows import BoolArray, IntegerArray

UNKNOWN_TIME = 0
FOLLOWER_GRAPH_FILES = ("following_offsets", "following", "follower_offsets", "followers")
TIMES_FILE = "following_since"
MAX_ACCOUNTS = 2**32  # nodes are uint32
IDS_SHOWN = 20


class UnknownAccountsError(ValueError):
    """Edges that name nodes outside the account index.

    Attributes:
        nodes: every distinct unknown node, sorted.
        n_edges: how many edges name one.
    """

    def __init__(self, nodes: IntegerArray, n_edges: int, n_accounts: int) -> None:
        shown = ", ".join(str(node) for node in nodes[:IDS_SHOWN].tolist())
        more = f" and {nodes.size - IDS_SHOWN} more" if nodes.size > IDS_SHOWN else ""
        super().__init__(
            f"{n_edges} of the edges name {nodes.size} accounts that are not among the {n_accounts} known: "
            f"{shown}{more}. Add them to the account index before the graph is built."
        )
        self.nodes = nodes
        self.n_edges = n_edges


class FollowerGraphError(ValueError):
    """Stored follower graph files that are missing or do not fit together; the message lists every fault."""


@dataclass(frozen=True)
class FollowerGraph:
    """Follows in both directions.

    Attributes:
        n_accounts: number of accounts, n.
        following_offsets: int64[n + 1]; whom `a` follows lies in `following` from `following_offsets[a]`
            up to `following_offsets[a + 1]`.
        following: uint32[n_follows], sorted within each row.
        follower_offsets: int64[n + 1], likewise for the followers of an account.
        followers: uint32[n_follows], sorted within each row.
        following_since: uint32[n_follows], aligned with `following`: when the follow began, seconds since
            1970, `UNKNOWN_TIME` where that is not known; nothing where no time is known.
    """

    n_accounts: int
    following_offsets: NDArray[np.int64]
    following: NDArray[np.uint32]
    follower_offsets: NDArray[np.int64]
    followers: NDArray[np.uint32]
    following_since: NDArray[np.uint32] | None = None

    @property
    def n_follows(self) -> int:
        """Number of distinct follows, self-follows left out."""
        return int(self.following.size)

    @property
    def follower_counts(self) -> NDArray[np.int64]:
        """How many follow each account inside this network, int64[n]."""
        return row_lengths(self.follower_offsets)

    @property
    def following_counts(self) -> NDArray[np.int64]:
        """How many each account follows inside this network, int64[n]."""
        return row_lengths(self.following_offsets)

    def followers_of(self, node: int) -> NDArray[np.uint32]:
        """The accounts that follow `node`, sorted."""
        return self.followers[self.follower_offsets[node] : self.follower_offsets[node + 1]]

    def follower_positions(self, node: IntegerArray, follower: IntegerArray) -> NDArray[np.int64]:
        """Where the follows stand in `followers`, int64[k] ascending; those that are not there are left out.

        Args:
            node: int[k], who is followed.
            follower: int[k], by whom.
        """
        order = np.argsort(node, kind="stable")
        names = np.asarray(follower)[order]
        heads, starts = np.unique(np.asarray(node)[order], return_index=True)
        ends = np.append(starts, order.size)[1:]
        found = [np.zeros(0, dtype=np.int64)]
        for one, low, high in zip(heads.tolist(), starts.tolist(), ends.tolist(), strict=True):
            there = np.flatnonzero(np.isin(self.followers_of(one), names[low:high]))
            found.append(there + int(self.follower_offsets[one]))
        return np.concatenate(found)

    def following_of(self, node: int) -> NDArray[np.uint32]:
        """The accounts that `node` follows, sorted."""
        return self.following[self.following_offsets[node] : self.following_offsets[node + 1]]


@dataclass(frozen=True)
class EdgeBalance:
    """Where the rows of an edge table went: ``rows_in = kept + duplicates + self_follows``."""

    rows_in: int
    kept: int
    duplicates: int
    self_follows: int


def check_edges(n_accounts: int, source: IntegerArray, target: IntegerArray) -> None:
    """Refuse edges that cannot be part of a graph of `n_accounts` nodes.

    Raises:
        UnknownAccountsError: if an end is negative or ≥ `n_accounts`.
        ValueError: if the two arrays differ in length, are not integers, or `n_accounts` does not fit uint32.
    """
    if not 0 <= n_accounts <= MAX_ACCOUNTS:
        raise ValueError(f"{n_accounts} accounts do not fit the 32 bit node ids; at most {MAX_ACCOUNTS} do.")
    if source.ndim != 1 or source.shape != target.shape:
        raise ValueError(
            f"Both ends of the edges must be flat and of one length, not {source.shape} and {target.shape}."
        )
    for end in (source, target):
        if end.size and end.dtype.kind not in "iu":
            raise ValueError(f"Node ids must be integers, not {end.dtype}.")
    if not source.size or (_within(source, n_accounts) and _within(target, n_accounts)):
        return
    unknown_source, unknown_target = _outside(source, n_accounts), _outside(target, n_accounts)
    nodes = np.unique(np.concatenate((source[unknown_source], target[unknown_target])))
    raise UnknownAccountsError(nodes, int(np.count_nonzero(unknown_source | unknown_target)), n_accounts)


def _within(nodes: IntegerArray, n_accounts: int) -> bool:
    return int(nodes.min()) >= 0 and int(nodes.max()) < n_accounts


def _outside(nodes: IntegerArray, n_accounts: int) -> BoolArray:
    return (nodes < 0) | (nodes >= n_accounts)


def build_follower_graph(
    n_accounts: int,
    follower: IntegerArray,
    followee: IntegerArray,
    since: IntegerArray | None = None,
) -> tuple[FollowerGraph, EdgeBalance]:
    """Turn an unsorted edge table with repetitions into a `FollowerGraph`.

    Counted into rows three times, never compared (see `graph.network.compressed_orders`); beside the input
    about 14 bytes per row are alive at the peak, 26 where times are given.

    Args:
        n_accounts: number of accounts, n; nodes are 0 … n - 1.
        follower: who follows, integers, any order.
        followee: who is followed, same length.
        since: when, uint32 seconds since 1970, same length, `UNKNOWN_TIME` where not known. Of a follow that
            is named twice the first known time counts.

    Returns:
        The graph without duplicates and self-follows, and where every row went.

    Raises:
        UnknownAccountsError: if an edge names a node outside 0 … n - 1; all of them are listed.
        ValueError: if the arrays differ in length or are not integers.
    """
    follower, followee = np.asarray(follower), np.asarray(followee)
    check_edges(n_accounts, follower, followee)
    times = None if since is None or not np.any(since) else np.asarray(since, dtype=np.uint32)
    orders = both_orders(
        n_accounts,
        follower.astype(np.uint32, copy=False),
        followee.astype(np.uint32, copy=False),
        times,
    )
    return _graph_of(n_accounts, orders, int(follower.size))


def follower_graph_of_pieces(
    n_accounts: int,
    follows: Callable[[], Iterable[Edges]],
    *,
    with_times: bool = False,
    room: Room = in_memory,
    memory_bytes: int | None = None,
) -> tuple[FollowerGraph, EdgeBalance]:
    """The same of follows that come in pieces and need not fit into memory.

    Args:
        n_accounts: number of accounts, n; the ends of all follows are below it, which is not checked here.
        follows: goes through all follows from the first on, in pieces of follower, followee and time.
        with_times: whether there are times.
        room: gives the arrays that hold the entries, in memory by default; see `orders_of_pieces`.
        memory_bytes: memory that follows on their way may fill where `room` gives memory-mapped files.
    """
    orders = orders_of_pieces(
        n_accounts, follows, with_times=with_times, room=room, memory_bytes=memory_bytes
    )
    return _graph_of(n_accounts, orders, orders.targets.size + orders.repeated + orders.to_itself)


def _graph_of(n_accounts: int, orders: Orders, rows_in: int) -> tuple[FollowerGraph, EdgeBalance]:
    # of self-follows alone times may have been known
    times = orders.times if orders.times is not None and orders.times.any() else None
    graph = FollowerGraph(
        n_accounts,
        orders.source_offsets,
        orders.targets,
        orders.target_offsets,
        orders.sources,
        times,
    )
    return graph, EdgeBalance(rows_in, graph.n_follows, orders.repeated, orders.to_itself)


def open_follower_graph(folder: Path) -> FollowerGraph:
    """Open a stored graph without reading it: the four arrays of `FOLLOWER_GRAPH_FILES`, memory-mapped.

    Times are opened where there are any; a file of them that is absent or empty says that there are none.

    Args:
        folder: where the four ``.npy`` files are.

    Raises:
        FollowerGraphError: if a file is missing or unreadable, or the four do not describe one graph.
    """
    arrays, faults = {}, []
    for name in FOLLOWER_GRAPH_FILES:
        try:
            arrays[name] = np.load(folder / f"{name}.npy", mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            faults.append(f"{name}.npy: {error}")
    if not faults:
        faults = [
            *_row_faults("following_offsets", arrays["following_offsets"], arrays["following"]),
            *_row_faults("follower_offsets", arrays["follower_offsets"], arrays["followers"]),
        ]
        if arrays["following_offsets"].shape != arrays["follower_offsets"].shape:
            faults.append("following_offsets.npy and follower_offsets.npy disagree on the number of accounts")
        if arrays["following"].shape != arrays["followers"].shape:
            faults.append("following.npy and followers.npy disagree on the number of follows")
    since = None
    if not faults:
        since, faults = _stored_times(folder / f"{TIMES_FILE}.npy", arrays["following"])
    if faults:
        raise FollowerGraphError(
            f"The follower graph in {folder} cannot be used: {'; '.join(faults)}. "
            "Delete the folder and make the graph again."
        )
    return FollowerGraph(
        n_accounts=int(arrays["following_offsets"].size) - 1, **arrays, following_since=since
    )


def _stored_times(file: Path, following: NDArray) -> tuple[NDArray | None, list[str]]:
    """The times of the follows, if any are kept, and everything that keeps them from being such."""
    if not file.exists():
        return None, []
    try:
        since = np.load(file, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        return None, [f"{file.name}: {error}"]
    if since.size == 0:
        return None, []
    if since.shape != following.shape or since.dtype != np.uint32:
        return None, [f"{file.name} does not give one 32 bit time for each of the {following.size} follows"]
    return since, []


def _row_faults(name: str, offsets: NDArray, targets: NDArray) -> list[str]:
    """Everything that keeps `offsets` from describing rows of `targets`; reads only the offsets."""
    if offsets.ndim != 1 or offsets.dtype != np.int64 or offsets.size == 0:
        return [f"{name}.npy is not a flat array of 64 bit offsets"]
    faults = []
    if targets.ndim != 1 or targets.dtype != np.uint32:
        faults.append(f"the rows of {name}.npy are not a flat array of 32 bit nodes")
    if offsets[0] != 0 or offsets[-1] != targets.size:
        faults.append(f"{name}.npy runs from {offsets[0]} to {offsets[-1]} over {targets.size} entries")
    if np.any(np.diff(offsets) < 0):
        faults.append(f"{name}.npy goes backwards")
    return faults
