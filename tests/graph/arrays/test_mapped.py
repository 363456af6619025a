from __future__ import annotations

import numpy as np
import pytest

from graph.arrays.mapped import ReusedMemory, is_mapped, let_go, pieces, row_pieces


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_pieces_hold_everything_once_and_in_order(at_once):
    first, nothing = np.arange(10), np.zeros(0)
    found = list(pieces(first, nothing, first + 1, at_once=at_once))
    assert np.concatenate([a for a, _, _ in found]).tolist() == first.tolist()
    assert all(b.size == 0 and (c - a == 1).all() and a.size <= at_once for a, b, c in found)
    assert list(pieces(nothing)) == []


def test_pieces_of_rows_are_as_large_as_allowed_or_one_row():
    offsets = np.array([0, 0, 2, 9, 9, 10, 12, 12])
    found = row_pieces(offsets, at_once=3)
    assert found == [(0, 2), (2, 3), (3, 7)]
    assert row_pieces(np.zeros(1, dtype=np.int64)) == []


def test_room_is_given_out_again_under_its_name_only():
    room = ReusedMemory()
    first, other = room("a", 10), room("b", 10)
    first[:], other[:] = 1, 2
    assert room("a", 7).tolist() == [1] * 7
    assert np.shares_memory(room("a", 10), first)
    assert not np.shares_memory(other, first)
    larger = room("a", 11)
    assert larger.size == 11
    assert not np.shares_memory(larger, first)
    assert room("c", 0).size == 0


def test_what_was_written_stays_when_it_is_let_go(tmp_path):
    array = np.memmap(tmp_path / "a", dtype=np.uint32, mode="w+", shape=(3_000,))
    array[:] = np.arange(3_000)
    let_go(array[5:], np.zeros(3))
    assert array.tolist() == list(range(3_000))
    assert np.memmap(tmp_path / "a", dtype=np.uint32, mode="r").tolist() == list(range(3_000))


def test_a_view_of_a_file_is_told_from_an_array_in_memory(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(10))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert is_mapped(np.asarray(mapped)[2:5])
    assert not is_mapped(np.arange(3))
