"""Near-identical texts: which of many texts are the same words again, inside one scope each.

A scope is whatever texts are compared within: one author (answers that are pasted rather than written), or
one number for everybody (copies that travel between accounts). What a copy means, the callers say. Works
on letters of any script, because shingles are runs of characters and not of words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import sorted_unique
from graph.text.text_folding import ADDRESSES, TEXT_END, folded_join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

SHINGLE = 4
"""Characters per shingle: long enough to be rare in alphabets, short enough for two words of Chinese."""
SAME_FROM = 0.8
"""Jaccard similarity of shingles from which two texts are the same words again."""
PAIRS_AT_ONCE = 200_000
"""Candidate pairs compared in one go; bounds the memory."""
CHARACTERS_AT_ONCE = 2_000_000
"""Characters of whole scopes that are compared in one go; bounds the memory (some 100 bytes each)."""

_NOT_LETTERS = re.compile(r"[^\w␞]+|[\d_]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class ScopeError(ValueError):
    """Texts and scopes that do not fit together."""


def bare_words(texts: Sequence[str]) -> list[str]:
    """What is left of each text for comparing: folded letters with single blanks between the words.

    Mentions, addresses, digits, emoji, punctuation, case, accents and look-alike letters go. A text of emoji
    alone is left empty, and so equals every other: there are no words in it that were written for anybody.
    """
    if not texts:
        return []
    small = ADDRESSES.sub(" ", folded_join(texts))
    return [text.strip() for text in _NOT_LETTERS.sub(" ", small).split(TEXT_END)]


def near_duplicate_groups(
    texts: Sequence[str], scope: IntegerArray, *, same_from: float = SAME_FROM
) -> NDArray[np.int64]:
    """Group the texts of each scope that are near-identical, directly or through one another.

    Exact, without sampling: texts are sets of character shingles, two of them are the same from a Jaccard
    similarity of `same_from`, and only pairs that share one of their rarest shingles are compared (prefix
    filtering), because all others cannot reach it. Texts that are equal once bare are one before that.

    Args:
        texts: any strings.
        scope: int[texts], texts are only compared inside the same scope.
        same_from: similarity from which two texts count as one, in (0, 1].

    Returns:
        int64[texts], a group number per text, 0..groups-1; scopes never share a group.

    Raises:
        ScopeError: if there is not one scope per text, or `same_from` is outside (0, 1].

    References:
        Broder (1997), "On the resemblance and containment of documents"; Bayardo, Ma, Srikant (2007),
        "Scaling up all pairs similarity search", WWW.
    """
    scope = np.asarray(scope)
    if scope.shape != (len(texts),) or not 0 < same_from <= 1:
        raise ScopeError(
            f"{len(texts)} texts, {scope.size} scopes, similarity {same_from!r}: they do not fit."
        )
    if not texts:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(scope, kind="stable")
    length = np.array([len(text) for text in texts])[order]
    begin = np.flatnonzero(np.append(True, np.diff(scope[order]) != 0))
    end = np.append(begin[1:], scope.size)
    group = np.empty(scope.size, dtype=np.int64)
    n_groups = 0
    for first, after in spans(np.add.reduceat(length, begin), CHARACTERS_AT_ONCE):
        chosen = order[begin[first] : end[after - 1]]
        found = _groups([texts[place] for place in chosen], scope[chosen], same_from)
        group[chosen] = found + n_groups
        n_groups += int(found.max()) + 1
    return group


def _groups(texts: Sequence[str], scope: IntegerArray, same_from: float) -> NDArray[np.int64]:
    """`near_duplicate_groups` of some scopes, in one go."""
    bare = bare_words(texts)
    first_of: dict[tuple[int, str], int] = {}
    kept = np.array(
        [first_of.setdefault(key, len(first_of)) for key in zip(scope.tolist(), bare, strict=True)]
    )
    scopes = np.array([key[0] for key in first_of])
    distinct = [key[1] for key in first_of]
    text, shingle = _shingles(distinct, scopes)
    first, second = _similar_pairs(len(distinct), text, shingle, same_from)
    links = coo_matrix((np.ones(first.size, dtype=bool), (first, second)), shape=(len(distinct),) * 2)
    _, group = connected_components(links, directed=False)
    return group.astype(np.int64)[kept]


def shingle_values(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The shingles of each text as numbers: position of the text, and a scrambled number of the letters.

    In the order of the text, repeated ones repeated. A text shorter than a shingle is one by itself.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    padded = np.maximum(lengths, SHINGLE)  # a short text is filled up, so that it has one shingle
    letters = np.frombuffer(
        "".join(text.ljust(SHINGLE, "\0") for text in texts).encode("utf-32-le", "surrogatepass"),
        dtype=np.uint32,
    ).astype(np.uint64)
    counts = padded - SHINGLE + 1
    owner = np.repeat(np.arange(len(texts)), counts)
    start = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    start += np.repeat(np.cumsum(padded) - padded, counts)
    value = np.zeros(owner.size, dtype=np.uint64)
    for place in range(SHINGLE):
        value = mixed(value ^ (letters[start + place] * _MULTIPLIER))
    return owner, value


def _shingles(texts: Sequence[str], scopes: IntegerArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct shingles of each text: position of the text, and the shingle's rank by rarity, rarest first.

    Ordered by (text, rank). A text shorter than a shingle is one by itself. Equal shingles of different
    scopes are different ones.
    """
    owner, value = shingle_values(texts)
    value = mixed(value ^ mixed(scopes.astype(np.int64).view(np.uint64))[owner])
    order = np.lexsort((owner, value))
    value, owner = value[order], owner[order]
    new_value = np.append(True, value[1:] != value[:-1])[: value.size]
    keep = new_value | np.append(True, owner[1:] != owner[:-1])[: value.size]
    which = (np.cumsum(new_value) - 1)[keep]
    owner = owner[keep]
    holders = np.bincount(which)
    rank = np.empty(holders.size, dtype=np.int64)
    rank[np.argsort(holders, kind="stable")] = np.arange(holders.size)
    shingle = rank[which]
    order = np.lexsort((shingle, owner))
    return owner[order], shingle[order]


