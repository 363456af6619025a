"""Coordinated sharing: accounts that pass on the same posts, links and tags in step, again and again."""

import dagster as dg
import numpy as np
import polars as pl

from assets.graph import accounts
from assets.inputs import input_tables
from assets.ports import Engine, Lake, ReferenceTables
from assets.shill.groups import COORDINATION, MEMBER, group_id, write_groups
from assets.shill.sentences import sharing_group
from assets.shill.signals import COORDINATED_SHARING, signal_metadata, signal_rows
from assets.stages import SHILL_STAGE
from graph.together.coordination import CoordinatedSharing
from graph.together.coordination import coordinated_sharing as find_coordination

MOST_USERS_OF_A_RARE_TAG = 200


@SHILL_STAGE.asset(
    deps=[input_tables, accounts],
    kinds={"duckdb", "numpy"},
)
def coordinated_sharing(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Pairs that share the same objects together beyond their own speed, and the groups that they form."""
    day = context.partition_key
    inputs, folder = lake.inputs(day), lake.shill(day)
    tables = {name: inputs / f"{name}.parquet" for name in ("interactions", "posts")}
    tables["accounts"] = lake.graph(day) / "accounts.parquet"
    # Whoever says that posts are paid for must not look as if they were posted on command for saying so.
    said = [row["marker"].lower() for row in reference.disclosure_markers() if row["form"] == "hashtag"]
    acts = engine.frame("shill/shares", tables, {"most_users": MOST_USERS_OF_A_RARE_TAG, "disclosures": said})
    n_accounts = pl.scan_parquet(tables["accounts"]).select(pl.len()).collect().item()
    found = find_coordination(
        n_accounts,
        acts["actor"].to_numpy(),
        acts["object_number"].to_numpy(),
        acts["shared_at"].to_numpy(),
        source=acts["source_number"].to_numpy(),
        appeared=acts["appeared_at"].to_numpy(),
    )
    share = _share_together(found)
    members = _members(found, share)
    own_group = dict(members.select("node", "group").iter_rows())
    repeats = np.where(found.heaviest >= 0, np.append(found.pairs.repeats, 0)[found.heaviest], 0)
    is_unusual = found.partners > 0
    frame = signal_rows(
        COORDINATED_SHARING,
        # a heavy pair that is no discovery, or little beyond what is expected, is not above the bar
        np.where(
            is_unusual, found.score, np.minimum(found.score, np.nan_to_num(found.threshold, nan=np.inf))
        ),
        found.n_objects,
        threshold=found.threshold,
        count=found.partners,
        hints=np.where(is_unusual, repeats, 0),
        detail=[
            group_id(COORDINATION, own_group[node]) if node in own_group else None
            for node in range(n_accounts)
        ],
    )
    out = folder / f"{COORDINATED_SHARING}.parquet"
    lake.write_frame(out, frame)
    write_groups(lake, folder, COORDINATION, _groups(found, share), members.with_columns(role=pl.lit(MEMBER)))
    return dg.MaterializeResult(
        metadata={
            **signal_metadata(frame, out, lake, day),
            "acts": acts.height,
            "groups": len(found.groups),
            "threshold": found.threshold,
        }
    )


def _share_together(found: CoordinatedSharing) -> np.ndarray:
    """Share of the objects of each account that it shared together with one of its unusual partners."""
    pair, together = found.meetings.pair, found.meetings.object
    rows = pl.DataFrame(
        {
            "node": np.concatenate([found.pairs.first[pair], found.pairs.second[pair]]),
            "object": np.concatenate([together, together]),
        }
    )
    met = rows.unique().group_by("node").len("met")
    share = np.zeros(found.n_objects.size)
    share[met["node"].to_numpy()] = met["met"].to_numpy() / found.n_objects[met["node"].to_numpy()]
    return share


def _members(found: CoordinatedSharing, share: np.ndarray) -> pl.DataFrame:
    """The members of every group, with that share."""
    sizes = [group.members.size for group in found.groups]
    nodes = np.concatenate([np.empty(0, dtype=np.int64), *(group.members for group in found.groups)])
    return pl.DataFrame(
        {"group": np.repeat(np.arange(len(sizes)), sizes), "node": nodes, "share": share[nodes]},
        schema={"group": pl.UInt32, "node": pl.UInt32, "share": pl.Float64},
    )


def _groups(found: CoordinatedSharing, share: np.ndarray) -> pl.DataFrame:
    """One row per group: what its unusual pairs shared, within which time, and when."""
    rows = []
    for number, group in enumerate(found.groups):
        own = np.isin(found.meetings.pair, group.pairs)
        objects = np.unique(found.meetings.object[own]).size
        about = sharing_group(group.members.size, objects, group.window_s, (group.repeats, group.expected))
        rows.append(
            {
                "group": number,
                "density": group.density,
                "contrast": float(share[group.members].mean()),
                "score": group.score,
                "threshold": found.threshold,
                "first_at": int(found.meetings.first_at[own].min()),
                "last_at": int(found.meetings.last_at[own].max()),
                "about": about,
                "observed": group.repeats,
                "expected": group.expected,
            }
        )
    schema = {
        "group": pl.UInt32, "density": pl.Float64, "contrast": pl.Float64, "score": pl.Float64,
        "threshold": pl.Float64, "first_at": pl.Int64, "last_at": pl.Int64, "about": pl.String,
        "observed": pl.Float64, "expected": pl.Float64,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema)
    return frame.with_columns(pl.from_epoch("first_at"), pl.from_epoch("last_at"))
