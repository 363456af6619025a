from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.arrays import sparse_rows
from graph.arrays.sparse_rows import row_lengths, sorted_unique, sum_over_rows, take_rows

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=12)


def compressed(rows):
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    return offsets, np.array([entry for row in rows for entry in row], dtype=np.uint32)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.data(), st.integers(1, 8))
def test_rows_are_gathered_and_summed_as_a_loop_would(rows, data, entries_at_once):
    offsets, targets = compressed(rows)
    values = np.arange(10) + 0.5
    kept = sparse_rows.ENTRIES_AT_ONCE
    sparse_rows.ENTRIES_AT_ONCE = entries_at_once
    try:
        sums = sum_over_rows(offsets, targets, values)
    finally:
        sparse_rows.ENTRIES_AT_ONCE = kept
    assert sums.tolist() == [sum(entry + 0.5 for entry in row) for row in rows]
    assert row_lengths(offsets).tolist() == [len(row) for row in rows]

    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6)) if rows else []
    position, entries = take_rows(offsets, targets, np.array(wanted, dtype=np.uint32))
    assert list(zip(position.tolist(), entries.tolist(), strict=True)) == [
        (place, entry) for place, row in enumerate(wanted) for entry in rows[row]
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-(2**62), 2**62), max_size=30), st.sampled_from([1, 3]))
def test_sorted_unique_is_the_unique_of_numpy(values, times):
    array = np.array(values * times, dtype=np.int64)
    found = sorted_unique(array)
    assert found.dtype == array.dtype
    assert found.tolist() == np.unique(array).tolist()
