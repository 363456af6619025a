"""Sentences of the page that depend on figures: what a status means, what was kept, what is not known.

Words are those of signals: looks, unusual, could not be measured. Fixed text stands in the templates.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from graph.partners.status import KINDS, MINIMUM_KINDS, STATUSES, StatusBars
from graph.partners.trust_weights import TrustWeights
from pipelines import numbers, weights
from pipelines.budgets import budget_of, why_no_plan
from pipelines.cli.output import handle_label
from pipelines.standing import left_out_words, why_nobody_is_picked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pipelines.report.reading import Plan, Row

_DELIVERED = (
    "The largest accounts make up most of this figure, and a sample holds few of their followers. Reach does "
    "not rest on it, as it counts members; what is said of somebody's followers rests on those delivered."
)
_COVERAGE = {
    "listed_share": "how many accounts are listed",
    "delivered_share_of_claimed": "how many of the followers that profiles claim were delivered",
    "private_share": "how many accounts are private",
    "profiled_share": "how many accounts show a profile",
}
_MEASURES = {
    "reach_share": "how many of the audience it reaches",
    "lift": "how special it is to this audience",
    "trust": "trust",
    "shill_probability": "the risk that influence is bought",
    "conversation": "whether it converses or broadcasts",
    "word_of_mouth_voices": "word of mouth",
    "followers_count": "its number of followers",
    "price": "its price",
}


def reason_words(reason: str | None, bars: StatusBars) -> str:
    """Why a status is what it is, with the cut-off that decided it; other texts pass as they are."""
    avoid, watch = numbers.share(bars.avoid_from), numbers.share(bars.watch_from)
    words = {
        "all_bars_met": (
            f"at least {_members_follow(bars.minimum_audience_followers)} it, its lift is surely above "
            f"{bars.lift_above:g}, and its risk stays below {watch} even at the upper end"
        ),
        "shill_probability_low": f"its risk is {avoid} or more even at the lower end",
        "shill_probability_high": f"its risk may be {watch} or more: the upper end of the interval says so",
        "lift_low": (
            f"its lift may be chance (the lower end is not above {bars.lift_above:g}): not special here, "
            "which says nothing against it"
        ),
        "lift_not_measured": "there is nobody outside the audience to compare with",
        "trust_not_measured": "trust could not be measured",
        "n_signals": (
            f"fewer than {bars.minimum_signals} of the {KINDS} kinds of bought influence (followers, "
            "engagement, words) could be looked at"
        ),
        "audience_followers": f"fewer than {_members_follow(bars.minimum_audience_followers)} it",
        "reviewed": "a person looked at it and decided so, whatever was measured",
        "resembles_another": (
            "its name resembles that of a better-known and older account: make sure whom you write to"
        ),
        "audience_size": (
            f"the audience has fewer than {numbers.counted(bars.minimum_audience, 'known member')}"
        ),
    }
    return words.get(reason or "", reason or "")


def _members_follow(n: int) -> str:
    return numbers.counted(n, "member follows", "members follow")


def status_bars(configuration: str | None) -> StatusBars:
    """The bars that the run was made with: those of its configuration, else the defaults."""
    names = {field.name: field.name for field in fields(StatusBars)} | {"minimum_kinds": "minimum_signals"}
    found = {names[name]: value for name, value in _settings(configuration).items() if name in names}
    return StatusBars(**{"minimum_signals": MINIMUM_KINDS, **found})


def trust_weights(weights_version: str | None) -> Mapping[str, float] | None:
    """The weights of the parts of trust, or None where the run used another version than this Vouch knows."""
    known = TrustWeights.from_rows(weights.trust_weights())
    return known.weights if f"trust {known.version}" in (weights_version or "").split(", ") else None


def plan_title(name: str, picks: Sequence[Row]) -> str:
    """What a portfolio was asked for."""
    partners = numbers.counted(len(picks), "partner")
    if name != "budget":
        return partners
    currency = next((str(pick["currency"]) for pick in picks if pick["currency"]), None)
    budget = numbers.money(picks[0]["budget"], currency)
    return f"{partners} within a budget of {budget}"


def why_watched(run: Row, bars: StatusBars) -> str:
    """How many are to be watched only because they are not special here; nothing where nobody is.

    Of those whose risk a person's label sets aside that is not the whole truth, so that they are told apart.
    """
    aside = run["watch_set_aside"]
    only = run["watch_not_special"] - aside
    told = []
    if only:
        because = numbers.noun(only, "because it is", "because they are")
        all_of_them = {1: "", 2: "both "}.get(only, "all ")
        many = f"{numbers.count(only)} " if only < run["watch"] else all_of_them
        told.append(f"{many}only {because} not special here")
    if aside:
        told.append(
            f"{numbers.count(aside)} not special here and labelled genuine by a person, so that a risk that "
            f"may be {numbers.share(bars.watch_from)} or more does not count"
        )
    return "; ".join(told)


def nobody_picked(run: Row) -> str:
    """Why the portfolio holds nobody."""
    return why_nobody_is_picked({status: run[status] or 0 for status in STATUSES})


def no_plan_within_budget(run: Row, plans: Sequence[Plan], offers: Sequence[Row]) -> str:
    """Why there is no plan within the run's budget; nothing where there is one, or no budget."""
    budget = budget_of(run["configuration"])
    if budget is None or any(plan.name == "budget" for plan in plans):
        return ""
    return why_no_plan(budget, offers, has_picks=bool(plans))


