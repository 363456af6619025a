from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.network.followers import UnknownAccountsError
from graph.trust.audience import clean_audience
from graph.trust.word_of_mouth import (
    SPOKEN_KINDS,
    UNKNOWN_TIME,
    UNKNOWN_WEEK,
    TalkDetails,
    example_rows,
    spread,
    word_of_mouth,
)

KINDS = ["like", "repost", "mention", "quote", "reply"]


def audience_of(members, weights=None):
    return clean_audience(np.array(members, dtype=np.uint32), weights, None, None, None)


def count(n_accounts, audience, rows, *, weeks=True, events=True):
    actor, target, kind, week, times = zip(*rows, strict=True) if rows else ((),) * 5
    return word_of_mouth(
        n_accounts,
        audience,
        np.array(actor, dtype=np.uint32),
        np.array(target, dtype=np.uint32),
        np.array(kind, dtype=object),
        np.array(week, dtype=np.int64) if weeks else None,
        events=np.array(times, dtype=np.int64) if events else None,
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.integers(0, 5),
            st.sampled_from(KINDS),
            st.integers(UNKNOWN_WEEK, 3),
            st.integers(0, 3),
        ),
        max_size=40,
    ),
    st.dictionaries(st.integers(0, 5), st.sampled_from([0.0, 0.5, 1.0])),
)
def test_figures_are_what_sets_of_voices_and_weeks_say(rows, weights):
    result = count(6, audience_of(list(weights), list(weights.values())), rows)
    spoken = [
        row for row in rows if row[0] in weights and row[0] != row[1] and row[2] in SPOKEN_KINDS and row[4]
    ]
    for account in range(6):
        about = [row for row in spoken if row[1] == account]
        voices = {row[0] for row in about}
        assert result.voices[account] == len(voices)
        assert result.voices_cleaned[account] == pytest.approx(sum(weights[voice] for voice in voices))
        assert result.weeks[account] == len({row[3] for row in about} - {UNKNOWN_WEEK})
        assert result.events[account] == sum(row[4] for row in about)
    members = list(weights)
    pairs = {
        (members[member], int(account))
        for member, account in zip(result.pair_member, result.pair_account, strict=True)
    }
    assert pairs == {(row[0], row[1]) for row in spoken}
    assert result.pair_member.size == len(pairs)


def test_a_thousand_messages_by_one_member_are_one_voice():
    result = count(3, audience_of([0, 1]), [(0, 2, "mention", 1, 1000), (0, 2, "quote", 1, 5)])
    assert (result.voices[2], result.weeks[2], result.events[2]) == (1, 1, 1005)


def test_outsiders_likes_and_talk_about_oneself_do_not_count():
    rows = [(5, 2, "mention", 0, 1), (0, 2, "like", 0, 1), (0, 2, "reply", 0, 1), (0, 0, "mention", 0, 1)]
    result = count(6, audience_of([0, 1]), rows)
    assert not result.voices.any()
    assert not result.events.any()


def test_rows_without_times_or_counts_are_one_event_each_in_no_week():
    rows = [(0, 2, "mention", 9, 7), (1, 2, "repost", 9, 7)]
    result = count(3, audience_of([0, 1]), rows, weeks=False, events=False)
    assert (result.voices[2], result.weeks[2], result.events[2]) == (2, 0, 2)


def test_nothing_said_and_nobody_listening():
    assert count(3, audience_of([0, 1]), []).voices.tolist() == [0, 0, 0]
    assert count(3, audience_of([]), [(0, 1, "mention", 0, 1)]).voices.tolist() == [0, 0, 0]


def test_unknown_accounts_are_listed():
    with pytest.raises(UnknownAccountsError, match="8, 9"):
        count(3, audience_of([0]), [(0, 9, "mention", 0, 1), (8, 0, "mention", 0, 1)])


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from(KINDS),
        st.integers(UNKNOWN_WEEK, 3),
        st.integers(0, 3),
        st.booleans(),
        st.one_of(st.just(UNKNOWN_TIME), st.integers(-5, 50)),
        st.integers(0, 9),
    ),
    max_size=40,
)
WEIGHTS = st.dictionaries(st.integers(0, 5), st.sampled_from([0.0, 0.5, 1.0]), min_size=1)


