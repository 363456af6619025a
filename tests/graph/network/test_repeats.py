from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.repeats import last_of_each

PAIRS = st.integers(1, 9).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=600)
    )
)


@settings(max_examples=80, deadline=None)
@given(PAIRS, st.sampled_from([1, 50, 10_000]))
def test_the_last_row_of_each_pair_stays_in_one_range_of_rows_and_in_many(case, at_once):
    n, pairs = case
    first, second = np.array(pairs, dtype=np.uint32).reshape(-1, 2).T
    last = {pair: row for row, pair in enumerate(pairs)}
    found = last_of_each(n, first, second, at_once=at_once)
    if len(last) == len(pairs):
        assert found is None
    else:
        assert np.flatnonzero(found).tolist() == sorted(last.values())
