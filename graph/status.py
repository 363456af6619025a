"""From figures to a status a person can act on, and what would change it.

Here belong the bars a candidate has to pass, the status that follows, and the smallest change that moves a
status or a rank. The figures themselves, the score and the rank come from `ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATUSES = ("recommended", "watch", "avoid", "not_enough_data")

STATUS_REASONS = (
    "all_bars_met",
    "shill_probability_low",
    "shill_probability_high",
    "lift_low",
    "lift_not_measured",
    "trust_not_measured",
    "n_signals",
    "audience_followers",
    "audience_size",
)
"""Machine codes: the quantity that decided the status."""


@dataclass(frozen=True)
class StatusBars:
    """Where one status ends and the next begins.

    A small audience takes away what Vouch may promise, never what it must warn of: below `minimum_audience`
    nobody is recommended or merely watched, yet `avoid`, which rests on the network and not on the audience,
    stays. The uncertainty of a small audience is carried by the intervals already, so a small brand may
    lower the bar.

    Attributes:
        minimum_audience: Smallest audience for a recommendation. 150 is the bar SparkToro sets; 0 switches
            it off.
        minimum_audience_followers: Fewest members of the audience that must follow a candidate.
        minimum_signals: Fewest shill signals (or kinds of them, as the caller counts) that must have been
            measured for a recommendation: one clean sign is not a clean bill.
        avoid_from: `avoid` where the shill probability's lower bound reaches this.
        watch_from: `watch` where the shill probability's upper bound reaches this: three times the base rate
            of 8 %, so that a sign too weak for a warning is not passed over in a recommendation.
        lift_above: `watch` where the lift's lower bound does not exceed this.
    """

    minimum_audience: int = 150
    minimum_audience_followers: int = 5
    minimum_signals: int = 1
    avoid_from: float = 0.5
    watch_from: float = 0.25
    lift_above: float = 1.0

    def faults(self) -> list[str]:
        """What is wrong with these bars, one line each."""
        wrong = []
        if min(self.minimum_audience, self.minimum_audience_followers, self.minimum_signals) < 0:
            wrong.append("minimum_audience, minimum_audience_followers and minimum_signals must be >= 0")
        if not (0 < self.avoid_from <= 1 and 0 < self.watch_from <= 1):
            wrong.append("avoid_from and watch_from must lie in (0, 1]")
        if not self.lift_above > 0:
            wrong.append("lift_above must be > 0")
        return wrong


@dataclass(frozen=True)
class StatusFigures:
    """The figures a status is made from, arrays [k] unless said otherwise; NaN is unknown.

    Attributes:
        trust: Trust score.
        shill_probability_low: Lower bound of the shill probability.
        shill_probability_high: Upper bound of the shill probability.
        audience_followers: Members of the audience that follow the candidate, raw.
        lift_low: Lower bound of the lift.
        n_signals: Shill signals that were measured.
        audience_size: One number, members of the audience.
    """

    trust: NDArray[np.float64]
    shill_probability_low: NDArray[np.float64]
    shill_probability_high: NDArray[np.float64]
    audience_followers: NDArray[np.float64]
    lift_low: NDArray[np.float64]
    n_signals: NDArray[np.int64]
    audience_size: int


@dataclass(frozen=True)
class Change:
    """One quantity that would have to move, alone or with its neighbours in the same tuple.

    Attributes:
        effect: "status" or "rank".
        quantity: The name of the quantity.
        now: Its value; NaN is unknown.
        relation: ">", ">=" or "<": how it must stand to the threshold.
        threshold: The value it must pass.
        becomes: The status, or the rank as a number in text, that follows.
    """

    effect: str
    quantity: str
    now: float
    relation: str
    threshold: float
    becomes: str


def statuses(figures: StatusFigures, bars: StatusBars) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Status and the quantity that decided it.

    In this order: no shill signal measured -> not_enough_data; the shill probability surely high -> avoid;
    signals, audience or followers too few, trust or lift unknown -> not_enough_data; the shill probability
    possibly high, or a lift that may be chance -> watch; else recommended. An unknown quantity never passes
    a bar.

    Returns:
        status [k] out of `STATUSES`, reason [k] out of `STATUS_REASONS`.
    """
    too_small = np.full(figures.trust.shape, figures.audience_size < bars.minimum_audience)
    rules = (
        (figures.n_signals <= 0, "not_enough_data", "n_signals"),
        (figures.shill_probability_low >= bars.avoid_from, "avoid", "shill_probability_low"),
        (figures.n_signals < bars.minimum_signals, "not_enough_data", "n_signals"),
        (too_small, "not_enough_data", "audience_size"),
        (
            ~(figures.audience_followers >= bars.minimum_audience_followers),
            "not_enough_data",
            "audience_followers",
        ),
        (np.isnan(figures.trust), "not_enough_data", "trust_not_measured"),
        (np.isnan(figures.lift_low), "not_enough_data", "lift_not_measured"),
        (figures.shill_probability_high >= bars.watch_from, "watch", "shill_probability_high"),
        (figures.lift_low <= bars.lift_above, "watch", "lift_low"),
    )
    fails = [rule[0] for rule in rules]
    status = np.select(fails, [rule[1] for rule in rules], default="recommended")
    reason = np.select(fails, [rule[2] for rule in rules], default="all_bars_met")
    return status, reason


