"""Planted truth: whole runs on generated worlds, where it is known who is trusted.

A *planted voice* of an audience has the role `niche_voice` and lives in a community that a tenth or more of
the audience's members come from. It counts as found when at most k / 2 (rounded up) accounts of its size tier
stand above it that are no trusted voices, k being the number of planted voices of that tier: creators, people
who disclose or went viral have a following of their own in the community and do no harm there, but there is
no room for many. Trusted voices of other communities, and those that were bombed with followers nobody asked
for, are trusted voices as well and take nobody's place. Bars that count every account stand beside it.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.progress import SilentObserver
from pipelines.requests import Source
from pipelines.run import run_pipeline

WORLDS = ((2026, 3000), (1, 3000), (2, 3000), (3, 3000))
ROOM = 0.5
TRUSTED = ("niche_voice", "victim")
SHARE_OF_AUDIENCE = 0.1
POISON = 0.3
N_SHILLS = 5
FIRST = 20
FAMOUS = ("celebrity", "news")
RANKINGS = {
    "published rank": ("rank", False),
    "**endorsement** alone": ("endorsement", True),
    "followers in the audience": ("audience_followers", True),
    "lift": ("lift", True),
    "followers anywhere": ("followers_count", True),
}


def planted_truth(seed):
    """Everything the page says about generated worlds; `seed` draws the poison."""
    found, audiences = [], []
    for number, (world_seed, n_accounts) in enumerate(WORLDS):
        world = generate_world(world_seed, n_accounts)
        ranked = ranked_in(world)
        found += [_places(world, name, table) for name, table in ranked.items()]
        audiences += [_famous(world_seed, name, table) for name, table in ranked.items()]
        if number == 0:
            poisoned = _poison_everybody(world, ranked, seed)
    return {"places": pl.concat(found), "famous": pl.DataFrame(audiences), "poisoned": poisoned}


def ranked_in(world):
    """The ranked candidates of each audience, with the truth beside them, from one whole run."""
    with tempfile.TemporaryDirectory(prefix="vouch-evaluation-") as folder:
        home = Home(Path(folder) / "home")
        data = write_world(world, Path(folder) / "data")
        outcome = run_pipeline(home, Source(str(data)), as_of=world.until, observer=SilentObserver())
        lake = Lake(home.lake)
        truth = world.truth.rename({"community": "home_community"})
        return {
            name: pl.read_parquet(
                lake.audience(world.until.isoformat(), name) / "ranked_candidates.parquet"
            ).join(truth, on="account_id", how="left", maintain_order="left")
            for name in outcome.audiences
        }


def found(places):
    """Above which voices of a tier stand at most half as many others as voices are planted there."""
    return places["others_above"].to_numpy() <= np.ceil(places["planted"].to_numpy() * ROOM)


def among_first(places, of_tier=0.0):
    """Which voices stand within 1.5 × k places of their tier, or that share of it where that is more."""
    planted, in_tier = places["planted"].to_numpy(), places["in_tier"].to_numpy()
    bar = np.maximum(np.ceil(planted * (1 + ROOM)), np.ceil(in_tier * of_tier))
    return places["place"].to_numpy() <= bar


def of_ranking(places, ranking):
    """The rows of one ranking."""
    return places.filter(pl.col("ranking") == ranking)


def _places(world, audience, ranked):
    """One row per planted voice and ranking: where in its tier it stands."""
    homes = _homes(world, audience)
    planted = (pl.col("role") == "niche_voice") & pl.col("home_community").is_in(homes)
    everybody = world.truth.filter((pl.col("role") == "niche_voice") & pl.col("community").is_in(homes))
    own = _own_shares(world)
    unlisted = everybody.height - ranked.filter(planted).height
    tables = []
    for name, (column, is_best_largest) in RANKINGS.items():
        place = (
            pl.struct(pl.col(column).fill_nan(None) * (-1 if is_best_largest else 1), "account_id")
            .rank("ordinal")
            .over("size_tier")
        )
        tables.append(
            ranked.with_columns(
                place=place, planted=planted.sum().over("size_tier"), in_tier=pl.len().over("size_tier")
            )
            .sort("place")
            .with_columns(
                others_above=(~pl.col("role").is_in(TRUSTED)).cast(pl.Int64).cum_sum().over("size_tier")
            )
            .filter(planted)
            .join(own, on="account_id", how="left", maintain_order="left")
            .select(
                pl.lit(world.seed).alias("seed"),
                pl.lit(audience).alias("audience"),
                pl.lit(name).alias("ranking"),
                pl.lit(unlisted).alias("unlisted"),
                "handle", "home_community", "size_tier", "place", "others_above", "planted", "in_tier",
                "own_share", "reach_share", "lift", "status",
            )
        )  # fmt: skip
    return pl.concat(tables)


def _own_shares(world):
    """Share of the ordinary accounts of its own community that follow each account: account_id, own_share."""
    home = world.truth.select("account_id", "community", "role")
    people = home.filter(pl.col("role") == "ordinary").drop("role")
    sizes = people.group_by("community").len("people")
    return (
        world.tables["follows"]
        .join(people, left_on="follower_id", right_on="account_id")
        .join(home.drop("role"), left_on=["followee_id", "community"], right_on=["account_id", "community"])
        .group_by("followee_id", "community")
        .len("own")
        .join(sizes, on="community")
        .select(account_id="followee_id", own_share=pl.col("own") / pl.col("people"))
    )


def _homes(world, audience):
    """Communities from which a tenth or more of an audience's members come."""
    members = world.tables["audience_members"].filter(pl.col("audience") == audience)
    lived = members.join(world.truth, on="account_id").group_by("community").len()
    large = lived.filter(
        pl.col("community").is_not_null() & (pl.col("len") >= SHARE_OF_AUDIENCE * members.height)
    )
    return large["community"].to_list()


