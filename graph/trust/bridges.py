"""Bridge voices: whom several groups of one audience follow, each more than chance and size explain.

How many groups an account reaches and how evenly belongs here; finding the groups is for
`graph.trust.communities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.trust.communities import HOLDS_FROM

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.arrays.sparse_rows import FloatArray
    from graph.trust.audience import CleanedAudience
    from graph.trust.communities import Communities, CommunityVoices

COVERED_FROM = 0.5
"""A community is covered where the lower bound of its share reaches this part of the audience's share …"""

COVERED_FOLLOWERS = 3
"""… and at least this many of its members follow."""

LEFT_FROM = 0.5
"""A community from whose members cleaning takes more weight than it leaves is no group of people to be
trusted by. Of what the list gave the blocks that were sent into the demo's audiences 0.09 and 0.13 are left,
of every other community there 0.96 and more. A share and no number: a large block is as hollow."""

BRIDGE_FROM = 0.4
"""Bridge score from which an account bridges: two groups follow it no more unevenly than 1 to 2.6."""


@dataclass(frozen=True)
class CommunityReach:
    """Which communities each candidate reaches; arrays are [k].

    Attributes:
        communities_covered: float64, how many communities the candidate covers; NaN where no community
            holds, because then there is nothing to cover.
        covered: bool[communities, k], which these are.
        bridge_score: float64 in 0..1, how evenly it is followed over the communities it covers; 0 for one
            community, NaN for none.
        is_bridge: bool, covers two or more, is special to the audience, and its score reaches `BRIDGE_FROM`.
    """

    communities_covered: FloatArray
    covered: NDArray[np.bool_]
    bridge_score: FloatArray
    is_bridge: NDArray[np.bool_]


def shores(communities: Communities, audience: CleanedAudience) -> NDArray[np.bool_]:
    """Which communities may be covered: those that hold and are not hollow, bool[communities].

    Args:
        communities: the partition, in the order of the audience.
        audience: m members with weights, stated and cleaned; a community whose members were stated to weigh
            nothing is none.
    """
    belongs = communities.membership >= 0
    home = communities.membership[belongs]
    stated, left = (
        np.bincount(home, weights=weight[belongs], minlength=communities.n_communities)
        for weight in (audience.stated_weight, audience.weight)
    )
    is_left = (left >= LEFT_FROM * stated) & (left > 0)
    return is_left & (communities.community_stability >= HOLDS_FROM)


def community_reach(voices: CommunityVoices, holds: ArrayLike, is_special: ArrayLike) -> CommunityReach:
    """Tell who is followed by several communities, each for itself.

    A candidate covers a community where at least `COVERED_FOLLOWERS` of its members follow, and the lower
    Wilson bound of its share there is at least `COVERED_FROM` of its share in the whole audience. The score
    is the participation coefficient ``1 - Σ q_c²`` with ``q_c`` proportional to those lower bounds over the
    covered communities. Shares instead of counts, so that a large community does not hide a small one and
    the sizes explain nothing; lower bounds, so that three followers in a small group make no bridge.

    Communities that dissolve when the data vary a little, or of which cleaning leaves little, are no shores:
    a bridge between them is no bridge, and so an audience without groups has no bridge voices. Neither is
    somebody whom everybody follows everywhere: `is_special` leaves them out.

    Args:
        voices: what each community follows.
        holds: bool[communities], which communities count, from `shores`.
        is_special: bool[k], whether the audience follows the candidate more than others do, beyond chance.

    References:
        Guimerà, Amaral (2005), "Functional cartography of complex metabolic networks", Nature 433.
    """
    holds = np.asarray(holds, dtype=bool)
    n_candidates = voices.candidates.size
    if not holds.any():
        unknown = np.full(n_candidates, np.nan)
        nothing = np.zeros(voices.followers.shape, dtype=bool)
        return CommunityReach(unknown, nothing, unknown.copy(), np.zeros(n_candidates, dtype=bool))
    bar = COVERED_FROM * voices.overall_share
    covered = (voices.followers >= COVERED_FOLLOWERS) & (voices.share_low >= bar) & holds[:, None]
    covered &= voices.share_low > 0  # members whose weight is nothing cover nothing
    bound = np.where(covered, voices.share_low, 0.0)
    total = bound.sum(axis=0)
    part = np.divide(bound, total, out=np.zeros_like(bound), where=total > 0)
    score = np.where(total > 0, 1.0 - np.square(part).sum(axis=0), np.nan)
    score = np.where(covered.sum(axis=0) == 1, 0.0, score)  # exactly, rounding would leave 1e-16
    many = covered.sum(axis=0)
    return CommunityReach(
        communities_covered=many.astype(np.float64),
        covered=covered,
        bridge_score=score,
        is_bridge=(many >= 2) & (score >= BRIDGE_FROM) & np.asarray(is_special, dtype=bool),
    )
