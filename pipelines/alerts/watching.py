"""What in a new publication is worth an alert, compared with what was looked at last.

The published file holds every kept run, so a partner that turned is found by its runs: the newest of an
audience against the one that was looked at last, that nothing is lost where several runs came in between.
Coverage is published of the newest day alone; what it was is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.alerts.outbox import Alert
from pipelines.alerts.settings import COVERAGE_DROPPED, PARTNER_TURNED
from pipelines.cli.output import handle_label
from pipelines.ingest.reuse import kept_report
from pipelines.published import ask, open_published
from pipelines.standing import status_and_reason
from pipelines.statements import sql_text
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from pipelines.lake import Lake

MOST_NAMED = 20
SMALL_LOSS = 0.01
"""A coverage that lost no more than this, in points of 1, has not dropped: a hundredth may be chance."""

_ROUNDING = 1e-9
_LONGEST_REASON = 400

Memory = dict[str, Any]
"""What to remember of a look, as JSON: `runs` (audience to the run looked at), `network`, `coverage`."""

Row = dict[str, Any]


def look(
    path: Path, memory: Memory, coverage_drop: float, lake: Lake | None = None
) -> tuple[list[Alert], Memory]:
    """Look at what is published.

    Args:
        path: The published file.
        memory: What the last look came to; empty for the first, which compares the newest two runs.
        coverage_drop: See `pipelines.alerts.settings.AlertSettings`.
        lake: What the file was made from, which knows why an audience cannot be ranked.

    Returns:
        The alerts, and what to remember.

    Raises:
        PublishedFileError: The file cannot be read.
    """
    seen: Mapping[str, str] = memory.get("runs", {})
    with open_published(path) as connection:
        latest = _rows(connection, "latest")
        shares = _rows(connection, "known_shares")
        alerts = [
            alert
            for run in latest
            for alert in _of_audience(connection, run, seen.get(run["audience"]), coverage_drop)
        ]
    coverage = {row["measure"]: row for row in shares}
    network = next((run["network"] for run in latest), None)
    if network == memory.get("network"):
        newest = max(latest, key=lambda run: (run["as_of"], run["run_id"]))
        listed = {run["audience"] for run in latest}
        gone = {name: run_id for name, run_id in seen.items() if name not in listed}
        ingested = kept_report(lake.inputs(newest["as_of"].isoformat())) if lake and gone else None
        unranked = None if ingested is None else dict(ingested.unranked_frame.iter_rows())
        alerts += [_list_gone(newest, name, run_id, unranked) for name, run_id in gone.items()]
        alerts += _of_coverage(newest, memory.get("coverage", {}), coverage, coverage_drop)
    return alerts, {
        "runs": {run["audience"]: run["run_id"] for run in latest},
        "network": network,
        "coverage": {measure: row["value"] for measure, row in coverage.items()},
    }


def _of_audience(
    connection: duckdb.DuckDBPyConnection, run: Row, seen: str | None, coverage_drop: float
) -> list[Alert]:
    """What happened to the partners and the members of one audience."""
    if run["run_id"] == seen:
        return []
    question = {name: run[name] for name in ("network", "audience", "run_id")}
    before = next(iter(_rows(connection, "run_before", question | {"seen": seen})), None)
    if before is None:
        return []
    turned = _rows(
        connection,
        "turned",
        {"audience": run["audience"], "run_before": before["run_id"], "run_id": run["run_id"]},
    )
    found = [_partners_turned(run, before, turned)] if turned else []
    if _has_dropped(before["audience_size"], run["audience_size"], coverage_drop, smallest=1.0):
        found.append(_members_missing(run, before))
    return found


def _partners_turned(run: Row, before: Row, turned: Sequence[Row]) -> Alert:
    count, audience = len(turned), plain(run["audience"])
    picks = sum(row["was_pick"] for row in turned)
    text = (
        f"{count} partner{'s' if count > 1 else ''} recommended to {audience} on {before['as_of']} "
        f"{'are' if count > 1 else 'is'} so no longer on {run['as_of']}"
        f"{f', {picks} of the portfolio among them' if picks else ''}."
    )
    if any(run[name] != before[name] for name in ("configuration", "weights_version")):
        text += " Settings or weights were changed in between, which may be all that changed."
    details = [
        f"{handle_label(row)}: {status_and_reason(row)} "
        f"(was number {row['rank_before']}{', in the portfolio' if row['was_pick'] else ''})"
        for row in turned[:MOST_NAMED]
    ]
    if count > MOST_NAMED:
        details.append(f"and {count - MOST_NAMED} more")
    return Alert(
        f"{PARTNER_TURNED}:{run['network']}:{run['audience']}:{run['run_id']}",
        PARTNER_TURNED,
        text,
        tuple(details),
        audience=run["audience"],
        run_id=run["run_id"],
    )


def _members_missing(run: Row, before: Row) -> Alert:
    return Alert(
        f"{COVERAGE_DROPPED}:{run['network']}:{run['audience']}:{run['run_id']}",
        COVERAGE_DROPPED,
        f"The data know {numbers.counted(run['audience_size'], 'member')} of {plain(run['audience'])} on "
        f"{run['as_of']}, after {numbers.count(before['audience_size'])} on {before['as_of']}.",
        audience=run["audience"],
        run_id=run["run_id"],
    )


def _list_gone(newest: Row, audience: str, run_id: str, unranked: Mapping[str, str] | None) -> Alert:
    """That an audience which was listed at the last look is listed no more, and why, where that is known."""
    why = f"The data of {newest['as_of']} do not name it"
    if unranked is None:
        why += ", or it cannot be ranked by them: see vouch check."
    else:
        why = plain(unranked.get(audience, f"{why}."), _LONGEST_REASON)
    return Alert(
        f"{COVERAGE_DROPPED}:{newest['network']}:{audience}:{run_id}:gone",
        COVERAGE_DROPPED,
        f"{plain(audience)} is listed no more. {why} Its last list is kept as history.",
        audience=audience,
        run_id=newest["run_id"],
    )


def _of_coverage(
    newest: Row, before: Mapping[str, float], coverage: Mapping[str, Row], coverage_drop: float
) -> list[Alert]:
    """One alert for all of the network's shares that dropped."""
    dropped = [
        f"{measure}: {numbers.share(before[measure])}, now {numbers.share(row['value'])}. {row['sentence']}"
        for measure, row in coverage.items()
        if _has_dropped(before.get(measure), row["value"], coverage_drop, smallest=SMALL_LOSS)
    ]
    gone = [
        f"{measure}: {numbers.share(value)}, now not known."
        for measure, value in before.items()
        if measure not in coverage and value > SMALL_LOSS
    ]
    if not dropped and not gone:
        return []
    return [
        Alert(
            f"{COVERAGE_DROPPED}:{newest['network']}:{newest['run_id']}",
            COVERAGE_DROPPED,
            f"The data of {plain(newest['network'])} show less than at the last publication; as of "
            f"{newest['as_of']}.",
            (*dropped, *gone),
            run_id=newest["run_id"],
        )
    ]


def _has_dropped(before: float | None, now: float | None, drop: float, *, smallest: float) -> bool:
    if before is None or now is None:
        return False
    return before - now >= max(drop * before, smallest) - _ROUNDING


def _rows(
    connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any] | None = None
) -> list[Row]:
    return ask(connection, sql_text(f"alerts/{name}"), params).dicts()
