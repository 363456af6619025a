"""Publishing with real processes: readers, killed publishers, rivals, full disks; and what is refused."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from pipelines.home import Home
from pipelines.publish import (
    PublishBusyError,
    PublishedRulesBrokenError,
    PublishSourceError,
    PublishStorageError,
    publish,
    publish_tables,
    swap,
)
from pipelines.publish.tables import ROW_ORDER
from pipelines.published import open_published
from tests.pipelines.small_disks import small_disk

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHER = """
import os, sys, time
from pathlib import Path
from pipelines import publish
from pipelines.errors import VouchError
from pipelines.publish import publish_tables, swap

target, sources, stop_at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def stop_before(module, name):
    function = getattr(module, name)
    def stopping(*arguments, **named):
        print("stopped", flush=True)
        time.sleep(60)
        return function(*arguments, **named)
    setattr(module, name, stopping)

if stop_at == "verifying":
    stop_before(publish, "verify_file")
elif stop_at == "replacing":
    stop_before(Path, "replace")
elif stop_at == "tidying":
    tidy = swap._put_in_place
    def stopping(*arguments):
        tidy(*arguments)
        print("stopped", flush=True)
        time.sleep(60)
    swap._put_in_place = stopping
print("started", flush=True)
try:
    publish_tables(
        target,
        {file.stem: file for file in sources.glob("*.parquet")},
        lock=target.parent / "lock",
        scratch=target.parent / "scratch",
    )
except VouchError as error:
    print(error, flush=True)
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
print("done", flush=True)
"""

READER = """
import sys
from pathlib import Path
from pipelines.published import open_published

with open_published(Path(sys.argv[1])) as file:
    for _ in sys.stdin:
        print(*file.execute("SELECT run_id FROM partner_rankings GROUP BY ALL").fetchall()[0], flush=True)
"""

CHURNING_READER = """
import sys
import time
from pathlib import Path
from pipelines.published import open_published

reads, seen = 0, set()
while not Path(sys.argv[2]).exists():
    with open_published(Path(sys.argv[1])) as file:
        tables = ("runs", "partner_rankings", "evidence", "portfolio")
        ids = {row for table in tables for row in file.table(table).project("run_id").distinct().fetchall()}
    assert len(ids) == 1, ids
    reads, seen = reads + 1, seen | ids
    time.sleep(0.05)  # leaves the publisher some of the processor
