"""What a person sees of an asset in the Dagster UI: row counts, schemas, previews and tables.

Only the form is decided here; the figures come from the stage that shows them. Pictures are `assets.plots`.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.ports import Lake
from graph.text.plain_text import plain

_LONGEST_CELL = 200
_MOST_COLUMNS = 24
"""The UI lists the columns above everything else of an asset: more than these would bury it."""


def table_metadata(frame: pl.DataFrame, path: Path, preview_rows: int = 10) -> dict[str, dg.MetadataValue]:
    """Row count, path, columns and a preview of a Parquet table."""
    shown: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(frame.height),
        "path": dg.MetadataValue.path(str(path)),
    }
    if frame.width <= _MOST_COLUMNS:
        columns = [dg.TableColumn(name, str(kind)) for name, kind in frame.schema.items()]
        shown["dagster/column_schema"] = dg.MetadataValue.table_schema(dg.TableSchema(columns=columns))
    if preview_rows:
        shown["preview"] = rows_table(frame, most=preview_rows)
    return shown


def with_handles(frame: pl.DataFrame, lake: Lake, day: str) -> pl.DataFrame:
    """A frame keyed by node, with the handle in the node's place; the order stays."""
    names = pl.scan_parquet(lake.graph(day) / "accounts.parquet").select("node", "handle")
    wanted = names.filter(pl.col("node").is_in(frame["node"].implode())).collect()
    return wanted.join(frame, on="node", how="right", maintain_order="right").drop("node")


def rows_table(
    frame: pl.DataFrame,
    columns: Sequence[str] = (),
    most: int | None = 20,
    longest: int | None = _LONGEST_CELL,
) -> dg.MetadataValue:
    """The first rows of a frame as the UI's own table, whose cells hold text safely; a word where none is.

    The UI shows it in place, some 400 pixels wide: what matters most belongs into the first five columns.

    Args:
        frame: The rows.
        columns: The columns to show, in their order; all of them by default.
        most: The most rows shown, the whole being in the lake; None for all.
        longest: The most characters of a cell of text; None for all.
    """
    shown = frame.select(columns) if columns else frame
    shown = shown if most is None else shown.head(most)
    if shown.is_empty():
        return dg.MetadataValue.text("no rows")
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord({name: _value(value, longest) for name, value in row.items()})
            for row in shown.iter_rows(named=True)
        ],
        schema=dg.TableSchema(
            columns=[dg.TableColumn(name, _table_type(kind)) for name, kind in shown.schema.items()]
        ),
    )


def share_of(flags: pl.Series) -> dg.MetadataValue:
    """The share of rows for which something holds, as a number that the UI plots over partitions."""
    share = flags.fill_null(value=False).cast(pl.Float64).mean()
    return dg.MetadataValue.float(share) if isinstance(share, float) else dg.MetadataValue.null()


def _table_type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "int"
    if kind == pl.Boolean:
        return "bool"
    return "float" if kind.is_numeric() else "string"


def _value(value: Any, longest: int | None) -> str | float | bool | None:
    """A cell of the UI's own table: four digits, no NaN (JSON has none), text on one line."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return plain(str(value), longest)
