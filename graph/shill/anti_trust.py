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
from graph.arrays.sparse_rows import sorted_unique, take_rows
from graph.network.short_walks import LANES, short_walks

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
    a person has spoken. Eight passes over the follows for every sixteen labels, of which at most
    `MOST_COLUMNS` are told apart (see `graph.network.short_walks`).

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
        followed=_followed(graph, shills),
        expected=Rows(graph.following_offsets, graph.following).sums(chance),
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


@dataclass(frozen=True)
class _Led:
    """Visits of the walks from labelled accounts. One walk per column; k followers of a column's labels.

    Attributes:
        by_chance: float64[n], of the one walk from where chance draws labels.
        follower: int64[k], an account that follows a label of a column itself; once per column.
        over_it: float64[k], visits of the column's walk there.
        over_others: float64[n], visits of all columns of which an account follows no label.
        most_over_others: float32[n], the largest of these columns.
    """

    by_chance: FloatArray
    follower: NDArray[np.int64]
    over_it: FloatArray
    over_others: FloatArray
    most_over_others: NDArray[np.float32]


def _times_chance(graph: FollowerGraph, labelled: IntegerArray) -> tuple[FloatArray, FloatArray]:
    """What leads to the labels relative to chance, capped per column, and the largest column's part.

    Of columns of which an account follows no label only the sum counts, capped at what one may add.
    """
    n = graph.n_accounts
    led = _led_from(graph, labelled)
    over_labels = np.bincount(led.follower, weights=led.over_it, minlength=n)
    chooses = graph.following_counts > 0
    usual = led.by_chance[chooses].mean() if chooses.any() else 0.0
    among_peers = _among_peers(graph, over_labels + led.over_others)
    base = np.clip(among_peers, led.by_chance, MOST_AMONG_PEERS * led.by_chance) + SHRINKAGE * usual
    base[base <= 0] = np.inf
    part = np.minimum(led.over_it / base[led.follower], MOST_PER_LABEL)
    largest = np.minimum(led.most_over_others / base, MOST_PER_LABEL)
    np.maximum.at(largest, led.follower, part)
    chosen = np.bincount(led.follower, weights=part, minlength=n)
    return chosen + np.minimum(led.over_others / base, MOST_PER_LABEL), largest


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


def _led_from(graph: FollowerGraph, labelled: IntegerArray) -> _Led:
    """Walk back over the follows from the labels, column by column, and from where chance draws labels."""
    n, followers = graph.n_accounts, graph.follower_counts
    passed_on = np.divide(WALK_ON, followers, out=np.zeros(n), where=followers > 0)
    column = 1 + _columns(labelled)  # chance comes first
    by_chance, over_others, most = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.float32)
    follower, over_it = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
    for first in range(0, int(column.max(initial=0)) + 1, LANES):
        inside = (column >= first) & (column < first + LANES)
        lane = column[inside] - first
        start = np.zeros((n, LANES), dtype=np.float32)
        start[labelled[inside], lane] = 1.0
        if first == 0:
            start[:, 0] = drawn_alike(followers, labelled)
        visits = short_walks(graph.following_offsets, graph.following, passed_on, start)
        if first == 0:
            by_chance[:] = visits[:, 0]
            visits[:, 0] = 0.0
        who, node = take_rows(graph.follower_offsets, graph.followers, labelled[inside])
        place = sorted_unique(node.astype(np.int64) * LANES + lane[who])
        flat = visits.reshape(-1)
        follower.append(place // LANES)
        over_it.append(flat[place])
        flat[place] = 0.0
        over_others += visits.sum(axis=1, dtype=np.float64)
        np.maximum(most, visits.max(axis=1), out=most)
    return _Led(
        by_chance, np.concatenate(follower), np.concatenate(over_it).astype(np.float64), over_others, most
    )


def _followed(graph: FollowerGraph, labelled: IntegerArray) -> FloatArray:
    """How many of the labelled accounts each account follows itself, float64[n]."""
    _, follower = take_rows(graph.follower_offsets, graph.followers, labelled)
    return np.bincount(follower, minlength=graph.n_accounts).astype(np.float64)
