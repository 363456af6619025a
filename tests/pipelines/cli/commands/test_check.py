import csv
import gzip
import io
import json

import pytest


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "follows.csv").write_text("follower_id,followee_id\n1,2\n3,2\n1,2\n,2\n")
    (folder / "audience_members.csv").write_text("audience,account_id\nrunners,1\nrunners,3\n")
    return folder


def test_every_row_is_accounted_for(call, data):
    result = call("check", "--data", data, "--reject-limit", "0.5")
    rows = {row["table"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert result.exit_code == 0
    follows = rows["follows"]
    assert [follows[name] for name in ("rows_in", "rows_kept", "rows_merged", "rows_rejected")] == [
        "4",
        "2",
        "1",
        "1",
    ]
    assert "no table posts: not enough data for" in result.stderr
    assert "follows.csv:5" in result.stderr
    assert "A run would go through" in result.stderr


def test_too_many_rejects_would_stop_a_run(call, data):
    result = call("check", "--data", data, "-q")
    assert result.exit_code == 1
    assert "follows: 25.0 % of 4 rows are rejected, the limit is 1.0 %" in result.stderr


def test_what_stops_a_run_is_no_lack_of_data(call, data):
    whole = gzip.compress((data / "follows.csv").read_bytes())
    (data / "follows.csv").unlink()
    (data / "follows.csv.gz").write_bytes(whole[: len(whole) // 2])
    result = call("check", "--data", data)
    assert result.exit_code == 1
    assert "follows.csv.gz: is cut off" in result.stderr
    assert "no usable row in follows" not in result.stderr
    assert "no table posts" in result.stderr


def test_as_json(call, data):
    report = json.loads(call("check", "--data", data, "--json", "--reject-limit", "0.5").stdout)
    assert report["is_usable"] is True
    assert report["audiences"] == [
        {"audience": "runners", "members": 2, "members_known": 2, "why_unranked": None}
    ]
    assert any("rates" in line for line in report["switched_off"])


def test_a_folder_that_is_not_there_is_handled(call, tmp_path):
    result = call("check", "--data", tmp_path / "nowhere", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["is_usable"] is False
    assert "There is no such folder." in result.stderr


def test_a_table_for_eyes(call, data):
    shown = call("check", "--data", data, "--format", "table", "--reject-limit", "1").stdout
    assert "rejected" in shown
    assert "2 of 4" in shown


def test_an_example_of_the_members_that_no_table_names_is_shown_here(call, data):
    """Who calls this has the data; the error of a run, which goes into its history, names nobody."""
    (data / "follows.csv").write_text("follower_id,followee_id\n1,2\n3,2\n")
    (data / "accounts.csv").write_text("account_id,handle\n1,ann\n")
    (data / "audience_members.csv").write_text("audience,account_id\nrunners,@ann\n")
    result = call("check", "--data", data)
    assert result.exit_code == 1
    example = "Of the unknown members one is known under another name. For example '@ann' is the account '1'."
    assert example in result.stderr
