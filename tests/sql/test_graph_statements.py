"""The statements of the network's graph, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.sql.tables import at, indexed


def test_accounts(run):
    rows = run(
        "graph/accounts",
        accounts=[{"account_id": "b", "handle": "Bee", "bio": "hm"}],
        follows=[{"follower_id": "a", "followee_id": "b"}, {"follower_id": "10", "followee_id": "9"}],
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


def test_follow_edges(run):
    rows = run(
        "graph/follow_edges",
        {"day": "2024-05-31"},
        accounts=indexed("a", "b", "c", "d"),
        follows=[
            {"follower_id": "a", "followee_id": "b", "followed_at": at(1)},
            {"follower_id": "b", "followee_id": "c", "unfollowed_at": at(31, 23)},
            {"follower_id": "c", "followee_id": "d", "unfollowed_at": datetime(2024, 6, 1)},  # noqa: DTZ001 - lake
            {"follower_id": "d", "followee_id": "a", "followed_at": datetime(1960, 1, 1)},  # noqa: DTZ001 - lake
            {"follower_id": "a", "followee_id": "unknown"},
        ],
    )
    began = int(at(1).replace(tzinfo=UTC).timestamp())
    assert {(row["follower"], row["followee"], row["since"]) for row in rows} == {
        (0, 1, began), (2, 3, 0), (3, 0, 0)
    }  # fmt: skip


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
