"""Stage 3, trust: the audience as it should count, per audience and day.

The list may be poisoned, so it is cleaned before anything is measured on it: every member has a weight and
the factors that made it. What the audience listens to is measured by the modules that read this one.
"""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.columns import floats
from assets.display import rows_table, table_metadata, with_handles
from assets.graph import account_profiles, accounts, follower_graph
from assets.inputs import input_tables
from assets.partitions import DATA_TAG, audience_and_day
from assets.plots import histogram
from assets.ports import Engine, Lake
from assets.sentences import FOLLOWS
from assets.stages import TRUST_STAGE
from graph.lockstep.audience_lockstep import LockstepBlock, lockstep_blocks, lockstep_factor
from graph.network.followers import open_follower_graph
from graph.trust.audience import CleanedAudience, clean_audience, weight_by_reason


@TRUST_STAGE.asset(
    deps=[input_tables, accounts, account_profiles, follower_graph],
    kinds={"parquet"},
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
    """Each member with a weight: less for those who follow masses and for profiles that look empty.

    Cleaning takes all from nobody, so that the inputs know beforehand which audience has no weight.
    """
    audience, day = audience_and_day(context)
    _refuse_changed_inputs(context, lake, day)
    members = engine.frame(
        "trust/members",
        {
            "audience_members": lake.inputs(day) / "audience_members.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "profiles": lake.graph(day) / "profiles.parquet",
        },
        {"audience": audience},
    )
    _write_own(lake, engine, day, audience)
    nodes = members["node"].to_numpy()
    graph = open_follower_graph(lake.graph(day))
    listed = graph.following_counts[nodes].astype(np.float64)
    # One message that names three accounts joins them without anybody's purchase: only follows are evidence.
    is_evidence = lake.read_json(lake.graph(day) / "basis.json")["basis"] == FOLLOWS
    blocks = lockstep_blocks(graph, nodes) if is_evidence else []
    claimed = floats(members["following_count"])
    cleaned = clean_audience(
        nodes,
        floats(members["stated_weight"]),
        np.fmax(claimed, listed),
        floats(members["emptiness"]),
        floats(members["suspicion"]),
        lockstep=lockstep_factor(len(nodes), blocks),
    )
    frame = members.select("node", "profile_type", "since").with_columns(
        pl.Series("stated_weight", cleaned.stated_weight),
        pl.Series("weight", cleaned.weight),
        pl.Series("attention_factor", cleaned.attention_factor),
        pl.Series("profile_factor", cleaned.profile_factor),
        pl.Series("lockstep_factor", cleaned.lockstep_factor),
        pl.Series("reason", cleaned.reason),
    )
    out = lake.audience(day, audience) / "members.parquet"
    lake.write_frame(out, frame)
    kept = float(cleaned.weight.sum())
    by_reason = pl.DataFrame(
        [
            {"reason": reason, "members": count, "weight_lost": round(lost, 1)}
            for reason, (count, lost) in weight_by_reason(cleaned).items()
        ],
        schema={"reason": pl.String, "members": pl.Int64, "weight_lost": pl.Float64},
    )
    by_type = frame.group_by("profile_type").agg(pl.len().alias("members"), pl.col("weight").mean())
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=5),
            "members": len(nodes),
            "members, by the list's own weights": round(float(cleaned.stated_weight.sum()), 1),
            "members, cleaned": round(kept, 1),
            "members who move as one": _shown_blocks(blocks, lake, day),
            "weight lost by main reason": rows_table(by_reason),
            "by profile type": rows_table(by_type.sort("members", descending=True)),
            "weights": histogram(cleaned.weight, "weight", "members", span=(0.0, 1.0)),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="audience_has_weight",
                passed=kept > 0,
                metadata={
                    "members known to the network": len(nodes),
                    "weight lost by main reason": rows_table(by_reason),
                },
            )
        ],
    )


def _write_own(lake: Lake, engine: Engine, day: str, audience: str) -> None:
    """The brands that matter to the audience, and its own accounts: what "own" means, once for all stages."""
    inputs, folder = lake.inputs(day), lake.audience(day, audience)
    brands = folder / "brands_of_audience.parquet"
    engine.to_parquet(
        "trust/brands_of_audience",
        brands,
        {
            "brands": inputs / "brands.parquet",
            "audience_owners": inputs / "audience_owners.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
        },
        {"audience": audience},
    )
    engine.to_parquet("trust/owners", folder / "owners.parquet", {"brands_of_audience": brands})


def _shown_blocks(blocks: list[LockstepBlock], lake: Lake, day: str) -> dg.MetadataValue:
    """Each lockstep block with the accounts that its members follow in unison."""
    if not blocks:
        return dg.MetadataValue.md("none found")
    accounts = pl.DataFrame(
        {
            "node": np.concatenate([block.accounts for block in blocks]),
            "block": np.repeat(np.arange(len(blocks)), [block.accounts.size for block in blocks]),
        }
    )
    handles = with_handles(accounts, lake, day).group_by("block").agg(pl.col("handle").str.join(", "))
    figures = pl.DataFrame(
        [
            {
                "block": number,
                "members": block.members.size,
                "density": round(block.density, 2),
                "gap": round(block.gap, 2),
                "contrast": round(block.contrast, 2),
            }
            for number, block in enumerate(blocks)
        ]
    )
    return rows_table(figures.join(handles, on="block").sort("block"))


def read_audience(folder: Path) -> CleanedAudience:
    """The cleaned audience that `cleaned_audience` left in an audience's folder."""
    frame = pl.read_parquet(folder / "members.parquet")
    return CleanedAudience(
        members=frame["node"].to_numpy(),
        stated_weight=frame["stated_weight"].to_numpy(),
        weight=frame["weight"].to_numpy(),
        attention_factor=frame["attention_factor"].to_numpy(),
        profile_factor=frame["profile_factor"].to_numpy(),
        lockstep_factor=frame["lockstep_factor"].to_numpy(),
        reason=frame["reason"].to_numpy().astype(np.str_),
    )


def _refuse_changed_inputs(context: dg.AssetExecutionContext, lake: Lake, day: str) -> None:
    """Stop a run whose inputs were removed, or replaced: those of a day are one folder for all data.

    Between two jobs of a chain nobody works in the home, and so whoever waited for that may begin.
    """
    if not lake.has_inputs(day):
        raise dg.Failure(
            f"The tables of {day} are not in the lake any more: forgetting somebody removes the tables "
            f"of every day. Run that day again: vouch run --data DIR --as-of {day}.",
            allow_retries=False,
        )
    asked = context.run.tags.get(DATA_TAG)
    found = lake.source(day)["data_dir"]
    if asked is not None and Path(asked) != Path(found):
        raise dg.Failure(
            f"The inputs of {day} now come from another data folder, {found}; this run is about {asked}. "
            "Run it again: vouch run --data DIR.",
            allow_retries=False,
        )
