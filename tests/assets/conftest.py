"""A golden dataset small enough to check by hand, and a workbench that materialises assets on it.

Twelve accounts. `brand` owns the audience `fans` (seven known members), `star`, `niche`, `buyer` are voices,
`bot` follows masses, `outsider` and `loner` are the rest of the network, `deal` is another brand's account.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl
import pytest
from dagster._core.execution.context.system import StepExecutionContext  # not public

from assets.partitions import RUN_ID_TAG
from pipelines.definitions import STAGES
from pipelines.home import Home
from pipelines.ingest.contract import TABLE_BY_NAME
from pipelines.lake import Lake
from pipelines.requests import audience_partition
from pipelines.resources import resources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DAY = "2024-05-31"
AUDIENCE = "fans"
NETWORK_ASSETS = (
    "input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles", "growth_bursts",
    "follower_quality",
    "lockstep_followers", "shill_neighbourhood", "engagement_pods", "coordinated_sharing", "sponsorship",
    "brand_history", "copied_text", "reviews", "shill_probability", "impersonation",
    "signal_groups",
)  # fmt: skip
AUDIENCE_ASSETS = (
    "cleaned_audience", "audience_affinity", "audience_endorsement", "word_of_mouth", "communities",
    "conversation", "resampled_audience",
    "partner_ranking", "partner_evidence", "partner_communities", "audience_talk", "partner_portfolio",
    "run_history",
)  # fmt: skip

Table = list[dict[str, Any]]
MEMBERS = ("m1", "m2", "m3", "m4", "m5", "m6")


def golden_tables() -> dict[str, Table]:
    """The dataset, one list of rows per table; a test changes what it needs."""
    accounts: Table = [
        {"account_id": name, "handle": name.title(), "bio": "writes", "posts_count": 50, "has_avatar": True,
         "followers_count": 300, "following_count": 100, "created_at": "2015-01-01"}
        for name in (*MEMBERS, "star", "niche", "buyer", "brand", "deal")
    ]  # fmt: skip
    accounts[5] |= {"following_count": 15_000}  # m6 follows masses
    # m5 shows nothing and follows masses that do not follow it
    accounts[4] |= {"bio": "", "has_avatar": False, "posts_count": 0}
    accounts[4] |= {"followers_count": 4, "following_count": 1_400}
    accounts[6] |= {"followers_count": 20_000}
    follows: Table = [{"follower_id": name, "followee_id": "star"} for name in MEMBERS]
    follows += [{"follower_id": name, "followee_id": "niche"} for name in MEMBERS[:4]]
    follows += [{"follower_id": name, "followee_id": "buyer"} for name in ("m1", "m5", "m6")]
    follows += [{"follower_id": name, "followee_id": "brand"} for name in MEMBERS]
    follows += [{"follower_id": name, "followee_id": "deal"} for name in MEMBERS]
    follows += [
        {"follower_id": "m1", "followee_id": "star"},  # a duplicate
        {"follower_id": "m2", "followee_id": "m2"},  # a self-follow
        {"follower_id": "outsider", "followee_id": "star"},  # an account that no table lists
        {"follower_id": "outsider", "followee_id": "buyer"},
        {"follower_id": "loner", "followee_id": "buyer"},
        {"follower_id": "m3", "followee_id": "buyer", "unfollowed_at": "2024-05-30"},  # ended before the day
        {"follower_id": "m4", "followee_id": "buyer", "unfollowed_at": "2024-06-01T00:00:00"},  # after it
        {"follower_id": "m2", "followee_id": "loner", "followed_at": "2024-06-01T00:00:00"},  # not begun yet
    ]
    posts: Table = [
        {"post_id": f"{author}{number}", "author_id": author, "posted_at": f"2024-05-{number:02}T10:00:00",
         "text": f"a walk in the hills, day {number}", "reply_to_post_id": ""}
        for author in ("star", "niche", "buyer")
        for number in range(1, 13)
    ]  # fmt: skip
    posts += [
        {"post_id": f"answer{number}", "author_id": name, "posted_at": f"2024-05-2{number}T10:00:00",
         "text": "well said", "reply_to_post_id": "niche1"}
        for number, name in enumerate(("m1", "m2", "m2"))
    ]  # fmt: skip
    interactions: Table = [
        {"actor_id": "m1", "target_id": "niche", "kind": "repost", "occurred_at": "2024-05-01T10:00:00"},
        {"actor_id": "m1", "target_id": "niche", "kind": "repost", "occurred_at": "2024-05-02T10:00:00"},
        {"actor_id": "m2", "target_id": "niche", "kind": "mention", "occurred_at": "2024-05-20T10:00:00"},
        {"actor_id": "m3", "target_id": "star", "kind": "like", "occurred_at": "2024-05-20T10:00:00"},
        {"actor_id": "m3", "target_id": "m3", "kind": "repost", "occurred_at": "2024-05-20T10:00:00"},
        {"actor_id": "outsider", "target_id": "star", "kind": "quote", "occurred_at": "2024-05-20T10:00:00"},
    ]
    return {
        "accounts": accounts,
        "follows": follows,
        "posts": posts,
        "interactions": interactions,
        "audience_members": [{"audience": AUDIENCE, "account_id": name, "weight": ""} for name in MEMBERS]
        + [{"audience": "others", "account_id": "outsider", "weight": ""}],
        "brands": [
            {"brand": AUDIENCE, "account_id": "brand", "keywords": ""},
            {"brand": "Dealco", "account_id": "deal", "keywords": "dealco"},
        ],
        "rates": [
            {"account_id": "star", "price": 900, "currency": "EUR"},
            {"account_id": "star", "price": 500, "currency": "EUR"},
            {"account_id": "star", "price": 1, "currency": "USD"},
            {"account_id": "niche", "price": 100, "currency": "EUR"},
            {"account_id": "buyer", "price": 5, "currency": "USD"},
        ],
    }


@cache
def _every_asset() -> Sequence[Any]:
    return dg.load_assets_from_modules(STAGES)


@contextmanager
def without_versions_of_inputs():
    """Dagster would ask its history for the versions of all inputs of each step: a quarter of a small run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StepExecutionContext, "fetch_external_input_asset_version_info", lambda _: None)
        yield


