"""Whether a block of lockstep is found again from halves of itself, as what was ordered is.

Belongs here: the halves, and what becomes of a block that does not come back. How a half is grown again
belongs to the search that found the whole, and is handed in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graph.lockstep.block_model import only
from graph.lockstep.known import are_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graph.lockstep.blocks import FollowBlock
    from graph.lockstep.counting import Part

RESTARTS = 8
LEAST_AGAIN = 0.5
"""A block is reported if it is found again, and passes every bar again, from this share of so many random
halves of its columns. Who was sold leads to everybody else who was; a natural group has no edge of its own,
and where the search stands still in it depends on where it began."""


def confirmed(
    block: FollowBlock, columns: Part, grown_from: Callable[[Part], list[FollowBlock]]
) -> FollowBlock:
    """The block with how often it is found again, if it passes every bar; none is flagged without.

    A small natural group that one start in ten leads to may show no trace of friends and topics, and passes
    the other bars in some runs. But it is a piece cut out of a larger one: left with half of its columns it
    grows into another piece. A block that was ordered grows into itself again. Halves are drawn alike in
    every run.

    Args:
        block: measured.
        columns: that it was grown to.
        grown_from: the blocks that the same search makes of it if it is left with some of them.
    """
    if not block.is_flagged:
        return block
    times = sum(
        any(
            found.is_flagged
            and are_alike(found.customers, block.customers)
            and are_alike(found.buyers, block.buyers)
            for found in grown_from(half)
        )
        for half in halves(columns)
    )
    return confirmed_by(block, times / RESTARTS)


def confirmed_by(block: FollowBlock, again: float) -> FollowBlock:
    """The block with the share of halves from which it is found again, the least of all that were tried."""
    again = float(np.fmin(again, block.again))
    return replace(block, again=again, score=block.score if again >= LEAST_AGAIN else again)


def halves(columns: Part) -> Iterator[Part]:
    """Random halves of the columns, the same ones in every run."""
    size = columns.nodes.size
    rng = np.random.default_rng((size, int(columns.hits.sum())))
    for _ in range(RESTARTS):
        keep = np.zeros(size, dtype=bool)
        keep[rng.permutation(size)[: (size + 1) // 2]] = True
        yield only(columns, keep)
