"""The statements on who speaks with whom, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

import pytest

from tests.sql.tables import at, indexed, shuffles

PEOPLE = indexed("voice", "member", "brand", "outsider", "third")
VOICE, MEMBER, BRAND, OUTSIDER, THIRD = range(5)
WHO = {
    "accounts": PEOPLE,
    "attended": [{"node": VOICE}, {"node": BRAND}],
    "members": [{"node": MEMBER}, {"node": THIRD}],
    "brands": [{"brand": "B", "account_id": "brand"}],
}


def sent(act, author, target, second, kind="reply", **more):
    """One row of acts."""
    row = {"act": act, "own_id": act, "author": author, "target": target, "kind": kind, "sent_at": second}
    return {**row, "is_to_a_person": target is not None, "words": 0, **more}


def test_acts_stand_once_however_often_they_were_delivered(run):
    posts = [
        {"post_id": "p", "author_id": "voice", "posted_at": at(1), "text": "Good day, all!"},
        {"post_id": "q", "author_id": "member", "posted_at": at(2), "text": "@Voice GOOD day all 🙏",
         "reply_to_post_id": "p"},
        {"post_id": "rt", "author_id": "member", "posted_at": at(3), "text": "RT @voice: good day"},
        {"post_id": "tag", "author_id": "voice", "posted_at": at(4), "text": "with @brand and @third"},
        {"post_id": "else", "author_id": "outsider", "posted_at": at(5), "text": "hm"},
    ]  # fmt: skip

    def act(actor, target, kind, day, post_id=None):
        return {
            "actor_id": actor,
            "target_id": target,
            "kind": kind,
            "occurred_at": at(day),
            "post_id": post_id,
        }

    interactions = [
        act("member", "voice", "reply", 2, "p"),  # q again, by what it answers
        act("member", "voice", "reply", 2),  # and by its second
        act("member", "voice", "mention", 2, "q"),
        act("member", "voice", "mention", 3, "rt"),  # somebody else's words
        act("voice", "third", "mention", 4, "tag"),
        act("voice", "brand", "mention", 4),  # found by the second alone
        act("voice", "voice", "mention", 4),
        act("voice", "outsider", "like", 4),
        act("third", "voice", "quote", 6),  # no post of it is known
        act("outsider", "voice", "reply", 6),
    ]
    for rows in shuffles(interactions, times=2):
        found = run("trust/conversation_acts", posts=posts, interactions=rows, **WHO)
        told = {(row["own_id"], row["kind"], row["author"], row["target"]) for row in found}
        assert len(found) == len(told)
        assert told == {
            ("p", "post", VOICE, None),
            ("q", "reply", MEMBER, VOICE),
            ("tag", "mention", VOICE, THIRD),
            ("tag", "mention", VOICE, BRAND),
            (None, "quote", THIRD, VOICE),
        }
        by_post = {row["own_id"]: row for row in found if row["target"] != BRAND}
        assert by_post["q"]["answers_id"] == "p"
        assert by_post["p"]["words"] == by_post["q"]["words"] != by_post["tag"]["words"]
        assert by_post[None]["words"] == 0
        assert [row["is_to_a_person"] for row in found if row["target"] == BRAND] == [False]


def test_output_is_directed_where_it_names_a_few_people(run):
    acts = [
        sent("reply", VOICE, MEMBER, 1.0, words=7),
        *(sent("pair", VOICE, node, 2.0, "mention") for node in (MEMBER, THIRD)),
        *(sent("crowd", VOICE, node, 3.0, "mention") for node in (MEMBER, THIRD, OUTSIDER)),
        sent("tag", VOICE, BRAND, 4.0, "mention", is_to_a_person=False),
        sent("post", VOICE, None, 5.0, "post"),
        sent("a member's", MEMBER, VOICE, 6.0),
        sent("ours", OUTSIDER, None, 7.0, "post"),
    ]
    rows = run("trust/conversation_output", {"small_group": 2}, acts=acts, owners=[{"node": OUTSIDER}], **WHO)
    told = [(row["account"], row["sent_at"], row["is_directed"]) for row in rows]
    assert told == [
        (VOICE, 1.0, True),
        (VOICE, 2.0, True),
        (VOICE, 3.0, False),
        (VOICE, 4.0, False),
        (VOICE, 5.0, False),
        (OUTSIDER, 7.0, False),
    ]
    assert rows[0]["words"] == 7


def test_answers_are_the_latest_to_those_who_had_spoken(run):
    acts = [
        *(sent(f"q{number}", MEMBER, VOICE, float(number)) for number in range(3)),
        *(sent(f"a{number}", VOICE, MEMBER, number + 0.5, answers_id=f"q{number}") for number in range(3)),
        sent("of an outsider", OUTSIDER, VOICE, 7.0),
        sent("to an outsider", VOICE, OUTSIDER, 8.0, answers_id="of an outsider"),
        sent("to nobody's word", VOICE, MEMBER, 9.0, answers_id="gone"),
        sent("textless", VOICE, MEMBER, 9.0, answers_id="q1"),
    ]
    posts = [{"post_id": row["act"], "text": row["act"]} for row in acts if row["act"] != "textless"]
    rows = run("trust/conversation_answers", {"most": 3}, acts=acts, posts=posts, **WHO)
    assert [(row["text"], row["is_to_member"]) for row in rows] == [
        ("to an outsider", False),
        ("a2", True),
        ("a1", True),
    ]


def messages(run, acts, *, mentions_answer=False, **tables):
    rows = run(
        "trust/conversation_messages",
        {"window_seconds": 100, "mentions_answer": mentions_answer},
        acts=acts,
        **WHO,
        **tables,
    )
    return [(row["sent_at"], row["is_answered"], row["answered_at"]) for row in rows], rows


def test_messages_and_their_answers(run):
    acts = [
        sent("m1", MEMBER, VOICE, 10.0),
        sent("m2", MEMBER, VOICE, 20.0, "mention"),
        sent("m3", MEMBER, VOICE, 500.0),
        sent("m4", MEMBER, VOICE, None),
        sent("a quote", MEMBER, VOICE, 21.0, "quote"),
        sent("an outsider's", OUTSIDER, VOICE, 22.0),
        sent("exact, late", VOICE, MEMBER, 400.0, answers_id="m1"),
        sent("exact", VOICE, MEMBER, 300.0, answers_id="m1"),
        sent("loose", VOICE, MEMBER, 60.0),
        sent("too late", VOICE, MEMBER, 601.0),
        sent("mention", VOICE, MEMBER, 550.0, "mention"),
    ]
    homes = [{"node": VOICE, "community": 1}, {"node": MEMBER, "community": 1}]
    told, rows = messages(run, acts, posts=[{"post_id": "m1", "text": "hello"}], community_homes=homes)
    assert told == [(10.0, True, 300.0), (20.0, True, 60.0), (500.0, False, None), (None, False, None)]
    assert [row["text"] for row in rows] == ["hello", None, None, None]
    assert {row["shares_community"] for row in rows} == {1.0}
    told, rows = messages(run, acts, mentions_answer=True)
    assert told[2] == (500.0, True, 550.0)
    assert {row["shares_community"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("answers", "answered"),
    [
        ([sent("loose", VOICE, MEMBER, 12.0)], {"b": 12.0}),
        ([sent("exact", VOICE, MEMBER, 11.0, answers_id="b")], {"b": 11.0}),
        (
            [sent("exact", VOICE, MEMBER, 11.0, answers_id="b"), sent("loose", VOICE, MEMBER, 12.0)],
            {"b": 11.0, "c": 12.0},
        ),
        (
            [sent("one", VOICE, MEMBER, 12.0), sent("another", VOICE, MEMBER, 13.0)],
            {"b": 12.0},  # of messages in one second, one is answered
        ),
    ],
)
def test_messages_of_one_second_are_answered_alike_in_any_order(run, answers, answered):
    """A loose answer goes to the first message by its id that no exact answer has taken."""
    acts = [*(sent(name, MEMBER, VOICE, 10.0) for name in "bcd"), *answers]
    texts = [{"post_id": name, "text": name} for name in "bcd"]
    for rows in shuffles(acts):
        _, found = messages(run, rows, posts=texts)
        assert {row["text"]: row["answered_at"] for row in found if row["is_answered"]} == answered
