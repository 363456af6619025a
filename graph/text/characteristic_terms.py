"""Characteristic terms: what the members of a group say of themselves more than other members do.

Cutting texts into terms and telling which terms set a group apart belong here. Word lists do not: stop words
fall out because every group uses them alike. Texts come from strangers, so terms hold letters, digits,
hyphens, hash signs and emoji and nothing else, are short, and are never links or the handles of others.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.arrays.sparse_rows import sorted_unique
from graph.text.text_folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

MIN_CARRIERS = 3
"""A term that fewer members of a group use is no trait of the group, and might point at one person."""

MIN_SHARE = 0.05
"""A term that a smaller part of the group's texts holds does not describe the group."""

Z_FROM = 3.0
"""Thousands of terms are looked at, so 1.96 would let dozens through by chance."""

PRIOR_MEMBERS = 10.0
"""What the rest of the audience says counts as this many members of the group, so that 3 of 4 is no trait."""

FEWEST_TERMS = 2
"""With fewer terms a name says little, and the next source of texts is read."""

LONGEST_TEXT = 4_000
LONGEST_TERM = 24
PHRASE_SHARE = 0.6
"""A phrase stands for a word where at least this part of the word's carriers use the phrase."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\ue000-\uf8ff\U0001f3fb-\U0001f3ff\U000e0000-\U0010ffff]+"
)
# What is not the writer's own words; every repeat has an end, so that hostile texts cost no more than others.
_HANDLE = re.compile(r"(?<!\S)[^\s@]{0,64}@\S*|@\S*")  # addresses too
_MARKUP = re.compile(r"<[^<>]{0,200}>|&#?\w{1,31};")
_MAYBE_LINK = re.compile(r"\w\.\w|://")
_LINK = re.compile(
    r"(?<!\w)\w{1,20}://\S*|(?<!\w)www\.\S*"
    r"|(?<!\w)\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){0,4}\.[^\W\d_]{2,24}\b(?:/\S*)?"
)
# Marks belong to the letter before them in these scripts, and Python does not count them as word characters.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd"
    "\u0d00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3"
)
_HAN = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_EMOJI = (  # without skin tones and the signs of gender, which modify another one
    "[\U0001f1e6-\U0001f1ff]{2}|"
    "[\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u263f\u2643-\u27bf\u2b50\u2b55]"
)
_FIRST_HAN = "\u3005"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_TOKEN = re.compile(f"#?[^\\W_][\\w{_MARKS}]*(?:-[^\\W_][\\w{_MARKS}]*)*|{_EMOJI}|[^\\w\\s#]|\n")
_TERM = re.compile(
    f"#?(?=[^ ]*[^\\W\\d_])[^\\W_][\\w{_MARKS}-]+(?: (?=[^ ]*[^\\W\\d_])[^\\W_][\\w{_MARKS}-]+)?|{_EMOJI}"
)
_LONGEST_GRAM = 4
_MOST_GRAMS = 60  # characters of one run without blanks that are cut into pieces


@dataclass(frozen=True)
class CharacteristicTerms:
    """Terms by group, the most telling first; arrays and list have one entry per term.

    Attributes:
        group: int32, the group a term belongs to, ascending.
        term: as its carriers write it most often.
        carriers: int64, members of the group that use it.
        z: float64, log-odds against the rest of the audience in standard deviations.
    """

    group: NDArray[np.int32]
    term: list[str]
    carriers: NDArray[np.int64]
    z: FloatArray


def characteristic_terms(
    texts: Sequence[str | None],
    groups: IntegerArray,
    *,
    strata: ArrayLike | None = None,
    n_terms: int = 5,
    phrases: bool = True,
) -> CharacteristicTerms:
    """The terms that members of each group use more than comparable members outside it.

    Each member counts once per term, however often it repeats it. With ``n`` members of a group that have a
    text, ``y`` of them carrying a term, and ``b`` the share among the others, the statistic is the log-odds
    of ``(y + A b) : (n - y + A (1 - b))`` against ``b : (1 - b)`` over its standard deviation, with
    ``A = PRIOR_MEMBERS`` (Monroe, Colaresi, Quinn 2008). ``b`` is matched on the stratum: the share is taken
    within each stratum, shrunk by `PRIOR_MEMBERS` towards the share of the stratum as a whole, and averaged
    as the group's members are spread over strata. With the language as stratum, *und* does not set a German
    group apart, because other Germans write it as well.

    Terms are words, hashtags (the same term as their word), single emoji, phrases of two words, and pieces of
    two to four characters where a script has no blanks. They are compared folded (`graph.text.text_folding`).
    Terms too close to a better one are left out.

    Args:
        texts: text of each of m members, None or empty where there is none.
        groups: int[m], group of each, -1 for none; members of none count among the others.
        strata: label of each, for example its language; None for one stratum.
        n_terms: terms per group, at most.
        phrases: whether to look at phrases of two words.

    Returns:
        Terms with at least `MIN_CARRIERS` carriers, `MIN_SHARE` of the group and `Z_FROM`; a group that
        shares nothing has none.

    References:
        Monroe, Colaresi, Quinn (2008), "Fightin' Words", Political Analysis 16.
    """
    groups = np.asarray(groups)
    has_text = np.array([bool(text) for text in texts], dtype=bool)
    stratum = np.zeros(len(texts), dtype=np.int64) if strata is None else _codes(strata)
    tokens = [_tokens(text) if text else [] for text in texts]
    counts = [_counted([_single_terms(found) for found in tokens], groups, stratum, has_text)]
    if phrases:
        # both words of a phrase must tell something, so only those can begin or end one
        telling = counts[0].telling_surfaces()
        counts.append(_counted([_phrases(found, telling) for found in tokens], groups, stratum, has_text))
    rows: list[tuple[int, str, int, float]] = []
    for group in range(int(groups.max(initial=-1)) + 1):
        ranked = sorted((found for kind in counts for found in kind.ranked[group]), key=_best_first)
        chosen = _distinct(
            [found for found in ranked if _is_whole(found[0], counts[0].ranked[group])], n_terms
        )
        for key, carriers, z in chosen:
            of_kind = counts[1 if " " in key else 0]
            rows.append((group, of_kind.as_written(key, groups, group), carriers, z))
    return _terms_of(rows)


def terms_by_source(
    sources: Sequence[Sequence[str | None]], groups: IntegerArray, *, strata: ArrayLike | None = None
) -> CharacteristicTerms:
    """`characteristic_terms` of the first source that says enough about a group.

    A later source is read only where an earlier one left a group with fewer than `FEWEST_TERMS`, and it is
    used for a group only where it gives more.

    Args:
        sources: texts of the members, the preferred ones first, for example their bios and their posts.
        groups: int[m], group of each member, -1 for none.
        strata: label of each member.
    """
    n_groups = int(np.max(groups, initial=-1)) + 1
    best: list[list[tuple[int, str, int, float]]] = [[] for _ in range(n_groups)]
    for texts in sources:
        if all(len(rows) >= FEWEST_TERMS for rows in best):
            break
        found = characteristic_terms(texts, groups, strata=strata)
        rows = list(
            zip(found.group.tolist(), found.term, found.carriers.tolist(), found.z.tolist(), strict=True)
        )
        for group, earlier in enumerate(best):
            own = [row for row in rows if row[0] == group]
            if len(earlier) < FEWEST_TERMS and len(own) > len(earlier):
                best[group] = own
    return _terms_of([row for rows in best for row in rows])


def _tokens(text: str) -> list[str]:
    """What a text is cut into, in order; punctuation and line breaks keep words apart."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:LONGEST_TEXT]
    text = _without_others(_HIDDEN.sub("", text))
    if _HAN_RUN.search(text):
        text = _HAN_RUN.sub(r" \g<0> ", text)
    return _TOKEN.findall(text)


