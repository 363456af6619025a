from __future__ import annotations

from collections import Counter

from graph.disclosure import FORMS, GRADES
from pipelines.lexicons import disclosure_markers


def test_every_row_is_whole_and_of_a_known_kind():
    rows = disclosure_markers()
    assert len(rows) == 181
    assert {row["form"] for row in rows} <= set(FORMS)
    assert {row["grade"] for row in rows} <= set(GRADES)
    assert all(row["lang"] and row["marker"] and row["jurisdiction"] and row["source"] for row in rows)


def test_nine_languages_and_no_marker_twice_in_one():
    rows = disclosure_markers()
    assert {row["lang"] for row in rows} == {"en", "pt", "es", "fr", "de", "pl", "ru", "ar", "it"}
    assert max(Counter((row["lang"], row["marker"], row["form"]) for row in rows).values()) == 1
