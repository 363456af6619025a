"""A run as Dagster launches it, in a process of its own: says what it does and ends when it is told to."""

from __future__ import annotations

import sys
from pathlib import Path

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run

from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.taking_turns import WAITS, taking_turns


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


@dg.op
def work() -> None:
    say("works")
    sys.stdin.readline()


def say_waiting(entry: dg.EventLogEntry) -> None:
    if entry.dagster_event is not None and entry.dagster_event.message == WAITS:
        say("waits")


def main(folder: Path) -> None:
    home = Home(folder)
    job = dg.GraphDefinition("network", node_defs=[work]).to_job(executor_def=taking_turns(home))
    with home_instance(home) as instance:
        run = instance.create_run_for_job(job)
        say(run.run_id)
        instance.add_event_listener(run.run_id, say_waiting)
        execute_run(InMemoryJob(job), run, instance, raise_on_error=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
