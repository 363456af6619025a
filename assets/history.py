"""Stage 5, partners: every run kept for good, and what moved since the last one.

A day's folder is written anew by every run of that day, so what a run found for an audience is copied out of
it, whole, and published from there. A run is compared with the newest earlier one that looked at other data
and asked the same question; where there is none, the change of the question is named as the cause.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import read_audience
from assets.audience_talk import audience_talk
from assets.columns import floats
from assets.display import table_metadata
from assets.evidence_lines import SHILL
from assets.kept_runs import BASIS_FILE, KeptRun, difference, earlier_runs
from assets.partitions import (
    AUDIENCE_DIMENSION,
    RUN_ID_TAG,
    audience_and_day,
    audience_key,
    run_id_of,
)
from assets.partner_communities import partner_communities
from assets.partner_evidence import partner_evidence
from assets.partners import ID_AND_HANDLE
from assets.portfolio import partner_portfolio
from assets.ports import Clock, Lake
from assets.stages import PARTNERS_STAGE
from graph.partners.changes import RankedRun, rank_changes
from graph.partners.ranking import TRUST_PARTS

KEPT_TABLES = (
    "evidence", "portfolio", "overlap", "communities", "community_voices", "own_accounts", "advocates",
    "brand_talk", "momentum",
)  # fmt: skip
CHANGES_SCHEMA = {
    "run_id": pl.String,
    "previous_run_id": pl.String,
    "audience": pl.String,
    "account_id": pl.String,
    "handle": pl.String,
    "change": pl.String,
    "rank_before": pl.Int32,
    "rank_after": pl.Int32,
    "score_before": pl.Float64,
    "score_after": pl.Float64,
    "cause": pl.String,
    "cause_change": pl.Float64,
    "is_within_range": pl.Boolean,
    "risk_signal": pl.String,
}

_WEIGHED = {"account_id": pl.String, "signal": pl.String, "side": pl.String, "weight": pl.Float64}
"""Columns of the evidence that say what each signal weighed."""


@PARTNERS_STAGE.asset(
    deps=[partner_portfolio, partner_evidence, partner_communities, audience_talk],
    kinds={"parquet"},
)
def run_history(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], clock: dg.ResourceParam[Clock]
) -> dg.MaterializeResult:
    """This run's ranking kept for good, and what moved since the last run that looked at something else."""
    audience, day = audience_and_day(context)
    folder, run_id = lake.audience(day, audience), run_id_of(context)
    ranking = pl.read_parquet(folder / "ranking.parquet")
    basis = lake.read_json(folder / BASIS_FILE)
    record = _run_record(context, lake, clock, basis, ranking.height)
    before = _previous_run(lake, record.row(0, named=True), basis)
    changes = _changes(before, ranking, basis, run_id, audience)
    if before is not None:
        evidence = _by_account(pl.read_parquet(folder / "evidence.parquet"), lake, day, run_id, audience)
        changes = with_risk_signal(changes.drop("risk_signal"), _kept_evidence(before), evidence)
    kept = lake.run(run_id, audience)
    out = kept / "rank_changes.parquet"
    lake.write_frame(out, changes)
    lake.write_frame(kept / "ranking.parquet", ranking)
    for table in KEPT_TABLES:
        found = pl.read_parquet(folder / f"{table}.parquet")
        lake.write_frame(kept / f"{table}.parquet", _by_account(found, lake, day, run_id, audience))
    lake.write_frame(kept / "members.parquet", _members(lake, day, run_id, audience))
    lake.write_json(kept / BASIS_FILE, basis)
    # Last, because a run counts as kept from here on: a crash before this line leaves nothing that is read.
    lake.write_frame(kept / "run.parquet", record)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(changes, out),
            "compared with": "no earlier run" if before is None else before.folder.parent.name,
            "kept in": dg.MetadataValue.path(str(kept)),
        }
    )


def _members(lake: Lake, day: str, run_id: str, audience: str) -> pl.DataFrame:
    """The audience's members with their weights, the reasons for them, and the group each belongs to."""
    folder = lake.audience(day, audience)
    groups = pl.read_parquet(folder / "community_members.parquet", columns=["node", "community"])
    members = pl.read_parquet(folder / "members.parquet").join(
        groups, on="node", how="left", maintain_order="left"
    )
    return _by_account(members, lake, day, run_id, audience)


