"""Which kept runs stand beside the present one, and what they say about where a candidate is heading."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from assets.kept_runs import ASPECTS, KeptRun, difference, earlier_runs
from assets.momentum import MOST_RUNS, comparable_runs, momentum_rows, of_trust
from graph.trust.momentum import MomentumSettings

TODAY = date(2024, 6, 30)
BASIS = dict.fromkeys(ASPECTS, "as ever")
QUANTITIES = {"reach_share_cleaned", "trust", "answer_rate", "word_of_mouth_share", "listening_to_sharing"}


def kept(folder, days_ago, *, basis=None, hour=0):
    """A kept run without files."""
    as_of = TODAY - timedelta(days=days_ago)
    at = datetime(2024, 7, 1, hour)  # noqa: DTZ001 - the lake keeps UTC without its name
    return KeptRun(folder / f"{days_ago}-{hour}", as_of, at, {"audience_size_cleaned": 200.0}, basis or BASIS)


def test_only_the_same_question_is_compared_and_the_newest_of_a_day(tmp_path):
    runs = [
        kept(tmp_path, 3000),
        *(kept(tmp_path, 90, basis={**BASIS, aspect: "new"}) for aspect in ASPECTS),
        KeptRun(tmp_path, TODAY - timedelta(days=80), datetime(2024, 7, 1), {}, {}),  # noqa: DTZ001
        kept(tmp_path, 60, hour=1),
        kept(tmp_path, 60, hour=2),
        kept(tmp_path, 0),
    ]
    chosen, left_out = comparable_runs(runs, BASIS, TODAY, half_life_days=90.0)
    assert [run.folder.name for run in chosen] == ["60-2"]
    assert left_out.pop("repeated on the same day") == 2
    assert left_out.pop("too long ago") == 1
    assert left_out == {f"other {aspect.replace('_', ' ')}": 1 + (aspect == "release") for aspect in ASPECTS}


def test_many_runs_are_thinned_evenly(tmp_path):
    runs = [kept(tmp_path, days) for days in range(400, 0, -1)]
    chosen, left_out = comparable_runs(runs, BASIS, TODAY, half_life_days=90.0)
    assert len(chosen) == MOST_RUNS
    assert left_out["thinned"] == 400 - MOST_RUNS
    assert (chosen[0].as_of, chosen[-1].as_of) == (runs[0].as_of, runs[-1].as_of)


def ranking(random, factor, k=30):
    """A ranking of k candidates in which the first has `factor` times its usual following and talk."""
    base = np.linspace(0.05, 0.5, k)
    base[0] *= factor
    reach = np.clip(base * random.normal(1, 0.02, k), 0, 1)
    voices = 40 * reach * (factor if factor > 1 else 1.0)
    return pl.DataFrame(
        {
            "account_id": [f"a{i}" for i in range(k)],
            "handle": [f"A{i}" for i in range(k)],
            "audience_followers_cleaned": 200 * reach,
            "audience_listeners_cleaned": 200 * reach + voices / 2,
            "reach_share_cleaned": reach,
            "reach_share_low": reach - 0.01,
            "reach_share_high": reach + 0.01,
            "trust": reach,
            "trust_low": reach - 0.01,
            "trust_high": reach + 0.01,
            "word_of_mouth_voices_cleaned": voices,
        }
    )


@pytest.fixture
def course(tmp_path):
    """Five kept runs, a month apart, in which the first candidate rises and `a7` is missing from three."""
    random = np.random.default_rng(4)
    runs = []
    for month in range(5, 0, -1):
        run = kept(tmp_path, 30 * month)
        run.folder.mkdir()
        frame = ranking(random, 6 - month)
        # the order of a ranking is its own, and candidates come and go
        frame = frame.filter(~((pl.col("account_id") == "a7") & (month > 2))).sample(
            fraction=1, shuffle=True, seed=1
        )
        frame.write_parquet(run.folder / "ranking.parquet")
        runs.append(run)
    return momentum_rows(ranking(random, 6.0), runs, TODAY, MomentumSettings())


def test_who_rises_is_found_and_who_does_not_is_not(course):
    assert course.height == 30 * len(QUANTITIES)
    assert set(course["quantity"]) == QUANTITIES
    moving = course.filter(pl.col("direction").is_in(["rising", "falling"]))
    assert set(moving["account_id"]) == {"a0"}
    assert {"reach_share_cleaned", "trust"} <= set(moving["quantity"])
    assert set(moving["direction"]) == {"rising"}
    rise = moving.filter(pl.col("quantity") == "reach_share_cleaned").row(0, named=True)
    assert rise["change_low"] < 0.05 < rise["change_high"]
    assert (rise["first_as_of"], rise["last_as_of"]) == (TODAY - timedelta(days=150), TODAY)


def test_what_was_not_measured_is_unknown_and_who_is_new_is_no_riser(course):
    answers = course.filter(pl.col("quantity") == "answer_rate")
    assert set(answers["direction"]) == {"not_enough_data"}
    assert answers["decayed_mean"].null_count() == answers.height
    assert answers["first_as_of"].null_count() == answers.height
    back = course.filter((pl.col("account_id") == "a7") & (pl.col("quantity") == "trust")).row(0, named=True)
    assert back["runs"] == 3
    assert back["direction"] == "steady"


def test_sharing_is_out_of_all_who_listen_whether_they_follow_or_not():
    now = ranking(np.random.default_rng(1), 1.0).with_columns(
        audience_listeners_cleaned=pl.lit(40.0), word_of_mouth_voices_cleaned=pl.lit(30.0)
    )
    course = momentum_rows(now, [], TODAY, MomentumSettings())
    found = course.filter(pl.col("quantity") == "listening_to_sharing")["decayed_mean"].to_list()
    assert found == pytest.approx([0.75] * now.height)
    of_old = momentum_rows(now.drop("audience_listeners_cleaned"), [], TODAY, MomentumSettings())
    assert of_old.filter(pl.col("quantity") == "listening_to_sharing")["decayed_mean"].null_count() == 30


def test_a_ranking_shows_the_momentum_of_trust(course):
    shown = of_trust(course)
    assert shown.columns == ["momentum", "momentum_change", "momentum_runs"]
    assert shown.height == 30
    assert shown["momentum"][0] == "rising"


def test_a_first_run_has_no_momentum_and_an_empty_one_no_rows():
    alone = momentum_rows(ranking(np.random.default_rng(1), 1.0), [], TODAY, MomentumSettings())
    assert set(alone["direction"]) == {"not_enough_data"}
    assert alone["change_per_30_days"].null_count() == alone.height
    nobody = momentum_rows(ranking(np.random.default_rng(1), 1.0).clear(), [], TODAY, MomentumSettings())
    assert nobody.is_empty()


def test_runs_of_old_have_no_basis_and_are_not_compared(tmp_path, bench):
    folder = bench.lake.run("old", "fans")
    record = {"network": "n", "as_of": TODAY, "finished_at": datetime(2024, 7, 1)}  # noqa: DTZ001
    bench.lake.write_frame(folder / "run.parquet", pl.DataFrame([record]))
    (run,) = earlier_runs(bench.lake, "fans", "n", TODAY)
    assert difference(run.basis, BASIS) == "release"
    assert earlier_runs(bench.lake, "fans", "another network", TODAY) == []
    assert earlier_runs(bench.lake, "fans", "n", TODAY - timedelta(days=1)) == []
    (folder / "ranking_basis.json").write_text(json.dumps(BASIS))
    (run,) = earlier_runs(bench.lake, "fans", "n", TODAY)
    assert not difference(run.basis, BASIS)
