from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import tone
from graph.text.tone import MIN_MESSAGES, ToneTableError, compile_tone, message_tones, tone_by_account
from pipelines.lexicons import tone_words


@pytest.fixture(scope="module")
def lexicon():
    return compile_tone(tone_words())


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("I love it, thank you ❤️", 1),
        ("This is NOT good at all", -1),
        ("not bad? no. great!", 1),
        ("não gosto, péssimo 😡", -1),
        ("¡Qué asco de estafa!", -1),
        ("Merci beaucoup, c'est génial", 1),
        ("Danke, das war nicht hilfreich", 0),
        ("nie polecam, okropny", -1),
        ("это не плохо", 1),
        ("Спасибо большое", 1),
        ("شُكراً جزيلاً، رائعٌ", 1),
        ("والله ليس جميلا", None),
        ("هذا سيئ والممل", -1),
        ("non è bello", -1),
        ("👎👎👍", -1 / 3),
        ("no 😍", 1),  # an emoji is not turned round
        ("see you at 5", None),
        ("thanks to @bad_awful https://x.example/hate", 1),  # a handle or a link is no word
        ("don't you just love it", -1),  # coarse: irony and rhetoric are not read
        ("", None),
        ("badly goodness", None),  # whole words only
    ],
)
def test_signs_of_liking_and_dislike(lexicon, text, tone):
    found = message_tones(["great", text, "awful"], lexicon)
    assert found[0] == 1
    assert found[2] == -1
    assert np.isnan(found[1]) if tone is None else found[1] == pytest.approx(tone)


def test_a_negation_reaches_no_further_than_its_text(lexicon):
    assert message_tones(["is it not", "good"], lexicon)[1] == 1
    assert message_tones(["no␞good"], lexicon).size == 1


@given(
    st.lists(st.sampled_from(["love it", "not good", "", "ok", "no 😍", "a␞b", "awful\n", "not"])),
    st.integers(1, 40),
)
def test_texts_in_several_goes_sound_as_in_one(lexicon, texts, at_once):
    whole = message_tones(texts, lexicon)
    with mock.patch.object(tone, "CHARACTERS_AT_ONCE", at_once):
        assert message_tones(texts, lexicon) == pytest.approx(whole, nan_ok=True)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_text_has_a_tone_between_the_ends_or_none(texts):
    tones = message_tones(
        texts, compile_tone([{"word": "a", "tone": "positive"}, {"word": "b", "tone": "negative"}])
    )
    assert tones.shape == (len(texts),)
    assert np.all(np.isnan(tones) | (np.abs(tones) <= 1))


def test_account_figures_rest_on_messages_with_a_sign():
    tones = np.array([1.0] * 6 + [-1.0] * 2 + [np.nan] * 2 + [1.0] * (MIN_MESSAGES - 1))
    account = np.array([0] * 10 + [1] * (MIN_MESSAGES - 1))
    found = tone_by_account(3, account, tones)
    assert found.tone[0] == pytest.approx(0.5)
    assert found.tone_low[0] < 0.5 < found.tone_high[0]
    assert found.tone_messages.tolist() == [8, MIN_MESSAGES - 1, 0]
    assert found.tone_coverage[:2].tolist() == [0.8, 1.0]
    assert np.isnan(found.tone[1:]).all()
    assert np.isnan(found.tone_coverage[2])


def test_every_fault_of_a_table_is_listed():
    rows = [
        {"word": "good", "tone": "positive"},
        {"word": "Good", "tone": "negative"},
        {"word": "so la la", "tone": "positive"},
        {"word": "x", "tone": "meh"},
    ]
    with pytest.raises(ToneTableError, match=r"'Good' has two.*|'so la la'.*"):
        compile_tone(rows)
    try:
        compile_tone(rows)
    except ToneTableError as error:
        assert all(part in str(error) for part in ("'Good'", "'so la la'", "'meh'"))  # noqa: PT017 - one message, three faults
