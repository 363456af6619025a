"""What else explains a group that engages with each other's posts: friends who share a topic take their time.

Belongs here: when friendship is explanation enough, and what a score is without it. Does not belong here:
finding the groups (`graph.together.pods`) and how alike they are (`graph.together.likeness`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.statistics.intervals import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray
    from graph.together.pods import Pods

FRIENDS_FROM = 0.3
"""Pairs that follow each other ÷ all pairs, from which a group is one of friends."""
ALIKE_FROM = 0.5
"""On the scale from strangers (0) to mutual friends (1), where a group shares a topic."""
HURRY = 2.0
"""Times as much in the first hour as is usual, from which a group is in a hurry (half way to all, where that
is less). Friends come by in their own time."""
ROUNDING = 1e-12


def is_hurried(first_hour_share: FloatArray, n: FloatArray, usual_share: FloatArray) -> BoolArray:
    """Whether groups engage within the first hour far more than is usual; never where times are not known.

    Args:
        first_hour_share: share of each group's acts within an hour of the post, NaN unknown.
        n: acts behind it.
        usual_share: the same over the whole network, of the same shape.
    """
    low, _ = wilson_interval(first_hour_share * n, np.where(np.isfinite(first_hour_share), n, 0.0))
    return low > np.minimum(HURRY * usual_share, (1 + usual_share) / 2)


def is_friendship(befriended: FloatArray, topic_match: FloatArray, hurried: BoolArray) -> BoolArray:
    """Whether a group is explained by friendship: friends, of one topic, and in no hurry.

    What is not known explains nothing.

    Args:
        befriended: share of each group's pairs that follow each other.
        topic_match: how alike they are, NaN unknown.
        hurried: whether they engage at once.
    """
    return (befriended >= FRIENDS_FROM) & (topic_match >= ALIKE_FROM) & ~hurried


def without_groups(pods: Pods, groups: Sequence[IntegerArray]) -> tuple[FloatArray, IntegerArray]:
    """Scores and counts of unusual partners when pairs inside some groups are explained.

    Args:
        pods: what was found.
        groups: members of each explained group, nodes; groups do not overlap.

    Returns:
        float64[n] like `Pods.score` and int64[n] like `Pods.unusual_partners`.
    """
    n = pods.score.size
    group = np.full(n, -1)
    for number, members in enumerate(groups):
        group[members] = number
    first, second = pods.pairs.first, pods.pairs.second
    explained = (group[first] >= 0) & (group[first] == group[second])

    ends = np.concatenate([first[explained], second[explained]])
    excess = np.tile(pods.pairs.excess[explained], 2)
    score = pods.score - np.bincount(ends, weights=excess, minlength=n)
    unusual = np.tile(pods.is_unusual[explained], 2)
    partners = pods.unusual_partners - np.bincount(ends[unusual], minlength=n)
    # what is left of a difference by rounding is nothing
    return np.where(score < ROUNDING, 0.0, score), partners
