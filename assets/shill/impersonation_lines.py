"""The lines of evidence on names: whom a candidate resembles, and who resembles it.

A name is no measure of influence: these lines weigh nothing beside the figures.
"""

import numpy as np
import polars as pl

from assets.evidence_lines import AGAINST, NEUTRAL, SHILL, Candidates, Figures, lines_of
from assets.sentences import account_name
from assets.shill import sentences as words
from graph.shill.impersonation import RESEMBLES

RESEMBLES_ANOTHER, RESEMBLED = "resembles_another", "resembled_by_others"
NAMED = 3


def impersonation_lines(candidates: Candidates, marks: pl.DataFrame) -> list[pl.DataFrame]:
    """Lines for candidates that resemble another account, and for candidates that others resemble.

    Args:
        candidates: The ranked candidates.
        marks: Rows of `assets.shill.impersonation`.
    """
    places = candidates.frame.select("account_id").with_row_index("row")
    mine = places.join(marks, on="account_id", how="inner", maintain_order="left_right")
    theirs = (
        places.join(
            marks.filter(pl.col("kind") == RESEMBLES).rename(
                {"account_id": "other_id", "resembles_account_id": "account_id"}
            ),
            on="account_id",
            how="inner",
            maintain_order="left_right",
        )
        .group_by("row", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("other_id", "handle", "display_name").head(NAMED))
    )
    frames = []
    if mine.height:
        direction = np.where((mine["kind"] == RESEMBLES).to_numpy(), AGAINST, NEUTRAL).astype(object)
        others = {row: [other] for row, other in mine.select("row", "resembles_account_id").iter_rows()}
        frames.append(_lines(RESEMBLES_ANOTHER, mine["row"], mine["sentence"].to_list(), direction, others))
    if theirs.height:
        texts = [
            words.resembled(n, [account_name(*name) for name in zip(handles, ids, shown, strict=True)])
            for n, ids, handles, shown in theirs.select("n", "other_id", "handle", "display_name").iter_rows()
        ]
        others = dict(theirs.select("row", "other_id").iter_rows())
        frames.append(_lines(RESEMBLED, theirs["row"], texts, NEUTRAL, others))
    return frames


def _lines(
    signal: str, rows: pl.Series, texts: list[str], direction: np.ndarray | str, others: dict[int, list[str]]
) -> pl.DataFrame:
    """Lines without figures, with the accounts in question as examples."""
    figures = Figures(np.full(len(texts), np.nan))
    return lines_of((SHILL, signal), rows.cast(pl.Int64).to_numpy(), texts, direction, figures, others)
