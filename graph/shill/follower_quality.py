"""What the followers of each account look like: shares of profile types, and how sure they are.

Belongs here: counting profiles over follower lists, and the share of purchased ones that the counts speak
for. Does not belong here: reading a profile (`graph.shill.profile_model`, `graph.shill.profiles`), and
judging a share against a size tier or a threshold.

A profile is never surely purchased, so suspicious ones are not counted but estimated. Followers are counted
by how much their profile speaks for being purchased (bins of likelihood ratios). Two estimates are made, and
the smaller one is told, because each fails where the other holds:

- the mixing proportion of purchased and genuine profiles that explains all counts best, as in the
  estimation of class priors of Saerens, Latinne and Decaestecker (2002, Neural Computation 14). It is
  right also where purchased profiles are plainer than the labelled ones, and far too high where the
  genuine followers of an account are a quiet people of whom each looks a little odd;
- the correction of Rogan and Gladen (1978, American Journal of Epidemiology 107) of the share of profiles
  that look purchased by themselves, for those missed and those held by mistake. A quiet people does not
  move it.

The bounds cover the sampling of followers and, by drawing the likelihood ratios anew from the labelled
profiles behind them, the errors of the model. Where the two estimates disagree, the bounds hold both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.shill.profile_model import EVIDENCE_EDGES
from graph.shill.profiles import PROFILE_TYPES
from graph.statistics.intervals import wilson_interval

if TYPE_CHECKING:
    from graph.arrays.sparse_rows import IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.shill.profile_model import ProfileModel

FloatArray = NDArray[np.float64]

MIN_FOLLOWERS_PROFILED = 20
GENUINE_TYPES = tuple(name for name in PROFILE_TYPES if name not in ("suspicious", "unknown"))
FOLLOWER_TYPES = (*GENUINE_TYPES, "suspicious")
"""What the profiled followers of an account are divided into."""

_EDGES_AT_ONCE = 4_000_000  # bounds the memory of one pass to some 100 MB, whatever the size of the graph
_CELLS_PER_NODE = 40  # of the counts of one pass, about
_ACCOUNTS_AT_ONCE = 4_000  # likewise of the posteriors
_SHARES = ((np.arange(120) + 0.5) / 120) ** 2  # where a posterior is evaluated; finer where shares are small
_STRONG = 2.0  # log likelihood ratio from which a profile looks purchased by itself
_DRAWS = 12  # of the likelihood ratios
_PRIOR = 0.5  # suspicious followers that the prior is worth; genuine ones follow from the model's base rate
_TAIL = 0.025


@dataclass(frozen=True)
class FollowerQuality:
    """Types of the profiled followers of n accounts; shares are NaN below the minimum of profiled followers.

    Attributes:
        followers_profiled: int64[n], followers of whom enough is known to judge them; what shares rest on.
        shares: by type of `FOLLOWER_TYPES`, float64[n]; they add up to 1.
        low, high: 95 % bounds of each share, likewise. Those of the suspicious share cover the sampling of
            followers and the errors of the model on profiles like those it was fitted to; those of the
            others are Wilson's.
    """

    followers_profiled: NDArray[np.int64]
    shares: dict[str, FloatArray]
    low: dict[str, FloatArray]
    high: dict[str, FloatArray]

    @property
    def suspicious_share(self) -> FloatArray:
        """Share of suspicious profiles among the profiled followers, float64[n]."""
        return self.shares["suspicious"]

    @property
    def is_measured(self) -> NDArray[np.bool_]:
        """Where enough followers were profiled, bool[n]."""
        return np.isfinite(self.shares["suspicious"])


@dataclass(frozen=True)
class FollowerCounts:
    """Profiled followers by type and bin of evidence, of the accounts that have enough of them.

    Attributes:
        followers_profiled: int64[n], of every account.
        nodes: int64[m], the accounts with enough of them, ascending.
        counts: int32[m, len(GENUINE_TYPES), bins].
    """

    followers_profiled: NDArray[np.int64]
    nodes: NDArray[np.int64]
    counts: NDArray[np.int32]


def count_followers(
    graph: FollowerGraph,
    type_if_genuine: NDArray[np.int8],
    evidence_bin: NDArray[np.int8],
    bins: int,
    min_profiled: int,
    left_out: IntegerArray | None = None,
) -> FollowerCounts:
    """Count the profiled followers of each account by type and bin of evidence.

    Args:
        graph: Who follows whom.
        type_if_genuine: int8[n], positions in `PROFILE_TYPES`; any but unknown where the bin is known.
        evidence_bin: int8[n], -1 where too little is known to judge the profile.
        bins: How many bins there are.
        min_profiled: Accounts with fewer are left out.
        left_out: Ascending positions in `graph.network.followers` of follows that do not count.
    """
    places = np.array([GENUINE_TYPES.index(name) if name in GENUINE_TYPES else 0 for name in PROFILE_TYPES])
    cells = len(GENUINE_TYPES) * bins
    cell_of = np.where(evidence_bin >= 0, places[type_if_genuine] * bins + evidence_bin, cells)
    offsets = np.asarray(graph.follower_offsets)
    skipped = np.zeros(0, dtype=np.int64) if left_out is None else np.asarray(left_out, dtype=np.int64)
    profiled = np.zeros(graph.n_accounts, dtype=np.int64)
    nodes, counts = [np.empty(0, np.int64)], [np.empty((0, cells), np.int32)]
    for first, last in _node_ranges(offsets):
        edges = graph.followers[offsets[first] : offsets[last]]
        owners = np.repeat(np.arange(last - first), np.diff(offsets[first : last + 1]))
        cell = cell_of[edges]
        here = skipped[slice(*np.searchsorted(skipped, offsets[[first, last]]))]
        cell[here - offsets[first]] = cells
        found = np.bincount(owners * (cells + 1) + cell, minlength=(last - first) * (cells + 1))
        by_cell = found.reshape(-1, cells + 1)[:, :cells]
        profiled[first:last] = by_cell.sum(axis=1)
        enough = np.flatnonzero(profiled[first:last] >= max(min_profiled, 1))
        nodes.append(enough + first)
        counts.append(by_cell[enough].astype(np.int32))
    table = np.concatenate(counts).reshape(-1, len(GENUINE_TYPES), bins)
    return FollowerCounts(profiled, np.concatenate(nodes), table)


def suspicious_shares(
    counts: NDArray[np.integer], model: ProfileModel
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Share of purchased profiles that counts by bin of evidence speak for, and its 95 % bounds.

    The likelihood of a share π is Π over bins of (1 - π + π · ratio) ^ count. Its posterior is averaged over
    `_DRAWS` draws of the ratios; the prior is worth a handful of followers at the base rate of the model, so
    that nobody is known to have none on the strength of twenty.

    Args:
        counts: int[n, bins], at least one in each row.
        model: Where the labelled profiles behind the ratios are.

    Returns:
        The most likely share, but at most what profiles that look purchased by themselves account for, and
        none where that is less than half a follower; lower and upper bound; float64[n] each.
    """
    found = np.empty((3, len(counts)))
    for first in range(0, len(counts), _ACCOUNTS_AT_ONCE):
        some = np.asarray(counts[first : first + _ACCOUNTS_AT_ONCE], dtype=np.float64)
        rows = slice(first, first + len(some))
        mixed = _mixing_proportion(some, _expected_ratios(model))
        plain, plain_low = _corrected_share(some, model)
        low, high = _posterior_bounds(some, model)
        share = np.minimum(mixed, plain)
        found[0, rows] = np.where(share * some.sum(axis=1) < 0.5, 0.0, share)
        found[1, rows] = np.minimum(np.minimum(low, plain_low), found[0, rows])
        found[2, rows] = np.maximum(high, found[0, rows])
    return found[0], found[1], found[2]


