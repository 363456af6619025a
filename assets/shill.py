"""Stage 4, shill signals: what looks bought, once per network and day.

Every signal writes the same rows: value, interval, what it rests on, and whether it could be measured at all.
They are joined by weights of evidence into a probability that a person can check line by line. What a table
does not hold is `not_enough_data`; it improves and worsens nobody.
"""

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.display import markdown_table, table_metadata, with_handles
from assets.graph import account_profiles, accounts, follower_graph
from assets.inputs import input_tables
from assets.partitions import snapshot_days
from assets.ports import Engine, Lake, ReferenceTables
from graph.brand_history import WINDOW_DAYS, BrandPosts
from graph.brand_history import brand_history as read_history
from graph.disclosure import POST_CLASSES, classify_post, compile_lexicon
from graph.disclosure_rollup import disclosure_by_account
from graph.follower_quality import follower_quality as rate_followers
from graph.followers import open_follower_graph
from graph.pods import engagement_pods as find_pods
from graph.profiles import PROFILE_TYPES
from graph.weights_of_evidence import EvidenceWeights, join_evidence

GROUP = "shill"
OWNERS = ["team:integrity"]
MEASURED, NOT_ENOUGH_DATA = "measured", "not_enough_data"

SUSPICIOUS_FOLLOWERS = "suspicious_followers"
ENGAGEMENT_PODS = "engagement_pods"
UNDISCLOSED_PROMOTION = "undisclosed_promotion"
BRAND_HOPPING = "brand_hopping"
FLAGGED_FROM = 1.0  # log likelihood ratio: about three times as common among planted shills
SIGNALS = (SUSPICIOUS_FOLLOWERS, ENGAGEMENT_PODS, UNDISCLOSED_PROMOTION, BRAND_HOPPING)
MONEY_GROUP_OF = {
    SUSPICIOUS_FOLLOWERS: "bought_followers",
    ENGAGEMENT_PODS: "bought_engagement",
    UNDISCLOSED_PROMOTION: "bought_words",
    BRAND_HOPPING: "bought_words",
}


@dg.asset(
    group_name=GROUP,
    partitions_def=snapshot_days,
    deps=[follower_graph, account_profiles],
    kinds={"numpy"},
    owners=OWNERS,
)
def follower_quality(context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]) -> dg.MaterializeResult:
    """What the followers of each account look like, where enough of them show a profile."""
    day = context.partition_key
    profiles = pl.read_parquet(lake.graph(day) / "profiles.parquet", columns=["profile_type"])
    codes = profiles["profile_type"].cast(pl.Enum(list(PROFILE_TYPES))).to_physical().cast(pl.Int8).to_numpy()
    found = rate_followers(open_follower_graph(lake.graph(day)), codes)
    frame = signal_rows(
        SUSPICIOUS_FOLLOWERS,
        found.suspicious_share,
        found.suspicious_share_low,
        found.suspicious_share_high,
        found.followers_profiled,
    )
    out = lake.shill(day) / f"{SUSPICIOUS_FOLLOWERS}.parquet"
    lake.write_frame(out, frame)
    types = pl.DataFrame({"node": np.arange(len(codes), dtype=np.uint32), **found.shares})
    lake.write_frame(lake.shill(day) / "follower_types.parquet", types)
    return dg.MaterializeResult(metadata=_signal_metadata(frame, out, lake, day))


