"""Personalised PageRank, for one restart distribution or many at once.

Only the walk belongs here; what its scores mean for an audience is `graph.trust.endorsement`'s.

The system. A walk goes on with probability d (the damping) along one of the edges of the account it is on,
and starts over otherwise; on an account without outgoing edges it starts over as well. Its visits are a
multiple of the solution of one linear system, with P the row-normalised edges, dangling rows zero, and r the
restart scaled to a sum of 1::

    y = r + d Pᵀ y                  scores = y / |y|₁                  restart share = 1 / |y|₁

The sweep. Let every account offer to each whom it points to ``z_j = d · y_j / out_j``. Then ``y_i = r_i + the
sum of what i is offered``: one pass over the edges by target, a gather and an addition each. Accounts are
renumbered by how many they point to, so that offers which are gathered often lie together near the processor.
What dangling accounts have is offered to nobody, so the sweeps leave them out and the last pass finds it.
Accounts are taken in `BLOCKS` consecutive blocks and each block sees what those before it have just become
(Gauss-Seidel between blocks, Jacobi within), which halves the sweeps and gives the same answer on any number
of threads.

Acceleration. Each sweep G gives a next offer G(z). Anderson's method takes the combination of the last few
whose change G(z) - z is smallest; on a linear system that is GMRES, and it needs a third of the sweeps again.

Precision. Sweeps run in float32, where an offer has seven digits. What is then missing is computed in
float64, ``residual = r + d Pᵀ y - y``, and the same sweeps solve for the correction, whose own seven digits
begin where the first ones ended (iterative refinement). Every residual is exact to float64 and proves a
bound: the error of ``y + residual`` is at most ``d / (1 - d) · |residual|₁`` in L1, twice that once scaled.

References:
    Haveliwala (2002), "Topic-sensitive PageRank". Gleich (2015), "PageRank beyond the web", SIAM Review
    57(3), section 2, for the equivalence of the dangling corrections used here. Arasu, Novak, Tomkins, Tomlin
    (2002), "PageRank computation and the structure of the web", for Gauss-Seidel. Walker, Ni (2011),
    "Anderson acceleration for fixed-point iterations", SIAM Journal on Numerical Analysis 49. Wilkinson
    (1963), "Rounding errors in algebraic processes", for iterative refinement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.arrays.mapped import let_go
from graph.arrays.row_sums import Rows, reversed_rows
from graph.arrays.sparse_rows import row_lengths

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

BLOCKS = 8
PIECES_PER_BLOCK = 16
REMEMBERED = 4
"""Earlier sweeps that the next offer is combined from: 32 bytes for each account and column."""
MOST_SWEEPS_PER_ROUND = 100
_MOST = np.iinfo(np.uint16).max  # numbers this small are sorted by counting
NO_PROGRESS = 0.99
"""A round that leaves more than this of the error has come to the end of the precision."""
SINGLE_PRECISION = 1.5e-7
"""What sweeps in float32 leave unsaid of an account's visits, hence times their number, 1 / (1 - damping)."""


FINEST_IN_SINGLE = 1e-6
"""A finer tolerance than this cannot be kept, nor shown to be kept, with visits in float32."""


class PageRankError(ValueError):
    """Input that no walk is defined on, or a walk that did not settle within its iterations."""


@dataclass(frozen=True)
class PageRank:
    """Where the walk spends its time.

    Attributes:
        scores: [n] or [n, B], each column sums to 1; a column whose restart weighs nothing is NaN.
        restart_share: [] or [B], share of all visits that are restarts, jumps from dangling accounts
            included: ``scores - restart_share · restart`` is what came over edges.
        iterations: passes over the edges.
        residual: bound on the L1 distance between `scores` and the exact answer, the worst column.
    """

    scores: FloatArray
    restart_share: FloatArray
    iterations: int
    residual: float


