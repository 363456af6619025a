"""The signals joined: a probability with its interval that a person can check line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.display import rows_table, share_of, table_metadata, with_handles
from assets.plots import histogram, share_bars
from assets.ports import Lake, ReferenceTables
from assets.shill.brands import brand_history
from assets.shill.coordination import coordinated_sharing
from assets.shill.copies import copied_text
from assets.shill.followers import follower_quality
from assets.shill.growth import growth_bursts
from assets.shill.lockstep import lockstep_followers
from assets.shill.neighbourhood import shill_neighbourhood
from assets.shill.pods import engagement_pods
from assets.shill.reviews import SHILL, reviews
from assets.shill.signals import MEASURED, MONEY_GROUP_OF, SIGNALS, counted_value
from assets.shill.sponsorship import sponsorship
from assets.stages import SHILL_STAGE
from graph.partners.status import logit
from graph.shill.recalibration import PLATT, Recalibration, learn_recalibration
from graph.shill.weights_of_evidence import FIRES_FROM, EvidenceWeights, ShillProbability, join_evidence

ACCOUNTS_AT_ONCE = 1_000_000
"""Accounts whose signals are joined at once: a gigabyte and a half."""

CALIBRATION_SCHEMA = {
    "method": pl.String,
    "why_not": pl.String,
    "labels": pl.Int64,
    "shills": pl.Int64,
    "slope": pl.Float64,
    "brier_before": pl.Float64,
    "brier_after": pl.Float64,
    "calibration_error_before": pl.Float64,
    "calibration_error_after": pl.Float64,
}


@SHILL_STAGE.asset(
    deps=[
        follower_quality,
        growth_bursts,
        lockstep_followers,
        shill_neighbourhood,
        engagement_pods,
        coordinated_sharing,
        sponsorship,
        brand_history,
        copied_text,
        reviews,
    ],
    kinds={"numpy"},
    check_specs=[
        dg.AssetCheckSpec(
            "probabilities_hold_together",
            asset="shill_probability",
            blocking=True,
            description="Every probability lies in [0, 1] and inside its interval.",
        )
    ],
)
def shill_probability(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """The signals joined by weights of evidence: a probability with its interval, and each signal's share."""
    day = context.partition_key
    folder = lake.shill(day)
    weights = EvidenceWeights.from_rows(reference.evidence_weights())
    counted = _Counted(weights, {name: folder / f"{name}.parquet" for name in SIGNALS})
    lake.write_frames(folder / "signals_by_node.parquet", counted.by_node())
    joined = counted.joined()
    learned = _recalibration(joined, pl.read_parquet(folder / "reviews.parquet"))
    low, high = learned.bounds(joined.low, joined.high)
    frame = pl.DataFrame(
        {
            "node": np.arange(counted.n_accounts, dtype=np.uint32),
            "probability": learned.of(joined.probability),
            "low": low,
            "high": high,
            "measured": joined.probability,
            "n_signals": joined.n_signals,
            "n_kinds": counted.kinds(),
        }
    )
    out = folder / "shill_probability.parquet"
    lake.write_frame(out, frame)
    version = _version(weights, learned)
    lake.write_json(folder / "evidence_weights.json", {"version": version})
    calibration = _calibration_row(learned)
    lake.write_frame(folder / "calibration.parquet", calibration)
    broken = frame.filter(
        ~pl.col("probability").is_between(0, 1)
        | (pl.col("low") > pl.col("probability"))
        | (pl.col("high") < pl.col("probability"))
    )
    highest = frame.filter(pl.col("n_signals") > 0).sort("low", "node", descending=[True, False]).head(15)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "accounts with a measured signal": int((joined.n_signals > 0).sum()),
            "share with a measured signal": share_of(pl.Series(joined.n_signals > 0)),
            "coverage of the signals": share_bars(
                {name: found / max(counted.n_accounts, 1) for name, found in counted.measured.items()},
                "of the accounts, enough data for",
            ),
            "probabilities": histogram(
                frame.filter(pl.col("n_signals") > 0)["probability"].to_numpy(),
                "probability that influence is bought",
                span=(0.0, 1.0),
            ),
            "most unusual": rows_table(with_handles(highest, lake, day)),
            "weights version": version,
            "recalibration on labels": rows_table(calibration),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="probabilities_hold_together",
                passed=broken.is_empty(),
                metadata={"rows that break the rule": rows_table(with_handles(broken.head(20), lake, day))},
            )
        ],
    )


