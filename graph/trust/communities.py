"""Communities: the groups an audience falls into, how far they hold, and what each of them follows.

Finding groups and telling what each follows belong here. How close two members are is for
`graph.trust.member_ties`, who reaches several groups for `graph.trust.bridges`, what a group is called for
`graph.text.characteristic_terms`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.statistics.intervals import wilson_interval
from graph.trust.member_ties import (
    MAX_PAIRS,
    attention_matrix,
    blended_ties,
    follow_matrix,
    follow_pieces,
    interaction_ties,
    member_ties,
    telling_candidates,
)
from graph.trust.partition_stability import adjusted_rand, best_jaccard, mean_adjusted_rand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph
    from graph.network.interactions import InteractionGraph
    from graph.trust.audience import CleanedAudience

SEED = 20_240_229
SEEDS = 5
"""Runs on the ties as they are; the best of them by modularity is the partition."""

RESAMPLES = 8
"""Runs on resampled ties, on a graph that can afford them …"""

FEWEST_RESAMPLES = 3
"""… and on one that cannot."""

TIES_AFFORDED = 2_000_000
"""Ties times resamples, at most; measured at about a microsecond of Leiden each."""

MIN_COMMUNITY = 3
"""Fewer members than this are no community."""

HOLDS_FROM = 0.5
"""A community whose stability is lower dissolves when the data vary a little (Hennig 2007)."""

_ITERATIONS = 3  # on every graph tried the fourth changed nothing any more
_RESAMPLE_ITERATIONS = 2  # agrees with three at 0.99, and what it adds is doubt, not confidence


@dataclass(frozen=True)
class Communities:
    """A partition of the audience; arrays are [m] in the order of the audience, or [communities].

    Attributes:
        nodes: uint32[m], the members.
        membership: int32[m], community of each, 0 the largest; -1 for members without ties or in
            small leftovers.
        modularity: of the whole partition on the ties it was made from; NaN where there are no ties.
        stability: mean adjusted Rand between the partition and those found on resampled ties; NaN without
            ties.
        seed_stability: mean adjusted Rand over pairs of seeds on the same ties. It flatters: groups
            that met the truth at 0.7 reached 0.8, and a graph without any 0.1 to 0.2.
        community_stability: float64[communities], mean best Jaccard of each over the resampled ties.
        internal_share: float64[communities], part of the members' ties that stays inside.
    """

    nodes: NDArray[np.uint32]
    membership: NDArray[np.int32]
    modularity: float
    stability: float
    seed_stability: float
    community_stability: FloatArray
    internal_share: FloatArray

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
        share_low: float64, its Wilson bound, the community being as large as its weights are worth (Kish).
        lift: float64, share ÷ share of the whole audience; 1 is no difference, NaN where nobody follows.
        overall_share: float64[k], share of the whole audience, by weight.
    """

    candidates: NDArray[np.uint32]
    followers: NDArray[np.int64]
    share: FloatArray
    share_low: FloatArray
    lift: FloatArray
    overall_share: FloatArray