def personalised_pagerank(  # noqa: PLR0913 - the edges, where to start, and how well to solve
    offsets: IntegerArray,
    targets: IntegerArray,
    restart: NDArray[np.floating[Any]],
    *,
    weights: FloatArray | None = None,
    reverse: Rows | None = None,
    damping: float = 0.85,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
    dtype: DTypeLike = np.float64,
    earlier: FloatArray | None = None,
) -> PageRank:
    """Random walk along edges that starts over from `restart` with probability ``1 - damping`` at every step.

    A walk on an account without outgoing edges starts over as well (as in networkx, where `dangling`
    defaults to `personalization`).

    Args:
        offsets: int64[n + 1], compressed sparse rows of the edges.
        targets: uint32[edges].
        restart: [n] or [n, B], ≥ 0; columns need not sum to 1.
        weights: float64[edges] ≥ 0, or None for equal weights; rows that weigh nothing are dangling.
        reverse: the same edges, and their weights, by target; made here where they are not at hand.
        damping: chance to walk on, in [0, 1).
        tolerance: largest allowed L1 distance to the exact answer, per column.
        max_iterations: give up after this many passes over the edges.
        dtype: of the scores; float32 halves what is kept per account where a tolerance of 1e-6 is enough.
        earlier: scores to begin from, shaped like `restart`, such as those of a graph with a few edges fewer;
            changes the number of sweeps and digits below the tolerance.

    Returns:
        Scores, with the bound that was reached.

    Raises:
        PageRankError: on negative or non-finite restarts or weights, impossible settings, or no convergence.
    """
    walk = RandomWalk(offsets, targets, weights=weights, reverse=reverse, damping=damping)
    return walk.scores(
        restart, tolerance=tolerance, max_iterations=max_iterations, dtype=dtype, earlier=earlier
    )


def out_weights(offsets: IntegerArray, targets: IntegerArray, weights: FloatArray | None) -> FloatArray:
    """What each row weighs in all, its entries where no weights are given, float64[rows].

    Raises:
        PageRankError: if a weight is negative or not finite.
    """
    lengths = row_lengths(offsets)
    if weights is None:
        return lengths.astype(np.float64)
    chance = np.asarray(weights, dtype=np.float64)
    if chance.shape != np.asarray(targets).shape or not np.all(np.isfinite(chance)) or np.any(chance < 0):
        raise PageRankError("Edge weights must be finite, not negative, and one per edge.")
    row = np.repeat(np.arange(lengths.size), lengths)
    return np.asarray(np.bincount(row, weights=chance, minlength=lengths.size), dtype=np.float64)


