"""Which kept run a person means: `latest`, `previous`, a day, or the beginning of a run's id."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from pipelines.cli.reading import UnknownNameError
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row

LATEST, PREVIOUS = "latest", "previous"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LISTED = 10


def named_run(runs: Sequence[Row], asked: str) -> Row:
    """The run of an audience that goes by a name.

    Args:
        runs: The audience's runs, the newest first.
        asked: `latest`, `previous` (the one that it was compared with, else the one before it), a day (its
            newest run), or how a run id begins.

    Raises:
        UnknownNameError: No run is meant, or several; the message lists those there are.
    """
    name = asked.strip().lower()
    if name in {LATEST, PREVIOUS}:
        found = runs[:1] if name == LATEST else _before(runs)
        if found:
            return found[0]
        raise UnknownNameError(
            f"There is no {name} run of this audience; {len(runs) or 'none'} is kept.",
            remedy="Every run is kept: run again on another day, or on other data.",
        )
    if _DAY.fullmatch(name):
        found = [run for run in runs if run["as_of"] == _day(asked)][:1]
    else:
        found = [run for run in runs if str(run["run_id"]).lower().startswith(name)] if name else []
    if len(found) == 1:
        return found[0]
    there = [f"{run['run_id']} (as of {run['as_of']})" for run in (found or runs)[:_LISTED]]
    what = f"{len(found)} runs begin with" if found else "No run of this audience is called"
    raise UnknownNameError(
        f"{what} “{plain(asked, 60)}”.",
        details=there,
        remedy="Name one of these, a day, latest or previous; all of them: vouch runs",
    )


def _before(runs: Sequence[Row]) -> Sequence[Row]:
    """What the newest run was compared with: not one on the same data, which tells nothing new."""
    compared = runs[0]["previous_run_id"] if runs else None
    return [run for run in runs if run["run_id"] == compared] or runs[1:2]


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked.strip())
    except ValueError:  # such as the 30th of February
        return None
