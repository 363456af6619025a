"""Building the page and putting it in place, whole or not at all.

Here belong the template environment and the file; what is read is `reading`'s, how it looks the templates'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines import standing
from pipelines.report import reading, trust_words, wording
from pipelines.report.figures import FILTERS, UNKNOWN, safe
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.report.reading import ReportData, Row


@dataclass(frozen=True)
class ReportFile:
    """A report that was written.

    Attributes:
        path: The file.
        bytes: Its size.
        candidates: Candidates of the audience, shown or not.
    """

    path: Path
    bytes: int
    candidates: int


def write_report(published: Path, audience: str, out: Path) -> ReportFile:
    """Write the report on one audience as a single HTML file.

    Args:
        published: The published DuckDB file, usually `Home.published`.
        audience: Name of the audience, as given in the data.
        out: The file to make or replace; its folder is created. It is written aside and renamed, so that a
            crash leaves an older report whole.

    Raises:
        PublishedFileError: The published file cannot be opened.
        UnknownAudienceError: It holds no such audience.
        OSError: The report cannot be written.
    """
    data = reading.read_report(published, audience)
    page = page_html(data).encode("utf-8")
    with written_aside(out) as partial:
        partial.write_bytes(page)
    return ReportFile(out, len(page), data.run["ranked"])


def page_html(data: ReportData) -> str:
    """The page as text."""
    bars = wording.status_bars(data.run["configuration"])
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            data=data,
            run=data.run,
            bars=bars,
            unknown=UNKNOWN,
            card_of={card.candidate["account_id"]: card.candidate["position"] for card in data.cards},
            in_ranking={row["account_id"]: row for row in data.ranking},
            headline=headline_coverage(data.coverage),
            not_known=wording.not_known(data.missing, data.signals),
            trust_weights=wording.trust_weights(data.run["weights_version"]),
            thin_below=reading.THIN_BELOW,
            reason_words=lambda reason: wording.reason_words(reason, bars),
            status_words=standing.status_words,
            short_reason=standing.short_reason,
            standing=standing,
            unsettled={row["account_id"] for row in data.ranking if standing.is_unsettled(row)},
            plan_title=wording.plan_title,
            when_to_stop=wording.when_to_stop,
            prices_together=wording.prices_together,
            pair_of=lambda one, other: frozenset((one, other)),
            words=trust_words,
            is_converse_known=any(row["conversation"] is not None for row in data.ranking),
        )
    )


def headline_coverage(coverage: list[Row]) -> Row | None:
    """The one figure that says best how much of the truth the data holds, or None where nothing is known."""
    by_measure = {row["measure"]: row for row in coverage if row["value"] is not None}
    for measure in ("delivered_share_of_claimed", "listed_share", "profiled_share"):
        if measure in by_measure:
            return by_measure[measure]
    return None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment
