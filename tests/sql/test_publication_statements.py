"""The statements of what is published, by the real engine on frames small enough to check by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sql.tables import at, indexed


def test_account_signals(run):
    rows = run(
        "publication/account_signals",
        accounts=indexed("a", "b"),
        touched=[{"node": 1}],
        signals=[{"node": node, "signal": "s", "value": 0.5, "state": "measured"} for node in (0, 1)],
    )
    assert [(row["account_id"], row["signal"], row["value"]) for row in rows] == [("b", "s", 0.5)]


def test_an_interval_that_misses_its_value_by_a_hair_is_mended_and_no_other(run):
    given = [(0.0, 5e-5, 0.2), (0.5, 0.4, 0.49995), (0.5, 0.6, 0.7), (None, 0.1, 0.2), (0.5, None, None)]
    rows = run(
        "publication/account_signals",
        accounts=indexed("a"),
        touched=[{"node": 0}],
        signals=[
            {"node": 0, "signal": str(at), "value": value, "low": low, "high": high}
            for at, (value, low, high) in enumerate(given)
        ],
    )
    found = [(row["low"], row["high"]) for row in sorted(rows, key=lambda row: row["signal"])]
    assert found == [(0.0, 0.2), (0.4, 0.5), (0.6, 0.7), (0.1, 0.2), (None, None)]


def test_the_score_of_a_pod_is_held_against_no_threshold(run):
    kinds = ("engagement_pod", "lockstep_block")
    groups = [{"group_id": kind, "kind": kind, "score": 3.0, "threshold": 0.5} for kind in kinds]
    rows = run("publication/signal_groups", signal_groups=groups)
    assert {row["kind"]: row["threshold"] for row in rows} == dict(zip(kinds, (None, 0.5), strict=True))


def test_brand_history(run):
    rows = run(
        "publication/brand_history",
        accounts=indexed("a", "b"),
        touched=[{"node": 1}],
        brand_ties=[{"node": node, "brand": "x", "posts": 2, "first_at": at(1)} for node in (0, 1)],
    )
    assert [(row["account_id"], row["brand"], row["posts"], row["first_at"]) for row in rows] == [
        ("b", "x", 2, at(1))
    ]


def test_follower_types(run):
    rows = run(
        "publication/follower_types",
        accounts=indexed("a", "b"),
        touched=[{"node": 1}],
        types=[{"node": node, "profile_type": "real", "share": 0.5, "n": 30} for node in (0, 1)],
    )
    assert [(row["account_id"], row["profile_type"], row["share"], row["n"]) for row in rows] == [
        ("b", "real", 0.5, 30)
    ]


def test_bios_are_those_of_candidates(run):
    people = indexed("a", "b", "c")
    for person, bio in zip(people, ("mine", "theirs", " "), strict=True):
        person["bio"] = bio
    touched = [{"node": 0, "is_candidate": True}, {"node": 1, "is_in_audience": True, "is_candidate": False}]
    rows = run("publication/bios", accounts=people, touched=[*touched, {"node": 2, "is_candidate": True}])
    assert [(row["account_id"], row["bio"]) for row in rows] == [("a", "mine")]


def test_example_posts_are_those_that_a_result_names(run):
    rows = run(
        "publication/example_posts",
        accounts=indexed("a"),
        named=[{"post_id": "p1"}, {"post_id": "a"}],
        posts=[
            {"post_id": f"p{i}", "author_id": "a", "text": "Ten miles.", "posted_at": at(1)} for i in (1, 2)
        ],
    )
    assert [(row["post_id"], row["author_id"], row["text"]) for row in rows] == [("p1", "a", "Ten miles.")]


def test_follower_history_prefers_counts(run):
    rows = run(
        "publication/follower_history",
        {"points": 60},
        accounts=indexed("counted", "timed", "other"),
        touched=[{"node": node, "is_candidate": node < 2} for node in range(3)],
        snapshots=[
            {"account_id": name, "observed_at": at(day), "followers_count": 100 * day}
            for name in ("counted", "other")
            for day in (1, 2, 3)
        ],
        follow_days=[
            {"account_id": name, "day": at(day).date(), "change": change}
            for name in ("counted", "timed")
            for day, change in ((1, 6), (2, 24), (6, -4))
        ],
    )
    found = [(row["account_id"], row["day"].day, row["followers"], row["source"]) for row in rows]
    assert found == [
        *(("counted", day, 100 * day, "snapshots") for day in (1, 2, 3)),
        *(("timed", day, followers, "follow_times") for day, followers in ((1, 6), (2, 30), (6, 26))),
    ]


def test_follower_history_is_thinned_and_keeps_both_ends(run):
    counts = [{"account_id": "a", "observed_at": at(day), "followers_count": day} for day in range(1, 29)]
    rows = run(
        "publication/follower_history",
        {"points": 5},
        accounts=indexed("a"),
        touched=[{"node": 0, "is_candidate": True}],
        snapshots=counts,
    )
    assert (rows[0]["followers"], rows[-1]["followers"]) == (1, 28)
    assert 5 <= len(rows) <= 7


def test_balance(run):
    rows = run(
        "publication/balance",
        {"network": "n", "day": "2024-05-31"},
        balance=[{"table_name": "posts", "rows_in": 3}],
    )
    assert [(row["network"], row["as_of"], row["rows_in"]) for row in rows] == [("n", date(2024, 5, 31), 3)]


@pytest.mark.parametrize("shown", [10, 40])
def test_coverage(run, shown):
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
        shown_follows=[
            {"kind": "of_candidates", "shown": 7, "there": 7},
            {"kind": "between_members", "shown": shown, "there": 40},
            {"kind": "of_others", "shown": shown - 10, "there": 30},
        ],
        lockstep_search=[{"starts": 1, "accounts": 8, "surely_met_from": 5, "is_compared": shown == 40}],
    )
    found = {row["measure"]: row["value"] for row in rows}
    assert found == {
        "listed_share": 0.5,
        "delivered_share_of_claimed": 0.25,
        "private_share": None,
        "profiled_share": 0.5,
        "pods_measured_share": 0.5,
        "lockstep_start_share": 0.125,
        "posts_rejected_share": None,
    } | (
        {"published_share_between_members": 0.25, "published_share_of_others": 0.0} if shown < 40 else {}
    )  # nobody needs to be told that all is there
    says = {row["measure"]: row["sentence"] for row in rows}
    assert says["private_share"] == "Not known: no such data."
    assert "fewer than 5 accounts together may have been missed" in says["lockstep_start_share"]
    assert ("dealt out anew" in says["lockstep_start_share"]) == (shown != 40)
    assert says["listed_share"].startswith("50.0 % of all accounts")


def test_graph_accounts(run):
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


def test_graph_interactions(run):
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


def test_rejects(run):
    refused = [{"table_name": "posts", "line": 3, "value": "x"}]
    rows = run("publication/rejects", {"network": "n", "day": "2024-05-31"}, rejects=refused)
    assert [(row["network"], row["as_of"], row["line"]) for row in rows] == [("n", date(2024, 5, 31), 3)]


def test_top(run):
    ranked = [{"audience": name, "rank": rank} for name in "yx" for rank in (3, 1, 2)]
    rows = run("publication/top", {"n": 2}, ranked_partners=ranked)
    assert [(row["audience"], row["rank"]) for row in rows] == [("x", 1), ("x", 2), ("y", 1), ("y", 2)]
