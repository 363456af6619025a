"""Stage 3, trust: the groups inside the audience and the voices of each, per audience and day.

The groups come before the ranking, their published form after it, because only ranked candidates are shown.
"""

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import GROUP, OWNERS, cleaned_audience, read_audience
from assets.display import markdown_table, table_metadata
from assets.partitions import audience_and_day, audience_days
from assets.ports import Lake
from assets.trust import audience_affinity
from graph.communities import audience_communities, community_voices
from graph.followers import open_follower_graph


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[cleaned_audience, audience_affinity],
    kinds={"igraph"},
    owners=OWNERS,
)
def communities(context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]) -> dg.MaterializeResult:
    """The groups inside the audience, by whom their members follow alike, and the voices of each."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    graph = open_follower_graph(lake.graph(day))
    members = read_audience(folder)
    followed = pl.read_parquet(folder / "affinity.parquet").filter(pl.col("audience_followers") > 1)
    candidates = followed["node"].to_numpy()
    found = audience_communities(graph, members, candidates)
    voices = community_voices(graph, members, found, candidates)
    frame = pl.DataFrame({"node": found.nodes, "community": found.membership, "weight": members.weight})
    out = folder / "community_members.parquet"
    lake.write_frame(out, frame)
    n_communities = voices.followers.shape[0]
    lake.write_frame(
        folder / "community_candidates.parquet",
        pl.DataFrame(
            {
                "community": np.repeat(np.arange(n_communities, dtype=np.int32), len(candidates)),
                "node": np.tile(voices.candidates, n_communities),
                "followers": voices.followers.ravel(),
                "share": voices.share.ravel(),
                "lift": voices.lift.ravel(),
            }
        ).filter(pl.col("followers") > 0),
    )
    sizes = frame.group_by("community").len().sort("len", "community", descending=[True, False])
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "modularity": found.modularity,
            "sizes": dg.MetadataValue.md(markdown_table(sizes)),
        }
    )
