"""From figures to a status a person can act on, and what would change it.

Here belong the bars a candidate has to pass, the status that follows, and the smallest change that moves a
status or a rank. The figures themselves, the score and the rank come from `ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATUSES = ("recommended", "watch", "avoid", "not_enough_data")

NEAR = float(np.log(2.0))
"""A bar is near where the odds of a probability, or any other figure, are within a factor of two of it:
that a lift of 2.5 would have to fall to 1 tells nobody anything."""

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
    "reviewed",
    "resembles_another",
)
"""Machine codes: the quantity that decided the status; `reviewed`, where a person's decision did, and
`resembles_another`, where the name is that of a better-known account, nearly."""

REVIEWED_SHILL, NOT_REVIEWED, REVIEWED_GENUINE = -1, 0, 1


KINDS = 3
MINIMUM_KINDS = 2
"""Of the `KINDS` of bought influence (followers, engagement, words) so many must have been looked at before
anybody is recommended or merely watched; for `StatusBars.minimum_signals` where kinds are counted."""


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


_OF_RISK = frozenset({"n_signals", "shill_probability_low", "shill_probability_high", "resembles_another"})
"""Quantities whose bars a person's decision passes."""


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
        review: What a person decided: `REVIEWED_SHILL`, `NOT_REVIEWED` or `REVIEWED_GENUINE`; None, nobody.
        resembles_another: Whose name is nearly that of a better-known account; None, nobody's.
    """

    trust: NDArray[np.float64]
    shill_probability_low: NDArray[np.float64]
    shill_probability_high: NDArray[np.float64]
    audience_followers: NDArray[np.float64]
    lift_low: NDArray[np.float64]
    n_signals: NDArray[np.int64]
    audience_size: int
    review: NDArray[np.int8] | None = None
    resembles_another: NDArray[np.bool_] | None = None

    def reviewed_as(self, decision: int) -> NDArray[np.bool_]:
        """Which candidates a person decided so about, bool[k]."""
        if self.review is None:
            return np.zeros(self.trust.shape, dtype=np.bool_)
        return self.review == decision

    @property
    def look_alikes(self) -> NDArray[np.bool_]:
        """`resembles_another`, bool[k]."""
        if self.resembles_another is None:
            return np.zeros(self.trust.shape, dtype=np.bool_)
        return self.resembles_another


@dataclass(frozen=True)
class Changes:
    """Quantities that would have to move, as a table of n rows; several rows of one status move together.

    Attributes:
        candidate: int64[n], ascending; the index of the candidate.
        effect: str[n], "status" or "rank".
        quantity: str[n], the name of the quantity.
        now: float64[n], its value; NaN is unknown.
        relation: str[n], ">", ">=", "<" or "<=": how it must stand to the threshold.
        threshold: float64[n], the value it must pass.
        becomes: str[n], the status, or the rank as a number in text, that follows.
    """

    candidate: NDArray[np.int64]
    effect: NDArray[np.str_]
    quantity: NDArray[np.str_]
    now: NDArray[np.float64]
    relation: NDArray[np.str_]
    threshold: NDArray[np.float64]
    becomes: NDArray[np.str_]


def all_changes(*tables: Changes) -> Changes:
    """Several tables as one, ordered by candidate; rows of one candidate keep the order of the tables."""
    columns = {
        field.name: np.concatenate([getattr(table, field.name) for table in tables])
        for field in fields(Changes)
    }
    order = np.argsort(columns["candidate"], kind="stable")
    return Changes(**{name: column[order] for name, column in columns.items()})


def _changes(
    candidate: NDArray[np.int64],
    effect: str,
    quantity: str,
    now: NDArray[np.float64],
    relation: str | NDArray[np.str_],
    threshold: float | NDArray[np.float64],
    becomes: str | NDArray[np.str_],
) -> Changes:
    """A table in which every row is about the same quantity."""
    n = candidate.size
    return Changes(
        candidate,
        np.repeat(effect, n),
        np.repeat(quantity, n),
        now,
        np.broadcast_to(np.asarray(relation), n),
        np.broadcast_to(np.asarray(threshold, dtype=np.float64), n),
        np.broadcast_to(np.asarray(becomes), n),
    )


def statuses(figures: StatusFigures, bars: StatusBars) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Status and the quantity that decided it.

    In this order: no shill signal measured -> not_enough_data; the shill probability surely high -> avoid;
    signals, audience or followers too few, trust or lift unknown -> not_enough_data; the shill probability
    possibly high, a name that is nearly another's, or a lift that may be chance -> watch; else recommended.
    An unknown quantity never passes a bar.

    A review stands above the signals: one as a shill is to be avoided, and one as genuine has passed every
    bar of risk, that of having been looked at included, because a person has looked. The bars of audience,
    trust and lift stay.

    Returns:
        status [k] out of `STATUSES`, reason [k] out of `STATUS_REASONS`.
    """
    status, reason = _by_rules(figures, bars, np.zeros(figures.trust.shape, dtype=np.bool_))
    if figures.review is None:
        return status, reason
    genuine, shill = figures.reviewed_as(REVIEWED_GENUINE), figures.reviewed_as(REVIEWED_SHILL)
    waived, waived_reason = _by_rules(figures, bars, genuine)
    # a recommendation that the review made possible says so; one that needed no review keeps its own reason
    waived_reason = np.where((waived == "recommended") & (status != waived), "reviewed", waived_reason)
    return np.where(shill, "avoid", waived), np.where(shill, "reviewed", waived_reason)


