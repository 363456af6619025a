"""What reading one dataset is given: the clock, the limits, whom to leave out, and the places to work in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from graph.network.dense_ids import MOST_IDS
from pipelines.engine import connect, sql_text
from pipelines.forgotten import NOBODY

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipelines.forgotten import Forgotten
    from pipelines.ingest.mapping import DatasetConfig
    from pipelines.ingest.reuse import FormerFollows

_FUTURE_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class IntakeClock:
    """The present and the last day that counts."""

    now: datetime
    as_of: date

    @property
    def latest_time(self) -> datetime:
        """The latest time that is believed (UTC, naive)."""
        now = self.now if self.now.tzinfo is None else self.now.astimezone(UTC).replace(tzinfo=None)
        return now + _FUTURE_TOLERANCE

    @property
    def cutoff(self) -> datetime:
        """The first moment after the as-of day (UTC, naive)."""
        return datetime.combine(self.as_of + timedelta(days=1), time())


@dataclass(frozen=True)
class IntakeOptions:
    """How a dataset is read.

    Attributes:
        reject_limit: The share of rejected rows above which a table stops the run.
        most_accounts: Different accounts that the follows may name.
        forgotten: Whose rows are left out.
        former: Follows that were read before, if all of their files are still as they were.
    """

    reject_limit: float
    most_accounts: int = MOST_IDS
    forgotten: Forgotten = NOBODY
    former: FormerFollows | None = None


@dataclass(frozen=True)
class IntakeJob:
    """One dataset to read once.

    Attributes:
        connection: From `open_connection`, with the same clock and the same forgotten persons; used up by it.
        data_dir: The dataset: a folder of tables.
        config: Its mapping.
        clock: The present and the last day that counts.
        scratch: An empty folder for unpacked and half-made files.
        out: An empty folder for the lake's tables.
        options: How it is read.
    """

    connection: duckdb.DuckDBPyConnection
    data_dir: Path
    config: DatasetConfig
    clock: IntakeClock
    scratch: Path
    out: Path
    options: IntakeOptions


def open_connection(
    clock: IntakeClock, scratch: Path, forgotten: Forgotten = NOBODY
) -> duckdb.DuckDBPyConnection:
    """A connection with the macros of the contract, the variables they read, and whom the home forgot."""
    connection = connect(scratch / "spill")
    connection.execute(sql_text("ingest/macros"))
    connection.execute("SET VARIABLE latest_time = $1", [clock.latest_time])
    connection.execute("SET VARIABLE cutoff = $1", [clock.cutoff])
    connection.execute("SET VARIABLE forgotten_salt = $1", [forgotten.salt])
    connection.execute(
        "CREATE TABLE forgotten AS SELECT unnest($1::VARCHAR[]) AS digest", [sorted(forgotten.digests)]
    )
    return connection
