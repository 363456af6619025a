"""The audience as it should count: a weight per member, and which factor took weight away.

Only members are judged here, by what each of them does and shows. Whom they follow and trust is for the
kernels that take a `CleanedAudience`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

MASS_FOLLOWING = 1_500
"""Above this many followings attention is spread thin."""

EMPTY_PROFILE_COST = 0.5
"""What an entirely empty profile loses: quiet readers exist, so emptiness alone never takes it all."""

NEVER_CERTAIN = 1e-6
"""What the most suspicious profile keeps: a profile is a sign and no proof, and never takes all alone."""

LEAST_WEIGHT = 1e-100
"""What the smallest weight above zero counts as, so that something is left of it whatever is taken."""

NEARLY_FULL = 0.8
"""A reason is named only where its factor is below this. A profile without a picture or with a number in its
name takes a few percent from many ordinary people, and to call these unusual would be to accuse them."""

REASONS = (
    "full_weight",
    "nearly_full",
    "lockstep",
    "suspicious_profile",
    "empty_profile",
    "mass_following",
    "stated_weight",
)
"""Which factor took most of a member's weight; of two that took as much, the one named first. `nearly_full`
where no factor is below `NEARLY_FULL`."""


class AudienceMembersError(ValueError):
    """Members that are repeated, or arrays that do not describe the members one to one."""


@dataclass(frozen=True)
class CleanedAudience:
    """The members of an audience and how much each counts; arrays have m entries, in one order.

    Attributes:
        members: uint32, node of each member, each once.
        stated_weight: float64 in 0..1, the weight that came with the list, after mending.
        weight: float64 in 0..1, ``stated_weight · attention_factor · profile_factor · lockstep_factor``.
        attention_factor: float64 in (0, 1], below 1 for mass followers.
        profile_factor: float64 in (0, 1], below 1 for empty or suspicious profiles.
        lockstep_factor: float64 in 0..1, below 1 for members who move as one with others, and 0 only where it
            was given as 0, which `graph.lockstep.audience_lockstep` never does.
        reason: text out of `REASONS`, the factor that took most of the weight, if it took much.
    """

    members: NDArray[np.uint32]
    stated_weight: FloatArray
    weight: FloatArray
    attention_factor: FloatArray
    profile_factor: FloatArray
    lockstep_factor: FloatArray
    reason: NDArray[np.str_]


def clean_audience(
    members: IntegerArray,
    stated_weight: ArrayLike | None,
    following_count: ArrayLike | None,
    emptiness: ArrayLike | None,
    suspicion: ArrayLike | None,
    *,
    lockstep: ArrayLike | None = None,
) -> CleanedAudience:
    """Weigh the members of an audience that may be poisoned.

    - attention: 1 up to `MASS_FOLLOWING` followings, then ``log(2 + MASS_FOLLOWING) / log(2 + followings)``;
    - profile: ``max(1 - suspicion, NEVER_CERTAIN) · (1 - EMPTY_PROFILE_COST · emptiness)``;
    - lockstep: as given, from a search for members who follow the same accounts as if one hand led them.

    What is unknown (NaN, or None for a whole column) takes nothing away, and nothing takes all: a member with
    a weight above zero keeps one, unless lockstep is given as 0.

    Args:
        members: nodes, each once.
        stated_weight: weight from the list; NaN counts as 1, zero and negative as 0. Where one exceeds 1,
            all are divided by the largest, so that weights stay shares of the most important member; what is
            above 0 is no less than `LEAST_WEIGHT`.
        following_count: how many accounts each member follows, from its profile or the graph.
        emptiness: 0..1, how much of the profile is missing.
        suspicion: 0..1, how much the profile looks made for sale.
        lockstep: 0..1, what a member inside a lockstep block still counts.

    Returns:
        The audience with its factors.

    Raises:
        AudienceMembersError: if a member is repeated (they are named), or a column has another length.
    """
    members = np.asarray(members)
    _check_members(members)
    stated = _mended_weights(_column("stated_weight", stated_weight, members.size))
    followings = _column("following_count", following_count, members.size)
    attention = np.log(2.0 + MASS_FOLLOWING) / np.log(2.0 + np.maximum(followings, MASS_FOLLOWING))
    attention = np.where(np.isnan(attention), 1.0, attention)
    empty = _share_or_zero(_column("emptiness", emptiness, members.size))
    genuine = np.maximum(1.0 - _share_or_zero(_column("suspicion", suspicion, members.size)), NEVER_CERTAIN)
    kept_if_empty = 1.0 - EMPTY_PROFILE_COST * empty
    profile = genuine * kept_if_empty
    together = _column("lockstep", lockstep, members.size)
    together = np.clip(np.where(np.isnan(together), 1.0, together), 0.0, 1.0)
    return CleanedAudience(
        members=members.astype(np.uint32),
        stated_weight=stated,
        weight=stated * attention * profile * together,
        attention_factor=attention,
        profile_factor=profile,
        lockstep_factor=together,
        reason=_main_reasons(together, genuine, kept_if_empty, attention, stated),
    )


def weight_by_reason(audience: CleanedAudience) -> dict[str, tuple[int, float]]:
    """Members whose main reason it is, and the weight they lost in all, by reason; absent ones left out.

    A member loses ``1 - weight``, all of it booked under the factor that took most, so that the sums add up
    to the members minus their weight.
    """
    return {
        reason: (int(is_reason.sum()), float((1.0 - audience.weight[is_reason]).sum()))
        for reason in REASONS
        if (is_reason := audience.reason == reason).any()
    }


def _main_reasons(*factors: FloatArray) -> NDArray[np.str_]:
    """The smallest of the factors, in the order of `REASONS` after the first two, where it takes much."""
    table = np.vstack(factors)
    least = table.min(axis=0)
    return np.asarray(REASONS)[
        np.select([least >= 1.0, least >= NEARLY_FULL], [0, 1], table.argmin(axis=0) + 2)
    ]


def _check_members(members: IntegerArray) -> None:
    if members.ndim != 1 or (members.size and members.dtype.kind not in "iu"):
        raise AudienceMembersError("The members of an audience must be a flat array of nodes.")
    distinct, times = np.unique(members, return_counts=True)
    repeated = distinct[times > 1]
    if repeated.size:
        shown = ", ".join(str(node) for node in repeated[:20].tolist())
        raise AudienceMembersError(
            f"{repeated.size} members are in the audience more than once (nodes {shown}"
            f"{', …' if repeated.size > 20 else ''}). Merge them before the audience is cleaned."
        )


def _column(name: str, values: ArrayLike | None, size: int) -> FloatArray:
    """A column as float64[size]; NaN throughout where it is absent."""
    if values is None:
        return np.full(size, np.nan)
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (size,):
        raise AudienceMembersError(f"{name} has the shape {column.shape}, but there are {size} members.")
    return column


def _mended_weights(stated: FloatArray) -> FloatArray:
    """Stated weights brought into 0..1: unknown is 1, nothing is below 0, the largest is at most 1."""
    mended = np.where(np.isfinite(stated), np.maximum(stated, 0.0), np.where(stated == -np.inf, 0.0, 1.0))
    shares = mended / max(1.0, float(mended.max(initial=0.0)))
    return np.where(mended > 0, np.maximum(shares, LEAST_WEIGHT), 0.0)


def _share_or_zero(values: FloatArray) -> FloatArray:
    return np.clip(np.where(np.isnan(values), 0.0, values), 0.0, 1.0)
