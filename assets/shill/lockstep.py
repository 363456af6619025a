"""Lockstep: accounts that follow the same set of others as if sent there, in the whole network."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg
import numpy as np
import polars as pl

from assets.display import rows_table, with_handles
from assets.graph import accounts, follower_graph
from assets.inputs import input_tables
from assets.ports import Engine, Lake
from assets.sentences import FOLLOWS
from assets.shill.groups import BOTH, BUYER, CUSTOMER, LOCKSTEP, group_id, write_groups
from assets.shill.growth import growth_bursts
from assets.shill.sentences import lockstep_block
from assets.shill.signals import LOCKSTEP_FOLLOWERS, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.growth.classes import BOMBED
from graph.lockstep.blocks import FollowBlock
from graph.lockstep.reported import Lockstep
from graph.lockstep.search import SearchLimits, follow_blocks, search_limits
from graph.lockstep.times import block_times, in_bursts
from graph.network.followers import FollowerGraph, open_follower_graph

FLAGGED_FROM = 1.0


@SHILL_STAGE.asset(
    deps=[input_tables, accounts, follower_graph, growth_bursts],
    kinds={"duckdb", "numpy"},
)
def lockstep_followers(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Blocks of accounts that follow the same others, and the share of followers from there.

    What most members of an audience are in is left out: it is what they have in common.

    Of the followers from a block, those who came in a burst that reads as sent by others are left out: nobody
    is lowered by them.
    """
    day = context.partition_key
    graph = open_follower_graph(lake.graph(day))
    # One message that names three accounts joins them without anybody's order: only follows are evidence.
    is_evidence = lake.read_json(lake.graph(day) / "basis.json")["basis"] == FOLLOWS
    audiences = _audiences(lake, engine, day)
    found = follow_blocks(graph, audiences=audiences) if is_evidence else _nothing(graph.n_accounts)
    main, together, buyers = _main_block(found, graph.n_accounts)
    sent = pl.read_parquet(lake.shill(day) / "growth_followers.parquet").filter(
        pl.col("stands") & (pl.col("class") == BOMBED)
    )
    frame = signal_rows(
        LOCKSTEP_FOLLOWERS,
        _without_sent(found, graph.follower_counts, sent),
        graph.follower_counts,
        count=together,
        hints=buyers,
        detail=[group_id(LOCKSTEP, block) if block >= 0 else None for block in main.tolist()],
    )
    out = lake.shill(day) / f"{LOCKSTEP_FOLLOWERS}.parquet"
    lake.write_frame(out, frame)
    limits = search_limits(graph)
    lake.write_frame(lake.shill(day) / "lockstep_search.parquet", _said(limits, is_evidence=is_evidence))
    groups = _groups(graph, found.blocks, found.null_score)
    write_groups(lake, lake.shill(day), LOCKSTEP, groups, _members(found.blocks))
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "blocks": len(found.blocks),
            "looked at and left": len(found.others),
            "what an audience has in common": len(found.of_audience),
            "started from": f"{limits.starts:,} of {limits.accounts:,} accounts; blocks with fewer than "
            f"{limits.surely_met_from:,} customers may be missed",
            "largest score in rewired networks": round(float(found.null_score), 3)
            if found.blocks
            else "nothing to compare",
            "groups": rows_table(groups),
            "what the largest ones follow": _followed(found.blocks, lake, day),
        }
    )


def _said(limits: SearchLimits, *, is_evidence: bool) -> pl.DataFrame:
    """What coverage says of the search: one row, none where its limits are not felt."""
    row = pl.DataFrame(
        {
            "starts": [limits.starts],
            "accounts": [limits.accounts],
            "surely_met_from": [limits.surely_met_from],
            "is_compared": [limits.is_compared],
        }
    )
    return row if is_evidence and limits.are_felt else row.clear()


def _audiences(lake: Lake, engine: Engine, day: str) -> list[np.ndarray]:
    """The nodes of the members of each audience."""
    tables = {
        "audience_members": lake.inputs(day) / "audience_members.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
    }
    members = engine.frame("shill/listed_members", tables)
    return [part["node"].to_numpy() for part in members.partition_by("audience")]


def _nothing(n_accounts: int) -> Lockstep:
    """What is known where no follows were delivered."""
    return Lockstep([], [], [], np.full(n_accounts, np.nan), np.zeros(n_accounts, dtype=bool))


