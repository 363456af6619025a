"""The set of candidates that together reach the most of an audience, for a count or a budget.

Here belong the question (what may be picked) and the answer (picks, what each adds, how good the set is, who
could stand in). The search is in `portfolio_search`, the yardstick in `portfolio_bound`, after which pick the
rest adds little in `stopping`. Who is trusted, and how much, is decided before: it arrives as
`candidate_value`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from graph.partners.portfolio_bound import reach_bound
from graph.partners.portfolio_search import (
    BUDGET_TOLERANCE,
    GREEDY_EXPONENTS,
    ReachProblem,
    Selection,
    by_gain,
    fill_greedily,
    improve,
    stand_ins,
)
from graph.partners.reach_gains import worth_of_lists
from graph.partners.reach_lists import reach_lists

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


HARDLY_ANYBODY_VETTED = 0.9
"""The share of candidates without a look at bought influence from which unvetted ones may be picked."""


@dataclass(frozen=True)
class PortfolioRules:
    """What a person may ask for beyond count and budget.

    Attributes:
        eligible: bool[k], who may be picked; everybody by default.
        conflicts: [q, 2], pairs of candidates that must not be picked together.
        locked: Candidates that are picked in any case.
        max_swaps: The most swaps after the greedy choice; 0 leaves it as it is.
        bound_steps: Passes spent on tightening the bound; 0 gives Leskovec's online bound.
    """

    eligible: ArrayLike | None = None
    conflicts: ArrayLike = ()
    locked: ArrayLike = ()
    max_swaps: int = 200
    bound_steps: int = 150


@dataclass(frozen=True)
class Portfolio:
    """The chosen set. p picks, k candidates; reach is in member weight x candidate value.

    Attributes:
        picks: int64[p], candidate indices: locked ones first, then each time the one that adds most.
        gain: float64[p], what a pick adds that the earlier ones do not reach.
        new_members: int64[p], members that no earlier pick reaches.
        cumulative: float64[p], reach of the picks so far.
        price: float64[p], NaN where no price is known.
        spent: Sum of the known prices.
        audience_weight: Total weight of the audience: the reach of a pick of value 1 that reaches everybody.
        online_bound: Upper bound on any allowed set's reach by Leskovec et al. 2007.
        bound: The same, tightened; `cumulative[-1]` is at least `share_of_best` of the best possible.
        share_of_best: Reach / bound; NaN where nothing can be reached.
        backup: int64[p], the best replacement for each pick given the others; -1 where none adds anything.
        backup_gain: float64[p], what the backup adds to the others.
        loss_without: float64[p], what the set loses without the pick; compare `backup_gain`.
        excluded: str[k], why a candidate could not be picked: "", "not_eligible", "no_price",
            "over_budget".
        n_swaps: Swaps that improved the greedy choice.
    """

    picks: NDArray[np.int64]
    gain: NDArray[np.float64]
    new_members: NDArray[np.int64]
    cumulative: NDArray[np.float64]
    price: NDArray[np.float64]
    spent: float
    audience_weight: float
    online_bound: float
    bound: float
    share_of_best: float
    backup: NDArray[np.int64]
    backup_gain: NDArray[np.float64]
    loss_without: NDArray[np.float64]
    excluded: NDArray[np.str_]
    n_swaps: int


@dataclass
class _Faults:
    """Everything that is wrong with the input, told at once."""

    lines: list[str] = field(default_factory=list)

    def check(self, *, ok: bool, fault: str) -> None:
        """Note a fault unless all is well."""
        if not ok:
            self.lines.append(fault)

    def stop(self) -> None:
        """Raise when there is any fault."""
        if self.lines:
            raise ValueError("No portfolio can be chosen: " + "; ".join(self.lines) + ". Mend these inputs.")


def select_portfolio(
    offsets: ArrayLike,
    members_of_candidate: ArrayLike,
    member_weight: ArrayLike,
    candidate_value: ArrayLike,
    *,
    count: int | None = None,
    budget: float | None = None,
    price: ArrayLike | None = None,
    rules: PortfolioRules | None = None,
) -> Portfolio:
    """Choose the candidates that together reach the most of an audience.

    A set S of picks reaches f(S) = sum over members u of weight_u x max over picks c that reach u of value_c.
    The most trusted pick that reaches a member counts and a weaker one adds nothing to it. With value as the
    probability that a pick moves a member, the maximum is what holds whatever the dependence between picks
    (P(A or B) >= max(P(A), P(B)), Frechet); the independent form 1 - product(1 - value) would promise more
    for several voices of one community, whose listeners are alike, and so would pay for repetition. f is
    monotone and submodular (a weighted sum of maxima).

    Under a count without conflicts, greedy reaches at least (1 - 1/e) of the best set (Nemhauser, Wolsey and
    Fisher 1978); under a budget the better of unit-greedy (whose first pick is the best single one) and
    ratio-greedy reaches at least (1 - 1/e) / 2 (Khuller, Moss and Naor 1999; Leskovec et al. 2007). Swaps
    only improve. With conflicts, or with count and budget at once, no constant is proven; `share_of_best`
    holds always and is measured on the very instance.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members_of_candidate: int32[E], indices of the audience members that a candidate reaches.
        member_weight: float64[m] >= 0, a member's weight after cleaning.
        candidate_value: float64[k] in [0, 1], how much a reached member counts, such as trust x (1 - risk).
        count: The most picks, locked ones included.
        budget: The most money, locked picks included.
        price: float64[k] >= 0; a NaN price is unknown, and unaffordable under a budget.
        rules: Eligibility, conflicts, locked picks and the settings of the search.

    Returns:
        Picks with what each adds, the bound, backups, and why others could not be picked.

    Raises:
        ValueError: If neither count nor budget is given or an input is malformed; all faults are named at
            once.

    References:
        Leskovec et al. 2007, Cost-effective outbreak detection in networks (CELF).
        Khuller, Moss and Naor 1999, The budgeted maximum coverage problem.
    """
    rules = rules or PortfolioRules()
    weight = np.asarray(member_weight, dtype=np.float64)
    problem, prices, excluded = checked_problem(
        (offsets, members_of_candidate), weight, candidate_value, count, budget, price, rules
    )
    # Every start is improved: the best greedy set is not always the one that swaps can make the best.
    exponents = GREEDY_EXPONENTS if budget is not None else (0.0,)
    selection, n_swaps = improve(_greedy(problem, exponents[0]), rules.max_swaps)
    for exponent in exponents[1:]:
        if selection.is_complete:
            break
        other, other_swaps = improve(_greedy(problem, exponent), rules.max_swaps)
        if other.reach > selection.reach:
            selection, n_swaps = other, other_swaps
    return _report(by_gain(selection), weight, prices, excluded, rules, n_swaps)


def who_may_be_picked(
    status: ArrayLike, reason: ArrayLike, lift_low: ArrayLike
) -> tuple[NDArray[np.bool_], bool]:
    """Who may be picked when nobody asked otherwise, and whether they were looked at for bought influence.

    The recommended. Only where hardly anybody could be looked at, and nobody is recommended, are the picks
    those who lack nothing else, and every surface says that they are unvetted.

    Args:
        status: str[k], one of `status.STATUSES`; "" where there is none.
        reason: str[k], one of `status.STATUS_REASONS`, or "".
        lift_low: float64[k], lower bound of the lift; NaN where it is unknown.

    Returns:
        bool[k] and whether the picks are vetted.
    """
    states, reasons = np.asarray(status, dtype=np.str_), np.asarray(reason, dtype=np.str_)
    recommended = states == "recommended"
    # whoever is to be avoided was looked at as well, and nobody stands in for them unlooked at
    n_stated = np.count_nonzero(states != "")
    unlooked_at = reasons == "n_signals"
    if recommended.any() or np.count_nonzero(unlooked_at) < HARDLY_ANYBODY_VETTED * n_stated:
        return recommended, True
    return unlooked_at & (np.asarray(lift_low, dtype=np.float64) > 1.0), False


def checked_problem(
    lists: tuple[ArrayLike, ArrayLike],
    member_weight: NDArray[np.float64],
    candidate_value: ArrayLike,
    count: int | None,
    budget: float | None,
    price: ArrayLike | None,
    rules: PortfolioRules,
) -> tuple[ReachProblem, NDArray[np.float64], NDArray[np.str_]]:
    """What was asked for, checked, as the search takes it; arguments as for `select_portfolio`.

    Returns:
        The problem; float64[k], the prices, NaN where unknown; str[k], why each candidate cannot be picked.

    Raises:
        ValueError: As `select_portfolio`.
    """
    starts, members = reach_lists(*lists, member_weight.size)
    prices = np.full(starts.size - 1, np.nan) if price is None else np.asarray(price, dtype=np.float64)
    value = np.asarray(candidate_value, dtype=np.float64)
    _check_numbers(starts.size - 1, member_weight, value, prices, count, budget)
    excluded = _excluded(prices, budget, rules)
    limits = (count, budget, prices)
    return _problem((starts, members), member_weight, value, limits, excluded, rules), prices, excluded


def _greedy(problem: ReachProblem, exponent: float) -> Selection:
    """The locked picks, filled up by one greedy."""
    selection = Selection(problem, problem.locked)
    fill_greedily(selection, exponent)
    return selection


def _check_numbers(
    n_candidates: int,
    weight: NDArray[np.float64],
    value: NDArray[np.float64],
    prices: NDArray[np.float64],
    count: int | None,
    budget: float | None,
) -> None:
    """Raise when a number is missing or out of its range."""
    faults = _Faults()
    faults.check(ok=count is not None or budget is not None, fault="give a count, a budget or both")
    faults.check(ok=count is None or count >= 0, fault="count must be >= 0")
    faults.check(ok=budget is None or budget >= 0, fault="budget must be a number >= 0")
    faults.check(ok=weight.ndim == 1, fault="member_weight must be one-dimensional")
    faults.check(
        ok=bool(np.all(np.isfinite(weight)) and np.all(weight >= 0)),
        fault="member_weight must be finite and >= 0",
    )
    faults.check(ok=value.shape == (n_candidates,), fault=f"candidate_value must hold {n_candidates} numbers")
    faults.check(ok=bool(np.all((value >= 0) & (value <= 1))), fault="candidate_value must lie in 0 .. 1")
    faults.check(ok=prices.shape == (n_candidates,), fault=f"price must hold {n_candidates} numbers")
    faults.check(ok=not np.any(prices < 0), fault="price must be >= 0, NaN where it is unknown")
    faults.stop()


def _excluded(prices: NDArray[np.float64], budget: float | None, rules: PortfolioRules) -> NDArray[np.str_]:
    """Why each candidate cannot be picked, "" where it can; eligibility comes before price."""
    why = np.full(prices.size, "", dtype="<U12")
    if budget is not None:
        why[prices > budget * (1 + BUDGET_TOLERANCE)] = "over_budget"
        why[np.isnan(prices)] = "no_price"
    if rules.eligible is not None:
        eligible = np.asarray(rules.eligible, dtype=bool)
        if eligible.shape != prices.shape:
            raise ValueError(f"eligible must hold {prices.size} flags, one per candidate.")
        why[~eligible] = "not_eligible"
    return why


def _problem(
    lists: tuple[NDArray[np.int64], NDArray[np.uint32]],
    weight: NDArray[np.float64],
    value: NDArray[np.float64],
    limits: tuple[int | None, float | None, NDArray[np.float64]],
    excluded: NDArray[np.str_],
    rules: PortfolioRules,
) -> ReachProblem:
    """The checked problem, without entries that can never count."""
    starts, members = lists
    count, budget, prices = limits
    n_candidates = value.size
    allowed = excluded == ""
    pairs = _index_array(rules.conflicts, n_candidates, "conflicts").reshape(-1, 2)
    locked = np.unique(_index_array(rules.locked, n_candidates, "locked"))
    cost = np.zeros(n_candidates) if budget is None else np.where(np.isnan(prices), np.inf, prices)

    faults = _Faults()
    is_locked = np.zeros(n_candidates, dtype=bool)
    is_locked[locked] = True
    for candidate in locked[~allowed[locked]]:
        faults.check(ok=False, fault=f"locked candidate {candidate} is {excluded[candidate]}")
    faults.check(
        ok=count is None or locked.size <= count, fault=f"{locked.size} are locked, count is {count}"
    )
    affordable = budget is None or cost[locked].sum() <= budget * (1 + BUDGET_TOLERANCE)
    faults.check(ok=affordable, fault="the locked picks cost more than the budget")
    faults.check(ok=not np.any(pairs[:, 0] == pairs[:, 1]), fault="a candidate conflicts with itself")
    faults.check(
        ok=not np.any(is_locked[pairs[:, 0]] & is_locked[pairs[:, 1]]), fault="two locked picks conflict"
    )
    faults.stop()

    rivals = np.unique(np.concatenate((pairs, pairs[:, ::-1])), axis=0)
    starts, members, worth = worth_of_lists(starts, members, weight, np.where(allowed, value, 0.0))
    return ReachProblem(
        offsets=starts,
        members=members,
        worth=worth,
        n_members=weight.size,
        allowed=allowed,
        price=cost,
        count=n_candidates if count is None else min(count, n_candidates),
        budget=np.inf if budget is None else float(budget),
        conflict_offsets=np.concatenate(([0], np.cumsum(np.bincount(rivals[:, 0], minlength=n_candidates)))),
        conflicts=rivals[:, 1],
        locked=locked,
    )


def _index_array(indices: ArrayLike, n_candidates: int, name: str) -> NDArray[np.int64]:
    """Candidate indices as an array, all in range."""
    found = np.asarray(indices, dtype=np.int64)
    if found.size and (found.min() < 0 or found.max() >= n_candidates):
        raise ValueError(f"{name} must hold candidate indices 0 .. {n_candidates - 1}.")
    return found


def _report(
    selection: Selection,
    weight: NDArray[np.float64],
    prices: NDArray[np.float64],
    excluded: NDArray[np.str_],
    rules: PortfolioRules,
    n_swaps: int,
) -> Portfolio:
    """Tell what the picks are and what each adds."""
    problem = selection.problem
    picks = np.asarray(selection.picks, dtype=np.int64)
    gain, new_members = np.zeros(picks.size), np.zeros(picks.size, dtype=np.int64)
    so_far = Selection(problem, [])
    for position, candidate in enumerate(selection.picks):
        gain[position] = problem.gain(candidate, so_far.covered)
        members, _ = problem.reached(candidate)
        new_members[position] = np.count_nonzero(so_far.covered[members] == 0)
        so_far.take(candidate)
    online_bound, bound = reach_bound(problem, selection, rules.bound_steps)
    backup, backup_gain, loss = stand_ins(selection)
    return Portfolio(
        picks=picks,
        gain=gain,
        new_members=new_members,
        cumulative=np.cumsum(gain),
        price=prices[picks],
        spent=float(np.nansum(prices[picks])),
        audience_weight=float(weight.sum()),
        online_bound=online_bound,
        bound=bound,
        share_of_best=selection.reach / bound if bound > 0 else float("nan"),
        backup=backup,
        backup_gain=backup_gain,
        loss_without=loss,
        excluded=excluded,
        n_swaps=n_swaps,
    )
