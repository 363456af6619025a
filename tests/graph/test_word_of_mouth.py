from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.audience import clean_audience
from graph.followers import UnknownAccountsError
from graph.word_of_mouth import SPOKEN_KINDS, UNKNOWN_WEEK, word_of_mouth

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
