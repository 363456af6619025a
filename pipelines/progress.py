"""What a run tells the person who waits for it: the protocol, and its three voices.

A run reports to a `RunObserver` and never prints. Who listens is decided by the entry point: a live display
where standard error is a terminal, one line with a time stamp per event in a log, nothing at all when silence
was asked for. Nothing here writes to standard output, which belongs to the data.
"""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import Task, TaskID


class RunObserver(Protocol):
    """Hears how a run is getting on. Calls come in order and from one thread."""

    def step_started(self, name: str, total: int | None = None) -> None:
        """A step begins.

        Args:
            name: The step in a person's words, such as "follower graph".
            total: How many steps the whole run has, as far as is known now, or None.
        """

    def step_finished(self, name: str, seconds: float, note: str = "") -> None:
        """The step ended well.

        Args:
            name: As in `step_started`.
            seconds: Wall time of the step.
            note: What it made, in a few words, such as "10 tables, 1,204,331 rows".
        """

    def will_take(self, seconds: float) -> None:
        """The run is expected to go on for so long, from now; called now and then of long runs alone."""

    def message(self, text: str) -> None:
        """Something worth saying between steps, such as a signal that is switched off and why."""


class SilentObserver:
    """Hears everything and says nothing."""

    def step_started(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def step_finished(self, name: str, seconds: float, note: str = "") -> None:
        """Say nothing."""

    def will_take(self, seconds: float) -> None:
        """Say nothing."""

    def message(self, text: str) -> None:
        """Say nothing."""


class LineObserver:
    """One line with a time stamp per event, for logs.

    Args:
        stream: Where the lines go; standard error by default.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._finished = 0
        self._said = ""
        self._total: int | None = None

    def step_started(self, name: str, total: int | None = None) -> None:
        """Say which step begins, as the how-manieth of how many."""
        self._total = total or self._total
        of = f"/{self._total}" if self._total else ""
        self._line(f"step {self._finished + 1}{of} started: {plain(name)}")

    def step_finished(self, name: str, seconds: float, note: str = "") -> None:
        """Say how long the step took and what it made."""
        self._finished += 1
        self._line(f"finished in {seconds:.1f} s: {plain(name)}{_after_note(note)}")

    def will_take(self, seconds: float) -> None:
        """Say how long, where that is not what was said last."""
        text = in_words(seconds)
        if text != self._said:
            self._line(f"about {text} left")
        self._said = text

    def message(self, text: str) -> None:
        """Say it."""
        self._line(plain(text))

    def _line(self, text: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        print(f"{stamp} {text}", file=self._stream, flush=True)


class TerminalObserver:
    """A bar with the running step below the finished ones, for a person at a terminal.

    Args:
        progress: The live display, already started; its owner stops it.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("starting", total=None, ends_at=None)

    def step_started(self, name: str, total: int | None = None) -> None:
        """Name the step beside the bar."""
        # rich reads square brackets as markup, and step names may carry the name of an audience
        self._progress.update(self._task, description=escape(plain(name, limit=40)), refresh=True)
        if total is not None:
            self._progress.update(self._task, total=total)

    def step_finished(self, name: str, seconds: float, note: str = "") -> None:
        """Print the step above the bar and move the bar on."""
        took = f"[green]✓[/green] {escape(plain(name))} [dim]{seconds:.1f} s[/dim]"
        self._progress.console.print(took + escape(_after_note(note)), highlight=False)
        self._progress.advance(self._task)

    def will_take(self, seconds: float) -> None:
        """Count down beside the bar."""
        self._progress.update(self._task, ends_at=time.monotonic() + seconds)

    def message(self, text: str) -> None:
        """Print it above the bar."""
        self._progress.console.print(f"  {escape(plain(text))}", highlight=False)


def run_observer(*, quiet: bool = False, stream: TextIO | None = None) -> AbstractContextManager[RunObserver]:
    """The observer that fits where standard error goes, for use in a `with` statement.

    Args:
        quiet: Say nothing whatever the place.
        stream: Instead of standard error.
    """
    out = stream or sys.stderr
    if quiet:
        return nullcontext(SilentObserver())
    if out.isatty():
        return _live_display(out)
    return nullcontext(LineObserver(out))


@contextmanager
def _live_display(stream: TextIO) -> Generator[RunObserver]:
    console = Console(file=stream)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), _Left(), console=console, transient=True) as progress:
        yield TerminalObserver(progress)


class _Left(ProgressColumn):
    """How long the run is expected to go on."""

    def render(self, task: Task) -> Text:
        """A few words, or nothing where nobody knows."""
        ends_at = task.fields["ends_at"]
        if ends_at is None:
            return Text("")
        seconds = ends_at - time.monotonic()
        return Text(f"about {in_words(seconds)} left" if seconds >= 1 else "about to end", style="dim")


def in_words(seconds: float) -> str:
    """A time to wait, no finer than a person wants to know it."""
    if seconds < 90:
        return f"{max(10 * round(seconds / 10), 10)} seconds"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes if minutes < 20 else 5 * round(minutes / 5)} minutes"
    return f"{seconds / 3_600:.1f} hours"


def _after_note(note: str) -> str:
    return f": {plain(note)}" if note else ""
