"""A thousand creators with and without saying so, through the whole stage: nobody is the worse for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.benchmarks.evaluation.parts import Bar, table
from tests.benchmarks.words.honesty import twins
from tests.benchmarks.words.worlds import SIGNALS, read_words, write_tables

if TYPE_CHECKING:
    import numpy as np

    from tests.benchmarks.words.worlds import Found

PAIRS = 1_000
SAID = ("disclosed_paid", "platform_label")
EQUAL = 1e-9


def candour(seed: int) -> tuple[str, list[Bar]]:
    """How many of the open creators have a higher figure than their silent twins."""
    made = twins(PAIRS, seed)
    shared = {
        "brands": made.brands,
        "follows": [{"follower_id": "fan", "followee_id": f"c{creator}"} for creator in range(PAIRS)],
        "audience_members": [{"audience": "fans", "account_id": "fan"}],
    }
    silent, frank = (
        read_words(lambda folder, posts=posts: write_tables(folder, {"posts": posts, **shared}))
        for posts in (made.silent, made.open)
    )
    rows = []
    for signal in SIGNALS:
        both = _side(silent, signal).join(_side(frank, signal), on="account_id", suffix="_open")
        for figure in ("value", "low", "high"):
            gap = (both[f"{figure}_open"] - both[figure]).fill_nan(0.0).to_numpy()
            rows.append((signal, figure, both.height, *_moved(gap)))
    both = silent.history.join(frank.history, on="account_id", suffix="_open")
    name = "hidden_rival_gap_days"
    gap = (_closeness(both[f"{name}_open"]) - _closeness(both[name])).to_numpy()
    rows.append(("closeness of hidden rivals", "value", both.height, *_moved(gap)))
    worse = sum(row[3] for row in rows)
    disclosed = frank.posts.filter(pl.col("post_class").is_in(SAID)).height
    head = ("signal", "figure", "pairs", "higher when open", "lower when open")
    text = (
        f"{PAIRS:,} creators, each twice with the same posts: once without a word about payment, once with a "
        "random marker of the lexicon, at the start or the end, or the platform's label on some of them "
        f"({disclosed:,} of {frank.posts.height:,} posts read as disclosed). The stage runs on both worlds "
        "as "
        f"it stands.\n\n{table(head, rows)}"
    )
    bar = Bar(
        "candour: 1,000 pairs, every figure of every signal of words",
        "never higher for whoever discloses",
        f"higher in {worse}",
        worse == 0,
    )
    return text, [bar]


def _side(found: Found, signal: str) -> pl.DataFrame:
    return found.signals.filter(pl.col("signal") == signal).select("account_id", "value", "low", "high")


def _closeness(days: pl.Series) -> pl.Series:
    """1 ÷ (1 + days), 0 where no two rivals were promoted."""
    return 1 / (1 + days.fill_nan(float("inf")))


def _moved(gap: np.ndarray) -> tuple[int, int]:
    return int((gap > EQUAL).sum()), int((gap < -EQUAL).sum())
