"""Columns and types of the ten tables as the demo world writes them: the input contract, spelled out.

The generator fills every column of the contract, so this is also the list that its tests hold it to.
"""

from __future__ import annotations

import numpy as np
import polars as pl

_WHEN = pl.Datetime("us")  # UTC without a zone, as in the lake

TABLES: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "accounts": {
        "account_id": pl.String,
        "handle": pl.String,
        "display_name": pl.String,
        "bio": pl.String,
        "platform": pl.String,
        "created_at": _WHEN,
        "followers_count": pl.Int64,
        "following_count": pl.Int64,
        "posts_count": pl.Int64,
        "has_avatar": pl.Boolean,
        "is_verified": pl.Boolean,
        "is_private": pl.Boolean,
        "language": pl.String,
        "country": pl.String,
        "category": pl.String,
    },
    "follows": {
        "follower_id": pl.String,
        "followee_id": pl.String,
        "followed_at": _WHEN,
        "unfollowed_at": _WHEN,
    },
    "posts": {
        "post_id": pl.String,
        "author_id": pl.String,
        "posted_at": _WHEN,
        "text": pl.String,
        "language": pl.String,
        "reply_to_post_id": pl.String,
        "is_paid_label": pl.Boolean,
        "likes_count": pl.Int64,
        "replies_count": pl.Int64,
        "reposts_count": pl.Int64,
        "views_count": pl.Int64,
    },
    "interactions": {
        "actor_id": pl.String,
        "target_id": pl.String,
        "kind": pl.String,
        "post_id": pl.String,
        "occurred_at": _WHEN,
    },
    "audience_members": {
        "audience": pl.String,
        "account_id": pl.String,
        "weight": pl.Float64,
        "since": _WHEN,
    },
    "brands": {
        "brand": pl.String,
        "account_id": pl.String,
        "keywords": pl.String,
        "category": pl.String,
        "competitor_of": pl.String,
    },
    "snapshots": {
        "account_id": pl.String,
        "observed_at": _WHEN,
        "followers_count": pl.Int64,
        "following_count": pl.Int64,
        "posts_count": pl.Int64,
    },
    "rates": {
        "account_id": pl.String,
        "price": pl.Float64,
        "currency": pl.String,
        "deliverable": pl.String,
    },
    "labels": {"account_id": pl.String, "label": pl.String, "source": pl.String},
    "outcomes": {
        "account_id": pl.String,
        "audience": pl.String,
        "campaign": pl.String,
        "started_at": _WHEN,
        "spend": pl.Float64,
        "conversions": pl.Int64,
        "leads": pl.Int64,
    },
}
"""Table name → column name → type, in the order in which they are written."""


def typed(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """A table with its contract's columns in order and its types; moments come in as seconds since 1970."""
    return table.select(
        pl.from_epoch(column, time_unit="s").cast(_WHEN) if kind == _WHEN else pl.col(column).cast(kind)
        for column, kind in TABLES[name].items()
    )


def numbered_ids(name: str, letter: str, count: int) -> pl.Series:
    """Ids such as n000000, n000001, …: equally long, so that text order is number order."""
    width = max(6, len(str(count - 1)))
    numbers = pl.DataFrame({name: np.arange(count)})
    return numbers.select(
        pl.format(letter + "{}", pl.col(name).cast(pl.String).str.zfill(width)).alias(name)
    )[name]
