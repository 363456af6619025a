from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.portfolio import PortfolioRules, select_portfolio

GREEDY_ONLY = PortfolioRules(max_swaps=0)


def as_lists(reach):
    """Offsets and members of a list of lists."""
    offsets = np.concatenate(([0], np.cumsum([len(part) for part in reach]))).astype(np.int64)
    return offsets, np.asarray(list(itertools.chain.from_iterable(reach)), dtype=np.int32)


def reach_of(picks, reach, weight, value):
    """Slow reference of the objective."""
    return sum(
        weight[u] * max((value[c] for c in picks if u in reach[c]), default=0.0) for u in range(len(weight))
    )


def plain_greedy(reach, weight, value, count):
    """Slow reference: look at everybody at every step."""
    picks = []
    while len(picks) < count:
        now = reach_of(picks, reach, weight, value)
        gains = [
            (reach_of([*picks, c], reach, weight, value) - now if c not in picks else 0.0)
            for c in range(len(reach))
        ]
        if not gains or max(gains) <= 0:
            break
        picks.append(gains.index(max(gains)))
    return picks


def best_possible(case, *, count=None, budget=None, conflicts=(), locked=()):
    """Brute force over every set."""
    best = 0.0
    candidates = range(len(case["reach"]))
    for size in range((len(case["reach"]) if count is None else count) + 1):
        for picks in itertools.combinations(candidates, size):
            cost = sum(case["price"][c] for c in picks)
            affordable = budget is None or (not math.isnan(cost) and cost <= budget)
            peaceful = not any(a in picks and b in picks for a, b in conflicts)
            if affordable and peaceful and set(locked) <= set(picks):
                best = max(best, reach_of(picks, case["reach"], case["weight"], case["value"]))
    return best


def choose(case, **options):
    return select_portfolio(
        *as_lists(case["reach"]), case["weight"], case["value"], price=case["price"], **options
    )


@st.composite
def cases(draw):
    """Dyadic numbers, so that every order of summation gives the same digits and ties are real ties."""
    n_members, k = draw(st.integers(1, 8)), draw(st.integers(0, 7))
    numbers = st.sampled_from
    return {
        "reach": [sorted(draw(st.sets(st.integers(0, n_members - 1)))) for _ in range(k)],
        "weight": [draw(numbers([0.0, 0.5, 1.0, 1.0, 4.0])) for _ in range(n_members)],
        "value": [draw(numbers([0.0, 0.25, 0.5, 1.0, 1.0])) for _ in range(k)],
        "price": [draw(numbers([0.0, 1.0, 2.0, 3.0, 8.0, math.nan])) for _ in range(k)],
    }


@given(cases(), st.integers(0, 5))
@settings(max_examples=80, deadline=None)
def test_lazy_greedy_is_plain_greedy_and_holds_its_guarantee(case, count):
    found = choose(case, count=count, rules=GREEDY_ONLY)
    assert found.picks.tolist() == plain_greedy(case["reach"], case["weight"], case["value"], count)
    best = best_possible(case, count=count)
    total = found.gain.sum()
    assert total >= (1 - 1 / math.e) * best - 1e-9
    assert found.online_bound >= found.bound - 1e-9
    assert found.bound >= best - 1e-9


@given(cases(), st.sampled_from([0.0, 1.0, 3.0, 5.0, 9.0]), st.sampled_from([None, 1, 2]))
@settings(max_examples=80, deadline=None)
def test_budget_holds_and_swaps_never_lower(case, budget, count):
    greedy = choose(case, budget=budget, count=count, rules=GREEDY_ONLY)
    swapped = choose(case, budget=budget, count=count)
    best = best_possible(case, budget=budget, count=min(count or 7, len(case["reach"])))
    for found in (greedy, swapped):
        total = reach_of(found.picks.tolist(), case["reach"], case["weight"], case["value"])
        assert found.spent <= budget
        assert count is None or found.picks.size <= count
        assert found.gain.sum() == pytest.approx(total)
        assert found.cumulative.tolist() == pytest.approx(np.cumsum(found.gain).tolist())
        assert total <= best + 1e-9 <= found.bound + 2e-9
        if count is None:
            assert total >= (1 - 1 / math.e) / 2 * best - 1e-9
    assert swapped.gain.sum() >= greedy.gain.sum() - 1e-9


