"""Signals joined to a probability that a person can check: weights of evidence, as in a scorecard.

Belongs here: looking signals up in a table of weights, and joining them by money group with an interval. Does
not belong here: the table (`graph.shill.evidence_table`), the signals, and recalibration on a user's own
labels.

Signals are grouped by the money they follow: bought followers, bought engagement, bought words.
Within a group the strongest weight counts, so that one fact seen three ways is not counted three times, and
no group may say more than ±`GROUP_CAP`: the highest where a signal fires (`FIRES_FROM`), for not everything
that can be bought is seen by every signal of its group, and else the lowest. A signal that was measured and
did not fire speaks in favour; a signal that was not measured says nothing.

Across groups one thing bought is enough. Whoever pays for words and for nothing else has honest followers, so
clean followers must not excuse the words: the sum of weights over groups, which takes them for independent
signs of one fault, would let them. A shill is an account that bought at least one of the three, each with the
chance `ALSO_BOUGHT`; of what it did not buy it looks like anybody. That is a mixture with a closed form
(`join_evidence`), in which a group that was not measured keeps its share of the suspicion.

Weights and their bounds never fall as a signal rises, and neither does the mixture, so lowering a signal can
only lower the probability and both its bounds. The rule that honesty is never punished rests on that.

References:
    Good, "Weight of evidence: a brief survey", Bayesian Statistics 2, 1985.
    Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, 4.3 (several causes, any is enough).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from graph.shill.evidence_table import (
    CONFIDENCE,
    MONEY_GROUPS,
    EvidenceTableError,
    EvidenceWeights,
    SignalWeights,
    learn_weights,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
GROUP_CAP = 6.0
"""The most that one kind of money may say, as a log likelihood ratio: about 400 to 1."""
FIRES_FROM = 1.0
"""Log likelihood ratio from which a signal fires: about three to one."""
ALSO_BOUGHT = 0.25
"""Chance that a shill bought one kind of money; given that it bought any, most bought one."""


@dataclass(frozen=True)
class ShillProbability:
    """What the signals add up to for n accounts.

    Attributes:
        probability: float64[n], never NaN; the prior where no signal was measured.
        low, high: bounds, float64[n]; 0 and 1 where no signal was measured.
        contributions: by signal, float64[n]: by how much the log odds would differ without its group; 0 where
            a stronger signal of its group counted instead, NaN where it was not measured. Clean followers
            hardly count for somebody whose words look bought, so these do not add up to the log odds.
        n_signals: int64[n], signals measured. Where 0, publish no probability.
        own_weights: by signal, float64[n]: its own log likelihood ratio, whatever else was measured; NaN
            where it was not measured.
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    contributions: dict[str, FloatArray]
    n_signals: IntArray
    own_weights: dict[str, FloatArray]


