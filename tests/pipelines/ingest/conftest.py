"""A dataset that can be ingested, and the call that ingests it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipelines.ingest import ingest_dataset
from pipelines.ingest.numbered import follows_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
AS_OF = date(2024, 5, 31)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The smallest usable dataset: two follows and an audience of one."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "follows.csv").write_text("follower_id,followee_id\na,b\nc,b\n")
    (folder / "audience_members.csv").write_text("audience,account_id\nfans,a\n")
    return folder


@pytest.fixture
def ingest(data: Path, tmp_path: Path):
    """Ingest the dataset; returns the report, the tables are read with `rows`."""

    def run(**options):
        arguments = {"now": NOW, "as_of": AS_OF, "reject_limit": 1.0, **options}
        return ingest_dataset(data, tmp_path / "lake" / "inputs", **arguments)

    return run


@pytest.fixture
def rows(tmp_path: Path):
    """Rows of a table of the lake as tuples of the columns asked for."""

    def read(table: str, *columns: str) -> list[tuple]:
        inputs = tmp_path / "lake" / "inputs"
        if table == "follows":
            relation = duckdb.sql(f"FROM read_parquet('{_follows_as_text(inputs)}')")
        else:
            relation = duckdb.read_parquet(str(inputs / f"{table}.parquet"))
        return relation.select(*columns).fetchall() if columns else relation.fetchall()

    return read


def _follows_as_text(inputs: Path) -> Path:
    """The follows of the lake as a Parquet file with the columns of the contract."""
    ids = pl.read_parquet(inputs / "follow_ids.parquet")["account_id"]
    path = inputs.parent.parent / "follows.parquet"
    follows_of(inputs, ids.to_list()).write_parquet(path)
    return path


@pytest.fixture
def rejects(rows):
    """The refused values as (file, line, column, value, rule), in order."""
    return lambda: rows("rejects", "file", "line", "column_name", "value", "rule")
