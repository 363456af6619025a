"""What a handle or a name looks like to the eye, and what is left of it without what imitators add.

Belongs here: skeletons and cores of single names. Does not belong here: who resembles whom
(`graph.shill.impersonation`), and folding of texts that are read as words (`graph.text.text_folding`).

References:
    Unicode Technical Standard #39, "Unicode Security Mechanisms", section 4 (confusable detection): two names
    are confusable if their skeletons are equal. The table of confusable characters comes from the library
    `homoglyphs_fork`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

LONGEST = 64
"""Characters of a name that are looked at: nobody reads on, and strangers write names of a megabyte."""

FEWEST_LEFT = 5
"""Characters that must be left of a name where an added word without a gap is taken off."""

_MARK = "\u200e"  # the library writes right-to-left characters between such marks
# What the eye takes for another once letters are small; `i` and `l` are one as capital and small letter.
_SMALL = str.maketrans({"i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "$": "s"})
_PAIRS = (("vv", "w"), ("rn", "m"))
_DIGITS_FOR_LETTERS = str.maketrans("34578", "eastb")
_DIGIT_AMONG_LETTERS = re.compile(r"(?<=[^\W\d_])[34578](?=[^\W\d_])")
_NO_LETTER = re.compile(r"[\W_]+")
_DIGITS_AT_AN_END = re.compile(r"^\d+(?=\D)|(?<=\D)\d+$|^\d+$")
_DOUBLED = re.compile(r"(.)\1+")
_ADDED = """
the|real|thereal|official|oficial|officiel|officielle|offiziell|ufficiale|oficjalny|oficjalna|oficjalnie
официальный|официальная|офиц|رسمي|الرسمي|original|originale|verified|verificado|its|itsme|i|am|iam|im
backup|private|priv|account|acc|page|new|nuevo|novo|nova|second|2nd|giveaway|giveaways|support|help|team|tv|hq
"""


def skeleton(name: str) -> str:
    """What a name looks like: equal for names that the eye takes for one another.

    Compatibility forms, invisible characters, marks over letters and capitals are folded, every confusable
    character is written as its prototype, and of letters that only differ in print (i, l and 1; 0 and o; rn
    and m; vv and w) one is kept. An empty text where nothing visible is left. Not for display.
    """
    text = name[:LONGEST].strip().removeprefix("@")
    if not text.isascii():
        text = _without_marks(unicodedata.normalize("NFKD", text)).translate(_prototypes())
        text = _without_marks(unicodedata.normalize("NFKD", text))
    small = text.casefold().translate(_SMALL)
    for pair, letter in _PAIRS:
        small = small.replace(pair, letter)
    return small


@lru_cache(maxsize=1 << 16)  # each name is asked for by who resembles whom and by who shows the same name
def core(name: str) -> str:
    """What is left of a name without what imitators add: a skeleton of its letters alone.

    Dots, underscores and blanks, digits at either end, words such as "official" or "the real", and doubled
    letters go; digits between letters are read as the letters they stand for. A name that consists of such
    things only keeps them.
    """
    shown = _spaced_capitals(unicodedata.normalize("NFKC", name[:LONGEST]))
    named = [part for part in map(_core_of_word, _NO_LETTER.split(shown)) if part]
    kept = [part for part in named if part not in _added_words()] or named
    return _without_added("".join(kept)) or skeleton(shown)


def _core_of_word(word: str) -> str:
    """A word without digits at its ends and doubled letters, as it looks."""
    # Digits go before a 1 becomes an l; where it stands for one, skeletons are equal already.
    bare = skeleton(_DIGITS_AT_AN_END.sub("", word))
    spelled = _DIGIT_AMONG_LETTERS.sub(lambda found: found[0].translate(_DIGITS_FOR_LETTERS), bare)
    return _DOUBLED.sub(r"\1", spelled)


def written(name: str) -> str:
    """A name as its writer meant it, in small letters: two spellings of one are no look-alikes."""
    return unicodedata.normalize("NFC", name[:LONGEST].strip().removeprefix("@")).casefold()


def spelled(name: str) -> str:
    """A name letter by letter, without accents; of names with one skeleton, spellings tell who disguises."""
    kept = unicodedata.normalize("NFD", written(name))
    return "".join(character for character in kept if unicodedata.category(character) != "Mn")


def words_of(name: str) -> list[str]:
    """The skeletons of the words of a name."""
    return [part for part in _NO_LETTER.split(skeleton(name)) if part]


def shortened_by_one(text: str) -> set[str]:
    """The text, and the text without each one of its characters: two that differ by one share a member."""
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}


def differ_by_one(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or exchange of neighbours makes one the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


def _spaced_capitals(name: str) -> str:
    """`RealJane` as `Real Jane`, so that its words are found."""
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)


def _without_added(joined: str) -> str:
    """Without one added word at the end or the beginning, the longest, if a name of some length is left."""
    words, lengths = _words_without_a_gap()
    for length in lengths:
        if len(joined) - length < FEWEST_LEFT:
            continue
        last, first = joined[-length:], joined[:length]
        if last in words and (first not in words or last <= first):
            return joined[:-length]
        if first in words:
            return joined[length:]
    return joined


def _without_marks(text: str) -> str:
    """Without marks over letters, invisible characters, controls and what reorders text."""
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in {"Mn", "Me", "Cf", "Cc", "Co", "Cs"}
    )


@cache
def _added_words() -> frozenset[str]:
    return frozenset(_core_of_word(word) for line in _ADDED.split() for word in line.split("|"))


@cache
def _words_without_a_gap() -> tuple[frozenset[str], tuple[int, ...]]:
    """The longer added words, which are found without a gap too, and their lengths, the longest first."""
    words = frozenset(word for word in _added_words() if len(word) > 3)
    return words, tuple(sorted({len(word) for word in words}, reverse=True))


@cache
def _prototypes() -> dict[int, str]:
    """Each confusable character to the prototype that stands for all it is confused with.

    In the library's table a prototype lists its look-alikes, and a look-alike its prototype.
    """
    listed = json.loads((files("homoglyphs_fork") / "confusables.json").read_text(encoding="utf-8"))
    table = {key.strip(_MARK): [text.strip(_MARK) for text in alike] for key, alike in listed.items()}
    found = {}
    for character, alike in table.items():
        if (
            len(character) != 1
            or len(alike) != 1
            or (character.isascii() and character.isalpha() and character != "I")
        ):
            continue
        prototype = min(alike[0], character, key=lambda text: (not text.isascii(), -len(text), text))
        found[ord(character)] = prototype
    return found
