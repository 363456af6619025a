"""Where a run keeps what it makes.

The home holds the lake, the published file, the reports and the Dagster history. Deleting it loses nothing
that a rerun does not make again, except reviewers' labels and past runs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.text import slug

if TYPE_CHECKING:
    from datetime import date

HOME_VARIABLE = "VOUCH_HOME"
DEFAULT_HOME = Path("vouch-home")


@dataclass(frozen=True)
class Home:
    """The folders and files of one home; nothing is created by asking for a path."""

    root: Path

    @property
    def lake(self) -> Path:
        """Parquet tables and graph arrays, by day."""
        return self.root / "lake"

    @property
    def published(self) -> Path:
        """The DuckDB file that people read."""
        return self.root / "partners.duckdb"

    @property
    def reports(self) -> Path:
        """HTML reports and workbooks."""
        return self.root / "reports"

    def report(self, audience: str) -> Path:
        """The HTML report of an audience; the same place after every run, so that a link stays good."""
        return self.reports / f"{slug(audience)}.html"

    @property
    def labels(self) -> Path:
        """Reviewers' decisions about accounts; no run makes them again."""
        return self.root / "labels"

    @property
    def notebooks(self) -> Path:
        """Somebody's own copy of the page for the second question; no run makes it again."""
        return self.root / "notebooks"

    @property
    def dagster(self) -> Path:
        """Run history, event logs and schedules' state."""
        return self.root / "dagster"

    @property
    def run_lock(self) -> Path:
        """Held by whoever works in the home; see `pipelines.taking_turns`."""
        return self.root / ".run.lock"

    @property
    def processes(self) -> Path:
        """A file for each run that Dagster launched, held by its process while there is one."""
        return self.dagster / "processes"

    @property
    def alerts(self) -> Path:
        """What people were told without asking, a file each; see `pipelines.alerts`."""
        return self.root / "alerts"

    @property
    def alert_settings(self) -> Path:
        """How people want to be told; written by hand, and there need be none."""
        return self.root / "alerts.toml"

    @property
    def inbox(self) -> Path:
        """Data folders put here are run by the sensor."""
        return self.root / "inbox"

    @property
    def scratch(self) -> Path:
        """Spill files and half-made tables; each writer clears its own, and an empty folder is removed."""
        return self.root / "scratch"

    def day(self, as_of: date) -> Path:
        """The lake's folder of one snapshot day."""
        return self.lake / "days" / as_of.isoformat()


def find_home(option: str | os.PathLike[str] | None = None) -> Home:
    """The home named by an option, else by VOUCH_HOME, else `vouch-home` in the current folder."""
    chosen = option or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME
    return Home(Path(chosen).expanduser().resolve())
