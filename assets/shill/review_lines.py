"""The lines of evidence on reviews: who decided what about a candidate, when and because of what.

A review is a person's decision, not a measurement: its line has no figures and weighs nothing beside them.
"""

import numpy as np
import polars as pl

from assets.evidence_lines import AGAINST, FOR, NEUTRAL, SHILL, Candidates, Figures, lines_of
from assets.shill import sentences as words
from assets.shill.reviews import SHILL as REVIEWED_SHILL

REVIEW = "review"
TABLE = "table"


def review_lines(candidates: Candidates, reviews: pl.DataFrame) -> pl.DataFrame | None:
    """A line per candidate about whom somebody decided; None where nobody did.

    Args:
        candidates: The ranked candidates.
        reviews: Rows of `assets.shill.reviews`.
    """
    named = candidates.frame.select("account_id").with_row_index("row")
    found = named.join(
        reviews.drop("handle", "node"), on="account_id", how="inner", maintain_order="left_right"
    )
    if found.is_empty():
        return None
    rows, texts, directions = [], [], []
    for (row,), about in found.group_by("row", maintain_order=True):
        line = _line(about)
        if line is not None:
            rows.append(row)
            directions.append(line[0])
            texts.append(line[1])
    positions = np.array(rows, dtype=np.int64)
    figures = Figures(np.full(len(rows), np.nan))
    return lines_of((SHILL, REVIEW), positions, texts, np.array(directions, dtype=object), figures)


def _line(about: pl.DataFrame) -> tuple[str, str] | None:
    """Direction and sentence for one account; None where its decisions were all withdrawn."""
    standing = about.filter("is_current")
    delivered = about.filter(pl.col("source") == TABLE)
    if standing.is_empty():
        if delivered.is_empty():
            return None
        return NEUTRAL, words.contradicting_labels(delivered.height)
    review = standing.row(0, named=True)
    others = delivered.filter(pl.col("label") != review["label"])
    direction = AGAINST if review["label"] == REVIEWED_SHILL else FOR
    if review["source"] == TABLE:
        return direction, words.delivered_label(review["label"], review["reviewer"])
    return direction, words.review(
        review["label"],
        (review["reviewer"], f"{review['reviewed_at']:%Y-%m-%d}", review["because"]),
        str(others["label"].first()) if others.height else None,
    )
