"""The lines of evidence on bought influence, one function per signal.

Signals are kept per network snapshot; here those of the candidates become lines with what is typical of their
like. Wording is in `assets.shill.sentences`.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from assets.columns import floats
from assets.evidence_lines import (
    AGAINST,
    FOR,
    NEUTRAL,
    SHILL,
    Candidates,
    Comparison,
    Examples,
    Figures,
    Lines,
    Missing,
    lines_of,
)
from assets.sentences import number, percent
from assets.shill import sentences as words
from assets.shill.growth_sentences import steady_growth
from assets.shill.growth_sources import SOURCES
from assets.shill.signals import (
    BRAND_HOPPING,
    COORDINATED_SHARING,
    COPIED_TEXT,
    ENGAGEMENT_PODS,
    GROWTH_BURSTS,
    LOCKSTEP_FOLLOWERS,
    NOT_ENOUGH_DATA,
    REGISTRY,
    SHILL_NEIGHBOURHOOD,
    SUSPICIOUS_FOLLOWERS,
    UNDISCLOSED_PROMOTION,
    Signal,
)

WELL_ABOVE = 1.5  # times the typical value

Columns = Mapping[str, np.ndarray]


def shill_lines(
    candidates: Candidates, signals: pl.DataFrame, examples: Mapping[str, Examples]
) -> Sequence[Lines]:
    """The lines of every signal, by its name.

    Args:
        candidates: The ranked candidates.
        signals: One row per candidate and signal: node, signal, value, low, high, n, state, threshold,
            contribution, count, hints, detail.
        examples: Ids of example rows by signal and the candidate's position in the ranking.

    Raises:
        ValueError: Where a signal has no wording.
    """
    unworded = sorted(set(signals["signal"].unique()) - set(_WRITERS))
    if unworded:
        msg = f"no wording for the signals {unworded}; add it to assets.shill.sentences"
        raise ValueError(msg)
    return [
        _lines(candidates, signals.filter(pl.col("signal") == signal.name), signal, examples.get(signal.name))
        for signal in REGISTRY
    ]


def _lines(candidates: Candidates, signals: pl.DataFrame, signal: Signal, examples: Examples | None) -> Lines:
    """The lines of one signal, in the order of the ranking."""
    measured = signals.filter(pl.col("state") != NOT_ENOUGH_DATA)
    ranking = candidates.frame.select("node").with_row_index("row")
    found = ranking.join(measured, on="node", how="left", maintain_order="left")
    figures = {
        name: floats(found[name])
        for name in ("value", "low", "high", "n", "threshold", "contribution", "count", "hints")
    }
    figures["detail"] = (
        found["detail"].to_numpy() if "detail" in found.columns else np.full(found.height, None)
    )
    value = figures["value"]
    rows = np.flatnonzero(~np.isnan(value))
    usual = candidates.compare(value)
    weight = np.nan_to_num(figures["contribution"])
    # Unusual in this network, yet commoner among the innocent of the worlds that taught the weights: a value
    # above the signal's threshold, or well above what is typical here, speaks for nobody.
    stands_out = (value > figures["threshold"]) | ((value > WELL_ABOVE * usual.typical) & (value > 0))
    direction = np.where(weight > 0, AGAINST, np.where((weight < 0) & ~stands_out, FOR, NEUTRAL))
    texts = _WRITERS[signal.name]({name: column[rows] for name, column in figures.items()}, usual, rows)
    is_usual = ((weight > 0) & (value <= usual.typical))[rows]
    texts = [
        f"{text} {words.USUAL_HERE}" if told else text for text, told in zip(texts, is_usual, strict=True)
    ]
    frame = lines_of(
        (SHILL, signal.name),
        rows,
        texts,
        direction[rows],
        Figures(value, usual.typical, figures["threshold"], weight).at(rows),
        examples,
    )
    return Lines(frame, _missing(signal, ranking, signals, np.isnan(value)))


def _missing(
    signal: Signal, ranking: pl.DataFrame, signals: pl.DataFrame, is_missing: np.ndarray
) -> list[Missing]:
    """What was not measured, by the reason that a row gives for itself or else the signal's."""
    name = signal.name.replace("_", " ")
    if "detail" not in signals.columns:
        return [Missing(name, signal.why_not, is_missing)]
    own = signals.filter(pl.col("state") == NOT_ENOUGH_DATA).select("node", "detail")
    reasons = ranking.join(own, on="node", how="left", maintain_order="left")["detail"].fill_null(
        signal.why_not
    )
    told = reasons.filter(pl.Series(is_missing)).unique(maintain_order=True)
    return [Missing(name, why, is_missing & (reasons == why).to_numpy()) for why in told]


