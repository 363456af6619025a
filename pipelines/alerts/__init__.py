"""Telling people what they did not ask for: a partner that turned, coverage that fell, a run that failed.

An alert is first a file in the home, named after its event, so that the same event is told once however often
it is seen. Where a webhook is set, the file waits there until the webhook has taken it, across restarts.
`watching` finds what is worth an alert in the published file, `outbox` keeps and delivers it. What wakes them
is `pipelines.alert_sensors` under a daemon, and `commanded` around a run that a command makes.
"""

from __future__ import annotations

from pipelines.alerts.commanded import alerting
from pipelines.alerts.outbox import Alert, Delivery, change_alerts, deliver, keep_alert, no_delivery
from pipelines.alerts.settings import (
    COVERAGE_DROPPED,
    KINDS,
    PARTNER_TURNED,
    RUN_FAILED,
    WEBHOOK_VARIABLE,
    AlertSettings,
    AlertSettingsError,
    read_alert_settings,
    usable_alert_settings,
)
from pipelines.alerts.watching import look
from pipelines.alerts.webhook import WebhookError, post

__all__ = (
    "COVERAGE_DROPPED",
    "KINDS",
    "PARTNER_TURNED",
    "RUN_FAILED",
    "WEBHOOK_VARIABLE",
    "Alert",
    "AlertSettings",
    "AlertSettingsError",
    "Delivery",
    "WebhookError",
    "alerting",
    "change_alerts",
    "deliver",
    "keep_alert",
    "look",
    "no_delivery",
    "post",
    "read_alert_settings",
    "usable_alert_settings",
)
