"""Ctrl-C, noticed whoever handles the signal.

The orchestrator puts its own signal handler in place of Python's. It raises what it caught at its next safe
point, and forgets what came after the last one of a job: the person who pressed Ctrl-C sees the run go on.
"""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_STOPPING = frozenset({signal.SIGINT, signal.SIGTERM})
_MANY_SIGNALS = 4096


@contextmanager
def noticed_interrupts() -> Generator[Callable[[], None]]:
    """A function that raises if somebody wanted the work in the block to stop.

    The interpreter writes the number of every signal it takes to a descriptor, whichever handler is in place;
    that descriptor is read here. Outside the main thread, where Python takes no signals, nothing is noticed.

    Yields:
        To be called between pieces of work; raises KeyboardInterrupt after an interrupt or a termination.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        former = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield lambda: _raise_if_stopped(reader)
        finally:
            signal.set_wakeup_fd(former)


def _raise_if_stopped(reader: socket.socket) -> None:
    try:
        signals = reader.recv(_MANY_SIGNALS)
    except BlockingIOError:
        return
    if _STOPPING.intersection(signals):
        raise KeyboardInterrupt
