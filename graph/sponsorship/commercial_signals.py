# ruff: noqa: RUF001 - the letters of nine languages and their look-alikes are the subject here
"""Signs in a post's text that somebody may earn by it, whatever the post says about that.

Belongs here: discount codes, affiliate links, calls to buy, prices, and the probability they add up to.
Does not belong here: what the author disclosed (`graph.sponsorship.disclosure`); nothing here may look at
disclosure markers, so that writing one can never make a post look more commercial.

The weights are set by hand, round, and published under a version; they are to be replaced by learned
ones, not trusted as measured. Phrases cover English, Portuguese, Spanish, French, German, Polish,
Russian, Arabic and Italian, in the spelling of `graph.text.text_folding.fold`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from graph.text.text_folding import folded_phrases, may_mix_alphabets
from graph.text.word_tries import opening_words, trie_pattern, whole_words, words_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from graph.text.word_tries import WholeWords

BASE_LOG_ODDS = -4.0
SIGNAL_LOG_ODDS = {
    "discount_code": 3.0,  # "use code ANNA20"
    "affiliate_link": 3.0,  # a link that names who gets the commission
    "tracking_link": 1.5,  # utm_ parameters
    "brand_named": 1.4,  # a brand of the data set, tagged or written out
    "code_shape": 1.5,  # "yours with ANNA20", beside a brand or a price
    "call_to_buy": 1.5,  # second-person promotion, "link in bio"
    "price_or_discount": 1.2,
    "percent": 1.2,  # news is full of shares; counts only beside another signal
    "code_word": 1.0,  # speaks of a discount code without showing one
    "mention": 0.7,  # somebody is tagged; counts only beside another signal
}
_PLACE = {name: place for place, name in enumerate(SIGNAL_LOG_ODDS)}

TEXT_LOG_ODDS = 2.0
WEAK = frozenset({"brand_named", "mention", "percent"})
"""Signals that say nothing alone: praise names brands too, and news has shares in it."""
OFFERS = frozenset(
    {"discount_code", "affiliate_link", "tracking_link", "code_shape", "call_to_buy", "code_word"}
)
"""Signals that offer something; how a text reads counts beside one of them."""

_CODE_WORDS = """
code|promo code|discount code|coupon|coupon code|voucher|cupom|cupao|codigo|codigo de desconto|cupon
codigo descuento|codigo de descuento|code promo|code de reduction|rabattcode|gutscheincode|gutschein
aktionscode|kod|kodem|kod rabatowy|kodem rabatowym|kupon|kuponem|промокод|промокоду|промокодом|промо код|код
кодом|купон|купону|كود|كود خصم|كوبون|كود الخصم|الكود|codice|codice sconto|buono sconto
"""
_PLAIN_CODE_WORDS = """
promo code|discount code|coupon code|voucher code|cupom|cupao|cupon|codigo descuento|codigo de descuento
codigo de desconto|code promo|code de reduction|rabattcode|gutscheincode|aktionscode|kod rabatowy
kodem rabatowym|промокод|промокоду|промокодом|كود خصم|كود الخصم|كوبون|codice sconto|use my code|my code
"""
_CALLS_TO_BUY = """
shop now|buy now|order now|get yours|grab yours|get your|grab your|swipe up|click the link|link below
link in bio|link in my bio|link in the bio|don't miss|dont miss|you need|you have to try|you'll love
you will love|treat yourself|use my link|use my code|use code|my code|sign up|head over to
run don't walk|must have
check out my|check it out|tap the link|order yours|order here
link na bio|arrasta pra cima|arraste para cima|garanta o seu|garanta ja|compre ja|compre agora|aproveite
voce precisa|voces precisam|corre pra|nao perca|nao percam|clique no link|experimente|meu cupom|use o cupom
enlace en la bio|enlace en mi bio|link en bio|link en la bio|desliza hacia arriba|compra ya|compra ahora
consigue el tuyo|no te lo pierdas|no os lo perdais|tienes que probar|teneis que probar
tienen que probar|aprovecha
aprovechad|usa mi codigo|con mi codigo|usad mi codigo|haz clic|corre a por
lien en bio|lien dans la bio|lien dans ma bio|achetez|commandez|profitez|profitez-en|foncez|ne ratez pas
n'hesitez pas|il vous faut|il te faut|tu vas adorer|vous allez adorer|craquez|avec mon code|avec le code
link in der bio|jetzt kaufen|jetzt bestellen|sichert euch|sicher dir|holt euch|hol dir
schaut vorbei|probiert es aus|probiert mal
ihr braucht|du brauchst|ihr musst|mit meinem code|mit dem code|verpasst nicht|spart mit
bestellt jetzt|bestellt euch|bestellt hier|greift zu
link w bio|kup teraz|kupcie|zamow|zamowcie|sprawdz|sprawdzcie|musicie sprobowac|musisz sprobowac|lap okazje
z moim kodem|z kodem|nie przegap|nie przegapcie|skorzystaj|skorzystajcie|polecam wam
ссылка в шапке|ссылка в профиле|ссылка в био|ссылка в шапке профиля|переходи|переходите|заказывай
заказывайте|покупай|покупайте|успей|успейте|не пропусти|не пропустите|попробуй|попробуйте|вам нужно
тебе нужно
по моей ссылке|по ссылке|жми|жмите|по промокоду|по моему промокоду|регистрируйся|регистрируйтесь
الرابط بالبايو|رابط بالبايو|الرابط في البايو|رابط في البايو|اطلب الان|اطلبوا|اطلبوه|اطلبيه|تسوق الان
تسوقوا|لا تفوت|لا تفوتوا|لا يفوتكم|جربوا|جربوه|انصحكم|استخدموا كود|استخدموا الكود|استخدم كود|استعملوا كود
احصل علي|احصلوا علي|اشتري الان
acquista ora|acquistate|compra ora|ordina ora|ordinate|scoprite|provate|provalo|provatelo|non perdere
non perdetevi|non perdetevelo|approfittate|approfittane|usa il mio codice|usate il mio codice
con il mio codice
dovete provare|devi provare|correte a|link in biografia
"""
_DISCOUNTS = """
discount|half off|on sale|sale now|flash sale|big sale|our sale|my sale
free shipping|special offer|desconto|frete gratis|promocao|descuento|rebajas
envio gratis|oferta especial|reduction|remise|livraison gratuite|soldes|rabatt|nachlass
versandkostenfrei|angebot
rabatu|rabat|znizka|znizki|znizke|darmowa dostawa|taniej|promocja|скидка|скидку|скидки|скидкой
бесплатная доставка
распродажа|خصم|تخفيض|تخفيضات|توصيل مجاني|عرض خاص|sconto|sconti|spedizione gratuita|offerta
"""
_AFFILIATE_HOSTS = """
amzn.to|amzn.eu|ltk.app|liketk.it|liketoknow.it|rstyle.me|shopstyle.it|shopmy.us|awin1.com|tidd.ly
go.skimresources.com|shareasale.com|clickbank.net|linksynergy.com|prf.hn|sjv.io|s.click.aliexpress.com
ad.admitad.com|anrdoezrs.net|jdoqocy.com|bnc.lt
"""
_PHRASES = {
    "code": _CODE_WORDS,
    "code_words": _PLAIN_CODE_WORDS,
    "calls_to_buy": _CALLS_TO_BUY,
    "discounts": _DISCOUNTS,
    "affiliate_hosts": _AFFILIATE_HOSTS,
}
_CURRENCY = r"(?:€|\$|£|₽|zl|pln|eur|euro|usd|r\$|руб|рублей|ريال|درهم|aed|sar)"
_AFFILIATE_PARAMETER = re.compile(
    r"[?&](?:tag=[\w-]+-2\d|ref=|aff=|aff_?id=|affiliate\w*=|aff_sub\w*=|a_aid=|irclickid=|subid=|awc=|admitad_uid=)"
)
_PRICE = re.compile(r"[€$£₽]\s?\d")
# each from its first digit, which most texts do not have; what stands before it is asked after that
_PRICE_IN_LETTERS = re.compile(rf"\d(?<![\w.,]\d)[\d.,]{{0,9}}\s?{_CURRENCY}(?!\w)")
_PERCENT_OFF = re.compile(r"\d(?<!\d\d)\d?\s?% off(?!\w)")
_PERCENT = re.compile(r"(?<!\d)\d{1,2}\s?%")
_TRACKING = re.compile(r"[?&]utm_\w+=")
_MENTION = re.compile(r"(?<![\w.])@\w")
_CODE_SHAPE = re.compile(r"[A-Za-z0-9]*[0-9][A-Za-z0-9]*|[A-Z]{3,}")
_BESIDE_A_CODE = frozenset({"brand_named", "price_or_discount", "percent"})
_BARE_CODE = re.compile(
    r"(?<!\w)(?i:with|using|use|con|mit|avec|com|per|z|с|по|مع|كود)\s[«“\"'(]?(?P<code>[A-Z]{3,}\d{1,10})(?!\w)"
)
_NAMES_LIKE_CODES = frozenset({"COVID19", "SARS2", "ISO9001", "GPT4", "GPT5", "RTX4090", "CO2", "MP3", "MP4"})
_NO_CODES = folded_phrases(
    "and|for|the|with|of|to|in|on|at|your|get|save|bio|und|mit|auf|para|con|pour|avec|per"
)


def commercial_signals(
    cased: str,
    small: str,
    brands: WholeWords | None = None,
    words: AbstractSet[str] | None = None,
) -> tuple[str, ...]:
    """Names of the signals in a post, in the order of `SIGNAL_LOG_ODDS`.

    Args:
        cased: The text from `fold_cased`, disclosure markers blanked out.
        small: The same from `fold_letters`.
        brands: The names of the data set's brands, folded.
        words: The words of `small`, where they are known already.
    """
    words = words_of(small) if words is None else words
    listed = _lists_opened(words)
    found = _links(small, listed)
    # where a word mixes two alphabets, the text that shows the code has other words than the folded one
    if ("code" in listed or may_mix_alphabets(small)) and _shows_code(cased):
        found.add("discount_code")
    elif _stands("code_words", small, listed):
        found.add("code_word")
    if brands is not None and brands.may_stand_among(words) and brands.pattern.search(small):
        found.add("brand_named")
    elif "@" in small and _MENTION.search(small):
        found.add("mention")
    if _stands("calls_to_buy", small, listed):
        found.add("call_to_buy")
    if _stands("discounts", small, listed) or _names_a_price(small):
        found.add("price_or_discount")
    if "%" in small and _PERCENT.search(small):
        found.add("percent")
    if "discount_code" not in found and found & _BESIDE_A_CODE and _shows_bare_code(cased):
        found.add("code_shape")
    return tuple(sorted(found, key=_PLACE.__getitem__))


def promotion_probability(signals: tuple[str, ...], reads_promotional: float = 0.0) -> float:
    """How likely a post with these signals is to be paid for; exactly 0 with weak ones alone.

    Log odds are `BASE_LOG_ODDS` plus one `SIGNAL_LOG_ODDS` for each signal, plus up to `TEXT_LOG_ODDS` where
    something is offered and the whole text reads promotional rather than not. Text alone tells nothing of
    anybody: enthusiasm reads like it.

    Args:
        signals: from `commercial_signals`.
        reads_promotional: from `graph.sponsorship.promotional_text`, in [0, 1]; up to a half it changes
            nothing.
    """
    if set(signals) <= WEAK:
        return 0.0
    log_odds = BASE_LOG_ODDS + sum(SIGNAL_LOG_ODDS[name] for name in signals)
    if OFFERS & set(signals):
        log_odds += TEXT_LOG_ODDS * max(2.0 * reads_promotional - 1.0, 0.0)
    return 1.0 / (1.0 + math.exp(-log_odds))


def _links(small: str, listed: AbstractSet[str]) -> set[str]:
    found = set()
    if "/" not in small and "?" not in small:
        return found
    if _stands("affiliate_hosts", small, listed) or ("=" in small and _AFFILIATE_PARAMETER.search(small)):
        found.add("affiliate_link")
    if "=" in small and _TRACKING.search(small):
        found.add("tracking_link")
    return found


def _names_a_price(small: str) -> bool:
    is_price = _PRICE.search(small) or _PRICE_IN_LETTERS.search(small)
    return bool(is_price or ("%" in small and _PERCENT_OFF.search(small)))


def _shows_bare_code(cased: str) -> bool:
    return any(match["code"] not in _NAMES_LIKE_CODES for match in _BARE_CODE.finditer(cased))


def _shows_code(cased: str) -> bool:
    for match in _pattern("code").finditer(cased):
        code, word = match["code"], match["word"]
        shouted = word.isupper() and len(word) > 1  # "USE CODE AND SAVE" shows no code
        if (
            _CODE_SHAPE.fullmatch(code)
            and not code.isdigit()
            and code.lower() not in _NO_CODES
            and not (shouted and code.isalpha())
        ):
            return True
    return False


def _lists_opened(words: AbstractSet[str]) -> set[str]:
    """Lists of phrases that a text with these words needs to be searched for: one of them opens a phrase."""
    openings = _openings()
    return {name for word in openings.keys() & words for name in openings[word]}


def _stands(name: str, small: str, listed: AbstractSet[str]) -> bool:
    return name in listed and _pattern(name).search(small) is not None


@cache
def _openings() -> dict[str, list[str]]:
    """The first words of all phrases, and in which of the lists a phrase begins with it."""
    openings = defaultdict(list)
    for name, block in _PHRASES.items():
        for word in opening_words(folded_phrases(block)) or ():
            openings[word].append(name)
    return dict(openings)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    phrases = folded_phrases(_PHRASES[name])
    if name == "code":
        link = r"(?:(?:is|ist|es|est|e|to|это|هو|de)\s)?"
        return re.compile(
            rf"(?<!\w)(?P<word>(?i:{trie_pattern(phrases)}))[\s:=*«“\"'(\[-]{{1,4}}{link}[«“\"'(\[*]?"
            r"(?P<code>[A-Za-z0-9]{3,20})(?!\w)"
        )
    if name == "affiliate_hosts":
        return re.compile(rf"(?<![\w.])(?:www\.)?(?:{trie_pattern(phrases)})(?=/|\s|$)")
    return whole_words(phrases)