class _Counted:
    """The signals joined, so many accounts at once that memory does not grow with the network.

    Args:
        weights: What each signal says.
        files: By signal, its rows in the order of the node.

    Attributes:
        n_accounts: Of the network.
        measured: By signal, of how many accounts it is known.
    """

    def __init__(self, weights: EvidenceWeights, files: Mapping[str, Path]) -> None:
        self._weights = weights
        self._rows = {name: pl.scan_parquet(file) for name, file in files.items()}
        self._parts: list[ShillProbability] = []
        self._kinds: list[pl.Series] = []
        self.n_accounts = int(self._rows[SIGNALS[0]].select(pl.len()).collect().item())
        self.measured = dict.fromkeys(SIGNALS, 0)

    def by_node(self) -> Iterator[pl.DataFrame]:
        """Every signal of every account with what it says, in pieces; all else is known after the last."""
        for start in range(0, max(self.n_accounts, 1), ACCOUNTS_AT_ONCE):
            signals = {
                name: rows.slice(start, ACCOUNTS_AT_ONCE).collect() for name, rows in self._rows.items()
            }
            joined = join_evidence(
                {name: _counted(frame, "value") for name, frame in signals.items()},
                {name: (frame["state"] == MEASURED).to_numpy() for name, frame in signals.items()},
                self._weights,
                at_least={name: _counted(frame, "low") for name, frame in signals.items()},
            )
            for name, frame in signals.items():
                self.measured[name] += frame.filter(state=MEASURED).height
            self._parts.append(replace(joined, contributions={}, own_weights={}))
            self._kinds.append(kinds_looked_at(signals, self._weights))
            yield pl.concat(
                [
                    signals[name].with_columns(
                        contribution=pl.Series(joined.contributions[name]),
                        flagged=pl.Series(joined.own_weights[name] >= FIRES_FROM),
                    )
                    for name in SIGNALS
                ]
            )

    def joined(self) -> ShillProbability:
        """What the signals add up to, of all accounts."""
        names = ("probability", "low", "high", "n_signals")
        whole = {name: np.concatenate([getattr(part, name) for part in self._parts]) for name in names}
        return ShillProbability(**whole, contributions={}, own_weights={})

    def kinds(self) -> pl.Series:
        """How many kinds of bought influence could be looked at, of all accounts."""
        return pl.concat(self._kinds)


def _counted(signal: pl.DataFrame, column: str) -> np.ndarray:
    """The value of a signal, or its lower bound, as it counts, float64[n]."""
    return signal.select(counted_value(column))[column].to_numpy()


def _recalibration(joined: ShillProbability, reviews: pl.DataFrame) -> Recalibration:
    """What the reviews that stand teach about the probability of accounts that were measured."""
    measured = joined.n_signals > 0
    log_odds = logit(joined.probability)
    labels = reviews.filter(pl.col("is_current") & pl.col("node").is_not_null()).sort("node")
    nodes = labels["node"].to_numpy()
    known = measured[nodes]
    is_shill = (labels["label"] == SHILL).to_numpy()
    return learn_recalibration(log_odds[nodes[known]], is_shill[known], log_odds[measured])


def _version(weights: EvidenceWeights, learned: Recalibration) -> str:
    """The table of weights, and what was made of it: labels change a ranking as a new table does."""
    if not learned.is_used:
        return weights.version
    return f"{weights.version} recalibrated on {learned.n_labels} labels"


def _calibration_row(learned: Recalibration) -> pl.DataFrame:
    """The row of the published table `calibration`."""
    return pl.DataFrame(
        {
            "method": learned.method,
            "why_not": learned.why_not or None,
            "labels": learned.n_labels,
            "shills": learned.n_shills,
            "slope": learned.slope if learned.method == PLATT else None,
            "brier_before": learned.brier_before,
            "brier_after": learned.brier_after,
            "calibration_error_before": learned.error_before,
            "calibration_error_after": learned.error_after,
        },
        schema=CALIBRATION_SCHEMA,
    )


def kinds_looked_at(signals: Mapping[str, pl.DataFrame], weights: EvidenceWeights) -> pl.Series:
    """How many kinds of bought influence (followers, engagement, words) could be looked at, per account.

    A signal that has no weight yet, or the same whatever its value, is shown and counts for nobody: having
    measured it is not having looked.
    """
    weighed = {each.signal for each in weights.signals if each.weight[0] < each.weight[-1]}
    measured = pl.DataFrame({name: frame["state"] == MEASURED for name, frame in signals.items()})
    kinds = [
        pl.any_horizontal(
            pl.lit(value=False),
            *(pl.col(name) for name, group in MONEY_GROUP_OF.items() if group == kind and name in weighed),
        ).alias(kind)
        for kind in dict.fromkeys(MONEY_GROUP_OF.values())
    ]
    return measured.select(kinds).select(pl.sum_horizontal(pl.all().cast(pl.Int64))).to_series()
