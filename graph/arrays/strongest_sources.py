"""The strongest accounts that point to each of some accounts: examples behind a figure.

Belongs here: picking them from sparse rows. What strength is, the caller decides by the order it gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import IntegerArray


def strongest_sources(
    offsets: IntegerArray,
    targets: IntegerArray,
    strongest_first: IntegerArray,
    accounts: IntegerArray,
    at_most: int = 3,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first few of a list of accounts that point to each account asked for.

    Costs the rows of `strongest_first` alone, however many point to the accounts.

    Args:
        offsets: int64[n + 1], whom `a` points to lies in `targets` from ``offsets[a]`` to ``offsets[a + 1]``.
        targets: the entries.
        strongest_first: nodes whose word counts, the strongest first.
        accounts: distinct nodes to find examples for.
        at_most: how many examples each gets.

    Returns:
        Two arrays of one length, by account and the strongest first: a position in `accounts`, and a node of
        `strongest_first` that points to it.
    """
    voices = np.asarray(strongest_first, dtype=np.int64)
    place_of = np.full(np.asarray(offsets).size - 1, -1, dtype=np.int64)
    place_of[np.asarray(accounts, dtype=np.int64)] = np.arange(len(accounts))
    position, pointed_to = take_rows(offsets, targets, voices)
    place, source = place_of[pointed_to], voices[position]
    kept = (place >= 0) & (source != pointed_to)
    place, source = place[kept], source[kept]
    order = np.argsort(place, kind="stable")
    place, source = place[order], source[order]
    starts = np.searchsorted(place, np.arange(len(accounts)), side="left")
    is_shown = np.arange(place.size) - starts[place] < at_most
    return place[is_shown], source[is_shown]
