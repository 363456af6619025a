"""`vouch label`: a decision needs an account that is one, a reason and a name; nothing is overwritten."""

import json
import shutil

import duckdb
import pytest

from pipelines.home import Home
from pipelines.reviews import read_decisions


@pytest.fixture
def mine(home, tmp_path):
    """A home of its own with the published file."""
    shutil.copy(home / "partners.duckdb", tmp_path / "partners.duckdb")
    return tmp_path


def decisions(root):
    return [
        (one.network, one.account_id, one.handle, one.label, one.because, one.reviewer)
        for one in read_decisions(Home(root))
    ]


def test_a_decision_is_kept_listed_and_withdrawn(call, mine):
    why = "met her \x1b[31m twice"
    made = call(
        "label", "@Maria.Runs", "genuine", "--because", why, "--by", "Jo", "--at", "2026-03-02", at=mine
    )
    assert made.exit_code == 0
    assert made.stdout == ""
    assert "@maria.runs is reviewed as genuine. The next run takes it in." in made.stderr
    again = call("label", "100", "shill", "--because", "new facts", "--by", "Al", at=mine)
    assert "reviewed as shill in place of genuine by Jo" in again.stderr
    assert call("label", "100", "--withdraw", "--because", "typo", "--by", "Al", at=mine).exit_code == 0
    assert decisions(mine) == [
        ("demo", "100", "maria.runs", "genuine", "met her [31m twice", "Jo"),
        ("demo", "100", "maria.runs", "shill", "new facts", "Al"),
        ("demo", "100", "maria.runs", "withdrawn", "typo", "Al"),
    ]
    listed = json.loads(call("label", "--list", "--json", at=mine).stdout)
    assert [(row["label"], row["is_current"]) for row in listed] == [
        ("withdrawn", False),
        ("shill", False),
        ("genuine", False),
    ]
    assert listed[2]["reviewed_at"] == "2026-03-02T00:00:00"
    refused = call("label", "100", "--withdraw", "--because", "again", at=mine)
    assert refused.exit_code == 1
    assert "none can be withdrawn" in refused.stderr


def test_an_older_decision_than_the_one_that_stands_says_so(call, mine):
    call("label", "100", "genuine", "--because", "x", "--by", "Jo", at=mine)
    late = call("label", "100", "shill", "--because", "x", "--by", "Al", "--at", "2020-01-01", at=mine)
    assert "by Jo, is newer" in " ".join(late.stderr.split())
    rows = json.loads(call("label", "maria.runs", "--list", "--json", at=mine).stdout)
    assert [(row["label"], row["is_current"]) for row in rows] == [("genuine", True), ("shill", False)]
    assert "genuine" in call("label", "--list", "--format", "table", at=mine).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("maria.runs",), "Give HANDLE and one of"),
        (("maria.runs", "genuine", "--withdraw", "--because", "x"), "Give HANDLE and one of"),
        (("maria.runs", "fine", "--because", "x"), "is not one of"),
        (("maria.runs", "genuine"), "needs its reason"),
        (("maria.runs", "genuine", "--because", " \u202e "), "needs its reason"),
        (("maria.runs", "genuine", "--because", "x", "--by", " "), "needs a name"),
        (("maria.runs", "genuine", "--because", "x", "--at", "2999-01-01"), "has not come yet"),
        (("maria.runs", "genuine", "--list"), "--list shows decisions"),
    ],
)
def test_a_wrong_call_keeps_nothing(call, mine, arguments, message):
    result = call("label", *arguments, at=mine)
    assert result.exit_code == 2
    assert message in result.stderr
    assert decisions(mine) == []


def test_an_unknown_name_gets_a_guess_and_an_ambiguous_one_its_candidates(call, mine):
    unknown = call("label", "maria.run", "genuine", "--because", "x", at=mine)
    assert unknown.exit_code == 1
    assert "Did you mean" in unknown.stderr
    with duckdb.connect(str(mine / "partners.duckdb")) as connection:
        connection.execute("INSERT INTO graph.accounts (node, account_id, handle) VALUES (7, '700', 'Twice')")
        connection.execute("INSERT INTO graph.accounts (node, account_id, handle) VALUES (8, '800', 'twicE')")
    twice = call("label", "TWICE", "shill", "--because", "x", at=mine)
    assert twice.exit_code == 1
    assert "2 accounts are called" in twice.stderr
    assert "700 (Twice)" in twice.stderr
    assert "800 (twicE)" in twice.stderr
    assert call("label", "twicE", "shill", "--because", "x", at=mine).exit_code == 0
    assert call("label", "just.a.member", "shill", "--because", "x", at=mine).exit_code == 0
    assert [row[1] for row in decisions(mine)] == ["800", "500"]


def test_nothing_decided_is_no_failure(call, mine):
    listed = call("label", "--list", at=mine)
    assert listed.exit_code == 0
    assert listed.stdout.startswith("network,account_id")
    assert "Nothing was decided yet" in listed.stderr


def test_why_tells_of_a_review_that_came_after_the_run(call, mine):
    assert json.loads(call("why", "maria.runs", "--json", at=mine).stdout)["reviewed_after_this_run"] is None
    call(
        "label", "maria.runs", "genuine", "--because", "met her", "--by", "Jo", "--at", "2026-03-02", at=mine
    )
    told = json.loads(call("why", "maria.runs", "--json", at=mine).stdout)["reviewed_after_this_run"]
    assert (told["label"], told["reviewer"], told["because"]) == ("genuine", "Jo", "met her")
    sentence = "Reviewed after this run as genuine by Jo on 2026-03-02, because “met her”."
    assert sentence in " ".join(call("why", "maria.runs", "--format", "table", at=mine).stdout.split())
    assert sentence in call("why", "maria.runs", at=mine).stderr
    with duckdb.connect(str(mine / "partners.duckdb")) as connection:
        connection.execute(
            "UPDATE partner_rankings SET review = 'genuine', reviewed_at = '2026-03-02' WHERE rank = 1"
        )
    assert json.loads(call("why", "maria.runs", "--json", at=mine).stdout)["reviewed_after_this_run"] is None
    call("label", "maria.runs", "--withdraw", "--because", "no", "--by", "Jo", at=mine)
    assert "The review was withdrawn after this run by Jo" in call("why", "maria.runs", at=mine).stderr
