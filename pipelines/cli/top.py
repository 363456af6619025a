"""`vouch top`: the ranked partners of an audience, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.output import (
    HANDLE_WIDTH,
    Column,
    Format,
    chosen_format,
    draw_table,
    format_options,
    handle_label,
    safe_text,
    write_rows,
)
from pipelines.cli.reading import Published, chosen_columns, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.standing import (
    UNSETTLED_PLACES,
    UNSETTLED_TIMES,
    is_unsettled,
    narrow_status,
    status_legend,
)
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Row

TIERS = ("nano", "micro", "mid", "macro", "mega")
STATUSES = ("recommended", "watch", "avoid", "not_enough_data")


UNSETTLED = "~"


def status_text(row: Row) -> str:
    """The status in words, with the column that its reason lies in."""
    return safe_text(narrow_status(row))


def rank_range(row: Row) -> str:
    """Between which ranks the resampled audience puts the candidate; marked where that says little."""
    between = numbers.between(numbers.count(row["rank_low"]), numbers.count(row["rank_high"]))
    return f"{UNSETTLED}{between}" if is_unsettled(row) else between


RANKING_TABLE = (
    Column("#", lambda row: numbers.count(row["rank"])),
    Column("range", rank_range),  # always: a place without its range looks surer than it is
    Column("handle", handle_label, is_number=False, widest=HANDLE_WIDTH),
    Column("status", status_text, importance=1, is_number=False),
    Column("trust", lambda row: numbers.score(row["trust"]), importance=2),
    Column("risk", lambda row: numbers.risk(row["shill_probability"]), importance=3),
    Column("reach", lambda row: numbers.share(row["reach_share"]), importance=4),
    Column("lift", numbers.lift, importance=5),
    Column("followers", lambda row: numbers.count(row["followers_count"]), importance=6),
    Column("pick", lambda row: "★" if row["is_pick"] else "", importance=7, is_number=False),
    Column("risk at most", lambda row: numbers.risk(row["shill_probability_high"]), importance=9),
    Column("reach cleaned", lambda row: numbers.share(row["reach_share_cleaned"]), importance=10),
    Column("voices", lambda row: numbers.count(row["word_of_mouth_voices"]), importance=11),
    Column("score", lambda row: numbers.score(row["score"]), importance=12),
    Column("name", lambda row: safe_text(row["display_name"], 24), importance=13, is_number=False),
)

# Among its like a small voice's own place says more than its place behind the famous.
_IN_TIER = Column("in tier", lambda row: numbers.count(row.get("rank_in_tier")), importance=1)


@click.command("top", short_help="The ranked partners of an audience, best first.")
@click.option("-n", "--rows", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option("--audience", metavar="NAME", help="Which audience.  [default: the largest]")
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
@click.option("--columns", metavar="A,B,…", help="Only these columns, in CSV and JSON.  [default: all]")
@format_options
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
    output_format: Format | None,
    is_json: bool,
) -> None:
    """The ranked partners of an audience, best first.

    Trust and reach are about this audience; risk is the probability, from signals in the whole network, that
    influence is bought. These are signals to look into, not verdicts: vouch why HANDLE shows their grounds.
    """
    chosen = chosen_format(output_format, is_json=is_json)
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
    if chosen != "table":
        write_rows(found.rows, names, chosen)
    elif found.rows:
        session.say(audience_title(about))
        draw_ranking(found.rows, is_of_a_size=bool(tiers))
        session.say("Signals, not verdicts. What a line rests on: vouch why HANDLE")
    if hint:
        session.say(hint)


def draw_ranking(rows: Sequence[Row], *, is_of_a_size: bool = False) -> None:
    """Draw the ranked table, and under it what its marks mean.

    Args:
        rows: Rows of `top`.
        is_of_a_size: Show the place among accounts of the same size as well.
    """
    table = (*RANKING_TABLE[:1], _IN_TIER, *RANKING_TABLE[1:]) if is_of_a_size else RANKING_TABLE
    draw_table(rows, table, caption="\n".join(_legend(rows)) or None)


def _legend(rows: Sequence[Row]) -> list[str]:
    lines = status_legend(rows)
    unsettled = sum(is_unsettled(row) for row in rows)
    if unsettled:
        who = "1 account" if unsettled == 1 else f"{numbers.count(unsettled)} accounts"
        lines.append(
            f"{UNSETTLED} order not settled: {who} may stand behind place {UNSETTLED_TIMES} × # + "
            f"{UNSETTLED_PLACES}."
        )
    return lines


def audience_title(about: Row) -> str:
    """One line that says whose ranking this is, of when, and from how many."""
    made_up = " · generated demo world" if about["is_generated"] else ""
    until = about["observed_until"]
    # A delivery may be older than the day it is looked at, and a reader must not take it for today's.
    old = f", data until {until:%Y-%m-%d}" if until is not None and until.date() < about["as_of"] else ""
    return (
        f"{plain(str(about['audience']), 80)} · {numbers.count(about['audience_size'])} members · "
        f"{numbers.count(about['candidates'])} candidates · as of {about['as_of']}{old}{made_up}"
    )


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
