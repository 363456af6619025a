"""Endorsement: whom an audience, and those it trusts, point to over several steps.

Joins the walk of `graph.pagerank` with the lift of `graph.affinity`; neither is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.sparse_rows import FloatArray, IntegerArray


def endorsement(
    pagerank_scores: FloatArray,
    restart: FloatArray,
    lift: FloatArray,
    damping: float = 0.85,
    *,
    restart_share: ArrayLike | None = None,
    lift_low: FloatArray | None = None,
) -> FloatArray:
    """Walk mass that arrived over edges, times how special the account is to the audience.

    Two corrections make personalised PageRank a ranking of voices. The restart mass is taken out: with it,
    members endorse themselves, and the top 20 made from one half of an audience shares only a tenth with
    the top 20 made from the other half; without it, eight tenths. And the mass is multiplied by
    `specificity`, so that fame alone counts for nothing.

    Why ``log(1 + lift_low)``: the factor decides between stable and special picks. Measured by
    ``tests/benchmarks/split_audience.py`` (150 audiences, each cut in half, Epinions trust network,
    overlap of the two top 20 / geometric mean lift of the picks against all others): PageRank alone 0.79 /
    9; raw count of followers in the audience 0.60 / 13; log of the degree-matched lift 0.43 / 28; log(1 +
    lift) 0.57 / 19; log(1 + lift_low) 0.61 / 17, the one that is both more stable and more special than
    the raw count. The plain logarithm suffers because matching brings most lifts near 1, where log lift is
    near 0 and a small error reorders everything. Stronger corrections fail: dividing by global PageRank,
    or ranking by lift or by its bounds, picks accounts nobody knows (overlap below 0.11).

    Args:
        pagerank_scores: [n] or [n, B], `PageRank.scores`.
        restart: [n] or [n, B], as given to the walk; columns need not sum to 1.
        lift: [n] or [n, B], observed lift.
        damping: as given to the walk.
        restart_share: `PageRank.restart_share`, which includes the jumps from dangling accounts; without it
            ``1 - damping``, which is exact only where every account that is reached follows somebody.
        lift_low: [n] or [n, B], cautious bound of lift; without it lift itself is used.

    Returns:
        Endorsement ≥ 0, [n] or [n, B]; NaN where the walk is (a restart without weight).
    """
    scores, start = np.asarray(pagerank_scores), np.asarray(restart, dtype=np.float64)
    total = start.sum(axis=0)
    start = start / np.where(total > 0, total, 1.0)
    share = (1.0 - damping) if restart_share is None else np.asarray(restart_share)
    arrived = np.maximum(scores - share * start, 0.0)
    return arrived * specificity(lift, lift_low)


def specificity(lift: FloatArray, lift_low: FloatArray | None = None) -> FloatArray:
    """How special an account is: ``log(1 + lift_low)``; 0 where the observed lift is at most 1 or unknown."""
    bound = lift if lift_low is None else lift_low
    is_special = (np.nan_to_num(lift) > 1) & ~np.isnan(bound)
    return np.where(is_special, np.log1p(np.where(is_special, bound, 0.0)), 0.0)


def interaction_share(weight: FloatArray, n_following: IntegerArray, n_interacted: IntegerArray) -> float:
    """How much the walk over interactions counts beside the walk over follows, in [0, 1].

    Each walk counts by the part of the audience that it speaks for: the weight of the members who take a step
    in it at all. Where everybody follows and interacts, both count alike; where 20 of 300 members were seen
    interacting, what those few did cannot outvote whom 300 follow.

    Args:
        weight: float64[m], the members' weights.
        n_following: int64[m], accounts that each member follows.
        n_interacted: int64[m], accounts that each member interacted with.

    Returns:
        The share of the second walk; 0 where no member takes a step in either.
    """
    heard_following = float(weight[n_following > 0].sum())
    heard_interacting = float(weight[n_interacted > 0].sum())
    heard = heard_following + heard_interacting
    return heard_interacting / heard if heard > 0 else 0.0


def blended_endorsement(
    over_follows: FloatArray, over_interactions: FloatArray, share_of_interactions: float
) -> FloatArray:
    """Endorsement over follows and over interactions as one figure, each scaled to a sum of 1 first.

    The two walks pass on different amounts of mass (fewer accounts interact than follow), so they are brought
    to one scale before they are averaged. A walk that passed nothing on, or was not made, drops out and the
    other one stands alone.

    Args:
        over_follows: [k] or [k, B], endorsement of the candidates by the walk over follows.
        over_interactions: same shape, by the walk over interactions; NaN throughout where there were none.
        share_of_interactions: weight of the second, in [0, 1]; see `interaction_share`.

    Returns:
        Endorsement of the input's shape; a column sums to 1, or is 0 where neither walk passed anything on.
    """
    follows, has_follows = _share_of_sum(over_follows)
    interactions, has_interactions = _share_of_sum(over_interactions)
    weight = np.where(has_interactions, np.where(has_follows, share_of_interactions, 1.0), 0.0)
    return (1.0 - weight) * follows + weight * interactions


def _share_of_sum(values: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Each column divided by its sum, and whether there was anything to divide."""
    known = np.where(np.isnan(values), 0.0, values)
    total = known.sum(axis=0)
    return known / np.where(total > 0, total, 1.0), np.asarray(total > 0)
