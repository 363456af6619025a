from __future__ import annotations

import random
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.near_duplicates import near_duplicate_groups
from graph.together import copied_texts
from graph.together.copied_texts import (
    MIN_LETTERS,
    CopiedTextsError,
    copies_in_window,
    near_copies,
    repeats_of_one,
)

DAY = 86_400
WORDS = ["coffee", "mornings", "kaffee", "спасибо", "скидка", "شكرا", "تسوق", "谢谢你的支持", "code", "link"]


def together(groups):
    """Pairs of places in one group."""
    return {
        (one, other)
        for other in range(len(groups))
        for one in range(other)
        if groups[one] == groups[other] >= 0
    }


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=4, max_size=9).map(" ".join), max_size=12),
    st.sampled_from([1, 300, 2_000_000]),
)
def test_whatever_is_put_together_all_pairs_compared_puts_together_too(texts, at_once):
    with mock.patch.object(copied_texts, "CHARACTERS_AT_ONCE", at_once):
        found = near_copies(texts)
    exact = near_duplicate_groups(texts, np.zeros(len(texts), dtype=np.int64))
    assert together(found) <= together(exact)
    equal = {
        (one, other)
        for other in range(len(texts))
        for one in range(other)
        if texts[one] == texts[other] and len(texts[one]) >= MIN_LETTERS
    }
    assert equal <= together(found)


def test_edited_copies_are_found_and_chance_is_not():
    draw = random.Random(3)  # noqa: S311 - a test's dice
    letters = "abcdefghijklmnoprstuvwz"
    vocabulary = ["".join(draw.choices(letters, k=draw.randint(3, 9))) for _ in range(800)]
    texts, truth = [], []
    for story in range(150):
        words = draw.choices(vocabulary, k=25)
        for _ in range(4):
            edited = [*words, draw.choice(vocabulary)]
            texts.append(" ".join(edited) + f" https://a.example/{draw.random()} @m{draw.random()}")
            truth.append(story)
    found = together(near_copies(texts))
    wanted = together(truth)
    assert found <= wanted
    assert len(found) >= 0.99 * len(wanted)


def test_a_template_with_one_word_changed_a_thousand_times_hangs_together():
    template = "everybody is switching to {} these days and here is at last why you should do it as well"
    found = near_copies(
        [template.format(f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}") for n in range(3000)]
    )
    assert np.unique(found).size == 1


def test_short_hostile_and_absent_texts():
    texts = ["so good", "", "👍" * 50, "\ud800" * 60, "x" * 200_000, "␞" * 40]
    found = near_copies(texts)
    assert found[4] >= 0
    assert (found[[0, 1, 2, 3, 5]] == -1).all()
    assert near_copies([]).size == 0
    empty = copies_in_window(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int))
    assert empty.copy_of.size == empty.group_of.size == 0
    with pytest.raises(CopiedTextsError):
        copies_in_window(np.zeros(2, int), np.zeros(1, int), np.zeros(2, int))


def test_three_authors_within_thirty_days_and_not_over_a_year():
    same = np.zeros(7, int)
    author = np.array([0, 1, 2, 0, 1, 0, 5])
    second = np.array([0, 5, 29, 34, 400, 401, 402]) * DAY
    found = copies_in_window(same, author, second)
    assert found.copy_of.tolist() == [0, 0, 0, 0, 0, 0, 0]  # two windows: days 0 to 34, and 400 to 402
    alone = copies_in_window(same, author, np.array([0, 31, 62, 93, 124, 155, 186]) * DAY)
    assert (alone.copy_of == -1).all()
    one_author = copies_in_window(same, np.zeros(7, int), second)
    assert (one_author.copy_of == -1).all()


def slow_copies(cluster, author, second, min_authors, window):
    return [
        cluster[i] >= 0
        and any(
            second[j] <= second[i] <= second[j] + window
            and len({
                author[k]
                for k in range(len(cluster))
                if cluster[k] == cluster[i] and second[j] <= second[k] <= second[j] + window
            })
            >= min_authors
            for j in range(len(cluster))
            if cluster[j] == cluster[i]
        )
        for i in range(len(cluster))
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 4), st.integers(0, 100)), max_size=25),
    st.integers(2, 4),
)
def test_windows_are_those_that_every_start_tried_finds(rows, min_authors):
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    found = copies_in_window(*columns, min_authors=min_authors, window_seconds=30)
    slow = slow_copies(*columns.tolist(), min_authors, 30)
    assert (found.copy_of >= 0).tolist() == slow


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 4), st.integers(0, 100)), min_size=1, max_size=25),
    st.data(),
)
def test_taking_a_text_out_never_makes_another_a_copy(rows, data):
    """What a disclosure does: the post is no copy any more, and nobody else's becomes one."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    gone = data.draw(st.integers(0, len(rows) - 1))
    before = copies_in_window(*columns, window_seconds=30).copy_of >= 0
    after = copies_in_window(*np.delete(columns, gone, axis=1), window_seconds=30).copy_of >= 0
    assert not (after & ~np.delete(before, gone)).any()


def test_texts_of_the_same_authors_are_one_group():
    cluster = np.repeat([0, 1, 2], 4)
    author = np.array([0, 1, 2, 3, 1, 2, 3, 4, 7, 8, 9, 3])
    found = copies_in_window(cluster, author, np.zeros(12, int))
    assert found.group_of[0] == found.group_of[1] != found.group_of[2]


def test_an_answer_pasted_three_times():
    same = np.array([0, 0, 0, 1, 1, 0, -1])
    author = np.array([5, 5, 5, 5, 5, 6, 5])
    is_answer = np.array([True, True, True, True, True, True, True])
    assert repeats_of_one(same, author, is_answer).tolist() == [True, True, True, False, False, False, False]
    assert not repeats_of_one(same, author, np.arange(7) > 0).any()
