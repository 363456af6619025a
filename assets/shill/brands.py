"""Brand history: which brands an account promotes, and how it came to them."""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake
from assets.shill.signals import BRAND_HOPPING, signal_metadata, signal_rows
from assets.shill.sponsorship import sponsorship
from assets.stages import SHILL_STAGE
from graph.network.followers import open_follower_graph
from graph.sponsorship.brand_history import (
    WINDOW_DAYS,
    BrandHistory,
    BrandPosts,
    BrandTies,
    paid_performance,
    typical_of_category,
)
from graph.sponsorship.brand_history import brand_history as read_history
from graph.sponsorship.disclosure import SUSPECTED_FROM

MOST_PATTERN_BYTES = 4_000
"""A longer regular expression is not tried: from about 20,000 on DuckDB's engine lacks the room for its fast
way and takes hundreds of times as long."""


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, follower_graph, sponsorship],
    kinds={"duckdb", "numpy"},
)
def brand_history(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Which brands an account promotes without saying so, and what else its history with brands shows."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    words = engine.frame(
        "shill/brand_words",
        {"brands": inputs / "brands.parquet", "accounts": lake.graph(day) / "accounts.parquet"},
    )
    lake.write_frame(folder / "brand_words.parquet", words)
    mentions = engine.frame(
        "shill/brand_mentions",
        {
            "posts": inputs / "posts.parquet",
            "brand_words": folder / "brand_words.parquet",
            "post_classes": folder / "post_classes.parquet",
        },
        {"pattern": _any_of(words["first_word"])},
    )
    lake.write_frame(folder / "brand_mentions.parquet", mentions)
    brands = _brands(inputs / "brands.parquet")
    rivals = engine.frame("shill/rivals", {"brands": inputs / "brands.parquet"})
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    names = brands["brand"]
    posts = BrandPosts(
        author=mentions["author"].to_numpy().astype(np.int64),
        brand=names.search_sorted(mentions["brand"]).to_numpy().astype(np.int64),
        day=mentions["day"].to_numpy(),
        is_promotion=mentions["is_promotion"].to_numpy(),
        is_disclosed=mentions["is_disclosed"].to_numpy(),
    )
    found = read_history(
        n_accounts,
        posts,
        window_end=mentions["observed_until"].cast(pl.Int64).to_list()[0] if mentions.height else 0,
        rivals=np.column_stack([names.search_sorted(rivals[name]).to_numpy() for name in rivals.columns]),
    )
    hidden = found.hidden_brands_in_window
    frame = signal_rows(BRAND_HOPPING, hidden, found.brand_posts)
    out = folder / f"{BRAND_HOPPING}.parquet"
    lake.write_frame(out, frame)
    lake.write_frame(
        folder / "brand_history.parquet",
        _figures(found, posts, brands, _paid_performance(n_accounts, folder / "post_classes.parquet")),
    )
    lake.write_frame(folder / "brand_ties.parquet", _ties(found.ties, mentions, brands))
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "posts that name a brand": mentions.height,
            "window in days": WINDOW_DAYS,
        }
    )


def _any_of(words: pl.Series) -> str:
    """A regular expression that finds any of the words: letters, digits, _ and @; of many words, any text."""
    pattern = "|".join(words.unique().sort())
    return pattern if len(pattern.encode()) <= MOST_PATTERN_BYTES else ""


def _brands(path: Path) -> pl.DataFrame:
    """The brands by name, each with the number of its category; −1 and NULL where it has none."""
    return (
        pl.read_parquet(path, columns=["brand", "category"])
        .group_by("brand")
        .agg(pl.col("category").drop_nulls().min())
        .sort("brand")
        .with_columns(number=pl.col("category").rank("dense").cast(pl.Int64).sub(1).fill_null(-1))
    )


def _paid_performance(n_accounts: int, path: Path) -> np.ndarray:
    """Engagement on posts that are or look paid ÷ on others, by medians; answers are left out."""
    posts = pl.read_parquet(path).filter(~pl.col("is_answer"))
    paid = (pl.col("promotion_probability") >= SUSPECTED_FROM) | pl.col("post_class").is_in(
        ["disclosed_paid", "platform_label"]
    )
    counted = pl.when("has_engagement").then(pl.col("engagement").cast(pl.Float64))
    shown = posts.select(
        pl.col("author").cast(pl.Int64), paid=paid, engagement=counted.otherwise(float("nan"))
    )
    columns = (shown[name].to_numpy() for name in ("author", "paid", "engagement"))
    return paid_performance(n_accounts, *columns)


def _figures(
    found: BrandHistory, posts: BrandPosts, brands: pl.DataFrame, performance: np.ndarray
) -> pl.DataFrame:
    """What the lines of evidence say of each account that names a brand."""
    n_accounts = found.brand_posts.size
    numbers = brands["number"].to_numpy()
    like = typical_of_category(found.brand_entropy, posts.author, numbers[posts.brand])
    categories = brands["category"].drop_nulls().unique().sort()
    paid = np.bincount(found.ties.author[found.ties.paid_posts > 0], minlength=n_accounts)
    category = [categories[number] if number >= 0 else None for number in like.category.tolist()]
    return pl.DataFrame(
        {
            "node": np.arange(n_accounts, dtype=np.uint32),
            "brand_posts": found.brand_posts,
            "brands": np.bincount(found.ties.author, minlength=n_accounts),
            "paid_brands": paid,
            "brands_in_window": found.brands_in_window,
            "hidden_brands_in_window": found.hidden_brands_in_window,
            "brand_entropy": found.brand_entropy,
            "category": pl.Series(category, dtype=pl.String),
            "typical_entropy": like.typical,
            "compared_accounts": like.compared,
            "tenure_days": found.tenure_days,
            "organic_first_share": found.organic_first_share,
            "return_mentions": found.return_mentions,
            "hidden_rival_gap_days": found.hidden_rival_gap_days,
            "paid_performance": performance,
        }
    ).filter(pl.col("brands") > 0)


def _ties(ties: BrandTies, mentions: pl.DataFrame, brands: pl.DataFrame) -> pl.DataFrame:
    """One row per account and brand, with the moments of its first, last and first paid post."""
    paid = pl.col("is_promotion") | pl.col("is_disclosed")
    moments = mentions.group_by("author", "brand").agg(
        disclosed_posts=pl.col("is_disclosed").sum().cast(pl.Int64),
        first_at=pl.col("posted_at").min(),
        last_at=pl.col("posted_at").max(),
        first_paid_at=pl.col("posted_at").filter(paid).min(),
    )
    return (
        pl.DataFrame(
            {
                "node": pl.Series(ties.author).cast(pl.UInt32),
                "brand": brands["brand"].gather(ties.brand),
                "category": brands["category"].gather(ties.brand),
                "posts": ties.posts,
                "paid_posts": ties.paid_posts,
                "organic_before_paid": ties.organic_before_paid,
                "organic_after_paid": ties.organic_after_paid,
            }
        )
        .join(
            moments.with_columns(node=pl.col("author").cast(pl.UInt32)),
            on=["node", "brand"],
            maintain_order="left",
        )
        .select(
            "node", "brand", "category", "posts", "paid_posts", "disclosed_posts", "first_at", "last_at",
            "first_paid_at", "organic_before_paid", "organic_after_paid",
        )
    )  # fmt: skip
