"""The profile model that ships and its card, and the command that fits one."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from graph.shill.profile_model import FACTS, ProfileModel, features
from pipelines.weights import profile_model_document
from pipelines.weights.profile_model import (
    DIRECTIONS,
    LabelledProfilesError,
    document_text,
    fit_scorecard,
    main,
    quality,
    read_labelled,
    reliability,
    stratified_folds,
)


def labelled_frame(n=400, seed=1):
    """Profiles of which the purchased ones follow many, are followed by few and post nothing."""
    random = np.random.default_rng(seed)
    fake = random.random(n) < 0.3
    return pl.DataFrame(
        {
            "is_fake": fake,
            "followers_count": np.where(fake, random.integers(0, 400, n), random.integers(50, 3_000, n)),
            "following_count": np.where(fake, random.integers(200, 6_000, n), random.integers(20, 900, n)),
            "posts_count": np.where(fake, random.integers(0, 8, n), random.integers(0, 400, n)),
        }
    )


def test_the_card_of_the_shipped_model_says_what_it_rests_on():
    document = profile_model_document()
    card = document["card"]
    assert card["profiles"] > card["suspicious"] > 0
    assert "CC BY-SA 4.0" in card["licence"]
    assert set(card["facts"]) == set(FACTS)
    assert {"date", "versions", "trained_on", "cannot_see", "seed"} <= set(card)
    assert card["cross_validation"]["auc"]["low"] >= 0.95
    assert card["cross_validation"]["calibration_error"]["high"] <= 0.03
    assert json.loads(document_text(document)) == document


def test_a_model_fitted_by_the_command_reads_profiles_as_labelled(tmp_path):
    data, out = tmp_path / "labels.csv", tmp_path / "model.json"
    labelled_frame().write_csv(data)
    told = ["--data", str(data), "--out", str(out), "--version", "t", "--repeats", "1", "--licence", "own"]
    result = CliRunner().invoke(main, told)
    assert result.exit_code == 0, result.output
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["card"]["facts"]["bio"] == 0
    assert document["card"]["licence"] == "own"
    model = ProfileModel.from_document(document)
    assert [card.facts for card in model.scorecards] == [("follow_counts", "posts")]
    labelled = read_labelled(data)
    for card in model.scorecards:
        for name, (_, points) in card.curves.items():
            assert (np.diff(points) * DIRECTIONS.get(name, 0) >= 0).all()
    found = quality(model.probability(labelled.profiles), labelled.is_suspicious)
    assert found.auc > 0.97
    assert found.brier < 0.08


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"posts_count": [1]}), "no column is_fake"),
        (pl.DataFrame({"is_fake": ["perhaps"], "posts_count": [1]}), "no labelled profile"),
        (labelled_frame(60), "at least 30 of each kind"),
        (labelled_frame().select("is_fake", "posts_count"), "at least two facts"),
    ],
)
def test_labels_that_nothing_can_be_learned_from_are_refused(tmp_path, frame, message):
    data = tmp_path / "labels.csv"
    frame.write_csv(data)
    result = CliRunner().invoke(main, ["--data", str(data), "--out", str(tmp_path / "model.json")])
    assert result.exit_code == 1
    assert message in result.output
    assert not (tmp_path / "model.json").exists()


def test_columns_are_read_under_their_names_and_empty_cells_are_unknown(tmp_path):
    data = tmp_path / "labels.csv"
    data.write_text(
        "is_fake,handle,bio,has_profile_picture,posts_count,age_days\n"
        "TRUE,ab12,,yes,,7\nfalse,žluť٣,hello,0,many,\n,x,,,1,1\n",
        encoding="utf-8",
    )
    labelled = read_labelled(data)
    assert labelled.is_suspicious.tolist() == [True, False]  # a profile without a label teaches nothing
    profiles = labelled.profiles
    assert profiles.handle_digits.tolist() == [2, 0]
    assert profiles.has_bio.tolist() == [0, 1]
    assert profiles.has_avatar.tolist() == [1, 0]
    assert np.isnan(profiles.posts_count).all()
    assert profiles.age_days[0] == 7
    assert np.isnan(profiles.followers_count).all()


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(LabelledProfilesError, match="cannot be read"):
        read_labelled(tmp_path / "nothing.csv")


def test_a_feature_that_never_varies_changes_nothing(tmp_path):
    data = tmp_path / "labels.csv"
    labelled_frame(150).with_columns(has_avatar=True).write_csv(data)
    labelled = read_labelled(data)
    columns = features(labelled.profiles)
    chosen = {name: columns[name] for name in ("log_posts", "has_avatar")}
    card = fit_scorecard(chosen, labelled.is_suspicious, ("posts", "avatar"))
    assert card.curves["has_avatar"][1].tolist() == [0.0, 0.0]
    again = fit_scorecard(chosen, labelled.is_suspicious, ("posts", "avatar"))
    assert again.curves["log_posts"][1].tolist() == card.curves["log_posts"][1].tolist()
    assert card.log_odds(chosen).mean() == pytest.approx(card.intercept)


def test_quality_by_hand():
    told = np.array([False, False, True, True])
    found = quality(np.array([0.05, 0.05, 0.95, 0.95]), told)
    assert (found.auc, found.average_precision) == (1.0, 1.0)
    assert found.brier == pytest.approx(0.0025)
    assert found.calibration_error == pytest.approx(0.05)
    assert reliability(np.array([0.0, 1.0]), np.array([False, True])) == [
        (0.0, 1, 0.0, 0.0),
        (0.9, 1, 1.0, 1.0),
    ]


def test_folds_judge_everybody_once_with_labels_in_each():
    told = np.arange(100) % 5 == 0
    folds = list(stratified_folds(told, seed=3))
    assert sorted(np.concatenate([judged for _, judged in folds]).tolist()) == list(range(100))
    assert {int(told[judged].sum()) for _, judged in folds} == {2}
    assert all(not set(taught) & set(judged) for taught, judged in folds)
