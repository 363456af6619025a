"""What is typical among similar accounts, and where each account stands among them.

Belongs here: medians and standings within groups of the same size. Does not belong here: the sizes
(`graph.statistics.size_tiers`) and what a value means.

An account is compared with the accounts of its own size tier. Where too few of them were measured, or its
size is not known, it is compared with the whole list; where even that is too short, with nobody. `basis` says
which, so that a sentence can say it too. What was not measured (NaN) neither counts nor gets a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray

FEWEST_ALIKE = 5
"""Measured accounts below which a median says nothing: the middle of five is the first that one odd value on
either side cannot move to an end."""

WITH_NOBODY, WITH_TIER, WITH_LIST = range(3)
"""Whom an account was compared with: codes of `TypicalValues.basis`."""

UNKNOWN_SIZE = 0
"""The tier code of accounts of unknown size (`graph.statistics.size_tiers`), which have no like."""


@dataclass(frozen=True)
class TypicalValues:
    """What is typical for each account's like, arrays [k].

    Attributes:
        typical: float64, median of the measured accounts it was compared with, itself included; NaN without.
        share_below: float64 in [0, 1], share of the others among them whose value is smaller; NaN likewise.
        compared: int64, how many measured accounts it was compared with, itself included; 0 without any.
        basis: int8, `WITH_TIER`, `WITH_LIST` or `WITH_NOBODY`.
    """

    typical: FloatArray
    share_below: FloatArray
    compared: NDArray[np.int64]
    basis: NDArray[np.int8]


def typical_values(values: ArrayLike, tiers: ArrayLike, fewest: int = FEWEST_ALIKE) -> TypicalValues:
    """Median and standing of every account among its like.

    Args:
        values: [k], any unit; NaN was not measured.
        tiers: int [k], codes of size tiers; `UNKNOWN_SIZE` is compared with the whole list.
        fewest: How many measured accounts a comparison needs, at least 2.

    Raises:
        ValueError: if the arrays differ in length, or `fewest` is below 2.
    """
    value = np.asarray(values, dtype=np.float64)
    tier = np.asarray(tiers)
    if value.ndim != 1 or value.shape != tier.shape:
        raise ValueError(f"Values and tiers must be flat and of one length, not {value.shape}, {tier.shape}.")
    if fewest < 2:
        raise ValueError(f"A comparison needs at least 2 accounts, not {fewest}.")
    found = TypicalValues(
        typical=np.full(value.shape, np.nan),
        share_below=np.full(value.shape, np.nan),
        compared=np.zeros(value.shape, dtype=np.int64),
        basis=np.full(value.shape, WITH_NOBODY, dtype=np.int8),
    )
    measured = ~np.isnan(value)
    _compare(found, value, measured, WITH_LIST, fewest)
    for code in np.unique(tier[tier != UNKNOWN_SIZE]):
        alike = measured & (tier == code)
        _compare(found, value, alike, WITH_TIER, fewest)
    return found


def _compare(found: TypicalValues, value: FloatArray, alike: BoolArray, basis: int, fewest: int) -> None:
    """Compare `alike` with each other and write it into `found`, where they are enough."""
    ordered = np.sort(value[alike])
    if ordered.size < fewest:
        return
    found.typical[alike] = np.median(ordered)
    found.share_below[alike] = np.searchsorted(ordered, value[alike], side="left") / (ordered.size - 1)
    found.compared[alike] = ordered.size
    found.basis[alike] = basis
