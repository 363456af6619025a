"""Affinity: how many of an audience follow an account, and how special that is.

Reach share says how many, lift says how special against everybody else; neither is a ranking by itself. Who
endorses whom over several steps is for `graph.trust.endorsement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import let_go
from graph.arrays.row_sums import Rows, read_only
from graph.statistics.intervals import effective_sample_size, normal_quantile, wilson_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.trust.audience import CleanedAudience

MIN_PRIOR_MEMBERS = 10.0
"""The prior never weighs less than this many members, so that 3 of 4 cannot beat 300 of 1,000 …"""

MAX_PRIOR_MEMBERS = 50.0
"""… and never more, so that it cannot talk down what 150 members do, however little each of them follows."""

MAX_PRIOR_RATE = 0.95
"""A prior that is certain everybody follows an account could not be moved by members who do not."""


@dataclass(frozen=True)
class Affinity:
    """Affinity of one audience to every account; arrays are float64[n] unless noted, unknown is NaN.

    An account is never counted as its own possible follower.

    Attributes:
        audience_followers: int64[n], members that follow the account (raw).
        audience_followers_cleaned: sum of their weights.
        reach_share: raw share of the members that follow the account.
        reach_share_low: its Wilson bound.
        reach_share_high: its Wilson bound.
        reach_share_cleaned: the same by weight.
        baseline_share: share among everybody else, reweighted to follow as many accounts as the audience
            does.
        lift: ``reach_share_cleaned / baseline_share``.
        lift_low: cautious bound of lift, shrunk towards 1 where support is small; 0 ≤ lift_low ≤ lift.
        lift_high: generous bound, ≥ lift.
        log_odds_z: log-odds between audience and baseline in standard deviations.
        audience_size_effective: members the weights are worth (Kish), one number.
        baseline_size_effective: the same for the baseline.
    """

    audience_followers: NDArray[np.int64]
    audience_followers_cleaned: FloatArray
    reach_share: FloatArray
    reach_share_low: FloatArray
    reach_share_high: FloatArray
    reach_share_cleaned: FloatArray
    baseline_share: FloatArray
    lift: FloatArray
    lift_low: FloatArray
    lift_high: FloatArray
    log_odds_z: FloatArray
    audience_size_effective: float
    baseline_size_effective: float


def affinity(
    graph: FollowerGraph,
    audience: CleanedAudience,
    *,
    prior_strength: float = 500.0,
    confidence: float = 0.95,
    baseline: IntegerArray | None = None,
) -> Affinity:
    """Compare an audience with everybody else, account by account.

    *Baseline.* Every account outside the audience that follows somebody. People who follow thousands follow
    everything more often, so baseline accounts are stratified by log₂ of how many they follow and weighted
    such that the strata have the audience's (cleaned) mix; a stratum without baseline accounts is
    represented by the nearest one that has some. Members who follow nobody stay in both denominators,
    where they cancel.

    *Bounds.* With p and q the two shares, n_A and n_B the effective sample sizes (Kish) and a prior of n₀
    members who follow account c at the rate r_c expected from its popularity alone::

        k   = mean number of followings in the audience
        n₀  = prior_strength / k, within MIN_PRIOR_MEMBERS and MAX_PRIOR_MEMBERS
        r_c = 1 - exp(-k · followers_c / all follows)
        a   = n_A p + n₀ r_c         a' = n_A (1 - p) + n₀ (1 - r_c)       and b, b' from q likewise
        δ   = log(a / a') - log(b / b')         s² = 1/a + 1/a' + 1/b + 1/b'         log_odds_z = δ / s

    A bound of the log-odds, x = δ ± 1.96 s, becomes a ratio of shares at the (shrunk) baseline share
    q̃ = b / (b + b')::

        ratio(x) = 1 / (q̃ + (1 - q̃) · exp(-x))

    and the interval is widened to contain the observed p / q where shrinkage has moved it away. Where
    nobody in the baseline follows the account (q = 0 < p), the observed ratio does not exist and lift is
    ratio(δ).

    Args:
        graph: follows, n accounts.
        audience: m members with weights.
        prior_strength: weight of the prior, in follows (the α₀ of the paper); 0 switches it off.
        confidence: of both intervals.
        baseline: nodes to compare with instead of the whole network, for example another audience; members
            of the audience and accounts that follow nobody are left out of it.

    Returns:
        One value per account. Cleaned figures are NaN when all weights are 0; lift when nobody is left to
        compare.

    References:
        Monroe, Colaresi, Quinn (2008), "Fightin' Words", Political Analysis 16(4), equations 15 to 22, for
        the informative Dirichlet prior; s² keeps the terms of a' and b', which words can neglect and
        members cannot. Zhang, Yu (1998), "What's the relative risk?", JAMA 280, for the ratio.
    """
    n_members, weight = audience.members.size, audience.weight
    audience_followers, cleaned = followers_among(graph, audience.members, weight)

    is_member = np.zeros(graph.n_accounts, dtype=bool)
    is_member[audience.members] = True
    own_weight = np.zeros(graph.n_accounts)
    own_weight[audience.members] = weight
    trials = (n_members - is_member).astype(np.float64)
    low, high = wilson_interval(audience_followers, trials, confidence)
    share_cleaned = _share(cleaned, float(weight.sum()), own_weight)

    row_weight = baseline_weights(graph, audience, baseline)
    baseline_total = float(weight.sum() > 0 and row_weight.any())
    follows_by_weight = Rows(graph.follower_offsets, graph.followers).sums(row_weight)
    baseline_share = _share(follows_by_weight, baseline_total, row_weight)

    size_a = effective_sample_size(weight)
    size_b = float(row_weight.sum() / np.square(row_weight).sum()) if baseline_total else 0.0
    n_prior, prior_rate = _prior(graph, audience, prior_strength)
    lift, lift_low, lift_high, z = _lift(
        (share_cleaned, size_a), (baseline_share, size_b), (prior_rate, n_prior), normal_quantile(confidence)
    )
    return Affinity(
        audience_followers=audience_followers,
        audience_followers_cleaned=cleaned,
        reach_share=audience_followers / np.where(trials > 0, trials, np.nan),
        reach_share_low=low,
        reach_share_high=high,
        reach_share_cleaned=share_cleaned,
        baseline_share=baseline_share,
        lift=lift,
        lift_low=lift_low,
        lift_high=lift_high,
        log_odds_z=z,
        audience_size_effective=size_a,
        baseline_size_effective=size_b,
    )


def followers_among(
    graph: FollowerGraph, members: IntegerArray, weight: FloatArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """How many of some accounts follow each account, int64[n], and what these weigh, float64[n].

    Runs over the rows of the members, so that it costs by their follows and not by those of the network.

    Args:
        graph: follows, n accounts.
        members: m nodes, each once.
        weight: float64[m].
    """
    tally = np.zeros((graph.n_accounts, 2))
    _tally(
        read_only(graph.following_offsets, np.int64),
        read_only(graph.following, np.uint32),
        read_only(members, np.uint32),
        read_only(weight, np.float64),
        tally,
    )
    let_go(graph.following)
    return tally[:, 0].astype(np.int64), tally[:, 1].copy()


@compiled
def _tally(offsets, following, members, weight, tally):  # noqa: ANN001, ANN202
    """Add 1 and the weight to both figures of an account, which lie side by side, for each who follows it."""
    for place in range(members.size):
        for follow in range(offsets[members[place]], offsets[members[place] + 1]):
            followed = following[follow]
            tally[followed, 0] += 1.0
            tally[followed, 1] += weight[place]


def baseline_weights(
    graph: FollowerGraph, audience: CleanedAudience, baseline: IntegerArray | None = None
) -> FloatArray:
    """Weight of every account in the degree-matched baseline, float64[n].

    The weights of a log₂ stratum add up to the share of the audience (by weight) in it; members who follow
    nobody have no counterpart, so the sum over all is the share of the audience that follows somebody. All
    zero where the audience weighs nothing or nobody is left to compare with.
    """
    followings = graph.following_counts
    # 0 for accounts that follow nobody, 1 for one, 2 for two and three, 3 for four to seven, …
    stratum = np.frexp(followings.astype(np.float64))[1]
    is_baseline = _baseline_mask(graph, audience, baseline)
    n_strata = int(stratum.max(initial=0)) + 1
    available = np.bincount(stratum[is_baseline], minlength=n_strata)
    wanted = np.bincount(stratum[audience.members], weights=audience.weight, minlength=n_strata)
    filled = np.flatnonzero(available)
    total = wanted.sum()
    if not filled.size or total <= 0:
        return np.zeros(graph.n_accounts)
    mix = np.zeros(n_strata)
    for number in range(1, n_strata):
        nearest = filled[np.argmin(np.abs(filled - number))]  # the lower one of two equally near
        mix[nearest] += wanted[number] / total
    per_account = np.divide(mix, available, out=np.zeros(n_strata), where=available > 0)
    return np.where(is_baseline, per_account[stratum], 0.0)


def _baseline_mask(
    graph: FollowerGraph, audience: CleanedAudience, baseline: IntegerArray | None
) -> BoolArray:
    """Accounts of the baseline, bool[n]: they follow somebody and are no members."""
    is_baseline = graph.following_counts > 0
    if baseline is not None:
        chosen = np.zeros(graph.n_accounts, dtype=bool)
        chosen[baseline] = True
        is_baseline &= chosen
    is_baseline[audience.members] = False
    return is_baseline


def _share(followers: FloatArray, total: float, own: FloatArray) -> FloatArray:
    """Weight of an account's followers ÷ weight of everybody but itself; NaN when that is nothing."""
    others = total - own
    # a difference of rounded sums that ought to be 0 is not exactly 0
    return np.clip(followers / np.where(others > 1e-12 * max(total, 1e-300), others, np.nan), 0.0, 1.0)


def _prior(
    graph: FollowerGraph, audience: CleanedAudience, prior_strength: float
) -> tuple[float, FloatArray]:
    """Size of the prior in members, and the rate at which they would follow each account, float64[n]."""
    total = float(audience.weight.sum())
    followings = graph.following_counts[audience.members]
    mean_followings = float(np.dot(audience.weight, followings)) / total if total > 0 else 0.0
    if mean_followings == 0:
        return 0.0, np.zeros(graph.n_accounts)
    in_members = prior_strength / mean_followings
    n_prior = min(max(in_members, MIN_PRIOR_MEMBERS), MAX_PRIOR_MEMBERS) if prior_strength > 0 else 0.0
    popularity = graph.follower_counts / max(graph.n_follows, 1)
    return n_prior, np.minimum(-np.expm1(-mean_followings * popularity), MAX_PRIOR_RATE)


def _lift(
    audience: tuple[FloatArray, float],
    baseline: tuple[FloatArray, float],
    prior: tuple[FloatArray, float],
    z: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Lift, its bounds and the z of the log-odds; each argument but the last is (share[n], sample size)."""
    (p, size_a), (q, size_b), (rate, n_prior) = audience, baseline, prior
    unknown = np.isnan(p) | np.isnan(q) | ((p == 0) & (q == 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        a, a_not = size_a * p + n_prior * rate, size_a * (1 - p) + n_prior * (1 - rate)
        b, b_not = size_b * q + n_prior * rate, size_b * (1 - q) + n_prior * (1 - rate)
        delta = np.log(a / a_not) - np.log(b / b_not)
        sigma = np.sqrt(1 / a + 1 / a_not + 1 / b + 1 / b_not)
        shrunk_base = b / (b + b_not)

        def ratio(log_odds: FloatArray) -> FloatArray:
            return 1 / (shrunk_base + (1 - shrunk_base) * np.exp(-log_odds))

        lift = np.where(q > 0, p / q, ratio(delta))
        low = np.fmin(ratio(delta - z * sigma), lift)
        high = np.fmax(ratio(delta + z * sigma), lift)
        score = delta / sigma
    for values in (lift, low, high, score):
        values[unknown] = np.nan
    return lift, low, high, score
