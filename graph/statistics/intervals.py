"""How sure a share is: intervals for proportions and the sample size that weights leave.

Only statements about a single proportion belong here; comparing two of them is `graph.trust.affinity`'s work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv, ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from graph.arrays.sparse_rows import FloatArray


class ConfidenceError(ValueError):
    """A confidence level outside the open interval (0, 1)."""


def normal_quantile(confidence: float) -> float:
    """Half-width, in standard deviations, of a two-sided interval: 0.95 gives 1.96.

    Raises:
        ConfidenceError: if `confidence` is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ConfidenceError(
            f"A confidence level of {confidence!r} is not between 0 and 1; 0.95 is customary."
        )
    return float(ndtri(0.5 + confidence / 2))


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Score interval of a proportion, element by element; stays inside [0, 1] and honest near the ends.

    Args:
        successes: how often it happened; broadcast against `trials`.
        trials: out of how many; may be fractional (an effective sample size). 0, negative or NaN is unknown.
        confidence: two-sided confidence level.

    Returns:
        Lower and upper bound, float64; NaN where there were no trials.

    References:
        Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    z = normal_quantile(confidence)
    successes, trials = np.broadcast_arrays(np.asarray(successes, float), np.asarray(trials, float))
    known = np.where(trials > 0, trials, np.nan)
    share = np.clip(successes / known, 0.0, 1.0)
    scale = 1.0 + z**2 / known
    centre = (share + z**2 / (2 * known)) / scale
    half = z / scale * np.sqrt(share * (1 - share) / known + z**2 / (4 * known**2))
    # at the ends the bound is exactly 0 or 1; rounding would leave 1e-17 there
    low = np.where(share == 0, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(share == 1, 1.0, np.clip(centre + half, 0.0, 1.0))
    return np.where(np.isnan(share), np.nan, low), np.where(np.isnan(share), np.nan, high)


def jeffreys_interval(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Jeffreys' interval of a proportion, quantiles of Beta(successes + ½, rest + ½), that holds the share.

    The quantiles alone leave out a share of 0 or 1: the lower bound is 0 where nothing was counted, and the
    upper one 1 where everything was, as its authors advise. Successes may be fractional (sums of
    probabilities); below about 0.0005, where the quantile still lies above the share, the share itself is the
    lower bound, and so at the other end. Bounds never fall where successes grow.

    Args:
        successes: how often it happened, 0 to `trials`; broadcast against `trials`.
        trials: out of how many. 0, negative or NaN is unknown.
        confidence: two-sided confidence level.

    Returns:
        Lower and upper bound, float64; NaN where there were no trials.

    References:
        Brown, Cai, DasGupta (2001), "Interval estimation for a binomial proportion", Statistical Science 16.
    """
    normal_quantile(confidence)  # refuses what is no level
    successes, trials = np.broadcast_arrays(np.asarray(successes, float), np.asarray(trials, float))
    known = np.where(trials > 0, trials, np.nan)
    counted = np.clip(successes, 0.0, known)
    share, rest = counted / known, known - counted
    low, high = (
        betaincinv(counted + 0.5, rest + 0.5, tail) for tail in ((1 - confidence) / 2, (1 + confidence) / 2)
    )
    return np.minimum(low, share), np.maximum(high, share)


def effective_sample_size(weights: ArrayLike) -> float:
    """How many equally weighted observations the weights are worth: (Σw)² / Σw²; 0 when all are zero.

    References:
        Kish (1965), "Survey Sampling", section 11.7.
    """
    weights = np.asarray(weights, float)
    largest = float(np.max(weights, initial=0.0))
    if largest <= 0:
        return 0.0
    scaled = weights / largest  # squares of very small weights would vanish
    return float(scaled.sum() ** 2 / np.square(scaled).sum())
