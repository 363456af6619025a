"""runs, diff and history: which runs are kept, what moved between two, and one account in all of them."""

import csv
import io
import json
from datetime import date

import pytest

from pipelines.cli.moves import asked_differently, moves
from pipelines.cli.named_runs import named_run
from pipelines.cli.reading import UnknownNameError
from pipelines.cli.words.changes import cause_words, signed
from tests.pipelines.cli.conftest import EARLIER, POTS, RUN
from tests.pipelines.cli.test_app import on_a_terminal

RUNS = [
    {"run_id": "20260301T05Z-b", "as_of": date(2026, 3, 1), "previous_run_id": "20260201T00Z-a"},
    {"run_id": "20260301T02Z-a", "as_of": date(2026, 3, 1), "previous_run_id": "20260201T00Z-a"},
    {"run_id": "20260201T00Z-a", "as_of": date(2026, 2, 1), "previous_run_id": None},
]


def table_of(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_runs_are_listed_the_newest_first(call):
    rows = table_of(call("runs", "--audience", "trail runners"))
    assert [(row["run_id"], row["is_latest"]) for row in rows] == [(RUN, "true"), (EARLIER, "false")]
    assert [rows[0][name] for name in ("entered", "left", "moved", "previous_run_id")] == [
        "1",
        "1",
        "2",
        EARLIER,
    ]
    assert len(table_of(call("runs"))) == 4
    assert "+1 −1 ~2" in call("runs", "--format", "table").stdout


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("latest", 0),
        ("PREVIOUS", 2),
        ("2026-03-01", 0),
        ("2026-02-01", 2),
        ("20260301t02", 1),
        (" 20260201T00Z-a ", 2),
    ],
)
def test_a_run_by_its_names(asked, place):
    assert named_run(RUNS, asked) == RUNS[place]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("20260301", "2 runs begin with"),
        ("nonsense\x1b[2J", "No run of this audience is called “nonsense[2J”"),
        ("", "No run"),
        ("2026-02-30", "No run"),
        ("2026-01-01", "20260201T00Z-a (as of 2026-02-01)"),
    ],
)
def test_a_run_that_is_not_there_lists_those_that_are(asked, says):
    with pytest.raises(UnknownNameError) as failure:
        named_run(RUNS, asked)
    assert says in str(failure.value)


def test_the_only_run_has_no_previous_one():
    with pytest.raises(UnknownNameError, match="no previous run"):
        named_run(RUNS[2:], "previous")
    assert named_run(RUNS[1:] + RUNS[:0], "previous") == RUNS[2]


def test_what_moved_with_the_cause_that_was_published(call):
    rows = {row["account_id"]: row for row in table_of(call("diff"))}
    assert (rows["100"]["rank_before"], rows["100"]["rank_after"], rows["100"]["change"]) == (
        "2",
        "1",
        "moved",
    )
    assert (rows["100"]["cause"], rows["100"]["cause_change"]) == ("word_of_mouth", "0.13")
    assert (rows["100"]["status_before"], rows["100"]["status_after"]) == ("watch", "recommended")
    assert (rows["110"]["change"], rows["110"]["handle"], rows["110"]["rank_after"]) == (
        "left",
        "gone.by",
        "",
    )
    assert rows["102"]["change"] == "entered"
    assert "108" not in rows  # without a rank nobody is in the ranking
    told = call("diff").stderr
    assert "7 entered, 1 left, 2 moved (2 of them, marked ≈, no further than their range of places);" in told
    assert "; 1 changed in status." in told
    assert "The highest is shown; -n shows more." in call("diff", "-n", "1", "--format", "table").stderr
    assert "The 2 highest are shown; -n shows more." in call("diff", "-n", "2", "--format", "table").stderr


