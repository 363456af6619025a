"""Word of mouth: members of an audience who bring an account up by themselves.

Distinct voices and distinct weeks are counted, not messages: a thousand posts by one account are one voice.
Talk that only answers a call to share ("tag a friend") is prompted and counted apart. Effort per interaction
is weighed in `graph.network.interactions`; what counts as a call is `graph.trust.calls_to_share`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import sorted_unique
from graph.network.followers import check_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray
    from graph.trust.audience import CleanedAudience

SPOKEN_KINDS = ("mention", "quote", "repost")
"""Kinds that put an account before others, own words first; likes do not, and replies answer somebody who
already spoke."""

UNKNOWN_WEEK = -1
UNKNOWN_TIME = np.iinfo(np.int64).min
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class WordOfMouth:
    """Who is talked about by the audience; arrays have one entry per account, n.

    Everything but `prompted_voices` describes talk that nobody called for.

    Attributes:
        voices: int64[n], distinct members that brought the account up (raw).
        voices_cleaned: float64[n], sum of their weights.
        weeks: int64[n], distinct weeks in which one of them did; undated talk is in none.
        effective_weeks: float64[n], how many weeks the talk fills when each counts by its voices: 1 for a
            single burst, `weeks` for talk spread evenly; NaN without dated talk. Exponential of the entropy
            (Hill 1973, "Diversity and evenness", Ecology 54).
        effective_occasions: float64[n], the same over what was said: a post that was passed on is one
            occasion for all who did, a voice's own words are an occasion of their own; NaN without talk.
        events: int64[n], how often in all.
        communities: int64[n], distinct communities of the voices, members in none not counted; None where
            communities are not known.
        prompted_voices: int64[n], members who brought the account up only where a post called for it.
        first_at, last_at: int64[n], first and last time; `UNKNOWN_TIME` without dated talk.
        pair_member: int64[pairs], position in the audience of the voice of each distinct pair.
        pair_account: uint32[pairs], the account it brought up.
    """

    voices: NDArray[np.int64]
    voices_cleaned: FloatArray
    weeks: NDArray[np.int64]
    effective_weeks: FloatArray
    effective_occasions: FloatArray
    events: NDArray[np.int64]
    communities: NDArray[np.int64] | None
    prompted_voices: NDArray[np.int64]
    first_at: NDArray[np.int64]
    last_at: NDArray[np.int64]
    pair_member: NDArray[np.int64]
    pair_account: NDArray[np.uint32]


@dataclass(frozen=True)
class TalkDetails:
    """What may be known of talk beyond who, whom and when; None where it is not.

    Attributes:
        is_prompted: whether a post called for it, per row; where that cannot be told, nothing is prompted.
        first_at: earliest time of the row's events, in any unit; `UNKNOWN_TIME` where there is none.
        last_at: latest time, likewise.
        community: int32[m], community of each member in the order of the audience, below 0 for none.
        occasion: number of the post that was passed on, per row, any numbering ≥ 0; below 0 for own words,
            and where the post is not known, so that nothing is held against such talk.
    """

    is_prompted: BoolArray | None = None
    first_at: IntegerArray | None = None
    last_at: IntegerArray | None = None
    community: IntegerArray | None = None
    occasion: IntegerArray | None = None


def word_of_mouth(
    n_accounts: int,
    audience: CleanedAudience,
    actor: IntegerArray,
    target: IntegerArray,
    kind: NDArray,
    week: IntegerArray | None,
    *,
    events: IntegerArray | None = None,
    details: TalkDetails | None = None,
) -> WordOfMouth:
    """Count the members who mention, quote or repost each account, whoever they are talking to.

    Args:
        n_accounts: number of accounts, n.
        audience: m members with weights.
        actor: node that spoke, one per row; rows of others than members are ignored.
        target: node that was brought up; bringing oneself up is ignored.
        kind: kind of interaction, strings; only `SPOKEN_KINDS` count.
        week: number of the week, any numbering ≥ 0 that is the same for all rows (for example days since
            1970-01-05, divided by 7); `UNKNOWN_WEEK` or None where there is no time.
        events: how often, per row; None for once each.
        details: what else is known of the talk.

    Returns:
        Figures per account, and the distinct (voice, account) pairs they rest on.

    Raises:
        UnknownAccountsError: if a node is not below `n_accounts`.
    """
    actor, target = np.asarray(actor), np.asarray(target)
    check_edges(n_accounts, actor, target)
    details = details or TalkDetails()
    times = np.ones(actor.size, dtype=np.int64) if events is None else np.asarray(events, dtype=np.int64)
    position = np.full(n_accounts, -1, dtype=np.int64)
    position[audience.members] = np.arange(audience.members.size)
    voice = position[actor.astype(np.int64)]
    counted = _is_spoken(np.asarray(kind)) & (actor != target) & (times > 0) & (voice >= 0)
    keys = (target.astype(np.uint64) << _HALF) | np.where(counted, voice, 0).astype(np.uint64)
    called = counted & (details.is_prompted if details.is_prompted is not None else False)
    own = np.flatnonzero(counted & ~called)
    about = target[own].astype(np.int64)

    pairs = sorted_unique(keys[own])
    only_called = np.setdiff1d(keys[called], pairs) >> _HALF  # setdiff1d leaves each pair once
    pair_account, pair_member = pairs >> _HALF, (pairs & _LOW_HALF).astype(np.int64)
    weeks, effective_weeks = _slots(n_accounts, keys[own], _at(week, own))
    occasion = _occasions(_at(details.occasion, own), voice[own])
    _, effective_occasions = _slots(n_accounts, keys[own], occasion)
    return WordOfMouth(
        voices=_count(pair_account, n_accounts),
        voices_cleaned=np.bincount(
            pair_account.astype(np.int64), weights=audience.weight[pair_member], minlength=n_accounts
        ).astype(np.float64),
        weeks=weeks,
        effective_weeks=effective_weeks,
        effective_occasions=effective_occasions,
        events=np.bincount(about, weights=times[own], minlength=n_accounts).astype(np.int64),
        communities=_communities(n_accounts, pairs, details.community),
        prompted_voices=_count(only_called, n_accounts),
        first_at=_extreme(n_accounts, about, _at(details.first_at, own)),
        last_at=_extreme(n_accounts, about, _at(details.last_at, own), latest=True),
        pair_member=pair_member,
        pair_account=pair_account.astype(np.uint32),
    )


def spread(effective_occasions: FloatArray, voices: IntegerArray) -> FloatArray:
    """How far talk is more than one post that went round, in (0, 1], per account.

    ``sqrt(min(1, effective_occasions / voices))``: voices times this is the geometric mean of how many
    speak and how many things they have to say. Thirty members who pass on one post count as √30, thirty who
    find words of their own or pass on different posts count as thirty. 1 where nobody speaks.
    """
    share = np.divide(
        effective_occasions, voices, out=np.ones(np.shape(voices)), where=np.asarray(voices) > 0
    )
    return np.sqrt(np.fmin(share, 1.0))


def example_rows(
    about: IntegerArray,
    voice: IntegerArray,
    preference: IntegerArray,
    at: IntegerArray,
    *,
    most: int,
) -> NDArray[np.int64]:
    """Rows that show the talk best: for each account up to `most`, each by another voice.

    Args:
        about: what each row is about, such as nodes.
        voice: who spoke.
        preference: smaller is better.
        at: when; the earliest of equal preference is taken.
        most: how many rows per account.

    Returns:
        Row numbers, grouped by account and best first within it.
    """
    about, voice = np.asarray(about), np.asarray(voice)
    order = np.lexsort((at, preference, voice, about))
    is_first = np.ones(order.size, dtype=bool)
    is_first[1:] = (np.diff(about[order].astype(np.int64)) != 0) | (
        np.diff(voice[order].astype(np.int64)) != 0
    )
    best = order[is_first]  # one row of each voice about each account
    best = best[np.lexsort((voice[best], at[best], preference[best], about[best]))]
    starts = np.flatnonzero(np.diff(about[best].astype(np.int64), prepend=-1) != 0)
    sizes = np.diff(starts, append=best.size)
    return best[np.arange(best.size) - np.repeat(starts, sizes) < most]


def _occasions(occasion: IntegerArray | None, voice: IntegerArray) -> NDArray[np.int64]:
    """A number per row: that of the post passed on, or one that only this voice's own words have."""
    own = np.asarray(voice, dtype=np.int64)
    if occasion is None:
        return own
    passed_on = np.asarray(occasion, dtype=np.int64)
    return np.where(passed_on >= 0, passed_on + own.max(initial=0) + 1, own)


