"""An interrupt is noticed even where another handler swallows it."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pipelines.interrupts import noticed_interrupts

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def swallowed(number: signal.Signals) -> Generator[None]:
    former = signal.signal(number, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(number, former)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_swallowed_signal_stops_the_work_at_the_next_question(number):
    with noticed_interrupts() as stop_if_asked, swallowed(number):
        stop_if_asked()
        signal.raise_signal(number)
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked()
        stop_if_asked()  # told once


def test_other_signals_stop_nothing_and_the_former_listener_comes_back():
    with noticed_interrupts() as stop_if_asked, swallowed(signal.SIGUSR1):
        signal.raise_signal(signal.SIGUSR1)
        stop_if_asked()
    assert signal.set_wakeup_fd(-1) == -1


def test_outside_the_main_thread_nothing_is_noticed():
    said = []

    def work() -> None:
        with noticed_interrupts() as stop_if_asked:
            stop_if_asked()
            said.append("went through")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["went through"]
