"""The search inside `portfolio`: lazy greedy, swaps, and who could stand in for whom.

Here belongs the state of a search and its moves. Checking what a person asked for, and reporting the answer,
is `portfolio`'s work; the bound on what any set could reach is `portfolio_bound`'s.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from graph.reach_lists import sum_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BUDGET_TOLERANCE = 1e-12
"""Relative slack when prices are added up, so that ten picks at 0.1 fit a budget of 1."""

IMPROVEMENT_TOLERANCE = 1e-9
"""A swap must raise the reach by more than this share of it: rounding alone must not keep the search busy."""

GREEDY_EXPONENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Gain / price ** exponent: 0 is unit-greedy, 1 ratio-greedy; those between help when count and budget both
bind."""

BLOCK_ENTRIES = 20_000_000
"""Entries of the candidate x pick table held at once while looking for swaps (160 MB)."""


@dataclass(frozen=True)
class ReachProblem:
    """A checked problem. k candidates, m members, E entries.

    Attributes:
        offsets: int64[k + 1], bounds of each candidate's entries.
        members: int64[E], the member of each entry.
        owners: int64[E], the candidate of each entry.
        worth: float64[E], member weight x candidate value: what the member counts when this candidate is
            the best pick that reaches it.
        n_members: m.
        allowed: bool[k], candidates that may be picked at all.
        price: float64[k]; zeros where there is no budget.
        count: The most picks.
        budget: The most money; infinity without a budget.
        conflict_offsets: int64[k + 1], bounds of each candidate's conflicts.
        conflicts: int64[.], candidates that must not be picked together with it.
        locked: int64[.], picks that are given.
    """

    offsets: NDArray[np.int64]
    members: NDArray[np.int64]
    owners: NDArray[np.int64]
    worth: NDArray[np.float64]
    n_members: int
    allowed: NDArray[np.bool_]
    price: NDArray[np.float64]
    count: int
    budget: float
    conflict_offsets: NDArray[np.int64]
    conflicts: NDArray[np.int64]
    locked: NDArray[np.int64]

    @property
    def n_candidates(self) -> int:
        """Number of candidates, allowed or not."""
        return self.offsets.size - 1

    def reached(self, candidate: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Members that one candidate reaches, and what each is worth through it."""
        part = slice(self.offsets[candidate], self.offsets[candidate + 1])
        return self.members[part], self.worth[part]

    def gain(self, candidate: int, covered: NDArray[np.float64]) -> float:
        """What a candidate adds to what is covered already."""
        members, worth = self.reached(candidate)
        return float(np.maximum(worth - covered[members], 0.0).sum())

    def all_gains(self, covered: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each candidate adds to what is covered already, float64[k]."""
        # `take` gathers twice as fast as indexing, and the lists lie in order, so each is one run to sum.
        added = np.maximum(self.worth - covered.take(self.members), 0.0)
        gains = np.zeros(self.n_candidates)
        filled = np.flatnonzero(np.diff(self.offsets))
        if filled.size:
            gains[filled] = np.add.reduceat(added, self.offsets[filled])
        return gains

    def entries_of(self, candidates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions of the entries of several candidates, one list after the other."""
        sizes = self.offsets[candidates + 1] - self.offsets[candidates]
        shift = self.offsets[candidates] - np.cumsum(sizes) + sizes
        return np.repeat(shift, sizes) + np.arange(sizes.sum())

    @cached_property
    def ceiling(self) -> float:
        """Reach of all allowed candidates together: more is impossible."""
        highest = np.zeros(self.n_members)
        np.maximum.at(highest, self.members, self.worth)
        return float(highest.sum())

    def rivals(self, candidate: int) -> NDArray[np.int64]:
        """Candidates that conflict with one candidate."""
        return self.conflicts[self.conflict_offsets[candidate] : self.conflict_offsets[candidate + 1]]


class Selection:
    """A set of picks while the search goes on.

    Attributes:
        picks: Candidate indices in the order in which they were taken.
        covered: float64[m], what each member counts through the best pick that reaches it.
        spent: Sum of the picks' prices.
        blocked: int64[k], how many picks conflict with each candidate.
    """

    def __init__(self, problem: ReachProblem, picks: NDArray[np.int64] | list[int]) -> None:
        self.problem = problem
        self.picks: list[int] = []
        self.covered = np.zeros(problem.n_members)
        self.spent = 0.0
        self.blocked = np.zeros(problem.n_candidates, dtype=np.int64)
        for candidate in picks:
            self.take(int(candidate))

    def emptied(self) -> Selection:
        """A set of the same kind without any pick."""
        return Selection(self.problem, [])

    def take(self, candidate: int) -> None:
        """Add a pick."""
        members, worth = self.problem.reached(candidate)
        self.covered[members] = np.maximum(self.covered[members], worth)
        self.picks.append(candidate)
        self.spent += float(self.problem.price[candidate])
        self.blocked[self.problem.rivals(candidate)] += 1

    def fits(self, candidate: int) -> bool:
        """Whether a candidate can be added: room, money, no conflict."""
        room = len(self.picks) < self.problem.count and self.blocked[candidate] == 0
        return bool(room and self.problem.price[candidate] <= self.money_left)

    @property
    def money_left(self) -> float:
        """What may still be spent, with the slack of rounding."""
        return self.problem.budget * (1 + BUDGET_TOLERANCE) - self.spent

    @property
    def reach(self) -> float:
        """What the picks reach together."""
        return float(self.covered.sum())

    @property
    def is_complete(self) -> bool:
        """Whether everything that anybody reaches is reached."""
        return self.reach >= self.problem.ceiling * (1 - IMPROVEMENT_TOLERANCE)


@dataclass(frozen=True)
class SwapTable:
    """What happens when one pick leaves, for all picks at once.

    Attributes:
        best: float64[m], worth of the best pick that reaches a member.
        second: float64[m], worth of the next best; 0 without one.
        owner: int64[m], position of the best pick; -1 where nobody reaches the member.
        loss: float64[p], what the set loses when a pick leaves.
        gain: float64[k], what each candidate adds to the whole set.
    """

    best: NDArray[np.float64]
    second: NDArray[np.float64]
    owner: NDArray[np.int64]
    loss: NDArray[np.float64]
    gain: NDArray[np.float64]


def priority(gain: float, price: float, exponent: float) -> float:
    """Gain per price ** exponent; anything that costs nothing and adds something comes first."""
    if exponent == 0.0:
        return gain
    return float("inf") if price == 0.0 else gain / price**exponent


def fill_greedily(selection: Selection, exponent: float, among: NDArray[np.bool_] | None = None) -> None:
    """Add picks by lazy greedy (CELF) until nothing that fits adds anything.

    A gain can only shrink as the set grows (submodularity), so an old gain is an upper bound and most
    candidates never have to be looked at again. Ties go to the larger gain, then to the lower index. Room,
    money and conflicts only get tighter, so a candidate that does not fit is dropped for good.

    Args:
        selection: Changed in place.
        exponent: Candidates are taken by gain / price ** exponent.
        among: bool[k], who may be taken; by default every allowed candidate.
    """
    problem = selection.problem
    gains = np.where(problem.allowed if among is None else among, problem.all_gains(selection.covered), 0.0)
    gains[np.asarray(selection.picks, dtype=np.int64)] = 0.0
    # The stamp says how many picks had been taken when the gain was computed. It starts at -1, so that even
    # the first pick is asked again: one summation order everywhere keeps ties exact.
    heap = [
        (-priority(float(gains[c]), float(problem.price[c]), exponent), -float(gains[c]), int(c), -1)
        for c in np.flatnonzero(gains > 0)
    ]
    heapq.heapify(heap)
    taken = 0
    while heap and len(selection.picks) < problem.count:
        _, _, candidate, stamp = heapq.heappop(heap)
        if not selection.fits(candidate):
            continue
        if stamp == taken:
            selection.take(candidate)
            taken += 1
            continue
        gain = problem.gain(candidate, selection.covered)
        if gain > 0:
            key = priority(gain, float(problem.price[candidate]), exponent)
            heapq.heappush(heap, (-key, -gain, candidate, taken))


def swap_table(selection: Selection) -> SwapTable:
    """Best and second best pick of each member, and the gains and losses that follow."""
    problem = selection.problem
    best = np.zeros(problem.n_members)
    second = np.zeros(problem.n_members)
    owner = np.full(problem.n_members, -1, dtype=np.int64)
    for position, candidate in enumerate(selection.picks):
        members, worth = problem.reached(candidate)
        before = best[members]
        better = worth > before
        second[members] = np.where(better, before, np.maximum(second[members], worth))
        owner[members[better]] = position
        best[members] = np.maximum(before, worth)
    held = owner >= 0
    loss = sum_by(owner[held], (best - second)[held], len(selection.picks))
    return SwapTable(best, second, owner, loss, problem.all_gains(best))


def replacement_gains(
    selection: Selection, table: SwapTable
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """Gain of every candidate outside the set over the set without one pick, in blocks of picks.

    gain(c | S - o) = gain(c | S) + the sum over members whose best pick is o of what c holds of the fall
    from best to second best (the fast interchange of Resende and Werneck 2004). One pass over the lists
    serves all pairs.

    Yields:
        Positions [q], candidates [r], gains [r, q]; -inf where the swap breaks a rule.
    """
    problem = selection.problem
    outside = problem.allowed.copy()
    outside[np.asarray(selection.picks, dtype=np.int64)] = False
    candidates = np.flatnonzero(outside)
    if candidates.size == 0 or not selection.picks:
        return
    row_of = np.full(problem.n_candidates, -1, dtype=np.int64)
    row_of[candidates] = np.arange(candidates.size)
    falls = np.minimum(problem.worth, table.best[problem.members]) - table.second[problem.members]
    useful = (falls > 0) & (row_of[problem.owners] >= 0)
    rows, falls = row_of[problem.owners[useful]], falls[useful]
    positions_of = table.owner[problem.members[useful]]
    prices = problem.price[np.asarray(selection.picks, dtype=np.int64)]
    width = max(1, BLOCK_ENTRIES // candidates.size)
    for start in range(0, len(selection.picks), width):
        positions = np.arange(start, min(start + width, len(selection.picks)))
        here = (positions_of >= start) & (positions_of < start + positions.size)
        keys = rows[here] * positions.size + positions_of[here] - start
        extra = sum_by(keys, falls[here], candidates.size * positions.size)
        gains = extra.reshape(candidates.size, positions.size) + table.gain[candidates, None]
        too_dear = problem.price[candidates, None] > selection.money_left + prices[None, positions]
        blocked = np.repeat(selection.blocked[candidates, None], positions.size, axis=1)
        for column, position in enumerate(positions):
            rivals = row_of[problem.rivals(selection.picks[position])]
            blocked[rivals[rivals >= 0], column] -= 1
        gains[too_dear | (blocked > 0)] = -np.inf
        yield positions, candidates, gains


def best_swap(selection: Selection) -> tuple[int, int] | None:
    """The swap (position out, candidate in) that raises the reach most, or None when none does."""
    table = swap_table(selection)
    loss = table.loss.copy()
    loss[: _n_locked(selection)] = np.inf
    best: tuple[float, int, int] | None = None
    for positions, candidates, gains in replacement_gains(selection, table):
        change = gains - loss[None, positions]
        row, column = np.unravel_index(int(np.argmax(change)), change.shape)
        if best is None or change[row, column] > best[0]:
            best = (float(change[row, column]), int(positions[column]), int(candidates[row]))
    if best is None or best[0] <= IMPROVEMENT_TOLERANCE * max(selection.reach, np.finfo(float).tiny):
        return None
    return best[1], best[2]


def improve(selection: Selection, max_swaps: int) -> tuple[Selection, int]:
    """Swap, drop what adds nothing, and fill up again, until no move helps.

    Every move raises the reach or leaves it and frees money, so the result is never worse than the start.

    Returns:
        The improved selection and the number of swaps made.
    """
    if max_swaps == 0:
        return selection, 0
    exponent = 1.0 if np.isfinite(selection.problem.budget) else 0.0
    selection = _without_idle(selection)
    fill_greedily(selection, exponent)
    swaps = 0
    while swaps < max_swaps and not selection.is_complete:
        move = best_swap(selection)
        if move is None:
            break
        position, candidate = move
        kept = [pick for i, pick in enumerate(selection.picks) if i != position]
        selection = _without_idle(Selection(selection.problem, [*kept, candidate]))
        fill_greedily(selection, exponent)
        swaps += 1
    return selection, swaps


def by_gain(selection: Selection) -> Selection:
    """The same picks, given ones first, each time the one that adds most to those before it.

    A pick that adds nothing is left out, unless it is given.
    """
    problem = selection.problem
    ordered = selection.emptied()
    among = np.zeros(problem.n_candidates, dtype=bool)
    among[problem.locked] = True
    fill_greedily(ordered, 0.0, among)
    for candidate in problem.locked:
        if int(candidate) not in ordered.picks:
            ordered.take(int(candidate))
    among[np.asarray(selection.picks, dtype=np.int64)] = True
    fill_greedily(ordered, 0.0, among)
    return ordered


def stand_ins(selection: Selection) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """For each pick the best replacement given the others.

    Returns:
        Candidate [p] (-1 where none adds anything), what it adds to the others [p], what the pick itself
        adds to the others [p].
    """
    table = swap_table(selection)
    backup = np.full(len(selection.picks), -1, dtype=np.int64)
    added = np.zeros(len(selection.picks))
    for positions, candidates, gains in replacement_gains(selection, table):
        rows = np.argmax(gains, axis=0)
        top = gains[rows, np.arange(positions.size)]
        backup[positions] = np.where(top > 0, candidates[rows], -1)
        added[positions] = np.maximum(top, 0.0)
    return backup, added, table.loss


def _n_locked(selection: Selection) -> int:
    """Given picks always stand first in a selection."""
    return selection.problem.locked.size


def _without_idle(selection: Selection) -> Selection:
    """Drop picks whose members are all held as well by others, the dearest first: they cost and add nothing.

    A member is held by every pick through which it counts most. Dropping an idle pick changes no member's
    best, so one pass that keeps the number of holders is exact.
    """
    problem = selection.problem
    reached = {pick: problem.reached(pick) for pick in selection.picks}
    holders = np.zeros(problem.n_members, dtype=np.int64)
    for members, worth in reached.values():
        holders[members] += worth == selection.covered[members]
    idle = np.zeros(problem.n_candidates, dtype=bool)
    latest_first = selection.picks[_n_locked(selection) :][::-1]
    order = sorted(latest_first, key=lambda c: -float(problem.price[c]))
    for candidate in order:
        members, worth = reached[candidate]
        held = members[worth == selection.covered[members]]
        if np.all(holders[held] > 1):
            idle[candidate] = True
            holders[held] -= 1
    if not idle.any():
        return selection
    return Selection(problem, [pick for pick in selection.picks if not idle[pick]])
