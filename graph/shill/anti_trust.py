"""Anti-trust: who leads to accounts that people have labelled as shills, far more often than chance would.

Blame runs against the follows, from a labelled account to those who chose to follow it, and on from them with
less weight. Nobody is touched by who follows *them*: followers can be sent by others, and the victim of a
farm follows none of it. Belongs here: the walk, its null and its damping. Does not belong here: where labels
come from.

Damping. One label may be wrong, so its share in anybody's value is capped at `MOST_PER_LABEL`; what comes
over others, from labelled accounts that somebody does not follow, is capped at the same in all. A value is
unusual only above `UNUSUAL_ABOVE`, which takes four labels, three of them followed by the account itself.
Adding one label raises nobody's value by more than the cap, whatever the network looks like. A whole
community may follow the shills in its midst, so what is usual is the larger of two: what as many accounts of
that size lead to, and what those lead to who follow the same accounts.

References:
    Ghosh et al. (2012), "Understanding and combating link farming in the Twitter social network", WWW
    (Collusionrank: a PageRank from known bad accounts against the follows). Gyöngyi, Garcia-Molina, Pedersen
    (2004), "Combating web spam with TrustRank", VLDB, for the same walk from known good ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.row_sums import Rows
from graph.arrays.sparse_rows import take_rows
from graph.network.pagerank import personalised_pagerank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph

WALK_ON = 0.5
"""Chance to go one follow further back; small, because who follows a follower chose something else."""
MOST_PER_LABEL = 1.0
"""The most that one label may add to a value, in which 1 is what chance leads to."""
UNUSUAL_ABOVE = 3 * MOST_PER_LABEL
FEWEST_LABELS = 4
"""With fewer no value could be unusual, so none is stated."""
FEWEST_FOLLOWS = 5
"""An account that follows fewer has shown too little of whom it chooses."""
SHRINKAGE = 0.5
"""Expectations are raised by this part of their mean, so that hardly any expectation makes no large ratio."""
RARITY = 0.5
"""Peers are met rather over accounts that few follow: weights fall with this power of the followers."""
MOST_AMONG_PEERS = 2.5
"""So many times chance are taken for what is usual among peers at most: a ring is no excuse for itself."""
MOST_COLUMNS = 64
"""More labels than this share columns, by a hash of their nodes; labels of one column share one cap."""
MOST_COLUMNS_AT_ONCE = 32
MEMORY_AT_ONCE = 256 * 2**20
"""Bytes for the columns that are walked together; at least one is."""
_BYTES_PER_SCORE = 6 * 8  # restart, visits, what arrived, what is missing, and the offers of the sweeps
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ by the golden ratio: neighbours land far apart


@dataclass(frozen=True)
class AntiTrust:
    """Where the choices of n accounts lead.

    Attributes:
        value: float64[n], how many times as often an account leads to labelled shills as chance would, shrunk
            towards none, capped per label, and divided by how much more often than chance it leads to
            accounts labelled genuine; NaN where nothing can be said.
        low, high: float64[n], the value without the label that adds most, and with one more at the cap.
        followed: float64[n], labelled shills that the account itself follows.
        expected: float64[n], how many of them it would follow by chance.
        n_labels: labelled shills with a follower.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    followed: FloatArray
    expected: FloatArray
    n_labels: int


def anti_trust(graph: FollowerGraph, shills: IntegerArray, genuine: IntegerArray) -> AntiTrust:
    """How often each account leads to labelled shills, compared with chance.

    Chance draws as many accounts with as many followers (within a factor of two) in place of the labelled
    ones; its mean over all such draws is one walk, so nothing is sampled. Where those who follow the same
    accounts lead to labels more often than that, they are what is compared with, up to `MOST_AMONG_PEERS`
    times chance. Labels of accounts that nobody follows say nothing of anybody else. Without `FEWEST_LABELS`
    shills all is NaN; with fewer genuine labels the division is left out. Labelled accounts are NaN: of them
    a person has spoken. One pass over the follows per step of a walk and label, at most `MOST_COLUMNS`.

    Args:
        graph: who follows whom.
        shills: nodes labelled as shills, distinct.
        genuine: nodes labelled as genuine, distinct.
    """
    n = graph.n_accounts
    spoken_of = np.concatenate((shills, genuine)).astype(np.int64)
    followers = graph.follower_counts
    shills, genuine = (nodes[followers[nodes] > 0] for nodes in (np.sort(shills), np.sort(genuine)))
    unknown = np.full(n, np.nan)
    if shills.size < FEWEST_LABELS:
        return AntiTrust(unknown, unknown, unknown, np.zeros(n), np.zeros(n), int(shills.size))
    chance = drawn_alike(followers, shills)
    blame, largest = _times_chance(graph, shills)
    trust = np.ones(n)
    if genuine.size >= FEWEST_LABELS:
        trust = np.maximum(_times_chance(graph, genuine)[0], 1.0)
    following = Rows(graph.following_offsets, graph.following)
    is_label = np.zeros(n)
    is_label[shills] = 1.0
    silent = graph.following_counts < FEWEST_FOLLOWS
    silent[spoken_of] = True
    value, low, high = (
        np.where(silent, np.nan, part / trust)
        for part in (blame, np.maximum(blame - largest, 0.0), blame + MOST_PER_LABEL)
    )
    return AntiTrust(
        value=value,
        low=low,
        high=high,
        followed=following.sums(is_label),
        expected=following.sums(chance),
        n_labels=int(shills.size),
    )


