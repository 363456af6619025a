"""Personalised PageRank by power iteration, for one restart distribution or many at once.

Only the walk belongs here; what its scores mean for an audience is `graph.endorsement`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from graph.sparse_rows import row_lengths

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from graph.sparse_rows import FloatArray, IntegerArray

STEPS_BETWEEN_LOOKS = 4
_SMALL_INDEX = 2**31  # scipy's compiled loops take 32 bit indices below this, which halves their memory


class PageRankError(ValueError):
    """Input that no walk is defined on, or a walk that did not settle within its iterations."""


@dataclass(frozen=True)
class PageRank:
    """Where the walk spends its time.

    Attributes:
        scores: [n] or [n, B], each column sums to 1; a column whose restart weighs nothing is NaN.
        restart_share: [] or [B], share of all visits that are restarts, jumps from dangling accounts
            included: ``scores - restart_share · restart`` is what came over edges.
        iterations: steps taken.
        residual: bound on the L1 distance between `scores` and the exact answer, the worst column.
    """

    scores: FloatArray
    restart_share: FloatArray
    iterations: int
    residual: float


def personalised_pagerank(
    offsets: IntegerArray,
    targets: IntegerArray,
    restart: NDArray[np.floating[Any]],
    *,
    weights: FloatArray | None = None,
    damping: float = 0.85,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
    dtype: DTypeLike = np.float64,
) -> PageRank:
    """Random walk along edges that starts over from `restart` with probability ``1 - damping`` at every step.

    A walk on an account without outgoing edges starts over as well (as in networkx, where `dangling`
    defaults to `personalization`). That makes the answer a multiple of ``y = Σ_k (damping · Pᵀ)^k ·
    restart``, with P the row-normalised edges and dangling rows zero: so the series is summed, without
    jumps, and scaled once at the end. What is missing after the term t is at most ``2 · damping / (1 -
    damping) · |t|₁ / |y|₁`` in L1.

    Args:
        offsets: int64[n + 1], compressed sparse rows of the edges.
        targets: uint32[edges].
        restart: [n] or [n, B], ≥ 0; columns need not sum to 1.
        weights: float64[edges] ≥ 0, or None for equal weights; rows that weigh nothing are dangling.
        damping: chance to walk on, in [0, 1).
        tolerance: largest allowed L1 distance to the exact answer, per column.
        max_iterations: give up after this many steps.
        dtype: float32 halves memory and time where a tolerance of 1e-6 is enough.

    Returns:
        Scores, with the bound that was reached.

    Raises:
        PageRankError: on negative or non-finite restarts or weights, impossible settings, or no convergence.

    References:
        Haveliwala (2002), "Topic-sensitive PageRank". Gleich (2015), "PageRank beyond the web", SIAM
        Review 57(3), section 2, for the equivalence of the dangling corrections used here.
    """
    start = np.array(restart, dtype=dtype, order="C", copy=True)
    _check_settings(start, np.asarray(offsets).size - 1, damping, tolerance)
    mass = start.sum(axis=0, dtype=np.float64)
    is_empty = mass <= 0
    start /= np.where(is_empty, 1.0, mass).astype(start.dtype)
    step_back = transition_matrix(offsets, targets, weights=weights, damping=damping, dtype=dtype).T

    term, total = start, start.copy()
    tail = 2 * damping / (1 - damping)
    iterations, residual = 0, _worst(tail, term, total)
    while residual > tolerance:
        if iterations == max_iterations:
            raise PageRankError(
                f"PageRank is still up to {residual:.1e} from its answer after {max_iterations} iterations."
                " Allow more of them, or a larger tolerance."
            )
        # Looking costs two passes over all scores, a step hardly more: so a few steps go by between looks.
        for _ in range(min(STEPS_BETWEEN_LOOKS, max_iterations - iterations)):
            term = step_back @ term
            total += term
            iterations += 1
        residual = _worst(tail, term, total)
    visits = total.sum(axis=0, dtype=np.float64)
    known = np.where(is_empty, np.nan, visits)
    total /= known.astype(start.dtype)
    return PageRank(scores=total, restart_share=1 / known, iterations=iterations, residual=residual)


def transition_matrix(
    offsets: IntegerArray,
    targets: IntegerArray,
    *,
    weights: FloatArray | None = None,
    damping: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> csr_array:
    """Chance to step from row to column, times `damping`, as [n, n]; a dangling row is empty or zero.

    Raises:
        PageRankError: if a weight is negative or not finite.
    """
    offsets, targets = np.asarray(offsets), np.asarray(targets)
    n_accounts, lengths = offsets.size - 1, row_lengths(offsets)
    if weights is None:
        out, chance = lengths.astype(np.float64), None
    else:
        chance = np.asarray(weights, dtype=np.float64)
        if chance.shape != targets.shape or not np.all(np.isfinite(chance)) or np.any(chance < 0):
            raise PageRankError("Edge weights must be finite, not negative, and one per edge.")
        out = np.bincount(np.repeat(np.arange(n_accounts), lengths), weights=chance, minlength=n_accounts)
    per_unit = np.divide(damping, out, out=np.zeros(n_accounts), where=out > 0).astype(dtype)
    data = np.repeat(per_unit, lengths)
    if chance is not None:
        data *= chance.astype(data.dtype)
    if max(n_accounts, targets.size) < _SMALL_INDEX:
        # the same bytes: node ids below 2³¹ read alike as signed and unsigned
        indices = targets.view(np.int32) if targets.dtype == np.uint32 else targets.astype(np.int32)
        return csr_array((data, indices, offsets.astype(np.int32)), shape=(n_accounts, n_accounts))
    return csr_array((data, targets.astype(np.int64), offsets), shape=(n_accounts, n_accounts))


def _check_settings(start: NDArray, n_accounts: int, damping: float, tolerance: float) -> None:
    if start.ndim not in {1, 2} or start.shape[0] != n_accounts:
        raise PageRankError(f"The restart has the shape {start.shape}, but there are {n_accounts} accounts.")
    if not np.all(np.isfinite(start)) or np.any(start < 0):
        raise PageRankError("Restart weights must be finite and not negative.")
    if not 0 <= damping < 1:
        raise PageRankError(f"A damping of {damping} is not in [0, 1); 0.85 is customary.")
    if not tolerance > 0:
        raise PageRankError(f"A tolerance of {tolerance} cannot be reached; it must be above 0.")


def _worst(tail: float, term: NDArray, total: NDArray) -> float:
    """Largest bound on what the series still misses, relative to its sum so far, over all columns."""
    missing = term.sum(axis=0, dtype=np.float64)
    reached = total.sum(axis=0, dtype=np.float64)
    return tail * float(np.max(missing / np.where(reached > 0, reached, 1.0), initial=0.0))
