"""What has not changed is not read again, and what was added to it is."""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipelines.forgetting import forget, known_persons
from pipelines.forgotten import read_forgotten, remember_to_forget
from pipelines.home import Home
from pipelines.ingest import dataset, gathering, ingest_dataset, reuse
from pipelines.ingest.files import measure
from pipelines.ingest.job import IntakeOptions
from pipelines.ingest.numbered import follows_of
from pipelines.statements import sql_folder
from tests.pipelines.ingest.conftest import AS_OF, NOW

LONG_AGO = 1_600_000_000


@pytest.fixture
def folder(tmp_path):
    """A dataset of two files of follows, changed long ago."""
    data = tmp_path / "data"
    (data / "follows").mkdir(parents=True)
    add(data, "0", [("a", "b"), ("b", "b"), ("c", "a")])
    add(data, "1", [("a", "b"), ("é", "b")])
    (data / "audience_members.csv").write_text("audience,account_id\nfans,a\n")
    settle(data)
    return data


def add(data, name, rows, **columns):
    frame = pl.DataFrame(rows, schema=["follower_id", "followee_id"], orient="row").with_columns(**columns)
    frame.write_parquet(data / "follows" / f"{name}.parquet")


def settle(data):
    """As if every file had been there for years."""
    for path in data.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def read(folder, tmp_path, monkeypatch):
    """Ingest for a day; returns the report, the follows, and whether any table was read."""
    examine = dataset._examine  # noqa: SLF001 - what a reading begins with

    def run(day=AS_OF, root="lake", **options):
        calls = []
        monkeypatch.setattr(dataset, "_examine", lambda *given: (calls.append(1), examine(*given))[1])
        inputs = tmp_path / root / "days" / day.isoformat() / "inputs"
        report = ingest_dataset(folder, inputs, now=NOW, as_of=day, reject_limit=0.5, **options)
        ids = pl.read_parquet(inputs / "follow_ids.parquet")
        rows = follows_of(inputs, ids["account_id"].to_list()).rows()
        return report, (rows, ids.sort("account_id").drop("number").rows()), bool(calls)

    return run


def test_an_unchanged_dataset_is_not_read_again_and_that_is_said(read):
    first, rows, _ = read()
    again, rows_again, was_read = read()
    assert not was_read
    assert rows_again == rows
    assert again.note == "nothing has changed, so nothing was read again"
    assert first.note == ""
    assert (again.tables, again.audiences, again.fingerprint) == (
        first.tables,
        first.audiences,
        first.fingerprint,
    )
    assert again.balance.equals(first.balance)


def test_a_later_day_takes_the_folder_of_an_earlier_one_over(read):
    _, rows, _ = read()
    later, rows_later, was_read = read(AS_OF + timedelta(days=1))
    assert (was_read, rows_later, later.as_of) == (False, rows, AS_OF + timedelta(days=1))
    _, _, was_read = read(AS_OF - timedelta(days=1))
    assert was_read, "a later day says nothing about an earlier one"


def test_what_lay_after_the_day_is_read_again_on_a_later_one(read, folder):
    add(folder, "2", [("x", "y")], followed_at=pl.Series([datetime(2024, 6, 1, 1)]))  # noqa: DTZ001 - lake
    settle(folder)
    report, _, _ = read()
    assert report.table("follows").rows_after_as_of == 1
    later, _, was_read = read(date(2024, 6, 1))
    assert was_read
    assert later.table("follows").rows_after_as_of == 0


@pytest.mark.parametrize("what", ["content", "mapping", "limit", "code", "new table"])
def test_any_change_is_read(read, folder, monkeypatch, what):
    read()
    options = {}
    if what == "content":
        (folder / "audience_members.csv").write_text("audience,account_id\nfans,b\n")
    elif what == "mapping":
        (folder / "dataset.toml").write_text('network = "another"\n')
        settle(folder)
    elif what == "limit":
        options = {"most_accounts": 99}
    elif what == "code":
        monkeypatch.setattr("pipelines.ingest.reuse._code_digest", lambda: "another")
    else:
        (folder / "brands.csv").write_text("brand\nx\n")
        settle(folder)
    _, _, was_read = read(**options)
    assert was_read


def test_a_file_changed_just_before_it_was_read_is_told_by_what_is_in_it(read, folder):
    members = folder / "audience_members.csv"
    members.touch()
    read()
    assert not read()[2]
    changed = members.stat().st_mtime_ns
    members.write_text("audience,account_id\nfans,b\n")
    os.utime(members, ns=(changed, changed))  # as where two changes fall into one tick of the clock
    assert read()[2]


def test_a_large_file_changed_just_before_it_was_read_is_read_again(read, folder, monkeypatch):
    monkeypatch.setattr(reuse, "_MOST_BYTES_COMPARED", 10)
    (folder / "audience_members.csv").touch()
    read()
    assert read()[2]


