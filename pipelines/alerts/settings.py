"""How people want to be told: `alerts.toml` in the home, and the webhook's address in the environment.

The address of a webhook is a secret, for whoever has it may post there. It comes from VOUCH_ALERT_WEBHOOK, or
from the file where a home is kept as secrets are, and is never shown: messages name its host alone.
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.errors import VouchError
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.home import Home

WEBHOOK_VARIABLE = "VOUCH_ALERT_WEBHOOK"
PARTNER_TURNED, COVERAGE_DROPPED, RUN_FAILED = "partner_turned", "coverage_dropped", "run_failed"
KINDS = (PARTNER_TURNED, COVERAGE_DROPPED, RUN_FAILED)
KEYS = ("webhook", "kinds", "coverage_drop")


class AlertSettingsError(VouchError):
    """The settings of alerts cannot be used as they stand."""


@dataclass(frozen=True)
class AlertSettings:
    """What is told, and where to.

    Attributes:
        webhook: Address that alerts are posted to, or empty for files alone.
        kinds: The kinds of alerts that are raised.
        coverage_drop: The part of a coverage that has to be lost for an alert: at 0.1, from 80 % to 72 %.
    """

    webhook: str = field(default="", repr=False)
    kinds: tuple[str, ...] = KINDS
    coverage_drop: float = 0.1

    @property
    def host(self) -> str:
        """The webhook's host, which may be shown."""
        return urlsplit(self.webhook).hostname or ""


def read_alert_settings(home: Home) -> AlertSettings:
    """The settings of a home.

    Raises:
        AlertSettingsError: Every fault of them at once.
    """
    settings, faults = usable_alert_settings(home)
    if faults:
        raise AlertSettingsError(
            f"The settings of alerts ({home.alert_settings.name}, {WEBHOOK_VARIABLE}) cannot be used.",
            details=faults,
            remedy=f"Mend {home.alert_settings}, or take it away for the defaults.",
        )
    return settings


def usable_alert_settings(home: Home) -> tuple[AlertSettings, list[str]]:
    """What of the settings can be used, with the defaults in the place of what cannot, and every fault."""
    faults: list[str] = []
    document = _document(home.alert_settings, faults)
    faults += [
        f"{key!r} is not known. {did_you_mean(key, KEYS) or 'Known: ' + ', '.join(KEYS) + '.'}"
        for key in document
        if key not in KEYS
    ]
    found = AlertSettings(
        webhook=_webhook(document, faults),
        kinds=_kinds(document, faults),
        coverage_drop=_drop(document, faults),
    )
    return found, faults


def _document(path: Path, faults: list[str]) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        faults.append(f"{path} cannot be read: {error.strerror or type(error).__name__}.")
        return {}
    except ValueError as error:
        # The file may hold the webhook, and a reader's message may quote the file.
        faults.append(f"The file cannot be read as TOML ({type(error).__name__}).")
        return {}


def _webhook(document: Mapping[str, object], faults: list[str]) -> str:
    given = os.environ.get(WEBHOOK_VARIABLE) or document.get("webhook", "")
    if given == "":
        return ""
    try:
        is_address = isinstance(given, str) and _is_address(given)
    except ValueError:
        is_address = False
    if isinstance(given, str) and is_address:
        return given
    faults.append("The webhook must be an address that begins with https:// or http://.")
    return ""


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(map(str.isspace, text))


def _kinds(document: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    given = document.get("kinds", list(KINDS))
    if not isinstance(given, list):
        faults.append(f"kinds must be a list out of {', '.join(KINDS)}.")
        return KINDS
    faults += [f"kinds names {kind!r}. Known: {', '.join(KINDS)}." for kind in given if kind not in KINDS]
    return tuple(kind for kind in KINDS if kind in given)


def _drop(document: Mapping[str, object], faults: list[str]) -> float:
    given = document.get("coverage_drop", AlertSettings.coverage_drop)
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if isinstance(given, int | float) and is_number and math.isfinite(given) and 0 < given <= 1:
        return float(given)
    faults.append(f"coverage_drop must be a number above 0 and up to 1, not {given!r}.")
    return AlertSettings.coverage_drop