class RandomWalk:
    """The linear system of one set of edges, made ready once for any number of restarts.

    Inside, accounts stand in the order of how many they point to, so that what is gathered most often lies
    together (see `_order`), and dangling accounts come last: a copy of the edges by target, 4 bytes for each.

    Args:
        offsets: int64[n + 1], compressed sparse rows of the edges.
        targets: uint32[edges].
        weights: float64[edges] ≥ 0, or None for equal weights.
        reverse: the same edges, and their weights, by target; made here where they are not at hand. The
            memory that they take is given back if they are mapped.
        damping: chance to walk on, in [0, 1).

    Raises:
        PageRankError: on negative or non-finite weights, or an impossible damping.
    """

    def __init__(
        self,
        offsets: IntegerArray,
        targets: IntegerArray,
        *,
        weights: FloatArray | None = None,
        reverse: Rows | None = None,
        damping: float = 0.85,
    ) -> None:
        if not 0 <= damping < 1:
            raise PageRankError(f"A damping of {damping} is not in [0, 1); 0.85 is customary.")
        out = out_weights(offsets, targets, weights)
        offered = np.divide(damping, out, out=np.zeros(out.size), where=out > 0)
        into = reversed_rows(offsets, targets, weights) if reverse is None else reverse
        self.order = _order(np.where(offered > 0, row_lengths(offsets), 0), row_lengths(into.offsets))
        self.into = into.renumbered(self.order)
        let_go(into.offsets, into.entries, into.weights)
        self.damping = damping
        self.offering = int(np.count_nonzero(offered))
        self.offered = offered[self.order]
        self.whole = self.into.cuts(BLOCKS)
        cuts = self.into.cuts(BLOCKS * PIECES_PER_BLOCK, self.offering)
        self.blocks = [
            cuts[first : first + PIECES_PER_BLOCK + 1] for first in range(0, cuts.size - 1, PIECES_PER_BLOCK)
        ]
        self.iterations = 0

    def scores(
        self,
        restart: NDArray[np.floating[Any]],
        *,
        tolerance: float = 1e-10,
        max_iterations: int = 1000,
        dtype: DTypeLike = np.float64,
        earlier: FloatArray | None = None,
    ) -> PageRank:
        """Where the walk spends its time; see `personalised_pagerank`."""
        kept = dtype if tolerance >= FINEST_IN_SINGLE else np.float64
        start = np.array(restart, dtype=kept, order="C", copy=True)
        _check_settings(start, self.order.size, tolerance)
        mass = start.sum(axis=0, dtype=np.float64)
        is_empty = mass <= 0
        start /= np.where(is_empty, 1.0, mass).astype(start.dtype)
        self.iterations = 0
        total, residual = self._solved(start, tolerance, max_iterations, earlier)
        visits = total.sum(axis=0, dtype=np.float64)
        known = np.where(is_empty, np.nan, visits)
        total /= known.astype(start.dtype)
        scores = total.astype(dtype, copy=False)
        return PageRank(scores, restart_share=1 / known, iterations=self.iterations, residual=residual)

    def shares(self, offered: NDArray, rows: IntegerArray | None = None) -> FloatArray:
        """What arrives over the edges where every account offers that much to each it points to.

        Args:
            offered: [n] or [n, B].
            rows: accounts whose share is wanted, all by default.
        """
        if rows is None:
            shared = np.empty(offered.shape)
            shared[self.order] = self.into.sums(offered[self.order])
            return shared
        rank = np.empty(self.order.size, dtype=np.int64)
        rank[self.order] = np.arange(self.order.size)
        chosen = rank[np.asarray(rows, dtype=np.int64)]
        wanted = np.zeros(self.order.size, dtype=bool)
        wanted[chosen] = True
        return self.into.only(wanted).sums(offered[self.order])[chosen]

    def _solved(
        self, start: NDArray, tolerance: float, max_iterations: int, earlier: FloatArray | None
    ) -> tuple[NDArray, float]:
        """The visits y of each column, not scaled, and the bound on the error of the worst, scaled.

        Raises:
            PageRankError: when the bound does not fall below the tolerance.
        """
        start = start[self.order]
        tail = 2 * self.damping / (1 - self.damping)
        total = start if earlier is None else _usable(earlier[self.order]).astype(start.dtype)
        arrived = self._arrived(total)
        if earlier is not None:
            factor = _factor(total - arrived, start)
            total, arrived = total * factor, arrived * factor
        before = np.inf
        while True:
            arrived += start
            # what dangling accounts have moves nobody else: this pass settles it
            missing = arrived[: self.offering] - total[: self.offering]
            size = np.abs(missing).sum(axis=0)
            reached = np.abs(arrived).sum(axis=0)
            bound = tail * size / np.where(reached > 0, reached, 1.0)
            worst = float(np.max(bound, initial=0.0))
            if worst <= tolerance:
                # nobody has less than the restart gave it: what is below comes from rounding
                visits = np.empty_like(start)
                visits[self.order] = np.maximum(arrived, start)
                return visits, worst
            if self.iterations >= max_iterations or worst > NO_PROGRESS * before:
                raise PageRankError(
                    f"PageRank is still up to {worst:.1e} from its answer after {self.iterations} iterations."
                    " Allow more of them, or a larger tolerance."
                )
            before, scale = worst, np.where(size > 0, size, 1.0)
            enough = _round_goal(0.5 * tolerance / worst, SINGLE_PRECISION / (1 - self.damping))
            most = min(max_iterations - self.iterations - 1, MOST_SWEEPS_PER_ROUND)
            missing /= scale
            correction = self._corrected(missing.astype(np.float32), enough, most)
            correction *= scale
            correction += total[: self.offering]
            total = arrived.astype(start.dtype)
            total[: self.offering] = correction
            arrived = self._arrived(total)

    def _arrived(self, visits: NDArray) -> FloatArray:
        """What every account is offered, by one exact pass over all edges."""
        self.iterations += 1
        return self.into.sums(visits * _per_column(self.offered, visits).astype(visits.dtype), self.whole)

    def _corrected(self, missing: NDArray[np.float32], enough: float, most: int) -> FloatArray:
        """Solution of ``y = missing + what is offered`` for the accounts that offer, by sweeps in float32.

        Args:
            missing: float32, of the accounts that offer, each column of size 1 in L1, or 0.
            enough: change of the worst column, in L1, at which to stop.
            most: sweeps at most.
        """
        visits = 1.0 / self.offered[: self.offering]
        per_offer = visits.astype(np.float32)
        offered = _per_column(self.offered[: self.offering].astype(np.float32), missing)
        mixed = _Anderson(REMEMBERED, missing)
        offer, after, change = missing * offered, missing * offered, np.empty_like(missing)
        for _ in range(most):
            self._sweep(offer, missing, offered, after)
            np.subtract(after, offer, out=change)
            np.abs(change, out=offer)
            size = float(np.max(per_offer @ offer, initial=0.0))
            if size <= enough:
                break
            mixed.next(after, change, size, out=offer)
        return after * _per_column(visits, after)

    def _sweep(
        self,
        offer: NDArray[np.float32],
        missing: NDArray[np.float32],
        offered: NDArray[np.float32],
        after: NDArray[np.float32],
    ) -> None:
        """Write the offers after one sweep, block by block."""
        after[:] = offer
        for cuts in self.blocks:
            block = slice(int(cuts[0]), int(cuts[-1]))
            if block.start < block.stop:
                arrived = self.into.sums(after, cuts)
                arrived += missing[block]
                arrived *= offered[block]
                after[block] = arrived
        self.iterations += 1


