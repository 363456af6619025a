"""Listeners: the members of an audience who follow an account or speak of it, each of them once.

Following and speaking are two records and neither holds the other: who quotes an account need not follow it.
How many of the listeners speak is for `graph.partners.ranking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from graph.trust.member_ties import follow_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.trust.audience import CleanedAudience
    from graph.trust.word_of_mouth import WordOfMouth


class Listeners(NamedTuple):
    """Who listens to k candidates.

    Attributes:
        count: int64[k], distinct members that follow the candidate or speak of it unasked.
        cleaned: float64[k], sum of their weights.
    """

    count: NDArray[np.int64]
    cleaned: FloatArray


class Speaking(NamedTuple):
    """Which member (row) speaks of which candidate (column), float64 ones, [m, k].

    Attributes:
        all: Whether they follow it or not.
        beyond: Only those who do not follow it. The listeners are the followers and these.
    """

    all: csr_array
    beyond: csr_array


def listeners(
    graph: FollowerGraph, audience: CleanedAudience, candidates: IntegerArray, voices: WordOfMouth
) -> Listeners:
    """Count the members who follow each candidate or speak of it.

    Args:
        graph: follows, n accounts.
        audience: m members with weights.
        candidates: k nodes, each once.
        voices: word of mouth of the same audience.

    Returns:
        One value per candidate.
    """
    follows = follow_matrix(graph, audience.members, candidates)
    beyond = speaking(follows, candidates, voices).beyond
    cleaned = follows.T @ audience.weight + beyond.T @ audience.weight
    return Listeners((follows.sum(axis=0) + beyond.sum(axis=0)).astype(np.int64), cleaned)


def speaking(follows: csr_array, candidates: IntegerArray, voices: WordOfMouth) -> Speaking:
    """Set who speaks of the candidates beside who follows them.

    Args:
        follows: Which member follows which candidate, [m, k], as `graph.trust.member_ties.follow_matrix`.
        candidates: k nodes, each once.
        voices: word of mouth of the same m members.

    Returns:
        Who speaks, and who of these does not follow.
    """
    row = np.full(voices.voices.size, -1, dtype=np.int64)
    row[candidates] = np.arange(np.size(candidates))
    about = row[voices.pair_account]
    kept = about >= 0
    pairs = (voices.pair_member[kept], about[kept])
    spoke = csr_array(coo_array((np.ones(about[kept].size), pairs), shape=follows.shape))
    return Speaking(spoke, csr_array(spoke - spoke.multiply(follows)))
