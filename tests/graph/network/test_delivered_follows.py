from __future__ import annotations

import numpy as np
import pytest

from graph.network.delivered_follows import (
    FOLDER,
    NO_TIME,
    DeliveredFollows,
    DeliveredFollowsError,
    open_delivered_follows,
)

SECOND = 1_000_000


def follows(began, ended=None):
    ends = np.arange(len(began), dtype=np.uint32)
    times = [None if column is None else np.array(column, dtype=np.int64) for column in (began, ended)]
    return DeliveredFollows(ends, ends[::-1], *times)


def test_seconds_are_whole_and_unknown_where_32_bits_do_not_hold_them():
    began = [5 * SECOND + 999_999, NO_TIME, -SECOND, 999_999, (2**32 - 2) * SECOND, (2**32 - 2) * SECOND + 1]
    assert follows(began).seconds().tolist() == [5, 0, 0, 0, 2**32 - 2, 0]
    assert DeliveredFollows(np.zeros(1), np.zeros(1)).seconds() is None


def test_what_ended_does_not_stand_and_its_times_are_kept():
    found = follows([SECOND, NO_TIME, 3 * SECOND], [NO_TIME, NO_TIME, 5 * SECOND])
    assert found.standing().follower.tolist() == [0, 1]
    assert found.standing().followed_at.tolist() == [SECOND, NO_TIME]
    began, ended = found.times_of(np.array([2, 1]))
    assert began.tolist() == [3.0, pytest.approx(float("nan"), nan_ok=True)]
    assert ended[0] == 5.0
    assert np.isnan(ended[1])
    plain = DeliveredFollows(found.follower, found.followee)
    assert plain.standing() is plain
    assert np.isnan(plain.times_of(np.array([0, 1]))).all()


def test_ends_are_named_and_times_stay():
    found = follows([SECOND, NO_TIME, 3 * SECOND], [NO_TIME, NO_TIME, 5 * SECOND])
    named = found.named(np.array([7, 2**32 - 1, 0], dtype=np.uint32))
    assert named.follower.tolist() == [7, 2**32 - 1, 0]
    assert named.followee.tolist() == [0, 2**32 - 1, 7]
    assert named.followed_at is found.followed_at
    assert named.unfollowed_at is found.unfollowed_at


def test_stored_follows_are_mapped_and_refused_where_they_do_not_fit(tmp_path):
    (tmp_path / FOLDER).mkdir()
    for name, size in (("follower", 3), ("followee", 3)):
        np.save(tmp_path / FOLDER / f"{name}.npy", np.zeros(size, dtype=np.uint32))
    assert isinstance(open_delivered_follows(tmp_path).follower, np.memmap)
    np.save(tmp_path / FOLDER / "followed_at.npy", np.zeros(2, dtype=np.int64))
    with pytest.raises(DeliveredFollowsError, match="differ in length"):
        open_delivered_follows(tmp_path)
    (tmp_path / FOLDER / "followee.npy").unlink()
    with pytest.raises(DeliveredFollowsError, match=r"followee\.npy cannot be read"):
        open_delivered_follows(tmp_path)