def count_in_full(audience, rows, community=None):
    """Rows with actor, target, kind, week, events, is_prompted, first_at, and from there to the last one."""
    actor, target, kind, week, times, called, first, later = zip(*rows, strict=True) if rows else ((),) * 8
    start = np.array(first, dtype=np.int64)
    return word_of_mouth(
        6,
        audience,
        np.array(actor, dtype=np.uint32),
        np.array(target, dtype=np.uint32),
        np.array(kind, dtype=object),
        np.array(week, dtype=np.int64),
        events=np.array(times, dtype=np.int64),
        details=TalkDetails(
            is_prompted=np.array(called, dtype=bool),
            first_at=start,
            last_at=np.where(start == UNKNOWN_TIME, UNKNOWN_TIME, start + np.array(later, dtype=np.int64)),
            community=community,
        ),
    )


@settings(max_examples=80, deadline=None)
@given(ROWS, WEIGHTS, st.lists(st.integers(-1, 2), min_size=6, max_size=6))
def test_what_is_called_for_and_where_and_when_agree_with_sets(rows, weights, homes):
    members = list(weights)
    community = np.array(homes[: len(members)], dtype=np.int32)
    result = count_in_full(audience_of(members, list(weights.values())), rows, community)
    spoken = [
        row for row in rows if row[0] in weights and row[0] != row[1] and row[2] in SPOKEN_KINDS and row[4]
    ]
    for account in range(6):
        about = [row for row in spoken if row[1] == account]
        own = [row for row in about if not row[5]]
        voices = {row[0] for row in own}
        assert result.voices[account] == len(voices)
        assert result.events[account] == sum(row[4] for row in own)
        assert result.prompted_voices[account] == len({row[0] for row in about} - voices)
        groups = {homes[members.index(voice)] for voice in voices} - {-1}
        assert result.communities[account] == len(groups)
        starts = [row[6] for row in own if row[6] != UNKNOWN_TIME]
        ends = [row[6] + row[7] for row in own if row[6] != UNKNOWN_TIME]
        assert result.first_at[account] == min(starts, default=UNKNOWN_TIME)
        assert result.last_at[account] == max(ends, default=UNKNOWN_TIME)
        by_week = [
            len({row[0] for row in own if row[3] == week}) for week in {row[3] for row in own if row[3] >= 0}
        ]
        if by_week:
            share = np.array(by_week) / sum(by_week)
            assert result.effective_weeks[account] == pytest.approx(np.prod(share**-share))
        else:
            assert np.isnan(result.effective_weeks[account])