@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_conflicts_locks_and_backups(case, data):
    k = len(case["reach"])
    if k < 3:
        return
    conflicts = [(0, 1), (1, 2)]
    locked = data.draw(st.sampled_from([[], [0], [0, 2]]))
    rules = PortfolioRules(conflicts=conflicts, locked=locked)
    found = choose(case, count=3, rules=rules)
    picks = found.picks.tolist()
    assert set(locked) <= set(picks)
    assert not any(a in picks and b in picks for a, b in conflicts)
    assert found.bound >= best_possible(case, count=3, conflicts=conflicts, locked=locked) - 1e-9
    for position, pick in enumerate(picks):
        others = [other for other in picks if other != pick]
        alone = reach_of(others, case["reach"], case["weight"], case["value"])
        gains = [
            reach_of([*others, c], case["reach"], case["weight"], case["value"]) - alone
            for c in range(k)
            if c not in picks and not any((c, o) in conflicts or (o, c) in conflicts for o in others)
        ]
        assert found.backup_gain[position] == pytest.approx(max([0.0, *gains]))
        assert (found.backup[position] == -1) == (max([0.0, *gains]) <= 0)
        whole = reach_of(picks, case["reach"], case["weight"], case["value"])
        assert found.loss_without[position] == pytest.approx(whole - alone)
        if pick not in locked:
            assert found.backup_gain[position] <= found.loss_without[position] + 1e-9


def world():
    """Ten members; a big name (0), two halves (1, 2), a copy of the first half (3)."""
    return {
        "reach": [[0, 1, 2, 5, 6, 7], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 1, 2, 3, 4]],
        "weight": [1.0] * 10,
        "value": [1.0] * 4,
        "price": [1.0, 1.0, 1.0, 1.0],
    }


def test_swap_finds_the_two_halves_that_greedy_misses():
    greedy = choose(world(), count=2, rules=GREEDY_ONLY)
    found = choose(world(), count=2)
    assert greedy.picks.tolist() == [0, 1]
    assert found.picks.tolist() == [1, 2]
    assert found.gain.tolist() == [5.0, 5.0]
    assert found.new_members.tolist() == [5, 5]
    assert found.n_swaps == 1
    assert found.share_of_best == pytest.approx(1.0)
    assert found.backup.tolist() == [3, 0]


def test_a_weaker_pick_adds_nothing_where_a_stronger_one_is():
    case = world() | {"value": [0.5, 1.0, 0.25, 0.5]}
    found = choose(case, count=4)
    assert found.picks.tolist() == [1, 0, 2]
    assert found.gain.tolist() == pytest.approx([5.0, 1.5, 0.5])
    assert found.new_members.tolist() == [5, 3, 2]


def test_prices_decide_and_reasons_are_told():
    case = world() | {"price": [6.0, 0.0, math.nan, 90.0]}
    eligible = [True, True, True, False]
    found = choose(case, budget=5.0, rules=PortfolioRules(eligible=eligible))
    assert found.picks.tolist() == [1]
    assert found.spent == 0.0
    assert found.excluded.tolist() == ["over_budget", "", "no_price", "not_eligible"]
    without_budget = choose(case, count=2)
    assert set(without_budget.excluded.tolist()) == {""}
    assert np.isnan(without_budget.price).any()


def test_ten_picks_at_a_tenth_fit_a_budget_of_one():
    tenths = [0.1] * 10
    found = select_portfolio(np.arange(11), np.arange(10), np.ones(10), np.ones(10), budget=1, price=tenths)
    assert found.picks.tolist() == list(range(10))


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, {"count": 0}),
        ({}, {"budget": 0.0}),
        ({"weight": [0.0] * 10}, {"count": 2}),
        ({"value": [0.0] * 4}, {"count": 2}),
        ({"reach": [[], [], [], []]}, {"count": 2}),
    ],
)
def test_nothing_to_pick(change, options):
    found = choose(world() | change, **options)
    assert found.picks.size == 0
    assert np.isnan(found.share_of_best)


