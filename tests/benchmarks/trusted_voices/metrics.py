"""Figures of merit, and how sure they are.

Ties between scores are broken by a fixed random order, the same for every ranker: node numbers may carry
meaning (the first users of a site are its most followed ones).
"""

from __future__ import annotations

import numpy as np

RESAMPLES = 2000
SMOOTHING = 0.5  # followers added on both sides when a lift is judged, so that zero has a logarithm


def order_of(scores, seed=0):
    """Nodes from the best score to the worst; NaN last, ties in a fixed random order."""
    tie = np.random.default_rng(seed).permutation(scores.size)
    return np.lexsort((tie, -np.nan_to_num(scores, nan=-np.inf)))


def best_of(scores, k, seed=0):
    """The first `k` of `order_of`, without sorting the rest."""
    if scores.size <= 4 * k:
        return order_of(scores, seed)[:k]
    known = np.nan_to_num(scores, nan=-np.inf)
    bar = np.partition(known, scores.size - k)[scores.size - k]
    able = np.flatnonzero(known >= bar)
    tie = np.random.default_rng(seed).permutation(scores.size)
    return able[np.lexsort((tie[able], -known[able]))][:k]


def overlap(first, second):
    """Share of one list that is in the other; both of one length, without repetitions."""
    return np.intersect1d(first, second).size / len(first)


def ndcg(relevance_in_order, relevance, at):
    """Discounted gain of the first places ÷ the best possible one; gain is the relevance itself."""
    discount = 1 / np.log2(np.arange(2, at + 2))
    best = np.sort(relevance)[::-1][:at]
    gained = relevance_in_order[:at]
    return float((gained * discount[: gained.size]).sum() / (best * discount[: best.size]).sum())


def average_precision(relevance_in_order):
    """Mean, over the relevant places, of the share of relevant ones down to there."""
    places = np.flatnonzero(relevance_in_order > 0)
    return float((np.arange(1, places.size + 1) / (places + 1)).mean())


def log_lift(inside, n_inside, outside, n_outside):
    """Smoothed log of the share of followers inside ÷ the share outside."""
    return np.log((inside + SMOOTHING) / (n_inside + 1)) - np.log((outside + SMOOTHING) / (n_outside + 1))


def interval(values, seed=0, level=0.95):
    """Bootstrap interval of the mean over audiences."""
    values = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, values.size, (RESAMPLES, values.size))
    edge = (1 - level) / 2
    return tuple(np.quantile(values[drawn].mean(axis=1), [edge, 1 - edge]))
