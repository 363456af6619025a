"""Growth from follow order alone: what a list of followers says where it names no times.

Platforms list followers in the order in which they came. An account cannot follow before it exists, so the
latest creation date among those who came before bounds the time of a follow from below. Belongs here: whether
data are in that order at all, the bound, and runs of followers opened together. What such a run means is
`graph.growth.classes`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import pdtrc

from graph.growth.bursts import FEWEST_ARRIVALS, FEWEST_FOLLOWERS, FEWEST_SHARE, Arrivals, Bursts, no_bursts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

OLDEST_FIRST, NEWEST_FIRST, NO_ORDER = 1, -1, 0

SURE_OF_ORDER = 6.0
"""Standard deviations by which new latest creation dates must exceed those of a random order."""
RECORDS_BEYOND_CHANCE = 2.0
"""Times as many as chance: orders that go with age loosely, such as by size, reach 1.7."""
FEWEST_DESCENTS = 0.3
"""Share of neighbours of whom the later was created earlier: a list that is sorted by creation date, or by
ids that were given out in that order, has hardly any and says nothing of who came when."""
TOGETHER_DAYS = 7
"""Accounts opened within so many days of each other were opened together."""
NEIGHBOURS = 30
"""Followers after one among whom those opened together with it are counted."""
UNUSUAL_RUN = 1e-9
"""Chance of so many under the creation dates of the whole network."""
FURTHEST_APART = 5
"""Other followers that may come between two of a run."""
NEWCOMER_DAYS = 14
"""Who follows this soon after the account was opened may have been sent there by the platform itself."""


def order_of_delivery(account: IntegerArray, created_day: FloatArray) -> int:
    """Whether follows were delivered in the order in which followers came.

    In a random order of n followers the latest creation date so far is surpassed 1 + 1/2 + … + 1/n times on
    average (records of a sequence). In follow order it is surpassed far more often, because newer accounts
    can only stand late. All accounts with at least `FEWEST_FOLLOWERS` are asked together, in both directions.

    Args:
        account: int[k], who was followed, rows in the order of delivery.
        created_day: float64[k], when the follower was opened, days since 1970; NaN is unknown.

    Returns:
        `OLDEST_FIRST`, `NEWEST_FIRST` or `NO_ORDER`.

    References:
        Rényi (1962), "Théorie des éléments saillants d'une suite d'observations" (records); Meeder et al.
        (2011), "We know who you followed last summer", WWW (creation dates bound follow times).
    """
    rows = _ordered(account, created_day, OLDEST_FIRST)
    node, created = np.asarray(account)[rows], created_day[rows]
    start, size = _segments(node)
    large = size >= FEWEST_FOLLOWERS
    if not large.any():
        return NO_ORDER
    kept = np.repeat(large, size)
    node, created = node[kept], created[kept]
    start, size = _segments(node)
    within = np.append(False, node[1:] == node[:-1])
    steps = np.diff(created, prepend=created[:1])[within]
    mixed = min(np.mean(steps < 0), np.mean(steps > 0)) if steps.size else 0.0
    if mixed < FEWEST_DESCENTS:
        return NO_ORDER
    place = np.arange(node.size) - np.repeat(start, size)
    expected = np.sum(1.0 / (place + 1.0))
    variance = max(np.sum(1.0 / (place + 1.0) - 1.0 / (place + 1.0) ** 2), 1e-9)
    for direction, values, first in ((OLDEST_FIRST, created, start), (NEWEST_FIRST, created[::-1], None)):
        names = node if direction == OLDEST_FIRST else node[::-1]
        begin = start if first is not None else _segments(names)[0]
        records = np.count_nonzero(_is_record(values, begin))
        surely = (records - expected) / np.sqrt(variance) >= SURE_OF_ORDER
        if surely and records >= RECORDS_BEYOND_CHANCE * expected:
            return direction
    return NO_ORDER


def bursts_of_order(
    account: IntegerArray, created_day: FloatArray, network_created: FloatArray, direction: int
) -> tuple[Bursts, Arrivals]:
    """Runs of followers, one after the other, that were opened together and long before they came.

    For every follower, those opened within `TOGETHER_DAYS` of it are counted among the `NEIGHBOURS` that came
    next; the chance of as many is a Poisson law with the share of the whole network opened then. Newcomers,
    opened at most `NEWCOMER_DAYS` before the bound of their follow, are left out: platforms send those to the
    same accounts. Runs are joined over `FURTHEST_APART` others. The first day is the bound at the last of the
    run: it cannot have ended before.

    Args:
        account: int[k], who was followed, rows in the order of delivery.
        created_day: float64[k], NaN is unknown.
        network_created: float64[m], when the accounts of the network were opened; NaN is unknown.
        direction: What `order_of_delivery` says.

    Returns:
        The bursts (typical gain, hours and removals are unknown), and who came in them.
    """
    nothing = no_bursts(), Arrivals(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if direction == NO_ORDER:
        return nothing
    rows = _ordered(account, created_day, direction)
    node, created = np.asarray(account, dtype=np.int64)[rows], created_day[rows]
    if not node.size:
        return nothing
    start, size = _segments(node)
    bound = _running_maximum(created, start, size)
    settled = created < bound - NEWCOMER_DAYS
    known = np.sort(network_created[np.isfinite(network_created)])
    share = (
        np.searchsorted(known, created + TOGETHER_DAYS, side="right")
        - np.searchsorted(known, created - TOGETHER_DAYS)
    ) / max(known.size, 1)
    alike = np.zeros(node.size, dtype=np.int64)
    for ahead in range(1, min(NEIGHBOURS, node.size - 1) + 1):
        alike[:-ahead] += _together(node, created, settled, ahead)
    large = np.repeat(size >= FEWEST_FOLLOWERS, size)
    heads = (
        settled & large & (pdtrc(np.maximum(alike - 1, 0), NEIGHBOURS * share) <= UNUSUAL_RUN) & (alike > 0)
    )
    member = heads.copy()
    for ahead in range(1, min(NEIGHBOURS, node.size - 1) + 1):
        member[ahead:] |= heads[:-ahead] & _together(node, created, settled, ahead)
    came = np.flatnonzero(member)
    if not came.size:
        return nothing
    run = np.cumsum(np.append(0, (np.diff(came) > FURTHEST_APART + 1) | (np.diff(node[came]) != 0)))
    arrivals = np.bincount(run)
    head = np.flatnonzero(np.append(True, np.diff(run) != 0))
    tail = np.append(head[1:], run.size) - 1
    total = np.repeat(size, size)[came[head]].astype(np.float64)
    day = np.floor(bound[came[tail]]).astype(np.int64)
    unknown = np.full(head.size, np.nan)
    found = Bursts(
        account=node[came[head]],
        first_day=day,
        last_day=day,
        arrivals=arrivals.astype(np.float64),
        mass=arrivals.astype(np.float64),
        typical=unknown,
        z=unknown,
        followers=total,
        hours=unknown,
        removed=unknown,
    )
    kept = (arrivals >= FEWEST_ARRIVALS) & (arrivals >= FEWEST_SHARE * total)
    inside = kept[run]
    return found.rows(kept), Arrivals((np.cumsum(kept) - 1)[run[inside]], rows[came[inside]])


def _ordered(account: IntegerArray, created_day: FloatArray, direction: int) -> NDArray[np.int64]:
    """Rows with a known creation date by account, each account's oldest follow first."""
    known = np.flatnonzero(np.isfinite(created_day))[::direction]
    return known[np.argsort(np.asarray(account)[known], kind="stable")]


