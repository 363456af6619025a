"""Recalibration of a probability on a user's own labels: its shape is learned, its base rate is kept.

Belongs here: learning a rising map of log odds from labelled accounts, saying on held-out folds whether it is
better than what was there, and applying it. Does not belong here: how the log odds came about
(`graph.shill.weights_of_evidence`), and where labels are kept.

Whoever labels chooses whom to look at, so labels are no random sample. If the choice hangs on what the
reviewer sees (the score), or on what the account is (a list of known shills), the slope of a logistic
regression of the labels on the log odds is right all the same, and only its intercept is not (Prentice and
Pyke 1979). So the shape alone is taken from labels, and the intercept is set so that the network as a whole
keeps as many expected shills as were measured: a base rate is never learned from labels.

Below `ISOTONIC_FROM` labels the map is a line in log odds (Platt), from there on a rising step function
(isotonic), smoothed between its steps. A map is used only where it lowers the squared error on labels that it
has not seen beyond chance; the comparison gives the measured log odds the labels' base rate too, so that
nothing is gained by knowing how many shills were labelled.

References:
    Platt, "Probabilistic outputs for support vector machines", 1999 (line, smoothed targets).
    Zadrozny and Elkan, KDD 2002 (isotonic calibration).
    Prentice and Pyke, Biometrika 66, 1979 (slopes of a logistic model from samples chosen by outcome).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri
from scipy.special import logit as log_odds_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FEWEST_LABELS = 50
FEWEST_OF_EACH = 10
ISOTONIC_FROM = 1000
CONFIDENCE = 0.95
FOLDS, REPEATS = 5, 10
CALIBRATION_BINS = 10
NONE, PLATT, ISOTONIC = "none", "platt", "isotonic"
_MOST_OF_POPULATION = 20_000
_WIDEST_SHIFT = 40.0


@dataclass(frozen=True)
class Recalibration:
    """A rising map of log odds, or the reason why there is none.

    Attributes:
        method: `NONE`, `PLATT` or `ISOTONIC`.
        why_not: Why nothing is changed, in words; empty where something is.
        n_labels, n_shills: labels given, and shills among them.
        slope: of the line; 1 where there is none.
        slope_error: its standard error; 0 where there is none.
        brier_before, brier_after: mean squared error on held-out labels, as measured (at the labels' base
            rate) and recalibrated; NaN where it was not looked at.
        error_before, error_after: calibration error (ECE) of the same.
        knots: log odds in and out of the step function, float64[2, steps]; empty for a line.
        shift: what keeps the network's expected number of shills.
        centre: log odds at which the line turns: what is known there does not hang on its slope.
    """

    method: str
    why_not: str
    n_labels: int
    n_shills: int
    slope: float = 1.0
    slope_error: float = 0.0
    brier_before: float = np.nan
    brier_after: float = np.nan
    error_before: float = np.nan
    error_after: float = np.nan
    knots: FloatArray = field(default_factory=lambda: np.zeros((2, 0)))
    shift: float = 0.0
    centre: float = 0.0

    @property
    def is_used(self) -> bool:
        """Whether it changes anything."""
        return self.method != NONE

    def of(self, probability: FloatArray) -> FloatArray:
        """Recalibrated probabilities; where nothing was learned, the same."""
        return self._mapped(probability, 0.0)

    def bounds(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Recalibrated bounds, wider by what is left open about the slope; 0 and 1 stay."""
        half = float(ndtri(0.5 + CONFIDENCE / 2)) * self.slope_error
        return self._mapped(low, -half), self._mapped(high, half)

    def _mapped(self, probability: FloatArray, slope_change: float) -> FloatArray:
        if not self.is_used:
            return probability
        given = log_odds_of(np.clip(probability, 0.0, 1.0))
        inside = np.isfinite(given)
        x = given[inside]
        if self.method == ISOTONIC:
            found = np.interp(x, *self.knots)
        else:
            found = self.slope * x + slope_change * np.abs(x - self.centre)
        out = np.array(probability, dtype=np.float64)
        out[inside] = expit(found + self.shift)
        return out


def learn_recalibration(
    log_odds: FloatArray, is_shill: BoolArray, population: FloatArray, seed: int = 0
) -> Recalibration:
    """Learns a map from labelled accounts, if it is better than none on labels held out.

    Args:
        log_odds: float64[n], measured log odds of the labelled accounts, finite.
        is_shill: bool[n], their labels.
        population: float64[m], measured log odds of everybody in the network who was measured, m >= 1.
        seed: Of the folds.
    """
    n, shills = int(is_shill.size), int(is_shill.sum())
    if n < FEWEST_LABELS or min(shills, n - shills) < FEWEST_OF_EACH:
        return Recalibration(
            NONE,
            f"needs {FEWEST_LABELS} labels of measured accounts, {FEWEST_OF_EACH} of each kind",
            n,
            shills,
        )
    method = ISOTONIC if n >= ISOTONIC_FROM else PLATT
    before, after = _held_out(log_odds, is_shill, method, seed)
    truth = is_shill.astype(np.float64)
    seen = Recalibration(
        NONE,
        "",
        n,
        shills,
        brier_before=brier(before.mean(axis=0), is_shill),
        brier_after=brier(after.mean(axis=0), is_shill),
        error_before=calibration_error(before.mean(axis=0), is_shill),
        error_after=calibration_error(after.mean(axis=0), is_shill),
    )
    gain = ((before - truth) ** 2 - (after - truth) ** 2).mean(axis=0)
    least = float(ndtri(CONFIDENCE)) * float(gain.std(ddof=1)) / np.sqrt(n)
    if gain.mean() <= least:
        return replace(seen, why_not="no better than chance on labels held out")
    if method == ISOTONIC:
        knots = _isotonic(log_odds, is_shill)
        shift, _ = _kept_base_rate(np.interp(population, *knots), population)
        return replace(seen, method=method, knots=knots, shift=shift)
    _, slope, error = _line(log_odds, is_shill)
    # A bound that falls while the signals rise would punish candour; a slope this open teaches nothing.
    if slope <= float(ndtri(0.5 + CONFIDENCE / 2)) * error:
        return replace(seen, why_not="the labels do not rise with what was measured")
    shift, centre = _kept_base_rate(slope * population, population)
    return replace(seen, method=method, slope=slope, slope_error=error, shift=shift, centre=centre)


