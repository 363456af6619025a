"""The tables that statements read, as the stages make them, and rows for them."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.ingest.contract import TABLES

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
    "follow_ids": {
        "number": NODE, "account_id": TEXT, "follows_listed": pl.Int64, "followers_listed": pl.Int64,
    },
    "graph_interactions": {
        "actor": NODE, "target": NODE, "kind": TEXT, "events": pl.Int64, "first_at": TIME, "last_at": TIME,
    },
    "audience_owners": {"audience": TEXT, "account_id": TEXT},
    "balance": {
        "table_name": TEXT, "rows_in": pl.Int64, "rows_rejected": pl.Int64, "columns_present": pl.List(TEXT),
    },
    "lockstep_search": {
        "starts": pl.Int64, "accounts": pl.Int64, "surely_met_from": pl.Int64, "is_compared": pl.Boolean,
    },
    "shown_follows": {"kind": pl.String, "shown": pl.Int64, "there": pl.Int64},
    "rejects": {"table_name": TEXT, "line": pl.Int64, "column_name": TEXT, "value": TEXT, "rule": TEXT},
    "profiles": {"node": NODE, "profile_type": TEXT, "emptiness": FLOAT, "suspicion": FLOAT},
    "types": {
        "node": NODE, "profile_type": TEXT, "share": FLOAT, "share_low": FLOAT, "share_high": FLOAT,
        "n": pl.Int64,
    },
    "follower_counts": {"node": NODE, "followers": pl.Int64},
    "members": {"node": NODE},
    "named": {"post_id": TEXT},
    "follow_days": {"account_id": TEXT, "day": pl.Date, "change": pl.Int64},
    "post_classes": {
        "post_id": TEXT, "author": NODE, "posted_at": TIME, "day": pl.Int64, "post_class": TEXT,
        "marker": TEXT,
        "promotion_probability": FLOAT, "hidden_probability": FLOAT, "commercial_signals": pl.List(TEXT),
    },
    "decisions": {
        "entry": NODE, "account_id": TEXT, "handle": TEXT, "label": TEXT, "because": TEXT, "reviewer": TEXT,
        "reviewed_at": TIME,
    },
    "reviews": {"node": NODE, "label": TEXT, "reviewed_at": TIME, "is_current": pl.Boolean},
    "bursts": {"burst": NODE, "node": NODE, "arrivals": FLOAT, "is_claimed": pl.Boolean},
    "growth": {
        "node": NODE, "source": TEXT, "class": TEXT, "burst_day": pl.Date, "last_day": pl.Date,
        "explained_by": TEXT, "sentence": TEXT,
        **dict.fromkeys(("arrivals", "typical_per_day", "unusual_share", "removed_share"), FLOAT),
        **dict.fromkeys(("probability", "share_of_followers", "explained_share"), FLOAT),
    },
    "burst_followers": {"burst": NODE, "follower": NODE},
    "impersonation": {"node": NODE, "kind": TEXT},
    "pairs": {"node": NODE, "original": NODE, "kind": TEXT, "how": TEXT},
    "brand_ties": {
        "node": NODE, "brand": TEXT, "category": TEXT, "posts": pl.Int64, "paid_posts": pl.Int64,
        "disclosed_posts": pl.Int64, "first_at": TIME, "last_at": TIME, "first_paid_at": TIME,
        "organic_before_paid": pl.Int64, "organic_after_paid": pl.Int64,
    },
    "found_groups": {
        "kind": TEXT, "prefix": TEXT, "group": NODE, "density": FLOAT, "contrast": FLOAT, "score": FLOAT,
        "threshold": FLOAT, "first_at": TIME, "last_at": TIME, "about": TEXT,
        "observed": FLOAT, "expected": FLOAT, "topic_match": FLOAT, "first_hour_share": FLOAT,
        "typical_delay_s": FLOAT,
    },
    "found_members": {
        "kind": TEXT, "prefix": TEXT, "group": NODE, "node": NODE, "role": TEXT, "share": FLOAT,
    },
    "pod_members": {"group": NODE, "node": NODE},
    "engagements": {
        "actor": NODE, "author": NODE, "post": pl.Int64, "first_at": TIME, "last_at": TIME, "delay_s": FLOAT,
    },
    "candidates": {"node": NODE, "rank": pl.Int64},
    "signal_groups": {"group_id": TEXT, "kind": TEXT, "score": FLOAT, "threshold": FLOAT},
    "signals": {
        "node": NODE, "signal": TEXT, "value": FLOAT, "low": FLOAT, "high": FLOAT, "n": FLOAT, "state": TEXT,
        "flagged": pl.Boolean, "contribution": FLOAT,
    },
    "affinity": {
        "node": NODE, "audience_followers": pl.Int64, "audience_followers_cleaned": FLOAT,
        "reach_share_cleaned": FLOAT, "lift": FLOAT,
    },
    "chosen": {
        "place": pl.Int64, "node": NODE, "audience_listeners": pl.Int64, "audience_listeners_cleaned": FLOAT,
    },
    "endorsement": {"node": NODE, "endorsement": FLOAT, "over_follows": FLOAT, "over_interactions": FLOAT},
    "word_of_mouth": {
        "node": NODE, "voices": pl.Int64, "voices_cleaned": FLOAT, "weeks": pl.Int64,
        "prompted_voices": pl.Int64, "communities": pl.Int32, "effective_occasions": FLOAT,
    },
    "conversation": {
        "node": NODE, "conversation": FLOAT, "conversation_low": FLOAT, "conversation_high": FLOAT,
        "directed_share": FLOAT, "replies_received": pl.Int64, "replies_answered": pl.Int64,
        "answer_rate": FLOAT, "answer_rate_low": FLOAT, "answer_rate_high": FLOAT,
        "answer_delay_hours": FLOAT, "distinct_answer_share": FLOAT, "dyads": pl.Int64,
        "returning_dyads": pl.Int64, "shared_community_share": FLOAT, "clockwork_share": FLOAT,
        "speakers": pl.Int64, "output_posts": pl.Int64,
        "tone": FLOAT, "tone_low": FLOAT, "tone_high": FLOAT, "tone_coverage": FLOAT,
        "tone_messages": pl.Int64,
    },
    "community_reach": {
        "node": NODE, "communities_covered": pl.Int32, "bridge_score": FLOAT, "is_bridge": pl.Boolean,
        "covered_communities": pl.List(pl.Int32),
    },
    "community_homes": {"node": NODE, "community": pl.Int32},
    "attended": {"node": NODE},
    "acts": {
        "act": TEXT, "own_id": TEXT, "answers_id": TEXT, "author": NODE, "target": NODE, "kind": TEXT,
        "sent_at": FLOAT, "is_to_a_person": pl.Boolean, "words": pl.UInt64,
    },
    "calls_to_share": {"post_id": TEXT},
    "brand_words": {
        "brand": TEXT, "account_id": TEXT, "word": TEXT, "first_word": TEXT, "phrase": TEXT,
    },
    "brand_mentions": {"post_id": TEXT, "brand": TEXT},
    "brands_of_audience": {"brand": TEXT, "category": TEXT, "relation": TEXT, "node": NODE},
    "brand_posts": {
        "brand": TEXT, "post_id": TEXT, "author": NODE, "is_member": pl.Boolean, "posted_at": TIME,
        "week": pl.Int64, "answered_post_id": TEXT, "answered": NODE, "is_answer": pl.Boolean,
        "is_unpaid": pl.Boolean, "is_paid": pl.Boolean, "is_prompted": pl.Boolean,
    },
    "owners": {"node": NODE},
    "shill_probability": {
        "node": NODE, "probability": FLOAT, "low": FLOAT, "high": FLOAT, "measured": FLOAT,
        "n_signals": pl.Int64, "n_kinds": pl.Int64,
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


def shuffles(rows: Rows, times: int = 4) -> list[Rows]:
    """The rows in several orders, the same ones on every run: as they are, turned round, and mixed."""
    mixed = [random.Random(seed).sample(rows, len(rows)) for seed in range(times)]  # noqa: S311 - no secret
    return [rows, rows[::-1], *mixed]
