"""One whole run in this process: network, every audience, publication, as the jobs of the code location.

The same jobs run under `dagster dev`; here they run one after the other, tell an observer how they get on,
and stop at the first failure with the published file whole.
"""

from __future__ import annotations

import io
import logging
import sys
import time
import uuid
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError  # not public

from assets.finished import KEPT
from assets.partitions import RUN_ID_TAG, audience_key
from assets.partitions import audiences as audience_partitions
from pipelines.alert_sensors import STANDS_PUBLISHED, failure_alert_of
from pipelines.alerts import RUN_FAILED, Alert, keep_alert, usable_alert_settings
from pipelines.cut_off_runs import COMMAND_LINE, end_cut_off_runs
from pipelines.definitions import build_defs
from pipelines.engine import Engine
from pipelines.errors import VouchError
from pipelines.forecast import forecast
from pipelines.ingest.reuse import kept_report
from pipelines.instance import home_instance
from pipelines.interrupts import noticed_interrupts
from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB, PUBLISH_JOB
from pipelines.lake import Lake, audiences_of_day
from pipelines.requests import (
    Source,
    audience_config,
    audience_partition,
    network_config,
    new_run_id,
    remember_source,
    run_tags,
)
from pipelines.resources import INTERRUPTS
from pipelines.storage_errors import storage_errors
from pipelines.taking_turns import alone_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pipelines.home import Home
    from pipelines.progress import RunObserver

WORTH_SAYING = 60.0
"""Seconds to come below which nobody needs to be told how many."""

# Dagster's own log repeats every event; the observer tells a person what matters.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class RunOutcome:
    """What a finished run made.

    Attributes:
        run_id: Ties the rows of this run together in the published file.
        as_of: The snapshot day.
        audiences: The audiences that were ranked, in alphabetical order.
        published: The DuckDB file.
        reports: The HTML report of each audience.
        seconds: Wall time of the whole run.
        worth_knowing: What the ingest said of the data, the most important first.
        unranked: Audiences asked for that could not be ranked, to why and what to do.
    """

    run_id: str
    as_of: date
    audiences: tuple[str, ...]
    published: Path
    reports: Mapping[str, Path]
    seconds: float
    worth_knowing: tuple[str, ...] = ()
    unranked: Mapping[str, str] = field(default_factory=dict)


def run_pipeline(
    home: Home,
    source: Source,
    *,
    audiences: Sequence[str] = (),
    as_of: date | None = None,
    observer: RunObserver,
    is_attended: bool = True,
) -> RunOutcome:
    """Run the whole pipeline on a data folder.

    Args:
        home: Where everything is kept.
        source: The data folder and how to read it.
        audiences: Rank only these; all that the data name, by default.
        as_of: The snapshot day, today in UTC by default; what the data say of later days is left out.
        observer: Hears about every step.
        is_attended: Whether somebody waits for the outcome; else a failure is kept as an alert.

    Raises:
        VouchError: For anything that a person can mend; the published file is whole: as it was, or, of a
            failure after the publication, this run's.
    """
    run_id = new_run_id()
    try:
        return _run(home, source, audiences, as_of or datetime.now(UTC).date(), observer, run_id)
    except Exception as error:
        if not is_attended:
            # what cannot be kept, on a disk that is full for instance, must not hide why the run failed
            with suppress(OSError):
                alert = _failed_job(home, run_id) or _failure_between_jobs(run_id, error)
                keep_alert(home, alert, usable_alert_settings(home)[0])
        raise


