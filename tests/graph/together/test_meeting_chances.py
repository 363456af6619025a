from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graph.together.meeting_chances import FALSE_DISCOVERY_RATE, discoveries, pairs_to_test
from graph.together.meetings import MIN_REPEATS, first_shares


@given(
    p_values=st.lists(st.floats(0, 1) | st.floats(0, 1e-4), min_size=1, max_size=40),
    not_given=st.integers(0, 500),
)
def test_discoveries_are_those_of_benjamini_and_hochberg(p_values, not_given):
    every = np.array(p_values + [1.0] * not_given)
    adjusted = stats.false_discovery_control(every)[: len(p_values)]
    found = discoveries(np.array(p_values), every.size)
    near = np.isclose(adjusted, FALSE_DISCOVERY_RATE, rtol=1e-9)
    assert (found == (adjusted <= FALSE_DISCOVERY_RATE))[~near].all()


@given(rows=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=60))
def test_all_pairs_that_share_enough_are_counted_where_every_account_is_asked(rows):
    actor, object_ = np.array(rows, dtype=np.int64).T
    nothing = np.full(actor.size, -1)
    columns = (actor, object_, np.arange(actor.size), nothing, nothing)
    rng = np.random.default_rng(0)
    shared = {node: {what for who, what in rows if who == node} for node in range(10)}
    pairs = sum(len(shared[u] & shared[v]) >= MIN_REPEATS for u in range(10) for v in range(u))
    assert pairs_to_test(first_shares(10, columns, rng), rng) == max(pairs, 1)
