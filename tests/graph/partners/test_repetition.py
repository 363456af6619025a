from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.portfolio import PortfolioRules, select_portfolio, who_may_be_picked
from graph.partners.repetition import added_reach, select_for_repetition, times_reached


def as_lists(reach):
    offsets = np.concatenate(([0], np.cumsum([len(part) for part in reach]))).astype(np.int64)
    return offsets, np.asarray(list(itertools.chain.from_iterable(reach)), dtype=np.int32)


def worth_of(picks, case, times):
    """Slow reference of the objective."""
    return sum(
        weight * sum(sorted((case["value"][c] for c in picks if u in case["reach"][c]), reverse=True)[:times])
        for u, weight in enumerate(case["weight"])
    )


@st.composite
def cases(draw):
    n_members, k = draw(st.integers(1, 6)), draw(st.integers(0, 6))
    numbers = st.sampled_from
    return {
        "reach": [sorted(draw(st.sets(st.integers(0, n_members - 1)))) for _ in range(k)],
        "weight": [draw(numbers([0.0, 0.5, 1.0, 4.0])) for _ in range(n_members)],
        "value": [draw(numbers([0.0, 0.25, 0.5, 1.0])) for _ in range(k)],
        "price": [draw(numbers([0.0, 1.0, 2.0, 3.0, math.nan])) for _ in range(k)],
    }


def choose(case, times, limits, **options):
    return select_for_repetition(
        *as_lists(case["reach"]),
        case["weight"],
        case["value"],
        times,
        limits=limits,
        price=case["price"],
        **options,
    )


@given(cases(), st.integers(1, 3), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_greedy_holds_its_guarantee_and_says_what_each_adds(case, times, count):
    found = choose(case, times, (count, None))
    everybody = range(len(case["reach"]))
    sets = (itertools.combinations(everybody, size) for size in range(min(count, len(everybody)) + 1))
    best = max(worth_of(picks, case, times) for picks in itertools.chain.from_iterable(sets))
    assert found.picks.size <= count
    assert found.gain.sum() >= (1 - 1 / math.e) * best - 1e-9
    for place in range(found.picks.size):
        before, after = found.picks[:place].tolist(), found.picks[: place + 1].tolist()
        assert found.gain[place] == worth_of(after, case, times) - worth_of(before, case, times)


@given(cases(), st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_a_budget_is_kept_and_unknown_prices_are_not_picked(case, budget):
    found = choose(case, 2, (None, float(budget)))
    assert np.isfinite(found.price).all()
    assert found.price.sum() <= budget


@given(cases(), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_heard_once_is_the_greedy_for_reach(case, count):
    found = choose(case, 1, (count, None))
    lists, rules = as_lists(case["reach"]), PortfolioRules(max_swaps=0)
    reach = select_portfolio(*lists, case["weight"], case["value"], count=count, rules=rules)
    assert found.picks.tolist() == reach.picks.tolist()
    assert found.gain.tolist() == reach.gain.tolist()
    gain, new_members = added_reach(*lists, case["weight"], case["value"], found.picks)
    assert gain.tolist() == reach.gain.tolist()
    assert new_members.tolist() == reach.new_members.tolist()


def test_repetition_stays_with_the_same_people_and_reach_goes_for_others():
    case = {
        "reach": [[0, 1, 2, 3], [0, 1, 2, 3], [4, 5]],
        "weight": [1.0] * 6,
        "value": [1.0, 0.9, 1.0],
        "price": [math.nan] * 3,
    }
    assert choose(case, 1, (2, None)).picks.tolist() == [0, 2]
    assert choose(case, 2, (2, None)).picks.tolist() == [0, 1]
    locked = choose(case, 2, (2, None), rules=PortfolioRules(locked=[2]))
    assert locked.picks.tolist() == [2, 0]
    assert times_reached(*as_lists(case["reach"]), 6, [0, 1]).tolist() == [2, 2, 2, 2, 0, 0]
    assert times_reached(*as_lists(case["reach"]), 6, []).tolist() == [0] * 6


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="times must be 1 or more"):
        select_for_repetition([0], [], [], [], 0, limits=(1, None))
    with pytest.raises(ValueError, match="give a count, a budget or both"):
        select_for_repetition([0], [], [], [], 2, limits=(None, None))


def test_unvetted_are_picked_only_where_hardly_anybody_could_be_looked_at():
    states = ["not_enough_data"] * 9 + ["avoid", "watch"]
    reasons = ["n_signals"] * 9 + ["shill_probability_low", "n_signals"]
    lifts = [2.0] * 8 + [math.nan, 5.0, 0.5]
    seen_and_avoided = who_may_be_picked(
        [*states, "avoid"], [*reasons, "shill_probability_low"], [*lifts, 5.0]
    )
    assert seen_and_avoided[1]
    assert not seen_and_avoided[0].any()
    eligible, is_vetted = who_may_be_picked(states, reasons, lifts)
    assert not is_vetted
    assert eligible.tolist() == [True] * 8 + [False] * 3
    assert who_may_be_picked([*states, "recommended"], [*reasons, ""], [*lifts, 1.0])[1]
    few_unlooked = who_may_be_picked(["watch", "not_enough_data"], ["lift_low", "n_signals"], [2.0, 2.0])
    assert few_unlooked[1]
    assert not few_unlooked[0].any()
