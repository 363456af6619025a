"""Stage 5, partners: the groups inside the audience as published, with the voices each one trusts.

The whole list favours whom many follow, so the voices of a small group stand far down or, with too few
followers in all, not in it. They are shown here with their group.
"""

import dagster as dg
import polars as pl

from assets.audience import cleaned_audience
from assets.communities import communities
from assets.display import table_metadata
from assets.graph import accounts
from assets.inputs import input_tables
from assets.partitions import audience_and_day, run_id_of
from assets.partners import partner_ranking
from assets.ports import Engine, Lake
from assets.stages import PARTNERS_STAGE

COMMUNITY_VOICES = 20
SHOWN_IN_THE_LIST = 50
"""Whoever stands further down the whole list is hidden by it: nobody reads that far."""

SMALL_SHARE = 0.1
"""A group with a smaller part of the audience is small: its voices cannot reach more of it than that."""

FEWEST_FOLLOWERS = 2
"""Members of the group that must follow a voice: fewer than the list asks for, a small group has no more …"""

LEAST_SHARE = 0.05
"""… and the share of the group that they must be."""


@PARTNERS_STAGE.asset(
    deps=[input_tables, accounts, cleaned_audience, partner_ranking, communities],
    kinds={"duckdb"},
)
def partner_communities(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """The groups inside the audience with a readable name, and the candidates that each one trusts."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    about = {"run_id": run_id_of(context), "audience": audience}
    index = lake.graph(day) / "accounts.parquet"
    voices = folder / "community_voices.parquet"
    engine.to_parquet(
        "partners/community_voices",
        voices,
        {
            "community_candidates": folder / "community_candidates.parquet",
            "candidates": folder / "ranked_candidates.parquet",
            "owners": folder / "owners.parquet",
            "brands": lake.inputs(day) / "brands.parquet",
            "accounts": index,
        },
        {
            **about,
            "most_voices": COMMUNITY_VOICES,
            "list_length": SHOWN_IN_THE_LIST,
            "fewest_followers": FEWEST_FOLLOWERS,
            "least_share": LEAST_SHARE,
        },
    )
    out = folder / "communities.parquet"
    engine.to_parquet(
        "partners/communities",
        out,
        {
            "community_members": folder / "community_members.parquet",
            "community_facts": folder / "community_facts.parquet",
            "community_voices": voices,
            "accounts": index,
        },
        {**about, "small_share": SMALL_SHARE},
    )
    return dg.MaterializeResult(metadata=table_metadata(pl.read_parquet(out), out))