def test_every_statement_and_every_module_that_reads_counts(tmp_path, monkeypatch):
    sql = tmp_path / "sql" / "ingest"
    shutil.copytree(sql_folder() / "ingest", sql)
    monkeypatch.setattr(reuse, "sql_folder", lambda: tmp_path / "sql")

    def code():
        return reuse.made_from(tmp_path, None, IntakeOptions(reject_limit=0.01))["code"]

    before = code()
    for statement in sql.glob("*.sql"):
        text = statement.read_text(encoding="utf-8")
        statement.write_text(f"{text}-- changed", encoding="utf-8")
        assert code() != before, statement.name
        statement.write_text(text, encoding="utf-8")
    assert code() == before
    asked = []
    monkeypatch.setattr(reuse, "source_digest", lambda *given: asked.append(given) or "another")
    assert code() != before
    assert asked == [("pipelines.ingest.intake", ("pipelines", "graph"))]


def test_a_file_that_was_changed_while_it_was_read_is_read_again(read, folder, monkeypatch):
    brands = folder / "brands.csv"
    brands.write_text("brand\nx\n")
    changed = brands.stat().st_mtime_ns

    def change(_report):
        brands.write_text("brand\ny\n")
        os.utime(brands, ns=(changed, changed))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(dataset, "_refuse_unusable", change)  # between reading and writing down
        read()
    assert read()[2]
    assert not read()[2]


@pytest.mark.parametrize("new", [[("new", "b")], [("c", "a"), ("new", "é")], [("x", "y"), ("x", "y")], []])
def test_files_that_were_added_are_read_and_the_rest_is_not(read, folder, new, monkeypatch):
    read()
    add(folder, "2", new or pl.DataFrame(schema={"follower_id": str, "followee_id": str}))
    settle(folder)
    seen = []
    monkeypatch.setattr(
        gathering, "measure", lambda file, *others: (seen.append(file.name), measure(file, *others))[1]
    )
    report, rows, was_read = read(AS_OF + timedelta(days=1))
    assert was_read
    assert [name for name in seen if name.startswith("follows")] == ["follows/2.parquet"]
    assert report.note == "not read again: 5 follows of 2 files"
    whole, rows_whole, _ = read(AS_OF + timedelta(days=1), root="another")
    assert rows == rows_whole
    assert report.table("follows") == whole.table("follows")
    assert report.fingerprint == whole.fingerprint


def test_an_old_file_that_changed_is_read_with_the_rest(read, folder):
    read()
    add(folder, "0", [("z", "b")])
    add(folder, "2", [("new", "b")])
    settle(folder)
    report, rows, _ = read()
    assert report.note == ""
    assert ("z", "b", None, None) in rows[0]


def test_a_damaged_added_file_is_told_as_ever(read, folder, tmp_path):
    read()
    add(folder, "2", [("new", "b")])
    whole = (folder / "follows" / "2.parquet").read_bytes()
    (folder / "follows" / "2.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(dataset.InputFaultsError, match="1 fault") as caught:
        read()
    assert "follows/2.parquet: is not a whole Parquet file" in str(caught.value.details)
    assert len(follows_of(tmp_path / "lake/days" / AS_OF.isoformat() / "inputs", ["b"])) == 3


def test_nothing_read_before_somebody_was_forgotten_is_used_again(read, folder, tmp_path):
    home = Home(tmp_path)
    read()
    listed = remember_to_forget(home, ["b"], [])  # as if the removal had stopped before it took the days away
    report, (rows, ids), was_read = read(AS_OF + timedelta(days=1), forgotten=listed)
    assert was_read
    assert report.note == ""
    assert [row[:2] for row in rows] == [("c", "a")]
    assert [row[0] for row in ids] == ["a", "c"]
    add(folder, "2", [("b", "x"), ("x", "a")])
    settle(folder)
    report, (rows, _), _ = read(AS_OF + timedelta(days=2), forgotten=listed)
    assert report.note == "", "follows read before were taken over"
    assert sorted(row[:2] for row in rows) == [("c", "a"), ("x", "a")]


def test_a_removal_takes_every_day_away_also_where_days_share_their_files(read, tmp_path):
    home = Home(tmp_path)
    for days in range(3):
        read(AS_OF + timedelta(days=days))
    inputs = home.day(AS_OF + timedelta(days=2)) / "inputs"
    kept_elsewhere = (inputs / "follow_ids.parquet").stat().st_nlink
    assert kept_elsewhere == 3
    forget(home, known_persons(home, ["b"]), lambda _: None)
    assert not list(home.lake.rglob("*.npy"))
    assert not list(home.lake.rglob("*.parquet"))
    _, (_, ids), was_read = read(AS_OF + timedelta(days=2), forgotten=read_forgotten(home))
    assert was_read
    assert [row[0] for row in ids] == ["a", "c"]
    _, _, was_read = read(AS_OF + timedelta(days=3), forgotten=read_forgotten(home))
    assert not was_read, "what was read without them may be used again"
