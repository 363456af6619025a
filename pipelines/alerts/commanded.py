"""Alerts around a run that a command makes: where no daemon looks, nobody else raises and delivers them.

What is published is looked at before the run and after it, so that nothing has to be remembered in between.
A daemon that looks at the same publication finds the same events, which have their files by then.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.alerts.outbox import deliver, keep_alert
from pipelines.alerts.settings import usable_alert_settings
from pipelines.alerts.watching import look
from pipelines.errors import VouchError
from pipelines.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pipelines.alerts.settings import AlertSettings
    from pipelines.alerts.watching import Memory
    from pipelines.home import Home


@contextmanager
def alerting(home: Home, say: Callable[[str], None]) -> Generator[None]:
    """Raise alerts of what the run in this block changes, and deliver what waits, also after it failed.

    A fault in the settings, a file that cannot be read or an alert that cannot be written is said and costs
    no run.

    Args:
        home: Where the run publishes.
        say: Tells a person a line.
    """
    settings, faults = usable_alert_settings(home)
    for fault in faults:
        say(f"Settings of alerts: {fault}")
    before = _published_before(home, settings)
    try:
        yield
    except Exception:
        _deliver(home, settings, say)
        raise
    if before is not None:
        _look_again(home, before, settings, say)
    _deliver(home, settings, say)


def _published_before(home: Home, settings: AlertSettings) -> Memory | None:
    """What to compare with; None where nothing readable is published yet."""
    if not home.published.is_file():
        return None
    try:
        return look(home.published, {}, settings.coverage_drop)[1]
    except VouchError:
        return None


def _look_again(home: Home, before: Memory, settings: AlertSettings, say: Callable[[str], None]) -> None:
    try:
        alerts, _ = look(home.published, before, settings.coverage_drop, Lake(home.lake))
    except VouchError as error:
        say(f"No alert could be looked for: {error.message}")
        return
    for alert in alerts:
        try:
            is_new = keep_alert(home, alert, settings)
        except OSError as error:
            say(f"An alert could not be kept ({error}): {alert.text}")
            continue
        if is_new:
            say(f"Alert: {alert.text}")


def _deliver(home: Home, settings: AlertSettings, say: Callable[[str], None]) -> None:
    try:
        done = deliver(home, settings)
    except OSError as error:
        say(f"Alerts could not be delivered: {error}")
        return
    if done.delivered:
        say(f"{done.delivered} alert{'s' if done.delivered > 1 else ''} delivered to {settings.host}.")
    if done.waiting:
        say(
            f"{done.waiting} alert{'s wait' if done.waiting > 1 else ' waits'} in {home.alerts}: {done.fault}"
        )
