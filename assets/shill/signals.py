"""What all signals share: their register, the shape of their rows, and what Dagster shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.display import rows_table, share_of, table_metadata, with_handles
from assets.plots import histogram
from assets.ports import Lake

MEASURED, NOT_ENOUGH_DATA = "measured", "not_enough_data"

SUSPICIOUS_FOLLOWERS = "suspicious_followers"
LOCKSTEP_FOLLOWERS = "lockstep_followers"
SHILL_NEIGHBOURHOOD = "shill_neighbourhood"
GROWTH_BURSTS = "growth_bursts"
ENGAGEMENT_PODS = "engagement_pods"
COORDINATED_SHARING = "coordinated_sharing"
UNDISCLOSED_PROMOTION = "undisclosed_promotion"
BRAND_HOPPING = "brand_hopping"
COPIED_TEXT = "copied_text"


@dataclass(frozen=True)
class Signal:
    """One signal of bought influence; higher values are always more suspicious.

    Attributes:
        name: As it is published.
        money_group: The money that it follows; within a group the strongest signal counts.
        why_not: Why it could not be measured, as the end of a sentence; a row that was not measured may give
            its own reason in `detail`.
        measures: What a value is, with its unit.
        kernels: The modules of `graph`, with their rooms, whose docstrings hold the formula and its sources.
    """

    name: str
    money_group: str
    why_not: str
    measures: str
    kernels: tuple[str, ...]


REGISTRY = (
    Signal(
        SUSPICIOUS_FOLLOWERS,
        "bought_followers",
        "too few of its followers have a profile in the data",
        "Estimated share of the followers with a profile in the data that look purchased, 0 to 1.",
        ("shill/follower_quality", "shill/profile_model", "shill/profiles"),
    ),
    Signal(
        LOCKSTEP_FOLLOWERS,
        "bought_followers",
        "too few of its followers in the data",
        "Estimated share of the followers that belong to groups which follow the same accounts as if sent, "
        "0 to 1.",
        ("lockstep/search", "lockstep/blocks", "lockstep/block_model", "lockstep/seeds", "lockstep/times"),
    ),
    Signal(
        SHILL_NEIGHBOURHOOD,
        "bought_followers",
        "no accounts labelled as shills",
        "How many times as often as chance its follows lead to accounts labelled as shills; a single label "
        "adds at most 1.",
        ("shill/anti_trust",),
    ),
    Signal(
        GROWTH_BURSTS,
        "bought_followers",
        "too few follow times or follower counts over time in the data",
        "Share of the followers that came in bursts without a harmless cause, each burst weighed with the "
        "probability that it was arranged, 0 to 1.",
        ("growth/bursts", "growth/counts", "growth/follow_order", "growth/causes", "growth/classes"),
    ),
    Signal(
        ENGAGEMENT_PODS,
        "bought_engagement",
        "too few likes and answers on its posts in the data",
        "Sum over partners of the mutual engagement rate beyond what activity and friendship explain.",
        ("together/pods", "together/pod_causes"),
    ),
    Signal(
        COORDINATED_SHARING,
        "bought_engagement",
        "too few posts, links or rare tags that it passed on in the data",
        "Surprise of sharing the same things in step with another account, beyond what the speed of both "
        "explains, nats × weight of the things.",
        ("together/coordination", "together/meetings", "together/meeting_chances", "together/sharing_speeds"),
    ),
    Signal(
        UNDISCLOSED_PROMOTION,
        "bought_words",
        "too few of its posts in the data",
        "Expected share of posts that look paid and do not say so, 0 to 1.",
        (
            "sponsorship/disclosure",
            "sponsorship/disclosure_rollup",
            "sponsorship/commercial_signals",
            "sponsorship/promotional_text",
        ),
    ),
    Signal(
        BRAND_HOPPING,
        "bought_words",
        "no posts of it in the last 90 days that name a known brand",
        "Brands promoted within 90 days without a disclosure, a count.",
        ("sponsorship/brand_history",),
    ),
    Signal(
        COPIED_TEXT,
        "bought_words",
        "too few of its posts in the data",
        "Share of posts that are promotion in the words of other accounts, or one answer pasted again, "
        "0 to 1.",
        ("together/copied_texts", "text/near_duplicates"),
    ),
)
SIGNALS = tuple(signal.name for signal in REGISTRY)
MONEY_GROUP_OF = {signal.name: signal.money_group for signal in REGISTRY}


def signal_rows(
    signal: str,
    value: np.ndarray,
    n: np.ndarray,
    *,
    bounds: tuple[np.ndarray, np.ndarray] | None = None,
    threshold: float | None = None,
    count: np.ndarray | None = None,
    hints: np.ndarray | None = None,
    detail: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    """One row per account for a signal, in the order of the node.

    Args:
        signal: Name of the signal.
        value: float64[accounts], NaN where there was not enough to go on.
        n: What the value rests on, same shape.
        bounds: Lower and upper bound, same shape each; the value itself, if not given.
        threshold: Where the signal becomes unusual, if it has such a point by itself.
        count: A second number that the sentence needs, same shape.
        hints: A third one.
        detail: Words that the sentence needs, such as the id of a group or a day; None where there are none.
    """
    low, high = (value, value) if bounds is None else bounds
    return pl.DataFrame(
        {
            "node": np.arange(len(value), dtype=np.uint32),
            "value": np.asarray(value, dtype=np.float64),
            "low": np.asarray(low, dtype=np.float64),
            "high": np.asarray(high, dtype=np.float64),
            "n": np.asarray(n, dtype=np.float64),
            "count": np.zeros(len(value)) if count is None else np.asarray(count, dtype=np.float64),
            "hints": np.zeros(len(value)) if hints is None else np.asarray(hints, dtype=np.float64),
        }
    ).select(
        "node",
        pl.lit(signal).alias("signal"),
        pl.col("value", "low", "high"),
        "n",
        pl.when(pl.col("value").is_nan())
        .then(pl.lit(NOT_ENOUGH_DATA))
        .otherwise(pl.lit(MEASURED))
        .alias("state"),
        pl.lit(threshold, pl.Float64).alias("threshold"),
        "count",
        "hints",
        pl.Series("detail", [None] * len(value) if detail is None else detail, dtype=pl.String),
    )


def counted_value(column: str) -> pl.Expr:
    """The value, or a bound of it, as it counts towards the probability: 0 up to the threshold, if any.

    Thresholds come from the network itself (what the same signal finds where times or ties are dealt anew),
    weights from generated worlds: what is usual here must not be taken for what was unusual there.
    """
    usual = pl.col(column) <= pl.col("threshold").fill_nan(None)
    return pl.when(usual).then(0.0).otherwise(pl.col(column)).alias(column)


def signal_metadata(
    frame: pl.DataFrame, out: Path, lake: Lake, day: str
) -> dict[str, dg.MetadataValue | int]:
    """What Dagster shows of a signal: its table, how many could be measured, and the highest ten."""
    measured = frame.filter(pl.col("state") == MEASURED)
    highest = measured.sort("value", "node", descending=[True, False]).head(10)
    return {
        **table_metadata(frame, out, preview_rows=0),
        "accounts measured": measured.height,
        "share of accounts measured": share_of(frame["state"] == MEASURED),
        "values": histogram(frame["value"].to_numpy(), "value"),
        "highest": rows_table(with_handles(highest, lake, day)),
    }
