from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.word_tries import WholeWords, trie_pattern, whole_words, words_of

words = st.lists(st.text(alphabet="ab. [", min_size=1, max_size=4).map(str.strip).filter(bool), min_size=1)


@settings(max_examples=80, deadline=None)
@given(words, st.text(alphabet="ab. [", max_size=20))
def test_finds_the_longest_phrase_that_a_loop_finds(phrases, text):
    def fits(start, phrase):
        end = start + len(phrase)
        before = start == 0 or not text[start - 1].isalnum()
        return text[start:end] == phrase and before and not text[end : end + 1].isalnum()

    found = whole_words(phrases).search(text)
    starts = [start for start in range(len(text)) if any(fits(start, phrase) for phrase in phrases)]
    assert (found.start() if found else None) == (starts[0] if starts else None)
    if found:
        assert len(found.group()) == max(len(phrase) for phrase in phrases if fits(starts[0], phrase))


def test_a_blank_is_any_gap():
    assert whole_words(["paid partnership"]).fullmatch("paid-partnership")
    assert not whole_words(["paid partnership"]).search("paidpartnership")


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.text(alphabet="ab. _-", min_size=1, max_size=4).map(str.strip).filter(bool), min_size=1),
    st.text(alphabet="ab. _-", max_size=20),
)
def test_a_text_that_is_passed_over_holds_no_phrase(phrases, text):
    finder = WholeWords(phrases)
    if finder.pattern.search(text):
        assert finder.may_stand_among(words_of(text))


def test_most_texts_are_passed_over():
    finder = WholeWords(["paid partnership", "#ad"])
    assert finder.may_stand_among(words_of("a paid_partnership with them"))
    assert not finder.may_stand_among(words_of("repaid, in adverse weather"))


@pytest.mark.parametrize("phrases", [[], [""]])
def test_nothing_to_look_for_is_an_error(phrases):
    with pytest.raises(ValueError, match="phrase"):
        trie_pattern(phrases)
