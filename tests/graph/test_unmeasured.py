from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.unmeasured import typical_where_unmeasured

NAN = float("nan")


@given(st.lists(st.one_of(st.just(NAN), st.floats(0, 1)), min_size=1, max_size=20))
def test_measurements_stay_and_the_rest_is_their_mean(given_values):
    value = np.array(given_values)
    found = typical_where_unmeasured(value, value - 0.1, value + 0.1, confidence=0.9)
    known = [v for v in given_values if not np.isnan(v)]
    if not known:
        assert np.isnan(found.value).all()
        assert np.isnan(found.spread).all()
        return
    expected = [v if not np.isnan(v) else sum(known) / len(known) for v in given_values]
    assert found.value.tolist() == pytest.approx(expected)
    # hiding somebody does not move the mean of all by more than that one was away from it
    assert found.value.mean() == pytest.approx(np.mean(known))
    assert np.all(found.spread >= 0)


def test_what_is_left_open():
    found = typical_where_unmeasured(
        [0.2, 0.6, NAN, 0.4], [0.1, 0.6, NAN, NAN], [0.3, 0.6, NAN, NAN], confidence=0.9
    )
    scatter = np.std([0.2, 0.6, 0.4])
    assert found.spread.tolist() == pytest.approx([0.1 / 1.6448536, 0.0, scatter, scatter])
    assert found.typical == pytest.approx(0.4)
    assert typical_where_unmeasured([], [], [], confidence=0.9).value.size == 0
