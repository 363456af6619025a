"""Reviewers' decisions about accounts, kept in the home: who decided what, when and because of what.

One JSON object per line in `labels/decisions.jsonl`, oldest entry first. Nothing is changed or taken out: a
decision that no longer stands is followed by another one, or by its withdrawal. A decision belongs to a
network, because two networks may use the same account ids. The command line reads this on every call, so
nothing heavy is imported.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipelines.errors import VouchError
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipelines.home import Home

SHILL, GENUINE, WITHDRAWN = "shill", "genuine", "withdrawn"
LABELS = (SHILL, GENUINE)
LOCK_SECONDS = 20.0


class ReviewsError(VouchError):
    """The decisions of a home cannot be read or written."""


@dataclass(frozen=True)
class Decision:
    """One entry.

    Attributes:
        network: Name of the network that the account belongs to.
        account_id: Of the account.
        handle: As the account was called then; None where it had none.
        label: `SHILL`, `GENUINE`, or `WITHDRAWN`: the reviewer's earlier decision no longer stands.
        because: The reviewer's reason.
        reviewer: Who decided.
        reviewed_at: When, UTC without a zone, as in the published file.
    """

    network: str
    account_id: str
    handle: str | None
    label: str
    because: str
    reviewer: str
    reviewed_at: datetime


def decisions_file(home: Home) -> Path:
    """Where the decisions of a home lie."""
    return home.labels / "decisions.jsonl"


def read_decisions(home: Home, network: str | None = None) -> list[Decision]:
    """Every decision, oldest entry first, of one network or of all.

    Raises:
        ReviewsError: A line is no decision; every such line is named.
    """
    path = decisions_file(home)
    if not path.exists():
        return []
    found, faults = [], []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(_decision(line))
        except (ValueError, TypeError, KeyError) as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise ReviewsError(
            f"The reviewers' decisions in {path} cannot be read.",
            details=faults[:10],
            remedy="Mend or take out these lines; every line is a decision of its own.",
        )
    return [decision for decision in found if network is None or decision.network == network]


def keep_decision(home: Home, decision: Decision) -> None:
    """Add a decision to those of a home.

    The file is written anew beside the old one, forced to the disk and renamed over it, one writer at a
    time: a crash leaves all decisions but this one.

    Raises:
        ReviewsError: Another writer did not finish in time.
    """
    path = decisions_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(".lock"), timeout=LOCK_SECONDS):
            before = path.read_bytes() if path.exists() else b""
            if before and not before.endswith(b"\n"):
                before += b"\n"
            with written_aside(path) as partial:
                partial.write_bytes(before + _line(decision))
                with partial.open("rb+") as written:
                    os.fsync(written.fileno())
    except Timeout as error:
        raise ReviewsError(
            f"Somebody else has been writing to {path} for more than {LOCK_SECONDS:.0f} seconds.",
            remedy="Try again in a moment.",
        ) from error


def current(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """The decision that stands, by network and account: the newest; of two of one time, the later entry.

    A withdrawal stands like any other decision, so that its reason can be told.
    """
    standing: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        key = decision.network, decision.account_id
        if key not in standing or decision.reviewed_at >= standing[key].reviewed_at:
            standing[key] = decision
    return standing


def newest(decisions: Sequence[Decision], network: str, account_id: str) -> Decision | None:
    """The decision about one account that stands, a withdrawal included; None where there never was one."""
    return current(decisions).get((network, account_id))


def _line(decision: Decision) -> bytes:
    row = {**asdict(decision), "reviewed_at": decision.reviewed_at.isoformat(timespec="seconds")}
    return json.dumps(row, ensure_ascii=True).encode() + b"\n"


def _decision(line: bytes) -> Decision:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise TypeError("it is no JSON object")
    if row["label"] not in (*LABELS, WITHDRAWN):
        raise ValueError(f"label must be one of {', '.join((*LABELS, WITHDRAWN))}, not {row['label']!r}")
    texts = {name: str(row[name]) for name in ("network", "account_id", "label", "because", "reviewer")}
    at = datetime.fromisoformat(str(row["reviewed_at"]))
    if at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
    handle = row.get("handle")
    return Decision(handle=None if handle is None else str(handle), reviewed_at=at, **texts)
