from __future__ import annotations

import pytest

from graph.sponsorship.negations import denials, denying_tags
from graph.text.text_folding import fold


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("this is not an ad, really", "not an ad"),
        ("it isn't sponsored", "isn't sponsored"),
        ("unbezahlte Werbung", "unbezahlte werbung"),
        ("Werbung (unbezahlt)", "werbung (unbezahlt"),
        ("no es publicidad", "no es publicidad"),
        ("это не реклама", "не реклама"),
        ("ليس إعلان", "ليس اعلان"),
        ("nie jest to reklama", "nie jest to reklama"),
        ("non è pubblicità", "non e pubblicita"),
    ],
)
def test_the_denying_stretch_is_found(text, denied):
    small = fold(text)
    assert [small[start:end] for start, end in denials(small)] == [denied]


@pytest.mark.parametrize(
    "text", ["why not #ad", "no #ad", "I do not love #ad", "knot an ad", "not an adventure", ""]
)
def test_figures_of_speech_deny_nothing(text):
    assert denials(fold(text)) == []


def test_denying_tags_are_written_as_tags_are_compared():
    assert {"notanad", "unbezahltewerbung", "нереклама"} <= denying_tags()
    assert not any("_" in tag or "#" in tag for tag in denying_tags())
