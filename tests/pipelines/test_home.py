"""Which home a command works in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.home import HOME_VARIABLE, Home, find_home


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_option_beats_the_variable_beats_the_folder(monkeypatch, tmp_path):
    assert find_home().root == tmp_path / "vouch-home"
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "env"))
    assert find_home().root == tmp_path / "env"
    assert find_home(tmp_path / "option").root == tmp_path / "option"


def test_an_empty_variable_counts_as_none(monkeypatch, tmp_path):
    monkeypatch.setenv(HOME_VARIABLE, "")
    assert find_home().root == tmp_path / "vouch-home"


def test_relative_and_tilde_paths_become_absolute(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert find_home("~/v").root == tmp_path / "me" / "v"
    assert find_home("here/../there").root == tmp_path / "there"


def test_asking_for_paths_makes_nothing(tmp_path):
    home = Home(tmp_path / "new")
    paths = [
        home.lake, home.published, home.reports, home.dagster, home.inbox, home.scratch,
        home.day(date(2024, 5, 31)),
    ]  # fmt: skip
    assert paths[-1] == tmp_path / "new" / "lake" / "days" / "2024-05-31"
    assert len(set(paths)) == len(paths)
    assert all(path.is_relative_to(home.root) for path in paths)
    assert list(Path(tmp_path).iterdir()) == []
