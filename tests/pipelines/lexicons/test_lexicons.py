from __future__ import annotations

from collections import Counter

from graph.sponsorship.disclosure import FORMS, GRADES
from graph.text.tone import TONES, compile_tone
from graph.trust.calls_to_share import CALL_GRADES, asks_to_share, compile_calls
from pipelines.lexicons import calls_to_follow, calls_to_share, disclosure_markers, tone_words


def test_every_row_is_whole_and_of_a_known_kind():
    rows = disclosure_markers()
    assert len(rows) == 183
    assert {row["form"] for row in rows} <= set(FORMS)
    assert {row["grade"] for row in rows} <= set(GRADES)
    assert all(row["lang"] and row["marker"] and row["jurisdiction"] and row["source"] for row in rows)


def test_nine_languages_and_no_marker_twice_in_one():
    rows = disclosure_markers()
    assert {row["lang"] for row in rows} == {"en", "pt", "es", "fr", "de", "pl", "ru", "ar", "it"}
    assert max(Counter((row["lang"], row["marker"], row["form"]) for row in rows).values()) == 1


def test_every_language_has_calls_to_share_of_every_grade_and_none_twice():
    rows = calls_to_share()
    languages = {"en", "pt", "es", "fr", "de", "pl", "ru", "ar", "it"}
    assert {(row["lang"], row["grade"]) for row in rows} == {
        (language, grade) for language in languages for grade in CALL_GRADES
    }
    assert all(row["phrase"].strip() for row in rows)
    assert max(Counter((row["lang"], row["phrase"]) for row in rows).values()) == 1


def test_every_language_has_calls_to_follow_and_some_that_are_none():
    rows = calls_to_follow()
    languages = {row["lang"] for row in disclosure_markers()}
    assert {(row["lang"], row["grade"]) for row in rows} == {
        (language, grade) for language in languages for grade in ("ask", "deny")
    }
    assert max(Counter((row["lang"], row["phrase"]) for row in rows).values()) == 1
    calls = compile_calls(rows)
    for text in (
        "My coffee Starter Pack is out",
        "#FollowFriday @a @b",
        "Unbedingt folgen: @a",
        "Suivez-le !",
    ):
        assert asks_to_share(text, calls)
    for text in ("I follow the river", "do not follow @a", "Ich folge dem Weg", None):
        assert not asks_to_share(text, calls)


def test_words_of_tone_in_the_same_languages_and_in_emoji():
    rows = tone_words()
    languages = {row["lang"] for row in disclosure_markers()}
    assert {row["lang"] for row in rows} == languages | {"*"}
    for language in languages:
        assert {row["tone"] for row in rows if row["lang"] == language} == set(TONES)
    assert compile_tone(rows).parts["❤"] == 1
    assert max(Counter((row["lang"], row["word"]) for row in rows).values()) == 1
