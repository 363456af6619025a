from __future__ import annotations

import pytest

from graph.size_tiers import SIZE_TIERS, size_tier, size_tier_codes


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