def _single_terms(tokens: list[str]) -> set[str]:
    """The tokens once each, with pieces of runs that have no blanks; not every one is fit to be a term."""
    found = set(tokens)
    for run in [token for token in found if token[0] >= _FIRST_HAN and _HAN_RUN.match(token)]:
        found.update(_grams(run[:_MOST_GRAMS]))
    return found


def _phrases(tokens: list[str], telling: set[str]) -> set[str]:
    """Neighbouring pairs of telling words."""
    return {
        f"{first} {second}" for first, second in pairwise(tokens) if first in telling and second in telling
    }


def _without_others(text: str) -> str:
    """The text with a break in the place of links, addresses, handles, tags of mark-up and its entities."""
    if _MAYBE_LINK.search(text):
        text = _LINK.sub(" . ", text)
    if "@" in text:
        text = _HANDLE.sub(" . ", text)
    return _MARKUP.sub(" . ", text) if "<" in text or "&" in text else text


def _is_term(piece: str) -> bool:
    """Whether a piece is short, has letters or is an emoji, and is whole."""
    if len(piece) > LONGEST_TERM or not _TERM.fullmatch(piece):
        return False
    if len(piece) == 2 and piece != piece.upper():
        return False  # AI and ML name a group, "we" and "de" do not
    return len(piece) <= _LONGEST_GRAM or not _HAN_RUN.match(piece)


