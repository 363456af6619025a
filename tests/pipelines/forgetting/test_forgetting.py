"""Forgetting a person: out of every place of a home, provably, and not back with the next run."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.alerts import PARTNER_TURNED, Alert, AlertSettings, keep_alert, no_delivery
from pipelines.cli import vouch as vouch_group
from pipelines.errors import VouchError
from pipelines.explore.server import own_notebook
from pipelines.forgetting import HomeInUseError, forget, known_persons, taking_out, unfinished
from pipelines.forgetting.persons import Persons
from pipelines.forgetting.search import search_home
from pipelines.forgetting.tables import forgetting, mentions_them, without_them
from pipelines.forgotten import HANDLE_MARK, ForgottenListError, read_forgotten, remember_to_forget
from pipelines.home import Home
from pipelines.published import open_published
from pipelines.reviews import Decision, keep_decision, read_decisions

ANA = Persons(("100200300",), ("ana.runs", "é-mily"), ("p1", "p2"))


def page(home, *names):
    home.reports.mkdir(parents=True, exist_ok=True)
    (home.reports / "page.html").write_text(" ".join(names), encoding="utf-8")


def decide(home, account, because="seen"):
    at = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
    keep_decision(home, Decision("n", account, None, "genuine", because, "Jo", at))


@pytest.fixture
def home(ready_home):
    """A published home in which the account v3 has been talked about everywhere."""
    home = Home(ready_home)
    decide(home, "v3")
    decide(home, "v4", "as good as @v3")
    decide(home, "v5")
    page(home, "@v3", "@v4")
    return home


def told_in_tables(home):
    """Every cell of the tables that the run history shows."""
    cells = []

    def gather(value, *, is_row=False):
        if isinstance(value, dict):
            for one in value.values():
                gather(one, is_row=is_row or value.get("__class__") == "TableRecord")
        elif isinstance(value, list):
            for one in value:
                gather(one, is_row=is_row)
        elif is_row:
            cells.append(value)

    for path in taking_out.databases(home):
        with closing(sqlite3.connect(path)) as connection:
            for table, column in taking_out.text_columns(connection):
                rows = connection.execute(
                    f'SELECT "{column}" FROM "{table}" WHERE instr("{column}", \'TableRecord\')'  # noqa: S608 - its own names
                )
                for (text,) in rows:
                    gather(json.loads(text) if isinstance(text, str) else None)
    return cells


def call(home, *arguments, **options):
    return CliRunner().invoke(vouch_group, ["--home", str(home.root), "forget", *arguments], **options)


def test_a_person_leaves_every_place_also_after_a_crash_and_the_search_shows_it(home, monkeypatch):
    whole = home.published.read_bytes()
    cells_before = told_in_tables(home)
    assert "v3" in cells_before
    monkeypatch.setattr(taking_out, "publish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        forget(home, known_persons(home, ["v3"]), page)
    assert home.published.read_bytes() == whole
    assert read_forgotten(home).holds("v3")  # first of all, so that no run meanwhile brings them back
    assert unfinished(home).account_ids == ("v3",)
    monkeypatch.undo()
    monkeypatch.setattr("pipelines.cli.commands.forget._rewrite_reports", lambda at: page(at, "@v4"))
    result = call(home, "--json")
    assert "gone on with first" in result.stderr
    assert result.exit_code == 0, result.output
    proof = {row["place"]: row for row in json.loads(result.stdout)}
    assert all(row["found"] == 0 for row in proof.values())
    assert proof["published file"]["files"] > 30
    assert "Nothing of what Vouch keeps names them." in result.stderr
    with open_published(home.published) as file:
        left = file.execute("SELECT rank FROM ranked_partners ORDER BY rank").fetchall()
        assert left == [(place,) for place in range(1, len(left) + 1)]
        assert file.execute("SELECT count(*) FROM graph.names WHERE name = 'v3'").fetchall() == [(0,)]
        nodes = file.execute(
            "SELECT count(*) FROM graph.adjacency WHERE target NOT IN (SELECT node FROM graph.accounts)"
        )
        assert nodes.fetchall() == [(0,)]
    assert [one.account_id for one in read_decisions(home)] == ["v5"]
    assert read_forgotten(home).holds("v3")
    assert not read_forgotten(home).holds("v4")
    assert not (home.lake / "days").exists()
    cells = told_in_tables(home)
    assert "v3" not in cells
    assert "[removed]" in cells
    assert len(cells) == len(cells_before)
    assert unfinished(home) is None
    assert list(home.scratch.iterdir()) == []


def test_nobody_is_removed_unasked(tmp_path):
    home = Home(tmp_path)
    refused = call(home, "v3")
    assert refused.exit_code == 2
    assert "give --yes" in refused.stderr
    assert call(home).exit_code == 2
    assert not read_forgotten(home).digests


def test_what_stays_is_told_and_leaves_with_1(tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(taking_out, "from_texts", lambda *_: None)
    (tmp_path / "run.log").write_text("as good as @v3")
    result = call(home, "v3", "--yes")
    assert result.exit_code == 1
    assert "Still named in other files run.log: 1" in result.stderr
    assert read_forgotten(home).holds("v3")


def test_delivered_data_are_searched_and_left(tmp_path):
    home = Home(tmp_path)
    delivered = tmp_path / "inbox" / "follows.csv"
    delivered.parent.mkdir()
    delivered.write_text("follower_id,followee_id\n100200300,7\n")
    proof = forget(home, ANA, page)
    assert [(place.place, place.found) for place in proof if place.found] == [("delivered data", 1)]
    assert "100200300" in delivered.read_text()


def test_a_table_without_a_person(tmp_path):
    with forgetting(ANA, tmp_path, nodes=[7]) as connection:
        table = connection.sql(
            """
            SELECT * FROM (VALUES
                ('100200300', 'ana.runs', 'x', ['p1'], 1::UINTEGER),
                ('2', 'other', 'with @ANA.runs, @é-mily and @ana.runs.too; see 100200300.', ['p1', 'p9'], 2),
                ('3', '@Ana.Runs', 'ana.runs without a mark, bob@ana.runs.example', NULL, 7)
            ) AS t(account_id, backup_handle, sentence, example_ids, node)
            """
        )
        assert mentions_them(table) == 6
        rows = without_them(table).fetchall()
        assert rows == [
            ("2", "other", "with [removed], [removed] and @ana.runs.too; see [removed].", ["p9"], 2),
            ("3", None, "ana.runs without a mark, bob@ana.runs.example", None, 7),
        ]
        assert [row[0] for row in without_them(table, by_node=True).fetchall()] == ["2"]
        assert mentions_them(without_them(table)) == 0
        assert mentions_them(connection.sql("SELECT 1 AS n")) == 0


@pytest.mark.parametrize("name", ["a|b", "(.*)", "\\d+", "[x]", "it's", 'q"uote', "الجبل", "x" * 900])
def test_any_name_is_only_a_name(tmp_path, name):
    persons = Persons((name + "-1",), (name,))
    with forgetting(persons, tmp_path) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT $1 AS sentence, $2 AS handle", [f"by @{name}, not", name]
        )
        assert mentions_them(connection.table("t")) == 2
        assert without_them(connection.table("t")).fetchall() == [("by [removed], not", None)]
    assert persons.text_pattern.search(json.dumps({"who": f"@{name}"}))
    assert not persons.text_pattern.search("nobody else")


def test_places_close_up_where_somebody_left(tmp_path):
    with forgetting(Persons(("2",)), tmp_path) as connection:
        whole = connection.sql(
            """
            SELECT 'r' AS run_id, 'a' AS audience, i::VARCHAR AS account_id, i::INTEGER AS rank,
                greatest(1, i - 1)::INTEGER AS rank_low, (i + 1)::INTEGER AS rank_high,
                if(i % 2 = 0, 'nano', 'micro') AS size_tier, ((i + 1) // 2)::INTEGER AS rank_in_tier
            FROM range(1, 6) AS t(i)
            """
        )
        closed = taking_out._closed_up(connection, "ranking", whole, without_them(whole))  # noqa: SLF001
        kept = closed.project("account_id, rank, rank_low, rank_high, rank_in_tier").order("rank").fetchall()
    assert kept == [("1", 1, 1, 2, 1), ("3", 2, 2, 3, 2), ("4", 3, 2, 4, 1), ("5", 4, 3, 5, 3)]


def test_history_texts_and_packed_reports_are_searched_and_blanked(tmp_path):
    home = Home(tmp_path)
    database = home.dagster / "storage" / "runs.db"
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE logs (n INTEGER, event TEXT)")
        told = [(1, json.dumps({"top": "| @é-mily | 1 |"})), (2, "nobody"), (3, None), (4, "ana.runs")]
        connection.executemany("INSERT INTO logs VALUES (?, ?)", told)
        connection.commit()
    (tmp_path / "run.log").write_text("ranked 100200300 first")
    page(home, base64.b64encode(gzip.compress(b'[["ana.runs", "some more text to fill it"]]')).decode())
    before = {place.place: place.found for place in search_home(home, ANA)}
    assert (before["run history"], before["reports"], before["other files"]) == (3, 1, 1)
    proof = forget(home, ANA, page)
    assert not any(place.found for place in proof)
    assert (tmp_path / "run.log").read_text() == "ranked [removed] first"
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT event FROM logs WHERE n = 1").fetchall()[0][0] == json.dumps(
            {"top": "| [removed] | 1 |"}
        )


def test_a_name_spelt_like_the_history_itself_leaves_it_readable(tmp_path):
    home = Home(tmp_path)
    database = home.dagster / "storage" / "runs.db"
    database.parent.mkdir(parents=True)
    row = {"__class__": "TableRecord", "data": {"status": "7x, o", "ids": "['o', 'p']", "word": "o no"}}
    event = {"status": {"__enum__": "Run.STATUS"}, "records": [row], "label": "ana of status"}
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE logs (event TEXT)")
        connection.execute("INSERT INTO logs VALUES (?)", [json.dumps(event)])
        connection.commit()
    persons = Persons(("7x", "o"), ("status",))
    taking_out.from_history(home, persons)
    row["data"] = {"status": "[removed], [removed]", "ids": "['[removed]', 'p']", "word": "o no"}
    with closing(sqlite3.connect(database)) as connection:
        left = json.loads(connection.execute("SELECT event FROM logs").fetchall()[0][0])
    assert left == event | {"label": "ana of [removed]"}


def test_alerts_told_and_waiting_lose_their_lines_and_stay_alerts(tmp_path):
    home = Home(tmp_path)
    lines = (
        "@ana.runs: avoid (was number 1)",
        "Ana (id 77): watch (was number 2)",
        "id 77: watch (was number 3)",
        "id 778: avoid (was number 4)",
        "@details: avoid (was number 5)",
    )
    for event, webhook in (("told", ""), ("waits", "https://hook.example")):
        alert = Alert(event, PARTNER_TURNED, "5 partners of @ana.runs and others turned.", lines)
        keep_alert(home, alert, AlertSettings(webhook=webhook))
    persons = Persons(("77",), ("ana.runs", "details"))
    assert {place.place: place.found for place in search_home(home, persons)}["alerts"] == 2
    with no_delivery(home), pytest.raises(HomeInUseError, match="being delivered"):
        forget(home, persons, page)
    assert not any(place.found for place in forget(home, persons, page))
    left = [json.loads(path.read_text()) for path in home.alerts.glob("*.json")]
    assert [alert["details"] for alert in left] == [["id 778: avoid (was number 4)"]] * 2
    assert {alert["text"] for alert in left} == {"5 partners of [removed] and others turned."}
    assert {alert["delivery"]["state"] for alert in left} == {"waiting", "file alone"}
    again = Alert("told", PARTNER_TURNED, "")
    assert not keep_alert(home, again, AlertSettings())


def test_somebodys_own_notebook_is_searched_and_what_its_editor_kept_goes(tmp_path):
    home = Home(tmp_path)
    notebook = own_notebook(home)
    cached = notebook.parent / "__marimo__" / "session" / "second_question.py.json"
    cached.parent.mkdir(parents=True)
    cached.write_text("data:text/csv;base64,YW5hLnJ1bnM=")
    word = Persons(("marimo",))  # a word of the notebook that Vouch wrote
    assert not any(place.found for place in forget(home, word, page))
    assert not (notebook.parent / "__marimo__").exists()
    own = "\n# ana.runs\nwho = 'v3'\nv3 = 1\n"
    notebook.write_text(notebook.read_text() + own)
    proof = forget(home, Persons(("v3",), ("ana.runs",)), page)
    found = [place for place in proof if place.found]
    assert [(place.place, place.is_ours, place.where) for place in found] == [
        ("own notebooks", True, ["notebooks/second_question.py: 2"])
    ]
    assert notebook.read_text().endswith(own)


def test_posts_bios_and_histories_are_published_without_them(publish_small):
    path = publish_small(
        change="""
        INSERT INTO example_posts BY NAME SELECT 'p9' AS post_id, 'id1' AS author_id,
            'Voice1' AS author_handle, 'Thanks @voice0, not @Voice01!' AS text;
        CREATE TABLE bios AS SELECT account_id, handle, 'Friend of @VOICE0.' AS bio FROM partner_rankings
        """
    )
    home = Home(path.parent)
    persons = known_persons(home, ["id0"])
    assert persons.handles == ("Voice0",)
    tables = ("example_posts", "bios", "follower_history")
    with open_published(path) as file:
        before = [len(file.sql(f"FROM {table}").fetchall()) for table in tables]
    assert not any(place.found for place in forget(home, persons, page))
    with open_published(path) as file:
        after = [len(file.sql(f"FROM {table}").fetchall()) for table in tables]
        assert [had - has for had, has in zip(before, after, strict=True)] == [1, 1, 6]
        assert file.sql("SELECT post_id, author_handle, text FROM example_posts").fetchall() == [
            ("p9", "Voice1", "Thanks [removed], not @Voice01!")
        ]
        assert file.sql("SELECT DISTINCT bio FROM bios").fetchall() == [("Friend of [removed].",)]
        named = "SELECT count(*) FROM follower_history WHERE 'id0' = account_id OR handle = 'Voice0'"
        assert file.sql(named).fetchall() == [(0,)]


def test_who_has_no_handle_is_found_by_the_name_they_show(publish_small):
    path = publish_small(
        change="""
        UPDATE "graph.accounts" SET handle = account_id WHERE node < 3;
        UPDATE "graph.accounts" SET display_name = 'Running' WHERE node = 1;
        UPDATE "graph.accounts" SET display_name = 'Voice No. 0' WHERE node = 7;
        UPDATE "graph.accounts" SET display_name = 'Fan of Voice No. 0' WHERE node = 8;
        UPDATE evidence SET sentence = 'As Voice No. 0, Voice No. 2 and Running.' WHERE account_id = 'id5'
        """
    )
    home = Home(path.parent)
    persons = known_persons(home, ["id0", "id1", "id4"])
    assert persons.shown_names == ("Running", "Voice No. 0")
    assert {place.place: place.found for place in search_home(home, persons)}["published file"] > 0
    assert not any(place.found for place in forget(home, persons, page))
    with open_published(path) as file:
        assert file.sql("SELECT sentence FROM evidence WHERE account_id = 'id5'").fetchall() == [
            ("As [removed], Voice No. 2 and Running.",)
        ]
        namesake = "SELECT display_name FROM graph.accounts WHERE account_id IN ('id7', 'id8') ORDER BY node"
        assert file.sql(namesake).fetchall() == [("Voice No. 0",), ("Fan of [removed]",)]


def test_the_list_names_nobody_and_a_damaged_one_stops(tmp_path):
    home = Home(tmp_path)
    assert not read_forgotten(home).holds("100200300")
    remember_to_forget(home, ["100200300"], ["Ana.Runs"])
    listed = remember_to_forget(home, ["100200300", "7"], [])
    folder = tmp_path / "forgotten"
    written = "".join(path.read_text() for path in folder.iterdir())
    assert "100200300" not in written
    assert "ana" not in written.lower()
    assert len(listed.digests) == 3
    assert read_forgotten(home) == listed
    assert listed.digest(HANDLE_MARK + "ana.runs") in listed.digests
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    (folder / "list.jsonl").write_text("{}\n")
    with pytest.raises(ForgottenListError, match="backup"):
        read_forgotten(home)
    assert issubclass(ForgottenListError, VouchError)


def test_handles_and_posts_come_from_every_day(tmp_path):
    home = Home(tmp_path)
    for day, handle in (("2026-01-01", "old.name"), ("2026-02-01", "new.name")):
        inputs = home.day(datetime.fromisoformat(day).date()) / "inputs"
        inputs.mkdir(parents=True)
        with closing(duckdb.connect()) as connection:
            for table, columns in (("accounts", f"'7' AS account_id, '{handle}' AS handle"),
                                   ("posts", f"'7' AS author_id, 'p-{day}' AS post_id")):  # fmt: skip
                connection.sql(f"SELECT {columns}").write_parquet(str(inputs / f"{table}.parquet"))
    found = known_persons(home, ["7"], ["@third"])
    assert found.handles == ("new.name", "old.name", "third")
    assert found.posts == ("p-2026-01-01", "p-2026-02-01")
    assert known_persons(home, ["8"]) == Persons(("8",))
