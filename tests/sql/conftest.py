"""The real engine on tables given as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from pipelines.engine import Engine
from tests.sql.tables import INPUTS, MADE, Rows

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def run(tmp_path) -> Callable[..., list[dict[str, Any]]]:
    """Runs a statement on tables given as rows; what a row leaves out is NULL, what is not named is empty.

    Tables that an earlier stage made shadow the delivered ones of the same name, as the assets bind them:
    `accounts` is the account index unless the statement is the one that makes it.
    """

    def execute(name: str, params: dict[str, Any] | None = None, **tables: Rows) -> list[dict[str, Any]]:
        schemas = INPUTS | MADE | {"accounts": MADE["graph_accounts"]}
        if name == "graph/accounts":
            schemas["accounts"] = INPUTS["accounts"]
        if name in {"graph/attention_edges", "publication/graph_interactions", "shill/burst_engaging"}:
            schemas["interactions"] = MADE["graph_interactions"]
        bound = {}
        for table, schema in schemas.items():
            bound[table] = tmp_path / f"{table}.parquet"
            pl.DataFrame(tables.get(table, []), schema=schema).write_parquet(bound[table])
        return Engine(tmp_path / "scratch").frame(name, bound, params).to_dicts()

    return execute