def _mixing_proportion(counts: FloatArray, ratios: FloatArray) -> FloatArray:
    """The share under which the counts are most likely, float64[n], to the step of the grid."""
    shares = np.concatenate([[0.0], _SHARES])
    return shares[np.argmax(counts @ np.log1p(shares * (ratios[:, None] - 1.0)), axis=1)]


def _corrected_share(counts: FloatArray, model: ProfileModel) -> tuple[FloatArray, FloatArray]:
    """Rogan and Gladen's estimate from those beyond `_STRONG`, and its lower bound, float64[n] each."""
    strong = np.searchsorted(EVIDENCE_EDGES, _STRONG, side="right")
    hit, alarm = (
        (side[strong:].sum() + 0.5) / (side.sum() + 1.0) for side in (model.suspicious, model.genuine)
    )
    seen, of = counts[:, strong:].sum(axis=1), counts.sum(axis=1)
    told = np.stack([seen / of, wilson_interval(seen, of)[0]])
    share, low = np.clip((told - alarm) / max(hit - alarm, np.finfo(float).tiny), 0.0, 1.0)
    return share, low


def _posterior_bounds(counts: FloatArray, model: ProfileModel) -> tuple[FloatArray, FloatArray]:
    """Quantiles of the posterior of the mixing proportion, float64[n] each."""
    log_terms = [np.log1p(_SHARES * (ratios[:, None] - 1.0)) for ratios in drawn_ratios(model)]
    # uniform steps of the square root of π make the density of Beta(1/2, b) finite at both ends
    weight = _PRIOR * (1 - model.base_rate) / model.base_rate - 1.0
    log_posteriors = np.stack([counts @ terms for terms in log_terms]) + weight * np.log1p(-_SHARES)
    posteriors = np.exp(log_posteriors - log_posteriors.max(axis=2, keepdims=True))
    # every draw counts alike: the labelled profiles teach the ratios, the followers of one account do not
    below = np.cumsum((posteriors / posteriors.sum(axis=2, keepdims=True)).mean(axis=0), axis=1)
    return _SHARES[np.argmax(below >= _TAIL, axis=1)], _SHARES[np.argmax(below > 1 - _TAIL, axis=1)]


