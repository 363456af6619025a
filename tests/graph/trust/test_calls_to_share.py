# ruff: noqa: RUF001 - nine languages
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.sponsorship.disclosure_lexicon import GAPS
from graph.text.text_folding import fold
from graph.trust.calls_to_share import (
    CALL_GRADES,
    MAX_CHARACTERS,
    CallsToShareError,
    asks_to_share,
    compile_calls,
    which_ask,
)
from pipelines.lexicons import calls_to_share

CALLS = compile_calls(calls_to_share())

ASKS = [
    "GIVEAWAY! Like, share and tag us 🎉",
    "RT to win a mug",
    "Tag a friend who needs this",
    "#TagAFriend below",
    "#tag_a_friend below",
    "ＴＡＧ Ａ ＦＲＩＥＮＤ",
    "Please\nshare!",
    "Don't forget to tag a friend",
    "Sorteio! Para participar, marque dois amigos",
    "SORTEO: sigue y comparte",
    "Etiqueta a un amigo",
    "Concours ! Identifiez deux amis",
    "N'hésitez pas à partager",
    "Gewinnspiel: teilt den Beitrag",
    "Markiert eure Freunde!",
    "Oznacz znajomą, która lubi kawę",
    "Konkurs! Udostępnij i czekaj",
    "Розыгрыш! Условия: репост и подписка",
    "Отметьте друга",
    "رتويت واربح قهوة",
    "مسابقة! اعمل منشن",
    "شَارِك المنشور",
    "Giveaway! Condividete nelle storie",
    "Tagga un'amica",
]
DOES_NOT_ASK = [
    None,
    "",
    "🎉",
    "We are planning a giveaway soon",
    "I share your view on espresso",
    "Don't retweet this, it is private",
    "Please share your thoughts below",
    "RT @somebody: raffle on Sunday",
    "The giveaway winner is @anna, thanks for every share and RT",
    "So glad to share this post with the team",
    "Gute Nacht, Tag 2 ist geschafft.",
    "Bitte teilen Sie uns Ihre Adresse mit",
    "Nie udostępniaj tego",
    "Не делайте репост",
    "Итоги конкурса: спасибо за репост",
    "La marca de siempre",
    "Il concorso pubblico è a marzo",
    "advantage a friendship",
    '=HYPERLINK("x") <script>alert(1)</script> \u202e\u200f',
]


@pytest.mark.parametrize("text", ASKS)
def test_calls_are_found_in_nine_languages(text):
    assert asks_to_share(text, CALLS)


@pytest.mark.parametrize("text", DOES_NOT_ASK)
def test_what_only_sounds_like_a_call_is_none(text):
    assert not asks_to_share(text, CALLS)


def test_every_phrase_that_asks_does_so_by_itself():
    asking = [row["phrase"] for row in calls_to_share() if row["grade"] == "ask"]
    assert [phrase for phrase in asking if not asks_to_share(phrase, CALLS)] == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(sorted(CALLS.grades)), st.text(max_size=8)), max_size=6))
def test_agrees_with_a_search_phrase_by_phrase(words):
    text = " ".join(words)
    assert asks_to_share(text, CALLS) == slow_answer(text)


def slow_answer(text: str) -> bool:
    """Word by word from the left: the longest phrase that starts there and ends where a word does."""
    small = GAPS.sub(" ", fold(text[:MAX_CHARACTERS]).replace("rt @", "@"))
    longest_first = sorted(CALLS.grades, key=len, reverse=True)
    found, place = set(), 0
    while place < len(small):
        here = "" if _is_letter(small[:place][-1:]) else _phrase_at(small, place, longest_first)
        found |= {CALLS.grades[here]} if here else set()
        place += len(here) or 1
    return "ask" in found or ({"contest", "act"} <= found and "over" not in found)


def _phrase_at(small: str, place: int, longest_first: list[str]) -> str:
    for phrase in longest_first:
        end = place + len(phrase)
        if small.startswith(phrase, place) and not _is_letter(small[end : end + 1]):
            return phrase
    return ""


def _is_letter(character: str) -> bool:
    return character.isalnum()


@given(st.text())
def test_any_text_has_an_answer(text):
    assert asks_to_share(text, CALLS) in {True, False}


def test_a_call_beyond_what_anybody_reads_is_not_read():
    assert not asks_to_share("x " * MAX_CHARACTERS + "tag a friend", CALLS)


def test_many_posts_at_once():
    texts = ["tag a friend", None, "hm", "tag a friend"]
    assert which_ask(texts, CALLS).tolist() == [True, False, False, True]
    assert which_ask([], CALLS).tolist() == []


def test_rows_that_cannot_be_compiled_are_all_named():
    with pytest.raises(CallsToShareError, match="row 1: phrase '', grade 'ask'; row 2: phrase 'x'"):
        compile_calls([{"phrase": "", "grade": "ask"}, {"phrase": "x", "grade": "hm"}])
    with pytest.raises(CallsToShareError, match="no phrases"):
        compile_calls([])


def test_the_cautious_grade_counts_where_two_languages_differ():
    rows = [{"phrase": "teile", "grade": "ask"}, {"phrase": "teile", "grade": "deny"}]
    assert not asks_to_share("teile", compile_calls(rows))
    assert set(CALLS.grades.values()) == set(CALL_GRADES)
