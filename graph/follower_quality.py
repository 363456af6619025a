"""What the followers of each account look like: shares of profile types, and how sure they are.

Belongs here: counting the types of `graph.profiles` over follower lists. Does not belong here: deciding an
account's type, and judging a share against a size tier or a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.intervals import wilson_interval
from graph.profiles import PROFILE_TYPES

if TYPE_CHECKING:
    from graph.followers import FollowerGraph

FloatArray = NDArray[np.float64]

MIN_FOLLOWERS_PROFILED = 20
_EDGES_AT_ONCE = 4_000_000  # bounds the memory of one pass to some 100 MB, whatever the size of the graph


@dataclass(frozen=True)
class FollowerQuality:
    """Types of the profiled followers of n accounts; shares are NaN below the minimum of profiled followers.

    Attributes:
        followers_profiled: int64[n], followers whose profile type is known; what every share rests on.
        shares: by profile type (all but unknown), float64[n]; they add up to 1.
        suspicious_share_low, suspicious_share_high: 95 % Wilson interval of the suspicious share. It
            covers the sampling of followers, not the errors of the profile rules.
    """

    followers_profiled: NDArray[np.int64]
    shares: dict[str, FloatArray]
    suspicious_share_low: FloatArray
    suspicious_share_high: FloatArray

    @property
    def suspicious_share(self) -> FloatArray:
        """Share of suspicious profiles among the profiled followers, float64[n]."""
        return self.shares["suspicious"]

    @property
    def is_measured(self) -> NDArray[np.bool_]:
        """Where enough followers were profiled, bool[n]."""
        return np.isfinite(self.shares["suspicious"])


def follower_type_counts(graph: FollowerGraph, profile_type: NDArray[np.int8]) -> NDArray[np.int64]:
    """Followers of each account by profile type, int64[n, len(PROFILE_TYPES)]."""
    kinds = len(PROFILE_TYPES)
    offsets = np.asarray(graph.follower_offsets)
    counts = np.zeros((graph.n_accounts, kinds), dtype=np.int64)
    for first, last in _node_ranges(offsets):
        edges = graph.followers[offsets[first] : offsets[last]]
        owners = np.repeat(np.arange(last - first), np.diff(offsets[first : last + 1]))
        cells = np.bincount(owners * kinds + profile_type[edges], minlength=(last - first) * kinds)
        counts[first:last] = cells.reshape(-1, kinds)
    return counts


def follower_quality(
    graph: FollowerGraph, profile_type: NDArray[np.int8], *, min_profiled: int = MIN_FOLLOWERS_PROFILED
) -> FollowerQuality:
    """Shares of follower types for every account of the graph.

    Args:
        graph: Who follows whom.
        profile_type: int8[n], positions in `PROFILE_TYPES`.
        min_profiled: Fewer profiled followers than this leave the shares unknown.
    """
    counts = follower_type_counts(graph, np.asarray(profile_type, dtype=np.int8))
    known = [position for position, name in enumerate(PROFILE_TYPES) if name != "unknown"]
    profiled = counts[:, known].sum(axis=1)
    is_measured = profiled >= max(min_profiled, 1)
    total = np.where(is_measured, profiled, 1)
    shares = {
        PROFILE_TYPES[position]: np.where(is_measured, counts[:, position] / total, np.nan)
        for position in known
    }
    suspicious = counts[:, PROFILE_TYPES.index("suspicious")]
    low, high = wilson_interval(np.where(is_measured, suspicious, 0), np.where(is_measured, profiled, 0))
    return FollowerQuality(profiled, shares, low, high)


def _node_ranges(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Consecutive node ranges [first, last) that hold about `_EDGES_AT_ONCE` edges each."""
    nodes = len(offsets) - 1
    ranges, first = [], 0
    while first < nodes:
        fits = int(np.searchsorted(offsets, offsets[first] + _EDGES_AT_ONCE, side="right")) - 1
        last = min(max(fits, first + 1), nodes)
        ranges.append((first, last))
        first = last
    return ranges
