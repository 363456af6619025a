"""Stage 3: affinity and what is read back of it."""

from __future__ import annotations

import numpy as np
import pytest

from assets.audience import read_audience
from assets.word_of_mouth import read_voices


def test_raw_and_cleaned_reach_stand_side_by_side(golden):
    affinity = golden.found("affinity")
    raw, cleaned = golden.by_id(affinity, "reach_share"), golden.by_id(affinity, "reach_share_cleaned")
    assert raw["niche"] == raw["buyer"] == pytest.approx(4 / 6)
    assert cleaned["niche"] > raw["niche"]  # followed by those who count
    assert cleaned["buyer"] < raw["buyer"]  # followed by those who do not
    assert golden.by_id(affinity, "audience_followers")["star"] == 6
    assert golden.by_id(affinity, "baseline_share")["niche"] == 0


def test_figures_come_back_as_they_were_written(golden):
    members = read_audience(golden.folder)
    assert members.members.dtype == np.uint32
    assert len(members.members) == 6
    size = golden.lake.read_json(golden.folder / "affinity.json")["audience_size_effective"]
    assert size == pytest.approx(members.weight.sum() ** 2 / np.square(members.weight).sum())
    voices = read_voices(golden.folder, 13)
    assert voices.voices.sum() == 2


def baseline_bench(bench):
    """The golden dataset with categories, run through the network and the cleaned audience."""
    bench.tables["accounts"][6] |= {"category": "Coffee"}  # star
    bench.tables["brands"][1] |= {"category": "loans"}  # deal
    bench.tables["audience_members"] += [
        {"audience": "others", "account_id": "loner", "weight": ""},
        {"audience": "lost", "account_id": "stranger", "weight": ""},
        {"audience": "lost", "account_id": "loner", "weight": "0"},
    ]
    assert bench.network().success
    assert bench.audience("cleaned_audience").success
    return bench


@pytest.mark.parametrize(
    ("baseline", "written", "share_of_buyer"),
    [
        ("network", "network", 1.0),  # outsider and loner follow buyer
        ("audience:others", "audience:others", 1.0),
        ("category:coffee", "category:Coffee", 1.0),  # outsider follows star, and buyer
    ],
)
def test_the_baseline_that_is_asked_for_is_used_and_said(bench, baseline, written, share_of_buyer):
    baseline_bench(bench)
    bench.settings["audience_affinity"] = {"baseline": baseline}
    assert bench.audience("audience_affinity").success
    numbers = bench.lake.read_json(bench.folder / "affinity.json")
    assert numbers["baseline"] == written
    shares = bench.by_id(bench.found("affinity"), "baseline_share")
    assert shares["buyer"] == pytest.approx(share_of_buyer)
    assert numbers["baseline_size_effective"] > 0


def test_a_baseline_without_anybody_outside_the_audience_leaves_lift_unknown(bench):
    baseline_bench(bench)
    bench.settings["audience_affinity"] = {"baseline": "category:loans"}  # only members follow deal
    result = bench.audience("audience_affinity")
    assert result.success
    assert [check.passed for check in result.get_asset_check_evaluations()] == [False]
    affinity = bench.found("affinity")
    assert affinity["lift"].is_nan().all()
    assert affinity["baseline_share"].is_nan().all()
    assert bench.by_id(affinity, "audience_followers")["star"] == 6  # what needs no baseline is known


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        ("audience:other", "Did you mean 'others'?"),
        ("category:coffe", "There is Coffee, loans."),
        ("everybody", "Write network, audience:NAME or category:NAME."),
        ("audience:lost", "No member of 'lost', to be compared with, is known and counts. Mend"),
    ],
)
def test_a_baseline_of_nobody_stops_and_says_what_there_is(bench, baseline, said):
    baseline_bench(bench)
    bench.settings["audience_affinity"] = {"baseline": baseline}
    result = bench.audience("audience_affinity")
    assert not result.success
    assert said in str(result.failure_data_for_node("audience_affinity"))
