from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text import near_duplicates
from graph.text.near_duplicates import SHINGLE, ScopeError, bare_words, near_duplicate_groups


def shingles(text):
    return {text[i : i + SHINGLE] for i in range(max(len(text) - SHINGLE + 1, 1))}


def grouped_slowly(texts, scope, same_from):
    """Every pair compared as sets, groups merged until nothing changes."""
    sets = [shingles(text) for text in bare_words(texts)]
    group = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            similar = len(sets[one] & sets[other]) >= same_from * len(sets[one] | sets[other]) - 1e-9
            if similar and scope[one] == scope[other]:
                old, new = group[one], group[other]
                group = [new if number == old else number for number in group]
    return group


def same_partition(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


WORDS = st.sampled_from(
    ["coffee", "grind", "kaffee", "спасибо", "谢谢你的支持", "شكرا", "ok", "", "a b", "🔥", "12"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=6).map(" ".join), st.integers(-1, 2)), max_size=14),
    st.sampled_from([0.3, 0.5, 0.8, 1.0]),
    st.sampled_from([1, 3, 200_000]),
)
def test_groups_are_those_of_all_pairs_compared(rows, same_from, pairs_at_once):
    texts, scope = [row[0] for row in rows], np.array([row[1] for row in rows], dtype=np.int64)
    usual, near_duplicates.PAIRS_AT_ONCE = near_duplicates.PAIRS_AT_ONCE, pairs_at_once
    try:
        found = near_duplicate_groups(texts, scope, same_from=same_from)
    finally:
        near_duplicates.PAIRS_AT_ONCE = usual
    assert same_partition(found.tolist(), grouped_slowly(texts, scope, same_from))
    assert sorted(set(found.tolist())) == list(range(len(set(found.tolist()))))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=6).map(" ".join), st.integers(-2, 4)), max_size=25),
    st.integers(1, 120),
)
def test_scopes_in_several_goes_give_what_one_go_gives(rows, at_once):
    texts, scope = [row[0] for row in rows], np.array([row[1] for row in rows], dtype=np.int64)
    whole = near_duplicate_groups(texts, scope)
    with mock.patch.object(near_duplicates, "CHARACTERS_AT_ONCE", at_once):
        pieces = near_duplicate_groups(texts, scope)
    assert same_partition(pieces.tolist(), whole.tolist())
    assert sorted(set(pieces.tolist())) == list(range(len(set(whole.tolist()))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("@ana Thanks lovely! More soon!", "thanks lovely!! MORE soon 💕💕"),
        ("See you in 5 days https://a.example/x?u=1", "see you in 17 days https://b.example/y"),
        ("谢谢你的支持。我们会继续努力", "谢谢你的支持!我们会继续努力❤"),
        ("شُكراً لكَ يا صديقي على هذا", "شكرا لك يا صديقي علي هذا!!"),
        ("Спасибо большое за поддержку, друзья", "спасибо большое за поддержку друзья 🙏"),
        ("Th\u200banks so m\u202euch my dear", "Thanks so much my dear"),
        ("😍😍😍", "❤️"),
        ("thank you so much for being here with me", "thank you so much for being here with me x"),
    ],
)
def test_the_same_words_again_are_one_group(one, other):
    groups = near_duplicate_groups([one, other, "something else entirely, written for you"], np.zeros(3, int))
    assert groups[0] == groups[1] != groups[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("try a coarser grind and tell me", "good question, I would start lower"),
        ("谢谢你", "早上好"),
        ("👍", "thanks"),
    ],
)
def test_different_words_stay_apart(one, other):
    assert len(set(near_duplicate_groups([one, other], np.zeros(2, int)).tolist())) == 2


def test_authors_are_kept_apart_and_one_scope_joins_them():
    texts = ["Great content, keep it up!"] * 3
    assert near_duplicate_groups(texts, np.array([0, 0, 1])).tolist() == [0, 0, 1]
    assert near_duplicate_groups(texts, np.zeros(3, dtype=np.uint32)).tolist() == [0, 0, 0]


def test_hostile_and_huge_texts_are_only_texts():
    texts = [
        "=HYPERLINK(1)",
        "<script>x</script>",
        "a" * 200_000,
        "é" * 200_000,
        "␞␞",
        "",
        "\x00\x1b[31m",
        "@" * 50_000,
    ]
    groups = near_duplicate_groups(texts, np.zeros(len(texts), int))
    assert groups.size == len(texts)
    assert groups[4] == groups[5] == groups[7]  # nothing is left of them


def test_no_texts_and_scopes_that_do_not_fit():
    assert near_duplicate_groups([], np.zeros(0, int)).size == 0
    with pytest.raises(ScopeError):
        near_duplicate_groups(["a"], np.zeros(2, int))
    with pytest.raises(ScopeError):
        near_duplicate_groups(["a"], np.zeros(1, int), same_from=0)
