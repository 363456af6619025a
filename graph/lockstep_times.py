"""When the follows of a block were made.

Belongs here: the times of a block's follows. Which blocks there are is `graph.lockstep`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.followers import UNKNOWN_TIME
from graph.sparse_rows import take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.followers import FollowerGraph
    from graph.sparse_rows import IntegerArray


def block_times(
    graph: FollowerGraph, buyers: IntegerArray, customers: IntegerArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Follows of the buyers whose time is known: buyer, account followed, seconds since 1970.

    Args:
        graph: follows, with times or without.
        buyers: nodes that follow.
        customers: nodes, sorted; only follows of these.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if graph.following_since is None or not customers.size:
        return nothing, nothing, nothing
    position, followed = take_rows(graph.following_offsets, graph.following, buyers)
    _, since = take_rows(graph.following_offsets, graph.following_since, buyers)
    column = np.minimum(np.searchsorted(customers, followed), customers.size - 1)
    keep = (customers[column] == followed) & (since != UNKNOWN_TIME)
    return (
        np.asarray(buyers)[position[keep]].astype(np.int64),
        followed[keep].astype(np.int64),
        since[keep].astype(np.int64),
    )
