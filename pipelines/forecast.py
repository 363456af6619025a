"""How long a run will still take: from what its steps cost elsewhere, and the pace of those it has finished.

Belongs here: the reckoning. What a person sees of it is `pipelines.progress`.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SHARES: Mapping[str, float] = {
    "input_tables": 4.0,
    "accounts": 1.5,
    "account_profiles": 1.0,
    "follower_graph": 5.0,
    "growth_bursts": 1.5,
    "impersonation": 2.0,
    "follower_quality": 1.0,
    "lockstep_followers": 28.0,
    "shill_probability": 2.0,
    "cleaned_audience": 0.5,
    "audience_affinity": 1.0,
    "audience_endorsement": 7.5,
    "communities": 10.5,
    "resampled_audience": 22.0,
    "partner_ranking": 2.0,
    "partner_portfolio": 0.5,
    "partners_file": 7.0,
    "partner_reports": 0.5,
}
"""About what share of a run of a hundred million follows each step takes, in percent
(`make benchmark PART=job`); the others take next to nothing."""

OTHERS = 0.2
READING = "input_tables"
ENOUGH = 0.05
"""Part of all work that must be done before its pace counts, where no earlier run is known. The time of
reading says how the files are written and what else is in them, and a step without a share says nothing of
the others: of a small network they would make a long run."""

RUNS_READ = 3
"""Earlier runs that are asked what a step took; the longest counts, as it was not made again in others."""


@dataclass
class Forecast:
    """What is still to come of one run.

    Attributes:
        expected: Step to what it is expected to cost, in seconds of an earlier run or in shares.
        is_seconds: Whether these are seconds, so that something can be said before anything is finished.
        to_come: Steps that have not begun, in any order.
    """

    expected: Mapping[str, float]
    is_seconds: bool
    to_come: list[str]
    _done: float = 0.0
    _took: float = 0.0
    _running: tuple[str, float] = field(default=("", 0.0))

    def begin(self, step: str) -> None:
        """A step begins."""
        if step in self.to_come:
            self.to_come.remove(step)
        self._running = step, time.monotonic()

    def end(self, step: str, seconds: float, *, was_kept: bool) -> None:
        """It ended; one that was not made again says nothing about the pace."""
        self._running = "", 0.0
        if not was_kept and (self.is_seconds or (step in self.expected and step != READING)):
            self._done += self._expected(step)
            self._took += seconds

    def left(self) -> float | None:
        """Seconds that the running step and those to come will take, about; None where nobody knows."""
        if not self.is_seconds and self._done < ENOUGH * sum(self.expected.values()):
            return None
        pace = self._took / self._done if self._done else 1.0
        step, since = self._running
        running = max(pace * self._expected(step) - (time.monotonic() - since), 0.0) if step else 0.0
        return running + pace * sum(map(self._expected, self.to_come))

    def _expected(self, step: str) -> float:
        return self.expected.get(step, OTHERS if not self.is_seconds else 0.0)


def forecast(runs: Sequence[Path], to_come: Iterable[str]) -> Forecast:
    """What an earlier run of this home says, or else what is known of large ones.

    Args:
        runs: Folders of the kept runs, oldest first.
        to_come: The steps of this run.
    """
    told: dict[str, float] = {}
    for folder in runs[-RUNS_READ:]:
        record = pl.read_parquet(folder / "run.parquet").row(0, named=True)
        for step, seconds in json.loads(record.get("durations") or "{}").items():
            told[step] = max(told.get(step, 0.0), float(seconds))
    if told:
        # a run keeps what its steps took before it publishes, so that the last of them are in no record
        known = sum(SHARES.get(step, OTHERS) for step in told)
        pace = sum(told.values()) / known
        told = {step: pace * share for step, share in SHARES.items()} | told
    return Forecast(told or SHARES, bool(told), list(to_come))
