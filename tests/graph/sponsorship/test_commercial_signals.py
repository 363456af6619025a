from __future__ import annotations

import pytest

from graph.sponsorship.commercial_signals import SIGNAL_LOG_ODDS, commercial_signals, promotion_probability
from graph.text.text_folding import fold_cased, fold_letters
from graph.text.word_tries import WholeWords


def signals_of(text, brands=None):
    cased = fold_cased(text)
    return set(commercial_signals(cased, fold_letters(cased), brands))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use code ANNA20", {"discount_code", "call_to_buy"}),
        ("mit dem Rabattcode: lena15", {"discount_code"}),
        ("kod rabatowy OLA10", {"discount_code"}),
        ("промокод ЛЕТО или SALE5 там", {"code_word"}),
        ("промокод SALE5", {"discount_code"}),
        ("código descuento LUZ15", {"discount_code", "price_or_discount"}),
        ("meu cupom ANA10", {"discount_code", "call_to_buy"}),
        ("codice sconto GIULIA10", {"discount_code", "price_or_discount"}),
        ("كود خصم NOOR10", {"discount_code", "price_or_discount"}),
        ("I learn to code Python and read the code of conduct", set()),
        ("USE CODE AND SAVE", {"call_to_buy"}),
        ("https://www.amazon.de/dp/B01?tag=anna-21", {"affiliate_link"}),
        ("https://shop.example/x?utm_source=ig&utm_medium=bio", {"tracking_link"}),
        ("https://example.com/story?page=2", set()),
        ("www.amzn.to/3x and more", {"affiliate_link"}),
        ("see amzn.to for what?", {"affiliate_link"}),
        ("https://xamzn.to/3x", set()),
        ("https://my.amzn.to/3x", set()),
        ("only €19.99 today", {"price_or_discount"}),
        ("20% off", {"price_or_discount", "percent"}),
        ("120% off", set()),
        ("from 20,50 eur", {"price_or_discount"}),
        ("v1.20 eur, 20 europeans", set()),
        ("v1.20 eur, then 30eur", {"price_or_discount"}),
        ("100% true, 5 friends, 2026", set()),
        ("link in der Bio", {"call_to_buy"}),
        ("ссылка в шапке профиля", {"call_to_buy"}),
        ("الرابط بالبايو", {"call_to_buy"}),
        ("mail me@example.com", set()),
        ("with @friend", {"mention"}),
        ("30% today with ANNA20", {"percent", "code_shape"}),
        ("consigue el tuyo con ANNA20", {"call_to_buy"}),
        ("20% of patients with COVID19", {"percent"}),
        ("me sale mal, ¿qué hago?", set()),
        ("big sale, half off", {"price_or_discount"}),
        ("den Tipp probiert und bestellt", set()),
    ],
)
def test_signals(text, expected):
    assert signals_of(text) == expected


def test_a_known_brand_counts_more_than_a_mention():
    brands = WholeWords(["glowco"])
    assert signals_of("my #GlowCo serum with @anna", brands) == {"brand_named"}
    assert signals_of("my glowcosmetics", brands) == set()
    assert signals_of("glowco is yours with ANNA20", brands) == {"brand_named", "code_shape"}


def test_more_signals_never_look_less_paid():
    assert promotion_probability(()) == promotion_probability(("mention",)) == 0.0
    names = tuple(SIGNAL_LOG_ODDS)
    chances = [promotion_probability(names[:count]) for count in range(len(names) + 1)]
    assert chances == sorted(chances)
    assert promotion_probability(("brand_named", "mention", "percent")) == 0.0
    for signal, is_offer in (("call_to_buy", True), ("price_or_discount", False)):
        plain = promotion_probability((signal,))
        assert promotion_probability((signal,), 0.5) == plain
        assert (promotion_probability((signal,), 0.9) > plain) == is_offer
    assert promotion_probability(("brand_named",), 1.0) == 0.0
    assert promotion_probability(("discount_code", "call_to_buy", "price_or_discount")) > 0.8
