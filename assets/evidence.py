"""Lines of evidence: for every candidate, each reason with its figures and one plain sentence.

Only the assembly is here. A line is `for` a candidate or `against` it, or `neutral` where it tips neither
way. What was not measured makes one line per question (trust, bought influence) that names it and says why;
such a line has no figures and counts for neither side.
"""

from collections.abc import Mapping

import polars as pl

from assets.evidence_lines import SHILL, TRUST, Candidates, Examples, Missing, unknown_lines
from assets.shill.brand_evidence import brand_lines
from assets.shill.evidence import shill_lines
from assets.shill.impersonation_lines import impersonation_lines
from assets.shill.review_lines import review_lines
from assets.shill.signals import NOT_ENOUGH_DATA
from assets.trust_evidence import TrustFindings, trust_lines

KEYS = ("run_id", "audience", "account_id", "handle")
SCHEMA = {
    **dict.fromkeys(KEYS, pl.String),
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


def evidence_rows(
    ranked: pl.DataFrame,
    signals: pl.DataFrame,
    findings: TrustFindings,
    examples: Mapping[str, Examples],
    reviews: pl.DataFrame,
    name_marks: pl.DataFrame,
    brands: pl.DataFrame,
) -> pl.DataFrame:
    """Evidence of every ranked candidate.

    Args:
        ranked: One row per candidate, as `partner_ranking` writes it.
        signals: One row per candidate and shill signal; see `assets.shill.evidence.shill_lines`.
        findings: What the lines on trust need beside the ranking.
        examples: Ids of example rows by shill signal and the candidate's position in the ranking.
        reviews: What people decided, as `assets.shill.reviews` writes it.
        name_marks: Whose name resembles whose, as `assets.shill.impersonation` writes it.
        brands: Accounts that name brands, as `assets.shill.brands` writes them.

    Returns:
        Rows of the published table `evidence`, in the order of the ranking.
    """
    candidates = Candidates(ranked)
    frames = [review_lines(candidates, reviews), *impersonation_lines(candidates, name_marks)]
    for side, made in (
        (TRUST, trust_lines(candidates, findings)),
        (SHILL, [*shill_lines(candidates, signals, examples), *brand_lines(candidates, brands)]),
    ):
        missing: list[Missing] = [part for lines in made for part in lines.missing]
        frames += [lines.frame for lines in made]
        frames.append(unknown_lines((side, NOT_ENOUGH_DATA), missing, len(candidates)))
    lines = pl.concat([frame for frame in frames if frame is not None]).sort("row", maintain_order=True)
    keys = ranked.select(pl.col(KEYS).cast(pl.String))[lines["row"]]
    return pl.concat([keys, lines.drop("row")], how="horizontal").select(
        pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()
    )
