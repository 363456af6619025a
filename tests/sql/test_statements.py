"""What holds for every statement of the stages; what each one makes is tested beside, a file per folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.statements import sql_folder

FOLDERS = ("graph", "trust", "shill", "partners", "publication")
STATEMENTS = sorted(
    f"{folder}/{path.stem}" for folder in FOLDERS for path in (sql_folder() / folder).glob("*.sql")
)
VALUES = {
    "day": "2024-05-31", "audience": "x", "run_id": "r", "network": "n", "minimum_followers": 1,
    "most_candidates": 1, "most_voices": 1, "n": 1, "most_mentioned": 1, "small_share": 0.1, "list_length": 1,
    "fewest_followers": 1, "least_share": 0.1, "newest_posts": 1, "post_length": 1, "bio_length": 1,
    "category": "x", "small_group": 1, "window_seconds": 1, "mentions_answer": True, "most": 1,
    "calls_are_known": True, "reach": 1, "promotional_from": 0.5, "most_users": 1, "disclosures": ["#ad"],
    "points": 2, "pattern": "acme",
}  # fmt: skip


def text_of(name):
    return (sql_folder() / f"{name}.sql").read_text(encoding="utf-8")


def test_every_statement_has_a_test_and_every_test_a_statement():
    tested = {
        name
        for path in Path(__file__).parent.glob("test_*_statements.py")
        for name in re.findall(r'"([a-z_]+/[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert set(STATEMENTS) - tested == set()
    assert tested - set(STATEMENTS) == set()


def test_statements_that_measurements_run_are_there():
    """No test runs a whole measurement, and one on a statement that is gone would be noticed by its user."""
    named = {
        name
        for path in (Path(__file__).parents[1] / "benchmarks").rglob("*.py")
        for name in re.findall(r'"([a-z_]+/[a-z_]+)"', path.read_text(encoding="utf-8"))
        if (sql_folder() / name).parent.is_dir()
    }
    assert named
    assert [name for name in sorted(named) if not (sql_folder() / f"{name}.sql").exists()] == []


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_is_a_single_query(name):
    """The engine puts a statement behind CREATE TABLE ... AS, so a second one would never run."""
    code = re.sub(r"--[^\n]*|'[^']*'", "", text_of(name)).strip()
    assert re.match(r"(WITH|SELECT)\b", code)
    assert ";" not in code.rstrip(";")


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_on_nothing_at_all(name, run):
    """A table that was not delivered is an empty one; no statement may fail on it."""
    wanted = {parameter: VALUES[parameter] for parameter in re.findall(r"\$(\w+)", text_of(name))}
    rows = run(name, wanted)
    assert [row for row in rows if any(row.get(column) for column in ("node", "actor", "account_id"))] == []
