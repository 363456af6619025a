"""Stage 3 on the demo world, where the truth is known: who converses, who broadcasts, who pastes answers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from graph.text.tone import compile_tone, message_tones
from pipelines.demo_world import generate_world, write_world
from pipelines.lexicons import tone_words

NETWORK = ("input_tables", "accounts", "account_profiles", "interaction_graph", "follower_graph")
TALK = ("cleaned_audience", "audience_affinity", "communities", "conversation")
AUDIENCE = "northbean-customers"


@pytest.fixture(scope="module")
def world():
    return generate_world(n_accounts=1_500, until=date(2024, 5, 31))


@pytest.fixture
def measured(world, bench, monkeypatch, tmp_path):
    """Every measured account of one audience, with the part it plays."""
    folder = write_world(world, tmp_path / "world")
    monkeypatch.setattr(bench, "write_data", lambda: folder)
    assert bench.network(*NETWORK).success
    assert bench.audience(*TALK, audience=AUDIENCE).success
    found = pl.read_parquet(bench.lake.audience("2024-05-31", AUDIENCE) / "conversation.parquet")
    pasted = (
        world.tables["posts"]
        .join(world.post_truth, on="post_id")
        .group_by("author_id")
        .agg((pl.col("post_kind") == "generic_answer").sum().alias("pasted"))
    )
    names = bench.read("graph/accounts").select("node", "account_id")
    return (
        found.join(names, on="node")
        .join(world.truth, on="account_id")
        .join(pasted, left_on="account_id", right_on="author_id", how="left")
    )


def auc(above, below):
    """How often one of the first stands above one of the second."""
    above, below = above.to_numpy()[:, None], below.to_numpy()[None, :]
    return float(np.mean(above > below) + np.mean(above == below) / 2)


def test_trusted_voices_converse_broadcasters_do_not_and_pasted_answers_show(measured, bench):
    stated = measured.filter(pl.col("state") == "measured")
    trusted = stated.filter(pl.col("role") == "niche_voice")
    broadcasting = stated.filter(pl.col("role").is_in(["celebrity", "news", "feed_bot"]))
    bought = stated.filter(pl.col("is_shill"))
    assert min(trusted.height, broadcasting.height, bought.height) >= 20
    assert auc(trusted["conversation"], broadcasting["conversation"]) > 0.98
    assert auc(trusted["conversation"], bought["conversation"]) > 0.9
    assert auc(trusted["conversation"], stated.filter(pl.col("role") == "creator")["conversation"]) > 0.85

    pasting = measured.filter(pl.col("pasted") >= 8, pl.col("answers") >= 8)
    writing = measured.filter(pl.col("pasted") == 0, pl.col("answers").is_between(8, 30))
    assert pasting.height >= 5
    assert pasting["distinct_answer_share"].max() < 0.6
    assert writing["distinct_answer_share"].median() > 0.75

    feeds = measured.filter(pl.col("role") == "feed_bot")
    assert feeds["clockwork_share"].min() > 0.8
    people = stated.filter(~pl.col("role").is_in(["feed_bot", "brand"]))
    assert people["clockwork_share"].mean() < 0.02

    assert measured.filter(pl.col("role") == "niche_voice")["returning_dyads"].median() >= 1
    assert measured.filter(pl.col("role") == "celebrity")["returning_dyads"].max() == 0

    own = pl.read_parquet(bench.lake.audience("2024-05-31", AUDIENCE) / "own_accounts.parquet")
    assert measured.filter(pl.col("node").is_in(own["node"].implode()))["role"].to_list() == ["brand"]
    assert own["replies_received"].item() >= 1


def test_those_who_were_misled_sound_it(world):
    replies = world.tables["posts"].filter(pl.col("reply_to_post_id").is_not_null())
    authors = (
        world.tables["posts"]
        .select("post_id", "author_id")
        .join(world.truth, left_on="author_id", right_on="account_id")
    )
    replies = replies.join(authors, left_on="reply_to_post_id", right_on="post_id")
    tones = message_tones(replies["text"].to_list(), compile_tone(tone_words()))
    replies = replies.with_columns(pl.Series("tone", tones).fill_nan(None))
    trusted = replies.filter(pl.col("role") == "niche_voice")["tone"]
    misled = replies.filter(pl.col("shill_kind") == "hidden_ads")["tone"]
    assert trusted.mean() > 0.7
    assert misled.mean() < trusted.mean() - 0.3
    assert trusted.count() / trusted.len() > 0.3  # in six languages
