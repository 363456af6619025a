"""Stage 3: word of mouth and its absence."""

from __future__ import annotations

import pytest

from assets.word_of_mouth import read_voices
from graph.partners.ranking import LISTENERS_ASSUMED
from graph.trust.word_of_mouth import UNKNOWN_TIME

TRUST = (
    "cleaned_audience",
    "audience_affinity",
    "audience_endorsement",
    "communities",
    "conversation",
    "word_of_mouth",
)


def test_word_of_mouth_counts_distinct_voices_and_weeks(golden):
    talk = golden.found("word_of_mouth")
    assert golden.by_id(talk, "voices") == {
        "niche": 2
    }  # the outsider is no member, m3 liked or spoke of itself
    assert golden.by_id(talk, "weeks") == {"niche": 2}  # 1 and 2 May are one week, the 20th another
    state = golden.lake.read_json(golden.folder / "word_of_mouth.json")
    assert state == {"measured": True, "calls_are_known": False, "share_with_text": 0.0, "weeks_with_talk": 2}


@pytest.mark.parametrize("talk", ["none delivered", "likes only"])
def test_no_table_of_talk_is_not_zero_voices(bench, talk):
    if talk == "none delivered":
        del bench.tables["interactions"]
    else:
        bench.tables["interactions"] = [{"actor_id": "m1", "target_id": "star", "kind": "like"}]
    assert bench.network().success
    assert bench.audience(*TRUST, "resampled_audience", "partner_ranking").success
    assert bench.lake.read_json(bench.folder / "word_of_mouth.json")["measured"] is False
    ranked = bench.found("ranked_candidates")
    assert ranked["word_of_mouth_voices"].null_count() == ranked.height > 0
    assert ranked["audience_listeners"].null_count() == ranked.height


def test_talk_about_others_makes_nobody_heard_a_finding(golden):
    voices = dict(golden.found("ranking").select("account_id", "word_of_mouth_voices").iter_rows())
    assert voices == {"star": 0, "niche": 2, "buyer": 0}


def test_prompted_voices_are_unknown_where_no_post_has_a_text(golden):
    ranked = golden.found("ranking")
    assert ranked["word_of_mouth_prompted_voices"].null_count() == ranked.height > 0
    assert ranked["word_of_mouth_voices"].null_count() == 0


def test_who_speaks_without_following_listens_as_well(bench):
    """Niche is followed by m1 to m4 and spoken of by m1, m2, m5 and m6: six listen, not four."""
    bench.tables["interactions"] += [
        {"actor_id": name, "target_id": "niche", "kind": "mention", "occurred_at": "2024-05-20T10:00:00"}
        for name in ("m5", "m6")
    ]
    assert bench.network().success
    assert bench.audience(*TRUST, "resampled_audience", "partner_ranking").success
    ranked = bench.found("ranked_candidates")
    followers = {"star": {*"123456"}, "niche": {*"1234"}, "buyer": {*"1456"}}
    speakers = {"star": set(), "niche": {*"1256"}, "buyer": set()}
    listeners = {name: followers[name] | speakers[name] for name in followers}
    count = dict(ranked.select("account_id", "audience_listeners").iter_rows())
    assert count == {name: len(heard) for name, heard in listeners.items()}
    weight = {name[1:]: one for name, one in bench.by_id(bench.found("members"), "weight").items()}
    cleaned = {name: sum(weight[one] for one in heard) for name, heard in listeners.items()}
    spoken = {name: sum(weight[one] for one in heard) for name, heard in speakers.items()}
    weighed = dict(ranked.select("account_id", "audience_listeners_cleaned").iter_rows())
    assert weighed == pytest.approx(cleaned)
    usual = sum(spoken.values()) / sum(cleaned.values())
    rate = dict(ranked.select("account_id", "sharing_rate").iter_rows())
    assert rate == pytest.approx(
        {
            name: (spoken[name] + LISTENERS_ASSUMED * usual) / (cleaned[name] + LISTENERS_ASSUMED)
            for name in cleaned
        }
    )


def posts_and_talk(posts, talk):
    """Rows of `posts` and `interactions` from short tuples."""
    columns = ("post_id", "author_id", "text", "reply_to_post_id")
    return (
        [{**dict(zip(columns, row, strict=True)), "posted_at": "2024-05-06T10:00:00"} for row in posts],
        [
            {"actor_id": actor, "target_id": target, "kind": kind, "post_id": post,
             "occurred_at": f"2024-05-{day:02}T10:00:00"}
            for actor, target, kind, post, day in talk
        ],
    )  # fmt: skip


@pytest.fixture
def called(bench):
    """Talk with texts: a giveaway of `star`, honest words about `niche`, an answer, a roll call."""
    posts, talk = posts_and_talk(
        [
            ("win", "star", "GIVEAWAY! Tag a friend and share to win", ""),
            ("plain", "star", "Hills again", ""),
            ("tagging", "m1", "@niche look", "win"),
            ("words", "m2", "Do listen to @niche", ""),
            ("answer", "m3", "@niche thank you", "ask"),
            ("ask", "niche", "How do you all do it?", ""),
            ("roll", "m4", "@a @b @c @d @niche @star hello", ""),
        ],
        [
            ("m1", "star", "repost", "win", 6),
            ("m2", "star", "repost", "win", 6),
            ("m2", "star", "quote", "plain", 20),
            ("m1", "niche", "mention", "tagging", 6),
            ("m2", "niche", "mention", "words", 7),
            ("m3", "niche", "mention", "answer", 8),
            *(("m4", name, "mention", "roll", 9) for name in ("a", "b", "c", "d", "niche", "star")),
        ],
    )
    bench.tables["posts"] += posts
    bench.tables["interactions"] = talk
    assert bench.network().success
    assert bench.audience(*TRUST).success
    return bench


def test_talk_that_a_post_called_for_is_counted_apart(called):
    talk = called.found("word_of_mouth")
    assert called.by_id(talk, "voices") == {"star": 1, "niche": 1}
    assert called.by_id(talk, "prompted_voices") == {"star": 1, "niche": 1}  # m2 also spoke of star unasked
    assert called.by_id(talk, "weeks") == {"star": 1, "niche": 1}
    assert called.by_id(talk, "example_post_ids") == {"star": ["plain"], "niche": ["words"]}
    state = called.lake.read_json(called.folder / "word_of_mouth.json")
    assert state["calls_are_known"]
    assert state["share_with_text"] == 1.0


def test_nobody_prompted_is_a_finding_where_calls_can_be_read(called):
    assert called.audience("resampled_audience", "partner_ranking").success
    ranked = dict(
        called.found("ranked_candidates").select("account_id", "word_of_mouth_prompted_voices").iter_rows()
    )
    assert ranked["star"] == 1
    assert ranked["buyer"] == 0


def test_first_and_last_time_and_communities(called):
    talk = called.found("word_of_mouth")
    assert {at.day for at in called.by_id(talk, "first_at").values()} == {20, 7}
    assert talk["first_at"].to_list() == talk["last_at"].to_list()
    housed = (called.found("community_members")["community"] >= 0).any()
    assert (talk["communities"].null_count() == 0) == housed


def test_what_is_read_back_is_what_was_written(called):
    n_accounts = len(called.ids())
    voices = read_voices(called.folder, n_accounts)
    talk = called.found("word_of_mouth")
    assert voices.voices[talk["node"].to_list()].tolist() == talk["voices"].to_list()
    assert voices.voices.sum() == talk["voices"].sum() == voices.pair_member.size
    assert (voices.first_at != UNKNOWN_TIME).sum() == talk.height
