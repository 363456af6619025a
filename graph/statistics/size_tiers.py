"""Size tiers by follower count, so that small voices are compared with their like.

Here belong the cut-offs and the place of each account among its like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SIZE_TIERS = ("unknown", "nano", "micro", "mid", "macro", "mega")
"""Names by code; code 0 is an unknown follower count."""

SIZE_TIER_STARTS = (0, 10_000, 100_000, 500_000, 1_000_000)
"""The smallest follower count of nano, micro, mid, macro and mega."""


def size_tier_codes(followers: ArrayLike) -> NDArray[np.int8]:
    """Code of each account's size tier, an index into `SIZE_TIERS`.

    Args:
        followers: Follower counts of any shape; NaN is unknown.

    Returns:
        int8 of the same shape; 0 where the count is unknown.

    Raises:
        ValueError: If a count is negative.
    """
    counts = np.asarray(followers, dtype=np.float64)
    if np.any(counts < 0):
        raise ValueError("Follower counts must be >= 0; give NaN where a count is unknown.")
    codes = np.searchsorted(np.asarray(SIZE_TIER_STARTS, dtype=np.float64), counts, side="right")
    return np.where(np.isnan(counts), 0, codes).astype(np.int8)


def size_tier(followers: ArrayLike) -> NDArray[np.str_]:
    """Name of each account's size tier: unknown, nano, micro, mid, macro or mega.

    Args:
        followers: Follower counts of any shape; NaN is unknown.

    Returns:
        Names, the same shape.

    Raises:
        ValueError: If a count is negative.
    """
    return np.asarray(SIZE_TIERS)[size_tier_codes(followers)]


def rank_in_tier(rank: ArrayLike, followers: ArrayLike) -> NDArray[np.int64]:
    """Place of each account among those of its size tier, in the order of an overall rank.

    Args:
        rank: int[k], overall ranks, each once.
        followers: Follower counts [k]; NaN is unknown.

    Returns:
        int64[k], 1 is the first of its tier; 0 where the count is unknown, for its like are unknown too.
    """
    codes = size_tier_codes(followers)
    order = np.lexsort((np.asarray(rank), codes))
    sizes = np.bincount(codes, minlength=len(SIZE_TIERS))
    places = np.empty(codes.size, dtype=np.int64)
    places[order] = np.arange(codes.size) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    return np.where(codes == 0, 0, places)
