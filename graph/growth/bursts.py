"""Growth: days on which an account gained far more followers than it usually does.

Belongs here: bursts of arrivals against the account's own surroundings, from follow times. Counts without
times are `graph.growth.counts`, follow order without times `graph.growth.follow_order`; what harmless cause a
burst has is `graph.growth.causes`, what it looks like `graph.growth.classes`.

Every source ends in the same shape, `Bursts`, and where it is known who came, `Arrivals`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, pdtrc

from graph.arrays.spans import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

DAY = 86_400
FEWEST_FOLLOWERS = 30
"""Followers with a time below which no day of an account can be called unusual."""
FEWEST_ARRIVALS = 8
"""Followers beyond the usual below which a burst is not worth a word."""
FEWEST_SHARE = 0.03
"""Share of all followers that a burst must have brought."""
UNUSUAL_Z = 2.5
UNUSUAL_TAIL = 1e-6
"""Chance of so many on one day, under the account's own days around, below which the day is unusual."""
ELEVATED_TAIL = 0.05
"""Chance below which a day next to an unusual one belongs to it."""
MASS_QUANTILE = 0.99
"""Only what lies above this quantile of the usual days counts as the burst's mass."""
LEAST_RATE = 0.2
"""Followers per day that are taken as usual where fewer were seen: silence proves no rate of nought."""
LEAST_DISPERSION = 0.1
"""Overdispersion of daily gains that is always allowed for: variance = mean + this x mean squared."""
KEPT_OF_NETWORK = 0.95
"""Share of the accounts that gain on a day, those that gain least, that say what the whole network does."""
FEWEST_GAINING = 20
"""Accounts that gain on a day below which they say nothing about the whole network."""
DAYS_TO_LEAVE = 45
"""Days after a burst in which those who came leave again, or are removed, if they do."""
MANY_LEFT = 0.15
"""Share of those who came that says something even if fewer days have passed."""
WEEKS_AROUND = 8
"""Weeks on either side of a day that say what is usual there."""
FEWEST_WEEKS = 4
_NEAR = 3  # days on either side that belong to the day itself and say nothing of what is usual
_WEEK = 7
_CELLS_AT_ONCE = 500_000
_MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True)
class Bursts:
    """Runs of unusual days; one element per burst, ordered by account and first day.

    Attributes:
        account: int64, a node.
        first_day, last_day: int64, days since 1970.
        arrivals: float64, followers gained in the run beyond the usual.
        mass: float64, followers gained above the upper quantile of the usual days.
        typical: float64, followers gained per day around it.
        z: float64, robust z-score of the log gain of its strongest day.
        followers: float64, followers of the account that the source knows, at its end.
        hours: float64, hours in which the middle 80 % of them came; NaN where times do not say.
        removed: float64, share of the arrivals that left again; NaN where it is not known, or where too few
            days have passed since to say that few did.
    """

    account: NDArray[np.int64]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    arrivals: FloatArray
    mass: FloatArray
    typical: FloatArray
    z: FloatArray
    followers: FloatArray
    hours: FloatArray
    removed: FloatArray

    def __len__(self) -> int:
        """How many bursts."""
        return len(self.account)

    def rows(self, chosen: IntegerArray | BoolArray) -> Bursts:
        """Some of them, in the order given."""
        return Bursts(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Arrivals:
    """Who came in which burst.

    Attributes:
        burst: int64[k], position in `Bursts`, ascending.
        row: int64[k], position among the follows that were handed in.
    """

    burst: NDArray[np.int64]
    row: NDArray[np.int64]


@dataclass(frozen=True)
class Usual:
    """What is usual around each of k moments.

    Attributes:
        rate: float64[k], gains per day; NaN where too little is around to say.
        spread: float64[k], robust standard deviation of the log gains beyond the noise of counts.
    """

    rate: FloatArray
    spread: FloatArray


def no_bursts() -> Bursts:
    """Nothing happened."""
    whole, part = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Bursts(whole, whole, whole, *[part] * 7)


def joined_bursts(parts: Sequence[Bursts]) -> Bursts:
    """The bursts of several sources, one after the other."""
    names = [field.name for field in fields(Bursts)]
    return Bursts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def unusualness(gained: FloatArray, days: FloatArray | float, usual: Usual) -> tuple[FloatArray, FloatArray]:
    """How unusual a gain is: its robust z-score on a log scale, and the chance of one as large.

    The scale of the z-score is the spread of the gains around (median absolute deviation) together with the
    noise of a count, so that an account that gains nobody on most days is not struck by five. The chance is
    that of a negative binomial law with the usual rate and the overdispersion that the spread shows.

    Args:
        gained: float64[k], followers gained.
        days: in how many days.
        usual: What is usual around.

    Returns:
        z and tail probability, float64[k] each; NaN where the usual is unknown.

    References:
        Iglewicz, Hoaglin (1993), "How to detect and handle outliers" (median and MAD); Lawless (1987),
        "Negative binomial and mixed Poisson regression", Canadian Journal of Statistics 15.
    """
    rate = np.maximum(usual.rate, LEAST_RATE)
    noise = rate / np.maximum(days, 1.0) / (1.0 + rate) ** 2
    scale = np.sqrt(usual.spread**2 + noise)
    z = (np.log1p(np.maximum(gained, 0.0) / days) - np.log1p(rate)) / scale
    return z, upper_tail(gained, rate * days, _dispersion(usual))


def _dispersion(usual: Usual) -> FloatArray:
    return np.maximum(usual.spread**2, LEAST_DISPERSION)


def upper_tail(count: FloatArray, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Chance of at least `count` under a negative binomial law; variance = mean + dispersion x mean²."""
    whole = np.maximum(np.floor(count), 0.0)
    size = 1.0 / dispersion
    beyond = betainc(np.maximum(whole, 1.0), size, mean / (mean + size))
    return np.where(whole > 0, beyond, np.where(np.isnan(mean), np.nan, 1.0))


def upper_quantile(mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """About the `MASS_QUANTILE` of the same law: mean and 2.33 standard deviations."""
    return mean + 2.326 * np.sqrt(mean + dispersion * mean**2)


def bursts_of_times(
    account: IntegerArray, at: FloatArray, left_at: FloatArray, until: float
) -> tuple[Bursts, Arrivals]:
    """Bursts of followers from the times at which they came.

    A day, and a day with the next, is compared with the up to 16 weeks around it without its own: the rate
    is the median of their weekly gains, the spread their median absolute deviation on the log scale. Days
    that are unusual (`unusualness`) with the elevated days next to them are one burst. Whoever came in the
    first weeks after the first follower is not judged, for there is no usual yet. Work is one sort of the
    follows, memory a few arrays of their length.

    Args:
        account: int[k], who was followed.
        at: float64[k], seconds since 1970; no NaN.
        left_at: float64[k], when the follow ended; NaN for never.
        until: seconds, the end of what was observed.

    Returns:
        The bursts, and who came in them.
    """
    order = np.lexsort((at, account))
    node, when = np.asarray(account, dtype=np.int64)[order], np.asarray(at, dtype=np.float64)[order]
    if not node.size:
        return no_bursts(), Arrivals(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    day = np.floor(when / DAY).astype(np.int64)
    last_day = max(int(np.floor((until - 1) / DAY)), int(day.max()))
    starts_cell = np.append(True, (node[1:] != node[:-1]) | (day[1:] != day[:-1]))
    cell_start = np.flatnonzero(starts_cell)
    count = np.diff(np.append(cell_start, node.size)).astype(np.float64)
    owner, cell_day = node[cell_start], day[cell_start]
    starts_account = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    sizes = np.diff(np.append(starts_account, owner.size))
    total = np.repeat(np.add.reduceat(count, starts_account), sizes)
    first = np.repeat(cell_day[starts_account], sizes)
    judged = np.flatnonzero((count >= 2) & (total >= FEWEST_FOLLOWERS))
    keys = _Keys(node, day, last_day)
    usual = _usual_weeks(keys, owner[judged], cell_day[judged], first[judged])
    z, tail = _strongest(
        unusualness(count[judged], 1.0, usual),
        # a parcel that begins in the evening is two days' gain
        unusualness(
            keys.gained(owner[judged], cell_day[judged], cell_day[judged] + 2).astype(np.float64), 2.0, usual
        ),
    )
    runs = _runs(owner[judged], cell_day[judged], z, tail)
    if not runs.size:
        return no_bursts(), Arrivals(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    run = runs[:, 0]
    cells = judged[runs[:, 1]]
    n_runs = int(run.max()) + 1
    rate = np.maximum(usual.rate, 0.0)[runs[:, 1]]
    over = np.maximum(
        count[cells] - upper_quantile(np.maximum(rate, LEAST_RATE), _dispersion(usual)[runs[:, 1]]), 0.0
    )
    head = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
    members = _members(cell_start[cells], count[cells].astype(np.int64), run)
    typical = np.full(n_runs, np.inf)
    np.minimum.at(typical, run, rate)
    strongest = np.full(n_runs, -np.inf)
    np.maximum.at(strongest, run, z[runs[:, 1]])
    left = np.bincount(members[0], weights=~np.isnan(left_at[order[members[1]]])) / np.bincount(members[0])
    ended = np.maximum.reduceat(cell_day[cells], head)
    has_passed = last_day - ended >= DAYS_TO_LEAVE
    found = Bursts(
        account=owner[cells[head]],
        first_day=cell_day[cells[head]],
        last_day=ended,
        arrivals=np.maximum(np.bincount(run, weights=count[cells] - rate), 0.0),
        mass=np.bincount(run, weights=over).astype(np.float64),
        typical=typical,
        z=strongest,
        followers=total[cells[head]],
        hours=_hours(members[0], when[members[1]], n_runs),
        removed=np.where(has_passed | (left >= MANY_LEFT), left, np.nan),
    )
    return large_enough(found, Arrivals(members[0], order[members[1]]))


def _strongest(
    first: tuple[FloatArray, FloatArray], second: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Of two looks at the same day the more unusual one; two looks double the chance."""
    is_second = second[1] < first[1]
    return np.where(is_second, second[0], first[0]), 2.0 * np.where(is_second, second[1], first[1])


def large_enough(found: Bursts, arrivals: Arrivals) -> tuple[Bursts, Arrivals]:
    """The bursts that brought enough to be worth a word."""
    kept = (found.arrivals >= FEWEST_ARRIVALS) & (found.mass >= FEWEST_SHARE * found.followers)
    place = np.cumsum(kept) - 1
    inside = kept[arrivals.burst]
    return found.rows(kept), Arrivals(place[arrivals.burst[inside]], arrivals.row[inside])


class _Keys:
    """Arrivals under one sorted key for account and day, so that gains of any span are two look-ups."""

    def __init__(self, node: NDArray[np.int64], day: NDArray[np.int64], last_day: int) -> None:
        margin = _WEEK * (WEEKS_AROUND + 2)
        self.first_day = int(day.min()) - margin
        self.last_day = last_day
        self.step = last_day - self.first_day + 2 * margin
        self.sorted = node * self.step + (day - self.first_day)

    def gained(
        self, node: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Arrivals in days [low, high)."""
        base = node * self.step - self.first_day
        return np.searchsorted(self.sorted, base + high) - np.searchsorted(self.sorted, base + low)


def _usual_weeks(
    keys: _Keys, node: NDArray[np.int64], day: NDArray[np.int64], first: NDArray[np.int64]
) -> Usual:
    """The usual around each (account, day), in pieces."""
    rate, spread = np.full(node.size, np.nan), np.full(node.size, np.nan)
    for low, high in spans(np.ones(node.size, dtype=np.int64), _CELLS_AT_ONCE):
        piece = slice(low, high)
        weeks = np.full((high - low, 2 * WEEKS_AROUND), np.nan)
        for number in range(WEEKS_AROUND):
            before = day[piece] - _NEAR - _WEEK * (number + 1)
            after = day[piece] + _NEAR + 1 + _WEEK * number
            for column, begin in ((2 * number, before), (2 * number + 1, after)):
                gained = keys.gained(node[piece], begin, begin + _WEEK).astype(np.float64)
                whole = (begin >= first[piece]) & (begin + _WEEK <= keys.last_day + 1)
                weeks[:, column] = np.where(whole, gained, np.nan)
        rate[piece], spread[piece] = _median_rate(weeks)
    return Usual(rate, spread)


def _median_rate(weeks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Daily rate and log spread of weekly gains, float64[k, weeks] with NaN for weeks that are not there."""
    known = np.isfinite(weeks).sum(axis=1) >= FEWEST_WEEKS
    rate, spread = np.full(len(weeks), np.nan), np.full(len(weeks), np.nan)
    kept = weeks[known]
    # A median of nought hides a slow trickle, the mean of the lower three quarters does not.
    ordered = np.sort(kept, axis=1)
    there = np.isfinite(ordered).sum(axis=1)
    lower = np.ceil(0.75 * there).astype(np.int64)
    sums = np.cumsum(np.nan_to_num(ordered), axis=1)
    trickle = sums[np.arange(len(kept)), lower - 1] / lower
    rate[known] = np.maximum(np.nanmedian(kept, axis=1), trickle) / _WEEK
    # Counts scatter by themselves; what they do beyond that is the spread.
    noise = rate[known] * _WEEK / (1.0 + rate[known] * _WEEK) ** 2
    spread[known] = np.sqrt(np.maximum(log_spread(kept) ** 2 - noise, 0.0))
    return rate, spread


def log_spread(gains: FloatArray) -> FloatArray:
    """Median absolute deviation of log gains as a standard deviation, by row; NaN is unknown."""
    logs = np.log1p(np.maximum(gains, 0.0))
    middle = np.nanmedian(logs, axis=1, keepdims=True)
    return _MAD_TO_SIGMA * np.nanmedian(np.abs(logs - middle), axis=1)


def _runs(
    owner: NDArray[np.int64], day: NDArray[np.int64], z: FloatArray, tail: FloatArray
) -> NDArray[np.int64]:
    """Runs of elevated days that hold an unusual one: (run, position), int64[cells, 2] in order."""
    unusual = (z >= UNUSUAL_Z) & (tail <= UNUSUAL_TAIL)
    elevated = np.flatnonzero(unusual | (tail <= ELEVATED_TAIL))
    if not elevated.size:
        return np.zeros((0, 2), dtype=np.int64)
    new = (np.diff(owner[elevated]) != 0) | (np.diff(day[elevated]) > 1)
    run = np.cumsum(np.append(0, new))
    holds = np.zeros(run[-1] + 1, dtype=bool)
    holds[run[unusual[elevated]]] = True
    kept = holds[run]
    number = np.cumsum(holds) - 1
    return np.column_stack([number[run[kept]], elevated[kept]])


def _members(
    start: NDArray[np.int64], count: NDArray[np.int64], run: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Run and position in the sorted follows of everybody who came in the run's days."""
    offset = np.cumsum(count) - count
    position = np.arange(int(count.sum())) - np.repeat(offset, count) + np.repeat(start, count)
    return np.repeat(run, count), position


def _hours(run: NDArray[np.int64], when: FloatArray, n_runs: int) -> FloatArray:
    """Hours between the first and the last tenth of the arrivals; NaN where only days are known."""
    start = np.searchsorted(run, np.arange(n_runs))
    size = np.bincount(run, minlength=n_runs)
    low = when[start + np.round(0.1 * (size - 1)).astype(np.int64)]
    high = when[start + np.round(0.9 * (size - 1)).astype(np.int64)]
    only_days = np.add.reduceat((when % DAY != 0).astype(np.int64), start) == 0
    return np.where(only_days, np.nan, (high - low) / 3_600)


def network_growth(account: IntegerArray, at: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """How many times as many followers as usual the network gained on each day.

    The accounts that gained most on a day, a twentieth of those that gained at all, are left out of it, so
    that parcels for a few do not pass for growth of everybody.

    Args:
        account: int[k], who was followed.
        at: float64[k], seconds; no NaN.

    Returns:
        Days since 1970 in order, and the factor of each, at least 1.
    """
    day = np.floor(np.asarray(at) / DAY).astype(np.int64)
    if not day.size:
        return day, np.zeros(0)
    low, high = int(day.min()), int(day.max())
    n_days = high - low + 1
    cells, gained = np.unique(np.asarray(account, dtype=np.int64) * n_days + day - low, return_counts=True)
    when = cells % n_days
    order = np.lexsort((gained, when))
    size = np.bincount(when, minlength=n_days)
    rank = np.arange(cells.size) - np.repeat(np.cumsum(size) - size, size)
    kept = rank < np.where(size >= FEWEST_GAINING, np.floor(KEPT_OF_NETWORK * size), 0)[when[order]]
    total = np.bincount(when[order][kept], weights=gained[order][kept], minlength=n_days)
    reach = _WEEK * WEEKS_AROUND
    padded = np.pad(total.astype(np.float64), reach, constant_values=np.nan)
    usual = np.array(
        [np.nanmedian(window) for window in np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)]
    )
    return np.arange(low, high + 1), np.maximum((total + 1.0) / (usual + 1.0), 1.0)


def is_network_growth(bursts: Bursts, days: NDArray[np.int64], factor: FloatArray) -> BoolArray:
    """Whether a burst is no longer unusual once the whole network's growth on its days is taken out."""
    if not (len(bursts) and days.size):
        return np.zeros(len(bursts), dtype=bool)
    strongest = np.ones(len(bursts))
    for place, (low, high) in enumerate(zip(bursts.first_day, bursts.last_day, strict=True)):
        inside = factor[np.searchsorted(days, low) : np.searchsorted(days, high, side="right")]
        strongest[place] = inside.max(initial=1.0)
    lasted = bursts.last_day - bursts.first_day + 1
    expected = np.maximum(bursts.typical, LEAST_RATE) * lasted * strongest
    return pdtrc(np.maximum(np.floor(bursts.arrivals) - 1, 0), expected) > UNUSUAL_TAIL
