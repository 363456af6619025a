"""Word of mouth: members of an audience who bring an account up by themselves.

Distinct voices and distinct weeks are counted, not messages: a thousand posts by one account are one voice.
Effort per interaction is weighed in `graph.interactions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.followers import check_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.audience import CleanedAudience
    from graph.sparse_rows import BoolArray, FloatArray, IntegerArray

SPOKEN_KINDS = ("mention", "quote", "repost")
"""Kinds that put an account before others; likes do not, and replies answer somebody who already spoke."""

UNKNOWN_WEEK = -1
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class WordOfMouth:
    """Who is talked about by the audience; arrays have one entry per account, n.

    Attributes:
        voices: int64[n], distinct members that brought the account up (raw).
        voices_cleaned: float64[n], sum of their weights.
        weeks: int64[n], distinct weeks in which one of them did; undated events are in none.
        events: int64[n], how often in all.
        pair_member: int64[pairs], position in the audience of the voice of each distinct pair.
        pair_account: uint32[pairs], the account it brought up.
    """

    voices: NDArray[np.int64]
    voices_cleaned: FloatArray
    weeks: NDArray[np.int64]
    events: NDArray[np.int64]
    pair_member: NDArray[np.int64]
    pair_account: NDArray[np.uint32]


def word_of_mouth(
    n_accounts: int,
    audience: CleanedAudience,
    actor: IntegerArray,
    target: IntegerArray,
    kind: NDArray,
    week: IntegerArray | None,
    *,
    events: IntegerArray | None = None,
) -> WordOfMouth:
    """Count the members who mention, quote or repost each account, whoever they are talking to.

    Args:
        n_accounts: number of accounts, n.
        audience: members with weights.
        actor: node that spoke, one per row; rows of others than members are ignored.
        target: node that was brought up; bringing oneself up is ignored.
        kind: kind of interaction, strings; only `SPOKEN_KINDS` count.
        week: number of the week, any numbering ≥ 0 that is the same for all rows (for example days since
            1970-01-05, divided by 7); `UNKNOWN_WEEK` or None where there is no time.
        events: how often, per row; None for once each.

    Returns:
        Figures per account, and the distinct (voice, account) pairs they rest on.

    Raises:
        UnknownAccountsError: if a node is not below `n_accounts`.
    """
    actor, target = np.asarray(actor), np.asarray(target)
    check_edges(n_accounts, actor, target)
    spoken = _is_spoken(np.asarray(kind)) & (actor != target)
    times = np.ones(actor.size, dtype=np.int64) if events is None else np.asarray(events, dtype=np.int64)
    position = np.full(n_accounts, -1, dtype=np.int64)
    position[audience.members] = np.arange(audience.members.size)
    is_member = position[actor.astype(np.int64)] >= 0
    counted = np.flatnonzero(spoken & (times > 0) & is_member)
    about = target[counted].astype(np.uint64)

    pairs = np.unique((about << _HALF) | position[actor[counted].astype(np.int64)].astype(np.uint64))
    pair_account, pair_member = pairs >> _HALF, (pairs & _LOW_HALF).astype(np.int64)
    when = np.zeros(0, dtype=np.uint64)
    if week is not None:
        weeks = np.asarray(week)[counted]
        when = np.unique((about[weeks >= 0] << _HALF) | weeks[weeks >= 0].astype(np.uint64)) >> _HALF
    return WordOfMouth(
        voices=_count(pair_account, n_accounts),
        voices_cleaned=np.bincount(
            pair_account.astype(np.int64), weights=audience.weight[pair_member], minlength=n_accounts
        ).astype(np.float64),
        weeks=_count(when, n_accounts),
        events=np.bincount(about.astype(np.int64), weights=times[counted], minlength=n_accounts).astype(
            np.int64
        ),
        pair_member=pair_member,
        pair_account=pair_account.astype(np.uint32),
    )


def _is_spoken(kind: NDArray) -> BoolArray:
    spoken = np.zeros(kind.shape, dtype=bool)
    for name in SPOKEN_KINDS:
        spoken |= kind == name
    return spoken


def _count(nodes: NDArray[np.uint64], n_accounts: int) -> NDArray[np.int64]:
    return np.bincount(nodes.astype(np.int64), minlength=n_accounts)
