"""The follows as they were delivered, in their order, the ends as numbers: opened, not read.

The ingest writes them: ids repeated as text would cost ten times the disk and every reader a join. Which id a
number stands for is the row of that number in the table of follow ids; node numbers, which follow the order
of all account ids of the network, come later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import pieces
from graph.arrays.row_sums import read_only

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

FOLDER = "follows"
NO_TIME = np.iinfo(np.int64).min
"""In place of a time that is not known."""

_ARRAYS = ("follower", "followee", "followed_at", "unfollowed_at")
_MICROSECONDS = 1_000_000
_LATEST_SECOND = 2**32 - 2


class DeliveredFollowsError(ValueError):
    """Stored follows that are missing or do not fit together."""


@dataclass(frozen=True)
class DeliveredFollows:
    """One row per follow.

    Attributes:
        follower: uint32[m], number of who follows.
        followee: uint32[m], number of who is followed.
        followed_at: int64[m], microseconds since 1970, `NO_TIME` where not known; None where none is.
        unfollowed_at: int64[m], likewise when it ended.
    """

    follower: NDArray[np.uint32]
    followee: NDArray[np.uint32]
    followed_at: NDArray[np.int64] | None = None
    unfollowed_at: NDArray[np.int64] | None = None

    def pieces(self) -> Iterator[DeliveredFollows]:
        """The same in pieces, of which no more than one is in memory."""
        names = [name for name in _ARRAYS if getattr(self, name) is not None]
        for arrays in pieces(*(getattr(self, name) for name in names)):
            yield DeliveredFollows(**dict(zip(names, arrays, strict=True)))

    def named(self, node: NDArray[np.uint32]) -> DeliveredFollows:
        """The same with nodes as ends, in memory.

        Args:
            node: uint32[numbers], the node of each number.
        """
        ends = (_nodes_of(read_only(end, np.uint32), node) for end in (self.follower, self.followee))
        return DeliveredFollows(*ends, self.followed_at, self.unfollowed_at)

    def standing(self) -> DeliveredFollows:
        """Those that have not ended."""
        if self.unfollowed_at is None:
            return self
        stands = self.unfollowed_at == NO_TIME
        since = None if self.followed_at is None else self.followed_at[stands]
        return DeliveredFollows(self.follower[stands], self.followee[stands], since)

    def times_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """float64[k] each: when these began and ended, seconds since 1970, NaN where not known."""
        began, ended = (
            np.full(rows.size, np.nan)
            if times is None
            else np.where(times[rows] == NO_TIME, np.nan, times[rows] / _MICROSECONDS)
            for times in (self.followed_at, self.unfollowed_at)
        )
        return began, ended

    def seconds(self) -> NDArray[np.uint32] | None:
        """uint32[m]: when each began, seconds since 1970; 0 where not known or beyond 32 bits."""
        if self.followed_at is None:
            return None
        is_held = (self.followed_at >= _MICROSECONDS) & (self.followed_at <= _LATEST_SECOND * _MICROSECONDS)
        return np.where(is_held, self.followed_at // _MICROSECONDS, 0).astype(np.uint32)


def open_delivered_follows(inputs: Path) -> DeliveredFollows:
    """Memory-map the follows of a day.

    Args:
        inputs: Folder of the day's inputs.

    Raises:
        DeliveredFollowsError: if a file is missing, unreadable or of another length.
    """
    folder = inputs / FOLDER
    arrays = {}
    for name in _ARRAYS:
        file = folder / f"{name}.npy"
        if name.endswith("_at") and not file.exists():
            continue
        try:
            arrays[name] = np.load(file, mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise DeliveredFollowsError(
                f"{file} cannot be read ({error}). Read the data again with `vouch run`."
            ) from error
    sizes = {name: array.size for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        raise DeliveredFollowsError(
            f"The follows in {folder} differ in length: {sizes}. Read the data again."
        )
    return DeliveredFollows(**arrays)


@compiled
def _nodes_of(numbers, node):  # noqa: ANN001, ANN202 - an index of numpy would be copied to 64 bits first
    """The node of each number."""
    nodes = np.empty(numbers.size, np.uint32)
    for i in range(numbers.size):
        nodes[i] = node[np.uint64(numbers[i])]
    return nodes
