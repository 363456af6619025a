"""The rules of the published file, each broken by one row; what publishing does then is in test_publish."""

from __future__ import annotations

from contextlib import closing

import pytest

from pipelines.engine import connect
from pipelines.publish.build import create_schema
from pipelines.statements import sql_folder

KEY = {"run_id": "r1", "audience": "Runners", "account_id": "a"}
GROUP = {"run_id": "r1", "audience": "Runners", "community": 0}
BRAND = {"run_id": "r1", "audience": "Runners", "brand": "North Bean"}
TREND = {**KEY, "quantity": "trust"}

GOOD = {
    "partner_rankings": {
        **KEY, "rank": 1, "status": "watch", "conversation": 0.5, "conversation_low": 0.4,
        "conversation_high": 0.5, "tone": -1.0, "tone_low": -1.0, "tone_high": 0.0, "momentum": "rising",
        "replies_received": 4, "replies_answered": 4, "dyads": 2, "returning_dyads": 1, "bridge_score": 1.0,
        "communities_covered": 2, "covered_communities": [0, 3], "sharing_rate": 1.0,
        "audience_followers": 4, "word_of_mouth_voices": 4, "audience_listeners": 8,
    },
    "audience_members": {**KEY, "weight": 0.0, "reason": "mass_following", "community": 0},
    "own_accounts": {**KEY, "state": "measured", "answer_rate": 0.04, "answer_rate_low": 0.04},
    "advocates": {**KEY, "brand": "North Bean", "first_at": "2026-01-01", "last_at": "2026-01-01"},
    "brand_talk": {**BRAND, "member_talk_share": 0.0},
    "momentum": {**TREND, "direction": "steady", "change_per_30_days": 0.1, "change_low": 0.1},
    "growth": {
        "account_id": "a", "source": "snapshots", "class": "bombed", "burst_day": "2026-01-01",
        "last_day": "2026-01-01", "probability": 1.0, "removed_share": 0.0,
    },
    "account_signals": {
        "account_id": "a", "signal": "copied_text", "state": "measured", "value": 0.0, "low": 0.0,
        "high": 0.1,
    },
    "signal_groups": {"group_id": "block-001", "kind": "lockstep_block", "score": 1.0, "threshold": 1.0},
    "communities": {**GROUP, "stability": 1.0, "terms": ["trail"]},
    "community_voices": {**GROUP, "account_id": "a", "share": 0.1, "is_hidden_by_the_list": True},
}  # fmt: skip
"""A row of each table that keeps every rule at its edge."""

