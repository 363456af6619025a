"""Members of an audience who follow the same few accounts as if one hand led them.

Whoever wants to be found trusted can put accounts of his own on the audience list. Profiles do not give them
away where they are copied or hijacked; what they were put there for does: all of them follow the same few
accounts. A community does that too, and must not lose by it. What tells the two apart is measured here on
the audience alone; blocks in the whole network, between any accounts, are not this module's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from graph.arrays.sparse_rows import take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray
    from graph.network.followers import FollowerGraph

MOST_ACCOUNTS = 300
"""Accounts that are looked at: those that a purchase of this audience would have to reach."""

MOST_MEMBERS = 20_000
"""Members that the search looks at; what it finds is then applied to all."""

SMALLEST_SET = 3
"""Two accounts followed together are a couple, a team, a brand and its founder."""

LARGEST_SET = 60

FEWEST_MEMBERS = 10
SMALLEST_SHARE = 0.02
"""A block smaller than both cannot carry an account to the top of an audience."""

FOLLOWED_TOGETHER = 0.6
"""A member belongs to a block who follows this share of its accounts."""

SEED_CORRELATION = 0.4
LOWEST_DENSITY = 0.6
LOWEST_GAP = 0.4
LOWEST_CONTRAST = 0.5
"""A block must be dense, stand out, and be where most follows of its accounts come from.

