"""Runs are kept for good, and a repeated run does not wipe the changes that nobody has read yet."""

from __future__ import annotations

import json

import polars as pl


def test_runs_are_kept_and_compared_with_the_last_different_one(bench):
    settings = {"minimum_audience": 0, "minimum_audience_followers": 2}
    bench.settings = {"partner_ranking": dict(settings)}
    assert bench.network().success
    assert bench.audience(run_id="run-1").success
    first = bench.found("ranking")
    assert bench.kept("run-1", "rank_changes").is_empty()
    assert bench.kept("run-1", "members")["account_id"].n_unique() == first["audience_size"][0]

    follows = bench.tables["follows"]
    lost = [{"follower_id": name, "followee_id": "niche"} for name in ("m3", "m4")]
    found = [{"follower_id": name, "followee_id": "loner"} for name in ("m1", "m2", "m3")]
    bench.tables["follows"] = [row for row in follows if row not in lost] + found
    assert bench.network().success
    for run_id in ("run-2", "run-3"):  # the third finds what the second found
        assert bench.audience(run_id=run_id).success
        changes = bench.kept(run_id, "rank_changes")
        assert set(changes["previous_run_id"]) == {"run-1"}
        assert set(changes["run_id"]) == {run_id}
        kinds = dict(changes.select("account_id", "change").iter_rows())
        assert (kinds["niche"], kinds["loner"]) == ("left", "entered")
        moved = changes.filter(pl.col("change") == "moved")
        assert moved["cause"].null_count() == 0
        gone = changes.filter(pl.col("account_id") == "niche").row(0, named=True)
        assert gone["rank_after"] is None
        assert gone["score_after"] is None
        assert gone["rank_before"] == first.filter(pl.col("account_id") == "niche")["rank"][0]
        assert changes.filter(pl.col("change") == "entered")["rank_before"].to_list() == [None]

    # other settings are another question, so the comparison moves on to the newest run before it
    bench.settings["partner_ranking"]["candidate_followers"] = 4
    assert bench.audience(run_id="run-4").success
    assert set(bench.kept("run-4", "rank_changes")["previous_run_id"]) == {"run-3"}
    assert len(bench.lake.runs_of("fans")) == 4
    kept = pl.concat([pl.read_parquet(folder / "run.parquet") for folder in bench.lake.runs_of("fans")])
    assert kept["run_id"].to_list() == ["run-1", "run-2", "run-3", "run-4"]
    assert kept["input_fingerprint"].n_unique() == 2
    assert kept["candidates"].to_list()[0] == first.height
    assert kept["audience_size"].unique().to_list() == [6]
    assert (kept["started_at"] <= kept["finished_at"]).all()
    assert "partner_ranking" in json.loads(kept["durations"][0])
    assert not kept["is_generated"].any()
