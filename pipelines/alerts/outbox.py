"""Alerts as files of the home, and their way to the webhook.

One JSON file per event, named after it: what was raised once is not raised again. An alert that a webhook
should get waits in its file until it was taken, so that neither a restart nor an hour without network loses
it; it is tried again ever more seldom, and given up after some days, for then it is no news.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pipelines.alerts.webhook import WebhookError, post
from pipelines.versions import vouch_version
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from pipelines.alerts.settings import AlertSettings
    from pipelines.home import Home

WAITING, DELIVERED, GIVEN_UP, FILE_ALONE = "waiting", "delivered", "given up", "file alone"
GIVEN_UP_AFTER = timedelta(days=3)
LONGEST_PAUSE = timedelta(hours=1)
LOCK_SECONDS = 20.0
_RAISING_LOCK, _DELIVERY_LOCK = ".raising.lock", ".delivery.lock"


@dataclass(frozen=True)
class Alert:
    """Something that people should hear of.

    Attributes:
        event: What names the event; two alerts with one name are one.
        kind: One of `pipelines.alerts.settings.KINDS`.
        text: What happened, in one or two sentences.
        details: More of it, a line each.
        audience: The audience it is about, or None.
        run_id: The run that it was seen in, or None.
    """

    event: str
    kind: str
    text: str
    details: tuple[str, ...] = ()
    audience: str | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What one delivery came to.

    Attributes:
        delivered: Alerts that the webhook took.
        waiting: Alerts that still wait for it.
        fault: What was in the way, or None.
    """

    delivered: int = 0
    waiting: int = 0
    fault: str | None = None


def keep_alert(home: Home, alert: Alert, settings: AlertSettings, now: datetime | None = None) -> bool:
    """Write an alert into the home, unless its event was raised before or its kind is switched off.

    Returns:
        Whether it is new.
    """
    if alert.kind not in settings.kinds:
        return False
    identity = hashlib.sha256(alert.event.encode()).hexdigest()[:16]
    path = home.alerts / f"{alert.kind}-{identity}.json"
    home.alerts.mkdir(parents=True, exist_ok=True)
    with FileLock(home.alerts / _RAISING_LOCK, timeout=LOCK_SECONDS):
        if path.exists():
            return False
        _write(
            path,
            {
                "id": identity,
                "kind": alert.kind,
                "at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
                "text": alert.text,
                "details": list(alert.details),
                "audience": alert.audience,
                "run_id": alert.run_id,
                "vouch_version": vouch_version(),
                "delivery": {"state": WAITING if settings.webhook else FILE_ALONE, "attempts": 0},
            },
        )
    return True


def deliver(home: Home, settings: AlertSettings, now: datetime | None = None) -> Delivery:
    """Post what waits to the webhook, the oldest first, until one is not taken.

    Args:
        home: Where the alerts are.
        settings: Where they go; without a webhook everything stays as it is.
        now: The present.
    """
    if not settings.webhook or not home.alerts.is_dir():
        return Delivery()
    moment = now or datetime.now(UTC)
    try:
        with FileLock(home.alerts / _DELIVERY_LOCK, blocking=False):
            return _delivered(_waiting(home), settings, moment)
    except Timeout:
        return Delivery(fault="Another process is delivering.")


@contextmanager
def no_delivery(home: Home) -> Generator[None]:
    """Hold deliveries back meanwhile.

    Raises:
        Timeout: One is under way.
    """
    if not home.alerts.is_dir():
        yield
        return
    with FileLock(home.alerts / _DELIVERY_LOCK, blocking=False):
        yield


def change_alerts(home: Home, change: Callable[[str], str]) -> None:
    """Rewrite the files of alerts that a function changes, while `no_delivery` holds deliveries back."""
    if not home.alerts.is_dir():
        return
    with FileLock(home.alerts / _RAISING_LOCK, timeout=LOCK_SECONDS):
        for path in sorted(home.alerts.glob("*.json")):
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            if (changed := change(text)) != text:
                with written_aside(path) as partial:
                    partial.write_text(changed, encoding="utf-8", errors="surrogateescape")


def _delivered(
    waiting: list[tuple[Path, dict[str, Any]]], settings: AlertSettings, now: datetime
) -> Delivery:
    taken = 0
    for place, (path, alert) in enumerate(waiting):
        left = len(waiting) - place
        if not _is_due(alert, now):
            return Delivery(taken, left, "The webhook failed a while ago and is tried again later.")
        state = {"attempts": alert["delivery"]["attempts"] + 1, "tried_at": now.isoformat(timespec="seconds")}
        payload = {name: value for name, value in alert.items() if name != "delivery"}
        try:
            post(settings.webhook, payload, alert["id"])
        except WebhookError as error:
            is_old = now - datetime.fromisoformat(alert["at"]) > GIVEN_UP_AFTER
            _write(path, alert | {"delivery": {"state": GIVEN_UP if is_old else WAITING, **state}})
            return Delivery(taken, left - is_old, error.message)
        _write(path, alert | {"delivery": {"state": DELIVERED, **state}})
        taken += 1
    return Delivery(taken)


def _waiting(home: Home) -> list[tuple[Path, dict[str, Any]]]:
    found = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in home.alerts.glob("*.json")]
    waiting = [(path, alert) for path, alert in found if alert["delivery"]["state"] == WAITING]
    return sorted(waiting, key=lambda each: (each[1]["at"], each[1]["id"]))


def _is_due(alert: dict[str, Any], now: datetime) -> bool:
    """Whether it is time to try again: after a minute, two, four, up to an hour."""
    state = alert["delivery"]
    if not state["attempts"]:
        return True
    pause = min(timedelta(minutes=2 ** (min(state["attempts"], 10) - 1)), LONGEST_PAUSE)
    return now - datetime.fromisoformat(state["tried_at"]) >= pause


def _write(path: Path, alert: dict[str, Any]) -> None:
    with written_aside(path) as partial:
        partial.write_text(json.dumps(alert, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
