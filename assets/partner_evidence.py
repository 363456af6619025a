"""Stage 5, partners: the lines of evidence behind every candidate's figures.

Reads what the other stages found and writes one row per candidate and reason; the lines themselves are made by
`assets.evidence`.
"""

import dagster as dg
import polars as pl

from assets.display import table_metadata
from assets.evidence import evidence_rows
from assets.partitions import audience_and_day, audience_days
from assets.partners import GROUP, OWNERS, partner_ranking
from assets.ports import Engine, Lake


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[partner_ranking],
    kinds={"parquet"},
    owners=OWNERS,
)
def partner_evidence(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """One plain sentence per candidate and reason, for or against, with the figures and example rows."""
    audience, day = audience_and_day(context)
    folder, network, shill = lake.audience(day, audience), lake.graph(day), lake.shill(day)
    signals = engine.frame(
        "partners/candidate_signals",
        {
            "candidates": folder / "ranked_candidates.parquet",
            "signals": shill / "signals_by_node.parquet",
        },
    )
    examples = engine.frame(
        "partners/example_posts",
        {
            "candidates": folder / "ranked_candidates.parquet",
            "post_classes": shill / "post_classes.parquet",
        },
    )
    basis = lake.read_json(network / "basis.json")["basis"]
    frame = evidence_rows(pl.read_parquet(folder / "ranked_candidates.parquet"), signals, examples, basis)
    out = folder / "evidence.parquet"
    lake.write_frame(out, frame)
    return dg.MaterializeResult(metadata=table_metadata(frame, out))
