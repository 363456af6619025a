"""Runs are kept for good, and a repeated run does not wipe the changes that nobody has read yet."""

from __future__ import annotations

import json
from datetime import date, datetime

import polars as pl
import pytest

from assets.history import _changes, _previous_run, with_risk_signal
from assets.kept_runs import ASPECTS


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
    bench.settings["resampled_audience"] = {"candidate_followers": 4}
    assert bench.audience(run_id="run-4").success
    assert set(bench.kept("run-4", "rank_changes")["previous_run_id"]) == {"run-3"}
    assert set(bench.kept("run-4", "rank_changes")["cause"].drop_nulls()) <= {"settings"}
    assert len(bench.lake.runs_of("fans")) == 4
    kept = pl.concat([pl.read_parquet(folder / "run.parquet") for folder in bench.lake.runs_of("fans")])
    assert kept["run_id"].to_list() == ["run-1", "run-2", "run-3", "run-4"]
    assert kept["input_fingerprint"].n_unique() == 2
    assert kept["candidates"].to_list()[0] == first.height
    assert kept["audience_size"].unique().to_list() == [6]
    assert (kept["started_at"] <= kept["finished_at"]).all()
    assert "partner_ranking" in json.loads(kept["durations"][0])
    assert not kept["is_generated"].any()


NOW = dict.fromkeys(ASPECTS, "as ever")


def two(first, second, weights_of_first):
    """A ranking of two candidates, with what each part adds to the first one's trust."""
    parts = {f"{part}_part": [value, 0.1] for part, value in weights_of_first.items()}
    return pl.DataFrame(
        {
            "run_id": "run-0",
            "account_id": [first, second],
            "handle": [first, second],
            "rank": [1, 2],
            "score": [0.5, 0.3],
            "trust_low": [0.5, 0.3],
            "shill_probability_high": [0.0, 0.0],
            **parts,
        }
    )


def kept_run(bench, run_id, as_of, basis, fingerprint="old data"):
    """A run in the lake whose ranking had the two the other way round."""
    folder = bench.lake.run(run_id, "fans")
    record = {"network": "n", "audience": "fans", "as_of": as_of, "finished_at": datetime(2024, 1, 1)}  # noqa: DTZ001
    bench.lake.write_frame(
        folder / "run.parquet", pl.DataFrame([{**record, "input_fingerprint": fingerprint}])
    )
    bench.lake.write_frame(
        folder / "ranking.parquet", two("b", "a", {"endorsement": 0.4, "affinity": 0.1, "word_of_mouth": 0.1})
    )
    bench.lake.write_json(folder / "ranking_basis.json", basis)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_changed_question_is_the_cause_and_nobodys_part(bench, aspect):
    kept_run(bench, "before", date(2024, 5, 1), {**NOW, aspect: "other"})
    record = {"network": "n", "audience": "fans", "as_of": date(2024, 5, 9), "input_fingerprint": "new data"}
    previous = _previous_run(bench.lake, record, NOW)
    after = two("a", "b", {"endorsement": 0.1, "affinity": 0.1, "conversation": 0.3, "word_of_mouth": 0.1})
    changes = _changes(previous, after, NOW, "now", "fans")
    assert changes["change"].to_list() == ["moved", "moved"]
    assert set(changes["cause"]) == {aspect}
    assert changes["cause_change"].null_count() == 2


def test_with_the_same_question_a_part_is_the_cause_conversation_too(bench):
    kept_run(bench, "same", date(2024, 4, 1), NOW)
    kept_run(bench, "newer", date(2024, 5, 1), {**NOW, "weights": "other"})
    kept_run(bench, "repeat", date(2024, 5, 9), NOW, fingerprint="new data")
    record = {"network": "n", "audience": "fans", "as_of": date(2024, 5, 9), "input_fingerprint": "new data"}
    # neither the repeat of this very run nor the newer one with other weights
    previous = _previous_run(bench.lake, record, NOW)
    assert previous.folder.parent.name == "same"
    after = two("a", "b", {"endorsement": 0.1, "affinity": 0.1, "conversation": 0.3, "word_of_mouth": 0.1})
    changes = _changes(previous, after, NOW, "now", "fans")
    assert changes.filter(pl.col("account_id") == "a")["cause"].to_list() == ["conversation"]


def evidence_of(*lines):
    names = ("account_id", "signal", "side", "weight")
    kinds = {"account_id": pl.String, "signal": pl.String, "side": pl.String, "weight": pl.Float64}
    return pl.DataFrame([dict(zip(names, line, strict=True)) for line in lines], schema=kinds)


def test_a_move_by_risk_names_the_signal_whose_weight_went_the_same_way():
    changes = pl.DataFrame(
        {
            "account_id": ["higher", "lower", "other", "same", "new"],
            "cause": ["risk", "risk", "endorsement", "risk", "risk"],
            "cause_change": [-0.3, 0.2, -0.1, -0.1, -0.2],
        }
    )
    before = evidence_of(
        ("higher", "growth", "shill", 0.5), ("higher", "pods", "shill", 3.0),
        ("higher", "reach", "trust", 0.0),
        ("lower", "growth", "shill", 2.0), ("lower", "pods", "shill", -1.0),
        ("other", "growth", "shill", 0.0), ("same", "growth", "shill", 1.0),
    )  # fmt: skip
    now = evidence_of(
        ("higher", "growth", "shill", 1.5), ("higher", "pods", "shill", -3.0),
        ("higher", "reach", "trust", 9.0), ("higher", "unweighed", "shill", None),
        ("higher", "brands", "shill", 1.0), ("lower", "pods", "shill", 4.0),
        ("other", "growth", "shill", 5.0), ("same", "growth", "shill", 1.0), ("new", "copies", "shill", 0.7),
    )  # fmt: skip
    found = with_risk_signal(changes, before, now)
    assert found["account_id"].to_list() == changes["account_id"].to_list()
    assert found["risk_signal"].to_list() == ["brands", "growth", None, None, None]
    assert with_risk_signal(changes, before.clear(), now)["risk_signal"].to_list() == [None] * 5
