"""Stage 5, partners: which kept runs may be compared with the present one.

Two runs differ because the world moved, or because the question did: other settings, other weights, another
baseline, another data folder, another release. Only what the world did is news. A ranking writes down what
decided it (`ranking_basis.json`), which is kept with the run and compared here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.partitions import audience_and_day
from assets.ports import Lake, ReferenceTables
from graph.partners.trust_weights import TrustWeights

BASIS_FILE = "ranking_basis.json"
ASPECTS = ("data_folder", "baseline", "settings", "weights", "release", "word_lists")
"""What two runs must have in common, the first that differs names the cause."""

_AFTER_THE_RANKING = ("partner_portfolio", "partner_evidence", "partner_communities", "run_history")
_BESIDE_THE_SCORE = {"partner_ranking": ("half_life_days",)}
"""Settings that say how a course over runs is read, and move no score: a change keeps the course."""


@dataclass(frozen=True)
class KeptRun:
    """A run that was kept.

    Attributes:
        folder: Where.
        as_of: Its snapshot day.
        finished_at: When it was done.
        record: Its row of `runs`.
        basis: What decided its ranking; empty for runs of an earlier Vouch.
    """

    folder: Path
    as_of: date
    finished_at: datetime
    record: dict[str, Any]
    basis: dict[str, Any]


def ranking_basis(
    context: dg.AssetExecutionContext, lake: Lake, reference: ReferenceTables, weights: TrustWeights
) -> dict[str, Any]:
    """What decides a ranking besides the data: one entry for each of `ASPECTS`, and the weights."""
    audience, day = audience_and_day(context)
    told: Any = context.run.run_config  # Dagster types it as a mapping of objects
    settings = scoring_settings(told.get("ops", {}))
    evidence = lake.read_json(lake.shill(day) / "evidence_weights.json")["version"]
    profiles = lake.read_json(lake.graph(day) / "profile_model.json")["version"]
    return {
        "data_folder": lake.source(day)["data_dir"],
        "baseline": lake.read_json(lake.audience(day, audience) / "affinity.json")["baseline"],
        "settings": {
            **settings,
            "interactions": lake.read_json(lake.graph(day) / "interaction_weights.json"),
        },
        "weights": f"trust {weights.version}, evidence {evidence}, profiles {profiles}",
        "release": reference.versions()["vouch"],
        "word_lists": reference.versions()["word lists"],
        "trust_weights": dict(weights.weights),
    }


def scoring_settings(ops: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by step that can move a score; a step without any is left out, as if nothing was told.

    Args:
        ops: The part `ops` of Dagster's run configuration.
    """
    found = {}
    for name, op in ops.items():
        beside = _BESIDE_THE_SCORE.get(name, ())
        config = {key: value for key, value in op.get("config", {}).items() if key not in beside}
        if config and name not in _AFTER_THE_RANKING:
            found[name] = {"config": config}
    return found


def earlier_runs(lake: Lake, audience: str, network: str, until: date) -> list[KeptRun]:
    """The kept runs of an audience up to a day, oldest first; those of another network are another story."""
    found = []
    for folder in lake.runs_of(audience):
        record = pl.read_parquet(folder / "run.parquet").row(0, named=True)
        if record["network"] != network or record["as_of"] > until:
            continue
        path = folder / BASIS_FILE
        basis = lake.read_json(path) if path.is_file() else {}
        found.append(KeptRun(folder, record["as_of"], record["finished_at"], record, basis))
    return sorted(found, key=lambda run: (run.as_of, run.finished_at, run.folder.parent.name))


def difference(then: dict[str, Any], now: dict[str, Any]) -> str:
    """The first of `ASPECTS` in which two bases differ, or an empty text; runs without one are of old."""
    if not (then and now):
        return "release"
    return next((aspect for aspect in ASPECTS if then.get(aspect) != now.get(aspect)), "")
