"""Stage 3: who talks with the audience, on posts, on interactions alone, and on neither."""

from __future__ import annotations

import pytest

from graph.trust.conversation import MIN_OUTPUT

NETWORK = ("input_tables", "accounts", "account_profiles", "interaction_graph", "follower_graph")
TALK = ("cleaned_audience", "audience_affinity", "communities", "conversation")
COLUMNS = [
    "node", "conversation", "conversation_low", "conversation_high", "output_posts", "directed_share",
    "replies_received", "replies_answered", "answer_rate", "answer_rate_low", "answer_rate_high",
    "answer_delay_hours", "answers", "distinct_answer_share", "dyads", "returning_dyads",
    "shared_community_share", "clockwork_share", "speakers", "state", "tone", "tone_low", "tone_high",
    "tone_messages", "tone_coverage", "example_post_ids",
]  # fmt: skip


def post(post_id, author, day, text="words", answers=""):
    return {"post_id": post_id, "author_id": author, "posted_at": f"2024-05-{day:02}T10:00:00", "text": text,
            "reply_to_post_id": answers}  # fmt: skip


def act(actor, target, kind, day, *, post_id="", hour=10):
    return {"actor_id": actor, "target_id": target, "kind": kind, "post_id": post_id,
            "occurred_at": f"2024-05-{day:02}T{hour}:00:00"}  # fmt: skip


def conversing(bench):
    """`niche` answers four members, one of them in two weeks, `star` nobody, `brand` m1 once."""
    bench.tables["posts"] = [post("n1", "niche", 1), post("s1", "star", 1), post("b1", "brand", 1)]
    for number, (member, day) in enumerate((("m1", 2), ("m1", 20), ("m2", 3), ("m3", 4), ("m4", 5))):
        bench.tables["posts"] += [
            post(f"q{number}", member, day, f"@Niche question {number}, thank you 🙏", "n1"),
            post(
                f"a{number}",
                "niche",
                day + 1,
                f"@{member} an answer of its own: {'xyz'[number % 3] * 9}",
                f"q{number}",
            ),
            post(f"t{number}", member, day, "@Star this is awful", "s1"),
            post(f"u{number}", member, day, "@Brand hello?", "b1"),
        ]
    bench.tables["posts"] += [post("b2", "brand", 3, "thanks!", "u0")]
    bench.tables["posts"] += [post(f"s{number}", "star", number) for number in range(2, MIN_OUTPUT + 3)]
    bench.tables["interactions"] = []


ONCE = {"niche": (5, 5, 4, 6), "star": (5, 0, 0, MIN_OUTPUT + 2), "brand": (5, 1, 1, 2)}


def counts(found):
    names = ("replies_received", "replies_answered", "dyads", "output_posts")
    return {who: tuple(found[who][name] for name in names) for who in ONCE}


def measured(bench):
    assert bench.network(*NETWORK).success
    assert bench.audience(*TALK).success
    frame = bench.found("conversation")
    assert frame.columns == COLUMNS
    names = bench.ids()
    return {names[row["node"]]: row for row in frame.iter_rows(named=True)}, bench.lake.read_json(
        bench.folder / "conversation.json"
    )


def test_replies_in_posts_give_every_figure(bench):
    conversing(bench)
    found, known = measured(bench)
    assert known == {"basis": "posts", "unknown": []}
    niche, star = found["niche"], found["star"]
    assert counts(found) == ONCE
    assert niche["returning_dyads"] == 1
    assert niche["answer_rate"] == 1.0
    assert niche["answer_delay_hours"] == 24
    assert niche["directed_share"] == pytest.approx(3 / 4)  # five answers in three wordings, and one post
    assert niche["distinct_answer_share"] == pytest.approx(3 / 5)
    assert niche["example_post_ids"] == ["a1", "a4", "a3", "a2", "a0"]
    assert niche["tone"] == 1.0
    assert niche["tone_coverage"] == 0.5
    assert (star["tone"], star["answer_rate"], star["directed_share"]) == (-1.0, 0.0, 0.0)
    assert star["conversation_high"] < niche["conversation"]
    assert star["example_post_ids"] is None
    assert found["buyer"]["state"] == "not_enough_data"
    assert found["buyer"]["conversation"] is None


def test_the_brands_own_account_is_measured_too(bench):
    conversing(bench)
    found, _ = measured(bench)
    own = bench.found("own_accounts")
    assert own.columns == COLUMNS
    assert [bench.ids()[node] for node in own["node"]] == ["brand"]
    assert own["answer_rate"].to_list() == [found["brand"]["answer_rate"]] == [0.2]


