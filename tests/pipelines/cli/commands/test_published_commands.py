"""top, why and portfolio as in a pipe: data alone on standard output, everything else beside it."""

import csv
import io
import json

import pytest


def table_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_tells_why_to_watch_and_whose_place_is_not_settled(call):
    shown = call("top", "--format", "table").stdout
    assert "watch: lift" in shown
    assert "watch: lift: not special here, no more followed than elsewhere" in " ".join(shown.split())
    assert "watch: risk: influence may be bought." in shown
    assert "~8–60" in shown
    unsettled = "~ order not settled: 1 of these may stand far behind its place, as far back as place 60."
    assert unsettled in " ".join(shown.split())
    settled = call("top", "--format", "table", "-n", "3").stdout
    assert not any(words in settled for words in ("~", "watch", "settled"))


def test_top_is_csv_in_a_pipe_and_stdout_holds_nothing_else(call):
    result = call("top", "-n", "3")
    assert result.exit_code == 0
    rows = table_of(result.stdout)
    assert [row["handle"] for row in rows][:1] == ["maria.runs"]
    assert len(rows) == 3
    assert rows[0]["reach_share"] == "0.1505"
    assert rows[0]["conversation"] == ""
    assert "--audience chooses another" in result.stderr


def test_formulas_in_handles_are_defused_in_csv_and_untouched_in_json(call):
    in_csv = [row["handle"] for row in table_of(call("top").stdout)]
    in_json = [row["handle"] for row in json.loads(call("top", "--json").stdout)]
    assert '\'=HYPERLINK("http://evil.example","click")' in in_csv
    assert '=HYPERLINK("http://evil.example","click")' in in_json
    assert "evil\x1b[2J\x1b]0;owned\x07name" in in_json
    assert "\x1b" not in call("top", "--json").stdout


def test_unknown_is_null_in_json(call):
    last = json.loads(call("top", "--json").stdout)[-1]
    assert last["status"] == "not_enough_data"
    assert [last[name] for name in ("rank", "handle", "trust", "shill_probability", "lift")] == [None] * 5


def test_json_lines(call):
    lines = call("top", "--format", "jsonl", "-n", "2").stdout.splitlines()
    assert [json.loads(line)["rank"] for line in lines] == [1, 2]


def test_filters_hold_at_the_cautious_bound(call):
    rows = table_of(call("top", "--min-trust", "0.7", "--max-risk", "0.1").stdout)
    assert [row["account_id"] for row in rows] == ["100", "101"]
    rows = table_of(call("top", "--status", "watch", "--status", "avoid").stdout)
    assert {row["status"] for row in rows} == {"watch", "avoid"}


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--min-trust", "0.9"), "No candidate meets trust ≥ 0.9 at its lower bound; the best has 0.85."),
        (("--max-risk", "0.001"), "at most 0.001 at its upper bound; the lowest is 0.01; unknown for 1."),
        (("--status", "not_enough_data", "--max-risk", "0.5"), "it is unknown for all of them"),
        (("--status", "not_enough_data", "--min-trust", "0.5"), "Trust could not be measured"),
        (
            ("--min-trust", "0.8", "--max-risk", "0.02"),
            "among those whose risk is at most 0.02; the best has 0.38.",
        ),
    ],
)
def test_no_rows_are_no_failure_and_say_what_there_is(call, options, hint):
    result = call("top", *options)
    assert result.exit_code == 0
    assert table_of(result.stdout) == []
    assert hint in result.stderr


def test_no_candidate_of_a_status_names_the_statuses_there_are(call):
    result = call("top", "--audience", "pottery, glaze & \x1b[31mkiln", "--status", "avoid")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert "No candidate has the status avoid. There are: recommended 2." in result.stderr
    assert "\x1b" not in result.stderr


def test_quiet_leaves_standard_error_empty(call):
    assert call("top", "-q").stderr == ""
    assert call("-q", "top", "--min-trust", "0.99").stderr == ""


def test_columns_are_chosen_and_corrected(call):
    assert call("top", "-n", "1", "--columns", "rank, handle").stdout == "rank,handle\n1,maria.runs\n"
    result = call("top", "--columns", "ranc,handle,nonsense_beyond_hope")
    assert result.exit_code == 1
    assert "ranc: did you mean rank" in result.stderr
    assert "  - nonsense_beyond_hope\n" in result.stderr


def test_audience_is_found_in_any_case_and_corrected(call):
    assert call("top", "--audience", "TRAIL RUNNERS").exit_code == 0
    result = call("top", "--audience", "trial runers")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Did you mean “trail runners”?" in result.stderr