def _without_sent(found: Lockstep, followers: np.ndarray, sent: pl.DataFrame) -> np.ndarray:
    """The share of followers from blocks without those whom others sent, float64[accounts].

    Args:
        found: The blocks, and the share with everybody in it.
        followers: int64[accounts].
        sent: node and follower of every follower who was sent by others and still follows.
    """
    in_block = np.zeros(followers.size, dtype=bool)
    for block in found.blocks:
        in_block[block.buyers] = True
    pairs = sent.unique(["node", "follower"])
    nodes = pairs["node"].to_numpy()[in_block[pairs["follower"].to_numpy()]]
    share = np.bincount(nodes, minlength=followers.size) / np.maximum(followers, 1)
    return np.maximum(found.share - share, 0.0)


def _main_block(found: Lockstep, n_accounts: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every account the block that sent it most (-1 if none), its customers, and its buyers.

    The signal names one block; that an account is a customer of several shows in the groups.
    """
    main, most = np.full(n_accounts, -1), np.zeros(n_accounts)
    together, buyers = np.zeros(n_accounts), np.zeros(n_accounts)
    for number, block in enumerate(found.blocks):
        more = block.bought > most[block.customers]
        nodes = block.customers[more]
        main[nodes], most[nodes] = number, block.bought[more]
        together[nodes], buyers[nodes] = block.customers.size, block.buyers.size
    return main, together, buyers


def _groups(graph: FollowerGraph, blocks: Sequence[FollowBlock], null_score: float) -> pl.DataFrame:
    """One row per block, as `write_groups` wants it."""
    rows, came = [], in_bursts(graph)
    for number, block in enumerate(blocks):
        when = block_times(graph, block.buyers, block.customers, came)
        first, last = (_moment(when.first), _moment(when.last)) if when.timed else (None, None)
        about = lockstep_block(
            (block.buyers.size, block.customers.size),
            block.follows,
            block.expected,
            (first, last),
            (when.in_bursts, when.usual) if when.is_delivered else None,
        )
        rows.append(
            {"group": number, "density": block.density, "contrast": block.contrast, "score": block.score,
             "threshold": max(FLAGGED_FROM, null_score), "first_at": first, "last_at": last, "about": about}
        )  # fmt: skip
    return pl.DataFrame(
        rows,
        schema={"group": pl.UInt32, "density": pl.Float64, "contrast": pl.Float64, "score": pl.Float64,
                "threshold": pl.Float64, "first_at": pl.Datetime, "last_at": pl.Datetime, "about": pl.String},
    )  # fmt: skip


def _members(blocks: Sequence[FollowBlock]) -> pl.DataFrame:
    """Buyers and customers of every block, each account once."""
    frames = [
        pl.DataFrame(
            {"node": nodes, "share": share}, schema={"node": pl.UInt32, "share": pl.Float64}
        ).with_columns(group=pl.lit(number, pl.UInt32), role=pl.lit(role))
        for number, block in enumerate(blocks)
        for role, nodes, share in ((BUYER, block.buyers, None), (CUSTOMER, block.customers, block.bought))
    ]
    empty = pl.DataFrame(
        schema={"node": pl.UInt32, "share": pl.Float64, "group": pl.UInt32, "role": pl.String}
    )
    sides = pl.concat([empty, *frames])
    is_both = pl.len().over("group", "node") > 1
    return (
        sides.with_columns(role=pl.when(is_both).then(pl.lit(BOTH)).otherwise("role"))
        .sort("group", "role", "node", "share", nulls_last=True)
        .unique(["group", "node"], keep="first", maintain_order=True)
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)


def _followed(blocks: Sequence[FollowBlock], lake: Lake, day: str) -> dg.MetadataValue:
    """The first customers of the first ten blocks, by the share of their followers that is the block's."""
    if not blocks:
        return dg.MetadataValue.md("no block found")
    frame = (
        _members(blocks)
        .filter(pl.col("role").is_in((CUSTOMER, BOTH)), pl.col("group") < 10)
        .sort("group", "share", "node", descending=[False, True, False])
        .group_by("group", maintain_order=True)
        .head(5)
    )
    return rows_table(with_handles(frame, lake, day))
