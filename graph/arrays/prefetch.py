"""Memory asked for ahead of its use, so that a kernel does not wait for it.

A processor that reads or writes at a random place of a large array waits for memory about as long as a
hundred additions take. It looks ahead only a little by itself: what comes behind an entry it waits for cannot
be finished. A prefetch asks for a place without waiting. Where a kernel knows the places of the entries to
come, it asks for them a few dozen entries ahead, and they are there when their turn comes. No result depends
on it.

References:
    Callahan, Kennedy and Porterfield, "Software prefetching", ASPLOS 1991.
    LLVM language reference, `llvm.prefetch`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

AHEAD = 32
"""Entries between asking and using: enough to hide memory, few enough to be still there."""

NEAR_BYTES = 1 << 21
"""An array of no more is near the processor anyway, and asking for it only costs."""

_READ, _WRITE = 0, 1
_KEEP, _DATA = 3, 1  # near the processor for good; data, not instructions


def _prefetch(name: str, use: int) -> Callable[..., Any]:
    """A function for kernels that asks for one place of an array, to be read or to be written."""

    def typed(_context: Any, array: Any, index: Any) -> Any:
        if not isinstance(array, types.Array) or array.layout != "C":
            raise TypingError("Only places of a contiguous array can be asked for.")
        if not isinstance(index, types.Integer):
            raise TypingError("A place is an integer.")

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, values[0]).data
            address = builder.bitcast(builder.gep(data, [values[1]]), cgutils.voidptr_t)
            number = cgutils.int32_t
            kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
            call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(call, [address, number(use), number(_KEEP), number(_DATA)])
            return context.get_dummy_value()

        return types.void(array, types.uint64), generate

    typed.__name__ = typed.__qualname__ = name
    return intrinsic(typed)


prefetch = _prefetch("prefetch", _READ)
"""In a kernel, `prefetch(array, i)`: ask for `array.flat[i]`, which is about to be read.

`array` is contiguous. `i` is an integer without sign; it may be beyond the end, which does nothing.
"""

prefetch_to_write = _prefetch("prefetch_to_write", _WRITE)
"""The same of a place that is about to be written."""
