"""Denials of being paid: "not an ad", "unbezahlte Werbung", "не реклама", "ليس إعلان".

Belongs here: finding the stretches of folded text that deny. Does not belong here: what remains of a post's
disclosure after them (`graph.sponsorship.disclosure`). English, Portuguese, Spanish, French, German, Polish,
Russian, Arabic and Italian.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from graph.text.text_folding import folded_phrases
from graph.text.word_tries import may_open, opening_words, trie_pattern, words_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_DENIERS = """
not|isn't|isnt|wasn't|wasnt|aren't|arent|ain't|never|non|without|no|unpaid|kein|keine|keinen
keinerlei|nicht|ohne
unbezahlte|unbezahlter|unbezahlt|unentgeltliche|pas|aucune|aucun|sans|jamais|nao|nem|sem|nunca
nenhuma|nenhum
ninguna|ningun|sin|ni|jamas|senza|nessuna|nessun|nie|bez|zadna|zaden|nieoplacona|nieplatna|niesponsorowana
не|без|нет|ни|никакая|никакой|ليس|ليست|ليسا|غير|بدون|بلا|مو|مش|ما|لا
"""
_BETWEEN = """
a|an|any|the|my|is|being|even|really|actually|to|way|in any way|by anyone|paid|eine|ein|einer|auch
wirklich|bezahlte
es|una|un|e|uma|um|esto|contiene|contem|ceci|est|une|de|d'|du|la|il|le|della|di|contiene
jest|to jest|zadna|to|это|является|никакая|هذا|هذه|هو|هي|اي
"""
_DENIED = """
ad|ads|advert|advertisement|advertising|sponsored|sponsorship|sponsor|paid|promo|promotion|paid promotion
paid partnership|partnership|affiliate|affiliated|endorsement|commercial|spon
werbung|anzeige|gesponsert|gesponserte|gesponserter|bezahlt|bezahlte|kooperation|werbepartnerschaft
partnerschaft
publicidad|anuncio|publi|patrocinado|patrocinada|pagado|pagada|promocion|colaboracion pagada
publicidade|propaganda
pago|paga|parceria|parceria paga|publipost|publicite|pub|sponsorise|sponsorisee|sponsorises
remunere|remuneree
partenariat|collaboration commerciale|partenariat remunere|pubblicita|sponsorizzato|sponsorizzata
pagato|pagata|adv
reklama|reklamy|reklamowa|reklamowy|sponsorowany|sponsorowana|sponsorowane|platna|oplacona|oplacony
wspolpraca
platna wspolpraca|wspolpraca reklamowa|реклама|рекламой|рекламы|рекламный|спонсор|спонсорский
проплачено|оплачено
اعلان|اعلانا|اعلانيا|اعلاني|دعايه|مدفوع|مدفوعه|مدفوعا|رعايه|برعايه|ممول
"""
_DENIED_AFTER = """
unbezahlt|nicht bezahlt|unbeauftragt|ohne auftrag|wegen markennennung|da markennennung|durch markennennung
wegen verlinkung|selbst gekauft|selbst bezahlt|unpaid|not paid|non remuneree|non remunere|non sponsorisee
non sponsorise|non retribuita|non pagata|no pagada|no pagado|no remunerada|sin remuneracion
nao paga|nao pago
nao remunerada|nieoplacona|nieodplatna|niesponsorowana|bez wynagrodzenia|не оплачена|неоплаченная|бесплатная
غير مدفوع|غير مدفوعه|غير ممول
"""
_DENYING_WORDS = """
unbezahlte werbung|werbung unbezahlt|selbst gekauft|selbst bezahlt|unsponsored|non-sponsored
not sponsored|self paid
nieoplacona|niesponsorowane|niesponsorowany|nieoplacone
"""
_DENYING_TAGS = """
notanad|notad|notsponsored|notpaid|unsponsored|unpaid|nonsponsored|noad|unbezahlt|unbezahltewerbung
werbungunbezahlt|selbstgekauft|selbstbezahlt|keinewerbung|unbeauftragt|werbungwegenmarkennennung
noespublicidad|nopatrocinado|nopubli|sinpatrocinio|naoepubli|naopatrocinado|naopubli|nonsponsorise
nonsponsorisee|pasdepub|pasunepub|nonsponsorizzato|nonpubblicita|nonpagato|noadv|niereklama|nieoplacone
niesponsorowane|niereklamowane|нереклама|ليساعلان|اعلانغيرمدفوع|غيرمدفوع
"""


@cache
def denying_tags() -> frozenset[str]:
    """Hashtags that deny being paid, as `graph.sponsorship.disclosure_lexicon.tag_key` writes them."""
    return folded_phrases(_DENYING_TAGS)


def denials(small: str, words: AbstractSet[str] | None = None) -> list[tuple[int, int]]:
    """Stretches [start, end) of folded text that deny being paid, in order.

    A bare "no" before a hashtag denies nothing ("could not say no #ad"), nor does "why not" or "or not".

    Args:
        small: The text.
        words: Its words, where they are known already.
    """
    if not may_open(_openings(), words_of(small) if words is None else words):
        return []
    return [match.span() for match in _pattern().finditer(small) if not _is_figure_of_speech(match)]


def _is_figure_of_speech(match: re.Match[str]) -> bool:
    words = match.group()
    return words.startswith(("no #", "ni #", "لا #", "ما #"))


@cache
def _openings() -> frozenset[str] | None:
    """What begins a denial: who denies, what is denied where the denial comes after it, or both in a word."""
    blocks = (_DENIERS, _DENIED, _DENYING_WORDS)
    return opening_words(frozenset().union(*(folded_phrases(block) for block in blocks)))


@cache
def _pattern() -> re.Pattern[str]:
    deniers, between, denied, after, words = (
        trie_pattern(folded_phrases(block))
        for block in (_DENIERS, _BETWEEN, _DENIED, _DENIED_AFTER, _DENYING_WORDS)
    )
    # every repetition is bounded, so that no text can make the search wander
    return re.compile(
        rf"(?<!\w)(?<!why )(?<!or )(?:{words}"
        rf"|(?:{deniers})(?!\w)(?: (?:{between})(?!\w)|(?<=d')){{0,3}}[ ]?[\[(\"'«“]?#?(?:{denied})"
        rf"|#?(?:{denied})[\s,(:|/-]{{1,3}}(?:{after}))(?!\w)"
    )
