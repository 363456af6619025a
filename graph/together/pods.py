"""Engagement pods: small groups that engage with each other's posts far more than their activity explains.

Belongs here: reciprocated engagement rates, their null model, the groups above it. Does not belong here:
first and last times and the topics of a group, which need the rows, and what a score means for an account's
probability (`graph.shill.weights_of_evidence`).

Mutual friends. Friends engage with each other, and pod members befriend each other, so neither counting
friends in full nor leaving them out will do. Three figures are kept: `score_strangers` leaves mutual friends
out (sharp, and blind to pods that follow each other), `score_all` counts everybody (blind to nothing, and
raised by circles of friends), and `score`, the one that the threshold is for, counts what each pair does
*beyond what is expected of it*: of strangers what both sides' activity explains, of mutual friends also what
mutual friends in this network commonly do, and half of the rest.

References:
    Weerasinghe et al., "The Pod People: Understanding Manipulation of Social Media Popularity via Reciprocity
    Abuse", WWW 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph.arrays.mapped import let_go
from graph.arrays.spans import spans
from graph.arrays.sparse_rows import ENTRIES_AT_ONCE, sorted_unique, take_rows

if TYPE_CHECKING:
    from graph.network.followers import FollowerGraph

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MIN_POSTS = 3  # both sides of a pair; a rate of one post or two says nothing
MIN_ENGAGED_POSTS = 2  # in each direction; one like each way is courtesy
COMMON_QUANTILE = 0.5  # what mutual friends commonly do: the median, so that pods among them cannot move it
FRIEND_WEIGHT = 0.5  # friendship explains part even of what goes beyond the common rate
CLOSE_QUANTILE = 0.9  # what close friends do: a pair of friends is unusual only beyond this
MIN_GROUP_SIZE = 3


@dataclass(frozen=True)
class EngagementPairs:
    """Pairs u < v that engaged with each other's posts, one element per pair.

    Attributes:
        first, second: nodes u and v.
        rate: the smaller of the two engagement rates (distinct posts engaged with ÷ posts).
        expected: what is expected of the pair, given activity and tie.
        surprise: how far the counts lie above expectation, a Poisson log likelihood ratio; of both directions
            the smaller one.
        is_friend: whether the two follow each other.
    """

    first: IntArray
    second: IntArray
    rate: FloatArray
    expected: FloatArray
    surprise: FloatArray
    is_friend: BoolArray

    @property
    def excess(self) -> FloatArray:
        """Rate beyond expectation, at least 0, of friends `FRIEND_WEIGHT` times."""
        beyond = np.maximum(self.rate - self.expected, 0.0)
        return np.where(self.is_friend, FRIEND_WEIGHT * beyond, beyond)


@dataclass(frozen=True)
class PodGroup:
    """One group that looks like an engagement pod.

    Attributes:
        members: int64 nodes, sorted.
        density: unusual pairs ÷ all pairs of the group, in [0, 1].
        score: mean excess rate over all pairs of the group.
        contrast: share of the members' engagements that stay inside the group.
        rate, expected: medians over its unusual pairs: the smaller engagement rate, and what is expected.
        befriended: pairs that follow each other ÷ all pairs of the group.
    """

    members: IntArray
    density: float
    score: float
    contrast: float
    rate: float
    expected: float
    befriended: float


@dataclass(frozen=True)
class Pods:
    """Reciprocity figures of n accounts.

    Scores are NaN where an account has fewer than `MIN_POSTS` posts, or neither gave nor received engagement.

    Attributes:
        score: Σ over partners of the excess rate, float64[n].
        score_strangers: Σ over partners that are no mutual friends of the smaller rate, float64[n].
        score_all: Σ over all partners of the smaller rate, float64[n].
        partners: int64[n], accounts that engage back.
        unusual_partners: int64[n], those whose pair stands above the null.
        n_posts: int64[n], posts that the account's own side of the rates rests on.
        threshold: the largest `score` seen in rewired networks; NaN where nothing could be rewired.
        pair_threshold: the largest `surprise` of a pair in rewired networks; NaN likewise.
        common_friend_rate: the median rate of mutual friends, expected of friends in `score`.
        close_friend_rate: the rate of close friends (`CLOSE_QUANTILE`), expected of friends in `surprise`.
        groups: largest score first.
        pairs: every pair with evidence.
        is_unusual: bool, one element per pair: whether it stands above the null.
        friend_pairs: both ends of every pair of accounts with enough posts that follows each other.
    """

    score: FloatArray
    score_strangers: FloatArray
    score_all: FloatArray
    partners: IntArray
    unusual_partners: IntArray
    n_posts: IntArray
    threshold: float
    pair_threshold: float
    common_friend_rate: float
    close_friend_rate: float
    groups: list[PodGroup]
    pairs: EngagementPairs
    is_unusual: BoolArray
    friend_pairs: tuple[IntArray, IntArray]

    @property
    def is_measured(self) -> BoolArray:
        """Where the score rests on enough posts, bool[n]."""
        return np.isfinite(self.score)


@dataclass(frozen=True)
class _Engagements:
    """Distinct (actor, post) engagements with other people's posts, and the posts' authors."""

    n_accounts: int
    actor: IntArray
    post: IntArray  # dense post numbers
    author_of_post: IntArray
    posts_by_author: IntArray


def engagement_pods(
    n_accounts: int,
    actor: NDArray[np.integer],
    author: NDArray[np.integer],
    post: NDArray[np.integer],
    posts_by_author: NDArray[np.integer] | None,
    friends: FollowerGraph | None = None,
    *,
    n_rewirings: int = 10,
    seed: int = 20_200_420,
) -> Pods:
    """Scores every account by reciprocated engagement beyond expectation, and finds the groups.

    Args:
        n_accounts: Number of accounts, n.
        actor: Who engaged, one element per engagement.
        author: Whose post it was, aligned with `actor`.
        post: Any integer that names the post, aligned with `actor`.
        posts_by_author: int64[n], all posts of each account, also those without engagement. None counts the
            posts that were engaged with, which makes rates too high.
        friends: The follow graph; None treats all pairs as strangers.
        n_rewirings: Rewired networks behind the thresholds. Each keeps every account's activity and every
            post's popularity.
        seed: Seed of the rewiring.
    """
    data = _distinct_engagements(n_accounts, actor, author, post, posts_by_author)
    ties = _mutual_follows(friends, data.posts_by_author >= MIN_POSTS)
    counts = _count_matrix(data, data.post)
    mutual = _mutual_counts(counts, data.posts_by_author)
    friend_rates = _friend_rates(mutual, ties, data.posts_by_author)
    pairs = _rated_pairs(counts, mutual, ties, data.posts_by_author, friend_rates)
    friend_excess = pairs.excess[pairs.is_friend]

    rng = np.random.default_rng(seed)
    null_scores, null_surprises = [], []
    for _ in range(n_rewirings if data.actor.size else 0):
        rewired = _count_matrix(data, rng.permutation(data.post))
        null_mutual = _mutual_counts(rewired, data.posts_by_author)
        null = _rated_pairs(rewired, null_mutual, ties, data.posts_by_author, friend_rates)
        strangers = _sum_over_partners(n_accounts, null, np.where(null.is_friend, 0.0, null.excess))
        null_scores.append((strangers + _shuffled_over_friends(ties, friend_excess, rng)).max(initial=0.0))
        null_surprises.append(null.surprise.max(initial=0.0))
    threshold = max(null_scores, default=np.nan)
    pair_threshold = max(null_surprises, default=np.nan)

    engages = np.asarray(counts.sum(axis=1)).ravel() + np.asarray(counts.sum(axis=0)).ravel() > 0
    is_measured = (data.posts_by_author >= MIN_POSTS) & engages
    excess = _sum_over_partners(n_accounts, pairs, pairs.excess)
    stands_out = is_measured & (excess > threshold)
    between_them = stands_out[pairs.first] & stands_out[pairs.second] & (pairs.excess > 0)
    is_unusual = (pairs.surprise > pair_threshold) | between_them
    ones = np.ones(pairs.rate.size)

    def known(values: FloatArray) -> FloatArray:
        return np.where(is_measured, _sum_over_partners(n_accounts, pairs, values), np.nan)

    return Pods(
        score=np.where(is_measured, excess, np.nan),
        score_strangers=known(np.where(pairs.is_friend, 0.0, pairs.rate)),
        score_all=known(pairs.rate),
        partners=_sum_over_partners(n_accounts, pairs, ones).astype(np.int64),
        unusual_partners=_sum_over_partners(n_accounts, pairs, is_unusual * ones).astype(np.int64),
        n_posts=data.posts_by_author,
        threshold=float(threshold),
        pair_threshold=float(pair_threshold),
        common_friend_rate=friend_rates[0],
        close_friend_rate=friend_rates[1],
        groups=_groups(pairs, is_unusual, counts, ties),
        pairs=pairs,
        is_unusual=is_unusual,
        friend_pairs=_both_ends(ties),
    )


def _distinct_engagements(
    n_accounts: int,
    actor: NDArray[np.integer],
    author: NDArray[np.integer],
    post: NDArray[np.integer],
    posts_by_author: NDArray[np.integer] | None,
) -> _Engagements:
    """Drops engagements with one's own posts and repeated ones (a like and a reply are one engaged post)."""
    actors, authors = np.asarray(actor, dtype=np.int64), np.asarray(author, dtype=np.int64)
    foreign = actors != authors
    names, numbers = np.unique(np.asarray(post)[foreign], return_inverse=True)
    author_of_post = np.zeros(names.size, dtype=np.int64)
    author_of_post[numbers] = authors[foreign]
    keys = sorted_unique(actors[foreign] * max(names.size, 1) + numbers)
    distinct_actor, distinct_post = np.divmod(keys, max(names.size, 1))
    seen = np.bincount(author_of_post, minlength=n_accounts).astype(np.int64)
    stated = seen if posts_by_author is None else np.asarray(posts_by_author, dtype=np.int64)
    # a stated count below what was engaged with is out of date; rates stay at most 1
    return _Engagements(n_accounts, distinct_actor, distinct_post, author_of_post, np.maximum(seen, stated))