Set between what was measured: the largest gap of 485 untouched audiences on six networks (Epinions, wiki
votes, Bitcoin OTC, Nostr, a Twitter sample, the demo world) had a median of 0.10 and stayed below 0.35 in 99
of 100, bought blocks lay at 0.48 (members who skip each account with a chance of 20 %) to 1.0.
"""

FEWEST_IN_BIN = 5
SHARE_IN_BIN = 0.25
"""Members, and share of the block, that a bin of counts must hold before it says how many a block put there:
with fewer, an empty count (everybody skips one account) or a handful at the right one would say none."""

_MOST_SEEDS = 40
_MOST_STEPS = 8
_NEVER_MIND = 0.97  # nearly everybody follows it, most often because the audience was made of its followers


@dataclass(frozen=True)
class LockstepBlock:
    """Members who follow the same narrow set of accounts.

    Attributes:
        accounts: uint32, nodes of the set.
        members: int64, positions in the audience of those who follow `FOLLOWED_TOGETHER` of it.
        certainty: float64, how surely each of them follows that much because of the block (see
            `lockstep_factor`).
        density: the least share of members that any account of the set gained through the block.
        gap: how far the next account outside the set falls behind that.
        contrast: share of the set's followers in the audience that are in the block.
    """

    accounts: NDArray[np.uint32]
    members: NDArray[np.int64]
    certainty: FloatArray
    density: float
    gap: float
    contrast: float


def lockstep_blocks(graph: FollowerGraph, members: IntegerArray) -> list[LockstepBlock]:
    """Blocks of members who move as one, largest first.

    A set of accounts grows around pairs that are followed together more often than the degrees of members
    and accounts explain (rank-one null ``1 - exp(-k_a · d_c / E)`` within the audience). For a set S, the
    block is who follows `FOLLOWED_TOGETHER` of it, and for any account c::

        a_c = (share of followers inside the block - share outside) / (1 - share outside)

    what the block adds beyond what others do (Abbott's correction), where the block of an account in S is
    made from the rest of S, so that nothing is dense merely because it was chosen. S is moved to the
    accounts above the widest gap in a_c until it stands still.

    In a community, interests fade out: the next account is nearly as dense as the last one in the set. What
    was bought ends where it was paid for, so the gap tells them apart, whatever else the members follow
    (popular accounts as camouflage, or their own interests where real accounts were hijacked). People who
    follow one another are a circle of friends: members that are themselves in S do not count for the size.

    It cannot see fewer than three accounts, or members who each follow hardly half of the set.

    Args:
        graph: follows, n accounts. Edges that stand for something else than a decision to follow are no
            evidence here: one message that names three accounts joins them without any purchase.
        members: int64[m], nodes of the audience, each once.

    References:
        Abbott (1925), J. Econ. Entomology 18, for the correction. The null is that of the degree-corrected
        block model (Karrer, Newman 2011, Physical Review E 83).
    """
    members = np.asarray(members)
    fewest = max(FEWEST_MEMBERS, int(np.ceil(SMALLEST_SHARE * members.size)))
    if members.size < 2 * fewest:
        return []
    looked_at = members
    if members.size > MOST_MEMBERS:
        looked_at = members[np.linspace(0, members.size - 1, MOST_MEMBERS).astype(np.int64)]
    table, accounts = _followed(graph, looked_at, max(FEWEST_MEMBERS, int(SMALLEST_SHARE * looked_at.size)))
    found: dict[tuple[int, ...], LockstepBlock] = {}
    for seed in _seeds(_together(graph, looked_at, table, accounts)):
        chosen = _settled(table, seed)
        key = tuple(chosen)
        if key in found or len(chosen) < SMALLEST_SET:
            continue
        block = _block(graph, members, table, accounts, chosen)
        is_wide = np.isin(members[block.members], block.accounts, invert=True).sum() >= max(
            fewest, block.accounts.size
        )
        if is_wide and _stands_out(block):
            found[key] = block
    return sorted(found.values(), key=lambda block: (-block.members.size, block.accounts.tolist()))


def lockstep_factor(n_members: int, blocks: list[LockstepBlock]) -> FloatArray:
    """What each member still counts, float64[m] in (0, 1]: a block that moves as one counts as one member.

    Some of those in a block follow the set of their own accord, few of it most often. Members of the block
    are counted by how many accounts of s they follow, N_h of them h, and neighbouring counts are joined from
    s down until each bin H holds `FEWEST_IN_BIN` and `SHARE_IN_BIN` of the block. All that a block of n with
    the chance d of following each could put there is ``n · Binomial(H; s, d)``; d is the share of the set
    that a member of the block follows on average, and n the largest that no bin from that of the most likely
    count upwards contradicts. The certainty is that number ÷ N, for h alone or for its bin, whichever is
    more, at most 1, and never less than for a smaller count. A member counts
    ``1 - certainty · (1 - 1 / block)``, in the block that takes most.
    """
    factor = np.ones(n_members)
    for block in blocks:
        kept = 1.0 - block.certainty * (1.0 - 1.0 / block.members.size)
        factor[block.members] = np.minimum(factor[block.members], kept)
    return factor


def _certainty(hits: IntegerArray, size: int) -> FloatArray:
    """How surely each member of a block is in it for its sake, by the accounts of the set it follows."""
    seen = np.bincount(hits, minlength=size + 1)
    chance = _binomial(size, hits.mean() / size)
    bin_of = _pooled(seen)
    together, share = np.bincount(bin_of, weights=seen), np.bincount(bin_of, weights=chance)
    from_mode = slice(0, bin_of[chance.argmax()] + 1)
    block = float(np.min(together[from_mode] / np.maximum(share[from_mode], 1e-12)))
    alone, in_bin = chance / np.maximum(seen, 1), (share / np.maximum(together, 1))[bin_of]
    certainty = np.minimum(block * np.maximum(alone, in_bin), 1.0)
    return np.maximum.accumulate(certainty)[hits]


def _binomial(size: int, rate: float) -> FloatArray:
    """Chance of 0, 1, ..., size hits, float64[size + 1]."""
    cells = np.arange(size + 1)
    ways = gammaln(size + 1) - gammaln(cells + 1) - gammaln(size - cells + 1)
    return np.exp(ways + xlogy(cells, rate) + xlog1py(size - cells, -rate))


def _pooled(seen: IntegerArray) -> NDArray[np.int64]:
    """Bin of each count: neighbours joined from the last one down until a bin holds enough, int64[counts].

    Bins are numbered from 0 at the last count; what is left over at the first one joins the bin above it.
    """
    enough = max(FEWEST_IN_BIN, SHARE_IN_BIN * seen.sum())
    bin_of, number, held = np.zeros(seen.size, dtype=np.int64), 0, 0
    for count in range(seen.size - 1, -1, -1):
        if held >= enough and seen[: count + 1].sum() >= enough:
            number, held = number + 1, 0
        bin_of[count] = number
        held += int(seen[count])
    return bin_of


def _stands_out(block: LockstepBlock) -> bool:
    return block.density >= LOWEST_DENSITY and block.gap >= LOWEST_GAP and block.contrast >= LOWEST_CONTRAST


def _followed(
    graph: FollowerGraph, members: IntegerArray, fewest: int
) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Who follows which of the accounts worth looking at: 0 or 1, float32[m, k], and their nodes [k].

    Worth is what a purchase is after: many members, and more of them than the account has elsewhere.
    """
    position, followed = take_rows(graph.following_offsets, graph.following, members)
    counts = np.bincount(followed, minlength=graph.n_accounts)
    share = counts / members.size
    worth = share * np.log1p(share * graph.n_accounts / (graph.follower_counts + 1.0))
    possible = np.flatnonzero((counts >= fewest) & (share < _NEVER_MIND))
    accounts = np.sort(possible[np.argsort(-worth[possible], kind="stable")[:MOST_ACCOUNTS]])
    column = np.full(graph.n_accounts, -1)
    column[accounts] = np.arange(accounts.size)
    kept = column[followed] >= 0
    table = np.zeros((members.size, accounts.size), dtype=np.float32)
    table[position[kept], column[followed[kept]]] = 1
    return table, accounts.astype(np.uint32)


def _together(
    graph: FollowerGraph, members: IntegerArray, table: NDArray[np.float32], accounts: NDArray[np.uint32]
) -> FloatArray:
    """Correlation of following two accounts beyond what degrees explain, float[k, k], 0 on the diagonal."""
    if not accounts.size:
        return np.zeros((0, 0))
    followings = graph.following_counts[members].astype(np.float32)
    counts = table.sum(axis=0)
    expected = -np.expm1(-np.outer(followings, counts / max(float(followings.sum()), 1.0)))
    expected *= counts / np.maximum(expected.sum(axis=0), 1e-9)
    beyond = table - expected
    length = np.sqrt(np.square(beyond).sum(axis=0))
    alike = beyond.T @ beyond / np.maximum(np.outer(length, length), 1e-9)
    np.fill_diagonal(alike, 0.0)
    return alike


def _seeds(alike: FloatArray) -> list[list[int]]:
    """Sets of columns that are alike on average, grown from the most alike pairs."""
    sets, is_done = [], np.zeros(len(alike), dtype=bool)
    strongest = alike.max(axis=1, initial=0.0)
    for start in np.argsort(-strongest, kind="stable")[:_MOST_SEEDS].tolist():
        if is_done[start] or strongest[start] < SEED_CORRELATION:
            continue
        chosen = [start]
        while len(chosen) < LARGEST_SET:
            mean = alike[:, chosen].mean(axis=1)
            mean[chosen] = -1.0
            nearest = int(mean.argmax())
            if mean[nearest] < SEED_CORRELATION:
                break
            chosen.append(nearest)
        is_done[chosen[: SMALLEST_SET + 2]] = True
        if len(chosen) >= SMALLEST_SET:
            sets.append(chosen)
    return sets


def _settled(table: NDArray[np.float32], chosen: list[int]) -> list[int]:
    """The set moved to the columns above the widest gap until it stands still, or no set."""
    chosen, seen = sorted(chosen), set()
    for _ in range(_MOST_STEPS):
        seen.add(tuple(chosen))
        added = _added_by_block(table, chosen)
        order = np.argsort(-added, kind="stable")
        ranked = np.append(added[order], 0.0)
        dense = min(int((ranked >= LOWEST_DENSITY).sum()), LARGEST_SET)
        if dense < SMALLEST_SET:
            return []
        gaps = ranked[SMALLEST_SET - 1 : dense] - ranked[SMALLEST_SET : dense + 1]
        chosen = sorted(order[: SMALLEST_SET + int(gaps.argmax())].tolist())
        if tuple(chosen) in seen:
            break
    return chosen


def _added_by_block(table: NDArray[np.float32], chosen: list[int]) -> FloatArray:
    """a_c of every column, [k]; that of a chosen one from the block that the others make."""
    hits = table[:, chosen].sum(axis=1)
    added = _abbott(table, _in_block(hits, len(chosen)))
    for column in chosen:
        others = _in_block(hits - table[:, column], len(chosen) - 1)
        added[column] = _abbott(table[:, [column]], others)[0]
    return added


def _abbott(columns: NDArray[np.float32], is_inside: BoolArray) -> FloatArray:
    n_inside = int(is_inside.sum())
    if n_inside < SMALLEST_SET or n_inside == is_inside.size:
        return np.zeros(columns.shape[1])
    inside, outside = columns[is_inside].mean(axis=0), columns[~is_inside].mean(axis=0)
    return ((inside - outside) / np.maximum(1.0 - outside, 1e-9)).astype(np.float64)


def _in_block(hits: NDArray[Any], size: int) -> BoolArray:
    return hits >= np.ceil(FOLLOWED_TOGETHER * size - 1e-9)


def _block(
    graph: FollowerGraph,
    members: IntegerArray,
    table: NDArray[np.float32],
    accounts: NDArray[np.uint32],
    chosen: list[int],
) -> LockstepBlock:
    """The block of a set of columns, with all members of the audience that belong to it."""
    added = _added_by_block(table, chosen)
    density = float(added[chosen].min())
    nodes = accounts[chosen]
    is_chosen = np.zeros(graph.n_accounts, dtype=bool)
    is_chosen[nodes] = True
    position, followed = take_rows(graph.following_offsets, graph.following, members)
    hits = np.bincount(position[is_chosen[followed]], minlength=members.size)
    inside = np.flatnonzero(_in_block(hits, len(chosen)))
    return LockstepBlock(
        accounts=nodes,
        members=inside,
        certainty=_certainty(hits[inside], len(chosen)),
        density=density,
        gap=density - float(np.delete(added, chosen).max(initial=0.0)),
        contrast=float(hits[inside].sum() / max(hits.sum(), 1)),
    )
