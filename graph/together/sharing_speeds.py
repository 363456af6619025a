"""How quick accounts are to share, in all and at each source, and how often two such habits meet by chance.

A delay is the time from an object's appearance to the act. Delays are kept as counts over bins, because what
matters is whether an account shares within seconds, minutes or days. Which meetings are more than that says
`graph.together.coordination`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PRIOR_ACTS, PRIOR_ACTS_AT_SOURCE = 10.0, 3.0
"""How many acts of its own outweigh everybody's delays, and how many at a source its delays elsewhere."""
EDGES_S = np.concatenate(
    [[-0.5, 0, 10, 30, 60, 120, 300, 600, 1_200, 1_800], 3_600 * 2.0 ** np.arange(10), [31_536_000]]
)
"""Of the bins, seconds. The first bin is the moment of appearance itself, for acts that stand for it."""
N_BINS = EDGES_S.size - 1


@dataclass(frozen=True)
class Speeds:
    """Delays of accounts over the bins.

    Attributes:
        n_sources: how many sources there are.
        of_account: float64[accounts, bins], each row sums to 1, leaning on everybody's delays.
        keys: int64, account · sources + source of every known combination, sorted.
        at_source: float64[keys, bins], counts.
    """

    n_sources: int
    of_account: FloatArray
    keys: IntArray
    at_source: FloatArray

    def at(self, account: IntArray, source: IntArray) -> FloatArray:
        """The delays of accounts at sources, one row per element, summing to 1; -1 is an unknown source."""
        elsewhere = self.of_account[account]
        if self.keys.size == 0:
            return elsewhere
        key = account * self.n_sources + source
        place = np.minimum(np.searchsorted(self.keys, key), self.keys.size - 1)
        is_known = (source >= 0) & (self.keys[place] == key)
        counts = np.where(is_known[:, None], self.at_source[place], 0.0)
        total = counts.sum(axis=1, keepdims=True) + PRIOR_ACTS_AT_SOURCE
        return (counts + PRIOR_ACTS_AT_SOURCE * elsewhere) / total


def sharing_speeds(n_accounts: int, actor: IntArray, source: IntArray, delay: FloatArray) -> Speeds:
    """Count delays.

    Args:
        n_accounts: Number of accounts.
        actor: Who shared, one element per act.
        source: Where the object came from, dense, -1 for unknown, aligned with `actor`.
        delay: Seconds ≥ 0 after the object appeared, aligned with `actor`; NaN is left out.
    """
    known = np.isfinite(delay)
    place = np.searchsorted(EDGES_S, delay[known], side="right") - 1
    bins = np.clip(place, 1, N_BINS - 1)
    actor, source = actor[known], source[known]
    own = np.bincount(actor * N_BINS + bins, minlength=n_accounts * N_BINS).reshape(n_accounts, N_BINS)
    # one act spread over all bins keeps a network of few acts from ruling anything out
    everybody = own.sum(axis=0) + np.append(0.0, np.full(N_BINS - 1, 1 / (N_BINS - 1)))
    everybody /= everybody.sum()
    n_sources = int(source.max(initial=0)) + 1
    named = source >= 0
    keys, row = np.unique(actor[named] * n_sources + source[named], return_inverse=True)
    at_source = np.bincount(row * N_BINS + bins[named], minlength=keys.size * N_BINS)
    return Speeds(
        n_sources=n_sources,
        of_account=(own + PRIOR_ACTS * everybody) / (own.sum(axis=1, keepdims=True) + PRIOR_ACTS),
        keys=keys,
        at_source=at_source.reshape(keys.size, N_BINS).astype(np.float64),
    )


def meeting_odds(window_s: float) -> FloatArray:
    """P(two delays lie within the window of each other) given their bins, even inside each; [bins, bins]."""
    low, high = EDGES_S[:-1], EDGES_S[1:]

    def area(z: float) -> FloatArray:
        """Of the rectangle of two bins, the part in which the first delay exceeds the second by at most z."""
        corners = (low[:, None] - high, high[:, None] - high, low[:, None] - low, high[:, None] - low)
        a, b, c, d = (np.maximum(z - corner, 0.0) ** 2 for corner in corners)
        return (a - b - c + d) / 2

    sizes = (high - low)[:, None] * (high - low)
    return np.clip((area(window_s) - area(-window_s)) / sizes, 0.0, 1.0)