def _by_account(frame: pl.DataFrame, lake: Lake, day: str, run_id: str, audience: str) -> pl.DataFrame:
    """A table whose rows name accounts by id: node numbers belong to a day and mean nothing on another."""
    if "account_id" in frame.columns or "node" not in frame.columns:
        return frame
    accounts = pl.read_parquet(lake.graph(day) / "accounts.parquet", columns=["node", "account_id", "handle"])
    return frame.join(accounts, on="node", maintain_order="left").select(
        pl.lit(run_id).alias("run_id"),
        pl.lit(audience).alias("audience"),
        *ID_AND_HANDLE,
        pl.exclude("node", *ID_AND_HANDLE, "run_id", "audience"),
    )


def _run_record(
    context: dg.AssetExecutionContext, lake: Lake, clock: Clock, basis: dict[str, Any], candidates: int
) -> pl.DataFrame:
    """The row of `runs` for this audience."""
    audience, day = audience_and_day(context)
    source = lake.source(day)
    members = read_audience(lake.audience(day, audience))
    steps = _steps_so_far(context, audience)
    record = {
        "run_id": run_id_of(context),
        "network": source["network"],
        "as_of": date.fromisoformat(day),
        "audience": audience,
        "started_at": min((start for _, start, _ in steps), default=clock.now()).replace(tzinfo=None),
        "finished_at": clock.now().replace(tzinfo=None),
        "configuration": json.dumps(_configuration(context, lake, day), sort_keys=True),
        "weights_version": basis["weights"],
        "data_dir": source["data_dir"],
        "input_fingerprint": source["fingerprint"],
        "observed_until": source["observed_until"],
        "audience_size": len(members.members),
        "audience_size_stated": float(members.stated_weight.sum()),
        "audience_size_cleaned": float(members.weight.sum()),
        "candidates": candidates,
        "durations": json.dumps(
            {name: round((end - start).total_seconds(), 3) for name, start, end in steps}
        ),
        "is_generated": bool(source.get("is_generated")),
    }
    return pl.DataFrame([record], schema_overrides={"observed_until": pl.String}).with_columns(
        pl.col("observed_until").str.to_datetime(strict=False)
    )


def _configuration(context: dg.AssetExecutionContext, lake: Lake, day: str) -> dict[str, Any]:
    """What this audience's steps were told, and what the network's graph of interactions was told."""
    told: Any = context.run.run_config  # Dagster types it as a mapping of objects
    weights = lake.read_json(lake.graph(day) / "interaction_weights.json")
    return {**told.get("ops", {}), "interaction_graph": {"config": weights}}


def _steps_so_far(context: dg.AssetExecutionContext, audience: str) -> list[tuple[str, datetime, datetime]]:
    """Name, start and end of the finished steps of this Vouch run that this audience rests on."""
    partition = f"dagster/partition/{AUDIENCE_DIMENSION}"
    jobs = context.instance.get_runs(dg.RunsFilter(tags={RUN_ID_TAG: run_id_of(context)})) or [context.run]
    return [
        (
            step.step_key,
            datetime.fromtimestamp(step.start_time, UTC),
            datetime.fromtimestamp(step.end_time, UTC),
        )
        for job in jobs
        if job.tags.get(partition) in {None, audience_key(audience)}
        for step in context.instance.get_run_step_stats(job.run_id)
        if step.start_time and step.end_time
    ]


def _previous_run(lake: Lake, record: dict[str, Any], basis: dict[str, Any]) -> KeptRun | None:
    """The newest earlier run of this audience that tells something new.

    A repeated run finds what the run before it found; comparing with that one would wipe the changes that a
    person has not read yet. Among the others, one that asked the same question comes first, however old: only
    with it is a change a change of the world.
    """
    repeats = ("input_fingerprint", "as_of")
    others = [
        run
        for run in earlier_runs(lake, record["audience"], record["network"], record["as_of"])
        if any(run.record[name] != record[name] for name in repeats) or difference(run.basis, basis)
    ]
    comparable = [run for run in others if not difference(run.basis, basis)]
    return max(comparable or others, key=lambda run: (run.as_of, run.finished_at), default=None)


