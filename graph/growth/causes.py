"""Harmless causes of a burst of followers, each tested against what else the account went through.

Belongs here: whether something that brings followers (a post that stands out, a mention by a large account, a
call to follow) happened just before a burst, and is rare enough to explain it. Bursts are
`graph.growth.bursts`'s, what is left without a cause is `graph.growth.classes`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray
    from graph.growth.bursts import Bursts

VIRAL_POST, LARGE_MENTION, CALL_TO_FOLLOW, NETWORK_GROWTH = CAUSES = (
    "viral_post",
    "large_mention",
    "call_to_follow",
    "network_growth",
)
"""Causes in the order in which they are named."""

DAYS_BEFORE = 2
"""A cause lies at most this many days before the first day of a burst."""
CHANCE_OF_COINCIDENCE = 0.2
"""Something that happens by chance near so many moments explains none of them."""
FOLLOWERS_PER_ARRIVAL = 20
"""A mention explains arrivals where the one who mentions has this many followers for each of them: of an
audience, hardly more than a twentieth goes where it is sent."""

FEWEST_POSTS = 8
STANDOUT_Z = 1.5
STANDOUT_TIMES = 4.0
STANDOUT_SHARE = 0.05
"""A post stands out with this many times the account's median engagement, `STANDOUT_Z` robust deviations
above it on the log scale, and among this share of its posts (at least the best one). Engagement has heavy
tails, so a deviation alone would ask for too much."""
STANDOUT_ENGAGEMENT = 10
_LEAST_SPREAD = 0.35  # of log engagement: posts of the most regular account still differ by a third
_MAD_TO_SIGMA = 1.4826


def posts_that_stand_out(author: IntegerArray, engagement: FloatArray) -> BoolArray:
    """Which posts were engaged with far more than the author's others.

    Args:
        author: int[k].
        engagement: float64[k], likes, replies, reposts and quotes together; NaN is unknown.

    Returns:
        bool[k]; False where fewer than `FEWEST_POSTS` posts of the author are known.
    """
    known = np.flatnonzero(np.isfinite(engagement))
    result = np.zeros(len(engagement), dtype=bool)
    if not known.size:
        return result
    logs = np.log1p(engagement[known])
    _, place, size = np.unique(author[known], return_inverse=True, return_counts=True)
    middle = _median_by(place, logs, size)[place]
    spread = _MAD_TO_SIGMA * _median_by(place, np.abs(logs - middle), size)[place]
    z = (logs - middle) / np.maximum(spread, _LEAST_SPREAD)
    best_first = np.lexsort((-logs, place))
    rank = np.empty(known.size, dtype=np.int64)
    rank[best_first] = np.arange(known.size) - np.repeat(np.cumsum(size) - size, size)
    result[known] = (
        (size[place] >= FEWEST_POSTS)
        & (rank < np.maximum(STANDOUT_SHARE * size[place], 1.0))
        & (z >= STANDOUT_Z)
        & (logs >= middle + np.log(STANDOUT_TIMES))
        & (engagement[known] >= STANDOUT_ENGAGEMENT)
    )
    return result


def has_rare_event(bursts: Bursts, burst: IntegerArray, day: IntegerArray, observed_days: float) -> BoolArray:
    """Whether something rare happened on the days of a burst or just before them.

    What happens often to an account happens near its bursts as well and explains none: by a Poisson law with
    the rate of the days outside the window, the chance of such a coincidence must be at most
    `CHANCE_OF_COINCIDENCE`.

    Args:
        bursts: The bursts.
        burst: int[k], to which burst's account an event belongs, as a position in `bursts`.
        day: int[k], when, days since 1970.
        observed_days: Days over which events were observed.

    Returns:
        bool[bursts].
    """
    n_bursts = len(bursts)
    if not len(burst):
        return np.zeros(n_bursts, dtype=bool)
    pairs = np.unique(np.column_stack([np.asarray(burst, dtype=np.int64), day]), axis=0)
    number, when = pairs[:, 0], pairs[:, 1]
    inside = (when >= bursts.first_day[number] - DAYS_BEFORE) & (when <= bursts.last_day[number])
    near = np.bincount(number[inside], minlength=n_bursts)
    elsewhere = np.bincount(number[~inside], minlength=n_bursts)
    window = (bursts.last_day - bursts.first_day + 1 + DAYS_BEFORE).astype(np.float64)
    rate = elsewhere / np.maximum(observed_days - window, 1.0)
    return (near > 0) & (-np.expm1(-rate * window) <= CHANCE_OF_COINCIDENCE)


def first_causes(found: dict[str, BoolArray]) -> list[str | None]:
    """The first cause of `CAUSES` that each burst has, or None."""
    table = np.column_stack([found[cause] for cause in CAUSES])
    return [CAUSES[int(row.argmax())] if row.any() else None for row in table]


def _median_by(place: NDArray[np.int64], values: FloatArray, size: NDArray[np.int64]) -> FloatArray:
    """Median of the values of each place, float64[places]."""
    ordered = values[np.lexsort((values, place))]
    start = np.cumsum(size) - size
    return 0.5 * (ordered[start + (size - 1) // 2] + ordered[start + size // 2])
