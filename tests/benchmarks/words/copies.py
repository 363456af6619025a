"""Copied text in generated worlds, against the planted rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from tests.benchmarks.evaluation.parts import Bar, table
from tests.benchmarks.words.worlds import hits, kinds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.words.worlds import Measured


def copied_text(worlds: Sequence[Measured], posts: pl.DataFrame) -> tuple[str, list[Bar]]:
    """Precision and recall of accounts, and how well groups fit rings."""
    accounts = pl.concat([one.accounts("copied_text") for one in worlds])
    in_ring = (accounts["shill_kind"] == "copied_text").fill_null(value=False).to_numpy()
    found = (accounts["count"] > 0).to_numpy()
    precision, recall = hits(found, in_ring)
    auc = float(roc_auc_score(in_ring, accounts["value"].to_numpy()))
    innocent = accounts.filter(pl.Series(found) & ~pl.col("is_shill")).height
    head = (
        "accounts measured",
        "in planted rings",
        "precision",
        "recall",
        "AUC",
        "found, and planted as nothing",
    )
    row = (f"{found.size:,}", int(in_ring.sum()), f"{precision:.3f}", f"{recall:.3f}", f"{auc:.3f}", innocent)
    text = (
        f"{table(head, [row])}\n\n{(posts['post_kind'] == 'copied_ad').sum()} posts were planted as copies, "
        f"{accounts['count'].sum():.0f} were found. Found outside the rings: "
        f"{kinds_of(accounts.filter(pl.Series(found) & ~pl.Series(in_ring)))}; those kinds hide ads for the "
        "same brands in the few wordings that the worlds have, which is what a text handed out by a brand "
        "looks like.\n\n" + _rings(worlds)
    )
    bars = [
        Bar(
            "copied text in generated worlds, accounts",
            "recall ≥ 0.95",
            f"{recall:.3f}",
            bool(recall >= 0.95),
        ),
        Bar(
            "copied text in generated worlds, accounts, rings alone being right",
            "precision ≥ 0.9",
            f"{precision:.3f}",
            bool(precision >= 0.9),
        ),
        Bar("copied text, accounts planted as nothing", "none found", f"{innocent}", innocent == 0),
    ]
    return text, bars


def _rings(worlds: Sequence[Measured]) -> str:
    """The best Jaccard of each ring with a group, and groups without anybody of a ring."""
    best, extra = [], 0
    for one in worlds:
        marked = one.world.truth.with_columns(ring=pl.col("note").str.extract(r"ring (\d+)")).drop_nulls(
            "ring"
        )
        rings = _sets(marked, "ring")
        groups = _sets(one.found.copied, "group")
        best += [max((len(ring & own) / len(ring | own) for own in groups), default=0.0) for ring in rings]
        extra += sum(not any(ring & own for ring in rings) for own in groups)
    return (
        f"Groups against planted rings: {len(best)} rings, best Jaccard {np.mean(best):.2f} on average and "
        f"{min(best):.2f} at worst; {extra} groups without anybody of a ring."
    )


def _sets(frame: pl.DataFrame, by: str) -> list[set[str]]:
    return [
        set(ids) for ids in frame.group_by(by, maintain_order=True).agg("account_id")["account_id"].to_list()
    ]
