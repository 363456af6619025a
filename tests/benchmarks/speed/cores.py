"""Cores: how deep in the graph an account lies, by counting (Batagelj and Zaversnik 2003), compiled.

The core number of a node is the largest k such that it belongs to a part of the graph in which everybody has
k edges or more. An edge counts in whatever direction, and two between the same nodes count twice. The node
with the fewest edges left is taken out again and again; nodes lie sorted by how many they have left, and one
that loses an edge changes places with the first of its like. So every edge costs a few places, and nothing is
compared.

References:
    Batagelj, Zaversnik (2003), "An O(m) algorithm for cores decomposition of networks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled

if TYPE_CHECKING:
    from graph.network.followers import FollowerGraph


def core_numbers(graph: FollowerGraph) -> np.ndarray:
    """The core number of every account, int32[n]."""
    return _core_numbers(
        (graph.following_offsets, graph.following), (graph.follower_offsets, graph.followers)
    )


@compiled
def _core_numbers(out, into):
    """Take out the node with the fewest edges left, again and again."""
    n = out[0].size - 1
    left = np.empty(n, np.int32)
    for node in range(n):
        left[node] = out[0][node + 1] - out[0][node] + into[0][node + 1] - into[0][node]
    nodes, places, firsts = _sorted_by(left)
    for place in range(n):
        node = nodes[place]
        for offsets, entries in (out, into):
            for k in range(offsets[node], offsets[node + 1]):
                other = entries[k]
                count = left[other]
                if count > left[node]:
                    first = firsts[count]
                    there, ahead = places[other], nodes[first]
                    nodes[there], places[ahead] = ahead, there
                    nodes[first], places[other] = other, first
                    firsts[count] = first + 1
                    left[other] = count - 1
    return left


@compiled
def _sorted_by(count):
    """Nodes by count, the lowest first: who stands where, where each node stands, where each count begins."""
    firsts = np.zeros(count.max() + 2 if count.size else 1, np.int64)
    for one in count:
        firsts[one + 1] += 1
    for value in range(firsts.size - 1):
        firsts[value + 1] += firsts[value]
    nodes, places = np.empty(count.size, np.uint32), np.empty(count.size, np.uint32)
    following = firsts.copy()
    for node in range(count.size):
        place = following[count[node]]
        following[count[node]] += 1
        nodes[place], places[node] = node, place
    return nodes, places, firsts
