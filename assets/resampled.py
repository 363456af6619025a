"""Stage 3, trust: who is a candidate, and what is measured of candidates in audiences drawn anew.

By far the longest walk of a run, and no review, price or earlier run has a part in it: so it is a step of its
own, which is not made again with the ranking.
"""

from dataclasses import fields
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.display import table_metadata
from assets.graph import account_profiles, accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.partitions import audience_and_day
from assets.ports import Engine, Lake
from assets.stages import TRUST_STAGE
from assets.trust import audience_affinity, audience_endorsement, read_interactions, read_listeners
from assets.word_of_mouth import read_voices, word_of_mouth
from graph.network.followers import open_follower_graph
from graph.trust.listeners import listeners
from graph.trust.replicates import Observed, Replicates, audience_replicates, replicate_budget

CANDIDATES_FILE = "candidates.parquet"
_FIGURES = tuple(field.name for field in fields(Replicates))


class CandidatesConfig(dg.Config):
    """What a person may set about the candidates.

    Attributes:
        candidate_followers: The fewest members that must follow an account to be listed at all.
        most_candidates: How many candidates are ranked, strongest endorsement first.
        seed: Seed of the bootstrap.
    """

    candidate_followers: int = 3
    most_candidates: int = 5000
    seed: int = 20261


@TRUST_STAGE.asset(
    deps=[
        input_tables,
        accounts,
        account_profiles,
        audience_affinity,
        audience_endorsement,
        cleaned_audience,
        follower_graph,
        interaction_graph,
        word_of_mouth,
    ],
    kinds={"duckdb", "numpy"},
)
def resampled_audience(
    context: dg.AssetExecutionContext,
    config: CandidatesConfig,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
) -> dg.MaterializeResult:
    """The candidates, and what they would be in audiences that could have been drawn instead."""
    audience, day = audience_and_day(context)
    folder, inputs, network = lake.audience(day, audience), lake.inputs(day), lake.graph(day)
    candidates = engine.frame(
        "trust/candidates",
        {
            "affinity": folder / "affinity.parquet",
            "endorsement": folder / "endorsement.parquet",
            "owners": folder / "owners.parquet",
            "accounts": network / "accounts.parquet",
            "brands": inputs / "brands.parquet",
        },
        {"minimum_followers": config.candidate_followers, "most_candidates": config.most_candidates},
    )
    graph = open_follower_graph(network)
    members, nodes = read_audience(folder), candidates["node"].to_numpy()
    voices_measured = lake.read_json(folder / "word_of_mouth.json")["measured"]
    voices = read_voices(folder, graph.n_accounts) if voices_measured else None
    n_replicates = replicate_budget(graph.n_follows)
    found = audience_replicates(
        graph,
        members,
        nodes,
        Observed(floats(candidates["reach_share_cleaned"]), floats(candidates["lift"])),
        interactions=read_interactions(lake, day, graph.n_accounts),
        voices=voices,
        listener_weight=read_listeners(folder, network, graph),
        n_replicates=n_replicates,
        seed=config.seed,
    )
    # Who listens is not known where nobody could be heard to speak.
    heard = listeners(graph, members, nodes, voices) if voices is not None else None
    candidates = candidates.with_columns(
        audience_listeners=pl.Series(heard.count) if heard else pl.lit(None, pl.Int64),
        audience_listeners_cleaned=pl.Series(heard.cleaned) if heard else pl.lit(None, pl.Float64),
    )
    out = folder / CANDIDATES_FILE
    lake.write_frame(out, candidates)
    lake.write_arrays(folder, {f"resampled_{name}": getattr(found, name) for name in _FIGURES})
    return dg.MaterializeResult(
        metadata={
            **table_metadata(candidates, out),
            "audiences drawn": n_replicates,
            "members that must follow a candidate": config.candidate_followers,
        }
    )


def read_replicates(folder: Path) -> Replicates:
    """The candidates' figures in the audiences that were drawn, in the order of the candidates."""
    return Replicates(**{name: np.load(folder / f"resampled_{name}.npy") for name in _FIGURES})
