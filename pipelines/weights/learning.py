"""Learning the weights of evidence from worlds in which the truth is planted, and judging them on others.

Accounts that a brand could meet as candidates stand on both sides: enough followers to be looked at, and no
part of the planted crowd of fake and dormant followers. The worlds that judge are never those that taught.
"""

from __future__ import annotations

import logging
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import rankdata

from assets.shill.signals import COORDINATED_SHARING, MEASURED, MONEY_GROUP_OF, SIGNALS, counted_value
from graph.shill.recalibration import brier, calibration_error
from graph.shill.weights_of_evidence import MONEY_GROUPS, EvidenceWeights, join_evidence, learn_weights
from pipelines.definitions import build_defs
from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.jobs import NETWORK_JOB
from pipelines.lake import Lake
from pipelines.requests import Source, network_config
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.demo_world.world import World

# (seed, accounts). Worlds of several sizes, because some signals grow with the size of a network; small ones
# hold the most shills for their work. Those that judge are never those that taught.
TEACHING = (
    (11, 6000), (12, 3000), (13, 3000), (14, 1000), (15, 1000), (16, 1000), (17, 1000), (18, 1000),
)  # fmt: skip
JUDGING = ((101, 3000), (102, 3000), (103, 1000), (104, 1000), (105, 1000), (106, 1000), (107, 1000))
MIN_FOLLOWERS = 20
CROWD = ("fake_follower", "dormant", "mass_follower")
AFTER_SIGNALS = ("shill_probability", "signal_groups")
PROCESSES = 2
BINS = 12  # fine enough that the tail where planted accounts live is more than one bin


@dataclass(frozen=True)
class Judgement:
    """How well a table of weights does on worlds that it has not seen.

    Attributes:
        accounts: Accounts judged.
        shills: Planted shills among them.
        auc: Chance that a shill gets the higher probability of a random pair.
        brier: Mean squared error of the probability.
        calibration_error: Mean distance of predicted and observed share over ten bins (ECE).
        precision_at_100, precision_at_200: Shills among the so many highest probabilities, as a share.
    """

    accounts: int
    shills: int
    auc: float
    brier: float
    calibration_error: float
    precision_at_100: float
    precision_at_200: float


