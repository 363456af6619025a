"""Lines of evidence: for every candidate, each reason with its figures and one plain sentence.

Only the assembly is here; figures come from the ranking and the signals, wording from `assets.sentences`.
A line is `for` a candidate or `against` it; a signal that could not be measured gives a line without a value
that counts for neither side, so that a reader sees what is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from assets import sentences
from assets.shill import (
    BRAND_HOPPING,
    ENGAGEMENT_PODS,
    NOT_ENOUGH_DATA,
    SIGNALS,
    SUSPICIOUS_FOLLOWERS,
    UNDISCLOSED_PROMOTION,
)

FOR, AGAINST, NEUTRAL, UNKNOWN = "for", "against", "neutral", "unknown"
TRUST, SHILL = "trust", "shill"

SCHEMA = {
    "run_id": pl.String,
    "audience": pl.String,
    "account_id": pl.String,
    "handle": pl.String,
    "signal": pl.String,
    "side": pl.String,
    "direction": pl.String,
    "value": pl.Float64,
    "typical_value": pl.Float64,
    "threshold": pl.Float64,
    "weight": pl.Float64,
    "sentence": pl.String,
    "example_ids": pl.List(pl.String),
}

HOLDS_FROM = 0.9  # a cleaned reach of this share of the raw one still counts as the same reach

WELL_ABOVE = 1.5  # times the typical value

Row = dict[str, Any]
Figures = tuple[float | None, float | None, float | None, float | None]  # value, typical, threshold, weight


def evidence_rows(
    ranked: pl.DataFrame, signals: pl.DataFrame, examples: pl.DataFrame, basis: str
) -> pl.DataFrame:
    """Evidence of every ranked candidate.

    Args:
        ranked: One row per candidate, as `partner_ranking` writes it.
        signals: One row per candidate and shill signal: node, signal, value, low, high, n, state, flagged,
            threshold, contribution, count, extra.
        examples: One row per candidate with example post ids: node, undisclosed_ids, disclosed_ids.
        basis: `follows`, or `interactions` where no follows were delivered.

    Returns:
        Rows of the published table `evidence`, in the order of the ranking.
    """
    tiered = _with_typical_values(ranked)
    by_node: dict[int, list[Row]] = {}
    for row in _with_typical_signals(signals, ranked).iter_rows(named=True):
        by_node.setdefault(row["node"], []).append(row)
    posts = {row["node"]: row for row in examples.iter_rows(named=True)}
    lines = [
        {"run_id": row["run_id"], "audience": row["audience"], "account_id": row["account_id"]}
        | {"handle": row["handle"]}
        | line
        for row in tiered.iter_rows(named=True)
        for line in _lines_of(row, by_node.get(row["node"], []), posts.get(row["node"], {}), basis)
    ]
    return pl.DataFrame(lines, schema=SCHEMA)


def _lines_of(row: Row, signals: Sequence[Row], posts: Row, basis: str) -> Iterator[Row]:
    yield _affinity(row, basis)
    if row["reach_share_cleaned"] is not None:
        yield _cleaned_reach(row)
    yield _endorsement(row)
    if row["word_of_mouth_voices"] is not None:
        yield _word_of_mouth(row)
    measured = [signal for signal in signals if signal["state"] != NOT_ENOUGH_DATA]
    for signal in measured:
        yield _shill_line(signal, row, posts)
    missing = [name for name in SIGNALS if name not in {signal["signal"] for signal in measured}]
    if missing:
        yield _line(
            NOT_ENOUGH_DATA,
            SHILL,
            UNKNOWN,
            sentences.not_measured(missing),
        )


def _affinity(row: Row, basis: str) -> Row:
    share = (row["reach_share"], row["reach_share_low"], row["reach_share_high"])
    lift = _nan(row["lift"]), _nan(row["lift_low"]), _nan(row["lift_high"])
    text = sentences.affinity(_name(row), basis, row["audience_followers"], row["audience_size"], share, lift)
    speaks_for = lift[1] > 1
    direction = FOR if speaks_for else AGAINST if lift[2] <= 1 else NEUTRAL
    return _line(
        "affinity", TRUST, direction, text, (row["lift"], row["typical_lift"], 1.0, row["affinity_part"])
    )


def _cleaned_reach(row: Row) -> Row:
    raw, cleaned = row["reach_share"], row["reach_share_cleaned"]
    holds = cleaned >= HOLDS_FROM * raw
    return _line(
        "cleaned_reach",
        TRUST,
        FOR if holds else AGAINST,
        sentences.cleaned_reach(raw, cleaned, holds=holds),
        (cleaned, raw, HOLDS_FROM * raw, None),
    )


def _endorsement(row: Row) -> Row:
    text = sentences.endorsement(
        _name(row), row["endorsement_share"], row["typical_endorsement"], row["size_tier"]
    )
    typical = row["typical_endorsement"]
    share = row["endorsement_share"]
    direction = FOR if share > 0 and (typical is None or share >= typical) else AGAINST
    return _line(
        "endorsement",
        TRUST,
        direction,
        text,
        (row["endorsement_share"], typical, None, row["endorsement_part"]),
    )


def _word_of_mouth(row: Row) -> Row:
    voices, typical = row["word_of_mouth_voices"], row["typical_voices"]
    text = sentences.word_of_mouth(_name(row), voices, row["word_of_mouth_weeks"], typical, row["size_tier"])
    direction = FOR if voices > 0 and (typical is None or voices >= typical) else AGAINST
    return _line(
        "word_of_mouth", TRUST, direction, text, (float(voices), typical, None, row["word_of_mouth_part"])
    )


def _shill_line(signal: Row, row: Row, posts: Mapping[str, Any]) -> Row:
    name, contribution = signal["signal"], signal["contribution"] or 0.0
    typical, tier = signal["typical_value"], row["size_tier"]
    examples: Sequence[str] = ()
    if name == SUSPICIOUS_FOLLOWERS:
        share = (signal["value"], signal["low"], signal["high"])
        text = sentences.suspicious_followers(share, int(signal["n"]), typical, tier)
    elif name == ENGAGEMENT_PODS:
        text = sentences.engagement_pods(signal["value"], signal["threshold"], int(signal["count"]))
    elif name == UNDISCLOSED_PROMOTION:
        expected = signal["value"] * signal["n"]
        text = sentences.undisclosed_promotion(
            int(signal["n"]), int(signal["count"]), int(signal["hints"]), expected
        )
        examples = posts.get("undisclosed_ids") or ()
    elif name == BRAND_HOPPING:
        text = sentences.brand_hopping(int(signal["value"]), typical)
        examples = posts.get("undisclosed_ids") or ()
    else:
        msg = f"no wording for the signal {name!r}; add it to assets.sentences"
        raise ValueError(msg)
    direction = AGAINST if contribution > 0 else FOR if contribution < 0 else NEUTRAL
    if direction == FOR and _stands_out(signal):
        # Unusual in this network, yet commoner among the innocent of the worlds that taught the weights.
        direction = NEUTRAL
    return _line(
        name, SHILL, direction, text, (signal["value"], typical, signal["threshold"], contribution), examples
    )


def _line(
    signal: str,
    side: str,
    direction: str,
    sentence: str,
    figures: Figures = (None, None, None, None),
    example_ids: Sequence[str] = (),
) -> Row:
    value, typical_value, threshold, weight = figures
    return {
        "signal": signal,
        "side": side,
        "direction": direction,
        "value": value,
        "typical_value": typical_value,
        "threshold": threshold,
        "weight": weight,
        "sentence": sentence,
        "example_ids": list(example_ids),
    }


def _with_typical_values(ranked: pl.DataFrame) -> pl.DataFrame:
    """What is usual among the candidates of the same size tier; NULL where there are fewer than five."""
    share = pl.col("endorsement") / pl.col("endorsement").max()
    enough = pl.len().over("size_tier") >= 5
    return ranked.with_columns(endorsement_share=share.fill_nan(0.0)).with_columns(
        typical_endorsement=pl.when(enough).then(pl.col("endorsement_share").median().over("size_tier")),
        typical_voices=pl.when(enough).then(
            pl.col("word_of_mouth_voices").cast(pl.Float64).median().over("size_tier")
        ),
        typical_lift=pl.when(enough).then(pl.col("lift").median().over("size_tier")),
    )


def _with_typical_signals(signals: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    tiers = ranked.select("node", "size_tier")
    group = ["signal", "size_tier"]
    measured = pl.col("value").filter(pl.col("state") != NOT_ENOUGH_DATA)
    return signals.join(tiers, on="node", how="inner", maintain_order="left").with_columns(
        typical_value=pl.when(measured.len().over(group) >= 5).then(measured.median().over(group))
    )


def _stands_out(signal: Row) -> bool:
    """Whether a value is above the signal's own threshold, or well above what is typical here."""
    value, threshold, typical = signal["value"], signal["threshold"], signal["typical_value"]
    above = threshold is not None and value > threshold
    return above or (typical is not None and value > WELL_ABOVE * typical and value > 0)


def _name(row: Row) -> str:
    """What to call an account: its handle, or the name it shows where the data have no handle."""
    if row["handle"] != row["account_id"]:
        return f"@{row['handle']}"
    return row["display_name"] or row["account_id"]


def _nan(value: float | None) -> float:
    return float("nan") if value is None else float(value)
