"""Who reaches whom, as arrays: the input that portfolio and overlap share.

Here belong the checks and the normal form of "candidate -> audience members" lists. What is computed from
them lives in `portfolio` and `overlap`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import sorted_unique

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def reach_lists(
    offsets: ArrayLike, members: ArrayLike, n_members: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Check candidate -> member lists and bring them into normal form.

    Args:
        offsets: int64[k + 1]; candidate c reaches `members[offsets[c]:offsets[c + 1]]`.
        members: Indices 0 .. n_members - 1 into the audience, in any order; a member listed twice counts
            once.
        n_members: Size of the audience.

    Returns:
        Offsets and members with every list sorted and free of duplicates.

    Raises:
        ValueError: If offsets do not describe the lists, or a member lies outside the audience.
    """
    starts = np.asarray(offsets, dtype=np.int64)
    targets = np.asarray(members, dtype=np.int64)
    if starts.ndim != 1 or starts.size == 0 or starts[0] != 0 or starts[-1] != targets.size:
        raise ValueError(
            f"offsets must run from 0 to the number of members listed ({targets.size}); give k + 1 of them."
        )
    if np.any(np.diff(starts) < 0):
        raise ValueError("offsets must not decrease; give them in the order of the candidates.")
    if targets.size and (targets.min() < 0 or targets.max() >= n_members):
        raise ValueError(f"members must lie in 0 .. {n_members - 1}; give indices into the audience.")
    owner = list_owners(starts)
    # One key per (candidate, member): sorted lists without duplicates are exactly strictly increasing keys.
    keys = owner * max(n_members, 1) + targets
    if keys.size > 1 and np.any(np.diff(keys) <= 0):
        keys = sorted_unique(keys)
        owner, targets = np.divmod(keys, max(n_members, 1))
        starts = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=starts.size - 1))))
    return starts.astype(np.int64), targets


def list_owners(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The candidate that each entry of the lists belongs to, int64[E]."""
    return np.repeat(np.arange(offsets.size - 1, dtype=np.int64), np.diff(offsets))


def sum_by(groups: NDArray[np.int64], amounts: NDArray[np.float64], n_groups: int) -> NDArray[np.float64]:
    """Sum of amounts in each group 0 .. n_groups - 1."""
    return np.asarray(np.bincount(groups, weights=amounts, minlength=n_groups), dtype=np.float64)
