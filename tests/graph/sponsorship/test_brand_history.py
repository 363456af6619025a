from __future__ import annotations

import math
from dataclasses import replace
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.sponsorship.brand_history import BrandPosts, brand_history, paid_performance, typical_of_category

PAID, OPEN, ORGANIC = (True, False), (True, True), (False, False)


def posts_of(*rows):
    """Rows of author, brand, day, (is_promotion, is_disclosed)."""
    columns = list(zip(*[(a, b, d, *kind) for a, b, d, kind in rows], strict=True)) or [[]] * 5
    kinds = (np.int64, np.int64, np.int64, bool, bool)
    return BrandPosts(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def test_a_story_read_by_hand():
    posts = posts_of(
        (0, 7, 0, ORGANIC),
        (0, 7, 10, PAID),
        (0, 7, 40, ORGANIC),
        (0, 3, 50, OPEN),
        (0, 4, 55, PAID),
        (0, 4, 300, PAID),  # after the window
        (1, 3, 60, ORGANIC),
    )
    history = brand_history(3, posts, window_end=60, rivals=np.array([[4, 7], [3, 9]]))
    assert history.brand_posts.tolist() == [5, 1, 0]
    assert history.brands_in_window.tolist()[:2] == [3, 0]
    assert history.hidden_brands_in_window.tolist()[:2] == [2, 0]
    assert np.isnan(history.hidden_brands_in_window[2])
    assert history.tenure_days[0] == 0.0  # 40, 0 and 0 days
    assert history.organic_first_share[0] == pytest.approx(1 / 3)
    assert history.return_mentions[0] == 1
    assert history.hidden_rival_gap_days[0] == 45
    assert np.isnan(history.hidden_rival_gap_days[1])
    expected = -(0.6 * math.log(0.6) + 2 * 0.2 * math.log(0.2)) / math.log(3)
    assert history.brand_entropy[0] == pytest.approx(expected)
    assert np.isnan(history.brand_entropy[1])


def test_no_rows_and_no_accounts():
    for n in (0, 2):
        history = brand_history(n, posts_of(), window_end=10, rivals=np.array([[0, 1]]))
        assert history.brand_posts.tolist() == [0] * n
        assert np.isnan(history.tenure_days).all()
    assert paid_performance(1, np.array([], dtype=int), np.array([], dtype=bool), np.array([])).size == 1


def test_paid_performance_by_medians():
    author = np.array([0] * 7 + [1] * 6 + [2] * 4)
    is_paid = np.array([True] * 3 + [False] * 4 + [True] * 3 + [False] * 3 + [True] * 2 + [False] * 2)
    engagement = np.array([1, 20, 1_000, 90, 110, 100, np.nan, 1, 2, 3, 0, 0, 0, 1, 1, 1, 1])
    ratio = paid_performance(3, author, is_paid, engagement)
    assert ratio[0] == pytest.approx(0.2)
    assert np.isnan(ratio[1:]).all()  # organic posts without engagement; too few posts


rows = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 4),
        st.integers(0, 150),
        st.sampled_from([PAID, OPEN, ORGANIC, (False, True)]),
    ),
    max_size=40,
)
rival_pairs = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] != p[1]), max_size=4
)


def slow_history(account, posts, rivals, window_end):
    own = [row for row in posts if row[0] == account and row[2] <= window_end]
    recent = [row for row in own if row[2] > window_end - 90]
    hidden = [row for row in own if row[3] == PAID]
    gaps = [
        abs(one[2] - other[2])
        for one in hidden
        for other in hidden
        if (one[1], other[1]) in rivals or (other[1], one[1]) in rivals
    ]
    tenures = []
    for brand in {row[1] for row in own}:
        days = [row[2] for row in own if row[1] == brand]
        tenures.append(max(days) - min(days))
    return {
        "hidden_brands_in_window": len({row[1] for row in recent if row[3] == PAID}) if recent else math.nan,
        "brands_in_window": len({row[1] for row in recent if any(row[3])}) if recent else math.nan,
        "hidden_rival_gap_days": min(gaps, default=math.nan),
        "tenure_days": median(tenures) if tenures else math.nan,
    }


