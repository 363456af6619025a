from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.together import meeting_chances, meetings
from graph.together.coordination import MIN_OBJECTS, coordinated_sharing
from graph.together.meetings import MIN_REPEATS, WINDOWS_S, ShareError

DAY_S = 86_400


class Network:
    """People who pass on popular posts in their own time, and whatever a test adds."""

    def __init__(self, seed, n=400, n_posts=300, n_acts=6_000):
        self.rng = np.random.default_rng(seed)
        self.n = n
        self.source = self.rng.integers(0, 30, n_posts)
        self.appeared = np.sort(self.rng.integers(0, 60 * DAY_S, n_posts))
        appeal = self.rng.pareto(1.5, n_posts) + 0.1
        self.rows = []
        self.share(self.rng.integers(0, n, n_acts), self.rng.choice(n_posts, n_acts, p=appeal / appeal.sum()))

    def share(self, actor, post, delay=None):
        delay = 18_000 * np.exp(1.6 * self.rng.standard_normal(np.size(actor))) if delay is None else delay
        self.rows.append(np.stack(np.broadcast_arrays(actor, post, np.asarray(delay, dtype=np.int64))))

    def amplify(self, members, n_targets, jitter_s, *, at_once=False):
        posts = self.rng.choice(self.source.size, n_targets, replace=False)
        start = np.zeros(n_targets) if at_once else self.rng.exponential(20_000, n_targets)
        who, what = np.nonzero(self.rng.random((len(members), n_targets)) < 0.7)
        delay = start[what] + self.rng.uniform(0, jitter_s, who.size)
        self.share(np.asarray(members)[who], posts[what], delay)

    def found(self, **options):
        actor, post, delay = np.concatenate([rows.reshape(3, -1) for rows in self.rows], axis=1)
        shared_at = self.appeared[post] + np.maximum(delay, 1)
        options = {"source": self.source[post], "appeared": self.appeared[post]} | options
        return coordinated_sharing(self.n, actor, post, shared_at, **options)


@pytest.mark.parametrize("jitter_s", [20, 500])
def test_accounts_that_share_in_step_are_told_from_all_others(jitter_s):
    network = Network(1)
    network.amplify(range(12), 20, jitter_s)
    found = network.found()
    assert np.flatnonzero(found.partners > 0).tolist() == list(range(12))
    assert [group.members.tolist() for group in found.groups] == [list(range(12))]
    assert jitter_s / 3 < found.groups[0].window_s <= 3 * jitter_s
    assert np.nanmin(found.score[:12]) > np.nanmax(found.score[12:])
    assert found.groups[0].repeats > 3 * found.groups[0].expected


def test_whoever_is_quick_at_everything_is_found_by_what_it_shares():
    network = Network(2, n_posts=2_000)
    network.rows = [rows[:, rows[0] >= 8] for rows in network.rows]
    network.amplify(range(8), 25, 15, at_once=True)
    found = network.found()
    assert set(np.flatnonzero(found.partners > 0)) == set(range(8))


def test_fans_feeds_and_hot_posts_are_no_coordination():
    network = Network(3)
    idol, outlet = np.flatnonzero(network.source == 3), np.flatnonzero(network.source == 5)
    who, what = np.meshgrid(np.arange(15), idol)
    network.share(who, what, network.rng.exponential(40, who.shape))
    who, what = np.meshgrid(np.arange(15, 20), outlet)
    network.share(who, what, network.rng.uniform(1, 15, who.shape))
    for post in range(0, 300, 30):
        network.share(network.rng.permutation(network.n)[:150], post, network.rng.exponential(900, 150))
    found = network.found()
    assert not found.groups
    assert (found.partners > 0).sum() == 0


def test_an_ordinary_network_has_no_groups():
    found = Network(4).found()
    assert not found.groups
    assert (found.partners > 0).sum() == 0


def test_the_same_comes_out_whatever_the_order_and_the_names():
    network = Network(5, n=100, n_acts=2_000)
    network.amplify(range(6), 12, 30)
    actor, post, delay = np.concatenate([rows.reshape(3, -1) for rows in network.rows], axis=1)
    at = network.appeared[post] + np.maximum(delay, 1)
    first = coordinated_sharing(100, actor, post, at, seed=1)
    again = coordinated_sharing(100, actor[::-1], 7 * post[::-1] - 3, at[::-1], seed=1)
    assert np.array_equal(first.partners, again.partners)
    np.testing.assert_allclose(first.score, again.score)
    assert [group.members.tolist() for group in first.groups] == [g.members.tolist() for g in again.groups]


def test_nothing_to_go_on():
    nothing = np.array([], dtype=np.int64)
    for n in (0, 3):
        found = coordinated_sharing(n, nothing, nothing, nothing)
        assert np.isnan(found.score).all()
        assert np.isnan(found.threshold)
        assert found.groups == []


def test_few_objects_are_unknown_and_going_alone_is_zero():
    found = coordinated_sharing(2, np.array([0, 0, 1, 1, 1]), np.arange(5), np.arange(5))
    assert np.isnan(found.score[0])
    assert found.score[1] == 0.0


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ShareError, match="same length"):
        coordinated_sharing(2, np.array([0, 1]), np.array([0]), np.array([0, 1]))


def test_caps_leave_the_planted_group_in_sight(monkeypatch):
    monkeypatch.setattr(meetings, "MOST_ACTS", 40)
    monkeypatch.setattr(meetings, "MOST_MEETINGS", 6_000)
    monkeypatch.setattr(meeting_chances, "MOST_PAIRS", 300)
    network = Network(6)
    network.amplify(range(12), 20, 10)
    found = network.found(n_shuffles=1)
    assert np.flatnonzero(found.partners > 0).tolist() == list(range(12))


def slow_repeats(rows):
    """Pairs to their gaps on each object that both shared within the widest window, by plain loops."""
    first = {}
    for actor, object_, at in rows:
        first[actor, object_] = min(at, first.get((actor, object_), at))
    gaps = {}
    for (u, object_), at in first.items():
        for (v, other), when in first.items():
            if u < v and object_ == other and abs(at - when) <= WINDOWS_S[-1]:
                gaps.setdefault((u, v), []).append(abs(at - when))
    return {pair: found for pair, found in gaps.items() if len(found) >= MIN_REPEATS}


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 5), st.integers(-3, 3), st.integers(0, 8_000)), min_size=1, max_size=50
    )
)
def test_repeats_agree_with_plain_loops(rows):
    actor, object_, at = np.array(rows, dtype=np.int64).T
    found = coordinated_sharing(6, actor, object_, at, n_shuffles=1)
    expected = slow_repeats(rows)
    pairs = list(zip(found.pairs.first.tolist(), found.pairs.second.tolist(), strict=True))
    assert sorted(pairs) == sorted(expected)
    for pair, repeats, window in zip(pairs, found.pairs.repeats, found.pairs.window_s, strict=True):
        assert repeats == sum(gap <= window for gap in expected[pair])
    objects = [len({object_ for actor, object_, _ in rows if actor == node}) for node in range(6)]
    assert found.n_objects.tolist() == objects
    assert (np.isnan(found.score) == (np.array(objects) < MIN_OBJECTS)).all()
    assert (found.pairs.expected >= 0).all()
    assert np.nan_to_num(found.score).min() >= 0
