"""How many followers accounts gained and lost day by day, as far as the times of their follows tell.

What such a line may be trusted for (enough times, few missing) is decided by who draws it; bursts of
arrivals are `growth`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.network.delivered_follows import NO_TIME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.network.delivered_follows import DeliveredFollows

_DAY = 86_400_000_000
_CHUNK_ROWS = 1 << 20
# A key holds the account above and the day below; a million days before and after 1970 fit.
_DAY_BITS = 21
_DAY_SHIFT = 1 << (_DAY_BITS - 1)


@dataclass(frozen=True)
class FollowerDays:
    """One row per account and day on which something changed, in that order.

    Attributes:
        account: int64[k], number of the account.
        day: int64[k], days since 1970.
        change: int64[k], followers who came less those who left.
        listed: int64[n], follows delivered of each account, whether wanted or 0.
        timed: int64[n], those of them whose time is known.
    """

    account: NDArray[np.int64]
    day: NDArray[np.int64]
    change: NDArray[np.int64]
    listed: NDArray[np.int64]
    timed: NDArray[np.int64]


def follower_days(
    follows: DeliveredFollows, is_wanted: NDArray[np.bool_], chunk_rows: int = _CHUNK_ROWS
) -> FollowerDays:
    """Sum what is known of the follows of some accounts by day.

    A follow whose beginning is not known counts in `listed` alone, also where its end is known. Memory grows
    with the changed days, not with the follows.

    Args:
        follows: The follows as delivered.
        is_wanted: bool[n], by number of the account.
        chunk_rows: Follows looked at together.
    """
    listed = np.zeros(is_wanted.size, dtype=np.int64)
    timed = np.zeros(is_wanted.size, dtype=np.int64)
    keys, changes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for at in range(0, follows.followee.size, chunk_rows):
        part = slice(at, at + chunk_rows)
        row = at + np.flatnonzero(is_wanted[follows.followee[part]])
        account = follows.followee[row].astype(np.int64)
        listed += np.bincount(account, minlength=is_wanted.size)
        if follows.followed_at is None:
            continue
        began = follows.followed_at[row]
        is_known = began != NO_TIME
        timed += np.bincount(account[is_known], minlength=is_wanted.size)
        _sum_days(keys, changes, account[is_known], began[is_known], 1)
        if follows.unfollowed_at is not None:
            ended = follows.unfollowed_at[row]
            is_over = is_known & (ended != NO_TIME)
            _sum_days(keys, changes, account[is_over], ended[is_over], -1)
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    change = np.zeros(key.size, dtype=np.int64)
    np.add.at(change, place, np.concatenate(changes))
    moved = change != 0
    key, change = key[moved], change[moved]
    return FollowerDays(key >> _DAY_BITS, (key & ((1 << _DAY_BITS) - 1)) - _DAY_SHIFT, change, listed, timed)


def _sum_days(
    keys: list[NDArray[np.int64]],
    changes: list[NDArray[np.int64]],
    account: NDArray[np.int64],
    moment: NDArray[np.int64],
    sign: int,
) -> None:
    day = np.clip(moment // _DAY, -_DAY_SHIFT, _DAY_SHIFT - 1)
    key, times = np.unique((account << _DAY_BITS) | (day + _DAY_SHIFT), return_counts=True)
    keys.append(key)
    changes.append(sign * times)
