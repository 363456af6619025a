"""The rankers that ours has to beat, each as its source describes it, for a whole audience."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from sklearn.decomposition import TruncatedSVD

from graph.network.pagerank import personalised_pagerank
from graph.trust.affinity import affinity
from graph.trust.audience import clean_audience
from graph.trust.endorsement import endorsement_mass, everybody
from tests.benchmarks.trusted_voices.datasets import adjacency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.network.followers import FollowerGraph

RANKS = (16, 32, 64)
CIRCLE_OF_TRUST = 500
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Seen:
    """What a ranker may look at: the follows that are not hidden, and the members it is told."""

    graph: FollowerGraph
    members: NDArray[np.int64]

    @cached_property
    def matrix(self):
        return adjacency(self.graph)

    @cached_property
    def weights(self):
        weights = np.zeros(self.graph.n_accounts)
        weights[self.members] = 1.0
        return weights

    @cached_property
    def count(self):
        """Members that follow each account."""
        return self.matrix.T @ self.weights

    @cached_property
    def affinity(self):
        return affinity(self.graph, clean_audience(self.members, None, None, None, None))

    @cached_property
    def pagerank(self):
        graph = self.graph
        return personalised_pagerank(
            graph.following_offsets, graph.following, self.weights, tolerance=TOLERANCE
        )

    @cached_property
    def arrived(self):
        """Personalised PageRank that came over edges."""
        return self.pagerank.scores - self.pagerank.restart_share * self.weights / self.weights.sum()

    @cached_property
    def masses(self):
        """`endorsement_mass` of the audience and of everybody."""
        graph = self.graph
        restart = np.column_stack((self.weights, everybody(graph.following_offsets)))
        both = endorsement_mass(graph.following_offsets, graph.following, restart, tolerance=TOLERANCE)
        return both[:, 0], both[:, 1]


@dataclass(frozen=True)
class Factors:
    """A matrix factorisation of the follows (truncated SVD) of which the first factors can be used alone."""

    components: NDArray[np.float32]

    def scores(self, count, rank):
        """The members' follows, added up and projected on the first factors."""
        first = self.components[:rank]
        return (first @ count) @ first


def factors_of(matrix, seed=0):
    """scikit-learn's randomised truncated SVD of the follows, no normalisation, as for implicit feedback."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a divide by the total variance, which nobody asked for
        fitted = TruncatedSVD(max(RANKS), n_iter=4, random_state=seed).fit(matrix)
    return Factors(fitted.components_)


def salsa(matrix, hubs, restart, damping=0.85, steps=30):
    """Authorities of the bipartite graph hubs → whom they follow, by walking back and forth.

    Lempel, Moran (2001), "SALSA: the stochastic approach for link-structure analysis", with restarts at
    `restart` as in Gupta et al. (2013), "WTF: the who to follow service at Twitter".
    """
    edges = matrix[hubs]
    out = np.maximum(edges.sum(axis=1), 1)
    heard = np.maximum(edges.sum(axis=0), 1)
    start = restart[hubs] / restart[hubs].sum()
    here = start
    for _ in range(steps):
        here = (1 - damping) * start + damping * (edges @ ((edges.T @ (here / out)) / heard))
    return edges.T @ (here / out)


def baseline_scores(seen, global_pagerank, factors):
    """Score of every account under each baseline."""
    members = seen.members
    circle = np.argsort(-seen.pagerank.scores, kind="stable")[:CIRCLE_OF_TRUST]
    return {
        "follower count": seen.graph.follower_counts.astype(float),
        "in-audience count": seen.count,
        "lift": seen.affinity.lift,
        "log-odds z": seen.affinity.log_odds_z,
        "PageRank": global_pagerank,
        "personalised PageRank": seen.arrived,
        "personalised PageRank (restarts left in)": seen.pagerank.scores,
        "SALSA (audience as hubs)": salsa(seen.matrix, members, seen.weights),
        "SALSA (circle of trust, WTF)": salsa(seen.matrix, circle, seen.pagerank.scores),
        **{f"matrix factorisation (rank {rank})": factors.scores(seen.count, rank) for rank in RANKS},
    }
