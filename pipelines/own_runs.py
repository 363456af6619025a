"""Runs that a command carries on by itself, and what becomes of them when its process is gone.

A command that is killed, or that the system ends for want of memory, cannot write into the history that its
run has ended. Such a run would count as under way for ever: whatever waits for it would wait for ever too,
and nobody would be told that it failed. A command holds a lock of the home while it runs, and the system lets
go of the lock with the process: whoever gets it knows that no such run is alive.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg
from filelock import FileLock, Timeout

from pipelines.errors import VouchError
from pipelines.jobs import LAUNCHED_BY_TAG

if TYPE_CHECKING:
    from collections.abc import Generator

    from pipelines.home import Home

COMMAND_LINE = "command line"
EXECUTED_AGAIN_TAG = "dagster/parent_run_id"
UNFINISHED = (
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)
CUT_OFF = "Its process is gone: it was killed, or the machine ran out of memory or was switched off."


class HomeBusyError(VouchError):
    """Another run is under way in the same home."""


def carries_itself_on(run: dg.DagsterRun) -> bool:
    """Whether a command executes the whole chain; what is executed again keeps its tags, but is alone."""
    return run.tags.get(LAUNCHED_BY_TAG) == COMMAND_LINE and EXECUTED_AGAIN_TAG not in run.tags


@contextmanager
def alone_in(home: Home) -> Generator[None]:
    """Keep a second run out of the home: they would mix their tables and remove each other's spill files.

    Raises:
        HomeBusyError: Another run is under way.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.root / ".run.lock", blocking=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise HomeBusyError(
            f"Another run is under way in {home.root}.",
            remedy="Wait until it has ended, or choose another folder with --home.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def end_cut_off_runs(instance: dg.DagsterInstance) -> int:
    """Write into the history that the runs of commands which are not finished have failed.

    Only for who is `alone_in` the home.

    Returns:
        How many there were.
    """
    cut_off = _unfinished(instance)
    for run in cut_off:
        instance.report_run_failed(run, CUT_OFF)
    return len(cut_off)


def end_cut_off_runs_if_alone(home: Home, instance: dg.DagsterInstance) -> int:
    """The same for who does not hold the lock: nothing happens while a command is running."""
    if not _unfinished(instance):
        # Without this look a command that starts just now might be refused for nothing.
        return 0
    try:
        with alone_in(home):
            return end_cut_off_runs(instance)
    except HomeBusyError:
        return 0


def _unfinished(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    filters = dg.RunsFilter(tags={LAUNCHED_BY_TAG: COMMAND_LINE}, statuses=list(UNFINISHED))
    return [run for run in instance.get_runs(filters) if carries_itself_on(run)]
