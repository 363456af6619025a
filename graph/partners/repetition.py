"""The set of candidates whose audience hears it from several of them, for a count or a budget.

`portfolio` picks for reach: a member counts once. Here a member counts up to so many times, through its best
voices, so that sharing an audience is worth something. The question, its checks and the lazy greedy are those
of `portfolio`; only the state of the search differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.partners.portfolio import PortfolioRules, checked_problem
from graph.partners.portfolio_search import GREEDY_EXPONENTS, Selection, by_gain, fill_greedily

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.partners.portfolio_search import ReachProblem


@dataclass(frozen=True)
class Repetition:
    """The chosen set. p picks, k candidates; what it is worth is in member weight x candidate value.

    Attributes:
        picks: int64[p], candidate indices: locked ones first, then each time the one that adds most.
        gain: float64[p], what a pick adds, members counted up to `times` each.
        price: float64[p], NaN where no price is known.
        excluded: str[k], why a candidate could not be picked, as in `Portfolio.excluded`.
    """

    picks: NDArray[np.int64]
    gain: NDArray[np.float64]
    price: NDArray[np.float64]
    excluded: NDArray[np.str_]


class RepeatedSelection(Selection):
    """A set of picks in which the best `times` that reach a member all count.

    Attributes:
        levels: float64[times, m], what each member counts through its best picks, the best first. The last
            row is `covered`: a further pick adds what it exceeds that by, and nothing below it.
    """

    def __init__(self, problem: ReachProblem, picks: NDArray[np.int64] | list[int], times: int) -> None:
        self.levels = np.zeros((times, problem.n_members))
        super().__init__(problem, [])
        self.covered = self.levels[-1]
        for candidate in picks:
            self.take(int(candidate))

    def emptied(self) -> RepeatedSelection:
        """A set of the same kind without any pick."""
        return RepeatedSelection(self.problem, [], len(self.levels))

    def take(self, candidate: int) -> None:
        """Add a pick."""
        members, worth = self.problem.reached(candidate)
        rest = worth
        for level in self.levels:
            before = level[members]
            level[members] = np.maximum(before, rest)
            rest = np.minimum(before, rest)
        self.picks.append(candidate)
        self.spent += float(self.problem.price[candidate])
        self.blocked[self.problem.rivals(candidate)] += 1

    @property
    def reach(self) -> float:
        """What the picks are worth together."""
        return float(self.levels.sum())


def select_for_repetition(
    offsets: ArrayLike,
    members_of_candidate: ArrayLike,
    member_weight: ArrayLike,
    candidate_value: ArrayLike,
    times: int,
    *,
    limits: tuple[int | None, float | None],
    price: ArrayLike | None = None,
    rules: PortfolioRules | None = None,
) -> Repetition:
    """Choose the candidates from whom the members of an audience hear it up to `times` times.

    A set S is worth sum over members u of weight_u x the sum of the `times` largest values of picks that
    reach u: the weighted rank of a uniform matroid per member, hence monotone and submodular, and for one
    time the reach of `select_portfolio`. Greedy therefore reaches at least (1 - 1/e) of the best set under a
    count (Nemhauser, Wolsey and Fisher 1978) and, as the better of several, (1 - 1/e) / 2 under a budget
    (Leskovec et al. 2007). No swaps are tried.

    How often is enough is not known: three is the rule of thumb of advertising (Krugman 1972), not a law.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list.
        members_of_candidate: int32[E], indices of the audience members that a candidate reaches.
        member_weight: float64[m] >= 0.
        candidate_value: float64[k] in [0, 1].
        times: How many picks count at most for a member, 1 or more.
        limits: The most picks and the most money; None for no limit, not both.
        price: float64[k] >= 0, NaN where unknown.
        rules: Eligibility, conflicts and locked picks.

    Returns:
        The picks with what each adds.

    Raises:
        ValueError: If an input is malformed.

    References:
        Krugman 1972, Why three exposures may be enough.
    """
    if times < 1:
        raise ValueError("times must be 1 or more.")
    rules = rules or PortfolioRules()
    weight = np.asarray(member_weight, dtype=np.float64)
    problem, prices, excluded = checked_problem(
        (offsets, members_of_candidate), weight, candidate_value, *limits, price, rules
    )
    best: RepeatedSelection | None = None
    for exponent in GREEDY_EXPONENTS if limits[1] is not None else (0.0,):
        found = RepeatedSelection(problem, problem.locked, times)
        fill_greedily(found, exponent)
        if best is None or found.reach > best.reach:
            best = found
    so_far, gain = RepeatedSelection(problem, [], times), []
    for candidate in by_gain(best).picks if best is not None else ():
        gain.append(problem.gain(candidate, so_far.covered))
        so_far.take(candidate)
    picks = np.asarray(so_far.picks, dtype=np.int64)
    return Repetition(picks, np.asarray(gain, dtype=np.float64), prices[picks], excluded)


def times_reached(
    offsets: ArrayLike, members_of_candidate: ArrayLike, n_members: int, picks: ArrayLike
) -> NDArray[np.int64]:
    """How many of the picks reach each member, int64[m]; a list names a member once."""
    starts, members = np.asarray(offsets, dtype=np.int64), np.asarray(members_of_candidate)
    lists = [members[starts[pick] : starts[pick + 1]] for pick in np.asarray(picks, dtype=np.int64)]
    return np.bincount(np.concatenate([np.empty(0, dtype=np.int64), *lists]), minlength=n_members)


def added_reach(
    offsets: ArrayLike,
    members_of_candidate: ArrayLike,
    member_weight: ArrayLike,
    candidate_value: ArrayLike,
    picks: ArrayLike,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What each pick adds to those before it when a member counts once, as `select_portfolio` counts.

    Args:
        offsets: int64[k + 1], bounds of each candidate's list, which names a member once.
        members_of_candidate: int32[E].
        member_weight: float64[m].
        candidate_value: float64[k].
        picks: int64[p], in their order.

    Returns:
        float64[p], the gain; int64[p], members that no earlier pick reaches.
    """
    starts, members = np.asarray(offsets, dtype=np.int64), np.asarray(members_of_candidate)
    weight, value = np.asarray(member_weight), np.asarray(candidate_value)
    covered, is_reached = np.zeros(weight.size), np.zeros(weight.size, dtype=bool)
    chosen = np.asarray(picks, dtype=np.int64)
    gain, new_members = np.zeros(chosen.size), np.zeros(chosen.size, dtype=np.int64)
    for position, pick in enumerate(chosen):
        reached = members[starts[pick] : starts[pick + 1]]
        worth = weight[reached] * value[pick]
        gain[position] = np.maximum(worth - covered[reached], 0.0).sum()
        new_members[position] = np.count_nonzero(~is_reached[reached] & (worth > 0))
        covered[reached] = np.maximum(covered[reached], worth)
        is_reached[reached[worth > 0]] = True
    return gain, new_members
