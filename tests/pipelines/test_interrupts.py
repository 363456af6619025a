"""Runs that are stopped at a chosen moment: the published file stays whole, and the next run works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from pipelines.home import Home
from pipelines.instance import home_instance

if TYPE_CHECKING:
    from pathlib import Path

# The first event of the run, the gap between two jobs, and the publication.
MOMENTS = ("started: input tables", "s: shill probability", "started: partners file")
READER = """
import sys, duckdb
connection = duckdb.connect()
connection.execute(f"ATTACH '{sys.argv[1]}' AS published (READ_ONLY)")
count = "SELECT count(*), min(run_id) FROM published.partner_rankings"
before = connection.execute(count).fetchall()
print("open", flush=True)
sys.stdin.readline()
assert connection.execute(count).fetchall() == before
print("same", flush=True)
"""


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    """Read the run's own lines until one holds the words."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    pytest.fail(f"the run ended before it said {words!r}")


def left_unfinished(home: Path) -> list[str]:
    return [path.name for path in home.rglob("*") if "partial" in path.name or "building" in path.name]


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_ends_with_130_and_leaves_everything_whole(vouch, tiny_data, ready_home, moment):
    published = (ready_home / "partners.duckdb").read_bytes()
    with vouch.start("run", "--data", tiny_data, "--home", ready_home) as process:
        wait_for(process, moment)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert not out
    said = [line for line in err.splitlines() if " started: " not in line and " finished in " not in line]
    assert said == ["Interrupted. What was published before is still whole."]
    assert (ready_home / "partners.duckdb").read_bytes() == published
    assert left_unfinished(ready_home) == []
    assert not (ready_home / "scratch").exists()


def test_a_killed_run_holds_nobody_up_and_a_second_run_at_once_is_refused(vouch, tiny_data, ready_home):
    file = ready_home / "partners.duckdb"
    published = file.read_bytes()
    for moment in ("started: accounts", "started: partners file"):
        with vouch.start("run", "--data", tiny_data, "--home", ready_home) as process:
            wait_for(process, moment)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
        assert file.read_bytes() == published
    with (
        subprocess.Popen(
            [sys.executable, "-c", READER, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as reader,
        vouch.start("run", "--data", tiny_data, "--home", ready_home) as first,
    ):
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        wait_for(first, "started: input tables")
        second = vouch.run("run", "--data", tiny_data, "--home", ready_home)
        vouch.assert_refused(second, "Another run is under way", "Wait until it has ended")
        out, err = first.communicate(timeout=120)
        assert first.returncode == 0, err
        assert out.count("\n") == 11
        assert reader.communicate("go\n", timeout=60)[0] == "same\n"
    assert file.read_bytes() != published
    assert left_unfinished(ready_home) == []
    with home_instance(Home(ready_home)) as instance:  # the killed ones are not under way for ever
        ended = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
        assert {run.status for run in instance.get_runs()} == ended