def brier(probability: FloatArray, is_shill: BoolArray) -> float:
    """Mean squared error of probabilities."""
    return float(np.mean((probability - is_shill) ** 2))


def calibration_error(probability: FloatArray, is_shill: BoolArray) -> float:
    """Mean distance of predicted and observed share over ten bins of equal width (ECE)."""
    place = np.minimum((probability * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    gap = np.bincount(place, probability - is_shill, minlength=CALIBRATION_BINS)
    return float(np.abs(gap).sum() / is_shill.size)


def _held_out(
    log_odds: FloatArray, is_shill: BoolArray, method: str, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Probabilities of each label from folds without it, measured and mapped, float64[repeats, n] each."""
    random = np.random.default_rng(seed)
    before, after = np.empty((REPEATS, is_shill.size)), np.empty((REPEATS, is_shill.size))
    for repeat in range(REPEATS):
        fold = np.empty(is_shill.size, dtype=np.int64)
        for kind in (True, False):  # stratified, so that no fold lacks a kind
            of_kind = np.flatnonzero(is_shill == kind)
            fold[random.permutation(of_kind)] = np.arange(of_kind.size) % FOLDS
        for out in range(FOLDS):
            taught, tested = fold != out, fold == out
            x, labels, given = log_odds[taught], is_shill[taught], log_odds[tested]
            intercept, _, _ = _line(x, labels, fixed_slope=1.0)
            before[repeat, tested] = expit(given + intercept)
            if method == ISOTONIC:
                after[repeat, tested] = expit(np.interp(given, *_isotonic(x, labels)))
            else:
                intercept, slope, _ = _line(x, labels)
                after[repeat, tested] = expit(slope * given + intercept)
    return before, after


def _line(x: FloatArray, is_shill: BoolArray, fixed_slope: float | None = None) -> tuple[float, float, float]:
    """Intercept, slope >= 0 and the slope's standard error of a logistic regression with smoothed targets."""
    from scipy.optimize import minimize  # noqa: PLC0415 - most homes have no labels to learn from

    shills = float(is_shill.sum())
    others = is_shill.size - shills
    target = np.where(is_shill, (shills + 1) / (shills + 2), 1 / (others + 2))

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        z = parameters[0] + parameters[1] * x
        residual = expit(z) - target
        value = float(np.sum(np.logaddexp(0.0, z) - target * z))
        return value, np.array([residual.sum(), (residual * x).sum()])

    slopes = (0.0, None) if fixed_slope is None else (fixed_slope, fixed_slope)
    start = np.array([np.log((shills + 1) / (others + 1)), 1.0 if fixed_slope is None else fixed_slope])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), slopes]).x
    p = expit(found[0] + found[1] * x)
    weight = p * (1 - p)
    information = float(np.sum(weight * x * x) - np.sum(weight * x) ** 2 / max(float(weight.sum()), 1e-12))
    return float(found[0]), float(found[1]), float(1 / np.sqrt(max(information, 1e-12)))


def _isotonic(x: FloatArray, is_shill: BoolArray) -> FloatArray:
    """Knots of a rising map: the mean log odds of each step, and the smoothed log odds of its shills."""
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - most homes have no labels to learn from

    order = np.argsort(x, kind="stable")
    steps = isotonic_regression(is_shill[order].astype(np.float64)).blocks
    size = np.diff(steps)
    shills = np.add.reduceat(is_shill[order].astype(np.float64), steps[:-1])
    centre = np.add.reduceat(x[order], steps[:-1]) / size
    rate = np.maximum.accumulate((shills + 0.5) / (size + 1.0))
    return np.vstack([centre, log_odds_of(rate)])


def _kept_base_rate(mapped: FloatArray, population: FloatArray) -> tuple[float, float]:
    """The shift that keeps the mean probability of the population, and the log odds at which it turns.

    A change of the slope is answered by a change of the shift; together they leave the mean log odds,
    weighted by how open each account is, where they were (delta method).
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - most homes have no labels to learn from

    order = np.argsort(population, kind="stable")
    if order.size > _MOST_OF_POPULATION:
        order = order[np.linspace(0, order.size - 1, _MOST_OF_POPULATION).astype(np.int64)]
    before, moved = population[order], mapped[order]
    base_rate = float(expit(before).mean())
    shift = brentq(lambda change: expit(moved + change).mean() - base_rate, -_WIDEST_SHIFT, _WIDEST_SHIFT)
    p = expit(moved + shift)
    weight = p * (1 - p)
    return float(shift), float(np.sum(weight * before) / max(float(weight.sum()), 1e-12))
