"""Arrays in files that lie aside: kept, cut, cleared, and refused where the disk has no room."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

import numpy as np
import pytest

from pipelines.flat_arrays import file_room


def test_what_is_kept_is_an_array_of_as_many_entries_and_the_rest_is_gone(tmp_path):
    with file_room(tmp_path / "graph") as room:
        for name in ("targets", "scratch_rows", "left"):
            room(name, 1_000)[:] = np.arange(1_000)
        room.keep("targets", "following", 700)
        room("nobody", 0)
        room.keep("nobody", "nobody", 0)
    assert {path.name for path in (tmp_path / "graph").iterdir()} == {"following.npy", "nobody.npy"}
    following = np.load(tmp_path / "graph" / "following.npy", mmap_mode="r")
    assert (following.dtype, following.tolist()) == (np.uint32, list(range(700)))
    assert np.load(tmp_path / "graph" / "nobody.npy").size == 0


def test_after_a_failure_nothing_is_left_and_the_former_file_stands(tmp_path):
    np.save(tmp_path / "following.npy", np.arange(3, dtype=np.uint32))
    with suppress(RuntimeError), file_room(tmp_path) as room:
        room("targets", 10)
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["following.npy"]
    assert np.load(tmp_path / "following.npy").size == 3


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system reserves no room in advance")
def test_a_disk_without_room_is_told_with_the_name_of_the_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="targets") as failure, file_room(tmp_path) as room:
        room("targets", 10)
    assert failure.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []
