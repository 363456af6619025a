"""Whether an account has bought followers, told from a sample of their profiles.

Accounts are mixed from labelled followers. Half of the profiles teach what genuine and purchased ones look
like, the other half is drawn from; their probabilities come from scorecards that had not seen them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.metrics import roc_auc_score

from graph.shill.follower_quality import suspicious_shares

FOLLOWERS_SAMPLED = 200
ACCOUNTS = 400
SHARES = (0.05, 0.1, 0.2, 0.3)
SHARE, RATIO, JENSEN, JENSEN_COUNTS = (
    "estimated share (ships)",
    "share with following ÷ followers ≥ 10",
    "Jensen–Shannon distance of the ratio",
    "Jensen–Shannon distance of the three counts",
)


def compare(labelled, probability, model, seed):
    """AUC of each sign at each bought share, and error and coverage of the estimated share."""
    random = np.random.default_rng(seed)
    told, profiles = labelled.is_suspicious, labelled.profiles
    order = random.permutation(told.size)
    teaching = np.zeros(told.size, dtype=bool)
    for side in (told, ~told):
        mine = order[side[order]]
        teaching[mine[: len(mine) // 2]] = True
    bins = model.evidence_bin(probability)
    n_bins = len(model.suspicious)
    taught = replace(
        model,
        suspicious=np.bincount(bins[teaching & told], minlength=n_bins).astype(float),
        genuine=np.bincount(bins[teaching & ~told], minlength=n_bins).astype(float),
    )
    counts = [profiles.followers_count, profiles.following_count, profiles.posts_count]
    ratio = (profiles.following_count + 1) / (profiles.followers_count + 1)
    histograms = [_grades(values) for values in (ratio, *counts)]
    usual = [_spread(grades[teaching & ~told]) for grades in histograms]

    def signs(share):
        drawn = _draw(random, np.flatnonzero(~teaching & told), np.flatnonzero(~teaching & ~told), share)
        table = np.stack([np.bincount(bins[row], minlength=n_bins) for row in drawn])
        estimate, low, high = suspicious_shares(table, taught)
        distance = np.array(
            [
                [
                    _jensen_shannon(_spread(grades[row]), one)
                    for grades, one in zip(histograms, usual, strict=True)
                ]
                for row in drawn
            ]
        )
        found = {
            SHARE: estimate,
            RATIO: (ratio[drawn] >= 10).mean(axis=1),
            JENSEN: distance[:, 0],
            JENSEN_COUNTS: distance[:, 1:].sum(axis=1),
        }
        true = told[drawn].mean(axis=1)
        return found, np.abs(estimate - true).mean(), np.mean((low - 0.005 <= true) & (true <= high))

    clean, *of_clean = signs(0.0)
    rows = {0.0: ({}, *of_clean)}
    for share in SHARES:
        found, *errors = signs(share)
        auc = {
            name: roc_auc_score(np.repeat([0, 1], ACCOUNTS), np.concatenate([clean[name], found[name]]))
            for name in found
        }
        rows[share] = (auc, *errors)
    return rows


def _draw(random, bought, genuine, share):
    """Followers of `ACCOUNTS` accounts, each with its own binomial number of bought ones."""
    n_bought = random.binomial(FOLLOWERS_SAMPLED, share, ACCOUNTS)
    rows = random.choice(genuine, (ACCOUNTS, FOLLOWERS_SAMPLED))
    replaced = np.arange(FOLLOWERS_SAMPLED) < n_bought[:, None]
    return np.where(replaced, random.choice(bought, rows.shape), rows)


def _grades(values):
    """Powers of two, 24 of them."""
    return np.clip(np.floor(np.log2(values + 1e-3)) + 8, 0, 23).astype(int)


def _spread(grades):
    return np.bincount(grades, minlength=24) / len(grades)


def _jensen_shannon(p, q):
    middle = (p + q) / 2

    def divergence(one):
        some = one > 0
        return (one[some] * np.log2(one[some] / middle[some])).sum()

    return np.sqrt((divergence(p) + divergence(q)) / 2)