BROKEN = [
    ("partner_rankings", {"conversation": 0.6}, "value outside its interval"),
    ("partner_rankings", {"conversation_part": 1.5}, "conversation_part = 1.5, not from 0 to 1"),
    ("partner_rankings", {"bridge_score": -0.5}, "bridge_score = -0.5, not from 0 to 1"),
    ("partner_rankings", {"tone_low": -1.2}, "tone not from -1 to 1"),
    ("partner_rankings", {"tone": 0.4}, "value outside its interval"),
    ("partner_rankings", {"replies_answered": 5}, "a part larger than the whole"),
    ("partner_rankings", {"returning_dyads": 3}, "a part larger than the whole"),
    ("partner_rankings", {"communities_covered": 3}, "covers another number of communities than it lists"),
    ("partner_rankings", {"sharing_rate": 1.1}, "sharing_rate = 1.1, not from 0 to 1"),
    ("partner_rankings", {"audience_listeners": 3}, "listeners that are no union of followers and voices"),
    ("partner_rankings", {"audience_listeners": 9}, "listeners that are no union of followers and voices"),
    ("partner_rankings", {"momentum": "soaring"}, "momentum soaring"),
    ("audience_members", {"account_id": None}, "1 rows without account_id"),
    ("audience_members", {"weight": 1.5}, "weight = 1.5, not from 0 to 1"),
    ("audience_members", {"lockstep_factor": -0.5}, "lockstep_factor = -0.5, not from 0 to 1"),
    ("audience_members", {"reason": "guilty"}, "reason guilty"),
    ("audience_members", {"community": 7}, "group is not in communities"),
    ("own_accounts", {"run_id": "r0"}, "run is not in runs"),
    ("own_accounts", {"state": "perhaps"}, "state perhaps"),
    ("own_accounts", {"answer_rate": 0.01}, "value outside its interval"),
    ("own_accounts", {"clockwork_share": 2.0}, "clockwork_share = 2.0, not from 0 to 1"),
    ("own_accounts", {"tone": 1.2}, "tone not from -1 to 1"),
    ("advocates", {"last_at": "2025-12-31"}, "ends before it begins"),
    ("advocates", {"brand": None}, "1 rows without account_id"),
    ("brand_talk", {"member_talk_share": 1.1}, "share not from 0 to 1"),
    ("brand_talk", {"audience": "others"}, "run is not in runs"),
    ("momentum", {"direction": "up"}, "direction up"),
    ("momentum", {"change_per_30_days": 0.05}, "value outside its interval"),
    ("momentum", {"quantity": None}, "1 rows without account_id"),
    ("growth", {"class": "bought"}, "class bought"),
    ("growth", {"source": None}, "1 rows without account_id"),
    ("growth", {"removed_share": 1.2}, "share not from 0 to 1"),
    ("growth", {"last_day": "2025-12-31"}, "ends before it begins"),
    ("account_signals", {"low": 5e-5}, "value outside its interval"),
    ("account_signals", {"value": 0.2}, "value outside its interval"),
    ("account_signals", {"value": None, "low": 0.2}, "value outside its interval"),
    ("signal_groups", {"score": 0.6}, "score 0.6 does not pass the threshold 1.0"),
    ("signal_groups", {"kind": "engagement_pod"}, "score 1.0 does not pass the threshold 1.0"),
    ("communities", {"stability": 1.2}, "share not from 0 to 1"),
    ("communities", {"internal_share": -0.2}, "share not from 0 to 1"),
    ("community_voices", {"community": 3}, "group is not in communities"),
]


@pytest.fixture(scope="module")
def schema():
    with closing(connect()) as connection:
        create_schema(connection)
        yield connection


def broken_rules(connection, rows):
    """What the checks say of these rows, one by table."""
    connection.begin()
    try:
        connection.execute(
            "INSERT INTO runs (run_id, network, audience, as_of) "
            "VALUES ('r1', 'n', 'Runners', DATE '2026-01-01')"
        )
        for table, row in rows:
            names, marks = ", ".join(row), ", ".join(f"${name}" for name in row)
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608
        return [
            (table, problem)
            for check in sorted((sql_folder() / "checks").glob("published_*.sql"))
            for table, _, problem in connection.execute(check.read_text(encoding="utf-8")).fetchall()
        ]
    finally:
        connection.rollback()


def test_rows_at_the_edge_of_every_rule_are_good(schema):
    assert broken_rules(schema, GOOD.items()) == []


def test_what_is_unknown_breaks_no_rule(schema):
    keys = {
        "run_id",
        "audience",
        "account_id",
        "community",
        "brand",
        "quantity",
        "signal",
        "state",
        "group_id",
        "status",
        "rank",
        "source",
        "class",
        "burst_day",
    }
    bare = {table: {name: row[name] for name in row if name in keys} for table, row in GOOD.items()}
    assert broken_rules(schema, bare.items()) == []


@pytest.mark.parametrize(("table", "change", "problem"), BROKEN)
def test_a_broken_rule_is_found(schema, table, change, problem):
    found = broken_rules(schema, (GOOD | {table: {**GOOD[table], **change}}).items())
    assert (table, problem) in found
    assert {name for name, _ in found} <= {table, "community_voices", "audience_members"}


@pytest.mark.parametrize(
    "table", ["audience_members", "own_accounts", "advocates", "brand_talk", "momentum", "growth"]
)
def test_a_repeated_row_is_found(schema, table):
    found = broken_rules(schema, [*GOOD.items(), (table, GOOD[table])])
    assert found == [(table, "2 rows with the same key")]