def status_changes(
    figures: StatusFigures, status: NDArray[np.str_], bars: StatusBars
) -> list[tuple[Change, ...]]:
    """What would change each status.

    For a candidate that is not recommended: every bar it fails, all of which it must pass to be recommended.
    For a recommended one: the one bar it is nearest to failing (distance on the logit scale for a
    probability, on the log scale else).

    Returns:
        One tuple per candidate.
    """
    return [
        _nearest_loss(figures, row, bars) if status[row] == "recommended" else _unmet(figures, row, bars)
        for row in range(status.size)
    ]


def _unmet(figures: StatusFigures, row: int, bars: StatusBars) -> tuple[Change, ...]:
    """The bars that stand between a candidate and a recommendation."""
    probability_low = float(figures.shill_probability_low[row])
    probability_high = float(figures.shill_probability_high[row])
    bar_of = (
        ("n_signals", float(figures.n_signals[row]), ">=", float(max(bars.minimum_signals, 1))),
        ("audience_size", float(figures.audience_size), ">=", float(bars.minimum_audience)),
        (
            "audience_followers",
            float(figures.audience_followers[row]),
            ">=",
            float(bars.minimum_audience_followers),
        ),
        ("trust", float(figures.trust[row]), ">=", 0.0),
        ("lift_low", float(figures.lift_low[row]), ">", bars.lift_above),
        ("shill_probability_low", probability_low, "<", bars.avoid_from),
        ("shill_probability_high", probability_high, "<", bars.watch_from),
    )
    return tuple(
        Change("status", quantity, now, relation, threshold, "recommended")
        for quantity, now, relation, threshold in bar_of
        if not _holds(now, relation, threshold)
    )


def _nearest_loss(figures: StatusFigures, row: int, bars: StatusBars) -> tuple[Change, ...]:
    """The bar that a recommended candidate is nearest to failing."""
    high, low = float(figures.shill_probability_high[row]), float(figures.shill_probability_low[row])
    lift, followers = float(figures.lift_low[row]), float(figures.audience_followers[row])
    losses = [
        (
            logit(bars.watch_from) - logit(high),
            Change("status", "shill_probability_high", high, ">=", bars.watch_from, "watch"),
        ),
        (
            logit(bars.avoid_from) - logit(low),
            Change("status", "shill_probability_low", low, ">=", bars.avoid_from, "avoid"),
        ),
        (
            np.log(lift / bars.lift_above),
            Change("status", "lift_low", lift, "<=", bars.lift_above, "watch"),
        ),
    ]
    # The size of the audience is left out: as near for every candidate, it says nothing of this one.
    fewest = float(bars.minimum_audience_followers)
    if fewest > 0:
        change = Change("status", "audience_followers", followers, "<", fewest, "not_enough_data")
        losses.append((np.log(followers / fewest), change))
    return (min(losses, key=lambda loss: float(loss[0]))[1],)


def _holds(now: float, relation: str, threshold: float) -> bool:
    """Whether a value stands as it must; an unknown one never does."""
    return {">": now > threshold, ">=": now >= threshold, "<": now < threshold}[relation]


def rank_changes_needed(
    score: NDArray[np.float64],
    order: NDArray[np.int64],
    trust_low: NDArray[np.float64],
    shill_probability_high: NDArray[np.float64],
) -> list[tuple[Change, ...]]:
    """The smallest move of one factor of the score that changes each rank by one.

    A candidate rises by passing the score above it; the first falls by dropping below the second. Of the two
    factors trust_low and shill_probability_high, the one that has to move less is named; a move beyond 0 ..
    1 is impossible, and where both are, the tuple is empty.

    Args:
        score: float64[k], trust_low x (1 - shill_probability_high); NaN is unknown.
        order: int64[k], candidates from first to last.
        trust_low: float64[k].
        shill_probability_high: float64[k].

    Returns:
        One tuple per candidate, with at most one change.
    """
    found: list[tuple[Change, ...]] = [()] * score.size
    for place, candidate in enumerate(order):
        rises = place > 0
        if not rises and order.size == 1:
            continue
        neighbour = order[place - 1] if rises else order[1]
        target, trust, risk = score[neighbour], trust_low[candidate], shill_probability_high[candidate]
        if np.isnan(target) or np.isnan(trust):
            continue
        trust_needed = target / (1 - risk) if risk < 1 else np.inf
        risk_needed = 1 - target / trust if trust > 0 else -np.inf
        becomes = str(place if rises else place + 2)
        moves = []
        if 0 <= trust_needed <= 1:
            relation = ">" if rises else "<"
            moves.append(Change("rank", "trust_low", float(trust), relation, float(trust_needed), becomes))
        if 0 <= risk_needed <= 1:
            relation = "<" if rises else ">"
            moves.append(
                Change("rank", "shill_probability_high", float(risk), relation, float(risk_needed), becomes)
            )
        found[candidate] = tuple(sorted(moves, key=lambda move: abs(move.threshold - move.now))[:1])
    return found


def logit(probability: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds, kept finite by holding probabilities a hair inside 0 .. 1."""
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.log(inside / (1 - inside))