def _changes(
    previous: KeptRun | None, ranking: pl.DataFrame, basis: dict[str, Any], run_id: str, audience: str
) -> pl.DataFrame:
    """Rows of `rank_changes`: who entered, left or moved, and the part of the score that caused it.

    Where the question changed (`kept_runs.ASPECTS`), that is the cause of every move: no part of anybody.
    """
    if previous is None:
        return pl.DataFrame(schema=CHANGES_SCHEMA)
    before = pl.read_parquet(previous.folder / "ranking.parquet")
    other_question = difference(previous.basis, basis)
    found = rank_changes(_ranked_run(before), _ranked_run(ranking))
    names = pl.concat([ranking.select(ID_AND_HANDLE), before.select(ID_AND_HANDLE)]).unique(
        "account_id", keep="first"
    )
    scores = [
        frame.select("account_id", pl.col("score").alias(name))
        for name, frame in (("score_before", before), ("score_after", ranking))
    ]
    causes = pl.DataFrame(found.causes)
    main = pl.DataFrame(
        {
            "account_id": found.ids.astype(str),
            "change": found.change,
            "rank_before": found.rank_before,
            "rank_after": found.rank_after,
            "is_within_range": found.is_within_range,
            "cause": found.main_cause,
            "cause_change": [
                causes[cause][row] if cause in causes.columns else None
                for row, cause in enumerate(found.main_cause.tolist())
            ],
        },
        schema_overrides={"cause_change": pl.Float64},
    ).filter(pl.col("change") != "stayed")
    for other in (names, *scores):
        main = main.join(other, on="account_id", how="left", maintain_order="left")
    return main.select(
        pl.lit(run_id).alias("run_id"),
        pl.lit(before["run_id"].first(), pl.String).alias("previous_run_id"),
        pl.lit(audience).alias("audience"),
        *ID_AND_HANDLE,
        "change",
        pl.when(pl.col("rank_before") > 0).then("rank_before").cast(pl.Int32),
        pl.when(pl.col("rank_after") > 0).then("rank_after").cast(pl.Int32),
        "score_before",
        "score_after",
        _cause(other_question),
        pl.lit(None, pl.Float64).alias("cause_change") if other_question else pl.col("cause_change"),
        pl.when(pl.col("change") == "moved").then("is_within_range"),
        pl.lit(None, pl.String).alias("risk_signal"),
    )


def _kept_evidence(run: KeptRun) -> pl.DataFrame:
    """The lines of evidence of a kept run, none where it kept none that can be compared."""
    path = run.folder / "evidence.parquet"
    known = pl.read_parquet_schema(path) if path.is_file() else {}
    if not known.keys() >= _WEIGHED.keys():
        return pl.DataFrame(schema=_WEIGHED)
    return pl.read_parquet(path, columns=list(_WEIGHED))


def with_risk_signal(changes: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The changes with `risk_signal`: the signal whose weight moved most the way the risk that moved it did.

    Args:
        changes: `account_id`, `cause` and `cause_change`, by which the score rises where the risk falls.
        before: Lines of evidence of the earlier run, with the columns of `_WEIGHED`.
        now: Those of the later one. A line that one of them lacks weighs nothing there; of an account without
            any line before, nothing is said.
    """
    keys = ["account_id", "signal"]
    weights = [
        frame.filter(pl.col("side") == SHILL).select(*keys, pl.col("weight").alias(name))
        for frame, name in ((before, "weight_before"), (now, "weight_now"))
    ]
    by_risk = (
        changes.filter(pl.col("cause") == "risk")
        .select("account_id", is_higher=pl.col("cause_change") < 0)
        .join(weights[0], on="account_id", how="semi")
    )
    moved = (
        weights[0]
        .join(weights[1], on=keys, how="full", coalesce=True)
        .join(by_risk, on="account_id")
        .with_columns(by=pl.col("weight_now").fill_null(0.0) - pl.col("weight_before").fill_null(0.0))
        .with_columns(by=pl.when("is_higher").then("by").otherwise(-pl.col("by")))
        .filter(pl.col("by") > 0)
        .sort("account_id", "by", "signal", descending=[False, True, False])
        .unique("account_id", keep="first", maintain_order=True)
        .select("account_id", risk_signal="signal")
    )
    return changes.join(moved, on="account_id", how="left", maintain_order="left")


def _cause(other_question: str) -> pl.Expr:
    """The cause of each move."""
    moved = pl.when(pl.col("cause") != "")
    return (moved.then(pl.lit(other_question)) if other_question else moved.then("cause")).alias("cause")


def _ranked_run(ranking: pl.DataFrame) -> RankedRun:
    return RankedRun(
        ids=ranking["account_id"].to_numpy(),
        rank=ranking["rank"].to_numpy(),
        contributions={
            name: floats(ranking[f"{name}_part"])
            for name in TRUST_PARTS
            if f"{name}_part" in ranking.columns  # runs of an earlier Vouch lack some
        },
        trust_low=floats(ranking["trust_low"]),
        shill_probability_high=floats(ranking["shill_probability_high"]),
        rank_low=_places(ranking, "rank_low"),
        rank_high=_places(ranking, "rank_high"),
    )


def _places(ranking: pl.DataFrame, name: str) -> np.ndarray | None:
    """A column of places, or None where a run of an earlier Vouch did not keep it."""
    return ranking[name].to_numpy() if name in ranking.columns else None
