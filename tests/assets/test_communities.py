# ruff: noqa: RUF001 - names in several scripts are the subject here
"""Stage 3: the groups inside the audience."""

from __future__ import annotations

import polars as pl
import pytest

from tests.assets.conftest import Workbench

AUDIENCE = "fans"


def test_communities_hold_every_member_once(golden):
    members = golden.found("community_members")
    assert sorted(members["node"]) == sorted(golden.found("members")["node"])
    named = golden.found("communities")
    assert named["members"].sum() == members.filter(pl.col("community") >= 0).height
    assert named.select("run_id", "audience").unique().rows() == [("run-1", AUDIENCE)]


def clubs(bench):
    """Two clubs of twenty who follow three voices each, and a small one whose voices nobody else knows."""
    accounts, follows, posts = [], [], []
    bios = {"coffee": "قهوة\u202e ☕ <b>https://x.example</b>", "running": "бег, =running()", "tiny": ""}
    for club, size in (("coffee", 20), ("running", 20), ("tiny", 3)):
        for number in range(size):
            name = f"{club}{number}"
            accounts.append({"account_id": name, "handle": name, "bio": bios[club]})
            follows += [
                {"follower_id": name, "followee_id": f"{club}voice{voice}"}
                for voice in range(3)
                if (club != "tiny" and number % 4 != voice) or (club == "tiny" and (number, voice) != (2, 2))
            ]
            posts.append(
                {"post_id": name, "author_id": name, "text": f"{club} all day", "posted_at": "2024-05-01"}
            )
        follows += [{"follower_id": f"{club}{number}", "followee_id": "everybodys"} for number in range(size)]
    follows += [
        {"follower_id": f"{club}{n}", "followee_id": "both"}
        for club in ("coffee", "running")
        for n in range(7)
    ]
    # tastes differ and strangers follow the voices too, else each club would look like one hand
    follows += [
        {"follower_id": f"stranger{number}", "followee_id": followee}
        for number in range(40)
        for followee in ("everybodys", f"coffeevoice{number % 3}", f"runningvoice{number % 3}")
    ]
    voices = [
        {"account_id": name, "handle": name.title()}
        for name in sorted({row["followee_id"] for row in follows})
    ]
    bench.tables = {
        "accounts": accounts + voices,
        "follows": follows,
        "posts": posts,
        "audience_members": [
            {"audience": AUDIENCE, "account_id": row["account_id"]} for row in accounts
        ],
        "brands": [{"brand": "Clubco", "account_id": "coffeevoice2"}],
    }  # fmt: skip
    assert bench.network().success
    assert bench.audience().success
    return bench


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    return clubs(Workbench(tmp_path_factory.mktemp("clubs")))


def test_groups_are_named_after_what_they_share(gathered):
    names = gathered.found("communities").select("members", "name", "terms").rows()
    coffee, running, tiny = names
    assert (coffee[0], running[0], tiny[0]) == (20, 20, 3)
    assert coffee[1] == "قهوة, ☕ · around @Coffeevoice0, @Coffeevoice1"
    assert running[1].endswith("· around @Runningvoice0, @Runningvoice1")
    assert set(running[2]) == {"running", "бег"}
    assert tiny[1] == "around @Tinyvoice0, @Tinyvoice1, @Tinyvoice2"
    assert tiny[2] is None  # three people say too little to be told apart


def test_small_groups_show_voices_that_the_list_leaves_out(gathered):
    voices = gathered.found("community_voices").filter(pl.col("community") == 2)
    assert voices["handle"].to_list() == ["Tinyvoice0", "Tinyvoice1", "Tinyvoice2"]
    assert voices["rank_overall"].is_null().to_list() == [
        False,
        False,
        True,
    ]  # two followers are no candidate
    assert voices["is_hidden_by_the_list"].to_list() == [False, False, True]
    assert gathered.found("communities")["is_small"].to_list() == [False, False, True]
    assert "Coffeevoice2" not in gathered.found("community_voices")["handle"]  # a brand's own account


def test_reach_is_there_before_the_ranking(gathered):
    reach = gathered.found("community_reach")
    assert gathered.by_id(reach, "communities_covered")["coffeevoice0"] == 1
    assert gathered.by_id(reach, "communities_covered")["both"] == 2
    assert gathered.by_id(reach, "is_bridge")["both"]
    assert not gathered.by_id(reach, "is_bridge")["everybodys"]
    assert reach.schema == {
        "node": pl.UInt32,
        "communities_covered": pl.Int32,
        "bridge_score": pl.Float64,
        "is_bridge": pl.Boolean,
        "covered_communities": pl.List(pl.Int32),
    }
    covers = gathered.by_id(reach, "covered_communities")
    assert [covers["coffeevoice0"], covers["both"]] == [[0], [0, 1]]


def test_figures_of_a_group_are_shares(gathered):
    found = gathered.found("communities")
    for column in ("stability", "internal_share"):
        assert found[column].is_between(0, 1).all()
    about = gathered.lake.read_json(gathered.folder / "communities.json")
    assert set(about) == {"modularity", "stability", "seed_stability"}


def test_an_audience_without_ties_has_no_groups_and_unknown_reach(bench):
    bench.tables["follows"] = [
        {"follower_id": follower, "followee_id": "star"} for follower in ("m1", "outsider")
    ]
    del bench.tables["interactions"]
    assert bench.network().success
    assert bench.audience().success
    for table in ("communities", "community_voices", "community_reach"):
        assert bench.found(table).is_empty()
    assert bench.found("community_members")["community"].unique().to_list() == [-1]
