"""The table of weights of evidence: one signal's bins, what they weigh, and how that was learned.

Belongs here: weights and their bounds from counts, learning the bins, and reading and writing a table as
rows. Does not belong here: joining signals (`graph.shill.weights_of_evidence`).

The weight of a bin is the log likelihood ratio of falling into it: how much commoner it is among planted than
among genuine accounts. Higher values are more suspicious for every signal, and weights never fall along the
bins; neither do their bounds.

References:
    Siddiqi, "Credit Risk Scorecards", 2006 (bins and smoothing).
    Ayer et al., Annals of Mathematical Statistics 26, 1955 (pooling adjacent violators).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, polygamma

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MONEY_GROUPS = ("bought_followers", "bought_engagement", "bought_words")
DEFAULT_BINS = 6
CONFIDENCE = 0.95
_JEFFREYS = 0.5
_HARDLY = 1e-12  # two ratios that differ by rounding alone are one


class EvidenceTableError(ValueError):
    """Rows or measurements that make no table; the message lists every fault."""


@dataclass(frozen=True)
class SignalWeights:
    """The weights of one signal, by bin. Bin b holds values in [edges[b - 1], edges[b]), open at both ends.

    Attributes:
        signal: name of the signal.
        group: one of `MONEY_GROUPS`.
        edges: float64[bins - 1], rising.
        n_planted, n_genuine: int64[bins], accounts that fell into the bin when the table was learned.
        how: how it was learned, in words.
    """

    signal: str
    group: str
    edges: FloatArray
    n_planted: IntArray
    n_genuine: IntArray
    how: str

    @property
    def weight(self) -> FloatArray:
        """Log likelihood ratio of each bin, float64[bins], never falling; counts are Jeffreys-smoothed."""
        return np.maximum.accumulate(
            np.log(_smoothed_rate(self.n_planted)) - np.log(_smoothed_rate(self.n_genuine))
        )

    @property
    def spread(self) -> FloatArray:
        """Standard error of each weight: the logs of two Dirichlet shares have trigamma variances."""
        variance = np.zeros(len(self.n_planted))
        for counts in (self.n_planted, self.n_genuine):
            total = float(counts.sum()) + _JEFFREYS * len(counts)
            variance += polygamma(1, counts + _JEFFREYS) - polygamma(1, total)
        return np.sqrt(np.maximum(variance, 0.0))

    def bounds(self, confidence: float = CONFIDENCE) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bound of each weight, float64[bins], never falling along the bins.

        Weights never fall, so what is sure of a bin is as sure of those above it, and what is ruled out for a
        bin is ruled out for those below: a thin bin at the end does not open up the others.
        """
        half = ndtri(0.5 + confidence / 2) * self.spread
        low = np.maximum.accumulate(self.weight - half)
        return low, np.minimum.accumulate((self.weight + half)[::-1])[::-1]

    def bin_of(self, values: FloatArray) -> IntArray:
        """The bin of each value; NaN falls into the last bin and is for the caller to mask."""
        return np.searchsorted(self.edges, values, side="right")


@dataclass(frozen=True)
class EvidenceWeights:
    """A versioned table: the weights of every signal."""

    version: str
    signals: tuple[SignalWeights, ...]

    def of(self, signal: str) -> SignalWeights:
        """The weights of one signal.

        Raises:
            KeyError: if the table does not know it.
        """
        for weights in self.signals:
            if weights.signal == signal:
                return weights
        raise KeyError(
            f"{signal!r} is not in table {self.version}; it has {[w.signal for w in self.signals]}."
        )

    def to_rows(self) -> list[dict[str, str | int | float]]:
        """One plain row per signal and bin, fit for a CSV file; the outermost edges are ±inf."""
        rows: list[dict[str, str | int | float]] = []
        for weights in self.signals:
            ends = [-np.inf, *weights.edges.tolist(), np.inf]
            for place, weight in enumerate(weights.weight.tolist()):
                rows.append(
                    {
                        "version": self.version,
                        "signal": weights.signal,
                        "money_group": weights.group,
                        "bin": place,
                        "low_edge": ends[place],
                        "high_edge": ends[place + 1],
                        "weight": weight,
                        "n_planted": int(weights.n_planted[place]),
                        "n_genuine": int(weights.n_genuine[place]),
                        "how": weights.how,
                    }
                )
        return rows

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> EvidenceWeights:
        """The table that `to_rows` wrote, also if a CSV file made every value text.

        Weights are computed anew from the counts.

        Raises:
            EvidenceTableError: naming every signal whose bins do not join, and mixed versions.
        """
        by_signal: dict[str, list[Mapping[str, object]]] = {}
        for row in rows:
            by_signal.setdefault(str(row["signal"]), []).append(row)
        versions = {str(row["version"]) for parts in by_signal.values() for row in parts}
        faults = [] if len(versions) == 1 else [f"one version is needed, found {sorted(versions)}"]
        signals = []
        for signal, parts in by_signal.items():
            weights, wrong = _signal_from_rows(signal, parts)
            signals.append(weights)
            faults += wrong
        if faults:
            raise EvidenceTableError(
                f"The table of weights cannot be read: {'; '.join(faults)}. Learn it anew."
            )
        return cls(versions.pop(), tuple(signals))


