"""Stage 2: node order, edges as of the day, replies read off posts, profile types."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import assets.graph as stage
from graph.network.followers import open_follower_graph

DAY = "2024-05-31"

GRAPH = ("input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles")


def followers_of(bench, name):
    names = bench.ids()
    node = next(node for node, account_id in names.items() if account_id == name)
    return {names[follower] for follower in open_follower_graph(bench.lake.graph(DAY)).followers_of(node)}


def interactions(bench):
    names = bench.ids()
    edges = bench.read("graph/interactions")
    return {
        (names[row["actor"]], names[row["target"]], row["kind"]): row["events"]
        for row in edges.iter_rows(named=True)
    }


def test_nodes_follow_the_order_of_the_ids(golden):
    ids = golden.read("graph/accounts")["account_id"].to_list()
    assert ids == sorted(ids)
    assert golden.read("graph/accounts")["node"].to_list() == list(range(13))
    unlisted = golden.read("graph/accounts").filter(~pl.col("is_listed"))["account_id"].to_list()
    assert unlisted == ["loner", "outsider"]


def test_edges_as_they_stood_at_the_end_of_the_day(golden):
    assert followers_of(golden, "star") == {"m1", "m2", "m3", "m4", "m5", "m6", "outsider"}
    # m3 left before the day, m4 left after it
    assert followers_of(golden, "buyer") == {"m1", "m4", "m5", "m6", "outsider", "loner"}
    assert followers_of(golden, "m2") == set()  # following oneself is no follow
    assert followers_of(golden, "loner") == set()  # m2 follows from the next day on
    assert golden.by_id(golden.read("graph/follower_counts"), "followers")["star"] == 7
    assert golden.lake.read_json(golden.lake.graph(DAY) / "basis.json") == {"basis": "follows"}


def test_both_directions_tell_the_same(golden):
    graph = open_follower_graph(golden.lake.graph(DAY))
    forward = {(a, int(b)) for a in range(13) for b in graph.following_of(a)}
    backward = {(int(a), b) for b in range(13) for a in graph.followers_of(b)}
    assert forward == backward
    assert graph.n_follows == len(forward) == 29


def test_the_balance_of_edges_is_shown(bench):
    bench.network("input_tables", "accounts", "interaction_graph")
    result = bench.network("follower_graph")
    shown = result.asset_materializations_for_node("follower_graph")[0].metadata
    # the ingest merged the duplicate row already, so the graph finds the self-follow alone
    assert (shown["edges"].value, shown["duplicates merged"].value) == (29, 0)
    assert shown["self-follows dropped"].value == 1
    assert "data:image/svg+xml;base64," in shown["followers per account"].value


def test_replies_come_from_posts_only_where_none_was_delivered(golden, bench):
    assert interactions(golden)["m2", "niche", "reply"] == 2
    assert interactions(golden)["m1", "niche", "repost"] == 2
    assert ("m3", "m3", "repost") not in interactions(golden)
    bench.tables["interactions"].append({"actor_id": "m4", "target_id": "star", "kind": "reply"})
    assert bench.network("input_tables", "accounts", "interaction_graph").success
    replies = [key for key in interactions(bench) if key[2] == "reply"]
    assert replies == [("m4", "star", "reply")]


def test_interaction_arrays_fit_the_table(golden):
    folder = golden.lake.graph(DAY)
    offsets, targets = (np.load(folder / f"interaction_{name}.npy") for name in ("offsets", "targets"))
    pairs = {
        (actor, int(target)) for actor in range(13) for target in targets[offsets[actor] : offsets[actor + 1]]
    }
    edges = golden.read("graph/interactions")
    assert pairs == set(edges.select("actor", "target").iter_rows())


@pytest.mark.parametrize("emptied", ["not delivered", "no rows", "all ended"])
def test_without_follows_those_who_speak_stand_in_and_it_says_so(bench, emptied):
    if emptied == "not delivered":
        del bench.tables["follows"]
    elif emptied == "no rows":
        bench.tables["follows"] = [{"follower_id": "nobody", "followee_id": "nobody"}]
    else:
        bench.tables["follows"] = [
            {"follower_id": "m1", "followee_id": "star", "unfollowed_at": "2020-01-01T00:00:00"}
        ]
    result = bench.network(*GRAPH)
    assert result.success
    if emptied == "no rows":  # a delivered follow is a follow, even where the graph has no use for it
        assert bench.lake.read_json(bench.lake.graph(DAY) / "basis.json") == {"basis": "follows"}
        return
    assert bench.lake.read_json(bench.lake.graph(DAY) / "basis.json") == {"basis": "interactions"}
    assert followers_of(bench, "niche") == {"m1", "m2"}
    assert followers_of(bench, "star") == {"outsider"}  # m3 only liked


def test_an_empty_bio_speaks_only_where_bios_were_delivered(golden, bench):
    emptiness = golden.by_id(golden.read("graph/profiles"), "emptiness")
    assert (emptiness["m5"], emptiness["m1"]) == (1.0, 0.0)
    for row in bench.tables["accounts"]:
        del row["bio"]
        row["has_avatar"] = ""
    assert bench.network(*GRAPH).success
    assert np.isnan(bench.by_id(bench.read("graph/profiles"), "emptiness")["m5"])  # posts alone are one fact


def test_who_is_in_no_table_of_accounts_has_no_profile(golden):
    types = golden.by_id(golden.read("graph/profiles"), "profile_type")
    assert types["outsider"] == types["loner"] == "unknown"
    assert (types["m1"], types["m5"], types["star"]) == ("real", "suspicious", "influencer")


def test_edges_that_do_not_add_up_stop_the_run(bench, monkeypatch):
    def losing(*arguments, **options):
        graph, balance = build(*arguments, **options)
        return graph, replace(balance, kept=balance.kept - 1)

    build = stage.follower_graph_of_pieces
    monkeypatch.setattr(stage, "follower_graph_of_pieces", losing)
    result = bench.network(*GRAPH, "follower_quality")
    assert not result.success
    assert [
        check.passed for check in result.get_asset_check_evaluations() if check.check_name == "edges_balance"
    ] == [False]
    assert not bench.lake.shill(DAY).exists()


def test_weights_of_interactions_that_mean_nothing_stop_the_run_with_a_remedy(bench):
    bench.settings["interaction_graph"] = {"weights": {"liek": 1.0, "like": -1.0}}
    result = bench.network("input_tables", "accounts", "interaction_graph")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "no kind called liek; the weight of like" in failure.step_failure_data.error.to_string()
