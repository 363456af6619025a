"""The sentences and pieces of HTML of the page. Text from the file is escaped by the templates, always.

Belongs here: what is said. Which widgets there are, and where they stand, is the notebook's business.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines import numbers
from pipelines.explore.filters import group_label
from pipelines.explore.what_if import handle_of
from pipelines.standing import REASON_WORDS, UNVETTED_PICKS, status_and_reason, status_words
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from pipelines.errors import VouchError
    from pipelines.explore.reading import Row, StatementAnswer
    from pipelines.explore.what_if import Choice, Difference, Wish

NAMES_SHOWN = 6
EXAMPLES_SHOWN = 5
_LONGEST = 400
_LONGEST_NAME = 60
_GOALS = {
    1: "reach: members hear it once",
    2: "repetition: they hear it twice",
    3: "repetition: three times",
}


def goals() -> dict[str, int]:
    """What a person reads → how often a member is to hear it."""
    return {words: times for times, words in _GOALS.items()}


def goal_words(times: int) -> str:
    """The goal in words."""
    return _GOALS[times]


def title() -> str:
    """The page's heading."""
    return Markup('<h1 class="vouch-title">Vouch: the second question</h1>')


def head(about: Row) -> str:
    """What the page is about: audience, day, publication."""
    return _render("head", about=about)


def failure(error: VouchError) -> str:
    """A failure a person can mend."""
    return _render("failure", error=error)


def evidence_card(candidate: Row, reasons: Sequence[Row]) -> str:
    """One candidate with what speaks for and against it."""
    sides = {"trust": "Is it trusted?", "shill": "Is its influence its own?"}
    return _render(
        "evidence",
        row=candidate,
        because=REASON_WORDS.get(candidate["status_reason"] or "", ""),
        sides=[
            (title, _by_direction([reason for reason in reasons if reason["side"] == side]))
            for side, title in sides.items()
        ],
    )


def nobody_chosen(asked: str | None) -> str:
    """What stands where the evidence would be."""
    return _render("nobody", asked=asked)


def choice_card(choice: Choice, change: Difference, wish: Wish, plan: str, address: str) -> str:
    """The partners chosen, what each adds, and how the choice differs from the published plan.

    Args:
        choice: The partners.
        change: Against the published plan.
        wish: What was asked for.
        plan: The published plan's name.
        address: The page's address with `who=` at its end, to which an account id can be added.
    """
    return _render(
        "choice", choice=choice, change=change, wish=wish, plan=plan_words(plan), address=address,
        said=difference_words(change, plan), currency=_currency(choice.rows),
    )  # fmt: skip


def plan_words(plan: str) -> str:
    """A published plan by what it is for."""
    return (
        "the published plan for a budget"
        if plan == "budget"
        else "the published plan for a number of partners"
    )


def difference_words(change: Difference, plan: str) -> str:
    """How the choice differs from the published plan, in a sentence or two."""
    if change.reach_change is None:
        return f"Nothing to compare with: {plan_words(plan)} is empty."
    if not change.entered and not change.left:
        return f"The same partners as in {plan_words(plan)}."
    moves = [
        f"{names(rows)} {verb}{'s' if len(rows) == 1 else ''}"
        for rows, verb in ((change.entered, "enter"), (change.left, "leave"))
        if rows
    ]
    return f"{' and '.join(moves)}, compared with {plan_words(plan)}."


def names(rows: Sequence[Row]) -> str:
    """The handles in a row, the last ones counted where they are many."""
    shown = [handle_of(row) for row in rows[:NAMES_SHOWN]]
    if len(rows) > NAMES_SHOWN:
        shown.append(f"{len(rows) - NAMES_SHOWN} others")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def found(
    kept: Sequence[Row], everybody: Sequence[Row], widening: Sequence[str], strange: Sequence[str]
) -> str:
    """How many candidates the filters keep, and what to do where they keep nobody."""
    said = f"{len(kept):,} of {numbers.counted(len(everybody), 'candidate')}."
    if len(kept) == len(everybody):
        said = "This audience has no candidates."
        if everybody:
            said = "The one candidate." if len(kept) == 1 else f"All {len(kept):,} candidates."
    return _render("found", said=said, is_empty=not kept, widening=widening, strange=strange)


