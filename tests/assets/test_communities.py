"""Stage 3: the groups inside the audience."""

from __future__ import annotations

import polars as pl

AUDIENCE = "fans"


def test_communities_hold_every_member_once(golden):
    members = golden.found("community_members")
    assert sorted(members["node"]) == sorted(golden.found("members")["node"])
    named = golden.found("communities")
    assert named["members"].sum() == members.filter(pl.col("community") >= 0).height
    assert named.select("run_id", "audience").unique().rows() == [("run-1", AUDIENCE)]
