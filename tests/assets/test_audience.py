"""Stage 3: the cleaned audience."""

from __future__ import annotations

import shutil
from math import log

import polars as pl
import pytest

from assets.partitions import DATA_TAG, audience_and_day

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


def test_inputs_that_came_from_another_folder_since_are_refused(bench):
    assert bench.network("input_tables", "accounts", "follower_graph", "account_profiles").success
    own = bench.lake.source(DAY)["data_dir"]
    assert bench.audience("cleaned_audience", tags={DATA_TAG: f"{own}/"}).success
    refused = bench.audience("cleaned_audience", tags={DATA_TAG: "/data/before"})
    assert not refused.success
    failure = refused.failure_data_for_node("cleaned_audience")
    assert f"now come from another data folder, {own}; this run is about /data/before" in str(failure)


def test_tables_that_were_removed_between_two_jobs_are_named_with_what_to_do(bench):
    assert bench.network("input_tables").success
    shutil.rmtree(bench.lake.inputs(DAY).parent)  # as forgetting somebody does
    refused = bench.audience("cleaned_audience")
    failure = refused.failure_data_for_node("cleaned_audience").user_failure_data.description
    assert f"The tables of {DAY} are not in the lake any more: forgetting somebody removes" in failure
    assert f"vouch run --data DIR --as-of {DAY}" in failure


def test_members_the_network_does_not_know_are_left_out(bench):
    bench.tables["audience_members"].append({"audience": AUDIENCE, "account_id": "stranger"})
    assert bench.network(
        "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles"
    ).success
    assert bench.audience("cleaned_audience").success
    assert set(bench.by_id(bench.found("members"), "weight")) == set(MEMBERS)


def test_an_audience_without_weight_stops_what_follows(bench):
    """The inputs leave out one whose list gives nobody any, and cleaning takes all from nobody."""
    assert bench.network().success
    members = bench.lake.inputs(DAY) / "audience_members.parquet"
    pl.read_parquet(members).with_columns(weight=pl.lit(0.0)).write_parquet(members)
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


def test_an_audience_stage_needs_both_dimensions():
    class Context:
        partition_key = DAY

    with pytest.raises(TypeError, match="audience × day"):
        audience_and_day(Context())