def wishes_note(untouched: str, strange: Sequence[str]) -> str:
    """How to share a choice and to undo it, and what in the address is no wish.

    Args:
        untouched: The address of the published plan.
        strange: What was left out of the address.
    """
    return _render("wishes", untouched=untouched, strange=strange)


def answered(found: StatementAnswer) -> str:
    """How many rows an answer has."""
    rows = numbers.counted(len(found.rows), "row")
    first = "row" if len(found.rows) == 1 else rows
    said = f"The first {first}; ORDER BY and LIMIT choose others." if found.is_cut else f"{rows}."
    return Markup('<p class="vouch-note">{}</p>').format(said)


def sql_help() -> str:
    """What the page of one's own questions is for."""
    return _render("sql_help")


def macros(rows: Sequence[Row]) -> str:
    """What can be asked, with an example each."""
    return _render("macros", rows=rows)


def notebook_note() -> str:
    """What the SQL cells below are."""
    return _render("notebook_note")


def audience_labels(audiences: Sequence[Row]) -> dict[str, Row]:
    """What a person chooses an audience by → its row."""
    labels: dict[str, Row] = {}
    for about in audiences:
        name = plain(str(about["audience"]), _LONGEST_NAME) or "(no name)"
        label, number = name, 2
        while label in labels:
            label, number = f"{name} ({number})", number + 1
        labels[label] = about
    return labels


def plan_labels(plans: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """What a person chooses a published plan by → its name; without any, one of ten partners is begun."""
    labels = {}
    for name, picks in plans.items():
        of_budget = name == "budget" and picks[0]["budget"] is not None
        labels[
            f"the budget of {numbers.money(picks[0]['budget'], _currency(picks))}"
            if of_budget
            else f"the {numbers.counted(len(picks), 'partner')} of the portfolio"
        ] = name
    return labels or {"an empty portfolio": "count"}


def points(value: float | None) -> str:
    """A change of a share as `+1.2 points`; nothing that rounds to nothing."""
    if value is None or numbers.is_unknown(value):
        return numbers.UNKNOWN
    rounded = round(100 * value, 1)
    if rounded == 0:
        return "±0 points" if abs(value) < 1e-9 else "±0.0 points"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f} points"


def change_of(value: int | None) -> str:
    """A change of a count as `+12`, `−3`, `±0`."""
    if value is None:
        return numbers.UNKNOWN
    return "±0" if value == 0 else f"{'+' if value > 0 else '−'}{abs(value):,}"


def day(value: date | None) -> str:
    """A day as `1 November 2026`."""
    return numbers.UNKNOWN if value is None else f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """A moment as `27 November 2026, 02:38 UTC`."""
    return numbers.UNKNOWN if value is None else f"{day(value)}, {value:%H:%M} UTC"


def _by_direction(reasons: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Reasons under what they speak for; a direction of a later Vouch is no claim either way."""
    titles = {
        "for": "Speaks for it",
        "against": "Speaks against it",
        "neutral": "Neither",
        "unknown": "Not known",
    }
    found = {
        direction: [row for row in reasons if (row["direction"] or "unknown") == direction]
        for direction in titles
    }
    return [(title, found[direction]) for direction, title in titles.items() if found[direction]]


def _currency(rows: Sequence[Row]) -> str | None:
    return next((str(row["currency"]) for row in rows if row["currency"]), None)


def _name(row: Row) -> Markup:
    """The handle, kept from turning the text around it."""
    return Markup("<bdi>{}</bdi>").format(handle_of(row))


def _safe(text: Any) -> str:
    return plain(str(text or ""), _LONGEST)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "change": change_of,
        "count": numbers.count,
        "counted": numbers.counted,
        "day": day,
        "figure": numbers.evidence_figure,
        "group": group_label,
        "lift": numbers.lift,
        "moment": moment,
        "money": numbers.money,
        "name": _name,
        "points": points,
        "risk": numbers.risk,
        "safe_text": _safe,
        "score": numbers.score,
        "share": numbers.share,
        "standing": status_and_reason,
        "status": status_words,
    }
    return environment


def _render(template: str, **context: Any) -> str:
    return (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(**context, unknown=numbers.UNKNOWN, unvetted=UNVETTED_PICKS, examples_shown=EXAMPLES_SHOWN)
    )
