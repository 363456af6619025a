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
from pipelines.examples import EXAMPLES_ARE_ACCOUNTS, EXAMPLES_ARE_POSTS
from pipelines.explore.server import own_notebook
from pipelines.forgetting import (
    HistoryDamagedError,
    HomeInUseError,
    forget,
    known_persons,
    taking_out,
    unfinished,
)
from pipelines.forgetting.persons import Persons
from pipelines.forgetting.search import search_home
from pipelines.forgetting.tables import (
    find_them,
    forgetting,
    mentions_them,
    without_them,
)
from pipelines.forgotten import HANDLE_MARK, ForgottenListError, read_forgotten, remember_to_forget
from pipelines.home import Home
from pipelines.published import open_published
from pipelines.requests import Source, remember_source
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
    assert all(row["found"] == 0 for row in proof.values() if row["is_ours"])
    assert proof["delivered data"]["found"] > 0
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
    no_one = call(home)
    assert no_one.exit_code == 2
    assert "there is no interrupted removal to go on with" in no_one.stderr
    assert not read_forgotten(home).digests


def test_what_stays_is_told_and_leaves_with_1(tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(taking_out, "from_texts", lambda *_: None)
    (tmp_path / "run.log").write_text("as good as @v3")
    result = call(home, "v3", "--yes")
    assert result.exit_code == 1
    assert "Still named in other files run.log: 1" in result.stderr
    assert "No delivered data were found to search" in result.stderr
    assert read_forgotten(home).holds("v3")


def test_delivered_data_are_searched_and_left(tmp_path):
    home = Home(tmp_path)
    delivered = tmp_path / "inbox" / "follows.csv"
    delivered.parent.mkdir()
    delivered.write_text("follower_id,followee_id\n100200300,7\n")
    proof = forget(home, ANA, page)
    assert [(place.place, place.found) for place in proof if place.found] == [("delivered data", 1)]
    assert "100200300" in delivered.read_text()


@pytest.mark.parametrize("number", ["id0", "104523"])
def test_a_post_that_bears_the_number_of_an_account_stays_somebody_elses(publish_small, number):
    path = publish_small(
        change="""
        INSERT INTO example_posts BY NAME SELECT '$number' AS post_id, 'id1' AS author_id, 'Good.' AS text;
        UPDATE example_posts SET author_id = '$number' WHERE author_id = 'id0';
        UPDATE evidence SET example_ids = ['p1', '$number', 'id2'];
        UPDATE evidence SET signal = 'word_of_mouth' WHERE account_id = 'id1';
        UPDATE evidence SET signal = 'endorsement' WHERE account_id = 'id2';
        UPDATE evidence SET signal = 'of another release' WHERE account_id = 'id3'
        """.replace("$number", number)
    )
    home = Home(path.parent)
    persons = known_persons(home, [number])
    assert persons.posts == ("p1",)  # from the published file, for the days may be gone
    assert {place.place: place.found for place in search_home(home, persons)}["published file"] > 0
    proof = forget(home, persons, lambda at: page(at, f'"{number}"'))
    assert not any(place.where for place in proof)
    with open_published(path) as file:
        assert file.sql("SELECT post_id, author_id FROM example_posts").fetchall() == [(number, "id1")]
        kept = "SELECT DISTINCT signal, example_ids FROM evidence WHERE account_id IN ('id1', 'id2', 'id3')"
        assert dict(file.sql(kept).fetchall()) == {
            "word_of_mouth": [number, "id2"],
            "endorsement": ["p1", "id2"],
            "of another release": ["id2"],
        }


def test_columns_are_searched_for_what_they_hold_and_what_is_found_is_told(tmp_path):
    persons = Persons(("1180",), ("ana",), ("77",))
    rows = """
        SELECT * FROM (VALUES
            ('1029', '1180', '77', '1180', ['1180', '77'], ['ana', '1180'], '1180', 'post_id', '1180'),
            ('1030', '77', '1180', '77', ['77'], ['77'], '77', 'author_id', '77'),
            ('1031', '77', '1180', '77', NULL, NULL, '1180', 'author_id', '77')
        ) AS t(
                author_id, target_id, answers_id, own_id, example_post_ids, top_voices,
                value, column_name, run_id
            )
        """
    with forgetting(persons, tmp_path) as connection:
        table = connection.sql(rows)
        assert {str(one): one.cells for one in find_them(table)} == {
            "column target_id (such as “1180” in the row of author_id 1029)": 1,
            "column answers_id (such as “77” in the row of author_id 1029)": 1,
            "column own_id (such as “77” in the row of author_id 1030)": 2,
            "column example_post_ids (such as “[1180, 77]” in the row of author_id 1029)": 2,
            "column top_voices (such as “[ana, 1180]” in the row of author_id 1029)": 1,
            "column value (such as “1180” in the row of author_id 1031)": 1,
        }
        left = without_them(table)
        assert left.fetchall() == [
            ("1029", None, None, "1180", ["1180"], [], "1180", "post_id", "1180"),
            ("1030", "77", "1180", None, [], ["77"], "77", "author_id", "77"),
            ("1031", "77", "1180", None, None, None, None, "author_id", "77"),
        ]
        assert find_them(left) == []
        posts = connection.sql("SELECT unnest(['77', '1180', 'at://1180/77']) AS post_id")
        assert without_them(posts).fetchall() == [("1180",), ("at://1180/77",)]
        address = connection.sql("SELECT 'at://did:plc:ana/5' AS post_id")
    with forgetting(Persons(("did:plc:ana",)), tmp_path) as connection:
        address = connection.sql("SELECT 'at://did:plc:ana/5' AS post_id")
        assert without_them(address).fetchall() == [("at://[removed]/5",)]


def test_what_examples_are_is_known_of_every_signal(home):
    with open_published(home.published) as file:
        rows = file.execute(
            """
            SELECT signal, bool_or(example IN (SELECT account_id FROM graph.accounts))
            FROM (SELECT signal, unnest(example_ids) AS example FROM evidence)
            GROUP BY signal
            """
        ).fetchall()
    assert rows
    assert {signal for signal, are_accounts in rows if are_accounts} <= set(EXAMPLES_ARE_ACCOUNTS)
    assert {signal for signal, are_accounts in rows if not are_accounts} <= set(EXAMPLES_ARE_POSTS)


def test_folders_that_runs_read_are_searched_and_left(tmp_path):
    home, data = Home(tmp_path / "home"), tmp_path / "data"
    data.mkdir()
    home.root.mkdir()
    remember_source(home, Source(data_dir=str(data)))
    (data / "dataset.toml").write_text(
        '[posts]\nfile = "p.jsonl.gz"\npost_id = "/id"\nauthor_id = "/by/id"\ntext = "/said"\n'
        '[audiences."fans"]\nfollowers_of = ["1180", "@bob"]\n'
    )
    (data / "follows.csv").write_text("follower_id,followee_id,likes\n1180,7\n1180,7,1180\n7,1180,3\n")
    told = [{"id": "1180", "by": {"id": "7"}, "said": "Thanks @ana!"}, {"id": "5", "by": {"id": 1180}}]
    lines = "".join(json.dumps(one) + "\n" for one in told)
    (data / "p.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    duckdb.sql("SELECT 1180 AS account_id, 'Ana' AS handle").write_parquet(str(data / "accounts.parquet"))
    (data / "rates.csv").write_text("account,price\n1180,3\n")
    (data / "notes.md").write_text("1180")
    before = {path: path.read_bytes() for path in data.iterdir()}
    remember_to_forget(home, [], [])
    keep_decision(home, Decision("n", "1180", "ana", "genuine", "", "Jo", datetime(2026, 3, 1)))  # noqa: DTZ001 - naive, as kept
    result = call(home, "1180", "--yes", "--json")
    assert result.exit_code == 0, result.output
    delivered = json.loads(result.stdout)[-1]
    assert [line.removeprefix(f"{data}/") for line in delivered["where"]] == [
        "accounts.parquet: account_id 1, handle 1",
        "follows.csv: follower_id 1, followee_id 1",
        "p.jsonl.gz: /by/id 1, /said 1",
        "dataset.toml: 1",
    ]
    assert delivered["found"] == 7
    skipped = [line.removeprefix(f"{data}/") for line in delivered["not_searched"]]
    assert len(skipped) == 2
    assert skipped[0].startswith("rates.csv, because it has no column 'account_id'")
    assert skipped[0].endswith("remove them there too")
    assert skipped[1] == "notes.md, because no table is read from it; see whether it names them"
    assert "are left as they are; remove them there too:" in result.stderr
    assert f"Not searched: {data}/rates.csv, because it has no column" in result.stderr
    assert {path: path.read_bytes() for path in data.iterdir()} == before
    remember_source(home, Source(data_dir=str(tmp_path / "gone")))
    again = call(home, "1180", "--yes")
    assert (
        f"Not searched: {tmp_path}/gone, because there is no such folder; remove them there too."
        in again.stderr
    )


def test_data_that_lie_in_the_home_stay_as_they_were_delivered(tmp_path):
    home = Home(tmp_path)
    for name in ("own data", "inbox/waiting"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "follows.csv").write_text("follower_id,followee_id\n100200300,7\n")
        (folder / "notes.txt").write_text("See 100200300.")
    remember_source(home, Source(data_dir=str(tmp_path / "own data")))
    proof = forget(home, ANA, page)
    found = [(place.place, place.where, place.not_searched) for place in proof if place.found]
    assert found == [
        (
            "delivered data",
            [
                f"{tmp_path}/own data/follows.csv: follower_id 1",
                f"{tmp_path}/inbox/waiting/follows.csv: follower_id 1",
                "inbox/waiting/notes.txt: 1",
                "own data/notes.txt: 1",
            ],
            [],
        )
    ]
    assert (tmp_path / "own data" / "notes.txt").read_text() == "See 100200300."


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
    row = {
        "__class__": "TableRecord",
        "data": {"status": "7x, o", "ids": "['o', 'p']", "word": "o no", "post_id": "o"},
    }
    event = {"status": {"__enum__": "Run.STATUS"}, "records": [row], "label": "ana of status"}
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE logs (event TEXT)")
        connection.execute("INSERT INTO logs VALUES (?)", [json.dumps(event)])
        connection.commit()
    persons = Persons(("7x", "o"), ("status",))
    taking_out.from_history(home, persons)
    row["data"] = {
        "status": "[removed], [removed]",
        "ids": "['[removed]', 'p']",
        "word": "o no",
        "post_id": "o",
    }
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


def test_nobody_is_taken_out_where_the_history_cannot_be_searched(tmp_path):
    home = Home(tmp_path)
    damaged = home.dagster / "storage" / "history" / "runs" / "index.db"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"no database" * 1000)
    with pytest.raises(HistoryDamagedError, match="cannot be searched") as caught:
        forget(home, Persons(("77",), (), ()), lambda _: None)
    assert caught.value.details == (f"{damaged} is damaged",)
    assert unfinished(home) is None
    damaged.unlink()
    forget(home, Persons(("77",), (), ()), lambda _: None)


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


def test_what_an_earlier_file_has_that_no_check_passes_today_keeps_nobody_from_being_forgotten(publish_small):
    path = publish_small()
    with closing(duckdb.connect(str(path))) as earlier:
        earlier.execute("""
            INSERT INTO account_signals BY NAME SELECT 'id1' AS account_id, 'copied_text' AS signal,
                'measured' AS state, 0.0 AS value, 5e-5 AS low, 0.1 AS high;
            INSERT INTO signal_groups BY NAME
                SELECT 'pod-001' AS group_id, 'engagement_pod' AS kind, 0.6 AS score, 0.9 AS threshold
                UNION ALL BY NAME
                SELECT 'copy-001' AS group_id, 'copied_text' AS kind, 3 AS score, 2 AS threshold
        """)
    home = Home(path.parent)
    assert not any(place.found for place in forget(home, known_persons(home, ["id0"]), page))
    with open_published(path) as file:
        assert file.sql(
            "SELECT low, value, high FROM account_signals WHERE signal = 'copied_text'"
        ).fetchall() == [(0.0, 0.0, 0.1)]
        thresholds = "SELECT kind, score, threshold FROM signal_groups ORDER BY group_id"
        assert file.sql(thresholds).fetchall() == [("copied_text", 3, 2), ("engagement_pod", 0.6, None)]


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
