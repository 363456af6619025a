"""What a person sees in the Dagster UI, however hostile the text is."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.columns import floats
from assets.display import log_log_plot, markdown_table, table_metadata


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_cell_breaks_out_of_its_table(text):
    lines = markdown_table(pl.DataFrame({"a": [text], "b": [1.23456]})).split("\n")
    assert len(lines) == 3
    assert len(re.findall(r"(?<!\\)\|", lines[2])) == 3
    assert "<" not in lines[2]
    assert lines[2].endswith("| 1.235 |")


def test_nothing_and_unknown_are_shown_as_such():
    assert markdown_table(pl.DataFrame({"a": []})) == "*no rows*"
    assert markdown_table(pl.DataFrame({"a": [None], "b": [2]}), columns=["a"]).split("\n")[2] == "| – |"


def test_metadata_carry_count_schema_and_path(tmp_path):
    found = table_metadata(pl.DataFrame({"a": [1, 2]}), tmp_path / "a.parquet")
    assert found["dagster/row_count"].value == 2
    assert [column.name for column in found["dagster/column_schema"].value.columns] == ["a"]
    assert found["path"].value == str(tmp_path / "a.parquet")


def test_the_plot_is_a_picture_with_a_dot_per_value():
    text = log_log_plot({0: 5, 1: 100, 10: 3}, "followers", "a < b").value
    picture = base64.b64decode(re.search(r"base64,([^)]+)\)", text)[1])
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    assert len(root.findall(".//{*}circle")) == 2  # zero has no place on a logarithmic axis
    assert log_log_plot({0: 5}, "x", "y").value == "*nothing to plot*"


def test_unknown_is_nan_in_arrays():
    found = floats(pl.Series([1, None, 3], dtype=pl.Int64))
    assert found.dtype == np.float64
    assert np.isnan(found).tolist() == [False, True, False]
