"""Promotional text on public comments, and what is read in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from graph.sponsorship.disclosure import PostToRead, classify_posts, compile_lexicon
from graph.text.text_folding import fold
from pipelines.lexicons import disclosure_markers
from pipelines.promotional_text import examples
from pipelines.promotional_text.training import judged, out_of_fold, same_words, trained
from tests.benchmarks.evaluation.parts import Bar, table
from tests.benchmarks.words.hidden import FOUND_FROM, HIDDEN, SAYS_SO
from tests.benchmarks.words.worlds import hits

if TYPE_CHECKING:
    from tests.benchmarks.evaluation.parts import Options

LANGUAGES = {
    "en": "English", "pt": "Portuguese", "es": "Spanish", "fr": "French", "de": "German", "pl": "Polish",
    "ru": "Russian", "ar": "Arabic", "it": "Italian",
}  # fmt: skip
BAR = 0.97


def comments(options: Options) -> tuple[str, list[Bar]]:
    """The model and the signs on public comments under music videos."""
    what = "promotional comments (youtube-spam), stratified 10-fold"
    if options.data is None or not (options.data / "youtube-spam").is_dir():
        return "The public comments are not on this machine.", [Bar(what, f"AUC ≥ {BAR}", "–", None)]
    files = sorted((options.data / "youtube-spam").glob("*.csv"))
    rows = pl.concat(
        [
            pl.read_csv(file).select("CONTENT", "CLASS", video=pl.lit(place))
            for place, file in enumerate(files)
        ]
    )
    texts, truth = rows["CONTENT"].to_list(), (rows["CLASS"] == 1).to_numpy()
    written, is_promotional = _written()
    signs = classify_posts([PostToRead(text) for text in texts], compile_lexicon(disclosure_markers()))
    found = {
        "stratified 10-fold": out_of_fold(texts, truth, seed=options.seed),
        "10-fold, near-identical comments on one side only": out_of_fold(
            texts, truth, group=same_words(texts), seed=options.seed
        ),
        "one video left out at a time": out_of_fold(texts, truth, group=rows["video"].to_numpy(), folds=0),
        "model of the written examples alone": trained(written, is_promotional).probability(
            [fold(text) for text in texts]
        ),
        "signs that can be named alone": np.array([one.promotion_probability for one in signs]),
    }
    lines = []
    for name, chance in found.items():
        how = judged(chance, truth)
        figures = (how.auc, how.average_precision, how.brier, how.calibration_error)
        lines.append((name, *(f"{figure:.3f}" for figure in figures)))
    text = (
        f"{truth.size:,} comments under {len(files)} music videos, {truth.sum():,} of them promotion "
        "(YouTube Spam Collection, Alberto, Lochter and Almeida 2015, CC BY 4.0), by runs of two to four "
        "characters. Most ask to visit a channel, which names no code, no price and no brand: signs alone "
        "hardly see them.\n\n" + table(("tested on", "AUC", "average precision", "Brier", "ECE"), lines)
    )
    auc = judged(found["stratified 10-fold"], truth).auc
    return text, [Bar(what, f"AUC ≥ {BAR}", f"{auc:.3f}", auc >= BAR)]


def languages(posts: pl.DataFrame) -> str:
    """Disclosure, hidden ads and the model, language by language."""
    texts, truth = _written()
    spoken = np.array([list(LANGUAGES).index(row["lang"]) for row in examples()])
    left_out = out_of_fold(texts, truth, group=spoken, folds=0)
    markers = [row["lang"] for row in disclosure_markers()]
    rows = []
    for place, (code, name) in enumerate(LANGUAGES.items()):
        own = spoken == place
        mine = posts.filter(pl.col("language") == code)
        asked = mine.filter(~pl.col("post_kind").is_in(SAYS_SO))
        is_hidden = asked["post_kind"].is_in(HIDDEN).to_numpy()
        shares = hits((asked["hidden_probability"] >= FOUND_FROM).to_numpy(), is_hidden)
        said = (
            mine.filter(pl.col("post_kind") == "disclosed_ad")["post_class"] == "disclosed_paid"
        ).to_numpy()
        read = said.mean() if said.size else np.nan
        carried = roc_auc_score(truth[own], left_out[own])
        rows.append(
            (name, markers.count(code), _shown(read), int(is_hidden.sum()) or "–", *map(_shown, shares),
             f"{carried:.2f}")
        )  # fmt: skip
    head = (
        "language", "markers", "disclosed ads read as such", "hidden ads", "precision", "recall",
        "AUC of a model that never saw the language",
    )  # fmt: skip
    return (
        f"{table(head, rows)}\n\nThe worlds speak six languages; for the other three the rules are tested "
        "sentence by sentence (`tests/graph/sponsorship/test_disclosure.py`). The last column asks a model "
        "trained on the written examples of the other eight languages about this one: what carries over is "
        "digits, links, names and loan words. A tenth language is read by those alone."
    )


def _written() -> tuple[list[str], np.ndarray]:
    rows = examples()
    return [row["text"] for row in rows], np.array([row["is_promotional"] == "1" for row in rows])


def _shown(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.2f}"
