"""Why there is no plan within a budget, and what is said of prices in another currency."""

import pytest

from pipelines.budgets import budget_of, other_price_words, why_no_plan


def offer(
    candidates=1,
    *,
    cheapest=None,
    currency=None,
    other_currency=None,
    is_recommended=True,
    is_priced_elsewhere=False,
):
    return {
        "is_recommended": is_recommended,
        "is_priced": cheapest is not None,
        "is_priced_elsewhere": is_priced_elsewhere or other_currency is not None,
        "currency": currency,
        "other_currency": other_currency,
        "candidates": candidates,
        "cheapest": cheapest,
    }


NOBODY = "no recommended candidate has a price"
IN_THE_USUAL = "in the currency that most prices are in"
USUAL = offer(30, cheapest=100.0, currency="EUR", is_recommended=False)


@pytest.mark.parametrize(
    ("offers", "has_picks", "reason"),
    [
        ([], False, "nobody is recommended"),
        ([USUAL], False, "nobody is recommended"),
        ([USUAL], True, "nobody whom it could pick has a price within it"),
        ([offer(4), USUAL], True, "no recommended candidate has a price"),
        (
            [offer(2, other_currency="USD"), offer(5), USUAL],
            True,
            "no recommended candidate has a price in EUR; 2 have one in USD",
        ),
        (
            [offer(1, other_currency="U\x1b[2JSD"), offer(1, is_priced_elsewhere=True)],
            True,
            f"{NOBODY} {IN_THE_USUAL}; 1 has one in U[2JSD; 1 has one in no named currency",
        ),
        (
            [offer(3, cheapest=4000.0, currency="EUR")],
            True,
            "the cheapest of the recommended asks for 4,000 EUR",
        ),
        (
            [offer(3, cheapest=40.0, currency="EUR")],
            True,
            "nobody who is recommended and has a price within it adds anybody",
        ),
    ],
)
def test_the_reason_is_the_one_that_holds(offers, has_picks, reason):
    told = why_no_plan(3000.0, offers, has_picks=has_picks)
    assert told.startswith("No plan within the budget of 3,000")
    assert told.endswith(f": {reason}.")


@pytest.mark.parametrize(
    ("configuration", "budget"),
    [
        (None, None),
        ("{}", None),
        ('{"partner_portfolio": {"config": {"picks": 3}}}', None),
        ('{"partner_portfolio": {"config": {"budget": 0.0}}}', None),
        ('{"partner_portfolio": {"config": {"budget": 900.0}}}', 900.0),
        ("no json", None),
        ("[1]", None),
    ],
)
def test_the_budget_of_a_run(configuration, budget):
    assert budget_of(configuration) == budget


def test_a_price_in_another_currency_is_known():
    assert "known (1,380 USD)" in other_price_words({"other_price": 1380.0, "other_currency": "USD"})
    assert "known (5)" in other_price_words({"other_price": 5.0, "other_currency": None})
    assert other_price_words({"other_price": None}) == other_price_words({}) == ""
