from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.arrays import row_sums
from graph.arrays.mapped import row_pieces as mapped_pieces
from graph.arrays.prefetch import AHEAD, NEAR_BYTES
from graph.arrays.row_sums import Rows, reversed_rows

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=7), min_size=10, max_size=10)


def compressed(rows):
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    entries = np.array([entry for row in rows for entry in row], dtype=np.uint32)
    weights = 0.25 * (1 + np.arange(entries.size) % 7)
    return offsets, entries, weights


def one_by_one(rows, weights, values, wanted):
    place, sums = 0, []
    for number, row in enumerate(rows):
        total = np.zeros(values.shape[1:])
        for entry in row:
            if wanted is None or wanted[number]:
                total = total + (1.0 if weights is None else weights[place]) * values[entry]
            place += 1
        sums.append(total)
    return np.array(sums)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans(), st.booleans(), st.sampled_from([None, 1, 2, 3]), st.sampled_from(["f4", "f8"]))
def test_sums_are_those_of_a_loop_over_rows(rows, has_weights, has_wanted, columns, dtype):
    offsets, entries, weights = compressed(rows)
    weights = weights if has_weights else None
    wanted = np.arange(10) % 3 > 0 if has_wanted else None
    shape = 10 if columns is None else (10, columns)
    values = np.random.default_rng(0).random(shape).astype(dtype)
    found = Rows(offsets, entries, weights, wanted).sums(values)
    assert found.dtype == np.float64
    np.testing.assert_allclose(
        found, one_by_one(rows, weights, values.astype(np.float64), wanted), rtol=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_reversed_rows_name_each_row_for_each_of_its_entries(rows):
    offsets, entries, weights = compressed(rows)
    back = reversed_rows(offsets, entries, weights)
    place = iter(weights)
    expected = sorted((entry, row, next(place)) for row, listed in enumerate(rows) for entry in listed)
    owners = np.repeat(np.arange(10), np.diff(back.offsets))
    found = list(zip(owners.tolist(), back.entries.tolist(), back.weights.tolist(), strict=True))
    assert sorted(found) == expected
    assert [pair[:2] for pair in found] == [pair[:2] for pair in expected]


def large(n=2_000, n_entries=300_000):
    rng = np.random.default_rng(5)
    rows = np.sort((rng.random(n_entries) ** 3 * n).astype(np.int64))
    offsets = np.searchsorted(rows, np.arange(n + 1))
    return Rows(offsets, rng.integers(0, n, n_entries), rng.random(n_entries)), rng.random((n, 3))


def test_one_thread_and_two_give_the_same_bytes(monkeypatch):
    rows, values = large()
    assert rows.entries.size > row_sums.WORTH_SHARING
    before, found = numba.get_num_threads(), []
    for threads in (1, min(2, before)):
        numba.set_num_threads(threads)
        found += [rows.sums(part).tobytes() for part in (values, np.ascontiguousarray(values[:, 0]))]
    numba.set_num_threads(before)
    monkeypatch.setattr(row_sums, "WORTH_SHARING", rows.entries.size + 1)
    found += [rows.sums(part).tobytes() for part in (values, np.ascontiguousarray(values[:, 0]))]
    assert len(set(found)) == 2


def test_sums_of_some_rows_are_a_part_of_all_sums():
    rows, values = large()
    cuts = rows.cuts(12)
    assert cuts[0] == 0
    assert cuts[-1] == rows.size
    assert np.diff(rows.offsets[cuts]).max() < 3 * rows.entries.size / 12
    assert rows.sums(values, cuts[3:8]).tolist() == rows.sums(values)[cuts[3] : cuts[7]].tolist()


def test_memory_mapped_rows_are_read_where_they_lie(tmp_path):
    rows, values = large()
    np.save(tmp_path / "entries.npy", rows.entries)
    stored = np.load(tmp_path / "entries.npy", mmap_mode="r")
    mapped = Rows(rows.offsets, stored, rows.weights)
    assert np.shares_memory(mapped.entries, stored)
    assert mapped.sums(values).tolist() == rows.sums(values).tolist()


@pytest.mark.parametrize("columns", [1, 2, 3, 20])
@pytest.mark.parametrize("has_weights", [False, True])
def test_sums_of_values_that_are_asked_for_ahead_are_those_of_near_ones(columns, has_weights):
    """The same values, once by themselves and once in an array that does not fit near the processor."""
    rng = np.random.default_rng(4)
    lengths = np.concatenate(([0, 1, 5 * AHEAD, 3, 2, AHEAD - 1, 0], rng.integers(0, 9, 60)))
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    entries = rng.integers(0, 500, int(offsets[-1])).astype(np.uint32)
    weights = rng.random(entries.size) if has_weights else None
    near = rng.random((500, columns) if columns > 1 else 500).astype(np.float32)
    far = np.zeros((NEAR_BYTES // (4 * columns) + 1, *near.shape[1:]), dtype=np.float32)
    far[-500:] = near
    assert near.nbytes <= NEAR_BYTES < far.nbytes
    moved = (entries + (far.shape[0] - 500)).astype(np.uint32)
    assert np.array_equal(Rows(offsets, moved, weights).sums(far), Rows(offsets, entries, weights).sums(near))


def test_no_rows_and_no_entries():
    assert Rows(np.zeros(1, np.int64), np.zeros(0, np.uint32)).sums(np.zeros(0)).shape == (0,)
    assert Rows(np.zeros(4, np.int64), np.zeros(0, np.uint32)).sums(np.zeros((3, 2))).tolist() == [[0, 0]] * 3
    assert reversed_rows(np.zeros(4, np.int64), np.zeros(0, np.uint32)).offsets.tolist() == [0] * 4


def test_entries_beyond_the_rows_are_refused():
    with pytest.raises(ValueError, match="up to 5, but there are 2 rows"):
        reversed_rows(np.array([0, 1, 2]), np.array([5, 0], dtype=np.uint32))


@pytest.mark.parametrize("has_weights", [False, True])
def test_a_large_mapped_file_is_gone_through_in_pieces_with_the_same_answers(
    tmp_path, monkeypatch, has_weights
):
    rng = np.random.default_rng(5)
    offsets = np.concatenate(([0], np.cumsum(rng.integers(0, 40, 300)))).astype(np.int64)
    entries = rng.integers(0, 300, offsets[-1]).astype(np.uint32)
    weights = rng.random(entries.size) if has_weights else None
    values, order = rng.random((300, 3)), rng.permutation(300)
    np.save(tmp_path / "entries.npy", entries)
    mapped = np.load(tmp_path / "entries.npy", mmap_mode="r")
    given_back = []
    monkeypatch.setattr(row_sums, "PIECE", 100)
    monkeypatch.setattr(row_sums, "row_pieces", lambda offsets: mapped_pieces(offsets, 100))
    monkeypatch.setattr(row_sums, "let_go", lambda *arrays: given_back.append(arrays))
    whole, in_pieces = Rows(offsets, entries, weights), Rows(offsets, mapped, weights)
    np.testing.assert_array_equal(in_pieces.sums(values), whole.sums(values))
    assert len(given_back) > 10
    ours, theirs = in_pieces.renumbered(order), whole.renumbered(order)
    for name in ("offsets", "entries", "weights"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
