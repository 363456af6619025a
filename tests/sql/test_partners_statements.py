"""The statements of the partners stage, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

import pytest

from tests.sql.tables import at, indexed, shuffles


def test_candidate_signals(run):
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


def test_candidates(run):
    people = indexed("brand", "few", "loud", "owner", "quiet")
    people[2] |= {"followers_count": 10}
    followers = {0: 9, 1: 2, 2: 3, 3: 9, 4: 3}
    arguments = {
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
        "community_reach": [
            {"node": 2, "communities_covered": 3, "is_bridge": True, "covered_communities": [0, 1, 4]}
        ],
        "community_homes": [{"node": 2, "community": 2}],
        "chosen": [
            {"node": 4, "place": 2, "audience_listeners": 5, "audience_listeners_cleaned": 3.5},
            {"node": 2, "place": 1},
        ],
        "follower_counts": [{"node": node, "followers": 20} for node in followers],
        "shill_probability": [
            {"node": 2, "probability": 0.1, "low": 0.0, "high": 0.2, "n_signals": 2, "n_kinds": 1}
        ],
        "reviews": [
            {"node": 2, "label": "genuine", "is_current": True},
            {"node": 2, "label": "shill", "is_current": False},
            {"node": None, "label": "shill", "is_current": True},
        ],
        "impersonation": [{"node": 4, "kind": "resembles"}, {"node": 2, "kind": "says_so"}],
        "rates": [
            {"account_id": "loud", "price": 9.0, "currency": "EUR"},
            {"account_id": "loud", "price": 7.0, "currency": "EUR"},
            {"account_id": "loud", "price": 1.0, "currency": "USD"},
            {"account_id": "quiet", "price": 5.0, "currency": None},
        ],
    }
    rows = run("partners/candidates", {"calls_are_known": True}, **arguments)
    assert [row["account_id"] for row in rows] == ["loud", "quiet"]
    loud, quiet = rows
    assert (loud["price"], loud["currency"], quiet["price"]) == (7.0, "EUR", None)
    assert (loud["other_price"], quiet["other_price"], quiet["other_currency"]) == (None, 5.0, None)
    assert (loud["followers_count"], quiet["followers_count"]) == (20, 20)
    assert (loud["endorsement"], quiet["endorsement"], loud["voices"], quiet["voices"]) == (0.5, 0.0, 0, 3)
    assert (loud["n_signals"], quiet["risk"]) == (2, None)
    assert (quiet["audience_listeners"], quiet["audience_listeners_cleaned"]) == (5, 3.5)
    assert loud["audience_listeners"] is None  # where nobody could be heard to speak
    assert (loud["conversation"], loud["dyads"], quiet["conversation"], quiet["dyads"]) == (
        0.4,
        7,
        None,
        None,
    )
    assert (loud["communities_covered"], loud["is_bridge"], quiet["is_bridge"]) == (3, True, None)
    assert (loud["covered_communities"], quiet["covered_communities"]) == ([0, 1, 4], None)
    assert (quiet["voice_communities"], quiet["prompted_voices"], loud["prompted_voices"]) == (2, 1, 0)
    assert (loud["community"], quiet["community"]) == (2, None)
    assert (loud["review"], quiet["review"]) == ("genuine", None)
    assert (loud["resembles_another"], quiet["resembles_another"]) == (False, True)
    rows = run("partners/candidates", {"calls_are_known": False}, **arguments)
    assert [row["prompted_voices"] for row in rows] == [None, None]  # not measured is not nobody


@pytest.mark.parametrize(
    ("currencies", "usual"),
    [
        (["USD", "EUR", "EUR"], "EUR"),
        (["USD", "EUR"], "EUR"),
        ([None, "USD"], "USD"),
        ([None, "USD", None], None),
    ],
)
def test_candidates_are_priced_in_the_usual_currency_whatever_the_order(run, currencies, usual):
    rates = [
        {"account_id": "a", "price": float(number), "currency": currency}
        for number, currency in enumerate(currencies)
    ]
    for rows in shuffles(rates):
        (found,) = run(
            "partners/candidates",
            {"calls_are_known": True},
            chosen=[{"node": 0, "place": 1}],
            accounts=indexed("a"),
            affinity=[{"node": 0, "audience_followers": 3}],
            follower_counts=[{"node": 0, "followers": 3}],
            rates=rows,
        )
        assert (found["currency"], found["price"]) == (usual, float(currencies.index(usual)))


def test_the_other_price_is_the_lowest_in_the_first_named_currency(run):
    asked = [("b", 3.0, None), ("b", 9.0, "USD"), ("b", 8.0, "USD"), ("b", 1.0, "YEN"), ("a", 2.0, "EUR")]
    rates = [{"account_id": account, "price": price, "currency": name} for account, price, name in asked]
    usual = [{"account_id": "a", "price": 4.0, "currency": "EUR"}] * 3
    for rows in shuffles(rates + usual):
        found = run(
            "partners/candidates",
            {"calls_are_known": True},
            chosen=[{"node": 0, "place": 1}, {"node": 1, "place": 2}],
            accounts=indexed("a", "b"),
            affinity=[{"node": node, "audience_followers": 3} for node in (0, 1)],
            follower_counts=[{"node": node, "followers": 3} for node in (0, 1)],
            rates=rows,
        )
        assert [row["price"] for row in found] == [2.0, None]
        assert [(row["other_price"], row["other_currency"]) for row in found] == [(None, None), (8.0, "USD")]


ABOUT = {"run_id": "r", "audience": "x"}


def test_communities(run):
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


def test_community_voices(run):
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


def test_example_posts(run):
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
