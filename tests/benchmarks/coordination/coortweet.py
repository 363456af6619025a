"""What CooRTweet's published parameters find, restated from its description, to be compared with.

Two accounts are coordinated where, within the time window, they shared the same objects more often than the
given quantile of all pairs that ever did; accounts take part from two shares on (Righetti and Balluff,
"CooRTweet: A Generalized R Software for Coordinated Network Detection", Computational Communication
Research 7(1), 2025). Kept apart from the kernel: it counts repeated shares of one object, has one window,
and no null model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

MIN_PARTICIPATION = 2
ACCOUNT, OBJECT, AT = "account_id", "object_id", "timestamp_share"


@dataclass(frozen=True)
class Published:
    """A published example.

    Attributes:
        name: of the example.
        shares: account, object, time and the object's source (-1 unknown) as numbers, one row per share.
        window_s: its time window.
        quantile: its edge weight.
    """

    name: str
    shares: pl.DataFrame
    window_s: int
    quantile: float = 0.5


def numbered(frame, account, object_, at, source=None):
    """Shares as numbers, without rows that name no object and without repeated rows."""
    found = frame.filter(pl.col(object_).is_not_null()).unique(maintain_order=True)
    return found.select(
        actor=pl.col(account).cast(pl.String).rank("dense").cast(pl.Int64) - 1,
        object=pl.col(object_).cast(pl.String).rank("dense").cast(pl.Int64) - 1,
        at=pl.col(at).cast(pl.Int64),
        source=(pl.lit(-1) if source is None else pl.col(source).fill_null(-1)).cast(pl.Int64),
    )


def published_examples(folder):
    """The examples of the package's pages: pro-government retweets, and pages that share links or images."""
    retweets = pl.read_parquet(folder / "russian_coord_tweets.parquet")
    yield Published("retweets, 60 s", numbered(retweets, ACCOUNT, OBJECT, AT), 60)
    posts = pl.read_parquet(folder / "german_elections.parquet")
    pages = posts.filter(pl.col("account_id").str.starts_with("fb"))
    yield Published("links on pages, 60 s", numbered(pages, ACCOUNT, "url_id", "timestamp", "domain_id"), 60)
    yield Published("links, 30 s", numbered(posts, ACCOUNT, "url_id", "timestamp", "domain_id"), 30)
    yield Published("images, 30 s", numbered(posts, ACCOUNT, "phash_id", "timestamp"), 30)
    yield Published("tags, 30 s", numbered(posts, ACCOUNT, "hashtag_id", "timestamp"), 30)


def coordinated_pairs(shares, window_s, quantile=0.5):
    """Pairs of accounts above the quantile of weights, as a frame u, v, weight."""
    often = shares.filter(pl.len().over("actor") >= MIN_PARTICIPATION).with_row_index("content")
    ordered = often.sort("object", "at")
    object_, at = ordered["object"].to_numpy(), ordered["at"].to_numpy()
    clock = object_ * (at.max() - at.min() + window_s + 1) + at - at.min()
    following = np.searchsorted(clock, clock + window_s, side="right") - np.arange(clock.size) - 1
    left = np.repeat(np.arange(clock.size), following)
    right = left + 1 + np.arange(left.size) - np.repeat(np.cumsum(following) - following, following)
    content, actor = ordered["content"].to_numpy(), ordered["actor"].to_numpy()
    pairs = pl.DataFrame(
        {"x": content[left], "y": content[right], "a": actor[left], "b": actor[right]}
    ).filter(pl.col("a") != pl.col("b"))
    used = pl.concat([pairs.select(content="x", actor="a"), pairs.select(content="y", actor="b")]).unique()
    taking_part = used.filter(pl.len().over("actor") >= MIN_PARTICIPATION)["content"].implode()
    kept = pairs.filter(pl.col("x").is_in(taking_part) | pl.col("y").is_in(taking_part))
    weights = (
        kept.select(u=pl.min_horizontal("a", "b"), v=pl.max_horizontal("a", "b"))
        .group_by("u", "v")
        .len("weight")
    )
    bar = weights["weight"].quantile(quantile, "linear") if weights.height else 0
    return weights.filter(pl.col("weight") > bar)


def shuffled(shares, rng):
    """The same shares with each account's delays after the first share of an object dealt out anew."""
    rows = shares.with_columns(begins=pl.col("at").min().over("object"))
    delay = (rows["at"] - rows["begins"]).to_numpy()
    moved = np.flatnonzero(delay > 0)
    actor = rows["actor"].to_numpy()
    drawn = moved[np.lexsort((rng.random(moved.size), actor[moved]))]
    delay = delay.copy()
    delay[moved[np.argsort(actor[moved], kind="stable")]] = delay[drawn]
    return rows.with_columns(at=pl.col("begins") + pl.Series(delay)).drop("begins")
