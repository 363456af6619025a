"""What starts a run by itself when something happened: new data came, or the stage before has ended well.

A run that a person started with `vouch run` carries itself on and is left alone here.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.execution.backfill import (  # not public, as is all that can be asked of backfills
    BULK_ACTION_TERMINAL_STATUSES,
    BulkActionsFilter,
)

from assets.partitions import AUDIENCE_DIMENSION, DAY_DIMENSION, RUN_ID_TAG, audience_key, audiences
from pipelines.cut_off_runs import (
    COMMAND_LINE,
    EXECUTED_AGAIN_TAG,
    UNFINISHED,
    carries_itself_on,
    end_cut_off_runs,
)
from pipelines.jobs import AUDIENCE_JOB, LAUNCHED_BY_TAG, NETWORK_JOB, PUBLISH_JOB
from pipelines.lake import audiences_of_day
from pipelines.requests import (
    Source,
    audience_request,
    last_source,
    network_request,
    publish_request,
    remember_source,
    run_tags,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    from pipelines.home import Home
    from pipelines.lake import Lake

SETTLED_AFTER_SECONDS = 20.0

CHAIN_PAUSE_SECONDS = 3600.0
"""Longest wait for a stage after the one before: the sensors look every few seconds, so that after an hour
nothing will carry the chain on, for instance where the data name no audience."""

BACKFILL_ID_TAG = "dagster/backfill"

FORGOTTEN_SINCE = "audiences_after_network, as somebody was forgotten"
"""Who launched a network run whose forerunner's tables were removed; that is done once for each."""

_STOPPED = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_RECENT_RUNS = 50
_RECENT_BACKFILLS = 5


def sensors(
    home: Home, lake: Lake, jobs: Sequence[UnresolvedAssetJobDefinition]
) -> list[dg.SensorDefinition]:
    """What carries data through the three jobs; `pipelines.alert_sensors` has the others."""
    by_name = {job.name: job for job in jobs}
    return [
        _new_data_folders(home),
        _audiences_after_network(home, lake, by_name),
        _publish_after_audiences(lake, by_name),
        _publish_after_backfill(),
    ]