def drawn_alike(followers: IntegerArray, labelled: IntegerArray) -> FloatArray:
    """Chance of each account to be drawn in place of the labelled ones, float64[n]; sums to their number.

    Accounts within the same power of two of followers are alike.
    """
    size = np.floor(np.log2(1.0 + np.asarray(followers, dtype=np.float64))).astype(np.int64)
    alike = np.bincount(size)
    drawn = np.bincount(size[labelled], minlength=alike.size)
    return (drawn / np.maximum(alike, 1))[size]


def _times_chance(graph: FollowerGraph, labelled: IntegerArray) -> tuple[FloatArray, FloatArray]:
    """What leads to the labels relative to chance, capped per column, and the largest column's part."""
    n = graph.n_accounts
    marked = np.zeros(n)
    marked[labelled] = 1.0
    both = np.column_stack((drawn_alike(graph.follower_counts, labelled), marked))
    by_chance, led = _led_from(graph, both).T
    chooses = graph.following_counts > 0
    usual = by_chance[chooses].mean() if chooses.any() else 0.0
    among_peers = _among_peers(graph, led)
    base = np.clip(among_peers, by_chance, MOST_AMONG_PEERS * by_chance) + SHRINKAGE * usual
    base[base <= 0] = np.inf
    chosen, over_others, largest = np.zeros(n), np.zeros(n), np.zeros(n)
    column = _columns(labelled)
    at_once = int(np.clip(MEMORY_AT_ONCE // (_BYTES_PER_SCORE * n), 1, MOST_COLUMNS_AT_ONCE))
    for first in range(0, int(column.max()) + 1, at_once):
        inside = (column >= first) & (column < first + at_once)
        restart = np.zeros((n, at_once))
        restart[labelled[inside], column[inside] - first] = 1.0
        used = restart.any(axis=0)
        restart = restart[:, used]
        part = np.minimum(_led_from(graph, restart) / base[:, None], MOST_PER_LABEL)
        np.maximum(largest, part.max(axis=1), out=largest)
        is_followed = np.zeros(part.shape, dtype=bool)
        who, follower = take_rows(graph.follower_offsets, graph.followers, labelled[inside])
        is_followed[follower, (np.cumsum(used) - 1)[column[inside] - first][who]] = True
        chosen += part.sum(axis=1, where=is_followed)
        over_others += part.sum(axis=1, where=~is_followed)
    return chosen + np.minimum(over_others, MOST_PER_LABEL), largest


def _among_peers(graph: FollowerGraph, led: FloatArray) -> FloatArray:
    """What an account would lead to if it were like those who follow the same accounts, float64[n].

    Peers are met by a step to somebody it follows and one back to a follower of theirs, the account itself
    left out; of a peer counts what it leads to per follow. Never falls when a label is added.
    """
    follows = graph.following_counts
    share = 1.0 / np.maximum(graph.follower_counts, 1)
    rare = share**RARITY
    per_follow = led / np.maximum(follows, 1)
    following = Rows(graph.following_offsets, graph.following)
    met = Rows(graph.follower_offsets, graph.followers).sums(per_follow) * share
    total, others, itself = following.sums(np.column_stack((rare * met, rare, rare * share))).T
    others -= itself
    mean = np.divide(total - itself * per_follow, others, out=np.zeros(led.size), where=others > 1e-9)
    return np.maximum(mean, 0.0) * follows


def _columns(labelled: IntegerArray) -> NDArray[np.int64]:
    """The column of each label: its own, or one of `MOST_COLUMNS` that stays when other labels come."""
    if labelled.size <= MOST_COLUMNS:
        return np.arange(labelled.size)
    mixed = labelled.astype(np.uint64) * _MIXER
    return ((mixed ^ (mixed >> np.uint64(32))) % np.uint64(MOST_COLUMNS)).astype(np.int64)


def _led_from(graph: FollowerGraph, restart: FloatArray) -> FloatArray:
    """Expected visits over follows, walked backwards, of walks that begin with the mass `restart`, [n, B].

    Linear in the mass: the scaling that makes a PageRank sum to one is undone.
    """
    walk = personalised_pagerank(
        graph.follower_offsets,
        graph.followers,
        restart,
        reverse=Rows(graph.following_offsets, graph.following),
        damping=WALK_ON,
        tolerance=1e-9,
    )
    mass = restart.sum(axis=0)
    return np.maximum(walk.scores / walk.restart_share * mass - restart, 0.0)
