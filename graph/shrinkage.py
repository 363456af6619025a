"""Thin measurements drawn to the typical value, by as much as chance explains what sets them apart.

Here belongs the estimate for many alike quantities that were each measured with an error of their own. What
is measured, and what the result counts for, is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from graph.sparse_rows import FloatArray

SMALLEST_ERROR = 1e-3
"""An interval of no width would claim a measurement without error and outweigh all others together."""


@dataclass(frozen=True)
class Shrunk:
    """What k measurements say once each is read beside the others.

    Attributes:
        value: float64[k], the estimates; NaN throughout where nothing was measured.
        spread: float64[k], standard deviation of what is not known about each.
        typical: The mean that they are drawn to; NaN where nothing was measured.
        between: Standard deviation of the true values around it.
    """

    value: FloatArray
    spread: FloatArray
    typical: float
    between: float


def shrunk_to_typical(value: ArrayLike, low: ArrayLike, high: ArrayLike, *, confidence: float) -> Shrunk:
    """Each measurement as a weighted mean of itself and the typical value.

    The true values are taken to scatter around a mean m with variance t², a measurement around its true value
    with the variance s² that its interval tells. The best guess is m + (value − m) t² / (t² + s²), what is
    left open t s / √(t² + s²). A quantity that was not measured has s = ∞: its guess is the typical value and
    all of the scatter is left open, so that a missing measurement neither helps nor hurts, and one that could
    hardly be made differs from a missing one by as little.

    Args:
        value: [k] measurements; NaN is not measured.
        low: [k] lower bounds.
        high: [k] upper bounds.
        confidence: The level of the bounds.

    Returns:
        Estimates for all k, the unmeasured ones included, unless nothing was measured at all.

    References:
        DerSimonian and Laird (1986), "Meta-analysis in clinical trials" (t² by the method of moments);
        Efron and Morris (1975), "Data analysis using Stein's estimator", JASA 70.
    """
    value = np.asarray(value, dtype=np.float64)
    width = np.asarray(high, dtype=np.float64) - np.asarray(low, dtype=np.float64)
    measured = np.isfinite(value) & np.isfinite(width)
    if not measured.any():
        nothing = np.full(value.shape, np.nan)
        return Shrunk(nothing, nothing.copy(), np.nan, np.nan)
    error = np.maximum(width[measured] / (2 * normal_quantile(confidence)), SMALLEST_ERROR)
    known = value[measured]
    between = _variance_between(known, error)
    precision = 1.0 / (error**2 + between)
    typical = float(np.average(known, weights=precision))
    kept = np.zeros(value.shape)
    kept[measured] = between * precision
    left_open = np.full(value.shape, np.sqrt(between))
    left_open[measured] = error * np.sqrt(between * precision)
    estimate = typical + kept * (np.where(measured, value, typical) - typical)
    return Shrunk(estimate, left_open, typical, float(np.sqrt(between)))


def _variance_between(known: FloatArray, error: FloatArray) -> float:
    """Variance of the true values (DerSimonian and Laird); 0 where chance explains all scatter."""
    weight = 1.0 / error**2
    mean = np.average(known, weights=weight)
    excess = float(np.sum(weight * (known - mean) ** 2)) - (known.size - 1)
    scale = float(weight.sum() - np.sum(weight**2) / weight.sum())
    return max(excess / scale, 0.0) if scale > 0 else 0.0