def _segments(node: IntegerArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and length of every run of equal nodes."""
    if not node.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    start = np.flatnonzero(np.append(True, node[1:] != node[:-1]))
    return start, np.diff(np.append(start, node.size))


def _running_maximum(values: FloatArray, start: NDArray[np.int64], size: NDArray[np.int64]) -> FloatArray:
    """The largest value so far within each segment, by lifting every segment above the one before."""
    span = float(np.ptp(values)) + 1.0
    lift = np.repeat(np.arange(start.size) * span, size)
    return np.maximum.accumulate(values + lift) - lift


def _is_record(values: FloatArray, start: NDArray[np.int64]) -> BoolArray:
    """Where a value surpasses all before it in its segment; the first one does."""
    size = np.diff(np.append(start, values.size))
    highest = _running_maximum(values, start, size)
    records = np.append(True, values[1:] > highest[:-1])
    records[start] = True
    return records


def _together(node: NDArray[np.int64], created: FloatArray, settled: BoolArray, ahead: int) -> BoolArray:
    """Whether a follower and the one `ahead` places later were opened together, neither a newcomer."""
    return (
        (node[ahead:] == node[:-ahead])
        & (np.abs(created[ahead:] - created[:-ahead]) <= TOGETHER_DAYS)
        & settled[ahead:]
        & settled[:-ahead]
    )
