"""Engagement pods: circles that engage with each other's posts beyond activity and friendship."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.partitions import snapshot_days
from assets.ports import Engine, Lake
from assets.shill.groups import MEMBER, POD, write_groups
from assets.shill.signals import ENGAGEMENT_PODS, GROUP, OWNERS, signal_metadata, signal_rows
from graph.followers import open_follower_graph
from graph.pods import engagement_pods as find_pods


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
        found.n_posts,
        threshold=found.threshold,
        count=found.unusual_partners,
    )
    out = folder / f"{ENGAGEMENT_PODS}.parquet"
    lake.write_frame(out, frame)
    members = pl.DataFrame(
        {
            "group": np.repeat(np.arange(len(found.groups)), [len(g.members) for g in found.groups]),
            "node": np.concatenate([g.members for g in found.groups]) if found.groups else [],
        },
        schema={"group": pl.UInt32, "node": pl.UInt32},
    )
    lake.write_frame(folder / "pod_members.parquet", members)
    lake.write_frame(folder / "engagements.parquet", acts)
    times = engine.frame(
        "shill/pod_times",
        {name: folder / f"{name}.parquet" for name in ("pod_members", "engagements")},
    )
    groups = pl.DataFrame(
        {
            "group": np.arange(len(found.groups), dtype=np.uint32),
            "density": [group.density for group in found.groups],
            "contrast": [group.contrast for group in found.groups],
            "score": [group.score for group in found.groups],
        },
        schema_overrides=dict.fromkeys(("density", "contrast", "score"), pl.Float64),
    ).with_columns(
        threshold=pl.lit(found.threshold, pl.Float64),
        about=pl.lit("Accounts that like and answer each other far more evenly than chance would."),
    )
    write_groups(
        lake,
        folder,
        POD,
        groups.join(times, on="group", how="left", maintain_order="left"),
        members.with_columns(role=pl.lit(MEMBER)),
    )
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "groups": len(found.groups),
            "threshold": found.threshold,
        }
    )