def _similar_pairs(
    n_texts: int, text: NDArray[np.int64], shingle: NDArray[np.int64], same_from: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of texts whose sets of shingles have a Jaccard similarity of at least `same_from`."""
    size = np.bincount(text, minlength=n_texts)
    begin = np.cumsum(size) - size
    place = np.arange(text.size) - begin[text]
    # two sets that are similar enough share one of their first |x| - ceil(t |x|) + 1 shingles
    prefix = place <= size[text] - np.ceil(same_from * size[text] - 1e-9)
    held, holder = shingle[prefix], text[prefix]
    order = np.lexsort((holder, held))
    held, holder = held[order], holder[order]
    bucket = np.flatnonzero(np.append(True, held[1:] != held[:-1])[: held.size])
    sizes = np.diff(np.append(bucket, held.size))
    later = np.repeat(bucket + sizes, sizes) - np.arange(held.size) - 1  # how many follow in the same bucket
    found: list[NDArray[np.int64]] = []
    for low, high in spans(later, PAIRS_AT_ONCE):
        first = np.repeat(np.arange(low, high), later[low:high])
        ahead = np.arange(first.size) - np.repeat(
            np.cumsum(later[low:high]) - later[low:high], later[low:high]
        )
        pair = sorted_unique(holder[first] * n_texts + holder[first + 1 + ahead])
        one, other = pair // n_texts, pair % n_texts
        fits = np.minimum(size[one], size[other]) >= same_from * np.maximum(size[one], size[other]) - 1e-9
        one, other = one[fits], other[fits]
        similar = _jaccard(one, other, begin, size, shingle) >= same_from - 1e-9
        found.append(np.stack((one[similar], other[similar])))
    pairs = np.concatenate(found, axis=1) if found else np.zeros((2, 0), dtype=np.int64)
    return pairs[0], pairs[1]


def _jaccard(
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    begin: NDArray[np.int64],
    size: NDArray[np.int64],
    shingle: NDArray[np.int64],
) -> FloatArray:
    """Jaccard similarity of pairs of texts, float64[pairs]."""
    rows = np.repeat(np.arange(one.size), size[one])
    at = np.arange(rows.size) - np.repeat(np.cumsum(size[one]) - size[one], size[one]) + begin[one][rows]
    n_shingles = int(shingle.max(initial=0)) + 1
    text_of = np.repeat(np.arange(size.size), size)
    # shingles stand ordered by (text, shingle), so membership is a binary search
    keys = text_of * n_shingles + shingle
    wanted = other[rows] * n_shingles + shingle[at]
    hit = _is_in_sorted(wanted, keys)
    shared = np.bincount(rows, weights=hit, minlength=one.size)
    return shared / (size[one] + size[other] - shared)


def similarities(texts: Sequence[str], one: NDArray[np.int64], other: NDArray[np.int64]) -> FloatArray:
    """Jaccard similarity of the shingles of pairs of bare texts, float64[pairs].

    Memory grows with the letters of all texts handed in; callers cut the work.
    """
    text, shingle = _shingles(texts, np.zeros(len(texts), dtype=np.int64))
    size = np.bincount(text, minlength=len(texts))
    return _jaccard(one, other, np.cumsum(size) - size, size, shingle)


def _is_in_sorted(wanted: NDArray[np.int64], keys: NDArray[np.int64]) -> BoolArray:
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return keys[place] == wanted


def mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scrambled 64-bit numbers (the finaliser of splitmix64), so that sums of them hardly ever meet."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
