"""Follower quality: what the followers of each account look like."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import account_profiles, follower_graph
from assets.partitions import snapshot_days
from assets.ports import Lake
from assets.shill.signals import GROUP, OWNERS, SUSPICIOUS_FOLLOWERS, signal_metadata, signal_rows
from graph.follower_quality import follower_quality as rate_followers
from graph.followers import open_follower_graph
from graph.profiles import PROFILE_TYPES


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
        found.followers_profiled,
        bounds=(found.suspicious_share_low, found.suspicious_share_high),
    )
    out = lake.shill(day) / f"{SUSPICIOUS_FOLLOWERS}.parquet"
    lake.write_frame(out, frame)
    types = pl.DataFrame({"node": np.arange(len(codes), dtype=np.uint32), **found.shares})
    lake.write_frame(lake.shill(day) / "follower_types.parquet", types)
    return dg.MaterializeResult(metadata=signal_metadata(frame, out, lake, day))
