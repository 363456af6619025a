"""Stage 5, partners: where each candidate is heading over the kept runs and the present one.

No asset of its own: a ranking carries its momentum, so `partner_ranking` calls this before it writes.
Momentum is read from what earlier runs left and is never part of the score.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from assets.columns import floats
from assets.kept_runs import KeptRun, difference
from graph.statistics.intervals import normal_quantile
from graph.trust.momentum import Momentum, MomentumSettings, count_momentum, momentum

LEVEL = {"trust": 0.90, "answer_rate": 0.90}
"""The confidence level of the intervals that a ranking carries."""

QUANTITIES = ("reach_share_cleaned", "trust", "answer_rate", "word_of_mouth_share", "listening_to_sharing")
"""What is looked at, in the order of the table."""

MOST_RUNS = 40
"""Runs that are read, at most; a nightly run would otherwise have to open hundreds of files."""

HALF_LIVES = 5
"""How many half-lives back runs are read; older ones would weigh less than 1/32."""

_KEY = ("account_id", "handle")
_READ = (
    "account_id", "audience_followers_cleaned", "reach_share_cleaned", "trust", "trust_low", "trust_high",
    "answer_rate", "answer_rate_low", "answer_rate_high", "word_of_mouth_voices_cleaned",
    "audience_listeners_cleaned",
)  # fmt: skip


def comparable_runs(
    earlier: Sequence[KeptRun], basis: dict, as_of: date, half_life_days: float
) -> tuple[list[KeptRun], dict[str, int]]:
    """The runs that may stand beside the present one, oldest first, and how many were left out for what.

    Of several runs of one day the newest counts, and the present run stands for its own day. Where there are
    more than `MOST_RUNS`, they are thinned evenly in time.
    """
    oldest = HALF_LIVES * half_life_days
    left_out: Counter[str] = Counter()
    by_day = {}
    for run in earlier:
        age = (as_of - run.as_of).days
        reason = difference(run.basis, basis)
        if reason:
            left_out[f"other {reason.replace('_', ' ')}"] += 1
        elif age > oldest:
            left_out["too long ago"] += 1
        elif age == 0 or run.as_of in by_day:
            left_out["repeated on the same day"] += 1
        if not reason and 0 < age <= oldest:
            by_day[run.as_of] = run
    runs = [by_day[day] for day in sorted(by_day)]
    if len(runs) > MOST_RUNS:
        left_out["thinned"] = len(runs) - MOST_RUNS
        runs = [runs[place] for place in np.linspace(0, len(runs) - 1, MOST_RUNS).round().astype(int)]
    return runs, dict(left_out)


def momentum_rows(
    ranked: pl.DataFrame, runs: Sequence[KeptRun], as_of: date, settings: MomentumSettings
) -> pl.DataFrame:
    """One row per candidate and quantity, in the order of the candidates; columns of the published table.

    Args:
        ranked: The candidates of the present run.
        runs: Earlier runs that may be compared with it.
        as_of: The present run's day.
        settings: Half-life and bars.
    """
    frames = [_read(run) for run in runs] + [ranked]
    sizes = [float(run.record["audience_size_cleaned"]) for run in runs]
    own = floats(ranked["audience_followers_cleaned"]) / floats(ranked["reach_share_cleaned"])
    days = np.array([run.as_of.toordinal() for run in runs] + [as_of.toordinal()], dtype=np.float64)
    aligned = [
        ranked.select("account_id").join(frame, on="account_id", how="left", maintain_order="left")
        for frame in frames
    ]
    # Members' weight behind the shares: the present run is not recorded yet, and every share tells it.
    sizes.append(float(np.nanmedian(own)) if np.isfinite(own).any() else np.nan)
    tables = []
    for quantity, found in _courses(aligned, days, sizes, settings).items():
        tables.append(
            ranked.select(*_KEY).with_columns(
                quantity=pl.lit(quantity),
                runs=pl.Series(found.runs.astype(np.int32)),
                first_as_of=_dates(found.first_day),
                last_as_of=_dates(found.last_day),
                change_per_30_days=_numbers(found.change),
                change_low=_numbers(found.change_low),
                change_high=_numbers(found.change_high),
                z=_numbers(found.z),
                direction=pl.Series(found.direction.astype(str)),
                decayed_mean=_numbers(found.decayed_mean),
            )
        )
    return pl.concat(tables)


def of_trust(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns that a ranking shows of the momentum of trust, one row per candidate in their order."""
    return rows.filter(pl.col("quantity") == "trust").select(
        momentum="direction", momentum_change="change_per_30_days", momentum_runs="runs"
    )


def _courses(
    frames: Sequence[pl.DataFrame], days: np.ndarray, sizes: Sequence[float], settings: MomentumSettings
) -> dict[str, Momentum]:
    """The course of every quantity: counts that accumulate by what was gained, the others by their errors."""
    column = {name: np.column_stack([_column(frame, name) for frame in frames]) for name in _READ[1:]}
    share, followers = column["reach_share_cleaned"], column["audience_followers_cleaned"]
    # A member has no share of itself: out of how many differs a little between candidates.
    others = np.divide(followers, share, out=np.tile(sizes, (len(share), 1)), where=share > 0)
    voices = column["word_of_mouth_voices_cleaned"]
    found = {
        "reach_share_cleaned": count_momentum(days, followers, others, settings),
        "word_of_mouth_share": count_momentum(days, voices, sizes, settings),
        "listening_to_sharing": count_momentum(days, voices, column["audience_listeners_cleaned"], settings),
    }
    for name, level in LEVEL.items():
        width = column[f"{name}_high"] - column[f"{name}_low"]
        found[name] = momentum(days, column[name], width / (2 * normal_quantile(level)), settings)
    return {name: found[name] for name in QUANTITIES}


def _read(run: KeptRun) -> pl.DataFrame:
    """What momentum looks at in a kept ranking; runs of an earlier Vouch lack some columns."""
    ranking = pl.scan_parquet(run.folder / "ranking.parquet")
    there = ranking.collect_schema().names()
    return ranking.select([name for name in _READ if name in there]).collect()


def _column(frame: pl.DataFrame, name: str) -> np.ndarray:
    return floats(frame[name]) if name in frame.columns else np.full(frame.height, np.nan)


def _numbers(values: np.ndarray) -> pl.Series:
    return pl.Series(values).fill_nan(None)


def _dates(days: np.ndarray) -> pl.Series:
    """Day numbers of `date.toordinal` as dates, NULL where unknown."""
    epoch = date(1970, 1, 1).toordinal()
    return (pl.Series(days - epoch, dtype=pl.Float64)).fill_nan(None).cast(pl.Int32).cast(pl.Date)
