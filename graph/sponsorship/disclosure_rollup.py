"""Post classes added up per account: how many are disclosed, and how many more look paid.

Belongs here: counts, expected hidden posts, and the interval of their share. Does not belong here: classes of
single posts (`graph.sponsorship.disclosure`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.sponsorship.disclosure import POST_CLASSES
from graph.statistics.intervals import jeffreys_interval

FloatArray = NDArray[np.float64]
MIN_POSTS_CLASSIFIED = 10


@dataclass(frozen=True)
class DisclosureRollup:
    """What the posts of n accounts say about payment.

    Attributes:
        n_posts: int64[n], posts that were read.
        counts: by class of `POST_CLASSES`, int64[n].
        hidden_posts: float64[n], Σ hidden probability: about how many posts were paid for without saying so.
        hidden_share: float64[n], `hidden_posts` ÷ `n_posts`; NaN below the minimum of posts.
        hidden_share_low, hidden_share_high: 95 % interval that holds it, from `jeffreys_interval`.
    """

    n_posts: NDArray[np.int64]
    counts: dict[str, NDArray[np.int64]]
    hidden_posts: FloatArray
    hidden_share: FloatArray
    hidden_share_low: FloatArray
    hidden_share_high: FloatArray

    @property
    def disclosed_posts(self) -> NDArray[np.int64]:
        """Posts disclosed by the author or by the platform's label, int64[n]."""
        return self.counts["disclosed_paid"] + self.counts["platform_label"]


def disclosure_by_account(
    n_accounts: int,
    author: NDArray[np.integer],
    post_class: NDArray[np.integer],
    hidden_probability: FloatArray,
    *,
    min_posts: int = MIN_POSTS_CLASSIFIED,
) -> DisclosureRollup:
    """Adds up posts by author.

    The share rests on all posts, disclosed ones included: disclosing a post lowers the hidden sum and
    leaves the rest as it is, so no honest word can raise the share or its bounds.

    Args:
        n_accounts: Number of accounts, n.
        author: Node of each post's author.
        post_class: Positions in `POST_CLASSES`, aligned with `author`.
        hidden_probability: From `PostClass.hidden_probability`, aligned with `author`.
        min_posts: Fewer posts than this leave the share unknown.
    """
    kinds = len(POST_CLASSES)
    authors = np.asarray(author, dtype=np.int64)
    cells = np.bincount(
        authors * kinds + np.asarray(post_class, dtype=np.int64), minlength=n_accounts * kinds
    )
    table = cells.reshape(n_accounts, kinds)
    n_posts = table.sum(axis=1)
    hidden = np.bincount(authors, weights=hidden_probability, minlength=n_accounts).astype(np.float64)
    is_known = n_posts >= max(min_posts, 1)
    low, high = (np.where(is_known, bound, np.nan) for bound in jeffreys_interval(hidden, n_posts))
    return DisclosureRollup(
        n_posts=n_posts,
        counts={name: table[:, place] for place, name in enumerate(POST_CLASSES)},
        hidden_posts=hidden,
        hidden_share=np.where(is_known, np.minimum(hidden / np.maximum(n_posts, 1), 1.0), np.nan),
        hidden_share_low=low,
        hidden_share_high=high,
    )
