"""How a candidate's standing is told to people: its status with the reason, and whether its place is settled.

`watch` holds two facts that must not be mixed up: influence that may be bought, and an account that is no
more special to this audience than to everybody, which says nothing against it. So the reason stands wherever
a status is shown. Needs nothing but the row: the command line, the workbook and the report say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNSETTLED_TIMES = 3
UNSETTLED_PLACES = 20
"""The order is not settled where the worst place exceeds `UNSETTLED_TIMES` × the place + `UNSETTLED_PLACES`:
at the top a fall by twenty places and more, further down one behind three times as many."""

UNVETTED_PICKS = (
    "For these picks, as for nearly all candidates here, too few kinds of bought influence (followers, "
    "engagement, words) could be looked at: vet them before booking."
)
"""What stands with picks who could not be vetted; see `graph.partners.portfolio.who_may_be_picked`."""

WORTH_A_LOOK = 1 / 20
"""The share of an audience that somebody must add to a plan for which nobody looked at them, to be named."""

REASON_WORDS = {
    "shill_probability_low": "even the lower bound of the probability that influence is bought is high",
    "shill_probability_high": "the probability that influence is bought may be high",
    "lift_low": "beyond chance it is no more special to this audience than to others, which says nothing "
    "against it",
    "lift_not_measured": "there is nobody outside the audience to compare with",
    "trust_not_measured": "trust could not be measured",
    "n_signals": "too few kinds of bought influence could be looked at",
    "audience_followers": "too few members of the audience pay attention to it",
    "audience_size": "the audience is too small to recommend anybody",
    "reviewed": "a person looked at it and decided so",
    "resembles_another": "its name resembles that of a better-known and older account",
}
"""Why a status is what it is, as a clause; `all_bars_met` needs none."""

_SHORT = {
    "shill_probability_low": "risk",
    "shill_probability_high": "risk",
    "lift_low": "not special here",
    "lift_not_measured": "nobody to compare with",
    "trust_not_measured": "trust unknown",
    "n_signals": "risk hardly looked at",
    "audience_followers": "few members follow",
    "audience_size": "small audience",
    "reviewed": "reviewed",
    "resembles_another": "resembles another",
}
# Names of the column to look at, so that a cell stays as short as the longest status alone.
_SHORTEST = {
    "shill_probability_low": "risk",
    "shill_probability_high": "risk",
    "lift_low": "lift",
    "reviewed": "reviewed",
    "resembles_another": "name",
}
_MEANINGS = {
    "watch: lift": "not special here, no more followed than elsewhere beyond chance, which says nothing "
    "against it",
    "watch: risk": "influence may be bought",
    "watch: name": "its name resembles that of a better-known and older account",
    "avoid: risk": "influence looks bought even at the lower bound",
    "avoid: reviewed": "a person looked at it and advises against it",
    "recommended: reviewed": "a person looked at it and holds its influence to be genuine",
}


def status_words(status: str | None) -> str:
    """A status in words, without its reason."""
    return str(status or numbers.UNKNOWN).replace("_", " ")


def short_reason(reason: str | None) -> str:
    """The reason in two or three words; nothing where the status needs none or the reason is no code."""
    return _SHORT.get(reason or "", "")


def status_and_reason(row: Mapping[str, Any]) -> str:
    """`watch: not special here`, `avoid: risk`, `recommended`."""
    return ": ".join(filter(None, (status_words(row["status"]), short_reason(row.get("status_reason")))))


def narrow_status(row: Mapping[str, Any]) -> str:
    """`watch: lift`, `watch: risk`, `recommended`: for a narrow column, explained by `status_legend`."""
    return ": ".join(
        filter(None, (status_words(row["status"]), _SHORTEST.get(row.get("status_reason") or "", "")))
    )


def status_legend(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the narrow statuses in these rows mean, one line each, in the order they come in."""
    shown = dict.fromkeys(narrow_status(row) for row in rows)
    lines = [f"{cell}: {_MEANINGS[cell]}." for cell in shown if cell in _MEANINGS]
    thin = dict.fromkeys(
        short_reason(row.get("status_reason")) for row in rows if row["status"] == "not_enough_data"
    )
    reasons = ", ".join(filter(None, thin))
    return [*lines, f"not enough data: {reasons}."] if reasons else lines


def why_nobody_is_picked(candidates: Mapping[str, int]) -> str:
    """Why a portfolio holds nobody.

    Args:
        candidates: How many candidates each status has.
    """
    found = {status: n for status, n in candidates.items() if n}
    if not found:
        return "Nobody is picked: there are no candidates."
    if found.get("recommended"):
        return "Nobody is picked: no candidate who is recommended adds anybody."
    told = [f"{numbers.count(n)} {status_words(status)}" for status, n in found.items()]
    return f"Nobody is picked, because nobody is recommended: of the candidates {', '.join(told)}."


def left_out_words(best: Mapping[str, Any] | None, name: str, price: str) -> str:
    """Who is in no plan only because too little is known of them; nothing where nobody of them adds much.

    Args:
        best: The row of `sql/cli/left_out.sql`, if there is one.
        name: How that candidate is called.
        price: What it asks for, or `numbers.UNKNOWN`.
    """
    if best is None or best["new_members_share"] < WORTH_A_LOOK:
        return ""
    many = best["candidates"]
    whom = "one candidate who lacks" if many == 1 else f"{numbers.count(many)} candidates who lack"
    would = f"{numbers.counted(best['new_members'], 'member')} ({numbers.share(best['new_members_share'])})"
    asked = "" if price == numbers.UNKNOWN else f", for {price}"
    return (
        f"Left out, because too few kinds of bought influence could be looked at: {whom} "
        f"nothing else. Of them {name} would add most, {would} whom no pick "
        f"reaches{asked}. Vet who is worth it, and keep what you found with vouch label: the next run may "
        "pick them."
    )


def is_unsettled(row: Mapping[str, Any]) -> bool:
    """Whether a candidate may stand so far behind its place that the place says little."""
    rank, worst = row["rank"], row["rank_high"]
    return rank is not None and worst is not None and worst > UNSETTLED_TIMES * rank + UNSETTLED_PLACES
