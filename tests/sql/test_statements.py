"""Every statement of the stages, run by the real engine on frames small enough to check by hand."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from pipelines.engine import Engine
from pipelines.ingest.contract import TABLES
from pipelines.statements import sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDERS = ("graph", "trust", "shill", "partners", "publication")
POLARS_TYPES = {
    "VARCHAR": pl.String,
    "BIGINT": pl.Int64,
    "BOOLEAN": pl.Boolean,
    "TIMESTAMP": pl.Datetime,
    "DOUBLE": pl.Float64,
}
INPUTS = {
    table.name: {column.name: POLARS_TYPES[column.sql_type] for column in table.columns} for table in TABLES
}
NODE, FLOAT, TEXT, TIME = pl.UInt32, pl.Float64, pl.String, pl.Datetime
MADE = {
    "graph_accounts": {"node": NODE, **INPUTS["accounts"], "is_listed": pl.Boolean},
    "graph_interactions": {
        "actor": NODE, "target": NODE, "kind": TEXT, "events": pl.Int64, "first_at": TIME, "last_at": TIME,
    },
    "audience_owners": {"audience": TEXT, "account_id": TEXT},
    "balance": {
        "table_name": TEXT, "rows_in": pl.Int64, "rows_rejected": pl.Int64, "columns_present": pl.List(TEXT),
    },
    "rejects": {"table_name": TEXT, "line": pl.Int64, "column_name": TEXT, "value": TEXT, "rule": TEXT},
    "profiles": {"node": NODE, "profile_type": TEXT, "emptiness": FLOAT, "suspicion": FLOAT},
    "follower_counts": {"node": NODE, "followers": pl.Int64},
    "members": {"node": NODE},
    "post_classes": {
        "post_id": TEXT, "author": NODE, "posted_at": TIME, "day": pl.Int64, "post_class": TEXT,
        "promotion_probability": FLOAT, "hidden_probability": FLOAT,
    },
    "pod_groups": {"group": NODE, "density": FLOAT, "contrast": FLOAT, "score": FLOAT, "threshold": FLOAT},
    "pod_members": {"group": NODE, "node": NODE},
    "engagements": {"actor": NODE, "author": NODE, "post": pl.Int64, "first_at": TIME, "last_at": TIME},
    "candidates": {"node": NODE, "rank": pl.Int64},
    "signals": {
        "node": NODE, "signal": TEXT, "value": FLOAT, "low": FLOAT, "high": FLOAT, "n": FLOAT, "state": TEXT,
        "flagged": pl.Boolean, "contribution": FLOAT,
    },
    "affinity": {"node": NODE, "audience_followers": pl.Int64, "audience_followers_cleaned": FLOAT},
    "endorsement": {"node": NODE, "endorsement": FLOAT, "over_follows": FLOAT, "over_interactions": FLOAT},
    "word_of_mouth": {
        "node": NODE, "voices": pl.Int64, "voices_cleaned": FLOAT, "weeks": pl.Int64,
        "prompted_voices": pl.Int64, "communities": pl.Int32,
    },
    "conversation": {
        "node": NODE, "conversation": FLOAT, "conversation_low": FLOAT, "conversation_high": FLOAT,
        "directed_share": FLOAT, "replies_received": pl.Int64, "replies_answered": pl.Int64,
        "answer_rate": FLOAT, "answer_rate_low": FLOAT, "answer_rate_high": FLOAT,
        "answer_delay_hours": FLOAT, "distinct_answer_share": FLOAT, "dyads": pl.Int64,
        "returning_dyads": pl.Int64, "shared_community_share": FLOAT, "clockwork_share": FLOAT,
        "tone": FLOAT, "tone_low": FLOAT, "tone_high": FLOAT, "tone_coverage": FLOAT,
        "tone_messages": pl.Int64,
    },
    "community_reach": {
        "node": NODE, "communities_covered": pl.Int32, "bridge_score": FLOAT, "is_bridge": pl.Boolean,
    },
    "calls_to_share": {"post_id": TEXT},
    "brand_mentions": {"post_id": TEXT, "brand": TEXT},
    "brands_of_audience": {"brand": TEXT, "category": TEXT, "relation": TEXT, "node": NODE},
    "brand_posts": {
        "brand": TEXT, "post_id": TEXT, "author": NODE, "is_member": pl.Boolean, "posted_at": TIME,
        "week": pl.Int64, "answered_post_id": TEXT, "answered": NODE, "is_answer": pl.Boolean,
        "is_unpaid": pl.Boolean, "is_paid": pl.Boolean, "is_prompted": pl.Boolean,
    },
    "owners": {"node": NODE},
    "shill_probability": {
        "node": NODE, "probability": FLOAT, "low": FLOAT, "high": FLOAT, "n_signals": pl.Int64,
        "n_kinds": pl.Int64,
    },
    "community_members": {"node": NODE, "community": pl.Int32, "weight": FLOAT},
    "community_candidates": {
        "community": pl.Int32, "node": NODE, "followers": pl.Int64, "share": FLOAT, "share_low": FLOAT,
        "lift": FLOAT,
    },
    "community_facts": {
        "community": pl.Int32, "stability": FLOAT, "internal_share": FLOAT, "terms": pl.List(TEXT),
    },
    "community_voices": {
        "community": pl.Int32, "account_id": TEXT, "handle": TEXT, "position": pl.Int64,
    },
    "touched": {"node": NODE, "is_in_audience": pl.Boolean, "is_candidate": pl.Boolean},
    "ranked_partners": {
        "audience": TEXT, "rank": pl.Int32, "rank_low": pl.Int32, "rank_high": pl.Int32, "handle": TEXT,
        "status": TEXT, "score": FLOAT, "reach_share": FLOAT, "lift_low": FLOAT, "trust": FLOAT,
        "shill_probability": FLOAT,
    },
}  # fmt: skip

Rows = list[dict[str, Any]]


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 5, day, hour)  # noqa: DTZ001 - the lake is UTC, naive


def indexed(*names: str, **columns: Any) -> Rows:
    """The account index of these accounts, numbered in their order."""
    return [
        {"node": node, "account_id": name, "handle": name.title(), "is_listed": True, **columns}
        for node, name in enumerate(names)
    ]


@pytest.fixture
def run(tmp_path) -> Callable[..., list[dict[str, Any]]]:
    """Runs a statement on tables given as rows; what a row leaves out is NULL, what is not named is empty.

    Tables that an earlier stage made shadow the delivered ones of the same name, as the assets bind them:
    `accounts` is the account index unless the statement is the one that makes it.
    """

    def execute(name: str, params: dict[str, Any] | None = None, **tables: Rows) -> list[dict[str, Any]]:
        schemas = INPUTS | MADE | {"accounts": MADE["graph_accounts"]}
        if name == "graph/accounts":
            schemas["accounts"] = INPUTS["accounts"]
        if name in {"graph/attention_edges", "publication/graph_interactions"}:
            schemas["interactions"] = MADE["graph_interactions"]
        bound = {}
        for table, schema in schemas.items():
            bound[table] = tmp_path / f"{table}.parquet"
            pl.DataFrame(tables.get(table, []), schema=schema).write_parquet(bound[table])
        return Engine(tmp_path / "scratch").frame(name, bound, params).to_dicts()

    return execute


def accounts_index(run):
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


def attention_edges(run):
    rows = run(
        "graph/attention_edges",
        interactions=[
            {"actor": 1, "target": 0, "kind": "repost"},
            {"actor": 1, "target": 0, "kind": "mention"},
            {"actor": 0, "target": 1, "kind": "like"},
        ],
    )
    assert rows == [{"follower": 1, "followee": 0}]


def follow_edges(run):
    rows = run(
        "graph/follow_edges",
        {"day": "2024-05-31"},
        accounts=indexed("a", "b", "c", "d"),
        follows=[
            {"follower_id": "a", "followee_id": "b"},
            {"follower_id": "b", "followee_id": "c", "unfollowed_at": at(31, 23)},
            {"follower_id": "c", "followee_id": "d", "unfollowed_at": datetime(2024, 6, 1)},  # noqa: DTZ001 - lake
            {"follower_id": "a", "followee_id": "unknown"},
        ],
    )
    assert {(row["follower"], row["followee"]) for row in rows} == {(0, 1), (2, 3)}


def interaction_edges(run):
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


def profile_facts(run):
    people = indexed("a", "b1", "c")
    people[0] |= {"bio": "  ", "has_avatar": True, "created_at": at(1), "handle": "ab12"}
    people[1] |= {"bio": "hi", "handle": "b1"}
    people[2] |= {"is_listed": False, "handle": "c"}
    delivered = [{"table_name": "accounts", "columns_present": ["account_id", "bio"]}]
    rows = run("graph/profile_facts", {"day": "2024-05-31"}, accounts=people, balance=delivered)
    assert [row["has_bio"] for row in rows] == [0, 1, None]
    assert [row["has_avatar"] for row in rows] == [1, None, None]
    assert [row["age_days"] for row in rows] == [30, None, None]
    assert [row["handle_digit_share"] for row in rows] == [0.5, None, None]  # an id is no chosen handle
    rows = run("graph/profile_facts", {"day": "2024-05-31"}, accounts=people, balance=[])
    assert [row["has_bio"] for row in rows] == [None, None, None]


def members(run):
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


def owners(run):
    rows = run(
        "trust/owners",
        {"audience": "x"},
        accounts=indexed("a", "b", "c"),
        audience_owners=[{"audience": "x", "account_id": "a"}, {"audience": "y", "account_id": "c"}],
        brands=[{"brand": "x", "account_id": "b"}, {"brand": "x", "account_id": None}],
    )
    assert rows == [{"node": 0}, {"node": 1}]


def word_of_mouth_events(run):
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


def word_of_mouth_texts(run):
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


def brand_talk_brands(run):
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
        rows = run("trust/brand_talk_brands", {"audience": audience}, accounts=index, brands=brands, **tables)
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


def brand_talk_posts(run):
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


def brand_talk(run):
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


def brand_mentions(run):
    texts = {
        "keyword": "Try Acme Shoes now",
        "inside": "pacme is a place",
        "at": "thanks @BRANDO!",
        "own": "acme here",
        "short": "ab is short",
        "cut": "acme shoeshine",
        "undated": "acme",
    }
    rows = run(
        "shill/brand_mentions",
        accounts=indexed("a", "brando"),
        brands=[
            {"brand": "Acme", "account_id": "brando", "keywords": " Acme shoes; ab | zip"},
            {"brand": "Rival", "keywords": None},
        ],
        posts=[
            {"post_id": name, "author_id": "brando" if name == "own" else "a", "text": text}
            for name, text in texts.items()
        ],
        post_classes=[
            {"post_id": name, "author": 0, "day": None if name == "undated" else number,
             "post_class": "disclosed_paid", "promotion_probability": 0.5}
            for number, name in enumerate(texts)
        ],
    )  # fmt: skip
    assert [row["post_id"] for row in rows] == ["at", "keyword"]
    assert all(row["is_promotion"] and row["is_disclosed"] and row["brand"] == "Acme" for row in rows)
    assert {row["observed_until"] for row in rows} == {5}


def engagements(run):
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


def posts(run):
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


def posts_by_author(run):
    rows = run(
        "shill/posts_by_author",
        accounts=indexed("a", "b", "c"),
        posts=[{"post_id": str(number), "author_id": name} for number, name in enumerate("bba")],
    )
    assert rows == [{"node": 0, "posts": 1}, {"node": 1, "posts": 2}]


def rivals(run):
    rows = run(
        "shill/rivals",
        brands=[
            {"brand": "A", "competitor_of": "B; A, unheard of"},
            {"brand": "B", "competitor_of": "A|C"},
            {"brand": "C"},
        ],
    )
    assert rows == [{"brand": "A", "rival": "B"}, {"brand": "B", "rival": "C"}]


def signal_group_members(run):
    rows = run(
        "shill/signal_group_members",
        accounts=indexed("a", "b"),
        pod_members=[{"group": 0, "node": 1}, {"group": 0, "node": 0}, {"group": 11, "node": 0}],
    )
    assert [(row["group_id"], row["account_id"]) for row in rows] == [
        ("pod-001", "a"),
        ("pod-001", "b"),
        ("pod-012", "a"),
    ]


def signal_groups(run):
    rows = run(
        "shill/signal_groups",
        pod_groups=[{"group": 0, "density": 1, "contrast": 9, "score": 3, "threshold": 2}, {"group": 1}],
        pod_members=[{"group": 0, "node": 0}, {"group": 0, "node": 1}, {"group": 1, "node": 2}],
        engagements=[
            {"actor": 0, "author": 1, "first_at": at(1), "last_at": at(2)},
            {"actor": 1, "author": 0, "first_at": at(3), "last_at": at(4)},
            {"actor": 0, "author": 2, "first_at": at(9), "last_at": at(9)},
        ],
    )
    assert [(row["group_id"], row["members"], row["first_at"], row["last_at"]) for row in rows] == [
        ("pod-001", 2, at(1), at(4)),
        ("pod-002", 1, None, None),
    ]


def candidate_signals(run):
    rows = run(
        "partners/candidate_signals",
        candidates=[{"node": 1}],
        signals=[
            {"node": 1, "signal": "weak", "contribution": 0.1},
            {"node": 1, "signal": "unknown", "contribution": None},
            {"node": 1, "signal": "strong", "contribution": -2.0},
            {"node": 2, "signal": "strong", "contribution": 3.0},
        ],
    )
    assert [row["signal"] for row in rows] == ["strong", "weak", "unknown"]


def candidates(run):
    people = indexed("brand", "few", "loud", "owner", "quiet")
    people[2] |= {"followers_count": 10}
    followers = {0: 9, 1: 2, 2: 3, 3: 9, 4: 3}
    arguments: dict[str, Rows] = {
        "accounts": people,
        "affinity": [
            {"node": node, "audience_followers": n, "audience_followers_cleaned": float(n)}
            for node, n in followers.items()
        ],
        "endorsement": [{"node": 2, "endorsement": 0.5, "over_follows": 0.4, "over_interactions": 0.1}],
        "word_of_mouth": [
            {
                "node": 4,
                "voices": 3,
                "voices_cleaned": 1.5,
                "weeks": 2,
                "communities": 2,
                "prompted_voices": 1,
            }
        ],
        "conversation": [{"node": 2, "conversation": 0.4, "tone": -0.1, "dyads": 7}],
        "community_reach": [{"node": 2, "communities_covered": 3, "is_bridge": True}],
        "owners": [{"node": 3}],
        "follower_counts": [{"node": node, "followers": 20} for node in followers],
        "shill_probability": [
            {"node": 2, "probability": 0.1, "low": 0.0, "high": 0.2, "n_signals": 2, "n_kinds": 1}
        ],
        "brands": [{"brand": "B", "account_id": "brand"}, {"brand": "C", "account_id": None}],
        "rates": [
            {"account_id": "loud", "price": 9.0, "currency": "EUR"},
            {"account_id": "loud", "price": 7.0, "currency": "EUR"},
            {"account_id": "loud", "price": 1.0, "currency": "USD"},
            {"account_id": "quiet", "price": 5.0, "currency": None},
        ],
    }
    rows = run("partners/candidates", {"minimum_followers": 3, "most_candidates": 10}, **arguments)
    assert [row["account_id"] for row in rows] == ["loud", "quiet"]
    loud, quiet = rows
    assert (loud["price"], loud["currency"], quiet["price"]) == (7.0, "EUR", None)
    assert (loud["followers_count"], quiet["followers_count"]) == (20, 20)
    assert (loud["endorsement"], quiet["endorsement"], loud["voices"], quiet["voices"]) == (0.5, 0.0, 0, 3)
    assert (loud["n_signals"], quiet["risk"]) == (2, None)
    assert (loud["conversation"], loud["dyads"], quiet["conversation"], quiet["dyads"]) == (
        0.4,
        7,
        None,
        None,
    )
    assert (loud["communities_covered"], loud["is_bridge"], quiet["is_bridge"]) == (3, True, None)
    assert (quiet["voice_communities"], quiet["prompted_voices"], loud["prompted_voices"]) == (2, 1, 0)
    rows = run("partners/candidates", {"minimum_followers": 3, "most_candidates": 1}, **arguments)
    assert [row["account_id"] for row in rows] == ["loud"]


ABOUT = {"run_id": "r", "audience": "x"}


def communities(run):
    rtl_override, zero_width = "\u202e", "\u200b"
    rows = run(
        "partners/communities",
        {**ABOUT, "small_share": 0.3},
        accounts=[
            *indexed("a", "b", "c"),
            {"node": 3, "account_id": "7f", "handle": "7f", "display_name": f"Shop{rtl_override}\n=1+1"},
        ],
        community_members=[
            {"node": 0, "community": 0, "weight": 0.5},
            {"node": 1, "community": 0, "weight": 1.0},
            {"node": 4, "community": 0, "weight": 1.0},
            {"node": 2, "community": 1, "weight": 1.0},
            {"node": 3, "community": -1, "weight": 1.0},
            {"node": 5, "community": 2, "weight": 0.0},
        ],
        community_facts=[
            {"community": 0, "stability": 0.9, "internal_share": 0.8, "terms": ["قهوة", "☕", "run", "far"]},
            {"community": 1, "stability": 0.4, "internal_share": None, "terms": None},
            {"community": 2, "stability": 0.1, "internal_share": 0.2, "terms": None},
        ],
        community_voices=[
            {"community": 0, "account_id": "c", "handle": "C", "position": 3},
            {"community": 0, "account_id": "a", "handle": "A" + "x" * 90, "position": 1},
            {"community": 0, "account_id": "b", "handle": zero_width, "position": 2},
            {"community": 1, "account_id": "7f", "handle": "7f", "position": 1},
        ],
    )
    assert [(row["community"], row["members"], row["members_cleaned"], row["name"]) for row in rows] == [
        (0, 3, 2.5, f"قهوة, ☕, run · around @A{'x' * 38}, @"),
        (1, 1, 1.0, "around Shop =1+1"),
        (2, 1, 0.0, "no voice of its own"),
    ]
    assert rows[0]["terms"] == ["قهوة", "☕", "run", "far"]
    assert [row["top_voices"] for row in rows] == [["A" + "x" * 90, zero_width, "C"], ["7f"], None]
    assert [row["is_small"] for row in rows] == [False, True, True]
    assert [row["stability"] for row in rows] == [0.9, 0.4, 0.1]
    assert {(row["run_id"], row["audience"]) for row in rows} == {("r", "x")}


def community_voices(run):
    tables = {
        "accounts": indexed("a", "b", "c", "d", "e", "f", "owner", "rival"),
        "community_candidates": [
            {"community": 0, "node": 0, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 2.0},
            {"community": 0, "node": 1, "followers": 2, "share": 0.9, "share_low": 0.2, "lift": 9.0},
            {"community": 0, "node": 2, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 1.5},
            {"community": 0, "node": 3, "followers": 1, "share": 0.9, "share_low": 0.2, "lift": 9.0},
            {"community": 0, "node": 4, "followers": 2, "share": 0.01, "share_low": 0.009, "lift": 9.0},
            {"community": 0, "node": 6, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 2.0},
            {"community": 0, "node": 7, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 2.0},
            {"community": 1, "node": 0, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 2.0},
            {"community": 1, "node": 5, "followers": 9, "share": 0.5, "share_low": 0.3, "lift": 2.0},
        ],
        "candidates": [{"node": 0, "rank": 50}, {"node": 5, "rank": 51}],
        "owners": [{"node": 6}],
        "brands": [{"brand": "r", "account_id": "rival"}, {"brand": "s", "account_id": None}],
    }
    bars = {**ABOUT, "list_length": 50, "fewest_followers": 2, "least_share": 0.05}
    rows = run("partners/community_voices", {**bars, "most_voices": 5}, **tables)
    # b is in no list and still a voice; c is followed here as everywhere, d by one, e by hardly anybody
    assert [
        (
            row["community"],
            row["position"],
            row["account_id"],
            row["rank_overall"],
            row["is_hidden_by_the_list"],
        )
        for row in rows
    ] == [(0, 1, "b", None, True), (0, 2, "a", 50, False), (1, 1, "a", 50, False), (1, 2, "f", 51, True)]
    assert len(run("partners/community_voices", {**bars, "most_voices": 1}, **tables)) == 2


def member_texts(run):
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


def example_posts(run):
    hidden = [0.5, 0.9, 0.9, 0.8, 0.4]
    rows = run(
        "partners/example_posts",
        candidates=[{"node": 1}],
        post_classes=[
            {"post_id": f"p{number}", "author": 1, "posted_at": at(number + 1), "hidden_probability": share}
            for number, share in enumerate(hidden)
        ]
        + [{"post_id": "other", "author": 2, "hidden_probability": 1.0}],
    )
    assert rows == [{"node": 1, "undisclosed_ids": ["p2", "p1", "p3"]}]


def account_signals(run):
    rows = run(
        "publication/account_signals",
        accounts=indexed("a", "b"),
        touched=[{"node": 1}],
        signals=[{"node": node, "signal": "s", "value": 0.5, "state": "measured"} for node in (0, 1)],
    )
    assert [(row["account_id"], row["signal"], row["value"]) for row in rows] == [("b", "s", 0.5)]


def balance(run):
    rows = run(
        "publication/balance",
        {"network": "n", "day": "2024-05-31"},
        balance=[{"table_name": "posts", "rows_in": 3}],
    )
    assert [(row["network"], row["as_of"], row["rows_in"]) for row in rows] == [("n", date(2024, 5, 31), 3)]


def coverage(run):
    people = indexed("a", "b")
    people[0] |= {"followers_count": 100}
    people[1] |= {"is_listed": False}
    rows = run(
        "publication/coverage",
        {"network": "n", "day": "2024-05-31"},
        accounts=people,
        follower_counts=[{"node": 0, "followers": 25}, {"node": 1, "followers": 9}],
        profiles=[{"node": 0, "profile_type": "real"}, {"node": 1, "profile_type": "unknown"}],
        signals=[
            {"node": 0, "signal": "pods", "state": "measured"},
            {"node": 1, "signal": "pods", "state": "x"},
        ],
        balance=[{"table_name": "posts", "rows_in": 0, "rows_rejected": 0}],
    )
    found = {row["measure"]: row["value"] for row in rows}
    assert found == {
        "listed_share": 0.5,
        "delivered_share_of_claimed": 0.25,
        "private_share": None,
        "profiled_share": 0.5,
        "pods_measured_share": 0.5,
        "posts_rejected_share": None,
    }
    says = {row["measure"]: row["sentence"] for row in rows}
    assert says["private_share"] == "Not known: no such data."
    assert says["listed_share"].startswith("50.0 % of all accounts")


def graph_accounts(run):
    people = indexed("a", "b", "c")
    people[0] |= {"followers_count": 7}
    rows = run(
        "publication/graph_accounts",
        accounts=people,
        touched=[{"node": 0, "is_in_audience": True, "is_candidate": False}, {"node": 1}],
        follower_counts=[{"node": node, "followers": 3} for node in range(3)],
        profiles=[{"node": node, "profile_type": "real"} for node in range(3)],
    )
    found = sorted((row["account_id"], row["followers_count"], row["is_in_audience"]) for row in rows)
    assert found == [("a", 7, True), ("b", 3, None)]


def graph_interactions(run):
    rows = run(
        "publication/graph_interactions",
        touched=[{"node": 0}, {"node": 1}],
        interactions=[
            {"actor": 0, "target": 1, "kind": "like", "events": 2},
            {"actor": 0, "target": 2, "kind": "like", "events": 2},
            {"actor": 2, "target": 1, "kind": "like", "events": 2},
        ],
    )
    assert [(row["actor"], row["target"]) for row in rows] == [(0, 1)]


def rejects(run):
    refused = [{"table_name": "posts", "line": 3, "value": "x"}]
    rows = run("publication/rejects", {"network": "n", "day": "2024-05-31"}, rejects=refused)
    assert [(row["network"], row["as_of"], row["line"]) for row in rows] == [("n", date(2024, 5, 31), 3)]


def top(run):
    ranked = [{"audience": name, "rank": rank} for name in "yx" for rank in (3, 1, 2)]
    rows = run("publication/top", {"n": 2}, ranked_partners=ranked)
    assert [(row["audience"], row["rank"]) for row in rows] == [("x", 1), ("x", 2), ("y", 1), ("y", 2)]


CASES: dict[str, Callable[..., None]] = {
    "graph/accounts": accounts_index,
    "graph/attention_edges": attention_edges,
    "graph/follow_edges": follow_edges,
    "graph/interaction_edges": interaction_edges,
    "graph/profile_facts": profile_facts,
    "trust/brand_talk": brand_talk,
    "trust/brand_talk_brands": brand_talk_brands,
    "trust/brand_talk_posts": brand_talk_posts,
    "trust/members": members,
    "trust/owners": owners,
    "trust/word_of_mouth_events": word_of_mouth_events,
    "trust/word_of_mouth_texts": word_of_mouth_texts,
    "shill/brand_mentions": brand_mentions,
    "shill/engagements": engagements,
    "shill/posts": posts,
    "shill/posts_by_author": posts_by_author,
    "shill/rivals": rivals,
    "shill/signal_group_members": signal_group_members,
    "shill/signal_groups": signal_groups,
    "partners/candidate_signals": candidate_signals,
    "partners/candidates": candidates,
    "partners/communities": communities,
    "partners/community_voices": community_voices,
    "partners/example_posts": example_posts,
    "trust/member_texts": member_texts,
    "publication/account_signals": account_signals,
    "publication/balance": balance,
    "publication/coverage": coverage,
    "publication/graph_accounts": graph_accounts,
    "publication/graph_interactions": graph_interactions,
    "publication/rejects": rejects,
    "publication/top": top,
}


@pytest.mark.parametrize("name", CASES)
def test_statement(name, run):
    CASES[name](run)


def test_no_statement_is_left_without_a_case():
    written = {
        f"{folder}/{path.stem}" for folder in FOLDERS for path in (sql_folder() / folder).glob("*.sql")
    }
    assert written - set(CASES) == set()
    assert set(CASES) - written == set()


def test_every_statement_is_a_single_query():
    """The engine puts a statement behind CREATE TABLE ... AS, so a second one would never run."""
    for name in CASES:
        text = (sql_folder() / f"{name}.sql").read_text(encoding="utf-8")
        code = re.sub(r"--[^\n]*|'[^']*'", "", text).strip()
        assert re.match(r"(WITH|SELECT)\b", code), name
        assert ";" not in code.rstrip(";"), name


@pytest.mark.parametrize("name", CASES)
def test_statement_on_nothing_at_all(name, run):
    """A table that was not delivered is an empty one; no statement may fail on it."""
    text = (sql_folder() / f"{name}.sql").read_text(encoding="utf-8")
    values = {
        "day": "2024-05-31", "audience": "x", "run_id": "r", "network": "n", "minimum_followers": 1,
        "most_candidates": 1, "most_voices": 1, "n": 1, "most_mentioned": 1,
        "small_share": 0.1, "list_length": 1,
        "fewest_followers": 1, "least_share": 0.1, "newest_posts": 1, "post_length": 1, "bio_length": 1,
    }  # fmt: skip
    wanted = {parameter: values[parameter] for parameter in re.findall(r"\$(\w+)", text)}
    rows = run(name, wanted)
    assert [row for row in rows if any(row.get(column) for column in ("node", "actor", "account_id"))] == []