def measured_world(
    seed: int, n_accounts: int, make: Callable[[int, int], World] = generate_world
) -> pl.DataFrame:
    """Signals and truth of one generated world.

    Args:
        seed: Of the world.
        n_accounts: Its size.
        make: Makes the world; worlds of other populations than the usual one judge a table harder.

    Returns:
        One row per account and signal: account_id, signal, value, low, high, is_measured, is_shill, role,
        shill_kind (NULL for the innocent), seed, and for each money group whether it bought of that kind.
    """
    with tempfile.TemporaryDirectory(prefix="vouch-weights-") as folder:
        home = Home(Path(folder))
        world = make(seed, n_accounts)
        data = write_world(world, home.root / "data")
        day = datetime.now(UTC).date().isoformat()
        job = build_defs(home).resolve_job_def(NETWORK_JOB)
        with home_instance(home) as instance:
            job.execute_in_process(
                run_config={
                    **network_config(Source(data_dir=str(data))),
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                instance=instance,
                partition_key=day,
                asset_selection=[
                    key
                    for key in job.asset_layer.selected_asset_keys
                    if key.to_user_string() not in AFTER_SIGNALS
                ],
            )
        lake = Lake(home.lake)
        signals = pl.concat([pl.read_parquet(lake.shill(day) / f"{name}.parquet") for name in SIGNALS])
        accounts = pl.read_parquet(lake.graph(day) / "accounts.parquet", columns=["node", "account_id"])
        followers = pl.read_parquet(lake.graph(day) / "follower_counts.parquet")
        eligible = (
            accounts.join(followers, on="node")
            .join(world.truth, on="account_id")
            .filter((pl.col("followers") >= MIN_FOLLOWERS) & ~pl.col("role").is_in(CROWD))
        )
        truth = eligible.select("node", "account_id", "is_shill", "role", "shill_kind", *bought_money())
        return (
            signals.join(truth, on="node")
            .with_columns(
                counted_value("value"),
                counted_value("low"),
                is_measured=pl.col("state") == MEASURED,
                account_id=pl.format("{}:{}", pl.lit(seed), "account_id"),
                seed=pl.lit(seed),
            )
            .sort("signal", "account_id")
        )


def bought_money() -> list[pl.Expr]:
    """For each money group, and for sharing in step, whether an account of the truth table bought it."""
    kind, note = pl.col("shill_kind").fill_null(""), pl.col("note").fill_null("")
    return [
        (pl.col("is_shill") & note.str.contains("customer of farm")).alias("bought_followers"),
        (pl.col("is_shill") & note.str.contains("pod ")).alias("bought_engagement"),
        (pl.col("is_shill") & note.str.contains("ring ")).alias("shared_in_step"),
        kind.is_in(["hidden_ads", "copied_text", "mixed"]).alias("bought_words"),
    ]


def bought_by(signal: str) -> str:
    """The column that says who bought what a signal is made to see: its money group, but for one.

    Pods trade engagement and share nothing in step; rings share in step and trade no engagement.
    """
    return "shared_in_step" if signal == COORDINATED_SHARING else MONEY_GROUP_OF[signal]


def several_worlds(
    worlds: Sequence[tuple[int, int]],
    keep: Path | None = None,
    make: Callable[[int, int], World] = generate_world,
    name: str = "world",
) -> pl.DataFrame:
    """Signals and truth of several generated worlds, given as (seed, accounts), one under the other.

    Args:
        worlds: Which.
        keep: Folder for finished worlds, which are not made again; None keeps nothing.
        make: Makes a world; must be importable, because worlds are measured in processes of their own.
        name: Of the files in `keep`.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        return pl.concat(pool.map(partial(_kept_world, keep, make, name), worlds))


def _kept_world(
    keep: Path | None, make: Callable[[int, int], World], name: str, world: tuple[int, int]
) -> pl.DataFrame:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    if keep is None:
        return measured_world(*world, make)
    path = keep / f"{name}-{world[0]}-{world[1]}.parquet"
    if not path.exists():
        found = measured_world(*world, make)
        keep.mkdir(parents=True, exist_ok=True)
        with written_aside(path) as partial_file:
            found.write_parquet(partial_file)
    return pl.read_parquet(path)


def learned_table(worlds: pl.DataFrame, version: str, how: str) -> EvidenceWeights:
    """The table of weights that worlds teach."""
    values, measured, truth = arrays(worlds)
    return learn_weights(
        values,
        measured,
        truth["is_shill"].to_numpy(),
        MONEY_GROUP_OF,
        bought={name: truth[bought_by(name)].to_numpy() for name in SIGNALS},
        bins=BINS,
        version=version,
        how=how,
    )


def judged(worlds: pl.DataFrame, table: EvidenceWeights) -> Judgement:
    """How well a table does on worlds, at the share of shills that they have."""
    values, measured, truth = arrays(worlds)
    is_shill = truth["is_shill"].to_numpy()
    return judged_probability(
        join_evidence(values, measured, table, prior=float(is_shill.mean())).probability, is_shill
    )


def judged_probability(probability: np.ndarray, is_shill: np.ndarray) -> Judgement:
    """How well probabilities do, float64[n] and bool[n] with both kinds."""
    order = np.argsort(-probability, kind="stable")
    return Judgement(
        accounts=is_shill.size,
        shills=int(is_shill.sum()),
        auc=area_under_curve(probability, is_shill),
        brier=brier(probability, is_shill),
        calibration_error=calibration_error(probability, is_shill),
        precision_at_100=float(is_shill[order[:100]].mean()),
        precision_at_200=float(is_shill[order[:200]].mean()),
    )


def arrays(worlds: pl.DataFrame) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], pl.DataFrame]:
    """Values and whether they were measured, by signal, and the truth, one row per account in one order."""
    frames = {name: worlds.filter(pl.col("signal") == name).sort("account_id") for name in SIGNALS}
    values = {name: frame["value"].to_numpy() for name, frame in frames.items()}
    measured = {name: frame["is_measured"].to_numpy() for name, frame in frames.items()}
    truth = frames[SIGNALS[0]].select(
        "account_id", "seed", "is_shill", "role", "shill_kind", "shared_in_step", *MONEY_GROUPS
    )
    return values, measured, truth


def lower_bounds(worlds: pl.DataFrame) -> dict[str, np.ndarray]:
    """The lower bound of every value as it counts, by signal, in the order of `arrays`."""
    return {name: worlds.filter(signal=name).sort("account_id")["low"].to_numpy() for name in SIGNALS}


def area_under_curve(probability: np.ndarray, is_shill: np.ndarray) -> float:
    """Area under the ROC curve by the rank sum (Mann and Whitney 1947); ties count half."""
    n_shills = int(is_shill.sum())
    n_others = is_shill.size - n_shills
    rank_sum = float(rankdata(probability)[is_shill].sum())
    return (rank_sum - n_shills * (n_shills + 1) / 2) / (n_shills * n_others)