def _run(
    home: Home, source: Source, audiences: Sequence[str], day: date, observer: RunObserver, run_id: str
) -> RunOutcome:
    started = time.monotonic()
    lake = Lake(home.lake)
    tags = run_tags(run_id, source, COMMAND_LINE)
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with (
        storage_errors(home.root),
        alone_in(home),
        home_instance(home) as instance,
        noticed_interrupts() as stop_if_asked,
    ):
        end_cut_off_runs(home, instance, is_alone=True)
        # A person who waits at a terminal is told at once; only an unattended run tries again.
        runner = _Runner(build_defs(home, retries=False), instance, tags, observer, lake.runs())
        try:
            runner.run(NETWORK_JOB, day.isoformat(), network_config(source))
            stop_if_asked()
            ingested = kept_report(lake.inputs(day.isoformat()))
            unranked = {} if ingested is None else ingested.unranked
            chosen = _chosen(audiences_of_day(lake, day.isoformat()), audiences, unranked)
            keys = [audience_key(audience) for audience in chosen]
            instance.add_dynamic_partitions(str(audience_partitions.name), keys)
            runner.expect(AUDIENCE_JOB, len(chosen) - 1)
            for audience in chosen:
                partition = audience_partition(audience, day.isoformat())
                runner.run(AUDIENCE_JOB, partition, audience_config(source, audience), label=audience)
                stop_if_asked()
            runner.run(PUBLISH_JOB, None, {})
            if runner.kept:
                steps = f"{runner.kept} of {runner.total} steps"
                observer.message(f"{steps} were not made again: nothing that they rest on has changed.")
        finally:
            runner.close()
            # Not with what is in it: that belongs to jobs that a daemon runs in the same home.
            with suppress(OSError):
                home.scratch.rmdir()
        remember_source(home, source)
    return RunOutcome(
        run_id=run_id,
        as_of=day,
        audiences=tuple(chosen),
        published=home.published,
        reports={audience: home.report(audience) for audience in chosen},
        seconds=time.monotonic() - started,
        worth_knowing=() if ingested is None else ingested.warnings,
        unranked={name: why for name, why in unranked.items() if not audiences or name in audiences},
    )


def _failed_job(home: Home, run_id: str) -> Alert | None:
    """What to tell of the job of a run that failed; None where none has, or the history cannot be read."""
    failed = dg.RunsFilter(tags={RUN_ID_TAG: run_id}, statuses=[dg.DagsterRunStatus.FAILURE])
    with suppress(Exception), home_instance(home) as instance:
        for run in instance.get_runs(failed, limit=1):
            return failure_alert_of(instance, run.run_id)
    return None


def _failure_between_jobs(run_id: str, error: Exception) -> Alert:
    """What to tell of a run whose jobs went well as far as they came; the last of them may have published."""
    told = error.message if isinstance(error, VouchError) else type(error).__name__
    text = f"A run has failed: {told} {STANDS_PUBLISHED}"
    return Alert(f"{RUN_FAILED}:{run_id}", RUN_FAILED, text, run_id=run_id)


