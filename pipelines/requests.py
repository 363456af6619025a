"""What a job must be told: partition, configuration and tags, the same from a command, schedule or sensor.

A data folder that was run is remembered in the home, so that the nightly schedule runs it again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.partitions import AUDIENCE_DIMENSION, DATA_TAG, DAY_DIMENSION, RUN_ID_TAG, audience_key
from graph.trust.baselines import AUDIENCE, Baseline
from pipelines.ingest.dataset import dataset_config
from pipelines.ingest.errors import MappingError
from pipelines.jobs import AUDIENCE_JOB, LAUNCHED_BY_TAG, NETWORK_JOB, PUBLISH_JOB
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.home import Home


@dataclass(frozen=True)
class Source:
    """A data folder and how to read and judge it.

    Attributes:
        data_dir: The folder of tables.
        config_file: A dataset.toml that lies elsewhere, or empty.
        reject_limit: Share of refused rows that stops the run.
        picks: How many partners the portfolio by count holds.
        budget: The budget of the second portfolio, in the currency of the rates, or None for none.
        baseline: What every audience is compared with, or empty for what the dataset.toml says of each.
    """

    data_dir: str
    config_file: str = ""
    reject_limit: float = 0.01
    picks: int = 10
    budget: float | None = None
    baseline: str = ""


def new_run_id(now: datetime | None = None) -> str:
    """A run id that sorts by time and that a person can read out."""
    moment = now or datetime.now(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{token_hex(2)}"


def remember_source(home: Home, source: Source) -> None:
    """Keep the source as the one that the nightly schedule runs."""
    path = _source_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(asdict(source), indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def last_source(home: Home) -> Source | None:
    """The source that was run last in this home, or None."""
    path = _source_file(home)
    return Source(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def run_tags(run_id: str, source: Source, launched_by: str) -> dict[str, str]:
    """The tags that every job of one run carries."""
    return {RUN_ID_TAG: run_id, DATA_TAG: source.data_dir, LAUNCHED_BY_TAG: launched_by}


def settings_of(source: Source) -> Settings:
    """The settings of a source's dataset.toml; the defaults where there is none.

    A file that cannot be used counts as none: the ingest is the first step of a run, reads the same file,
    and stops the run with every fault of it.
    """
    given = Path(source.config_file) if source.config_file else None
    with suppress(MappingError):
        return dataset_config(Path(source.data_dir), given).settings
    return Settings()


def network_config(source: Source) -> dict[str, Any]:
    """Run configuration of the network job; settings that nobody changed are left to their defaults."""
    settings = settings_of(source)
    ops: dict[str, Any] = {
        "input_tables": {
            "config": {
                "data_dir": source.data_dir,
                "config_file": source.config_file,
                "reject_limit": source.reject_limit,
            }
        }
    }
    if settings.interaction_weights:
        ops["interaction_graph"] = {"config": {"weights": dict(settings.interaction_weights)}}
    return {"ops": ops}


def audience_config(source: Source, audience: str) -> dict[str, Any]:
    """Run configuration of the audience job; settings that nobody changed are left to their defaults."""
    settings = settings_of(source)
    portfolio: dict[str, Any] = {"picks": source.picks}
    if source.budget is not None:
        portfolio["budget"] = source.budget
    ops: dict[str, Any] = {"partner_portfolio": {"config": portfolio}}
    baseline = source.baseline or settings.baselines.get(audience, "")
    # One baseline may be asked of all audiences of a run; the one that is named has nobody to be compared
    # with but the network.
    if baseline and baseline != str(Baseline(AUDIENCE, audience)):
        ops["audience_affinity"] = {"config": {"baseline": baseline}}
    ranking: dict[str, Any] = {}
    if settings.trust_weights:
        ranking["trust_weights"] = dict(settings.trust_weights)
    if settings.half_life_days is not None:
        ranking["half_life_days"] = settings.half_life_days
    if ranking:
        ops["partner_ranking"] = {"config": ranking}
    return {"ops": ops}


def audience_partition(audience: str, day: str) -> dg.MultiPartitionKey:
    """The partition of one audience on one day."""
    return dg.MultiPartitionKey({AUDIENCE_DIMENSION: audience_key(audience), DAY_DIMENSION: day})


def network_request(source: Source, day: str, *, run_key: str, launched_by: str) -> dg.RunRequest:
    """A request for the network job of a day."""
    return dg.RunRequest(
        run_key=run_key,
        job_name=NETWORK_JOB,
        partition_key=day,
        run_config=network_config(source),
        tags=run_tags(new_run_id(), source, launched_by),
    )


def audience_request(
    audience: str, day: str, source: Source, tags: dict[str, str], *, after: str
) -> dg.RunRequest:
    """A request for the audience job, tied to the network run whose tags it carries.

    Args:
        audience: The audience.
        day: ISO day of its inputs.
        source: What the portfolio is told.
        tags: Tags of the Vouch run.
        after: Dagster's id of the network run. One that is executed again keeps its tags but not this id, and
            so is followed again.
    """
    return dg.RunRequest(
        run_key=f"{after}:{audience}",
        job_name=AUDIENCE_JOB,
        partition_key=audience_partition(audience, day),
        run_config=audience_config(source, audience),
        tags=tags,
    )


def publish_request(tags: dict[str, str], *, after: str) -> dg.RunRequest:
    """A request to publish, once after the audience run with this Dagster id."""
    return dg.RunRequest(run_key=f"{after}:publish", job_name=PUBLISH_JOB, tags=tags)


def _source_file(home: Home) -> Path:
    return home.root / "source.json"