def test_two_runs_that_were_not_compared_are_compared_now(call):
    rows = json.loads(call("diff", "2026-02-01", "latest", "--audience", POTS, "--json").stdout)
    moved = {row["account_id"]: (row["rank_before"], row["rank_after"], row["cause"]) for row in rows}
    # ranks 2 and 3 of the whole list: the fixture's rows of the small audience keep them
    assert moved["102"] == (1, 3, "word_of_mouth")
    back = json.loads(call("diff", "latest", "2026-02-01", "--audience", POTS, "--json").stdout)
    assert {row["account_id"]: row["rank_after"] for row in back}["102"] == 1


def test_diff_says_when_nothing_moved(call):
    same = call("diff", "latest", "latest")
    assert same.exit_code == 0
    assert len(table_of(same)) == 0
    assert "Both names mean the same run." in same.stderr
    assert call("diff", "yesterday").exit_code == 1


@pytest.mark.parametrize("arguments", [("diff",), ("history", "100"), ("runs",)])
def test_they_fit_eighty_columns(home, arguments):
    shown, code = on_a_terminal(home, *arguments, NO_COLOR="1", TERM="dumb")
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert not any(character in shown for character in "\x1b\x07\u202e")


def test_diff_as_a_table_tells_place_cause_and_status(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")  # wide enough for every column, whoever runs the tests
    text = " ".join(call("diff", "--format", "table").stdout.split())
    assert "≈ @maria.runs 2 → 1 word of mouth +0.13 watch → recommended" in text
    assert "− @gone.by 3 → –" in text


def test_history_tells_each_run_and_what_changed(call):
    rows = table_of(call("history", "@maria.runs"))
    assert [(row["run_id"], row["rank"], row["status"], row["cause"]) for row in rows] == [
        (EARLIER, "2", "watch", ""),
        (RUN, "1", "recommended", "word_of_mouth"),
    ]
    text = " ".join(call("history", "100", "--format", "table").stdout.split())
    assert "from 2: word of mouth +0.13" in text


def test_history_of_one_that_left_and_of_one_that_never_ranked(call):
    rows = table_of(call("history", "gone.by"))
    assert [(row["rank"], row["change"]) for row in rows] == [("3", ""), ("", "left")]
    assert "not ranked" in call("history", "gone.by", "--format", "table").stdout
    never = call("history", "just.a.member")
    assert (never.exit_code, never.stdout) == (1, "")
    assert "was a candidate in no kept run." in never.stderr
    assert "for the audience" in call("history", "100", "--audience", POTS).stderr


def test_another_question_is_named_as_the_cause():
    run = {"data_dir": "a", "baseline": None, "configuration": None, "weights_version": "1"}
    assert asked_differently(run, run) == ""
    for change, cause in (
        ({"data_dir": "b"}, "data_folder"),
        ({"baseline": "network"}, "baseline"),
        ({"configuration": '{"interaction_graph": {"config": 1}}'}, "settings"),
        ({"configuration": '{"partner_portfolio": {"config": 1}}'}, ""),
        ({"weights_version": "2"}, "weights"),
    ):
        assert asked_differently(run, run | change) == cause
    people = [
        {
            "account_id": "1", "rank": rank, "trust_low": 0.5, "shill_probability_high": 0.1,
            "status": "watch", "word_of_mouth_part": 0.6, "score": 0.4, "trust": 0.6,
            "shill_probability": 0.05,
        }
        for rank in (1, 2)
    ]  # fmt: skip
    [moved] = moves(people[:1], people[1:], [], "weights")
    assert (moved["cause"], moved["cause_change"]) == ("weights", None)


def test_words_of_a_change():
    assert cause_words({"cause": "risk", "cause_change": -0.041}) == "risk −0.04"
    named = {"cause": "risk", "cause_change": -0.28, "risk_signal": "lockstep_followers"}
    assert cause_words(named) == "risk −0.28 (lockstep followers)"
    assert cause_words({"cause": "release", "cause_change": None}) == "other release"
    assert cause_words({"cause": "a_new_part", "cause_change": 0.001}) == "a new part +<0.01"
    assert cause_words({"cause": None, "cause_change": None}) == ""
    assert signed(None) == "–"
