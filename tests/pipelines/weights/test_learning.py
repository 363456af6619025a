"""The table of weights that ships, and how judging one is counted."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.shill.signals import MONEY_GROUP_OF, SIGNALS
from graph.shill.weights_of_evidence import EvidenceWeights
from pipelines.weights import evidence_weights
from pipelines.weights.learning import TEACHING, area_under_curve, judged, learned_table, measured_world


def test_the_table_that_ships_has_every_registered_signal_and_says_how_it_was_learned():
    rows = evidence_weights()
    assert {row["signal"]: row["money_group"] for row in rows} == MONEY_GROUP_OF
    assert {row["how"] for row in rows} == {f"planted in {len(TEACHING)} generated worlds, seeds 11 to 18"}
    table = EvidenceWeights.from_rows(rows)
    assert EvidenceWeights.from_rows(table.to_rows()).to_rows() == table.to_rows()


@pytest.mark.parametrize("signal", sorted({row["signal"] for row in evidence_weights()}))
def test_more_of_a_signal_never_speaks_for_anybody(signal):
    rows = sorted(
        (row for row in evidence_weights() if row["signal"] == signal), key=lambda row: int(row["bin"])
    )
    weights = [float(row["weight"]) for row in rows]
    assert weights == sorted(weights)
    if len(weights) == 1:  # nothing but usual values in the worlds that taught: it says nothing, and no more
        assert weights == [0.0]
    else:
        assert weights[0] < 0 < weights[-1]
    edges = [(float(row["low_edge"]), float(row["high_edge"])) for row in rows]
    assert edges[0][0] == -np.inf
    assert edges[-1][1] == np.inf
    assert all(left[1] == right[0] for left, right in itertools.pairwise(edges))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=20))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    values = np.array([value for value, _ in rows], dtype=float)
    is_shill = np.array([shill for _, shill in rows])
    if is_shill.all() or not is_shill.any():
        return
    pairs = [(a > b) + (a == b) / 2 for a in values[is_shill] for b in values[~is_shill]]
    assert area_under_curve(values, is_shill) == pytest.approx(sum(pairs) / len(pairs))


@pytest.fixture(scope="module")
def world():
    return measured_world(3, 1000)


def test_a_world_is_measured_signal_by_signal_in_one_order(world):
    ids = [world.filter(pl.col("signal") == name)["account_id"].to_list() for name in SIGNALS]
    assert ids[0] == sorted(ids[0])
    assert all(other == ids[0] for other in ids)
    assert 0 < world["is_shill"].sum() < world.height / 2
    assert world.filter(pl.col("is_measured") & pl.col("value").is_nan()).is_empty()


def test_a_table_learned_from_a_world_tells_its_shills_from_the_rest(world):
    table = learned_table(world, "test", "one small world")
    found = judged(world, table)
    assert found.accounts == world.height / len(SIGNALS)
    assert found.auc > 0.8
    assert 0 <= found.calibration_error < 0.2
    assert 0 <= found.brier < 0.2
    assert 0 <= found.precision_at_200 <= found.precision_at_100 <= 1
