"""What moved between two rankings of the same audience, and which part of the score moved it.

Here belongs the comparison of two rankings. How a ranking is made is `ranking`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

CERTAINTY = "certainty"
RISK = "risk"
OTHERS = "others"


@dataclass(frozen=True)
class RankedRun:
    """One ranking, as it was stored. k candidates.

    The score is made of three factors: trust (the sum of its contributions) x certainty (trust_low / trust,
    how much of it survives as a lower bound) x (1 - shill_probability_high).

    Attributes:
        ids: [k], an id per candidate, each once.
        rank: int64[k], 1 is first.
        rank_low: int64[k], the best place that the doubt in the figures leaves; None where no range is kept.
        rank_high: int64[k], the worst such place.
        contributions: {part: float64[k]}, what each part adds to trust; NaN where not measured.
        trust_low: float64[k], lower bound of trust; NaN where trust is unknown.
        shill_probability_high: float64[k], upper bound of the shill probability.
    """

    ids: ArrayLike
    rank: ArrayLike
    contributions: Mapping[str, ArrayLike]
    trust_low: ArrayLike
    shill_probability_high: ArrayLike
    rank_low: ArrayLike | None = None
    rank_high: ArrayLike | None = None


@dataclass(frozen=True)
class RankChanges:
    """One row per candidate of either ranking, ordered by rank after, then (those that left) by rank before.

    Attributes:
        ids: [n], the ids.
        change: str[n], "entered", "left", "moved" or "stayed".
        rank_before: int64[n], 0 where it was not in the ranking.
        rank_after: int64[n], 0 where it is no longer in the ranking.
        is_within_range: bool[n], whether it moved and each of its two places lies in the range that the other
            run gave it: a move that the doubt in the figures explains. False where no ranges are kept.
        score_change: float64[n], score after - score before; NaN for entered and left.
        causes: {part: float64[n]}, what each part of the score contributed to the change; over all parts
            they sum to `score_change`. Parts are those of trust, "certainty" and "risk".
        main_cause: str[n], the part that contributed most in the direction of the move; "others" where the
            candidate's own score did not move that way and the rest of the list did; "" unless moved.
    """

    ids: NDArray[np.generic]
    change: NDArray[np.str_]
    rank_before: NDArray[np.int64]
    rank_after: NDArray[np.int64]
    is_within_range: NDArray[np.bool_]
    score_change: NDArray[np.float64]
    causes: dict[str, NDArray[np.float64]]
    main_cause: NDArray[np.str_]


def rank_changes(before: RankedRun, after: RankedRun) -> RankChanges:
    """Compare two rankings.

    The difference of a product of three factors is split by Shapley values: each factor's change, averaged
    over all orders in which the three could have changed. For trust T, certainty C and safety S = 1 - risk,
    the share of trust is dT x (2 C0 S0 + C0 S1 + C1 S0 + 2 C1 S1) / 6. It is linear in trust, so it splits
    exactly over the parts; the shares add up to the difference and no order of the factors is favoured. An
    unknown score counts as 0.

    Args:
        before: The earlier ranking.
        after: The later one.

    Returns:
        One row per candidate of either.

    Raises:
        ValueError: If a ranking lists an id twice or its arrays disagree in length.

    References:
        Shapley 1953, A value for n-person games; Shorrocks 2013, Decomposition procedures for distributional
        analysis.
    """
    earlier, later = _Run(before), _Run(after)
    ids, position = _in_reading_order(earlier, later)
    rank_before, rank_after = earlier.take(earlier.rank, position[0]), later.take(later.rank, position[1])
    in_both = (rank_before > 0) & (rank_after > 0)

    names = sorted(before.contributions.keys() | after.contributions.keys())
    causes = _causes(earlier, later, position, names)
    score_change = later.take(later.score, position[1]) - earlier.take(earlier.score, position[0])
    change = np.select(
        [rank_before == 0, rank_after == 0, rank_before != rank_after], ["entered", "left", "moved"], "stayed"
    )
    return RankChanges(
        ids=ids,
        change=change,
        rank_before=rank_before,
        rank_after=rank_after,
        is_within_range=(change == "moved")
        & earlier.holds(rank_after, position[0])
        & later.holds(rank_before, position[1]),
        score_change=np.where(in_both, score_change, np.nan),
        causes={name: np.where(in_both, cause, np.nan) for name, cause in causes.items()},
        main_cause=np.where(change == "moved", _main_cause(causes, rank_before - rank_after), ""),
    )


class _Run:
    """A ranking as checked arrays, unknown figures as 0."""

    def __init__(self, run: RankedRun) -> None:
        self.ids = np.asarray(run.ids)
        self.rank = np.asarray(run.rank, dtype=np.int64)
        self.parts = {name: _known(part) for name, part in run.contributions.items()}
        trust_low, risk = _known(run.trust_low), _known(run.shill_probability_high)
        # A range that is not kept holds no place.
        self.rank_low = np.asarray(self.rank + 1 if run.rank_low is None else run.rank_low, dtype=np.int64)
        self.rank_high = np.asarray(self.rank if run.rank_high is None else run.rank_high, dtype=np.int64)
        arrays = (self.rank, self.rank_low, self.rank_high, trust_low, risk, *self.parts.values())
        sizes = {array.shape for array in arrays}
        if self.ids.ndim != 1 or sizes != {self.ids.shape}:
            raise ValueError(f"All arrays of a ranking must hold {self.ids.size} values, one per id.")
        if np.unique(self.ids).size != self.ids.size:
            raise ValueError("A ranking lists an id twice; compare rankings of one audience each.")
        if np.any(self.rank < 1):
            raise ValueError("Ranks start at 1; give the ranks as they were published.")
        self.trust = np.sum(list(self.parts.values()), axis=0) if self.parts else np.zeros(self.ids.size)
        # Without trust nothing is lost to uncertainty; any other value would blame a factor of nothing.
        self.certainty = np.divide(trust_low, self.trust, out=np.ones(self.ids.size), where=self.trust > 0)
        self.safety = 1.0 - risk
        self.score = self.trust * self.certainty * self.safety

    def holds(self, rank: NDArray[np.int64], position: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the ranges of the candidates at the positions hold these ranks."""
        low, high = self.take(self.rank_low, position), self.take(self.rank_high, position)
        return (low <= rank) & (rank <= high)

    def take(self, values: NDArray, position: NDArray[np.int64]) -> NDArray:
        """Values at positions, 0 where the position is -1 (not in this ranking)."""
        found = np.zeros(position.size, dtype=values.dtype)
        found[position >= 0] = values[position[position >= 0]]
        return found


