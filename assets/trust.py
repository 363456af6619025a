"""Stage 3, trust: whom this audience already listens to, per audience and day.

Affinity says how special and how many, endorsement who is vouched for by whom the audience vouches for.
"""

from dataclasses import fields
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.display import rows_table, table_metadata, with_handles
from assets.graph import account_profiles, accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.partitions import audience_and_day
from assets.ports import Engine, Lake
from assets.stages import TRUST_STAGE
from graph.arrays.row_sums import Rows
from graph.arrays.sparse_rows import FloatArray, take_rows
from graph.network.followers import FollowerGraph, open_follower_graph
from graph.network.interactions import InteractionGraph
from graph.trust.affinity import Affinity, affinity
from graph.trust.audience import clean_audience
from graph.trust.baselines import AUDIENCE, CATEGORY, NETWORK, Baseline, BaselineError, find_baseline
from graph.trust.endorsement import (
    blended_endorsement,
    endorsement,
    endorsement_mass,
    everybody,
    interaction_share,
)

SMALL_BASELINE = 30.0
"""Below this many effective accounts a baseline hardly says what is usual; the check warns."""

AFFINITY_NUMBERS = ("audience_size_effective", "baseline_size_effective")
AFFINITY_ARRAYS = tuple(field.name for field in fields(Affinity) if field.name not in AFFINITY_NUMBERS)


class AffinityConfig(dg.Config):
    """What a person may set about the affinity.

    Attributes:
        baseline: What the audience is compared with: network, audience:NAME or category:NAME.
    """

    baseline: str = NETWORK


@TRUST_STAGE.asset(
    deps=[input_tables, accounts, account_profiles, cleaned_audience, follower_graph],
    kinds={"numpy"},
    check_specs=[
        dg.AssetCheckSpec(
            "baseline_is_large_enough",
            asset="audience_affinity",
            description="Warns when hardly anybody is left to compare the audience with.",
        )
    ],
)
def audience_affinity(
    context: dg.AssetExecutionContext,
    config: AffinityConfig,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
) -> dg.MaterializeResult:
    """How many of the audience follow each account, and how special that is against similar accounts."""
    audience, day = audience_and_day(context)
    folder, graph = lake.audience(day, audience), open_follower_graph(lake.graph(day))
    baseline, compared = _baseline(config.baseline, graph, lake, engine, day)
    found = affinity(graph, read_audience(folder), baseline=compared)
    heard = np.flatnonzero(found.audience_followers > 0)
    frame = pl.DataFrame(
        {"node": heard.astype(np.uint32)} | {name: getattr(found, name)[heard] for name in AFFINITY_ARRAYS}
    )
    lake.write_json(
        folder / "affinity.json",
        {"baseline": str(baseline)} | {name: getattr(found, name) for name in AFFINITY_NUMBERS},
    )
    out = folder / "affinity.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("audience_followers_cleaned", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "compared with": str(baseline),
            "baseline, effective accounts": round(found.baseline_size_effective, 1),
            "most followed": rows_table(with_handles(top, lake, day)),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="baseline_is_large_enough",
                passed=found.baseline_size_effective >= SMALL_BASELINE,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"effective accounts": found.baseline_size_effective},
            )
        ],
    )


