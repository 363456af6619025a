"""Stage 6, published: the DuckDB file that people read, and a page per audience made from it.

The file is built whole from the lake beside the old one, verified as a reader would open it, and swapped in
by rename. How is the publisher's business; this stage runs it, shows what it made and keeps it fresh.
"""

from datetime import timedelta

import dagster as dg
import polars as pl

from assets.display import rows_table
from assets.history import run_history
from assets.partitions import AUDIENCE_DIMENSION, RUN_ID_TAG, audience_of_key, run_id_of
from assets.plots import share_bars
from assets.ports import Publisher
from assets.stages import PUBLISHED_STAGE

# The file shows the newest kept run of every audience. To Dagster that is a dependency on each day since 2006
# for each audience, and it would list them all before every publication.
_WHATEVER_IS_KEPT = dg.SpecificPartitionsPartitionMapping([])
TOP_COLUMNS = (
    "audience",
    "rank",
    "handle",
    "status",
    "score",
    "shill_probability",
    "trust",
    "reach_share",
    "lift_low",
)
CHECKS_SCHEMA = {
    "run_id": pl.String,
    "asset": pl.String,
    "check_name": pl.String,
    "passed": pl.Boolean,
    "severity": pl.String,
    "detail": pl.String,
}


@PUBLISHED_STAGE.asset(
    deps=[dg.AssetDep(run_history, partition_mapping=_WHATEVER_IS_KEPT)],
    kinds={"duckdb"},
    # A nightly run that has not come by the next morning is late; a day and a half without one has failed.
    freshness_policy=dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=36), warn_window=timedelta(hours=27)
    ),
)
def partners_file(
    context: dg.AssetExecutionContext, publisher: dg.ResourceParam[Publisher]
) -> dg.MaterializeResult:
    """partners.duckdb: rankings, evidence, portfolio, graph and quality tables, with views and macros."""
    made = publisher.publish(_checks_of(context))
    rows = pl.DataFrame({"table": list(made["rows"]), "rows": list(made["rows"].values())})
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(made["path"])),
            "megabytes": round(made["bytes"] / 1e6, 2),
            "seconds": round(made["seconds"], 2),
            "dagster/row_count": int(rows["rows"].sum()),
            "coverage": share_bars(
                {
                    measure.removesuffix("_share").replace("_", " "): value
                    for measure, value in publisher.coverage().select("measure", "value").iter_rows()
                },
                "share of the network that the data show",
            ),
            "top of the ranking": rows_table(publisher.top(10), TOP_COLUMNS, most=50),
            "rows by table": rows_table(rows, most=50),
        }
    )


@PUBLISHED_STAGE.asset(deps=[partners_file], kinds={"html"})
def partner_reports(publisher: dg.ResourceParam[Publisher]) -> dg.MaterializeResult:
    """One self-contained HTML page per audience, made from the published file alone."""
    pages = publisher.report()
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": pages.height,
            "pages": rows_table(pages, most=50),
        }
    )


def _checks_of(context: dg.AssetExecutionContext) -> pl.DataFrame:
    """What was checked in this Vouch run so far, as rows of `quality.checks`."""
    run_id = run_id_of(context)
    rows = [
        {
            "run_id": run_id,
            "asset": f"{found.asset_key.to_user_string()}{_of(job)}",
            "check_name": found.check_name,
            "passed": found.passed,
            "severity": found.severity.value,
            "detail": found.description or _facts(found),
        }
        for job in context.instance.get_runs(dg.RunsFilter(tags={RUN_ID_TAG: run_id}))
        for record in context.instance.get_records_for_run(
            job.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ).records
        if (found := record.event_log_entry.asset_check_evaluation) is not None
    ]
    return pl.DataFrame(rows, schema=CHECKS_SCHEMA)


def _facts(found: dg.AssetCheckEvaluation) -> str:
    """The metadata of a check in one line; how long it may be is decided where it is made."""
    return "; ".join(f"{name}: {_fact(value)}" for name, value in found.metadata.items())


def _fact(value: dg.MetadataValue) -> str:
    """A piece of metadata as text; a table row by row, what is unknown left out."""
    if not isinstance(value, dg.TableMetadataValue):
        return str(value.value)
    # A record that was stored has its cells by the alphabet; the schema keeps their order.
    names = [column.name for column in value.schema.columns]
    return " / ".join(
        ", ".join(f"{name} {record.data[name]}" for name in names if record.data[name] is not None)
        for record in value.records
    )


def _of(job: dg.DagsterRun) -> str:
    key = job.tags.get(f"dagster/partition/{AUDIENCE_DIMENSION}")
    return f" ({audience_of_key(key)})" if key else ""
