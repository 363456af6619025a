"""What becomes of runs whose process is gone.

A process that is killed, or that the system ends for want of memory, cannot write into the history that its
run has ended. Such a run would count as under way for ever: whatever waits for it would wait for ever too, it
would keep its place in the queue, and nobody would be told that it failed. The locks of
`pipelines.taking_turns` go with their process, and so tell which runs those are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.jobs import LAUNCHED_BY_TAG
from pipelines.taking_turns import HomeBusyError, alone_in, has_process

if TYPE_CHECKING:
    from pipelines.home import Home

COMMAND_LINE = "command line"
EXECUTED_AGAIN_TAG = "dagster/parent_run_id"
BEGINNING = (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING)
BEGUN = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
UNFINISHED = (*BEGINNING, dg.DagsterRunStatus.QUEUED, *BEGUN)
CUT_OFF = "Its process is gone: it was killed, or the machine ran out of memory or was switched off."

BEGUN_SECONDS = 60.0
"""A run that began this long ago holds the lock of its process, if it has one."""

BEGINNING_SECONDS = 600.0
"""A process that was to be started this long ago will not come any more."""


def carries_itself_on(run: dg.DagsterRun) -> bool:
    """Whether a command executes the whole chain; what is executed again keeps its tags, but is alone."""
    return run.tags.get(LAUNCHED_BY_TAG) == COMMAND_LINE and EXECUTED_AGAIN_TAG not in run.tags


def cut_off_runs(home: Home, instance: dg.DagsterInstance, *, is_alone: bool = False) -> list[dg.DagsterRun]:
    """The unfinished runs whose process is gone; those of the queue wait for theirs and are not meant.

    Args:
        home: The home.
        instance: Its history.
        is_alone: Whether the caller is `alone_in` the home: else it is looked whether a command is.
    """
    found = instance.get_run_records(dg.RunsFilter(statuses=[*BEGINNING, *BEGUN]))
    of_commands = [one.dagster_run for one in found if carries_itself_on(one.dagster_run)]
    launched = [one for one in found if not carries_itself_on(one.dagster_run)]
    # Without the first look a command that starts just now might be refused for nothing.
    if of_commands and not is_alone and not _is_nobody_there(home):
        of_commands = []
    return [*of_commands, *(one.dagster_run for one in launched if _is_gone(home, one))]


def end_cut_off_runs(home: Home, instance: dg.DagsterInstance, *, is_alone: bool = False) -> int:
    """Write into the history that the runs whose process is gone have failed; gives how many there were.

    See `cut_off_runs` for the arguments.
    """
    found = cut_off_runs(home, instance, is_alone=is_alone)
    for run in found:
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, CUT_OFF)
        else:
            instance.report_run_failed(run, CUT_OFF)
    return len(found)


@dataclass(frozen=True)
class NewestRun:
    """The run that was begun last.

    Attributes:
        text: Its job, when it began, and its status.
        has_failed: Whether it ended in a failure.
        is_unfinished: Whether it waits or works.
    """

    text: str
    has_failed: bool
    is_unfinished: bool

    def __str__(self) -> str:
        """As a person reads it."""
        return self.text


def newest_run(instance: dg.DagsterInstance) -> NewestRun | None:
    """The run of any job that was begun last, or None where there was none."""
    for record in instance.get_run_records(limit=1):
        run = record.dagster_run
        began = datetime.fromtimestamp(record.start_time, UTC) if record.start_time else None
        when = f"began {began:%Y-%m-%d %H:%M} UTC" if began else "has not begun"
        return NewestRun(
            f"{run.job_name}, {when}, {run.status.value.lower()}",
            run.status is dg.DagsterRunStatus.FAILURE,
            run.status in UNFINISHED,
        )
    return None


def _is_gone(home: Home, record: dg.RunRecord) -> bool:
    """Whether a run that Dagster launched has lost its process, or never got one."""
    status, began = record.dagster_run.status, record.start_time
    if status in BEGINNING or began is None:
        # since when it waits for its process; a clock that was set back says nothing of how long that is
        return abs(time.time() - record.update_timestamp.timestamp()) > BEGINNING_SECONDS
    return abs(time.time() - began) > BEGUN_SECONDS and not has_process(home, record.dagster_run.run_id)


def _is_nobody_there(home: Home) -> bool:
    try:
        with alone_in(home):
            return True
    except HomeBusyError:
        return False
