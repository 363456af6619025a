from __future__ import annotations

import itertools
import shutil
from contextlib import closing

import pytest

from pipelines.explore import reading
from pipelines.explore.reading import (
    StatementError,
    answer,
    edition,
    open_file,
    read_audience,
    read_audiences,
)
from pipelines.published import PublishedFileMissingError
from tests.pipelines.explore.conftest import small_lists


@pytest.fixture
def file(world):
    with closing(open_file(world)) as connection:
        yield connection


def test_lists_are_the_follows_of_the_file(view):
    lists = view.lists
    assert lists.weight.tolist() == [1.0] * 30 + [0.5] * 10
    parts = [lists.members[start:end].tolist() for start, end in itertools.pairwise(lists.offsets)]
    assert parts == small_lists()
    assert [row["account_id"] for row in view.candidates] == [f"id{i}" for i in range(20)]


def test_without_kept_weights_there_are_no_lists(file_of_schema_1):
    with closing(open_file(file_of_schema_1)) as connection:
        view = read_audience(connection, read_audiences(connection)[0])
    assert view.lists is None
    assert len(view.candidates) == 20


def test_evidence_is_that_of_the_run(file):
    about = read_audiences(file)[0]
    assert [row["sentence"] for row in reading.read_evidence(file, about, "id3")] == [
        "Half of the audience follows."
    ]
    assert reading.read_evidence(file, about, "'; DROP TABLE runs; --") == []


def test_a_reader_keeps_its_publication_and_the_next_one_sees_the_new(publish_world):
    path = publish_world()
    before = edition(path)
    with closing(open_file(path)) as old:
        publish_world("r2")  # not blocked by the open reader
        assert edition(path) != before
        assert read_audiences(old)[0]["run_id"] == "r1"
        with closing(open_file(path)) as new:
            assert read_audiences(new)[0]["run_id"] == "r2"


def test_nothing_published_is_said(tmp_path):
    assert edition(tmp_path / "partners.duckdb") is None
    with pytest.raises(PublishedFileMissingError, match="Nothing is published"):
        open_file(tmp_path / "partners.duckdb")


def test_a_statement_of_ones_own_is_answered(file, monkeypatch):
    monkeypatch.setattr(reading, "ANSWER_ROWS", 3)
    found = answer(file, "SELECT handle, 1 AS one, 2 AS one FROM top_partners(10)")
    assert found.columns == ["handle", "one", "one_2"]
    assert len(found.rows) == 3
    assert found.is_cut
    assert answer(file, "FROM why('Voice1')").rows[0]["sentence"] == "Half of the audience follows."


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "SELECT",
        "FROM why('nobody of this name')",
        "FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'must-not-be-written.csv'",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
        "DELETE FROM runs",
    ],
)
def test_a_statement_that_cannot_be_answered_says_so_and_does_nothing(file, statement):
    with pytest.raises(StatementError):
        answer(file, statement)
    assert answer(file, "SELECT count(*) AS n FROM runs").rows == [{"n": 1}]


def test_a_statement_that_takes_too_long_is_stopped(file, monkeypatch):
    monkeypatch.setattr(reading, "ANSWER_SECONDS", 0.2)
    with pytest.raises(StatementError, match="No answer within"):
        answer(file, "SELECT sum(hash(a.range + b.range)) FROM range(1000000000) AS a, range(1000) AS b")


def test_a_damaged_file_is_said(world, tmp_path):
    path = tmp_path / "other.duckdb"
    shutil.copy(world, path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(reading.VouchError):
        open_file(path)
