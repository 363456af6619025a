"""Learning the weights of evidence from worlds in which the truth is planted, and judging them on others.

Accounts that a brand could meet as candidates stand on both sides: enough followers to be looked at, and no
part of the planted crowd of fake and dormant followers. The worlds that judge are never those that taught.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import rankdata

from assets.shill.signals import MEASURED, MONEY_GROUP_OF, SIGNALS
from graph.weights_of_evidence import EvidenceWeights, join_evidence, learn_weights
from pipelines.definitions import build_defs
from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.jobs import NETWORK_JOB
from pipelines.lake import Lake
from pipelines.requests import Source, network_config

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_FOLLOWERS = 20
CROWD = ("fake_follower", "dormant", "mass_follower")
AFTER_SIGNALS = ("shill_probability", "signal_groups")
CALIBRATION_BINS = 10
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
        precision_at_100: Shills among the 100 highest probabilities, as a share.
    """

    accounts: int
    shills: int
    auc: float
    brier: float
    calibration_error: float
    precision_at_100: float


def measured_world(seed: int, n_accounts: int) -> pl.DataFrame:
    """Signals and truth of one generated world.

    Returns:
        One row per account and signal: account_id, signal, value, low, high, is_measured, is_shill.
    """
    with tempfile.TemporaryDirectory(prefix="vouch-weights-") as folder:
        home = Home(Path(folder))
        world = generate_world(seed, n_accounts)
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
        return (
            signals.join(eligible.select("node", "account_id", "is_shill"), on="node")
            .with_columns(
                is_measured=pl.col("state") == MEASURED,
                account_id=pl.format("{}:{}", pl.lit(seed), "account_id"),
            )
            .sort("signal", "account_id")
        )


def learned_table(worlds: pl.DataFrame, version: str, how: str) -> EvidenceWeights:
    """The table of weights that worlds teach."""
    values, measured, is_shill = _arrays(worlds)
    return learn_weights(values, measured, is_shill, MONEY_GROUP_OF, bins=BINS, version=version, how=how)


def judged(worlds: pl.DataFrame, table: EvidenceWeights) -> Judgement:
    """How well a table does on worlds, at the share of shills that they have."""
    values, measured, is_shill = _arrays(worlds)
    joined = join_evidence(values, measured, table, prior=float(is_shill.mean()))
    probability = joined.probability
    order = np.argsort(-probability, kind="stable")
    return Judgement(
        accounts=is_shill.size,
        shills=int(is_shill.sum()),
        auc=_auc(probability, is_shill),
        brier=float(np.mean((probability - is_shill) ** 2)),
        calibration_error=_calibration_error(probability, is_shill),
        precision_at_100=float(is_shill[order[:100]].mean()),
    )


def _by_signal(worlds: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {name: worlds.filter(pl.col("signal") == name).sort("account_id") for name in SIGNALS}


def _arrays(worlds: pl.DataFrame) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    frames = _by_signal(worlds)
    values = {name: frame["value"].to_numpy() for name, frame in frames.items()}
    measured = {name: frame["is_measured"].to_numpy() for name, frame in frames.items()}
    return values, measured, frames[SIGNALS[0]]["is_shill"].to_numpy()


def _auc(probability: np.ndarray, is_shill: np.ndarray) -> float:
    """Area under the ROC curve by the rank sum (Mann and Whitney 1947); ties count half."""
    n_shills = int(is_shill.sum())
    n_others = is_shill.size - n_shills
    rank_sum = float(rankdata(probability)[is_shill].sum())
    return (rank_sum - n_shills * (n_shills + 1) / 2) / (n_shills * n_others)


def _calibration_error(probability: np.ndarray, is_shill: np.ndarray) -> float:
    bins = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    errors = [
        abs(probability[bins == place].sum() - is_shill[bins == place].sum()) for place in np.unique(bins)
    ]
    return float(sum(errors) / is_shill.size)


def several_worlds(worlds: Sequence[tuple[int, int]]) -> pl.DataFrame:
    """Signals and truth of several generated worlds, given as (seed, accounts), one under the other."""
    return pl.concat([measured_world(seed, n_accounts) for seed, n_accounts in worlds])