def _slots(
    n_accounts: int, keys: NDArray[np.uint64], slot_of_row: IntegerArray | None
) -> tuple[NDArray[np.int64], FloatArray]:
    """Distinct slots (weeks, occasions), and how many the voices fill evenly: each (voice, slot) once."""
    if slot_of_row is None:
        return np.zeros(n_accounts, dtype=np.int64), np.full(n_accounts, np.nan)
    known = slot_of_row >= 0
    filled = (keys[known] & ~_LOW_HALF) | slot_of_row[known].astype(np.uint64)
    slots, slot = np.unique(filled, return_inverse=True)
    spoken = sorted_unique((slot.astype(np.uint64) << _HALF) | (keys[known] & _LOW_HALF)) >> _HALF
    voices = np.bincount(spoken.astype(np.int64), minlength=slots.size)
    account = (slots >> _HALF).astype(np.int64)
    total = np.bincount(account, weights=voices, minlength=n_accounts)
    share = voices / total[account]
    entropy = np.bincount(account, weights=-share * np.log(share), minlength=n_accounts)
    return np.bincount(account, minlength=n_accounts), np.where(total > 0, np.exp(entropy), np.nan)


def _communities(
    n_accounts: int, pairs: NDArray[np.uint64], community: IntegerArray | None
) -> NDArray[np.int64] | None:
    """Distinct communities of the voices of each account."""
    if community is None:
        return None
    home = np.asarray(community)[(pairs & _LOW_HALF).astype(np.int64)]
    housed = home >= 0
    distinct = sorted_unique((pairs[housed] & ~_LOW_HALF) | home[housed].astype(np.uint64))
    return _count(distinct >> _HALF, n_accounts)


def _extreme(
    n_accounts: int, about: IntegerArray, at: IntegerArray | None, *, latest: bool = False
) -> NDArray[np.int64]:
    """The earliest or latest known time per account; `UNKNOWN_TIME` where none is known."""
    result = np.full(n_accounts, UNKNOWN_TIME, dtype=np.int64)
    if at is None:
        return result
    known = np.flatnonzero(at != UNKNOWN_TIME)
    # the row that stays is the one written last
    order = known[np.argsort(at[known] if latest else -at[known], kind="stable")]
    result[about[order]] = at[order]
    return result


def _at(values: IntegerArray | None, rows: NDArray[np.int64]) -> IntegerArray | None:
    return None if values is None else np.asarray(values)[rows]


def _is_spoken(kind: NDArray) -> BoolArray:
    spoken = np.zeros(kind.shape, dtype=bool)
    for name in SPOKEN_KINDS:
        spoken |= kind == name
    return spoken


def _count(nodes: NDArray[np.uint64], n_accounts: int) -> NDArray[np.int64]:
    return np.bincount(nodes.astype(np.int64), minlength=n_accounts)
