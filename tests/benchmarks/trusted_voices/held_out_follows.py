"""Held-out follows: a fifth of an audience's follows is hidden at random, and each ranker predicts them.

An audience is the followers of one hidden account, whose own follows are taken out. Every account is ranked
once for the whole audience; an account is as relevant as it has hidden follows. nDCG@50 (gain = hidden
follows) and average precision over the whole list (relevant = at least one).

Since follows are hidden at random, the expected number of hidden follows of an account is a quarter of its
visible ones: the in-audience count is close to the best there is, and what can be won is what smoothing
wins.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.trusted_voices.baselines import Seen, baseline_scores, factors_of
from tests.benchmarks.trusted_voices.datasets import without
from tests.benchmarks.trusted_voices.metrics import average_precision, ndcg, order_of
from tests.benchmarks.trusted_voices.rankers import other_scores, our_scores

HIDDEN_SHARE = 0.2
AT = 50


def predict_audience(network, owner, shared, *, seed):
    """{ranker: (nDCG@50, average precision)} of one audience."""
    graph = network.graph
    members = graph.followers_of(owner).astype(np.int64)
    theirs = np.zeros(graph.n_accounts, dtype=bool)
    theirs[members] = True
    rng = np.random.default_rng((seed, int(owner), 1))
    of_members = np.repeat(theirs, graph.following_counts) & (graph.following != owner)
    hidden = of_members & (rng.random(graph.n_follows) < HIDDEN_SHARE)
    relevance = np.bincount(graph.following[hidden], minlength=graph.n_accounts)
    seen = Seen(without(graph, keep=~hidden, owner=owner), members)
    factors = factors_of(seen.matrix)  # fitted anew: the whole graph would tell it what is hidden
    scores = our_scores(seen) | baseline_scores(seen, shared.pagerank, factors) | other_scores(seen)
    found = {}
    for name, values in scores.items():
        ranked = np.array(values, dtype=float)
        ranked[owner] = -np.inf
        in_order = relevance[order_of(ranked)]
        found[name] = (ndcg(in_order, relevance, AT), average_precision(in_order))
    return found
