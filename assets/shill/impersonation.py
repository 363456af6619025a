"""Impersonation: accounts whose name resembles that of a better-known one, and accounts of one owner.

No bought influence: nothing here enters the probability. It is a mark with its evidence, and a status of
`watch` at most, for the account that resembles another; the one that is resembled loses nothing.
"""

import dagster as dg
import numpy as np
import polars as pl

from assets.columns import floats
from assets.display import rows_table, table_metadata
from assets.graph import accounts, follower_graph
from assets.ports import Engine, Lake
from assets.sentences import account_name
from assets.shill import sentences as words
from assets.stages import SHILL_STAGE
from graph.network.followers import open_follower_graph
from graph.shill.impersonation import (
    MUTUAL_NAMESAKES,
    SAME_OWNER,
    Follows,
    History,
    LookAlikes,
    Names,
    look_alikes,
    same_owner_pairs,
)


@SHILL_STAGE.asset(
    deps=[accounts, follower_graph],
    kinds={"duckdb", "numpy"},
)
def impersonation(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Accounts whose name resembles that of a better-known and older one, and accounts of one owner."""
    day = context.partition_key
    network, folder = lake.graph(day), lake.shill(day)
    tables = {name: network / f"{name}.parquet" for name in ("accounts", "follower_counts")}
    known = engine.frame("shill/account_names", tables)
    names = Names(*(known[name].to_list() for name in ("handle", "display_name", "bio")))
    history = History(*(floats(known[name]) for name in ("created_day", "followers", "posts")))
    graph = open_follower_graph(network)
    follows = Follows(graph.following_offsets, graph.following)
    pairs = _pairs(look_alikes(names, history, follows), same_owner_pairs(names, follows), history)
    lake.write_frame(folder / "name_pairs.parquet", pairs)
    found = engine.frame("shill/impersonation", {"pairs": folder / "name_pairs.parquet", **tables})
    frame = found.with_columns(
        sentence=pl.Series([_sentence(row) for row in found.iter_rows(named=True)], dtype=pl.String)
    )
    out = folder / "impersonation.parquet"
    lake.write_frame(out, frame)
    by_kind = frame.group_by("kind", "how").len().sort("kind", "how")
    return dg.MaterializeResult(metadata={**table_metadata(frame, out), "by kind": rows_table(by_kind)})


def _pairs(found: LookAlikes, owned: np.ndarray, history: History) -> pl.DataFrame:
    """One row per account: its closest look-alike, or else who probably has the same owner."""
    followers = np.nan_to_num(history.followers)
    smaller = np.where(followers[owned[:, 0]] < followers[owned[:, 1]], owned[:, 0], owned[:, 1])
    schema = {"node": pl.UInt32, "original": pl.UInt32, "kind": pl.String, "how": pl.String}
    columns = {"node": found.account, "original": found.original, "kind": found.kind, "how": found.how}
    alike = pl.DataFrame({name: column.tolist() for name, column in columns.items()}, schema=schema)
    shared = pl.DataFrame(
        {"node": smaller.tolist(), "original": (owned.sum(axis=1) - smaller).tolist()},
        schema={"node": pl.UInt32, "original": pl.UInt32},
    ).with_columns(kind=pl.lit(SAME_OWNER), how=pl.lit(MUTUAL_NAMESAKES))
    return pl.concat([alike, shared]).unique("node", keep="first", maintain_order=True).sort("node")


def _sentence(row: dict) -> str:
    """What resembles what, in one sentence."""
    other = account_name(row["resembles_handle"], row["resembles_account_id"], row["resembles_display_name"])
    return words.resembles(
        (row["kind"], row["how"]),
        other,
        (row["created_at"], row["resembles_created_at"]),
        (row["followers"], row["resembles_followers"]),
    )
