"""Rows as a Parquet file, in the types of the published file; imported only when Parquet is asked for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.cli.output import Row

_TYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "BOOLEAN": pl.Boolean,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "UINTEGER": pl.UInt32,
    "DOUBLE": pl.Float64,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String),
}


def parquet_bytes(rows: Sequence[Row], names: Sequence[str], types: Mapping[str, str]) -> bytes:
    """The rows as a Parquet file.

    Args:
        rows: The rows.
        names: Their columns, in order.
        types: Type of each column as DuckDB names it; a column whose type is not known here takes that of its
            values, and text where there are none.
    """
    series = []
    for name in names:
        values = [row.get(name) for row in rows]
        kind = _TYPES.get(types.get(name, ""))
        column = pl.Series(name, values, dtype=kind, strict=kind is None)
        series.append(column.cast(pl.String) if column.dtype == pl.Null else column)
    buffer = io.BytesIO()
    pl.DataFrame(series).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
