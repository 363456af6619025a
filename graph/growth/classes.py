"""What a burst of followers looks like once harmless causes are taken out, as words with a probability.

Who ordered followers cannot be known. Belongs here: weighing what was seen of a burst (who came, how sharply,
how often, who left again, who takes part) for three readings: that people came by themselves, that a parcel
was ordered for the account, that somebody else sent it. Finding bursts and causes does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtrc, softmax

from graph.growth.bursts import MANY_LEFT
from graph.statistics.intervals import wilson_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray
    from graph.growth.bursts import Bursts

EXPLAINED, UNUSUAL, BOMBED, UNCLEAR = CLASSES = ("explained", "unusual", "bombed", "unclear")

FEWEST_PROFILED = 8
"""Arrivals with a profile below which nothing is said of who came."""
CLEAR_EXCESS = 0.15
"""Share of suspicious profiles above that of the other followers from which arrivals are unusual."""
SHARP_HOURS, SLOW_HOURS = 16.0, 24.0
"""The middle 80 % of a night's delivery come within the first; a parcel that is spread takes the second."""
REMOVED_MUCH, REMOVED_LITTLE = MANY_LEFT, 0.07
MOST_OF_ALL = 0.5
TAKES_PART = 0.15
"""Share of unusual arrivals that engage with the account: followers sent to harm do not serve as well."""

# Log likelihood ratios of (by themselves, ordered, sent by others). Hand-set and round: what a sign is worth
# follows from what it costs to fake, not from one labelled set; docs/METHODS.md says what was measured.
_PRIOR = (0.0, 0.0, -0.5)
_WEIGHTS = {
    "unusual_profiles": (-3.0, 0.5, 0.5),
    "usual_profiles": (2.0, -2.0, -2.0),
    "repeated": (-0.5, 1.0, -3.0),
    "single": (0.0, -0.5, 0.5),
    "sharp": (-0.5, -0.5, 1.0),
    "slow": (0.5, 0.5, -2.0),
    "removed_much": (-1.5, -0.5, 2.0),
    "removed_little": (0.5, 0.5, -1.5),
    "most_of_all": (-0.5, 1.0, -1.5),
    "takes_part": (0.0, 1.5, -2.0),
}


@dataclass(frozen=True)
class Seen:
    """What was seen of each burst beside `Bursts`.

    Attributes:
        has_cause: bool[k], a harmless cause was found.
        was_sought: bool[k], the data allow to look for causes beyond the network's own growth.
        profiled: float64[k], arrivals whose profile is known.
        suspicious: float64[k], those of them that look suspicious.
        usual_share: float64[k], share of suspicious profiles among the account's other followers.
        engaging: float64[k], share of the arrivals that engaged with the account; NaN unknown.
    """

    has_cause: BoolArray
    was_sought: BoolArray
    profiled: FloatArray
    suspicious: FloatArray
    usual_share: FloatArray
    engaging: FloatArray


@dataclass(frozen=True)
class BurstClasses:
    """The reading of each burst.

    Attributes:
        label: list of `CLASSES`.
        probability: float64[k], of the label.
        ordered: float64[k], probability that a parcel was ordered for the account; 0 where explained.
        unusual_share: float64[k], share of suspicious profiles among the arrivals; NaN unknown.
        explained_share: float64[k], share of the mass that a harmless cause explains.
    """

    label: NDArray[np.str_]
    probability: FloatArray
    ordered: FloatArray
    unusual_share: FloatArray
    explained_share: FloatArray


def classify_bursts(bursts: Bursts, seen: Seen) -> BurstClasses:
    """Weigh what was seen of each burst.

    A harmless cause explains those arrivals that look like the account's other followers; the rest is
    weighed. Most causes lie outside the data. So a burst is `unusual` only where those who came look unusual,
    or where it repeats although causes could be sought and were not found; else it stays `unclear`.
    """
    is_known = seen.profiled >= FEWEST_PROFILED
    share = np.where(is_known, seen.suspicious / np.maximum(seen.profiled, 1.0), np.nan)
    low, high = wilson_interval(seen.suspicious, seen.profiled)
    odd = is_known & (low > seen.usual_share) & (share >= seen.usual_share + CLEAR_EXCESS)
    plain = is_known & ~odd & (high < seen.usual_share + 2 * CLEAR_EXCESS)
    excess = np.clip((share - seen.usual_share) / np.maximum(1.0 - seen.usual_share, 1e-9), 0.0, 1.0)
    explained_share = np.where(seen.has_cause, np.where(odd, 1.0 - excess, 1.0), 0.0)
    is_open = explained_share < 0.5
    times = np.bincount(bursts.account, weights=is_open)[bursts.account] if len(bursts) else np.zeros(0)
    signs = {
        "unusual_profiles": odd,
        "usual_profiles": plain,
        "repeated": times >= 2,
        "single": times < 2,
        "sharp": bursts.hours <= SHARP_HOURS,
        "slow": bursts.hours > SLOW_HOURS,
        "removed_much": _surely_above(bursts.removed, bursts.arrivals),
        "removed_little": bursts.removed < REMOVED_LITTLE,
        "most_of_all": bursts.arrivals > MOST_OF_ALL * bursts.followers,
        "takes_part": odd & (seen.engaging >= TAKES_PART),
    }
    scores = np.tile(np.array(_PRIOR), (len(bursts), 1))
    for name, holds in signs.items():
        scores += np.outer(holds, _WEIGHTS[name])
    belief = softmax(scores, axis=1)
    speaks = odd | (seen.was_sought & (times >= 2))
    best = np.where(speaks | (belief[:, 2] >= 0.5), belief.argmax(axis=1), 0)
    label = np.where(is_open, np.array([UNCLEAR, UNUSUAL, BOMBED])[best], EXPLAINED)
    probability = np.where(is_open, belief[np.arange(len(best)), best], explained_share)
    return BurstClasses(label, probability, np.where(is_open, belief[:, 1], 0.0), share, explained_share)


def _surely_above(share: FloatArray, n: FloatArray) -> BoolArray:
    """Where so many left that `REMOVED_LITTLE` would hardly explain it, and it is much."""
    whole = np.maximum(np.round(n), 1.0).astype(np.int64)
    gone = np.round(np.nan_to_num(share) * whole)
    chance = np.where(gone > 0, bdtrc(np.maximum(gone - 1, 0), whole, REMOVED_LITTLE), 1.0)
    return (np.nan_to_num(share) >= REMOVED_MUCH) & (chance < 0.05)


def value_of_growth(
    n_accounts: int, bursts: Bursts, classes: BurstClasses, can_tell: BoolArray
) -> FloatArray:
    """Mass of unusual bursts ÷ followers, weighted by the probability that it was ordered; float64[n].

    A burst that reads as sent by others or stays unclear counts nothing: nobody is lowered by it.

    Args:
        n_accounts: n.
        bursts: The bursts.
        classes: Their reading.
        can_tell: bool[n], where growth could be looked at at all; NaN elsewhere.
    """
    share = bursts.mass * (1.0 - classes.explained_share) / np.maximum(bursts.followers, 1.0)
    total = np.bincount(
        bursts.account, weights=share * classes.ordered * (classes.label == UNUSUAL), minlength=n_accounts
    )
    return np.where(can_tell, np.minimum(total, 1.0), np.nan)
