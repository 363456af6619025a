from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.statistics.unmeasured import risk_where_unmeasured, typical_where_unmeasured

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


RISKS = st.lists(st.one_of(st.none(), st.floats(0.001, 0.999)), min_size=1, max_size=20)


@given(RISKS)
def test_nobody_found_ordinary_stands_worse_than_whoever_was_not_looked_at(given_risks):
    value = np.array([NAN if risk is None else risk for risk in given_risks])
    found = risk_where_unmeasured(value, value / 2, value * 1.2, prior=0.08, ordinary_below=0.25)
    unmeasured = np.isnan(value)
    assert found.value[~unmeasured].tolist() == value[~unmeasured].tolist()
    assert np.all(found.value[unmeasured] == 0.08)
    assert np.all((found.low <= found.value) & (found.value <= np.maximum(found.high, found.value)))
    for high in found.high[unmeasured]:
        assert 0.08 <= high < 0.25  # no warning for what is missing
        assert all(other <= high for other in found.high[~unmeasured] if other < 0.25)


def test_who_hides_an_ordinary_risk_gains_nothing_and_where_nobody_was_measured_all_are_alike():
    value = np.array([0.02, 0.05, 0.10, 0.60])
    low, high = value / 2, value * 1.5
    shown = risk_where_unmeasured(value, low, high, prior=0.08, ordinary_below=0.25)
    for who in range(3):
        hidden = [np.where(np.arange(4) == who, NAN, array) for array in (value, low, high)]
        after = risk_where_unmeasured(*hidden, prior=0.08, ordinary_below=0.25).high
        others = [other for other in range(3) if other != who]
        before = sum(shown.high[other] > shown.high[who] for other in others)
        assert sum(after[other] > after[who] for other in others) == 0 <= before
    nobody = risk_where_unmeasured([NAN] * 3, [NAN] * 3, [NAN] * 3, prior=0.08, ordinary_below=0.25)
    assert [*nobody.low, *nobody.value, *nobody.high] == [0.08] * 9
    only_watched = risk_where_unmeasured([0.6, NAN], [0.3, NAN], [0.9, NAN], prior=0.08, ordinary_below=0.25)
    assert only_watched.high.tolist() == [0.9, 0.08]
