"""Groups of accounts that act together, of every kind, in one shape: what joins them, who, as what, and when.

Each family of signals finds its own groups and writes them with `write_groups`; `signal_groups` puts them
together for publication.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import polars as pl

from assets.display import rows_table, table_metadata
from assets.graph import accounts
from assets.ports import Engine, Lake
from assets.stages import SHILL_STAGE

BUYER, CUSTOMER, BOTH, MEMBER = "follower", "followed", "follower and followed", "member"
"""Roles in a group, published as what was seen: who follows in a block, and who is followed in it. The method
calls the two buyers and customers; of a single account in either place that says too much."""


@dataclass(frozen=True)
class GroupKind:
    """One kind of group.

    Attributes:
        name: As it is published.
        prefix: How the ids of its groups begin.
        asset: Name of the asset that finds them.
    """

    name: str
    prefix: str
    asset: str


POD = GroupKind("engagement_pod", "pod", "engagement_pods")
LOCKSTEP = GroupKind("lockstep_block", "block", "lockstep_followers")
COORDINATION = GroupKind("coordination", "wave", "coordinated_sharing")
COPY = GroupKind("copied_text", "copy", "copied_text")
KINDS = (POD, LOCKSTEP, COORDINATION, COPY)

GROUPS = {
    "group": pl.UInt32,
    "density": pl.Float64,
    "contrast": pl.Float64,
    "score": pl.Float64,
    "threshold": pl.Float64,
    "first_at": pl.Datetime,
    "last_at": pl.Datetime,
    "about": pl.String,
    "observed": pl.Float64,
    "expected": pl.Float64,
    "topic_match": pl.Float64,
    "first_hour_share": pl.Float64,
    "typical_delay_s": pl.Float64,
}
"""One row per group: share of the possible ties that exist, share of the members' activity that stays inside,
how strong that is and what that is held against (NULL where it decides nothing), first and last time (NULL
without times), one plain sentence, what a pair of the group does together beside what is expected of it
(medians), how far the members share a topic (0 as strangers, 1 as friends), the share of what they do within
an hour of the post, and the median seconds until they do it."""

MEMBERS = {"group": pl.UInt32, "node": pl.UInt32, "role": pl.String, "share": pl.Float64}
"""One row per group and account: its role, and the share of what it gets (followers of who is followed) or
does (acts of anybody else) that is the group's; NULL where that has no meaning."""


def write_groups(
    lake: Lake, folder: Path, kind: GroupKind, groups: pl.DataFrame, members: pl.DataFrame
) -> None:
    """Write the groups of one kind, numbered from 0, and their members.

    Args:
        lake: Where to.
        folder: The day's folder of signals.
        kind: Of the groups.
        groups: Columns of `GROUPS`; what is missing is NULL.
        members: Columns of `MEMBERS`; what is missing is NULL.
    """
    lake.write_frame(folder / f"{kind.name}_groups.parquet", _shaped(groups, GROUPS))
    lake.write_frame(folder / f"{kind.name}_members.parquet", _shaped(members, MEMBERS))


def group_id(kind: GroupKind, group: int) -> str:
    """The published id of a group."""
    return f"{kind.prefix}-{group + 1:03}"


@SHILL_STAGE.asset(
    deps=[accounts, *(kind.asset for kind in KINDS)],
    kinds={"duckdb"},
)
def signal_groups(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Every group of accounts that act together, with its members and their roles."""
    day = context.partition_key
    folder = lake.shill(day)
    for table, shape in (("groups", GROUPS), ("members", MEMBERS)):
        found = [
            pl.read_parquet(folder / f"{kind.name}_{table}.parquet").with_columns(
                kind=pl.lit(kind.name), prefix=pl.lit(kind.prefix)
            )
            for kind in KINDS
        ]
        lake.write_frame(folder / f"found_{table}.parquet", pl.concat(found).select("kind", "prefix", *shape))
    tables = {
        "found_groups": folder / "found_groups.parquet",
        "found_members": folder / "found_members.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
    }
    out = folder / "signal_groups.parquet"
    engine.to_parquet("shill/signal_groups", out, tables)
    engine.to_parquet("shill/signal_group_members", folder / "signal_group_members.parquet", tables)
    frame = pl.read_parquet(out)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "groups by kind": rows_table(frame.group_by("kind").len().sort("kind")),
        }
    )


def _shaped(frame: pl.DataFrame, shape: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of a shape, NULL where the frame has none."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in shape.items()
    )