def folder_state(folder: Path) -> tuple[str, float]:
    """A fingerprint of a folder's files by name, size and time, and the newest time among them.

    Cheap on purpose: the ingest takes a digest of the contents; this only asks whether anything moved.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    facts = [(path.relative_to(folder).as_posix(), path.stat()) for path in files]
    fingerprint = ";".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in facts)
    return fingerprint, max((stat.st_mtime for _, stat in facts), default=0.0)


def _new_data_folders(home: Home) -> dg.SensorDefinition:
    @dg.sensor(
        name="new_data_folders",
        job_name=NETWORK_JOB,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs each data folder that is put into <home>/inbox, once its files have settled, one "
        "after the other, because they share the day. One whose run failed is tried again when its files "
        "change.",
    )
    def new_data_folders(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        # Before anything else, also where there is no inbox: who is told of failures is told of these by it.
        end_cut_off_runs(home, context.instance)
        if not home.inbox.is_dir():
            return dg.SkipReason(f"There is no inbox yet. Put data folders into {home.inbox}.")
        seen: dict[str, str] = json.loads(context.cursor) if context.cursor else {}
        for folder in sorted(path for path in home.inbox.iterdir() if path.is_dir()):
            fingerprint, newest = folder_state(folder)
            settled = fingerprint and time.time() - newest > SETTLED_AFTER_SECONDS
            if not settled or seen.get(folder.name) == fingerprint:
                continue
            under_way = chain_under_way(context.instance)
            if under_way:
                return dg.SkipReason(f"{folder.name} has to wait. {under_way}")
            day = time.strftime("%Y-%m-%d", time.gmtime())
            digest = hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
            request = network_request(
                Source(data_dir=str(folder)), day, run_key=f"{folder.name}:{digest}", launched_by="inbox"
            )
            return dg.SensorResult(
                run_requests=[request], cursor=json.dumps({**seen, folder.name: fingerprint})
            )
        return dg.SkipReason(f"Nothing new in {home.inbox}.")

    return new_data_folders


def chain_under_way(instance: dg.DagsterInstance) -> str | None:
    """Why no other data may be put in the place of a day's inputs now, or None if they may.

    A chain is network, audiences, publication. It is under way while a run of one of them is unfinished, and
    between a network that ended well and the publication, unless an audience of it failed or was stopped.
    """
    for job in (NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB):
        for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=list(UNFINISHED)), limit=1):
            return (
                f"Run {run.run_id} of the job {job} is not finished ({run.status.value}). If its process is "
                "gone, terminate it in Dagster."
            )
    records = instance.get_run_records(dg.RunsFilter(job_name=NETWORK_JOB), limit=_RECENT_RUNS)
    newest = next((one for one in records if not carries_itself_on(one.dagster_run)), None)
    if newest is None or newest.dagster_run.status is not dg.DagsterRunStatus.SUCCESS:
        return None
    tags = {RUN_ID_TAG: _vouch_run_id(newest.dagster_run)}
    stopped = dg.RunsFilter(job_name=AUDIENCE_JOB, tags=tags, statuses=_STOPPED)
    published = dg.RunsFilter(job_name=PUBLISH_JOB, tags=tags)
    if instance.get_runs(published, limit=1) or instance.get_runs(stopped, limit=1):
        return None
    audience_runs = instance.get_run_records(dg.RunsFilter(job_name=AUDIENCE_JOB, tags=tags))
    ended = max(one.end_time or 0.0 for one in (newest, *audience_runs))
    if time.time() - ended > CHAIN_PAUSE_SECONDS:
        return None
    return f"The network run {newest.dagster_run.run_id} has ended well and is not published yet."


def _audiences_after_network(
    home: Home, lake: Lake, jobs: Mapping[str, UnresolvedAssetJobDefinition]
) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        dg.DagsterRunStatus.SUCCESS,
        name="audiences_after_network",
        monitored_jobs=[jobs[NETWORK_JOB]],
        request_jobs=[jobs[AUDIENCE_JOB], jobs[NETWORK_JOB]],
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=15,
        description="Runs every audience of a day when the network of that day is done; the network again "
        "where somebody was forgotten since, which removes its tables.",
    )
    def audiences_after_network(
        context: dg.RunStatusSensorContext,
    ) -> dg.SensorResult | dg.SkipReason:
        run = context.dagster_run
        if carries_itself_on(run):
            return dg.SkipReason("A command started this run and carries it on.")
        day = run.tags["dagster/partition"]
        source = _source_of(run, home)
        remember_source(home, source)
        if not lake.has_inputs(day):
            if run.tags.get(LAUNCHED_BY_TAG) == FORGOTTEN_SINCE:
                return dg.SkipReason(f"The inputs of {day} were removed twice. Launch the network again.")
            again = network_request(source, day, run_key=f"{run.run_id}:again", launched_by=FORGOTTEN_SINCE)
            return dg.SensorResult(run_requests=[again])
        names = audiences_of_day(lake, day)
        tags = run_tags(_vouch_run_id(run), source, "audiences_after_network")
        if EXECUTED_AGAIN_TAG not in run.tags:
            tags |= _vouch_tags(run)
        return dg.SensorResult(
            dynamic_partitions_requests=[audiences.build_add_request([audience_key(name) for name in names])],
            run_requests=[audience_request(name, day, source, tags, after=run.run_id) for name in names],
        )

    return audiences_after_network


def _publish_after_audiences(
    lake: Lake, jobs: Mapping[str, UnresolvedAssetJobDefinition]
) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        dg.DagsterRunStatus.SUCCESS,
        name="publish_after_audiences",
        monitored_jobs=[jobs[AUDIENCE_JOB]],
        request_jobs=[jobs[PUBLISH_JOB]],
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=15,
        description="Publishes when the last audience of a run is done, so that no half result is shown.",
    )
    def publish_after_audiences(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        if carries_itself_on(run):
            return dg.SkipReason("A command started this run and carries it on.")
        if BACKFILL_ID_TAG in run.tags:
            return dg.SkipReason("It is one of a backfill, which is published as a whole.")
        if RUN_ID_TAG not in run.tags:
            return publish_request({RUN_ID_TAG: run.run_id}, after=run.run_id)
        if run.tags.get(LAUNCHED_BY_TAG) == COMMAND_LINE:
            # A command may have been asked for some audiences only; there is no last one to wait for.
            return publish_request(_vouch_tags(run), after=run.run_id)
        day = run.tags[f"dagster/partition/{DAY_DIMENSION}"]
        finished = context.instance.get_runs(
            dg.RunsFilter(
                job_name=AUDIENCE_JOB,
                tags={RUN_ID_TAG: run.tags[RUN_ID_TAG]},
                statuses=[dg.DagsterRunStatus.SUCCESS],
            )
        )
        done = {one.tags.get(f"dagster/partition/{AUDIENCE_DIMENSION}") for one in finished}
        # Of a day that was removed meanwhile the publication says so, and is told as an alert.
        named = audiences_of_day(lake, day) if lake.has_inputs(day) else []
        waiting = [name for name in named if audience_key(name) not in done]
        if waiting:
            return dg.SkipReason(f"Waiting for {', '.join(waiting)}.")
        # Two audiences that end between two looks see the same newest run, and so ask for one publication.
        return publish_request(_vouch_tags(run), after=finished[0].run_id)

    return publish_after_audiences


def _publish_after_backfill() -> dg.SensorDefinition:
    @dg.sensor(
        name="publish_after_backfill",
        job_name=PUBLISH_JOB,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Publishes once when a backfill of audiences is done, with all that succeeded.",
    )
    def publish_after_backfill(
        context: dg.SensorEvaluationContext,
    ) -> list[dg.RunRequest] | dg.SkipReason:
        ended = BulkActionsFilter(job_name=AUDIENCE_JOB, statuses=BULK_ACTION_TERMINAL_STATUSES)
        requests = []
        for backfill in context.instance.get_backfills(filters=ended, limit=_RECENT_BACKFILLS):
            succeeded = dg.RunsFilter(
                job_name=AUDIENCE_JOB,
                tags={BACKFILL_ID_TAG: backfill.backfill_id},
                statuses=[dg.DagsterRunStatus.SUCCESS],
            )
            for run in context.instance.get_runs(succeeded, limit=1):
                tags = {RUN_ID_TAG: run.run_id}
                # Dagster launches a run key once: a backfill that is seen again is not published again.
                requests.append(publish_request(tags, after=backfill.backfill_id))
        return requests or dg.SkipReason("No backfill of audiences has ended.")

    return publish_after_backfill


def _source_of(run: dg.DagsterRun, home: Home) -> Source:
    config: Any = run.run_config  # Dagster types it as a mapping of objects
    config = config["ops"]["input_tables"]["config"]
    remembered = last_source(home)
    if remembered is not None and remembered.data_dir == config["data_dir"]:
        return remembered
    return Source(**config)


def _vouch_run_id(network: dg.DagsterRun) -> str:
    """What ties a chain together; a network run that is executed again begins a chain of its own."""
    if EXECUTED_AGAIN_TAG in network.tags:
        return network.run_id
    return network.tags.get(RUN_ID_TAG, network.run_id)


def _vouch_tags(run: dg.DagsterRun) -> dict[str, str]:
    return {name: value for name, value in run.tags.items() if name.startswith("vouch/")}
