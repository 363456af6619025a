"""Follower quality: what the followers of each account look like."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import account_profiles, follower_graph
from assets.ports import Lake, ReferenceTables
from assets.shill.growth import growth_bursts
from assets.shill.sentences import other_followers
from assets.shill.signals import SUSPICIOUS_FOLLOWERS, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.growth.classes import BOMBED
from graph.network.followers import open_follower_graph
from graph.shill.follower_quality import FOLLOWER_TYPES, GENUINE_TYPES, FollowerQuality
from graph.shill.follower_quality import follower_quality as rate_followers
from graph.shill.profile_model import ProfileModel
from graph.shill.profiles import PROFILE_TYPES


@SHILL_STAGE.asset(
    deps=[follower_graph, account_profiles, growth_bursts],
    kinds={"numpy"},
)
def follower_quality(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """What the followers of each account look like, where enough of them show a profile.

    Followers who came in a burst that reads as sent by others are left out: nobody is lowered by them.
    """
    day = context.partition_key
    model = ProfileModel.from_document(reference.profile_model())
    profiles = pl.read_parquet(lake.graph(day) / "profiles.parquet", columns=["type_if_genuine", "suspicion"])
    codes = profiles["type_if_genuine"].cast(pl.Enum(list(PROFILE_TYPES))).to_physical().cast(pl.Int8)
    graph = open_follower_graph(lake.graph(day))
    sent = pl.read_parquet(lake.shill(day) / "growth_followers.parquet").filter(pl.col("class") == BOMBED)
    found = rate_followers(
        graph,
        codes.to_numpy(),
        model.evidence_bin(profiles["suspicion"].to_numpy()),
        model,
        left_out=graph.follower_positions(sent["node"].to_numpy(), sent["follower"].to_numpy()),
    )
    frame = signal_rows(
        SUSPICIOUS_FOLLOWERS,
        found.suspicious_share,
        found.followers_profiled,
        bounds=(found.low["suspicious"], found.high["suspicious"]),
        detail=_told(found),
    )
    out = lake.shill(day) / f"{SUSPICIOUS_FOLLOWERS}.parquet"
    lake.write_frame(out, frame)
    lake.write_frame(lake.shill(day) / "follower_type_shares.parquet", _types(found))
    return dg.MaterializeResult(
        metadata={**signal_metadata(frame, out, lake, day), "profile model": model.version}
    )


def _told(found: FollowerQuality) -> list[str | None]:
    """What the other followers of each account look like, in words; None where too few were profiled."""
    told: list[str | None] = [None] * len(found.followers_profiled)
    nodes = np.flatnonzero(found.is_measured)
    shares = zip(*(found.shares[name][nodes].tolist() for name in GENUINE_TYPES), strict=True)
    for node, of_types in zip(nodes.tolist(), shares, strict=True):
        told[node] = other_followers(dict(zip(GENUINE_TYPES, of_types, strict=True)))
    return told


def _types(found: FollowerQuality) -> pl.DataFrame:
    """One row per account with enough profiled followers and type: node, profile_type, share, bounds, n."""
    nodes = np.flatnonzero(found.is_measured).astype(np.uint32)
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "node": nodes,
                    "profile_type": pl.repeat(name, len(nodes), dtype=pl.String, eager=True),
                    "share": found.shares[name][nodes],
                    "share_low": found.low[name][nodes],
                    "share_high": found.high[name][nodes],
                    "n": found.followers_profiled[nodes],
                }
            )
            for name in FOLLOWER_TYPES
        ]
    )
