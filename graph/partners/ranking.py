"""Trust, score and rank of candidates, with how sure each of them is.

Here belong the weights of the trust parts, the join of trust and risk to a score, and the rank interval.
What a status means and what would change it is in `status`; the parts are measured in `endorsement`,
`affinity` and `word_of_mouth`, the risk in `weights_of_evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from graph.partners.status import (
    StatusBars,
    StatusFigures,
    all_changes,
    logit,
    rank_changes_needed,
    status_changes,
    statuses,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from graph.partners.status import Changes

TRUST_PARTS = ("endorsement", "affinity", "conversation", "word_of_mouth")
"""The parts of trust. How much each counts is no matter of this module: the weights are a table that comes
with Vouch, with a version, and a user may change them. A part that was not measured drops out and the rest is
rescaled."""

FEW_VOICES = 0.05
"""Share of the audience below which even the most spoken of candidate counts as little spoken of."""

LISTENERS_ASSUMED = 10.0
"""Listeners of the usual habits that are added to everybody's when it is asked how many of them speak: below
about as many of one's own, a rate is mostly luck."""


@dataclass(frozen=True)
class RankingSettings:
    """What a person may set about the ranking.

    Attributes:
        weights: Weight > 0 of each trust part.
        bars: Where one status ends and the next begins.
        weight_concentration: How closely perturbed weights keep to the table (sum of the Dirichlet's
            parameters); 50 moves a weight of 0.6 by about 0.07.
        interval_low: Lower quantile of the trust and rank intervals.
        interval_high: Upper quantile.
        risk_level: The confidence level of the risk intervals handed in.
    """

    weights: Mapping[str, float]
    bars: StatusBars = field(default_factory=StatusBars)
    weight_concentration: float = 50.0
    interval_low: float = 0.05
    interval_high: float = 0.95
    risk_level: float = 0.90

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing, all faults at once."""
        wrong = self.bars.faults()
        if not self.weights or not all(np.isfinite(w) and w > 0 for w in self.weights.values()):
            wrong.append("weights must be finite and > 0; leave a part out instead of giving it 0")
        if not self.weight_concentration > 0:
            wrong.append("weight_concentration must be > 0")
        if not 0 <= self.interval_low <= 0.5 <= self.interval_high <= 1:
            wrong.append("interval_low and interval_high must lie around 0.5, in 0 .. 1")
        if not 0 < self.risk_level < 1:
            wrong.append("risk_level must lie in (0, 1)")
        if wrong:
            raise ValueError("The ranking settings cannot be used: " + "; ".join(wrong) + ". Mend them.")


@dataclass(frozen=True)
class CandidateFigures:
    """What is known of k candidates when they are ranked, with B replicates of the audience.

    Attributes:
        parts: {name: float64[k] in 0 .. 1} as `trust_parts` makes them; NaN is not measured.
        replicate_parts: {name: float64[k, B]} as `replicate_trust_parts` makes them. A part without
            replicates is held at its value.
        risk: float64[k], shill probability; the prior's where nothing was measured.
        risk_low: float64[k], its lower bound.
        risk_high: float64[k], its upper bound.
        audience_followers: float64[k], members of the audience that follow the candidate, raw.
        audience_followers_cleaned: float64[k], their weight.
        lift_low: float64[k], lower bound of the lift; NaN is unknown.
        n_signals: int64[k], shill signals that were measured.
        audience_size: Members of the audience.
        part_spreads: {name: float64[k] >= 0}, standard deviation of a part that is uncertain for reasons of
            its own (how few answers were seen), whoever is in the audience. It widens the rank interval.
        review: int8[k], what people decided (`graph.partners.status`); it moves the status, never score or
            rank.
        resembles_another: bool[k], whose name is nearly that of a better-known account; likewise.
    """

    parts: Mapping[str, NDArray[np.float64]]
    replicate_parts: Mapping[str, NDArray[np.float64]]
    risk: NDArray[np.float64]
    risk_low: NDArray[np.float64]
    risk_high: NDArray[np.float64]
    audience_followers: NDArray[np.float64]
    audience_followers_cleaned: NDArray[np.float64]
    lift_low: NDArray[np.float64]
    n_signals: NDArray[np.int64]
    audience_size: int
    part_spreads: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    review: NDArray[np.int8] | None = None
    resembles_another: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Ranking:
    """Ranked candidates, in the order in which they came. Arrays [k].

    Attributes:
        score: trust_low x (1 - shill_probability_high); NaN where trust is unknown.
        rank: 1 .. k, each once.
        rank_low: Best rank in the interval, <= rank.
        rank_high: Worst rank in the interval, >= rank.
        trust: Weighted mean of the measured parts, 0 .. 1.
        trust_low: Lower quantile over replicates of the audience, or trust where that is lower.
        trust_high: Upper quantile, or trust where that is higher.
        contributions: {name: what the part adds to trust}; they sum to trust, NaN where not measured.
        status: One of `status.STATUSES`.
        status_reason: One of `status.STATUS_REASONS`.
        what_would_change: The changes that would move the status or the rank of each candidate, as a table.
    """

    score: NDArray[np.float64]
    rank: NDArray[np.int64]
    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]
    trust: NDArray[np.float64]
    trust_low: NDArray[np.float64]
    trust_high: NDArray[np.float64]
    contributions: dict[str, NDArray[np.float64]]
    status: NDArray[np.str_]
    status_reason: NDArray[np.str_]
    what_would_change: Changes


def trust_parts(
    endorsement: ArrayLike,
    lift_low: ArrayLike,
    voices_cleaned: ArrayLike,
    conversation: ArrayLike | None = None,
    *,
    listeners_cleaned: ArrayLike | None = None,
    few_voices: float = 0.0,
) -> dict[str, NDArray[np.float64]]:
    """The parts of trust on a common scale of 0 to 1.

    endorsement: sqrt(x / largest x among the candidates), because it is heavy-tailed and the first would
    otherwise leave nothing to see of the rest; affinity: 1 - 1 / max(1, lift_low); conversation as it was
    measured. Word of mouth is the geometric mean of two questions: how many speak, sqrt(voices / most), and
    how many of those who listen do, `sharing_rate` / the highest. The first alone puts size first; with the
    second a small voice whose listeners pass it on stands beside a large one. Where the largest is 0, the
    part was measured and is 0.

    Args:
        endorsement: float64[k] or [k, B]; values below 0 are rounding and count as 0. NaN is not measured.
        lift_low: Lower bound of the lift, same shape.
        voices_cleaned: Weight of distinct members that speak of the candidate, same shape.
        conversation: 0 .. 1, with the typical value where it was not measured (`unmeasured`), so that who
            could not be looked at is neither helped nor hurt; None leaves the part out.
        listeners_cleaned: Weight of the members that follow the candidate or speak of it, same shape; None
            asks only how many speak.
        few_voices: The largest is taken to be at least this, so that six voices, the most that anybody has in
            thin data, do not count as if the whole audience spoke; normally `FEW_VOICES` of the audience.

    Returns:
        {"endorsement", "affinity", "conversation", "word_of_mouth"}, each of the input's shape; every
        replicate has its own largest.
    """
    lift = np.asarray(lift_low, dtype=np.float64)
    voices = np.asarray(voices_cleaned, dtype=np.float64)
    talk = _root_share(voices, few_voices)
    if listeners_cleaned is not None:
        rate = sharing_rate(voices, np.asarray(listeners_cleaned, dtype=np.float64))
        highest = np.max(np.nan_to_num(rate, nan=0.0), axis=0, initial=0.0)
        talk = np.sqrt(talk * rate / np.where(highest > 0, highest, 1.0))
    parts = {
        "endorsement": _root_share(np.asarray(endorsement, dtype=np.float64)),
        "affinity": 1.0 - 1.0 / np.maximum(1.0, lift),
        "word_of_mouth": talk,
    }
    if conversation is not None:
        parts["conversation"] = np.asarray(conversation, dtype=np.float64)
    return parts


def sharing_rate(voices: NDArray[np.float64], listeners: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many of those who listen to a candidate speak of it: (v + a·m) / (l + a).

    m is the rate of all candidates together and a is `LISTENERS_ASSUMED`, so that 4 of 4 does not beat 40 of
    50. Whoever speaks of somebody without following listens as well: l is the union of both, because with
    the larger of the two for it, speakers who do not follow would count above the line and not below it.

    Args:
        voices: float64[k] or [k, B], weight of the members who speak of it; NaN is not measured.
        listeners: Weight of the members who follow it or speak of it, same shape, at least `voices`.

    Returns:
        The rates, 0 .. 1, NaN where not measured.
    """
    spoken = np.maximum(voices, 0.0)
    all_heard = np.nansum(np.where(np.isnan(spoken), np.nan, listeners), axis=0)
    mean = np.nansum(spoken, axis=0) / np.where(all_heard > 0, all_heard, 1.0)
    return (spoken + LISTENERS_ASSUMED * mean) / (listeners + LISTENERS_ASSUMED)


