"""Hidden ads and disclosure classes in generated worlds, against what each post is in truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sklearn.metrics import average_precision_score, roc_auc_score

from graph.sponsorship.disclosure import POST_CLASSES, PostToRead, classify_posts, compile_lexicon
from graph.text.text_folding import fold
from pipelines.lexicons import disclosure_markers
from pipelines.promotional_text import promotional_model
from tests.benchmarks.evaluation.parts import Bar, table
from tests.benchmarks.words.worlds import hits, kinds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.words.worlds import Measured

PAID = ("disclosed_ad", "labelled_ad", "hidden_ad", "copied_ad")
HIDDEN = ("hidden_ad", "copied_ad")
SAYS_SO = ("disclosed_ad", "labelled_ad")
CROWD = ("fake_follower", "dormant", "mass_follower")
FOUND_FROM = 0.5
HIDER_FROM = 0.05
"""Share of hidden ads among an account's posts from which it should be found, and is."""


def hidden_ads(worlds: Sequence[Measured], posts: pl.DataFrame) -> tuple[str, list[Bar]]:
    """Precision and recall of posts and of accounts."""
    asked = posts.filter(~pl.col("post_kind").is_in(SAYS_SO))
    truth = asked["post_kind"].is_in(HIDDEN).to_numpy()
    chance = asked["hidden_probability"].to_numpy()
    accounts = _accounts(worlds)
    is_hider = (accounts["planted"] >= HIDER_FROM).to_numpy()
    share = accounts["value"].to_numpy()
    levels = (
        ("posts", chance >= FOUND_FROM, chance, truth),
        ("accounts", share >= HIDER_FROM, share, is_hider),
    )
    rows, figures = [], {}
    for name, found, score, planted in levels:
        precision, recall = hits(found, planted)
        auc = float(roc_auc_score(planted, score))
        figures[name] = (precision, recall, auc)
        rows.append(
            (name, f"{planted.size:,}", int(planted.sum()), f"{precision:.3f}", f"{recall:.3f}", f"{auc:.3f}",
             f"{average_precision_score(planted, score):.3f}")
        )  # fmt: skip
    extra = kinds_of(accounts.filter(pl.Series(share >= HIDER_FROM) & ~pl.Series(is_hider)))
    with_any = accounts.filter(pl.col("hidden") > 0)
    said = (with_any["value"] * with_any["n"]).to_numpy()
    off = np.abs(said - with_any["hidden"].to_numpy())
    head = ("level", "n", "planted", "precision", "recall", "AUC", "average precision")
    text = (
        f"{table(head, rows)}\n\nA post counts as found from a probability of {FOUND_FROM}. An account "
        "should "
        f"be found where at least {HIDER_FROM:.0%} of its posts are planted as hidden or copied ads, and is "
        "where "
        f"that share is expected. Found besides: {extra}.\n\n“About n more look paid”, over the "
        f"{with_any.height} "
        f"accounts with hidden ads: {said.sum():.0f} posts said for {with_any['hidden'].sum()} planted, off "
        f"by {off.mean():.2f} posts an account."
    )
    precision, recall, _ = figures["posts"]
    bars = [
        Bar(
            "hidden ads in generated worlds, posts",
            "precision and recall ≥ 0.9",
            f"{precision:.3f} and {recall:.3f}",
            bool(min(precision, recall) >= 0.9),
        ),
        Bar(
            "hidden ads in generated worlds, accounts",
            "precision and recall ≥ 0.9, AUC ≥ 0.97",
            f"{figures['accounts'][0]:.3f} and {figures['accounts'][1]:.3f}, {figures['accounts'][2]:.3f}",
            bool(min(figures["accounts"][:2]) >= 0.9 and figures["accounts"][2] >= 0.97),
        ),
    ]
    return text, bars


def _accounts(worlds: Sequence[Measured]) -> pl.DataFrame:
    """Accounts that were measured and are no part of the crowd, with the share of planted hidden ads."""
    made = []
    for one in worlds:
        planted = one.posts.group_by("account_id").agg(
            hidden=pl.col("post_kind").is_in(HIDDEN).sum(), planted=pl.col("post_kind").is_in(HIDDEN).mean()
        )
        made.append(one.accounts("undisclosed_promotion").join(planted, on="account_id"))
    return pl.concat(made).filter(~pl.col("role").is_in(CROWD))


def classes(posts: pl.DataFrame) -> str:
    """What each kind of post was read as."""
    counts = posts.group_by("post_kind", "post_class").len()
    cells = {(row["post_kind"], row["post_class"]): row["len"] for row in counts.iter_rows(named=True)}
    kinds = sorted(posts["post_kind"].unique().to_list())
    rows = ((kind, *(cells.get((kind, name), "") for name in POST_CLASSES)) for kind in kinds)
    return (
        "Rows: what a post is. Columns: what it was read as. A mention is ambiguous where it thanks somebody "
        "by name, which is held against nobody; own_brand are all posts of the brands' accounts.\n\n"
        + table(("post is", *POST_CLASSES), rows)
    )


def ablation(worlds: Sequence[Measured]) -> str:
    """What the names of brands and the model add to signs that can be named."""
    rows = []
    for name, with_brands, with_model in (
        ("signs that can be named", False, False),
        ("… with the data's brands", True, False),
        ("… and how the text reads", True, True),
    ):
        chance, truth = [], []
        for one in worlds:
            brands = one.world.tables["brands"]["brand"].to_list() if with_brands else []
            asked = one.posts.filter(pl.col("post_kind") != "affiliate")
            answers = classify_posts(
                [
                    PostToRead(text, language=language)
                    for text, language in asked.select("text", "language").iter_rows()
                ],
                compile_lexicon(disclosure_markers(), brands),
                promotional_model() if with_model else None,
            )
            chance.append([answer.promotion_probability for answer in answers])
            truth.append(asked["post_kind"].is_in(PAID).to_numpy())
        made, is_paid = np.concatenate(chance), np.concatenate(truth)
        precision, recall = hits(made >= FOUND_FROM, is_paid)
        rows.append(
            (name, f"{precision:.3f}", f"{recall:.3f}", f"{average_precision_score(is_paid, made):.3f}",
             f"{np.mean((made - is_paid) ** 2):.5f}", f"{made.sum():.0f} of {is_paid.sum()}")
        )  # fmt: skip
    posts = pl.concat([one.posts for one in worlds]).filter(pl.col("post_kind") != "affiliate")
    alone = promotional_model().probability([fold(text or "") for text in posts["text"]])
    truth = posts["post_kind"].is_in(PAID).to_numpy()
    head = ("read by", "precision", "recall", "average precision", "Brier", "expected paid posts")
    return (
        f"{table(head, rows)}\n\nThe model of promotional text alone, which has not seen these wordings: AUC "
        f"{roc_auc_score(truth, alone):.3f}, average precision {average_precision_score(truth, alone):.3f}. "
        f"Ordinary posts are {(~truth).sum() / truth.sum():.0f} times as many, so alone it would be wrong "
        "more "
        "often than right. It counts beside a sign that can be named, and nowhere else."
    )
