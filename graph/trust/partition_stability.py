"""How far a partition can be trusted: agreement of partitions, whole and community by community.

Comparing labels belongs here; making the partitions that are compared is for `graph.trust.communities`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray


def adjusted_rand(first: IntegerArray, second: IntegerArray) -> float:
    """Agreement of two partitions beyond chance: 1 the same, 0 what chance gives; labels mean nothing.

    Two partitions that leave nothing to disagree about (both one group, or both all apart) agree fully.

    Args:
        first: label of each of m members.
        second: likewise, in the same order.

    References:
        Hubert, Arabie (1985), "Comparing partitions", Journal of Classification 2.
    """
    together = _overlap(first, second)
    both = _pairs(together.data)
    in_first, in_second = _pairs(together.sum(axis=1)), _pairs(together.sum(axis=0))
    n_members = np.size(first)
    everything = n_members * (n_members - 1) / 2
    expected = in_first * in_second / everything if everything else 0.0
    most = (in_first + in_second) / 2
    return float((both - expected) / (most - expected)) if most != expected else 1.0


def best_jaccard(membership: IntegerArray, other: IntegerArray) -> FloatArray:
    """For each community of one partition, how well the best community of another matches it, 0..1.

    Args:
        membership: labels 0 … k - 1, or -1 for members of no community, who are in none of the k.
        other: labels of the same members.

    Returns:
        float64[k]: the largest of shared members ÷ members of either, over the communities of the other
            partition.
    """
    membership = np.asarray(membership)
    n_communities = int(membership.max(initial=-1)) + 1
    together = coo_array(_overlap(membership + 1, other, n_rows=n_communities + 1))
    rows, shared = together.row, together.data
    size, other_size = np.bincount(membership + 1), np.bincount(together.col, weights=shared)
    best = np.zeros(n_communities + 1)
    np.maximum.at(best, rows, shared / (size[rows] + other_size[together.col] - shared))
    return best[1:]


def mean_adjusted_rand(partitions: Sequence[IntegerArray]) -> float:
    """Mean of `adjusted_rand` over all pairs; NaN for fewer than two partitions."""
    found = [adjusted_rand(a, b) for number, a in enumerate(partitions) for b in partitions[:number]]
    return float(np.mean(found)) if found else float("nan")


def _overlap(first: IntegerArray, second: IntegerArray, n_rows: int | None = None) -> csr_array:
    """How many members each pair of communities shares; rows keep their labels where `n_rows` is given."""
    row = np.asarray(first) if n_rows is not None else np.unique(first, return_inverse=True)[1]
    names, column = np.unique(second, return_inverse=True)
    shape = (n_rows if n_rows is not None else int(row.max(initial=-1)) + 1, names.size)
    return csr_array(coo_array((np.ones(row.size), (row, column)), shape=shape))


def _pairs(sizes: NDArray) -> float:
    sizes = np.asarray(sizes, dtype=np.float64)
    return float((sizes * (sizes - 1) / 2).sum())
