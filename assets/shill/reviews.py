"""Reviews: what people decided about accounts, joined from the home and from the delivered labels.

A review never touches what was measured. The status of an account follows the review that stands, and both
are shown side by side.
"""

import dagster as dg
import polars as pl

from assets.display import rows_table, table_metadata
from assets.graph import accounts
from assets.inputs import input_tables
from assets.ports import Engine, Lake, Reviewers
from assets.stages import SHILL_STAGE

SHILL, GENUINE = "shill", "genuine"


@SHILL_STAGE.asset(
    deps=[input_tables, accounts],
    kinds={"duckdb"},
)
def reviews(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reviewers: dg.ResourceParam[Reviewers],
) -> dg.MaterializeResult:
    """Every decision about an account, the delivered labels among them, and which of them stands."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    network = lake.source(day)["network"]
    decisions = folder / "decisions.parquet"
    lake.write_frame(decisions, reviewers.decisions(network).with_row_index("entry"))
    out = folder / "reviews.parquet"
    engine.to_parquet(
        "shill/reviews",
        out,
        {
            "labels": inputs / "labels.parquet",
            "decisions": decisions,
            "accounts": lake.graph(day) / "accounts.parquet",
        },
    )
    frame = pl.read_parquet(out)
    standing = frame.filter("is_current").group_by("source", "label").len().sort("source", "label")
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "reviews that stand": rows_table(standing),
            "of accounts that the network does not know": int(frame["node"].null_count()),
        }
    )
