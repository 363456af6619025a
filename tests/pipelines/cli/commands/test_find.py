"""find: by handle, name, id and bio, in any case, with or without accents; hostile text too."""

import csv
import io
import json

import pytest

from pipelines.cli.commands.find import passage
from tests.pipelines.cli.test_app import on_a_terminal


def found(result):
    return [(row["account_id"], row["found_in"]) for row in csv.DictReader(io.StringIO(result.stdout))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("@MARIA", ("100", "handle")),
        ("lópez", ("100", "name")),
        ("coffee", ("100", "bio")),
        ("100", ("100", "id")),
        ("ana lopes", ("500", "name")),
        ("ceramics", ("101", "handle")),
        ("<img", ("105", "handle")),
        ("'; DROP TABLE runs; --", None),
        ("%", None),
    ],
)
def test_what_is_found_and_where(call, text, first):
    result = call("find", text)
    assert result.exit_code == 0
    assert found(result)[:1] == ([first] if first else [])
    assert bool(first) == (result.stderr == "")


def test_nobody_found_is_no_failure_and_guesses(call):
    result = call("find", "marai.runs")
    assert (result.exit_code, found(result)) == (0, [])
    assert "Near it: maria.runs" in result.stderr


def test_rank_and_standing_of_the_audience_asked_for(call):
    pots = "pottery, glaze & \x1b[31mkiln"
    told = json.loads(call("find", "ceramics", "--json", "--audience", pots).stdout)
    assert [(row["rank"], row["audience"]) for row in told] == [(2, pots)]
    assert json.loads(call("find", "maria", "--json", "--audience", pots).stdout)[0]["rank"] is None
    assert "found_in_all" not in told[0]


def test_the_rest_is_counted(call):
    assert "The 2 closest of 7; -n shows more." in call("find", "r", "-n", "2", "--format", "table").stderr
    assert "The closest of 7; -n shows more." in call("find", "r", "-n", "1", "--format", "table").stderr
    assert call("find", " @ ").exit_code == 2


def test_a_bio_is_shown_in_eighty_columns_and_sends_nothing_to_the_terminal(home):
    shown, code = on_a_terminal(home, "find", "coffee", NO_COLOR="1", TERM="dumb")
    assert code == 0
    assert "filter coff" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80
    assert not any(character in shown for character in "\x1b\x07\u202e")
    assert "member" in on_a_terminal(home, "find", "ana lopes")[0]


def test_the_passage_around_a_hit():
    assert passage("x" * 100 + "Coffee" + "y" * 100, "coffee").strip("…").count("x") == 24
    assert passage(None, "a") == "–"
    assert passage("a\nb", "b") == "a b"
