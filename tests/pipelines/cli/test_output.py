import csv
import io
import json
from datetime import date

import click
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cli.options import chosen_format
from pipelines.cli.output import Column, csv_text, handle_label, json_text
from pipelines.cli.parquet import parquet_bytes
from pipelines.cli.table import fitting, width_of


@settings(max_examples=60, deadline=None)
@given(st.text(), st.floats(allow_nan=True), st.lists(st.text(max_size=5), max_size=3))
def test_json_says_what_was_given_and_cannot_steer_a_terminal(text, number, items):
    written = json_text({"text": text, "number": number, "items": items})
    read = json.loads(written)
    assert read["text"] == text
    assert read["items"] == items
    assert read["number"] == (number if number - number == 0 else None)
    assert not any(character in written for character in "\x1b\x9b\u202e\u2066\x07")


def test_csv_is_safe_in_a_spreadsheet_and_whole():
    row = {"handle": "=1+1", "name": 'a"b,\nc', "share": 0.25, "none": None, "flag": True, "ids": ["x", "y"]}
    text = csv_text([{**row, "day": date(2026, 3, 1)}], [*row, "day"])
    [read] = list(csv.DictReader(io.StringIO(text)))
    assert read == {
        "handle": "'=1+1", "name": 'a"b,\nc', "share": "0.25", "none": "", "flag": "true",
        "ids": '["x", "y"]', "day": "2026-03-01",
    }  # fmt: skip


def test_no_rows_still_have_a_header():
    assert csv_text([], ["a", "b"]) == "a,b\n"


def test_json_contradicts_another_format():
    assert chosen_format(None, is_json=True) == "json"
    assert chosen_format("json", is_json=True) == "json"
    with pytest.raises(click.UsageError, match="contradicts"):
        chosen_format("csv", is_json=True)


@pytest.mark.parametrize(
    ("handle", "label"),
    [("maria", "@maria"), ("@maria", "@maria"), (None, "id 7"), ("\x1b\u202e", "id 7"), ("a\x1bb", "@ab")],
)
def test_a_label_is_safe_and_never_empty(handle, label):
    assert handle_label({"handle": handle, "account_id": "7"}) == label


@pytest.mark.parametrize(
    ("handle", "name", "label"),
    [
        ("ab12" * 16, None, "@ab12ab12…ab12"),
        (None, None, "id ab12ab12…ab12"),
        ("ab12" * 16, "Maria", "Maria (id ab12ab12…ab12)"),
        ("maria", "Maria", "@maria"),
    ],
)
def test_a_long_id_is_shortened_in_the_middle_for_people_and_whole_for_programs(handle, name, label):
    row = {"handle": handle, "account_id": "ab12" * 16, "display_name": name}
    assert handle_label(row) == label
    assert "ab12" * 16 in csv_text([row], ["account_id"])
    assert "ab12" * 16 in json_text(row)


def columns(*importances):
    return [Column(f"c{index}", str, importance=value) for index, value in enumerate(importances)]


def test_least_important_columns_go_first():
    assert fitting([10, 10, 10, 10], columns(0, 2, 1, 3), 100) == [0, 1, 2, 3]
    assert fitting([10, 10, 10, 10], columns(0, 2, 1, 3), 40) == [0, 1, 2]
    assert fitting([10, 10, 10, 10], columns(0, 2, 1, 3), 30) == [0, 2]


def test_essential_columns_stay_however_narrow():
    assert fitting([10, 50], columns(0, 0), 20) == [0, 1]


def test_width_counts_terminal_cells_and_stops_at_the_widest_allowed():
    cells = [["🌸🌸"], ["abc"]]
    assert width_of(Column("c", str), 0, cells) == 4
    assert width_of(Column("c", str, widest=3), 0, cells) == 3


def test_csv_holds_nothing_that_steers_a_terminal():
    assert csv_text([{"a": "x\x1b[2J\x9b\u202ey\tz\x00"}], ["a"]) == "a\nx[2Jy\tz\n"


def test_parquet_has_the_types_of_the_file_also_where_nothing_is_known():
    rows = [
        {"day": date(2026, 3, 1), "rank": 1, "share": None, "ids": ["a"], "nested": [{"x": 1}], "odd": None},
        {"day": None, "rank": None, "share": None, "ids": None, "nested": None, "odd": None},
    ]
    types = {"day": "DATE", "rank": "INTEGER", "share": "DOUBLE", "ids": "VARCHAR[]"}
    for given_rows in (rows, []):
        read = pl.read_parquet(io.BytesIO(parquet_bytes(given_rows, list(rows[0]), types)))
        assert read.schema["day"] == pl.Date
        assert read.schema["rank"] == pl.Int32
        assert read.schema["share"] == pl.Float64
        assert read.schema["ids"] == pl.List(pl.String)
        assert read.schema["odd"] == pl.String
        assert read.height == len(given_rows)
    assert pl.read_parquet(io.BytesIO(parquet_bytes(rows, list(rows[0]), types)))["nested"].to_list() == [
        [{"x": 1}],
        None,
    ]