print(reads, len(seen))
"""


@contextmanager
def process(script: str, *arguments: object, **options: object):
    """A Python process of its own, ended at the end of the block however that comes about."""
    started = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def run_id(target: Path) -> str:
    with open_published(target) as file:
        return file.execute("SELECT run_id FROM runs").fetchall()[0][0]


def neighbours_of(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir() if path.name.startswith(target.name)} - {
        target.name
    }


def folder_of(sources: dict[str, Path]) -> Path:
    return sources["runs"].parent


@pytest.fixture
def places(tmp_path):
    return {"lock": tmp_path / "lock", "scratch": tmp_path / "scratch"}


def test_everything_is_published_and_reported(tmp_path, write_sources, places):
    report = publish_tables(tmp_path / "new" / "partners.duckdb", write_sources(), **places)
    assert report.tables["partner_rankings"] == 20
    assert report.tables["graph.adjacency"] == 480
    assert report.tables["graph.names"] == 120
    assert report.tables["graph.degrees"] == 60
    assert report.tables["about"] == 1
    assert report.tables["rank_changes"] == 0
    assert set(ROW_ORDER) < set(report.tables)
    assert report.left_out == {}
    assert report.bytes == report.path.stat().st_size
    assert 0 < report.seconds < 60
    assert neighbours_of(report.path) == set()
    with open_published(report.path) as file:
        for table, rows in report.tables.items():
            assert file.table(table).count("*").fetchall() == [(rows,)]


def test_a_home_is_published_in_its_place(tmp_path, write_sources):
    home = Home(tmp_path / "vouch-home")
    assert publish(home, write_sources()).path == home.published
    assert run_id(home.published) == "r1"


def test_nothing_at_all_can_be_published(tmp_path, places):
    report = publish_tables(tmp_path / "partners.duckdb", {}, **places)
    with open_published(report.path) as file:
        assert file.execute("FROM ranked_partners").fetchall() == []
        assert file.execute("FROM top_partners()").fetchall() == []
        assert ("FROM why('@handle')",) in file.execute("SELECT example FROM help()").fetchall()


def test_columns_are_matched_by_name(tmp_path, write_sources, places):
    sources = write_sources(
        change="ALTER TABLE partner_rankings ADD COLUMN mood VARCHAR; ALTER TABLE account_signals DROP n;"
        "ALTER TABLE account_signals ALTER value TYPE DOUBLE; UPDATE account_signals SET value = 'nan';"
        " ALTER TABLE runs ALTER audience_size TYPE DOUBLE;"
        "UPDATE runs SET audience_size = 'nan'"
    )
    report = publish_tables(tmp_path / "partners.duckdb", sources, **places)
    assert report.left_out == {"partner_rankings": ("mood",)}
    with open_published(report.path) as file:
        assert file.execute("SELECT DISTINCT n, value, low FROM account_signals").fetchall() == [
            (None, None, 0.1)
        ]
        assert file.execute("SELECT audience_size FROM runs").fetchall() == [(None,)]


def test_a_table_may_come_in_several_files(tmp_path, write_sources, places):
    first, second = write_sources("r1"), write_sources("r2", "ALTER TABLE partner_rankings DROP is_pick")
    history = ("runs", "partner_rankings", "evidence", "portfolio")
    sources = {table: [path, second[table]] if table in history else path for table, path in first.items()}
    report = publish_tables(tmp_path / "partners.duckdb", sources, **places)
    assert report.tables["partner_rankings"] == 40
    with open_published(report.path) as file:
        assert file.execute("SELECT run_id FROM latest_runs").fetchall() == [("r2",)]
        assert file.execute("SELECT run_id FROM history('voice1')").fetchall() == [("r1",), ("r2",)]


def test_every_fault_of_the_sources_is_listed(tmp_path, write_sources, places):
    sources = write_sources()
    wrong = {**sources, "partner_ranking": sources["runs"], "evidence": tmp_path / "gone.parquet"}
    with pytest.raises(PublishSourceError) as failure:
        publish_tables(tmp_path / "partners.duckdb", wrong, **places)
    said = str(failure.value)
    assert "partner_ranking; did you mean partner_rankings?" in said
    assert "gone.parquet" in said
    assert not (tmp_path / "partners.duckdb").exists()


@pytest.mark.parametrize("content", [b"", b"not parquet at all", None])
def test_an_unreadable_source_is_named(tmp_path, write_sources, places, content):
    sources = write_sources()
    whole = sources["evidence"].read_bytes()
    sources["evidence"].write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(PublishSourceError, match="evidence"):
        publish_tables(tmp_path / "partners.duckdb", sources, **places)
    assert neighbours_of(tmp_path / "partners.duckdb") == set()


def test_a_source_of_the_wrong_type_is_named(tmp_path, write_sources, places):
    sources = write_sources(
        change="ALTER TABLE partner_rankings ALTER rank TYPE VARCHAR; "
        "UPDATE partner_rankings SET rank = 'first'"
    )
    with pytest.raises(PublishSourceError, match="partner_rankings"):
        publish_tables(tmp_path / "partners.duckdb", sources, **places)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (
            "INSERT INTO partner_rankings FROM partner_rankings LIMIT 1",
            "duplicates: partner_rankings: r1 / Runners / id0",
        ),
        (
            "UPDATE evidence SET sentence = NULL WHERE account_id = 'id3'",
            "null_keys: evidence: sentence: 1 rows",
        ),
        ("UPDATE partner_rankings SET rank = 30 WHERE rank = 20", "ranks: partner_rankings: r1 / Runners"),
        ("UPDATE partner_rankings SET rank = 1 WHERE rank = 2", "ranks: partner_rankings"),
        (
            "UPDATE portfolio SET pick = pick + 1",
            "ranks: portfolio: r1 / Runners / count: places from 2 to 4",
        ),
        ("UPDATE partner_rankings SET shill_probability = 1.2 WHERE rank = 1", "shill_probability = 1.2"),
        ("UPDATE partner_rankings SET trust = -0.1 WHERE rank = 1", "trust = -0.1"),
        ("UPDATE partner_rankings SET trust_low = 0.95, trust_high = 0.9 WHERE rank = 1", "lower end above"),
        ("UPDATE partner_rankings SET status = 'fake' WHERE rank = 1", "status fake"),
        (
            "UPDATE account_signals SET low = high + 1",
            "account_signals: id0 / suspicious_followers: value outside its interval",
        ),
        ("UPDATE follower_types SET share = 0.4", "follower_types: id0 / suspicious: share not from 0 to 1"),
        ("UPDATE evidence SET side = 'maybe'", "side maybe"),
        ("DELETE FROM runs", "orphans: partner_rankings: r1 / Runners: run is not in runs"),
        ("DELETE FROM partner_rankings WHERE rank = 20", "orphans: evidence: r1 / Runners / id19"),
        ('DELETE FROM "graph.accounts" WHERE node = 40', "orphans: graph.adjacency: node 40"),
        (
            'DELETE FROM "graph.adjacency" WHERE source = 40',
            "adjacency: graph.adjacency: a pair that the other end",
        ),
        ('INSERT INTO "graph.adjacency" FROM "graph.adjacency"', "the same pair twice: 480 rows"),
        ('INSERT INTO "graph.adjacency" VALUES (5, 5, true, true)', "an account that follows itself"),
        (
            "UPDATE \"graph.accounts\" SET account_id = 'id1' WHERE node = 2",
            "duplicates: graph.accounts: id1",
        ),
    ],
)
def test_what_breaks_a_rule_is_shown(publish_small, change, rule):
    with pytest.raises(PublishedRulesBrokenError) as failure:
        publish_small(change=change)
    assert rule in str(failure.value)


def test_what_breaks_a_rule_is_not_published_and_cut_short(publish_small):
    target = publish_small("good")
    with pytest.raises(PublishedRulesBrokenError) as failure:
        publish_small("bad", change="UPDATE partner_rankings SET trust = 2")
    assert run_id(target) == "good"
    assert neighbours_of(target) == set()
    assert len(failure.value.details) == 11
    assert failure.value.details[-1] == "bounds: and more"


def test_a_ranking_without_enough_data_needs_no_rank(publish_small):
    target = publish_small(
        change="UPDATE partner_rankings SET rank = NULL, status = 'not_enough_data' WHERE rank > 15"
    )
    with open_published(target) as file:
        assert file.execute("SELECT rank FROM ranked_partners").fetchall()[14:16] == [(15,), (None,)]


def test_a_reader_keeps_the_old_file_while_a_new_one_is_published(publish_small):
    target = publish_small("r1")
    with process(READER, target) as reader:

        def read() -> str:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return reader.stdout.readline().strip()

        assert read() == "r1"
        publish_small("r2")
        assert read() == "r1"
        assert run_id(target) == "r2"
        publish_small("r3")
        assert read() == "r1"
    assert run_id(target) == "r3"


@pytest.mark.parametrize(
    ("stop_at", "published"), [("verifying", "old"), ("replacing", "old"), ("tidying", "new")]
)
def test_a_publisher_killed_at_a_known_moment(publish_small, write_sources, stop_at, published):
    target = publish_small("old")
    with process(PUBLISHER, target, folder_of(write_sources("new")), stop_at) as publisher:
        assert publisher.stdout.readline() == "started\n"
        assert publisher.stdout.readline() == "stopped\n"
        assert run_id(target) == published
        publisher.kill()
        publisher.wait()
    assert run_id(target) == published
    publish_small("next")
    assert run_id(target) == "next"
    assert neighbours_of(target) == set()


def test_a_publisher_killed_at_any_moment(publish_small, write_sources):
    target = publish_small("old")
    sources = folder_of(write_sources("new", scale=100_000))
    moments = random.Random(2)  # noqa: S311 (moments to kill at, not secrets)
    for _ in range(5):
        with process(PUBLISHER, target, sources, "nowhere") as publisher:
            assert publisher.stdout.readline() == "started\n"
            time.sleep(moments.uniform(0.0, 0.5))
            publisher.kill()
            publisher.wait()
        assert run_id(target) in {"old", "new"}
    publish_small("next")
    assert run_id(target) == "next"
    assert neighbours_of(target) == set()


def test_an_interrupted_publisher_leaves_nothing_behind(publish_small, write_sources):
    target = publish_small("old")
    sources = folder_of(write_sources("new", scale=1_000_000))
    for seconds in (0.1, 0.4):
        with process(PUBLISHER, target, sources, "nowhere") as publisher:
            assert publisher.stdout.readline() == "started\n"
            time.sleep(seconds)
            publisher.send_signal(signal.SIGINT)
            assert publisher.wait(timeout=30) == 130
        assert run_id(target) == "old"
        assert neighbours_of(target) == set()


def test_two_publishers_at_once_take_turns(publish_small, write_sources):
    target = publish_small("old")
    one, two = folder_of(write_sources("one")), folder_of(write_sources("two"))
    with (
        process(PUBLISHER, target, one, "nowhere") as first,
        process(PUBLISHER, target, two, "nowhere") as second,
    ):
        assert first.communicate(timeout=60)[0] == "started\ndone\n"
        assert second.communicate(timeout=60)[0] == "started\ndone\n"
    assert run_id(target) in {"one", "two"}
    assert neighbours_of(target) == set()


def test_a_publisher_that_waits_too_long_says_so(tmp_path, write_sources, places):
    with FileLock(places["lock"]), pytest.raises(PublishBusyError, match="Another publication"):
        publish_tables(tmp_path / "partners.duckdb", write_sources(), **places, lock_seconds=0.05)


def test_readers_never_meet_a_mixture(publish_small, tmp_path):
    target, enough = publish_small("r0"), tmp_path / "enough"
    with process(CHURNING_READER, target, enough) as one, process(CHURNING_READER, target, enough) as two:
        for published in range(1, 5):
            publish_small(f"r{published}")
        enough.touch()
        results = [reader.communicate()[0].split() for reader in (one, two)]
        assert one.returncode == two.returncode == 0
    reads, seen = zip(*[map(int, result) for result in results], strict=True)
    assert min(reads) >= 5
    assert max(seen) >= 2


def test_what_others_left_beside_the_file_is_removed(publish_small):
    target = publish_small("old")
    for name in ("building-1", "building-99999", "building-99999.wal", "wal"):
        target.with_name(f"{target.name}.{name}").write_bytes(b"left over")
    mine = target.with_name("my.notes.building-1")
    mine.write_text("not a leftover", encoding="utf-8")
    publish_small("new")
    assert run_id(target) == "new"
    assert neighbours_of(target) == set()
    assert mine.exists()


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of 6 MB: room for the published file and half another."""
    with small_disk(tmp_path / "disk", 6 * 1024) as folder:
        yield folder


