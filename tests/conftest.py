"""Fixtures that several folders of tests share."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.publish import publish_tables
from pipelines.statements import quoted, sql_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL_WORLD = """
CREATE TABLE "graph.accounts" AS
    SELECT i::UINTEGER AS node, 'id' || i AS account_id, 'Voice' || i AS handle,
        'Voice No. ' || i AS display_name, 1000 * i AS followers_count,
        true AS is_listed, i >= 20 AS is_in_audience, i < 20 AS is_candidate
    FROM range(60) AS t(i);
CREATE TABLE follows AS
    SELECT DISTINCT f.i::UINTEGER AS follower, ((f.i * 7 + c.i * c.i) % 20)::UINTEGER AS followee
    FROM range(20, 60) AS f(i), range(6) AS c(i);
CREATE TABLE runs AS
    SELECT $run_id AS run_id, 'tiny' AS network, DATE '2026-11-01' AS as_of, 'Runners' AS audience,
        TIMESTAMP '2026-11-02 03:00:00' AS started_at, TIMESTAMP '2026-11-02 03:04:00' AS finished_at,
        40 AS audience_size, 20 AS candidates, false AS is_generated;
CREATE TABLE partner_rankings AS
    SELECT $run_id AS run_id, 'tiny' AS network, 'Runners' AS audience, DATE '2026-11-01' AS as_of,
        i + 1 AS rank, i + 1 AS rank_low, i + 2 AS rank_high, 'id' || i AS account_id, 'Voice' || i AS handle,
        CASE WHEN i < 15 THEN 'recommended' ELSE 'watch' END AS status, 1 - i / 20 AS score,
        1000 * i AS followers_count, 'nano' AS size_tier, 1 - i / 20 AS trust, 0.9 - i / 25 AS trust_low,
        1 - i / 40 AS trust_high, i / 40 AS shill_probability, i / 50 AS shill_probability_low,
        i / 30 AS shill_probability_high, i < 3 AS is_pick
    FROM range(20) AS t(i);
CREATE TABLE evidence AS
    SELECT run_id, audience, account_id, handle, 'reach' AS signal, 'trust' AS side, 'for' AS direction,
        0.5 AS value, 0.1 AS typical_value, 0.7 AS weight, 'Half of the audience follows.' AS sentence,
        ['p1', 'p2'] AS example_ids
    FROM partner_rankings;
CREATE TABLE account_signals AS
    SELECT account_id, handle, 'suspicious_followers' AS signal, 0.2 AS value, 0.1 AS low, 0.3 AS high,
        150.0 AS n, 'measured' AS state, false AS flagged
    FROM partner_rankings;
CREATE TABLE follower_types AS
    SELECT account_id, handle, 'suspicious' AS profile_type, 0.2 AS share, 0.1 AS share_low,
        0.3 AS share_high, 150 AS n
    FROM partner_rankings;
CREATE TABLE example_posts AS SELECT 'p1' AS post_id, 'id0' AS author_id, 'Voice0' AS author_handle,
    'x' AS platform, TIMESTAMP '2026-10-30 08:00:00' AS posted_at, 'Ten miles before breakfast.' AS text;
CREATE TABLE follower_history AS
    SELECT account_id, handle, DATE '2026-08-01' + 14 * d::INTEGER AS day,
        followers_count + 40 * d AS followers, 'snapshots' AS source
    FROM partner_rankings, range(6) AS t(d);
CREATE TABLE portfolio AS
    SELECT run_id, audience, 'count' AS plan, rank AS pick, account_id, handle, 10.0 AS adds,
        0.25 AS adds_share, 0.25 * rank AS cumulative_share
    FROM partner_rankings WHERE is_pick;
"""
CAME_WITH_SCHEMA_2 = (
    "audience_members", "own_accounts", "advocates", "brand_talk", "momentum", "follower_history",
    "example_posts",
)  # fmt: skip
LONG_FILES = (
    "pipelines/test_bad_input",
    "assets/test_poisoned_audience",
    "pipelines/test_interrupts",
    "pipelines/test_publish",
    "pipelines/test_run",
    "pipelines/test_sensors",
    "pipelines/test_momentum_over_runs",
    "assets/test_audience_talk",
)
"""Files of tests that take longest, the longest first: a worker that met one last would work on alone."""
GREW_WITH_SCHEMA_2 = {
    "partner_rankings": "baseline",
    "communities": "terms",
    "community_voices": "rank_overall",
}
"""Table to its first column that came with schema 2; the columns after it came too."""


def write_small_world(folder: Path, run_id: str = "r1", change: str = "", scale: int = 0) -> dict[str, Path]:
    """Write the tables of a small network as Parquet files, after changing them as a test needs.

    Returns published table to file. `scale` pads the signals with so many more rows, to make publishing take
    a while.
    """
    folder.mkdir(exist_ok=True)
    with closing(duckdb.connect()) as connection:
        for statement in filter(str.strip, SMALL_WORLD.split(";")):
            named = {"run_id": run_id} if "$run_id" in statement else None
            connection.execute(statement, named)
        connection.execute(f'CREATE TABLE "graph.adjacency" AS {sql_text("published/adjacency")}')
        connection.execute(
            "INSERT INTO account_signals BY NAME SELECT 'a' || hash(i) AS account_id, 's' || i AS signal,"
            " random() AS value, 'measured' AS state FROM range($scale) AS t(i)",
            {"scale": scale},
        )
        if change:
            connection.execute(change)
        connection.execute("DROP TABLE follows")
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        for table in tables:
            target = quoted(str(folder / f"{table}.parquet"))
            connection.execute(f'COPY "{table}" TO {target}')
    return {table: folder / f"{table}.parquet" for table in tables}


def publish_small_world(folder: Path, run_id: str = "r1", change: str = "") -> Path:
    """Publish the small network, changed as a test needs, in a folder; returns the file."""
    target = folder / "home" / "partners.duckdb"
    sources = write_small_world(folder / f"sources-{run_id}", run_id, change)
    publish_tables(target, sources, lock=folder / "lock", scratch=folder / "scratch")
    return target


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file and among the others stays."""
    places = {f"{name}.py": place for place, name in enumerate(LONG_FILES)}

    def place(item: pytest.Item) -> int:
        name = "/".join(item.path.parts[-2:])
        return places.get(name, len(places))

    items.sort(key=place)


@pytest.fixture
def write_sources(tmp_path) -> Callable[..., dict[str, Path]]:
    """Writes the tables of a small network into the test's folder: see `write_small_world`."""

    def write(run_id: str = "r1", change: str = "", scale: int = 0) -> dict[str, Path]:
        return write_small_world(tmp_path / f"sources-{run_id}", run_id, change, scale)

    return write


@pytest.fixture
def publish_small(tmp_path) -> Callable[..., Path]:
    """Publishes the small network in the test's folder and returns the file."""

    def publish(run_id: str = "r1", change: str = "") -> Path:
        return publish_small_world(tmp_path, run_id, change)

    return publish


@pytest.fixture
def file_of_schema_1(publish_small) -> Path:
    """The small network in a file as Vouch 0.1.0 published it: without the tables and columns of schema 2."""
    path = publish_small()
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("DROP VIEW ranked_partners")
        for table in CAME_WITH_SCHEMA_2:
            connection.execute(f"DROP TABLE {table}")
        for table, first in GREW_WITH_SCHEMA_2.items():
            columns = connection.table(table).columns
            for column in columns[columns.index(first) :]:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute(sql_text("published/views").replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))
        connection.execute("UPDATE about SET schema_version = 1, vouch_version = '0.1.0'")
    return path
