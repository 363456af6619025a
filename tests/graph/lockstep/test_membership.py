"""What a count of hits says for an order, against scipy and against the same thing written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from graph.lockstep.membership import (
    CRESTS,
    LEAST_RATE,
    Law,
    expected_hits,
    least_expected,
    log_ordered,
    most_scattered,
    most_surprise,
    scattered_crests,
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 400), st.floats(1e-3, 50), st.floats(0.5, 60), st.floats(0.5, 1e6), st.floats(0.01, 9.0)
)
def test_the_law_of_an_order_is_that_of_scipy(hits, own, mean, shape, unit):
    spread = min(shape * ((own + mean) / mean) ** 2, 1e6)
    law = nbinom.logpmf(hits, spread, spread / (spread + own + mean)) + math.lgamma(hits + 1)
    found = log_ordered(float(hits), own, mean, shape, unit)
    assert found == pytest.approx(law - hits * np.log(unit), abs=1e-6, rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.floats(-5, 1e6), st.floats(1e-9, 0.3), st.integers(1, 20_000))
def test_hits_without_an_order(degree, rate, size):
    exact = max(-size * np.expm1(-degree * rate), LEAST_RATE)
    assert expected_hits(degree, rate, size) == pytest.approx(exact, rel=1e-10)
    if degree > 0:
        assert least_expected(degree * rate, size) <= max(exact, size * 0.5 * (1 + 1e-9)) * (1 + 1e-9)
        assert least_expected(degree * rate, size) <= exact * (1 + 1e-9) + 1e-12


@settings(max_examples=150, deadline=None)
@given(
    st.integers(2, 32),
    st.floats(1, 500),
    st.floats(1e-7, 0.01),
    st.integers(60, 2_000),
    st.floats(0.5, 500),
    st.floats(0.5, 1e6),
)
def test_the_bounds_of_a_surprise_are_bounds(hits, degree, rate, size, mean, shape):
    natural = expected_hits(degree, rate, size)
    own = expected_hits(max(degree - (hits - natural), 0.0), rate, size)
    ordered = log_ordered(float(hits), own, mean, shape, natural)
    share, log_natural = degree * rate, np.log(degree) + np.log(rate * size)
    bound = most_surprise(CRESTS[hits], float(hits), share, log_natural, size)
    assert bound >= ordered + natural
    law = Law(size, rate, np.log(rate * size), mean, shape, 0.0, 3.0)
    bound = most_scattered(scattered_crests(3.0)[hits], float(hits), share, log_natural, law)
    assert bound >= ordered - log_ordered(float(hits), 0.0, natural, 3.0, natural)
