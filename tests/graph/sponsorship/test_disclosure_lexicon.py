from __future__ import annotations

import pytest

from graph.sponsorship.disclosure_lexicon import GRADES, LexiconError, compile_lexicon, tag_key
from pipelines.lexicons import disclosure_markers


def test_bad_lexicons_name_every_fault():
    rows = [
        {"lang": "en", "marker": "#", "form": "hashtag", "grade": "adequate"},
        {"lang": "en", "marker": "#ad", "form": "smell", "grade": "adequate"},
    ]
    with pytest.raises(LexiconError, match=r"row 1.*row 2"):
        compile_lexicon(rows)
    with pytest.raises(LexiconError, match="no phrase"):
        compile_lexicon([])


def test_every_marker_is_compiled_under_its_form():
    lexicon = compile_lexicon(disclosure_markers(), brands=["@Glow_Co", ""])
    compiled = {
        marker.text
        for table in (lexicon.tags, lexicon.first_words, lexicon.phrases)
        for markers in table.values()
        for marker in markers
    }
    compiled |= {marker.text for _, marker in lexicon.tokens}
    assert compiled == {row["marker"] for row in disclosure_markers()}
    assert lexicon.brand_words is not None
    assert lexicon.brand_words.pattern.search("my @glow_co serum")
    assert "#" not in "".join(lexicon.tags)
    assert tag_key("a_d_") == "ad"


def test_no_grade_makes_hiding_likelier():
    assert all(0.0 <= grade.hidden_factor <= 1.0 for grade in GRADES.values())
    assert all(grade.hidden_factor == 1.0 for grade in GRADES.values() if grade.post_class is None)
