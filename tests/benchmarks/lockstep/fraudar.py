"""FRAUDAR (Hooi et al., KDD 2016), written anew: the densest block by greedy peeling, columns weighted.

A follow of an account with d followers weighs 1/log(5 + d). The block is the set of followers and followed
accounts that has the largest weight of follows inside per member, among all sets met while the member that
holds least is taken out again and again (`peel`). Followers and followed are different nodes, even of one
account; of members that hold the same, the smaller node goes first, followers before followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.row_sums import read_only
from tests.benchmarks.lockstep.peel import Follows, peeled

if TYPE_CHECKING:
    from graph.network.followers import FollowerGraph


def densest_block(graph: FollowerGraph) -> tuple[np.ndarray, np.ndarray, float]:
    """Followers and followed accounts of the densest block found, and its weight per member."""
    order, gone, density = peeled(
        Follows(
            read_only(graph.following_offsets, np.int64),
            read_only(graph.following, np.uint32),
            read_only(graph.follower_offsets, np.int64),
            read_only(graph.followers, np.uint32),
        )
    )
    block = np.sort(order[gone:].astype(np.int64))
    n = graph.n_accounts
    return block[block < n], block[block >= n] - n, density