def replicate_trust_parts(
    endorsement: NDArray[np.float64],
    lift: NDArray[np.float64],
    voices_cleaned: NDArray[np.float64],
    *,
    point_lift: NDArray[np.float64],
    point_lift_low: NDArray[np.float64],
    listeners_cleaned: NDArray[np.float64] | None = None,
    few_voices: float = 0.0,
) -> dict[str, NDArray[np.float64]]:
    """The parts of trust in every replicate, on the same footing as the point estimate.

    The affinity part stands on the lift's lower bound and a replicate has only a lift. Its bound is taken to
    lie as far below it, in proportion, as the point's: without that every replicate would exceed the
    estimate.

    Args:
        endorsement: float64[k, B].
        lift: float64[k, B].
        voices_cleaned: float64[k, B].
        point_lift: float64[k], the estimate's lift.
        point_lift_low: float64[k], its lower bound.
        listeners_cleaned: float64[k, B], weight of the members that follow each candidate or speak of it.
        few_voices: As for `trust_parts`.

    Returns:
        As `trust_parts` without conversation, each [k, B]: who answers whom does not hang on who was drawn.
    """
    known = point_lift > 0
    ratio = np.divide(point_lift_low, point_lift, out=np.full(point_lift.shape, np.nan), where=known)
    return trust_parts(
        endorsement,
        lift * ratio[:, None],
        voices_cleaned,
        listeners_cleaned=listeners_cleaned,
        few_voices=few_voices,
    )


