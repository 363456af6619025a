"""Growth read off public counts: bursts between two snapshots of an account, without knowing who came.

Belongs here: bursts from follower counts at some times. The judgement of what is unusual is
`graph.growth.bursts`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.spans import spans
from graph.growth.bursts import (
    DAY,
    DAYS_TO_LEAVE,
    ELEVATED_TAIL,
    FEWEST_ARRIVALS,
    FEWEST_SHARE,
    LEAST_DISPERSION,
    LEAST_RATE,
    UNUSUAL_TAIL,
    UNUSUAL_Z,
    Bursts,
    Usual,
    log_spread,
    no_bursts,
    unusualness,
    upper_quantile,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

FEWEST_PERIODS = 6
"""Periods around one that must be known before it can be called unusual."""
PERIODS_AROUND = 8
LONGEST_PERIOD_DAYS = 31.0
"""Longer gaps between two snapshots say nothing about days."""
STEPS_OF_ROUNDING = 3
"""A gain of fewer steps than this of a rounded count (12.3K) may be rounding."""
FEWEST_COMPANIONS = 20
"""Accounts observed on a day below which they say nothing about the whole network's growth."""
_PERIODS_AT_ONCE = 200_000


def bursts_of_counts(
    account: IntegerArray, at: FloatArray, followers: FloatArray
) -> tuple[Bursts, BoolArray]:
    """Bursts of net followers between snapshots.

    The gain of a period ÷ its days is compared, on the log scale, with the up to 16 periods around it: median
    and median absolute deviation, the noise of a count and the steps in which a platform rounds it. What most
    accounts observed on the same day did beyond their own usual is taken out first: that is the network's.
    Consecutive elevated periods with an unusual one are one burst.

    Args:
        account: int[k].
        at: float64[k], seconds since 1970; no NaN.
        followers: float64[k], counts; no NaN.

    Returns:
        The bursts; which accounts (by position in the sorted distinct `account`) had enough periods to tell.
    """
    order = np.lexsort((at, account))
    node = np.asarray(account, dtype=np.int64)[order]
    when, count = (
        np.asarray(at, dtype=np.float64)[order] / DAY,
        np.asarray(followers, dtype=np.float64)[order],
    )
    names, place = np.unique(node, return_inverse=True)
    inside = np.flatnonzero((place[1:] == place[:-1]) & (np.diff(when) > 0)) if node.size else node
    if not inside.size:
        return no_bursts(), np.zeros(names.size, dtype=bool)
    owner, days = place[inside], when[inside + 1] - when[inside]
    gained = count[inside + 1] - count[inside]
    step = _rounding(place, count, names.size)[owner]
    logs = np.log1p(np.maximum(gained / days, 0.0))
    rate, spread, known = _around(owner, logs, days)
    shift = np.zeros(owner.size)
    shift[known] = _common_shift(np.floor(when[inside + 1])[known], (logs - np.log1p(rate))[known])
    usual = Usual(np.expm1(np.log1p(rate) + shift), spread)
    z, tail = unusualness(gained, days, usual)
    judged = known & (days <= LONGEST_PERIOD_DAYS)
    unusual = judged & (z >= UNUSUAL_Z) & (tail <= UNUSUAL_TAIL)
    run, cells = _runs(owner, inside, unusual, judged & (tail <= ELEVATED_TAIL) & (z >= UNUSUAL_Z / 2))
    can_tell = np.bincount(owner, weights=judged, minlength=names.size) >= FEWEST_PERIODS
    if not cells.size:
        return no_bursts(), can_tell
    expected = np.maximum(usual.rate[cells], LEAST_RATE) * days[cells]
    over = gained[cells] - upper_quantile(expected, np.maximum(spread[cells] ** 2, LEAST_DISPERSION))
    head = np.flatnonzero(np.append(True, np.diff(run) != 0))
    last = np.append(head[1:], run.size) - 1
    arrivals = np.bincount(run, weights=gained[cells] - expected).astype(np.float64)
    total = count[np.append(np.flatnonzero(np.diff(place)), node.size - 1)]
    found = Bursts(
        account=names[owner[cells[head]]],
        first_day=np.floor(when[inside[cells[head]]]).astype(np.int64),
        last_day=np.floor(when[inside[cells[last]] + 1]).astype(np.int64),
        arrivals=np.maximum(arrivals, 0.0),
        mass=np.bincount(run, weights=np.maximum(over, 0.0)).astype(np.float64),
        typical=np.minimum.reduceat(usual.rate[cells], head),
        z=np.maximum.reduceat(z[cells], head),
        followers=total[owner[cells[head]]],
        hours=np.full(head.size, np.nan),
        removed=_left_again((place, when, count), inside[cells[last]] + 1, usual.rate[cells[head]], arrivals),
    )
    large = (found.arrivals >= np.maximum(FEWEST_ARRIVALS, STEPS_OF_ROUNDING * step[cells[head]])) & (
        found.mass >= FEWEST_SHARE * found.followers
    )
    return found.rows(large), can_tell


