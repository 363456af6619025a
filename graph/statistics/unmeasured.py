"""What a figure counts for where it could not be measured, beside alike ones where it could.

Here belong the choice of that value and how much it leaves open. What is measured, and what it counts for,
is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.statistics.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from graph.arrays.sparse_rows import FloatArray


@dataclass(frozen=True)
class Completed:
    """A figure of k alike accounts, with nobody left out.

    Attributes:
        value: float64[k]; NaN throughout where nothing was measured.
        spread: float64[k], standard deviation of what is not known about each.
        typical: What stands in for the unmeasured; NaN where nothing was measured.
    """

    value: FloatArray
    spread: FloatArray
    typical: float


def typical_where_unmeasured(
    value: ArrayLike, low: ArrayLike, high: ArrayLike, *, confidence: float
) -> Completed:
    """The measurements, and the mean of them for whoever could not be measured.

    Left out instead, with the rest rescaled, an unknown part would count as the candidate's other parts,
    which lifts whoever is strong in them: silence would pay at the top of a list and cost at its end. As 0 it
    would be a bad mark for missing data. `tests/benchmarks/trust_weights.py` hides the conversation of a
    third of the candidates and measures by how many places that moves them under each of these; the mean
    moves them least on the whole and keeps the ranking as good. It presumes that thin measurements were drawn
    to the typical value where they were made, so that a thin one differs little from none.

    Args:
        value: [k] measurements; NaN is not measured.
        low: [k] lower bounds.
        high: [k] upper bounds.
        confidence: The level of the bounds.

    Returns:
        Values for all k, unless nothing was measured. What is open about a measurement follows from its
        bounds; about a missing one, from how the measured scatter.
    """
    value = np.asarray(value, dtype=np.float64)
    width = np.asarray(high, dtype=np.float64) - np.asarray(low, dtype=np.float64)
    measured = np.isfinite(value)
    if not measured.any():
        nothing = np.full(value.shape, np.nan)
        return Completed(nothing, nothing.copy(), np.nan)
    typical, scatter = float(value[measured].mean()), float(value[measured].std())
    error = np.where(np.isfinite(width), width / (2 * normal_quantile(confidence)), scatter)
    return Completed(
        value=np.where(measured, value, typical),
        spread=np.where(measured, np.maximum(error, 0.0), scatter),
        typical=typical,
    )


@dataclass(frozen=True)
class CompletedRisk:
    """A probability of bought influence for k candidates, with nobody left out. Arrays [k].

    Attributes:
        value: float64, the prior where nothing was measured.
        low: float64, lower bound.
        high: float64, upper bound.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray


def risk_where_unmeasured(
    value: ArrayLike, low: ArrayLike, high: ArrayLike, *, prior: float, ordinary_below: float
) -> CompletedRisk:
    """The measured probabilities, and for the others the prior with the bounds of what is ordinary.

    A score takes the upper bound of everybody who was measured; the prior's point would be no bound, and
    whoever hid something would pass those who did not. Ordinary is whoever was measured and has an upper
    bound below the bar of a warning. An unmeasured one gets the widest bounds found among them, and never
    less doubt than the prior: nobody who was found ordinary stands worse for having been looked at, and
    nobody is warned of for not having been. Hidden from a third of the demo's candidates, that moves the
    trusted voices among the first 50 down by 5 places instead of by 3 with the prior's point, and 1.0 instead
    of 1.1 to 1.8 of the hidden shills stay there. Percentiles over all measured would grow with the number of
    shills among them: the 95th moves trusted voices down by 45 to 69 places.

    Args:
        value: [k] probabilities; NaN is not measured.
        low: [k] lower bounds.
        high: [k] upper bounds.
        prior: The base rate, which stands for whoever was not measured.
        ordinary_below: The upper bound from which on a candidate is watched.

    Returns:
        Figures for all k; where nobody was measured, or nobody is ordinary, the prior throughout.
    """
    value, low, high = (np.asarray(array, dtype=np.float64) for array in (value, low, high))
    measured = np.isfinite(value)
    ordinary = measured & (high < ordinary_below)
    least, most = prior, prior
    if ordinary.any():
        least = min(prior, float(low[ordinary].min()))
        most = max(prior, float(high[ordinary].max()))
    return CompletedRisk(
        value=np.where(measured, value, prior),
        low=np.where(measured, low, least),
        high=np.where(measured, high, most),
    )
