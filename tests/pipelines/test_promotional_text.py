"""The shipped model reads nine languages, its card tells the truth, and the command makes it anew."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from graph.text.text_folding import fold
from pipelines.promotional_text import examples, model_card, promotional_model
from pipelines.promotional_text.__main__ import main
from pipelines.promotional_text.training import judged, out_of_fold, trained

LANGUAGES = ("en", "pt", "es", "fr", "de", "pl", "ru", "ar", "it")


def test_examples_speak_nine_languages_on_both_sides():
    rows = examples()
    for language in LANGUAGES:
        sides = [row["is_promotional"] for row in rows if row["lang"] == language]
        assert sides.count("1") >= 12
        assert sides.count("0") >= 12
    assert {row["lang"] for row in rows} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_model_tells_its_examples_apart(language):
    rows = [row for row in examples() if row["lang"] == language]
    chance = promotional_model().probability([fold(row["text"]) for row in rows])
    is_promotional = np.array([row["is_promotional"] == "1" for row in rows])
    assert chance[is_promotional].min() > chance[~is_promotional].max()


def test_the_card_says_what_it_was_trained_on():
    card = model_card()
    assert any("CC BY 4.0" in part["source"] for part in card["trained_on"])
    assert sum(part["posts"] for part in card["trained_on"]) == card["ten_folds_without_near_copies"]["texts"]
    assert card["ten_folds_without_near_copies"]["auc"] >= 0.97
    assert card["cannot_see"]


def test_training_on_own_labelled_posts(tmp_path):
    posts = tmp_path / "posts.csv"
    rows = [f'"{row["text"]}",{row["is_promotional"]}' for row in examples() if row["lang"] in {"en", "de"}]
    posts.write_text("body,sold\n" + "\n".join(rows), encoding="utf-8")
    out = tmp_path / "model"
    options = ["--labelled", posts, "--text", "body", "--label", "sold", "--no-examples", "--out", out]
    made = [CliRunner().invoke(main, [str(option) for option in options]) for _ in range(2)]
    assert [result.exit_code for result in made] == [0, 0]
    assert made[0].output == made[1].output
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    assert card["trained_on"] == [{"source": "own labelled posts", "posts": len(rows), "promotional": 26}]
    assert np.load(out / "model.npy").dtype == np.float16


def test_folds_without_groups_and_one_group_at_a_time():
    rows = [row for row in examples() if row["lang"] in {"en", "de", "es"}]
    texts = [row["text"] for row in rows]
    truth = np.array([row["is_promotional"] == "1" for row in rows])
    found = out_of_fold(texts, truth, folds=5)
    assert judged(found, truth).auc > 0.6
    one_language_at_a_time = np.array([("en", "de", "es").index(row["lang"]) for row in rows])
    left_out = out_of_fold(texts, truth, group=one_language_at_a_time, folds=0)
    assert np.isfinite(left_out).all()
    assert trained(texts, truth).probability([fold(text) for text in texts])[truth].mean() > 0.5
