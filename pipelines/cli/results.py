"""What a run ends with: the best of each audience on standard output, why, and where everything lies."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pipelines import numbers
from pipelines.budgets import budget_of, why_no_plan
from pipelines.cli.output import handle_label, write_rows
from pipelines.cli.ranking import audience_title, draw_ranking
from pipelines.cli.reading import nobody_listed, published
from pipelines.cli.words import story
from pipelines.cli.words.nobody_leads import FIRST, nobody_leads
from pipelines.published import PublishedFileBusyError
from pipelines.reading_back import unread
from pipelines.standing import left_out_words
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipelines.cli.output import Format, Row
    from pipelines.cli.reading import Published
    from pipelines.cli.session import Session
    from pipelines.run import RunOutcome

_MOST_LINES = 5
_LONGEST_LINE = 400


def show_results(
    session: Session,
    outcome: RunOutcome,
    output_format: Format,
    *,
    main_audience_only: bool = False,
    check: str = "",
) -> None:
    """Write the ten best of each audience, one sentence why for the first, and the paths of what was made.

    Args:
        session: The call.
        outcome: What the run made.
        output_format: A table for each audience, or one list with all of them for programs.
        main_audience_only: Show the largest audience and only name the others.
        check: The call that says everything of the data; without it nothing is said of them.

    Raises:
        PublishedUnreadError: Another program writes into what was just published, or beside it.
    """
    most = 1 if main_audience_only else None
    try:
        best, ranked = _show_best(session, outcome, output_format, most)
    except PublishedFileBusyError as error:
        lacks = "the list cannot be shown; the reports are written"
        raise unread(outcome.published, error, lacks, "Then: vouch top") from error
    for row in best:
        session.say(f"\nWhy {story.one_sentence(row)}")
    others = [] if most is None else ranked[most:]
    session.say()
    if others:
        session.say(
            f"Also ranked: {', '.join(plain(name, 80) for name in others)} (vouch top --audience NAME)."
        )
    for name in outcome.audiences:
        if name not in ranked:
            session.say(nobody_listed(name))
    _say_unranked(session, outcome)
    if check:
        _say_worth_knowing(session, outcome.worth_knowing, check)
    session.say(f"Done in {outcome.seconds:.1f} s.")
    session.say(f"Published  {outcome.published}")
    for audience, report in outcome.reports.items():
        session.say(f"Report     {report}  ({plain(audience, 80)})")
    session.say(
        f"Go on with: vouch{_home(session)} why {_written(best)}, or portfolio, export -o partners.xlsx, "
        "top -n 50"
    )


def _say_unranked(session: Session, outcome: RunOutcome) -> None:
    """Which audiences could not be ranked, why, the remedy, and what became of an earlier list."""
    if not outcome.unranked:
        return
    with published(session) as file:
        before = {name: file.read("runs", audience=name).rows for name in outcome.unranked}
    session.say("Not ranked:")
    for name, why in outcome.unranked.items():
        session.say(f"  - {plain(f'{name}: {why}', _LONGEST_LINE)}")
        runs = before[name]
        if runs and not any(run["is_latest"] for run in runs):
            session.say(f"    Its last list, of {runs[0]['as_of']}, is kept as history and shown no more.")
            report = session.home.report(name)
            if report.is_file():
                session.say(f"    Its report of that day stays where it is: {report}")


def no_plan_within_budget(file: Published, about: Row) -> str:
    """Why the run of an audience made no plan within its budget; nothing where it made one or got none.

    Args:
        file: The published file.
        about: The audience's row of `audiences`.
    """
    budget = budget_of(about["configuration"])
    if budget is None:
        return ""
    found = file.read("portfolio_plans", run_id=about["run_id"], audience=about["audience"]).rows
    plans = {str(row["plan"]) for row in found}
    if "budget" in plans:
        return ""
    offers = file.read("offers", audience=about["audience"]).rows
    return why_no_plan(budget, offers, has_picks="count" in plans)


def left_out(file: Published, about: Row, plan: str) -> str:
    """Who is in no plan only because too little is known of them; nothing where none of them adds much.

    Args:
        file: The published file.
        about: Names the run and the audience.
        plan: The plan that they would add to.
    """
    found = file.read("left_out", run_id=about["run_id"], audience=about["audience"], plan=plan).rows
    if not found:
        return ""
    return left_out_words(found[0], handle_label(found[0]), numbers.price(found[0]))


def _another_day(as_of: date, about: Row) -> str:
    """That what is listed is of a later day than the run; nothing where it is of the run's own."""
    if about["as_of"] <= as_of:
        return ""
    return (
        f"This run of {as_of} is kept as history. What is listed, published and reported is of "
        f"{about['as_of']}, the latest day that was run."
    )


