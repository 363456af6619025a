"""Ties between the members of an audience: who follow alike, act on the same accounts, or act on each other.

Which members are how close belongs here; cutting them into groups is for `graph.trust.communities`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array, vstack

from graph.arrays.sparse_rows import take_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.network.interactions import InteractionGraph

STRONGEST_TIES = 15
"""Ties kept per member and kind; more of them cost time and hardly move the groups."""

MAX_PAIRS = 300_000_000
"""Pairs of members looked at, at most: about ten seconds. Candidates that would exceed it are left out."""

TIE_SHRINKAGE = 0.5
"""Added to the norms of two members, so that one shared rare candidate is no perfect match."""

_FOLLOWS_AT_ONCE = 30_000_000
_PAIRS_AT_ONCE = 5_000_000
_ROWS_AT_ONCE = 2**16  # the row's part of a sort key
_STEPS = 2**20
_COLUMN_BITS = np.uint64(28)  # more members than any audience has
_ROW_SHIFT = np.uint64(48)


def blended_ties(layers: Sequence[csr_array]) -> csr_array:
    """The sum of several kinds of ties, [m, m].

    Every kind is a shrunk cosine between 0 and 1, so that the kinds can be added as they are: a pair that is
    alike in two ways is tied twice as closely, a kind that was not delivered adds nothing, and what is left
    stands alone. On the generated worlds this plain sum found the planted groups as well as or better than
    any weighting that was tried (adjusted Rand 0.95, follows alone 0.94, interactions alone 0.92 to 0.93).

    Args:
        layers: upper triangles of one shape, at least one.
    """
    total = layers[0]
    for layer in layers[1:]:
        total = total + layer
    return csr_array(total)


def follow_matrix(graph: FollowerGraph, members: IntegerArray, candidates: IntegerArray) -> csr_array:
    """Which member (row) follows which candidate (column), as float64 ones, [m, k]."""
    pieces = [piece for _, piece in follow_pieces(graph, members, candidates)]
    return pieces[0] if len(pieces) == 1 else csr_array(vstack(pieces, format="csr"))


def follow_pieces(
    graph: FollowerGraph, members: IntegerArray, candidates: IntegerArray
) -> Iterator[tuple[slice, csr_array]]:
    """The rows of `follow_matrix` in pieces that need little memory, each with the members it is of.

    At least one; a large audience of a large network follows hundreds of millions of accounts.
    """
    for rows, position, column in _followed_in_pieces(graph, members, candidates):
        shape = (rows.stop - rows.start, np.size(candidates))
        yield rows, csr_array(coo_array((np.ones(column.size), (position, column)), shape=shape))


def _followed_in_pieces(
    graph: FollowerGraph, members: IntegerArray, candidates: IntegerArray
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int32]]]:
    """Members, and the place among them and the column of each candidate that one of them follows."""
    members = np.asarray(members, dtype=np.int64)
    column = np.full(graph.n_accounts, -1, dtype=np.int32)
    column[candidates] = np.arange(np.size(candidates), dtype=np.int32)
    ends = np.cumsum(graph.following_counts[members])
    start = 0
    while start < max(members.size, 1):
        before = ends[start - 1] if start else 0
        end = max(int(np.searchsorted(ends, before + _FOLLOWS_AT_ONCE, side="right")), start + 1)
        rows = slice(start, min(end, members.size))
        position, followed = take_rows(graph.following_offsets, graph.following, members[rows])
        found = column[followed]
        kept = found >= 0
        yield rows, position[kept], found[kept]
        start = end


def telling_candidates(
    graph: FollowerGraph, members: IntegerArray, candidates: IntegerArray, *, max_pairs: int = MAX_PAIRS
) -> IntegerArray:
    """The candidates that `member_ties` looks at, in the order given, without the matrix of all.

    The popular ones, which it leaves out, hold nearly all follows of a large audience.
    """
    popularity = np.zeros(np.size(candidates), dtype=np.int64)
    for _, _, column in _followed_in_pieces(graph, members, candidates):
        popularity += np.bincount(column, minlength=popularity.size)
    return np.asarray(candidates)[_telling(popularity, max_pairs)]


def _telling(popularity: IntegerArray, max_pairs: int) -> NDArray[np.intp]:
    """Columns that two or more follow, from the least followed up until their pairs are spent; in order."""
    order = np.argsort(popularity, kind="stable")
    affordable = np.cumsum(np.square(popularity[order].astype(np.float64))) <= max_pairs
    return np.sort(order[affordable & (popularity[order] > 1)])


def attention_matrix(interactions: InteractionGraph, members: IntegerArray) -> csr_array:
    """Which member (row) acted on which account (column), as float64 ones, [m, accounts].

    Only accounts that two or more members acted on have a column. Acts count once per account, whatever
    their kind and number: what matters here is where attention goes. With the weights of kinds and counts a
    pair of chatty friends would outweigh a whole shared interest (adjusted Rand 0.42 instead of 0.92 on the
    generated world).
    """
    position, target = take_rows(interactions.offsets, interactions.targets, members)
    _, column = np.unique(target, return_inverse=True)
    entries = (np.ones(column.size), (position, column))
    acts = csr_array(coo_array(entries, shape=(np.size(members), int(column.max(initial=-1)) + 1)))
    return csr_array(acts[:, np.flatnonzero(np.bincount(column) > 1)]) if column.size else acts


def interaction_ties(interactions: InteractionGraph, members: IntegerArray) -> csr_array:
    """Ties of members who act on each other, each pair once (upper triangle), [m, m].

    ``(1[a acts on b] + 1[b acts on a]) / (sqrt(d_a d_b) + TIE_SHRINKAGE)``, with ``d`` the accounts that a
    member acts on plus the members that act on it: what somebody has for everybody ties it to nobody closely.
    """
    n_members = np.size(members)
    place = np.full(interactions.n_accounts, -1, dtype=np.int64)
    place[members] = np.arange(n_members)
    position, target = take_rows(interactions.offsets, interactions.targets, members)
    other = place[target]
    inside = (other >= 0) & (other != position)
    acting, acted_on = position[inside], other[inside]
    degree = np.bincount(position, minlength=n_members) + np.bincount(acted_on, minlength=n_members)
    low, high = np.minimum(acting, acted_on), np.maximum(acting, acted_on)
    key, times = np.unique(low * n_members + high, return_counts=True)
    low, high = np.divmod(key, max(n_members, 1))
    strength = times / (np.sqrt(degree[low].astype(np.float64) * degree[high]) + TIE_SHRINKAGE)
    return csr_array((strength, (low, high)), shape=(n_members, n_members))


def member_ties(follows: csr_array, *, max_pairs: int = MAX_PAIRS) -> csr_array:
    """The strongest ties between members who share candidates, each pair once (upper triangle), [m, m].

    Two members are tied by ``Σ over shared candidates of s_c² / (|a| |b| + TIE_SHRINKAGE)``, a shrunk
    cosine, with ``s_c = 1 / log(2 + members that follow c)``, so that a candidate everybody follows ties
    nobody closely. Each member keeps its `STRONGEST_TIES`. Candidates are taken from the least followed up,
    until `max_pairs` pairs of members are spent. That bound is for emergencies: where every group has
    favourites of its own, the popular candidates carry the groups, and meeting only some of their followers
    lost planted groups as well without being faster.

    Args:
        follows: [m, k], which member follows (or acts on) which candidate.
        max_pairs: bound on the pairs of members that are compared.
    """
    popularity = np.bincount(follows.indices, minlength=follows.shape[1]).astype(np.float64)
    telling = _telling(popularity, max_pairs)
    scaled = csr_array(follows[:, telling] @ diags_array(1 / np.log(2 + popularity[telling])))
    norm = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    transposed = csr_array(scaled.T)
    # how many pairs each row brings, so that blocks of rows stay small however unequal the rows are
    cost = np.cumsum(follows[:, telling] @ popularity[telling])
    blocks, start = [], 0
    while start < follows.shape[0]:
        spent = cost[start - 1] if start else 0.0
        end = int(np.searchsorted(cost, spent + _PAIRS_AT_ONCE, side="right"))
        end = min(max(end, start + 1), start + _ROWS_AT_ONCE)
        blocks.append(_strongest_ties(scaled, transposed, norm, slice(start, end)))
        start = end
    if not blocks:
        return csr_array(follows.shape[:1] * 2)
    row, col, value = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    # a tie that either end keeps is a tie of both
    low, high = np.minimum(row, col), np.maximum(row, col)
    key, first = np.unique(low * follows.shape[0] + high, return_index=True)
    return csr_array((value[first], np.divmod(key, follows.shape[0])), shape=follows.shape[:1] * 2)


def _strongest_ties(
    scaled: csr_array, transposed: csr_array, norm: FloatArray, rows: slice
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Row, column and strength of the best ties of some members, ties between equals to the lower column."""
    products = coo_array(scaled[rows] @ transposed)
    row, col = products.row.astype(np.uint64), products.col.astype(np.uint64)
    value = products.data / (norm[products.row + rows.start] * norm[products.col] + TIE_SHRINKAGE)
    # one key to sort by: row, then the strongest tie, then the lower column; a strength is below 1 and
    # rounded to the steps the key has room for, so equal sums stay equal in whatever order they were added
    steps = np.clip(np.rint(value * _STEPS), 1, _STEPS - 1).astype(np.uint64)
    key = (row << _ROW_SHIFT) | ((np.uint64(_STEPS) - steps) << _COLUMN_BITS) | col
    key = key[products.row + rows.start != products.col]
    key.sort()
    row = key >> _ROW_SHIFT
    rank = np.arange(key.size) - np.searchsorted(row, row)
    key, row = key[rank < STRONGEST_TIES], row[rank < STRONGEST_TIES]
    col = key & ((np.uint64(1) << _COLUMN_BITS) - np.uint64(1))
    steps_left = (key >> _COLUMN_BITS) & np.uint64(_STEPS - 1)
    strength = (_STEPS - steps_left.astype(np.float64)) / _STEPS
    return row.astype(np.int64) + rows.start, col.astype(np.int64), strength
