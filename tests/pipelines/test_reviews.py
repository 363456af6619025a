"""Reviewers' decisions: nothing is lost, nothing is changed, and the newest one stands."""

from __future__ import annotations

import multiprocessing
from datetime import datetime, timedelta

import pytest

from pipelines.home import Home
from pipelines.reviews import (
    Decision,
    ReviewsError,
    current,
    decisions_file,
    keep_decision,
    newest,
    read_decisions,
)

START = datetime(2026, 3, 1, 9)  # noqa: DTZ001 - UTC without a zone, as published


def decision(account="1", label="shill", minutes=0, **changes):
    given = {
        "network": "demo",
        "handle": "Émile\u202e\n🌸",
        "because": 'says "no",\n\u0628\u0635\u0631',
        "reviewer": "Maria",
        "reviewed_at": START + timedelta(minutes=minutes),
    }
    return Decision(account_id=account, label=label, **(given | changes))


def test_what_is_kept_is_read_back_whole_and_in_order(tmp_path):
    home = Home(tmp_path)
    assert read_decisions(home) == []
    kept = [decision(), decision("2", "genuine"), decision(label="withdrawn", minutes=5, handle=None)]
    for one in kept:
        keep_decision(home, one)
    assert read_decisions(home) == kept
    assert read_decisions(home, "another") == []
    assert len(decisions_file(home).read_bytes().splitlines()) == 3  # one line each, whatever was written


def test_the_newest_stands_and_of_one_moment_the_later_entry():
    old, late, same = decision(minutes=1), decision(label="genuine", minutes=9), decision(minutes=9)
    assert current([late, old]) == {("demo", "1"): late}
    assert newest([old, late, same], "demo", "1") is same
    assert newest([late], "another", "1") is None


def test_a_crash_while_writing_leaves_what_was_there(tmp_path, monkeypatch):
    home = Home(tmp_path)
    keep_decision(home, decision())
    monkeypatch.setattr("os.fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep_decision(home, decision("2"))
    assert read_decisions(home) == [decision()]
    assert [path.name for path in home.labels.iterdir() if path.suffix == ".partial"] == []


def test_a_line_that_a_person_broke_is_named(tmp_path):
    home = Home(tmp_path)
    keep_decision(home, decision())
    with decisions_file(home).open("ab") as file:
        file.write(b'\n{"label": "maybe"}\nnot json\n[]')
    with pytest.raises(ReviewsError) as caught:
        read_decisions(home)
    assert [detail.split(":")[0] for detail in caught.value.details] == ["line 3", "line 4", "line 5"]


def test_times_with_a_zone_are_utc(tmp_path):
    home = Home(tmp_path)
    keep_decision(home, decision())
    path = decisions_file(home)
    path.write_text(path.read_text().replace("09:00:00", "10:00:00+01:00"))
    assert read_decisions(home)[0].reviewed_at == START


def write_many(root, name):
    for number in range(5):
        keep_decision(Home(root), decision(f"{name}{number}"))


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(read_decisions(Home(tmp_path))) == 10