@dataclass
class Workbench:
    """A home with one dataset, and the assets run on it with an ephemeral Dagster instance.

    Attributes:
        root: Folder of the home and the data.
        tables: The dataset; a table that is taken out is not delivered.
        settings: Configuration of ops by name, on top of what every run needs.
    """

    root: Path
    tables: dict[str, Table] = field(default_factory=golden_tables)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    instance: dg.DagsterInstance = field(init=False)

    def __post_init__(self) -> None:
        """Give the instance a folder of ours; its own would be cleaned up by the garbage collector."""
        self.instance = dg.DagsterInstance.ephemeral(tempdir=str(self.root / "dagster"))

    @property
    def home(self) -> Home:
        return Home(self.root / "home")

    @property
    def lake(self) -> Lake:
        return Lake(self.home.lake)

    @property
    def folder(self) -> Path:
        """The audience's folder."""
        return self.lake.audience(DAY, AUDIENCE)

    def write_data(self) -> Path:
        folder = self.root / "data"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.csv"):
            old.unlink()
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            columns = columns or list(TABLE_BY_NAME[name].required)
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder

    def network(self, *names: str, day: str = DAY, **replaced: Any) -> dg.ExecuteInProcessResult:
        """Materialise network assets of a day, all by default; the inputs are read anew if among them."""
        return self._run(names or NETWORK_ASSETS, day, "network", replaced)

    def audience(
        self,
        *names: str,
        audience: str = AUDIENCE,
        run_id: str = "run-1",
        tags: Mapping[str, str] | None = None,
        **replaced: Any,
    ) -> dg.ExecuteInProcessResult:
        """Materialise the assets of one audience (all by default)."""
        self.instance.add_dynamic_partitions("audience", [audience])
        partition = audience_partition(audience, DAY)
        return self._run(names or AUDIENCE_ASSETS, partition, run_id, replaced, tags or {})

    def publication(self, *names: str, **replaced: Any) -> dg.ExecuteInProcessResult:
        """Materialise assets of the publication, which has no day, in the run of `network`."""
        return self._run(names, None, "network", replaced)

    def read(self, path: str) -> pl.DataFrame:
        """A Parquet file below the day's folder, such as `graph/accounts`."""
        return pl.read_parquet(self.lake.graph(DAY).parent / f"{path}.parquet")

    def found(self, name: str) -> pl.DataFrame:
        """A Parquet file of the audience."""
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def kept(self, run_id: str, name: str) -> pl.DataFrame:
        """A Parquet file of what a run found for the audience `fans`."""
        return pl.read_parquet(self.lake.run(run_id, "fans") / f"{name}.parquet")

    def ids(self) -> dict[int, str]:
        """Node to account id."""
        return dict(self.read("graph/accounts").select("node", "account_id").iter_rows())

    def by_id(self, frame: pl.DataFrame, column: str) -> dict[str, Any]:
        """Account id to the value of a column of a frame keyed by node."""
        names = self.ids()
        return {names[node]: value for node, value in frame.select("node", column).iter_rows()}

    def _run(
        self,
        names: Sequence[str],
        partition: str | None,
        run_id: str,
        replaced: Mapping[str, Any],
        tags: Mapping[str, str] | None = None,
    ) -> dg.ExecuteInProcessResult:
        settings = {name: {"config": values} for name, values in self.settings.items() if name in names}
        if "input_tables" in names:
            data = {"data_dir": str(self.write_data()), "reject_limit": 1.0}
            settings["input_tables"] = {"config": {**data, **self.settings.get("input_tables", {})}}
        with without_versions_of_inputs():
            return dg.materialize(
                _every_asset(),
                selection=list(names),
                instance=self.instance,
                partition_key=partition,
                resources={**resources(self.home), **replaced},
                run_config={"ops": settings, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                tags={RUN_ID_TAG: run_id, **(tags or {})},
                raise_on_error=False,
            )


@pytest.fixture
def bench(tmp_path):
    """A workbench of its own, to be changed by the test."""
    return Workbench(tmp_path)


@pytest.fixture(scope="session")
def golden(tmp_path_factory):
    """The golden dataset run through network and audience once; tests only read it."""
    made = Workbench(
        tmp_path_factory.mktemp("golden"),
        settings={
            "partner_ranking": {"minimum_audience": 0, "minimum_audience_followers": 2},
            "partner_portfolio": {"picks": 3, "budget": 600.0},
        },
    )
    assert made.network().success
    assert made.audience().success
    return made


@pytest.fixture
def copied(golden, bench):
    """A workbench that starts from the golden home."""
    shutil.copytree(golden.home.root, bench.home.root)
    bench.settings = {name: dict(values) for name, values in golden.settings.items()}
    return bench
