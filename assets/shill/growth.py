"""Growth: bursts of followers, what harmless cause they have, and how the rest of them reads."""

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.columns import floats
from assets.display import rows_table, with_handles
from assets.graph import account_profiles, accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake, ReferenceTables
from assets.shill.growth_sentences import BurstFacts, growth_burst, growth_in_all
from assets.shill.growth_sources import FOLLOW_ORDER, SNAPSHOTS, SOURCES, Growth, read_growth
from assets.shill.signals import GROWTH_BURSTS, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.growth.causes import (
    CALL_TO_FOLLOW,
    FOLLOWERS_PER_ARRIVAL,
    LARGE_MENTION,
    NETWORK_GROWTH,
    VIRAL_POST,
    first_causes,
    has_rare_event,
    posts_that_stand_out,
)
from graph.growth.classes import (
    BOMBED,
    CLASSES,
    EXPLAINED,
    BurstClasses,
    Seen,
    classify_bursts,
    value_of_growth,
)
from graph.trust.calls_to_share import compile_calls, which_ask

DAY = 86_400
GROWTH = {
    "burst": pl.UInt32,
    "node": pl.UInt32,
    "source": pl.String,
    "class": pl.String,
    "probability": pl.Float64,
    "burst_day": pl.Date,
    "last_day": pl.Date,
    "arrivals": pl.Float64,
    "share_of_followers": pl.Float64,
    "typical_per_day": pl.Float64,
    "explained_by": pl.String,
    "explained_share": pl.Float64,
    "unusual_share": pl.Float64,
    "usual_share": pl.Float64,
    "removed_share": pl.Float64,
    "sentence": pl.String,
}
"""One row per burst: account, source, reading and its probability, first and last day, followers gained
beyond the usual and as a share of all, gained per day around it, cause and the share that it explains,
suspicious profiles among those who came and among the others, share that left again, one sentence. NULL is
unknown."""


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, account_profiles, follower_graph, interaction_graph],
    kinds={"duckdb", "numpy"},
)
def growth_bursts(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Days on which an account gained far more followers than usual, and what they look like."""
    day = context.partition_key
    inputs, network, folder = lake.inputs(day), lake.graph(day), lake.shill(day)
    profiles = pl.read_parquet(network / "profiles.parquet", columns=["profile_type"])["profile_type"]
    found = read_growth(inputs, network / "accounts.parquet", engine, len(profiles))
    lake.write_frame(folder / "bursts.parquet", _keys(found))
    pairs = pl.DataFrame(
        {"burst": found.burst, "follower": found.follower, "stands": found.stands},
        schema={"burst": pl.UInt32, "follower": pl.UInt32, "stands": pl.Boolean},
    )
    lake.write_frame(folder / "burst_followers.parquet", pairs)
    tables = {name: inputs / f"{name}.parquet" for name in ("posts", "interactions")}
    tables |= {
        "accounts": network / "accounts.parquet",
        "profiles": network / "profiles.parquet",
        "follower_counts": network / "follower_counts.parquet",
        "bursts": folder / "bursts.parquet",
    }
    causes = _causes(found, tables, engine, reference)
    looked_at = _looked_at(tables)
    was_sought = (found.source != SOURCES.index(FOLLOW_ORDER)) & (len(looked_at) > 1)
    seen = _seen(found, profiles, (causes, was_sought), network, folder, engine)
    classes = classify_bursts(found.bursts, seen)
    frame = _table(found, seen, classes, first_causes(causes), looked_at)
    lake.write_frame(folder / "growth.parquet", frame)
    lake.write_frame(
        folder / "growth_followers.parquet",
        pairs.join(frame.select("burst", "node", "class"), on="burst", how="left", maintain_order="left"),
    )
    signals = _signals(found, classes, frame, len(profiles))
    out = folder / f"{GROWTH_BURSTS}.parquet"
    lake.write_frame(out, signals)
    by_class = frame.group_by("source", "class").len().sort("source", "class")
    shown = frame.sort("share_of_followers", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(signals, out, lake, day),
            "bursts by class": rows_table(by_class),
            "largest": rows_table(with_handles(shown.select("node", "class", "sentence"), lake, day)),
        }
    )


def _keys(found: Growth) -> pl.DataFrame:
    """The bursts as statements need them."""
    return pl.DataFrame(
        {
            "burst": np.arange(len(found.bursts)),
            "node": found.bursts.account,
            "arrivals": found.bursts.arrivals,
            "is_claimed": found.source == SOURCES.index(SNAPSHOTS),
        },
        schema={"burst": pl.UInt32, "node": pl.UInt32, "arrivals": pl.Float64, "is_claimed": pl.Boolean},
    )


def _causes(
    found: Growth, tables: Mapping[str, Path], engine: Engine, reference: ReferenceTables
) -> dict[str, np.ndarray]:
    """Which harmless cause each burst has."""
    bursts = found.bursts
    observed = _observed_days(tables)
    posts = engine.frame(
        "shill/burst_posts",
        {name: tables[name] for name in ("bursts", "accounts", "posts", "interactions", "profiles")},
    )
    posts = posts.filter(
        pl.Series(posts_that_stand_out(posts["burst"].to_numpy(), floats(posts["engagement"])))
    )
    mentions = engine.frame(
        "shill/burst_mentions",
        {name: tables[name] for name in ("bursts", "accounts", "interactions", "follower_counts")},
        {"reach": FOLLOWERS_PER_ARRIVAL},
    )
    texts = engine.frame(
        "shill/burst_texts",
        {name: tables[name] for name in ("bursts", "accounts", "posts", "interactions")},
    )
    calls = compile_calls([*reference.calls_to_share(), *reference.calls_to_follow()])
    texts = texts.filter(pl.Series(which_ask(texts["text"].to_list(), calls), dtype=pl.Boolean))
    is_dated = found.source != SOURCES.index(FOLLOW_ORDER)  # an order bounds the day, it does not say it
    rare = {
        cause: has_rare_event(bursts, events["burst"].to_numpy(), events["day"].to_numpy(), observed)
        for cause, events in ((VIRAL_POST, posts), (LARGE_MENTION, mentions), (CALL_TO_FOLLOW, texts))
    }
    return {cause: holds & is_dated for cause, holds in rare.items()} | {
        NETWORK_GROWTH: found.is_network_growth
    }


def _observed_days(tables: Mapping[str, Path]) -> float:
    """Days between the first and the last dated post or interaction."""
    moments = [
        pl.scan_parquet(tables[table]).select(first=pl.col(name).min(), last=pl.col(name).max())
        for table, name in (("posts", "posted_at"), ("interactions", "occurred_at"))
    ]
    span = pl.concat(moments).select(pl.col("last").max() - pl.col("first").min()).collect().item()
    return span.total_seconds() / DAY if span is not None else 0.0


def _looked_at(tables: Mapping[str, Path]) -> frozenset[str]:
    """The causes that the data allow to look for."""
    has = {name: pl.scan_parquet(tables[name]).head(1).collect().height for name in ("posts", "interactions")}
    found = {NETWORK_GROWTH}
    if has["posts"]:
        found |= {VIRAL_POST, CALL_TO_FOLLOW}
    if has["interactions"]:
        found |= {LARGE_MENTION}
    return frozenset(found)


def _seen(
    found: Growth,
    profiles: pl.Series,
    causes: tuple[Mapping[str, np.ndarray], np.ndarray],
    network: Path,
    folder: Path,
    engine: Engine,
) -> Seen:
    """Who came in each burst, and what its account's other followers look like."""
    n_bursts, n_accounts = len(found.bursts), len(profiles)
    known = (profiles != "unknown").to_numpy().astype(np.float64)
    odd = (profiles == "suspicious").to_numpy().astype(np.float64)
    profiled = np.bincount(found.burst, weights=known[found.follower], minlength=n_bursts)
    suspicious = np.bincount(found.burst, weights=odd[found.follower], minlength=n_bursts)
    account = found.bursts.account
    follower, followee = found.follows["follower"].to_numpy(), found.follows["followee"].to_numpy()
    others = [
        np.bincount(followee, weights=flag[follower], minlength=n_accounts)
        - np.bincount(account, weights=came, minlength=n_accounts)
        for flag, came in ((odd, suspicious), (known, profiled))
    ]
    # As if five more of the network's were among them: few others say little.
    usual = (others[0] + 5.0 * odd.sum() / max(known.sum(), 1.0)) / (others[1] + 5.0)
    engaging = engine.frame(
        "shill/burst_engaging",
        {
            "bursts": folder / "bursts.parquet",
            "burst_followers": folder / "burst_followers.parquet",
            "interactions": network / "interactions.parquet",
        },
    )
    share = np.full(n_bursts, np.nan)
    share[engaging["burst"].to_numpy()] = (engaging["engaging"] / engaging["arrivals"]).to_numpy()
    has_cause = np.any(list(causes[0].values()), axis=0)
    return Seen(
        has_cause,
        causes[1],
        profiled.astype(np.float64),
        suspicious.astype(np.float64),
        usual[account],
        share,
    )


def _table(
    found: Growth, seen: Seen, classes: BurstClasses, causes: list[str | None], looked_at: frozenset[str]
) -> pl.DataFrame:
    """One row per burst, as `GROWTH`."""
    bursts = found.bursts
    frame = pl.DataFrame(
        {
            "burst": np.arange(len(bursts)),
            "node": bursts.account,
            "source": np.array(SOURCES)[found.source],
            "class": classes.label,
            "probability": classes.probability,
            "burst_day": bursts.first_day,
            "last_day": bursts.last_day,
            "arrivals": bursts.arrivals,
            "share_of_followers": np.minimum(bursts.mass / np.maximum(bursts.followers, 1.0), 1.0),
            "typical_per_day": np.maximum(bursts.typical, 0.0),
            "explained_by": pl.Series(causes, dtype=pl.String),
            "explained_share": classes.explained_share,
            "unusual_share": classes.unusual_share,
            "usual_share": np.where(np.isnan(classes.unusual_share), np.nan, seen.usual_share),
            "removed_share": bursts.removed,
        }
    ).with_columns(pl.from_epoch(pl.col("burst_day", "last_day"), time_unit="d"))
    facts = frame.select(
        "probability", "burst_day", "last_day", "arrivals", "explained_by", "unusual_share", "usual_share",
        "removed_share", label="class", typical="typical_per_day", hours=pl.Series(bursts.hours),
    ).with_columns(pl.col(pl.Float64).fill_nan(None))  # fmt: skip
    sentences = [
        growth_burst(BurstFacts(**row), looked_at if source != FOLLOW_ORDER else frozenset())
        for row, source in zip(facts.iter_rows(named=True), frame["source"], strict=True)
    ]
    figures = [name for name, kind in GROWTH.items() if kind == pl.Float64]
    return (
        frame.with_columns(sentence=pl.Series(sentences, dtype=pl.String))
        .select(pl.col(name).cast(kind) for name, kind in GROWTH.items())
        .with_columns(pl.col(figures).fill_nan(None))
    )


def _signals(found: Growth, classes: BurstClasses, frame: pl.DataFrame, n_accounts: int) -> pl.DataFrame:
    """The signal of every account; the detail is what its bursts say together."""
    order = {name: place for place, name in enumerate(("unusual", BOMBED, "unclear", EXPLAINED))}
    told = (
        frame.sort(
            pl.col("class").replace_strict(order, return_dtype=pl.Int8),
            pl.col("arrivals"),
            descending=[False, True],
        )
        .group_by("node", maintain_order=True)
        .agg("sentence", "class")
    )
    detail: list[str | None] = [None] * n_accounts
    for node, sentences, labels in told.iter_rows():
        detail[node] = growth_in_all(sentences[0], labels)
    value = value_of_growth(n_accounts, found.bursts, classes, found.account_source >= 0)
    counted = np.isin(classes.label, [name for name in CLASSES if name != EXPLAINED])
    return signal_rows(
        GROWTH_BURSTS,
        value,
        found.account_followers,
        count=np.bincount(found.bursts.account, weights=counted, minlength=n_accounts),
        hints=found.account_source.astype(np.float64),
        detail=detail,
    )