class _Anderson:
    """The next point of a fixed-point iteration, combined from the last `depth` sweeps.

    With g_k = G(z_k) and f_k = g_k - z_k, and Δ the differences between neighbouring sweeps::

        z_{k + 1} = g_k - ΔG c              c = argmin |f_k - ΔF c|₂

    Args:
        depth: sweeps that are remembered, > 0.
        like: float32, an array of the shape of a point.
    """

    def __init__(self, depth: int, like: NDArray[np.float32]) -> None:
        self._depth = depth
        self._changes = np.empty((depth, like.size), dtype=np.float32)
        self._points = np.empty((depth, like.size), dtype=np.float32)
        self._products = np.zeros((depth, depth))
        self._last_point = np.empty(like.size, dtype=np.float32)
        self._last_change = np.empty_like(self._last_point)
        self._sweeps = 0
        self._least = np.inf

    def next(self, point: NDArray, change: NDArray, size: float, out: NDArray) -> None:
        """Write where to go on from after a sweep to `point` that changed it by `change`, of that size."""
        out[:] = point
        point, change = point.reshape(-1), change.reshape(-1)
        if size > 4 * self._least:  # rounding has spoilt what is remembered
            self._sweeps = 0
        self._least = min(self._least, size)
        if self._sweeps:
            slot = (self._sweeps - 1) % self._depth
            used = min(self._sweeps, self._depth)
            np.subtract(change, self._last_change, out=self._changes[slot])
            np.subtract(point, self._last_point, out=self._points[slot])
            remembered = self._changes[:used]
            self._products[slot, :used] = self._products[:used, slot] = remembered @ self._changes[slot]
            along = _least_squares(self._products[:used, :used], remembered @ change)
            flat = out.reshape(-1)
            flat -= along @ self._points[:used]
        self._last_point[:] = point
        self._last_change[:] = change
        self._sweeps += 1


def _least_squares(products: FloatArray, target: NDArray) -> NDArray[np.float32]:
    """The combination of vectors that is nearest to a target; what adds nothing is left out.

    Args:
        products: float64[k, k], of the vectors with one another.
        target: [k], their products with the target.
    """
    length = np.sqrt(np.maximum(np.diag(products), np.finfo(np.float64).tiny))
    scaled = products / np.outer(length, length)
    solution = np.linalg.lstsq(scaled, target / length, rcond=1e-7)[0] / length
    return solution.astype(np.float32)


def _order(given: IntegerArray, received: IntegerArray) -> NDArray[np.int64]:
    """Accounts from the one that points to most to those that point to nobody.

    Among those that point to as many, accounts come in the order of how many point to them: rows of one
    length follow each other, and a processor that guesses where a short row ends is right.
    """
    by_received = np.argsort(_descending(received), kind="stable")
    return by_received[np.argsort(_descending(given)[by_received], kind="stable")]


def _descending(counts: IntegerArray) -> NDArray[np.uint16]:
    """Keys of 16 bits, which are sorted in two passes, that ascend where counts descend."""
    return (_MOST - np.minimum(counts, _MOST)).astype(np.uint16)


def _usable(earlier: FloatArray) -> FloatArray:
    """Earlier scores without what cannot be one."""
    return np.where(np.isfinite(earlier), np.maximum(earlier, 0.0), 0.0)


def _factor(left: FloatArray, start: NDArray) -> FloatArray:
    """What to multiply earlier scores with, whose part ``left`` the walk does not bring back, [] or [B].

    The factor f that makes ``f · left`` nearest to the restart, which is what a solution has left.
    """
    square = (left * left).sum(axis=0)
    return (left * start).sum(axis=0) / np.where(square > 0, square, 1.0)


def _round_goal(wanted: float, finest: float) -> float:
    """How far one round is to reduce the error, so that as few rounds as can be do it in equal parts."""
    rounds = np.ceil(np.log(min(wanted, 0.5)) / np.log(min(finest, 0.25)))
    return float(wanted ** (1 / rounds))


def _per_column(values: NDArray, like: NDArray) -> NDArray:
    """Values per row, shaped so that they meet every column of `like`."""
    return values[:, None] if like.ndim == 2 else values


def _check_settings(start: NDArray, n_accounts: int, tolerance: float) -> None:
    if start.ndim not in {1, 2} or start.shape[0] != n_accounts:
        raise PageRankError(f"The restart has the shape {start.shape}, but there are {n_accounts} accounts.")
    if not np.all(np.isfinite(start)) or np.any(start < 0):
        raise PageRankError("Restart weights must be finite and not negative.")
    if not tolerance > 0:
        raise PageRankError(f"A tolerance of {tolerance} cannot be reached; it must be above 0.")
