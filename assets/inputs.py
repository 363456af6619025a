"""Stage 1, inputs: the delivered tables, validated and typed, in the lake.

What a table must look like, how it is read and why a row is refused belongs to the ingest; this stage runs it
for a day, shows its balance, and stops the run when the books do not balance.
"""

import dagster as dg
import polars as pl

from assets.display import rows_table
from assets.plots import share_bars
from assets.ports import Ingest, Lake
from assets.stages import INPUTS_STAGE


class InputsConfig(dg.Config):
    """Which data a network run reads.

    Attributes:
        data_dir: The folder of tables.
        config_file: A dataset.toml that lies elsewhere, or empty for the one beside the tables.
        reject_limit: The share of refused rows in a table that stops the run.
    """

    data_dir: str
    config_file: str = ""
    reject_limit: float = 0.01


@INPUTS_STAGE.asset(
    kinds={"parquet", "duckdb"},
    check_specs=[
        dg.AssetCheckSpec(
            "rows_balance",
            asset="input_tables",
            blocking=True,
            description="Rows in = kept + merged + rejected + after the day + forgotten, on every table.",
        ),
        dg.AssetCheckSpec(
            "nothing_refused",
            asset="input_tables",
            description="Warns when any row or value was refused, and shows which.",
        ),
        dg.AssetCheckSpec(
            "every_audience_can_be_ranked",
            asset="input_tables",
            description="Warns of each audience that is left out, and says why and what to do.",
        ),
    ],
)
def input_tables(
    context: dg.AssetExecutionContext,
    config: InputsConfig,
    lake: dg.ResourceParam[Lake],
    ingest: dg.ResourceParam[Ingest],
) -> dg.MaterializeResult:
    """The ten input tables as they stood at the end of the day, with everything refused written down."""
    day = context.partition_key
    folder = lake.inputs(day)
    summary = ingest.run(config.data_dir, config.config_file or None, folder, day, config.reject_limit)
    balance = summary.balance
    unbalanced = balance.filter(
        pl.col("rows_in")
        != pl.sum_horizontal(
            "rows_kept", "rows_merged", "rows_rejected", "rows_after_as_of", "rows_forgotten"
        )
    )
    rejects, unranked = summary.worst_rejects_frame, summary.unranked_frame
    return dg.MaterializeResult(
        metadata={
            "network": summary.network,
            **({"note": summary.note} if summary.note else {}),
            "path": dg.MetadataValue.path(str(folder)),
            "dagster/row_count": int(balance["rows_kept"].sum()),
            "balance": rows_table(balance),
            "refused, worst first": rows_table(rejects),
            "rows kept, by table": share_bars(
                {
                    row["table_name"]: row["rows_kept"] / row["rows_in"] if row["rows_in"] else None
                    for row in balance.iter_rows(named=True)
                },
                "of the rows that were delivered",
            ),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="rows_balance",
                passed=unbalanced.is_empty(),
                metadata={"tables that do not balance": rows_table(unbalanced)},
            ),
            dg.AssetCheckResult(
                check_name="nothing_refused",
                passed=rejects.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "refused": rows_table(rejects),
                    "rows and values refused": sum(
                        int(balance[name].sum()) for name in ("rows_rejected", "values_refused")
                    ),
                },
            ),
            dg.AssetCheckResult(
                check_name="every_audience_can_be_ranked",
                passed=unranked.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
                # Nothing else that is published tells why and what to do: all of it, whole.
                metadata={"left out": rows_table(unranked, most=None, longest=None)},
            ),
        ],
    )
