# ruff: noqa: RUF001 - letters that look like other letters are the subject here
"""What names look like: tricks that must not be told apart, names that must, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.name_skeletons import LONGEST, core, differ_by_one, shortened_by_one, skeleton, written


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("paypal", "раураl"),  # Cyrillic
        ("alaska", "ΑLASKA"),  # a Greek capital
        ("paypal", "𝔭𝒶ỿ𝕡𝕒ℓ"),  # mathematical letters
        ("jane", "ｊａｎｅ"),  # full width
        ("jane", "ja\u200bne"),  # a space without width
        ("jane", "\u202ejane\u202c"),  # marks that reorder
        ("jane", "já̧ne"),  # marks over and under letters
        ("elon", "eIon"),  # a capital i
        ("bill", "bi11"),
        ("olivia", "0livia"),
        ("modern", "modem"),
        ("wave", "vvave"),
        ("@Jane", "jane"),
    ],
)
def test_look_alikes_have_one_skeleton(name, imitation):
    assert skeleton(name) == skeleton(imitation)


@pytest.mark.parametrize(
    ("one", "other"), [("jane", "jade"), ("иван", "ivan"), ("jane", "jean"), ("محمد", "احمد"), ("abc", "")]
)
def test_other_names_have_another(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    "added",
    [
        "jane_doe", "jane.doe", "janedoe_", "JaneDoe99", "janedoe2024", "the_real_janedoe", "RealJaneDoe",
        "janedoe_official", "officialjanedoe", "janedoe.oficial", "jannedoe", "janeedoe", "j4nedoe",
        "its_jane_doe",
        "janedoe-backup", "iam_janedoe",
    ],
)  # fmt: skip
def test_what_imitators_add_leaves_the_core(added):
    assert core(added) == core("janedoe")


@pytest.mark.parametrize(
    ("one", "other"),
    [("nike", "nike_de"), ("nike", "nikefrance"), ("janedoe", "johndoe"), ("the", "real"), ("1984", "2024")],
)
def test_other_names_have_another_core(one, other):
    assert core(one) != core(other)


@given(name=st.text(max_size=100))
@settings(max_examples=80, deadline=None)
def test_any_text_has_a_skeleton_and_a_core(name):
    assert len(skeleton(name)) <= 18 * LONGEST  # the longest expansion of one character under NFKD
    assert isinstance(core(name), str)
    assert written(name) == written(name[:LONGEST])


def test_names_of_a_megabyte_cost_no_more_than_long_ones():
    assert skeleton("a" * 1_000_000) == "a" * LONGEST
    assert core("\u0301" * 1_000_000) == ""


def slow_distance(one, other):
    """Edit distance with exchanges of neighbours (optimal string alignment), the textbook table."""
    columns = range(len(other) + 1)
    table = [[row + column if row * column == 0 else 0 for column in columns] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            same = one[row - 1] == other[column - 1]
            best = min(table[row - 1][column], table[row][column - 1]) + 1
            best = min(best, table[row - 1][column - 1] + (not same))
            if (
                row > 1 < column
                and one[row - 2 : row] == other[column - 1 : column - 3 if column > 2 else None : -1]
            ):
                best = min(best, table[row - 2][column - 2] + 1)
            table[row][column] = best
    return table[-1][-1]


@given(one=st.text("abc", max_size=7), other=st.text("abc", max_size=7))
@settings(max_examples=300, deadline=None)
def test_one_change_is_found_by_its_keys(one, other):
    assert differ_by_one(one, other) == (slow_distance(one, other) == 1)
    if differ_by_one(one, other):
        assert shortened_by_one(one) & shortened_by_one(other)
