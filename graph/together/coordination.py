"""Coordinated sharing: accounts that pass on the same objects shortly after one another, again and again.

Belongs here: the question as a whole, and the accounts and groups that are left. Who met whom is
`graph.together.meetings`, what of it speed, taste and chance explain `graph.together.meeting_chances`. What
counts as an object (a post passed on, a link, a tag) is not decided here, nor what a score means for an
account's probability (`graph.shill.weights_of_evidence`).

What explains a coincidence. Everybody shares a hot post in its first hour, fans pass on each post of their
idol at once, and a feed posts every link of its outlet as it appears: none of them acts in concert. So two
accounts are held against *their own* speed: given the objects that both shared, how often would they meet by
chance within the window, if each kept its delays after the object appeared, and at the sources where it is
quick, its delays there? Meetings beyond that are counted, in several windows, because how tight a hand leads
is not known. Who is quick at everything is explained whole by that, hence a second question to pairs that do
hardly anything apart: whether they would share the same objects at all, given how much each shares and how
popular the objects are.

References:
    Pacheco et al., "Uncovering Coordinated Networks on Social Media: Methods and Case Studies", ICWSM 2021.
    Giglietto et al., "It takes a village to manipulate the media", Information, Communication & Society 2020.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import igraph
import numpy as np

from graph.together.meeting_chances import (
    SharingPairs,
    discoveries,
    largest_by_chance,
    pairs_to_test,
    rate_pairs,
    with_inseparable,
)
from graph.together.meetings import (
    UNKNOWN,
    IntArray,
    RepeatedMeetings,
    Shares,
    first_shares,
    repeated_meetings,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray

MIN_OBJECTS = 3
"""Objects that an account must have shared; fewer say nothing about a habit."""
MIN_LIFT = 3.0
"""Meetings ÷ expected meetings of an unusual pair: rhythms of the day alone make it up to about two."""
MIN_GROUP_SIZE = 3
MIN_DENSITY = 0.2
"""Unusual pairs ÷ all pairs between two parts, below which they are two groups."""


@dataclass(frozen=True)
class Meetings:
    """Objects on which unusual pairs met, one element per pair and object.

    Attributes:
        pair: index into the pairs.
        object: the object as it was given.
        first_at, last_at: when the earlier and the later of both shared it, seconds.
    """

    pair: IntArray
    object: IntArray
    first_at: IntArray
    last_at: IntArray


@dataclass(frozen=True)
class SharingGroup:
    """One group of accounts that share in concert.

    Attributes:
        members: int64 nodes, sorted.
        density: unusual pairs ÷ all pairs of the group.
        score: mean strength of its unusual pairs.
        repeats, expected: medians over its unusual pairs.
        window_s: the median window of its unusual pairs.
        pairs: indices of its unusual pairs.
    """

    members: IntArray
    density: float
    score: float
    repeats: float
    expected: float
    window_s: int
    pairs: IntArray


@dataclass(frozen=True)
class CoordinatedSharing:
    """Coordinated sharing of n accounts.

    Attributes:
        score: float64[n], strength of the account's heaviest pair; 0 without one, NaN below `MIN_OBJECTS`.
        partners: int64[n], accounts with which it forms an unusual pair.
        n_objects: int64[n], distinct objects that it shared.
        heaviest: int64[n], index of its heaviest pair, -1 without one.
        threshold: the largest strength among shuffled times; NaN where nothing could be shuffled.
        pairs: every pair that repeats.
        meetings: what unusual pairs shared.
        groups: largest score first.
    """

    score: FloatArray
    partners: IntArray
    n_objects: IntArray
    heaviest: IntArray
    threshold: float
    pairs: SharingPairs
    meetings: Meetings
    groups: list[SharingGroup]


def coordinated_sharing(
    n_accounts: int,
    actor: NDArray[np.integer],
    object_: NDArray[np.integer],
    at: NDArray[np.integer],
    *,
    source: NDArray[np.integer] | None = None,
    appeared: NDArray[np.integer] | None = None,
    n_shuffles: int = 2,
    seed: int = 20_210_527,
) -> CoordinatedSharing:
    """Scores every account by the pair in which it shares least like two who know nothing of each other.

    The work grows with the acts and with the meetings within the widest window, both bounded (`MOST_ACTS`,
    `MOST_MEETINGS`).

    Args:
        n_accounts: Number of accounts, n.
        actor: Who shared, one element per act.
        object_: Any integer that names what was shared, aligned with `actor`.
        at: When, seconds; only the first act of an account on an object counts.
        source: Any integer ≥ 0 that names where the object comes from (the author of the post, the host of
            the link), aligned with `actor`; negative is unknown.
        appeared: When the object appeared, seconds, aligned with `actor`; negative is unknown, and then its
            first share stands for it.
        n_shuffles: Networks with shuffled delays behind the threshold. Each keeps who shares what and how
            quick everybody is.
        seed: Seed of samples, shuffles and groups.

    Raises:
        ShareError: if the arrays differ in length.
    """
    rng = np.random.default_rng(seed)
    unknown = np.full(np.size(actor), UNKNOWN)
    columns = (
        actor,
        object_,
        at,
        unknown if source is None else source,
        unknown if appeared is None else appeared,
    )
    shares = first_shares(n_accounts, columns, rng)
    repeats = repeated_meetings(shares)
    rated = rate_pairs(shares, repeats)
    threshold = max(
        (largest_by_chance(shares, rng) for _ in range(n_shuffles if shares.actor.size else 0)),
        default=np.nan,
    )
    rated = with_inseparable(shares, rated, repeats)
    is_unusual = (
        discoveries(rated.p_value, pairs_to_test(shares, rng))
        & (rated.repeats >= MIN_LIFT * rated.expected)
        & ~(rated.strength <= threshold)
    )
    pairs = replace(rated, is_unusual=is_unusual)
    n_objects = np.bincount(shares.actor, minlength=n_accounts).astype(np.int64)
    heaviest, strength = _heaviest(n_accounts, pairs)
    ends = np.concatenate([pairs.first[is_unusual], pairs.second[is_unusual]])
    return CoordinatedSharing(
        score=np.where(n_objects >= MIN_OBJECTS, strength, np.nan),
        partners=np.bincount(ends, minlength=n_accounts).astype(np.int64),
        n_objects=n_objects,
        heaviest=heaviest,
        threshold=float(threshold),
        pairs=pairs,
        meetings=_meetings(shares, repeats, pairs),
        groups=_groups(pairs, seed),
    )


def _heaviest(n_accounts: int, pairs: SharingPairs) -> tuple[IntArray, FloatArray]:
    """Index (-1 without) and strength (0 without) of each account's heaviest pair."""
    order = np.argsort(pairs.strength, kind="stable")
    heaviest = np.full(n_accounts, -1, dtype=np.int64)
    # of repeated positions the last assignment stays, and that is the strongest
    for ends in (pairs.first, pairs.second):
        mine = np.full(n_accounts, -1, dtype=np.int64)
        mine[ends[order]] = order
        taken = heaviest >= 0
        both = np.where(taken, heaviest, mine)
        stronger = (mine >= 0) & taken
        if pairs.strength.size:
            stronger &= pairs.strength[mine] > pairs.strength[both]
        heaviest = np.where(stronger, mine, both)
    strength = np.zeros(n_accounts)
    has_pair = heaviest >= 0
    strength[has_pair] = pairs.strength[heaviest[has_pair]]
    return heaviest, strength


