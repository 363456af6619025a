"""Stage 5, partners: the lines of evidence behind every candidate's figures.

Reads what the other stages found and writes one row per candidate and reason; the lines themselves are made
by `assets.evidence`.
"""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.communities import communities
from assets.conversation import conversation
from assets.display import table_metadata
from assets.evidence import evidence_rows
from assets.evidence_lines import Examples
from assets.graph import accounts, follower_graph, interaction_graph
from assets.partitions import audience_and_day
from assets.partners import partner_ranking
from assets.ports import Engine, Lake
from assets.sentences import FOLLOWS, account_name
from assets.shill.brands import brand_history
from assets.shill.copies import copied_text
from assets.shill.impersonation import impersonation
from assets.shill.probability import shill_probability
from assets.shill.reviews import reviews
from assets.shill.signals import BRAND_HOPPING, COPIED_TEXT, UNDISCLOSED_PROMOTION
from assets.shill.sponsorship import sponsorship
from assets.stages import PARTNERS_STAGE
from assets.trust import audience_affinity, audience_endorsement, read_interactions
from assets.trust_evidence import TrustFindings
from assets.word_of_mouth import word_of_mouth
from graph.arrays.strongest_sources import strongest_sources
from graph.network.followers import open_follower_graph

# Examples come from the strongest few, whose rows alone are read: a name that is known says more than any.
STRONGEST_VOICES = 200
HEAVIEST_MEMBERS = 500
EXAMPLES = 3


