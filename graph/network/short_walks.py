"""Where short walks lead, sixteen at once: expected visits, to as many digits as a comparison needs.

A walk begins somewhere, goes on with some probability along one of the edges of the account it is on, and
ends otherwise, at the latest where no edge leaves. With p_j what each edge of j passes on of a visit (the
probability to go on, divided by the edges), the visits of a walk that begins with the mass r are::

    y = r + v                       v_i = Σ over the accounts j that have an edge to i:  p_j · y_j

The same system as in `graph.network.pagerank`, which solves it for one walk or a few, and proves how exactly.
Here walks are many, one for each labelled account, and what is asked of them is how they compare.

The sweep. Each account offers ``z_j = p_j · y_j`` to whom it has an edge to. A sweep goes through the
accounts and sets each offer from those that the account receives, the ones before it already renewed
(Gauss-Seidel). After s sweeps all walks of up to s steps are counted, and most of the longer ones; so what is
missing is never more than what walks still carry after s steps, and mostly far less. A sweep multiplies by
numbers that do not depend on the walks: visits are the sum of what the parts of a mass would give, and no
walk feels which others go beside it.

The layout. The offers of one account to sixteen walks lie together in one line of the cache, so that a pass
gathers once per edge and not once per edge and walk. Eight edges are added at a time, which keeps the sums in
the registers of the processor.

References:
    Jeh, Widom (2003), "Scaling personalized web search", WWW, for the linearity in the start. Young (1971),
    Iterative Solution of Large Linear Systems, chapter 4, for the sweeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.prefetch import AHEAD, NEAR_BYTES, prefetch
from graph.arrays.row_sums import read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import IntegerArray

LANES = 16
"""Walks that go side by side: as many 32 bit numbers as a line of the cache holds."""
SWEEPS = 8
"""Steps that are counted whole; with a chance of one half to go on, 0.4 % of a walk may go further."""
SETTLED = np.float32(1e-6)
"""Share of a walk's mass below which a sweep says nothing that 32 bits could hold."""
_LANES = np.uint64(LANES)


def short_walks(
    offsets: IntegerArray,
    entries: IntegerArray,
    passed_on: NDArray[np.floating[Any]],
    start: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Expected visits of sixteen walks over edges, float32[n, LANES].

    Args:
        offsets: int64[n + 1], the edges by target: row i holds the accounts that have an edge to i.
        entries: uint32[edges].
        passed_on: float[n], what each edge of an account passes on of a visit; 0 where none leaves. No more
            than 1 / (edges that leave it).
        start: float32[n, LANES] ≥ 0, where each walk begins, and with what mass. Written over: what is
            returned takes its place, so that no more than two such tables are held.

    Returns:
        Visits that came over edges; where walks begin is not counted.
    """
    rows = read_only(offsets, np.int64), read_only(entries, np.uint32)
    shares = read_only(passed_on, np.float32)
    visits, offers = start.reshape(-1), (start * shares[:, None]).reshape(-1)
    enough = SETTLED * start.sum(axis=0)
    for _ in range(SWEEPS - 1):
        if np.all(_sweep(rows, shares, visits, offers, last=False) <= enough):
            break
    _sweep(rows, shares, visits, offers, last=True)
    return visits.reshape(start.shape)


@compiled
def _sweep(rows, passed_on, start, offers, last):  # noqa: ANN001, ANN202
    """Renew the offers, [n · LANES], row by row; how much the visits of each walk changed, float32[LANES].

    The last time what arrives takes the place of the start; before, rows that offer nothing are passed over.
    """
    offsets, entries = rows
    stop = entries.size if offers.nbytes > NEAR_BYTES else 0
    sums = np.empty(LANES, np.float32)
    changed = np.zeros(LANES, np.float32)
    for row in range(offsets.size - 1):
        share = passed_on[row]
        if share == 0 and not last:
            continue
        _add(entries, offsets[row], offsets[row + 1], stop, offers, sums)
        first = np.uint64(row) * _LANES
        for lane in range(LANES):
            place = first + np.uint64(lane)
            offer = share * (start[place] + sums[lane])
            if share > 0:
                changed[lane] += abs(offer - offers[place]) / share
            offers[place] = offer
            if last:
                start[place] = sums[lane]
    return changed


@compiled
def _add(entries, begin, end, stop, offers, sums):  # noqa: ANN001, ANN202
    """Sums of the offers of some entries, lane by lane; offers of later ones, up to `stop`, are asked for."""
    sums[:] = 0
    place = begin
    while place + 8 <= end:
        for ahead in range(place + AHEAD, min(place + AHEAD + 8, stop)):
            soon = np.uint64(entries[ahead]) * _LANES
            prefetch(offers, soon)
            prefetch(offers, soon + _LANES - np.uint64(1))
        a, b = np.uint64(entries[place]) * _LANES, np.uint64(entries[place + 1]) * _LANES
        c, d = np.uint64(entries[place + 2]) * _LANES, np.uint64(entries[place + 3]) * _LANES
        e, f = np.uint64(entries[place + 4]) * _LANES, np.uint64(entries[place + 5]) * _LANES
        g, h = np.uint64(entries[place + 6]) * _LANES, np.uint64(entries[place + 7]) * _LANES
        for lane in range(LANES):
            k = np.uint64(lane)
            one = (offers[a + k] + offers[b + k]) + (offers[c + k] + offers[d + k])
            sums[lane] += one + ((offers[e + k] + offers[f + k]) + (offers[g + k] + offers[h + k]))
        place += 8
    while place < end:
        if place + AHEAD < stop:
            soon = np.uint64(entries[place + AHEAD]) * _LANES
            prefetch(offers, soon)
            prefetch(offers, soon + _LANES - np.uint64(1))
        a = np.uint64(entries[place]) * _LANES
        for lane in range(LANES):
            sums[lane] += offers[a + np.uint64(lane)]
        place += 1
