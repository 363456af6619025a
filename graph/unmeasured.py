"""What a figure counts for where it could not be measured, beside alike ones where it could.

Here belongs the choice of that value and how much it leaves open. What is measured, and what it counts for,
is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from graph.sparse_rows import FloatArray


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
