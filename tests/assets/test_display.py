"""What a person sees of a table in the Dagster UI, however hostile the text is."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.columns import floats
from assets.display import rows_table, share_of, table_metadata


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_a_cell_is_one_printable_line_that_is_not_too_long(text):
    cell = rows_table(pl.DataFrame({"a": [text]})).records[0].data["a"]
    assert len(cell) <= 200
    assert not {unicodedata.category(letter) for letter in cell} & {"Cc", "Cs", "Co", "Zl", "Zp"}


def test_cells_keep_their_kind_and_unknown_is_empty():
    frame = pl.DataFrame(
        {
            "whole": [1],
            "part": [0.123456],
            "odd": [float("nan")],
            "none": [None],
            "yes": [True],
            "day": [date(2026, 11, 1)],
            "many": [["a", "b"]],
        }
    )
    shown = rows_table(frame)
    row = shown.records[0].data
    assert row == {
        "whole": 1, "part": 0.1235, "odd": None, "none": None, "yes": True, "day": "2026-11-01",
        "many": "['a', 'b']",
    }  # fmt: skip
    json.dumps(row, allow_nan=False)
    assert [column.type for column in shown.schema.columns] == [
        "int", "float", "float", "string", "bool", "string", "string",
    ]  # fmt: skip


def test_only_the_first_rows_and_the_columns_asked_for():
    shown = rows_table(pl.DataFrame({"a": range(50), "b": range(50)}), ["b"], most=3)
    assert [record.data for record in shown.records] == [{"b": 0}, {"b": 1}, {"b": 2}]
    assert rows_table(pl.DataFrame({"a": []})).value == "no rows"


def test_all_rows_and_whole_cells_where_nothing_else_tells_them():
    shown = rows_table(pl.DataFrame({"a": ["x" * 900] * 50}), most=None, longest=None)
    assert [record.data for record in shown.records] == [{"a": "x" * 900}] * 50


def test_metadata_carry_count_columns_and_path(tmp_path):
    found = table_metadata(pl.DataFrame({"a": [1, 2]}), tmp_path / "a.parquet")
    assert found["dagster/row_count"].value == 2
    assert [column.name for column in found["dagster/column_schema"].value.columns] == ["a"]
    assert found["path"].value == str(tmp_path / "a.parquet")
    assert len(found["preview"].records) == 2


def test_a_wide_table_does_not_bury_the_rest_and_no_preview_is_none(tmp_path):
    wide = pl.DataFrame({f"c{number}": [1] for number in range(90)})
    assert set(table_metadata(wide, tmp_path, preview_rows=0)) == {"dagster/row_count", "path"}


def test_a_share_of_nothing_is_unknown():
    assert share_of(pl.Series([True, False, None, True])).value == 0.5
    assert share_of(pl.Series([], dtype=pl.Boolean)).value is None


def test_unknown_is_nan_in_arrays():
    found = floats(pl.Series([1, None, 3], dtype=pl.Int64))
    assert found.dtype == np.float64
    assert np.isnan(found).tolist() == [False, True, False]
