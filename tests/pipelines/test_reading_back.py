"""Reading what was just published while another program still writes into what was published before."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import dagster as dg
import pytest

from pipelines import published, reading_back, resources
from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.published import ForeignLogError, foreign_log, open_published
from pipelines.reading_back import PublishedUnreadError, read_back
from pipelines.resources import HomePublisher

WRITE = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE mine AS SELECT 1")
print("written", flush=True)
sys.stdin.readline()
os._exit(0)
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(published, "RETRY_SECONDS", (0.01,))


def writer(path):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "-c", WRITE, str(path)], **pipes)
    assert process.stdout.readline() == "written\n"
    return process


@pytest.fixture
def left(publish_small):
    """A published file, and the log that a program which has the one before open goes on writing."""
    path = publish_small("r1")
    process = writer(path)
    log = foreign_log(path).read_bytes()
    assert publish_small("r2") == path
    assert not foreign_log(path).exists()  # it goes with the swap; what is written after that does not
    process.communicate("\n")
    foreign_log(path).write_bytes(log)
    with pytest.raises(ForeignLogError), open_published(path):
        pass
    return path


def run_of(path):
    with open_published(path) as file:
        return file.execute("SELECT run_id FROM latest_runs").fetchall()


def test_a_log_that_is_not_the_file_s_own_goes_and_the_file_is_read(left):
    assert read_back(left, run_of) == [("r2",)]
    assert not foreign_log(left).exists()


def test_reports_figures_and_rows_are_read_past_it(left, tmp_path):
    home = Home(left.parent)
    log = foreign_log(left).read_bytes()
    publisher = HomePublisher(home, Lake(home.lake))
    for read in (publisher.report, publisher.coverage, publisher.audiences, lambda: publisher.top(3)):
        foreign_log(left).write_bytes(log)
        read()
        assert not foreign_log(left).exists()
    assert home.report("Runners").is_file()


def test_who_writes_all_the_time_is_named_with_the_file_and_the_remedy(left):
    log, asked = foreign_log(left).read_bytes(), []

    def read(path):
        foreign_log(path).write_bytes(log)
        asked.append(path)
        return run_of(path)

    with pytest.raises(PublishedUnreadError) as caught:
        read_back(left, read)
    assert len(asked) == reading_back.FOREIGN_LOGS + 1
    assert caught.value.message.startswith(
        f"{left} was published, but the reports cannot be written. Another"
    )
    assert f"delete {left}.wal" in caught.value.remedy
    assert caught.value.remedy.endswith("Then: vouch report")
    assert caught.value.is_transient


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_reports_that_cannot_be_written_do_not_make_the_published_file_the_old_one(
    publish_small, monkeypatch, number
):
    home = Home(publish_small().parent)

    def write_report(*_, out, **__):
        raise OSError(number, os.strerror(number), str(out))

    monkeypatch.setattr(resources, "write_report", write_report)
    with pytest.raises(dg.Failure, match="was published, but the reports cannot be written") as caught:
        HomePublisher(home, Lake(home.lake)).report()
    assert isinstance(caught.value.__cause__, PublishedUnreadError)
    assert "unchanged" not in caught.value.description
    assert caught.value.description.endswith("Then: vouch report")
    assert caught.value.allow_retries


def test_who_has_the_new_file_open_for_writing_is_told_as_such(publish_small):
    path = publish_small()
    process = writer(path)
    try:
        with pytest.raises(PublishedUnreadError, match="was published, but") as caught:
            read_back(path, run_of)
        assert "open for writing" in caught.value.message
        assert foreign_log(path).exists()  # that is its own
    finally:
        process.communicate("\n")
