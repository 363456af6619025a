"""Columns of a block that its buyers follow for show, told from those that were ordered.

An order gives an account what it paid for, however large it is; follows for show go to the popular, as
everybody's do. Belongs here: which columns are followed in proportion to how popular they are. Which columns
are candidates at all, and what a block is, is `graph.lockstep.blocks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, gammaln, log_expit, xlog1py

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.optimize import OptimizeResult

    from graph.arrays.sparse_rows import FloatArray

FEWEST_TO_COMPARE = 30
MOST_FOR_SHOW = 0.75
SURE = 3.0
"""Of at least so many customers this share is followed in proportion to its popularity, within so many
standard deviations: then those are followed for show, and only who is followed beyond that is a customer."""

CLEARLY_TWO = 20.0
"""Two kinds of columns must explain a block by this much more log likelihood than orders alone."""

SCATTER = 0.05
"""Squared coefficient of variation of the rate at which accounts are followed for show, beyond chance."""

_MOST_FITTED = 2_000
_LEAST_TAIL = 1e-13
_ORDERS = ((-5.0, 20.0), (-8.0, 2.0), (0.0, 1.0))
_BOTH = (*_ORDERS, (-10.0, 10.0), (-10.0, 10.0))
_SHOW_RATES = (0.0, 0.2, 0.5)  # quantiles of hits ÷ others that the fit starts from


def followed_for_show(hits: FloatArray, others: FloatArray) -> NDArray[np.bool_]:
    """Which columns a group follows in proportion to how popular they are, where most of them are such.

    Where one rate per other follower explains the hits of nearly all columns, and explains them far better
    than the same number for each, the group follows these for show, and its customers are those it follows
    beyond that. Without this, show that goes to one community is a block of its own.

    Args:
        hits: float64[k], followers of each column that belong to the group.
        others: float64[k], its other followers, at least 1.
    """
    nobody = np.zeros(hits.size, dtype=bool)
    if hits.size < FEWEST_TO_COMPARE:
        return nobody
    expected = float(np.median(hits / others)) * others
    beyond = (hits - expected) / np.sqrt(expected + 1.0)
    usual = np.abs(beyond) <= SURE
    if usual.mean() < MOST_FOR_SHOW:
        return nobody
    # log likelihood ratio (Poisson) of hits in proportion to popularity over as many for each
    mean = float(hits[usual].mean())
    ratio = float((hits[usual] * np.log(expected[usual] / mean) - expected[usual] + mean).sum())
    return beyond <= SURE if ratio >= np.count_nonzero(usual) else nobody


def shown_beside_orders(hits: FloatArray, others: FloatArray, least_share: float) -> NDArray[np.bool_]:
    """Which columns of a block are followed for show, where it clearly holds these and orders side by side.

    Hits are negative binomial, given that they reach `least_share` of all followers. Orders have the mean
    ``m · others^β``, β between 0 and 1, for larger accounts may order more, and scatter as much as it takes.
    Accounts followed for show have the mean ``c · others`` and scatter little; orders have that on top, for
    customers are popular as well. The mixture of both must beat orders alone by `CLEARLY_TWO`; a column is
    then what its hits are likelier to be.

    Args:
        hits: float64[k], followers of each column that belong to the group.
        others: float64[k], its other followers, at least 1.
        least_share: of its followers that each column has from the group.
    """
    columns = _Columns(hits, others, least_share)
    some = columns.thinned()
    usual = float(np.log(np.median(some.hits)))
    alone = min(
        (_fitted(some.of_orders, (usual, -1.0, growth), _ORDERS) for growth in (0.05, 0.7)),
        key=lambda each: each.fun,
    )
    rates = np.log(np.quantile(some.hits / some.others, _SHOW_RATES))
    high = float(np.log(np.quantile(some.hits, 0.75)))
    both = min(
        (_fitted(some.of_both, (high, -1.0, 0.05, 0.0, rate), _BOTH) for rate in rates),
        key=lambda each: each.fun,
    )
    if alone.fun - both.fun < CLEARLY_TWO:
        return np.zeros(hits.size, dtype=bool)
    shown, ordered = columns.kinds(both.x)
    return shown > ordered


class _Columns:
    """Columns of a block, and how likely their hits are."""

    def __init__(self, hits: FloatArray, others: FloatArray, least_share: float) -> None:
        self.hits, self.others, self.least_share = hits, others, least_share
        least = np.maximum(np.ceil(others * least_share / (1.0 - least_share)), 1.0)
        self._least = np.minimum(least, hits)
        self._ways = gammaln(hits + 1.0)
        self._size = np.log(others)
        self._size -= self._size.mean()

    def thinned(self) -> _Columns:
        """No more of them than it takes to see what kinds there are, evenly from all shares of hits."""
        step = -(-self.hits.size // _MOST_FITTED)
        kept = np.argsort(self.hits / self.others, kind="stable")[::step]
        return _Columns(self.hits[kept], self.others[kept], self.least_share)

    def of_orders(self, law: FloatArray) -> float:
        """Negative log likelihood, if all were ordered: log m at the usual size, log scatter, β."""
        return -float(self._ordered(law, 0.0).sum())

    def of_both(self, law: FloatArray) -> float:
        """Negative log likelihood of the mixture: as for orders, then log odds of show, log c."""
        return -float(np.logaddexp(*self.kinds(law)).sum())

    def kinds(self, law: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log likelihood of each column to be one that is followed for show, and one that was ordered."""
        rate = float(np.exp(law[4]))
        shown = self._log_chance(rate * self.others, SCATTER) + log_expit(law[3])
        return shown, self._ordered(law, rate) + log_expit(-law[3])

    def _ordered(self, law: FloatArray, rate: float) -> FloatArray:
        mean = np.exp(law[0] + law[2] * self._size) + rate * self.others
        return self._log_chance(mean, float(np.exp(law[1])))

    def _log_chance(self, mean: FloatArray, scatter: float) -> FloatArray:
        """Negative binomial of the variance ``mean + scatter · mean²``, given that the least is reached."""
        size = 1.0 / scatter
        other = mean / (size + mean)
        chance = gammaln(self.hits + size) - self._ways - gammaln(size) + xlog1py(size, -other)
        chance += self.hits * np.log(other)
        return chance - np.log(np.maximum(betainc(self._least, size, other), _LEAST_TAIL))


def _fitted(
    of: Callable[[FloatArray], float], start: tuple[float, ...], bounds: tuple[tuple[float, float], ...]
) -> OptimizeResult:
    from scipy.optimize import minimize  # noqa: PLC0415 - 0.15 s, for the few networks with a block

    return minimize(of, start, method="L-BFGS-B", bounds=bounds)
