"""Why a run that was given a budget made no plan within it: whom prices leave out, and in which currency.

Prices are never converted. A budget is in the currency that most prices are in, and whoever asks for another
one is in no plan within it; see `sql/partners/candidates.sql`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST_CURRENCY = 12


def budget_of(configuration: str | None) -> float | None:
    """The budget that a run was given, from its `runs.configuration`; None where there was none."""
    try:
        step = json.loads(configuration or "{}")["partner_portfolio"]["config"]
        return float(step["budget"]) or None
    except (ValueError, LookupError, TypeError):
        return None


def why_no_plan(budget: float, offers: Sequence[Mapping[str, Any]], *, has_picks: bool) -> str:
    """Why there is no plan within a budget, in one sentence.

    Args:
        budget: The budget given.
        offers: Rows of `sql/cli/offers.sql`.
        has_picks: Whether the plan for a number of partners holds anybody.
    """
    usual = next((str(row["currency"]) for row in offers if row["currency"]), None)
    recommended = [row for row in offers if row["is_recommended"]]
    prices = [row["cheapest"] for row in recommended if row["is_priced"]]
    if not recommended:
        reason = "nobody whom it could pick has a price within it" if has_picks else "nobody is recommended"
    elif not prices:
        reason = _nobody_priced(recommended, usual)
    elif min(prices) > budget:
        reason = f"the cheapest of the recommended asks for {_money(min(prices), usual)}"
    else:
        reason = "nobody who is recommended and has a price within it adds anybody"
    return f"No plan within the budget of {_money(budget, usual)}: {reason}."


def other_price_words(row: Mapping[str, Any]) -> str:
    """What a candidate asks for in a currency that no plan reckons in; nothing where it does not."""
    if numbers.is_unknown(row.get("other_price")):
        return ""
    asked = _money(row["other_price"], row.get("other_currency"))
    return (
        f"Its price is known ({asked}), but not in the currency that most prices are in: it counts in no "
        "budget and no sum."
    )


def _nobody_priced(recommended: Sequence[Mapping[str, Any]], usual: str | None) -> str:
    elsewhere: dict[str, int] = {}
    for row in recommended:
        if row["is_priced_elsewhere"]:
            currency = _currency(row["other_currency"])
            elsewhere[currency] = elsewhere.get(currency, 0) + row["candidates"]
    told = [
        f"{numbers.count(n)} {'has' if n == 1 else 'have'} one {currency}"
        for currency, n in elsewhere.items()
    ]
    where = _currency(usual) if usual else "in the currency that most prices are in"
    if not told:
        return "no recommended candidate has a price"
    return "; ".join([f"no recommended candidate has a price {where}", *told])


def _currency(name: str | None) -> str:
    return f"in {plain(str(name), _LONGEST_CURRENCY)}" if name else "in no named currency"


def _money(amount: float, currency: str | None) -> str:
    return numbers.money(amount, plain(str(currency), _LONGEST_CURRENCY) if currency else None)
