"""Who shared the same object how soon after whom: first shares, and the pairs that meet on several objects.

Belongs here: meetings as they are, with every bound on the work. What of them speed and taste explain is
`graph.together.meeting_chances`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import BoolArray, FloatArray

IntArray = NDArray[np.int64]

WINDOWS_S = (10, 60, 300, 600, 1_800, 3_600)
"""Windows, seconds. A hand that leads within ten minutes shows in one of them."""
MIN_REPEATS = 2
"""Distinct objects on which a pair must meet."""
MOST_ACTS = 10_000
"""Acts of one object that are looked at; of more, a sample drawn by the seed."""
MOST_MEETINGS = 10_000_000
"""Meetings that are looked at; of more, each act meets only those that follow it most closely."""

UNKNOWN = -1
"""In place of a source, or of the account that stands for an appearance, that is not known."""
_MULTIPLIER, _BUCKET_BITS = np.uint64(0x9E3779B97F4A7C15), 22


class ShareError(ValueError):
    """Acts of sharing that do not fit together."""


@dataclass(frozen=True)
class Shares:
    """First acts of each account on each object, sorted by object and time, and how the objects came about.

    From `names` on one element per object: what it was given as, its source (dense, -1 unknown), when it
    appeared, the account whose act stands for that (-1 where the time was given), what a meeting on it
    weighs, and how many shared it. `delay` is the seconds after the object appeared, NaN for an act that
    stands for that.
    """

    n_accounts: int
    actor: IntArray
    object: IntArray
    at: IntArray
    delay: FloatArray
    names: IntArray
    source: IntArray
    appeared: IntArray
    opener: IntArray
    weight: FloatArray
    n_acts: IntArray


@dataclass(frozen=True)
class RepeatedMeetings:
    """Meetings of pairs that repeat, sorted by pair; `first` and `second` have one element per pair."""

    first: IntArray
    second: IntArray
    pair: IntArray
    object: IntArray
    at: IntArray
    gap: IntArray


def first_shares(
    n_accounts: int, columns: tuple[NDArray[np.integer], ...], rng: np.random.Generator
) -> Shares:
    """First act of each account on each object; of objects with more than `MOST_ACTS` a sample of those."""
    actor, object_, at, source, appeared = (np.asarray(column, dtype=np.int64) for column in columns)
    if len({column.size for column in (actor, object_, at, source, appeared)}) > 1:
        msg = "actor, object, time, source and appearance must have the same length"
        raise ShareError(msg)
    names, number = np.unique(object_, return_inverse=True)
    order = np.lexsort((actor, at, number))
    _, first = np.unique(number[order] * max(n_accounts, 1) + actor[order], return_index=True)
    chosen = order[np.sort(first)]
    actor, number, at, source, appeared = (column[chosen] for column in (actor, number, at, source, appeared))
    n_acts = np.bincount(number, minlength=names.size)
    opening = np.cumsum(n_acts) - n_acts
    is_known = (appeared[opening] >= 0) & (appeared[opening] <= at[opening])
    begins = np.where(is_known, appeared[opening], at[opening])
    delay = (at - begins[number]).astype(np.float64)
    delay[opening[~is_known]] = np.nan
    _, dense = np.unique(np.maximum(source[opening], UNKNOWN), return_inverse=True)
    keep = _sample(number, n_acts, rng)
    return Shares(
        n_accounts=n_accounts,
        actor=actor[keep],
        object=number[keep],
        at=at[keep],
        delay=delay[keep],
        names=names,
        source=np.where(source[opening] < 0, UNKNOWN, dense),
        appeared=begins,
        opener=np.where(is_known, UNKNOWN, actor[opening]),
        weight=np.log(4.0) / np.log(2.0 + np.maximum(n_acts, 2)),
        n_acts=n_acts,
    )


def _sample(number: IntArray, n_acts: IntArray, rng: np.random.Generator) -> BoolArray:
    """All acts of most objects, and `MOST_ACTS` at random of each object that has more."""
    large = n_acts > MOST_ACTS
    if not large.any():
        return np.ones(number.size, dtype=bool)
    dice = rng.random(number.size)
    order = np.lexsort((dice, number))
    place = np.empty(number.size, dtype=np.int64)
    place[order] = np.arange(number.size) - (np.cumsum(n_acts) - n_acts)[number[order]]
    return place < MOST_ACTS


def repeated_meetings(shares: Shares) -> RepeatedMeetings:
    """Meetings within the widest window of pairs that meet on at least `MIN_REPEATS` objects."""
    left, right = _meeting_acts(shares)
    u = np.minimum(shares.actor[left], shares.actor[right])
    v = np.maximum(shares.actor[left], shares.actor[right])
    key = u * max(shares.n_accounts, 1) + v
    maybe = np.flatnonzero(_may_repeat(key))
    maybe = maybe[np.argsort(key[maybe], kind="stable")]
    key, left, right = key[maybe], left[maybe], right[maybe]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    counts = np.diff(np.append(starts, key.size))
    often = counts >= MIN_REPEATS
    inside = np.repeat(often, counts)
    left, right = left[inside], right[inside]
    first, second = np.divmod(key[starts[often]], max(shares.n_accounts, 1))
    return RepeatedMeetings(
        first=first,
        second=second,
        pair=np.repeat(np.arange(first.size), counts[often]),
        object=shares.object[left],
        at=shares.at[left],
        gap=shares.at[right] - shares.at[left],
    )


def _may_repeat(key: IntArray) -> BoolArray:
    """Keys that may occur more than once; those that cannot are most, and need not be sorted."""
    bucket = ((key.astype(np.uint64) * _MULTIPLIER) >> np.uint64(64 - _BUCKET_BITS)).astype(np.int64)
    return (np.bincount(bucket, minlength=1 << _BUCKET_BITS) >= MIN_REPEATS)[bucket]


def _meeting_acts(shares: Shares) -> tuple[IntArray, IntArray]:
    """Acts on the same object within the widest window, as positions of the earlier and the later."""
    n = shares.actor.size
    if n == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    start = shares.at.min()
    span = int(shares.at.max() - start) + WINDOWS_S[-1] + 1
    clock = shares.object * span + (shares.at - start)
    following = np.searchsorted(clock, clock + WINDOWS_S[-1], side="right") - np.arange(n) - 1
    if following.sum() > MOST_MEETINGS:
        following = np.minimum(following, _largest_cap(following))
    left = np.repeat(np.arange(n), following)
    place = np.arange(left.size) - np.repeat(np.cumsum(following) - following, following)
    return left, left + 1 + place


def _largest_cap(following: IntArray) -> int:
    """The largest number of followers per act that keeps all meetings within `MOST_MEETINGS`, at least 1."""
    low, high = 1, int(following.max())
    while low < high:
        middle = (low + high + 1) // 2
        if np.minimum(following, middle).sum() <= MOST_MEETINGS:
            low = middle
        else:
            high = middle - 1
    return low
