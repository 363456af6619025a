"""How alike the members of a group are in whom they follow, on a scale from strangers to friends.

Belongs here: cosine similarity inside groups, and the two ends of its scale. Does not belong here: what it
means that a group is alike. What accounts write is no measure of it: paid posts read alike wherever they are
bought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph

MOST_MEMBERS = 100
"""Members of a group that are compared with each other; of more, a sample."""
COMPARED = 1_500
"""Strangers, and pairs of friends, that are drawn for the two ends."""
FEWEST_FRIENDS = 10
"""Pairs of mutual friends without which there is no upper end."""
MIN_KNOWN = 2


def group_likeness(
    graph: FollowerGraph,
    groups: Sequence[IntegerArray],
    strangers: IntegerArray,
    friends: tuple[IntegerArray, IntegerArray],
    *,
    seed: int = 20_200_420,
) -> FloatArray:
    """How alike the members of each group are: 0 as accounts drawn at random, 1 as mutual friends.

    The mean cosine of the rows of whom they follow, where a rarely followed account counts more (log of
    accounts ÷ followers). That members follow each other says nothing of what they have in common and is left
    out. Without friends to compare with, or members who follow anybody, a group is unknown.

    Args:
        graph: The follow graph.
        groups: Members of each group, nodes.
        strangers: Nodes from which random groups are drawn.
        friends: Both ends of pairs that follow each other, nodes.
        seed: Seed of the draws.

    Returns:
        float64[groups], not bounded to [0, 1]; NaN where unknown.
    """
    likeness = np.full(len(groups), np.nan)
    if not groups:
        return likeness
    rng = np.random.default_rng(seed)
    follows_any = graph.following_counts > 0
    pool = np.sort(rng.permutation(strangers[follows_any[strangers]])[:COMPARED])
    able = np.flatnonzero(follows_any[friends[0]] & follows_any[friends[1]])
    able = np.sort(rng.permutation(able)[:COMPARED])
    if able.size < FEWEST_FRIENDS or pool.size < MIN_KNOWN:
        return likeness
    first, second = friends[0][able], friends[1][able]
    rows = _weighted_rows(graph, np.unique(np.concatenate([*groups, pool, first, second])))
    unit = _unit_rows(rows)
    among_friends = float(unit[first].multiply(unit[second]).sum() / able.size)
    by_chance = _mean_cosine(unit[pool])  # what random groups of any size have on average
    if among_friends <= by_chance:
        return likeness
    for number, group in enumerate(groups):
        members = np.sort(rng.permutation(group[follows_any[group]])[:MOST_MEMBERS])
        if members.size < MIN_KNOWN:
            continue
        own = _mean_cosine(_unit_rows(_without(rows[members], group)))
        likeness[number] = (own - by_chance) / (among_friends - by_chance)
    return likeness


def _weighted_rows(graph: FollowerGraph, nodes: IntegerArray) -> sparse.csr_array:
    """Whom the nodes follow, weighted by rarity; [accounts, accounts] with all other rows empty."""
    n = graph.n_accounts
    lengths = np.zeros(n, dtype=np.int64)
    lengths[nodes] = graph.following_counts[nodes]
    columns = np.concatenate([graph.following_of(node) for node in nodes.tolist()]).astype(np.int64)
    rarity = np.log(n / np.maximum(graph.follower_counts, 1))
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_array((rarity[columns], columns, offsets), shape=(n, n))


def _unit_rows(rows: sparse.csr_array) -> sparse.csr_array:
    """Rows of length 1; empty ones stay empty."""
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    unit = rows.copy()
    unit.data = unit.data / np.repeat(np.maximum(length, 1e-12), np.diff(unit.indptr))
    return unit


def _without(rows: sparse.csr_array, group: IntegerArray) -> sparse.csr_array:
    """The rows without the members of the group among those followed."""
    left = rows.copy()
    left.data = np.where(np.isin(left.indices, group), 0.0, left.data)
    left.eliminate_zeros()
    return left


def _mean_cosine(unit_rows: sparse.csr_array) -> float:
    """Mean over all pairs of rows: (|Σ rows|² − Σ |row|²) ÷ pairs."""
    n = unit_rows.shape[0]
    total = np.asarray(unit_rows.sum(axis=0)).ravel()
    return float((total @ total - (unit_rows.data**2).sum()) / (n * (n - 1)))
