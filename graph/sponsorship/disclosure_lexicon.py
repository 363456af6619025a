"""The graded lexicon of disclosure markers, compiled for matching.

Belongs here: what forms and grades mean, and the patterns made of the rows. Does not belong here: the rows
(`pipelines.lexicons`), and how a marker stands in one post (`graph.sponsorship.disclosure`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.text.text_folding import fold
from graph.text.word_tries import WholeWords, opening_words, trie_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMS = (
    "hashtag",
    "phrase",
    "phrase_plus_brand",
    "phrase_plus_number",
    "token",
    "token_10_or_12_digits",
    "word",
    "word_at_start",
)
GAPS = re.compile(r"[\s_-]")
TOKEN_PATTERNS = {
    "token": r"(?<![^\W_])erid(?!\w)[\s:=\u2013-]{1,3}[0-9a-z_]{8,}|[?&]erid=[0-9a-z_]{8,}",
    "token_10_or_12_digits": r"(?<!\w)инн[\s:№]{1,3}(?:\d{12}|\d{10})(?!\d)",
}
TOKEN_LETTERS = {"token": "erid", "token_10_or_12_digits": "инн"}
"""What each of these patterns needs: a text without it is not searched."""


@dataclass(frozen=True)
class Grade:
    """What a grade of the lexicon makes of a post.

    Attributes:
        post_class: the class it gives, or None for grades that are no disclosure.
        hidden_factor: what remains of the suspicion that payment was hidden, in [0, 1].
        needs: what must stand in the post beside the marker ("brand", "erid", "word"), else the post is
            ambiguous.
    """

    post_class: str | None
    hidden_factor: float = 1.0
    needs: str | None = None


GRADES: Mapping[str, Grade] = {
    "adequate": Grade("disclosed_paid", 0.0),
    "adequate_us_weak_uk": Grade("disclosed_paid", 0.0),
    "adequate_code": Grade("disclosed_paid", 0.0),
    "adequate_equiv": Grade("disclosed_paid", 0.0),
    "adequate_minor": Grade("disclosed_paid", 0.0),
    "adequate_with_brand": Grade("disclosed_paid", 0.0, "brand"),
    "adequate_with_erid": Grade("disclosed_paid", 0.0, "erid"),
    "adequate_with_word": Grade("disclosed_paid", 0.0, "word"),
    "own_brand": Grade("own_brand", 0.0),
    "adequate_affiliate": Grade("affiliate_or_code", 0.0),
    "ambiguous_affiliate": Grade("affiliate_or_code", 0.25),
    "ambiguous_gift": Grade("gifted", 0.5),
    "licence_signal": Grade("ambiguous", 0.25),
    "ambiguous": Grade("ambiguous", 0.5),
    "commercial_signal": Grade(None),
    "support": Grade(None),
    "negated": Grade(None),
    "other_notice": Grade(None),
}
GRADE_STRENGTH = {grade: -place for place, grade in enumerate(GRADES)}  # the clearest first


@dataclass(frozen=True, slots=True)
class Marker:
    """One row of the lexicon."""

    text: str
    language: str
    form: str
    grade: str


@dataclass(frozen=True)
class Lexicon:
    """Markers compiled for matching: dictionaries for tags and first words, one trie for everything else."""

    tags: Mapping[str, tuple[Marker, ...]]
    first_words: Mapping[str, tuple[Marker, ...]]
    phrases: Mapping[str, tuple[Marker, ...]]
    tokens: tuple[tuple[re.Pattern[str], Marker], ...]
    phrase_words: WholeWords
    first_word_pattern: re.Pattern[str]
    first_word_openings: frozenset[str] | None
    brand_words: WholeWords | None


class LexiconError(ValueError):
    """Rows that cannot be compiled; the message lists all of them."""


def compile_lexicon(rows: Iterable[Mapping[str, str]], brands: Sequence[str] = ()) -> Lexicon:
    """The lexicon ready for `graph.sponsorship.disclosure.classify_post`.

    Args:
        rows: Mappings with `lang`, `marker`, `form` and `grade`.
        brands: Names and handles of the data set's brands; a post that names one carries the signal
            `brand_named`, and markers that need a brand beside them find it there.

    Raises:
        LexiconError: naming every row whose form or grade is unknown, or whose marker is empty.
    """
    tags: dict[str, tuple[Marker, ...]] = {}
    first_words: dict[str, tuple[Marker, ...]] = {}
    phrases: dict[str, tuple[Marker, ...]] = {}
    tokens, faults = [], []
    for number, row in enumerate(rows, start=1):
        marker = Marker(row["marker"], row["lang"], row["form"], row["grade"])
        folded = fold(marker.text)
        if marker.form not in FORMS or marker.grade not in GRADES or not folded.strip("#_ "):
            faults.append(
                f"row {number}: marker {marker.text!r}, form {marker.form!r}, grade {marker.grade!r}"
            )
        elif marker.form == "hashtag":
            _add(tags, tag_key(folded.lstrip("#")), marker)
        elif marker.form == "word_at_start":
            _add(first_words, folded, marker)
        elif marker.form in TOKEN_PATTERNS:
            tokens.append((re.compile(TOKEN_PATTERNS[marker.form]), marker))
        else:
            for spelling in {folded, fold(_umlauts_spelt_out(marker))}:
                _add(phrases, GAPS.sub(" ", spelling), marker)
    if faults or not phrases or not first_words:
        shown = "; ".join(faults) or "no phrase or no first word among the rows"
        raise LexiconError(
            f"The lexicon cannot be compiled: {shown}. Forms are {FORMS}, grades {tuple(GRADES)}."
        )
    names = {GAPS.sub(" ", fold(brand).lstrip("@#")) for brand in brands} - {""}
    return Lexicon(
        tags=tags,
        first_words=first_words,
        phrases=phrases,
        tokens=tuple(tokens),
        phrase_words=WholeWords(phrases),
        first_word_pattern=re.compile(rf"[^\w#@]*({trie_pattern(first_words)})(?!\w)"),
        first_word_openings=opening_words(first_words),
        brand_words=WholeWords(names) if names else None,
    )


def tag_key(tag: str) -> str:
    """The tag as it is compared: underscores at will."""
    return tag.replace("_", "")


def _add(table: dict[str, tuple[Marker, ...]], key: str, marker: Marker) -> None:
    table[key] = (*table.get(key, ()), marker)


def _umlauts_spelt_out(marker: Marker) -> str:
    if marker.language != "de":
        return marker.text
    return marker.text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
