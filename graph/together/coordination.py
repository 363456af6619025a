"""Coordinated sharing: accounts that pass on the same objects shortly after one another, again and again.

Belongs here: who shared the same object how soon after one another, what of it speed, taste and chance
explain, the pairs and groups that are left. Does not belong here: what counts as an object (a post passed on,
a link, a tag), and what a score means for an account's probability (`graph.shill.weights_of_evidence`).

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
    Benjamini and Hochberg (1995), "Controlling the false discovery rate", JRSS B 57.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import pdtrc  # scipy.stats has it as well and takes a second to import

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import sorted_unique
from graph.together.sharing_speeds import N_BINS, Speeds, meeting_odds, sharing_speeds

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

WINDOWS_S = (10, 60, 300, 600, 1_800, 3_600)
"""Windows, seconds. A hand that leads within ten minutes shows in one of them."""
TOGETHER_WITHIN_S = 60
"""The window of the second question, short because it asks for accounts that hardly do anything apart."""
MIN_OBJECTS = 3
"""Objects that an account must have shared; fewer say nothing about a habit."""
MIN_REPEATS = 2
"""Distinct objects on which a pair must meet."""
MIN_LIFT = 3.0
"""Meetings ÷ expected meetings of an unusual pair: rhythms of the day alone make it up to about two."""
MIN_TOGETHER, MIN_SHARE_TOGETHER, MIN_SOURCES = 5, 0.25, 5
"""The second question: objects shared within a minute, their share of what the less busy of both shares, and
how many sources they come from. One source is a fan's or a feed's, a few are those of a fan of a band."""
FALSE_DISCOVERY_RATE = 0.01
MOST_ACTS = 10_000
"""Acts of one object that are looked at; of more, a sample drawn by the seed."""
MOST_MEETINGS = 10_000_000
"""Meetings that are looked at; of more, each act meets only those that follow it most closely."""
MOST_PAIRS = 50_000
"""Pairs whose expectation is worked out per window: those with the largest weight there."""
SAMPLED_ACCOUNTS = 1_000
"""Accounts whose pairs are counted, so that the false discovery rate knows over how many tests it is."""
MIN_GROUP_SIZE = 3
MIN_DENSITY = 0.2
"""Unusual pairs ÷ all pairs between two parts, below which they are two groups."""
ROWS_AT_ONCE = 2_000_000
"""Objects compared in one go; bounds the memory."""

_UNKNOWN = -1
_MULTIPLIER, _BUCKET_BITS = np.uint64(0x9E3779B97F4A7C15), 22


class ShareError(ValueError):
    """Acts of sharing that do not fit together."""


@dataclass(frozen=True)
class SharingPairs:
    """Pairs u < v that met on at least `MIN_REPEATS` objects, one element per pair, in their telling window.

    Attributes:
        first, second: nodes u and v.
        repeats: distinct objects that both shared within the window.
        expected: how many of them the null explains.
        window_s: the window in which that is most surprising.
        strength: surprise (Poisson log likelihood ratio, nats) times the mean weight of the objects, where
            an object that two accounts shared weighs 1 and one that n shared log 4 ÷ log(2 + n).
        p_value: of the most surprising window, after correction for the number of windows.
        is_unusual: whether the pair stands above chance (Benjamini and Hochberg) and above shuffled times.
    """

    first: IntArray
    second: IntArray
    repeats: IntArray
    expected: FloatArray
    window_s: IntArray
    strength: FloatArray
    p_value: FloatArray
    is_unusual: BoolArray


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


@dataclass(frozen=True)
class _Shares:
    """First acts of each account on each object, sorted by object and time, and how the objects came about.

    From `names` on one element per object: what it was given as, its source (dense, -1 unknown), when it
    appeared, the account whose act stands for that (-1 where the time was given), what a meeting on it
    weighs, and how many shared it. `delay` is the seconds after the object appeared, NaN for an act that
    stands for that.
    """

    n_accounts: int
    actor: IntArray
    object: IntArray
    at: IntArray
    delay: FloatArray
    names: IntArray
    source: IntArray
    appeared: IntArray
    opener: IntArray
    weight: FloatArray
    n_acts: IntArray


@dataclass(frozen=True)
class _Repeats:
    """Meetings of pairs that repeat, sorted by pair; `first` and `second` have one element per pair."""

    first: IntArray
    second: IntArray
    pair: IntArray
    object: IntArray
    at: IntArray
    gap: IntArray


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
    unknown = np.full(np.size(actor), _UNKNOWN)
    columns = (
        actor,
        object_,
        at,
        unknown if source is None else source,
        unknown if appeared is None else appeared,
    )
    shares = _first_shares(n_accounts, columns, rng)
    repeats = _repeats(shares)
    rated = _rated(shares, repeats)
    threshold = max(
        (_largest_by_chance(shares, rng) for _ in range(n_shuffles if shares.actor.size else 0)),
        default=np.nan,
    )
    rated = _with_inseparable(shares, rated, repeats)
    is_unusual = (
        _discoveries(rated.p_value, _testable_pairs(shares, rng))
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


def _first_shares(
    n_accounts: int, columns: tuple[NDArray[np.integer], ...], rng: np.random.Generator
) -> _Shares:
    """First act of each account on each object; of objects with more than `MOST_ACTS` a sample of those."""
    actor, object_, at, source, appeared = (np.asarray(column, dtype=np.int64) for column in columns)
    if len({column.size for column in (actor, object_, at, source, appeared)}) > 1:
        msg = "actor, object, time, source and appearance must have the same length"
        raise ShareError(msg)
    names, number = np.unique(object_, return_inverse=True)
    order = np.lexsort((actor, at, number))
    _, first = np.unique(number[order] * max(n_accounts, 1) + actor[order], return_index=True)
    chosen = order[np.sort(first)]
    actor, number, at, source, appeared = (column[chosen] for column in (actor, number, at, source, appeared))
    n_acts = np.bincount(number, minlength=names.size)
    opening = np.cumsum(n_acts) - n_acts
    is_known = (appeared[opening] >= 0) & (appeared[opening] <= at[opening])
    begins = np.where(is_known, appeared[opening], at[opening])
    delay = (at - begins[number]).astype(np.float64)
    delay[opening[~is_known]] = np.nan
    _, dense = np.unique(np.maximum(source[opening], _UNKNOWN), return_inverse=True)
    keep = _sample(number, n_acts, rng)
    return _Shares(
        n_accounts=n_accounts,
        actor=actor[keep],
        object=number[keep],
        at=at[keep],
        delay=delay[keep],
        names=names,
        source=np.where(source[opening] < 0, _UNKNOWN, dense),
        appeared=begins,
        opener=np.where(is_known, _UNKNOWN, actor[opening]),
        weight=np.log(4.0) / np.log(2.0 + np.maximum(n_acts, 2)),
        n_acts=n_acts,
    )


def _sample(number: IntArray, n_acts: IntArray, rng: np.random.Generator) -> BoolArray:
    """All acts of most objects, and `MOST_ACTS` at random of each object that has more."""
    large = n_acts > MOST_ACTS
    if not large.any():
        return np.ones(number.size, dtype=bool)
    dice = rng.random(number.size)
    order = np.lexsort((dice, number))
    place = np.empty(number.size, dtype=np.int64)
    place[order] = np.arange(number.size) - (np.cumsum(n_acts) - n_acts)[number[order]]
    return place < MOST_ACTS


def _repeats(shares: _Shares) -> _Repeats:
    """Meetings within the widest window of pairs that meet on at least `MIN_REPEATS` objects."""
    left, right = _meeting_acts(shares)
    u = np.minimum(shares.actor[left], shares.actor[right])
    v = np.maximum(shares.actor[left], shares.actor[right])
    key = u * max(shares.n_accounts, 1) + v
    maybe = np.flatnonzero(_may_repeat(key))
    maybe = maybe[np.argsort(key[maybe], kind="stable")]
    key, left, right = key[maybe], left[maybe], right[maybe]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    counts = np.diff(np.append(starts, key.size))
    often = counts >= MIN_REPEATS
    inside = np.repeat(often, counts)
    left, right = left[inside], right[inside]
    first, second = np.divmod(key[starts[often]], max(shares.n_accounts, 1))
    return _Repeats(
        first=first,
        second=second,
        pair=np.repeat(np.arange(first.size), counts[often]),
        object=shares.object[left],
        at=shares.at[left],
        gap=shares.at[right] - shares.at[left],
    )


def _may_repeat(key: IntArray) -> BoolArray:
    """Keys that may occur more than once; those that cannot are most, and need not be sorted."""
    bucket = ((key.astype(np.uint64) * _MULTIPLIER) >> np.uint64(64 - _BUCKET_BITS)).astype(np.int64)
    return (np.bincount(bucket, minlength=1 << _BUCKET_BITS) >= MIN_REPEATS)[bucket]


def _meeting_acts(shares: _Shares) -> tuple[IntArray, IntArray]:
    """Acts on the same object within the widest window, as positions of the earlier and the later."""
    n = shares.actor.size
    if n == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    start = shares.at.min()
    span = int(shares.at.max() - start) + WINDOWS_S[-1] + 1
    clock = shares.object * span + (shares.at - start)
    following = np.searchsorted(clock, clock + WINDOWS_S[-1], side="right") - np.arange(n) - 1
    if following.sum() > MOST_MEETINGS:
        following = np.minimum(following, _largest_cap(following))
    left = np.repeat(np.arange(n), following)
    place = np.arange(left.size) - np.repeat(np.cumsum(following) - following, following)
    return left, left + 1 + place


def _largest_cap(following: IntArray) -> int:
    """The largest number of followers per act that keeps all meetings within `MOST_MEETINGS`, at least 1."""
    low, high = 1, int(following.max())
    while low < high:
        middle = (low + high + 1) // 2
        if np.minimum(following, middle).sum() <= MOST_MEETINGS:
            low = middle
        else:
            high = middle - 1
    return low


def _rated(shares: _Shares, repeats: _Repeats) -> SharingPairs:
    """Every pair in the window in which it is most surprising, against the speed of both."""
    n_pairs = repeats.first.size
    best = SharingPairs(
        first=repeats.first,
        second=repeats.second,
        repeats=np.zeros(n_pairs, dtype=np.int64),
        expected=np.zeros(n_pairs),
        window_s=np.full(n_pairs, WINDOWS_S[-1], dtype=np.int64),
        strength=np.zeros(n_pairs),
        p_value=np.ones(n_pairs),
        is_unusual=np.zeros(n_pairs, dtype=bool),
    )
    if n_pairs == 0:
        return best
    weights = shares.weight[repeats.object]
    counts, sums = [], []
    looked_at = np.zeros(n_pairs, dtype=bool)
    for window in WINDOWS_S:
        inside = repeats.gap <= window
        counts.append(np.bincount(repeats.pair[inside], minlength=n_pairs))
        sums.append(np.bincount(repeats.pair[inside], weights=weights[inside], minlength=n_pairs))
        eligible = np.flatnonzero(counts[-1] >= MIN_REPEATS)
        order = np.argsort(-sums[-1][eligible], kind="stable")
        looked_at[eligible[order[:MOST_PAIRS]]] = True
    chosen = np.flatnonzero(looked_at)
    expected = _expected_meetings(shares, repeats.first[chosen], repeats.second[chosen])
    for number, window in enumerate(WINDOWS_S):
        count = counts[number][chosen]
        by_chance = np.minimum(expected[number], shares.n_acts.size)
        p_value = np.where(count >= MIN_REPEATS, _chance(count, by_chance), 1.0)
        surprise = _surprise(count, by_chance)
        mean_weight = sums[number][chosen] / np.maximum(count, 1)
        strength = np.where(count >= MIN_REPEATS, surprise * mean_weight, 0.0)
        better = (strength > best.strength[chosen]) | (best.repeats[chosen] == 0) & (count >= MIN_REPEATS)
        at = chosen[better]
        best.repeats[at], best.expected[at], best.window_s[at] = count[better], by_chance[better], window
        best.strength[at], best.p_value[at] = strength[better], p_value[better]
    return best


def _chance(count: IntArray, expected: FloatArray) -> FloatArray:
    """Chance of at least so many meetings in any of the windows, if they are Poisson; at most 1."""
    tail = np.where(count > 0, pdtrc(count - 1, expected), 1.0)
    return np.minimum(tail * len(WINDOWS_S), 1.0)


def _surprise(count: IntArray, expected: FloatArray) -> FloatArray:
    """Log likelihood ratio of a count above its Poisson expectation; 0 at or below it."""
    floor = np.maximum(expected, 1e-9)
    return np.where(count > floor, count * np.log(np.maximum(count, 1) / floor) - (count - floor), 0.0)


def _expected_meetings(shares: _Shares, first: IntArray, second: IntArray) -> FloatArray:
    """Meetings that the speed of both explains, float64[windows, pairs].

    Σ over the objects that both shared of P(two independent delays lie within the window). Each delay is
    drawn from the account's own at that source, leaning on its delays elsewhere, and these on everybody's;
    whoever stands for the object's appearance has none.
    """
    expected = np.zeros((len(WINDOWS_S), first.size))
    cells = (np.ones(shares.actor.size, dtype=np.int8), (shares.actor, shares.object))
    table = sparse.csr_array(cells, shape=(shares.n_accounts, shares.names.size))
    speeds = sharing_speeds(shares.n_accounts, shares.actor, shares.source[shares.object], shares.delay)
    odds = [meeting_odds(window) for window in WINDOWS_S]
    acts = np.diff(table.indptr)
    for low, high in spans(acts[first] + acts[second], ROWS_AT_ONCE):
        us, vs = first[low:high], second[low:high]
        common = table[us].multiply(table[vs]).tocsr()
        row = np.repeat(np.arange(high - low), np.diff(common.indptr))
        opener = shares.opener[common.indices]
        opens = np.where(opener == us[row], 1, np.where(opener == vs[row], 2, 0))
        n_sources = int(shares.source.max(initial=0)) + 2
        cell = (row * n_sources + shares.source[common.indices] + 1) * 3 + opens
        key, counts = np.unique(cell, return_counts=True)
        row, source = np.divmod(key // 3, n_sources)
        ours = _delays(speeds, us[row], source - 1, key % 3 == 1)
        theirs = _delays(speeds, vs[row], source - 1, key % 3 == 2)
        for number, meets in enumerate(odds):
            by_chance = counts * np.einsum("ij,ij->i", ours @ meets, theirs)
            expected[number, low:high] = np.bincount(row, weights=by_chance, minlength=high - low)
    return expected


def _delays(speeds: Speeds, account: IntArray, source: IntArray, opens: BoolArray) -> FloatArray:
    """Delays of accounts at sources, and none for those who open."""
    none = np.zeros(N_BINS)
    none[0] = 1.0
    return np.where(opens[:, None], none, speeds.at(account, source))


def _largest_by_chance(shares: _Shares, rng: np.random.Generator) -> float:
    """The largest strength when every account keeps its objects and its delays, joined at random."""
    moved = np.flatnonzero(np.isfinite(shares.delay))
    by_account = moved[np.argsort(shares.actor[moved], kind="stable")]
    drawn = moved[np.lexsort((rng.random(moved.size), shares.actor[moved]))]
    delay = shares.delay.copy()
    delay[by_account] = shares.delay[drawn]
    at = np.where(np.isfinite(delay), shares.appeared[shares.object] + np.nan_to_num(delay), shares.at)
    order = np.lexsort((shares.actor, at, shares.object))
    shuffled = replace(
        shares,
        actor=shares.actor[order],
        object=shares.object[order],
        at=at[order].astype(np.int64),
        delay=delay[order],
    )
    return float(_rated(shuffled, _repeats(shuffled)).strength.max(initial=0.0))


def _with_inseparable(shares: _Shares, rated: SharingPairs, repeats: _Repeats) -> SharingPairs:
    """Pairs that do hardly anything apart, held against what their activity and fame explain.

    Whoever is quick at everything meets others who are by speed alone, so speed explains the meetings and
    cannot explain that it is always the same objects, of several sources, and hardly any others.
    """
    n_pairs = rated.first.size
    inside = repeats.gap <= TOGETHER_WITHIN_S
    count = np.bincount(repeats.pair[inside], minlength=n_pairs)
    weight = np.bincount(
        repeats.pair[inside], weights=shares.weight[repeats.object[inside]], minlength=n_pairs
    )
    busy = np.bincount(shares.actor, minlength=shares.n_accounts).astype(np.float64)
    less_busy = np.minimum(busy[rated.first], busy[rated.second])
    source = shares.source[repeats.object[inside]]
    own = np.where(source >= 0, source, shares.source.max(initial=0) + 1 + repeats.object[inside])
    width = int(own.max(initial=0)) + 1
    distinct = sorted_unique(repeats.pair[inside] * width + own)
    n_sources = np.bincount(distinct // width, minlength=n_pairs)
    total = max(float(shares.n_acts.sum()), 1.0)
    popularity = float(((shares.n_acts / total) ** 2).sum())
    expected = busy[rated.first] * busy[rated.second] * popularity
    surprise = _surprise(count, expected) * weight / np.maximum(count, 1)
    asked = (count >= MIN_TOGETHER) & (count >= MIN_SHARE_TOGETHER * less_busy) & (n_sources >= MIN_SOURCES)
    tells = asked & (surprise > rated.strength)
    p_value = _chance(count, expected)
    return replace(
        rated,
        repeats=np.where(tells, count, rated.repeats),
        expected=np.where(tells, expected, rated.expected),
        window_s=np.where(tells, TOGETHER_WITHIN_S, rated.window_s),
        strength=np.where(tells, surprise, rated.strength),
        p_value=np.where(tells, p_value, rated.p_value),
    )


def _testable_pairs(shares: _Shares, rng: np.random.Generator) -> float:
    """How many pairs share `MIN_REPEATS` objects at all, whenever: what the false discovery rate is over.

    Counted for a sample of the accounts, since each may share something with everybody.
    """
    accounts = np.unique(shares.actor)
    drawn = np.sort(rng.permutation(accounts)[:SAMPLED_ACCOUNTS])
    cells = (np.ones(shares.actor.size, dtype=np.int32), (shares.actor, shares.object))
    table = sparse.csr_array(cells, shape=(shares.n_accounts, shares.names.size))
    fame = np.bincount(shares.object, minlength=shares.names.size)
    found = 0
    for low, high in spans(table[drawn] @ fame, ROWS_AT_ONCE):
        together = table[drawn[low:high]] @ table.T
        found += int((together.data >= MIN_REPEATS).sum())
    itself = int((np.diff(table.indptr)[drawn] >= MIN_REPEATS).sum())
    return max((found - itself) / 2 * accounts.size / max(drawn.size, 1), 1.0)


def _discoveries(p_value: FloatArray, n_tests: float) -> BoolArray:
    """Benjamini and Hochberg's rule over `n_tests` tests, of which those not given have p = 1."""
    order = np.argsort(p_value, kind="stable")
    allowed = FALSE_DISCOVERY_RATE * np.arange(1, order.size + 1) / max(n_tests, order.size)
    passing = np.flatnonzero(p_value[order] <= allowed)
    found = np.zeros(p_value.size, dtype=bool)
    found[order[: passing[-1] + 1 if passing.size else 0]] = True
    return found


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


def _meetings(shares: _Shares, repeats: _Repeats, pairs: SharingPairs) -> Meetings:
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
