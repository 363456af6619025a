"""Engagement pods: circles that engage with each other's posts beyond activity and friendship."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.columns import floats
from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake
from assets.shill.groups import MEMBER, POD, write_groups
from assets.shill.sentences import pod_group
from assets.shill.signals import ENGAGEMENT_PODS, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.network.followers import open_follower_graph
from graph.together.likeness import group_likeness
from graph.together.pod_causes import is_friendship, is_hurried, without_groups
from graph.together.pods import MIN_POSTS, PodGroup
from graph.together.pods import engagement_pods as find_pods


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, follower_graph],
    kinds={"duckdb", "numpy"},
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
    lake.write_frame(folder / "engagements.parquet", acts)
    lake.write_frame(folder / "pod_members.parquet", _members(found.groups))
    times = _times(engine, folder, len(found.groups))
    alike = group_likeness(
        friends,
        [group.members for group in found.groups],
        np.flatnonzero(found.n_posts >= MIN_POSTS),
        found.friend_pairs,
    )
    hurried = is_hurried(
        *(floats(times[name]) for name in ("first_hour_share", "timed_acts", "usual_first_hour_share"))
    )
    explained = is_friendship(np.array([g.befriended for g in found.groups]), alike, hurried)
    friendly = [found.groups[number].members for number in np.flatnonzero(explained).tolist()]
    score, partners = without_groups(found, friendly)
    frame = signal_rows(ENGAGEMENT_PODS, score, found.n_posts, threshold=found.threshold, count=partners)
    out = folder / f"{ENGAGEMENT_PODS}.parquet"
    lake.write_frame(out, frame)
    kept = np.flatnonzero(~explained)
    pods = [found.groups[number] for number in kept.tolist()]
    write_groups(
        lake,
        folder,
        POD,
        _groups(pods, times[kept], alike[kept]),
        _members(pods).with_columns(role=pl.lit(MEMBER)),
    )
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "groups": len(pods),
            "circles explained by friendship": int(explained.sum()),
            "threshold": found.threshold,
        }
    )


def _members(groups: Sequence[PodGroup]) -> pl.DataFrame:
    """The members of every group, numbered from 0."""
    return pl.DataFrame(
        {
            "group": np.repeat(np.arange(len(groups)), [group.members.size for group in groups]),
            "node": np.concatenate([np.empty(0, dtype=np.int64), *(group.members for group in groups)]),
        },
        schema={"group": pl.UInt32, "node": pl.UInt32},
    )


def _times(engine: Engine, folder: Path, n_groups: int) -> pl.DataFrame:
    """When and how soon each group engages, one row per group."""
    tables = {name: folder / f"{name}.parquet" for name in ("pod_members", "engagements")}
    found = engine.frame("shill/pod_times", tables)
    every = pl.DataFrame({"group": np.arange(n_groups)}, schema={"group": pl.UInt32})
    return every.join(found, on="group", how="left", maintain_order="left")


def _groups(pods: Sequence[PodGroup], times: pl.DataFrame, alike: np.ndarray) -> pl.DataFrame:
    """One row per group, as `write_groups` wants it.

    Without a threshold: single pairs and accounts that stand out make a group, its own score decides nothing.
    """
    about = [
        pod_group(
            (group.members.size, group.rate, group.expected),
            (row["first_hour_share"], row["usual_first_hour_share"], row["typical_delay_s"]),
            group.befriended,
            None if np.isnan(topic) else float(topic),
        )
        for group, row, topic in zip(pods, times.iter_rows(named=True), alike, strict=True)
    ]
    figures = {
        "density": [group.density for group in pods],
        "contrast": [group.contrast for group in pods],
        "score": [group.score for group in pods],
        "observed": [group.rate for group in pods],
        "expected": [group.expected for group in pods],
    }
    return times.select("first_at", "last_at", "first_hour_share", "typical_delay_s").with_columns(
        pl.Series("group", np.arange(len(pods)), dtype=pl.UInt32),
        *(pl.Series(name, values, dtype=pl.Float64) for name, values in figures.items()),
        pl.Series("topic_match", alike, dtype=pl.Float64, nan_to_null=True),
        pl.Series("about", about, dtype=pl.String),
    )
