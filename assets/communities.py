"""Stage 3, trust: the groups inside the audience, what they share and whom they follow, per audience and day.

The groups come before the ranking, their published form after it, because only then is it known where the
whole list places the voices of each.
"""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.display import rows_table, table_metadata
from assets.graph import accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.partitions import audience_and_day
from assets.ports import Engine, Lake
from assets.sentences import INTERACTIONS
from assets.stages import TRUST_STAGE
from assets.trust import audience_affinity, read_interactions
from graph.network.followers import open_follower_graph
from graph.text.characteristic_terms import CharacteristicTerms, terms_by_source
from graph.trust.bridges import CommunityReach, community_reach, shores
from graph.trust.communities import (
    Communities,
    CommunityVoices,
    audience_communities,
    community_voices,
)

NEWEST_POSTS = 10
"""Posts read per member: what it writes about shows soon, and more of them cost time."""

POST_LENGTH = 150
BIO_LENGTH = 1_000

MOST_VOICES = 100_000
"""Accounts of which it is counted how many of each group follow them: those that most members follow. A list
of candidates is a twentieth of that, and a large audience follows millions of accounts."""

HOME_FOLLOWERS = 3
"""Members of a community that must follow an account for it to be at home there."""


@TRUST_STAGE.asset(
    deps=[input_tables, accounts, cleaned_audience, audience_affinity, follower_graph, interaction_graph],
    kinds={"igraph", "duckdb"},
)
def communities(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """The groups inside the audience, how far they hold, whom and what they share, and who bridges them."""
    audience, day = audience_and_day(context)
    folder, network = lake.audience(day, audience), lake.graph(day)
    graph, members = open_follower_graph(network), read_audience(folder)
    followed = (
        pl.scan_parquet(folder / "affinity.parquet")
        .filter(pl.col("audience_followers") > 1)
        .select("node", "audience_followers", "lift_low")
        .collect()
    )
    candidates = followed["node"].to_numpy()
    found = audience_communities(
        graph,
        members,
        candidates,
        interactions=read_interactions(lake, day, graph.n_accounts),
        follows_are_interactions=lake.read_json(network / "basis.json")["basis"] == INTERACTIONS,
    )
    heard = _most_followed(followed)
    voices = community_voices(graph, members, found, heard["node"].to_numpy())
    reach = community_reach(voices, shores(found, members), floats(heard["lift_low"]) > 1)
    texts = engine.frame(
        "trust/member_texts",
        {
            "posts": lake.inputs(day) / "posts.parquet",
            "accounts": network / "accounts.parquet",
            "members": folder / "members.parquet",
        },
        {"newest_posts": NEWEST_POSTS, "post_length": POST_LENGTH, "bio_length": BIO_LENGTH},
    )
    grouped = texts.join(
        pl.DataFrame({"node": found.nodes, "community": found.membership}),
        on="node",
        maintain_order="left",
    )
    terms = terms_by_source(
        [grouped["bio"].to_list(), grouped["posts"].to_list()],
        grouped["community"].to_numpy(),
        strata=grouped["language"].to_list(),
    )
    frame = pl.DataFrame({"node": found.nodes, "community": found.membership, "weight": members.weight})
    out = folder / "community_members.parquet"
    lake.write_frame(out, frame)
    _write_findings(lake, folder, found, voices, reach, terms)
    engine.to_parquet(
        "trust/community_homes",
        folder / "community_homes.parquet",
        {name: folder / f"{name}.parquet" for name in ("community_members", "community_candidates")},
        {"fewest_followers": HOME_FOLLOWERS},
    )
    sizes = frame.group_by("community").len().sort("len", "community", descending=[True, False])
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "modularity": found.modularity,
            "stability": found.stability,
            "stability over seeds alone": found.seed_stability,
            "bridge voices": int(reach.is_bridge.sum()),
            "accounts looked at for what each group follows": f"{heard.height:,} of {followed.height:,}",
            "sizes": rows_table(sizes),
        }
    )


def _most_followed(followed: pl.DataFrame) -> pl.DataFrame:
    """The `MOST_VOICES` accounts that most members follow, in the order given."""
    if followed.height <= MOST_VOICES:
        return followed
    first = followed.sort("audience_followers", "node", descending=[True, False]).head(MOST_VOICES)
    return followed.join(first, on="node", how="semi", maintain_order="left")


def _lists_of(is_there: np.ndarray) -> pl.Series:
    """For every column of a table bool[rows, columns] the numbers of the rows where it is true."""
    column, row = np.nonzero(is_there.T)
    found = pl.DataFrame({"column": column, "row": row.astype(np.int32)})
    return (
        pl.DataFrame({"column": np.arange(is_there.shape[1])})
        .join(
            found.group_by("column", maintain_order=True).agg("row"),
            on="column",
            how="left",
            maintain_order="left",
        )
        .select(pl.col("row").fill_null(pl.lit([], pl.List(pl.Int32))))
        .to_series()
    )


def _write_findings(
    lake: Lake,
    folder: Path,
    found: Communities,
    voices: CommunityVoices,
    reach: CommunityReach,
    terms: CharacteristicTerms,
) -> None:
    """Write what is known of each community, of each candidate, and of each pair of them."""
    n_communities, n_candidates = voices.followers.shape
    lake.write_json(
        folder / "communities.json",
        {
            "modularity": found.modularity,
            "stability": found.stability,
            "seed_stability": found.seed_stability,
        },
    )
    number = np.arange(n_communities, dtype=np.int32)
    by_group = pl.DataFrame(
        {"community": terms.group, "term": terms.term}, schema_overrides={"term": pl.String}
    )
    lake.write_frame(
        folder / "community_facts.parquet",
        pl.DataFrame(
            {
                "community": number,
                "stability": found.community_stability,
                "internal_share": found.internal_share,
            }
        ).join(
            by_group.group_by("community", maintain_order=True).agg(pl.col("term").alias("terms")),
            on="community",
            how="left",
            maintain_order="left",
        ),
    )
    lake.write_frame(
        folder / "community_candidates.parquet",
        pl.DataFrame(
            {
                "community": np.repeat(number, n_candidates),
                "node": np.tile(voices.candidates, n_communities),
                "followers": voices.followers.ravel(),
                "share": voices.share.ravel(),
                "share_low": voices.share_low.ravel(),
                "lift": voices.lift.ravel(),
            }
        ).filter(pl.col("followers") > 0),
    )
    covered = pl.Series(reach.communities_covered, nan_to_null=True)
    lake.write_frame(
        folder / "community_reach.parquet",
        pl.DataFrame(
            {
                "node": voices.candidates,
                "communities_covered": covered.cast(pl.Int32),
                "bridge_score": pl.Series(reach.bridge_score, nan_to_null=True),
                "is_bridge": reach.is_bridge,
                "covered_communities": _lists_of(reach.covered),
            }
        ).with_columns(
            pl.when(pl.col("communities_covered").is_not_null()).then(name).alias(name)
            for name in ("is_bridge", "covered_communities")
        ),
    )
