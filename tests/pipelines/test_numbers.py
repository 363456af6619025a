import pytest

from pipelines import numbers

DASH = "\N{EN DASH}"


@pytest.mark.parametrize("show", [numbers.count, numbers.share, numbers.ratio, numbers.score, numbers.money])
@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf")])
def test_unknown_is_a_dash_and_never_zero(show, unknown):
    assert show(unknown) == DASH
    assert numbers.any_number(unknown) == DASH


def test_zero_is_a_figure():
    assert (numbers.count(0), numbers.share(0.0), numbers.score(0.0)) == ("0", "0.0 %", "0.00")


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.123, "12.3 %"), (1.0, "100.0 %"), (0.0004, "0.04 %"), (0.00098, "0.098 %")]
)
def test_shares_are_percent_and_little_is_not_nothing(fraction, text):
    assert numbers.share(fraction) == text


def test_counts_ratios_and_money():
    assert numbers.count(1_234_567.4) == "1,234,567"
    assert [numbers.ratio(value) for value in (1.354, 14.25, 1234.5)] == ["1.35", "14.2", "1,234"]
    assert numbers.money(250.0, "EUR") == "250 EUR"
    assert numbers.money(9.5) == "9.50"
    assert [numbers.any_number(value) for value in (0.01234, 12.0, 12345.6)] == ["0.0123", "12", "12,346"]


def test_between_joins_two_figures_unless_they_are_one():
    assert numbers.between("2", "6") == f"2{DASH}6"
    assert numbers.between(DASH, DASH) == DASH


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "< 1 %"), (0.0012, "< 1 %"), (0.01, "1.0 %"), (0.896, "89.6 %"), (0.999, "> 99 %"), (None, "–")],
)
def test_nobody_is_surer_of_a_risk_than_a_percent(probability, text):
    assert numbers.risk(probability) == text


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"price": 7.0, "currency": "EUR", "other_price": None, "other_currency": None}, "7 EUR"),
        ({"price": None, "currency": None, "other_price": 90.5, "other_currency": "USD"}, "90.50 USD"),
        ({"price": None, "currency": None, "other_price": 5.0, "other_currency": None}, "5"),
        ({"price": None, "currency": None}, numbers.UNKNOWN),
    ],
)
def test_a_price_is_shown_in_its_own_currency(row, shown):
    assert numbers.price(row) == shown


@pytest.mark.parametrize(
    ("value", "members", "are"),
    [
        (0, "0 members", "0 are"),
        (1, "1 member", "1 is"),
        (1.0, "1 member", "1 is"),
        (2, "2 members", "2 are"),
        (1234, "1,234 members", "1,234 are"),
        (None, "– members", "– are"),
    ],
)
def test_what_is_counted_has_its_number(value, members, are):
    assert numbers.counted(value, "member") == members
    assert numbers.counted(value, "is", "are") == are


def test_two_are_both():
    assert [numbers.every(n) for n in (2, 3, 1234)] == ["both", "all 3", "all 1,234"]