@dg.asset(
    group_name=GROUP,
    partitions_def=snapshot_days,
    deps=[input_tables, accounts, follower_graph],
    kinds={"duckdb", "numpy"},
    owners=OWNERS,
)
def engagement_pods(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Mutual engagement beyond activity and friendship, and the groups that it forms."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    tables = {name: inputs / f"{name}.parquet" for name in ("interactions", "posts")}
    tables["accounts"] = lake.graph(day) / "accounts.parquet"
    acts = engine.frame("shill/engagements", tables)
    friends = open_follower_graph(lake.graph(day))
    written = engine.frame("shill/posts_by_author", {name: tables[name] for name in ("posts", "accounts")})
    posts_by_author = np.zeros(friends.n_accounts, dtype=np.int64)
    posts_by_author[written["node"].to_numpy()] = written["posts"].to_numpy()
    found = find_pods(
        friends.n_accounts,
        acts["actor"].to_numpy(),
        acts["author"].to_numpy(),
        acts["post"].to_numpy(),
        posts_by_author,
        friends,
    )
    frame = signal_rows(
        ENGAGEMENT_PODS,
        found.score,
        found.score,
        found.score,
        found.n_posts,
        threshold=found.threshold,
        count=found.unusual_partners,
    )
    out = folder / f"{ENGAGEMENT_PODS}.parquet"
    lake.write_frame(out, frame)
    groups = pl.DataFrame(
        {
            "group": range(len(found.groups)),
            "density": [group.density for group in found.groups],
            "contrast": [group.contrast for group in found.groups],
            "score": [group.score for group in found.groups],
            "threshold": [found.threshold] * len(found.groups),
        },
        schema={
            "group": pl.UInt32,
            "density": pl.Float64,
            "contrast": pl.Float64,
            "score": pl.Float64,
            "threshold": pl.Float64,
        },
    )
    members = pl.DataFrame(
        {
            "group": np.repeat(np.arange(len(found.groups)), [len(g.members) for g in found.groups]),
            "node": np.concatenate([g.members for g in found.groups]) if found.groups else [],
        },
        schema={"group": pl.UInt32, "node": pl.UInt32},
    )
    lake.write_frame(folder / "pod_groups.parquet", groups)
    lake.write_frame(folder / "pod_members.parquet", members)
    lake.write_frame(folder / "engagements.parquet", acts)
    group_tables = {
        "pod_groups": folder / "pod_groups.parquet",
        "pod_members": folder / "pod_members.parquet",
        "engagements": folder / "engagements.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
    }
    engine.to_parquet("shill/signal_groups", folder / "signal_groups.parquet", group_tables)
    engine.to_parquet("shill/signal_group_members", folder / "signal_group_members.parquet", group_tables)
    return dg.MaterializeResult(
        metadata={
            **_signal_metadata(frame, out, lake, day),
            "groups": len(found.groups),
            "threshold": found.threshold,
        }
    )


@dg.asset(
    group_name=GROUP,
    partitions_def=snapshot_days,
    deps=[input_tables, accounts, follower_graph],
    kinds={"duckdb", "python"},
    owners=OWNERS,
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
    posts = engine.frame(
        "shill/posts",
        {
            "posts": inputs / "posts.parquet",
            "brands": inputs / "brands.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
        },
    )
    lexicon = compile_lexicon(reference.disclosure_markers())
    classes = [
        classify_post(
            text, lexicon, is_paid_label=is_paid_label, is_own_brand=is_own_brand, language=language
        )
        for text, is_paid_label, is_own_brand, language in posts.select(
            "text", "is_paid_label", "is_brand_account", "language"
        ).iter_rows()
    ]
    frame = posts.drop("text").with_columns(
        post_class=pl.Series([found.post_class for found in classes], dtype=pl.String),
        marker=pl.Series([found.marker for found in classes], dtype=pl.String),
        grade=pl.Series([found.grade for found in classes], dtype=pl.String),
        is_negated=pl.Series([found.is_negated for found in classes], dtype=pl.Boolean),
        paid_probability=pl.Series([found.paid_probability for found in classes], dtype=pl.Float64),
        promotion_probability=pl.Series([found.promotion_probability for found in classes], dtype=pl.Float64),
        hidden_probability=pl.Series([found.hidden_probability for found in classes], dtype=pl.Float64),
        commercial_signals=pl.Series(
            [list(found.commercial_signals) for found in classes], dtype=pl.List(pl.String)
        ),
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
        found.hidden_share_low,
        found.hidden_share_high,
        found.n_posts,
        count=found.disclosed_posts,
        hints=found.counts["ambiguous"] + found.counts["gifted"],
    )
    out = folder / f"{UNDISCLOSED_PROMOTION}.parquet"
    lake.write_frame(out, signals)
    by_class = frame.group_by("post_class").len().sort("len", descending=True)
    return dg.MaterializeResult(
        metadata={
            **_signal_metadata(signals, out, lake, day),
            "posts by class": dg.MetadataValue.md(markdown_table(by_class)),
        }
    )


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
    frame = signal_rows(BRAND_HOPPING, hidden, hidden, hidden, found.brand_posts)
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
            **_signal_metadata(frame, out, lake, day),
            "posts that name a brand": mentions.height,
            "window in days": WINDOW_DAYS,
        }
    )