def trust_contributions(
    parts: Mapping[str, NDArray[np.float64]], weights: Mapping[str, ArrayLike]
) -> dict[str, NDArray[np.float64]]:
    """What each part adds to trust: weight x part / sum of the weights of the parts that were measured.

    Args:
        parts: {name: array}, NaN where not measured; all of one shape.
        weights: {name: weight > 0}, numbers or arrays that broadcast against the parts.

    Returns:
        {name: array}, NaN where not measured.

    Raises:
        ValueError: If a part has no weight.
    """
    missing = sorted(parts.keys() - weights.keys())
    if missing:
        raise ValueError(f"No weight for {', '.join(missing)}; add it to the table of weights.")
    weight = {name: np.asarray(weights[name], dtype=np.float64) for name in parts}
    measured = np.sum([np.where(np.isnan(part), 0.0, weight[name]) for name, part in parts.items()], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {name: weight[name] * part / measured for name, part in parts.items()}


def trust_score(
    parts: Mapping[str, NDArray[np.float64]], weights: Mapping[str, ArrayLike]
) -> NDArray[np.float64]:
    """Weighted mean of the measured parts; NaN where none was measured.

    Args:
        parts: {name: array in 0 .. 1}, NaN where not measured.
        weights: {name: weight > 0}.

    Returns:
        Array of the parts' shape, 0 .. 1.
    """
    return _sum_known(trust_contributions(parts, weights))


def rank_candidates(figures: CandidateFigures, settings: RankingSettings, seed: int) -> Ranking:
    """Rank candidates by the lower bound of trust and the upper bound of risk.

    The trust interval holds quantiles of trust over replicates of the audience, with the table's weights:
    what a different sample of the same audience would say. The rank interval also perturbs the weights
    (Dirichlet around the table), draws each risk from its interval (normal on the logit scale, its two
    sides apart), and parts that are uncertain of themselves around their values: what a different judgement
    would say as well. Ties in score go to more cleaned audience
    followers, then to the lower index.

    Nothing but trust and risk enters the score: to disclose a partnership, or to be measured by more signals,
    changes a rank only through the risk it leads to.

    Args:
        figures: What is known of the candidates.
        settings: Weights, bars and quantiles.
        seed: Seed of the draws.

    Returns:
        The ranking, in the order of the candidates.

    Raises:
        ValueError: If arrays disagree in shape or a probability or part leaves 0 .. 1; all faults at once.
    """
    n_candidates = _check(figures)
    contributions = trust_contributions(figures.parts, settings.weights)
    trust = _sum_known(contributions)
    replicates = _aligned_replicates(figures)
    resampled = trust_score(replicates, settings.weights)
    # The estimate is one more look at the same audience; where resampling shifts a figure (a maximum over
    # noise, a root), the interval is widened to hold it. Centring the replicates on it instead puts planted
    # trusted voices a little lower (docs/METHODS.md).
    trust_low = np.minimum(np.quantile(resampled, settings.interval_low, axis=1), trust)
    trust_high = np.maximum(np.quantile(resampled, settings.interval_high, axis=1), trust)
    score = trust_low * (1.0 - figures.risk_high)

    order = np.lexsort((np.arange(n_candidates), -figures.audience_followers_cleaned, -_unknown_last(score)))
    rank = _ranks_of(order)
    rank_low, rank_high = _rank_interval(figures, replicates, order, settings, seed)
    evidence = StatusFigures(
        trust=trust,
        shill_probability_low=figures.risk_low,
        shill_probability_high=figures.risk_high,
        audience_followers=figures.audience_followers,
        lift_low=figures.lift_low,
        n_signals=figures.n_signals,
        audience_size=figures.audience_size,
        review=figures.review,
        resembles_another=figures.resembles_another,
    )
    status, reason = statuses(evidence, settings.bars)
    moves = rank_changes_needed(score, order, trust_low, figures.risk_high)
    return Ranking(
        score=score,
        rank=rank,
        # Draws around the middle of trust and risk need not contain a rank made from their bounds.
        rank_low=np.minimum(rank_low, rank),
        rank_high=np.maximum(rank_high, rank),
        trust=trust,
        trust_low=trust_low,
        trust_high=trust_high,
        contributions=contributions,
        status=status,
        status_reason=reason,
        what_would_change=all_changes(status_changes(evidence, status, settings.bars), moves),
    )


def _rank_interval(
    figures: CandidateFigures,
    replicates: Mapping[str, NDArray[np.float64]],
    order: NDArray[np.int64],
    settings: RankingSettings,
    seed: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Quantiles of each candidate's rank over audience, weights and risk."""
    random = np.random.default_rng(seed)
    n_candidates = order.size
    n_replicates = next(iter(replicates.values())).shape[1]
    names = list(replicates)
    table = np.array([settings.weights[name] for name in names])
    drawn = random.dirichlet(settings.weight_concentration * table / table.sum(), size=n_replicates)
    # A share that underflows to 0 would leave nothing of a candidate with that part alone.
    drawn = np.maximum(drawn, np.finfo(float).tiny)
    trust = trust_score(
        _with_own_uncertainty(replicates, figures.part_spreads, order, random),
        {name: drawn[:, i] for i, name in enumerate(names)},
    )

    middle, z = logit(figures.risk), ndtri(0.5 + settings.risk_level / 2)
    below, above = (middle - logit(figures.risk_low)) / z, (logit(figures.risk_high) - middle) / z
    # Noise belongs to places, not to rows of the input, so that the order of the input changes nothing.
    noise = np.empty((n_candidates, n_replicates))
    noise[order] = random.standard_normal((n_candidates, n_replicates))
    log_odds = middle[:, None] + noise * np.where(noise < 0, below[:, None], above[:, None])
    score = _unknown_last(trust / (1.0 + np.exp(log_odds)))

    places = np.argsort(-score[order], axis=0, kind="stable")
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, places, np.arange(1, n_candidates + 1)[:, None], axis=0)
    low, high = np.empty(n_candidates, dtype=np.int64), np.empty(n_candidates, dtype=np.int64)
    low[order] = np.quantile(ranks, settings.interval_low, axis=1, method="lower")
    high[order] = np.quantile(ranks, settings.interval_high, axis=1, method="higher")
    return low, high


def _with_own_uncertainty(
    replicates: Mapping[str, NDArray[np.float64]],
    spreads: Mapping[str, NDArray[np.float64]],
    order: NDArray[np.int64],
    random: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:
    """Replicates of the parts, those with a spread of their own drawn around their values, within 0 .. 1."""
    drawn = dict(replicates)
    for name in [name for name in replicates if name in spreads]:
        noise = np.empty(replicates[name].shape)
        noise[order] = random.standard_normal(noise.shape)  # noise belongs to places, as for the risk
        spread = np.nan_to_num(spreads[name], nan=0.0)[:, None]
        drawn[name] = np.clip(replicates[name] + noise * spread, 0.0, 1.0)
    return drawn


def _aligned_replicates(figures: CandidateFigures) -> dict[str, NDArray[np.float64]]:
    """Replicates of every part, measured exactly where the part itself was.

    A part that was measured and is missing from a replicate (nobody drawn follows the candidate) counts 0
    there: leaving it out would rescale the rest and reward the missing.
    """
    n_replicates = next(iter(figures.replicate_parts.values())).shape[1]
    aligned = {}
    for name, part in figures.parts.items():
        held = np.repeat(part[:, None], n_replicates, axis=1)
        found = np.nan_to_num(figures.replicate_parts.get(name, held), nan=0.0)
        aligned[name] = np.where(np.isnan(part)[:, None], np.nan, found)
    return aligned


def _check(figures: CandidateFigures) -> int:
    """Raise when the figures do not belong together; the number of candidates otherwise."""
    wrong = []
    k = figures.risk.size
    arrays = {name: np.asarray(part) for name, part in figures.parts.items()} | {
        name: np.asarray(getattr(figures, name))
        for name in (
            "risk",
            "risk_low",
            "risk_high",
            "audience_followers",
            "audience_followers_cleaned",
            "lift_low",
            "n_signals",
        )
    }
    wrong += [f"{name} must hold {k} numbers" for name, array in arrays.items() if array.shape != (k,)]
    for name, spread in figures.part_spreads.items():
        if name not in figures.parts or spread.shape != (k,) or np.any(spread < 0):
            wrong.append(f"part_spreads of {name} must hold {k} numbers >= 0 for a part that is given")
    shapes = {part.shape for part in figures.replicate_parts.values()}
    if len(shapes) != 1 or any(len(shape) != 2 or shape[0] != k or shape[1] < 1 for shape in shapes):
        wrong.append(f"replicate_parts must hold at least one part, each [{k}, B] with the same B >= 1")
    unknown = sorted(figures.replicate_parts.keys() - figures.parts.keys())
    wrong += [f"replicate_parts holds {name}, which is no part" for name in unknown]
    for name, part in [*figures.parts.items(), *figures.replicate_parts.items()]:
        if np.any((part < 0) | (part > 1)):
            wrong.append(f"{name} must lie in 0 .. 1, NaN where not measured")
    ordered = (figures.risk_low <= figures.risk) & (figures.risk <= figures.risk_high)
    if not np.all(ordered & (figures.risk_low >= 0) & (figures.risk_high <= 1)):
        wrong.append("0 <= risk_low <= risk <= risk_high <= 1 must hold; give the prior where it is unknown")
    if wrong:
        raise ValueError("These candidates cannot be ranked: " + "; ".join(wrong) + ". Mend these inputs.")
    return k


def _root_share(amounts: NDArray[np.float64], at_least: float = 0.0) -> NDArray[np.float64]:
    """sqrt(amount / largest amount of the column); 0 where the largest is 0, NaN where not measured."""
    raised = np.maximum(amounts, 0.0)
    largest = np.max(np.nan_to_num(raised, nan=0.0), axis=0, initial=at_least)
    return np.sqrt(raised / np.where(largest > 0, largest, 1.0))


def _sum_known(contributions: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Sum of what is measured; NaN where nothing is."""
    stacked = np.stack(list(contributions.values()))
    total = np.nansum(stacked, axis=0)
    # Rounding may carry a mean of ones a digit beyond 1.
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.minimum(total, 1.0))


def _unknown_last(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores with unknown ones below every known one."""
    return np.nan_to_num(score, nan=-1.0)


def _ranks_of(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """1-based rank of each candidate, given candidates from first to last."""
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(1, order.size + 1)
    return rank