def _famous(world_seed, audience, ranked):
    """Where those stand whom everybody follows, and how many of them any count would put first."""
    famous = pl.col("role").is_in(FAMOUS)
    by_count = ranked.sort("audience_followers", descending=True)
    at = ranked.filter(famous)
    return {
        "seed": world_seed,
        "audience": audience,
        "candidates": ranked.height,
        "famous": at.height,
        "best_rank": at["rank"].min(),
        "among_first": ranked.filter(famous & (pl.col("rank") <= FIRST)).height,
        "among_first_by_count": by_count.head(FIRST).filter(famous).height,
        "recommended": at.filter(pl.col("status") == "recommended").height,
    }


def _poison_everybody(world, clean, seed):
    """One row per audience: what 30 % fakes who all follow five shills do to it."""
    rng = np.random.default_rng(seed)
    members, extra_follows, chosen = [world.tables["audience_members"]], [world.tables["follows"]], {}
    for audience, ranked in clean.items():
        listed = world.tables["audience_members"].filter(pl.col("audience") == audience)
        fakes = world.truth.filter(pl.col("is_fake_follower"))["account_id"]
        inside = fakes.filter(fakes.is_in(listed["account_id"].to_list()))
        outside = fakes.filter(~fakes.is_in(inside.to_list()))
        wanted = max(math.ceil((POISON * listed.height - inside.len()) / (1 - POISON)), 0)
        drawn = outside.gather(rng.permutation(outside.len())[:wanted])
        both = pl.concat((inside, drawn))
        shills = ranked.filter(pl.col("is_shill")).sort("rank", descending=True)["account_id"]
        shills = shills.gather(rng.permutation(shills.len())[:N_SHILLS])
        chosen[audience] = (shills.to_list(), both.len() / (drawn.len() + listed.height))
        added = {"audience": pl.repeat(audience, drawn.len(), eager=True), "account_id": drawn}
        members.append(_like(listed, added))
        pairs = pl.DataFrame({"follower_id": both}).join(pl.DataFrame({"followee_id": shills}), how="cross")
        extra_follows.append(_like(world.tables["follows"], pairs.to_dict()))
    pair = ["follower_id", "followee_id"]
    follows = pl.concat(extra_follows).unique(pair, keep="first", maintain_order=True)
    tables = world.tables | {"audience_members": pl.concat(members), "follows": follows}
    poisoned = ranked_in(replace(world, tables=tables))
    return pl.DataFrame(
        [_moved(name, clean[name], poisoned[name], *chosen[name]) for name in clean], infer_schema_length=None
    )


def _like(table, columns):
    """Rows with a table's columns; what is not given is unknown."""
    frame = pl.DataFrame(columns)
    return frame.select(
        (pl.col(name) if name in columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in table.schema.items()
    )


def _moved(audience, before, after, shills, share):
    first = set(before.head(FIRST)["account_id"]) & set(after.head(FIRST)["account_id"])

    def of_shills(ranked):
        return ranked.filter(pl.col("account_id").is_in(shills))

    return {
        "audience": audience,
        "fake_share": share,
        "shills": len(shills),
        "recommended_before": of_shills(before).filter(pl.col("status") == "recommended").height,
        "recommended_after": of_shills(after).filter(pl.col("status") == "recommended").height,
        "best_rank_before": of_shills(before)["rank"].min(),
        "best_rank_after": of_shills(after)["rank"].min(),
        "best_endorsement_before": _best_place(before, shills, "endorsement"),
        "best_endorsement_after": _best_place(after, shills, "endorsement"),
        "best_count_before": _best_place(before, shills, "audience_followers"),
        "best_count_after": _best_place(after, shills, "audience_followers"),
        "same_first": len(first) / FIRST,
    }


def _best_place(ranked, accounts, column):
    placed = ranked.sort(column, descending=True).with_row_index("place", 1)
    return placed.filter(pl.col("account_id").is_in(accounts))["place"].min()