def test_top_of_one_size_shows_the_place_among_its_like(call):
    rows = table_of(call("top", "--tier", "nano").stdout)
    assert [(row["account_id"], row["rank_in_tier"]) for row in rows] == [("109", "1")]
    assert len(table_of(call("top", "--tier", "nano", "--tier", "micro").stdout)) == 9
    shown = call("top", "--tier", "micro", "--format", "table", "-n", "2").stdout
    assert "in tier" in shown
    assert "in tier" not in call("top", "--format", "table", "-n", "2").stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["--tier", "mega"],
            "No candidate is a mega account. By size there are: micro 8, nano 1, unknown 1.",
        ),
        (
            ["--tier", "nano", "--status", "avoid"],
            "No candidate among nano accounts has the status avoid. There are: recommended 1.",
        ),
        (["--tier", "nano", "--min-trust", "0.9"], "lower bound among nano accounts; the best has 0.38."),
        (
            ["--tier", "nano", "--max-risk", "0.001"],
            "No candidate's risk among nano accounts is at most 0.001",
        ),
    ],
)
def test_an_empty_size_says_what_there_is(call, options, says):
    result = call("top", *options)
    assert table_of(result.stdout) == []
    assert says in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["maria.runs", "@maria.runs", "MARIA.RUNS", "100"])
def test_why_finds_by_handle_and_id(call, name):
    rows = table_of(call("why", name).stdout)
    assert [row["signal"] for row in rows] == ["reach_share", "suspicious_share", "brand_entropy"]
    assert json.loads(rows[2]["example_ids"])[0] == "post0"


def test_why_as_json_holds_the_ranking_and_what_is_unknown(call):
    told = json.loads(call("why", "maria.runs", "--json").stdout)
    assert told["partner"]["rank"] == 1
    assert "match" not in told["partner"]
    assert told["not_enough_data"] == ["growth"]
    assert len(told["evidence"]) == 3
    assert told["paragraph"].startswith(
        "@maria.runs (Maria Lopez; photos; pt; 12,400 followers, micro) ranks 1"
    )


def test_why_reads_like_a_paragraph(call):
    text = " ".join(call("why", "maria.runs", "--format", "table").stdout.split())
    assert "ranks 1 of 10 (between 1 and 3 when audience, weights and risk are varied)" in text
    assert "1 of 8 among micro accounts. It is recommended." in text
    assert "What speaks for it + Many of the audience follow it." in text
    assert "What speaks against it - It promotes many brands." in text
    assert "examples: post0, post1" in text
    assert "Not enough data for these signals: growth." in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("marai.runs", "Did you mean maria.runs?"),
        ("just.a.member", "but no candidate"),
        ("zzzzqqqq", "No candidate is called “zzzzqqqq”."),
    ],
)
def test_why_an_unknown_name_is_handled(call, name, says):
    result = call("why", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr


def test_why_in_an_audience_that_does_not_rank_the_account(call):
    result = call("why", "maria.runs", "--audience", "pottery, glaze & \x1b[31mkiln")
    assert result.exit_code == 1
    assert "It is one for: trail runners." in result.stderr


def test_portfolio_says_where_to_stop(call):
    result = call("portfolio")
    rows = table_of(result.stdout)
    assert [row["pick"] for row in rows] == ["1", "2", "3"]
    assert (rows[0]["price"], rows[1]["price"]) == ("250.0", "")
    assert "Stop after pick 2" in result.stderr
    assert "The first 2 reach 5,600 members (70.0 %)" in result.stderr


def test_portfolio_without_a_budget_says_how_to_give_one(call):
    result = call("portfolio", "--plan", "budget")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--budget AMOUNT" in result.stderr


def test_portfolio_without_picks_is_empty_and_hints(call):
    result = call("portfolio", "--audience", "pottery, glaze & \x1b[31mkiln")
    assert (result.exit_code, len(table_of(result.stdout))) == (0, 0)
    assert "Nobody is picked: no candidate who is recommended adds anybody. vouch top shows" in result.stderr


@pytest.mark.parametrize("plan", [(), ("--plan", "budget")])
def test_portfolio_says_whom_the_currency_left_out_of_a_budget(call, plan):
    result = call("portfolio", "--audience", "pottery, glaze & \x1b[31mkiln", *plan)
    assert result.exit_code == bool(plan)
    assert "No plan within the budget of 900: no recommended candidate has a price in the" in result.stderr
    assert "2 have one in USD." in result.stderr
    assert "table of prices" not in result.stderr


def test_why_does_not_call_a_price_in_another_currency_unknown(call):
    shown = call("why", "102", "--audience", "pottery, glaze & \x1b[31mkiln", "--format", "table").stdout
    said = " ".join(shown.split())
    assert "Its price is known (90.50 USD), but not in the currency that most prices are in" in said
    assert "its price" not in said


@pytest.mark.parametrize("command", [("top",), ("portfolio",), ("why", "Voice1")])
@pytest.mark.parametrize(("members", "known"), [(3, "3 of its members are"), (1, "1 of its members is")])
def test_an_audience_that_was_run_and_lists_nobody_is_told_as_such(
    call, publish_small, command, members, known
):
    few = "SELECT * REPLACE ('A handful' AS audience, N AS audience_size, 0 AS candidates) FROM runs"
    path = publish_small(change=f"INSERT INTO runs BY NAME {few.replace('N', str(members))}")
    result = call(*command, "--audience", "a handful", at=path.parent)
    assert result.exit_code == 1
    assert "Nobody is listed for A handful: no account is followed" in result.stderr
    assert f"{known} known; run it with more of them" in result.stderr
    assert "There are: Runners" in call(*command, "--audience", "nobody", at=path.parent).stderr
