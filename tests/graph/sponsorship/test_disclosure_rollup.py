from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.sponsorship.disclosure import POST_CLASSES
from graph.sponsorship.disclosure_rollup import disclosure_by_account

DISCLOSED = POST_CLASSES.index("disclosed_paid")
SUSPECTED = POST_CLASSES.index("suspected_undisclosed")
ORGANIC = POST_CLASSES.index("organic")


def test_three_of_forty_disclosed_and_about_nine_more_look_paid():
    classes = np.array([DISCLOSED] * 3 + [SUSPECTED] * 10 + [ORGANIC] * 27)
    hidden = np.array([0.0] * 3 + [0.9] * 10 + [0.0] * 27)
    rollup = disclosure_by_account(2, np.zeros(40, dtype=int), classes, hidden)
    assert rollup.n_posts.tolist() == [40, 0]
    assert rollup.disclosed_posts[0] == 3
    assert rollup.hidden_posts[0] == pytest.approx(9.0)
    assert rollup.hidden_share[0] == pytest.approx(9 / 40)
    assert rollup.hidden_share_low[0] < 9 / 40 < rollup.hidden_share_high[0]
    assert np.isnan(rollup.hidden_share[1])


def test_the_interval_holds_the_share_where_nothing_or_all_of_it_looks_hidden():
    author, classes = np.repeat([0, 1, 2], 40), np.full(120, ORGANIC)
    hidden = np.repeat([0.0, 1e-6, 1.0], 40)  # nothing, hardly anything, everything
    rollup = disclosure_by_account(3, author, classes, hidden)
    assert rollup.hidden_share_low[0] == 0.0
    assert rollup.hidden_share_high[2] == 1.0
    assert (rollup.hidden_share_low <= rollup.hidden_share).all()
    assert (rollup.hidden_share <= rollup.hidden_share_high).all()


def test_few_posts_and_no_accounts():
    few = disclosure_by_account(1, np.zeros(9, dtype=int), np.full(9, ORGANIC), np.zeros(9))
    assert np.isnan(few.hidden_share_high[0])
    nothing = np.array([], dtype=int)
    assert disclosure_by_account(0, nothing, nothing, nothing.astype(float)).n_posts.size == 0


posts = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, len(POST_CLASSES) - 1), st.floats(0, 1)),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(posts, st.data())
def test_sums_agree_with_a_loop_and_disclosing_never_raises_them(rows, data):
    author, classes, hidden = (np.array(column) for column in zip(*rows, strict=True))
    rollup = disclosure_by_account(3, author, classes, hidden, min_posts=1)
    for account in range(3):
        own = [row for row in rows if row[0] == account]
        assert rollup.n_posts[account] == len(own)
        assert rollup.hidden_posts[account] == pytest.approx(sum(row[2] for row in own))
        for place, name in enumerate(POST_CLASSES):
            assert rollup.counts[name][account] == sum(row[1] == place for row in own)
    disclosed = data.draw(st.integers(0, len(rows) - 1))
    classes[disclosed], hidden[disclosed] = DISCLOSED, 0.0
    honest = disclosure_by_account(3, author, classes, hidden, min_posts=1)
    for name in ("hidden_posts", "hidden_share", "hidden_share_low", "hidden_share_high"):
        before, after = getattr(rollup, name), getattr(honest, name)
        assert (np.isnan(before) | (after <= before + 1e-9)).all()