class _Runner:
    """Executes jobs in this process and reports their steps.

    Attributes:
        kept: Steps that were not made again.
        total: Steps of the whole run, as far as is known now.
    """

    def __init__(
        self,
        definitions: dg.Definitions,
        instance: dg.DagsterInstance,
        tags: Mapping[str, str],
        observer: RunObserver,
        earlier: Sequence[Path],
    ) -> None:
        self._definitions = definitions
        self._instance = instance
        self._tags = dict(tags)
        self._observer = observer
        self._step_started: dict[str, float] = {}
        self._notes: dict[str, str] = {}
        self.kept = 0
        self.total = 0
        self._forecast = forecast(earlier, ())
        for job in (NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB):
            self.expect(job)

    def expect(self, job_name: str, times: int = 1) -> None:
        """So many more runs of a job will come."""
        steps = [node.name for node in self._definitions.resolve_job_def(job_name).graph.nodes] * times
        self.total += len(steps)
        self._forecast.to_come.extend(steps)

    def close(self) -> None:
        """Let go of what the resources of the jobs hold open."""
        engine = (self._definitions.resources or {}).get("engine")
        if isinstance(engine, Engine):
            engine.close()

    def run(self, job_name: str, partition: str | None, config: Mapping[str, Any], label: str = "") -> None:
        """Execute a job, or raise what a person needs to know about its failure."""
        dagster_run_id = str(uuid.uuid4())
        self._instance.add_event_listener(dagster_run_id, lambda entry: self._tell(entry, label))
        job = self._definitions.resolve_job_def(job_name)
        try:
            with redirect_stderr(_WithoutHistoryComplaints(sys.stderr)):
                job.execute_in_process(
                    run_config={**config, **_QUIET},
                    instance=self._instance,
                    partition_key=partition,
                    run_id=dagster_run_id,
                    tags=self._tags,
                )
        except DagsterAssetCheckFailedError as error:
            raise self._failed_checks(dagster_run_id, label) from error
        except (Exception, *INTERRUPTS) as error:
            raise _readable(error) from error

    def _failed_checks(self, dagster_run_id: str, label: str) -> VouchError:
        """What the checks that stopped a job had to hold."""
        of = f" of {label!r}" if label else ""
        rules = self._definitions.resolve_asset_graph()
        found = self._instance.get_records_for_run(
            dagster_run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        )
        failed = [
            check
            for record in found.records
            if (check := record.event_log_entry.asset_check_evaluation) is not None
            and check.blocking
            and not check.passed
        ]
        return VouchError(
            "A check stopped the run; what was published before is as it was.",
            details=[
                f"{check.asset_key.to_user_string()}{of} does not hold: "
                f"{rules.get_check_spec(check.asset_check_key).description}"
                for check in failed
            ],
            remedy="See what the data hold with: vouch check --data DIR.",
        )

    def _tell(self, entry: dg.EventLogEntry, label: str) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        name = event.step_key.replace("_", " ") + (f" · {label}" if label else "")
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._step_started[event.step_key] = time.monotonic()
            self._observer.step_started(name, self.total)
            self._forecast.begin(event.step_key)
            left = self._forecast.left()
            if left is not None and left >= WORTH_SAYING:
                self._observer.will_take(left)
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            note = event.step_materialization_data.materialization.metadata.get("note")
            if note is not None:
                self._notes[event.step_key] = str(note.value)
                self.kept += note.value == KEPT
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            took = time.monotonic() - self._step_started.pop(event.step_key, time.monotonic())
            note = self._notes.pop(event.step_key, "")
            self._forecast.end(event.step_key, took, was_kept=note == KEPT)
            self._observer.step_finished(name, took, note)


class _WithoutHistoryComplaints(io.TextIOBase):
    """Standard error without the orchestrator's own lines on an event it could not store.

    It writes each as one text, SQL and all, and raises the same error right after; that one is explained.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if not text.startswith("Exception while writing logger call to event log"):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def _chosen(named: Sequence[str], wanted: Sequence[str], unranked: Mapping[str, str]) -> list[str]:
    """The audiences to rank: those asked for, else all; without those for which nobody can be ranked."""
    if not named:
        raise VouchError(
            "The data name no audience.",
            remedy="List one in audience_members, or derive one in dataset.toml: [audiences.NAME] "
            'followers_of = ["@handle"].',
        )
    unknown = [name for name in wanted if name not in named and name not in unranked]
    if unknown:
        raise VouchError(
            f"No audience called {', '.join(repr(name) for name in unknown)} in the data.",
            details=[f"there is {name}" for name in named[:20]],
            remedy="Choose one of these with --audience NAME, or leave the option out to rank them all.",
        )
    chosen = [name for name in named if not wanted or name in wanted]
    if not chosen:
        raise VouchError(
            "Nobody can be ranked for the audience asked for; what was published before is as it was.",
            details=[f"audience {name!r}: {unranked[name]}" for name in wanted],
            remedy="See what the data hold with: vouch check --data DIR.",
        )
    return chosen


def _readable(error: BaseException) -> BaseException:
    """The error that a person should read: the handled one at the root of a chain, else the chain itself."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, INTERRUPTS):
            return KeyboardInterrupt()
        if isinstance(link, VouchError):
            return link
        if isinstance(link, dg.Failure) and link.__cause__ is None:
            return VouchError(link.description or "A step failed.")
        link = link.__cause__
    return error
