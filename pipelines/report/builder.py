"""Building the page and putting it in place, whole or not at all.

Here belong the template environment and the file; what is read is `reading`'s, how it looks the templates'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines import standing
from pipelines.cli.words.changes import cause_words
from pipelines.cli.words.nobody_leads import nobody_leads
from pipelines.report import libraries, payload, reading, trust_words, wording
from pipelines.report.figures import FILTERS, UNKNOWN, safe
from pipelines.text import slug
from pipelines.where_to_stop import when_to_stop
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.report.reading import ReportData


SCRIPTS = (
    "elements",
    "figures",
    "data",
    "state",
    "pieces",
    "filters",
    "sheets",
    "table",
    "drawings",
    "card",
    "shortlist",
    "main",
)
"""Modules of the page's script, each using those before it."""


@dataclass(frozen=True)
class ReportFile:
    """A report that was written.

    Attributes:
        path: The file.
        audience: Name of the audience, as given in the data.
        bytes: Its size.
        candidates: Candidates of the audience, shown or not.
    """

    path: Path
    audience: str
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
    return ReportFile(out, data.run["audience"], len(page), data.run["ranked"])


def page_html(data: ReportData) -> str:
    """The page as text."""
    bars = wording.status_bars(data.run["configuration"])
    has_candidates = bool(data.candidates.rows)
    file_name = f"partners-{slug(data.run['audience'])}-{data.run['as_of']}"
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            data=data,
            run=data.run,
            bars=bars,
            unknown=UNKNOWN,
            candidates=candidate_ids(data),
            coverage=wording.coverage(data.seen, data.coverage),
            not_known=wording.not_known(data.missing, data.signals),
            trust_weights=wording.trust_weights(data.run["weights_version"]),
            thin_below=reading.THIN_BELOW,
            reason_words=lambda reason: wording.reason_words(reason, bars),
            status_words=standing.status_words,
            short_reason=standing.short_reason,
            standing=standing,
            plan_title=wording.plan_title,
            when_to_stop=when_to_stop,
            nobody_leads=nobody_leads(data.first),
            nobody_picked=wording.nobody_picked,
            why_watched=wording.why_watched(data.run, bars),
            no_plan_within_budget=wording.no_plan_within_budget(data.run, data.plans, data.offers),
            left_out=wording.left_out(data.left_out),
            coverage_sentence=wording.coverage_sentence,
            kept_pick=wording.kept_pick,
            kept_picks=wording.kept_picks,
            cause_words=cause_words,
            prices_together=wording.prices_together,
            shared={(pair["account_id_a"], pair["account_id_b"]): pair for pair in data.overlap},
            words=trust_words,
            style=_text("report.css"),
            library=libraries.data_tables() if has_candidates else "",
            script=_script() if has_candidates else "",
            packed=payload.packed(payload.content(data, bars, file_name)) if has_candidates else "",
        )
    )


def candidate_ids(data: ReportData) -> frozenset[str]:
    """Accounts that the drawer of the page can show."""
    place = data.candidates.columns.index("account_id")
    return frozenset(row[place] for row in data.candidates.rows)


def _text(name: str) -> Markup:
    """A file of the templates as it stands."""
    return Markup(files("pipelines.report").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - the project's own


@cache
def _script() -> Markup:
    """The modules of the page's script, one after the other in one scope."""
    return Markup("\n").join(_text(f"script/{name}.js") for name in SCRIPTS)


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
