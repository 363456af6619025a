"""The statements of the trust stage, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

import pytest

from tests.sql.tables import at, indexed, shuffles


def test_members(run):
    people = indexed("a", "b", "c")
    people[1] |= {"following_count": 7}
    rows = run(
        "trust/members",
        {"audience": "x"},
        accounts=people,
        profiles=[{"node": node, "profile_type": "real", "emptiness": 0.5} for node in range(3)],
        audience_members=[
            {"audience": "x", "account_id": "b", "weight": 0.5, "since": at(2)},
            {"audience": "x", "account_id": "gone"},
            {"audience": "y", "account_id": "c"},
        ],
    )
    assert len(rows) == 1
    assert (rows[0]["node"], rows[0]["stated_weight"], rows[0]["since"]) == (1, 0.5, at(2))
    assert (rows[0]["following_count"], rows[0]["emptiness"], rows[0]["profile_type"]) == (7, 0.5, "real")


def test_candidates_are_who_enough_members_follow_strongest_endorsement_first(run):
    affinity = [
        {"node": node, "audience_followers": n, "audience_followers_cleaned": 10.0 - node, "lift": 2.0 + node}
        for node, n in enumerate((9, 2, 3, 9, 3, 4))
    ]
    arguments = {
        "accounts": indexed("brand", "few", "loud", "owner", "quiet", "weak"),
        "owners": [{"node": 3}],
        "endorsement": [{"node": 2, "endorsement": 0.5}, {"node": 5, "endorsement": 0.1}],
        "brands": [{"brand": "B", "account_id": "brand"}, {"brand": "C", "account_id": None}],
    }
    given = {"minimum_followers": 3, "most_candidates": 10}
    for rows in shuffles(affinity):
        found = run("trust/candidates", given, affinity=rows, **arguments)
        assert [(row["place"], row["node"], row["lift"]) for row in found] == [
            (1, 2, 4.0), (2, 5, 7.0), (3, 4, 6.0),
        ]  # fmt: skip
        few = run("trust/candidates", given | {"most_candidates": 2}, affinity=rows, **arguments)
        assert [row["node"] for row in few] == [2, 5]


def test_owners(run):
    brands = [
        {"brand": "X", "relation": "own", "node": 4},
        {"brand": "X", "relation": "own", "node": 1},
        {"brand": "alias of it", "relation": "own", "node": 1},
        {"brand": "without a known account", "relation": "own", "node": None},
        {"brand": "rival", "relation": "rival", "node": 2},
        {"brand": "another", "relation": "talked of", "node": 3},
    ]
    assert run("trust/owners", brands_of_audience=brands) == [{"node": 1}, {"node": 4}]


def test_baseline_names(run):
    rows = run(
        "trust/baseline_names",
        audience_members=[{"audience": name, "account_id": name} for name in ("b", "a", "b", None)],
        accounts=[{"account_id": "1", "category": "lamps"}, {"account_id": "2", "category": None}],
        brands=[{"brand": "L", "category": "lamps"}, {"brand": "C", "category": "curtains"}, {"brand": "N"}],
    )
    assert [(row["kind"], row["name"]) for row in rows] == [
        ("audience", "a"),
        ("audience", "b"),
        ("category", "curtains"),
        ("category", "lamps"),
    ]


def test_category_accounts(run):
    people = indexed("bears it", "brand", "spelled", "other", "none")
    for row, category in zip(people, ("Lamps", None, " LAMPS ", "curtains", None), strict=True):
        row["category"] = category
    brands = [
        {"brand": "L", "account_id": "brand", "category": "lamps "},
        {"brand": "L", "account_id": "bears it", "category": "lamps"},
        {"brand": "without an account", "category": "lamps"},
        {"brand": "C", "account_id": "other", "category": "curtains"},
    ]
    rows = run("trust/category_accounts", {"category": "lamps"}, accounts=people, brands=brands)
    assert rows == [{"node": 0}, {"node": 1}, {"node": 2}]


def test_community_homes(run):
    nan = float("nan")
    followed = [
        (5, 0, 9, 0.2, 3.0), (5, 1, 9, 0.9, 1.5),  # more follow it there, beside being special
        (6, 0, 2, 1.0, 9.0), (6, 1, 3, 0.1, 1.0),  # two are too few
        (7, 2, 9, 0.5, 2.0), (7, 1, 9, 0.5, 2.0),  # alike
        (8, 0, 9, 0.9, nan), (8, 1, 9, 0.1, 1.0), (8, 2, 9, 0.9, None),  # not known is not the most
        (9, 2, 9, 0.9, nan), (9, 1, 9, 0.9, nan),
        (0, 1, 9, 0.9, 9.0), (1, 1, 9, 0.9, 9.0),  # members
    ]  # fmt: skip
    names = ("node", "community", "followers", "share", "lift")
    candidates = [dict(zip(names, row, strict=True)) for row in followed]
    for rows in shuffles(candidates):
        found = run(
            "trust/community_homes",
            {"fewest_followers": 3},
            community_members=[{"node": 0, "community": 0}, {"node": 1, "community": -1}],
            community_candidates=rows,
        )
        homes = {row["node"]: row["community"] for row in found}
        assert homes == {0: 0, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1}


def test_word_of_mouth_events(run):
    acts = [
        {"actor_id": "a", "target_id": "b", "kind": "mention", "occurred_at": at(6)},  # a Monday
        {"actor_id": "a", "target_id": "b", "kind": "mention", "occurred_at": at(12, 23)},  # the Sunday after
        {"actor_id": "a", "target_id": "b", "kind": "mention", "occurred_at": at(13)},  # the next Monday
        {"actor_id": "a", "target_id": "b", "kind": "quote"},
        {"actor_id": "a", "target_id": "b", "kind": "like", "occurred_at": at(6)},
        {"actor_id": "a", "target_id": "a", "kind": "repost", "occurred_at": at(6)},
        {"actor_id": "b", "target_id": "a", "kind": "repost", "occurred_at": at(6)},  # not a member
    ]
    rows = run(
        "trust/word_of_mouth_events",
        {"most_mentioned": 5},
        accounts=indexed("a", "b"),
        members=[{"node": 0}],
        interactions=acts,
    )
    assert {(row["actor"], row["target"]) for row in rows} == {(0, 1)}
    assert not any(row["is_prompted"] or row["events_with_text"] for row in rows)
    spoken = sorted((row["week"], row["events"]) for row in rows if row["kind"] == "mention")
    assert [events for _, events in spoken] == [2, 1]
    assert spoken[1][0] == spoken[0][0] + 1
    assert [row["week"] for row in rows if row["kind"] == "quote"] == [-1]
    word_of_mouth_calls(run)
    passing_on = [{"actor_id": "a", "target_id": "c", "kind": "repost", "occurred_at": at(6)}]
    without_posts = run(
        "trust/word_of_mouth_events",
        {"most_mentioned": 5},
        accounts=indexed("a", "b"),
        members=[{"node": 0}],
        interactions=[*acts[:3], *passing_on],
    )
    assert [row["events"] for row in without_posts] == [1, 1]  # the words of the 6th are those passed on
    assert mentions_left_out(run) == {"answered", "by handle", "moment", "passed on", "roll call"}


def mentions_left_out(run) -> set[str]:
    """Which mentions are no word of mouth: each account mentions b once, in a post of its own."""
    texts = {
        "plain": "b is good, says @b",
        "answered": "thanks @b",
        "moment": "thanks @B!",
        "roll call": "hello @b and all",
        "passed on": "RT @b: so it is",
        "by handle": "@c @B thank you",
        "dotted": ".@b you are good",
    }
    kept = set()
    for says_what_it_answers in (False, True):
        by_handle = ["by handle", "dotted", "plain"]
        people = sorted(set(texts) - set(by_handle)) if says_what_it_answers else by_handle
        index = indexed("b", *people)
        acts = [
            {"actor_id": name, "target_id": "b", "kind": "mention", "post_id": name, "occurred_at": at(6)}
            for name in people
        ]
        acts += [{"actor_id": "moment", "target_id": "b", "kind": "reply", "occurred_at": at(6)}]
        acts += [
            {"actor_id": "roll call", "target_id": name, "kind": "mention", "post_id": "roll call"}
            for name in ("x", "y")
        ]
        rows = run(
            "trust/word_of_mouth_events",
            {"most_mentioned": 2},
            accounts=index,
            members=[{"node": row["node"]} for row in index[1:]],
            interactions=acts,
            posts=[{"post_id": "q", "author_id": "b", "text": "?"}]
            + [
                {"post_id": name, "author_id": name, "text": texts[name],
                 "reply_to_post_id": "q" if name == "answered" else None}
                for name in people
            ],
        )  # fmt: skip
        kept |= {index[row["actor"]]["account_id"] for row in rows}
    return set(texts) - kept


def word_of_mouth_calls(run):
    """A call reaches who passes it on, who mentions somebody below it, and who repeats it."""
    acts = [
        {"actor_id": "a", "target_id": "b", "kind": "repost", "post_id": "call"},
        {"actor_id": "a", "target_id": "b", "kind": "quote", "post_id": "plain"},
        {"actor_id": "a", "target_id": "c", "kind": "mention", "post_id": "below"},
        {"actor_id": "a", "target_id": "b", "kind": "mention", "post_id": "own"},
    ]
    rows = run(
        "trust/word_of_mouth_events",
        {"most_mentioned": 5},
        accounts=indexed("a", "b", "c"),
        members=[{"node": 0}],
        interactions=acts,
        calls_to_share=[{"post_id": "call"}, {"post_id": "own"}],
        posts=[
            {"post_id": "call", "author_id": "b", "text": "tag a friend"},
            {"post_id": "plain", "author_id": "b"},
            {"post_id": "below", "author_id": "a", "text": "@c see", "reply_to_post_id": "call"},
            {"post_id": "own", "author_id": "a", "text": "RT to win"},
        ],
    )
    found = {row["example_post_id"]: (row["is_prompted"], row["events_with_text"]) for row in rows}
    assert found == {"call": (True, 1), "plain": (False, 0), "below": (True, 1), "own": (True, 1)}


def test_word_of_mouth_texts(run):
    rows = run(
        "trust/word_of_mouth_texts",
        accounts=indexed("a", "b"),
        members=[{"node": 0}],
        interactions=[
            {"actor_id": "a", "target_id": "b", "kind": "mention", "post_id": "own"},
            {"actor_id": "a", "target_id": "b", "kind": "repost", "post_id": "textless"},
            {"actor_id": "a", "target_id": "b", "kind": "like", "post_id": "liked"},
            {"actor_id": "b", "target_id": "a", "kind": "quote", "post_id": "of an outsider"},
        ],
        posts=[
            {"post_id": name, "author_id": "b", "text": "" if name == "textless" else name,
             "reply_to_post_id": "parent" if name == "own" else None}
            for name in ("own", "parent", "textless", "liked", "of an outsider", "unrelated")
        ],
    )  # fmt: skip
    assert rows == [{"post_id": "own", "text": "own"}, {"post_id": "parent", "text": "parent"}]


def test_brands_of_audience(run):
    brands = [
        {"brand": "Lumen", "account_id": "lu", "keywords": "lumen; lumen lamp", "category": "lamps"},
        {"brand": "Lumen", "account_id": "lu2", "category": "lamps"},
        {"brand": "Glow", "account_id": "unknown", "category": "lamps"},
        {"brand": "Shine", "competitor_of": "Dim, lumen"},
        {"brand": "Dim", "keywords": "me", "category": "curtains"},
        {"brand": "Mat", "account_id": "mat", "category": "curtains"},
    ]
    index = indexed("lu", "lu2", "mat", "owner")

    def relations(audience, **tables):
        rows = run(
            "trust/brands_of_audience", {"audience": audience}, accounts=index, brands=brands, **tables
        )
        return [(row["brand"], row["relation"], row["node"]) for row in rows]

    ours = [("Lumen", "own", 0), ("Lumen", "own", 1), ("Glow", "rival", None), ("Shine", "rival", None)]
    assert relations("Lumen") == ours
    assert relations("LUMEN-fans, me and you") == ours  # a keyword of two letters ties nobody
    assert relations("Lumens")[0][1] == "talked of"
    assert len(relations("Lumens")) == len(brands)
    owners = [{"audience": "x", "account_id": "mat"}, {"audience": "x", "account_id": "owner"}]
    assert relations("x", audience_owners=owners) == [
        ("Mat", "own", 2),
        ("Owner", "own", 3),
        ("Dim", "rival", None),
    ]
    assert [name for name, relation, _ in relations("shine") if relation == "rival"] == [
        "Dim",
        "Lumen",
        "Lumen",
    ]
    assert relations("x")[0][1] == "talked of"
    brands.append({"brand": "x", "account_id": "owner"})
    assert [row for row in relations("x") if row[1] == "own"] == [("x", "own", 3)]  # however short its name


def test_brand_talk_posts(run):
    texts = {
        "named": "lumen!",
        "mentioned": "look, @lumen",
        "answer": "@lumen and when?",
        "moment": "so @lumen said",
        "passed on": "RT @x: lumen",
        "roll call": "@a @b @lumen",
        "paid": "lumen #ad",
        "open": "thanks lumen",
        "of the brand": "we are lumen",
        "outside": "lumen",
    }
    authors = {"of the brand": "lumen", "outside": "out", "paid": "candidate"}
    classes = {"paid": "disclosed_paid", "open": "ambiguous"}
    index = indexed("lumen", "member", "candidate", "out")
    node = {row["account_id"]: row["node"] for row in index}

    def found(answers_are_known):
        rows = run(
            "trust/brand_talk_posts",
            {"most_mentioned": 2},
            accounts=index,
            members=[{"node": 1}],
            candidates=[{"node": 2}],
            brands_of_audience=[{"brand": "Lumen", "relation": "own", "node": 0}],
            brand_mentions=[{"post_id": name, "brand": "Lumen"} for name in texts if name != "mentioned"]
            + [{"post_id": "named", "brand": "another"}],
            interactions=[
                {"actor_id": "member", "target_id": "lumen", "kind": "mention", "post_id": "mentioned"},
                {"actor_id": "member", "target_id": "lumen", "kind": "reply", "occurred_at": at(9)},
            ],
            posts=[
                {"post_id": name, "author_id": authors.get(name, "member"), "text": text,
                 "posted_at": at(9 if name == "moment" else 6),
                 "reply_to_post_id": "of the brand" if name == "answer" and answers_are_known else None}
                for name, text in texts.items()
            ],
            post_classes=[
                {"post_id": name, "author": node[authors.get(name, "member")],
                 "post_class": classes.get(name, "organic"), "hidden_probability": 0.1}
                for name in texts
            ],
        )  # fmt: skip
        return {row["post_id"]: row for row in rows}

    for answers_are_known in (True, False):
        rows = found(answers_are_known)
        assert set(rows) == {"named", "mentioned", "answer", "moment", "paid", "open"}
        assert {name for name, row in rows.items() if row["is_answer"]} == {"answer", "moment"}
        assert {name for name, row in rows.items() if row["is_unpaid"]} == set(rows) - set(classes)
        assert {name for name, row in rows.items() if row["is_paid"]} == set(classes)
        assert {name for name, row in rows.items() if not row["is_member"]} == {"paid"}
    assert (found(True)["answer"]["answered_text"], found(False)["answer"]["answered"]) == (
        "we are lumen",
        None,
    )


def test_brand_talk(run):
    words = {"brand": "Lumen", "is_member": True, "is_unpaid": True, "is_paid": False, "is_prompted": False,
             "is_answer": False, "week": 7, "posted_at": at(6)}  # fmt: skip
    tables = {
        "accounts": indexed("lumen", "a", "b", "c", "d", "out"),
        "members": [{"node": node} for node in (0, 1, 2, 3, 4)],
        "community_members": [{"node": node, "community": node % 2} for node in (1, 2, 3)],
        "brands_of_audience": [
            {"brand": "Quiet", "relation": "rival"},
            {"brand": "Lumen", "relation": "own", "node": 0},
        ],
        "posts": [{"post_id": "ours", "author_id": "lumen"}, *({"post_id": name} for name in ("pa", "pb"))],
        "brand_posts": [
            {**words, "post_id": "pa", "author": 1},
            {**words, "post_id": "pb", "author": 2, "answered": 1, "answered_post_id": "pa"},
            {**words, "post_id": "paid", "author": 3, "is_unpaid": False, "is_paid": True},
            {**words, "post_id": "called for", "author": 3, "is_prompted": True},
            {**words, "post_id": "an answer to the brand", "author": 3, "is_answer": True},
            {**words, "post_id": "a candidate's", "author": 5, "is_member": False},
        ],
        "interactions": [
            {"actor_id": "b", "target_id": "a", "kind": "reply", "post_id": "pa", "occurred_at": at(6)},
            {"actor_id": "a", "target_id": "c", "kind": "mention", "post_id": "pa", "occurred_at": at(6)},
            {"actor_id": "out", "target_id": "a", "kind": "repost", "post_id": "pa"},
            {"actor_id": "lumen", "target_id": "a", "kind": "repost", "post_id": "pa"},
            {"actor_id": "d", "target_id": "lumen", "kind": "repost", "post_id": "ours"},
            {"actor_id": "d", "target_id": "lumen", "kind": "like", "post_id": "ours"},
            {"actor_id": "a", "target_id": "lumen", "kind": "reply", "post_id": "ours"},
            {"actor_id": "c", "target_id": "lumen", "kind": "mention", "occurred_at": at(13)},
            {"actor_id": "d", "target_id": "lumen", "kind": "mention", "occurred_at": at(14)},
            {
                "actor_id": "d",
                "target_id": "c",
                "kind": "repost",
                "occurred_at": at(14),
            },  # c's words
        ],
    }
    keys = {"run_id": "r", "audience": "x"}
    rows = run("trust/brand_talk", keys, **tables)
    assert [(row["brand"], row["relation"]) for row in rows] == [("Lumen", "own"), ("Quiet", "rival")]
    talk = rows[0]
    assert (talk["brand_posts"], talk["pushed_events"], talk["pushed_voices"]) == (1, 2, 2)
    assert (talk["member_posts"], talk["member_voices"], talk["weeks"]) == (
        3,
        3,
        2,
    )  # c's post is not in the data
    assert (talk["communities"], talk["posts_read"]) == (2, 2)
    # b answered a, known from both tables; a named c in the post
    assert (talk["member_to_member_events"], talk["member_to_member_voices"]) == (2, 3)
    assert (talk["pushed_only_voices"], talk["paid_posts"]) == (1, 1)
    assert talk["member_talk_share"] == pytest.approx(3 / 4)
    assert (rows[1]["pushed_voices"], rows[1]["member_voices"]) == (None, 0)  # no account is known of Quiet
    bare = run("trust/brand_talk", keys, **{**tables, "interactions": [], "community_members": []})[0]
    assert (bare["pushed_voices"], bare["member_talk_share"], bare["communities"]) == (None, None, None)
    assert (bare["member_voices"], bare["member_to_member_voices"]) == (2, 2)
    silent = run("trust/brand_talk", keys, **{**tables, "interactions": [], "posts": [], "brand_posts": []})[
        0
    ]
    assert (silent["member_posts"], silent["member_voices"], silent["brand_posts"]) == (None, None, None)


def test_member_texts(run):
    rows = run(
        "trust/member_texts",
        {"newest_posts": 2, "post_length": 5, "bio_length": 4},
        accounts=[
            {"node": 0, "account_id": "a", "handle": "A", "bio": "roaster", "language": "en"},
            {"node": 1, "account_id": "b", "handle": "B"},
            {"node": 2, "account_id": "c", "handle": "C", "bio": "no member"},
        ],
        members=[{"node": 1}, {"node": 0}],
        posts=[
            {"post_id": "1", "author_id": "a", "text": "oldest", "posted_at": at(1)},
            {"post_id": "2", "author_id": "a", "text": "middle", "posted_at": at(2)},
            {"post_id": "3", "author_id": "a", "text": "new", "posted_at": at(3)},
            {"post_id": "4", "author_id": "a", "text": "RT @c words of c", "posted_at": at(4)},
            {"post_id": "5", "author_id": "a", "text": None, "posted_at": None},
        ],
    )
    assert rows == [
        {"node": 0, "language": "en", "bio": "roas", "posts": "new\nmiddl"},
        {"node": 1, "language": "", "bio": None, "posts": None},
    ]