def join_evidence(
    values: Mapping[str, FloatArray],
    measured: Mapping[str, BoolArray],
    table: EvidenceWeights,
    prior: float = DEFAULT_PRIOR,
    *,
    at_least: Mapping[str, FloatArray] | None = None,
    confidence: float = CONFIDENCE,
) -> ShillProbability:
    """Joins the signals of n accounts.

    With L_g the likelihood ratio of the strongest weight of money group g, within ±`GROUP_CAP`, 1 where none
    was measured, and q = `ALSO_BOUGHT`:

        log odds = logit(prior) + log [(Π_g (1 − q + q·L_g) − (1 − q)^G) / (1 − (1 − q)^G)]

    The interval moves every weight to its bounds (the rates were learned from finite numbers of accounts), of
    all groups at once, and for its lower end every value to its own lower bound, where one is given: a share
    of 30 followers may be another bin's, and nobody is told to be surely a risk for what less than usual was
    read of. Not so the upper end: weights were learned on values as they are measured, with their usual
    noise, and to count that again would call few posts a risk. Signals the table does not know add nothing.

    Args:
        values: By signal, float64[n]; NaN counts as not measured.
        measured: By signal, bool[n].
        table: The weights.
        prior: Share of shills expected before any signal, in (0, 1).
        at_least: By signal, the lower bound of the value, float64[n]; NaN leaves the value itself.
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
    own_weights = {signal: np.full(n, np.nan) for signal in values}
    n_signals = np.zeros(n, dtype=np.int64)
    prior_log_odds = float(np.log(prior) - np.log1p(-prior))
    groups: list[_Group] = []
    for group in MONEY_GROUPS:
        members = [
            weights for weights in table.signals if weights.group == group and weights.signal in values
        ]
        if not members:
            continue
        looked_up = [
            _look_up(weights, values[weights.signal], (at_least or {}).get(weights.signal), confidence)
            for weights in members
        ]
        known = np.vstack([measured[w.signal] & np.isfinite(values[w.signal]) for w in members])
        point, low, high = (
            np.clip(np.vstack([row[part] for row in looked_up]), -GROUP_CAP, GROUP_CAP) for part in range(3)
        )
        counted = _strongest(point, known)
        own_weights |= {
            weights.signal: np.where(known[row], point[row], np.nan) for row, weights in enumerate(members)
        }
        n_signals += known.sum(axis=0)
        groups.append(
            _Group(
                members,
                known,
                np.argmax(known & (point == counted), axis=0),
                counted,
                _strongest(low, known),
                _strongest(high, known),
            )
        )
    every = [group.counted for group in groups]
    log_odds = prior_log_odds + _any_bought(every, n)
    for place, group in enumerate(groups):
        without = prior_log_odds + _any_bought([*every[:place], *every[place + 1 :]], n)
        for row, weights in enumerate(group.members):
            share = np.where(group.strongest == row, log_odds - without, 0.0)
            contributions[weights.signal] = np.where(group.known[row], share, np.nan)
    is_known = n_signals > 0
    low = prior_log_odds + _any_bought([group.low for group in groups], n)
    high = prior_log_odds + _any_bought([group.high for group in groups], n)
    return ShillProbability(
        probability=expit(log_odds),
        low=np.where(is_known, expit(low), 0.0),
        high=np.where(is_known, expit(high), 1.0),
        contributions=contributions,
        n_signals=n_signals,
        own_weights=own_weights,
    )


@dataclass(frozen=True)
class _Group:
    """One money group of n accounts: its signals, who was measured by which, and its weight with bounds."""

    members: list[SignalWeights]
    known: BoolArray
    strongest: NDArray[np.intp]
    counted: FloatArray
    low: FloatArray
    high: FloatArray


def _any_bought(weights: Sequence[FloatArray], n: int) -> FloatArray:
    """Log likelihood ratio of having bought at least one kind of money, float64[n]; never falls in a weight.

    Kinds without a weight count as not measured: what is bought of them is as likely as before.
    """
    not_bought = (1.0 - ALSO_BOUGHT) ** len(MONEY_GROUPS)
    any_or_none = np.ones(n)
    for weight in weights:
        any_or_none *= 1.0 - ALSO_BOUGHT + ALSO_BOUGHT * np.exp(weight)
    return np.log(np.maximum(any_or_none - not_bought, 0.0) / (1.0 - not_bought))


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
    weights: SignalWeights, value: FloatArray, at_least: FloatArray | None, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The weight of each value, and its bounds."""
    lows, highs = weights.bounds(confidence)
    # a bound on the wrong side of its value is no bound
    low_value = value if at_least is None else np.fmin(at_least, value)
    last = len(weights.n_planted) - 1
    at, low_at = (np.minimum(weights.bin_of(each), last) for each in (value, low_value))
    return weights.weight[at], lows[low_at], highs[at]


def _strongest(rows: FloatArray, known: BoolArray) -> FloatArray:
    """Of each column the highest known value where one fires, else the lowest, and 0 where none is known.

    It never falls when a value rises.
    """
    top = np.where(known, rows, -np.inf).max(axis=0)
    bottom = np.where(known, rows, np.inf).min(axis=0)
    return np.where(known.any(axis=0), np.where(top >= FIRES_FROM, top, bottom), 0.0)
