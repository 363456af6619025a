# ruff: noqa: RUF001 - the letters of nine languages and their look-alikes are the subject here
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.text_folding import fold, fold_cased, fold_letters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Paid\t partnership \r\n\r\n with", "paid partnership\nwith"),
        ("WSPÓŁPRACA płatna", "wspolpraca platna"),
        ("Anúncio PUBLICITÉ pubblicità Straße", "anuncio publicite pubblicita strasse"),
        ("إِعْلَان أعلان اعلان آعلان", "اعلان اعلان اعلان اعلان"),
        ("إعـــلان", "اعلان"),
        ("شراكة مدفوعة", "شراكه مدفوعه"),
        ("محتوى", "محتوي"),
        ("#ａｄ #𝗮𝗱 #a\u200bd #\u202ead", "#ad #ad #ad #ad"),
        ("#\u0430d", "#ad"),  # Cyrillic a
        ("pеклама", "реклама"),  # Latin p
        ("p\u0430id", "paid"),
        ("sp\u03bfnsored", "sponsored"),  # Greek omicron
        ("не реклама", "не реклама"),
        ("ad\x00 #\ufe0f\u20e3ad", "ad #ad"),
        ("don’t", "don't"),
        ("", ""),
        ("\ud800 lone", "lone"),
    ],
)
def test_one_spelling(text, expected):
    assert fold(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aÀłŁßÆœđ\u0430\u0435Рd إأةىـَ#_\n\r\t\u200b\u202e\x00💄’", max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_capitals_keep_their_place(text):
    assert len(fold_letters(fold_cased(text))) == len(fold_cased(text))


@pytest.mark.parametrize("unit", ["a", "\u0430a", "\u202e", "a\u0301", "\n ", "ﷺ", "\x00", "👩‍👩‍👧"])
def test_long_text_is_folded_in_linear_time(unit):
    start = time.process_time()
    fold(unit * (300_000 // len(unit)))
    assert time.process_time() - start < 5