def _mutual_follows(friends: FollowerGraph | None, eligible: BoolArray) -> sparse.csr_array:
    """Mutual follows among eligible accounts, a symmetric matrix of ones."""
    n = eligible.size
    if friends is None:
        return sparse.csr_array((n, n), dtype=np.int8)
    nodes, pairs = np.flatnonzero(eligible), [np.zeros((2, 0), dtype=np.int64)]
    for low, high in spans(friends.following_counts[nodes], ENTRIES_AT_ONCE):
        rows = nodes[low:high]
        place, followed = take_rows(friends.following_offsets, friends.following, rows)
        among = eligible[followed]
        pairs.append(np.stack((rows[place][among], followed[among])))
        let_go(friends.following)
    ends = np.concatenate(pairs, axis=1)
    inside = sparse.coo_array((np.ones(ends.shape[1], dtype=np.int8), tuple(ends)), shape=(n, n)).tocsr()
    return inside.multiply(inside.T).tocsr()


def _count_matrix(data: _Engagements, post: IntArray) -> sparse.csr_array:
    """Element [u, v]: distinct posts of v that u engaged with.

    Rewiring may bring an account its own post, or the same post twice; those are dropped.
    """
    author = data.author_of_post[post]
    keys = sorted_unique(data.actor * max(data.author_of_post.size, 1) + post)
    if keys.size < post.size:
        actor, post = np.divmod(keys, max(data.author_of_post.size, 1))
        author = data.author_of_post[post]
    else:
        actor = data.actor
    foreign = actor != author
    cells = (np.ones(int(foreign.sum())), (actor[foreign], author[foreign]))
    return sparse.coo_array(cells, shape=(data.n_accounts, data.n_accounts)).tocsr()


