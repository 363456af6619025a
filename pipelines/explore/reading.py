"""What the page needs from the published file, read over one connection that stays open.

One connection means one publication: whatever is asked later, the evidence of an account or a statement of
somebody's own, is answered from the same file as the table on the screen. It is in nobody's way
(`pipelines.published.attached`); that a newer publication is there is seen by `edition`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from pipelines.errors import VouchError
from pipelines.published import ask, attached
from pipelines.statements import sql_text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Row = dict[str, Any]

ANSWER_ROWS = 1000
"""The most rows of an answer that are shown."""
ANSWER_SECONDS = 30.0
"""How long a question of somebody's own may take."""

_LOCKED_DOWN = ("SET enable_external_access = false", "SET lock_configuration = true")


class StatementError(VouchError):
    """A statement of somebody's own has no answer."""


@dataclass(frozen=True)
class ReachLists:
    """Who reaches whom, as the kernels take it. k candidates in the order of the ranking, m members.

    Attributes:
        offsets: int64[k + 1], bounds of each candidate's list.
        members: int64[E], positions of the members that follow it.
        weight: float64[m], a member's weight after cleaning.
    """

    offsets: NDArray[np.int64]
    members: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class AudienceView:
    """One audience as published.

    Attributes:
        about: Its row of `explore/audiences`.
        candidates: Rows of the ranking, best first.
        plans: The published picks of each plan, the one for a budget first.
        lists: Whom each candidate reaches; None where the file does not say how much each member counts.
    """

    about: Row
    candidates: list[Row]
    plans: dict[str, list[Row]]
    lists: ReachLists | None


@dataclass(frozen=True)
class StatementAnswer:
    """Rows of a statement of somebody's own.

    Attributes:
        columns: Names, made different where two were the same.
        rows: At most `ANSWER_ROWS` of them.
        is_cut: Whether there are more.
    """

    columns: list[str]
    rows: list[Row]
    is_cut: bool


def edition(path: Path) -> tuple[int, int] | None:
    """What tells one publication of the file from the next; None where nothing is published."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def open_file(path: Path) -> duckdb.DuckDBPyConnection:
    """The published file, open for as long as the page is; it can read no other file and write none.

    Raises:
        PublishedFileError: The file cannot be opened.
    """
    connection = attached(path)
    for statement in _LOCKED_DOWN:
        connection.execute(statement)
    return connection


def read_audiences(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every audience of the newest runs, the largest first."""
    return _rows(connection, "audiences")


def read_audience(connection: duckdb.DuckDBPyConnection, about: Row) -> AudienceView:
    """Everything that is shown of one audience.

    Args:
        connection: From `open_file`.
        about: A row of `read_audiences`.
    """
    of_run = {"audience": about["audience"], "run_id": about["run_id"]}
    candidates = _rows(connection, "candidates", audience=about["audience"])
    plans: dict[str, list[Row]] = {}
    for row in _rows(connection, "portfolio", **of_run):
        plans.setdefault(str(row["plan"]), []).append(row)
    return AudienceView(about, candidates, plans, _reach_lists(connection, len(candidates), of_run))


def read_evidence(connection: duckdb.DuckDBPyConnection, about: Row, account_id: str) -> list[Row]:
    """The reasons for and against one candidate, what weighs most first."""
    return _rows(
        connection,
        "evidence",
        audience=about["audience"],
        run_id=about["run_id"],
        account_id=account_id,
    )


def answer(connection: duckdb.DuckDBPyConnection, statement: str) -> StatementAnswer:
    """The answer to one statement of somebody's own.

    Raises:
        StatementError: It is no statement, is refused, or takes longer than `ANSWER_SECONDS`.
    """
    if not statement.strip():
        raise StatementError("There is nothing to ask yet.", remedy="Try: FROM help()")
    clock = threading.Timer(ANSWER_SECONDS, connection.interrupt)
    clock.start()
    try:
        result = connection.execute(statement)
        names = [column[0] for column in result.description or ()]
        found = result.fetchmany(ANSWER_ROWS + 1)
    except duckdb.InterruptException as error:
        raise StatementError(
            f"No answer within {ANSWER_SECONDS:.0f} seconds.",
            remedy="Ask for less, for example with LIMIT 100.",
        ) from error
    except duckdb.Error as error:
        raise StatementError("The file has no answer to this.", details=str(error).splitlines()) from error
    finally:
        clock.cancel()
    columns = _different(names)
    rows = [dict(zip(columns, row, strict=True)) for row in found[:ANSWER_ROWS]]
    return StatementAnswer(columns, rows, len(found) > ANSWER_ROWS)


def _rows(connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: Any) -> list[Row]:
    return ask(connection, sql_text(f"explore/{name}"), parameters).dicts()


def _reach_lists(connection: duckdb.DuckDBPyConnection, n_candidates: int, of_run: Row) -> ReachLists | None:
    weight = _floats(_arrays(connection, "members", of_run)["weight"])
    if weight.size == 0 or not np.isfinite(weight).all():
        return None
    pairs = _arrays(connection, "reach", of_run)
    sizes = np.bincount(pairs["candidate"], minlength=n_candidates)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    return ReachLists(offsets, pairs["member"].astype(np.int64), weight)


def _arrays(connection: duckdb.DuckDBPyConnection, name: str, of_run: Row) -> dict[str, NDArray[Any]]:
    return connection.execute(sql_text(f"explore/{name}"), of_run).fetchnumpy()


def _floats(column: NDArray[Any]) -> NDArray[np.float64]:
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)


def _different(names: list[str]) -> list[str]:
    """The names, later ones of the same name with a number behind."""
    given: dict[str, None] = {}
    for name in names:
        other, number = name, 2
        while other in given:
            other, number = f"{name}_{number}", number + 1
        given[other] = None
    return list(given)