def test_no_candidates_no_members_and_one_member():
    assert select_portfolio([0], [], [1.0, 2.0], [], count=3).picks.size == 0
    assert select_portfolio([0, 0], [], [], [1.0], count=3).picks.size == 0
    one = select_portfolio([0, 1, 2], [0, 0], [2.0], [0.5, 0.5], count=3)
    assert one.picks.tolist() == [0]
    assert one.gain.tolist() == [1.0]
    assert one.backup.tolist() == [1]


def test_everything_free_takes_all_that_adds():
    case = world() | {"price": [0.0] * 4}
    found = choose(case, budget=0.0)
    assert found.gain.sum() == 10.0
    assert found.picks.tolist() == [1, 2]


def test_a_pick_that_others_hold_is_dropped_and_the_dearest_goes():
    case = world() | {"price": [0.0, 1.0, 1.0, 4.0], "value": [1.0, 1.0, 1.0, 1.0]}
    found = choose(case, budget=9.0)
    assert found.picks.tolist() == [1, 2]
    assert found.spent == 2.0


def test_member_listed_twice_counts_once():
    found = select_portfolio([0, 3], [2, 0, 2], np.ones(3), [1.0], count=1)
    assert found.gain.tolist() == [2.0]


@pytest.mark.parametrize(
    ("change", "options", "fault"),
    [
        ({}, {}, "give a count, a budget or both"),
        ({}, {"count": -1}, "count must be"),
        ({}, {"budget": math.nan}, "budget must be"),
        ({"price": [1.0, -1.0, 1.0, 1.0]}, {"budget": 5.0}, "price must be >= 0"),
        ({"value": [1.0, 2.0, 1.0, 1.0]}, {"count": 1}, "candidate_value must lie"),
        ({"value": [1.0, math.nan, 1.0, 1.0]}, {"count": 1}, "candidate_value must lie"),
        ({"weight": [-1.0] + [1.0] * 9}, {"count": 1}, "member_weight"),
        ({}, {"count": 1, "rules": PortfolioRules(eligible=[True])}, "eligible"),
        ({}, {"count": 1, "rules": PortfolioRules(locked=[4])}, "locked must hold"),
        ({}, {"count": 1, "rules": PortfolioRules(locked=[0, 1])}, "2 are locked"),
        ({}, {"budget": 1.0, "rules": PortfolioRules(locked=[0, 1])}, "cost more than the budget"),
        ({}, {"count": 2, "rules": PortfolioRules(locked=[0, 1], conflicts=[(1, 0)])}, "two locked picks"),
        ({}, {"count": 2, "rules": PortfolioRules(conflicts=[(1, 1)])}, "conflicts with itself"),
        ({}, {"count": 2, "rules": PortfolioRules(eligible=[False] * 4, locked=[0])}, "is not_eligible"),
    ],
)
def test_bad_input_is_refused(change, options, fault):
    with pytest.raises(ValueError, match=fault):
        choose(world() | change, **options)


def test_all_faults_are_told_at_once():
    with pytest.raises(ValueError, match=r"give a count.*candidate_value"):
        choose(world() | {"value": [9.0] * 4})


def test_bound_steps_tighten_the_online_bound():
    random = np.random.default_rng(5)
    reach = [np.flatnonzero(random.random(400) < share) for share in random.uniform(0.01, 0.1, size=60)]
    rules = PortfolioRules()
    value, price = random.random((2, 60))
    case = {"reach": reach, "weight": random.random(400), "value": value, "price": price}
    loose = choose(case, budget=3.0, rules=replace(rules, bound_steps=0))
    tight = choose(case, budget=3.0, rules=rules)
    assert loose.bound == loose.online_bound
    assert tight.bound < loose.bound
    assert tight.picks.tolist() == loose.picks.tolist()