def _grams(run: str) -> Iterable[str]:
    sizes = range(2, _LONGEST_GRAM + 1)
    return (run[start : start + size] for size in sizes for start in range(len(run) - size + 1))


Ranked = tuple[str, int, float]
"""Key of a term, how many of the group carry it, and z."""


@dataclass(frozen=True)
class _Counts:
    """Who carries what, and what that tells; entries are (member, surface) pairs.

    Attributes:
        member: int64[entries].
        surface: int64[entries], position in `vocabulary`.
        vocabulary: every term as written.
        keys: distinct folded terms, sorted.
        key_of_surface: int64[vocabulary], position in `keys`.
        ranked: per group the telling terms, the most telling first.
    """

    member: NDArray[np.int64]
    surface: NDArray[np.int64]
    vocabulary: list[str]
    keys: NDArray[np.str_]
    key_of_surface: NDArray[np.int64]
    ranked: list[list[Ranked]]

    def telling_surfaces(self) -> set[str]:
        """Every way of writing a term that tells something about any group."""
        telling = {key for rows in self.ranked for key, _, _ in rows}
        is_telling = np.array([key in telling for key in self.keys.tolist()], dtype=bool)
        return {self.vocabulary[place] for place in np.flatnonzero(is_telling[self.key_of_surface]).tolist()}

    def as_written(self, key: str, groups: IntegerArray, group: int) -> str:
        """A key as most members of the group write it."""
        is_key = self.key_of_surface[self.surface] == np.searchsorted(self.keys, key)
        entries = self.surface[is_key & (groups[self.member] == group)]
        written = Counter(self.vocabulary[number] for number in entries.tolist())
        return min(written, key=lambda term: (-written[term], term))


def _counted(
    words: Sequence[set[str]], groups: IntegerArray, stratum: IntegerArray, has_text: NDArray[np.bool_]
) -> _Counts:
    """Count the carriers of every term and rank the telling ones of each group."""
    member, surface, vocabulary = _carried(words)
    keys, key_of_surface = np.unique(_folded(vocabulary), return_inverse=True)
    pair = sorted_unique(member * max(keys.size, 1) + key_of_surface[surface])  # once per member and term
    carrier, carried = np.divmod(pair, max(keys.size, 1))
    carries = csr_array(coo_array((np.ones(pair.size), (carrier, carried)), shape=(len(words), keys.size)))
    frequent = np.flatnonzero(np.bincount(carried, minlength=keys.size) >= MIN_CARRIERS)
    carriers, z = _contrast(csr_array(carries[:, frequent]), groups, stratum, has_text)
    texted = np.bincount(groups[has_text] + 1, minlength=len(carriers) + 1)[1:]
    telling = (carriers >= MIN_CARRIERS) & (carriers >= MIN_SHARE * texted[:, None]) & (z >= Z_FROM)
    ranked = [
        sorted(
            (
                (str(keys[frequent[place]]), int(carriers[group, place]), float(z[group, place]))
                for place in np.flatnonzero(telling[group]).tolist()
            ),
            key=_best_first,
        )
        for group in range(len(carriers))
    ]
    return _Counts(member, surface, vocabulary, keys, key_of_surface.astype(np.int64), ranked)


def _best_first(found: Ranked) -> tuple[float, str]:
    return -found[2], found[0]


