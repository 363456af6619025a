"""Our ranking, what it was before, and what else was tried."""

from __future__ import annotations

import numpy as np

from graph.trust.endorsement import endorsement
from tests.benchmarks.trusted_voices.metrics import log_lift

OURS = "**endorsement**"
JOINED = "**followers, mass and ratio joined**"
BEFORE = "before: PageRank × log(1 + lift_low)"
_TINY = 1e-12


def our_scores(seen):
    """Endorsement as it is shipped, and the joined figure that predicts follows."""
    mass, usual = seen.masses
    ratio = mass / np.maximum(usual, _TINY)
    joined = 0.3 * np.log(seen.count + 1) + 0.5 * np.log(mass + _TINY) + 0.2 * np.log(ratio + _TINY)
    return {OURS: endorsement(mass, usual, seen.affinity.lift), JOINED: joined}


def other_scores(seen, seed=0):
    """What else was tried, the earlier definition among it."""
    mass, usual = seen.masses
    ratio = mass / np.maximum(usual, _TINY)
    above = np.log(np.maximum(ratio, 1))
    fit, count, arrived = seen.affinity, seen.count, seen.arrived
    lifted = (np.nan_to_num(fit.lift) > 1) * np.log1p(np.nan_to_num(fit.lift_low))
    unmatched = np.maximum(_log_lift_unmatched(seen), 0)
    direct = _direct(seen)
    near = _shared(seen, direct, 0.5, 0.5)
    near_usual = _shared(seen, _direct_of_everybody(seen), 0.5, 0.5)
    divided = _shared(seen, direct, 1.0, 1.0)
    divided_usual = _shared(seen, _direct_of_everybody(seen), 1.0, 1.0)
    again, again_usual = _shared(seen, near, 0.5, 0.5), _shared(seen, near_usual, 0.5, 0.5)
    return {
        BEFORE: arrived * lifted,
        "PageRank × log⁺ lift (unmatched)": arrived * unmatched,
        "PageRank ÷ √global attention": arrived / np.sqrt(usual + _TINY),
        "in-audience count × log⁺ lift (unmatched)": count * unmatched,
        "the same, mean over 20 resampled audiences": _bagged(seen, seed),
        "rank fusion (RRF) of PageRank and log-odds z": _fused((arrived, fit.log_odds_z)),
        "mass alone (no ratio)": mass,
        "mass × log(1 + ratio)": mass * np.log1p(ratio),
        "mass × √log⁺ ratio": mass * np.sqrt(above),
        "mass × log⁺ ratio, no bar of lift": mass * above,
        "mass × log⁺ lift (unmatched)": mass * unmatched,
        "one step instead of the walk × log⁺ ratio": near * _log_above(near, near_usual),
        "the same, two steps over common listeners": again * _log_above(again, again_usual),
        "the same, full division (three-step walk)": divided * _log_above(divided, divided_usual),
        "three-step walk ÷ followers^0.3 (RP3β)": divided / (seen.graph.follower_counts + 1.0) ** 0.3,
        "√(count × mass) × log(1 + ratio)": np.sqrt(count * mass) * np.log1p(ratio),
    }


def _log_lift_unmatched(seen):
    graph, size = seen.graph, seen.members.size
    n_outside = int((graph.following_counts > 0).sum()) - size
    return log_lift(seen.count, size, graph.follower_counts - seen.count, max(n_outside, 1))


def _direct(seen):
    """Attention of the members spread evenly over whom each follows."""
    return seen.matrix.T @ (seen.weights / np.maximum(seen.graph.following_counts, 1))


def _direct_of_everybody(seen):
    return seen.matrix.T @ (1 / np.maximum(seen.graph.following_counts, 1))


def _shared(seen, mass, by_listener, by_fame):
    """One step over common listeners, with other powers than the shipped ones."""
    out = np.maximum(seen.graph.following_counts, 1.0) ** by_listener
    fame = np.maximum(seen.graph.follower_counts, 1.0) ** by_fame
    stepped = seen.matrix.T @ ((seen.matrix @ (mass / fame)) / out)
    return stepped / stepped.sum()


def _log_above(mass, usual):
    return np.log(np.maximum(mass / np.maximum(usual, _TINY), 1))


def _bagged(seen, seed):
    times = np.random.default_rng(seed).multinomial(
        seen.members.size, np.full(seen.members.size, 1 / seen.members.size), size=20
    )
    counts = seen.matrix[seen.members].T @ times.T
    n_outside = max(int((seen.graph.following_counts > 0).sum()) - seen.members.size, 1)
    outside = (seen.graph.follower_counts - seen.count)[:, None]
    lifts = np.maximum(log_lift(counts, seen.members.size, outside, n_outside), 0)
    return (counts * lifts).mean(axis=1)


def _fused(lists, k=60):
    total = np.zeros(lists[0].size)
    for scores in lists:
        place = np.empty(scores.size)
        place[np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")] = np.arange(1, scores.size + 1)
        total += 1 / (k + place)
    return total