def follower_quality(
    graph: FollowerGraph,
    type_if_genuine: NDArray[np.int8],
    evidence_bin: NDArray[np.int8],
    model: ProfileModel,
    *,
    left_out: IntegerArray | None = None,
    min_profiled: int = MIN_FOLLOWERS_PROFILED,
) -> FollowerQuality:
    """Shares of follower types for every account of the graph.

    The suspicious share is estimated (see the module); the other types share what remains, each follower
    counted by how probable it is that it is none of the suspicious.

    Args:
        graph: Who follows whom.
        type_if_genuine: int8[n], positions in `PROFILE_TYPES`.
        evidence_bin: int8[n], from `ProfileModel.evidence_bin`; -1 where too little is known.
        model: What the bins come from.
        left_out: Ascending positions in `graph.network.followers` of follows that do not count, such as those
            that others sent.
        min_profiled: Fewer profiled followers than this leave the shares unknown.
    """
    found = count_followers(
        graph, type_if_genuine, evidence_bin, len(model.suspicious), min_profiled, left_out
    )
    counts, n = found.counts, found.followers_profiled[found.nodes]
    share, low, high = suspicious_shares(counts.sum(axis=1), model)
    odds = share[:, None] * _expected_ratios(model)
    genuine = (1 - share)[:, None] / (odds + (1 - share)[:, None])
    by_type = np.einsum("atb,ab->at", counts, genuine)
    by_type *= ((1 - share) / np.maximum(by_type.sum(axis=1), np.finfo(float).tiny))[:, None]
    table = np.column_stack([by_type, share])
    lows, highs = wilson_interval(table * n[:, None], n[:, None])
    lows[:, -1], highs[:, -1] = low, high

    def everybody(columns: FloatArray) -> dict[str, FloatArray]:
        whole = np.full((len(FOLLOWER_TYPES), graph.n_accounts), np.nan)
        whole[:, found.nodes] = columns.T
        return dict(zip(FOLLOWER_TYPES, whole, strict=True))

    return FollowerQuality(found.followers_profiled, everybody(table), everybody(lows), everybody(highs))


def _expected_ratios(model: ProfileModel) -> FloatArray:
    """Likelihood ratio of each bin, purchased over genuine, float64[bins]; smoothed by half a profile."""
    suspicious, genuine = model.suspicious + 0.5, model.genuine + 0.5
    return (suspicious / suspicious.sum()) / (genuine / genuine.sum())


def drawn_ratios(model: ProfileModel) -> list[FloatArray]:
    """Likelihood ratios of the bins as they could be, given how few labelled profiles they rest on."""
    random = np.random.default_rng(0)  # the same draws whenever and for whomever
    suspicious = random.dirichlet(model.suspicious + 0.5, _DRAWS)
    genuine = random.dirichlet(model.genuine + 0.5, _DRAWS)
    return list(suspicious / np.maximum(genuine, np.finfo(float).tiny))


def _node_ranges(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Consecutive node ranges [first, last) of about `_EDGES_AT_ONCE` edges or cells of counts each."""
    nodes = len(offsets) - 1
    ranges, first = [], 0
    while first < nodes:
        fits = int(np.searchsorted(offsets, offsets[first] + _EDGES_AT_ONCE, side="right")) - 1
        last = min(max(fits, first + 1), first + max(_EDGES_AT_ONCE // _CELLS_PER_NODE, 1), nodes)
        ranges.append((first, last))
        first = last
    return ranges
