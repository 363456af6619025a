"""Split audience: the list made from one half of an audience, judged on the other half.

An audience is the followers of one hidden account; the follows of that account are taken out of the graph,
since it would tell each half of the other. Each ranker sees one half and names its top 20; the other half
judges them: overlap of the two top 20, mean reach per pick in the judging half, geometric mean of the
picks' lift there against everybody outside the audience, median followers.

In the *blind* variant the other half's own follows are taken out of the graph as well, for rankers and not
for the judge: nothing of the judging half is known then, not even as part of the network.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.trusted_voices.baselines import Seen, baseline_scores, factors_of
from tests.benchmarks.trusted_voices.datasets import without
from tests.benchmarks.trusted_voices.metrics import best_of, log_lift, overlap
from tests.benchmarks.trusted_voices.rankers import other_scores, our_scores

TOP = 20


def measure_audience(network, owner, shared, *, seed, blind):
    """{ranker: (overlap, reach, log lift, median followers)} of one audience."""
    graph = network.graph
    members = (
        np.random.default_rng((seed, int(owner))).permutation(graph.followers_of(owner)).astype(np.int64)
    )
    halves = members[: members.size // 2], members[members.size // 2 :]
    hidden = without(graph, owner=owner)
    both = []
    for side in (0, 1):
        known = without(hidden, rows=halves[1 - side]) if blind else hidden
        seen = Seen(known, halves[side])
        factors = factors_of(seen.matrix) if blind else shared.factors
        scores = our_scores(seen) | baseline_scores(seen, shared.pagerank, factors)
        scores |= {} if blind else other_scores(seen)
        both.append({name: _top(values, owner) for name, values in scores.items()})
    found = {}
    for name in both[0]:
        tops = [side[name] for side in both]
        judged = [_judge(hidden, halves[1 - side], members, tops[side]) for side in (0, 1)]
        reach, lift = np.mean(judged, axis=0)
        followers = np.median(graph.follower_counts[np.concatenate(tops)])
        found[name] = (overlap(*tops), reach, lift, followers)
    return found


def _top(scores, owner):
    scores = np.array(scores, dtype=float)
    scores[owner] = -np.inf
    return best_of(scores, TOP)


def _judge(graph, half, members, picks):
    """Mean reach and mean log lift of the picks among `half`, against everybody outside the audience."""
    in_half, in_audience = np.zeros(graph.n_accounts, bool), np.zeros(graph.n_accounts, bool)
    in_half[half], in_audience[members] = True, True
    inside = np.array([in_half[graph.followers_of(pick)].sum() for pick in picks])
    outside = np.array([(~in_audience[graph.followers_of(pick)]).sum() for pick in picks])
    lifts = log_lift(inside, half.size, outside, graph.n_accounts - members.size)
    return (inside / half.size).mean(), lifts.mean()
