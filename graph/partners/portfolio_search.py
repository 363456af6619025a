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

from graph.partners.reach_gains import (
    ANY_PICK,
    NO_PICK,
    best_replacement_of_each,
    gain_of,
    gains_of,
    hold,
    most_of_each,
)
from graph.partners.reach_lists import sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET_TOLERANCE = 1e-12
"""Relative slack when prices are added up, so that ten picks at 0.1 fit a budget of 1."""

IMPROVEMENT_TOLERANCE = 1e-9
"""A swap must raise the reach by more than this share of it: rounding alone must not keep the search busy."""

GREEDY_EXPONENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Gain / price ** exponent: 0 is unit-greedy, 1 ratio-greedy; those between help when count and budget both
bind."""


@dataclass(frozen=True)
class ReachProblem:
    """A checked problem. k candidates, m members, E entries.

    Attributes:
        offsets: int64[k + 1], bounds of each candidate's entries.
        members: uint32[E], the member of each entry.
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
    members: NDArray[np.uint32]
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

    def reached(self, candidate: int) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
        """Members that one candidate reaches, and what each is worth through it."""
        part = slice(self.offsets[candidate], self.offsets[candidate + 1])
        return self.members[part], self.worth[part]

    def gain(self, candidate: int, covered: NDArray[np.float64]) -> float:
        """What a candidate adds to what is covered already."""
        return float(gain_of(*self.reached(candidate), covered))

    def all_gains(self, covered: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each candidate adds to what is covered already, float64[k]."""
        return self.gains(covered, np.ones(self.n_candidates, dtype=bool))

    def gains(self, covered: NDArray[np.float64], asked: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The same of those who are asked, 0 for the others."""
        return gains_of(self.offsets, self.members, self.worth, covered, asked)

    @cached_property
    def ranked(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The candidates by what each adds to nothing, the most first, and what that is, [k] each."""
        potential = self.all_gains(np.zeros(self.n_members))
        return np.argsort(-potential, kind="stable"), potential

    @cached_property
    def ceiling(self) -> float:
        """Reach of all allowed candidates together: more is impossible."""
        return float(most_of_each(self.members, self.worth, self.n_members).sum())

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
    if len(selection.picks) >= problem.count:
        return
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
        hold(*problem.reached(candidate), position, best, second, owner)
    held = owner >= 0
    loss = sum_by(owner[held], (best - second)[held], len(selection.picks))
    return SwapTable(best, second, owner, loss, problem.all_gains(best))


def best_replacements(
    selection: Selection, table: SwapTable
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The candidate outside the set that adds most to the set without one pick, for each pick.

    Returns:
        Candidate [p], -1 where none may take the place, and what it adds [p], -inf there.
    """
    problem = selection.problem
    picks = np.asarray(selection.picks, dtype=np.int64)
    if not picks.size:
        return picks, np.zeros(0)
    instead_of = np.where(problem.allowed & (selection.blocked == 0), ANY_PICK, NO_PICK)
    for position, pick in enumerate(selection.picks):
        # whoever conflicts with one pick alone may take the place of that one
        rivals = problem.rivals(pick)
        instead_of[rivals[(selection.blocked[rivals] == 1) & problem.allowed[rivals]]] = position
    instead_of[picks] = NO_PICK
    return best_replacement_of_each(
        problem.offsets,
        problem.members,
        problem.worth,
        (table.best, table.second, table.owner, table.gain),
        problem.ranked,
        instead_of,
        problem.price,
        selection.money_left + problem.price[picks],
    )


def best_swap(selection: Selection) -> tuple[int, int] | None:
    """The swap (position out, candidate in) that raises the reach most, or None when none does."""
    if not selection.picks:
        return None
    table = swap_table(selection)
    loss = table.loss.copy()
    loss[: _n_locked(selection)] = np.inf
    candidates, gains = best_replacements(selection, table)
    change = gains - loss
    most = float(change.max())
    if most <= IMPROVEMENT_TOLERANCE * max(selection.reach, np.finfo(float).tiny):
        return None
    equals = np.flatnonzero(change == most)
    position = int(equals[np.argmin(candidates[equals])])
    return position, int(candidates[position])


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
    backup, added = best_replacements(selection, table)
    return np.where(added > 0, backup, -1), np.maximum(added, 0.0), table.loss


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