def _around(
    owner: NDArray[np.int64], logs: FloatArray, days: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Usual daily rate, log spread beyond count noise, and whether enough periods say so."""
    size = owner.size
    rate, spread = np.zeros(size), np.zeros(size)
    known = np.zeros(size, dtype=bool)
    offsets = [
        sign * distance for distance in range(2, 2 + PERIODS_AROUND) for sign in (-1, 1)
    ]  # neighbours may hold the rest of the same burst
    for low, high in spans(np.ones(size, dtype=np.int64), _PERIODS_AT_ONCE):
        here = np.arange(low, high)
        around = np.full((here.size, len(offsets)), np.nan)
        for column, offset in enumerate(offsets):
            there = np.clip(here + offset, 0, size - 1)
            same = (owner[there] == owner[here]) & (there == here + offset)
            around[:, column] = np.where(same, logs[there], np.nan)
        enough = np.isfinite(around).sum(axis=1) >= FEWEST_PERIODS
        known[low:high] = enough
        kept = here[enough]
        if kept.size:
            rate[kept] = np.expm1(np.nanmedian(around[enough], axis=1))
            noise = rate[kept] / np.maximum(days[kept], 1.0) / (1.0 + rate[kept]) ** 2
            scatter = log_spread(np.expm1(around[enough]))
            spread[kept] = np.sqrt(np.maximum(scatter**2 - noise, 0.0))
    return rate, spread, known


def _common_shift(day: FloatArray, residual: FloatArray) -> FloatArray:
    """What all accounts observed on a day did beyond their usual: the median residual, 0 for too few."""
    days, place = np.unique(day, return_inverse=True)
    order = np.lexsort((residual, place))
    size = np.bincount(place)
    start = np.cumsum(size) - size
    ordered = residual[order]
    middle = 0.5 * (ordered[start + (size - 1) // 2] + ordered[start + size // 2])
    return np.maximum(np.where(size >= FEWEST_COMPANIONS, middle, 0.0), 0.0)[place] if days.size else residual


def _rounding(place: NDArray[np.int64], count: FloatArray, n_accounts: int) -> FloatArray:
    """The largest power of ten that divides every count of an account: how it is rounded; float64[n]."""
    start = np.searchsorted(place, np.arange(n_accounts))
    common = np.gcd.reduceat(count.astype(np.int64), start)
    step = np.ones(n_accounts, dtype=np.int64)
    for power in (10, 100, 1_000, 10_000, 100_000, 1_000_000):
        step = np.where((common > 0) & (common % power == 0), power, step)
    return step.astype(np.float64)


def _runs(
    owner: NDArray[np.int64], inside: NDArray[np.int64], unusual: BoolArray, elevated: BoolArray
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of consecutive elevated periods that hold an unusual one: run and period, in order."""
    cells = np.flatnonzero(unusual | elevated)
    if not cells.size:
        return cells, cells
    new = (np.diff(owner[cells]) != 0) | (np.diff(inside[cells]) > 1)
    run = np.cumsum(np.append(0, new))
    holds = np.zeros(run[-1] + 1, dtype=bool)
    holds[run[unusual[cells]]] = True
    return (np.cumsum(holds) - 1)[run[holds[run]]], cells[holds[run]]


def _left_again(
    counts: tuple[NDArray[np.int64], FloatArray, FloatArray],
    peak: NDArray[np.int64],
    rate: FloatArray,
    arrivals: FloatArray,
) -> FloatArray:
    """Share of the arrivals by which the count lags behind its usual growth `DAYS_TO_LEAVE` later.

    NaN where less than half of those days were observed.
    """
    place, when, count = counts
    later = peak.copy()
    for ahead in range(1, DAYS_TO_LEAVE + 1):
        there = np.minimum(peak + ahead, place.size - 1)
        fits = (place[there] == place[peak]) & (when[there] - when[peak] <= DAYS_TO_LEAVE)
        later = np.where(fits, there, later)
    waited = when[later] - when[peak]
    lag = count[peak] + rate * waited - count[later]
    share = np.clip(lag / np.maximum(arrivals, 1.0), 0.0, 1.0)
    return np.where(waited >= DAYS_TO_LEAVE / 2, share, np.nan)
