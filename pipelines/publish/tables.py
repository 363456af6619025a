"""Which tables are published, and the order of their rows.

Their columns stand in `sql/published/schema.sql`. Rows are sorted by what they are looked up by, so that
DuckDB reads the few row groups that can hold an answer; no index is needed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROW_ORDER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "runs": ("as_of", "run_id", "audience"),
        "partner_rankings": ("as_of", "run_id", "audience", "rank", "account_id"),
        "evidence": ("account_id", "audience", "run_id", "side", "signal", "direction"),
        "account_signals": ("account_id", "signal"),
        "brand_history": ("account_id", "brand"),
        "follower_types": ("account_id", "profile_type"),
        "follower_history": ("account_id", "day"),
        "example_posts": ("post_id",),
        "signal_groups": ("kind", "group_id"),
        "signal_group_members": ("group_id", "account_id"),
        "reviews": ("account_id", "source", "reviewed_at", "label", "reviewer"),
        "calibration": ("method",),
        "impersonation": ("account_id",),
        "portfolio": ("run_id", "audience", "plan", "pick"),
        "audience_overlap": ("run_id", "audience", "account_id_a", "account_id_b"),
        "rank_changes": ("run_id", "audience", "account_id"),
        "communities": ("run_id", "audience", "community"),
        "community_voices": ("run_id", "audience", "community", "position", "account_id"),
        "audience_members": ("run_id", "audience", "account_id"),
        "own_accounts": ("run_id", "audience", "account_id"),
        "advocates": ("run_id", "audience", "brand", "account_id"),
        "brand_talk": ("run_id", "audience", "brand"),
        "momentum": ("account_id", "audience", "run_id", "quantity"),
        "growth": ("account_id", "source", "burst_day"),
        "bios": ("account_id",),
        "graph.accounts": ("node",),
        "graph.adjacency": ("source", "target"),
        "graph.interactions": ("actor", "target", "kind"),
        "quality.rejects": ("network", "as_of", "table_name", "file", "line", "column_name"),
        "quality.coverage": ("network", "as_of", "subject", "measure"),
        "quality.balance": ("network", "as_of", "table_name"),
        "quality.checks": ("run_id", "asset", "check_name"),
    }
)
"""Every table that is handed in, with the columns that its rows are sorted by."""

DERIVED = ("graph.names", "graph.degrees")
"""Tables that publishing makes from the others, in this order; `sql/published/<name>.sql` says how."""

OWN = "about"
"""The table in which the file says how it was made."""