@settings(max_examples=40, deadline=None)
@given(ROWS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(rows, weights, random):
    audience = audience_of(list(weights), list(weights.values()))
    community = np.zeros(len(weights), dtype=np.int32)
    shuffled = random.sample(rows, len(rows))
    first, second = (count_in_full(audience, order, community) for order in (rows, shuffled))
    for name, value in vars(first).items():
        np.testing.assert_allclose(value, getattr(second, name), err_msg=name)


@settings(max_examples=40, deadline=None)
@given(ROWS, WEIGHTS, st.integers(0, 39), st.sampled_from(SPOKEN_KINDS), st.integers(1, 5))
def test_more_messages_of_a_voice_are_no_more_voices(rows, weights, pick, kind, times):
    assume(rows)
    audience = audience_of(list(weights), list(weights.values()))
    before = count_in_full(audience, rows)
    again = list(rows[pick % len(rows)])
    assume(again[2] in SPOKEN_KINDS and again[4])
    again[2], again[4] = kind, times
    after = count_in_full(audience, [*rows, tuple(again)])
    for name in ("voices", "voices_cleaned", "weeks", "effective_weeks", "prompted_voices", "pair_member"):
        np.testing.assert_allclose(getattr(before, name), getattr(after, name), err_msg=name)


@settings(max_examples=40, deadline=None)
@given(ROWS, WEIGHTS)
def test_a_call_takes_voices_away_and_adds_as_many_prompted_ones(rows, weights):
    audience = audience_of(list(weights), list(weights.values()))
    uncalled = count_in_full(audience, [(*row[:5], False, *row[6:]) for row in rows])
    called = count_in_full(audience, rows)
    assert ((called.voices + called.prompted_voices) == uncalled.voices).all()
    assert (called.events <= uncalled.events).all()
    assert not uncalled.prompted_voices.any()


def test_one_burst_and_talk_that_is_spread():
    burst = [(voice, 5, "mention", 1, 1) for voice in range(4)]
    spread = [(voice, 5, "mention", voice, 1) for voice in range(4)]
    loud = [*burst, *((0, 5, "mention", week, 100) for week in (2, 3))]
    for rows, weeks, effective in ((burst, 1, 1.0), (spread, 4, 4.0), (loud, 3, (6**6 / 4**4) ** (1 / 6))):
        result = count(6, audience_of([0, 1, 2, 3]), rows)
        assert result.weeks[5] == weeks
        assert result.effective_weeks[5] == pytest.approx(effective)


def test_unknown_communities_are_not_none_of_them():
    result = count(6, audience_of([0, 1]), [(0, 2, "mention", 0, 1)])
    assert result.communities is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 2), st.integers(0, 5)), max_size=30
    ),
    st.integers(1, 3),
)
def test_examples_are_the_best_rows_of_distinct_voices(rows, most):
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    picked = example_rows(*columns.T, most=most)
    for account in range(4):
        mine = [rows[row] for row in picked if rows[row][0] == account]
        best = {}
        for _, voice, preference, moment in (row for row in rows if row[0] == account):
            best[voice] = min(best.get(voice, (9, 9)), (preference, moment))
        expected = sorted((*value, voice) for voice, value in best.items())[:most]
        assert [(preference, moment, voice) for _, voice, preference, moment in mine] == expected


def talk_of(rows):
    """Word of mouth about account 9 from (member, post passed on or -1 for own words)."""
    members = sorted({voice for voice, _ in rows})
    voice, occasion = (np.array(column) for column in zip(*rows, strict=True))
    return word_of_mouth(
        10,
        audience_of(members),
        voice.astype(np.uint32),
        np.full(voice.size, 9, dtype=np.uint32),
        np.full(voice.size, "repost", dtype=object),
        None,
        details=TalkDetails(occasion=occasion),
    )


def test_one_post_that_went_round_is_one_occasion():
    found = talk_of([(voice, 4) for voice in range(6)])
    assert found.voices[9] == 6
    assert found.effective_occasions[9] == pytest.approx(1.0)
    assert spread(found.effective_occasions, found.voices)[9] == pytest.approx(6**-0.5)


def test_own_words_and_different_posts_are_occasions_of_their_own():
    for rows in ([(voice, -1) for voice in range(6)], [(voice, voice) for voice in range(6)]):
        found = talk_of(rows)
        assert found.effective_occasions[9] == pytest.approx(6.0)
        assert spread(found.effective_occasions, found.voices)[9] == pytest.approx(1.0)


def test_nobody_who_is_not_spoken_of_loses_anything():
    found = talk_of([(0, 1)])
    told = spread(found.effective_occasions, found.voices)
    assert told.tolist() == [1.0] * 10


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(-1, 4)), min_size=1, max_size=40))
def test_effective_occasions_are_those_of_distinct_voices_per_post(rows):
    found = talk_of(rows)
    said = {(voice, ("own", voice) if post < 0 else post) for voice, post in rows}
    posts = [post for _, post in said]
    share = np.array([posts.count(post) for post in set(posts)]) / len(posts)
    assert found.effective_occasions[9] == pytest.approx(np.prod(share**-share))
    assert 0 < spread(found.effective_occasions, found.voices)[9] <= 1