def _mutual_counts(
    counts: sparse.csr_array, posts: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Pairs u < v with evidence on both sides: u, v, posts of v that u engaged with, and the reverse."""
    enough = counts.copy()
    enough.data = np.where(enough.data >= MIN_ENGAGED_POSTS, enough.data, 0.0)
    enough.eliminate_zeros()
    pattern = enough.sign()
    forth = sparse.triu(enough.multiply(pattern.T), k=1).tocsr()
    back = sparse.triu(enough.T.multiply(pattern), k=1).tocsr()
    # both have the same pattern; sorted indices put the same pair at the same place
    forth.sort_indices()
    back.sort_indices()
    cells = forth.tocoo()
    u, v = cells.coords[0].astype(np.int64), cells.coords[1].astype(np.int64)
    eligible = (posts[u] >= MIN_POSTS) & (posts[v] >= MIN_POSTS)
    return u[eligible], v[eligible], forth.data[eligible], back.data[eligible]


def _friend_rates(
    mutual: tuple[IntArray, IntArray, FloatArray, FloatArray], ties: sparse.csr_array, posts: IntArray
) -> tuple[float, float]:
    """Common and close friends' rate: quantiles over all mutual friends, those who never engage included."""
    n_friend_pairs = ties.nnz // 2
    if n_friend_pairs == 0:
        return 0.0, 0.0
    u, v, forth, back = mutual
    is_friend = _is_tied(ties, u, v)
    rates = np.sort(np.minimum(forth / posts[v], back / posts[u])[is_friend])
    silent = n_friend_pairs - rates.size
    common, close = (
        int(np.ceil(quantile * n_friend_pairs)) - 1 - silent for quantile in (COMMON_QUANTILE, CLOSE_QUANTILE)
    )
    return float(rates[common]) if common >= 0 else 0.0, float(rates[close]) if close >= 0 else 0.0


def _shuffled_over_friends(
    ties: sparse.csr_array, friend_excess: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Σ per account when the friends' excess rates fall on mutual friends at random.

    Keeps how many friends everybody has and how strongly friends engage, and breaks who does it with whom.
    """
    first, second = _both_ends(ties)
    chosen = (
        rng.choice(first.size, size=friend_excess.size, replace=False)
        if first.size
        else np.empty(0, np.int64)
    )
    u, v = first[chosen], second[chosen]
    n = ties.shape[0]
    total = np.bincount(u, friend_excess, minlength=n) + np.bincount(v, friend_excess, minlength=n)
    return total.astype(np.float64)


def _both_ends(ties: sparse.csr_array) -> tuple[IntArray, IntArray]:
    """Every tied pair once, as nodes u < v."""
    pairs = sparse.triu(ties, k=1).tocoo()
    return pairs.coords[0].astype(np.int64), pairs.coords[1].astype(np.int64)


def _rated_pairs(
    counts: sparse.csr_array,
    mutual: tuple[IntArray, IntArray, FloatArray, FloatArray],
    ties: sparse.csr_array,
    posts: IntArray,
    friend_rates: tuple[float, float],
) -> EngagementPairs:
    u, v, forth, back = mutual
    given = np.asarray(counts.sum(axis=1)).ravel()
    received = np.asarray(counts.sum(axis=0)).ravel()
    total = max(float(given.sum()), 1.0)
    is_friend = _is_tied(ties, u, v)
    common, close = (np.where(is_friend, rate, 0.0) for rate in friend_rates)
    by_activity_forth = given[u] * received[v] / total
    by_activity_back = given[v] * received[u] / total
    by_activity = np.maximum(by_activity_forth / posts[v], by_activity_back / posts[u])
    return EngagementPairs(
        first=u,
        second=v,
        rate=np.minimum(forth / posts[v], back / posts[u]),
        # of the two directions the one that explains more, so that a hub's fan is explained by the hub's fame
        expected=np.minimum(np.maximum(by_activity, common), 1.0),
        surprise=np.minimum(
            _poisson_llr(forth, np.maximum(by_activity_forth, close * posts[v])),
            _poisson_llr(back, np.maximum(by_activity_back, close * posts[u])),
        ),
        is_friend=is_friend,
    )


def _poisson_llr(count: FloatArray, expected: FloatArray) -> FloatArray:
    """Log likelihood ratio of a count above its Poisson expectation; 0 at or below it."""
    floor = np.maximum(expected, 1e-12)
    return np.where(count > floor, count * np.log(np.maximum(count, 1e-12) / floor) - (count - floor), 0.0)


def _is_tied(ties: sparse.csr_array, u: IntArray, v: IntArray) -> BoolArray:
    if u.size == 0 or ties.nnz == 0:
        return np.zeros(u.size, dtype=bool)
    return np.asarray(ties[u, v]).ravel() > 0


def _sum_over_partners(n: int, pairs: EngagementPairs, values: FloatArray) -> FloatArray:
    first = np.bincount(pairs.first, weights=values, minlength=n)
    return (first + np.bincount(pairs.second, weights=values, minlength=n)).astype(np.float64)


def _groups(
    pairs: EngagementPairs, is_unusual: BoolArray, counts: sparse.csr_array, ties: sparse.csr_array
) -> list[PodGroup]:
    """Connected components of the unusual pairs that close a triangle.

    A pair that no third account supports is two people who like each other; asking for triangles also keeps
    groups apart that one pair bridges.
    """
    n = counts.shape[0]
    u, v, excess = pairs.first[is_unusual], pairs.second[is_unusual], pairs.excess[is_unusual]
    if u.size == 0:
        return []
    rate, expected = pairs.rate[is_unusual], pairs.expected[is_unusual]
    half = sparse.coo_array((np.ones(u.size), (u, v)), shape=(n, n)).tocsr()
    links = half + half.T
    supported = links.multiply(links @ links).tocsr()
    supported.eliminate_zeros()
    n_parts, part = sparse.csgraph.connected_components(supported, directed=False)
    sizes = np.bincount(part, minlength=n_parts)
    inside = part[u] == part[v]
    n_links = np.bincount(part[u][inside], minlength=n_parts)
    weight = np.bincount(part[u][inside], weights=excess[inside], minlength=n_parts)
    cells = counts.tocoo()
    giver, taker = part[cells.coords[0]], part[cells.coords[1]]
    given = np.bincount(giver, weights=cells.data, minlength=n_parts)
    kept = np.bincount(giver[giver == taker], weights=cells.data[giver == taker], minlength=n_parts)
    tie = ties.tocoo()
    tied = part[tie.coords[0]] == part[tie.coords[1]]
    n_ties = np.bincount(part[tie.coords[0]][tied], minlength=n_parts) / 2
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(sizes)
    groups = []
    for g in np.flatnonzero(sizes >= MIN_GROUP_SIZE):
        n_pairs = sizes[g] * (sizes[g] - 1) / 2
        own = inside & (part[u] == g)
        groups.append(
            PodGroup(
                members=np.sort(order[ends[g] - sizes[g] : ends[g]]).astype(np.int64),
                density=float(n_links[g] / n_pairs),
                score=float(weight[g] / n_pairs),
                contrast=float(kept[g] / given[g]),
                rate=float(np.median(rate[own])),
                expected=float(np.median(expected[own])),
                befriended=float(n_ties[g] / n_pairs),
            )
        )
    return sorted(groups, key=lambda group: (-group.score, group.members[0]))
