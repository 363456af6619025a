"""Sentences about the parts of trust: what is known is said, what is not known is left out."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.trust.audience import REASONS
from graph.trust.bridges import LEFT_FROM
from pipelines.report import trust_words

NOTHING = dict.fromkeys(
    (
        "conversation", "conversation_low", "conversation_high", "directed_share", "replies_received",
        "replies_answered", "answer_rate", "answer_rate_low", "answer_rate_high", "answer_delay_hours",
        "distinct_answer_share", "dyads", "returning_dyads", "clockwork_share", "tone", "tone_low",
        "tone_high", "tone_messages", "tone_coverage", "momentum", "momentum_change", "momentum_runs",
        "first_paid_at", "is_before_paid",
    )
)  # fmt: skip
# whatever the published bounds let through, and what is no number
FIGURES = st.one_of(
    st.none(), st.floats(0, 1), st.floats(-1e12, 1e12), st.sampled_from([float("nan"), float("inf")])
)


def row(**known):
    return {**NOTHING, **known}


@pytest.mark.parametrize(
    ("stated", "cleaned", "said"),
    [
        (409.8, 344.9, "410 by the list's own weights, 345 after cleaning"),
        (566.0, 470.0, "470 after cleaning"),
        (None, 344.9, "345 by the list's own weights and after cleaning"),
        (None, None, ""),
    ],
)
def test_what_the_list_says_of_its_members_is_not_booked_as_cleaning(stated, cleaned, said):
    run = {"audience_size": 566, "audience_size_stated": stated, "audience_size_cleaned": cleaned}
    assert trust_words.counted_members(run).partition(" (")[0] == said


def test_every_reason_of_a_weight_has_words():
    assert set(trust_words.WEIGHT_REASONS) == set(REASONS)


def test_one_member_counts_and_two_count():
    for reason in trust_words.WEIGHT_REASONS:
        one, two = (trust_words.weight_reason(reason, n) for n in (1, 2))
        assert one != two
        assert two == trust_words.weight_reason(reason, 0)
        assert one.split()[0].endswith("s")
    assert trust_words.weight_reason("of_a_later_release", 1) == "of a later release"


@pytest.mark.parametrize(
    ("unusual", "members", "said"),
    [
        (0, 1, "after cleaning (10.0 %). What such"),
        (1, 1, "1 of its 1 member has a profile that looks unusual or is mostly empty, or acts in step"),
        (1, 30, "1 of its 30 members has a profile that looks unusual or is mostly empty, or acts in step"),
        (2, 30, "2 of its 30 members have a profile that looks unusual or is mostly empty, or act in step"),
    ],
)
def test_why_a_group_is_hollow(unusual, members, said):
    assert said in trust_words.hollow({"weight_kept": 0.1, "unusual_members": unusual, "members": members})


@pytest.mark.parametrize(
    ("messages", "coverage", "runs", "told"),
    [
        (1, None, 1, ("1 message could be read", "over 1 run.")),
        (1, 1.0, 1, ("1 of 1 message (100.0 %)", "over 1 run.")),
        (1, 0.5, 2, ("1 of 2 messages (50.0 %)", "over 2 runs.")),
        (30, None, 12, ("30 messages could be read", "over 12 runs.")),
    ],
)
def test_messages_and_runs_are_counted(messages, coverage, runs, told):
    known = row(
        tone=0.5, tone_messages=messages, tone_coverage=coverage, momentum="rising", momentum_runs=runs
    )
    assert told[0] in trust_words.tone(known)
    assert trust_words.momentum(known).endswith(told[1])


def test_what_is_not_known_makes_no_sentence():
    assert trust_words.conversation_sentences(row()) == []
    assert trust_words.tone(row()) == ""
    assert trust_words.momentum(row()) == ""
    assert trust_words.stability(None) == ""


@given(
    st.fixed_dictionaries({name: FIGURES for name in NOTHING if name not in {"momentum", "first_paid_at"}})
)
def test_no_figure_at_all_breaks_a_sentence(figures):
    said = [*trust_words.conversation_sentences(row(**figures)), trust_words.tone(row(**figures))]
    assert not any(word in sentence for sentence in said for word in ("None", "nan", "inf"))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, ""),
        (0.4, ", half of them within the hour"),
        (1.2, ", half of them within 1 hour"),
        (5.2, ", half of them within 5 hours"),
        (60.0, ", half of them within 2 days"),
    ],
)
def test_how_many_are_answered_and_how_soon(hours, words):
    found = trust_words.answers(
        row(
            replies_received=300, replies_answered=12, answer_rate=0.04, answer_rate_low=0.02,
            answer_rate_high=0.07, answer_delay_hours=hours, speakers=80,
        )
    )  # fmt: skip
    of_all = "12 of 300 messages from 80 members"
    assert found == f"Answers 4.0 % (2.0–7.0 %) of what members write to it: {of_all}{words}."


def test_a_file_that_does_not_count_those_who_write_says_members():
    known = row(replies_received=6, replies_answered=0, answer_rate=0.0)
    assert trust_words.answers(known).endswith("of what members write to it: 0 of 6 messages from members.")
    assert trust_words.answers(known | {"speakers": 1}).endswith("0 of 6 messages from 1 member.")


def test_too_few_to_tell_is_said():
    few = row(replies_received=3, replies_answered=3, answer_rate=1.0, distinct_answer_share=1.0, dyads=3)
    assert trust_words.conversation_sentences({**few, "returning_dyads": 1}) == [
        "Members spoke to it 3 times, too few to tell whether it answers."
    ]
    assert trust_words.answer_share(few) is None
    assert "to it once, too few" in trust_words.answers(row(replies_received=1))
    assert trust_words.answers(row(replies_received=0)) == ""


@pytest.mark.parametrize(
    ("tone", "low", "high", "coverage", "word"),
    [
        (0.5, 0.3, 0.7, 0.4, "mostly friendly"),
        (-0.5, -0.7, -0.3, 0.4, "mostly critical"),
        (0.5, -0.1, 0.9, 0.4, "mixed or not clear"),
        (0.1, 0.05, 0.15, 0.9, "mixed or not clear"),
        (0.9, 0.8, 1.0, 0.1, "mixed or not clear"),
        (0.9, 0.8, 1.0, None, "mixed or not clear"),
    ],
)
def test_tone_is_coarse_and_says_how_much_was_read(tone, low, high, coverage, word):
    known = row(tone=tone, tone_low=low, tone_high=high, tone_coverage=coverage, tone_messages=90)
    said = trust_words.tone(known)
    assert said.startswith(f"Tone, coarsely: {word}; 90 ")
    assert said.endswith("could be read. It never enters the ranking.")
    assert ("90 of 225 messages (40.0 %)" in said) == (coverage == 0.4)


def test_stability_in_words():
    assert [trust_words.stability(value) for value in (0.85, 0.84, 0.5, 0.1)] == [
        "holds together well",
        "holds together",
        "has loose edges",
        "dissolves when its ties vary a little",
    ]


def test_momentum_in_words():
    rising = row(momentum="rising", momentum_change=0.031, momentum_runs=5)
    assert trust_words.momentum(rising) == "Rising: trust +0.03 per 30 days over 5 runs."
    assert trust_words.momentum(row(momentum="steady", momentum_runs=3)) == "Steady over 3 runs."
    steady = row(momentum="steady", momentum_change=0.011, momentum_runs=3)
    assert trust_words.momentum(steady) == (
        "Steady: trust +0.01 per 30 days over 3 runs, which is not beyond chance."
    )
    assert trust_words.momentum(row(momentum="not_enough_data", momentum_runs=1)) == ""


def test_changes_have_the_unit_of_what_changes():
    assert trust_words.change({"quantity": "answer_rate", "change": 0.031}, "change") == "+3.1 pp"
    assert trust_words.change({"quantity": "trust", "change": -0.031}, "change") == "-0.03"
    assert trust_words.change({"quantity": "trust", "change": None}, "change") == "–"


def test_what_was_paid_is_told_without_a_verdict():
    when = datetime(2026, 5, 1)  # noqa: DTZ001 - the file is UTC, naive
    assert trust_words.paid(row()) == "no paid post seen"
    paid = "paid or labelled post first seen 2026-05-01"
    assert trust_words.paid(row(first_paid_at=when, is_before_paid=False)) == paid
    assert trust_words.paid(row(first_paid_at=when, is_before_paid=True)) == f"{paid}, spoke of it before"
    assert trust_words.day(None) == "–"


def test_a_group_that_cleaning_hollows_out_is_told_as_such_and_blamed_for_nothing():
    group = {"weight_kept": 0.09, "unusual_members": 33, "members": 34}
    told = trust_words.hollow(group)
    assert told.startswith(
        "Next to nothing of its weight is left after cleaning (9.0 %). 33 of its 34 members "
    )
    assert told.endswith("it says nothing against whom it follows.")
    assert trust_words.hollow(group | {"weight_kept": 0.49}).startswith("Less than half of its weight")
    assert "members" not in trust_words.hollow(group | {"unusual_members": 0})
    assert not trust_words.hollow(group | {"weight_kept": trust_words.HOLLOW_BELOW})
    assert not trust_words.hollow(group | {"weight_kept": None})
    assert trust_words.HOLLOW_BELOW == LEFT_FROM
