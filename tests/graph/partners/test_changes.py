from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.changes import RankedRun, rank_changes

NAN = float("nan")


def run(ids, rank=None, endorsement=None, affinity=None, certainty=0.8, risk=0.1):
    """A ranking of a few candidates; numbers stand for all of them."""
    k = len(ids)
    parts = {
        "endorsement": np.broadcast_to(0.3 if endorsement is None else endorsement, k).astype(float),
        "affinity": np.broadcast_to(0.1 if affinity is None else affinity, k).astype(float),
    }
    trust = np.nansum(list(parts.values()), axis=0)
    return RankedRun(
        ids, range(1, k + 1) if rank is None else rank, parts, trust * certainty, np.broadcast_to(risk, k)
    )


def test_entered_left_moved_and_stayed():
    found = rank_changes(run(["a", "b", "c", "d"]), run(["e", "c", "b", "d"]))
    assert found.ids.tolist() == ["e", "c", "b", "d", "a"]
    assert found.change.tolist() == ["entered", "moved", "moved", "stayed", "left"]
    assert found.rank_before.tolist() == [0, 3, 2, 4, 1]
    assert found.rank_after.tolist() == [1, 2, 3, 4, 0]
    assert np.isnan(found.score_change).tolist() == [True, False, False, False, True]
    assert found.main_cause.tolist() == ["", "others", "others", "", ""]


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        ({"endorsement": [0.6, 0.3]}, "endorsement"),
        ({"affinity": [0.3, 0.1]}, "affinity"),
        ({"certainty": np.array([0.95, 0.8])}, "certainty"),
        ({"risk": [0.01, 0.1]}, "risk"),
        ({"endorsement": [0.29, 0.1]}, "others"),
    ],
)
def test_the_part_that_moved_is_named(after, cause):
    found = rank_changes(run([7, 9], rank=[2, 1]), run([7, 9], rank=[1, 2], **after))
    assert found.main_cause[0] == cause


@st.composite
def runs(draw):
    ids = draw(st.lists(st.integers(0, 9), unique=True, max_size=7))
    share = st.one_of(st.just(NAN), st.floats(0, 0.5))
    numbers = st.lists(share, min_size=len(ids), max_size=len(ids))
    kept = st.lists(st.floats(0, 1), min_size=len(ids), max_size=len(ids))
    return run(
        np.asarray(ids, dtype=int),
        rank=draw(st.permutations(range(1, len(ids) + 1))),
        endorsement=draw(numbers),
        affinity=draw(numbers),
        certainty=np.asarray(draw(kept)),
        risk=draw(kept),
    )


def shapley(before, after):
    """Slow reference: every order in which the three factors could have changed."""
    shares = dict.fromkeys(before, 0.0)
    orders = list(itertools.permutations(before))
    for order in orders:
        now = dict(before)
        for factor in order:
            was = np.prod(list(now.values()))
            now[factor] = after[factor]
            shares[factor] += (np.prod(list(now.values())) - was) / len(orders)
    return shares


@given(runs(), runs())
@settings(max_examples=60, deadline=None)
def test_causes_sum_to_the_change_and_are_shapley_values(before, after):
    found = rank_changes(before, after)
    assert set(found.ids.tolist()) == set(before.ids.tolist()) | set(after.ids.tolist())
    for row, name in enumerate(found.ids.tolist()):
        if found.change[row] in {"entered", "left"}:
            continue
        factors = []
        for ranked in (before, after):
            at = ranked.ids.tolist().index(name)
            trust = np.nansum([part[at] for part in ranked.contributions.values()])
            certainty = ranked.trust_low[at] / trust if trust > 0 else 1.0
            factors.append(
                {"trust": trust, "certainty": certainty, "risk": 1 - ranked.shill_probability_high[at]}
            )
        expected = shapley(*factors)
        causes = {part: values[row] for part, values in found.causes.items()}
        assert sum(causes.values()) == pytest.approx(found.score_change[row], abs=1e-12)
        assert causes["endorsement"] + causes["affinity"] == pytest.approx(expected["trust"], abs=1e-12)
        assert causes["certainty"] == pytest.approx(expected["certainty"], abs=1e-12)
        assert causes["risk"] == pytest.approx(expected["risk"], abs=1e-12)


def test_a_move_that_both_ranges_hold_is_no_news():
    def ranked(rank, low, high):
        return dataclasses.replace(run(["a", "b", "c"], rank=rank), rank_low=low, rank_high=high)

    before = ranked([1, 2, 3], [1, 1, 3], [2, 3, 3])
    found = rank_changes(before, ranked([2, 1, 3], [1, 1, 3], [2, 2, 3]))
    assert found.ids.tolist() == ["b", "a", "c"]
    assert found.is_within_range.tolist() == [True, True, False]  # c did not move

    narrow = rank_changes(before, ranked([2, 1, 3], [2, 1, 3], [2, 2, 3]))
    assert narrow.is_within_range.tolist() == [
        True,
        False,
        False,
    ]  # a's place before is outside of its range now

    assert not rank_changes(run(["a", "b"]), ranked([2, 1, 3], [1] * 3, [3] * 3)).is_within_range.any()
    with pytest.raises(ValueError, match="one per id"):
        rank_changes(ranked([1, 2, 3], [1], [3]), before)


def test_empty_rankings_and_a_part_that_is_new():
    nothing = run(np.array([], dtype=int))
    assert rank_changes(nothing, nothing).ids.size == 0
    assert rank_changes(run([1, 2]), nothing).change.tolist() == ["left", "left"]
    assert rank_changes(nothing, run([1, 2])).change.tolist() == ["entered", "entered"]
    before, after = run([1]), run([1])
    widened = RankedRun(after.ids, after.rank, {**after.contributions, "conversation": [0.2]}, [0.48], [0.1])
    found = rank_changes(before, widened)
    assert found.causes["conversation"][0] == pytest.approx(found.score_change[0])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (run(["a", "a"]), "twice"),
        (run(["a", "b"], rank=[0, 1]), "start at 1"),
        (run(["a", "b"], rank=[1]), "one per id"),
    ],
)
def test_broken_rankings_are_refused(broken, fault):
    with pytest.raises(ValueError, match=fault):
        rank_changes(broken, run(["a"]))
