"""Runs the protocols over all audiences of a network, on every core; one seed, one set of figures."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from graph.network.pagerank import personalised_pagerank
from tests.benchmarks.trusted_voices.baselines import Factors, factors_of
from tests.benchmarks.trusted_voices.datasets import adjacency
from tests.benchmarks.trusted_voices.held_out_follows import predict_audience
from tests.benchmarks.trusted_voices.split_audience import measure_audience

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BLIND = 30
MOST_HELD_OUT = 50


@dataclass(frozen=True)
class Shared:
    """What is computed once per network."""

    pagerank: NDArray[np.float64]
    factors: Factors


def measure(network, seed):
    """{"split", "blind", "held out": {ranker: float64[audiences, figures]}} of one network."""
    graph = network.graph
    everybody = np.ones(graph.n_accounts)
    pagerank = personalised_pagerank(graph.following_offsets, graph.following, everybody, tolerance=1e-8)
    shared = Shared(pagerank.scores, factors_of(adjacency(graph)))
    jobs = {
        "split": (partial(measure_audience, seed=seed, blind=False), network.owners(seed)),
        "blind": (partial(measure_audience, seed=seed, blind=True), network.owners(seed, MOST_BLIND)),
        "held out": (partial(predict_audience, seed=seed), network.owners(seed, MOST_HELD_OUT)),
    }
    with ProcessPoolExecutor(
        os.cpu_count(), multiprocessing.get_context("spawn"), initializer=_know, initargs=(network, shared)
    ) as pool:
        return {name: _stacked(pool.map(partial(_run, job), owners)) for name, (job, owners) in jobs.items()}


_known = {}


def _know(network, shared):
    _known.update(network=network, shared=shared)


def _run(job, owner):
    return job(_known["network"], owner, _known["shared"])


def _stacked(found):
    rows = list(found)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {}
