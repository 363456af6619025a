"""Runs of several processes in one home: one works, the others wait, and a killed one is in nobody's way."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
import pytest

from pipelines import cut_off_runs
from pipelines.cut_off_runs import CUT_OFF, end_cut_off_runs
from pipelines.forgetting import HomeInUseError, Persons, forget
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.taking_turns import HomeBusyError, alone_in, has_process

LAUNCHED = Path(__file__).with_name("launched.py")


class Launched:
    """A run that Dagster launched, in a process of its own."""

    def __init__(self, home: Home, held: ExitStack) -> None:
        self.process = held.enter_context(
            subprocess.Popen(
                [sys.executable, str(LAUNCHED), str(home.root)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        )
        held.callback(self.process.kill)
        self.run_id = self.says()

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.communicate("\n", timeout=60)


@pytest.fixture
def launch(home):
    with ExitStack() as held:
        yield lambda: Launched(home, held)


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home")
    made.root.mkdir()
    return made


def status_of(home, launched):
    with home_instance(home) as instance:
        return instance.get_run_by_id(launched.run_id).status


def test_runs_of_a_daemon_take_turns_and_a_killed_one_is_known_by_its_process(home, launch, monkeypatch):
    monkeypatch.setattr(cut_off_runs, "BEGUN_SECONDS", 0.0)
    first = launch()
    assert first.says() == "works"
    second = launch()
    assert second.says() == "waits"
    with pytest.raises(HomeBusyError, match="Another run is under way"), alone_in(home):
        pass  # a command is refused …
    with pytest.raises(HomeInUseError, match="A run is under way"):
        forget(home, Persons(("a",), (), ()), lambda _: None)  # … and nobody is taken out meanwhile
    with home_instance(home) as instance:
        assert end_cut_off_runs(home, instance) == 0
        first.process.kill()
        assert second.says() == "works"
        assert end_cut_off_runs(home, instance) == 1
        assert has_process(home, second.run_id)
        run = instance.get_run_by_id(first.run_id)
        (failed,) = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    assert run.status is dg.DagsterRunStatus.FAILURE
    assert failed.event_log_entry.dagster_event.message == CUT_OFF
    second.end()
    assert status_of(home, second) is dg.DagsterRunStatus.SUCCESS
    assert list(home.processes.iterdir()) == []
    with alone_in(home):
        pass


def test_a_run_that_waits_for_its_turn_can_be_stopped(home, launch):
    with alone_in(home):
        waiting = launch()
        assert waiting.says() == "waits"
        waiting.process.send_signal(signal.SIGINT)
        waiting.end()
    assert status_of(home, waiting) is dg.DagsterRunStatus.FAILURE
    assert list(home.processes.iterdir()) == []