@settings(max_examples=60, deadline=None)
@given(rows, rival_pairs)
def test_figures_agree_with_plain_loops(posts, rivals):
    history = brand_history(3, posts_of(*posts), window_end=120, rivals=np.array(rivals).reshape(-1, 2))
    for account in range(3):
        for name, expected in slow_history(account, posts, rivals, 120).items():
            assert getattr(history, name)[account] == pytest.approx(expected, nan_ok=True), name


@settings(max_examples=60, deadline=None)
@given(rows.filter(bool), rival_pairs, st.data())
def test_disclosing_a_post_never_raises_a_risk_figure(posts, rivals, data):
    before_posts = posts_of(*posts)
    candid = before_posts.is_disclosed.copy()
    candid[data.draw(st.integers(0, len(posts) - 1))] = True
    options = {"window_end": 120, "rivals": np.array(rivals).reshape(-1, 2)}
    before = brand_history(3, before_posts, **options)
    after = brand_history(3, replace(before_posts, is_disclosed=candid), **options)
    rise = after.hidden_brands_in_window > before.hidden_brands_in_window
    assert not rise.any()
    assert np.array_equal(np.isnan(after.hidden_brands_in_window), np.isnan(before.hidden_brands_in_window))
    smaller = np.nan_to_num(after.hidden_rival_gap_days, nan=np.inf) < np.nan_to_num(
        before.hidden_rival_gap_days, nan=np.inf
    )
    assert not smaller.any()
    closer = after.hidden_rival_closeness > before.hidden_rival_closeness
    assert not closer.any()
    assert np.array_equal(np.isnan(after.hidden_rival_closeness), np.isnan(before.hidden_rival_closeness))
    np.testing.assert_allclose(after.brand_entropy, before.brand_entropy)


def test_an_account_is_compared_inside_the_category_that_it_speaks_of_most():
    entropy = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.9, np.nan, 0.7])
    author = np.array([0, 1, 2, 3, 4, 5, 6, 0, 5, 5])
    category = np.array([1, 1, 1, 1, 1, 2, 1, 1, 2, 1])
    found = typical_of_category(entropy, author, category)
    assert found.category.tolist() == [1, 1, 1, 1, 1, 2, 1, -1]
    np.testing.assert_allclose(found.typical, [0.3] * 5 + [np.nan] * 3)
    assert found.compared.tolist() == [5] * 5 + [0] * 3
    nowhere = typical_of_category(entropy, author, np.full(10, -1))
    assert (nowhere.category == -1).all()
    assert typical_of_category(np.zeros(0), np.zeros(0, int), np.zeros(0, int)).typical.size == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 2)), max_size=30),
    st.lists(st.sampled_from([0.0, 0.5, 1.0, math.nan]), min_size=7, max_size=7),
)
def test_medians_of_categories_agree_with_plain_loops(rows, values):
    author = np.array([row[0] for row in rows], dtype=np.int64)
    category = np.array([row[1] for row in rows], dtype=np.int64)
    found = typical_of_category(np.array(values), author, category, fewest=2)
    most = {}
    for account in range(7):
        named = [row[1] for row in rows if row[0] == account and row[1] >= 0]
        most[account] = min(set(named), key=lambda one: (-named.count(one), one)) if named else -1
    assert found.category.tolist() == list(most.values())
    for account in range(7):
        like = [values[one] for one in range(7) if most[one] == most[account] and not math.isnan(values[one])]
        is_known = most[account] >= 0 and not math.isnan(values[account]) and len(like) >= 2
        expected = median(like) if is_known else math.nan
        assert found.typical[account] == pytest.approx(expected, nan_ok=True)
