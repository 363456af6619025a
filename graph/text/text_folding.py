# ruff: noqa: RUF001 - the letters of nine languages and their look-alikes are the subject here
"""Text brought to one spelling, so that words can be compared.

Belongs here: folding that keeps the order of words. Does not belong here: word lists
(`pipelines.lexicons`) and what a word means (`graph.sponsorship.disclosure`,
`graph.sponsorship.commercial_signals`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Latin letters without a decomposition, and the Arabic letters that writers use for one another.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "đ": "d",
        "Đ": "D",
        "ø": "o",
        "Ø": "O",
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ʼ": "'",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "ـ": None,  # tatweel stretches a word and means nothing
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ک": "ك",
        "ԁ": "d",  # komi de, drawn like a Latin d
        "ɑ": "a",
        "ɡ": "g",
    }
)
_LETTER = re.compile("[" + "".join(map(chr, _LETTERS)) + "]")
_LATIN_FOR_CYRILLIC = dict(zip("асеорхуікмнтвгѕјԛԝһ", "aceopxyikmhtbrsjqwh", strict=True))
_LATIN_FOR_GREEK = dict(zip("αοερινκτυχ", "aoepivktux", strict=True))
_CYRILLIC_FOR_LATIN = dict(zip("aceopxykmhtbrnu", "асеорхукмнтвгпи", strict=True))
_LATIN = re.compile(r"[a-z]")
_LIKE_LATIN = re.compile(r"[\u0370-\u052f\u1c80-\u1c88]")  # Greek and Cyrillic, to its rare small letters
# a run of letters is tried from its start alone: from its middle it would fail in the same place
_LOOKALIKE_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*[\u0370-\u052f])\w+")
TEXT_END = "␞"
"""Stands between texts that are read in one go; a text that holds it has a blank there."""
ADDRESSES = re.compile(r"(?:https?://|www\.)[^\s␞]+|@[\w.-]+")
"""Links, mentions and the domain of an e-mail address in folded text."""
_BLANKS = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")  # all but the single space, which can stay
_LINE_BREAKS = re.compile(r"(?: \n|\n)[ \n]*")
_RAW_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def fold(text: str) -> str:
    """The text in small letters without accents, harakat, tatweel, invisible characters and look-alikes.

    Unicode NFKC first (so that full-width and mathematical letters are letters), then marks and format
    characters go, Arabic alef, teh marbuta, yeh and hamza forms become one letter each, Polish ł becomes
    l. Runs of blanks become one, runs of line breaks one line break. Linear in the length of the text.
    """
    return fold_letters(fold_cased(text))


def folded_join(texts: Iterable[str]) -> str:
    """All texts folded, as one with `TEXT_END` between them: one pass of a pattern reads all of them."""
    return TEXT_END.join(fold(text.replace(TEXT_END, " ")) for text in texts)


def fold_cased(text: str) -> str:
    """`fold`, with capitals and look-alikes kept; as long as what `fold_letters` makes of it."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _invisible().sub("", unicodedata.normalize("NFD", _one_spelling(text)))
        text = _one_spelling(text)
    elif not text.isprintable():
        text = _invisible_ascii().sub("", text)
    if text.isprintable() and "  " not in text:
        return text.strip()  # no line break, and every blank is one already, as in most texts
    text = _RAW_LINE_BREAKS.sub("\n", text)
    return _LINE_BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def fold_letters(cased: str) -> str:
    """Small letters of a text from `fold_cased`, with letters of another alphabet inside a word replaced."""
    small = cased.lower()
    return _LOOKALIKE_WORD.sub(_one_alphabet, small) if may_mix_alphabets(small) else small


def may_mix_alphabets(text: str) -> bool:
    """Whether `fold_letters` may do more than make letters small: letters stand here that look like Latin."""
    return not text.isascii() and _LIKE_LATIN.search(text) is not None


def folded_phrases(block: str) -> frozenset[str]:
    """The phrases of a word list, folded: one or more per line, with | between them."""
    return frozenset(fold(phrase) for line in block.splitlines() for phrase in line.split("|") if phrase)


def _one_spelling(text: str) -> str:
    """`str.translate` of the letters, which looks up each character of a text; the few are found faster."""
    return _LETTER.sub(lambda found: _LETTERS[ord(found[0])] or "", text)


def _one_alphabet(match: re.Match[str]) -> str:
    """A word of mixed alphabets in one of them, if all its foreign letters are look-alikes."""
    word = match.group()
    latin = "".join(
        _LATIN_FOR_CYRILLIC.get(letter) or _LATIN_FOR_GREEK.get(letter, letter) for letter in word
    )
    if latin.isascii():
        return latin
    cyrillic = "".join(_CYRILLIC_FOR_LATIN.get(letter, letter) for letter in word)
    return word if _LATIN.search(cyrillic) else cyrillic


@cache
def _invisible() -> re.Pattern[str]:
    """Combining marks, controls (but white space), format, surrogate and private characters, as one class."""
    gone = [code for code in (*range(0x10000), *range(0xE0000, 0xE01F0)) if _is_invisible(chr(code))]
    spans: list[list[int]] = []
    for code in gone:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return re.compile("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in spans) + "]+")


@cache
def _invisible_ascii() -> re.Pattern[str]:
    return re.compile(r"[\x00-\x08\x0e-\x1f\x7f]+")


def _is_invisible(character: str) -> bool:
    if character.isspace():
        return False
    # Hangul fillers are letters to Unicode and blanks to the eye
    return unicodedata.category(character) in {"Mn", "Me", "Cc", "Cf", "Cs", "Co"} or character in "ᅟᅠㅤ\uffa0"