def _carried(words: Sequence[set[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Member and surface of every (member, surface) pair, and the surfaces in the order of their number."""
    number: dict[str, int] = {}
    surface = np.array([number.setdefault(term, len(number)) for terms in words for term in terms], np.int64)
    member = np.repeat(np.arange(len(words)), np.array([len(terms) for terms in words], dtype=np.int64))
    fit = np.array([_is_term(piece) for piece in number], dtype=bool)
    renumbered = np.cumsum(fit) - 1
    kept = fit[surface]
    vocabulary = [piece for piece, ok in zip(number, fit.tolist(), strict=True) if ok]
    return member[kept], renumbered[surface[kept]], vocabulary


def _folded(vocabulary: list[str]) -> NDArray[np.str_]:
    """The key of every surface: folded, a hashtag as its word; folding all at once is folding each."""
    joined = fold("\n".join(vocabulary)).replace("#", "").split("\n")
    if len(joined) != len(vocabulary):  # a surface of which folding leaves nothing
        joined = [fold(term).replace("#", "") or term for term in vocabulary]
    return np.array(joined, dtype=np.str_)


def _codes(labels: ArrayLike) -> NDArray[np.int64]:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)


def _contrast(
    carries: csr_array, groups: IntegerArray, stratum: IntegerArray, has_text: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Carriers in each group, and z of the log-odds against the matched others; both [groups, terms]."""
    n_groups, n_terms = int(groups.max(initial=-1)) + 1, carries.shape[1]
    inside, matched = np.zeros((n_groups, n_terms)), np.zeros((n_groups, n_terms))
    size, others = np.zeros(n_groups), np.zeros(n_groups)
    in_group = (groups >= 0) & has_text
    total = np.bincount(groups[in_group], minlength=n_groups).astype(np.float64)
    for number in range(int(stratum.max(initial=-1)) + 1):
        here = np.flatnonzero((stratum == number) & has_text)
        if not here.size:
            continue
        members = here[groups[here] >= 0]
        indicator = csr_array((np.ones(members.size), (groups[members], members)), (n_groups, groups.size))
        carrying = (indicator @ carries).toarray()
        everybody = np.asarray(carries[here].sum(axis=0)).ravel()
        count = np.bincount(groups[members], minlength=n_groups).astype(np.float64)
        rest = here.size - count
        share = (everybody - carrying + PRIOR_MEMBERS * everybody / here.size) / (rest + PRIOR_MEMBERS)[
            :, None
        ]
        matched += np.divide(count, total, out=np.zeros(n_groups), where=total > 0)[:, None] * share
        inside += carrying
        size += count
        others += np.where(count > 0, rest, 0.0)
    base = np.clip(matched, 1e-9, 1 - 1e-9)
    above, below = inside + PRIOR_MEMBERS * base, size[:, None] - inside + PRIOR_MEMBERS * (1 - base)
    weight = (others + PRIOR_MEMBERS)[:, None]
    variance = 1 / above + 1 / below + 1 / (weight * base) + 1 / (weight * (1 - base))
    log_odds = np.log(above / below) - np.log(base / (1 - base))
    return inside, np.where(size[:, None] > 0, log_odds / np.sqrt(variance), 0.0)


def _is_whole(key: str, words: list[Ranked]) -> bool:
    """Whether every word of a phrase is telling for the group by itself, unlike in *the trail*."""
    return " " not in key or {word for word, _, _ in words}.issuperset(key.split())


def _distinct(ranked: list[Ranked], n_terms: int) -> list[Ranked]:
    """The best terms that do not repeat each other; a phrase or longer piece instead of its word or part."""
    chosen: list[Ranked] = []
    for found in ranked:
        key, carriers, _ = found
        if len(chosen) == n_terms:
            break
        if any(_shares_words(key, taken) for taken, _, _ in chosen):
            continue
        longer = [
            other
            for other in ranked
            if len(other[0]) > len(key) and _is_within(key, other[0]) and other[1] >= PHRASE_SHARE * carriers
        ]
        best = max(longer, key=_most_said, default=found)
        repeats = any(_shares_words(best[0], taken) for taken, _, _ in chosen)
        chosen.append(found if repeats else best)
    return chosen


def _most_said(found: Ranked) -> tuple[int, int]:
    return found[1] * len(found[0].split()), len(found[0])


def _is_within(part: str, whole: str) -> bool:
    return part in whole.split() or (_HAN_RUN.fullmatch(part) is not None and part in whole)


def _shares_words(first: str, second: str) -> bool:
    if _HAN_RUN.fullmatch(first) and _HAN_RUN.fullmatch(second):
        return not {*first}.isdisjoint(second)
    return not set(first.split()).isdisjoint(second.split())


def _terms_of(rows: list[tuple[int, str, int, float]]) -> CharacteristicTerms:
    return CharacteristicTerms(
        group=np.array([row[0] for row in rows], dtype=np.int32),
        term=[row[1] for row in rows],
        carriers=np.array([row[2] for row in rows], dtype=np.int64),
        z=np.array([row[3] for row in rows], dtype=np.float64),
    )
