"""The statements of the network's graph, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

from tests.sql.tables import at, indexed


def test_accounts(run):
    rows = run(
        "graph/accounts",
        accounts=[{"account_id": "b", "handle": "Bee", "bio": "hm"}],
        follow_ids=[
            {"account_id": "a", "follows_listed": 1, "followers_listed": 0},
            {"account_id": "after the day", "follows_listed": 0, "followers_listed": 0},
            {"account_id": "9", "follows_listed": 0, "followers_listed": 1},
            {"account_id": "10", "follows_listed": 1, "followers_listed": 0},
        ],
        interactions=[{"actor_id": "c", "target_id": "d", "kind": "like"}],
        posts=[{"post_id": "p", "author_id": "e"}],
        audience_members=[{"audience": "x", "account_id": "f"}],
        audience_owners=[{"audience": "x", "account_id": "Ω"}],
    )
    assert [row["account_id"] for row in rows] == [
        "10",
        "9",
        "a",
        "b",
        "c",
        "d",
        "e",
        "Ω",
    ]  # f is on a list alone
    assert [row["node"] for row in rows] == list(range(8))
    assert [row["account_id"] for row in rows if row["is_listed"]] == ["b"]
    assert (rows[3]["handle"], rows[3]["bio"], rows[0]["handle"]) == ("Bee", "hm", "10")


def test_attention_edges(run):
    rows = run(
        "graph/attention_edges",
        interactions=[
            {"actor": 1, "target": 0, "kind": "repost"},
            {"actor": 1, "target": 0, "kind": "mention"},
            {"actor": 0, "target": 1, "kind": "like"},
        ],
    )
    assert rows == [{"follower": 1, "followee": 0}]


def test_follow_nodes_come_in_the_order_of_the_numbers(run):
    names = ("c", "gone", "a")
    rows = run(
        "graph/follow_nodes",
        accounts=indexed("a", "b", "c"),
        follow_ids=[{"number": number, "account_id": name} for number, name in enumerate(names)][::-1],
    )
    assert [row["node"] for row in rows] == [2, 0, 0]


def test_interaction_edges(run):
    posts = [
        {"post_id": "p", "author_id": "a", "posted_at": at(1)},
        {"post_id": "q", "author_id": "b", "posted_at": at(2), "reply_to_post_id": "p"},
        {"post_id": "r", "author_id": "b", "posted_at": at(3), "reply_to_post_id": "p"},
        {"post_id": "s", "author_id": "a", "posted_at": at(3), "reply_to_post_id": "p"},
        {"post_id": "t", "author_id": "a", "posted_at": at(3), "reply_to_post_id": "gone"},
    ]
    like = {"actor_id": "b", "target_id": "a", "kind": "like", "occurred_at": at(4)}
    reply = {"actor_id": "a", "target_id": "b", "kind": "reply", "occurred_at": at(5)}
    people = indexed("a", "b")
    found = {"actor": 1, "target": 0, "kind": "like", "events": 2, "first_at": at(4), "last_at": at(4)}
    derived = {"actor": 1, "target": 0, "kind": "reply", "events": 2, "first_at": at(2), "last_at": at(3)}
    delivered = {"actor": 0, "target": 1, "kind": "reply", "events": 1, "first_at": at(5), "last_at": at(5)}
    acts = [like, like, {"actor_id": "a", "target_id": "a", "kind": "repost"}]
    assert run("graph/interaction_edges", accounts=people, posts=posts, interactions=acts) == [found, derived]
    acts.append(reply)  # replies are delivered, so none is read off the posts
    assert run("graph/interaction_edges", accounts=people, posts=posts, interactions=acts) == [
        delivered,
        found,
    ]


def test_profile_facts(run):
    people = indexed("a", "b1", "c")
    people[0] |= {"bio": "  ", "has_avatar": True, "created_at": at(1), "handle": "ab12"}
    people[1] |= {"bio": "hi", "handle": "b1"}
    people[2] |= {"is_listed": False, "handle": "c", "is_private": False}
    delivered = [{"table_name": "accounts", "columns_present": ["account_id", "bio"]}]
    rows = run("graph/profile_facts", {"day": "2024-05-31"}, accounts=people, balance=delivered)
    assert [row["has_bio"] for row in rows] == [0, 1, None]
    assert [row["has_avatar"] for row in rows] == [1, None, None]
    assert [row["age_days"] for row in rows] == [30, None, None]
    assert [row["is_private"] for row in rows] == [None, None, 0]
    assert [row["handle_digits"] for row in rows] == [2, None, None]  # an id is no chosen handle
    rows = run("graph/profile_facts", {"day": "2024-05-31"}, accounts=people, balance=[])
    assert [row["has_bio"] for row in rows] == [None, None, None]