def _suspicious_followers(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    ends = usual.ends(percent)
    columns = [figures[name].tolist() for name in ("value", "low", "high", "n", "contribution", "detail")]
    return [
        words.suspicious_followers(
            (value, low, high), int(n), is_unusual=contribution > 0, compared=ends[row], others=others or ""
        )
        for row, value, low, high, n, contribution, others in zip(rows.tolist(), *columns, strict=True)
    ]


def _lockstep_followers(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    del usual, rows
    columns = [figures[name].tolist() for name in ("value", "n", "hints", "count", "detail")]
    return [
        words.lockstep_followers(value, int(n), int(buyers), int(together), group)
        for value, n, buyers, together, group in zip(*columns, strict=True)
    ]


def _shill_neighbourhood(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    del usual, rows
    columns = [figures[name].tolist() for name in ("value", "threshold", "n", "count", "hints")]
    return [
        words.shill_neighbourhood(value, threshold, int(labels), (int(followed), expected))
        for value, threshold, labels, followed, expected in zip(*columns, strict=True)
    ]


def _growth_bursts(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    del usual, rows
    columns = [figures[name].tolist() for name in ("n", "hints", "detail")]
    return [
        detail or steady_growth(int(n), SOURCES[int(source)])
        for n, source, detail in zip(*columns, strict=True)
    ]


def _engagement_pods(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    del usual, rows
    columns = [figures[name].tolist() for name in ("value", "threshold", "count")]
    return [
        words.engagement_pods(value, threshold, int(n)) for value, threshold, n in zip(*columns, strict=True)
    ]


def _coordinated_sharing(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    del usual, rows
    columns = [figures[name].tolist() for name in ("value", "threshold", "n", "count", "hints", "detail")]
    return [
        words.coordinated_sharing(value, threshold, (int(n), int(partners), int(repeats)), group)
        for value, threshold, n, partners, repeats, group in zip(*columns, strict=True)
    ]


def _undisclosed_promotion(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    ends = usual.ends(lambda value: f"{percent(value)} of the posts")
    columns = [figures[name].tolist() for name in ("value", "n", "count", "hints")]
    return [
        words.undisclosed_promotion(int(n), int(disclosed), int(hints), value * n, ends[row])
        for row, value, n, disclosed, hints in zip(rows.tolist(), *columns, strict=True)
    ]


def _brand_hopping(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    ends = usual.ends(number)
    return [
        words.brand_hopping(int(value), ends[row])
        for row, value in zip(rows.tolist(), figures["value"].tolist(), strict=True)
    ]


def _copied_text(figures: Columns, usual: Comparison, rows: np.ndarray) -> list[str]:
    ends = usual.ends(lambda value: f"{percent(value)} of the posts")
    columns = [figures[name].tolist() for name in ("n", "count", "hints", "detail")]
    return [
        words.copied_text(int(n), int(copies), int(others), text or "", ends[row])
        for row, n, copies, others, text in zip(rows.tolist(), *columns, strict=True)
    ]


_WRITERS: Mapping[str, Callable[[Columns, Comparison, np.ndarray], list[str]]] = {
    SUSPICIOUS_FOLLOWERS: _suspicious_followers,
    LOCKSTEP_FOLLOWERS: _lockstep_followers,
    SHILL_NEIGHBOURHOOD: _shill_neighbourhood,
    GROWTH_BURSTS: _growth_bursts,
    ENGAGEMENT_PODS: _engagement_pods,
    COORDINATED_SHARING: _coordinated_sharing,
    UNDISCLOSED_PROMOTION: _undisclosed_promotion,
    BRAND_HOPPING: _brand_hopping,
    COPIED_TEXT: _copied_text,
}
