"""What is seen of the files in a folder: how they are read, which table they look like, and their values."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from pipelines.ingest.job import IntakeClock, open_connection
from pipelines.ingest.looking import Folder, plain_name


@pytest.fixture
def look(tmp_path_factory):
    """Look at a folder, with a connection that lasts as long as the test."""
    now = datetime.now(UTC)
    scratch = tmp_path_factory.mktemp("scratch")
    with closing(open_connection(IntakeClock(now, now.date()), scratch)) as connection:
        yield lambda folder: Folder(connection, folder, scratch)


def _by_entry(folder):
    return {seen.entry: seen for seen in folder.seen}


def test_tables_are_known_by_name_and_by_columns(look, tmp_path):
    (tmp_path / "users.csv").write_text("id,username\n1,Eve\n")
    (tmp_path / "retweets.csv").write_text("source,target\n10,11\n")
    (tmp_path / "dump.csv").write_text("follower_id,followee_id\n1,2\n")
    (tmp_path / "cake.csv").write_text("flour,sugar\n1,2\n")
    seen = _by_entry(look(tmp_path))
    assert (seen["users.csv"].table.name, seen["users.csv"].guesses["handle"]) == ("accounts", "username")
    assert (seen["retweets.csv"].table.name, seen["retweets.csv"].kind) == ("interactions", "repost")
    assert seen["dump.csv"].table.name == "follows"
    assert seen["cake.csv"].table is None


def test_how_a_file_is_read(look, tmp_path):
    (tmp_path / "accounts.csv").write_bytes("account_id,handle\n1,Zoë\n".encode("utf-16"))
    (tmp_path / "posts.csv").write_bytes("post_id,author_id,text\n1,1,café\n".encode("latin-1"))
    (tmp_path / "follows.txt").write_text("1 2\n3 4\n")
    seen = _by_entry(look(tmp_path))
    assert seen["accounts.csv"].source.encoding == "utf-16"
    assert seen["posts.csv"].source.encoding == "latin-1"
    source = seen["follows.txt"].source
    assert (source.encoding, source.delimiter, source.has_header) == ("utf-8", " ", False)
    assert seen["follows.txt"].guesses == {"follower_id": "1", "followee_id": "2"}


def test_what_cannot_be_read_is_told(look, tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\n1\n")
    (tmp_path / "follows.parquet").write_bytes(b"PAR1 cut off")
    (tmp_path / "README.md").write_text("about")
    folder = look(tmp_path)
    assert list(_by_entry(folder)) == ["accounts.csv"]
    assert [line.partition(":")[0] for line in folder.unread] == ["follows.parquet"]


def test_values(look, tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id\n1\n2\n3\n4\n")
    (tmp_path / "posts.csv").write_text(
        "post_id,author_id,posted_at\n7,1,1577836800\n8,1,1577836801\n9,5,1577836802\n"
    )
    folder = look(tmp_path)
    posts = _by_entry(folder)["posts.csv"]
    assert folder.frequent_values(posts, "author_id") == [("1", 2), ("5", 1)]
    filled, _, as_number, digits, _ = folder.time_shape(posts, "posted_at")
    assert (filled, as_number, digits) == (3, 3, 10)
    assert folder.shared(posts, "author_id", "accounts", "account_id") == pytest.approx(0.5)
    assert folder.shared(posts, "author_id", "brands", "account_id") == 0
    assert sorted(folder.values(posts, "post_id").fetchall()) == [("7",), ("8",), ("9",)]


def test_plain_names():
    assert plain_name("  Créé-Le ") == plain_name("cree le") == "creele"
