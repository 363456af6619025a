"""Who reaches whom, as arrays: the input that portfolio and overlap share.

Here belong the checks and the normal form of "candidate -> audience members" lists. What is computed from
them lives in `portfolio` and `overlap`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.row_sums import read_only
from graph.arrays.sparse_rows import sorted_unique

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def reach_lists(
    offsets: ArrayLike, members: ArrayLike, n_members: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Check candidate -> member lists and bring them into normal form.

    Args:
        offsets: int64[k + 1]; candidate c reaches `members[offsets[c]:offsets[c + 1]]`.
        members: Indices 0 .. n_members - 1 into the audience, in any order; a member listed twice counts
            once.
        n_members: Size of the audience, below 2^32.

    Returns:
        Offsets and members with every list sorted and free of duplicates.

    Raises:
        ValueError: If offsets do not describe the lists, or a member lies outside the audience.
    """
    starts = np.asarray(offsets, dtype=np.int64)
    given = np.asarray(members)
    targets = given if given.dtype.kind in "iu" else given.astype(np.int64)
    if starts.ndim != 1 or starts.size == 0 or starts[0] != 0 or starts[-1] != targets.size:
        raise ValueError(
            f"offsets must run from 0 to the number of members listed ({targets.size}); give k + 1 of them."
        )
    if np.any(np.diff(starts) < 0):
        raise ValueError("offsets must not decrease; give them in the order of the candidates.")
    if targets.size and (targets.min() < 0 or targets.max() >= n_members):
        raise ValueError(f"members must lie in 0 .. {n_members - 1}; give indices into the audience.")
    starts, targets = read_only(starts, np.int64), read_only(targets, np.uint32)
    if not _all_ascend(starts, targets):
        # One key per (candidate, member): sorted lists without duplicates are strictly increasing keys.
        owner = np.repeat(np.arange(starts.size - 1, dtype=np.int64), np.diff(starts))
        owner, kept = np.divmod(sorted_unique(owner * n_members + targets), n_members)
        counts = np.bincount(owner, minlength=starts.size - 1)
        starts = read_only(np.concatenate(([0], np.cumsum(counts))), np.int64)
        targets = read_only(kept, np.uint32)
    return starts, targets


def sum_by(groups: NDArray[np.int64], amounts: NDArray[np.float64], n_groups: int) -> NDArray[np.float64]:
    """Sum of amounts in each group 0 .. n_groups - 1."""
    return np.asarray(np.bincount(groups, weights=amounts, minlength=n_groups), dtype=np.float64)


@compiled
def _all_ascend(offsets, members):  # noqa: ANN001, ANN202
    """Whether every list is in order and names nobody twice."""
    for owner in range(offsets.size - 1):
        for place in range(offsets[owner] + 1, offsets[owner + 1]):
            if members[place - 1] >= members[place]:
                return False
    return True
