from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.statistics.size_tiers import SIZE_TIERS, rank_in_tier, size_tier, size_tier_codes


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (0, "nano"),
        (9_999, "nano"),
        (10_000, "micro"),
        (99_999, "micro"),
        (100_000, "mid"),
        (499_999, "mid"),
        (500_000, "macro"),
        (999_999, "macro"),
        (1_000_000, "mega"),
        (float("inf"), "mega"),
        (float("nan"), "unknown"),
    ],
)
def test_each_cut_off_belongs_to_the_higher_tier(followers, tier):
    assert size_tier([followers]).tolist() == [tier]
    assert SIZE_TIERS[size_tier_codes(followers)] == tier


def test_no_accounts():
    assert size_tier([]).size == 0


def test_negative_count_is_refused():
    with pytest.raises(ValueError, match=r">= 0"):
        size_tier([5, -1])


@given(st.lists(st.one_of(st.just(float("nan")), st.integers(0, 3_000_000)), max_size=30), st.randoms())
@settings(max_examples=40, deadline=None)
def test_rank_in_tier_counts_the_like_ranked_no_worse(followers, random):
    rank = list(range(1, len(followers) + 1))
    random.shuffle(rank)
    tiers = size_tier(np.array(followers, dtype=float)).tolist()
    expected = [
        0 if tier == "unknown" else sum(t == tier and r <= own for t, r in zip(tiers, rank, strict=True))
        for tier, own in zip(tiers, rank, strict=True)
    ]
    assert rank_in_tier(np.array(rank, dtype=int), np.array(followers, dtype=float)).tolist() == expected
