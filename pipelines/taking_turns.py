"""One run at a time in a home: whoever works in it holds a lock, and the system frees it with the process.

A command is refused while somebody else works: a person can choose what to do. A run that Dagster launched
waits: nobody would start it again. Each of those holds a lock of its own as well, from its first moment on,
so that a run that waits or works is told from one whose process is gone.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.errors import raise_execution_interrupts  # not public, and the UI's way to stop a run
from dagster._core.events import EngineEventData  # not public, and what a line of the run's log needs
from dagster._core.executor.in_process import InProcessExecutor  # not public, and what the public one makes
from filelock import FileLock, Timeout

from pipelines.errors import VouchError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from dagster._core.execution.context.system import PlanOrchestrationContext
    from dagster._core.execution.plan.plan import ExecutionPlan

    from pipelines.home import Home

LOOK_AGAIN_SECONDS = 1.0
WAITS = "Another run is under way in this home: this one begins when that has ended."


class HomeBusyError(VouchError):
    """Another run is under way in the same home."""

    is_transient = True


@contextmanager
def alone_in(home: Home) -> Generator[None]:
    """Keep a second run out of the home: they would mix their tables and remove each other's spill files.

    Raises:
        HomeBusyError: Another run is under way.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.run_lock, blocking=False)
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


def has_process(home: Home, run_id: str) -> bool:
    """Whether the process of a run that Dagster launched is there, working or waiting for its turn."""
    path = _process_lock(home, run_id)
    if not path.exists():
        return False
    try:
        with FileLock(path, blocking=False):
            # Nobody asks for it twice: a run is executed once under its id.
            path.unlink(missing_ok=True)
    except Timeout:
        return True
    return False


def taking_turns(home: Home) -> dg.ExecutorDefinition:
    """Execute the steps of a run in its own process, once nobody else works in the home.

    A spawned step costs seconds of imports; the steps are few and each uses the cores by itself.
    """

    def create(context: dg.InitExecutorContext) -> dg.Executor:
        usual = in_process.executor_creation_fn
        assert usual is not None  # noqa: S101 - it has one; its type says that others need not
        return _TakingTurns(home, usual(context))

    in_process = dg.in_process_executor
    config = in_process.config_schema.as_field()
    return dg.ExecutorDefinition(in_process.name, config, executor_creation_fn=create)


class _TakingTurns(InProcessExecutor):
    """The executor that works in this process, begun when it is its turn."""

    def __init__(self, home: Home, usual: dg.Executor) -> None:
        super().__init__(usual.retries, usual.step_dependency_config)
        self._home = home

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Wait, say so, and execute."""
        there, turn = _process_lock(self._home, plan_context.run_id), self._home.run_lock
        there.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            held.enter_context(FileLock(there))
            held.callback(there.unlink, missing_ok=True)
            if not _taken(turn, held):
                yield dg.DagsterEvent.engine_event(plan_context, WAITS, EngineEventData())
                while not _taken(turn, held):
                    with raise_execution_interrupts():
                        time.sleep(LOOK_AGAIN_SECONDS)
            yield from super().execute(plan_context, execution_plan)


def _taken(path: Path, held: ExitStack) -> bool:
    try:
        held.enter_context(FileLock(path, blocking=False))
    except Timeout:
        return False
    return True


def _process_lock(home: Home, run_id: str) -> Path:
    return home.processes / f"{run_id}.lock"
