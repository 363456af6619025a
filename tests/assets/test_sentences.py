"""The words of the evidence: figures as a person writes them, and never a verdict."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import sentences
from assets.evidence import _shill_line
from assets.sentences import percent, times

NAN = float("nan")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"),
        (0.0004, "0.0 %"),
        (0.0123, "1.2 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.5, "50 %"),
        (1, "100 %"),
    ],
)
def test_shares_as_a_person_writes_them(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(("ratio", "shown"), [(0.58, "0.6"), (9.44, "9.4"), (9.6, "10"), (1234, "1,234")])
def test_ratios_as_a_person_writes_them(ratio, shown):
    assert times(ratio) == shown


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1))
def test_a_share_never_shows_more_than_it_is(share):
    assert abs(float(percent(share).removesuffix(" %")) / 100 - share) <= 0.0051


def test_lift_says_whether_it_stands_out():
    share = (0.5, 0.4, 0.6)
    more = sentences.affinity("@a", "follows", 1500, 3000, share, (3.0, 2.0, 4.0))
    assert "1,500 of the 3,000 known members follow" in more
    assert "3.0 times as many" in more
    assert "at least 2.0 times" in more
    assert "fewer than" in sentences.affinity("@a", "follows", 5, 10, share, (0.5, 0.2, 0.9))
    assert "does not stand out" in sentences.affinity("@a", "follows", 5, 10, share, (1.1, 0.8, 1.5))
    assert "nobody outside" in sentences.affinity("@a", "follows", 5, 10, share, (NAN, NAN, NAN))
    spoken = sentences.affinity("@a", "interactions", 5, 10, share, (3.0, 2.0, 4.0))
    assert "follow" not in spoken.partition("(")[0]


def test_what_was_not_measured_is_named():
    text = sentences.not_measured(["brand_hopping", "engagement_pods"])
    assert text == "Not enough data for: brand hopping, engagement pods."


def test_the_wording_holds_no_verdicts():
    source = inspect.getsource(sentences).casefold()
    assert not [word for word in ("fraud", "fake", "scam", "cheat", "guilty", "bot ") if word in source]


def test_a_signal_without_wording_is_a_defect_that_says_where_to_add_it():
    signal = {"signal": "new_signal", "contribution": 0.0, "typical_value": None}
    with pytest.raises(ValueError, match=r"assets\.sentences"):
        _shill_line(signal, {"size_tier": "nano"}, {})
