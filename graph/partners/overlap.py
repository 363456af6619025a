"""How far the audiences of two candidates are the same people.

Here belong figures about pairs of candidates and about what one candidate alone reaches. Choosing a set of
candidates is `portfolio`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.scatter import NOTHING, ranges_of_entries, transpose
from graph.partners.reach_lists import reach_lists

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class PairOverlap:
    """Overlap of every pair of candidates, and what each reaches alone.

    Attributes:
        first: int64[p], the pair's lower candidate index; pairs are ordered by (first, second).
        second: int64[p], the pair's higher candidate index.
        shared: float64[p], members (or weight) that both reach.
        share_of_smaller: float64[p], shared / the smaller of the two reaches; NaN where that is 0.
        jaccard: float64[p], shared / reached by either; NaN where that is 0.
        reach: float64[k], members (or weight) that a candidate reaches.
        exclusive_share: float64[k], the share of a candidate's reach that no other in the set reaches; NaN
            where it reaches nobody.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    shared: NDArray[np.float64]
    share_of_smaller: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    reach: NDArray[np.float64]
    exclusive_share: NDArray[np.float64]


def pair_overlap(
    offsets: ArrayLike, members: ArrayLike, n_members: int, weight: ArrayLike | None = None
) -> PairOverlap:
    """Overlap of all pairs of candidates, by one pass over the members and the pairs that reach each.

    The result holds k (k - 1) / 2 pairs and needs k x k numbers on the way: meant for the few hundred
    candidates of a shortlist, not for every account of a network.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: int32[E], audience members that a candidate reaches; one listed twice counts once.
        n_members: Size of the audience.
        weight: float64[n_members] >= 0, a member's weight; without it every member counts 1.

    Returns:
        Pairs and per-candidate shares.

    Raises:
        ValueError: If lists or weights are malformed.
    """
    starts, targets = reach_lists(offsets, members, n_members)
    weights = np.ones(n_members) if weight is None else np.asarray(weight, dtype=np.float64)
    if weights.shape != (n_members,) or not np.all(np.isfinite(weights)) or np.any(weights < 0):
        raise ValueError(f"weight must hold {n_members} finite numbers >= 0, one per audience member.")
    n_candidates = starts.size - 1
    ranges = ranges_of_entries(n_members, targets)
    who = np.empty(targets.size, dtype=np.uint32)
    reached_by = transpose(starts, (targets, NOTHING), ranges, (who, NOTHING), ranges.all)
    both, exclusive = _shared_weight(n_candidates, reached_by, who, weights)
    reach = np.diagonal(both)

    first, second = np.triu_indices(n_candidates, k=1)
    shared = both[first, second]
    smaller = np.minimum(reach[first], reach[second])
    # Sums in another order differ in the last digits; a share above 1 would be noise, not overlap.
    shared = np.minimum(shared, smaller)
    either = reach[first] + reach[second] - shared
    return PairOverlap(
        first=first.astype(np.int64),
        second=second.astype(np.int64),
        shared=shared,
        share_of_smaller=_ratio(shared, smaller),
        jaccard=_ratio(shared, either),
        reach=reach.copy(),
        exclusive_share=_ratio(exclusive, reach),
    )


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Part / whole, NaN where there is no whole."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


@compiled
def _shared_weight(n_candidates, offsets, who, weight):  # noqa: ANN001, ANN202
    """Weight that each pair of candidates reaches, [k, k], lower index first; and that one alone reaches.

    Member by member, with the candidates that reach it in order: a member reached by d adds to d² / 2 pairs.
    """
    both, alone = np.zeros((n_candidates, n_candidates)), np.zeros(n_candidates)
    for member in range(offsets.size - 1):
        start, end = offsets[member], offsets[member + 1]
        if end == start + 1:
            alone[who[start]] += weight[member]
        for place in range(start, end):
            row = both[who[place]]
            for other in range(place, end):
                row[who[other]] += weight[member]
    return both, alone
