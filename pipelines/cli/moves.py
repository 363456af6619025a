"""What moved between two kept rankings: who entered, left or moved, and the part of the score behind it.

A run knows what moved since the one it was compared with, and that is read as it was published. Any other two
runs are compared here by the same kernel, `graph.partners.changes`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.partners.changes import RankedRun, rank_changes
from pipelines.cli.words.changes import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.cli.output import Row

TYPES = {
    "change": "VARCHAR",
    "account_id": "VARCHAR",
    "handle": "VARCHAR",
    "display_name": "VARCHAR",
    "rank_before": "INTEGER",
    "rank_after": "INTEGER",
    "status_before": "VARCHAR",
    "status_after": "VARCHAR",
    "score_before": "DOUBLE",
    "score_after": "DOUBLE",
    "trust_before": "DOUBLE",
    "trust_after": "DOUBLE",
    "shill_probability_before": "DOUBLE",
    "shill_probability_after": "DOUBLE",
    "cause": "VARCHAR",
    "cause_change": "DOUBLE",
    "is_within_range": "BOOLEAN",
    "risk_signal": "VARCHAR",
}
"""Columns of a move, with DuckDB's types."""

_BOTH = ("rank", "status", "score", "trust", "shill_probability")
STAYED = "stayed"
# Steps behind the ranking: what they are told moves nobody.
_AFTER_THE_RANKING = ("partner_portfolio", "partner_evidence", "partner_communities", "run_history")


def moves(
    before: Sequence[Row], after: Sequence[Row], known: Sequence[Row], other_question: str
) -> list[Row]:
    """One row per account of either ranking that moved or changed its status, the highest places first.

    Args:
        before: The earlier ranking.
        after: The later one, of the same audience.
        known: `account_id`, `cause`, `cause_change` and `risk_signal` where the later run was compared with
            the earlier one.
        other_question: What the later run was asked differently, which then is the cause; or empty.
    """
    earlier, later = ({str(row["account_id"]): row for row in rows} for rows in (before, after))
    compared = _compared(before, after)
    causes = {account: (cause, by) for account, (_, cause, by, _) in compared.items()}
    signals = {str(row["account_id"]): row["risk_signal"] for row in known}
    if known:
        causes = {str(row["account_id"]): (row["cause"], row["cause_change"]) for row in known}
    elif other_question:
        causes = {account: (cause and other_question, None) for account, (cause, _) in causes.items()}
    found = []
    for account, (change, _, _, is_within_range) in compared.items():
        cause, by = causes.get(account, (None, None))
        row = _row(change, earlier.get(account), later.get(account))
        row |= {"cause": cause, "cause_change": by, "is_within_range": is_within_range}
        row["risk_signal"] = signals.get(account)
        if change != STAYED or row["status_before"] != row["status_after"]:
            found.append(row)
    return sorted(found, key=_place)


def asked_differently(before: Row, after: Row) -> str:
    """The first thing in which the questions of two runs differ, or nothing; see `words.changes`.

    Args:
        before: Row of `runs` of the earlier run, and `baseline` of its ranking.
        after: The same of the later run.
    """
    if before["data_dir"] != after["data_dir"]:
        return "data_folder"
    if before["baseline"] != after["baseline"]:
        return "baseline"
    if _settings(before["configuration"]) != _settings(after["configuration"]):
        return "settings"
    return "weights" if before["weights_version"] != after["weights_version"] else ""


def _settings(configuration: str | None) -> Any:
    told = json.loads(configuration or "{}")
    return {step: config for step, config in told.items() if step not in _AFTER_THE_RANKING}


def _compared(
    before: Sequence[Row], after: Sequence[Row]
) -> dict[str, tuple[str, str | None, float | None, bool | None]]:
    """Account id to change, cause, by how much, and whether the ranges explain a move.

    Accounts without a rank are in no ranking.
    """
    found = rank_changes(_ranked(before), _ranked(after))
    answer = {}
    for index, account in enumerate(found.ids.tolist()):
        cause = str(found.main_cause[index]) or None
        by = float(found.causes[cause][index]) if cause in found.causes else None
        change = str(found.change[index])
        is_within_range = bool(found.is_within_range[index]) if change == "moved" else None
        answer[str(account)] = change, cause, by, is_within_range
    return answer


def _ranked(rows: Sequence[Row]) -> RankedRun:
    ranked = [row for row in rows if row["rank"] is not None]
    return RankedRun(
        ids=np.array([str(row["account_id"]) for row in ranked], dtype=np.str_),
        rank=np.array([row["rank"] for row in ranked], dtype=np.int64),
        contributions={part: _floats(ranked, f"{part}_part") for part in PARTS},
        trust_low=_floats(ranked, "trust_low"),
        shill_probability_high=_floats(ranked, "shill_probability_high"),
        rank_low=_places(ranked, "rank_low"),
        rank_high=_places(ranked, "rank_high"),
    )


def _places(rows: Sequence[Row], name: str) -> np.ndarray | None:
    """A column of places, or None where a run of an earlier Vouch did not say them all."""
    found = [row.get(name) for row in rows]
    return None if None in found else np.array(found, dtype=np.int64)


def _floats(rows: Sequence[Row], name: str) -> np.ndarray:
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=np.float64)


def _row(change: str, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Row:
    known = now or was or {}
    row = {"change": change, **{name: known.get(name) for name in ("account_id", "handle", "display_name")}}
    for name in _BOTH:
        row[f"{name}_before"] = was and was[name]
        row[f"{name}_after"] = now and now[name]
    return row


def _place(row: Row) -> tuple[int, str]:
    places = [place for place in (row["rank_before"], row["rank_after"]) if place is not None]
    return min(places), str(row["account_id"])
