"""Stage 3, trust: whom this audience already listens to, per audience and day.

The audience is cleaned first, and every figure is kept raw and cleaned. Affinity says how special and how
many, endorsement who is vouched for by whom the audience vouches for, word of mouth who is talked about
unasked, communities where in the audience each voice is heard.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.columns import floats
from assets.display import markdown_table, table_metadata, with_handles
from assets.graph import account_profiles, accounts, follower_graph, interaction_graph
from assets.partitions import DATA_TAG, audience_and_day, audience_days
from assets.ports import Engine, Lake
from graph.affinity import Affinity, affinity
from graph.audience import CleanedAudience, clean_audience
from graph.communities import audience_communities, community_voices
from graph.endorsement import blended_endorsement, endorsement, interaction_share
from graph.followers import open_follower_graph
from graph.interactions import InteractionGraph
from graph.pagerank import personalised_pagerank
from graph.word_of_mouth import SPOKEN_KINDS, WordOfMouth
from graph.word_of_mouth import word_of_mouth as count_voices

GROUP = "trust"
OWNERS = ["team:analysts"]
AFFINITY_NUMBERS = ("audience_size_effective", "baseline_size_effective")
AFFINITY_ARRAYS = tuple(field.name for field in fields(Affinity) if field.name not in AFFINITY_NUMBERS)


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[accounts, account_profiles, follower_graph],
    kinds={"parquet"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "audience_has_weight",
            asset="cleaned_audience",
            blocking=True,
            description="At least one member is known to the network and keeps a weight above zero.",
        )
    ],
)
def cleaned_audience(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Each member with a weight: less for those who follow masses and for profiles that look empty."""
    audience, day = audience_and_day(context)
    _refuse_other_data(context, lake, day)
    members = engine.frame(
        "trust/members",
        {
            "audience_members": lake.inputs(day) / "audience_members.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "profiles": lake.graph(day) / "profiles.parquet",
        },
        {"audience": audience},
    )
    nodes = members["node"].to_numpy()
    listed = open_follower_graph(lake.graph(day)).following_counts[nodes].astype(np.float64)
    claimed = floats(members["following_count"])
    cleaned = clean_audience(
        nodes,
        floats(members["stated_weight"]),
        np.fmax(claimed, listed),
        floats(members["emptiness"]),
        floats(members["suspicion"]),
    )
    frame = members.select("node", "profile_type", "since").with_columns(
        pl.Series("stated_weight", cleaned.stated_weight),
        pl.Series("weight", cleaned.weight),
        pl.Series("attention_factor", cleaned.attention_factor),
        pl.Series("profile_factor", cleaned.profile_factor),
    )
    out = lake.audience(day, audience) / "members.parquet"
    lake.write_frame(out, frame)
    kept = float(cleaned.weight.sum())
    by_type = frame.group_by("profile_type").agg(pl.len().alias("members"), pl.col("weight").mean())
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=5),
            "members": len(nodes),
            "members, cleaned": round(kept, 1),
            "by profile type": dg.MetadataValue.md(markdown_table(by_type.sort("members", descending=True))),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="audience_has_weight",
                passed=kept > 0,
                metadata={"members known to the network": len(nodes)},
            )
        ],
    )


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


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[cleaned_audience],
    kinds={"duckdb", "numpy"},
    owners=OWNERS,
)
def word_of_mouth(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Distinct members who mention, quote or repost an account, and over how many weeks."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    events = engine.frame(
        "trust/word_of_mouth_events",
        {
            "interactions": lake.inputs(day) / "interactions.parquet",
            "posts": lake.inputs(day) / "posts.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "members": folder / "members.parquet",
        },
    )
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    found = count_voices(
        n_accounts,
        read_audience(folder),
        events["actor"].to_numpy(),
        events["target"].to_numpy(),
        events["kind"].to_numpy(),
        events["week"].to_numpy(),
        events=events["events"].to_numpy(),
    )
    heard = np.flatnonzero(found.voices > 0)
    frame = pl.DataFrame(
        {
            "node": heard.astype(np.uint32),
            "voices": found.voices[heard],
            "voices_cleaned": found.voices_cleaned[heard],
            "weeks": found.weeks[heard],
            "events": found.events[heard],
        }
    )
    # Nobody talked about is a finding; no table of talk is not, and the two must not be mixed up.
    lake.write_json(folder / "word_of_mouth.json", {"measured": _has_talk(lake, day)})
    pairs = {"member": found.pair_member, "account": found.pair_account}
    lake.write_frame(folder / "word_of_mouth_pairs.parquet", pl.DataFrame(pairs))
    out = folder / "word_of_mouth.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("voices_cleaned", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "most talked about": dg.MetadataValue.md(markdown_table(with_handles(top, lake, day))),
        }
    )


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


def read_audience(folder: Path) -> CleanedAudience:
    """The cleaned audience that `cleaned_audience` left in an audience's folder."""
    frame = pl.read_parquet(folder / "members.parquet")
    return CleanedAudience(
        members=frame["node"].to_numpy(),
        stated_weight=frame["stated_weight"].to_numpy(),
        weight=frame["weight"].to_numpy(),
        attention_factor=frame["attention_factor"].to_numpy(),
        profile_factor=frame["profile_factor"].to_numpy(),
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


def read_voices(folder: Path, n_accounts: int) -> WordOfMouth:
    """The word of mouth that the asset left in an audience's folder; 0 where nobody was heard."""
    frame = pl.read_parquet(folder / "word_of_mouth.parquet")
    pairs = pl.read_parquet(folder / "word_of_mouth_pairs.parquet")
    arrays = {}
    for name in ("voices", "voices_cleaned", "weeks", "events"):
        values = frame[name].to_numpy()
        arrays[name] = np.zeros(n_accounts, dtype=values.dtype)
        arrays[name][frame["node"].to_numpy()] = values
    return WordOfMouth(
        **arrays, pair_member=pairs["member"].to_numpy(), pair_account=pairs["account"].to_numpy()
    )


def _refuse_other_data(context: dg.AssetExecutionContext, lake: Lake, day: str) -> None:
    """Stop a run whose inputs were replaced since: the inputs of a day are one folder for all data."""
    asked = context.run.tags.get(DATA_TAG)
    found = lake.read_json(lake.inputs(day) / "source.json")["data_dir"]
    if asked is not None and Path(asked) != Path(found):
        raise dg.Failure(
            f"The inputs of {day} now come from another data folder, {found}; this run is about {asked}. "
            "Run it again: vouch run --data DIR.",
            allow_retries=False,
        )


def _has_talk(lake: Lake, day: str) -> bool:
    kinds = pl.scan_parquet(lake.graph(day) / "interactions.parquet").select(pl.col("kind").unique())
    return not set(SPOKEN_KINDS).isdisjoint(kinds.collect()["kind"])
