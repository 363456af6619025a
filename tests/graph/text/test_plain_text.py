"""Text from strangers comes out as one harmless line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.plain_text import plain

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
HOSTILE = st.text(
    st.sampled_from("a \x1b[31m\x07\u202e\u2066\u200b\u200d\ufeff\x9b\n\r\t\x00é👩‍💻=+-@"), max_size=40
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2Jgone", "2Jgone"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\r\n lines\tand\u00a0more", "two lines and more"),
        ("👩‍💻 codes", "👩‍💻 codes"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("نمی‌خواهم", "نمی‌خواهم"),
        ("\ud800lone", "lone"),
        ("  ", ""),
    ],
)
def test_plain_examples(text, shown):
    assert plain(text) == shown


@settings(max_examples=100, deadline=None)
@given(st.one_of(ANY_TEXT, HOSTILE), st.one_of(st.none(), st.integers(1, 30)))
def test_plain_is_one_printable_line_within_its_limit(text, limit):
    shown = plain(text, limit)
    assert limit is None or len(shown) <= limit
    assert shown == shown.strip()
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert plain(shown, limit) == shown


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=60))
def test_plain_keeps_every_letter_number_and_sign(text):
    assert plain(text) == text
