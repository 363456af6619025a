from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from graph.arrays.compiled import compiled
from graph.arrays.prefetch import AHEAD, prefetch, prefetch_to_write


@compiled
def reversed_in(values, out):
    for i in range(values.size):
        prefetch(values, np.uint64(values.size - 1 - i - AHEAD))
        prefetch_to_write(out, np.uint64(i + AHEAD))
        out[i] = values[values.size - 1 - i]


@compiled
def asks_for(values, place):
    prefetch(values, place)


def test_a_kernel_that_asks_ahead_finds_what_it_found_also_beyond_both_ends():
    values, out = np.arange(1_000), np.empty(1_000, dtype=np.int64)
    reversed_in(values, out)
    assert np.array_equal(out, values[::-1])


def test_the_processor_is_asked_and_not_only_the_compiler():
    anew = njit(reversed_in.py_func)  # of machine code that was kept there is nothing to read
    anew(np.arange(3), np.empty(3, dtype=np.int64))
    (code,) = anew.inspect_llvm().values()
    called = [line for line in code.splitlines() if "call void @llvm.prefetch" in line]
    assert {line.split("i32 ", 1)[1] for line in called} == {"0, i32 3, i32 1)", "1, i32 3, i32 1)"}


def test_arrays_of_more_dimensions_and_those_that_are_only_read_can_be_asked_for():
    table = np.zeros((3, 2))
    table.flags.writeable = False
    asks_for(table, np.uint64(5))


@pytest.mark.parametrize(
    ("values", "place", "why"),
    [
        (np.arange(9)[::2], np.uint64(1), "contiguous array"),
        (np.arange(9), 1.5, "place is an integer"),
        ((1, 2), np.uint64(1), "contiguous array"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_when_the_kernel_is_compiled(values, place, why):
    with pytest.raises(TypingError, match=why):
        asks_for(values, place)
