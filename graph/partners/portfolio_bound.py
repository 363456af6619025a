"""How much any allowed set could reach: the yardstick of a portfolio.

Here belongs the upper bound only. It looks at no pick but as a place to start from, and it ignores conflicts,
which can only make it larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graph.partners.portfolio_search import Selection
from graph.partners.reach_lists import sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.partners.portfolio_search import ReachProblem

MIN_STEP = 1e-3
"""The search for a lower bound ends when its step has been halved to this."""

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
    further = problem.allowed.copy()
    further[problem.locked] = False
    levels = selection.covered
    value, slope = _bound_at(problem, levels, given, further)
    online, target = value, selection.reach
    best = (value, levels, slope)
    step, stalled = 1.0, 0
    for _ in range(max_steps):
        slope = np.where((levels <= given.covered) & (slope > 0), 0.0, slope)
        steepness = float(slope @ slope)
        if best[0] <= target * (1 + 1e-9) or steepness == 0.0 or step < MIN_STEP:
            break
        levels = np.maximum(levels - step * (value - target) / steepness * slope, given.covered)
        value, slope = _bound_at(problem, levels, given, further)
        stalled += 1
        if value < best[0]:
            best, stalled = (value, levels, slope), 0
        elif stalled >= PATIENCE:
            step, stalled = step / 2, 0
            value, levels, slope = best
    # The target is a set that exists, so a bound below it can only be rounding.
    return max(online, target), max(best[0], target)


def _bound_at(
    problem: ReachProblem, levels: NDArray[np.float64], given: Selection, further: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """The bound that levels prove, and its slope in each level."""
    room = problem.count - problem.locked.size
    if np.isfinite(problem.budget):
        added = problem.all_gains(levels)
        added[~further] = 0.0
    else:
        added = problem.largest_gains(levels, further, room)
    chosen = fractional_choice(added, problem.price, room, given.money_left)
    entries = problem.entries_of(np.flatnonzero((chosen > 0) & (added > 0)))
    members = problem.members[entries]
    counted = np.where(problem.worth[entries] > levels[members], chosen[problem.owners[entries]], 0.0)
    slope = 1.0 - sum_by(members, counted, problem.n_members)
    return float(levels.sum() + chosen @ added), slope


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
