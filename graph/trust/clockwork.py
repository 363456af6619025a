"""Clockwork: output that only a machine sends, at equal gaps or in equal words.

Shares of an account's output, from times and texts alone; what they take from its conversation is decided in
`graph.trust.conversation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtrc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.trust.conversation import Output

MIN_GAPS = 20
"""Gaps between moments of posting below which nobody can be told from a clock."""
CLOCK_TOLERANCE = 0.005
"""Gaps within 0.5 % of each other (7 minutes of a day) are one gap to a clock with some jitter."""
CLOCK_SURROUNDINGS = 5.0
"""How many times as wide the range of gaps is that the pile is compared with."""
CLOCK_SURENESS = 1e-6
"""Chance of so regular gaps, over all places where they could pile up, below which they are a clock's."""
MIN_SAME_TEXT_DAYS = 3
"""Different days on which the same words must go out to be the work of a machine."""
DAY = 86_400


def regular_share(n_accounts: int, account: IntegerArray, at: FloatArray) -> FloatArray:
    """Share of an account's gaps between posts that pile up at one length, as only a clock makes them.

    The busiest gap g is the one with most others within `CLOCK_TOLERANCE` of it. People post in bursts, by
    day and night and by habit, so any fixed law for their gaps is wrong; but on the scale of a few per cent
    their gaps are spread smoothly. So the null is local: of the m gaps within `CLOCK_SURROUNDINGS` times the
    tolerance, each lies inside the window with the window's share of that range (in logarithms). A pile that
    this explains with a chance above `CLOCK_SURENESS` (over all gaps at which it could have stood) is no
    clock, and the share is 0; else it is the pile without what the null puts there, ÷ all gaps. Who schedules
    a daily post and talks in between has no regular gaps, because the talk cuts them up. Times known only to
    the hour or day cannot show a clock: the window is as wide as their resolution and fills the range.

    Args:
        n_accounts: number of accounts, n.
        account: int64[rows].
        at: float64[rows] seconds, NaN unknown.

    Returns:
        float64[n] in [0, 1]; NaN where there are fewer than `MIN_GAPS` gaps.

    References:
        Naus (1965), "The distribution of the size of the maximum cluster of points on a line", JASA 60 (scan
        statistics); Zhang, Paxson (2011), "Detecting and analyzing automated activity on Twitter", PAM
        (timing against what a person's posting would give).
    """
    timed = ~np.isnan(at)
    account, moments = np.asarray(account)[timed], at[timed].astype(np.int64)
    resolution = _resolution(moments)
    order = np.lexsort((moments, account))
    account, moments = account[order], moments[order]
    gap = np.diff(moments)
    inside = (account[1:] == account[:-1]) & (gap > 0)
    account, gap = account[1:][inside], gap[inside].astype(np.float64)
    n_gaps = np.bincount(account, minlength=n_accounts)
    enough = n_gaps[account] >= MIN_GAPS
    account, gap = account[enough], gap[enough]
    result = np.where(n_gaps >= MIN_GAPS, 0.0, np.nan)
    if not gap.size:
        return result
    order = np.lexsort((gap, account))
    account, gap = account[order], gap[order]
    half = np.maximum(gap * CLOCK_TOLERANCE, resolution)
    # one sorted key for all accounts: gaps are far shorter than the step from one account to the next
    step = 4.0 * gap.max() + 4.0 * half.max()
    key = account * step + gap

    def between(low: FloatArray, high: FloatArray) -> FloatArray:
        base = account * step
        first = np.searchsorted(key, base + np.maximum(low, 0.0), side="left")
        return np.searchsorted(key, base + high, side="right") - first

    pile = between(gap - half, gap + half)
    widest = np.maximum(gap * CLOCK_TOLERANCE * CLOCK_SURROUNDINGS, half)
    around = between(gap - widest, gap + widest)
    # nothing is shorter than half a second, whatever the tolerance
    chance = np.log((gap + half) / np.maximum(gap - half, 0.5)) / np.log(
        (gap + widest) / np.maximum(gap - widest, 0.5)
    )
    # the tail is slow, and only piles well above expectation can be a clock's
    likely = np.flatnonzero((pile >= MIN_GAPS / 4) & (pile > 1.5 * around * chance))
    # the gap at which the window stands is in it by choice
    tail = bdtrc(pile[likely] - 2, around[likely] - 1, chance[likely]) * n_gaps[account[likely]]
    clock = likely[tail < CLOCK_SURENESS]
    # what is not the clock's is spread over the range, inside the window as well
    excess = (pile[clock] - around[clock] * chance[clock]) / (1.0 - chance[clock])
    np.maximum.at(result, account[clock], excess / n_gaps[account[clock]])
    return np.minimum(result, 1.0)


def _resolution(moments: NDArray[np.int64]) -> int:
    """Seconds in which nearly all moments are whole: 86,400 where only days are known."""
    for unit in (DAY, 3_600, 60):
        if moments.size and np.count_nonzero(moments % unit) <= 0.1 * moments.size:
            return unit
    return 1


def repeated_share(n_accounts: int, output: Output) -> FloatArray:
    """Share of an account's broadcast posts that repeat, word for word, what it sent out on other days.

    Words that went out on at least `MIN_SAME_TEXT_DAYS` different days count, all but their first time.
    People repeat a greeting; the share says how much of the output that is.

    Returns:
        float64[n] in [0, 1], of the whole output; NaN with fewer than `MIN_GAPS` posts that have words.
    """
    written = ~output.is_directed & (output.words != 0) & ~np.isnan(output.at)
    account = np.asarray(output.account)[written]
    n_written = np.bincount(account, minlength=n_accounts)
    total = np.maximum(np.bincount(output.account, minlength=n_accounts), 1)
    result = np.where(n_written >= MIN_GAPS, 0.0, np.nan)
    if not account.size:
        return result
    words, day = output.words[written], np.floor(output.at[written] / DAY)
    order = np.lexsort((day, words, account))
    account, words, day = account[order], words[order], day[order]
    same = (account[1:] == account[:-1]) & (words[1:] == words[:-1])
    group = np.cumsum(np.append(0, ~same))
    days = np.bincount(group[1:], weights=same & (day[1:] != day[:-1]), minlength=group[-1] + 1) + 1
    times = np.bincount(group)
    owner = account[np.append(True, ~same)]
    repeats = np.where(days >= MIN_SAME_TEXT_DAYS, times - 1, 0)
    return np.minimum(result + np.bincount(owner, weights=repeats, minlength=n_accounts) / total, 1.0)
