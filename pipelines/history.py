"""The run history of a home, kept by an orchestrator that opens each of its databases once.

Dagster's SQLite storages make an engine, compile every statement and open and close the file for each of the
two thousand things they read and write in a run of the demo: a third of its CPU time. Here they do that once
per database, and every step no longer asks anew for what this process has read and not changed since. The
files are the same, so `dagster dev` reads and continues them with the storages it comes with.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dagster._core.storage.event_log import SqliteEventLogStorage  # not public, as is all storage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import create_engine, event, inspect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Mapping, Sequence

    from dagster import AssetKey, EventLogEntry
    from dagster._core.storage.event_log.base import AssetRecord
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
    """Events of runs, a database for each run and one for what concerns them all, each opened once.

    Each step notes which versions of its inputs it read. What was noted of an asset last is remembered until
    this process materialises it again; one run at a time works in a home.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        self._partitions: set[tuple[str, str]] = set()
        self._records: dict[AssetKey, AssetRecord] = {}
        self._tags: dict[AssetKey, dict[str, Mapping[str, Mapping[str, str]]]] = {}
        self._fresh_database = b""
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

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Whether a partition was added; one that is there stays until it is deleted here."""
        sought = partitions_def_name, partition_key
        if sought not in self._partitions:
            if not super().has_dynamic_partition(partitions_def_name, partition_key):
                return False
            self._partitions.add(sought)
        return True

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Take a partition out."""
        self._partitions.discard((partitions_def_name, partition_key))
        super().delete_dynamic_partition(partitions_def_name, partition_key)

    def get_asset_records(self, asset_keys: Sequence[AssetKey] | None = None) -> Sequence[AssetRecord]:
        """What is known of each asset, its last materialisation above all."""
        if asset_keys is None:
            return super().get_asset_records()
        unknown = [key for key in asset_keys if key not in self._records]
        if unknown:
            self._records |= {rec.asset_entry.asset_key: rec for rec in super().get_asset_records(unknown)}
        return [self._records[key] for key in asset_keys if key in self._records]

    def get_latest_tags_by_partition(
        self, asset_key: AssetKey, *arguments: Any, **named: Any
    ) -> Mapping[str, Mapping[str, str]]:
        """Tags of the last materialisation of each partition, such as the version of what was made."""
        known = self._tags.setdefault(asset_key, {})
        asked = repr((arguments, sorted(named.items())))
        if asked not in known:
            known[asked] = super().get_latest_tags_by_partition(asset_key, *arguments, **named)
        return known[asked]

    def store_event(self, event: EventLogEntry) -> None:
        """Keep an event, and forget what was known of the asset that it is about."""
        super().store_event(event)
        if event.dagster_event is not None and event.dagster_event.asset_key is not None:
            self._forget(event.dagster_event.asset_key)

    def wipe_asset(self, asset_key: AssetKey) -> None:
        """Take out what the index says of an asset."""
        super().wipe_asset(asset_key)
        self._forget(asset_key)

    def delete_events(self, run_id: str) -> None:
        """Take out the events of a run."""
        super().delete_events(run_id)
        self._records.clear()
        self._tags.clear()

    def dispose(self) -> None:
        """Close the databases."""
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        with self._db_lock:
            if shard not in self._initialized_dbs:
                self._prepare(shard)
                self._initialized_dbs.add(shard)
            with self._engine(shard).begin() as connection:
                yield connection

    def _prepare(self, shard: str) -> None:
        """Make the tables of a database; those of a second new run are copied from the first."""
        path = Path(self.path_for_shard(shard))
        is_new = not path.exists()
        if is_new and self._fresh_database:
            path.write_bytes(self._fresh_database)
            return
        engine = self._engine(shard)
        self._initdb(engine)
        if is_new:
            raw = engine.raw_connection()
            try:
                self._fresh_database = cast("sqlite3.Connection", raw.driver_connection).serialize()
            finally:
                raw.close()

    def _forget(self, asset_key: AssetKey) -> None:
        self._records.pop(asset_key, None)
        self._tags.pop(asset_key, None)

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
