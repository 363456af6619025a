"""The lines of evidence on an account's history with brands.

They explain and decide nothing: what an author discloses moves these figures, so none of them may count
against anybody. What may is the signal `brand_hopping`, which looks at hidden promotion alone.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from assets.columns import floats
from assets.evidence_lines import NEUTRAL, SHILL, Candidates, Figures, Lines, Missing, lines_of
from assets.sentences import counted, times
from assets.shill import sentences as words

WHY_NOT = "no posts of it that name a known brand, or too few"


def brand_lines(candidates: Candidates, history: pl.DataFrame) -> Sequence[Lines]:
    """How evenly, how long and how faithfully each candidate speaks of brands, and how its paid posts do.

    Args:
        candidates: The ranked candidates.
        history: One row per account that names a brand, as `assets.shill.brands` writes it.
    """
    known = candidates.frame.select("node").join(history, on="node", how="left", maintain_order="left")
    return [_variety(known), _loyalty(candidates, known), _rivals(known), _performance(candidates, known)]


def _variety(known: pl.DataFrame) -> Lines:
    entropy, typical = floats(known["brand_entropy"]), floats(known["typical_entropy"])
    rows = np.flatnonzero(~np.isnan(entropy))
    told = known[rows].select(
        "brand_posts", "brand_entropy", "typical_entropy", "compared_accounts", "category"
    )
    texts = [words.brand_variety(*row) for row in told.iter_rows()]
    figures = Figures(entropy, typical).at(rows)
    frame = lines_of((SHILL, "brand_variety"), rows, texts, NEUTRAL, figures)
    return Lines(frame, [Missing("brand variety", WHY_NOT, np.isnan(entropy))])


def _loyalty(candidates: Candidates, known: pl.DataFrame) -> Lines:
    tenure = floats(known["tenure_days"])
    usual = candidates.compare(tenure)
    ends = usual.ends(lambda days: counted(round(days), "day"))
    rows = np.flatnonzero(~np.isnan(tenure))
    told = known[rows].select(
        "brands", "tenure_days", "paid_brands", "organic_first_share", "return_mentions"
    )
    texts = [
        words.brand_loyalty(brands, days, tuple(paid), ends[place])
        for place, (brands, days, *paid) in zip(rows.tolist(), told.iter_rows(), strict=True)
    ]
    figures = Figures(tenure, usual.typical).at(rows)
    return Lines(lines_of((SHILL, "brand_loyalty"), rows, texts, NEUTRAL, figures))


def _rivals(known: pl.DataFrame) -> Lines:
    gap = floats(known["hidden_rival_gap_days"])
    rows = np.flatnonzero(~np.isnan(gap))
    texts = [words.rival_gap(int(days)) for days in gap[rows].tolist()]
    return Lines(lines_of((SHILL, "rival_gap"), rows, texts, NEUTRAL, Figures(gap).at(rows)))


def _performance(candidates: Candidates, known: pl.DataFrame) -> Lines:
    ratio = floats(known["paid_performance"])
    usual = candidates.compare(ratio)
    ends = usual.ends(times)
    rows = np.flatnonzero(~np.isnan(ratio))
    texts = [words.paid_performance(ratio[row], ends[row]) for row in rows.tolist()]
    frame = lines_of(
        (SHILL, "paid_performance"), rows, texts, NEUTRAL, Figures(ratio, usual.typical).at(rows)
    )
    why = "too few posts on either side, or no counts of likes and answers"
    return Lines(frame, [Missing("engagement on paid posts", why, np.isnan(ratio))])
