"""Stage 5, partners: the ranking; evidence, communities, portfolio and history have modules of their own.

The tables written here have the columns that the published file shows. Unknown stays unknown.
"""

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.communities import communities
from assets.conversation import conversation
from assets.display import rows_table, share_of, table_metadata
from assets.graph import account_profiles, accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.kept_runs import BASIS_FILE, earlier_runs, ranking_basis
from assets.momentum import comparable_runs, momentum_rows, of_trust
from assets.partitions import audience_and_day, run_id_of
from assets.plots import histogram
from assets.ports import Engine, Lake, ReferenceTables
from assets.rank_sentences import what_would_change
from assets.resampled import CANDIDATES_FILE, read_replicates, resampled_audience
from assets.shill.impersonation import impersonation
from assets.shill.probability import shill_probability
from assets.shill.reviews import GENUINE, SHILL, reviews
from assets.stages import PARTNERS_STAGE
from assets.trust import audience_affinity, audience_endorsement
from assets.word_of_mouth import word_of_mouth
from graph.partners.ranking import (
    FEW_VOICES,
    TRUST_PARTS,
    CandidateFigures,
    Ranking,
    RankingSettings,
    rank_candidates,
    replicate_trust_parts,
    sharing_rate,
    trust_parts,
)
from graph.partners.status import MINIMUM_KINDS, NOT_REVIEWED, REVIEWED_GENUINE, REVIEWED_SHILL, StatusBars
from graph.partners.trust_weights import TrustWeights, TrustWeightsError
from graph.shill.evidence_table import CONFIDENCE
from graph.shill.weights_of_evidence import DEFAULT_PRIOR
from graph.statistics.size_tiers import rank_in_tier, size_tier
from graph.statistics.unmeasured import risk_where_unmeasured, typical_where_unmeasured
from graph.trust.endorsement import blended_endorsement
from graph.trust.momentum import MomentumSettings
from graph.trust.word_of_mouth import spread

ID_AND_HANDLE = ("account_id", "handle")
TOP_COLUMNS = (
    "rank", "handle", "status", "score", "shill_probability", "trust", "reach_share", "lift_low", "rank_low",
    "rank_high", "followers_count", "status_reason",
)  # fmt: skip
"""What the UI shows of a candidate, at the top of the ranking and where a check is broken."""

VOICE_COLUMNS = {
    "voices": "voices",
    "weeks": "weeks",
    "communities": "voice_communities",
    "prompted_voices": "prompted_voices",
    "occasions": "voice_occasions",
}
"""What a ranking shows of word of mouth, `word_of_mouth_` before it, by its column among the candidates."""

CONVERSATION_CONFIDENCE = 0.95
"""The level of the bounds that `graph.trust.conversation` gives."""


class RankingConfig(dg.Config):
    """What a person may set about the ranking.

    Attributes:
        minimum_audience: The smallest audience for which anybody is recommended.
        minimum_audience_followers: The fewest members that must follow a candidate for a status.
        minimum_kinds: The fewest kinds of bought influence (followers, engagement, words) that must have been
            looked at for a recommendation.
        trust_weights: Weights that replace those of the table, by part of trust; 0 leaves a part out.
        half_life_days: After this many days a run counts half in the momentum.
        seed: Seed of what is drawn for the rank intervals.
    """

    minimum_audience: int = 150
    minimum_audience_followers: int = 5
    minimum_kinds: int = MINIMUM_KINDS
    trust_weights: dict[str, float] = {}  # noqa: RUF012 - a field of Dagster's settings, copied for each
    half_life_days: float = 90.0
    seed: int = 20261


