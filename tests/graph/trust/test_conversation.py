from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.statistics.intervals import wilson_interval
from graph.trust.clockwork import DAY
from graph.trust.conversation import (
    FIRST_MONDAY,
    MIN_OUTPUT,
    MIN_RECEIVED,
    MIN_SPEAKERS,
    WEEK,
    Answers,
    Messages,
    Output,
    converse,
)

NONE = float("nan")
HOUR = 3_600


def output_of(rows=(), *, is_complete=True):
    account, at, directed, words = zip(*rows, strict=True) if rows else ((),) * 4
    return Output(
        account=np.array(account, dtype=np.int64),
        at=np.array(at, dtype=float),
        is_directed=np.array(directed, dtype=bool),
        words=np.array(words, dtype=np.uint64),
        is_complete=is_complete,
    )


def messages_of(rows=()):
    account, member, at, answered_at, together = zip(*rows, strict=True) if rows else ((),) * 5
    answered = [when is not None for when in answered_at]
    return Messages(
        account=np.array(account, dtype=np.int64),
        member=np.array(member, dtype=np.int64),
        at=np.array(at, dtype=float),
        is_answered=np.array(answered, dtype=bool),
        answered_at=np.array([NONE if when is None else when for when in answered_at], dtype=float),
        shares_community=np.array(together, dtype=float),
    )


def answers_of(rows=()):
    account, wording = zip(*rows, strict=True) if rows else ((),) * 2
    return Answers(account=np.array(account, dtype=np.int64), wording=np.array(wording, dtype=np.int64))


def week_of(at):
    return None if np.isnan(at) else int((at - FIRST_MONDAY) // WEEK)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(10, 13),
            st.sampled_from([NONE, *(FIRST_MONDAY + n * 2.5 * DAY for n in range(9))]),
            st.sampled_from([None, NONE, 1.0, 5.0, 30.0]),
            st.sampled_from([NONE, 0.0, 1.0]),
        ),
        max_size=30,
    ),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([NONE, 5.0]), st.booleans(), st.integers(0, 2)),
        max_size=30,
    ),
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 3)), max_size=20),
)
def test_figures_are_what_loops_count(said, sent, wrote):
    together = {(row[0], row[1]): row[4] for row in said}  # a pair shares a community or not
    said = [(a, m, at, None if d is None else at + d * HOUR, together[a, m]) for a, m, at, d, _ in said]
    found = converse(4, output_of(sent), messages_of(said), answers_of(wrote))
    known_times = [at for _, _, at, _, _ in said if not np.isnan(at)]
    has_weeks = bool(known_times) and max(known_times) - min(known_times) >= 2 * WEEK
    for account in range(4):
        own = [row for row in said if row[0] == account]
        answered = [row for row in own if row[3] is not None]
        assert found.replies_received[account] == len(own)
        assert found.replies_answered[account] == len(answered)
        rate = len(answered) / len(own) if own else NONE
        assert found.answer_rate[account] == pytest.approx(rate, nan_ok=True)
        delays = [(when - at) / HOUR for _, _, at, when, _ in answered if not np.isnan(when - at)]
        assert found.answer_delay_hours[account] == pytest.approx(
            float(np.median(delays)) if delays else NONE, nan_ok=True
        )
        dyads = {row[1] for row in answered}
        back = {m for m in dyads if len({week_of(row[2]) for row in own if row[1] == m} - {None}) > 1}
        assert found.dyads[account] == len(dyads)
        assert found.returning_dyads[account] == (len(back) if has_weeks else 0)
        homes = [together[account, m] for m in dyads if not np.isnan(together[account, m])]
        assert found.shared_community_share[account] == pytest.approx(
            np.mean(homes) if homes else NONE, nan_ok=True
        )
        mine = [row for row in sent if row[0] == account]
        directed = len({row[3] for row in mine if row[2] and row[3]}) + sum(
            row[2] and not row[3] for row in mine
        )
        broadcast = sum(not row[2] for row in mine)
        share = directed / (directed + broadcast) if mine else NONE
        assert found.output_posts[account] == len(mine)
        assert found.directed_share[account] == pytest.approx(share, nan_ok=True)
        written = [row[1] for row in wrote if row[0] == account and row[1] >= 0]
        assert found.answers[account] == len(written)
        distinct = len(set(written)) / len(written) if written else NONE
        assert found.distinct_answer_share[account] == pytest.approx(distinct, nan_ok=True)
    measured = ~np.isnan(found.conversation)
    assert np.array_equal(measured, found.is_measured)
    values = found.conversation[measured]
    assert np.all(
        (found.conversation_low[measured] <= values + 1e-12)
        & (values <= found.conversation_high[measured] + 1e-12)
    )
    assert np.all((found.conversation_low[measured] >= 0) & (found.conversation_high[measured] <= 1))


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0, 1))
def test_a_shrunk_share_lies_in_the_interval_of_the_raw_one(hits, misses, typical):
    trials = hits + misses
    if not trials:
        return
    low, high = wilson_interval(hits, trials)
    shrunk = (hits + 1.959964**2 * typical) / (trials + 1.959964**2)
    assert low - 1e-6 <= shrunk <= high + 1e-6


