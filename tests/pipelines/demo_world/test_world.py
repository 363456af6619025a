"""The demo world as a data set: contract, references, time, counts, determinism, size."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.demo_world import AUDIENCES, TABLES, DemoWorldError, generate_world
from pipelines.ingest.contract import TABLES as CONTRACT

_ACCOUNT_COLUMNS = {
    "follows": ("follower_id", "followee_id"),
    "posts": ("author_id",),
    "interactions": ("actor_id", "target_id"),
    "audience_members": ("account_id",),
    "brands": ("account_id",),
    "snapshots": ("account_id",),
    "rates": ("account_id",),
    "labels": ("account_id",),
    "outcomes": ("account_id",),
}
_MOMENTS = [
    (name, column)
    for name, columns in TABLES.items()
    for column, kind in columns.items()
    if kind == pl.Datetime("us")
]
_PRINT_DIGEST = """
import hashlib, sys, tempfile
from pathlib import Path
from pipelines.demo_world import generate_world, write_world
digest = hashlib.sha256()
with tempfile.TemporaryDirectory() as folder:
    write_world(generate_world(3, 1_000), Path(folder))
    for path in sorted(Path(folder).iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
print(digest.hexdigest())
"""


def test_the_tables_are_those_of_the_contract(world):
    expected = {table.name: [column.name for column in table.columns] for table in CONTRACT}
    assert {name: table.columns for name, table in world.tables.items()} == expected
    for name, table in world.tables.items():
        assert dict(table.schema) == TABLES[name]
        assert table.height > 0


def test_required_columns_are_never_empty(world):
    for table in CONTRACT:
        required = [column.name for column in table.columns if column.required]
        assert world.tables[table.name].select(required).null_count().sum_horizontal().item() == 0


def test_ids_are_unique_and_refer_to_accounts(world):
    accounts = world.tables["accounts"]
    assert accounts["account_id"].n_unique() == accounts["handle"].n_unique() == world.n_accounts
    for name, columns in _ACCOUNT_COLUMNS.items():
        for column in columns:
            assert world.tables[name][column].drop_nulls().is_in(accounts["account_id"].to_list()).all(), (
                name,
                column,
            )


def test_posts_that_are_referred_to_exist(world):
    posts = world.tables["posts"]
    assert posts["post_id"].n_unique() == posts.height
    assert posts["reply_to_post_id"].drop_nulls().is_in(posts["post_id"].implode()).all()
    assert world.tables["interactions"]["post_id"].is_in(posts["post_id"].implode()).all()


def test_interactions_point_to_the_author_of_the_post_and_mentions_to_the_actor(world):
    acts = world.tables["interactions"].join(world.tables["posts"], on="post_id")
    mention = pl.col("kind") == "mention"
    assert acts.filter(~mention, pl.col("author_id") != pl.col("target_id")).is_empty()
    assert acts.filter(mention, pl.col("author_id") != pl.col("actor_id")).is_empty()
    assert acts.filter(pl.col("actor_id") == pl.col("target_id")).is_empty()
    assert acts.filter(pl.col("occurred_at") < pl.col("posted_at")).is_empty()


def test_every_reply_is_a_post_and_an_interaction(world):
    replies = world.tables["posts"].filter(pl.col("reply_to_post_id").is_not_null())
    acts = world.tables["interactions"].filter(pl.col("kind") == "reply")
    keys = ["actor_id", "post_id", "occurred_at"]
    posted = replies.select(actor_id="author_id", post_id="reply_to_post_id", occurred_at="posted_at")
    assert_frame_equal(posted.sort(keys), acts.select(keys).sort(keys))


@pytest.mark.parametrize(("table", "column"), _MOMENTS)
def test_nothing_happens_after_the_end(world, table, column):
    moments = world.tables[table][column].drop_nulls()
    assert moments.max() < datetime(2026, 11, 1)  # noqa: DTZ001 - the tables hold UTC without a zone


def test_follows_are_distinct_and_younger_than_both_accounts(world):
    follows = world.tables["follows"]
    assert not follows.select("follower_id", "followee_id").is_duplicated().any()
    assert follows.filter(pl.col("follower_id") == pl.col("followee_id")).is_empty()
    created = world.tables["accounts"].select("account_id", "created_at")
    for side in ("follower_id", "followee_id"):
        dated = follows.join(created, left_on=side, right_on="account_id")
        assert dated.filter(pl.col("followed_at") < pl.col("created_at")).is_empty()
    assert follows.filter(pl.col("unfollowed_at") <= pl.col("followed_at")).is_empty()


def test_claimed_counts_are_never_below_what_is_listed(world):
    accounts = world.tables["accounts"]
    follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
    for key, rows, claimed in (
        ("followee_id", follows, "followers_count"),
        ("follower_id", follows, "following_count"),
        ("author_id", world.tables["posts"], "posts_count"),
    ):
        listed = rows.group_by(key).len()
        short = accounts.join(listed, left_on="account_id", right_on=key).filter(
            pl.col(claimed) < pl.col("len")
        )
        assert short.is_empty(), claimed


def test_counts_of_posts_cover_the_listed_interactions(world):
    acts = world.tables["interactions"]
    for kind, column in (("like", "likes_count"), ("reply", "replies_count"), ("repost", "reposts_count")):
        listed = acts.filter(pl.col("kind") == kind).group_by("post_id").len()
        short = world.tables["posts"].join(listed, on="post_id").filter(pl.col(column) < pl.col("len"))
        assert short.is_empty(), kind


def test_the_last_snapshot_is_the_profile(world):
    last = world.tables["snapshots"].sort("observed_at").group_by("account_id").last()
    joined = last.join(world.tables["accounts"], on="account_id", suffix="_claimed")
    assert joined.height == last.height
    for column in ("followers_count", "following_count", "posts_count"):
        assert (joined[column] - joined[f"{column}_claimed"]).abs().max() <= 1


def test_truth_and_post_truth_have_a_row_each(world):
    assert world.truth["account_id"].equals(world.tables["accounts"]["account_id"])
    assert world.post_truth["post_id"].equals(world.tables["posts"]["post_id"])


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    def digest(**settings: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", _PRINT_DIGEST],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    one = digest(PYTHONHASHSEED="1", POLARS_MAX_THREADS="1")
    assert one == digest(PYTHONHASHSEED="2", POLARS_MAX_THREADS="4")


def test_another_seed_gives_another_world(small_world):
    other = generate_world(6, 1_000)
    assert not other.tables["follows"].equals(small_world.tables["follows"])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_smallest_worlds_hold_every_kind_of_account(seed, world):
    small = generate_world(seed, 1_000)
    assert set(small.truth["role"]) == set(world.truth["role"])
    assert small.truth.filter("is_shill")["shill_kind"].value_counts()["count"].min() >= 12
    assert small.tables["audience_members"].group_by("audience").len()["len"].min() > 50


def test_size_scales_in_proportion(world):
    large = generate_world(2026, 3 * world.n_accounts)
    for name in ("follows", "posts", "interactions", "snapshots"):
        growth = large.tables[name].height / world.tables[name].height
        assert 2.6 < growth < 3.8, (name, growth)
    assert large.truth["community"].n_unique() > world.truth["community"].n_unique()
    assert set(large.tables["audience_members"]["audience"]) == set(AUDIENCES)


def test_the_world_ends_where_it_is_told_to():
    world = generate_world(1, 1_000, until=date(2025, 3, 1))
    newest = max(world.tables[table][column].drop_nulls().max() for table, column in _MOMENTS)
    assert newest.date() == date(2025, 2, 28)


@pytest.mark.parametrize(("seed", "accounts"), [(1, 999), (-1, 2_000)])
def test_worlds_that_cannot_be_are_refused_with_the_remedy(seed, accounts):
    with pytest.raises(DemoWorldError) as caught:
        generate_world(seed, accounts)
    assert caught.value.remedy