def _turned(session: Session, file: Published, about: Row, known: Sequence[Row]) -> str:
    """Whose status is another one than in the run compared with; nothing where there is none such."""
    keys = {"run_id": about["run_id"], "audience": about["audience"]}
    (turned,) = file.read("turned", **keys).rows
    lost = turned["picks_lost"]
    if not (turned["changed"] or lost):
        return ""
    picks = ""
    if lost:
        picks = f", {numbers.count(lost)} of your picks {'is' if lost == 1 else 'are'} no longer recommended"
    # without a name the commands take the largest audience
    name = str(about["audience"])
    which = "" if name == known[0]["audience"] else f" --audience {shlex.quote(plain(name))}"
    return (
        f"{numbers.count(turned['changed'])} changed in status since the run of {turned['as_of']}{picks}: "
        f"vouch{_home(session)} diff{which}"
    )


def _home(session: Session) -> str:
    """How a command names the home, where that is not the usual one."""
    return f" --home {shlex.quote(str(session.home.root))}" if session.home_option else ""


def _say_worth_knowing(session: Session, lines: Sequence[str], check: str) -> None:
    """The first of what the ingest said of the data, and the call that says the rest, with file and line."""
    if not lines:
        return
    session.say("Worth knowing about the data:")
    for line in lines[:_MOST_LINES]:
        session.say(f"  - {plain(line, _LONGEST_LINE)}")
    more = len(lines) - _MOST_LINES
    rest = f"{numbers.count(more)} more, and every file and line" if more > 0 else "With file and line"
    session.say(f"{rest}: {check}\n")


def _show_best(
    session: Session, outcome: RunOutcome, output_format: Format, most: int | None
) -> tuple[list[Row], list[str]]:
    """Write the best of the first audiences, the largest first; give who leads in each, and all names."""
    with published(session) as file:
        known = file.read("audiences").rows
        ranked = [about for about in known if about["audience"] in outcome.audiences]
        abouts = ranked[:most]
        filters = {"statuses": None, "tiers": None, "min_trust": None, "max_risk": None, "limit_rows": FIRST}
        answers = [file.read("top", audience=about["audience"], **filters) for about in abouts]
        endings = {
            about["audience"]: [
                _another_day(outcome.as_of, about),
                nobody_leads(answer.rows),
                no_plan_within_budget(file, about),
                _turned(session, file, about, known),
            ]
            for about, answer in zip(abouts, answers, strict=True)
        }
    if output_format != "table":
        names, types = (answers[0].names, answers[0].types) if answers else ([], {})
        write_rows([row for answer in answers for row in answer.rows], names, output_format, types)
        for audience, said in endings.items():
            for ending in filter(None, said):
                session.say(f"{plain(str(audience), 80)}: {ending}")
    else:
        for about, answer in zip(abouts, answers, strict=True):
            session.say(f"\n{audience_title(about)}")
            draw_ranking(answer.rows)
            for ending in filter(None, endings[about["audience"]]):
                session.say(ending)
    best = [answer.rows[0] for answer in answers if answer.rows and not nobody_leads(answer.rows)]
    return best, [about["audience"] for about in ranked]


def _written(best: Sequence[Row]) -> str:
    """The first account as one would type it in a shell: by handle, or by id where the handle is hostile."""
    if not best:
        return "HANDLE"
    handle = str(best[0]["handle"] or "")
    return shlex.quote(
        f"@{handle}" if handle and plain(handle) == handle else plain(str(best[0]["account_id"]))
    )
