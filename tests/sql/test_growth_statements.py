"""The statements behind bursts of followers, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

from tests.sql.tables import at, indexed


def test_counts_over_time(run):
    rows = run(
        "shill/counts_over_time",
        accounts=indexed("a", "b"),
        snapshots=[
            {"account_id": "b", "observed_at": at(2), "followers_count": 5},
            {"account_id": "a", "observed_at": at(2), "followers_count": 7},
            {"account_id": "a", "observed_at": at(1), "followers_count": 6},
            {"account_id": "a", "observed_at": at(3), "followers_count": None},
        ],
    )
    assert [(row["node"], row["followers"]) for row in rows] == [(0, 6), (0, 7), (1, 5)]


BURSTS = [{"burst": 0, "node": 0, "arrivals": 2.0, "is_claimed": True}]


def test_engagement_with_the_posts_of_a_burst_leaves_out_suspicious_profiles(run):
    rows = run(
        "shill/burst_posts",
        bursts=BURSTS,
        accounts=indexed("a", "b", "c"),
        profiles=[{"node": 1, "profile_type": "suspicious"}, {"node": 2, "profile_type": "real"}],
        posts=[
            {"post_id": "p", "author_id": "a", "posted_at": at(1), "likes_count": 8, "replies_count": 2},
            {"post_id": "q", "author_id": "a", "posted_at": at(2)},
            {"post_id": "r", "author_id": "a", "posted_at": at(2), "reply_to_post_id": "p"},
            {"post_id": "s", "author_id": "b", "posted_at": at(2)},
        ],
        interactions=[
            {"actor_id": "b", "target_id": "a", "kind": "like", "post_id": "p"},
            {"actor_id": "c", "target_id": "a", "kind": "like", "post_id": "p"},
            {"actor_id": "c", "target_id": "a", "kind": "repost", "post_id": "q"},
        ],
    )
    assert [(row["burst"], row["engagement"]) for row in rows] == [(0, 5.0), (0, 1.0)]
    assert rows[1]["day"] - rows[0]["day"] == 1


def test_mentions_count_where_the_one_who_mentions_is_large_enough(run):
    accounts = indexed("a", "big", "small")
    for row, followers in zip(accounts, (10, 60, 30), strict=True):
        row["followers_count"] = followers
    tables = {
        "accounts": accounts,
        "follower_counts": [{"node": node, "followers": 10 * node} for node in range(3)],
        "interactions": [
            {"actor_id": "big", "target_id": "a", "kind": "mention", "occurred_at": at(2)},
            {"actor_id": "big", "target_id": "a", "kind": "repost", "occurred_at": at(2)},
            {"actor_id": "big", "target_id": "a", "kind": "like", "occurred_at": at(3)},
            {"actor_id": "small", "target_id": "a", "kind": "quote", "occurred_at": at(3)},
            {"actor_id": "a", "target_id": "a", "kind": "quote", "occurred_at": at(3)},
        ],
    }
    claimed = run("shill/burst_mentions", {"reach": 20}, bursts=BURSTS, **tables)
    assert [row["actor"] for row in claimed] == [1]
    listed = run("shill/burst_mentions", {"reach": 10}, bursts=[{**BURSTS[0], "is_claimed": False}], **tables)
    assert [row["actor"] for row in listed] == [2]


def test_texts_that_may_have_called_to_follow(run):
    rows = run(
        "shill/burst_texts",
        bursts=BURSTS,
        accounts=indexed("a", "b"),
        posts=[
            {"post_id": "p", "author_id": "a", "posted_at": at(1), "text": "own"},
            {"post_id": "q", "author_id": "b", "posted_at": at(2), "text": "mentions"},
            {"post_id": "r", "author_id": "b", "posted_at": at(3), "text": "does not"},
        ],
        interactions=[
            {"actor_id": "b", "target_id": "a", "kind": "mention", "post_id": "q"},
            {"actor_id": "b", "target_id": "a", "kind": "like", "post_id": "r"},
        ],
    )
    assert [row["text"] for row in rows] == ["own", "mentions"]


def test_who_came_and_engages(run):
    rows = run(
        "shill/burst_engaging",
        bursts=BURSTS,
        burst_followers=[{"burst": 0, "follower": node} for node in (1, 2, 3)],
        interactions=[{"actor": 1, "target": 0}, {"actor": 1, "target": 2}, {"actor": 2, "target": 1}],
    )
    assert [(row["arrivals"], row["engaging"]) for row in rows] == [(3, 1)]


def test_published_growth(run):
    rows = run(
        "publication/growth",
        accounts=indexed("a", "b", "c"),
        touched=[{"node": 0}, {"node": 1}],
        growth=[
            {"node": node, "source": source, "class": "bombed", "burst_day": at(day).date()}
            for node, source, day in (
                (1, "snapshots", 2),
                (0, "follow_times", 3),
                (0, "follow_times", 1),
                (2, "x", 1),
            )
        ],
    )
    assert [(row["account_id"], row["burst_day"]) for row in rows] == [
        ("a", at(1).date()),
        ("a", at(3).date()),
        ("b", at(2).date()),
    ]
    assert {row["class"] for row in rows} == {"bombed"}
