"""Sponsorship: what posts say about being paid for, and what others look like."""

import dagster as dg
import numpy as np
import polars as pl

from assets.display import rows_table
from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake, ReferenceTables
from assets.shill.signals import UNDISCLOSED_PROMOTION, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.network.followers import open_follower_graph
from graph.sponsorship.disclosure import POST_CLASSES, PostToRead, classify_posts, compile_lexicon
from graph.sponsorship.disclosure_rollup import disclosure_by_account


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, follower_graph],
    kinds={"duckdb", "python"},
)
def sponsorship(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """What each post says about being paid for, and how many more of an account's posts look paid."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    tables = {
        "posts": inputs / "posts.parquet",
        "brands": inputs / "brands.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
    }
    posts = engine.frame("shill/posts", tables)
    brands = engine.frame("shill/brand_names", {name: tables[name] for name in ("brands", "accounts")})
    classes = classify_posts(
        (
            PostToRead(*row)
            for row in posts.select("text", "is_paid_label", "is_brand_account", "language").iter_rows()
        ),
        compile_lexicon(reference.disclosure_markers(), brands["name"].to_list()),
        reference.promotional_model(),
    )
    frame = posts.drop("text").with_columns(
        post_class=pl.Series([found.post_class for found in classes], dtype=pl.String),
        marker=pl.Series([found.marker for found in classes], dtype=pl.String),
        grade=pl.Series([found.grade for found in classes], dtype=pl.String),
        is_negated=pl.Series([found.is_negated for found in classes], dtype=pl.Boolean),
        paid_probability=pl.Series([found.paid_probability for found in classes], dtype=pl.Float64),
        reads_promotional=pl.Series([found.reads_promotional for found in classes], dtype=pl.Float64),
        promotion_probability=pl.Series([found.promotion_probability for found in classes], dtype=pl.Float64),
        hidden_probability=pl.Series([found.hidden_probability for found in classes], dtype=pl.Float64),
        commercial_signals=_lists([found.commercial_signals for found in classes]),
    )
    lake.write_frame(folder / "post_classes.parquet", frame)
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    found = disclosure_by_account(
        n_accounts,
        frame["author"].to_numpy(),
        frame["post_class"].cast(pl.Enum(list(POST_CLASSES))).to_physical().to_numpy(),
        frame["hidden_probability"].to_numpy(),
    )
    signals = signal_rows(
        UNDISCLOSED_PROMOTION,
        found.hidden_share,
        found.n_posts,
        bounds=(found.hidden_share_low, found.hidden_share_high),
        count=found.disclosed_posts,
        hints=_hints(frame, n_accounts),
    )
    out = folder / f"{UNDISCLOSED_PROMOTION}.parquet"
    lake.write_frame(out, signals)
    by_class = frame.group_by("post_class").len().sort("len", descending=True)
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(signals, out, lake, day),
            "posts by class": rows_table(by_class),
        }
    )


def _lists(names: list[tuple[str, ...]]) -> pl.Series:
    """A column of lists; the few that differ are converted once."""
    numbers = {names: number for number, names in enumerate(dict.fromkeys(names))}
    distinct = pl.Series([list(names) for names in numbers], dtype=pl.List(pl.String))
    return distinct.gather([numbers[name] for name in names])


def _hints(frame: pl.DataFrame, n_accounts: int) -> np.ndarray:
    """Posts by account that hint at being paid or given something, where more than a courtesy says so."""
    tells = pl.col("marker").str.starts_with("#") | (pl.col("promotion_probability") > 0)
    hints = frame.filter((pl.col("post_class") == "gifted") | ((pl.col("post_class") == "ambiguous") & tells))
    return np.bincount(hints["author"].to_numpy(), minlength=n_accounts)
