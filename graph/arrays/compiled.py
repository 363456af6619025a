"""How kernels are compiled, said once.

Only loops that numpy cannot express without a copy of the graph per step are compiled. A compiled function
takes arrays and numbers, allocates what it returns, and stays small enough to be read as its mathematics.
The machine code is kept beside the module, so that only the first call after an installation waits for it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar, cast

from numba import njit

# Threads that wait for each other sleep: by default they spin, on time that other work of the machine needs.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def compiled(function: F) -> F:
    """Compile a function for one thread, free of the interpreter's lock, and keep the machine code."""
    return cast("F", njit(function, cache=True, nogil=True))


def compiled_parallel(function: F) -> F:
    """The same for all threads that `numba.set_num_threads` allows: loops over `numba.prange` are divided.

    Sums over such a loop depend on the number of threads in their last digits; a kernel that promises the
    same answer on any number of threads writes partial sums of fixed pieces and adds them in order.
    """
    return cast("F", njit(function, cache=True, nogil=True, parallel=True))
