"""The run history of a home, kept by an orchestrator that opens each of its databases once.

Dagster's SQLite storages make an engine, compile every statement and open and close the file for each of the
two thousand things they read and write in a run of the demo: a third of its CPU time. Here they do that once
per database. The files are the same, so `dagster dev` reads and continues them with the storages it comes
with.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import SqliteEventLogStorage  # not public, as is all storage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import create_engine, event, inspect

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from dagster._serdes import ConfigurableClassData
    from sqlalchemy.engine import Connection, Engine


def storage_settings(base: Path) -> dict[str, Any]:
    """The entries of an instance's settings for a history in `base`, laid out as Dagster lays it out."""
    return {
        "run_storage": _setting(KeptRunStorage, base / "history"),
        "event_log_storage": _setting(KeptEventLogStorage, base / "history" / "runs"),
        "schedule_storage": {
            "module": "dagster._core.storage.schedules",
            "class": "SqliteScheduleStorage",
            "config": {"base_dir": str(base / "schedules")},
        },
    }


class KeptEventLogStorage(SqliteEventLogStorage):
    """Events of runs, a database for each run and one for what concerns them all, each opened once."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptEventLogStorage:
        """The storage with its settings; what it inherits would name its own class."""
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that is there stays."""
        if table_name not in self._tables:
            with self._engine(INDEX_SHARD_NAME).connect() as connection:
                if not inspect(connection).has_table(table_name):
                    return False
            self._tables.add(table_name)
        return True

    def dispose(self) -> None:
        """Close the databases."""
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            self._engines[shard] = _kept_open(self.conn_string_for_shard(shard))
        return self._engines[shard]


class KeptRunStorage(SqliteRunStorage):
    """Runs and their tags, in one database that is opened once."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engine = _kept_open(conn_string)
        super().__init__(conn_string, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptRunStorage:
        """The storage with its settings; what it inherits would name its own class."""
        return cls.from_local(inst_data=inst_data, **config_value)

    @contextmanager
    def connect(self) -> Generator[Connection]:
        """A connection in a transaction."""
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the database."""
        self._engine.dispose()
        super().dispose()


def _kept_open(url: str) -> Engine:
    # The pool keeps one connection; a second one at the same time is opened and closed for the occasion.
    engine = create_engine(url, pool_size=1, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _wait_less)
    return engine


def _wait_less(connection: Any, _: Any) -> None:
    """Let the disk catch up in its own time: a power cut may cost the last events, not the history."""
    connection.execute("PRAGMA synchronous = NORMAL")


def _setting(storage: type, base: Path) -> dict[str, Any]:
    return {"module": __name__, "class": storage.__name__, "config": {"base_dir": str(base)}}
