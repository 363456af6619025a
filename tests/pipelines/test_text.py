"""Text from strangers is no formula in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text import spreadsheet_safe

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
HOSTILE = st.text(
    st.sampled_from("a \x1b[31m\x07\u202e\u2066\u200b\u200d\ufeff\x9b\n\r\t\x00é👩‍💻=+-@"), max_size=40
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_disarmed(start):
    assert spreadsheet_safe(f"{start}cmd|' /C calc'!A0").startswith(f"'{start}")


@settings(max_examples=60, deadline=None)
@given(st.one_of(ANY_TEXT, HOSTILE))
def test_spreadsheet_safe_only_ever_adds_an_apostrophe(text):
    safe = spreadsheet_safe(text)
    assert safe in {text, f"'{text}"}
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
