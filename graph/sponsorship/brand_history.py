"""Which brands an account speaks for, for how long, in what order, and how its paid posts do.

Belongs here: figures per account and per account and brand, from rows that say who named which brand
when. Does not belong here: whether a post looks paid (`graph.sponsorship.disclosure`), and what is typical of
a category.

Honesty is never punished. Whether a post counts as paid depends on the author's candour, so figures made from
paid posts describe and must not raise a risk. Figures that may are named `hidden_*` and look only at
posts that promote without saying so: disclosing a post takes it out of them, which can lower a count and
widen a gap, and never the reverse. The entropy rests on every post that names a brand, disclosed or not,
and so does not move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.arrays.sparse_rows import sorted_unique

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

WINDOW_DAYS = 90
MIN_BRAND_POSTS = 5  # below this an entropy is an accident
MIN_POSTS_PER_SIDE = 3  # for medians of paid and organic engagement
FEWEST_ALIKE = 5  # accounts below which the median of a category says nothing


@dataclass(frozen=True)
class BrandPosts:
    """Posts that name a brand, one element per post and brand; all arrays of one length.

    Attributes:
        author: Nodes.
        brand: Numbers of brands, from 0.
        day: Days since any fixed day.
        is_promotion: The post looks commercial, whatever it says about that.
        is_disclosed: The author or the platform says that it was paid for.
    """

    author: IntArray
    brand: IntArray
    day: IntArray
    is_promotion: BoolArray
    is_disclosed: BoolArray

    @property
    def is_paid(self) -> BoolArray:
        """Looks paid or says so."""
        return self.is_promotion | self.is_disclosed

    @property
    def is_hidden(self) -> BoolArray:
        """Looks paid and does not say so."""
        return self.is_promotion & ~self.is_disclosed

    def only(self, kept: BoolArray) -> BrandPosts:
        """The rows where `kept` is true."""
        return BrandPosts(
            self.author[kept],
            self.brand[kept],
            self.day[kept],
            self.is_promotion[kept],
            self.is_disclosed[kept],
        )


@dataclass(frozen=True)
class BrandTies:
    """One element per account and brand, sorted by both: how the account's talk of the brand went.

    Attributes:
        author, brand: the pair.
        posts, paid_posts: how many posts name the brand, and how many of them are paid.
        first_day, last_day: of all posts that name it.
        organic_before_paid: unpaid posts on days before the first paid one (all unpaid ones if none is paid).
        organic_after_paid: unpaid posts on days after the first paid one; they came back without being paid.
    """

    author: IntArray
    brand: IntArray
    posts: IntArray
    paid_posts: IntArray
    first_day: IntArray
    last_day: IntArray
    organic_before_paid: IntArray
    organic_after_paid: IntArray

    @property
    def tenure_days(self) -> IntArray:
        """Days from the first to the last post that names the brand."""
        return self.last_day - self.first_day


@dataclass(frozen=True)
class BrandHistory:
    """Figures of n accounts; float64[n] with NaN where there is not enough to go on.

    Attributes:
        brand_posts: int64[n], posts that name a brand in the window; what the window's figures rest on.
        brands_in_window: distinct brands of paid posts in the window.
        hidden_brands_in_window: distinct brands promoted in the window without saying so; may raise a risk.
        brand_entropy: entropy of all brand posts in the window over its greatest value, in [0, 1].
        tenure_days: median over the account's brands.
        organic_first_share: share of brands with a paid post that were praised unpaid before.
        return_mentions: unpaid posts that name a brand after its first paid post.
        hidden_rival_gap_days: fewest days between hidden promotions of two rivals; the signal made
            of it is `hidden_rival_closeness`.
        ties: the account and brand pairs behind it.
    """

    brand_posts: IntArray
    brands_in_window: FloatArray
    hidden_brands_in_window: FloatArray
    brand_entropy: FloatArray
    tenure_days: FloatArray
    organic_first_share: FloatArray
    return_mentions: FloatArray
    hidden_rival_gap_days: FloatArray
    ties: BrandTies

    @property
    def hidden_rival_closeness(self) -> FloatArray:
        """1 ÷ (1 + gap in days), 0 where no rivals were promoted unsaid, NaN where no brand was ever named.

        The gap as a signal that rises with suspicion: disclosing a post must not turn a long gap,
        which speaks in favour, into an unknown one, which says nothing.
        """
        names_brands = np.bincount(self.ties.author, minlength=self.brand_posts.size) > 0
        gap = self.hidden_rival_gap_days
        return np.where(names_brands, np.where(np.isnan(gap), 0.0, 1.0 / (1.0 + gap)), np.nan)


def brand_history(
    n_accounts: int,
    posts: BrandPosts,
    *,
    window_end: int,
    window_days: int = WINDOW_DAYS,
    rivals: NDArray[np.integer] | None = None,
) -> BrandHistory:
    """Brand figures of every account, from posts up to and including `window_end`.

    Args:
        n_accounts: Number of accounts, n.
        posts: Posts that name brands.
        window_end: Last day that counts; the window is the `window_days` days that end with it.
        window_days: Length of the window.
        rivals: int[k, 2], pairs of competing brands, in either order.
    """
    past = posts.only(posts.day <= window_end)
    recent = past.only(past.day > window_end - window_days)
    ties = brand_ties(past)
    brand_posts = np.bincount(recent.author, minlength=n_accounts).astype(np.int64)
    named = brand_posts > 0
    counts = {
        "paid": _distinct_brands(n_accounts, recent.only(recent.is_paid)),
        "hidden": _distinct_brands(n_accounts, recent.only(recent.is_hidden)),
    }
    is_paid_tie = ties.paid_posts > 0
    paid_ties = np.bincount(ties.author[is_paid_tie], minlength=n_accounts)
    organic_first = np.bincount(
        ties.author[is_paid_tie & (ties.organic_before_paid > 0)], minlength=n_accounts
    )
    returns = np.bincount(ties.author, weights=ties.organic_after_paid, minlength=n_accounts)
    return BrandHistory(
        brand_posts=brand_posts,
        brands_in_window=np.where(named, counts["paid"], np.nan),
        hidden_brands_in_window=np.where(named, counts["hidden"], np.nan),
        brand_entropy=_entropy(n_accounts, recent),
        tenure_days=grouped_median(n_accounts, ties.author, ties.tenure_days.astype(np.float64)),
        organic_first_share=np.where(paid_ties > 0, organic_first / np.maximum(paid_ties, 1), np.nan),
        return_mentions=np.where(paid_ties > 0, returns, np.nan),
        hidden_rival_gap_days=_rival_gap(n_accounts, past.only(past.is_hidden), rivals),
        ties=ties,
    )


def brand_ties(posts: BrandPosts) -> BrandTies:
    """The pairs of accounts and brands, each with its course."""
    width = int(posts.brand.max(initial=0)) + 1
    pair, member = np.unique(posts.author.astype(np.int64) * width + posts.brand, return_inverse=True)
    size, far = pair.size, np.iinfo(np.int64).max
    first, first_paid = np.full(size, far), np.full(size, far)
    last = np.full(size, -far)
    np.minimum.at(first, member, posts.day)
    np.maximum.at(last, member, posts.day)
    np.minimum.at(first_paid, member[posts.is_paid], posts.day[posts.is_paid])
    organic = ~posts.is_paid
    before = organic & (posts.day < first_paid[member])
    after = organic & (posts.day > first_paid[member])
    return BrandTies(
        author=pair // width,
        brand=pair % width,
        posts=np.bincount(member, minlength=size),
        paid_posts=np.bincount(member[posts.is_paid], minlength=size),
        first_day=first,
        last_day=last,
        organic_before_paid=np.bincount(member[before], minlength=size),
        organic_after_paid=np.bincount(member[after], minlength=size),
    )


def paid_performance(
    n_accounts: int, author: IntArray, is_paid: BoolArray, engagement: FloatArray
) -> FloatArray:
    """Median engagement on paid posts ÷ median on organic ones, float64[n].

    NaN below `MIN_POSTS_PER_SIDE` posts on either side, or where organic posts get nothing. About 0.2 is the
    spammer's figure. What counts as paid is the caller's choice; for a figure that must not depend on
    candour, take what looks commercial (`PostClass.promotion_probability`), not what is disclosed.

    Args:
        n_accounts: Number of accounts, n.
        author: Nodes, one element per post (all posts, also those that name no brand).
        is_paid: Whether the post counts as paid.
        engagement: Likes, replies and the like, added up; NaN is left out.
    """
    known = np.isfinite(engagement)
    medians = []
    for side in (known & is_paid, known & ~is_paid):
        median = grouped_median(n_accounts, author[side], engagement[side])
        enough = np.bincount(author[side], minlength=n_accounts) >= MIN_POSTS_PER_SIDE
        medians.append(np.where(enough, median, np.nan))
    paid, organic = medians
    return np.divide(paid, organic, out=np.full(n_accounts, np.nan), where=organic > 0)


@dataclass(frozen=True)
class CategoryTypical:
    """What is typical of the accounts that speak of the same category, arrays [n].

    Attributes:
        category: int64, the category that most of an account's brand posts name; −1 without any.
        typical: float64, median of the measured accounts of that category; NaN below `FEWEST_ALIKE` of them.
        compared: int64, how many those are; 0 where they are too few.
    """

    category: IntArray
    typical: FloatArray
    compared: IntArray


def typical_of_category(
    values: FloatArray, author: IntArray, category: IntArray, fewest: int = FEWEST_ALIKE
) -> CategoryTypical:
    """Median over the accounts that speak of the same category as each account.

    In one category those who mention all brands are the best, in another the reverse, so a figure of brands
    is compared inside a category alone.

    Args:
        values: float64[n], one per account; NaN was not measured.
        author: int64[k], nodes, one per post and brand.
        category: int64[k], category of the brand, −1 where it has none.
        fewest: Measured accounts that a category needs.
    """
    n_accounts = values.size
    known = category >= 0
    width = int(category.max(initial=0)) + 1
    pairs, counts = np.unique(author[known] * width + category[known], return_counts=True)
    order = np.lexsort((pairs % width, -counts, pairs // width))
    first = np.unique(pairs[order] // width, return_index=True)[1]
    of_account = np.full(n_accounts, -1, dtype=np.int64)
    of_account[pairs[order][first] // width] = pairs[order][first] % width
    measured = (of_account >= 0) & ~np.isnan(values)
    medians = grouped_median(width, of_account[measured], values[measured])
    sizes = np.bincount(of_account[measured], minlength=width)
    enough = measured & (sizes[of_account] >= fewest)
    return CategoryTypical(
        category=of_account,
        typical=np.where(enough, medians[of_account], np.nan),
        compared=np.where(enough, sizes[of_account], 0),
    )


def grouped_median(n_groups: int, group: IntArray, values: FloatArray) -> FloatArray:
    """The median of each group's values, float64[n_groups]; NaN for groups without any."""
    order = np.lexsort((values, group))
    in_order = values[order]
    sizes = np.bincount(group, minlength=n_groups)
    starts = np.cumsum(sizes) - sizes
    full = np.flatnonzero(sizes)
    lower = in_order[starts[full] + (sizes[full] - 1) // 2]
    upper = in_order[starts[full] + sizes[full] // 2]
    medians = np.full(n_groups, np.nan)
    medians[full] = (lower + upper) / 2
    return medians


def _distinct_brands(n_accounts: int, posts: BrandPosts) -> IntArray:
    width = int(posts.brand.max(initial=0)) + 1
    pairs = sorted_unique(posts.author.astype(np.int64) * width + posts.brand)
    return np.bincount(pairs // width, minlength=n_accounts)


def _entropy(n_accounts: int, posts: BrandPosts) -> FloatArray:
    """Normalised entropy of brands; 0 for one brand only, NaN below `MIN_BRAND_POSTS` posts."""
    width = int(posts.brand.max(initial=0)) + 1
    pairs, counts = np.unique(posts.author.astype(np.int64) * width + posts.brand, return_counts=True)
    author = pairs // width
    totals = np.bincount(author, weights=counts, minlength=n_accounts)
    brands = np.bincount(author, minlength=n_accounts)
    share = counts / totals[author]
    entropy = np.bincount(author, weights=-share * np.log(share), minlength=n_accounts)
    normalised = np.where(brands > 1, entropy / np.log(np.maximum(brands, 2)), 0.0)
    return np.where(totals >= MIN_BRAND_POSTS, normalised, np.nan)


def _rival_gap(n_accounts: int, posts: BrandPosts, rivals: NDArray[np.integer] | None) -> FloatArray:
    """Fewest days between posts on two rivals by one account; NaN where that never happened.

    For each post and each rival of its brand, the nearest post of the same account on that rival is
    looked up in one sorted list of (account, brand, day).
    """
    gaps = np.full(n_accounts, np.inf)
    if rivals is None or len(rivals) == 0 or posts.day.size == 0:
        return np.full(n_accounts, np.nan)
    pairs = np.asarray(rivals, dtype=np.int64).reshape(-1, 2)
    either_way = np.unique(np.vstack([pairs, pairs[:, ::-1]]), axis=0)
    row, rival = _rows_by_rival(posts.brand, either_way)
    width = int(max(posts.brand.max(), either_way.max())) + 1
    day = posts.day.astype(np.int64) - int(posts.day.min())
    span = int(day.max()) + 1
    known = np.sort((posts.author.astype(np.int64) * width + posts.brand) * span + day)
    line = posts.author[row].astype(np.int64) * width + rival
    wanted = line * span + day[row]
    place = np.searchsorted(known, wanted)
    for neighbour in (place - 1, place):
        there = (neighbour >= 0) & (neighbour < known.size)
        nearest = known[np.clip(neighbour, 0, known.size - 1)]
        there &= nearest // span == line
        np.minimum.at(gaps, posts.author[row][there], np.abs(nearest - wanted)[there].astype(np.float64))
    return np.where(np.isfinite(gaps), gaps, np.nan)


def _rows_by_rival(brand: IntArray, either_way: IntArray) -> tuple[IntArray, IntArray]:
    """Every row once for each rival of its brand: row numbers, and the rivals. `either_way` is sorted."""
    low = np.searchsorted(either_way[:, 0], brand, side="left")
    many = np.searchsorted(either_way[:, 0], brand, side="right") - low
    row = np.repeat(np.arange(brand.size), many)
    within = np.arange(row.size) - np.repeat(np.cumsum(many) - many, many)
    return row, either_way[low[row] + within, 1]