def test_a_full_disk_leaves_the_old_file(tiny_disk, write_sources, places):
    target = tiny_disk / "partners.duckdb"
    publish_tables(target, write_sources("old"), **places)
    large = write_sources("new", scale=400_000)
    with pytest.raises(PublishStorageError, match=r"(?s)disk is full.*stands as it was.*Free space"):
        publish_tables(target, large, **places)
    assert run_id(target) == "old"
    assert neighbours_of(target) == set()


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))\n"


def test_a_file_that_may_not_grow_leaves_the_old_one(publish_small, write_sources):
    target = publish_small("old")
    large = folder_of(write_sources("new", scale=400_000))
    with process(LIMITED + PUBLISHER, target, large, "nowhere") as publisher:
        said = publisher.communicate(timeout=60)[0]
        assert publisher.returncode == 1
    assert "stands as it was" in said
    assert run_id(target) == "old"
    assert neighbours_of(target) == set()


def test_a_file_in_place_of_the_folder(tmp_path, write_sources, places):
    (tmp_path / "home").write_text("not a folder", encoding="utf-8")
    with pytest.raises(PublishStorageError, match=r"(?s)cannot be written.*--home DIR"):
        publish_tables(tmp_path / "home" / "partners.duckdb", write_sources(), **places)


def test_a_lock_of_somebody_else_is_named(publish_small, tmp_path, monkeypatch):
    target, lock = publish_small("old"), tmp_path / "lock"

    def refused(path, **_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(swap, "FileLock", refused)  # root may write everywhere
    with pytest.raises(PublishStorageError) as caught:
        publish_small("new")
    assert caught.value.message.startswith(f"{lock} cannot be written: {target} was not published;")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into read-only folders")
def test_a_folder_without_the_right_to_write(publish_small):
    target = publish_small("old")
    target.parent.chmod(0o555)
    try:
        with pytest.raises(PublishStorageError, match="cannot be written"):
            publish_small("new")
    finally:
        target.parent.chmod(0o755)
    assert run_id(target) == "old"


def test_a_read_only_disk(tiny_disk, write_sources, places):
    target = tiny_disk / "partners.duckdb"
    publish_tables(target, write_sources("old"), **places)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(PublishStorageError, match="cannot be written"):
        publish_tables(target, write_sources("new"), **places)
    assert run_id(target) == "old"