def _in_reading_order(
    earlier: _Run, later: _Run
) -> tuple[NDArray[np.generic], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """All ids, and where each stands in the two rankings (-1: not there)."""
    after = np.argsort(later.rank, kind="stable")
    gone = np.flatnonzero(~np.isin(earlier.ids, later.ids))
    gone = gone[np.argsort(earlier.rank[gone], kind="stable")]
    here = later.ids[after]
    in_earlier = np.full(after.size, -1, dtype=np.int64)
    if earlier.ids.size and here.size:
        order = np.argsort(earlier.ids, kind="stable")
        at = np.minimum(np.searchsorted(earlier.ids[order], here), order.size - 1)
        in_earlier = np.where(earlier.ids[order][at] == here, order[at], -1)
    ids = np.concatenate((here, earlier.ids[gone])) if gone.size else here
    missing = np.full(gone.size, -1, dtype=np.int64)
    return ids, (np.concatenate((in_earlier, gone)), np.concatenate((after, missing)))


def _causes(
    earlier: _Run, later: _Run, position: tuple[NDArray[np.int64], NDArray[np.int64]], names: list[str]
) -> dict[str, NDArray[np.float64]]:
    """Shapley share of every part of the score."""
    (trust_0, trust_1), (certainty_0, certainty_1), (safety_0, safety_1) = (
        (earlier.take(getattr(earlier, factor), position[0]), later.take(getattr(later, factor), position[1]))
        for factor in ("trust", "certainty", "safety")
    )
    per_trust = _average_product(certainty_0, certainty_1, safety_0, safety_1)
    causes = {}
    for name in names:
        was = earlier.take(earlier.parts.get(name, np.zeros(earlier.ids.size)), position[0])
        now = later.take(later.parts.get(name, np.zeros(later.ids.size)), position[1])
        causes[name] = (now - was) * per_trust
    causes[CERTAINTY] = (certainty_1 - certainty_0) * _average_product(trust_0, trust_1, safety_0, safety_1)
    causes[RISK] = (safety_1 - safety_0) * _average_product(trust_0, trust_1, certainty_0, certainty_1)
    return causes


def _average_product(
    a_0: NDArray[np.float64], a_1: NDArray[np.float64], b_0: NDArray[np.float64], b_1: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean of a x b over the six orders in which three factors can change, seen from the third."""
    return (2 * a_0 * b_0 + a_0 * b_1 + a_1 * b_0 + 2 * a_1 * b_1) / 6


def _main_cause(causes: Mapping[str, NDArray[np.float64]], places_up: NDArray[np.int64]) -> NDArray[np.str_]:
    """The part that pushed most the way of the move; "others" where the own score did not go that way."""
    names = list(causes)
    pushed = np.stack([causes[name] for name in names]) * np.sign(places_up)
    own = np.sum(pushed, axis=0) > 0
    return np.where(own, np.asarray(names)[np.argmax(pushed, axis=0)], OTHERS)


def _known(values: ArrayLike) -> NDArray[np.float64]:
    """Values with unknown ones as 0."""
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0)
