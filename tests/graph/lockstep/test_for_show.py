"""What a group follows for show, alone and beside what was ordered."""

from __future__ import annotations

from math import comb, exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.lockstep.blocks import LEAST_SHARE
from graph.lockstep.for_show import SCATTER, _Columns, followed_for_show, shown_beside_orders


def popular(rng, size):
    return np.floor(rng.pareto(1.2, size) * 20) + 5


def in_a_block(hits, others):
    """Those that a block would hold: with the least share of followers from it."""
    kept = hits >= np.maximum(LEAST_SHARE * (hits + others), 1)
    return hits[kept].astype(float), others[kept], kept


def orders(rng, law, others):
    """Hits of accounts that were ordered, of one number for all, spread, or growing with who they are."""
    if law == "even":
        return rng.poisson(40, others.size)
    if law == "spread":
        return rng.poisson(rng.permutation(300 / np.arange(1, others.size + 1) ** 0.8) + 4)
    return rng.poisson(6 * np.sqrt(others))


def test_show_grows_with_popularity_and_an_order_does_not():
    rng = np.random.default_rng(4)
    others = popular(rng, 200)
    shown, ordered = rng.poisson(0.4 * others).astype(float), rng.poisson(60, 200).astype(float)
    assert followed_for_show(shown, others).mean() > 0.97
    assert not followed_for_show(ordered, others).any()
    both = np.where(np.arange(200) < 12, 0.4 * others + 80, shown)
    assert not followed_for_show(both, others)[:12].any()
    assert followed_for_show(both, others)[12:].mean() > 0.97
    assert not followed_for_show(shown[:20], others[:20]).any()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("shown", "ordered"), [(300, 200), (33, 20), (40, 300)])
def test_both_side_by_side_are_told_apart(seed, shown, ordered):
    rng = np.random.default_rng(seed)
    others = np.concatenate((popular(rng, shown), rng.integers(1, 100, ordered)))
    hits = rng.poisson(0.3 * others) + np.where(
        np.arange(others.size) < shown, 0, rng.poisson(40, others.size)
    )
    hits, others, kept = in_a_block(hits, others)
    is_ordered = np.flatnonzero(kept) >= shown
    found = shown_beside_orders(hits, others, LEAST_SHARE)
    assert found[is_ordered].mean() <= 0.02
    assert found[~is_ordered].mean() > 0.85


def test_one_for_show_among_twenty_customers_is_seen():
    rng = np.random.default_rng(0)
    others = np.append(rng.integers(1, 100, 20), 40).astype(float)
    hits = np.append(rng.poisson(200, 20), 14).astype(float)
    assert np.flatnonzero(shown_beside_orders(hits, others, LEAST_SHARE)).tolist() == [20]


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["even", "spread", "growing"]),
    st.sampled_from([4, 20, 150]),
    st.sampled_from([0.0, 0.2]),
)
def test_of_orders_alone_none_is_left_out(seed, law, size, shown):
    rng = np.random.default_rng(seed)
    others = rng.integers(1, 100, size).astype(float)
    hits = orders(rng, law, others) + rng.poisson(shown * others)
    hits, others, _ = in_a_block(hits, others)
    if hits.size:
        assert not shown_beside_orders(hits, others, LEAST_SHARE).any()


def test_of_show_alone_none_is_told_apart():
    rng = np.random.default_rng(3)
    hits, others, _ = in_a_block(rng.poisson(0.4 * (size := popular(rng, 200))), size)
    assert not shown_beside_orders(hits, others, LEAST_SHARE).any()


def test_a_block_of_many_thousands_is_judged_by_some_and_all_of_it_is_told_apart():
    rng = np.random.default_rng(2)
    others = np.concatenate((popular(rng, 6_000), rng.integers(1, 100, 3_000)))
    ordered = np.where(np.arange(9_000) < 6_000, 0, rng.poisson(40, 9_000))
    hits, others, kept = in_a_block(rng.poisson(0.3 * others) + ordered, others)
    found = shown_beside_orders(hits, others, LEAST_SHARE)
    assert np.mean(found == (np.flatnonzero(kept) < 6_000)) > 0.95


def test_chances_are_those_of_the_law_written_out():
    """Negative binomial by its sum, whose size is whole: given that the least is reached."""

    def chance(hits, mean, scatter, least):
        size = round(1 / scatter)
        share = size / (size + mean)
        each = [comb(k + size - 1, k) * share**size * (1 - share) ** k for k in range(400)]
        return each[hits] / sum(each[least:])

    hits, others = np.array([3.0, 5.0, 12.0]), np.array([9.0, 20.0, 3.0])
    law = np.array([log(6.0), log(0.25), 0.5, 0.4, log(0.3)])
    weight = 1 / (1 + exp(-0.4))
    shown, ordered = _Columns(hits, others, 0.1).kinds(law)
    usual = exp(np.log(others).mean())
    for at in range(3):
        least = max(int(np.ceil(others[at] / 9)), 1)
        show, order = 0.3 * others[at], 6.0 * (others[at] / usual) ** 0.5 + 0.3 * others[at]
        expected = chance(int(hits[at]), show, SCATTER, least) * weight
        assert exp(shown[at]) == pytest.approx(expected, rel=1e-9)
        expected = chance(int(hits[at]), order, 0.25, least) * (1 - weight)
        assert exp(ordered[at]) == pytest.approx(expected, rel=1e-9)
