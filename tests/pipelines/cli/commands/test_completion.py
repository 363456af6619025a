"""Completion: the script a shell loads, and what it is offered; a shell is asked where there is one."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.pipelines.cli.conftest import REPOSITORY, RUN

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def offered(home):
    """What is offered for a line that has been typed so far; the last word is the one to complete."""

    def ask(*words, at=home):
        environment = {
            "_VOUCH_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("vouch", *words)),
            "COMP_CWORD": str(len(words)),
            "VOUCH_HOME": str(at),
        }
        code = "from pipelines.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return [line.removeprefix("plain,") for line in done.stdout.split("\n") if line]

    return ask


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_one_that_the_shell_reads(call, shell, tmp_path):
    result = call("completion", shell)
    assert result.exit_code == 0
    assert "_VOUCH_COMPLETE" in result.stdout
    program = shutil.which(shell)
    if program is None:
        return
    script = tmp_path / "script"
    script.write_text(result.stdout)
    assert subprocess.run([program, "-n", script], capture_output=True, check=False).stderr == b""


def test_commands_are_offered_without_importing_them(offered):
    assert offered("comp") == ["compare", "completion"]


def test_handles_are_offered_the_best_first_and_no_harmful_one(offered):
    assert offered("why", "ma") == ["maria.runs"]
    assert offered("why", "@MA") == ["@maria.runs"]
    everybody = offered("why", "")
    assert everybody[0] == "maria.runs"
    assert not any(set(name) & set("$`'\";|&<>()[]{}*?! \\") for name in everybody)


def test_runs_and_audiences_are_offered(offered):
    assert offered("diff", "2026-03") == ["2026-03-01"]
    assert offered("diff", "202603") == [RUN]
    assert offered("top", "--audience", "trail") == []  # a name with a blank would fall apart in the shell


def test_nothing_published_offers_nothing(offered, tmp_path):
    assert offered("why", "m", at=tmp_path / "nowhere") == []
