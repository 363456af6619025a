"""Stage 3: the cleaned audience, affinity, word of mouth and its absence, communities."""

from __future__ import annotations

from math import log

import numpy as np
import polars as pl
import pytest

from assets.partitions import DATA_TAG, audience_and_day
from assets.trust import read_affinity, read_audience, read_voices

AUDIENCE = "fans"
DAY = "2024-05-31"
MEMBERS = ("m1", "m2", "m3", "m4", "m5", "m6")

TRUST = ("cleaned_audience", "audience_affinity", "audience_endorsement", "word_of_mouth", "communities")


def test_mass_followers_and_empty_profiles_count_less(golden):
    members = golden.found("members")
    weight, attention = golden.by_id(members, "weight"), golden.by_id(members, "attention_factor")
    profile = golden.by_id(members, "profile_factor")
    assert set(weight) == set(MEMBERS)
    assert attention["m6"] == pytest.approx(log(1_502) / log(15_002))
    assert {name for name, factor in attention.items() if factor < 1} == {"m6"}
    assert weight["m5"] < weight["m6"] < weight["m1"] == weight["m2"] <= 1
    assert profile["m5"] < 0.5
    assert weight["m6"] == pytest.approx(attention["m6"] * profile["m6"])


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
    found = read_affinity(golden.lake, golden.folder, 13)
    assert np.isnan(found.lift).sum() == 13 - golden.found("affinity").height
    assert found.audience_size_effective == pytest.approx(
        golden.lake.read_json(golden.folder / "affinity.json")["audience_size_effective"]
    )
    voices = read_voices(golden.folder, 13)
    assert voices.voices.sum() == 2


def test_word_of_mouth_counts_distinct_voices_and_weeks(golden):
    talk = golden.found("word_of_mouth")
    assert golden.by_id(talk, "voices") == {
        "niche": 2
    }  # the outsider is no member, m3 liked or spoke of itself
    assert golden.by_id(talk, "weeks") == {"niche": 2}  # 1 and 2 May are one week, the 20th another
    assert golden.lake.read_json(golden.folder / "word_of_mouth.json") == {"measured": True}


def test_inputs_that_came_from_another_folder_since_are_refused(bench):
    assert bench.network("input_tables", "accounts", "follower_graph", "account_profiles").success
    own = bench.lake.read_json(bench.lake.inputs(DAY) / "source.json")["data_dir"]
    assert bench.audience("cleaned_audience", tags={DATA_TAG: f"{own}/"}).success
    refused = bench.audience("cleaned_audience", tags={DATA_TAG: "/data/before"})
    assert not refused.success
    failure = refused.failure_data_for_node("cleaned_audience")
    assert f"now come from another data folder, {own}; this run is about /data/before" in str(failure)


@pytest.mark.parametrize("talk", ["none delivered", "likes only"])
def test_no_table_of_talk_is_not_zero_voices(bench, talk):
    if talk == "none delivered":
        del bench.tables["interactions"]
    else:
        bench.tables["interactions"] = [{"actor_id": "m1", "target_id": "star", "kind": "like"}]
    assert bench.network().success
    assert bench.audience(*TRUST, "partner_ranking").success
    assert bench.lake.read_json(bench.folder / "word_of_mouth.json") == {"measured": False}
    ranked = bench.found("ranked_candidates")
    assert ranked["word_of_mouth_voices"].null_count() == ranked.height > 0


def test_talk_about_others_makes_nobody_heard_a_finding(golden):
    voices = dict(golden.found("ranking").select("account_id", "word_of_mouth_voices").iter_rows())
    assert voices == {"star": 0, "niche": 2, "buyer": 0}


def test_members_the_network_does_not_know_are_left_out(bench):
    bench.tables["audience_members"].append({"audience": AUDIENCE, "account_id": "stranger"})
    assert bench.network(
        "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles"
    ).success
    assert bench.audience("cleaned_audience").success
    assert set(bench.by_id(bench.found("members"), "weight")) == set(MEMBERS)


def test_an_audience_without_weight_stops_what_follows(bench):
    for row in bench.tables["audience_members"]:
        row["weight"] = 0
    assert bench.network().success
    result = bench.audience(*TRUST)
    assert not result.success
    assert [check.passed for check in result.get_asset_check_evaluations()] == [False]
    assert not (bench.folder / "affinity.parquet").exists()


def test_stated_weights_are_shares_of_the_most_important_member(bench):
    for row, weight in zip(bench.tables["audience_members"], (4, 2, 1, 1, 1, 1, 1), strict=True):
        row["weight"] = weight
    assert bench.network(
        "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles"
    ).success
    assert bench.audience("cleaned_audience").success
    stated = bench.by_id(bench.found("members"), "stated_weight")
    assert (stated["m1"], stated["m2"], stated["m3"]) == (1.0, 0.5, 0.25)


def test_communities_hold_every_member_once(golden):
    members = golden.found("community_members")
    assert sorted(members["node"]) == sorted(golden.found("members")["node"])
    named = golden.found("communities")
    assert named["members"].sum() == members.filter(pl.col("community") >= 0).height
    assert named.select("run_id", "audience").unique().rows() == [("run-1", AUDIENCE)]


def test_an_audience_stage_needs_both_dimensions():
    class Context:
        partition_key = DAY

    with pytest.raises(TypeError, match="audience × day"):
        audience_and_day(Context())
