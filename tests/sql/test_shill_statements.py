"""The statements of the shill stage, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sql.tables import at, indexed


def test_brand_words(run):
    rows = run(
        "shill/brand_words",
        accounts=indexed("a", "brando"),
        brands=[
            {"brand": "Acme", "account_id": "brando", "keywords": " Acme  shoes; ab | zip,!?!, Crème-Brûlée"},
            {"brand": "Rival", "keywords": None},
        ],
    )
    assert [(row["word"], row["first_word"], row["phrase"]) for row in rows] == [
        ("@brando", "@brando", " @brando "),
        ("acme  shoes", "acme", " acme shoes "),
        ("crème-brûlée", "crème", " crème brûlée "),
        ("zip", "zip", " zip "),
    ]
    assert {(row["brand"], row["account_id"]) for row in rows} == {("Acme", "brando")}


MENTIONING = {
    "keyword": "Try Acme Shoes now",
    "inside": "pacme is a place",
    "at": "thanks @BRANDO!",
    "own": "acme shoes here",
    "other": "acme, and no shoes",
    "cut": "acme shoeshine",
    "undated": "acme shoes",
    "nothing": None,
}


@pytest.mark.parametrize("pattern", ["@brando|acme", ""])
def test_brand_mentions(run, pattern):
    words = {"acme shoes": "acme", "@brando": "@brando"}
    rows = run(
        "shill/brand_mentions",
        params={"pattern": pattern},
        brand_words=[
            {"brand": "Acme", "account_id": "brando", "word": word, "first_word": first_word,
             "phrase": f" {word} "}
            for word, first_word in words.items()
        ],
        posts=[
            {"post_id": name, "author_id": "brando" if name == "own" else "a", "text": text}
            for name, text in MENTIONING.items()
        ],
        post_classes=[
            {"post_id": name, "author": 0, "day": None if name == "undated" else number,
             "post_class": "disclosed_paid", "marker": "#ad", "promotion_probability": 0.5}
            for number, name in enumerate(MENTIONING)
        ],
    )  # fmt: skip
    assert [row["post_id"] for row in rows] == ["at", "keyword"]
    assert all(row["is_promotion"] and row["is_disclosed"] and row["brand"] == "Acme" for row in rows)
    assert {row["observed_until"] for row in rows} == {7}


def test_brand_names(run):
    rows = run(
        "shill/brand_names",
        accounts=indexed("a", "brando"),
        brands=[
            {"brand": "Acme", "account_id": "brando", "keywords": " Acme shoes; ab | zip"},
            {"brand": "Rival", "keywords": None},
        ],
    )
    assert [row["name"] for row in rows] == ["Acme", "Acme shoes", "Brando", "Rival", "zip"]


def test_engagements(run):
    rows = run(
        "shill/engagements",
        accounts=indexed("a", "b"),
        posts=[
            {"post_id": "p", "author_id": "a", "posted_at": at(1)},
            {"post_id": "q", "author_id": "b", "posted_at": at(2), "reply_to_post_id": "p"},
        ],
        interactions=[
            {"actor_id": "b", "target_id": "a", "kind": "like", "post_id": "p", "occurred_at": at(3)},
            {"actor_id": "b", "target_id": "a", "kind": "repost", "post_id": "p", "occurred_at": at(4)},
            {"actor_id": "b", "target_id": "a", "kind": "like", "post_id": "not delivered"},
            {"actor_id": "a", "target_id": "a", "kind": "like", "post_id": "p"},
        ],
    )
    assert [(row["actor"], row["author"], row["first_at"], row["last_at"]) for row in rows] == [
        (1, 0, at(2), at(3))
    ]
    assert rows[0]["delay_s"] == 86_400


def test_posts(run):
    rows = run(
        "shill/posts",
        accounts=indexed("a", "brand"),
        brands=[{"brand": "B", "account_id": "brand"}],
        posts=[
            {"post_id": "2", "author_id": "a", "posted_at": at(2), "likes_count": 3, "replies_count": 1},
            {"post_id": "1", "author_id": "a", "posted_at": at(2), "text": "x", "is_paid_label": True},
            {"post_id": "3", "author_id": "brand", "posted_at": at(1), "text": "y"},
        ],
    )  # fmt: skip
    assert [row["post_id"] for row in rows] == ["1", "2", "3"]
    assert [row["is_paid_label"] for row in rows] == [True, False, False]
    assert [row["is_brand_account"] for row in rows] == [False, False, True]
    assert [(row["text"], row["engagement"], row["has_engagement"]) for row in rows] == [
        ("x", 0, False),
        ("", 4, True),
        ("y", 0, False),
    ]
    assert rows[0]["day"] == (date(2024, 5, 2) - date(1970, 1, 1)).days


def test_posts_by_author(run):
    rows = run(
        "shill/posts_by_author",
        accounts=indexed("a", "b", "c"),
        posts=[{"post_id": str(number), "author_id": name} for number, name in enumerate("bba")],
    )
    assert rows == [{"node": 0, "posts": 1}, {"node": 1, "posts": 2}]


def test_rivals(run):
    rows = run(
        "shill/rivals",
        brands=[
            {"brand": "A", "competitor_of": "B; A, unheard of"},
            {"brand": "B", "competitor_of": "A|C"},
            {"brand": "C"},
        ],
    )
    assert rows == [{"brand": "A", "rival": "B"}, {"brand": "B", "rival": "C"}]


def test_promotional_posts(run):
    kept = {"author": 1, "posted_at": at(3), "post_class": "organic", "promotion_probability": 0.4}
    classes = {
        "code": kept | {"commercial_signals": ["discount_code"]},
        "plain": kept | {"posted_at": at(2), "commercial_signals": ["call_to_buy"]},
        "weak": kept | {"promotion_probability": 0.1},
        "said": kept | {"post_class": "disclosed_paid", "marker": "#ad"},
        "hinted": kept | {"post_class": "ambiguous", "marker": "#collab"},
        "labelled": kept | {"post_class": "platform_label"},
        "own": kept | {"post_class": "own_brand"},
        "undated": kept | {"posted_at": None},
        "passed on": kept,
        "quoted": kept,
    }
    texts = {"passed on": "RT @a: buy it", "quoted": " “Buy it all.” "}
    rows = run(
        "shill/promotional_posts",
        {"promotional_from": 0.25},
        posts=[
            {
                "post_id": name,
                "text": texts.get(name, "buy it"),
                "reply_to_post_id": "x" if name == "code" else None,
            }
            for name in classes
        ],
        post_classes=[{"post_id": name, **row} for name, row in classes.items()],
    )
    assert [(row["post_id"], row["is_answer"], row["shows_gain"]) for row in rows] == [
        ("plain", False, False),
        ("code", True, True),
    ]


def test_shares(run):
    texts = [
        ("p1", "a", 1, "see https://www.shop.example/jacket/?utm_source=x&size=m&fbclid=1#top."),
        ("p2", "b", 2, "(http://shop.example/jacket?size=m&ref=b) and #Tarn"),
        ("p3", "b", 3, "RT @a: see https://shop.example/jacket?size=m #Tarn"),
        ("p4", "a", 4, "again #tarn #TARN #alone #mist"),
        ("p8", "b", 8, "#mist #tarn"),
        ("p5", "a", 5, "http:// nothing"),
        ("p6", "c", 6, "#تجربة"),
        ("p7", "a", 7, "#تجربة"),
        ("p9", "a", 7, "#Anzeige"),
        ("p10", "b", 7, "#anzeige"),
    ]
    rows = run(
        "shill/shares",
        {"most_users": 2, "disclosures": ["#anzeige"]},
        accounts=indexed("a", "b", "c"),
        posts=[
            {"post_id": post, "author_id": author, "posted_at": at(day), "text": text}
            for post, author, day, text in texts
        ],
        interactions=[
            {"actor_id": "b", "target_id": "a", "kind": "repost", "post_id": "p1", "occurred_at": at(2)},
            {"actor_id": "c", "target_id": "a", "kind": "quote", "post_id": "p1", "occurred_at": at(3)},
            {"actor_id": "c", "target_id": "x", "kind": "repost", "post_id": "far", "occurred_at": at(3)},
            {"actor_id": "a", "target_id": "a", "kind": "repost", "post_id": "p1", "occurred_at": at(3)},
            {"actor_id": "c", "target_id": "a", "kind": "like", "post_id": "p1", "occurred_at": at(3)},
            {"actor_id": "c", "target_id": "a", "kind": "repost", "post_id": "p4"},
            {"actor_id": "c", "target_id": "a", "kind": "repost", "occurred_at": at(3)},
        ],
    )
    assert [(row["object"], row["actor"]) for row in rows] == [
        ("link shop.example/jacket?size=m", 0),
        ("link shop.example/jacket?size=m", 1),
        ("post far", 2),
        ("post p1", 1),
        ("post p1", 2),
        ("tag #mist", 0),
        ("tag #mist", 1),
        ("tag #تجربة", 2),
        ("tag #تجربة", 0),
    ]
    appeared = {row["object"]: row["appeared_at"] for row in rows}
    assert appeared["post p1"] == at(1).timestamp()
    assert {appeared["post far"], appeared["tag #mist"]} == {-1}
    source = {row["object"]: row["source_number"] for row in rows}
    assert source["tag #mist"] == -1
    assert len({source["post p1"], source["post far"], source["link shop.example/jacket?size=m"]}) == 3


def test_signal_group_members(run):
    one = {"kind": "engagement_pod", "prefix": "pod", "role": "member"}
    rows = run(
        "shill/signal_group_members",
        accounts=indexed("a", "b"),
        found_members=[
            {**one, "group": 0, "node": 1, "share": 0.5},
            {**one, "group": 0, "node": 0},
            {**one, "group": 11, "node": 0},
        ],
    )
    assert [(row["group_id"], row["account_id"], row["share"]) for row in rows] == [
        ("pod-001", "a", None),
        ("pod-001", "b", 0.5),
        ("pod-012", "a", None),
    ]


def test_signal_groups(run):
    pod = {"kind": "engagement_pod", "prefix": "pod"}
    block = {"kind": "lockstep_block", "prefix": "block"}
    rows = run(
        "shill/signal_groups",
        found_groups=[
            {**pod, "group": 0, "first_at": at(1), "about": "x"},
            {**pod, "group": 1},
            {**block, "group": 0},
        ],
        found_members=[
            {**pod, "group": 0, "node": 0},
            {**pod, "group": 0, "node": 1},
            {**block, "group": 0, "node": 2},
        ],
    )
    assert [(row["group_id"], row["members"], row["first_at"], row["about"]) for row in rows] == [
        ("block-001", 1, None, None),
        ("pod-001", 2, at(1), "x"),
        ("pod-002", 0, None, None),
    ]


def test_pod_times(run):
    rows = run(
        "shill/pod_times",
        pod_members=[{"group": 0, "node": 0}, {"group": 0, "node": 1}, {"group": 1, "node": 2}],
        engagements=[
            {"actor": 0, "author": 1, "first_at": at(1), "last_at": at(2), "delay_s": 60.0},
            {"actor": 1, "author": 0, "first_at": at(3), "last_at": at(4), "delay_s": 7_200.0},
            {"actor": 1, "author": 0, "first_at": at(3), "last_at": at(4), "delay_s": -5.0},
            {"actor": 0, "author": 2, "first_at": at(9), "last_at": at(9), "delay_s": 9_000.0},
        ],
    )
    assert [(row["group"], row["first_at"], row["last_at"]) for row in rows] == [(0, at(1), at(4))]
    assert (rows[0]["timed_acts"], rows[0]["first_hour_share"], rows[0]["typical_delay_s"]) == (2, 0.5, 3_630)
    assert round(rows[0]["usual_first_hour_share"], 3) == 0.333


def test_reviews(run):
    rows = run(
        "shill/reviews",
        accounts=indexed("a", "b", "c", "d"),
        labels=[
            {"account_id": "a", "label": "shill", "source": "x"},
            {"account_id": "b", "label": "shill", "source": None},
            {"account_id": "b", "label": "shill", "source": "y"},
            {"account_id": "c", "label": "shill", "source": "x"},
            {"account_id": "c", "label": "genuine", "source": "y"},
            {"account_id": "d", "label": "genuine", "source": "x"},
        ],
        decisions=[
            {"entry": 0, "account_id": "a", "handle": "Old", "label": "genuine", "reviewed_at": at(3)},
            {"entry": 1, "account_id": "a", "handle": "Old", "label": "shill", "reviewed_at": at(2)},
            {"entry": 2, "account_id": "d", "label": "shill", "reviewed_at": at(2)},
            {"entry": 3, "account_id": "d", "label": "withdrawn", "reviewed_at": at(2)},
            {"entry": 4, "account_id": "gone", "handle": "Gone", "label": "shill", "reviewed_at": at(2)},
        ],
    )
    assert len(rows) == 11
    standing = [(row["account_id"], row["label"], row["source"]) for row in rows if row["is_current"]]
    assert standing == [
        ("a", "genuine", "review"),
        ("b", "shill", "table"),
        ("d", "genuine", "table"),  # the delivered label is back once the decision is withdrawn
        ("gone", "shill", "review"),
    ]
    assert [row["node"] for row in rows if row["account_id"] == "gone"] == [None]


def test_account_names(run):
    people = indexed("a", "b")
    people[0] |= {"handle": "Ann", "bio": "hi", "created_at": at(3), "followers_count": 3}
    people[1] |= {"handle": "b", "posts_count": 4}
    rows = run(
        "shill/account_names",
        accounts=people,
        follower_counts=[{"node": 0, "followers": 2}, {"node": 1, "followers": 7}],
    )
    assert [row["handle"] for row in rows] == ["Ann", None]  # an id is no name
    assert [row["created_day"] for row in rows] == [float((at(3) - at(1)).days + 19_844), None]  # since 1970
    assert [row["followers"] for row in rows] == [3.0, 7.0]
    assert [row["posts"] for row in rows] == [None, 4.0]


def test_impersonation(run):
    people = indexed("a", "b", "c")
    people[0] |= {"handle": "ann", "followers_count": 900}
    rows = run(
        "shill/impersonation",
        accounts=people,
        follower_counts=[{"node": node, "followers": 5} for node in range(3)],
        pairs=[{"node": 2, "original": 0, "kind": "resembles", "how": "looks_the_same"}],
    )
    [row] = rows
    assert (row["account_id"], row["resembles_account_id"], row["resembles_handle"]) == ("c", "a", "ann")
    assert (row["followers"], row["resembles_followers"]) == (5, 900)


def test_labels_are_the_judgements_that_stand(run):
    rows = run(
        "shill/labels",
        reviews=[
            {"node": 2, "label": "genuine", "is_current": True},
            {"node": 1, "label": "shill", "is_current": True},
            {"node": 3, "label": "shill", "is_current": False},  # withdrawn, or in dispute
            {"node": None, "label": "shill", "is_current": True},  # nobody of this network
        ],
    )
    assert rows == [{"node": 1, "is_shill": True}, {"node": 2, "is_shill": False}]


def test_listed_members_are_those_that_the_network_knows_once_each(run):
    rows = run(
        "shill/listed_members",
        accounts=indexed("a", "b", "c"),
        audience_members=[
            {"audience": "y", "account_id": "a"},
            {"audience": "x", "account_id": "b"},
            {"audience": "x", "account_id": "b", "weight": 0.5},
            {"audience": "x", "account_id": "a"},
            {"audience": "x", "account_id": "gone"},
        ],
    )
    found = [(row["audience"], row["node"]) for row in rows]
    assert found == [("x", 0), ("x", 1), ("y", 0)]
