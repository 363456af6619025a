"""What notices that people should be told, and tells them: three sensors around `pipelines.alerts`.

Two of them raise alerts, one delivers them. They are apart so that a webhook that is away costs no alert:
what was noticed is a file by then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import dagster as dg

from assets.partitions import AUDIENCE_DIMENSION, DAY_DIMENSION, RUN_ID_TAG, audience_of_key
from pipelines.alerts import (
    RUN_FAILED,
    WEBHOOK_VARIABLE,
    Alert,
    WebhookError,
    deliver,
    keep_alert,
    look,
    read_alert_settings,
    usable_alert_settings,
)
from pipelines.jobs import LAUNCHED_BY_TAG, PUBLISH_JOB
from pipelines.lake import Lake
from pipelines.resources import INTERRUPTS
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dagster._utils.error import SerializableErrorInfo

    from pipelines.home import Home

LOOK_SECONDS = 60
_LONGEST_REASON = 300
_STANDS = "What was published before is as it was."
STANDS_PUBLISHED = "What is published is whole."  # of this run or before: it may have failed after the swap
_INTERRUPTED = {kind.__name__ for kind in INTERRUPTS}


def alert_sensors(home: Home) -> list[dg.SensorDefinition]:
    """The three sensors of the alerts of a home."""
    return [_alert_on_publication(home), _alert_on_failure(home), _deliver_alerts(home)]


def _alert_on_publication(home: Home) -> dg.SensorDefinition:
    @dg.sensor(
        name="alert_on_publication",
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks at what was published, by whatever run, and raises an alert where a recommended "
        "partner has turned to watch or avoid, or where the data show less than before. Alerts are files in "
        f"<home>/{home.alerts.name}.",
    )
    def alert_on_publication(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if not home.published.is_file():
            return dg.SkipReason(f"Nothing is published in {home.root} yet.")
        memory = json.loads(context.cursor) if context.cursor else {}
        published = home.published.stat().st_mtime_ns
        if memory.get("published") == published:
            return dg.SkipReason("Nothing was published since the last look.")
        settings = read_alert_settings(home)
        alerts, remembered = look(home.published, memory, settings.coverage_drop, Lake(home.lake))
        new = [alert.text for alert in alerts if keep_alert(home, alert, settings)]
        return dg.SensorResult(
            skip_reason=" ".join(new) or "Nothing to tell of the new publication.",
            cursor=json.dumps({**remembered, "published": published}),
        )

    return alert_on_publication


def _alert_on_failure(home: Home) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="alert_on_failure",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Raises an alert when a run of any job has failed, whoever started it; not when somebody "
        "stopped it.",
    )
    def alert_on_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason:
        alert = failure_alert(
            context.dagster_run, context.failure_event.message, context.get_step_failure_events()
        )
        if alert is None:
            return dg.SkipReason("Somebody stopped the run.")
        # A fault in the settings must not cost the alert: this event comes once.
        settings, _ = usable_alert_settings(home)
        is_new = keep_alert(home, alert, settings)
        return dg.SkipReason(alert.text if is_new else "This was told before, or is not to be told.")

    return alert_on_failure


def _deliver_alerts(home: Home) -> dg.SensorDefinition:
    @dg.sensor(
        name="deliver_alerts",
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Posts the alerts of <home>/{home.alerts.name} to the webhook that {WEBHOOK_VARIABLE} "
        f"or <home>/{home.alert_settings.name} names, each once. What could not be delivered waits.",
    )
    def deliver_alerts() -> dg.SkipReason:
        settings = read_alert_settings(home)
        if not settings.webhook:
            return dg.SkipReason(
                f"No webhook is set: alerts are files in {home.alerts}. To have them posted, set "
                f"{WEBHOOK_VARIABLE}."
            )
        done = deliver(home, settings)
        if done.fault and done.waiting:
            # Raised rather than told, so that the tick is red in the UI.
            raise WebhookError(done.fault, details=[f"{done.waiting} alerts wait in {home.alerts}"])
        return dg.SkipReason(
            done.fault or f"{done.delivered} alerts delivered to {settings.host}, none waits."
        )

    return deliver_alerts


def failure_alert(
    run: dg.DagsterRun, message: str | None, failures: Sequence[dg.DagsterEvent]
) -> Alert | None:
    """What to tell of a failed run, or None where a person stopped it.

    Args:
        run: The run.
        message: What the run's last event says.
        failures: The events of the steps that failed.
    """
    reasons = []
    for event in failures:
        data = event.step_failure_data
        told = data.user_failure_data.description if data.user_failure_data else None
        chain = list(_causes(data.error))
        if _INTERRUPTED.intersection(cause.cls_name or "" for cause in chain):
            return None
        reasons.append((event.step_key, told or (chain[-1].message if chain else "no reason was kept")))
    about = run.tags.get(f"dagster/partition/{AUDIENCE_DIMENSION}")
    audience = audience_of_key(about) if about else None
    day = run.tags.get(f"dagster/partition/{DAY_DIMENSION}") or run.tags.get("dagster/partition")
    launched_by = run.tags.get(LAUNCHED_BY_TAG)
    text = " ".join(
        [
            f"A run of the job {run.job_name} has failed",
            *([f"for {plain(audience)}"] if audience else []),
            *([f"as of {day}"] if day else []),
            *([f"(started by: {plain(launched_by)})"] if launched_by else []),
        ]
    )
    details = [f"{step}: {plain(reason, _LONGEST_REASON)}" for step, reason in reasons]
    return Alert(
        f"{RUN_FAILED}:{run.run_id}",
        RUN_FAILED,
        f"{text}. {STANDS_PUBLISHED if run.job_name == PUBLISH_JOB else _STANDS}",
        tuple(details or [plain(message or "No step of it failed.", _LONGEST_REASON)]),
        audience=audience,
        run_id=run.tags.get(RUN_ID_TAG, run.run_id),
    )


def failure_alert_of(instance: dg.DagsterInstance, dagster_run_id: str) -> Alert | None:
    """What to tell of a run out of the history; None where it has not failed or a person stopped it."""
    run = instance.get_run_by_id(dagster_run_id)
    if run is None or run.status != dg.DagsterRunStatus.FAILURE:
        return None

    def events(kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
        found = instance.get_records_for_run(dagster_run_id, of_type=kind).records
        events = [record.event_log_entry.dagster_event for record in found]
        return [event for event in events if event is not None]

    ends = events(dg.DagsterEventType.RUN_FAILURE)
    return failure_alert(run, ends[-1].message if ends else None, events(dg.DagsterEventType.STEP_FAILURE))


def _causes(error: SerializableErrorInfo | None) -> Iterator[SerializableErrorInfo]:
    """An error and what caused it, the root last."""
    while error is not None:
        yield error
        error = error.cause
