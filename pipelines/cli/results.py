"""What a run ends with: the best of each audience on standard output, why, and where everything lies."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pipelines.cli.output import write_rows
from pipelines.cli.ranking import audience_title, draw_ranking
from pipelines.cli.reading import published
from pipelines.cli.words import story
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Format, Row
    from pipelines.cli.session import Session
    from pipelines.run import RunOutcome

_ROWS = 10


def show_results(
    session: Session, outcome: RunOutcome, output_format: Format, *, main_audience_only: bool = False
) -> None:
    """Write the ten best of each audience, one sentence why for the first, and the paths of what was made.

    Args:
        session: The call.
        outcome: What the run made.
        output_format: A table for each audience, or one list with all of them for programs.
        main_audience_only: Show the largest audience and only name the others.
    """
    most = 1 if main_audience_only else None
    best, ranked = _show_best(session, outcome.audiences, output_format, most)
    for row in best:
        session.say(f"\nWhy {story.one_sentence(row)}")
    others = [name for name in ranked if name not in {row["audience"] for row in best}]
    session.say()
    if others:
        session.say(
            f"Also ranked: {', '.join(plain(name, 80) for name in others)} (vouch top --audience NAME)."
        )
    for name in outcome.audiences:
        if name not in ranked:
            session.say(
                f"Nobody is listed for {plain(name, 80)}: "
                "no account is followed or engaged with by enough of its members."
            )
    session.say(f"Done in {outcome.seconds:.1f} s.")
    session.say(f"Published  {outcome.published}")
    for audience, report in outcome.reports.items():
        session.say(f"Report     {report}  ({plain(audience, 80)})")
    home = f" --home {shlex.quote(str(session.home.root))}" if session.home_option else ""
    session.say(
        f"Go on with: vouch{home} why {_written(best)}, or portfolio, export -o partners.xlsx, top -n 50"
    )


def _show_best(
    session: Session, audiences: Sequence[str], output_format: Format, most: int | None
) -> tuple[list[Row], list[str]]:
    """Write the best of the first audiences, the largest first; give the first row of each, and all names."""
    with published(session) as file:
        ranked = [about for about in file.read("audiences").rows if about["audience"] in audiences]
        abouts = ranked[:most]
        filters = {"statuses": None, "tiers": None, "min_trust": None, "max_risk": None, "limit_rows": _ROWS}
        answers = [file.read("top", audience=about["audience"], **filters) for about in abouts]
    if output_format != "table":
        names, types = (answers[0].names, answers[0].types) if answers else ([], {})
        write_rows([row for answer in answers for row in answer.rows], names, output_format, types)
    else:
        for about, answer in zip(abouts, answers, strict=True):
            session.say(f"\n{audience_title(about)}")
            draw_ranking(answer.rows)
    best = [answer.rows[0] for answer in answers if answer.rows]
    return best, [about["audience"] for about in ranked]


def _written(best: Sequence[Row]) -> str:
    """The first account as one would type it in a shell: by handle, or by id where the handle is hostile."""
    if not best:
        return "HANDLE"
    handle = str(best[0]["handle"] or "")
    return shlex.quote(
        f"@{handle}" if handle and plain(handle) == handle else plain(str(best[0]["account_id"]))
    )
