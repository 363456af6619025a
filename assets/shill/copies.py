"""Copied text: promotion in the same words by several accounts, and pasted again and again by one."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake, ReferenceTables
from assets.shill.groups import COPY, MEMBER, write_groups
from assets.shill.sentences import copied_group, quoted
from assets.shill.signals import COPIED_TEXT, signal_metadata, signal_rows
from assets.shill.sponsorship import sponsorship
from assets.stages import SHILL_STAGE
from graph.network.followers import open_follower_graph
from graph.sponsorship.disclosure_rollup import MIN_POSTS_CLASSIFIED
from graph.statistics.intervals import jeffreys_interval
from graph.together.copied_texts import MIN_AUTHORS, copies_in_window, near_copies, repeats_of_one
from graph.trust.calls_to_share import compile_calls, which_ask

PROMOTIONAL_FROM = 0.25  # beside being copied, a lower bar than for a post alone
MIN_COPIES = 2  # one post in the words of others can be chance, or a template that a shop hands out
EXAMPLES = 3


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, follower_graph, sponsorship],
    kinds={"duckdb", "numpy"},
)
def copied_text(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Promotion in the same words by several accounts within 30 days, or in one account's answers."""
    day = context.partition_key
    folder = lake.shill(day)
    posts = engine.frame(
        "shill/promotional_posts",
        {
            "posts": lake.inputs(day) / "posts.parquet",
            "post_classes": folder / "post_classes.parquet",
        },
        {"promotional_from": PROMOTIONAL_FROM},
    )
    # Chain letters and giveaways travel in the same words because they ask to; a code or a link that pays
    # whoever posts it is another matter.
    asks = which_ask(posts["text"].to_list(), compile_calls(reference.calls_to_share()))
    posts = posts.filter(~pl.Series(asks, dtype=pl.Boolean) | pl.col("shows_gain"))
    author, is_answer = posts["author"].to_numpy(), posts["is_answer"].to_numpy()
    words = near_copies(posts["text"].to_list())
    found = copies_in_window(words, author, posts["second"].to_numpy())
    posts = posts.with_columns(
        copy=pl.Series(found.copy_of, dtype=pl.Int64), is_repeated=repeats_of_one(words, author, is_answer)
    ).with_columns(
        is_copy=((pl.col("copy") >= 0) & ((pl.col("copy") >= 0).sum().over("author") >= MIN_COPIES))
        | pl.col("is_repeated")
    )
    written = pl.read_parquet(folder / "post_classes.parquet", columns=["author"])["author"].to_numpy()
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    frame = _signal(posts, np.bincount(written, minlength=n_accounts))
    out = folder / f"{COPIED_TEXT}.parquet"
    lake.write_frame(out, frame)
    lake.write_frame(folder / "copied_posts.parquet", _examples(posts))
    groups, members = _groups(posts.filter(pl.col("copy") >= 0), found.group_of, written, n_accounts)
    write_groups(lake, folder, COPY, groups, members)
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "posts that read like promotion": posts.height,
            "copied texts": int(found.group_of.size),
            "groups": groups.height,
        }
    )


def _signal(posts: pl.DataFrame, written: np.ndarray) -> pl.DataFrame:
    """Share of each account's posts that are copies, with how many others at most share the words of one."""
    sharers = posts.filter(pl.col("copy") >= 0).group_by("copy").agg(others=pl.col("author").n_unique() - 1)
    copies = (
        posts.filter("is_copy")
        .join(sharers, on="copy", how="left", maintain_order="left")
        .with_columns(pl.col("others").fill_null(0))
        .sort("author", "others", "post_id", descending=[False, True, False], maintain_order=True)
        .group_by("author", maintain_order=True)
        .agg(pl.len().alias("copies"), pl.col("others").first(), pl.col("text").first())
    )
    count, others = np.zeros(len(written)), np.zeros(len(written))
    nodes = copies["author"].to_numpy()
    count[nodes], others[nodes] = copies["copies"].to_numpy(), copies["others"].to_numpy()
    known = written >= MIN_POSTS_CLASSIFIED
    text: list[str | None] = [None] * len(written)
    for node, shown in copies.select("author", "text").iter_rows():
        text[node] = quoted(shown) if known[node] else None
    low, high = jeffreys_interval(count, written)
    value = np.where(known, count / np.maximum(written, 1), np.nan)
    return signal_rows(
        COPIED_TEXT,
        value,
        written,
        bounds=(np.where(known, low, np.nan), np.where(known, high, np.nan)),
        count=count,
        hints=others,
        detail=text,
    )


def _examples(posts: pl.DataFrame) -> pl.DataFrame:
    """A few copied posts of each account, the newest first."""
    return (
        posts.filter("is_copy")
        .sort("author", "second", "post_id", descending=[False, True, False])
        .group_by("author", maintain_order=True)
        .agg(example_post_ids=pl.col("post_id").head(EXAMPLES))
        .rename({"author": "node"})
    )


def _groups(
    copies: pl.DataFrame, group_of: np.ndarray, written: np.ndarray, n_accounts: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The groups that post the same words, and how much of what each member posts that is."""
    grouped = copies.with_columns(group=pl.Series(group_of[copies["copy"].to_numpy()], dtype=pl.UInt32))
    in_all = pl.DataFrame(
        {"author": np.arange(n_accounts), "posts": np.bincount(written, minlength=n_accounts)}
    )
    members = (
        grouped.group_by("group", "author")
        .agg(pl.len().alias("copies"))
        .join(in_all.with_columns(pl.col("author").cast(copies.schema["author"])), on="author")
        .sort("group", "author")
    )
    groups = (
        grouped.group_by("group")
        .agg(
            texts=pl.col("copy").n_unique(),
            authors=pl.col("author").n_unique(),
            ties=pl.struct("copy", "author").n_unique(),
            first=pl.col("second").min(),
            last=pl.col("second").max(),
            text=pl.col("text").sort_by("second", "post_id").first(),
        )
        .join(members.group_by("group").agg(pl.col("copies").sum(), pl.col("posts").sum()), on="group")
        .sort("group")
    )
    return (
        groups.select(
            "group",
            density=pl.col("ties") / (pl.col("texts") * pl.col("authors")),
            contrast=pl.col("copies") / pl.col("posts"),
            score=pl.col("authors").cast(pl.Float64),
            threshold=pl.lit(float(MIN_AUTHORS - 1)),
            first_at=pl.from_epoch("first"),
            last_at=pl.from_epoch("last"),
            about=pl.Series(
                [copied_group(*row) for row in groups.select("authors", "texts", "text").iter_rows()],
                dtype=pl.String,
            ),
        ),
        members.select(
            "group", node=pl.col("author"), role=pl.lit(MEMBER), share=pl.col("copies") / pl.col("posts")
        ),
    )