def left_out(best: Row | None) -> str:
    """Who is in no plan only because too little is known of them; nothing where none would add much."""
    return "" if best is None else left_out_words(best, handle_label(best), numbers.price(best))


def prices_together(picks: Sequence[Row]) -> str:
    """What the picks cost together, and for how many of them no price is known; nothing where none is."""
    known = [pick for pick in picks if not numbers.is_unknown(pick["price"])]
    currencies = {pick["currency"] for pick in known}
    if not known or len(currencies) > 1:
        return ""
    total = numbers.money(sum(pick["price"] for pick in known), currencies.pop())
    unknown = len(picks) - len(known)
    if not unknown:
        return f"Prices together: {total}."
    without = f"{unknown} of the {len(picks)} picks, of whom no such price is known"
    return f"Prices together: {total}, without {without}."


def coverage(seen: Row, measured: Sequence[Row]) -> tuple[float | None, str]:
    """The one share that says best how much of the truth the data holds, and what it means.

    Reach rests on what members do, so their share comes first; how many of the followers that profiles claim
    were delivered says little about it, as a few large accounts make up most of that figure.
    """
    if seen["following_members"]:
        return seen["following_members"] / seen["members"], _follows_seen(seen)
    if seen["acting_members"]:
        said = "of the members speak to or of somebody in the data; reach rests on that, not on follows."
        return seen["acting_members"] / seen["members"], said
    by_measure = {row["measure"]: row for row in measured if row["value"] is not None}
    for measure in ("delivered_share_of_claimed", "listed_share", "profiled_share"):
        if measure in by_measure:
            found = by_measure[measure]
            return found["value"], re.sub(r"^[\d.,e-]+ % ", "", found["sentence"] or "")
    return None, "How much of the truth the data holds is not known."


def _follows_seen(seen: Row) -> str:
    each = (
        f"of the members have follows in the data, {numbers.count(seen['follows_at_median'])} at the median"
    )
    if numbers.is_unknown(seen["follows_share"]):
        return f"{each}. Reach rests on these."
    share = numbers.share(seen["follows_share"])
    return (
        f"{each}; together {share} of those that their profiles state. Reach rests on these: it may be more."
    )


def coverage_sentence(row: Row) -> str:
    """One line on what the data hold: the published sentence, or what it is that no data tell."""
    if numbers.is_unknown(row["value"]):
        about = _COVERAGE.get(row["measure"], str(row["measure"]).replace("_", " "))
        return f"Not known, as no data tell it: {about}."
    if row["measure"] == "delivered_share_of_claimed":
        return f"{row['sentence']} {_DELIVERED}"
    return row["sentence"] or ""


def kept_picks(picks: Sequence[Row], since: date | None) -> str:
    """How many picks of a plan the run before had picked as well; nothing where that is not known."""
    known = [pick["was_pick"] for pick in picks if pick["was_pick"] is not None]
    if not known:
        return ""
    run = f"the run of {since}" if since else "the run before"
    before, everyone = sum(known), len(known)
    if everyone == 1:
        return f"It was a pick in {run} as well." if before else f"It was no pick in {run}."
    if not before:
        return f"None of them was a pick in {run}."
    of_them = f"{numbers.count(before)} of {numbers.count(everyone)}"
    if before == everyone:
        of_them = f"{'Both' if everyone == 2 else 'All'} of them"
    return f"{of_them} {numbers.noun(before, 'was a pick', 'were picks')} in {run} as well."


def kept_pick(change: Row) -> str:
    """Whether somebody is or was a pick; nothing where neither run picked it."""
    is_pick = change["is_pick"]
    if change["was_pick"] is None:
        return "pick" if is_pick else ""
    if change["was_pick"]:
        return "pick, as before" if is_pick else "no pick any more"
    return "new pick" if is_pick else ""


def not_known(missing: Row, signals: Sequence[Row]) -> list[str]:
    """What the data do not say about the candidates, one sentence each."""
    everyone = missing["candidates"]
    figures = [(words, missing[name]) for name, words in _MEASURES.items()]
    named = [
        (f"the signal “{str(row['signal']).replace('_', ' ')}”", everyone - row["measured"])
        for row in signals
    ]
    told = [_missing_sentence(words, unknown, everyone) for words, unknown in [*figures, *named] if unknown]
    elsewhere = missing["other_price"]
    if elsewhere:
        told.append(
            f"Priced only in another currency than most, and so in no budget and no sum: {elsewhere:,} of "
            f"{everyone:,} candidates."
        )
    return told


def _missing_sentence(words: str, unknown: int, everyone: int) -> str:
    if unknown == everyone:
        return f"Not measured for any candidate: {words}."
    return f"Not known for {unknown:,} of {everyone:,} candidates: {words}."


def _settings(configuration: str | None) -> dict[str, Any]:
    """Every setting of a run's configuration, by its name, whichever step it was given to."""
    try:
        steps = json.loads(configuration or "{}")
    except ValueError:
        return {}
    if not isinstance(steps, dict):
        return {}
    found: dict[str, Any] = {}
    for step in steps.values():
        settings = step.get("config") if isinstance(step, dict) else None
        found.update(settings if isinstance(settings, dict) else {})
    return found
