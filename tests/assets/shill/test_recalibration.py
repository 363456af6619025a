"""Reviews that stand recalibrate the probability; what was measured stays beside it."""

from __future__ import annotations

import numpy as np
import polars as pl

from assets.shill.probability import CALIBRATION_SCHEMA, _calibration_row, _recalibration
from graph.shill.weights_of_evidence import ShillProbability


def joined(n=400):
    """Half of the accounts at odds of 1 to 20, half at 20 to 1; the last was never measured."""
    probability = np.where(np.arange(n) % 2 == 0, 1 / 21, 20 / 21)
    n_signals = np.where(np.arange(n) == n - 1, 0, 2)
    return ShillProbability(probability, probability * 0.9, probability, {}, n_signals, {})


def reviews(rows):
    return pl.DataFrame(
        rows, schema={"node": pl.UInt32, "label": pl.String, "is_current": pl.Boolean}, orient="row"
    )


def said(node, *, is_shill, is_current=True):
    return node, "shill" if is_shill else "genuine", is_current


def test_labels_that_disagree_with_sure_figures_make_them_less_sure():
    rows = [said(node, is_shill=(node % 2 == 1) != (node % 3 == 0)) for node in range(200)]
    learned = _recalibration(joined(), reviews(rows))
    assert learned.method == "platt"
    assert learned.slope < 0.5
    low, high = learned.of(joined().probability)[:2]
    assert 1 / 21 < low < high < 20 / 21
    row = _calibration_row(learned)
    assert row.schema == pl.Schema(CALIBRATION_SCHEMA)
    assert row["brier_after"].item() < row["brier_before"].item()


def test_only_reviews_that_stand_of_accounts_that_were_measured_count():
    rows = [
        *(said(node, is_shill=node % 2 == 1) for node in range(60)),
        *(said(node, is_shill=node % 2 == 0, is_current=False) for node in range(60, 120)),
        said(399, is_shill=True),
        said(None, is_shill=True),
    ]
    learned = _recalibration(joined(), reviews(rows))
    assert (learned.n_labels, learned.n_shills) == (60, 30)


def test_without_reviews_nothing_changes_and_the_reason_is_told(golden):
    row = golden.read("shill/calibration").row(0, named=True)
    assert row["method"] == "none"
    assert row["why_not"].startswith("needs 50 labels")
    assert row["labels"] == 0
    frame = golden.read("shill/shill_probability")
    assert frame["probability"].equals(frame["measured"], check_names=False)
    ranked = golden.kept("run-1", "ranking")
    assert ranked["shill_probability"].equals(ranked["shill_probability_measured"], check_names=False)
