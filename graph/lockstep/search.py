"""Lockstep in the whole network: groups of accounts that follow the same set of others as if sent there.

Where blocks are looked for belongs here. What is measured of one, and what tells it from a natural community,
is `graph.lockstep.blocks`; whether it is found again `graph.lockstep.finding_again`, and what of it all is
handed on `graph.lockstep.reported`; the model it is grown by `graph.lockstep.block_model`, where to start
`graph.lockstep.seeds`. Members of one audience who move as one
are the business of `graph.lockstep.audience_lockstep`.

Who follows in a block says nothing about who ordered it: followers can be sent by others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graph.lockstep.block_model import fit_block, guess, join_part, only, scattered, sides
from graph.lockstep.blocks import (
    APART,
    FEWEST_BUYERS,
    FEWEST_CUSTOMERS,
    INSIDE,
    WHOLE,
    FollowBlock,
    measured_block,
)
from graph.lockstep.counting import Part, dealt_in_vain, follows_inside
from graph.lockstep.finding_again import RESTARTS, confirmed, confirmed_by, halves
from graph.lockstep.known import KnownBlocks, are_alike
from graph.lockstep.reported import Lockstep, reported
from graph.lockstep.seeds import FEWEST_FOLLOWERS as FEWEST_TO_START
from graph.lockstep.seeds import Starts
from graph.lockstep.sizes import Sizes
from graph.lockstep.times import burst_graph
from graph.network.followers import build_follower_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.lockstep.blocks import Margin
    from graph.lockstep.counting import Side
    from graph.network.followers import FollowerGraph

N_BEST = 60
N_DRAWN = 250
ONE_IN = 20
MOST_DRAWN = 2_000
"""Starts: those most followed together, then random ones, each with two weights of followers: `N_DRAWN`, in
larger networks one of `ONE_IN` accounts, never more than `MOST_DRAWN`. A block with 1 % of the accounts among
its customers is met by a random start with a chance of 92 %; see `search_limits` for larger networks."""

SURELY_MET = 0.92
N_REWIRED = 1
MOST_COMPARED = 300_000_000
"""Follows of a network beyond which no other is dealt out of it to compare with: that takes 28 bytes each."""

N_DRAWN_INSIDE = 60
FEWEST_INSIDE = 50
"""A community of this many rows and columns is searched by itself, from so many random starts."""

FIRST = 0.8
"""A wary search takes fewer columns in the first turn than it starts with: no order is known yet."""

_SPLITS = 100
_TURNS_APART = 3
_DEALS = 6
_LEADS_BACK = 0.8


@dataclass(frozen=True)
class SearchLimits:
    """What a search of a network of some size cannot promise.

    Attributes:
        starts: accounts that the search begins from.
        accounts: accounts that it could begin from: those with `seeds.FEWEST_FOLLOWERS` followers.
        surely_met_from: customers from which on a random start meets a block with the chance `SURELY_MET`.
        is_compared: whether what is flagged is compared with a network dealt out anew.
    """

    starts: int
    accounts: int
    surely_met_from: int
    is_compared: bool

    @property
    def are_felt(self) -> bool:
        """Whether the network is so large that fewer starts are drawn than its size asks for."""
        return self.accounts > MOST_DRAWN * ONE_IN or not self.is_compared


def search_limits(graph: FollowerGraph) -> SearchLimits:
    """What the search of a network cannot promise, for it to be said.

    A block of s of m accounts is met by N random starts with the chance ``1 - (1 - s/m)^N``. Those that are
    most followed together come on top of it.
    """
    counts = graph.follower_counts
    accounts = int(np.count_nonzero(counts >= FEWEST_TO_START))
    drawn = min(starts_drawn(int(np.count_nonzero(counts))), accounts)
    met = accounts * -np.expm1(np.log1p(-SURELY_MET) / max(drawn, 1))
    is_compared = graph.n_follows <= MOST_COMPARED
    return SearchLimits(min(N_BEST + drawn, accounts), accounts, int(np.ceil(met)), is_compared)


def starts_drawn(n_accounts: int) -> int:
    """Random starts in a network in which so many accounts are followed."""
    return min(max(N_DRAWN, n_accounts // ONE_IN), MOST_DRAWN)


def follow_blocks(
    graph: FollowerGraph,
    *,
    n_best: int = N_BEST,
    n_drawn: int | None = None,
    n_rewired: int = N_REWIRED,
    audiences: Sequence[IntegerArray] = (),
    seed: int = 0,
) -> Lockstep:
    """Find the blocks of a network.

    Starts are grown one by one (`fit_block`) and dropped as soon as they lead to a block already known. What
    is too uneven is split along what its sides leave unexplained, and both halves are grown again: two
    sellers whose buyers have the same habits look like one uneven block. What passes every bar must be found
    again from halves of itself (`confirmed`). What is found and no block is searched by itself
    (`look_inside`). A wary search finds blocks of many hijacked accounts (`_Search`). Where follows have
    times, those that came in bursts are searched as well: orders are delivered, and neither habits nor what
    is followed for show comes in bursts.

    Whatever is flagged is compared with what the same search finds in networks in which everybody follows
    and is followed as much, but whom is dealt out anew; not beyond `MOST_COMPARED` follows.

    Args:
        graph: follows, n accounts.
        n_best: starts that are most followed together with others.
        n_drawn: starts drawn at random; by the size of the network, if not given.
        n_rewired: networks dealt out anew that flagged blocks are compared with.
        audiences: the nodes of the members of each; what most of one are in is no order, see `reported`.
        seed: of everything drawn.
    """
    judge = _Judge(graph)
    search = _Search(judge.by_row, judge.by_column, judge)
    if n_drawn is None:
        n_drawn = starts_drawn(judge.by_column.n_rows)
    starts = Starts(judge.by_row, judge.by_column, n_best, n_drawn, seed)
    search.run(starts)
    searched = np.zeros(graph.n_accounts, dtype=bool)
    for rows, columns in sorted(search.natural, key=lambda each: -each[1].nodes.size):
        if searched[columns.nodes].mean() < _LEADS_BACK:
            look_inside(judge, rows, columns, min(n_drawn, N_DRAWN_INSIDE), seed)
            searched[columns.nodes] = True
    _Search(judge.by_row, judge.by_column, judge, is_wary=True).run(starts)
    bursts = burst_graph(graph)
    if bursts is not None:
        by_row, by_column = sides(bursts, graph)
        _Search(by_row, by_column, judge).run(Starts(by_row, by_column, n_best, n_drawn, seed))
    judge.divide()
    null_score = float("nan")
    if n_rewired and graph.n_follows <= MOST_COMPARED and any(block.is_flagged for block in judge.found):
        null_score = max(
            _best_score(rewired(graph, seed + number), n_best, n_drawn, seed) for number in range(n_rewired)
        )
    return reported(graph, judge.by_row, judge.by_column, judge.found, null_score, audiences)


def rewired(graph: FollowerGraph, seed: int) -> FollowerGraph:
    """A network in which everybody follows and is followed as much as here, and whom is dealt out anew.

    Follows that are dealt to one pair twice, or to oneself, are dealt out among themselves a few times more;
    what is still left over is dropped, a few in ten thousand.
    """
    rng = np.random.default_rng(seed)
    follower = np.repeat(np.arange(graph.n_accounts, dtype=np.uint32), graph.following_counts)
    followee = rng.permutation(np.asarray(graph.following))
    for _ in range(_DEALS):
        bad = dealt_in_vain(np.asarray(graph.following_offsets), followee)
        if not bad.size:
            break
        # each is swapped with a follow drawn from all, so that no degree changes
        is_drawn = np.zeros(followee.size, dtype=bool)
        is_drawn[rng.choice(followee.size, min(2 * bad.size, followee.size), replace=False)] = True
        is_drawn[bad] = False
        for_swap = np.flatnonzero(is_drawn)[: bad.size]
        bad = bad[: for_swap.size]
        followee[bad], followee[for_swap] = followee[for_swap], followee[bad]
    return build_follower_graph(graph.n_accounts, follower, followee)[0]


def _best_score(graph: FollowerGraph, n_best: int, n_drawn: int, seed: int) -> float:
    found = follow_blocks(graph, n_best=n_best, n_drawn=n_drawn, n_rewired=0, seed=seed)
    return max((block.score for block in (*found.blocks, *found.others)), default=0.0)


def look_inside(judge: _Judge, rows: Part, columns: Part, n_drawn: int, seed: int) -> None:
    """Search a community as if it were the whole network.

    What is ordered inside a community is lost in it: degrees of the whole network explain neither. Degrees
    within it explain the community, and what was ordered is left.
    """
    if rows.nodes.size < FEWEST_INSIDE or columns.nodes.size < FEWEST_INSIDE:
        return
    nodes = np.union1d(rows.nodes, columns.nodes)
    place, column = follows_inside(judge.by_row, rows.nodes, columns.nodes)
    graph = build_follower_graph(
        nodes.size,
        np.searchsorted(nodes, rows.nodes)[place],
        np.searchsorted(nodes, columns.nodes)[column],
    )[0]
    by_row, by_column = sides(graph)
    _Search(by_row, by_column, judge, nodes).run(Starts(by_row, by_column, 0, n_drawn, seed))


class _Search:
    """What is known while blocks are looked for, in the network or inside one community of it.

    A wary search takes it that natural follows scatter around what degrees explain. Hijacked buyers may be so
    large a part of all who follow that what they have in common by nature would else join the block, turn by
    turn, until it is the core of the network. Bars are those inside a community.

    Attributes:
        natural: what was found and is no block.
    """

    def __init__(
        self,
        by_row: Side,
        by_column: Side,
        judge: _Judge,
        nodes: NDArray[np.int64] | None = None,
        *,
        is_wary: bool = False,
    ) -> None:
        self.by_row = scattered(by_row) if is_wary else by_row
        self.by_column = scattered(by_column) if is_wary else by_column
        self.judge, self.nodes = judge, nodes
        self.is_wary = is_wary
        self.known = KnownBlocks(by_row.degrees.size)
        self.natural: list[tuple[Part, Part]] = []
        self.is_customer = np.zeros(by_row.degrees.size, dtype=bool)

    def run(self, starts: Starts) -> None:
        """Grow all starts."""
        for node in starts.nodes.tolist():
            if self.is_customer[node]:
                continue
            for columns in starts.of(node):
                self.grow(columns)

    def grow(self, columns: IntegerArray) -> None:
        """Grow one start; keep what it leads to, if that is new."""
        if columns.size < FEWEST_CUSTOMERS or self.known.lead_back(columns):
            return
        first = FIRST if self.is_wary else None
        last = fit_block(self.by_row, self.by_column, guess(columns), first=first, known=self.known.met)
        if last is None or last[0].nodes.size < FEWEST_BUYERS or last[1].nodes.size < FEWEST_CUSTOMERS:
            return
        self.known.add(*last)
        if self._is_flagged(*last):
            self.is_customer[last[1].nodes] = True
        else:
            self.natural.append(last)

    def _is_flagged(self, rows: Part, columns: Part) -> bool:
        """Judge what was found, and keep it."""
        blocks, groups = self._measured(rows, columns)
        blocks = [confirmed(block, columns, lambda half: self._grown_from(half, rows)) for block in blocks]
        self.judge.found.extend(blocks)
        if not self.is_wary:  # of two orders in one, or one among friends, the other searches take care
            self.judge.groups.extend(
                Group(rest, margin, lambda: self._comes_back(rows, columns)) for rest, margin in groups
            )
        return any(block.is_flagged for block in blocks)

    def _comes_back(self, rows: Part, columns: Part) -> float:
        """Share of halves of its columns from which this is found again, whatever it is."""
        times = 0
        for half in halves(columns):
            found = fit_block(self.by_row, self.by_column, half, rows)
            times += found is not None and (
                are_alike(found[0].nodes, rows.nodes) and are_alike(found[1].nodes, columns.nodes)
            )
        return times / RESTARTS

    def _grown_from(self, columns: Part, rows: Part) -> list[FollowBlock]:
        """What grows out of a block that is left with these columns, measured as everything that is found."""
        found = fit_block(self.by_row, self.by_column, columns, rows)
        return [] if found is None else self._measured(*found)[0]

    def _measured(self, rows: Part, columns: Part) -> tuple[list[FollowBlock], list[tuple[Part, Margin]]]:
        """What was found, measured; inside a community also as it goes on in the whole network."""
        rows, columns = _renamed(rows, self.nodes), _renamed(columns, self.nodes)
        if self.nodes is None:
            return self.judge.measured(rows, columns, INSIDE if self.is_wary else WHOLE)
        blocks, groups = self.judge.measured(rows, columns, INSIDE)
        by_row, by_column = self.judge.by_row, self.judge.by_column
        for _ in range(_TURNS_APART):
            more_rows = join_part(by_row, by_column, columns, rows)
            more_columns = None if more_rows is None else join_part(by_column, by_row, more_rows, columns)
            if more_rows is None or more_columns is None:
                return blocks, groups
            rows, columns = more_rows, more_columns
        more_blocks, more_groups = self.judge.measured(rows, columns, INSIDE)
        return blocks + more_blocks, groups + more_groups


def _renamed(part: Part, nodes: NDArray[np.int64] | None) -> Part:
    return part if nodes is None else Part(nodes[part.nodes], part.hits, part.ordered, part.surprise)


class Group(NamedTuple):
    """Where to look again: a part of the rows of what was found.

    Attributes:
        rows: of the group.
        margin: of what is found in it.
        comes_back: says from which share of halves of its columns the whole is found again.
    """

    rows: Part
    margin: Margin
    comes_back: Callable[[], float]


class _Judge:
    """Measures blocks against the whole network, and keeps them."""

    def __init__(self, graph: FollowerGraph) -> None:
        self.by_row, self.by_column = sides(graph)
        self.sizes = Sizes(self.by_column.degrees)
        self.evened: dict[tuple[bytes, bytes], tuple[float, FloatArray]] = {}
        self.found: list[FollowBlock] = []
        self.groups: list[Group] = []

    def measured(
        self, rows: Part, columns: Part, margin: Margin
    ) -> tuple[list[FollowBlock], list[tuple[Part, Margin]]]:
        """The block, if it is one, and what it falls into where it is several in one."""
        if rows.nodes.size < FEWEST_BUYERS or columns.nodes.size < FEWEST_CUSTOMERS:
            return [], []
        block, groups = measured_block(
            self.sizes, self.by_row, self.by_column, rows, columns, margin, self.evened
        )
        return ([] if block is None else [block]), groups

    def divide(self) -> None:
        """Take the uneven blocks apart, as long as their parts are large enough to be blocks."""
        for _ in range(_SPLITS):
            if not self.groups:
                return
            # two orders in one first: what is left without friends is many and seldom anything
            first = next((at for at, group in enumerate(self.groups) if group.margin != APART), 0)
            self._divide_off(self.groups.pop(first))

    def _divide_off(self, group: Group) -> None:
        """Judge what a group of rows becomes if nobody else is looked at."""
        part = self._within(group.rows, group.rows)
        if part is None:
            return
        rows, columns = part
        blocks, groups = self.measured(rows, columns, group.margin)
        self.groups.extend(Group(rest, margin, group.comes_back) for rest, margin in groups)

        def grown_from(half: Part) -> list[FollowBlock]:
            again = self._within(self._of_group(half, rows, group.rows), group.rows)
            return [] if again is None else self.measured(*again, group.margin)[0]

        for block in blocks:
            found = confirmed(block, columns, grown_from)
            # the group has edges because it was cut out: what it was cut out of must be there without luck
            self.found.append(confirmed_by(found, group.comes_back()) if found.is_flagged else found)

    def _within(self, rows: Part | None, group: Part) -> tuple[Part, Part] | None:
        """What a few turns make of these rows, if nobody but the group is looked at; nothing if too few."""
        columns = None
        for _ in range(_TURNS_APART):
            columns = None if rows is None else join_part(self.by_column, self.by_row, rows, columns)
            if columns is None or columns.nodes.size < FEWEST_CUSTOMERS:
                return None
            rows = self._of_group(columns, rows, group)
            if rows is None or rows.nodes.size < FEWEST_BUYERS:
                return None
        return None if rows is None or columns is None else (rows, columns)

    def _of_group(self, columns: Part, rows: Part | None, group: Part) -> Part | None:
        joined = join_part(self.by_row, self.by_column, columns, rows)
        if joined is None:
            return None
        return only(joined, np.isin(joined.nodes, group.nodes, assume_unique=True))
