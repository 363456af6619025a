"""Advocates: accounts that spoke of a brand, or of its category, of their own accord, and since when.

Belongs here: dates and counts per account and brand from rows that say who named which brand when. Does not
belong here: what names a brand and whether a post looks paid (`sql/trust`, `graph.sponsorship.disclosure`),
and how an account's paid posts do (`graph.sponsorship.brand_history`).

Naming a brand unpaid is what is counted, not praise. Posts that clearly read negative are left out by the
caller, as far as a list of words can tell; the rest may be praise, a question or a mere mention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import sorted_unique
from graph.trust.word_of_mouth import UNKNOWN_TIME, example_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, IntegerArray


@dataclass(frozen=True)
class BrandMentions:
    """Posts that name a brand, one element per post and what it is about; all arrays of one length.

    Attributes:
        author: nodes.
        about: numbers of brands or categories, from 0.
        post: number of the post; the same one about the same thing counts once.
        at: when, int64 in any unit; `UNKNOWN_TIME` where unknown.
        week: number of the week, below 0 where unknown.
        is_own_accord: unpaid, nobody called for it, and it does not clearly read negative.
        is_paid: it says or looks so; a post may be neither.
    """

    author: IntegerArray
    about: IntegerArray
    post: IntegerArray
    at: IntegerArray
    week: IntegerArray
    is_own_accord: BoolArray
    is_paid: BoolArray


@dataclass(frozen=True)
class Advocates:
    """One element per account and brand it named of its own accord: by brand, most weeks first, then posts.

    Attributes:
        author, about: the pair.
        posts: int64, distinct posts of its own accord.
        weeks: int64, distinct weeks of these; undated ones are in none.
        first_at, last_at: int64, of these; `UNKNOWN_TIME` where none is dated.
        first_paid_at: int64, first paid post about the same; `UNKNOWN_TIME` where none is dated.
        is_before_paid: it spoke of its own accord before any paid post was seen. False where paid posts were
            seen and the order is not known.
        example_rows: int64[pairs, most], rows that show it, earliest first, each another post; -1 for none.
    """

    author: NDArray[np.int64]
    about: NDArray[np.int64]
    posts: NDArray[np.int64]
    weeks: NDArray[np.int64]
    first_at: NDArray[np.int64]
    last_at: NDArray[np.int64]
    first_paid_at: NDArray[np.int64]
    is_before_paid: BoolArray
    example_rows: NDArray[np.int64]


def find_advocates(mentions: BrandMentions, *, examples: int = 3) -> Advocates:
    """Who named what of their own accord, and whether that came before anything paid.

    Args:
        mentions: all posts that name the brands, paid ones included.
        examples: how many example rows per pair.
    """
    key = _pair_keys(mentions)
    own = np.flatnonzero(mentions.is_own_accord)
    pairs, pair = np.unique(key[own], return_inverse=True)
    posts = np.bincount(_distinct(pair, mentions.post[own]), minlength=pairs.size)
    dated = mentions.week[own] >= 0
    weeks = np.bincount(_distinct(pair[dated], mentions.week[own][dated]), minlength=pairs.size)
    first_at = _earliest(pairs.size, pair, mentions.at[own])
    last_at = _latest(pairs.size, pair, mentions.at[own])

    paid = np.flatnonzero(mentions.is_paid)
    place = np.searchsorted(pairs, key[paid])
    is_ours = place < pairs.size
    is_ours[is_ours] = pairs[place[is_ours]] == key[paid][is_ours]
    paid, place = paid[is_ours], place[is_ours]
    first_paid_at = _earliest(pairs.size, place, mentions.at[paid])
    seen_paid = np.bincount(place, minlength=pairs.size) > 0
    # an undated paid post may have come first, so it takes the claim away
    undated = np.bincount(place, weights=mentions.at[paid] == UNKNOWN_TIME, minlength=pairs.size) > 0
    is_known = (first_at != UNKNOWN_TIME) & (first_paid_at != UNKNOWN_TIME) & ~undated

    width = int(mentions.about.max(initial=0)) + 1
    author, about = pairs // width, pairs % width
    order = np.lexsort((author, -posts, -weeks, about))
    return Advocates(
        author=author[order],
        about=about[order],
        posts=posts[order],
        weeks=weeks[order],
        first_at=first_at[order],
        last_at=last_at[order],
        first_paid_at=first_paid_at[order],
        is_before_paid=(~seen_paid | (is_known & (first_at < first_paid_at)))[order],
        example_rows=_examples(pairs.size, pair, mentions, own, examples)[order],
    )


def category_mentions(mentions: BrandMentions, category: IntegerArray) -> BrandMentions:
    """The same posts about categories, of the accounts that named at least two brands of one.

    Who named a single brand says nothing about the category that the brand's own row does not say.

    Args:
        mentions: posts about brands.
        category: number of the category of each brand, below 0 for none; it becomes `about`.
    """
    group = np.asarray(category, dtype=np.int64)[np.asarray(mentions.about, dtype=np.int64)]
    inside = np.flatnonzero(group >= 0)
    width = int(group.max(initial=0)) + 1
    key = np.asarray(mentions.author, dtype=np.int64)[inside] * width + group[inside]
    pairs, pair = np.unique(key, return_inverse=True)
    brands = np.bincount(_distinct(pair, mentions.about[inside]), minlength=pairs.size)
    kept = inside[brands[pair] > 1]
    return BrandMentions(
        author=mentions.author[kept],
        about=group[kept],
        post=mentions.post[kept],
        at=mentions.at[kept],
        week=mentions.week[kept],
        is_own_accord=mentions.is_own_accord[kept],
        is_paid=mentions.is_paid[kept],
    )


def _pair_keys(mentions: BrandMentions) -> NDArray[np.int64]:
    width = int(mentions.about.max(initial=0)) + 1
    return np.asarray(mentions.author, dtype=np.int64) * width + mentions.about


def _distinct(pair: NDArray[np.int64], value: IntegerArray) -> NDArray[np.int64]:
    """The pair of each distinct (pair, value)."""
    width = int(value.max(initial=0)) + 1
    return sorted_unique(pair.astype(np.int64) * width + value) // width


def _earliest(n_pairs: int, pair: NDArray[np.int64], at: IntegerArray) -> NDArray[np.int64]:
    late = np.iinfo(np.int64).max
    result = np.full(n_pairs, late)
    np.minimum.at(result, pair, np.where(at == UNKNOWN_TIME, late, at))
    return np.where(result == late, UNKNOWN_TIME, result)


def _latest(n_pairs: int, pair: NDArray[np.int64], at: IntegerArray) -> NDArray[np.int64]:
    result = np.full(n_pairs, UNKNOWN_TIME)  # below every time
    np.maximum.at(result, pair, at)
    return result


def _examples(
    n_pairs: int, pair: NDArray[np.int64], mentions: BrandMentions, own: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    rows = example_rows(
        pair, mentions.post[own], np.zeros(own.size, dtype=np.int8), mentions.at[own], most=most
    )
    result = np.full((n_pairs, most), -1, dtype=np.int64)
    starts = np.searchsorted(pair[rows], pair[rows])  # rows come grouped by pair
    result[pair[rows], np.arange(rows.size) - starts] = own[rows]
    return result
