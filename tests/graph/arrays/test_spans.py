from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.arrays.spans import spans


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 12))
def test_spans_hold_every_row_once_and_only_as_much_as_they_may(work, at_once):
    found = spans(np.array(work, dtype=np.int64), at_once)
    assert [row for low, high in found for row in range(low, high)] == list(range(len(work)))
    for low, high in found:
        assert high - low == 1 or sum(work[low:high]) <= at_once
        assert high == len(work) or sum(work[low : high + 1]) > at_once
