"""compare: side by side, in a pipe and in eighty columns, with the members that two accounts share."""

import csv
import io
import json

import polars as pl
import pytest

from pipelines.cli.reading import Published
from pipelines.cli.table import blocks
from pipelines.cli.words.comparison import apart, lines_of, shared
from pipelines.published import open_published
from tests.pipelines.cli.conftest import FORMULA, POTS
from tests.pipelines.cli.test_app import on_a_terminal

COUNTED = """
ALTER TABLE partner_rankings ADD COLUMN attention_basis VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN audience_followers BIGINT;
UPDATE partner_rankings SET attention_basis = 'follows';
CREATE TABLE audience_members AS
    SELECT 'r1' AS run_id, 'Runners' AS audience, 'id' || i AS account_id FROM range(25, 60) AS t(i);
UPDATE partner_rankings SET audience_followers = (
    SELECT count(*) FROM follows WHERE 'id' || followee = account_id AND follower >= 25
)
"""


def test_a_row_for_each_in_a_pipe_with_its_reasons_and_its_overlap(call):
    result = call("compare", "104", "@maria.runs", "103")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["account_id"] for row in rows] == ["104", "100", "103"]
    assert json.loads(rows[1]["evidence_against"]) == ["It promotes many brands."]
    [with_104, with_103] = json.loads(rows[1]["overlap"])
    assert (with_104["account_id"], with_104["handle"], with_104["shared_followers"]) == ("104", FORMULA, 300)
    assert with_103["shared_followers"] is None


def test_as_json_and_parquet(call, process):
    told = json.loads(call("compare", "100", "104", "--json").stdout)
    assert told["audience"] == "trail runners"
    assert [partner["handle"] for partner in told["partners"]] == ["maria.runs", FORMULA]
    assert [pair["shared_followers"] for pair in told["overlap"]] == [300]
    frame = pl.read_parquet(io.BytesIO(call("compare", "100", "104", "--format", "parquet").stdout_bytes))
    assert frame["overlap"].to_list()[0][0]["account_id"] == "104"
    assert frame.schema["evidence_for"] == pl.List(pl.String)


def test_it_fits_eighty_columns_and_keeps_handles_whole(home):
    shown, code = on_a_terminal(home, "compare", "100", "103", "104", "109", NO_COLOR="1", TERM="dumb")
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert not any(character in shown for character in "\x1b\x07\u202e")
    assert shown.count("place between") == 2  # four do not fit beside one another
    assert "a_handle_that_is_really_" in shown
    assert "quite_long_for_a_table_" in shown
    text = " ".join(shown.split())
    assert "In trust word of mouth sets them apart the most: it gives @maria.runs 0.65" in text
    assert "Known of none of them:" in text
    assert "- It promotes many brands." in text


def test_the_largest_audience_that_ranks_them_all_is_taken(call):
    assert json.loads(call("compare", "101", "102", "--json").stdout)["audience"] == "trail runners"
    asked = json.loads(call("compare", "101", "102", "--json", "--audience", POTS).stdout)
    assert asked["audience"] == POTS
    refused = call("compare", "101", "100", "--audience", POTS)
    assert (refused.exit_code, refused.stdout) == (1, "")


@pytest.mark.parametrize(
    ("names", "code", "says"),
    [
        (("100",), 2, "Give 2 to 10"),
        (("100", "maria.runs"), 1, "all mean the same account"),
        (("100", "marai.runs"), 1, "Did you mean maria.runs?"),
    ],
)
def test_what_cannot_be_compared(call, names, code, says):
    result = call("compare", *names)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_shared_members_are_counted_where_the_run_lists_no_pair(publish_small):
    path = publish_small(change=COUNTED)
    with open_published(path) as connection:
        keys = {"audience": "Runners", "run_id": "r1", "accounts": ["id3", "id7", "id1"]}
        rows = Published(connection).read("compared_overlap", **keys).rows
        follows = connection.sql(
            "SELECT target, source FROM graph.adjacency WHERE is_follower AND target >= 25"
        ).fetchall()
    reached = {f"id{node}": {who for who, whom in follows if whom == node} for node in (3, 7, 1)}
    assert [(row["account_id_a"], row["account_id_b"]) for row in rows] == [
        ("id3", "id7"),
        ("id3", "id1"),
        ("id7", "id1"),
    ]
    for row in rows:
        a, b = reached[row["account_id_a"]], reached[row["account_id_b"]]
        assert row["shared_followers"] == len(a & b)
        assert row["share_of_smaller"] == pytest.approx(len(a & b) / min(len(a), len(b)))
        assert row["jaccard"] == pytest.approx(len(a & b) / len(a | b))
        assert row["exclusive_share_a"] == pytest.approx(1 - len(a & b) / len(a))


def test_nothing_known_is_said_so():
    nobody = dict.fromkeys(
        ("rank", "rank_low", "rank_high", "score", "trust", "trust_low", "trust_high", "shill_probability",
         "shill_probability_high", "signals_measured", "reach_share", "reach_share_cleaned",
         "audience_followers", "lift", "lift_low", "word_of_mouth_voices", "followers_count",
         "size_tier", "price", "currency")
    ) | {"account_id": "1", "status": "not_enough_data", "is_pick": False}  # fmt: skip
    lines, unknown = lines_of([nobody, nobody])
    assert [title for title, _ in lines] == ["status", "in the portfolio"]
    assert "trust" in unknown
    assert apart([nobody, nobody]) == ""
    pair = {
        "handle_a": "a",
        "handle_b": "b",
        "account_id_a": "1",
        "account_id_b": "2",
        "share_of_smaller": None,
    }
    assert shared(pair) == "@a and @b: not known."


def test_blocks_hold_what_fits():
    assert blocks([10, 10, 10], 36) == [(0, 3)]
    assert blocks([10, 10, 10], 25) == [(0, 2), (2, 3)]
    assert blocks([90, 10], 20) == [(0, 1), (1, 2)]
    assert blocks([], 20) == []
