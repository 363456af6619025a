"""Bursts found in generated worlds, by what the data hold, beside what was planted.

The planted parcels come from the generator itself, so that a burst is counted right only where a parcel was
sent to that account at that time.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from assets.delivered import delivered_follows
from pipelines.definitions import build_defs
from pipelines.demo_world import generate_world, write_world
from pipelines.demo_world.farms import make_parcels
from pipelines.demo_world.population import make_population
from pipelines.demo_world.profiles import account_ids
from pipelines.engine import Engine
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.jobs import NETWORK_JOB
from pipelines.lake import Lake
from pipelines.requests import Source, network_config

WORLDS = ((21, 3_000), (22, 3_000), (23, 3_000), (24, 6_000))
SOURCES = ("follow times", "snapshots", "follow order")
ASSETS = (
    "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles", "growth_bursts",
)  # fmt: skip
DAY = 86_400
BEFORE, AFTER = 8, 12
"""Days around the start of a parcel in which a burst is that parcel: snapshots are weekly."""


def measured_worlds(worlds=WORLDS):
    """Every burst and every planted account of some worlds, by source.

    Returns:
        bursts: one row per burst found: seed, source, account_id, class, burst_day, role, parcels in reach.
        accounts: one row per planted account: seed, source, account_id, role, parcels, found, classes.
        parcels: one row per planted parcel: seed, source, account_id, listed arrivals, whether a burst is it.
    """
    tables = {"bursts": [], "accounts": [], "parcels": []}
    for seed, n_accounts in worlds:
        world = generate_world(seed, n_accounts)
        planted = planted_parcels(world)
        for source in SOURCES:
            found, signal = bursts_in(as_source(world, source))
            for name, frame in compared(world, planted, found, signal).items():
                keys = {"seed": pl.lit(seed), "size": pl.lit(n_accounts), "told_by": pl.lit(source)}
                tables[name].append(frame.with_columns(**keys))
    return {name: pl.concat(frames) for name, frames in tables.items()}


def as_source(world, source):
    """The world as somebody sees it who has only this source."""
    follows, snapshots = world.tables["follows"], world.tables["snapshots"]
    nobody = pl.lit(None, pl.Datetime("us"))
    standing = follows.filter(pl.col("unfollowed_at").is_null())
    if source == "follow times":
        snapshots = snapshots.clear()
    elif source == "snapshots":
        follows = standing.with_columns(followed_at=nobody, unfollowed_at=nobody)
    else:
        follows = standing.sort("followed_at").with_columns(followed_at=nobody, unfollowed_at=nobody)
        snapshots = snapshots.clear()
    return replace(world, tables=world.tables | {"follows": follows, "snapshots": snapshots})


def bursts_in(world):
    """What the assets find in a world: growth by burst, and the signal by account, both with account ids."""
    with tempfile.TemporaryDirectory(prefix="vouch-growth-") as folder:
        data = write_world(world, Path(folder) / "data")
        return growth_of(Source(data_dir=str(data)), world.until.isoformat(), Path(folder))[:2]


def growth_of(source, day, folder):
    """Growth and the signal of a data set, with account ids, and its follows and accounts as delivered."""
    home = Home(folder / "home")
    job = build_defs(home).resolve_job_def(NETWORK_JOB)
    with home_instance(home) as instance:
        job.execute_in_process(
            run_config={
                **network_config(source),
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            partition_key=day,
            asset_selection=[
                key for key in job.asset_layer.selected_asset_keys if key.to_user_string() in ASSETS
            ],
        )
    lake = Lake(home.lake)
    accounts = pl.read_parquet(lake.graph(day) / "accounts.parquet")
    ids = accounts.select("node", "account_id")
    growth, signal = (
        pl.read_parquet(lake.shill(day) / f"{name}.parquet").join(ids, on="node")
        for name in ("growth", "growth_bursts")
    )
    return growth, signal, _delivered(lake.inputs(day), lake.graph(day) / "accounts.parquet"), accounts


def _delivered(inputs, accounts):
    """Every follow as delivered, in that order, but those of accounts that follow themselves."""
    follows = delivered_follows(inputs, accounts, Engine()).whole()
    began, _ = follows.times_of(np.arange(follows.follower.size))
    frame = pl.DataFrame({"follower": follows.follower, "followee": follows.followee, "followed_at": began})
    return frame.filter(pl.col("follower") != pl.col("followee")).with_columns(
        pl.col("followed_at").fill_nan(None)
    )


def planted_parcels(world):
    """One row per parcel: account_id, day since 1970, listed arrivals, is_bombed; drips have no day."""
    people = make_population(world.seed, world.n_accounts, world.until)
    parcels = make_parcels(people)
    ids = account_ids(people)
    rows = []
    for place, account in enumerate(parcels.account.tolist()):
        starts = parcels.arrives_at[place, : int(parcels.parcels[place])] / DAY
        rows += [
            {"account_id": ids[account], "day": day, "is_bombed": bool(parcels.is_bombed[place])}
            for day in (starts.tolist() or [None])
        ]
    planted = pl.DataFrame(rows, schema={"account_id": pl.String, "day": pl.Float64, "is_bombed": pl.Boolean})
    fakes = world.truth.filter("is_fake_follower").select(follower_id="account_id")
    sent = (
        world.tables["follows"]
        .join(fakes, on="follower_id", how="semi")
        .select(account_id="followee_id", at=pl.col("followed_at").dt.epoch("s") / DAY)
        .join(planted.with_row_index("parcel"), on="account_id")
        .filter(pl.col("at").is_between(pl.col("day"), pl.col("day") + 6))
        .group_by("parcel")
        .len("arrivals")
    )
    return (
        planted.with_row_index("parcel")
        .join(sent, on="parcel", how="left")
        .with_columns(pl.col("arrivals").fill_null(0))
    )


def compared(world, planted, found, signal):
    """The bursts of a world beside its truth."""
    roles = world.truth.select("account_id", "role", "shill_kind", "is_bombed")
    bursts = (
        found.select("account_id", "class", "burst_day", "last_day", "explained_by", "probability")
        .with_row_index("number")
        .with_columns(start=pl.col("burst_day").dt.epoch("d"), end=pl.col("last_day").dt.epoch("d"))
    )
    met = bursts.join(planted, on="account_id").filter(
        (pl.col("day") >= pl.col("start") - BEFORE) & (pl.col("day") <= pl.col("end") + 1)
        if found.height and found["source"][0] != "follow_order"
        else pl.lit(True)
    )
    unusual = met.filter((pl.col("class") == "unusual") & ~pl.col("is_bombed"))
    customers = planted.filter(~pl.col("is_bombed"))["account_id"].unique()
    by_account = bursts.group_by("account_id").agg(
        classes=pl.col("class").unique().sort(), explained=pl.col("explained_by").drop_nulls().first()
    )
    accounts = (
        roles.with_columns(
            is_customer=pl.col("account_id").is_in(customers.implode()),
            drips=pl.col("account_id").is_in(planted.filter(pl.col("day").is_null())["account_id"].implode()),
        )
        .join(by_account, on="account_id", how="left")
        .join(signal.select("account_id", "value", "state"), on="account_id", how="left")
        .with_columns(pl.col("classes").fill_null([]))
    )
    return {
        "bursts": bursts.join(roles, on="account_id").with_columns(
            is_parcel=pl.col("number").is_in(met.filter(~pl.col("is_bombed"))["number"].implode()),
            is_bombing=pl.col("number").is_in(met.filter("is_bombed")["number"].implode()),
        ),
        "accounts": accounts.filter(
            (pl.col("state") == "measured") | pl.col("is_customer") | pl.col("is_bombed")
        ),
        "parcels": planted.filter(pl.col("day").is_not_null()).with_columns(
            is_found=pl.col("parcel").is_in(unusual["parcel"].implode()),
            is_seen=pl.col("parcel").is_in(met["parcel"].implode()),
        ),
    }


def shares(accounts, role):
    """Accounts of a role that were measured, and which classes their bursts had."""
    some = accounts.filter((pl.col("role") == role) & (pl.col("state") == "measured"))
    return {
        "measured": some.height,
        **{
            name: int(some["classes"].list.contains(name).sum())
            for name in ("explained", "unusual", "bombed", "unclear")
        },
        "with a value": int((some["value"].fill_nan(0.0) > 0.02).sum()) if some.height else 0,
    }
