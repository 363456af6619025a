"""Communities: the groups an audience falls into, by the candidates its members share.

Finding groups and telling what each follows belong here; naming them needs texts and belongs to the assets.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.sparse_rows import take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.audience import CleanedAudience
    from graph.followers import FollowerGraph
    from graph.sparse_rows import FloatArray, IntegerArray

SEED = 20_240_229
STRONGEST_TIES = 15
"""Ties kept per member; more of them cost time and hardly move the groups."""

MAX_PAIRS = 300_000_000
"""Pairs of members looked at, at most: about ten seconds. Candidates that would exceed it are left out."""

MIN_COMMUNITY = 3
"""Fewer members than this are no community."""

TIE_SHRINKAGE = 0.5
"""Added to the norms of two members, so that one shared rare candidate is no perfect match."""

_LEIDEN_ITERATIONS = 10
_PAIRS_AT_ONCE = 5_000_000
_ROWS_AT_ONCE = 2**16  # the row's part of a sort key
_STEPS = 2**20
_COLUMN_BITS = np.uint64(28)  # more members than any audience has
_ROW_SHIFT = np.uint64(48)


@dataclass(frozen=True)
class Communities:
    """A partition of the audience.

    Attributes:
        nodes: uint32[m], the members, in the order of the audience.
        membership: int32[m], community of each, 0 the largest; -1 for members without ties or in
            small leftovers.
        modularity: of the whole partition on the ties it was made from; NaN where there are no ties.
    """

    nodes: NDArray[np.uint32]
    membership: NDArray[np.int32]
    modularity: float

    @property
    def n_communities(self) -> int:
        """Number of communities, leftovers not counted."""
        return int(self.membership.max(initial=-1)) + 1


@dataclass(frozen=True)
class CommunityVoices:
    """What each community follows; arrays are [communities, k] in the order of `candidates`.

    Attributes:
        candidates: uint32[k].
        followers: int64, members of the community that follow the candidate.
        share: float64, the same by weight ÷ weight of the community (the candidate itself left out).
        lift: float64, share ÷ share of the whole audience; 1 is no difference, NaN where nobody follows.
    """

    candidates: NDArray[np.uint32]
    followers: NDArray[np.int64]
    share: FloatArray
    lift: FloatArray


def follow_matrix(graph: FollowerGraph, members: IntegerArray, candidates: IntegerArray) -> csr_array:
    """Which member (row) follows which candidate (column), as float64 ones, [m, k]."""
    column = np.full(graph.n_accounts, -1, dtype=np.int64)
    column[candidates] = np.arange(np.size(candidates))
    position, followed = take_rows(graph.following_offsets, graph.following, members)
    column = column[followed]
    kept = column >= 0
    entries = (np.ones(np.count_nonzero(kept)), (position[kept], column[kept]))
    return csr_array(coo_array(entries, shape=(np.size(members), np.size(candidates))))


def audience_communities(
    graph: FollowerGraph,
    audience: CleanedAudience,
    candidates: IntegerArray,
    *,
    seed: int = SEED,
    resolution: float = 1.0,
) -> Communities:
    """Group members by the candidates they both follow, with Leiden on a sparse graph of ties.

    Two members are tied by ``Σ over shared candidates of s_c² / (|a| |b| + TIE_SHRINKAGE)``, a shrunk
    cosine, with ``s_c = 1 / log(2 + members that follow c)``, so that a candidate everybody follows ties
    nobody closely. Each member keeps its `STRONGEST_TIES`. Candidates are taken from the least followed up,
    until `MAX_PAIRS` pairs of members are spent; those left out are the most popular, which say least about
    groups.

    Args:
        graph: follows.
        audience: m members; weights play no part, a group of bought members should be seen as one.
        candidates: k nodes.
        seed: same seed, same groups.
        resolution: above 1 for more and smaller groups.

    Returns:
        The partition, the same for the same input and seed.

    References:
        Traag, Waltman, van Eck (2019), "From Louvain to Leiden", Scientific Reports 9.
    """
    ties = member_ties(follow_matrix(graph, audience.members, candidates))
    n_members = audience.members.size
    nothing = np.full(n_members, -1, dtype=np.int32)
    if ties.nnz == 0:
        return Communities(audience.members, nothing, float("nan"))
    pairs = coo_array(ties)
    network = igraph.Graph(n=n_members, edges=np.column_stack((pairs.row, pairs.col)))
    membership = _leiden(network, pairs.data, seed, resolution)
    modularity = network.modularity(membership, weights=pairs.data)
    return Communities(audience.members, _largest_first(membership), float(modularity))


def member_ties(follows: csr_array, *, max_pairs: int = MAX_PAIRS) -> csr_array:
    """The strongest ties between members, each pair once (upper triangle), [m, m].

    Args:
        follows: [m, k], which member follows which candidate.
        max_pairs: bound on the pairs of members that are compared.
    """
    popularity = np.bincount(follows.indices, minlength=follows.shape[1]).astype(np.float64)
    order = np.argsort(popularity, kind="stable")
    affordable = np.cumsum(np.square(popularity[order])) <= max_pairs
    telling = np.sort(order[affordable & (popularity[order] > 1)])
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


def _leiden(network: Any, weights: FloatArray, seed: int, resolution: float) -> NDArray[np.int64]:
    """Community of every vertex; igraph draws from a generator of its own for the while."""
    generator = random.Random(seed)  # noqa: S311 - igraph takes this kind; groups are no secret
    igraph.set_random_number_generator(generator)
    try:
        found = network.community_leiden(
            objective_function="modularity",
            weights=weights,
            resolution=resolution,
            n_iterations=_LEIDEN_ITERATIONS,
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found.membership, dtype=np.int64)


def _largest_first(membership: NDArray[np.int64]) -> NDArray[np.int32]:
    """Number communities from the largest (ties: the one with the earliest member); -1 for small ones."""
    names, first, sizes = np.unique(membership, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    number = np.full(names.size, -1, dtype=np.int32)
    large = order[sizes[order] >= MIN_COMMUNITY]
    number[large] = np.arange(large.size)
    return number[np.searchsorted(names, membership)]


def community_voices(
    graph: FollowerGraph, audience: CleanedAudience, communities: Communities, candidates: IntegerArray
) -> CommunityVoices:
    """How many of each community follow each candidate, and how special that is inside the audience.

    Args:
        graph: follows.
        audience: m members with weights.
        communities: their partition, in the order of the audience.
        candidates: k nodes.

    Returns:
        Figures per community and candidate; a candidate is not counted as its own possible follower.
    """
    candidates = np.asarray(candidates, dtype=np.uint32)
    follows = follow_matrix(graph, audience.members, candidates)
    belongs = np.flatnonzero(communities.membership >= 0)
    shape = (communities.n_communities, audience.members.size)
    inside = csr_array((np.ones(belongs.size), (communities.membership[belongs], belongs)), shape=shape)
    weighted = csr_array(inside @ diags_array(audience.weight)) if belongs.size else inside

    position = np.full(graph.n_accounts, -1, dtype=np.int64)
    position[audience.members] = np.arange(audience.members.size)
    own = position[candidates.astype(np.int64)]
    own_weight = np.where(own >= 0, np.append(audience.weight, 0.0)[own], 0.0)
    own_community = np.where(own >= 0, np.append(communities.membership, -1)[own], -1)

    totals = np.asarray(weighted.sum(axis=1)).reshape(-1, 1)
    is_home = own_community[None, :] == np.arange(shape[0])[:, None]
    share = _ratio((weighted @ follows).toarray(), totals - own_weight * is_home)
    overall = _ratio(audience.weight @ follows, audience.weight.sum() - own_weight)
    return CommunityVoices(
        candidates=candidates,
        followers=np.rint((inside @ follows).toarray()).astype(np.int64),
        share=share,
        lift=_ratio(share, np.broadcast_to(overall, share.shape)),
    )


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotient, NaN where the divisor is 0 (or what rounding leaves of 0)."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=np.asarray(below) > 1e-12)
