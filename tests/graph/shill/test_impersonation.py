# ruff: noqa: RUF001 - letters that look like other letters are the subject here
"""Impersonation: tricks are found, harmless causes come first, history gives the direction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.shill.impersonation import (
    COMMON_FROM,
    LOOKS_THE_SAME,
    ONE_LETTER_OFF,
    RESEMBLES,
    SAME_NAME,
    SAME_OWNER,
    SAYS_SO,
    SOMETHING_ADDED,
    Follows,
    History,
    Names,
    look_alikes,
    same_owner_pairs,
)

ORIGINAL = {
    "handle": "rosamund", "shown": "Rosa Mund", "bio": "cooks", "created": 10.0, "followers": 5000.0,
    "posts": 900.0,
}  # fmt: skip
YOUNG = {"bio": "", "created": 90.0, "followers": 12.0, "posts": 3.0}


def found(accounts, edges=()):
    """The look-alikes of some accounts as (account, original, how, kind)."""
    columns = {key: [account.get(key) for account in accounts] for key in ("handle", "shown", "bio")}
    figures = (
        np.array([account.get(key, np.nan) for account in accounts], dtype=np.float64)
        for key in ("created", "followers", "posts")
    )
    marks = look_alikes(Names(**columns), History(*figures), follows_of(len(accounts), edges))
    columns = (marks.account, marks.original, marks.how, marks.kind)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def follows_of(n, edges):
    rows = [sorted(b for a, b in edges if a == node) for node in range(n)]
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    return Follows(offsets, np.array([b for row in rows for b in row], dtype=np.uint32))


@pytest.mark.parametrize(
    ("handle", "shown", "how"),
    [
        ("r0samund", "Anybody", LOOKS_THE_SAME),
        ("rоsamund", "Rosa Mund", LOOKS_THE_SAME),  # a Cyrillic o
        ("rosamund_official", "Rosa Mund", SOMETHING_ADDED),
        ("the.real.rosamund", None, SOMETHING_ADDED),
        ("rosamund123", "Rosa Mund 🌹", SOMETHING_ADDED),
        ("rosamumd", "Rosa Mund", ONE_LETTER_OFF),
        ("rosmaund", "Rosa  Mund", ONE_LETTER_OFF),
        ("kitchen_42", "Rоsa Mund", SAME_NAME),
    ],
)  # fmt: skip
def test_every_trick_is_found_and_only_the_younger_account_is_marked(handle, shown, how):
    imitator = {**YOUNG, "handle": handle, "shown": shown}
    assert found([ORIGINAL, imitator]) == [(1, 0, how, RESEMBLES)]
    assert found([imitator, ORIGINAL]) == [(0, 1, how, RESEMBLES)]


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        ("rosamund99", "Rosa Mundi Bäckerei"),  # digits alone, another name
        ("rosamumd", "Somebody Else"),
        ("kitchen_42", "Rosa Mund"),  # people share names
        ("rosamund_de", "Rosa Mund"),  # a country's account
        ("rosamund_france", "Rosa Mund France"),
        ("rosa", "Rosa"),
    ],
)
def test_what_is_too_little_is_left_alone(handle, shown):
    assert found([ORIGINAL, {**YOUNG, "handle": handle, "shown": shown}]) == []


IMITATOR = {**YOUNG, "handle": "rosamund_", "shown": "Rosa Mund"}


@pytest.mark.parametrize(
    "changed",
    [
        {"created": 5.0},  # older
        {"created": np.nan},
        {"followers": 800.0},  # well followed itself
        {"posts": 5000.0},
    ],
)
def test_without_less_history_nobody_is_marked(changed):
    assert found([ORIGINAL, IMITATOR | changed]) == []


def test_without_any_ages_or_followers_nobody_is_marked():
    assert found([ORIGINAL | {"created": np.nan}, IMITATOR | {"created": np.nan}]) == []
    assert found([ORIGINAL | {"followers": 15.0}, IMITATOR | {"followers": 1.0}]) == []


def test_harmless_causes_come_first():
    assert found([ORIGINAL, IMITATOR], edges=[(0, 1)]) == [(1, 0, SOMETHING_ADDED, SAME_OWNER)]
    assert found([ORIGINAL, IMITATOR], edges=[(1, 0)]) == [(1, 0, SOMETHING_ADDED, RESEMBLES)]
    named = ORIGINAL | {"bio": "second account: @Rosamund_"}
    assert found([named, IMITATOR]) == [(1, 0, SOMETHING_ADDED, SAME_OWNER)]
    other = ORIGINAL | {"bio": "not @rosamund_99"}
    assert found([other, IMITATOR]) == [(1, 0, SOMETHING_ADDED, RESEMBLES)]


@pytest.mark.parametrize(
    "bio", ["Fan account", "paródia", "cuenta fan", "Fanseite", "compte fan", "konto fanowskie", "Фан-клуб",
            "حساب معجبين", "pagina fan", "parody. not affiliated"],
)  # fmt: skip
def test_whoever_says_so_is_told_apart_in_nine_languages(bio):
    assert found([ORIGINAL, IMITATOR | {"bio": bio}]) == [(1, 0, SOMETHING_ADDED, SAYS_SO)]


@pytest.mark.parametrize("bio", ["fantastic cook", "stefan", "a fanatic", "parodyx"])
def test_a_word_inside_another_says_nothing(bio):
    assert found([ORIGINAL, IMITATOR | {"bio": bio}])[0][3] == RESEMBLES


def test_a_common_name_is_nobody_s():
    many = [{**YOUNG, "handle": f"rosamund{n}", "shown": "Rosa Mund"} for n in range(COMMON_FROM + 5)]
    assert found([ORIGINAL, *many]) == []
    assert len(found([ORIGINAL, *many[:6]])) == 6  # a swarm of young ones does not make a name common
    established = [{**ORIGINAL, "handle": f"rosamund.{n}", "followers": 2000.0 + n} for n in range(3)]
    assert found([ORIGINAL, IMITATOR, *established]) == []


def test_the_closest_then_the_most_followed_is_the_one_resembled():
    lesser = ORIGINAL | {"handle": "rosamund1", "followers": 900.0}
    assert found([lesser, ORIGINAL, {**YOUNG, "handle": "r0samund", "shown": "x"}]) == [
        (2, 1, LOOKS_THE_SAME, RESEMBLES)
    ]


def test_servers_are_no_part_of_a_handle():
    crowd = [{**YOUNG, "handle": f"person{n}x.example.org", "shown": f"P{n}"} for n in range(30)]
    near = {**YOUNG, "handle": "anna.example.org", "shown": "Anna"}
    well_followed = ORIGINAL | {"handle": "hanna.example.org", "shown": "Anna"}
    assert found([well_followed, near, *crowd]) == []


def test_accounts_that_follow_each_other_under_one_name_have_one_owner():
    names = Names(["a", "b", "c"], ["Rosa Mund", "ROSA MUND", "Rosa Mund"], [None] * 3)
    pairs = same_owner_pairs(names, follows_of(3, [(0, 1), (1, 0), (0, 2)]))
    assert pairs.tolist() == [[0, 1]]
    assert same_owner_pairs(Names([], [], []), follows_of(0, [])).shape == (0, 2)


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_names_are_read(pairs):
    accounts = [{**YOUNG, "handle": handle, "shown": shown} for handle, shown in pairs]
    marks = found([ORIGINAL, *accounts])
    assert len({account for account, *_ in marks}) == len(marks)
    assert all(account != 0 for account, *_ in marks)


@given(seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_no_pair_is_lost_by_hashing(seed):
    rng = np.random.default_rng(seed)
    original = "".join(rng.permutation(list("abcdefghkn")))
    changed = list(original)
    changed[rng.integers(10)] = "z"
    accounts = [ORIGINAL | {"handle": original}, {**YOUNG, "handle": "".join(changed), "shown": "Rosa Mund"}]
    others = [
        {**YOUNG, "handle": "".join(rng.choice(list("mnopqrst"), 10)), "shown": f"other {n}"}
        for n in range(40)
    ]
    assert found([*accounts, *others])[0][:2] == (1, 0)