def learn_weights(
    values: Mapping[str, FloatArray],
    measured: Mapping[str, BoolArray],
    is_shill: BoolArray,
    groups: Mapping[str, str],
    *,
    bought: Mapping[str, BoolArray] | None = None,
    bins: int = DEFAULT_BINS,
    version: str,
    how: str,
) -> EvidenceWeights:
    """Learns a table from accounts of which it is known whether they are planted.

    Edges are quantiles of genuine and of planted accounts in equal parts, so that the tail where shills
    live gets bins of its own; neighbouring bins are then pooled until the rates rise.

    Args:
        values: By signal, float64[n]; higher is more suspicious.
        measured: By signal, bool[n].
        is_shill: bool[n]; planted accounts.
        groups: By signal, its money group.
        bought: By signal, bool[n]: which of the planted bought what the signal is made to see. Others of them
            stand on neither side. Every one of them did, if not given.
        bins: The most bins per signal.
        version: Name of the table.
        how: How it was learned, in words, for the reader of the table.

    Raises:
        EvidenceTableError: naming every signal without a known group, or measured on one side only.
    """
    faults, signals = [], []
    for signal, value in values.items():
        known = measured[signal] & np.isfinite(value)
        group = groups.get(signal, "")
        spent = is_shill if bought is None else is_shill & bought[signal]
        planted, genuine = value[known & spent], value[known & ~is_shill]
        if group not in MONEY_GROUPS:
            faults.append(f"{signal}: money group {group!r} is not one of {MONEY_GROUPS}")
        elif planted.size == 0 or genuine.size == 0:
            faults.append(f"{signal}: measured on {planted.size} planted and {genuine.size} genuine accounts")
        else:
            edges = _balanced_edges(planted, genuine, bins)
            counts = [np.bincount(np.searchsorted(edges, side, "right"), minlength=edges.size + 1)
                      for side in (planted, genuine)]  # fmt: skip
            signals.append(SignalWeights(signal, group, *_pooled(edges, *counts), how))
    if faults:
        raise EvidenceTableError(
            f"No weights can be learned: {'; '.join(faults)}. Mend or leave out these signals."
        )
    return EvidenceWeights(version, tuple(signals))


def _signal_from_rows(signal: str, rows: list[Mapping[str, object]]) -> tuple[SignalWeights, list[str]]:
    """The weights of one signal, and what is wrong with them."""
    rows = sorted(rows, key=lambda row: int(str(row["bin"])))
    lows, highs = ([float(str(row[name])) for row in rows] for name in ("low_edge", "high_edge"))
    planted, genuine = (
        np.array([int(str(row[name])) for row in rows]) for name in ("n_planted", "n_genuine")
    )
    groups = {str(row["money_group"]) for row in rows}
    faults = []
    reaches_ends = np.isneginf(lows[0]) and np.isposinf(highs[-1])
    if lows[1:] != highs[:-1] or sorted(highs) != highs or not reaches_ends:
        faults.append(f"{signal}: bins do not join from -inf to inf")
    if len(groups) > 1 or not groups <= set(MONEY_GROUPS):
        faults.append(f"{signal}: money_group {sorted(groups)} is not one of {MONEY_GROUPS}")
    edges = np.array(highs[:-1], dtype=np.float64)
    return SignalWeights(signal, min(groups), edges, planted, genuine, str(rows[0]["how"])), faults


def _balanced_edges(planted: FloatArray, genuine: FloatArray, bins: int) -> FloatArray:
    """Up to bins - 1 edges at quantiles of both sides weighted alike; an edge belongs to the bin above it."""
    values = np.concatenate([planted, genuine])
    weight = np.concatenate(
        [np.full(planted.size, 0.5 / planted.size), np.full(genuine.size, 0.5 / genuine.size)]
    )
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    wanted = np.arange(1, bins) / bins
    edges = np.unique(values[order][np.minimum(np.searchsorted(reached, wanted), values.size - 1)])
    return edges[edges > values.min()]


def _pooled(edges: FloatArray, planted: IntArray, genuine: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Neighbouring bins joined until the smoothed likelihood ratio rises from each bin to the next."""
    p, g, cuts = list(planted), list(genuine), list(edges)
    while len(p) > 1:
        ratio = _smoothed_rate(np.array(p)) / _smoothed_rate(np.array(g))
        falls = np.flatnonzero(np.diff(ratio) <= _HARDLY * ratio[:-1])
        if falls.size == 0:
            break
        place = int(falls[0])
        p[place : place + 2] = [p[place] + p[place + 1]]
        g[place : place + 2] = [g[place] + g[place + 1]]
        del cuts[place]
    return np.array(cuts), np.array(p, dtype=np.int64), np.array(g, dtype=np.int64)


def _smoothed_rate(counts: IntArray) -> FloatArray:
    return (counts + _JEFFREYS) / (counts.sum() + _JEFFREYS * len(counts))
