"""What is delivered of a forgotten person is counted and left out, in every table and in texts of others."""

import polars as pl
import pytest

from pipelines.forgotten import HANDLE_MARK, Forgotten

TABLES = {
    "accounts": "account_id,handle,bio\na,ana,hi\nb,bo,fan of @Ana!\nc,cy,\n",
    "follows": "follower_id,followee_id\na,b\nb,a\nb,c\nc,b\n",
    "posts": "post_id,author_id,text\n1,a,mine\n2,b,thanks @ANA. and @ana.b and x@ana\n3,c,nothing\n",
    "interactions": "actor_id,target_id,kind\na,b,like\nc,a,reply\nc,b,like\n",
    "audience_members": "audience,account_id\nfans,a\nfans,b\nfans,c\n",
    "rates": "account_id,price\na,10\nb,20\n",
}


@pytest.fixture
def delivered(data):
    for name, text in TABLES.items():
        (data / f"{name}.csv").write_text(text)


@pytest.mark.usefixtures("delivered")
def test_rows_of_and_about_them_are_left_out_and_balance(ingest, rows):
    salt = Forgotten("00ff")
    report = ingest(
        forgotten=Forgotten("00ff", frozenset({salt.digest("a"), salt.digest(HANDLE_MARK + "ana")}))
    )
    assert {table.table: table.rows_forgotten for table in report.tables} == {
        "accounts": 1, "follows": 2, "posts": 1, "interactions": 2, "audience_members": 1, "rates": 1,
    }  # fmt: skip
    assert all(table.is_balanced for table in report.tables)
    assert sorted(rows("follows", "follower_id", "followee_id")) == [("b", "c"), ("c", "b")]
    assert rows("accounts", "account_id", "bio")[0] == ("b", "fan of @[removed]!")
    assert rows("posts", "post_id", "text")[0] == ("2", "thanks @[removed]. and @ana.b and x@[removed]")
    assert "posts: 1 row of a forgotten person was left out." in report.warnings
    assert report.balance["rows_forgotten"].sum() == 8


@pytest.mark.usefixtures("delivered")
def test_follows_that_need_no_other_look_are_looked_at(ingest, rows, data):
    pl.read_csv(data / "follows.csv").write_parquet(data / "follows.parquet")
    (data / "follows.csv").unlink()
    salt = Forgotten("00ff")
    ingest(forgotten=Forgotten("00ff", frozenset({salt.digest("a")})))
    assert sorted(rows("follows", "follower_id", "followee_id")) == [("b", "c"), ("c", "b")]


@pytest.mark.usefixtures("delivered")
def test_without_a_list_nothing_changes(ingest, rows):
    report = ingest()
    assert all(table.rows_forgotten == 0 for table in report.tables)
    other = ingest(forgotten=Forgotten("00ff", frozenset({"0" * 64})))
    assert [table.rows_kept for table in other.tables] == [table.rows_kept for table in report.tables]
