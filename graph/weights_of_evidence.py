"""Signals joined to a probability that a person can check: additive weights of evidence, as in a scorecard.

Belongs here: looking signals up in a table of weights, and joining them by money group with an interval. Does
not belong here: the table (`graph.evidence_table`), the signals, and recalibration on a user's own labels.

Signals are grouped by the money they follow: bought followers, bought engagement, bought words.
Within a group the strongest weight counts, so that one fact seen three ways is not counted three times, and
no group may say more than ±`GROUP_CAP`. A signal that was measured and did not fire speaks in favour; a
signal that was not measured says nothing.

Weights and their bounds never fall as a signal rises, so lowering a signal can only lower the probability and
both its bounds. The rule that honesty is never punished rests on that.

References:
    Good, "Weight of evidence: a brief survey", Bayesian Statistics 2, 1985.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.evidence_table import (
    CONFIDENCE,
    MONEY_GROUPS,
    EvidenceTableError,
    EvidenceWeights,
    SignalWeights,
    learn_weights,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_PRIOR",
    "GROUP_CAP",
    "MONEY_GROUPS",
    "EvidenceTableError",
    "EvidenceWeights",
    "ShillProbability",
    "SignalWeights",
    "evidence_line",
    "join_evidence",
    "learn_weights",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DEFAULT_PRIOR = 0.08
GROUP_CAP = 4.0


@dataclass(frozen=True)
class ShillProbability:
    """What the signals add up to for n accounts.

    Attributes:
        probability: float64[n], never NaN; the prior where no signal was measured.
        low, high: bounds, float64[n]; 0 and 1 where no signal was measured.
        contributions: by signal, float64[n]: what it added to the log odds; 0 where a stronger signal of its
            group counted instead, NaN where it was not measured.
        n_signals: int64[n], signals measured. Where 0, publish no probability.
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    contributions: dict[str, FloatArray]
    n_signals: IntArray


def join_evidence(
    values: Mapping[str, FloatArray],
    measured: Mapping[str, BoolArray],
    table: EvidenceWeights,
    prior: float = DEFAULT_PRIOR,
    *,
    value_bounds: Mapping[str, tuple[FloatArray, FloatArray]] | None = None,
    confidence: float = CONFIDENCE,
) -> ShillProbability:
    """Joins the signals of n accounts.

    log odds = logit(prior) + Σ over money groups of the group's strongest weight, each within ±`GROUP_CAP`.
    The interval moves every weight to its bounds (the rates were learned from finite numbers of accounts) and
    every value to its own where they are given (a share of 20 followers may be another bin's); the distances
    of the groups add up as squares, for they err independently. Signals the table does not know add nothing.

    Args:
        values: By signal, float64[n]; NaN counts as not measured.
        measured: By signal, bool[n].
        table: The weights.
        prior: Share of shills expected before any signal, in (0, 1).
        value_bounds: By signal, low and high of the value, float64[n] each; NaN leaves the value itself.
        confidence: Of the interval.

    Raises:
        ValueError: if the prior is not inside (0, 1), or no signal is given.
    """
    if not 0.0 < prior < 1.0:
        raise ValueError(f"The prior must lie between 0 and 1, without either; got {prior}.")
    if not values:
        raise ValueError("No signals to join; pass every signal, with `measured` false where there is none.")
    n = len(next(iter(values.values())))
    contributions = {signal: np.full(n, np.nan) for signal in values}
    n_signals = np.zeros(n, dtype=np.int64)
    prior_log_odds = float(np.log(prior) - np.log1p(-prior))
    log_odds = np.full(n, prior_log_odds)
    below, above = np.zeros(n), np.zeros(n)
    for group in MONEY_GROUPS:
        members = [
            weights for weights in table.signals if weights.group == group and weights.signal in values
        ]
        if not members:
            continue
        looked_up = [
            _look_up(weights, values[weights.signal], (value_bounds or {}).get(weights.signal), confidence)
            for weights in members
        ]
        known = np.vstack([measured[w.signal] & np.isfinite(values[w.signal]) for w in members])
        point, low, high = (
            np.where(known, np.clip(np.vstack([row[part] for row in looked_up]), -GROUP_CAP, GROUP_CAP), 0.0)
            for part in range(3)
        )
        counted = _strongest(point)
        strongest = np.argmax(point == counted, axis=0)
        log_odds += counted
        below += (counted - _strongest(low)) ** 2
        above += (_strongest(high) - counted) ** 2
        n_signals += known.sum(axis=0)
        for place, weights in enumerate(members):
            share = np.where(strongest == place, counted, 0.0)
            contributions[weights.signal] = np.where(known[place], share, np.nan)
    is_known = n_signals > 0
    return ShillProbability(
        probability=_logistic(log_odds),
        low=np.where(is_known, _logistic(log_odds - np.sqrt(below)), 0.0),
        high=np.where(is_known, _logistic(log_odds + np.sqrt(above)), 1.0),
        contributions=contributions,
        n_signals=n_signals,
    )


def evidence_line(table: EvidenceWeights, signal: str, value: float) -> str:
    """One signal of one account as a sentence, with the counts that its weight was learned from."""
    weights = table.of(signal)
    place = int(weights.bin_of(np.array([value]))[0])
    ends = [-np.inf, *weights.edges.tolist(), np.inf]
    weight = float(weights.weight[place])
    way = "speaks for" if weight > 0 else "speaks against"
    return (
        f"{signal} of {value:.3g} ({_between(ends[place], ends[place + 1])}): seen in "
        f"{weights.n_planted[place]:,} of {weights.n_planted.sum():,} planted and "
        f"{weights.n_genuine[place]:,} of {weights.n_genuine.sum():,} genuine accounts; "
        f"{way} paid influence by {weight:+.2f}"
    )


def _between(low: float, high: float) -> str:
    if np.isneginf(low):
        return "any value" if np.isposinf(high) else f"below {high:.3g}"
    return f"{low:.3g} or more" if np.isposinf(high) else f"{low:.3g} to {high:.3g}"


def _look_up(
    weights: SignalWeights, value: FloatArray, bounds: tuple[FloatArray, FloatArray] | None, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The weight of each value, and its bounds."""
    lows, highs = weights.bounds(confidence)
    low_value = high_value = value
    if bounds is not None:
        # a bound on the wrong side of its value is no bound
        low_value, high_value = np.fmin(bounds[0], value), np.fmax(bounds[1], value)
    last = len(weights.n_planted) - 1
    at, low_at, high_at = (np.minimum(weights.bin_of(each), last) for each in (value, low_value, high_value))
    return weights.weight[at], lows[low_at], highs[high_at]


def _strongest(rows: FloatArray) -> FloatArray:
    """Of each column the value furthest from 0, the positive one of two; it never falls when one rises."""
    top, bottom = rows.max(axis=0), rows.min(axis=0)
    return np.where(top >= -bottom, top, bottom)


def _logistic(log_odds: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-log_odds))
