from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from pipelines.explore import what_if
from pipelines.explore.what_if import Wish, WishError, choose, difference, published_wish, wish_from_address

UNTOUCHED = Wish(picks=3)


def reach_of(view, accounts):
    """Slow reference: the share of the audience's weight that a set reaches by trust."""
    lists, best = view.lists, np.zeros(view.lists.weight.size)
    for at, row in enumerate(view.candidates):
        if row["account_id"] in accounts:
            members = lists.members[lists.offsets[at] : lists.offsets[at + 1]]
            best[members] = np.maximum(best[members], row["score"])
    return float((best * lists.weight).sum() / lists.weight.sum())


def ids(choice):
    return [row["account_id"] for row in choice.rows]


def test_untouched_is_the_published_plan(view):
    assert published_wish(view, "count") == UNTOUCHED
    found = choose(view, UNTOUCHED, "count")
    change = difference(found, view.plans["count"])
    assert change == what_if.Difference([], [], 0.0, 0)
    assert [row["published_pick"] for row in found.rows] == [1, 2, 3]
    assert found.reach_share == pytest.approx(reach_of(view, ids(found)))
    assert found.is_vetted


def test_the_choice_is_the_best_that_the_wish_allows(view):
    may = [row["account_id"] for row in view.candidates if row["status"] == "recommended"]
    without = [account for account in may if account != "id0"]
    best = max(reach_of(view, set(three)) for three in itertools.combinations(without, 3))
    found = choose(view, Wish(picks=3, dropped=("id0",)), "count")
    assert found.reach_share == pytest.approx(best)
    assert "id0" not in ids(found)
    assert found.share_of_best == pytest.approx(1.0, abs=0.05)


def test_dropping_a_pick_brings_in_another_and_says_what_it_costs(view):
    first = view.plans["count"][0]["account_id"]
    found = choose(view, Wish(picks=3, dropped=(first,)), "count")
    change = difference(found, view.plans["count"])
    assert first in [row["account_id"] for row in change.left]
    assert len(change.entered) == len(change.left)
    assert change.reach_change < 0
    assert change.reach_change == pytest.approx(
        reach_of(view, ids(found)) - reach_of(view, [row["account_id"] for row in view.plans["count"]])
    )


def test_a_locked_account_is_kept_even_where_nobody_would_recommend_it(view):
    found = choose(view, Wish(picks=2, locked=("id17",)), "count")
    assert ids(found)[0] == "id17"
    assert found.rows[0]["is_locked"]
    assert found.rows[0]["status"] == "watch"
    assert len(found.rows) == 2


def test_a_budget_counts_known_prices_only(view):
    found = choose(view, Wish(budget=700.0), "count")
    assert all(row["price"] is not None for row in found.rows)
    assert found.spent == sum(row["price"] for row in found.rows) <= 700
    assert found.n_unpriced == 0
    assert choose(view, Wish(budget=50.0), "count").rows == []
    assert choose(view, Wish(budget=50.0), "count").reach_share == 0.0


def test_repetition_reaches_the_same_people_again(view):
    once, thrice = (choose(view, Wish(picks=4, times=times), "count") for times in (1, 3))
    assert thrice.heard[1] + thrice.heard[2] >= once.heard[1] + once.heard[2]
    assert once.reach_share >= thrice.reach_share
    assert thrice.share_of_best is None
    for found in (once, thrice):
        assert found.heard[0] == found.members_reached == found.rows[-1]["cumulative_members"]
        assert found.reach_share == pytest.approx(reach_of(view, ids(found)))
        assert all(row["new_members"] + row["again_members"] > 0 for row in found.rows)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(), "Neither a number of partners nor a budget is given."),
        (Wish(picks=1, locked=("id1", "id2")), "2 accounts are to be kept, and only 1 may be picked."),
        (Wish(picks=3, locked=("id1",), dropped=("id1",)), "@Voice1 is both to be kept and to be left out."),
        (Wish(budget=10.0, locked=("id1",)), "cost 200 together, the budget is 10."),
        (
            Wish(budget=10.0, locked=("id15",)),
            "has no price in the currency of budgets, so none can hold it.",
        ),
        (Wish(picks=3, locked=("nobody",)), "nobody is no candidate of this audience."),
    ],
)
def test_what_cannot_be_met_is_said_in_plain_words(view, wish, said):
    with pytest.raises(WishError) as failure:
        choose(view, wish, "count")
    assert any(said in line for line in failure.value.details)


def test_without_member_weights_the_remedy_is_said(view):
    with pytest.raises(WishError, match="how much each member"):
        choose(replace(view, lists=None), UNTOUCHED, "count")


def test_a_wish_in_the_address_is_read_and_what_is_none_is_said(view):
    parts = {
        "goal": ["2"], "number": ["5"], "budget": ["-1"], "keep": ["id1", "<b>"], "drop": ["id2", "id2"],
    }  # fmt: skip
    wish, strange = wish_from_address(lambda name: parts.get(name, []), view, "count")
    assert wish == Wish(times=2, picks=5, locked=("id1",), dropped=("id2",))
    assert strange == ["budget “-1”", "keep “<b>”"]
    assert wish_from_address(lambda _: [], view, "count") == (UNTOUCHED, [])
    assert wish_from_address(lambda _: ["1e999"], view, "count")[0] == UNTOUCHED


@pytest.mark.parametrize(("text", "number"), [("", None), (" 7 ", 7), ("50", 50)])
def test_numbers_of_partners(text, number):
    assert what_if.written_count(text) == number


@pytest.mark.parametrize(("text", "money"), [("", None), ("2,500", 2500.0), (" 0.5", 0.5)])
def test_budgets(text, money):
    assert what_if.written_money(text) == money


@pytest.mark.parametrize("text", ["many", "0", "51", "2.5", "nan", "-1"])
def test_no_numbers_of_partners(text):
    with pytest.raises(WishError, match="no number of partners"):
        what_if.written_count(text)


@pytest.mark.parametrize("text", ["a lot", "-5", "inf"])
def test_no_budgets(text):
    with pytest.raises(WishError, match="no budget"):
        what_if.written_money(text)


def test_labels_name_one_account_each():
    rows = [
        {"account_id": "a", "handle": "same", "rank": 2, "is_pick": False},
        {"account_id": "b", "handle": "same", "rank": 2, "is_pick": False},
        {"account_id": "c", "handle": None, "rank": None, "is_pick": True},
    ]
    assert what_if.account_labels(rows) == {"c": "c", "@same · 2": "a", "@same · 2 · b": "b"}
