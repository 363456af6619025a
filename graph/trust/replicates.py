"""Replicates: the same figures for audiences that could have been drawn instead.

A multinomial bootstrap over members, for the candidates only. Turning replicates into rank intervals belongs
to `graph.partners.ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.arrays.row_sums import Rows, reversed_rows
from graph.trust.endorsement import AttentionGraph, endorsement, everybody
from graph.trust.listeners import speaking
from graph.trust.member_ties import follow_matrix

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.network.interactions import InteractionGraph
    from graph.trust.audience import CleanedAudience
    from graph.trust.word_of_mouth import WordOfMouth

MOST_REPLICATES = 100
FEWEST_REPLICATES = 20
FOLLOW_STEPS_AFFORDED = 250_000_000
"""Follows times replicates, at most; measured at about 25 ns of walking each on ten million follows."""

WALK_TOLERANCE = 1e-5
"""Scores differ between replicates by some percent; the walk need not be a thousand times finer."""

MEMORY_AT_ONCE = 2**31
"""Bytes for the columns that are walked together."""

_BYTES_PER_SCORE = 21 * 4  # in float32: what a walk holds at once of each column
_FEWEST_COLUMNS = 2  # a gather brings both
_MOST_COLUMNS = 32  # wider blocks are no faster: a row of them fills two cache lines


@dataclass(frozen=True)
class Replicates:
    """Figures of the candidates in B resampled audiences; float64[k, B], unknown is NaN.

    Attributes:
        endorsement: over follows, as `graph.trust.endorsement.endorsement`.
        lift: cleaned reach share of the resampled audience ÷ the baseline share of the real one.
        word_of_mouth: summed weight of the distinct voices, on the scale of the real audience; NaN throughout
            without interactions.
        listeners: the same of all who follow the candidate or speak of it, each once.
        interaction_endorsement: endorsement over interactions; NaN throughout without them.
    """

    endorsement: FloatArray
    lift: FloatArray
    word_of_mouth: FloatArray
    listeners: FloatArray
    interaction_endorsement: FloatArray


class Observed(NamedTuple):
    """What was measured of the candidates in the real audience, float64[k]; see `graph.trust.affinity`."""

    reach_share_cleaned: FloatArray
    lift: FloatArray


def replicate_budget(n_follows: int) -> int:
    """How many replicates a graph of that size can afford, between 20 and 100.

    An interval from 20 replicates is about 16 % off in its width (the relative error of a standard deviation
    is 1 / sqrt(2 (B - 1))), from 100 it is 7 %; more buys little that a reader could see. Time grows with
    follows times replicates, so from 2.5 million follows on, replicates give way until 20 are left at 12.5
    million.
    """
    affordable = FOLLOW_STEPS_AFFORDED // max(n_follows, 1)
    return int(min(max(affordable, FEWEST_REPLICATES), MOST_REPLICATES))


def audience_replicates(  # noqa: PLR0913 - each names one thing that was measured
    graph: FollowerGraph,
    audience: CleanedAudience,
    candidates: IntegerArray,
    observed: Observed,
    *,
    interactions: InteractionGraph | None = None,
    voices: WordOfMouth | None = None,
    listener_weight: FloatArray | None = None,
    n_replicates: int,
    seed: int,
) -> Replicates:
    """Draw the audience again and again from its own members, and compute the candidates' figures each time.

    A replicate draws m members with replacement; one drawn twice counts twice. Baseline shares are held
    fixed: they rest on far more accounts than the audience has.

    Args:
        graph: follows, n accounts.
        audience: m members with weights.
        candidates: k nodes.
        observed: of the candidates in the real audience.
        interactions: weighted interactions, or None.
        voices: word of mouth of the real audience, or None.
        listener_weight: float64[n], as in `graph.trust.endorsement`.
        n_replicates: B; see `replicate_budget`.
        seed: same seed, same replicates.

    Returns:
        Figures per candidate and replicate. All weights 0, or nobody in the audience: NaN.

    References:
        Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7.
    """
    candidates = np.asarray(candidates, dtype=np.int64)
    drawn = resampled_weights(audience.weight, n_replicates, seed)
    follows = follow_matrix(graph, audience.members, candidates)
    followed = follows.T @ drawn
    lift = _lift_replicates(followed, graph.n_accounts, audience, candidates, observed, drawn)
    over_follows = _endorsement_replicates(
        (graph.following_offsets, graph.following, None, Rows(graph.follower_offsets, graph.followers)),
        audience,
        candidates,
        drawn,
        lift,
        listener_weight,
    )
    unknown = np.full(lift.shape, np.nan)
    over_interactions, spoken, heard = unknown, unknown, unknown
    if interactions is not None:
        plain = (interactions.offsets, interactions.targets, interactions.weights)
        edges = (*plain, reversed_rows(*plain))
        over_interactions = _endorsement_replicates(edges, audience, candidates, drawn, lift, listener_weight)
    if voices is not None and audience.members.size:
        speakers = speaking(follows, candidates, voices)
        spoken, heard = speakers.all.T @ drawn, followed + speakers.beyond.T @ drawn
    return Replicates(over_follows, lift, spoken, heard, over_interactions)


def resampled_weights(weight: FloatArray, n_replicates: int, seed: int) -> FloatArray:
    """Weight of each member in each replicate: times drawn · weight, float64[m, B]."""
    size = weight.size
    if not size:
        return np.zeros((0, n_replicates))
    times = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=n_replicates)
    return times.T * weight[:, None]


def _lift_replicates(
    followed: FloatArray,
    n_accounts: int,
    audience: CleanedAudience,
    candidates: IntegerArray,
    observed: Observed,
    drawn: FloatArray,
) -> FloatArray:
    """Lift in each replicate, [k, B]: the observed lift times how much the reach share changed."""
    position = np.full(n_accounts, -1, dtype=np.int64)
    position[audience.members] = np.arange(audience.members.size)
    own = position[candidates]
    own_weight = np.vstack((drawn, np.zeros(drawn.shape[1])))[own] * (own >= 0)[:, None]
    others = drawn.sum(axis=0) - own_weight
    share = np.divide(followed, others, out=np.full(others.shape, np.nan), where=others > 1e-12)
    reach_share, lift = observed
    # an account nobody in the audience follows has lift 0 in every replicate, whatever 0 / 0 may be
    per_share = np.divide(lift, reach_share, out=lift * 0.0, where=reach_share > 0)
    return share * per_share[:, None]


def _endorsement_replicates(
    edges: tuple[IntegerArray, IntegerArray, FloatArray | None, Rows],
    audience: CleanedAudience,
    candidates: IntegerArray,
    drawn: FloatArray,
    lift: FloatArray,
    listener_weight: FloatArray | None,
) -> FloatArray:
    """Endorsement in each replicate, [k, B]; as many columns are walked together as memory allows."""
    offsets, targets, weights, reverse = edges
    n_accounts, n_replicates = offsets.size - 1, drawn.shape[1]
    result = np.full((candidates.size, n_replicates), np.nan)
    if not targets.size or not drawn.any():
        return result
    graph = AttentionGraph(
        offsets, targets, weights=weights, reverse=reverse, listener_weight=listener_weight
    )
    usual = graph.mass(everybody(offsets, listener_weight, weights), rows=candidates)
    at_once = int(np.clip(MEMORY_AT_ONCE // (_BYTES_PER_SCORE * n_accounts), _FEWEST_COLUMNS, _MOST_COLUMNS))
    for start in range(0, n_replicates, at_once):
        columns = slice(start, min(start + at_once, n_replicates))
        restart = np.zeros((n_accounts, columns.stop - start), dtype=np.float32)
        restart[audience.members] = drawn[:, columns]
        mass = graph.mass(restart, rows=candidates, tolerance=WALK_TOLERANCE, dtype=np.float32)
        result[:, columns] = endorsement(mass, usual, lift[:, columns])
    return result