@PARTNERS_STAGE.asset(
    deps=[
        input_tables,
        accounts,
        account_profiles,
        audience_affinity,
        audience_endorsement,
        cleaned_audience,
        communities,
        conversation,
        follower_graph,
        impersonation,
        interaction_graph,
        resampled_audience,
        reviews,
        shill_probability,
        word_of_mouth,
    ],
    kinds={"numpy", "parquet"},
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
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Candidates by the lower bound of trust and the upper bound of risk, with rank intervals and status."""
    audience, day = audience_and_day(context)
    folder, inputs, network = lake.audience(day, audience), lake.inputs(day), lake.graph(day)
    weights = _trust_weights(reference, config)
    basis = ranking_basis(context, lake, reference, weights)
    candidates = engine.frame(
        "partners/candidates",
        {
            "chosen": folder / CANDIDATES_FILE,
            "affinity": folder / "affinity.parquet",
            "endorsement": folder / "endorsement.parquet",
            "word_of_mouth": folder / "word_of_mouth.parquet",
            "community_homes": folder / "community_homes.parquet",
            "community_reach": folder / "community_reach.parquet",
            "conversation": folder / "conversation.parquet",
            "accounts": network / "accounts.parquet",
            "follower_counts": network / "follower_counts.parquet",
            "shill_probability": lake.shill(day) / "shill_probability.parquet",
            "reviews": lake.shill(day) / "reviews.parquet",
            "impersonation": lake.shill(day) / "impersonation.parquet",
            "rates": inputs / "rates.parquet",
        },
        {"calls_are_known": lake.read_json(folder / "word_of_mouth.json")["calls_are_known"]},
    )
    ranked = _ranked(candidates, config, weights, lake, folder)
    source = lake.source(day)
    as_of = date.fromisoformat(day)
    runs, left_out = comparable_runs(
        earlier_runs(lake, audience, source["network"], as_of), basis, as_of, config.half_life_days
    )
    course = momentum_rows(ranked, runs, as_of, MomentumSettings(half_life_days=config.half_life_days))
    about_run = {"run_id": pl.lit(run_id_of(context)), "audience": pl.lit(audience)}
    lake.write_frame(folder / "momentum.parquet", course.with_columns(**about_run))
    lake.write_json(folder / BASIS_FILE, basis)
    published = ranked.with_columns(
        *of_trust(course).get_columns(),
        **about_run,
        baseline=pl.lit(basis["baseline"]),
        network=pl.lit(source["network"]),
        attention_basis=pl.lit(lake.read_json(network / "basis.json")["basis"]),
        as_of=pl.lit(as_of),
    ).sort("rank")
    out = folder / "ranked_candidates.parquet"
    lake.write_frame(out, published)
    broken = published.filter(
        (pl.col("rank_low") > pl.col("rank"))
        | (pl.col("rank_high") < pl.col("rank"))
        | (pl.col("rank") != pl.int_range(1, pl.len() + 1))
    )
    statuses = published.group_by("status").len().sort("len", "status", descending=[True, False])
    followed = pl.scan_parquet(folder / "affinity.parquet").select(pl.len()).collect().item()
    return dg.MaterializeResult(
        metadata={
            **table_metadata(published, out, preview_rows=0),
            "top of the ranking": rows_table(published, TOP_COLUMNS),
            "scores": histogram(floats(published["score"]), "score", "candidates", span=(0.0, 1.0)),
            "candidates by status": rows_table(statuses),
            "candidates": published.height,
            "recommended": int((published["status"] == "recommended").sum()),
            "share with a known risk": share_of(published["signals_measured"] > 0),
            "weights version": basis["weights"],
            "candidates whose prices, all in another currency, are left out": candidates[
                "other_price"
            ].count(),
            "runs that momentum looks at": len(runs) + 1,
            "runs left out of momentum": dg.MetadataValue.json(left_out),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="ranks_are_whole",
                passed=broken.is_empty(),
                metadata={"rows that break the rule": rows_table(broken, TOP_COLUMNS)},
            ),
            dg.AssetCheckResult(
                check_name="somebody_is_listed",
                passed=not published.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "accounts that any member follows": followed,
                },
            ),
        ],
    )


def _trust_weights(reference: ReferenceTables, config: RankingConfig) -> TrustWeights:
    """The table of trust weights with what the settings change."""
    try:
        return TrustWeights.from_rows(reference.trust_weights()).changed(config.trust_weights)
    except TrustWeightsError as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def _ranked(
    candidates: pl.DataFrame,
    config: RankingConfig,
    weights: TrustWeights,
    lake: Lake,
    folder: Path,
) -> pl.DataFrame:
    """The candidates with the columns of `partner_rankings` that follow from arrays."""
    members, n_candidates = read_audience(folder), candidates.height
    lift, lift_low = floats(candidates["lift"]), floats(candidates["lift_low"])
    voices_measured = lake.read_json(folder / "word_of_mouth.json")["measured"]
    voices = np.where(voices_measured, floats(candidates["voices_cleaned"]), np.nan)
    told = spread(floats(candidates["voice_occasions"]), candidates["voices"].to_numpy())
    replicates = read_replicates(folder)
    spoken = lake.read_json(folder / "endorsement.json")["interaction_share"]
    endorsement = blended_endorsement(
        floats(candidates["over_follows"]), floats(candidates["over_interactions"]), spoken
    )
    few_voices = FEW_VOICES * float(members.weight.sum())
    converses = typical_where_unmeasured(
        *(floats(candidates[f"conversation{bound}"]) for bound in ("", "_low", "_high")),
        confidence=CONVERSATION_CONFIDENCE,
    )
    listeners = floats(candidates["audience_listeners_cleaned"])
    parts = trust_parts(
        endorsement,
        lift_low,
        voices * told,
        converses.value,
        listeners_cleaned=listeners,
        few_voices=few_voices,
    )
    replicate_parts = replicate_trust_parts(
        blended_endorsement(replicates.endorsement, replicates.interaction_endorsement, spoken),
        replicates.lift,
        replicates.word_of_mouth * told[:, None],
        point_lift=lift,
        point_lift_low=lift_low,
        listeners_cleaned=replicates.listeners,
        few_voices=few_voices,
    )
    n_signals = candidates["n_signals"].fill_null(0).to_numpy()
    unknown = n_signals == 0
    bars = StatusBars(
        minimum_audience=config.minimum_audience,
        minimum_audience_followers=config.minimum_audience_followers,
        minimum_signals=config.minimum_kinds,
    )
    # The published probability of whoever could not be measured stays empty; see there for what ranks them.
    risk = risk_where_unmeasured(
        *(np.where(unknown, np.nan, floats(candidates[name])) for name in ("risk", "risk_low", "risk_high")),
        prior=DEFAULT_PRIOR,
        ordinary_below=bars.watch_from,
    )
    ranking = rank_candidates(
        CandidateFigures(
            parts={name: part for name, part in parts.items() if name in weights.weights},
            replicate_parts={name: part for name, part in replicate_parts.items() if name in weights.weights},
            part_spreads={"conversation": converses.spread} if "conversation" in weights.weights else {},
            risk=risk.value,
            risk_low=risk.low,
            risk_high=risk.high,
            audience_followers=floats(candidates["audience_followers"]),
            audience_followers_cleaned=floats(candidates["audience_followers_cleaned"]),
            lift_low=lift_low,
            n_signals=candidates["n_kinds"].fill_null(0).to_numpy(),
            audience_size=len(members.members),
            review=_reviews_of(candidates),
            resembles_another=candidates["resembles_another"].to_numpy(),
        ),
        RankingSettings(
            weights=weights.weights,
            bars=bars,
            risk_level=CONFIDENCE,
        ),
        config.seed,
    )
    # What was delivered of an account's followers says nothing about its size; only the profile does.
    claimed = floats(candidates["claimed_followers"])
    columns: dict[str, Any] = {
        "endorsement": endorsement,
        **_rank_columns(ranking),
        "shill_probability": np.where(unknown, np.nan, risk.value),
        "shill_probability_low": np.where(unknown, np.nan, risk.low),
        "shill_probability_high": np.where(unknown, np.nan, risk.high),
        "shill_probability_measured": np.where(unknown, np.nan, floats(candidates["risk_measured"])),
        "authenticity_part": 1.0 - risk.high,
        "signals_measured": n_signals,
        "audience_size": np.full(n_candidates, len(members.members)),
        "size_tier": size_tier(claimed),
        "rank_in_tier": rank_in_tier(ranking.rank, claimed),
        "word_of_mouth_voices_cleaned": voices,
        "sharing_rate": sharing_rate(voices, listeners),
        **{
            f"word_of_mouth_{name}": pl.when(pl.lit(voices_measured)).then(candidates[column])
            for name, column in VOICE_COLUMNS.items()
        },
    }
    made = candidates.drop(
        "risk", "risk_low", "risk_high", "risk_measured", "n_signals", "n_kinds", "voices_cleaned",
        "resembles_another",
        *VOICE_COLUMNS.values(),
    )  # fmt: skip
    return made.with_columns(
        **{
            name: value if isinstance(value, pl.Expr) else pl.Series(name, value)
            for name, value in columns.items()
        }
    ).with_columns(pl.col("rank_in_tier").replace(0, None))


def _reviews_of(candidates: pl.DataFrame) -> np.ndarray:
    """What people decided about each candidate, as `graph.partners.status` counts it, int8[k]."""
    return (
        candidates["review"]
        .replace_strict({SHILL: REVIEWED_SHILL, GENUINE: REVIEWED_GENUINE}, default=NOT_REVIEWED)
        .cast(pl.Int8)
        .to_numpy()
    )


def _rank_columns(ranking: Ranking) -> dict[str, Any]:
    """The columns that come straight from the ranking."""
    unknown = np.full(ranking.rank.size, np.nan)
    return {
        **{
            name: getattr(ranking, name)
            for name in (
                "rank",
                "rank_low",
                "rank_high",
                "status",
                "status_reason",
                "score",
                "trust",
                "trust_low",
                "trust_high",
            )
        },
        **{f"{name}_part": ranking.contributions.get(name, unknown) for name in TRUST_PARTS},
        "what_would_change": pl.Series(
            what_would_change(ranking.what_would_change, ranking.status), dtype=pl.String
        ),
    }