def talk(account, received, answered, *, members=1, start=FIRST_MONDAY):
    return [
        (account, 100 + n % members, start + n * DAY, start + n * DAY + HOUR if n < answered else None, NONE)
        for n in range(received)
    ]


def posts(account, directed, broadcast, words=0):
    return [(account, NONE, n < directed, words) for n in range(directed + broadcast)]


def test_who_answers_stands_above_who_does_not_and_little_is_unsure():
    said = talk(0, 30, 24, members=10) + talk(1, 30, 0, members=10) + talk(2, 5, 4, members=5)
    sent = posts(0, 30, 20) + posts(1, 0, 50) + posts(2, 6, 4)
    found = converse(4, output_of(sent), messages_of(said), answers_of())
    assert found.conversation_low[0] > found.conversation_high[1]
    width = found.conversation_high - found.conversation_low
    assert width[2] > width[0]
    assert found.is_measured.tolist() == [True, True, True, False]
    assert np.isnan(found.conversation[3])


def test_pasted_answers_and_copied_messages_count_once():
    said = talk(0, 30, 30, members=10) + talk(1, 30, 30, members=10)
    sent = [(0, NONE, True, n + 1) for n in range(30)] + [(1, NONE, True, 7)] * 30
    wrote = [(0, n) for n in range(30)] + [(1, 99)] * 30
    found = converse(
        2, output_of(sent + posts(0, 0, 10) + posts(1, 0, 10)), messages_of(said), answers_of(wrote)
    )
    assert found.distinct_answer_share.tolist() == [1.0, pytest.approx(1 / 30)]
    assert found.directed_share.tolist() == [0.75, pytest.approx(1 / 11)]
    assert found.conversation[0] > 2 * found.conversation[1]


def test_silence_never_beats_the_typical_and_unknown_parts_drop_out_for_all():
    said = talk(0, 40, 40, members=8) + talk(1, 40, 4, members=8)
    sent = posts(0, 20, 20) + posts(1, 20, 20) + posts(2, 20, 20)
    found = converse(3, output_of(sent), messages_of(said), answers_of())
    assert found.conversation[1] < found.conversation[2] < found.conversation[0]
    assert found.conversation_high[2] - found.conversation_low[2] > 0.5
    alone = converse(
        3, output_of(posts(0, 20, 0) + posts(1, 20, 0), is_complete=False), messages_of(said), answers_of()
    )
    assert np.isnan(alone.directed_share).all()
    assert alone.is_measured.tolist() == [True, True, False]
    assert alone.conversation[0] > alone.conversation[1]


def test_nothing_sent_and_nothing_said():
    found = converse(2, output_of(), messages_of(), answers_of())
    assert not found.is_measured.any()
    assert np.isnan(found.conversation).all()
    assert found.replies_received.tolist() == [0, 0]
    few = converse(1, output_of(posts(0, 0, MIN_OUTPUT)), messages_of(), answers_of())
    assert not few.is_measured.any()  # nobody is answered in the data at all
    barely = converse(
        1, output_of(), messages_of(talk(0, MIN_RECEIVED, 0, members=MIN_SPEAKERS)), answers_of()
    )
    assert barely.is_measured.all()
    assert barely.conversation_high[0] > 0.2


def test_two_friends_are_no_audience():
    said = talk(0, 60, 60, members=2) + talk(1, 60, 60, members=20) + talk(2, 60, 0, members=20)
    found = converse(3, output_of(is_complete=False), messages_of(said), answers_of())
    assert found.is_measured.tolist() == [False, True, True]
    assert found.answer_rate[:2].tolist() == [1.0, 1.0]
    crowd = [
        (0, n, FIRST_MONDAY, None, NONE) for n in range(4)
    ]  # the one friend is answered, four others are not
    found = converse(
        2, output_of(), messages_of(talk(0, 60, 60) + crowd + talk(1, 64, 32, members=8)), answers_of()
    )
    assert found.conversation[0] < found.conversation[1]
