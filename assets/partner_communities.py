"""Stage 5, partners: the groups inside the audience as published, with the candidates each one trusts."""

import dagster as dg
import polars as pl

from assets.communities import communities
from assets.display import table_metadata
from assets.partitions import audience_and_day, audience_days, run_id_of
from assets.partners import GROUP, OWNERS, partner_ranking
from assets.ports import Engine, Lake

COMMUNITY_VOICES = 20


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[partner_ranking, communities],
    kinds={"duckdb"},
    owners=OWNERS,
)
def partner_communities(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """The groups inside the audience with a readable name, and the candidates that each one trusts."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    tables = {
        "community_members": folder / "community_members.parquet",
        "community_candidates": folder / "community_candidates.parquet",
        "candidates": folder / "ranked_candidates.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
    }
    about = {"run_id": run_id_of(context), "audience": audience}
    out = folder / "communities.parquet"
    engine.to_parquet("partners/communities", out, tables, about)
    engine.to_parquet(
        "partners/community_voices",
        folder / "community_voices.parquet",
        tables,
        {**about, "most_voices": COMMUNITY_VOICES},
    )
    return dg.MaterializeResult(metadata=table_metadata(pl.read_parquet(out), out))
