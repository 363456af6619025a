from __future__ import annotations

import itertools

import numpy as np
import pytest

from graph.arrays.mapped import pieces
from graph.arrays.scatter import NOTHING, offsets_of_entries, scatter, transpose


@pytest.mark.parametrize("leave_equal", [False, True])
@pytest.mark.parametrize("n", [1, 700, 5_000])  # of the last a range of rows holds several
def test_entries_come_to_their_rows_in_their_order_whole_and_by_spans(n, leave_equal):
    rng = np.random.default_rng(n)
    row, entry = rng.integers(0, n, (2, 9_000), dtype=np.uint32)
    along = rng.integers(0, 99, row.size, dtype=np.uint32)
    kept = row != entry if leave_equal else np.ones(row.size, dtype=bool)
    offsets = offsets_of_entries(n, row[kept])
    entries, carried = np.zeros((2, int(offsets[-1])), dtype=np.uint32)
    spans = [(0, n // 3), (n // 3, n)]
    for span in spans:
        given = pieces(row, entry, along, at_once=4_000)
        scatter(offsets, given, (entries, carried), span, leave_equal=leave_equal)
    for given, written in ((entry, entries), (along, carried)):
        expected = [[] for _ in range(n)]
        for at, one in zip(row[kept].tolist(), given[kept].tolist(), strict=True):
            expected[at].append(one)
        assert [written[a:b].tolist() for a, b in itertools.pairwise(offsets)] == expected
    new_offsets = offsets_of_entries(n, entries)
    turned, turned_along = np.zeros((2, entries.size), dtype=np.uint32)
    for span in spans:
        transpose(offsets, (entries, carried), new_offsets, (turned, turned_along), span)
    order = np.lexsort((row[kept], entry[kept]))
    assert turned.tolist() == row[kept][order].tolist()
    assert turned_along.tolist() == along[kept][order].tolist()


def test_nothing_comes_to_nobody():
    offsets = offsets_of_entries(0, NOTHING)
    scatter(offsets, [(NOTHING, NOTHING, NOTHING)], (NOTHING.copy(), NOTHING), (0, 0))
    assert offsets.tolist() == [0]
