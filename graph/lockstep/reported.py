"""Which blocks of lockstep are reported, and what they say of the accounts in them.

Belongs here: which of overlapping blocks stays, and the share of followers that were sent. What makes a group
a block is `graph.lockstep.blocks`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from graph.lockstep.blocks import FollowBlock, without_shown
from graph.lockstep.known import ALIKE
from graph.lockstep.times import block_times, in_bursts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.lockstep.counting import Side
    from graph.network.followers import FollowerGraph

FEWEST_FOLLOWERS = 10
"""With fewer followers in the data nothing is said about an account."""

SURE_SURPRISE = 3_000.0
SURE_EVIDENCE = 15.0
UNEVEN_COSTS = 29
"""What no natural group reached on six networks of which a part of the follow lists was known, but for one in
200 searches. Where few are known, natural groups are small, and small groups do not show that they are not
even. A block that is less even than chance must have more surprise: the bar × structure to the power
`UNEVEN_COSTS`. A block whose follows came in bursts, unlike what else the same accounts follow, needs none of
it: it was delivered."""

MOST_OF_AUDIENCE = 0.5
FEWEST_OF_AUDIENCE = 10
"""A block that holds this share of the members of an audience, and so many of them, is what that audience has
in common: people who are listed because they belong together follow the same accounts without an order.
Accounts that were put on a list are not the most of it, or the list is worth nothing."""

CLEARER = 1.5
"""Of two blocks with the same buyers the larger one is reported, unless the customers of the smaller owe them
so many times as much: the larger one then has what the buyers follow for show among its customers."""


@dataclass(frozen=True)
class Lockstep:
    """The blocks of a network.

    Attributes:
        blocks: flagged ones, highest score first, none inside another.
        others: blocks that were looked at and not flagged, highest score first.
        of_audience: blocks that would be flagged and are what an audience has in common, which is no order.
        share: float64[n], estimated share of an account's followers that were sent: the part of them in any
            flagged block whose customer it is, 0 outside, NaN with fewer than `FEWEST_FOLLOWERS`.
        is_buyer: bool[n], whether the account follows in a flagged block.
        null_score: the largest score that the same search finds in rewired networks, 0 where it finds no
            block; NaN where nothing was found that had to be compared.
    """

    blocks: list[FollowBlock]
    others: list[FollowBlock]
    of_audience: list[FollowBlock]
    share: FloatArray
    is_buyer: NDArray[np.bool_]
    null_score: float = np.nan


def reported(
    graph: FollowerGraph,
    by_row: Side,
    by_column: Side,
    found: list[FollowBlock],
    null_score: float,
    audiences: Sequence[IntegerArray] = (),
) -> Lockstep:
    """What of the blocks that were found is handed on, and what it says of every account.

    A block that may as well be a natural group is not flagged, unless it was delivered (`SURE_SURPRISE`). Of
    blocks inside one another the one with more surprise stays, unless the other is much clearer. Those
    that stay lose what their buyers follow for show, and count only if they pass every bar without it.

    Args:
        graph: n accounts.
        by_row: the follows by follower, as the search counted them.
        by_column: the follows by who is followed.
        found: blocks, flagged or not.
        null_score: the score that a block must exceed.
        audiences: the nodes of the members of each, who are known to belong together.
    """
    found = _without_doubtful(graph, found)
    kept: list[FollowBlock] = []
    for block in sorted(found, key=lambda each: (-each.surprise, each.customers.tolist())):
        if not block.is_flagged or block.score <= null_score:
            continue
        same = [other for other in kept if _is_inside(block, other)]
        if all(block.contrast > CLEARER * other.contrast for other in same):
            kept = [other for other in kept if all(other is not each for each in same)]
            kept.append(block)
    others = [block for block in found if not block.is_flagged]
    parted = [without_shown(by_row, by_column, block) for block in kept]
    kept = [block for block in parted if block.is_flagged]
    others += [block for block in parted if not block.is_flagged]
    of_audience = [block for block in kept if _is_of_an_audience(block, audiences)]
    kept = [block for block in kept if all(block is not theirs for theirs in of_audience)]
    for blocks in (kept, others, of_audience):
        blocks.sort(key=lambda each: (-each.score, each.customers.tolist()))
    buyers = np.zeros(graph.n_accounts, dtype=bool)
    sent = np.zeros(graph.n_accounts)
    if kept:
        nodes = np.concatenate([block.customers for block in kept])
        followers = np.concatenate([block.buyers for block in kept])
        buyers[followers] = True
        for node in np.unique(nodes).tolist():
            in_blocks = np.concatenate([block.buyers for block in kept if node in block.customers])
            sent[node] = np.isin(graph.followers_of(node), in_blocks).sum()
    counts = graph.follower_counts
    share = np.where(counts < FEWEST_FOLLOWERS, np.nan, sent / np.maximum(counts, 1))
    return Lockstep(kept, others, of_audience, share, buyers, null_score)


def _without_doubtful(graph: FollowerGraph, found: list[FollowBlock]) -> list[FollowBlock]:
    """The blocks, with what makes a natural group of some of them for their score."""
    came = None
    stand = []
    for block in found:
        sure = sureness(block)
        is_doubtful = block.is_flagged and sure < 1.0
        if is_doubtful:
            came = in_bursts(graph) if came is None else came
            is_doubtful = not block_times(graph, block.buyers, block.customers, came).is_delivered
        stand.append(replace(block, score=sure) if is_doubtful else block)
    return stand


def sureness(block: FollowBlock) -> float:
    """How near a block comes to what natural groups hardly reach where few lists are known; 1 is there."""
    evidence = block.density * np.sqrt(block.buyers.size * block.customers.size)
    bar = SURE_SURPRISE * max(np.nan_to_num(block.structure), 1.0) ** UNEVEN_COSTS
    return float(min(evidence / SURE_EVIDENCE, block.surprise / bar))


def _is_of_an_audience(block: FollowBlock, audiences: Sequence[IntegerArray]) -> bool:
    """Whether most members of an audience are in the block."""
    for members in audiences:
        there = np.isin(members, block.buyers).sum()
        if there >= max(FEWEST_OF_AUDIENCE, MOST_OF_AUDIENCE * len(members)):
            return True
    return False


def _is_inside(block: FollowBlock, other: FollowBlock) -> bool:
    buyers = np.intersect1d(block.buyers, other.buyers).size / min(block.buyers.size, other.buyers.size)
    customers = np.intersect1d(block.customers, other.customers).size
    return buyers > ALIKE and customers / min(block.customers.size, other.customers.size) > ALIKE
