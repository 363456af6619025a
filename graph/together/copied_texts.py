"""Texts that travel: near-identical texts of several authors within some weeks, and who shares them.

Belongs here: finding copies among a million texts without comparing all pairs, the time window, and whom
copies join. Does not belong here: which texts are worth looking at (whoever asks hands in promotional
ones), and exact groups inside small scopes (`graph.text.near_duplicates`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import sorted_unique
from graph.text.near_duplicates import (
    CHARACTERS_AT_ONCE,
    SAME_FROM,
    bare_words,
    shingle_values,
    similarities,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, IntegerArray

MIN_AUTHORS = 3
MIN_ANSWERS = 3
WINDOW_SECONDS = 30 * 86_400
MIN_LETTERS = 24
"""Shorter bare texts are too often the same by chance ("love this so much")."""
BANDS, ROWS = 10, 3
"""A pair of similarity s is looked at with probability 1 − (1 − s³)¹⁰: 0.999 at 0.8, 0.08 at 0.2."""
NEIGHBOURS = 12
"""Texts of one bucket that each text is compared with, at most; larger buckets hang together by chains."""
SHARED_TEXTS = 0.5
"""Share of the smaller author list from which two copied texts are the work of one group."""
MOST_TEXTS_OF_ONE = 1_000
"""An author of more copied texts than this joins no groups (an aggregator would join all of them)."""

_SEED = 20_240_531
_UNKNOWN = -1


class CopiedTextsError(ValueError):
    """Texts, authors and times that do not fit together."""


@dataclass(frozen=True)
class CopiedTexts:
    """Which of k texts are copies that several authors posted within the window.

    Attributes:
        copy_of: int64[k], number of the copied text, 0..texts−1; −1 where a text is no such copy.
        group_of: int64[texts], number of the group of authors that posts it, 0..groups−1.
    """

    copy_of: NDArray[np.int64]
    group_of: NDArray[np.int64]


def copies_in_window(
    same_words: IntegerArray,
    author: IntegerArray,
    second: IntegerArray,
    *,
    min_authors: int = MIN_AUTHORS,
    window_seconds: int = WINDOW_SECONDS,
) -> CopiedTexts:
    """Texts whose words at least `min_authors` authors posted within the window, and their groups.

    A text counts if some window that holds it has enough authors of the same words; earlier and later ones
    of the same words do not. Two copied texts belong to one group of authors where at least half of the
    shorter author list, and `min_authors` of them, posted both.

    Args:
        same_words: int[k], from `near_copies`; −1 is left out.
        author: int[k], who posted each.
        second: int[k], when, in seconds since any moment.
        min_authors: authors that must share the words.
        window_seconds: length of the window.

    Raises:
        CopiedTextsError: if the arrays are not of one length.
    """
    cluster = np.asarray(same_words, dtype=np.int64)
    author, second = np.asarray(author, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if not cluster.size == author.size == second.size:
        raise CopiedTextsError(f"{cluster.size} texts, {author.size} authors, {second.size} times.")
    cluster = _within_window(cluster, author, second, min_authors, window_seconds)
    kept = cluster >= 0
    copy_of = np.full(cluster.size, _UNKNOWN, dtype=np.int64)
    if kept.any():
        _, copy_of[kept] = np.unique(cluster[kept], return_inverse=True)
    return CopiedTexts(copy_of, _groups_of_authors(copy_of[kept], author[kept], min_authors))


def repeats_of_one(
    same_words: IntegerArray,
    author: IntegerArray,
    is_answer: BoolArray,
    *,
    at_least: int = MIN_ANSWERS,
) -> BoolArray:
    """Answers in words that their author gave `at_least` times; bool[k]."""
    cluster = np.asarray(same_words, dtype=np.int64)
    counted = np.flatnonzero((cluster >= 0) & is_answer)
    repeated = np.zeros(cluster.size, dtype=bool)
    keys = np.stack((cluster[counted], np.asarray(author, dtype=np.int64)[counted]))
    _, which, times = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    repeated[counted] = times[which.ravel()] >= at_least
    return repeated


def near_copies(texts: Sequence[str], *, same_from: float = SAME_FROM) -> NDArray[np.int64]:
    """Group near-identical texts, directly or through one another; int64[k], −1 for texts that are too short.

    MinHash signatures find the pairs to look at, the similarity of their shingles decides. Signatures are
    made a piece at a time and take 120 bytes a text, buckets are compared along chains, so that time and
    memory grow with the letters of the texts and not with the square of anything.

    Args:
        texts: any strings.
        same_from: Jaccard similarity of character shingles from which two texts are the same words again.

    References:
        Broder (1997), "On the resemblance and containment of documents"; Indyk, Motwani (1998), "Approximate
        nearest neighbors", STOC.
    """
    bare = bare_words(texts)
    first_of: dict[str, int] = {}
    place = np.array(
        [first_of.setdefault(text, len(first_of)) if len(text) >= MIN_LETTERS else _UNKNOWN for text in bare],
        dtype=np.int64,
    )
    distinct = list(first_of)
    one, other = _candidate_pairs(_signatures(distinct))
    alike = _are_similar(distinct, one, other, same_from)
    links = coo_matrix(
        (np.ones(int(alike.sum()), dtype=bool), (one[alike], other[alike])), shape=(len(distinct),) * 2
    )
    if not distinct:
        return place
    _, cluster = connected_components(links, directed=False)
    return np.where(place >= 0, cluster.astype(np.int64)[np.maximum(place, 0)], _UNKNOWN)


def _signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """MinHash signatures, uint32[texts, BANDS × ROWS]."""
    rng = np.random.default_rng(_SEED)
    factors = rng.integers(2**63, size=BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    made = np.empty((len(texts), factors.size), dtype=np.uint32)
    for low, high in spans(lengths, CHARACTERS_AT_ONCE):
        owner, value = shingle_values(texts[low:high])
        begin = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
        for column, factor in enumerate(factors):
            # the upper half of an odd multiple: a scrambled number stays scrambled
            hashed = ((value * factor) >> np.uint64(32)).astype(np.uint32)
            made[low:high, column] = np.minimum.reduceat(hashed, begin)
    return made


def _candidate_pairs(signatures: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of texts that share a band, each with its next `NEIGHBOURS` in the bucket."""
    n_texts = len(signatures)
    found = [np.zeros(0, dtype=np.int64)]
    for band in range(BANDS):
        rows = signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        key = (rows[:, 0] << np.uint64(32)) ^ (rows[:, 1] << np.uint64(16)) ^ rows[:, 2]
        key ^= rows[:, 1] << np.uint64(48)
        order = np.argsort(key, kind="stable")
        for ahead in range(1, min(NEIGHBOURS, n_texts - 1) + 1):
            same = np.flatnonzero(key[order[ahead:]] == key[order[:-ahead]])
            if not same.size:
                break
            found.append(order[same] * n_texts + order[same + ahead])
    pairs = sorted_unique(np.concatenate(found))
    return (pairs // n_texts, pairs % n_texts) if n_texts else (pairs, pairs)


def _are_similar(
    texts: Sequence[str], one: NDArray[np.int64], other: NDArray[np.int64], same_from: float
) -> BoolArray:
    """Which pairs reach the similarity, a piece at a time."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    alike = np.zeros(one.size, dtype=bool)
    if not one.size:
        return alike
    for low, high in spans(lengths[one] + lengths[other], CHARACTERS_AT_ONCE):
        ids, place = np.unique(np.stack((one[low:high], other[low:high])), return_inverse=True)
        first, second = place.reshape(2, -1)
        chosen = [texts[number] for number in ids.tolist()]
        alike[low:high] = similarities(chosen, first, second) >= same_from - 1e-9
    return alike


def _within_window(
    cluster: NDArray[np.int64],
    author: NDArray[np.int64],
    second: NDArray[np.int64],
    min_authors: int,
    window_seconds: int,
) -> NDArray[np.int64]:
    """Clusters cut to the texts that share a window with enough authors; the rest is −1.

    One pass over the texts of clusters that have enough authors at all, in the order of time.
    """
    size = int(cluster.max(initial=_UNKNOWN)) + 1
    width = int(author.max(initial=0)) + 1
    pairs = sorted_unique(cluster[cluster >= 0] * width + author[cluster >= 0])
    authors = np.bincount(pairs // width, minlength=size)
    chosen = np.flatnonzero((cluster >= 0) & (np.append(authors, 0)[cluster] >= min_authors))
    chosen = chosen[np.lexsort((author[chosen], second[chosen], cluster[chosen]))]
    kept = np.full(cluster.size, _UNKNOWN, dtype=np.int64)
    window: dict[int, int] = {}
    low = done = 0
    rows = list(zip(cluster[chosen].tolist(), author[chosen].tolist(), second[chosen].tolist(), strict=True))
    for high, (which, who, when) in enumerate(rows):
        if rows[low][0] != which:
            window, low = {}, high
        while rows[low][2] < when - window_seconds:
            left = rows[low][1]
            window[left] -= 1
            if not window[left]:
                del window[left]
            low += 1
        window[who] = window.get(who, 0) + 1
        if len(window) >= min_authors:
            start = max(low, done)
            kept[chosen[start : high + 1]] = which
            done = high + 1
    return kept


def _groups_of_authors(
    text: NDArray[np.int64], author: NDArray[np.int64], min_authors: int
) -> NDArray[np.int64]:
    """Which copied texts the same authors post; int64[texts]."""
    if not text.size:
        return np.zeros(0, dtype=np.int64)
    _, column = np.unique(author, return_inverse=True)
    posted = csr_matrix((np.ones(text.size), (text, column)))
    posted.data[:] = 1.0
    authors = np.asarray(posted.sum(axis=1)).ravel()
    of_one = np.asarray(posted.sum(axis=0)).ravel()
    joining = posted[:, of_one <= MOST_TEXTS_OF_ONE]
    shared = (joining @ joining.T).tocoo()
    enough = np.maximum(min_authors, SHARED_TEXTS * np.minimum(authors[shared.row], authors[shared.col]))
    close = shared.data >= enough - 1e-9
    links = coo_matrix(
        (np.ones(int(close.sum()), dtype=bool), (shared.row[close], shared.col[close])), shape=shared.shape
    )
    _, group = connected_components(links, directed=False)
    return group.astype(np.int64)
