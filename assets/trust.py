"""Stage 3, trust: whom this audience already listens to, per audience and day.

Affinity says how special and how many, endorsement who is vouched for by whom the audience vouches for.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import GROUP, OWNERS, cleaned_audience, read_audience
from assets.display import markdown_table, table_metadata, with_handles
from assets.graph import follower_graph, interaction_graph
from assets.partitions import audience_and_day, audience_days
from assets.ports import Lake
from graph.affinity import Affinity, affinity
from graph.endorsement import blended_endorsement, endorsement, interaction_share
from graph.followers import open_follower_graph
from graph.interactions import InteractionGraph
from graph.pagerank import personalised_pagerank

AFFINITY_NUMBERS = ("audience_size_effective", "baseline_size_effective")
AFFINITY_ARRAYS = tuple(field.name for field in fields(Affinity) if field.name not in AFFINITY_NUMBERS)


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[cleaned_audience, follower_graph],
    kinds={"numpy"},
    owners=OWNERS,
)
def audience_affinity(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """How many of the audience follow each account, and how special that is against similar accounts."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    found = affinity(open_follower_graph(lake.graph(day)), read_audience(folder))
    heard = np.flatnonzero(found.audience_followers > 0)
    frame = pl.DataFrame(
        {"node": heard.astype(np.uint32)} | {name: getattr(found, name)[heard] for name in AFFINITY_ARRAYS}
    )
    lake.write_json(folder / "affinity.json", {name: getattr(found, name) for name in AFFINITY_NUMBERS})
    out = folder / "affinity.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("audience_followers_cleaned", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "most followed": dg.MetadataValue.md(markdown_table(with_handles(top, lake, day))),
        }
    )


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[cleaned_audience, audience_affinity, follower_graph, interaction_graph],
    kinds={"numpy"},
    owners=OWNERS,
)
def audience_endorsement(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Personalised PageRank from the cleaned audience, restart mass out, times the positive log of lift."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    graph = open_follower_graph(lake.graph(day))
    interactions = read_interactions(lake, day, graph.n_accounts)
    members = read_audience(folder)
    restart = np.zeros(graph.n_accounts)
    restart[members.members] = members.weight
    restart /= restart.sum()
    on_follows = personalised_pagerank(graph.following_offsets, graph.following, restart)
    on_interactions = personalised_pagerank(
        interactions.offsets, interactions.targets, restart, weights=interactions.weights
    )
    found = read_affinity(lake, folder, graph.n_accounts)
    over_follows, over_interactions = (
        endorsement(
            walk.scores, restart, found.lift, restart_share=walk.restart_share, lift_low=found.lift_low
        )
        for walk in (on_follows, on_interactions)
    )
    spoken = interaction_share(
        members.weight,
        graph.following_counts[members.members],
        np.diff(interactions.offsets)[members.members],
    )
    lake.write_json(folder / "endorsement.json", {"interaction_share": spoken})
    values = blended_endorsement(over_follows, over_interactions, spoken)
    kept = np.flatnonzero(values > 0)
    frame = pl.DataFrame(
        {
            "node": kept.astype(np.uint32),
            "endorsement": values[kept],
            "over_follows": over_follows[kept],
            "over_interactions": over_interactions[kept],
        }
    )
    out = folder / "endorsement.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("endorsement", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "strongest": dg.MetadataValue.md(markdown_table(with_handles(top, lake, day))),
            "iterations on follows": on_follows.iterations,
            "residual on follows": on_follows.residual,
            "iterations on interactions": on_interactions.iterations,
            "share of the walk over interactions": spoken,
        }
    )


def read_affinity(lake: Lake, folder: Path, n_accounts: int) -> Affinity:
    """The affinity that `audience_affinity` left in an audience's folder; NaN where no member follows."""
    frame = pl.read_parquet(folder / "affinity.parquet")
    columns: dict[str, Any] = lake.read_json(folder / "affinity.json")
    for name in AFFINITY_ARRAYS:
        columns[name] = np.full(n_accounts, np.nan)
        columns[name][frame["node"].to_numpy()] = frame[name].to_numpy()
    return Affinity(**columns)


def read_interactions(lake: Lake, day: str, n_accounts: int) -> InteractionGraph:
    """The weighted interaction graph of a day, memory-mapped."""
    offsets, targets, weights = (
        np.load(lake.graph(day) / f"interaction_{name}.npy", mmap_mode="r")
        for name in ("offsets", "targets", "weights")
    )
    return InteractionGraph(n_accounts=n_accounts, offsets=offsets, targets=targets, weights=weights)
