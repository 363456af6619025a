"""An audience list of which 30 % was put there to make five accounts look trusted, through the real pipeline.

The measure of harm: no seller may be recommended that was not before, and of the recommendations that the
honest list gave, at least `KEPT_SHARE` must stand, `KEPT_OF_FIRST_20` of the first twenty among them.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dagster as dg
import numpy as np
import polars as pl
import pytest

from assets.partitions import RUN_ID_TAG
from pipelines.definitions import STAGES
from pipelines.demo_world import generate_world
from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.requests import audience_partition
from pipelines.resources import resources
from tests.assets.conftest import AUDIENCE_ASSETS, NETWORK_ASSETS

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-01"
AUDIENCE = "northbean-customers"
POISONED_SHARE = 0.3
SELLERS = 5
KEPT_SHARE = 0.9
KEPT_OF_FIRST_20 = 18
UNTOUCHED = ("engagement_pods", "sponsorship", "brand_history")
"""What rests on posts and interactions alone, which no poison changes: taken over from the honest run."""
POISONED_ASSETS = tuple(name for name in NETWORK_ASSETS if name not in UNTOUCHED)
TRUST_ASSETS = AUDIENCE_ASSETS[: AUDIENCE_ASSETS.index("partner_ranking") + 1]


@dataclass(frozen=True)
class Found:
    """What one run found, keyed by account id; and the account ids in the order of the nodes."""

    lake: Path
    ranking: pl.DataFrame
    members: pl.DataFrame
    risk: pl.DataFrame
    ids: list[str]

    def recommended(self) -> list[str]:
        """The recommended, best first."""
        return self.ranking.filter(pl.col("status") == "recommended").sort("rank")["account_id"].to_list()


def run(tables, folder, network=NETWORK_ASSETS, start=None):
    """The pipeline up to the ranking, on these tables; in a copy of the home `start`, if there is one."""
    data = folder / "data"
    data.mkdir(parents=True)
    for name, table in tables.items():
        table.write_parquet(data / f"{name}.parquet")
    home = Home(folder / "home")
    if start:
        shutil.copytree(start, home.lake)
    instance = dg.DagsterInstance.ephemeral(tempdir=str(folder / "dagster"))
    instance.add_dynamic_partitions("audience", [AUDIENCE])
    inputs = {"input_tables": {"config": {"data_dir": str(data)}}}
    for names, partition, ops in (
        (network, DAY, inputs),
        (TRUST_ASSETS, audience_partition(AUDIENCE, DAY), {}),
    ):
        dg.materialize(
            dg.load_assets_from_modules(STAGES),
            selection=list(names),
            instance=instance,
            partition_key=partition,
            resources=resources(home),
            run_config={"ops": ops, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={RUN_ID_TAG: "run"},
        )
    lake = Lake(home.lake)
    found, ids = lake.audience(DAY, AUDIENCE), pl.read_parquet(lake.graph(DAY) / "accounts.parquet")
    named = ids.select("node", "account_id")
    return Found(
        home.lake,
        pl.read_parquet(found / "ranked_candidates.parquet"),
        pl.read_parquet(found / "members.parquet").join(named, on="node"),
        pl.read_parquet(lake.shill(DAY) / "shill_probability.parquet").join(named, on="node"),
        ids["account_id"].to_list(),
    )


@pytest.fixture(scope="module")
def world():
    return generate_world(5, 1_000)


def listed_in(tables):
    """The account ids of the honest list."""
    return tables["audience_members"].filter(pl.col("audience") == AUDIENCE)["account_id"]


def fake_ids(tables):
    """As many ids as a poisoned list needs."""
    count = round(listed_in(tables).len() * POISONED_SHARE / (1 - POISONED_SHARE))
    return [f"fake{number}" for number in range(count)]


def with_accounts(tables, rows):
    return tables | {"accounts": pl.concat([tables["accounts"], rows], how="diagonal_relaxed")}


@pytest.fixture(scope="module")
def honest(world, tmp_path_factory):
    """The honest list. The fakes exist already and do nothing, so that nodes mean the same in every run."""
    silent = pl.DataFrame({"account_id": fake_ids(world.tables)})
    return run(with_accounts(world.tables, silent), tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def sellers(world, honest):
    """Two planted shills that nothing else warns of, and three accounts of spotless conduct nobody follows.

    Nothing but the poison may speak against them, or the test would show that something else works. Nor may
    they be about to be recommended without it, or it would show that a hair tips a scale.
    """
    shill = world.truth.filter(pl.col("is_shill"))["account_id"].implode()
    is_other = (pl.col("status") != "recommended") & (pl.col("lift_low") < 0.8)
    planted = honest.ranking.filter(pl.col("account_id").is_in(shill), is_other).sort(
        "shill_probability_high", "account_id"
    )
    followed = honest.ranking.filter(pl.col("audience_followers") > 3)["account_id"].implode()
    spotless = honest.risk.filter(
        pl.col("n_kinds") >= 2,
        ~pl.col("account_id").is_in(shill),
        ~pl.col("account_id").is_in(followed),
        ~pl.col("account_id").is_in(honest.members["account_id"].implode()),
    ).sort("high", "account_id")
    return [*planted["account_id"].head(2), *spotless["account_id"].head(SELLERS - 2)]


def poisoned(world, sellers, *, profile, camouflage=0, hijacked=False, chance=1.0):
    """The tables with fakes that follow the sellers and were put on the list, and the fakes' ids."""
    rng = np.random.default_rng(7)
    tables = dict(world.tables)
    accounts, follows, members = (tables[name] for name in ("accounts", "follows", "audience_members"))
    listed, fakes = listed_in(tables), fake_ids(tables)
    count = len(fakes)
    if hijacked:
        others = world.truth.filter(
            ~pl.col("is_shill"), ~pl.col("is_fake_follower"), ~pl.col("account_id").is_in(listed.implode())
        )["account_id"]
        tables = with_accounts(tables, pl.DataFrame({"account_id": fakes}))
        fakes = rng.choice(others.to_numpy(), count, replace=False).tolist()
    else:
        copied = accounts.filter(pl.col("account_id").is_in(listed.implode())).sample(
            count, seed=3, with_replacement=True
        )
        profiles = {
            "copied": copied.with_columns(
                account_id=pl.Series(fakes),
                handle=pl.Series([f"reader_{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(count)]),
            ),
            "empty": pl.DataFrame(
                {"account_id": fakes, "has_avatar": False, "posts_count": 0, "followers_count": 0,
                 "following_count": len(sellers)}
            ),
            "none": accounts.clear(),
        }  # fmt: skip
        tables = with_accounts(tables, profiles[profile])
    popular = follows["followee_id"].value_counts(sort=True)["followee_id"].head(60).to_numpy()
    edges = [
        (fake, followee)
        for fake in fakes
        for followee in (
            *(seller for seller in sellers if rng.random() < chance),
            *rng.choice(popular, camouflage, replace=False).tolist(),
        )
    ]
    bought = pl.DataFrame(edges, schema=["follower_id", "followee_id"], orient="row")
    tables["follows"] = pl.concat([follows, bought], how="diagonal_relaxed")
    entries = pl.DataFrame({"audience": [AUDIENCE] * count, "account_id": fakes})
    tables["audience_members"] = pl.concat([members, entries], how="diagonal_relaxed")
    return tables, fakes


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param({"profile": "empty"}, id="empty profiles"),
        pytest.param({"profile": "copied"}, id="copied profiles"),
        pytest.param({"profile": "none"}, id="no profile data"),
        pytest.param({"profile": "copied", "camouflage": 20}, id="camouflage"),
        pytest.param({"profile": "", "hijacked": True, "chance": 0.8}, id="hijacked, each skips a fifth"),
    ],
)
def test_a_poisoned_list_moves_no_seller_up_and_hardly_anybody_else(world, honest, sellers, poison, tmp_path):
    assert len(set(sellers)) == SELLERS
    assert not set(sellers) & set(honest.recommended())
    tables, fakes = poisoned(world, sellers, **poison)
    found = run(tables, tmp_path, POISONED_ASSETS, honest.lake)
    assert found.ids == honest.ids

    weights = found.members.with_columns(is_fake=pl.col("account_id").is_in(fakes))
    fake, real = (weights.filter(pl.col("is_fake") == is_fake) for is_fake in (True, False))
    assert fake.height == pytest.approx(POISONED_SHARE * weights.height, abs=1)
    assert fake["weight"].sum() < 0.1 * fake.height
    assert (real["lockstep_factor"] < 1).mean() < 0.02
    assert (fake["reason"] == "lockstep").mean() > 0.85

    statuses = dict(found.ranking.select("account_id", "status").iter_rows())
    assert {statuses.get(seller) for seller in sellers} & {"recommended"} == set()
    before, after = honest.recommended(), found.recommended()
    assert len(set(before) & set(after)) >= KEPT_SHARE * len(before)
    assert len(set(before[:20]) & set(after[:20])) >= KEPT_OF_FIRST_20
