"""The small pictures of the Dagster UI: whole SVG, the right marks, small, and safe for any text."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.plots import (
    HEIGHT,
    MOST_BARS,
    MOST_DOTS,
    NOTHING,
    WIDTH,
    curves,
    histogram,
    log_log_plot,
    share_bars,
)

HOSTILE = "a < b](x) \"'&"


def drawn(metadata):
    """The picture of a Markdown entry."""
    found = re.fullmatch(r"!\[[\w ,.-]*\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", metadata.value)
    svg = base64.b64decode(found[1])
    assert len(svg) < 40_000
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def marks(root, name):
    return root.findall(f".//{{*}}{name}")


def texts(root):
    return [text.text for text in marks(root, "text")]


def test_a_degree_plot_has_a_dot_per_value():
    root = drawn(log_log_plot({0: 5, 1: 100, 10: 3}, "followers", HOSTILE))
    assert len(marks(root, "circle")) == 2  # zero has no place on a logarithmic axis
    assert f"{HOSTILE} (most: 100)" in texts(root)
    assert log_log_plot({0: 5}, "x", "y").value == NOTHING


def test_many_degrees_stay_a_small_picture():
    root = drawn(log_log_plot({value: 1 + 10**6 // value for value in range(1, 50_000)}, "x", "y"))
    assert 20 < len(marks(root, "circle")) <= MOST_DOTS


def test_a_histogram_counts_every_known_value_and_tells_the_unknown():
    values = np.array([0.0, 0.01, 0.99, 1.0, 7.0, np.nan, np.inf])
    root = drawn(histogram(values, "score", "candidates", span=(0.0, 1.0)))
    bars = [bar for bar in marks(root, "rect") if bar.get("x")]
    assert len(bars) == 2
    assert float(bars[1].get("height")) / float(bars[0].get("height")) == pytest.approx(1.5, rel=0.02)
    assert "candidates (most: 3; 2 not known)" in texts(root)


@pytest.mark.parametrize("values", [[], [np.nan]])
def test_nothing_known_is_said(values):
    assert histogram(np.array(values, dtype=float), "x").value == NOTHING
    assert curves({"a": [(1.0, np.nan)]}, "x", "y").value == NOTHING
    assert share_bars({}, "t").value == NOTHING


def test_equal_values_have_a_picture():
    assert len([bar for bar in marks(drawn(histogram(np.full(9, 3.0), "x")), "rect") if bar.get("x")]) == 1


def test_a_curve_starts_at_the_origin_and_names_its_end():
    root = drawn(curves({"count": [(1, 0.3), (2, 0.5)], HOSTILE: [(1, 0.25)]}, "picks", "reached"))
    lines = [line.get("points").split(" ") for line in marks(root, "polyline")]
    assert [len(line) for line in lines] == [3, 2]
    assert lines[0][0] == lines[1][0]
    assert {"count: 50 %", f"{HOSTILE}: 25 %"} <= set(texts(root))


def test_bars_show_shares_and_a_dash_for_the_unknown():
    root = drawn(share_bars({"known": 0.5, HOSTILE: None, "odd": float("nan"), "more": 1.7}, "title"))
    assert texts(root).count("–") == 2
    lengths = [float(bar.get("width")) for bar in marks(root, "rect") if bar.get("fill") == "#2a6f97"]
    assert lengths[0] == pytest.approx(lengths[3] / 2)
    many = drawn(share_bars({str(number): 0.1 for number in range(200)}, "t"))
    assert len(texts(many)) == 1 + 2 * MOST_BARS


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_any_numbers_stay_inside_the_picture(numbers):
    found = histogram(np.array(numbers, dtype=float), "x")
    if found.value == NOTHING:
        return
    for bar in marks(drawn(found), "rect"):
        if bar.get("x"):
            assert 0 <= float(bar.get("x")) <= WIDTH
            assert 0 <= float(bar.get("y")) <= HEIGHT
