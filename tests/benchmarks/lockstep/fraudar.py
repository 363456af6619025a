"""FRAUDAR (Hooi et al., KDD 2016), written anew: the densest block by greedy peeling, columns weighted.

A follow of an account with d followers weighs 1/log(5 + d). The block is the set of followers and followed
accounts that has the largest weight of follows inside per member, among all sets met while the member that
holds least is taken out again and again. Followers and followed are different nodes, even of one account.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from graph.network.followers import FollowerGraph


def densest_block(graph: FollowerGraph) -> tuple[np.ndarray, np.ndarray, float]:
    """Followers and followed accounts of the densest block found, and its weight per member.

    O(E log E). Of members that hold the same, the smaller node goes first, followers before followed.
    """
    n = graph.n_accounts
    column_weight = 1.0 / np.log(5.0 + graph.follower_counts)
    source = np.repeat(np.arange(n), graph.following_counts)
    weight = column_weight[graph.following]
    held = np.concatenate(
        (np.bincount(source, weights=weight, minlength=n), column_weight * graph.follower_counts)
    )
    total = float(weight.sum())
    is_in = held > 0
    size = int(is_in.sum())
    if not size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0.0
    best, best_removed = total / size, 0
    removed: list[int] = []
    holds, alive, column = held.tolist(), is_in.tolist(), column_weight.tolist()
    # followed accounts are numbered on from n
    columns = graph.following.astype(np.int64) + n
    following = [row.tolist() for row in np.split(columns, graph.following_offsets[1:-1])]
    followers = [row.tolist() for row in np.split(graph.followers, graph.follower_offsets[1:-1])]
    heap = [(holds[node], node) for node in np.flatnonzero(is_in).tolist()]
    heapq.heapify(heap)
    push, pop = heapq.heappush, heapq.heappop
    while heap:
        value, node = pop(heap)
        if not alive[node] or value != holds[node]:
            continue
        alive[node] = False
        removed.append(node)
        total -= value
        size -= 1
        if node < n:
            for other in following[node]:
                if alive[other]:
                    left = holds[other] = holds[other] - column[other - n]
                    push(heap, (left, other))
        else:
            loss = column[node - n]
            for other in followers[node - n]:
                if alive[other]:
                    left = holds[other] = holds[other] - loss
                    push(heap, (left, other))
        if size and total / size > best:
            best, best_removed = total / size, len(removed)
    is_in[removed[:best_removed]] = False
    block = np.flatnonzero(is_in)
    return block[block < n], block[block >= n] - n, best
