"""Neighbourhood: accounts that choose to follow those whom people have labelled as shills."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import follower_graph
from assets.ports import Engine, Lake
from assets.sentences import FOLLOWS
from assets.shill.reviews import reviews
from assets.shill.signals import SHILL_NEIGHBOURHOOD, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.network.followers import FollowerGraph, open_follower_graph
from graph.shill.anti_trust import FEWEST_FOLLOWS, FEWEST_LABELS, UNUSUAL_ABOVE, AntiTrust, anti_trust


@SHILL_STAGE.asset(
    deps=[reviews, follower_graph],
    kinds={"duckdb", "numpy"},
)
def shill_neighbourhood(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """How often an account leads, over those whom it follows, to accounts that people labelled as shills."""
    day = context.partition_key
    network = lake.graph(day)
    judged = engine.frame("shill/labels", {"reviews": lake.shill(day) / "reviews.parquet"})
    graph = open_follower_graph(network)
    # Whoever argues with a shill has interacted with it; only a follow is a choice.
    follows = lake.read_json(network / "basis.json")["basis"] == FOLLOWS
    shills = judged.filter("is_shill")["node"].to_numpy() if follows else np.zeros(0, dtype=np.uint32)
    found = anti_trust(graph, shills, judged.filter(~pl.col("is_shill"))["node"].to_numpy())
    frame = signal_rows(
        SHILL_NEIGHBOURHOOD,
        found.value,
        np.full(graph.n_accounts, found.n_labels, dtype=np.float64),
        bounds=(found.low, found.high),
        threshold=UNUSUAL_ABOVE,
        count=found.followed,
        hints=found.expected,
        detail=_why_not(found, graph, judged, follows=follows),
    )
    out = lake.shill(day) / f"{SHILL_NEIGHBOURHOOD}.parquet"
    lake.write_frame(out, frame)
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "labelled as shills": int(judged["is_shill"].sum()),
            "labelled as genuine": int((~judged["is_shill"]).sum()),
            "unusual": int(np.sum(found.value > UNUSUAL_ABOVE)),
        }
    )


def _why_not(
    found: AntiTrust, graph: FollowerGraph, judged: pl.DataFrame, *, follows: bool
) -> list[str | None]:
    """Why nothing is said of an account; None where something is."""
    if not follows:
        reason = "no list of who follows whom in the data"
    elif not judged["is_shill"].any():
        reason = "no accounts labelled as shills"
    elif found.n_labels < FEWEST_LABELS:
        reason = f"fewer than {FEWEST_LABELS} accounts labelled as shills"
    else:
        reasons = np.full(
            graph.n_accounts, f"it follows fewer than {FEWEST_FOLLOWS} accounts in the data", object
        )
        reasons[judged["node"].to_numpy()] = "a person has labelled the account itself"
        reasons[~np.isnan(found.value)] = None
        return reasons.tolist()
    return [reason] * graph.n_accounts
