"""What explains that two accounts meet on the same objects: their own speed, or what they share at all.

Belongs here: the expectation of every pair, how surprising it is beyond that, and which pairs stand out among
all that could. Who met is `graph.together.meetings`; the reasons for both questions are given in
`graph.together.coordination`.

References:
    Benjamini and Hochberg (1995), "Controlling the false discovery rate", JRSS B 57.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.special import pdtrc  # scipy.stats has it as well and takes a second to import

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import BoolArray, FloatArray, sorted_unique
from graph.together.meetings import (
    MIN_REPEATS,
    WINDOWS_S,
    IntArray,
    RepeatedMeetings,
    Shares,
    repeated_meetings,
)
from graph.together.sharing_speeds import N_BINS, Speeds, meeting_odds, sharing_speeds

TOGETHER_WITHIN_S = 60
"""The window of the second question, short because it asks for accounts that hardly do anything apart."""
MIN_TOGETHER, MIN_SHARE_TOGETHER, MIN_SOURCES = 5, 0.25, 5
"""The second question: objects shared within a minute, their share of what the less busy of both shares, and
how many sources they come from. One source is a fan's or a feed's, a few are those of a fan of a band."""
FALSE_DISCOVERY_RATE = 0.01
MOST_PAIRS = 50_000
"""Pairs whose expectation is worked out per window: those with the largest weight there."""
SAMPLED_ACCOUNTS = 1_000
"""Accounts whose pairs are counted, so that the false discovery rate knows over how many tests it is."""
ROWS_AT_ONCE = 2_000_000
"""Objects compared in one go; bounds the memory."""


@dataclass(frozen=True)
class SharingPairs:
    """Pairs u < v that met on at least `MIN_REPEATS` objects, one element per pair, in their telling window.

    Attributes:
        first, second: nodes u and v.
        repeats: distinct objects that both shared within the window.
        expected: how many of them the null explains.
        window_s: the window in which that is most surprising.
        strength: surprise (Poisson log likelihood ratio, nats) times the mean weight of the objects, where
            an object that two accounts shared weighs 1 and one that n shared log 4 ÷ log(2 + n).
        p_value: of the most surprising window, after correction for the number of windows.
        is_unusual: whether the pair stands above chance (Benjamini and Hochberg) and above shuffled times.
    """

    first: IntArray
    second: IntArray
    repeats: IntArray
    expected: FloatArray
    window_s: IntArray
    strength: FloatArray
    p_value: FloatArray
    is_unusual: BoolArray


def rate_pairs(shares: Shares, repeats: RepeatedMeetings) -> SharingPairs:
    """Every pair in the window in which it is most surprising, against the speed of both."""
    n_pairs = repeats.first.size
    best = SharingPairs(
        first=repeats.first,
        second=repeats.second,
        repeats=np.zeros(n_pairs, dtype=np.int64),
        expected=np.zeros(n_pairs),
        window_s=np.full(n_pairs, WINDOWS_S[-1], dtype=np.int64),
        strength=np.zeros(n_pairs),
        p_value=np.ones(n_pairs),
        is_unusual=np.zeros(n_pairs, dtype=bool),
    )
    if n_pairs == 0:
        return best
    weights = shares.weight[repeats.object]
    counts, sums = [], []
    looked_at = np.zeros(n_pairs, dtype=bool)
    for window in WINDOWS_S:
        inside = repeats.gap <= window
        counts.append(np.bincount(repeats.pair[inside], minlength=n_pairs))
        sums.append(np.bincount(repeats.pair[inside], weights=weights[inside], minlength=n_pairs))
        eligible = np.flatnonzero(counts[-1] >= MIN_REPEATS)
        order = np.argsort(-sums[-1][eligible], kind="stable")
        looked_at[eligible[order[:MOST_PAIRS]]] = True
    chosen = np.flatnonzero(looked_at)
    expected = _expected_meetings(shares, repeats.first[chosen], repeats.second[chosen])
    for number, window in enumerate(WINDOWS_S):
        count = counts[number][chosen]
        by_chance = np.minimum(expected[number], shares.n_acts.size)
        p_value = np.where(count >= MIN_REPEATS, _chance(count, by_chance), 1.0)
        surprise = _surprise(count, by_chance)
        mean_weight = sums[number][chosen] / np.maximum(count, 1)
        strength = np.where(count >= MIN_REPEATS, surprise * mean_weight, 0.0)
        better = (strength > best.strength[chosen]) | (best.repeats[chosen] == 0) & (count >= MIN_REPEATS)
        at = chosen[better]
        best.repeats[at], best.expected[at], best.window_s[at] = count[better], by_chance[better], window
        best.strength[at], best.p_value[at] = strength[better], p_value[better]
    return best


def _chance(count: IntArray, expected: FloatArray) -> FloatArray:
    """Chance of at least so many meetings in any of the windows, if they are Poisson; at most 1."""
    tail = np.where(count > 0, pdtrc(count - 1, expected), 1.0)
    return np.minimum(tail * len(WINDOWS_S), 1.0)


def _surprise(count: IntArray, expected: FloatArray) -> FloatArray:
    """Log likelihood ratio of a count above its Poisson expectation; 0 at or below it."""
    floor = np.maximum(expected, 1e-9)
    return np.where(count > floor, count * np.log(np.maximum(count, 1) / floor) - (count - floor), 0.0)


def _expected_meetings(shares: Shares, first: IntArray, second: IntArray) -> FloatArray:
    """Meetings that the speed of both explains, float64[windows, pairs].

    Σ over the objects that both shared of P(two independent delays lie within the window). Each delay is
    drawn from the account's own at that source, leaning on its delays elsewhere, and these on everybody's;
    whoever stands for the object's appearance has none.
    """
    expected = np.zeros((len(WINDOWS_S), first.size))
    cells = (np.ones(shares.actor.size, dtype=np.int8), (shares.actor, shares.object))
    table = sparse.csr_array(cells, shape=(shares.n_accounts, shares.names.size))
    speeds = sharing_speeds(shares.n_accounts, shares.actor, shares.source[shares.object], shares.delay)
    odds = [meeting_odds(window) for window in WINDOWS_S]
    acts = np.diff(table.indptr)
    for low, high in spans(acts[first] + acts[second], ROWS_AT_ONCE):
        us, vs = first[low:high], second[low:high]
        common = table[us].multiply(table[vs]).tocsr()
        row = np.repeat(np.arange(high - low), np.diff(common.indptr))
        opener = shares.opener[common.indices]
        opens = np.where(opener == us[row], 1, np.where(opener == vs[row], 2, 0))
        n_sources = int(shares.source.max(initial=0)) + 2
        cell = (row * n_sources + shares.source[common.indices] + 1) * 3 + opens
        key, counts = np.unique(cell, return_counts=True)
        row, source = np.divmod(key // 3, n_sources)
        ours = _delays(speeds, us[row], source - 1, key % 3 == 1)
        theirs = _delays(speeds, vs[row], source - 1, key % 3 == 2)
        for number, meets in enumerate(odds):
            by_chance = counts * np.einsum("ij,ij->i", ours @ meets, theirs)
            expected[number, low:high] = np.bincount(row, weights=by_chance, minlength=high - low)
    return expected


def _delays(speeds: Speeds, account: IntArray, source: IntArray, opens: BoolArray) -> FloatArray:
    """Delays of accounts at sources, and none for those who open."""
    none = np.zeros(N_BINS)
    none[0] = 1.0
    return np.where(opens[:, None], none, speeds.at(account, source))


def largest_by_chance(shares: Shares, rng: np.random.Generator) -> float:
    """The largest strength when every account keeps its objects and its delays, joined at random."""
    moved = np.flatnonzero(np.isfinite(shares.delay))
    by_account = moved[np.argsort(shares.actor[moved], kind="stable")]
    drawn = moved[np.lexsort((rng.random(moved.size), shares.actor[moved]))]
    delay = shares.delay.copy()
    delay[by_account] = shares.delay[drawn]
    at = np.where(np.isfinite(delay), shares.appeared[shares.object] + np.nan_to_num(delay), shares.at)
    order = np.lexsort((shares.actor, at, shares.object))
    shuffled = replace(
        shares,
        actor=shares.actor[order],
        object=shares.object[order],
        at=at[order].astype(np.int64),
        delay=delay[order],
    )
    return float(rate_pairs(shuffled, repeated_meetings(shuffled)).strength.max(initial=0.0))


def with_inseparable(shares: Shares, rated: SharingPairs, repeats: RepeatedMeetings) -> SharingPairs:
    """Pairs that do hardly anything apart, held against what their activity and fame explain.

    Whoever is quick at everything meets others who are by speed alone, so speed explains the meetings and
    cannot explain that it is always the same objects, of several sources, and hardly any others.
    """
    n_pairs = rated.first.size
    inside = repeats.gap <= TOGETHER_WITHIN_S
    count = np.bincount(repeats.pair[inside], minlength=n_pairs)
    weight = np.bincount(
        repeats.pair[inside], weights=shares.weight[repeats.object[inside]], minlength=n_pairs
    )
    busy = np.bincount(shares.actor, minlength=shares.n_accounts).astype(np.float64)
    less_busy = np.minimum(busy[rated.first], busy[rated.second])
    source = shares.source[repeats.object[inside]]
    own = np.where(source >= 0, source, shares.source.max(initial=0) + 1 + repeats.object[inside])
    width = int(own.max(initial=0)) + 1
    distinct = sorted_unique(repeats.pair[inside] * width + own)
    n_sources = np.bincount(distinct // width, minlength=n_pairs)
    total = max(float(shares.n_acts.sum()), 1.0)
    popularity = float(((shares.n_acts / total) ** 2).sum())
    expected = busy[rated.first] * busy[rated.second] * popularity
    surprise = _surprise(count, expected) * weight / np.maximum(count, 1)
    asked = (count >= MIN_TOGETHER) & (count >= MIN_SHARE_TOGETHER * less_busy) & (n_sources >= MIN_SOURCES)
    tells = asked & (surprise > rated.strength)
    p_value = _chance(count, expected)
    return replace(
        rated,
        repeats=np.where(tells, count, rated.repeats),
        expected=np.where(tells, expected, rated.expected),
        window_s=np.where(tells, TOGETHER_WITHIN_S, rated.window_s),
        strength=np.where(tells, surprise, rated.strength),
        p_value=np.where(tells, p_value, rated.p_value),
    )


def pairs_to_test(shares: Shares, rng: np.random.Generator) -> float:
    """How many pairs share `MIN_REPEATS` objects at all, whenever: what the false discovery rate is over.

    Counted for a sample of the accounts, since each may share something with everybody.
    """
    accounts = np.unique(shares.actor)
    drawn = np.sort(rng.permutation(accounts)[:SAMPLED_ACCOUNTS])
    cells = (np.ones(shares.actor.size, dtype=np.int32), (shares.actor, shares.object))
    table = sparse.csr_array(cells, shape=(shares.n_accounts, shares.names.size))
    fame = np.bincount(shares.object, minlength=shares.names.size)
    found = 0
    for low, high in spans(table[drawn] @ fame, ROWS_AT_ONCE):
        together = table[drawn[low:high]] @ table.T
        found += int((together.data >= MIN_REPEATS).sum())
    itself = int((np.diff(table.indptr)[drawn] >= MIN_REPEATS).sum())
    return max((found - itself) / 2 * accounts.size / max(drawn.size, 1), 1.0)


def discoveries(p_value: FloatArray, n_tests: float) -> BoolArray:
    """Benjamini and Hochberg's rule over `n_tests` tests, of which those not given have p = 1."""
    order = np.argsort(p_value, kind="stable")
    allowed = FALSE_DISCOVERY_RATE * np.arange(1, order.size + 1) / max(n_tests, order.size)
    passing = np.flatnonzero(p_value[order] <= allowed)
    found = np.zeros(p_value.size, dtype=bool)
    found[order[: passing[-1] + 1 if passing.size else 0]] = True
    return found