@pytest.mark.parametrize("points_at", ["reply_to_post_id", "post_id", "nothing"])
def test_a_reply_that_is_delivered_twice_counts_once(bench, points_at):
    conversing(bench)
    authors = {row["post_id"]: row["author_id"] for row in bench.tables["posts"]}
    bench.tables["interactions"] = [
        {
            "actor_id": row["author_id"],
            "target_id": authors[row["reply_to_post_id"]],
            "kind": "reply",
            "post_id": row.get(points_at, ""),
            "occurred_at": row["posted_at"],
        }
        for row in bench.tables["posts"]
        if row["reply_to_post_id"] and not (points_at == "nothing" and row["author_id"].startswith("m"))
    ]  # fmt: skip
    assert counts(measured(bench)[0]) == ONCE


def test_replies_as_interactions_beside_posts_give_the_same(bench):
    conversing(bench)
    authors = {row["post_id"]: row["author_id"] for row in bench.tables["posts"]}
    for number, row in enumerate(bench.tables["posts"]):  # each in a second of its own, to be found by it
        row["posted_at"] = f"{row['posted_at'][:14]}{number // 60:02}:{number % 60:02}"
    bench.tables["interactions"] = [
        {
            "actor_id": row["author_id"],
            "target_id": authors[row["reply_to_post_id"]],
            "kind": "reply",
            "post_id": row.pop("reply_to_post_id"),
            "occurred_at": row["posted_at"],
        }
        for row in bench.tables["posts"]
        if row["reply_to_post_id"]
    ]
    bench.tables["posts"] = [row | {"reply_to_post_id": ""} for row in bench.tables["posts"]]
    found, known = measured(bench)
    assert known["basis"] == "posts"
    assert counts(found) == ONCE
    assert found["niche"]["answers"] == 5
    assert found["star"]["tone"] == -1.0


def test_interactions_alone_say_what_they_cannot_know(bench):
    del bench.tables["posts"]
    bench.tables["interactions"] = [
        act("m1", "niche", "reply", 1), act("m2", "niche", "mention", 1), act("m3", "niche", "mention", 1),
        act("m1", "niche", "reply", 20), act("m4", "niche", "reply", 2),
        act("niche", "m1", "reply", 2), act("niche", "m1", "mention", 2, hour=11),  # two acts, one answer
        act("niche", "m2", "mention", 20),  # too late to be an answer
        act("niche", "m4", "mention", 1),  # before the message
        act("niche", "m3", "repost", 2),  # no word to anybody
    ]  # fmt: skip
    found, known = measured(bench)
    niche = found["niche"]
    assert known["basis"] == "interactions"
    assert {"directed_share", "tone", "distinct_answer_share", "example_post_ids"} <= set(known["unknown"])
    assert all(row[name] is None for row in found.values() for name in known["unknown"])
    assert (niche["replies_received"], niche["replies_answered"]) == (5, 1)
    assert niche["answer_delay_hours"] == 24
    assert (niche["dyads"], niche["returning_dyads"]) == (1, 1)
    assert niche["state"] == "measured"
    assert 0 < niche["conversation"] < 1


def test_interactions_without_times_cannot_tell_an_answer(bench):
    del bench.tables["posts"]
    bench.tables["interactions"] = [
        {"actor_id": actor, "target_id": target, "kind": "reply"}
        for actor, target in (("m1", "niche"), ("niche", "m1"), ("m2", "niche"))
    ]
    found, known = measured(bench)
    assert {"answer_rate", "conversation", "returning_dyads", "clockwork_share"} <= set(known["unknown"])
    assert found["niche"]["replies_received"] == 2
    assert found["niche"]["answer_rate"] is None
    assert {row["state"] for row in found.values()} == {"not_enough_data"}


def test_where_nobody_speaks_nothing_is_known(bench):
    del bench.tables["posts"]
    del bench.tables["interactions"]
    found, known = measured(bench)
    assert known["basis"] == "none"
    assert set(known["unknown"]) == set(COLUMNS) - {"node", "state"}
    assert found
    for row in found.values():
        assert row["state"] == "not_enough_data"
        assert all(value is None for name, value in row.items() if name not in {"node", "state"})


def test_mass_mentions_brand_tags_and_passed_on_posts_are_broadcast(bench):
    conversing(bench)
    named = {"mass": "m1 m2 m3 m4", "pair": "m1 m2", "tag": "deal", "rt": "niche"}
    for day, post_id in enumerate(named, 28):
        bench.tables["posts"] += [post(post_id, "star", day, "RT @Niche: hm" if post_id == "rt" else "hm")]
        acts = [act("star", target, "mention", day, post_id=post_id) for target in named[post_id].split()]
        bench.tables["interactions"] += acts
    found, _ = measured(bench)
    assert found["star"]["output_posts"] == MIN_OUTPUT + 2 + 3  # without what was passed on
    assert found["star"]["directed_share"] == pytest.approx(1 / (MIN_OUTPUT + 5))
