"""How much any allowed set could reach: the yardstick of a portfolio.

Here belongs the upper bound only. It looks at no pick but as a place to start from, and it ignores conflicts,
which can only make it larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.partners.portfolio_search import Selection
from graph.partners.reach_gains import moved_down, slope_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.partners.portfolio_search import ReachProblem

MIN_STEP = 1e-3
"""The search for a lower bound ends when its step has been halved to this."""

ROUNDING = 1e-9
"""Sums in floating point may be above what exact ones allow by this share."""

PATIENCE = 4
"""Steps without progress before the step is halved."""


def reach_bound(problem: ReachProblem, selection: Selection, max_steps: int) -> tuple[float, float]:
    """Upper bounds on the reach of every allowed set that contains the given picks.

    For any levels t_u >= what the given picks cover, a set S of further picks reaches at most
    sum_u t_u + sum over c in S of sum_u max(0, worth_cu - t_u); the largest second term under count and
    budget is a knapsack, bounded by its fractional solution. With t = what the selection covers, this is the
    online bound of Leskovec et al. 2007. Any other t gives a bound as well, so subgradient steps on t (the
    Lagrangian of Cornuejols, Fisher and Nemhauser 1977) tighten it towards the bound of the linear program.

    Args:
        problem: The checked problem.
        selection: A good set; its reach is the target of the steps.
        max_steps: Passes over the lists; 0 gives the plain online bound.

    Returns:
        The online bound and the tightened bound, which is never larger.
    """
    given = Selection(problem, problem.locked)
    target = selection.reach
    here = _Place(problem, given, selection.covered)
    best, online = here, here.value
    step, stalled = 1.0, 0
    for _ in range(max_steps):
        if best.value <= target * (1 + 1e-9) or step < MIN_STEP:
            break
        levels, fall, steepness = moved_down(
            here.levels, here.slope, given.covered, step * (here.value - target)
        )
        if steepness == 0.0:
            break
        here = _Place(problem, given, levels, here, fall)
        stalled += 1
        if here.value < best.value:
            best, stalled = here, 0
        elif stalled >= PATIENCE:
            step, stalled = step / 2, 0
            here = best
    # The target is a set that exists, so a bound below it can only be rounding.
    return max(online, target), max(best.value, target)


class _Place:
    """Levels, the bound that they prove, and its slope in each level.

    Who adds little cannot be in the set that gives the bound, and nobody adds more than before by more than
    their list times how far a level has fallen. So what a candidate once added, and how far levels have
    fallen since, says of nearly all that they need no look.

    Args:
        problem: The checked problem.
        given: The picks that are given.
        levels: float64[m].
        before: Where the step came from, if there was one.
        fall: The most that a level fell on the way.

    Attributes:
        value: The bound.
        slope: float64[m].
        most: float64[k], what each candidate adds at most.
        chosen: float64[k], the share of each in the set that gives the bound.
    """

    def __init__(
        self,
        problem: ReachProblem,
        given: Selection,
        levels: NDArray[np.float64],
        before: _Place | None = None,
        fall: float = 0.0,
    ) -> None:
        limits = problem.price, problem.count - problem.locked.size, given.money_left
        self.levels = levels
        if before is None:
            self._limit = np.where(problem.allowed, problem.ranked[1], 0.0)
            self._limit[problem.locked] = 0.0
            self.most, again = self._limit, np.zeros(problem.n_candidates, dtype=bool)
        else:
            self._limit = before._limit  # noqa: SLF001 - of the same class
            rise = np.diff(problem.offsets) * fall
            self.most = np.minimum((before.most + rise) * (1 + ROUNDING), self._limit)
            again = (before.chosen > 0) & (self._limit > 0)
        added = problem.gains(levels, again)
        asked = may_count(added, self.most, *limits) & ~again
        added += problem.gains(levels, asked)
        self.most = np.where(again | asked, added, self.most)
        self.chosen = fractional_choice(added, *limits)
        self.value = float(levels.sum() + self.chosen @ added)
        taken = np.where(added > 0, self.chosen, 0.0)
        self.slope = slope_of(problem.offsets, problem.members, problem.worth, levels, taken)


def may_count(
    added: NDArray[np.float64], most: NDArray[np.float64], price: NDArray[np.float64], room: int, money: float
) -> NDArray[np.bool_]:
    """Who may have a share in `fractional_choice`, bool[k], when only some have been looked at.

    With more candidates to choose from, the last one in the set never adds less, nor less for its price.

    Args:
        added: float64[k], what those who were looked at add; 0 for the others.
        most: float64[k], what each adds at most.
        price: float64[k].
        room: How many may be picked.
        money: What may be spent; infinity without a budget.
    """
    k = added.size
    if room <= 0:
        return np.zeros(k, dtype=bool)
    last = np.partition(added, k - room)[k - room] if room < k else 0.0
    if not np.isfinite(money):
        return most > last
    priced = np.flatnonzero((added > 0) & (price > 0))
    ratio = added[priced] / price[priced]
    order = np.argsort(-ratio, kind="stable")
    spent = np.cumsum(price[priced][order])
    last_ratio = ratio[order][np.searchsorted(spent, money)] if spent.size and spent[-1] >= money else 0.0
    for_its_price = most > last_ratio * np.where(most > 0, price, 0.0)
    return for_its_price if room >= k else for_its_price | (most > last)


def fractional_choice(
    added: NDArray[np.float64], price: NDArray[np.float64], room: int, money: float
) -> NDArray[np.float64]:
    """The share of each candidate in the relaxed knapsack, by count or by budget, whichever is tighter.

    Args:
        added: float64[k], what each candidate adds; 0 where it may not be picked.
        price: float64[k].
        room: How many may be picked.
        money: What may be spent; infinity without a budget.

    Returns:
        float64[k] in [0, 1]; its product with `added` is at least what any allowed set adds.
    """
    by_count = np.zeros(added.size)
    by_count[np.argsort(-added, kind="stable")[: max(room, 0)]] = 1.0
    if not np.isfinite(money):
        return by_count
    # Free candidates come first, then the most reach for the money; the last one is taken in part.
    value_for_money = np.divide(added, price, out=np.full(added.size, np.inf), where=price > 0)
    order = np.argsort(-value_for_money, kind="stable")
    before = np.concatenate(([0.0], np.cumsum(price[order])[:-1]))
    left = np.maximum(money - before, 0.0)
    by_budget = np.zeros(added.size)
    by_budget[order] = np.where(
        price[order] > 0,
        np.minimum(1.0, np.divide(left, price[order], out=np.ones(added.size), where=price[order] > 0)),
        1.0,
    )
    return by_count if by_count @ added <= by_budget @ added else by_budget