def audience_communities(
    graph: FollowerGraph,
    audience: CleanedAudience,
    candidates: IntegerArray,
    *,
    interactions: InteractionGraph | None = None,
    follows_are_interactions: bool = False,
    seed: int = SEED,
    resolution: float = 1.0,
) -> Communities:
    """Group members who are close to each other, with Leiden on a sparse graph of ties.

    Three kinds of ties are added up (`graph.trust.member_ties`): following the same candidates, acting on the
    same accounts, and acting on each other. A kind that the data do not hold adds nothing.

    Leiden runs from `SEEDS` seeds on these ties, and the partition of the highest modularity is kept. Then it
    runs from further seeds on resampled ties, every strength multiplied by a draw from Exp(1) (the Bayesian
    bootstrap): what seeds and chance ties alone could have changed is what `stability` shows. Resampling the
    candidates instead, and making the ties anew, gave about the same on generated and real audiences
    (0.97, 0.98, 0.55, 0.68 against 0.95, 0.98, 0.61, 0.56) and cost ten times as much; groups that are weak
    but there are doubted more this way (0.5 against 0.1 where the truth was met at 0.7).

    Args:
        graph: follows.
        audience: m members; weights play no part, a group of bought members should be seen as one.
        candidates: k nodes.
        interactions: who acts on whom; None where there are none.
        follows_are_interactions: whether the follows were made from the interactions, which then say nothing
            new about whom members pay attention to.
        seed: same seed, same groups.
        resolution: above 1 for more and smaller groups.

    Returns:
        The partition, the same for the same input and seed, in whatever order the members come.

    References:
        Traag, Waltman, van Eck (2019), "From Louvain to Leiden", Scientific Reports 9.
        Rosvall, Bergstrom (2010), "Mapping change in large networks", PLoS ONE 5 (resampled link weights).
        Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9.
        Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics & Data
        Analysis 52 (mean best Jaccard; below 0.5 a cluster is dissolved, from 0.75 it is stable).
    """
    order = np.argsort(audience.members, kind="stable")
    members = audience.members[order]
    telling = telling_candidates(graph, members, np.sort(candidates))
    layers = [member_ties(follow_matrix(graph, members, telling))]
    if interactions is not None:
        layers.append(interaction_ties(interactions, members))
        if not follows_are_interactions:
            layers.append(member_ties(attention_matrix(interactions, members), max_pairs=MAX_PAIRS // 3))
    ties = coo_array(blended_ties(layers))
    if ties.nnz == 0:
        return _no_communities(audience)
    network = igraph.Graph(n=members.size, edges=np.column_stack((ties.row, ties.col)))
    rng = np.random.default_rng(seed)

    on_ties = [_leiden(network, ties.data, seed + number, resolution) for number in range(SEEDS)]
    quality = [network.modularity(found, weights=ties.data, resolution=resolution) for found in on_ties]
    best = on_ties[int(np.argmax(quality))]
    membership = _largest_first(best)
    resampled = [
        _leiden(
            network,
            ties.data * rng.exponential(size=ties.nnz),
            seed + SEEDS + number,
            resolution,
            n_iterations=_RESAMPLE_ITERATIONS,
        )
        for number in range(_affordable_resamples(ties.nnz))
    ]
    in_order = np.empty_like(membership)
    in_order[order] = membership
    return Communities(
        nodes=audience.members,
        membership=in_order,
        modularity=float(network.modularity(best, weights=ties.data)),
        stability=float(np.mean([adjusted_rand(best, found) for found in resampled])),
        seed_stability=mean_adjusted_rand(on_ties),
        community_stability=np.mean([best_jaccard(membership, found) for found in resampled], axis=0),
        internal_share=_internal_share(ties, membership),
    )


def _no_communities(audience: CleanedAudience) -> Communities:
    nothing, unknown = np.zeros(0), float("nan")
    membership = np.full(audience.members.size, -1, dtype=np.int32)
    return Communities(audience.members, membership, unknown, unknown, unknown, nothing, nothing)


def _affordable_resamples(n_ties: int) -> int:
    return int(min(max(TIES_AFFORDED // n_ties, FEWEST_RESAMPLES), RESAMPLES))


def _internal_share(ties: coo_array, membership: NDArray[np.int32]) -> FloatArray:
    """Part of the strength of each community's ties that stays inside, float64[communities]."""
    n_communities = int(membership.max(initial=-1)) + 1
    row, column = membership[ties.row], membership[ties.col]
    ends = np.concatenate((row, column))
    strength = np.bincount(ends + 1, weights=np.tile(ties.data, 2), minlength=n_communities + 1)[1:]
    same = (row == column) & (row >= 0)
    inside = np.bincount(row[same], weights=2 * ties.data[same], minlength=n_communities)
    return _ratio(inside.astype(np.float64), strength.astype(np.float64))


def _leiden(
    network: Any, weights: FloatArray, seed: int, resolution: float, n_iterations: int = _ITERATIONS
) -> NDArray[np.int64]:
    """Community of every vertex; igraph draws from a generator of its own for the while."""
    generator = random.Random(seed)  # noqa: S311 - igraph takes this kind; groups are no secret
    igraph.set_random_number_generator(generator)
    try:
        found = network.community_leiden(
            objective_function="modularity",
            weights=weights,
            resolution=resolution,
            n_iterations=n_iterations,
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
    squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).reshape(-1, 1)
    followers, heard = np.zeros((2, shape[0], candidates.size))
    heard_by_all = np.zeros(candidates.size)
    for rows, follows in follow_pieces(graph, audience.members, candidates):
        followers += (inside[:, rows] @ follows).toarray()
        heard += (weighted[:, rows] @ follows).toarray()
        heard_by_all += audience.weight[rows] @ follows

    is_home = own_community[None, :] == np.arange(shape[0])[:, None]
    total = totals - own_weight * is_home
    share = _ratio(heard, total)
    effective = _ratio(np.square(total), squares - np.square(own_weight) * is_home)
    overall = _ratio(heard_by_all, audience.weight.sum() - own_weight)
    return CommunityVoices(
        candidates=candidates,
        followers=np.rint(followers).astype(np.int64),
        share=share,
        share_low=wilson_interval(np.nan_to_num(share * effective), effective)[0],
        lift=_ratio(share, np.broadcast_to(overall, share.shape)),
        overall_share=overall,
    )


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotient, NaN where the divisor is 0 (or what rounding leaves of 0)."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=np.asarray(below) > 1e-12)