def _baseline(
    text: str, graph: FollowerGraph, lake: Lake, engine: Engine, day: str
) -> tuple[Baseline, np.ndarray | None]:
    """The baseline as the data spell it, and its nodes; None for the whole network."""
    if text == NETWORK:
        return Baseline(), None
    inputs, network = lake.inputs(day), lake.graph(day)
    names = engine.frame(
        "trust/baseline_names",
        {name: inputs / f"{name}.parquet" for name in ("audience_members", "accounts", "brands")},
    )
    audiences, categories = (
        names.filter(pl.col("kind") == kind)["name"].to_list() for kind in (AUDIENCE, CATEGORY)
    )
    try:
        baseline = find_baseline(text, audiences, categories)
    except BaselineError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    if baseline.kind == NETWORK:
        return baseline, None
    if baseline.kind == AUDIENCE:
        members = engine.frame(
            "trust/members",
            {
                "audience_members": inputs / "audience_members.parquet",
                "accounts": network / "accounts.parquet",
                "profiles": network / "profiles.parquet",
            },
            {"audience": baseline.name},
        )
        if not (floats(members["stated_weight"].fill_null(1.0)) > 0).any():
            raise dg.Failure(
                f"No member of {baseline.name!r}, to be compared with, is known and counts. Mend that "
                "audience, or compare with another one, or with network.",
                allow_retries=False,
            )
        return baseline, members["node"].to_numpy()
    of_category = engine.frame(
        "trust/category_accounts",
        {"accounts": network / "accounts.parquet", "brands": inputs / "brands.parquet"},
        {"category": baseline.name},
    )
    _, followers = take_rows(graph.follower_offsets, graph.followers, of_category["node"].to_numpy())
    return baseline, np.unique(followers)


@TRUST_STAGE.asset(
    deps=[account_profiles, cleaned_audience, audience_affinity, follower_graph, interaction_graph],
    kinds={"numpy"},
)
def audience_endorsement(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Whom the cleaned audience points to over several steps, beyond whom everybody points to."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    graph = open_follower_graph(lake.graph(day))
    interactions = read_interactions(lake, day, graph.n_accounts)
    members = read_audience(folder)
    listeners = read_listeners(folder, lake.graph(day), graph)
    lift = np.full(graph.n_accounts, np.nan)
    followed = pl.read_parquet(folder / "affinity.parquet", columns=["node", "lift"])
    lift[followed["node"].to_numpy()] = followed["lift"].to_numpy()
    restart = np.zeros(graph.n_accounts)
    restart[members.members] = members.weight
    masses, endorsements = [], []
    by_follower = Rows(graph.follower_offsets, graph.followers)
    for offsets, targets, weights, reverse in (
        (graph.following_offsets, graph.following, None, by_follower),
        (interactions.offsets, interactions.targets, interactions.weights, None),
    ):
        both = endorsement_mass(
            offsets,
            targets,
            np.column_stack((restart, everybody(offsets, listeners, weights))),
            weights=weights,
            reverse=reverse,
            listener_weight=listeners,
        )
        masses.append(both[:, 0])
        endorsements.append(endorsement(both[:, 0], both[:, 1], lift))
    over_follows, over_interactions = endorsements
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
            "mass_over_follows": masses[0][kept],
        }
    )
    out = folder / "endorsement.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("endorsement", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "strongest": rows_table(with_handles(top, lake, day)),
            "share of the walk over interactions": spoken,
        }
    )


def read_listeners(folder: Path, network: Path, graph: FollowerGraph) -> FloatArray:
    """How much each account counts as a listener, float64[n]: as a member, else by profile and attention."""
    profiles = pl.read_parquet(network / "profiles.parquet", columns=["node", "emptiness", "suspicion"])
    everyone = clean_audience(
        profiles["node"].to_numpy(),
        None,
        graph.following_counts[profiles["node"].to_numpy()],
        floats(profiles["emptiness"]),
        floats(profiles["suspicion"]),
    )
    members = read_audience(folder)
    weight = np.ones(graph.n_accounts)
    weight[everyone.members] = everyone.weight
    weight[members.members] = members.weight
    return weight


def read_interactions(lake: Lake, day: str, n_accounts: int) -> InteractionGraph:
    """The weighted interaction graph of a day, memory-mapped."""
    offsets, targets, weights = (
        np.load(lake.graph(day) / f"interaction_{name}.npy", mmap_mode="r")
        for name in ("offsets", "targets", "weights")
    )
    return InteractionGraph(n_accounts=n_accounts, offsets=offsets, targets=targets, weights=weights)
