"""Brand history: which brands an account promotes, and how it came to them."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.partitions import snapshot_days
from assets.ports import Engine, Lake
from assets.shill.signals import BRAND_HOPPING, GROUP, OWNERS, signal_metadata, signal_rows
from assets.shill.sponsorship import sponsorship
from graph.brand_history import WINDOW_DAYS, BrandPosts
from graph.brand_history import brand_history as read_history
from graph.followers import open_follower_graph


@dg.asset(
    group_name=GROUP,
    partitions_def=snapshot_days,
    deps=[input_tables, accounts, follower_graph, sponsorship],
    kinds={"duckdb", "numpy"},
    owners=OWNERS,
)
def brand_history(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Which brands an account promotes without saying so, and what else its history with brands shows."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    mentions = engine.frame(
        "shill/brand_mentions",
        {
            "posts": inputs / "posts.parquet",
            "brands": inputs / "brands.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "post_classes": folder / "post_classes.parquet",
        },
    )
    lake.write_frame(folder / "brand_mentions.parquet", mentions)
    brands = pl.read_parquet(inputs / "brands.parquet")["brand"].unique().sort()
    rivals = engine.frame("shill/rivals", {"brands": inputs / "brands.parquet"})
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    found = read_history(
        n_accounts,
        BrandPosts(
            author=mentions["author"].to_numpy(),
            brand=brands.search_sorted(mentions["brand"]).to_numpy(),
            day=mentions["day"].to_numpy(),
            is_promotion=mentions["is_promotion"].to_numpy(),
            is_disclosed=mentions["is_disclosed"].to_numpy(),
        ),
        window_end=mentions["observed_until"].cast(pl.Int64).to_list()[0] if mentions.height else 0,
        rivals=np.column_stack([brands.search_sorted(rivals[name]).to_numpy() for name in rivals.columns]),
    )
    hidden = found.hidden_brands_in_window
    frame = signal_rows(BRAND_HOPPING, hidden, found.brand_posts)
    out = folder / f"{BRAND_HOPPING}.parquet"
    lake.write_frame(out, frame)
    history = pl.DataFrame(
        {
            "node": np.arange(n_accounts, dtype=np.uint32),
            "brands_in_window": found.brands_in_window,
            "hidden_brands_in_window": hidden,
            "brand_entropy": found.brand_entropy,
            "tenure_days": found.tenure_days,
            "organic_first_share": found.organic_first_share,
            "return_mentions": found.return_mentions,
            "hidden_rival_gap_days": found.hidden_rival_gap_days,
        }
    ).filter(pl.col("brands_in_window").is_not_nan() | pl.col("tenure_days").is_not_nan())
    lake.write_frame(folder / "brand_history.parquet", history)
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "posts that name a brand": mentions.height,
            "window in days": WINDOW_DAYS,
        }
    )
