"""The filters of the page: what stands in its address, what there is to choose from, and who is left.

An address comes from a chat or a bookmark: what in it is no filter here is left out and said, never obeyed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from graph.partners.status import STATUSES
from graph.statistics.size_tiers import SIZE_TIERS
from pipelines import numbers
from pipelines.standing import status_words
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipelines.explore.reading import Row

LONGEST_SEARCH = 200
LONGEST_NAME = 60
NO_GROUP = "in no group"

CHOICES = {
    "platform": "platform",
    "language": "language",
    "size": "size_tier",
    "community": "community",
    "status": "status",
}
"""Filters with a list to choose from, and the column each looks at."""

_ORDER = {"size": (*SIZE_TIERS[1:], SIZE_TIERS[0]), "status": STATUSES}


@dataclass(frozen=True)
class Filters:
    """What is looked for; an empty filter lets everybody through.

    Attributes:
        search: Part of a handle, a name or an id.
        platform: Any of these platforms; likewise the next four.
        trust: Trust at least, judged by its lower bound.
        risk: Risk at most, judged by its upper bound.
        picks: Only the picks of the published plans.
    """

    search: str = ""
    platform: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    community: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    trust: float | None = None
    risk: float | None = None
    picks: bool = False


def choices(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """What can be chosen in each filter: the value in the address to what a person reads."""
    found: dict[str, dict[str, str]] = {}
    for name, column in CHOICES.items():
        values = {str(row[column]): _label(name, row) for row in rows if row[column] is not None}
        order = _ORDER.get(name)
        place = {value: at for at, value in enumerate(order)} if order else {}
        ordered = sorted(values.items(), key=lambda item: (place.get(item[0], len(place)), _sort_key(item)))
        found[name] = dict(ordered)
    return found


def _label(name: str, row: Row) -> str:
    if name == "community":
        return group_label(row)
    text = status_words(row["status"]) if name == "status" else str(row[CHOICES[name]])
    return plain(text, LONGEST_NAME)


def group_label(row: Row) -> str:
    """What a group inside the audience talks about, without the voices around which it gathers."""
    number = row["community"]
    if number is None or number < 0:
        return NO_GROUP
    return plain(str(row["community_name"] or f"group {number}").partition(" · ")[0], LONGEST_NAME)


def _sort_key(item: tuple[str, str]) -> tuple[bool, str, str]:
    value, label = item
    return (value.startswith("-"), label.casefold(), value)


def from_address(
    values_of: Callable[[str], list[str]], there: Mapping[str, Mapping[str, str]]
) -> tuple[Filters, list[str]]:
    """The filters in an address, and what in it is none.

    Args:
        values_of: Every value that the address gives a name.
        there: From `choices`.
    """
    found, strange = Filters(search=" ".join(values_of("search"))[:LONGEST_SEARCH].strip()), []
    for name in CHOICES:
        asked = dict.fromkeys(values_of(name))
        known = tuple(value for value in asked if value in there[name])
        strange += [f"{name} {_quoted(value)}" for value in asked if value not in there[name]]
        found = replace(found, **{name: known})
    for name in ("trust", "risk"):
        for value in values_of(name)[:1]:
            bar = fraction(value)
            if bar is None:
                strange.append(f"{name} {_quoted(value)}")
            found = replace(found, **{name: bar})
    return replace(found, picks="yes" in values_of("picks")), strange


def fraction(text: str) -> float | None:
    """A number between 0 and 1, or None where the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None


def kept(rows: Sequence[Row], wanted: Filters) -> list[Row]:
    """The candidates that pass every filter, in their order."""
    tests = _tests(wanted)
    return [row for row in rows if all(test(row) for test in tests.values())]


def widening(rows: Sequence[Row], wanted: Filters) -> list[str]:
    """Where nobody passes: what each filter alone keeps away, so that a person knows which to widen."""
    tests = _tests(wanted)
    lines = []
    for left_out in tests:
        others = [test for name, test in tests.items() if name != left_out]
        passing = [row for row in rows if all(test(row) for test in others)]
        if passing:
            best = _best(left_out, passing)
            people = "candidate" if len(passing) == 1 else "candidates"
            lines.append(f"Without the filter on {left_out}: {len(passing):,} {people}{best}.")
    return lines


def _best(name: str, rows: Sequence[Row]) -> str:
    if name == "trust":
        known = [row["trust_low"] for row in rows if not numbers.is_unknown(row["trust_low"])]
        return f"; the most trusted has at least {numbers.score(max(known))}" if known else ""
    if name == "risk":
        known = [
            row["shill_probability_high"]
            for row in rows
            if not numbers.is_unknown(row["shill_probability_high"])
        ]
        return f"; the lowest risk is at most {numbers.risk(min(known))}" if known else ""
    return ""


def _tests(wanted: Filters) -> dict[str, Callable[[Row], bool]]:
    """A test for each filter that is set, by its name."""
    tests: dict[str, Callable[[Row], bool]] = {}
    if wanted.search:
        part = folded(wanted.search)
        tests["search"] = lambda row: any(
            part in folded(row[name]) for name in ("handle", "display_name", "account_id")
        )
    for name, column in CHOICES.items():
        values = frozenset(getattr(wanted, name))
        if values:
            tests[name] = _is_one_of(column, values)
    if wanted.trust is not None:
        tests["trust"] = _bound("trust_low", -1.0, -wanted.trust)
    if wanted.risk is not None:
        tests["risk"] = _bound("shill_probability_high", 1.0, wanted.risk)
    if wanted.picks:
        tests["picks"] = lambda row: bool(row["is_pick"])
    return tests


def _is_one_of(column: str, values: frozenset[str]) -> Callable[[Row], bool]:
    return lambda row: row[column] is not None and str(row[column]) in values


def _bound(column: str, sign: float, bar: float) -> Callable[[Row], bool]:
    """Whether sign × the column is at most the bar; what is unknown passes no bar."""
    return lambda row: not numbers.is_unknown(row[column]) and sign * row[column] <= bar


def folded(text: Any) -> str:
    """A name for comparing: without its at sign, in one case."""
    return str(text or "").strip().removeprefix("@").casefold()


def is_anything_set(wanted: Filters) -> bool:
    """Whether any filter is set."""
    empty = Filters()
    return any(getattr(wanted, field.name) != getattr(empty, field.name) for field in fields(Filters))


def _quoted(text: str) -> str:
    return f"“{plain(text, LONGEST_NAME)}”"
