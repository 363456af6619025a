"""A block of follows that somebody ordered, fitted by turns to its buyers' rows and its customers' columns.

The model, the two turns and when they stand still belong here. Where to start (`graph.lockstep.seeds`) and
what to make of a block that was found (`graph.lockstep.search`) do not.

Without a block, account r follows account c with the rate ``k_r · d_c / E`` (degrees of both sides; Karrer,
Newman 2011). In a block, rows follow a number of its columns that scatters around a mean as a negative
binomial, because buyers are not equally busy, and spread them over the columns in shares that differ,
because customers did not pay for the same number. Both are read off the block, so that an even block is a
binomial one again. What a row follows for its own sake comes on top: camouflage, or the habits of an account
that was hijacked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graph.lockstep.counting import Part, Side
from graph.lockstep.growing import MOST_ROWS, grown
from graph.lockstep.known import KnownBlocks
from graph.lockstep.membership import EVEN, FEWEST, belonging

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, IntegerArray
    from graph.lockstep.known import Met
    from graph.network.followers import FollowerGraph

SCATTER = 3.0
"""Gamma shape: what accounts follow for their own sake is six tenths more or less than degrees explain."""

NOBODY = Part(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0))
NONE_MET = KnownBlocks(0).met


def sides(graph: FollowerGraph, whole: FollowerGraph | None = None) -> tuple[Side, Side]:
    """The graph as rows of whom each account follows, and as rows of who follows it.

    Args:
        graph: follows.
        whole: the network that `graph` is a part of, if what is usual is to be read off that.
    """
    usual = whole or graph
    following, followers = usual.following_counts.astype(float), usual.follower_counts.astype(float)
    n = graph.n_accounts
    # room is shared: one side is counted at a time
    room = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.uint32)
    total = float(max(usual.n_follows, 1))
    return (
        _side(graph.following_offsets, graph.following, following, total, room),
        _side(graph.follower_offsets, graph.followers, followers, total, room),
    )


def _side(
    offsets: IntegerArray,
    entries: IntegerArray,
    degrees: NDArray[np.float64],
    total: float,
    room: tuple[NDArray[np.int64], NDArray[np.uint32]],
) -> Side:
    return Side(
        _fixed(offsets),
        _fixed(entries),
        _fixed(degrees),
        _fixed(np.log(np.maximum(degrees, 1.0))),
        int((degrees > 0).sum()),
        total,
        *room,
        EVEN,
    )


def scattered(side: Side) -> Side:
    """The same side, with natural hits that scatter around what degrees explain."""
    return side._replace(scatter=SCATTER)


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    """Read-only like a stored graph, so that kernels are compiled for one kind of array."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


def join_part(
    side: Side, across: Side, other: Part, before: Part | None, most: int = MOST_ROWS
) -> Part | None:
    """Who belongs to one side of a block, given the other side; nothing where hardly anybody does.

    The surprise of a row with h hits is the log ratio of two probabilities: of h (negative binomial with the
    block's mean and spread, over Poisson with what its degree explains), and of those very columns among all
    of the block (shares ordered and natural, over natural ones). In: above log(all rows ÷ rows in the block).

    Args:
        side: rows that are looked at.
        across: the same follows from the other side.
        other: the other side of the block.
        before: this side in the step before; none at the start.
        most: keep the surest ones where more belong.
    """
    found = belonging(side, across, other, NOBODY if before is None else before, most)
    return None if found.nodes.size < FEWEST else found


def only(part: Part, keep: BoolArray) -> Part:
    """Some members of a part."""
    return Part(part.nodes[keep], part.hits[keep], part.ordered[keep], part.surprise[keep])


def fit_block(
    by_row: Side,
    by_column: Side,
    columns: Part,
    rows: Part | None = None,
    first: float | None = None,
    known: Met = NONE_MET,
) -> tuple[Part, Part] | None:
    """Rows and columns of a block by turns, from some of its columns, until both stand still.

    Where nothing is left after a turn, what there was before it is the end. Neither side more than doubles in
    a turn: a start of few accounts that share a block's density would else be lost in the core of the
    network, which is dense as well.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        columns: a `guess`, or a part of the columns of a block.
        rows: of that block, if the columns are measured.
        first: columns after the first turn, for each that is guessed; as many as may be, if not given.
        known: blocks that were met already.

    Returns:
        Nothing where the first turn leaves nothing, or as soon as a turn leads to a known block.
    """
    before = NOBODY if rows is None else columns
    share = 0.0 if first is None else first
    found = grown(by_row, by_column, NOBODY if rows is None else rows, columns, before, share, known)
    return found[:2] if found[2] else None


def guess(nodes: IntegerArray) -> Part:
    """A side of a block that is only a guess: nodes, and nothing known about them."""
    nodes = np.unique(np.asarray(nodes, dtype=np.int64))
    return Part(nodes, np.zeros(nodes.size), np.zeros(nodes.size), np.zeros(nodes.size))
