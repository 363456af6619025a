"""Both compressed orders of a list of edges, by counting: nothing is ever compared.

Three scatters (see `graph.arrays.scatter`) give both orders, sorted:

    edges in rows by target, as they come
    → transposed: rows by source, sorted
    → transposed: rows by target, sorted

Repeated edges stand side by side after the second scatter and are merged there.

Beyond memory the entries lie in memory-mapped files. Edges are dealt in files as well, so that they come by
twice, for counting and for dealing, however many there are: to name their ends may cost more than to read
them. The transpositions read again what lies in order, once per range of rows whose entries fit in the memory
allowed. What was read and written is let go of piece by piece, so that no more than the memory allowed is in
use.

Fresh memory costs more than what is written to it, so room is used again: the last transposition is written
over the edges in rows by target, which the first one has read, and all three deal into the same arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.mapped import ReusedMemory, in_memory, let_go, pieces, row_pieces
from graph.arrays.row_sums import read_only
from graph.arrays.scatter import (
    DEALT_BYTES,
    NOTHING,
    no_counts,
    ranges_of_counts,
    ranges_of_entries,
    scatter,
    transpose,
    width_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from graph.arrays.mapped import Room
    from graph.arrays.scatter import Ranges
    from graph.arrays.sparse_rows import IntegerArray

UNKNOWN_TIME = 0
Edges = tuple["NDArray[np.uint32]", "NDArray[np.uint32]", "NDArray[np.uint32]"]
"""Source, target and time of some edges; in place of the times `NOTHING` where there are none."""

_ENTRY_BYTES = 4 + DEALT_BYTES
_TIME_BYTES = 8  # on the way and in its place


@dataclass(frozen=True)
class Orders:
    """A list of edges in both compressed orders, without repetitions and edges from a node to itself.

    Attributes:
        source_offsets: int64[n + 1]; the targets of node a lie in `targets` from `source_offsets[a]` up to
            `source_offsets[a + 1]`.
        targets: uint32[m], ascending within each row.
        target_offsets: int64[n + 1], likewise for the sources of a node.
        sources: uint32[m], ascending within each row.
        times: uint32[m], aligned with `targets`: the first known time of each edge; nothing where no times
            were given.
        repeated: How many edges were merged into another.
        to_itself: How many led from a node to itself.
    """

    source_offsets: NDArray[np.int64]
    targets: NDArray[np.uint32]
    target_offsets: NDArray[np.int64]
    sources: NDArray[np.uint32]
    times: NDArray[np.uint32] | None
    repeated: int
    to_itself: int


def both_orders(
    n: int,
    source: NDArray[np.uint32],
    target: NDArray[np.uint32],
    time: NDArray[np.uint32] | None = None,
    *,
    overwrite: bool = False,
    room: Room = in_memory,
    memory_bytes: int | None = None,
) -> Orders:
    """Sort edges in both orders.

    Args:
        n: Number of nodes; the ends are below it, which is not checked here.
        source: uint32[m], where each edge begins; may be memory-mapped.
        target: uint32[m], where it leads.
        time: uint32[m], `UNKNOWN_TIME` where not known, or None.
        overwrite: Whether source and target may be written over: once all edges are dealt they hold both
            orders, which takes 6 fresh bytes per edge in place of 14.
        room: Gives the arrays that hold the entries, by name (`targets`, `sources`, `times`, and `scratch`
            ones that are let go); memory by default.
        memory_bytes: Memory that entries on their way may fill; as much as they need by default.
    """

    def edges() -> Iterator[Edges]:
        for piece in pieces(source, target, NOTHING if time is None else time):
            yield piece[0], piece[1], piece[2]

    def in_their_place(name: str, size: int) -> NDArray[np.uint32]:
        ends = {"sources": source, "targets": target}
        return ends[name][:size] if name in ends else room(name, size)

    if overwrite:
        return orders_of_pieces(
            n, edges, with_times=time is not None, room=in_their_place, memory_bytes=memory_bytes
        )
    return orders_of_pieces(n, edges, with_times=time is not None, room=room, memory_bytes=memory_bytes)


def orders_of_pieces(
    n: int,
    edges: Callable[[], Iterable[Edges]],
    *,
    with_times: bool = False,
    room: Room = in_memory,
    memory_bytes: int | None = None,
) -> Orders:
    """The same of edges that come in pieces.

    Args:
        n: as above.
        edges: goes through all edges from the first on, in pieces of source, target and time; called twice,
            for counting and for dealing.
        with_times: whether there are times; the last of each piece is `NOTHING` where there are none.
        room: as above.
        memory_bytes: as above.
    """
    row_bytes = _ENTRY_BYTES + (_TIME_BYTES if with_times else 0)

    def with_times_only(name: str, size: int) -> NDArray[np.uint32]:
        return room(name, size) if with_times else NOTHING

    of_target, of_source, to_itself = _ranges_of_edges(n, edges)
    size = int(of_target.starts[-1])
    entries, their_times = room("sources", size), with_times_only("scratch_times", size)
    fits = memory_bytes is None or size * row_bytes <= memory_bytes
    dealing = ReusedMemory()
    target_offsets = scatter(
        of_target,
        ((target, source, time) for source, target, time in edges()),
        (entries, their_times),
        of_target.all,
        leave_equal=True,
        room=dealing if fits else room,
    )
    targets, new_times = room("targets", size), with_times_only("times", size)
    given, out = (entries, their_times), (targets, new_times)
    most = None if memory_bytes is None else memory_bytes // row_bytes
    source_offsets = _transposed(target_offsets, given, of_source, out, most, dealing)
    del their_times, given
    start = kept = 0
    for rows in row_pieces(source_offsets):
        start, kept = _merge_repeats(source_offsets, targets, new_times, rows, (start, kept))
        let_go(targets, new_times)
    repeated = targets.size - kept
    targets, new_times = targets[:kept], new_times[:kept]
    if repeated:
        of_target = ranges_of_entries(n, targets)
    given, out = (targets, NOTHING), (entries[:kept], NOTHING)
    most = None if memory_bytes is None else memory_bytes // _ENTRY_BYTES
    target_offsets = _transposed(source_offsets, given, of_target, out, most, dealing)
    return Orders(
        source_offsets,
        targets,
        target_offsets,
        out[0],
        new_times if with_times else None,
        repeated,
        to_itself,
    )


def _transposed(
    offsets: IntegerArray,
    given: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    ranges: Ranges,
    out: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    most: int | None,
    room: Room,
) -> NDArray[np.int64]:
    """Write the transposition, about so many entries at a time; where its rows start, int64[n + 1]."""
    found = np.zeros(ranges.n + 1, dtype=np.int64)
    for span in [ranges.all] if most is None else row_pieces(ranges.starts, max(most, 1)):
        low, high = ranges.rows(span)
        start, end = int(ranges.starts[span[0]]), int(ranges.starts[span[1]])
        mine = out[0][start:end], out[1][start:end]
        found[low : high + 1] = start + transpose(offsets, given, ranges, mine, span, room=room)
    return found


def _ranges_of_edges(n: int, edges: Callable[[], Iterable[Edges]]) -> tuple[Ranges, Ranges, int]:
    """Ranges of the rows by target and by source, without edges to themselves; and how many those are."""
    of_target, of_source = no_counts(n), no_counts(n)
    to_itself = 0
    for source, target, _ in edges():
        fixed = read_only(source, np.uint32), read_only(target, np.uint32)
        to_itself += _count_edges(of_source, of_target, *fixed, width_for(n))
    return ranges_of_counts(n, of_target), ranges_of_counts(n, of_source), to_itself


@compiled
def _count_edges(of_source, of_target, source, target, width):  # noqa: ANN001, ANN202
    """Add to the ranges of both ends of each edge; how many lead to where they began, which do not count."""
    digits, to_itself = np.uint64(width), 0
    for i in range(source.size):
        if source[i] == target[i]:
            to_itself += 1
        else:
            of_source[np.uint64(source[i]) >> digits] += 1
            of_target[np.uint64(target[i]) >> digits] += 1
    return to_itself


@compiled
def _merge_repeats(offsets, entries, times, rows, done):  # noqa: ANN001, ANN202
    """Keep one of each run of equal entries in some rows, in place, with its first known time.

    `done` says where these rows start and how many entries of the rows before stay; returned as it is after
    them.
    """
    with_times = times.size > 0
    start, kept = done
    for row in range(rows[0], rows[1]):
        end = offsets[row + 1]
        row_start = kept
        for k in range(start, end):
            if kept > row_start and entries[kept - 1] == entries[k]:
                if with_times and times[k] != UNKNOWN_TIME:
                    known = times[kept - 1]
                    times[kept - 1] = times[k] if known == UNKNOWN_TIME else min(known, times[k])
                continue
            entries[kept] = entries[k]
            if with_times:
                times[kept] = times[k]
            kept += 1
        offsets[row + 1] = kept
        start = end
    return start, kept
