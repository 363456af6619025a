"""What a person sees of an asset in the Dagster UI: row counts, schemas, previews and small plots.

Only the form is decided here; the figures come from the stage that shows them.
"""

import base64
import unicodedata
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.ports import Lake

_PLOT_WIDTH, _PLOT_HEIGHT, _MARGIN = 460, 220, 34


def table_metadata(frame: pl.DataFrame, path: Path, preview_rows: int = 10) -> dict[str, dg.MetadataValue]:
    """Row count, column schema, path and a preview of a Parquet table."""
    return {
        "dagster/row_count": dg.MetadataValue.int(frame.height),
        "dagster/column_schema": dg.MetadataValue.table_schema(
            dg.TableSchema(columns=[dg.TableColumn(name, str(kind)) for name, kind in frame.schema.items()])
        ),
        "path": dg.MetadataValue.path(str(path)),
        "preview": dg.MetadataValue.md(markdown_table(frame.head(preview_rows))),
    }


def markdown_table(frame: pl.DataFrame, columns: Sequence[str] = ()) -> str:
    """A frame as a Markdown table whose cells cannot break out of it, however hostile the text."""
    shown = frame.select(columns) if columns else frame
    if shown.is_empty():
        return "*no rows*"
    lines = ["| " + " | ".join(shown.columns) + " |", "|" + " --- |" * len(shown.columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in shown.iter_rows()]
    return "\n".join(lines)


def with_handles(frame: pl.DataFrame, lake: Lake, day: str) -> pl.DataFrame:
    """A frame keyed by node, with the handle in the node's place; the order stays."""
    names = pl.scan_parquet(lake.graph(day) / "accounts.parquet").select("node", "handle")
    wanted = names.filter(pl.col("node").is_in(frame["node"].implode())).collect()
    return wanted.join(frame, on="node", how="right", maintain_order="right").drop("node")


def log_log_plot(counts: Mapping[int, int], x_label: str, y_label: str) -> dg.MetadataValue:
    """A scatter of value against how many have it, both axes logarithmic, as an inline picture.

    Args:
        counts: Value (at least 1) to the number of accounts that have it.
        x_label: What the value is.
        y_label: What is counted.
    """
    points = [(x, y) for x, y in counts.items() if x > 0 and y > 0]
    if not points:
        return dg.MetadataValue.md("*nothing to plot*")
    frame = pl.DataFrame(points, schema=["x", "y"], orient="row").with_columns(
        pl.col("x").log10().alias("log_x"), pl.col("y").log10().alias("log_y")
    )
    wide = max(float(frame["log_x"].max() or 0), 1.0)  # ty: ignore[invalid-argument-type]
    high = max(float(frame["log_y"].max() or 0), 1.0)  # ty: ignore[invalid-argument-type]
    dots = "".join(
        f'<circle cx="{_MARGIN + x / wide * (_PLOT_WIDTH - 2 * _MARGIN):.1f}" '
        f'cy="{_PLOT_HEIGHT - _MARGIN - y / high * (_PLOT_HEIGHT - 2 * _MARGIN):.1f}" r="2"/>'
        for x, y in frame.select("log_x", "log_y").iter_rows()
    )
    greatest = f"{frame['x'].max():,}"
    most = f"{frame['y'].max():,}"
    base = _PLOT_HEIGHT - _MARGIN
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_PLOT_WIDTH}" height="{_PLOT_HEIGHT}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f'<path d="M{_MARGIN} {_MARGIN / 2}V{base}H{_PLOT_WIDTH - _MARGIN / 2}" stroke="#888" fill="none"/>'
        f'<g fill="#2a6f97">{dots}</g>'
        f'<text x="{_PLOT_WIDTH / 2}" y="{_PLOT_HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text x="{_PLOT_WIDTH - _MARGIN}" y="{base + 14}" text-anchor="end">{greatest}</text>'
        f'<text x="{_MARGIN}" y="{base + 14}">1</text>'
        f'<text x="{_MARGIN}" y="12">{escape(y_label)} (most: {most})</text></svg>'
    )
    encoded = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{x_label}](data:image/svg+xml;base64,{encoded})")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    text = str(value)
    text = "".join(
        character for character in text if unicodedata.category(character)[0] != "C" or character == " "
    )
    text = escape(" ".join(text.split()))[:120]
    for mark in ("\\", "|", "`", "*", "_", "[", "]", "!"):
        text = text.replace(mark, f"\\{mark}")
    return text
