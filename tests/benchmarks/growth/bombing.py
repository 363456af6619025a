"""The victim test, end to end: a farm's followers are sent to trusted voices, and the whole pipeline runs.

A voice passes where its rank in every audience stays within the rank interval that it had before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from pipelines.demo_world import generate_world
from tests.benchmarks.growth.worlds import bursts_in
from tests.benchmarks.trusted_voices.planted_voices import ranked_in

WORLDS = ((21, 3_000),)
VOICES = 5
DENSITY = 0.5
NIGHT_HOURS = 5.0
REMOVED = 0.3
CLAIMED_PER_LISTED = 250
DAYS_AGO = 60


def bombed_voices(seed, worlds=WORLDS):
    """One row per bombed voice and audience, with its rank before and after."""
    rows = []
    for world_seed, n_accounts in worlds:
        world = generate_world(world_seed, n_accounts)
        before = ranked_in(world)
        voices = chosen_voices(before)
        attacked = with_bombing(world, voices, np.random.default_rng([seed, world_seed]))
        after = ranked_in(attacked)
        found, _ = bursts_in(attacked)
        classes = dict(
            found.filter(pl.col("account_id").is_in(voices))
            .sort("arrivals")
            .select("account_id", "class")
            .iter_rows()
        )
        for audience, ranked in before.items():
            for voice in ranked.filter(pl.col("account_id").is_in(voices)).iter_rows(named=True):
                now = after[audience].filter(pl.col("account_id") == voice["account_id"])
                rows.append(_moved(world_seed, audience, voice, now, classes))
    return pl.DataFrame(rows, infer_schema_length=None)


def chosen_voices(ranked):
    """The best placed trusted voices, the same number from each audience as far as they differ."""
    best = [
        frame.filter(pl.col("role") == "niche_voice").sort("rank")["account_id"].to_list()
        for frame in ranked.values()
    ]
    order = [voice for group in zip(*best, strict=False) for voice in group]
    return list(dict.fromkeys(order))[:VOICES]


def with_bombing(world, voices, rng):
    """The world with a parcel of a farm sent to each voice in one night, a part of it removed later."""
    farms = (
        world.truth.filter("is_fake_follower")
        .group_by("note", maintain_order=True)
        .agg("account_id")
        .sort("note")["account_id"]
        .to_list()
    )
    follows, counts = [], []
    for place, voice in enumerate(voices):
        farm = farms[place % len(farms)]
        sent = [one for one in farm if rng.random() < DENSITY]
        night = world.until - timedelta(days=DAYS_AGO + place)
        hours = rng.exponential(NIGHT_HOURS, len(sent))
        came = pl.Series([night]).cast(pl.Datetime("us"))[0]
        is_gone = rng.random(len(sent)) < REMOVED
        stay = rng.uniform(1, 40, len(sent))
        follows.append(
            pl.DataFrame(
                {
                    "follower_id": sent,
                    "followee_id": voice,
                    "followed_at": [came + timedelta(hours=float(hour)) for hour in hours],
                    "unfollowed_at": [
                        came + timedelta(hours=float(hour), days=float(days)) if gone else None
                        for hour, days, gone in zip(hours, stay, is_gone, strict=True)
                    ],
                },
                schema=world.tables["follows"].schema,
            )
        )
        counts.append((voice, came, CLAIMED_PER_LISTED * int((~is_gone).sum())))
    grown = pl.DataFrame(counts, schema=["account_id", "since", "more"], orient="row")
    pair = ["follower_id", "followee_id"]
    tables = {
        "follows": pl.concat([*follows, world.tables["follows"]]).unique(
            pair, keep="first", maintain_order=True
        ),
        "accounts": _grown(world.tables["accounts"], grown, pl.lit(True)),
        "snapshots": _grown(world.tables["snapshots"], grown, pl.col("observed_at") >= pl.col("since")),
    }
    return replace(world, tables=world.tables | tables)


def _grown(table, grown, applies):
    """Follower counts with what the bombing added."""
    return (
        table.join(grown, on="account_id", how="left", maintain_order="left")
        .with_columns(more=pl.when(applies).then(pl.col("more")).otherwise(0).fill_null(0))
        .with_columns(pl.col("followers_count") + pl.col("more"))
        .select(table.columns)
    )


def _moved(seed, audience, voice, now, classes):
    row = now.row(0, named=True) if now.height else {}
    rank = row.get("rank")
    return {
        "seed": seed,
        "audience": audience,
        "account_id": voice["account_id"],
        "class": classes.get(voice["account_id"], "none"),
        "rank_before": voice["rank"],
        "rank_low": voice["rank_low"],
        "rank_high": voice["rank_high"],
        "rank_after": rank,
        "status_before": voice["status"],
        "status_after": row.get("status"),
        "risk_before": voice["shill_probability"],
        "risk_after": row.get("shill_probability"),
        "stays": rank is not None and voice["rank_low"] <= rank <= voice["rank_high"],
        "no_lower": rank is not None and rank <= voice["rank_high"],
    }
