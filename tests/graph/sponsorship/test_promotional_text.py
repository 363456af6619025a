from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from graph.sponsorship import promotional_text
from graph.sponsorship.promotional_text import (
    BITS,
    BUCKETS,
    RUNS,
    PromotionalModel,
    PromotionalModelError,
    _seen,
    text_features,
)
from graph.text.near_duplicates import mixed
from graph.text.text_folding import fold

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def places_slowly(folded):
    seen, found = _seen(folded), set()
    for run in RUNS:
        for start in range(len(seen) - run + 1):
            value = np.zeros(1, dtype=np.uint64)
            for letter in seen[start : start + run]:
                value = mixed(value ^ (np.array([ord(letter)], dtype=np.uint64) * MULTIPLIER))
            found.add(int(value[0] >> np.uint64(64 - BITS)))
    return found


TEXTS = st.lists(st.text(max_size=30), max_size=6)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from([1, 40, 2_000_000]))
def test_features_and_probability_are_those_of_plain_loops(texts, at_once):
    folded = [fold(text) for text in texts]
    rng = np.random.default_rng(1)
    model = PromotionalModel(rng.normal(size=BUCKETS).astype(np.float32), 0.3)
    usual, promotional_text.CHARACTERS_AT_ONCE = promotional_text.CHARACTERS_AT_ONCE, at_once
    try:
        features, found = text_features(folded), model.probability(folded)
    finally:
        promotional_text.CHARACTERS_AT_ONCE = usual
    assert features.shape == (len(texts), BUCKETS)
    for row, text in enumerate(folded):
        places = places_slowly(text)
        assert set(features[row].indices.tolist()) == places
        total = sum(float(model.weights[place]) for place in places) / max(len(places), 1) ** 0.5
        assert found[row] == pytest.approx(expit(total + 0.3), rel=1e-5)
    if folded:
        np.testing.assert_allclose(
            model.probability(folded), expit(features @ model.weights + 0.3), rtol=1e-5
        )


def test_whom_a_text_names_and_how_much_is_one_sign_each():
    told = text_features(
        [fold(text) for text in ("ask @ana https://a.example/1 5%", "ask @bob www.b.example 7%")]
    )
    assert (told[0] != told[1]).nnz == 0


def test_what_is_no_model_is_refused():
    for weights, intercept in (
        (np.zeros(3), 0.0),
        (np.full(BUCKETS, np.nan), 0.0),
        (np.zeros(BUCKETS), np.inf),
    ):
        with pytest.raises(PromotionalModelError):
            PromotionalModel(weights.astype(np.float32), intercept)


def test_hostile_texts():
    model = PromotionalModel(np.zeros(BUCKETS, dtype=np.float32), 0.0)
    texts = ["", "\ud800", "x" * 1_000_000, "\x01\x02", "👩‍👩‍👧", "\n" * 9]
    assert model.probability(texts).tolist() == [0.5] * len(texts)
    assert model.probability([]).size == 0
    assert text_features([]).shape == (0, BUCKETS)
