"""`vouch top`: the ranked partners of an audience, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.options import audience_option, columns_option, format_options, rows_option
from pipelines.cli.output import (
    safe_text,
    write_rows,
)
from pipelines.cli.ranking import STATUSES, TIERS, audience_title, draw_ranking
from pipelines.cli.reading import Published, chosen_columns, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words.nobody_leads import nobody_leads

if TYPE_CHECKING:
    from pipelines.cli.output import Format, Row


@click.command("top", short_help="The ranked partners of an audience, best first.")
@rows_option(20, "How many.")
@audience_option()
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Only this status; repeatable."
)
@click.option(
    "--tier",
    "tiers",
    multiple=True,
    type=click.Choice(TIERS),
    help="Only accounts of this size, ranked among their like; repeatable.",
)
@click.option(
    "--min-trust",
    type=click.FloatRange(0, 1),
    help="Only those whose trust is at least this even at its lower bound; unknown does not pass.",
)
@click.option(
    "--max-risk",
    type=click.FloatRange(0, 1),
    help="Only those whose shill probability is at most this even at its upper bound; unknown does not pass.",
)
@columns_option
@format_options()
@shared_options
@pass_session
def command(  # noqa: PLR0913 - one parameter per option
    session: Session,
    *,
    rows: int,
    audience: str | None,
    statuses: tuple[str, ...],
    tiers: tuple[str, ...],
    min_trust: float | None,
    max_risk: float | None,
    columns: str | None,
    output: Format,
) -> None:
    """The ranked partners of an audience, best first.

    Trust and reach are about this audience; risk is the probability, from signals in the whole network, that
    influence is bought. These are signals to look into, not verdicts: vouch why HANDLE shows their grounds.
    """
    with published(session) as file:
        about = file.audience(session, audience)
        filters = {
            "audience": about["audience"],
            "statuses": list(statuses) or None,
            "tiers": list(tiers) or None,
            "min_trust": min_trust,
            "max_risk": max_risk,
        }
        found = file.read("top", **filters, limit_rows=rows)
        names = chosen_columns(columns, found.names)
        hint = "" if found.rows else _why_empty(file, str(about["run_id"]), filters)
    if output != "table":
        write_rows(found.rows, names, output, found.types)
    elif found.rows:
        session.say(audience_title(about))
        draw_ranking(found.rows, is_of_a_size=bool(tiers))
        session.say("Signals, not verdicts. What a line rests on: vouch why HANDLE")
    hint = hint or nobody_leads(found.rows)
    if hint:
        session.say(hint)


def _why_empty(file: Published, run_id: str, filters: Row) -> str:
    asked = ("audience", "statuses", "tiers", "max_risk")
    best = file.read("limits", **{name: filters[name] for name in asked}).rows[0]
    sizes = file.read("tiers", run_id=run_id, audience=filters["audience"]).rows
    if filters["tiers"] and not any(row["size_tier"] in filters["tiers"] for row in sizes):
        there = ", ".join(
            f"{safe_text(row['size_tier'])} {numbers.count(row['candidates'])}" for row in sizes
        )
        return f"No candidate is a {' or '.join(filters['tiers'])} account. By size there are: {there}."
    of_size = f" among {' and '.join(filters['tiers'])} accounts" if filters["tiers"] else ""
    if not best["candidates"]:
        there = ", ".join(
            f"{safe_text(row['status'])} {numbers.count(row['candidates'])}"
            for row in file.read("statuses", audience=filters["audience"], tiers=filters["tiers"]).rows
        )
        return (
            f"No candidate{of_size} has the status {' or '.join(filters['statuses'] or ())}. "
            f"There are: {there}."
        )
    min_trust, max_risk = filters["min_trust"], filters["max_risk"]
    if max_risk is not None and (best["least_risk"] is None or best["least_risk"] > max_risk):
        least = (
            "it is unknown for all of them"
            if best["least_risk"] is None
            else f"the lowest is {numbers.score(best['least_risk'])}"
        )
        unknown = (
            f"; unknown for {best['unknown_risk']}"
            if best["least_risk"] is not None and best["unknown_risk"]
            else ""
        )
        return f"No candidate's risk{of_size} is at most {max_risk:g} at its upper bound; {least}{unknown}."
    top_trust = best["best_trust"] if max_risk is None else best["best_trust_within_risk"]
    within = of_size if max_risk is None else f"{of_size} among those whose risk is at most {max_risk:g}"
    if top_trust is None:
        return f"Trust could not be measured for any candidate{within}."
    return (
        f"No candidate meets trust ≥ {min_trust:g} at its lower bound{within}; the best has {top_trust:.2f}."
    )
