"""Endorsement: whom an audience, and those it trusts, point to, beyond whom everybody points to.

Joins the walk of `graph.network.pagerank` with one step over common listeners; lift comes from
`graph.trust.affinity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.mapped import let_go
from graph.arrays.row_sums import Rows
from graph.arrays.sparse_rows import row_lengths
from graph.network.pagerank import RandomWalk, out_weights

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

WALK_DAMPING = 0.5
"""Chance to walk on from an account to those it follows: two steps on average, further is mostly fame."""

_ROUNDING = 8.0  # units in the last place


def endorsement_mass(  # noqa: PLR0913 - the edges, who starts, who counts, and how well to solve
    offsets: IntegerArray,
    targets: IntegerArray,
    restart: NDArray,
    *,
    weights: FloatArray | None = None,
    reverse: Rows | None = None,
    listener_weight: FloatArray | None = None,
    rows: IntegerArray | None = None,
    tolerance: float = 1e-10,
    dtype: DTypeLike = np.float64,
) -> NDArray:
    """Share of an audience's attention at each account, after one step over common listeners.

    In words: walk from the members along follows, and let every account that is reached share what arrived
    with the accounts that its listeners follow as well. In symbols, with A the edges (each row scaled to a
    mean weight of 1, so that how much somebody interacts has no say, only with whom), w the listeners'
    weights, d = Aᵀw what each account is listened to, k how many each listener follows, and x the walk's mass
    that came over edges (personalised PageRank without its restarts, so that nobody endorses themselves)::

        mass = Aᵀ · diag(w / √k) · A · diag(1 / √d) · x,     scaled to a sum of 1

    The step makes the figure steady: an account that this half of an audience happens to follow less gets
    its share through the people who follow the same voices. The roots keep famous accounts (d) and people
    who follow everybody (k) from carrying the step alone; without them, or with full division, the ranking
    loses stability or specificity (docs/evaluation/trusted-voices.md, "What else was tried").

    Args:
        offsets: int64[n + 1], compressed sparse rows of the edges.
        targets: uint32[edges].
        restart: [n] or [n, B] ≥ 0, the members' weights; columns need not sum to 1.
        weights: float64[edges] ≥ 0, or None for equal weights.
        reverse: the same edges, and their weights, by target; made here where they are not at hand.
        listener_weight: float64[n] in 0..1, how much each account counts as a listener, None for 1; an
            account of weight 0 passes nothing on in the step, so that profiles made for sale cannot lend
            their customers the standing of the voices that they follow too.
        rows: nodes whose mass is wanted, all by default.
        tolerance: of the walk, see `personalised_pagerank`.
        dtype: float32 halves memory and time.

    Returns:
        [n] or [n, B] ([rows] or [rows, B] where rows were named; the scale is that of all accounts); NaN in a
        column whose restart weighs nothing, 0 where no member follows anybody.

    References:
        Haveliwala (2002), "Topic-sensitive PageRank". Paudel, Christoffel, Newell, Bernstein (2017),
        "Updatable, accurate, diverse, and scalable recommendations for interactive applications", ACM TiiS
        7(1), for three-step walks over common followers and their damping by popularity.
    """
    graph = AttentionGraph(
        offsets, targets, weights=weights, reverse=reverse, listener_weight=listener_weight
    )
    return graph.mass(restart, rows=rows, tolerance=tolerance, dtype=dtype)


class AttentionGraph:
    """Edges along which attention passes, made ready once for any number of audiences.

    Args: as of `endorsement_mass`. The memory that mapped edges take is given back after each pass.
    """

    def __init__(
        self,
        offsets: IntegerArray,
        targets: IntegerArray,
        *,
        weights: FloatArray | None = None,
        reverse: Rows | None = None,
        listener_weight: FloatArray | None = None,
    ) -> None:
        self._walk = RandomWalk(offsets, targets, weights=weights, reverse=reverse, damping=WALK_DAMPING)
        self._edges = Rows(offsets, targets, weights)
        out = out_weights(offsets, targets, weights)
        self._per_unit = np.divide(1.0, out, out=np.zeros(out.size), where=out > 0)
        spent = np.where(out > 0, row_lengths(offsets), 0).astype(np.float64)
        listener = np.ones(out.size) if listener_weight is None else np.asarray(listener_weight)
        # an edge of A is its weight times `per_unit · spent`, hence the powers of `spent`
        listened = self._walk.shares(spent * self._per_unit * listener)
        self._fame = np.divide(1.0, np.sqrt(listened), out=np.zeros(out.size), where=listened > 0)
        self._passes_on = listener * spent**1.5 * self._per_unit

    def mass(
        self,
        restart: NDArray,
        *,
        rows: IntegerArray | None = None,
        tolerance: float = 1e-10,
        dtype: DTypeLike = np.float64,
    ) -> NDArray:
        """Share of the attention of the audience that `restart` stands for; see `endorsement_mass`."""
        walk = self._walk.scores(restart, tolerance=tolerance, dtype=dtype)
        mass = np.asarray(restart).sum(axis=0, dtype=np.float64)
        start = np.asarray(restart) / np.where(mass > 0, mass, 1.0)
        arrived = walk.scores - walk.restart_share * start
        # a difference of equal numbers leaves rounding, which scaled to a sum of 1 would look like mass
        arrived[arrived < _ROUNDING * np.finfo(walk.scores.dtype).eps * walk.scores] = 0.0

        heard = self._edges.sums((_per_row(self._fame, arrived) * arrived).astype(dtype))
        let_go(self._edges.entries, self._edges.weights)
        passed_on = _per_row(self._passes_on, arrived) * heard
        total = passed_on.sum(axis=0, dtype=np.float64)  # the rows sum to 1 once scaled: nothing is lost
        offered = (_per_row(self._per_unit, arrived) * passed_on).astype(dtype)
        shared = self._walk.shares(offered, rows)
        known = np.where(mass > 0, np.where(total > 0, total, 1.0), np.nan)
        return (shared / known).astype(dtype, copy=False)


def everybody(
    offsets: IntegerArray, listener_weight: FloatArray | None = None, weights: FloatArray | None = None
) -> FloatArray:
    """Restart for `endorsement_mass` that stands for all who follow somebody, by their weight; float64[n]."""
    listener = 1.0 if listener_weight is None else np.asarray(listener_weight)
    return np.where(_spent(offsets, weights) > 0, listener, 0.0)


def endorsement(mass: FloatArray, mass_of_everybody: FloatArray, lift: FloatArray) -> FloatArray:
    """What an account adds to the difference between an audience's attention and everybody's.

    ``mass · log(mass / mass_of_everybody)``, the account's part of the relative entropy between the two
    distributions of attention, and 0 where it is not positive: fame alone counts for nothing. It is 0 too
    where the observed lift among the audience's own follows is not above 1: a voice has to be followed
    here, not only near here.

    Measured by `make evaluate` (docs/evaluation/trusted-voices.md): made from one half of an audience and
    judged on the other, no baseline is both steadier and more special, on none of five networks; it is both
    towards the count of followers in the audience, SALSA on the audience and matrix factorisations of rank
    32 and 64.

    Args:
        mass: [k] or [k, B], `endorsement_mass` of the audience.
        mass_of_everybody: [k], `endorsement_mass` of `everybody`.
        lift: like `mass`, observed lift; NaN is unknown and gives 0.

    Returns:
        Endorsement ≥ 0, shaped like `mass`; NaN where mass is.

    References:
        Kullback, Leibler (1951), "On information and sufficiency", Annals of Mathematical Statistics 22.
    """
    mass = np.asarray(mass, dtype=np.float64)
    usual = _per_row(np.asarray(mass_of_everybody, dtype=np.float64), mass)
    ratio = np.divide(mass, usual, out=np.ones(mass.shape), where=usual > 0)
    is_followed = np.nan_to_num(lift) > 1
    return np.where(np.isnan(mass), np.nan, np.where(is_followed, mass * np.log(np.fmax(ratio, 1.0)), 0.0))


def _spent(offsets: IntegerArray, weights: FloatArray | None) -> FloatArray:
    """How many each account follows, float64[n]; 0 where what it gives them weighs nothing."""
    lengths = row_lengths(offsets)
    if weights is None:
        return lengths.astype(np.float64)
    row = np.repeat(np.arange(lengths.size), lengths)
    weighs = np.bincount(row, weights=np.asarray(weights), minlength=lengths.size) > 0
    return np.where(weighs, lengths, 0).astype(np.float64)


def _per_row(values: FloatArray, like: NDArray) -> FloatArray:
    """Values per row, shaped so that they multiply every column of `like`."""
    return values[:, None] if like.ndim == 2 else values


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
    """Endorsement over follows and over interactions as one figure, each relative to its strongest first.

    A member follows many and interacts with few, so the walk over interactions heaps its mass on few
    accounts; brought to one sum, the first of them would outweigh everybody whom half of the audience
    follows. Relative to the strongest voice of each walk, the first of one and the first of the other stand
    alike. A walk that passed nothing on, or was not made, drops out and the other one stands alone.

    Args:
        over_follows: [k] or [k, B], endorsement of the candidates by the walk over follows.
        over_interactions: same shape, by the walk over interactions; NaN throughout where there were none.
        share_of_interactions: weight of the second, in [0, 1]; see `interaction_share`.

    Returns:
        Endorsement in [0, 1] of the input's shape; 0 throughout where neither walk passed anything on.
    """
    follows, has_follows = _share_of_strongest(over_follows)
    interactions, has_interactions = _share_of_strongest(over_interactions)
    weight = np.where(has_interactions, np.where(has_follows, share_of_interactions, 1.0), 0.0)
    return (1.0 - weight) * follows + weight * interactions


def _share_of_strongest(values: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Each column divided by its largest, and whether there was anything to divide."""
    known = np.where(np.isnan(values), 0.0, values)
    largest = known.max(axis=0, initial=0.0)
    return known / np.where(largest > 0, largest, 1.0), np.asarray(largest > 0)