@PARTNERS_STAGE.asset(
    deps=[
        accounts,
        audience_affinity,
        audience_endorsement,
        brand_history,
        cleaned_audience,
        communities,
        conversation,
        copied_text,
        follower_graph,
        impersonation,
        interaction_graph,
        partner_ranking,
        reviews,
        shill_probability,
        sponsorship,
        word_of_mouth,
    ],
    kinds={"parquet"},
)
def partner_evidence(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """One plain sentence per candidate and reason, for or against, with the figures and example rows."""
    audience, day = audience_and_day(context)
    folder, shill = lake.audience(day, audience), lake.shill(day)
    signals = engine.frame(
        "partners/candidate_signals",
        {
            "candidates": folder / "ranked_candidates.parquet",
            "signals": shill / "signals_by_node.parquet",
        },
    )
    posts = engine.frame(
        "partners/example_posts",
        {
            "candidates": folder / "ranked_candidates.parquet",
            "post_classes": shill / "post_classes.parquet",
        },
    )
    ranked = pl.read_parquet(folder / "ranked_candidates.parquet")
    undisclosed = _by_row(ranked, posts, "undisclosed_ids")
    frame = evidence_rows(
        _with_bounds_of_trend(ranked, folder / "momentum.parquet"),
        signals,
        _findings(ranked, lake, day, folder),
        {
            UNDISCLOSED_PROMOTION: undisclosed,
            BRAND_HOPPING: undisclosed,
            COPIED_TEXT: _example_posts(ranked, shill / "copied_posts.parquet"),
        },
        pl.read_parquet(shill / "reviews.parquet"),
        pl.read_parquet(shill / "impersonation.parquet"),
        pl.read_parquet(shill / "brand_history.parquet"),
    )
    out = folder / "evidence.parquet"
    lake.write_frame(out, frame)
    return dg.MaterializeResult(metadata=table_metadata(frame, out))


def _findings(ranked: pl.DataFrame, lake: Lake, day: str, folder: Path) -> TrustFindings:
    """What the lines on trust need beside the ranking."""
    basis = lake.read_json(lake.graph(day) / "basis.json")["basis"]
    talk = lake.read_json(folder / "conversation.json")
    members = pl.scan_parquet(folder / "community_members.parquet")
    groups = members.filter(pl.col("community") >= 0).select(pl.col("community").n_unique())
    voices, voice_ids = _strong_voices(ranked, lake, day, folder, basis)
    spoken = _example_posts(ranked, folder / "conversation.parquet")
    return TrustFindings(
        basis=basis,
        baseline=lake.read_json(folder / "affinity.json")["baseline"],
        talk=talk["basis"],
        unknown_of_talk=frozenset(talk["unknown"]),
        groups=groups.collect().item(),
        cleaned_members=_cleaned_members(folder),
        members=_positions_of_members(ranked, folder),
        voices=voices,
        examples={
            "affinity": _members_who_listen(ranked, lake, day, folder, basis),
            "endorsement": voice_ids,
            "word_of_mouth": _example_posts(ranked, folder / "word_of_mouth.parquet"),
            "conversation": spoken,
            "answers": spoken,
        },
    )


def _cleaned_members(folder: Path) -> int:
    """Members who weigh less than the list says, because of what they are or do."""
    factors = pl.min_horizontal("attention_factor", "profile_factor", "lockstep_factor")
    return pl.scan_parquet(folder / "members.parquet").select((factors < 1).sum()).collect().item()


def _positions_of_members(ranked: pl.DataFrame, folder: Path) -> frozenset[int]:
    """Which rows of the ranking are members of the audience."""
    members = pl.read_parquet(folder / "members.parquet", columns=["node"])["node"]
    return frozenset(ranked["node"].is_in(members.implode()).arg_true().to_list())


def _with_bounds_of_trend(ranked: pl.DataFrame, momentum: Path) -> pl.DataFrame:
    """The ranking with the bounds of the change of trust, which only the table of momentum has."""
    trend = (
        pl.scan_parquet(momentum)
        .filter(pl.col("quantity") == "trust")
        .select(
            "account_id",
            pl.col("change_low").alias("momentum_change_low"),
            pl.col("change_high").alias("momentum_change_high"),
        )
        .collect()
    )
    return ranked.join(trend, on="account_id", how="left", maintain_order="left")


def _strong_voices(
    ranked: pl.DataFrame, lake: Lake, day: str, folder: Path, basis: str
) -> tuple[Examples, Examples]:
    """Names and ids of the strongest voices of the audience that pass attention on to each candidate."""
    strongest = (
        pl.read_parquet(folder / "endorsement.parquet", columns=["node", "endorsement"])
        .sort("endorsement", "node", descending=[True, False])
        .head(STRONGEST_VOICES)["node"]
    )
    found = _sources(ranked, strongest, lake, day, basis).with_columns(
        name=pl.struct("handle", "account_id", "display_name").map_elements(
            lambda one: account_name(one["handle"], one["account_id"], one["display_name"]), pl.String
        )
    )
    return _lists(found, "row", "name"), _lists(found, "row", "account_id")


def _members_who_listen(ranked: pl.DataFrame, lake: Lake, day: str, folder: Path, basis: str) -> Examples:
    """Ids of members that listen to each candidate, those who weigh most first."""
    members = read_audience(folder)
    heaviest = np.argsort(-members.weight, kind="stable")[:HEAVIEST_MEMBERS]
    found = _sources(ranked, pl.Series(members.members[heaviest]), lake, day, basis)
    return _lists(found, "row", "account_id")


def _sources(ranked: pl.DataFrame, sources: pl.Series, lake: Lake, day: str, basis: str) -> pl.DataFrame:
    """Who of `sources` points to each candidate, the first few: row, account_id, handle, display_name."""
    graph = open_follower_graph(lake.graph(day))
    offsets, targets = graph.following_offsets, graph.following
    if basis != FOLLOWS:
        interactions = read_interactions(lake, day, graph.n_accounts)
        offsets, targets = interactions.offsets, interactions.targets
    row, node = strongest_sources(
        offsets, targets, sources.to_numpy(), ranked["node"].to_numpy(), at_most=EXAMPLES
    )
    named = (
        pl.scan_parquet(lake.graph(day) / "accounts.parquet")
        .select("node", "account_id", "handle", "display_name")
        .filter(pl.col("node").is_in(sources.implode()))
        .collect()
    )
    return pl.DataFrame({"row": row, "node": node}, schema={"row": pl.Int64, "node": pl.UInt32}).join(
        named, on="node", how="left", maintain_order="left"
    )


def _example_posts(ranked: pl.DataFrame, path: Path) -> Examples:
    """The example posts that a stage kept for each candidate."""
    return _by_row(ranked, pl.read_parquet(path, columns=["node", "example_post_ids"]), "example_post_ids")


def _by_row(ranked: pl.DataFrame, lists: pl.DataFrame, name: str) -> Examples:
    """Lists kept by node, by the candidate's position in the ranking."""
    found = (
        ranked.select("node")
        .with_row_index("row")
        .join(lists, on="node", how="inner")
        .filter(pl.col(name).list.len() > 0)
    )
    return dict(found.select("row", pl.col(name).list.head(EXAMPLES)).iter_rows())


def _lists(found: pl.DataFrame, key: str, name: str) -> Examples:
    """The values of a column by key, in order."""
    return dict(found.group_by(key, maintain_order=True).agg(pl.col(name).drop_nulls()).iter_rows())
