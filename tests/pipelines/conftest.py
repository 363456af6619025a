"""A tiny dataset, a home it was published in, and the real command in a process of its own."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VOUCH = (sys.executable, "-m", "pipelines.cli")
FOLLOWS = ("follower_id", "followee_id")
MEMBERS = ("audience", "account_id")


class Command:
    """`vouch` as a person calls it, in a process of its own."""

    words = VOUCH

    @staticmethod
    def environment(**changes: str | None) -> dict[str, str]:
        """This process's environment without this machine's settings for Vouch; None removes a variable."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOUCH_", "LC_"))}
        return {name: value for name, value in (kept | changes).items() if value is not None}

    def run(self, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **options) as process:
            out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        settings: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
            "env": self.environment(),
            "start_new_session": True,
        }
        return subprocess.Popen([*VOUCH, *map(str, arguments)], **(settings | options))

    @staticmethod
    def assert_refused(result: subprocess.CompletedProcess[str], *said: str) -> None:
        """One message for a person on standard error, nothing on standard output, exit code 1."""
        assert result.returncode == 1, result.stderr
        assert not result.stdout
        assert result.stderr.count("Stopped:") == 1
        for never in ("Traceback", "defect", "Exception", "sqlite3", "Dagster"):
            assert never not in result.stderr
        for words in said:
            assert words in result.stderr


@pytest.fixture(scope="session")
def vouch() -> Command:
    return Command()


def _write_table(folder: Path, name: str, rows: Sequence[Sequence[object]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(scope="session")
def write_table() -> Callable[[Path, str, Sequence[Sequence[object]]], Path]:
    """Writes rows, the header first, as `<folder>/<name>.csv`."""
    return _write_table


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory) -> Path:
    """240 accounts that follow six of thirty voices each; 200 of them are the audience."""
    folder = tmp_path_factory.mktemp("tiny") / "data"
    draw = random.Random(1)  # noqa: S311 - a fixed draw, no secret
    follows = [(f"m{i}", f"v{j}") for i in range(240) for j in draw.sample(range(30), 6)]
    _write_table(folder, "follows", [FOLLOWS, *follows])
    _write_table(folder, "audience_members", [MEMBERS, *(("readers", f"m{i}") for i in range(200))])
    return folder


@pytest.fixture(scope="session")
def _published_home(vouch, tiny_data, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("published") / "home"
    result = vouch.run("run", "--data", tiny_data, "--home", home)
    assert result.returncode == 0, result.stderr
    return home


@pytest.fixture
def ready_home(_published_home, tmp_path) -> Path:
    """A home of one's own in which the tiny dataset was published."""
    return Path(shutil.copytree(_published_home, tmp_path / "home"))


@pytest.fixture
def tiny_copy(tiny_data, tmp_path) -> Callable[..., Path]:
    """A copy of the tiny dataset with files replaced by the given bytes, or removed by None."""

    def copy(**changes: bytes | None) -> Path:
        folder = Path(shutil.copytree(tiny_data, tmp_path / "data"))
        for name, content in changes.items():
            path = folder / name.replace("__", ".")
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        return folder

    return copy
