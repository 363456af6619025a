"""How a burst reads: by itself, arranged, or sent by others."""

from __future__ import annotations

import numpy as np
import pytest

from graph.growth.bursts import Bursts
from graph.growth.classes import BOMBED, EXPLAINED, UNCLEAR, UNUSUAL, Seen, classify_bursts, value_of_growth

NAN = float("nan")


def read(*rows):
    """Classes of bursts given as (account, arrivals, hours, removed, has_cause, profiled, suspicious)."""
    table = [np.array(column) for column in zip(*rows, strict=True)]
    account, arrivals, hours, removed, has_cause, profiled, suspicious = table
    k = len(account)
    bursts = Bursts(
        account, np.full(k, 10), np.full(k, 11), arrivals.astype(float), arrivals.astype(float),
        np.full(k, 0.1), np.full(k, 6.0), np.full(k, 200.0), hours.astype(float), removed.astype(float),
    )  # fmt: skip
    seen = Seen(
        has_cause.astype(bool),
        np.ones(k, dtype=bool),
        profiled.astype(float),
        suspicious.astype(float),
        np.full(k, 0.05),
        np.full(k, NAN),
    )
    return bursts, classify_bursts(bursts, seen)


def test_a_night_of_unusual_followers_that_are_removed_again_is_sent_by_others():
    _, classes = read((0, 40, 9, 0.3, False, 40, 38))
    assert classes.label.tolist() == [BOMBED]
    assert classes.probability[0] > 0.9
    assert classes.unusual_share[0] == 38 / 40


def test_parcels_of_unusual_followers_are_unusual():
    _, classes = read((0, 40, 9, 0.3, False, 40, 38), (0, 40, 40, 0.02, False, 40, 38))
    assert classes.label.tolist() == [UNUSUAL, UNUSUAL]
    _, classes = read((0, 40, 40, 0.02, False, 40, 38))
    assert classes.label.tolist() == [UNUSUAL]


def test_ordinary_people_without_a_known_cause_stay_unclear():
    _, classes = read((0, 40, 40, 0.02, False, 40, 1), (1, 40, NAN, NAN, False, 0, 0))
    assert classes.label.tolist() == [UNCLEAR, UNCLEAR]
    assert classes.ordered[0] < 0.1


def test_a_cause_explains_whoever_looks_like_the_others_and_nobody_else():
    _, classes = read(
        (0, 40, 40, 0.02, True, 40, 1), (1, 40, 40, 0.02, True, 40, 38), (2, 40, 9, NAN, True, 0, 0)
    )
    assert classes.label.tolist() == [EXPLAINED, UNUSUAL, EXPLAINED]
    assert classes.explained_share == pytest.approx([1.0, 1 - 0.9 / 0.95, 1.0])


def test_a_bombed_account_has_no_value_and_who_cannot_be_told_has_none_at_all():
    bursts, classes = read(
        (0, 40, 9, 0.3, False, 40, 38), (1, 40, 40, 0.02, False, 40, 38), (1, 40, 40, 0.02, False, 40, 38)
    )
    value = value_of_growth(4, bursts, classes, np.array([True, True, True, False]))
    assert value[0] == value[2] == 0
    assert 0.3 < value[1] <= 0.4
    assert np.isnan(value[3])


def test_no_bursts():
    none = np.zeros(0)
    bursts = Bursts(*[none.astype(int)] * 3, *[none] * 7)
    classes = classify_bursts(bursts, Seen(none.astype(bool), none.astype(bool), none, none, none, none))
    assert classes.label.size == 0
    assert value_of_growth(2, bursts, classes, np.array([True, False]))[0] == 0
