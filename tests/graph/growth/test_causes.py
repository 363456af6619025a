"""Harmless causes of a burst, tested against the account's own usual."""

from __future__ import annotations

import numpy as np

from graph.growth.bursts import Bursts
from graph.growth.causes import CAUSES, first_causes, has_rare_event, posts_that_stand_out


def burst(*accounts, first=100, last=101):
    k = len(accounts)
    part = np.ones(k)
    return Bursts(np.array(accounts), np.full(k, first), np.full(k, last), *[part] * 7)


def test_a_post_that_stands_out_among_its_authors():
    author = np.repeat([0, 1, 2], [20, 5, 20])
    engagement = np.full(45, 10.0)
    engagement[[3, 22, 30]] = [200.0, 200.0, 25.0]
    found = posts_that_stand_out(author, engagement)
    assert np.flatnonzero(found).tolist() == [3]  # too few posts of the second, too little of the third
    assert not posts_that_stand_out(np.zeros(20, dtype=int), np.full(20, np.nan)).any()
    assert posts_that_stand_out(np.zeros(0, dtype=int), np.zeros(0)).size == 0


def test_small_engagement_never_stands_out():
    engagement = np.zeros(30)
    engagement[4] = 8
    assert not posts_that_stand_out(np.zeros(30, dtype=int), engagement).any()


def test_an_event_explains_from_two_days_before_to_the_end():
    bursts = burst(0, 1, 2, 3)
    found = has_rare_event(bursts, np.array([0, 1, 2, 3]), np.array([98, 101, 97, 102]), 180.0)
    assert found.tolist() == [True, True, False, False]


def test_what_happens_all_the_time_explains_nothing():
    often = np.arange(0, 180, 4)
    rare = np.array([10, 100])
    bursts = burst(0, 1)
    number = np.repeat([0, 1], [len(often), len(rare)])
    assert has_rare_event(bursts, number, np.concatenate([often, rare]), 180.0).tolist() == [False, True]
    assert has_rare_event(bursts, np.zeros(0, dtype=int), np.zeros(0, dtype=int), 0.0).tolist() == [
        False,
        False,
    ]


def test_the_first_cause_in_order_is_named():
    table = {cause: np.array([False, False, False]) for cause in CAUSES}
    table[CAUSES[1]] = np.array([True, False, False])
    table[CAUSES[3]] = np.array([True, True, False])
    assert first_causes(table) == [CAUSES[1], CAUSES[3], None]
