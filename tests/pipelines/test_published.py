"""Opening the published file: what a reader is told when there is none, or something else in its place."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import duckdb
import pytest

from pipelines import published
from pipelines.published import (
    NewerPublishedFileError,
    NotPublishedFileError,
    PublishedFileBusyError,
    PublishedFileMissingError,
    QuestionError,
    ask,
    open_published,
    query,
)
from pipelines.statements import quoted

HOLD_FOR_WRITING = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE scribble AS SELECT 1")
print("holding", flush=True)
sys.stdin.readline()
"""

IMPORT_ALONE = """
import sys
import pipelines.published
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & {"polars", "dagster", "numpy", "igraph", "rich"}))
"""


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(published, "RETRY_SECONDS", (0.01,))


def writer(path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_WRITING, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def test_tables_views_and_macros_are_found_by_their_plain_names(publish_small):
    with open_published(publish_small()) as file:
        assert file.execute("SELECT count(*) FROM ranked_partners").fetchall() == [(20,)]
        assert file.execute("SELECT count(*) FROM graph.accounts").fetchall() == [(60,)]
        assert len(file.execute("FROM top_partners(4)").fetchall()) == 4


def test_the_connection_cannot_write_and_is_closed_at_the_end(publish_small):
    with (
        open_published(publish_small()) as file,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        file.execute("DELETE FROM runs")
    with pytest.raises(duckdb.ConnectionException):
        file.execute("SELECT 1")


def test_a_query_answers_with_columns_and_rows(publish_small):
    answer = query(publish_small(), "published/objects")
    assert answer.columns == ("kind", "name", "column_name", "type", "comment")
    assert answer.dicts()[0]["name"] == "latest_runs"


def test_a_question_that_the_file_refuses_is_handled(publish_small):
    with (
        open_published(publish_small()) as file,
        pytest.raises(QuestionError, match=r"^No account called @nobody in this file\. .*find\('nobody'\)$"),
    ):
        ask(file, "FROM why($h)", {"h": "@nobody"})


def test_the_path_may_hold_quotes(publish_small, tmp_path):
    odd = tmp_path / "o'brien's \"home\"" / "partners.duckdb"
    odd.parent.mkdir()
    publish_small().rename(odd)
    with open_published(odd) as file:
        assert file.execute("SELECT count(*) FROM runs").fetchall() == [(1,)]


def test_no_file_yet(tmp_path):
    with (
        pytest.raises(PublishedFileMissingError, match=r"vouch demo.*vouch run --data DIR"),
        open_published(tmp_path / "partners.duckdb"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a database " * 1000])
def test_something_else_in_its_place(tmp_path, content):
    path = tmp_path / "partners.duckdb"
    path.write_bytes(content)
    with pytest.raises(NotPublishedFileError, match="not a published file"), open_published(path):
        pass


def test_a_folder_in_its_place(tmp_path):
    with pytest.raises(NotPublishedFileError, match="is a folder"), open_published(tmp_path):
        pass


def test_a_truncated_file(publish_small):
    path = publish_small()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(NotPublishedFileError, match="damaged"), open_published(path):
        pass


@pytest.mark.parametrize("folder", ["WALmart", "old.wal", "set locks", "version number 3"])
def test_a_word_in_the_path_is_not_what_is_wrong_with_the_file(tmp_path, folder):
    path = tmp_path / folder / "partners.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(NotPublishedFileError, match="damaged") as caught, open_published(path):
        pass
    assert str(path) in caught.value.details[0]
    said = f'IO Error: Cannot open file "{path}": Permission denied'
    assert (
        published.reading_error(duckdb.IOException(said), path).message == f"{path} may not be read by you."
    )


def test_a_foreign_log_that_may_not_be_read_is_named(tmp_path):
    path = tmp_path / "partners.duckdb"
    said = f'IO Error: Cannot open file "{path}.wal": Permission denied'
    assert isinstance(published.reading_error(duckdb.IOException(said), path), published.ForeignLogError)


def test_a_file_that_may_not_be_read_is_not_called_damaged(publish_small):
    """DuckDB's words for it; root may read everything."""
    path = publish_small()
    said = f'IO Error: Cannot open file "{path}": Permission denied'
    explained = published.reading_error(duckdb.IOException(said), path)
    assert explained.message == f"{path} may not be read by you."
    assert "ask its owner" in explained.remedy


def test_a_database_of_somebody_else(tmp_path):
    path = tmp_path / "partners.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 1 AS amount")
    with pytest.raises(NotPublishedFileError, match="not one that Vouch published"), open_published(path):
        pass


def test_a_file_of_a_newer_vouch(publish_small):
    path = publish_small()
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("UPDATE about SET schema_version = 99, vouch_version = '9.0'")
    with pytest.raises(NewerPublishedFileError, match=r"Vouch 9\.0 in schema 99"), open_published(path):
        pass


def test_a_file_of_an_earlier_schema_reads_like_one_of_today(file_of_schema_1):
    before = file_of_schema_1.read_bytes()
    with open_published(file_of_schema_1) as file:
        assert file.execute("SELECT schema_version FROM about").fetchall() == [(1,)]
        ranked = file.execute("SELECT rank, baseline, is_bridge FROM ranked_partners").fetchmany(2)
        assert ranked == [(1, None, None), (2, None, None)]
        assert file.execute("FROM own_accounts").fetchall() == []
        assert file.execute("SELECT terms, stability FROM communities").fetchall() == []
        assert len(file.execute("FROM top_partners(3)").fetchall()) == 3
    assert file_of_schema_1.read_bytes() == before


def test_a_file_of_a_newer_duckdb(monkeypatch, publish_small):
    """DuckDB's words for it, as version 1.5 says them of a file of version 2."""
    said = (
        "IO Error: Trying to read a database file with version number 69, but we can only read "
        "versions between 64 and 68."
    )
    explained = published.reading_error(duckdb.IOException(said), publish_small())
    assert isinstance(explained, NewerPublishedFileError)
    assert "version number 69" in str(explained)


def test_somebody_holds_it_open_for_writing(publish_small, impatient):
    path = publish_small()
    process = writer(path)
    try:
        with (
            pytest.raises(PublishedFileBusyError, match=r"(?s)open for writing.*PID.*read-only"),
            open_published(path),
        ):
            pass
    finally:
        process.communicate("\n")
    with open_published(path) as file:
        assert file.execute("SELECT count(*) FROM runs").fetchall() == [(1,)]


def test_a_short_lock_is_waited_for(publish_small):
    path = publish_small()
    process = writer(path)
    release = subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {process.pid}"])
    with open_published(path) as file:
        assert file.execute("SELECT count(*) FROM runs").fetchall() == [(1,)]
    release.wait()
    process.communicate()


def test_a_foreign_write_ahead_log_is_named(publish_small, impatient, tmp_path):
    path = publish_small()
    process = writer(path)
    process.kill()
    process.communicate()
    log = path.with_name(path.name + ".wal")
    kept = log.read_bytes()
    path.unlink()
    log.unlink()
    publish_small("r2")
    log.write_bytes(kept)
    with (
        pytest.raises(PublishedFileBusyError, match=r"(?s)has written into.*delete .*\.wal"),
        open_published(path),
    ):
        pass


def test_importing_it_brings_nothing_heavy():
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALONE], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout == "[]\n"


def test_the_newest_file_is_read_even_while_an_old_one_is_open_in_the_same_process(publish_small):
    with open_published(publish_small("r1")) as old:
        with open_published(publish_small("r2")) as new:
            assert new.execute("SELECT run_id FROM runs").fetchall() == [("r2",)]
        assert old.execute("SELECT run_id FROM runs").fetchall() == [("r1",)]


def test_quoting():
    with closing(duckdb.connect()) as connection:
        assert connection.execute("SELECT " + quoted("a'b''c")).fetchall() == [("a'b''c",)]
