"""Stage 5, partners: the ranking; evidence, communities, portfolio and history have modules of their own.

The tables written here have the columns that the published file shows. Unknown stays unknown.
"""

from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.communities import communities
from assets.display import markdown_table, table_metadata
from assets.graph import accounts, follower_graph
from assets.partitions import audience_and_day, audience_days, run_id_of
from assets.ports import Engine, Lake
from assets.shill import shill_probability
from assets.trust import audience_affinity, audience_endorsement, read_affinity, read_interactions
from assets.word_of_mouth import read_voices, word_of_mouth
from graph.endorsement import blended_endorsement
from graph.evidence_table import CONFIDENCE
from graph.followers import open_follower_graph
from graph.ranking import (
    FEW_VOICES,
    TRUST_WEIGHTS_VERSION,
    CandidateFigures,
    RankingSettings,
    rank_candidates,
    replicate_trust_parts,
    trust_parts,
)
from graph.replicates import audience_replicates, replicate_budget
from graph.size_tiers import size_tier
from graph.status import StatusBars
from graph.weights_of_evidence import DEFAULT_PRIOR

GROUP = "partners"
OWNERS = ["team:strategy"]
ID_AND_HANDLE = ("account_id", "handle")


class RankingConfig(dg.Config):
    """What a person may set about the ranking.

    Attributes:
        minimum_audience: The smallest audience for which anybody is recommended.
        minimum_audience_followers: The fewest members that must follow a candidate for a status.
        minimum_kinds: The fewest kinds of bought influence (followers, engagement, words) that must have been
            looked at for a recommendation.
        candidate_followers: The fewest members that must follow an account to be listed at all.
        most_candidates: How many candidates are ranked, strongest endorsement first.
        seed: Seed of the bootstrap.
    """

    minimum_audience: int = 150
    minimum_audience_followers: int = 5
    minimum_kinds: int = 2
    candidate_followers: int = 3
    most_candidates: int = 5000
    seed: int = 20261


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[
        accounts,
        audience_affinity,
        audience_endorsement,
        cleaned_audience,
        communities,
        follower_graph,
        shill_probability,
        word_of_mouth,
    ],
    kinds={"numpy", "parquet"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            "ranks_are_whole",
            asset="partner_ranking",
            blocking=True,
            description="Ranks are 1 to k, each once, and every interval holds its value.",
        ),
        dg.AssetCheckSpec(
            "somebody_is_listed",
            asset="partner_ranking",
            description="Warns when no account is followed by enough members to be a candidate.",
        ),
    ],
)
def partner_ranking(
    context: dg.AssetExecutionContext,
    config: RankingConfig,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
) -> dg.MaterializeResult:
    """Candidates by the lower bound of trust and the upper bound of risk, with rank intervals and status."""
    audience, day = audience_and_day(context)
    folder, inputs, network = lake.audience(day, audience), lake.inputs(day), lake.graph(day)
    engine.to_parquet(
        "trust/owners",
        folder / "owners.parquet",
        {
            "audience_owners": inputs / "audience_owners.parquet",
            "brands": inputs / "brands.parquet",
            "accounts": network / "accounts.parquet",
        },
        {"audience": audience},
    )
    candidates = engine.frame(
        "partners/candidates",
        {
            "affinity": folder / "affinity.parquet",
            "endorsement": folder / "endorsement.parquet",
            "word_of_mouth": folder / "word_of_mouth.parquet",
            "owners": folder / "owners.parquet",
            "community_candidates": folder / "community_candidates.parquet",
            "accounts": network / "accounts.parquet",
            "follower_counts": network / "follower_counts.parquet",
            "shill_probability": lake.shill(day) / "shill_probability.parquet",
            "rates": inputs / "rates.parquet",
            "brands": inputs / "brands.parquet",
        },
        {"minimum_followers": config.candidate_followers, "most_candidates": config.most_candidates},
    )
    ranked = _ranked(candidates, config, lake, day, audience)
    source = lake.read_json(inputs / "source.json")
    published = ranked.with_columns(
        run_id=pl.lit(run_id_of(context)),
        network=pl.lit(source["network"]),
        attention_basis=pl.lit(lake.read_json(network / "basis.json")["basis"]),
        audience=pl.lit(audience),
        as_of=pl.lit(day).str.to_date(),
    ).sort("rank")
    out = folder / "ranked_candidates.parquet"
    lake.write_frame(out, published)
    broken = published.filter(
        (pl.col("rank_low") > pl.col("rank"))
        | (pl.col("rank_high") < pl.col("rank"))
        | (pl.col("rank") != pl.int_range(1, pl.len() + 1))
    )
    top = published.head(20).select(
        "rank", "rank_low", "rank_high", "handle", "status", "score", "reach_share", "lift_low", "trust",
        "shill_probability",
    )  # fmt: skip
    statuses = published.group_by("status").len().sort("len", descending=True)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(published, out, preview_rows=0),
            "top of the ranking": dg.MetadataValue.md(markdown_table(top)),
            "candidates by status": dg.MetadataValue.md(markdown_table(statuses)),
            "weights version": TRUST_WEIGHTS_VERSION,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="ranks_are_whole",
                passed=broken.is_empty(),
                metadata={"rows that break the rule": dg.MetadataValue.md(markdown_table(broken.head(20)))},
            ),
            dg.AssetCheckResult(
                check_name="somebody_is_listed",
                passed=not published.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
            ),
        ],
    )


