from __future__ import annotations

import itertools

import numpy as np
import pytest

from graph.arrays.mapped import pieces
from graph.arrays.scatter import (
    NOTHING,
    counts_of_entries,
    ranges_of_entries,
    scatter,
    transpose,
)


def rows_of(ranges, out, write):
    """What `write` gave to each row, span by span."""
    found = []
    for span in itertools.pairwise((0, ranges.all[1] // 3, ranges.all[1])):
        mine = slice(ranges.starts[span[0]], ranges.starts[span[1]])
        offsets = write(tuple(array[mine] for array in out), span)
        low, high = ranges.rows(span)
        assert offsets.size == high - low + 1
        found += [[array[mine][a:b].tolist() for array in out] for a, b in itertools.pairwise(offsets)]
    return found


@pytest.mark.parametrize("leave_equal", [False, True])
@pytest.mark.parametrize("n", [1, 700, 5_000])  # of the last a range of rows holds several
def test_entries_come_to_their_rows_in_their_order_by_spans(n, leave_equal):
    rng = np.random.default_rng(n)
    row, entry = rng.integers(0, n, (2, 9_000), dtype=np.uint32)
    along = rng.integers(0, 99, row.size, dtype=np.uint32)
    kept = row != entry if leave_equal else np.ones(row.size, dtype=bool)
    expected = [[[], []] for _ in range(n)]
    for at, one, its in zip(row[kept].tolist(), entry[kept].tolist(), along[kept].tolist(), strict=True):
        expected[at][0].append(one)
        expected[at][1].append(its)
    out = np.zeros((2, int(kept.sum())), dtype=np.uint32)
    ranges = ranges_of_entries(n, row[kept])

    def write(mine, span):
        return scatter(ranges, pieces(row, entry, along, at_once=4_000), mine, span, leave_equal=leave_equal)

    assert rows_of(ranges, tuple(out), write) == expected


@pytest.mark.parametrize("n", [1, 700, 5_000])
def test_a_transposition_is_sorted_and_takes_along_what_came(n):
    rng = np.random.default_rng(n)
    lengths = rng.integers(0, 20, n)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    entries = rng.integers(0, n, int(offsets[-1]), dtype=np.uint32)
    along = rng.integers(0, 99, entries.size, dtype=np.uint32)
    source = np.repeat(np.arange(n), lengths)
    expected = [[[], []] for _ in range(n)]
    for a, b, its in zip(source.tolist(), entries.tolist(), along.tolist(), strict=True):
        expected[b][0].append(a)
        expected[b][1].append(its)
    out = np.zeros((2, entries.size), dtype=np.uint32)
    ranges = ranges_of_entries(n, entries)

    def write(mine, span):
        return transpose(offsets, (entries, along), ranges, mine, span)

    assert rows_of(ranges, tuple(out), write) == expected


def test_nothing_comes_to_nobody():
    ranges = ranges_of_entries(0, NOTHING)
    offsets = scatter(ranges, [(NOTHING, NOTHING, NOTHING)], (NOTHING.copy(), NOTHING), ranges.all)
    assert offsets.tolist() == [0]
    assert counts_of_entries(0, NOTHING).tolist() == []


def test_rows_are_counted():
    assert counts_of_entries(4, np.array([3, 1, 3], dtype=np.uint32)).tolist() == [0, 1, 0, 2]
