"""The stage of bought words run on a data set as it stands, and what it found."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from pipelines.definitions import STAGES
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.lake import Lake
from pipelines.requests import Source, network_config
from pipelines.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from pipelines.demo_world.world import World

ASSETS = ("input_tables", "accounts", "follower_graph", "sponsorship", "brand_history", "copied_text")
SIGNALS = ("undisclosed_promotion", "brand_hopping", "copied_text")


@dataclass(frozen=True)
class Found:
    """What the stage found.

    Attributes:
        posts: one row per post, as `post_classes`, with `account_id`.
        signals: one row per signal and account, with `account_id`.
        history: one row per account with brands, with `account_id`.
        copied: groups and members of copied text, with `account_id`.
    """

    posts: pl.DataFrame
    signals: pl.DataFrame
    history: pl.DataFrame
    copied: pl.DataFrame


@dataclass(frozen=True)
class Measured:
    """A generated world and what the stage found in it."""

    world: World
    found: Found

    @property
    def posts(self) -> pl.DataFrame:
        """One row per post with its truth, its text and what was found."""
        texts = self.world.tables["posts"].select("post_id", "text")
        return self.found.posts.join(self.world.post_truth, on="post_id").join(texts, on="post_id")

    def accounts(self, signal: str) -> pl.DataFrame:
        """One row per account with the truth and a signal that was measured."""
        measured = self.found.signals.filter((pl.col("signal") == signal) & (pl.col("state") == "measured"))
        return measured.join(self.world.truth, on="account_id")


def read_words(write: Callable[[Path], object]) -> Found:
    """Run the stage on the data that `write` puts into a folder."""
    with tempfile.TemporaryDirectory(prefix="vouch-words-") as folder:
        home = Home(Path(folder))
        data = home.root / "data"
        data.mkdir(parents=True)
        write(data)
        day = datetime.now(UTC).date().isoformat()
        config = network_config(Source(data_dir=str(data)))
        with home_instance(home) as instance:
            dg.materialize(
                dg.load_assets_from_modules(STAGES),
                selection=list(ASSETS),
                instance=instance,
                partition_key=day,
                resources=resources(home),
                run_config={
                    "ops": {name: config["ops"][name] for name in ASSETS if name in config["ops"]},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
            )
        lake = Lake(home.lake)
        shill = lake.shill(day)
        names = pl.read_parquet(lake.graph(day) / "accounts.parquet", columns=["node", "account_id"])
        by_author = names.rename({"node": "author"})
        return Found(
            posts=pl.read_parquet(shill / "post_classes.parquet").join(by_author, on="author"),
            signals=pl.concat([pl.read_parquet(shill / f"{name}.parquet") for name in SIGNALS]).join(
                names, on="node"
            ),
            history=pl.read_parquet(shill / "brand_history.parquet").join(names, on="node"),
            copied=pl.read_parquet(shill / "copied_text_members.parquet").join(names, on="node"),
        )


def write_tables(folder: Path, tables: Mapping[str, list[dict]]) -> None:
    """Write rows as CSV files."""
    for name, rows in tables.items():
        pl.DataFrame(rows).write_csv(folder / f"{name}.csv")


def hits(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Precision and recall; NaN where there is nothing to divide by."""
    both = float((found & truth).sum())
    return (
        both / float(found.sum()) if found.any() else float("nan"),
        both / float(truth.sum()) if truth.any() else float("nan"),
    )


def kinds_of(accounts: pl.DataFrame) -> str:
    """How many accounts of which kind, in words."""
    kinds = accounts.select(kind=pl.coalesce("shill_kind", "role")).group_by("kind").len().sort("kind")
    return ", ".join(f"{row['kind']} {row['len']}" for row in kinds.iter_rows(named=True)) or "nobody"