def _ranked(
    candidates: pl.DataFrame, config: RankingConfig, lake: Lake, day: str, audience: str
) -> pl.DataFrame:
    """The candidates with the columns of `partner_rankings` that follow from arrays."""
    graph, folder = open_follower_graph(lake.graph(day)), lake.audience(day, audience)
    members, n_candidates = read_audience(folder), candidates.height
    lift, lift_low = floats(candidates["lift"]), floats(candidates["lift_low"])
    voices_measured = lake.read_json(folder / "word_of_mouth.json")["measured"]
    voices = np.where(voices_measured, floats(candidates["voices_cleaned"]), np.nan)
    replicates = audience_replicates(
        graph,
        members,
        candidates["node"].to_numpy(),
        read_affinity(lake, folder, graph.n_accounts),
        interactions=read_interactions(lake, day, graph.n_accounts),
        voices=read_voices(folder, graph.n_accounts) if voices_measured else None,
        n_replicates=replicate_budget(graph.n_follows),
        seed=config.seed,
    )
    spoken = lake.read_json(folder / "endorsement.json")["interaction_share"]
    endorsement = blended_endorsement(
        floats(candidates["over_follows"]), floats(candidates["over_interactions"]), spoken
    )
    few_voices = FEW_VOICES * float(members.weight.sum())
    parts = trust_parts(endorsement, lift_low, voices, few_voices=few_voices)
    replicate_parts = replicate_trust_parts(
        blended_endorsement(replicates.endorsement, replicates.interaction_endorsement, spoken),
        replicates.lift,
        replicates.word_of_mouth,
        point_lift=lift,
        point_lift_low=lift_low,
        few_voices=few_voices,
    )
    n_signals = candidates["n_signals"].fill_null(0).to_numpy()
    unknown = n_signals == 0
    # Who could not be measured is ranked with the base rate, so that a missing table moves nobody; the
    # published probability stays empty.
    risk, risk_low, risk_high = (
        np.where(unknown, DEFAULT_PRIOR, floats(candidates[name]))
        for name in ("risk", "risk_low", "risk_high")
    )
    ranking = rank_candidates(
        CandidateFigures(
            parts=parts,
            replicate_parts=replicate_parts,
            risk=risk,
            risk_low=risk_low,
            risk_high=risk_high,
            audience_followers=floats(candidates["audience_followers"]),
            audience_followers_cleaned=floats(candidates["audience_followers_cleaned"]),
            lift_low=lift_low,
            n_signals=candidates["n_kinds"].fill_null(0).to_numpy(),
            audience_size=len(members.members),
        ),
        RankingSettings(
            bars=StatusBars(
                minimum_audience=config.minimum_audience,
                minimum_audience_followers=config.minimum_audience_followers,
                minimum_signals=config.minimum_kinds,
            ),
            risk_level=CONFIDENCE,
        ),
        config.seed,
    )
    columns: dict[str, Any] = {
        "endorsement": endorsement,
        "rank": ranking.rank,
        "rank_low": ranking.rank_low,
        "rank_high": ranking.rank_high,
        "status": ranking.status,
        "status_reason": ranking.status_reason,
        "score": ranking.score,
        "trust": ranking.trust,
        "trust_low": ranking.trust_low,
        "trust_high": ranking.trust_high,
        **{f"{name}_part": values for name, values in ranking.contributions.items()},
        "shill_probability": np.where(unknown, np.nan, risk),
        "shill_probability_low": np.where(unknown, np.nan, risk_low),
        "shill_probability_high": np.where(unknown, np.nan, risk_high),
        "authenticity_part": 1.0 - risk_high,
        "signals_measured": n_signals,
        "audience_size": np.full(n_candidates, len(members.members)),
        # What was delivered of an account's followers says nothing about its size; only the profile does.
        "size_tier": size_tier(floats(candidates["claimed_followers"])),
        "word_of_mouth_voices": pl.when(pl.lit(voices_measured)).then(candidates["voices"]),
        "word_of_mouth_voices_cleaned": voices,
        "word_of_mouth_weeks": pl.when(pl.lit(voices_measured)).then(candidates["weeks"]),
    }
    return candidates.drop("risk", "risk_low", "risk_high", "n_signals", "n_kinds").with_columns(
        **{
            name: value if isinstance(value, pl.Expr) else pl.Series(name, value)
            for name, value in columns.items()
        }
    )
