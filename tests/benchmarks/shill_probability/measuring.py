"""Counting on measured worlds: the joined probability, the status that follows, and who is who."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from assets.shill.signals import MONEY_GROUP_OF, REGISTRY, SIGNALS
from graph.partners.status import StatusBars
from graph.shill.recalibration import CALIBRATION_BINS
from graph.shill.weights_of_evidence import (
    FIRES_FROM,
    MONEY_GROUPS,
    EvidenceWeights,
    join_evidence,
    learn_weights,
)
from pipelines.weights import evidence_weights
from pipelines.weights.learning import (
    BINS,
    area_under_curve,
    arrays,
    judged_probability,
    learned_table,
    lower_bounds,
)

RESAMPLES = 400
WHAT_EACH_FINDS = {
    "suspicious_followers": ("bought_followers", "mixed"),
    "lockstep_followers": ("bought_followers", "mixed"),
    "growth_bursts": ("bought_followers", "mixed"),
    "engagement_pods": ("pod",),
    "coordinated_sharing": ("copied_text",),
    "copied_text": ("copied_text",),
    "undisclosed_promotion": ("hidden_ads",),
    "brand_hopping": ("hidden_ads",),
}
"""Signal to the kinds of shill whose doing it is made to see."""


def shipped_table():
    """The table of weights that ships."""
    return EvidenceWeights.from_rows(evidence_weights())


def joined_accounts(worlds, table=None, prior=None):
    """One row per account: truth, probability at the worlds' share of shills, status bars, flags by signal.

    Args:
        worlds: From `pipelines.weights.learning.several_worlds`.
        table: The weights; those that ship by default.
        prior: For the probability; the worlds' own share of shills by default. The status always rests on the
            share that runs assume.
    """
    values, measured, truth = arrays(worlds)
    table = table or shipped_table()
    share = float(truth["is_shill"].mean()) if prior is None else prior
    here = join_evidence(values, measured, table, prior=share)
    shipped = join_evidence(values, measured, table, at_least=lower_bounds(worlds))
    bars = StatusBars()
    avoid = shipped.low >= bars.avoid_from
    known = {weights.signal for weights in table.signals}
    flags = {f"flag {name}": shipped.own_weights[name] >= FIRES_FROM for name in SIGNALS if name in known}
    flags |= {f"measured {name}": measured[name] for name in SIGNALS}
    return truth.with_columns(
        probability=pl.Series(here.probability),
        is_avoid=pl.Series(avoid),
        is_watch=pl.Series(~avoid & (shipped.high >= bars.watch_from)),
        **{name: pl.Series(flag) for name, flag in flags.items()},
    )


def figures(accounts):
    """AUC, Brier, ECE and precision of the first, with intervals over worlds drawn with replacement."""
    found = _judged(accounts)
    random = np.random.default_rng(0)
    worlds = accounts.partition_by("seed")
    draws = [
        _judged(pl.concat([worlds[i] for i in random.integers(len(worlds), size=len(worlds))]))
        for _ in range(RESAMPLES)
    ]
    return {
        name: (value, *np.quantile([draw[name] for draw in draws], [0.025, 0.975]).tolist())
        for name, value in found.items()
    }


def _judged(accounts):
    found = judged_probability(accounts["probability"].to_numpy(), accounts["is_shill"].to_numpy())
    return {
        "AUC": found.auc,
        "Brier": found.brier,
        "ECE": found.calibration_error,
        "precision of the first 100": found.precision_at_100,
        "precision of the first 200": found.precision_at_200,
    }


def shown(triple):
    """A figure with its interval."""
    value, low, high = triple
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def reliability(accounts):
    """Rows of predicted and observed shares: from, to, accounts, predicted, observed, low, high (Wilson)."""
    p, y = accounts["probability"].to_numpy(), accounts["is_shill"].to_numpy()
    place = np.minimum((p * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    rows = []
    for bin_ in np.unique(place).tolist():
        chosen = place == bin_
        n, observed = int(chosen.sum()), float(y[chosen].mean())
        rows.append(
            (
                bin_ / CALIBRATION_BINS,
                (bin_ + 1) / CALIBRATION_BINS,
                n,
                float(p[chosen].mean()),
                observed,
                *_wilson(observed, n),
            )
        )
    return rows


def _wilson(share, n, z=1.96):
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def by_kind(accounts):
    """Rows of each kind of shill: kind, accounts, AUC against the innocent, share avoid, share watch."""
    innocent = accounts.filter(~pl.col("is_shill"))["probability"].to_numpy()
    rows = []
    for (kind,), group in accounts.filter("is_shill").group_by("shill_kind", maintain_order=True):
        mine = group["probability"].to_numpy()
        truth = np.repeat([True, False], [mine.size, innocent.size])
        auc = area_under_curve(np.concatenate([mine, innocent]), truth)
        rows.append((kind, group.height, auc, group["is_avoid"].mean(), group["is_watch"].mean()))
    return sorted(rows)


def by_role(accounts):
    """Rows of each innocent role: role, accounts, avoid, watch."""
    found = (
        accounts.filter(~pl.col("is_shill"))
        .group_by("role")
        .agg(pl.len(), pl.col("is_avoid", "is_watch").sum())
        .sort("role")
    )
    return found.rows()


def by_signal(accounts):
    """Rows of each signal with a weight: signal, group, measured, recall on its kinds, precision, victims."""
    rows = []
    for signal in REGISTRY:
        if f"flag {signal.name}" not in accounts.columns:
            continue
        flagged = accounts.filter(pl.col(f"flag {signal.name}"))
        own = accounts.filter(pl.col("shill_kind").is_in(WHAT_EACH_FINDS.get(signal.name, ())))
        rows.append(
            (
                signal.name,
                MONEY_GROUP_OF[signal.name],
                accounts[f"measured {signal.name}"].mean(),
                own[f"flag {signal.name}"].mean() if own.height else math.nan,
                flagged["is_shill"].mean() if flagged.height else math.nan,
                flagged.filter(pl.col("role") == "victim").height,
            )
        )
    return rows


def added_up(teaching, judging):
    """The accounts with a plain scorecard's probability: each group's furthest weight within ±4, added up."""
    values, measured, truth = arrays(teaching)
    is_shill = truth["is_shill"].to_numpy()
    table = learn_weights(
        values,
        measured,
        is_shill,
        MONEY_GROUP_OF,
        bins=BINS,
        version="sum",
        how="all for all",
    )
    values, measured, truth = arrays(judging)
    share = float(truth["is_shill"].mean())
    log_odds = np.full(truth.height, math.log(share / (1 - share)))
    for group in MONEY_GROUPS:
        members = [weights for weights in table.signals if weights.group == group]
        rows = np.vstack([
            np.where(
                measured[each.signal],
                np.clip(each.weight[np.minimum(each.bin_of(values[each.signal]), each.edges.size)], -4, 4),
                0.0,
            )
            for each in members
        ])  # fmt: skip
        log_odds += np.take_along_axis(rows, np.abs(rows).argmax(axis=0)[None, :], axis=0)[0]
    return truth.with_columns(probability=pl.Series(1 / (1 + np.exp(-log_odds))))


def held_out_kinds(teaching, judging):
    """Rows of each kind of shill, judged by a table that never saw it: kind, accounts, AUC, avoid, watch."""
    rows = []
    kinds = sorted(set(judging["shill_kind"].drop_nulls()))
    for kind in kinds:
        without = teaching.filter(pl.col("shill_kind").is_null() | (pl.col("shill_kind") != kind))
        table = learned_table(without, "held out", f"without {kind}")
        accounts = joined_accounts(judging, table)
        rows += [row for row in by_kind(accounts) if row[0] == kind]
    return rows