@dg.asset(
    group_name=GROUP,
    partitions_def=snapshot_days,
    deps=[follower_quality, engagement_pods, sponsorship, brand_history],
    kinds={"numpy"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "probabilities_hold_together",
            asset="shill_probability",
            blocking=True,
            description="Every probability lies in [0, 1] and inside its interval.",
        )
    ],
)
def shill_probability(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """The signals joined by weights of evidence: a probability with its interval, and each signal's share."""
    day = context.partition_key
    folder = lake.shill(day)
    weights = EvidenceWeights.from_rows(reference.evidence_weights())
    signals = {name: pl.read_parquet(folder / f"{name}.parquet") for name in SIGNALS}
    # Weights were learned on values as they are measured, so the noise of a value is in them already; moving
    # the value to its own bounds on top of that would count it twice, and call few posts a risk.
    joined = join_evidence(
        {name: frame["value"].to_numpy() for name, frame in signals.items()},
        {name: (frame["state"] == MEASURED).to_numpy() for name, frame in signals.items()},
        weights,
    )
    nodes = signals[SUSPICIOUS_FOLLOWERS]["node"]
    frame = pl.DataFrame(
        {
            "node": nodes,
            "probability": joined.probability,
            "low": joined.low,
            "high": joined.high,
            "n_signals": joined.n_signals,
            "n_kinds": _kinds_measured(signals),
        }
    )
    out = folder / "shill_probability.parquet"
    lake.write_frame(out, frame)
    lake.write_json(folder / "evidence_weights.json", {"version": weights.version})
    by_node = pl.concat(
        [
            signals[name].with_columns(
                contribution=pl.Series(joined.contributions[name]),
                flagged=pl.Series(joined.contributions[name] > FLAGGED_FROM) & (pl.col("state") == MEASURED),
            )
            for name in SIGNALS
        ]
    )
    lake.write_frame(folder / "signals_by_node.parquet", by_node)
    broken = frame.filter(
        ~pl.col("probability").is_between(0, 1)
        | (pl.col("low") > pl.col("probability"))
        | (pl.col("high") < pl.col("probability"))
    )
    highest = frame.filter(pl.col("n_signals") > 0).sort("low", "node", descending=[True, False]).head(15)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "accounts with a measured signal": int((joined.n_signals > 0).sum()),
            "most unusual": dg.MetadataValue.md(markdown_table(with_handles(highest, lake, day))),
            "weights version": weights.version,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="probabilities_hold_together",
                passed=broken.is_empty(),
                metadata={"rows that break the rule": dg.MetadataValue.md(markdown_table(broken.head(20)))},
            )
        ],
    )


def _kinds_measured(signals: Mapping[str, pl.DataFrame]) -> pl.Series:
    """How many kinds of bought influence (followers, engagement, words) could be looked at, per account."""
    measured = pl.DataFrame({name: frame["state"] == MEASURED for name, frame in signals.items()})
    kinds = [
        pl.any_horizontal(name for name, group in MONEY_GROUP_OF.items() if group == kind).alias(kind)
        for kind in dict.fromkeys(MONEY_GROUP_OF.values())
    ]
    return measured.select(kinds).select(pl.sum_horizontal(pl.all().cast(pl.Int64))).to_series()


def signal_rows(
    signal: str,
    value: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    n: np.ndarray,
    *,
    threshold: float | None = None,
    count: np.ndarray | None = None,
    hints: np.ndarray | None = None,
) -> pl.DataFrame:
    """One row per account for a signal, in the order of the node.

    Args:
        signal: Name of the signal.
        value: float64[accounts], NaN where there was not enough to go on.
        low: Lower bound, same shape.
        high: Upper bound, same shape.
        n: What the value rests on, same shape.
        threshold: Where the signal becomes unusual, if it has such a point by itself.
        count: A second number that the sentence needs, same shape.
        hints: A third one.
    """
    return pl.DataFrame(
        {
            "node": np.arange(len(value), dtype=np.uint32),
            "value": np.asarray(value, dtype=np.float64),
            "low": np.asarray(low, dtype=np.float64),
            "high": np.asarray(high, dtype=np.float64),
            "n": np.asarray(n, dtype=np.float64),
            "count": np.zeros(len(value)) if count is None else np.asarray(count, dtype=np.float64),
            "hints": np.zeros(len(value)) if hints is None else np.asarray(hints, dtype=np.float64),
        }
    ).select(
        "node",
        pl.lit(signal).alias("signal"),
        pl.col("value", "low", "high"),
        "n",
        pl.when(pl.col("value").is_nan())
        .then(pl.lit(NOT_ENOUGH_DATA))
        .otherwise(pl.lit(MEASURED))
        .alias("state"),
        pl.lit(threshold, pl.Float64).alias("threshold"),
        "count",
        "hints",
    )


def _signal_metadata(
    frame: pl.DataFrame, out: Path, lake: Lake, day: str
) -> dict[str, dg.MetadataValue | int]:
    measured = frame.filter(pl.col("state") == MEASURED)
    highest = measured.sort("value", "node", descending=[True, False]).head(10)
    return {
        **table_metadata(frame, out, preview_rows=0),
        "accounts measured": measured.height,
        "highest": dg.MetadataValue.md(markdown_table(with_handles(highest, lake, day))),
    }
