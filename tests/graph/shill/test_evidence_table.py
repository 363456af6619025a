from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shill.evidence_table import EvidenceTableError, EvidenceWeights, SignalWeights, learn_weights

GROUPS = {"words_a": "bought_words"}


def signal_weights(name, group, edges, planted, genuine):
    return SignalWeights(
        name, group, np.array(edges, dtype=float), np.array(planted), np.array(genuine), "by hand"
    )


TABLE = EvidenceWeights(
    "test-1",
    (
        signal_weights("followers_a", "bought_followers", [0.2, 0.5], [50, 100, 150], [1500, 450, 50]),
        signal_weights("followers_b", "bought_followers", [10], [100, 200], [1800, 200]),
        signal_weights("words_a", "bought_words", [0.1, 0.3, 0.6], [3, 10, 40, 247], [1900, 80, 15, 5]),
    ),
)


def test_bounds_cover_the_weight_that_many_accounts_would_give():
    rng = np.random.default_rng(0)
    truth = np.log(np.array([0.2, 0.3, 0.5]) / np.array([0.7, 0.2, 0.1]))
    covered = []
    for _ in range(400):
        planted, genuine = rng.multinomial(100, [0.2, 0.3, 0.5]), rng.multinomial(400, [0.7, 0.2, 0.1])
        low, high = signal_weights("x", "bought_words", [1, 2], planted, genuine).bounds()
        covered.append((low <= truth) & (truth <= high))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=60), st.integers(1, 8))
def test_learned_weights_never_fall_and_count_everybody(rows, bins):
    value = np.array([row[0] for row in rows], dtype=float)
    is_shill = np.array([row[1] for row in rows])
    if is_shill.all() or not is_shill.any():
        return
    known = np.ones(value.size, dtype=bool)
    table = learn_weights(
        {"words_a": value}, {"words_a": known}, is_shill, GROUPS, bins=bins, version="v", how="drawn"
    )
    weights = table.of("words_a")
    assert len(weights.n_planted) <= bins
    assert (np.diff(weights.weight) > 0).all()
    assert (np.diff(weights.edges) > 0).all()
    for low_or_high in weights.bounds():
        assert (np.diff(low_or_high) >= 0).all()
    assert (weights.n_planted.sum(), weights.n_genuine.sum()) == (is_shill.sum(), (~is_shill).sum())
    for place in range(len(weights.n_planted)):
        inside = weights.bin_of(value) == place
        assert (inside & is_shill).sum() == weights.n_planted[place]


def test_the_table_survives_a_csv_file():
    file = io.StringIO()
    writer = csv.DictWriter(file, TABLE.to_rows()[0])
    writer.writeheader()
    writer.writerows(TABLE.to_rows())
    file.seek(0)
    again = EvidenceWeights.from_rows(csv.DictReader(file))
    assert again.to_rows() == TABLE.to_rows()


def test_a_broken_table_names_every_fault():
    rows = TABLE.to_rows()
    rows[1]["high_edge"] = 0.9
    rows[3]["money_group"] = "bought_stars"
    rows[4]["version"] = "test-2"
    with pytest.raises(EvidenceTableError, match=r"version.*followers_a: bins.*followers_b: money_group"):
        EvidenceWeights.from_rows(rows)


def test_nothing_to_learn_from_names_every_signal():
    values = {"words_a": np.zeros(3), "mystery": np.zeros(3)}
    known = {"words_a": np.array([True, False, True]), "mystery": np.ones(3, dtype=bool)}
    with pytest.raises(EvidenceTableError, match=r"words_a: measured on 0 planted.*mystery: money group"):
        learn_weights(values, known, np.array([False, True, False]), GROUPS, version="v", how="x")