def _by_rules(
    figures: StatusFigures, bars: StatusBars, has_no_risk: NDArray[np.bool_]
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Status and reason by the bars, without those of risk for some."""
    too_small = np.full(figures.trust.shape, figures.audience_size < bars.minimum_audience)
    risky = ~has_no_risk
    rules = (
        (risky & (figures.n_signals <= 0), "not_enough_data", "n_signals"),
        (risky & (figures.shill_probability_low >= bars.avoid_from), "avoid", "shill_probability_low"),
        (risky & (figures.n_signals < bars.minimum_signals), "not_enough_data", "n_signals"),
        (too_small, "not_enough_data", "audience_size"),
        (
            ~(figures.audience_followers >= bars.minimum_audience_followers),
            "not_enough_data",
            "audience_followers",
        ),
        (np.isnan(figures.trust), "not_enough_data", "trust_not_measured"),
        (np.isnan(figures.lift_low), "not_enough_data", "lift_not_measured"),
        (risky & (figures.shill_probability_high >= bars.watch_from), "watch", "shill_probability_high"),
        (risky & figures.look_alikes, "watch", "resembles_another"),
        (figures.lift_low <= bars.lift_above, "watch", "lift_low"),
    )
    fails = [rule[0] for rule in rules]
    status = np.select(fails, [rule[1] for rule in rules], default="recommended")
    reason = np.select(fails, [rule[2] for rule in rules], default="all_bars_met")
    return status, reason


def status_changes(figures: StatusFigures, status: NDArray[np.str_], bars: StatusBars) -> Changes:
    """What would change each status.

    For a candidate that is not recommended: every bar it fails, all of which it must pass to be recommended;
    for one that a person decided to be a shill, that decision too. Bars of risk that a person's decision has
    passed are left out.
    For a recommended one: the one bar it is nearest to failing (distance on the logit scale for a
    probability, on the log scale else), if that is at most `NEAR` away.

    Returns:
        The changes; every candidate has at least one row but a recommended one that is far from all bars.
    """
    recommended = status == "recommended"
    return all_changes(_unmet(figures, ~recommended, bars), _nearest_loss(figures, recommended, bars))


def _unmet(figures: StatusFigures, rows: NDArray[np.bool_], bars: StatusBars) -> Changes:
    """The bars that stand between candidates and a recommendation."""
    size = np.full(figures.trust.shape, float(figures.audience_size))
    cleared = figures.reviewed_as(REVIEWED_GENUINE)
    decided = np.flatnonzero(rows & figures.reviewed_as(REVIEWED_SHILL))
    bar_of = (
        ("n_signals", figures.n_signals.astype(np.float64), ">=", float(max(bars.minimum_signals, 1))),
        ("audience_size", size, ">=", float(bars.minimum_audience)),
        ("audience_followers", figures.audience_followers, ">=", float(bars.minimum_audience_followers)),
        ("trust", figures.trust, ">=", 0.0),
        ("lift_low", figures.lift_low, ">", bars.lift_above),
        ("shill_probability_low", figures.shill_probability_low, "<", bars.avoid_from),
        ("shill_probability_high", figures.shill_probability_high, "<", bars.watch_from),
        ("resembles_another", figures.look_alikes.astype(np.float64), "<", 1.0),
    )
    unknown = np.full(decided.size, np.nan)
    found = [_changes(decided, "status", "review", unknown, ">", float(REVIEWED_SHILL), "recommended")]
    for quantity, now, relation, threshold in bar_of:
        holds = {">": now > threshold, ">=": now >= threshold, "<": now < threshold}[relation]
        if quantity in _OF_RISK:
            holds = holds | cleared
        failing = np.flatnonzero(rows & ~holds)  # an unknown value never holds
        found.append(_changes(failing, "status", quantity, now[failing], relation, threshold, "recommended"))
    return all_changes(*found)


def _nearest_loss(figures: StatusFigures, rows: NDArray[np.bool_], bars: StatusBars) -> Changes:
    """The bar that each recommended candidate is nearest to failing."""
    at = np.flatnonzero(rows)
    never = np.where(figures.reviewed_as(REVIEWED_GENUINE)[at], np.inf, 0.0)
    high, low = figures.shill_probability_high[at], figures.shill_probability_low[at]
    lift, followers = figures.lift_low[at], figures.audience_followers[at]
    losses = [
        (
            logit(bars.watch_from) - logit(high) + never,
            _changes(at, "status", "shill_probability_high", high, ">=", bars.watch_from, "watch"),
        ),
        (
            logit(bars.avoid_from) - logit(low) + never,
            _changes(at, "status", "shill_probability_low", low, ">=", bars.avoid_from, "avoid"),
        ),
        (
            np.log(lift / bars.lift_above),
            _changes(at, "status", "lift_low", lift, "<=", bars.lift_above, "watch"),
        ),
    ]
    # The size of the audience is left out: as near for every candidate, it says nothing of this one.
    fewest = float(bars.minimum_audience_followers)
    if fewest > 0:
        lost = _changes(at, "status", "audience_followers", followers, "<", fewest, "not_enough_data")
        losses.append((np.log(followers / fewest), lost))
    distances = np.stack([distance for distance, _ in losses])
    nearest, is_near = np.argmin(distances, axis=0), distances.min(axis=0) <= NEAR
    return all_changes(
        *(_taken(table, is_near & (nearest == place)) for place, (_, table) in enumerate(losses))
    )


def rank_changes_needed(
    score: NDArray[np.float64],
    order: NDArray[np.int64],
    trust_low: NDArray[np.float64],
    shill_probability_high: NDArray[np.float64],
) -> Changes:
    """The smallest move of one factor of the score that changes each rank by one.

    A candidate rises by passing the score above it; the first falls by dropping below the second. Of the two
    factors trust_low and shill_probability_high, the one that has to move less is named; a move beyond 0 ..
    1 is impossible, and where both are, the candidate has no row.

    Args:
        score: float64[k], trust_low x (1 - shill_probability_high); NaN is unknown.
        order: int64[k], candidates from first to last.
        trust_low: float64[k].
        shill_probability_high: float64[k].

    Returns:
        The changes, at most one row per candidate.
    """
    place = np.arange(order.size)
    rises = place > 0
    neighbour = order[np.where(rises, place - 1, min(1, order.size - 1))]
    target, trust, risk = score[neighbour], trust_low[order], shill_probability_high[order]
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = np.stack(
            (
                np.where(risk < 1, target / (1 - risk), np.inf),
                np.where(trust > 0, 1 - target / trust, -np.inf),
            )
        )
    now = np.stack((trust, risk))
    distance = np.where((needed >= 0) & (needed <= 1), np.abs(needed - now), np.inf)
    # With nobody else to pass, and where a score is unknown, nothing can be said.
    distance[:, np.isnan(target) | np.isnan(trust) | (order.size == 1)] = np.inf
    becomes = np.where(rises, place, place + 2).astype(str)
    by_trust = (distance[0] <= distance[1]) & np.isfinite(distance[0])
    by_risk = ~by_trust & np.isfinite(distance[1])
    tables = []
    for quantity, row, named, towards in (
        ("trust_low", 0, by_trust, (">", "<")),
        ("shill_probability_high", 1, by_risk, ("<", ">")),
    ):
        relation = np.where(rises, *towards)[named]
        tables.append(
            _changes(
                order[named],
                "rank",
                quantity,
                now[row, named],
                relation,
                needed[row, named],
                becomes[named],
            )
        )
    return all_changes(*tables)


def _taken(table: Changes, kept: NDArray[np.bool_]) -> Changes:
    """Some rows of a table."""
    return Changes(**{field.name: getattr(table, field.name)[kept] for field in fields(Changes)})


def logit(probability: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds, kept finite by holding probabilities a hair inside 0 .. 1."""
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.log(inside / (1 - inside))