def _meetings(shares: Shares, repeats: RepeatedMeetings, pairs: SharingPairs) -> Meetings:
    """What unusual pairs shared within their window."""
    inside = pairs.is_unusual[repeats.pair] & (repeats.gap <= pairs.window_s[repeats.pair])
    at = repeats.at[inside]
    return Meetings(repeats.pair[inside], shares.names[repeats.object[inside]], at, at + repeats.gap[inside])


def _groups(pairs: SharingPairs, seed: int) -> list[SharingGroup]:
    """Leiden groups (constant Potts model) of the unusual pairs, from `MIN_GROUP_SIZE` members on."""
    unusual = np.flatnonzero(pairs.is_unusual)
    if unusual.size == 0:
        return []
    nodes, ends = np.unique(np.stack([pairs.first[unusual], pairs.second[unusual]]), return_inverse=True)
    ends = ends.reshape(2, -1)
    network = igraph.Graph(n=nodes.size, edges=ends.T)
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - groups, no secrets
    found = network.community_leiden(objective_function="CPM", resolution=MIN_DENSITY, n_iterations=-1)
    igraph.set_random_number_generator(random)
    part = np.asarray(found.membership)
    inside = part[ends[0]] == part[ends[1]]
    groups = []
    for number in np.flatnonzero(np.bincount(part) >= MIN_GROUP_SIZE):
        members = nodes[part == number]
        own = unusual[inside & (part[ends[0]] == number)]
        groups.append(
            SharingGroup(
                members=members,
                density=float(own.size / (members.size * (members.size - 1) / 2)),
                score=float(pairs.strength[own].mean()),
                repeats=float(np.median(pairs.repeats[own])),
                expected=float(np.median(pairs.expected[own])),
                window_s=int(np.quantile(pairs.window_s[own], 0.5, method="higher")),
                pairs=own,
            )
        )
    return sorted(groups, key=lambda group: (-group.score, group.members[0]))
