"""How kernels are compiled."""

from __future__ import annotations

import numpy as np
from numba import prange

from graph.arrays.compiled import compiled, compiled_parallel


@compiled
def _last_of_running_sum(values):
    total = 0.0
    for value in values:
        total += value
    return total


@compiled_parallel
def _doubled(values):
    result = np.empty_like(values)
    for place in prange(values.size):
        result[place] = 2 * values[place]
    return result


def test_a_compiled_loop_says_what_python_says():
    values = np.arange(10.0)

    assert _last_of_running_sum(values) == 45.0
    assert _doubled(values).tolist() == (2 * values).tolist()
