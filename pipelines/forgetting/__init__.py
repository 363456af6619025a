"""Forgetting: a person leaves a home whole, stays out of it, and a search of everything proves it.

- `persons`: by what the home knows them.
- `tables`: a table without them.
- `documents`: an event of the run history, or an alert, without them.
- `taking_out`: each place of the home without them.
- `search`: the proof.
- `delivered`: the same for delivered data, which stay as they are.

The list that keeps them out is `pipelines.forgotten`. The order is such that a crash at any point can be gone
on from: the list first, so that no run brings them back; then a note of whom to take out; the published file,
swapped whole; the rest; and the note goes last. The note is the only thing that names them meanwhile.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipelines.alerts import no_delivery
from pipelines.damaged_history import damaged_databases
from pipelines.errors import VouchError
from pipelines.forgetting import taking_out
from pipelines.forgetting.delivered import delivered_folders
from pipelines.forgetting.persons import Persons, known_persons, persons_from_json
from pipelines.forgetting.search import Place, search_home
from pipelines.forgotten import forgotten_folder, remember_to_forget
from pipelines.storage_errors import history_remedy
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from pipelines.home import Home

__all__ = [
    "HistoryDamagedError",
    "HomeInUseError",
    "Persons",
    "Place",
    "forget",
    "known_persons",
    "search_home",
    "unfinished",
]


class HistoryDamagedError(VouchError):
    """Databases of the run history cannot be read, and so not be searched for anybody."""


class HomeInUseError(VouchError):
    """A run is under way in the home, or a delivery of its alerts."""

    is_transient = True


def forget(home: Home, persons: Persons, rewrite_reports: Callable[[Home], object]) -> list[Place]:
    """Take persons out of a home for good, and search it for them.

    Args:
        home: The home.
        persons: From `known_persons`, or `unfinished`.
        rewrite_reports: Writes the reports anew from the published file.

    Returns:
        What was searched; nothing of ours is found where all went well.

    Raises:
        HomeInUseError: A run is under way, or alerts are being delivered.
        HistoryDamagedError: The run history cannot be searched; nobody was taken out yet.
        PublishError: The published file could not be built; the old one stands, and calling again goes on.
    """
    with _alone_in(home):
        _refuse_damaged_history(home)
        folders = delivered_folders(home)
        remember_to_forget(home, persons.account_ids, persons.handles)
        note = _note(home)
        with written_aside(note) as partial:
            partial.touch(mode=0o600)
            partial.write_text(persons.as_json(), encoding="utf-8")
        if home.published.exists():
            taking_out.from_published_file(home, persons)
        taking_out.from_kept_runs(home, persons)
        taking_out.from_days(home)
        taking_out.from_decisions(home, persons)
        taking_out.from_history(home, persons)
        taking_out.from_alerts(home, persons)
        taking_out.from_notebooks(home)
        if home.reports.is_dir():
            for page in home.reports.rglob("*"):
                if page.is_file():
                    page.unlink()
            if home.published.exists():
                rewrite_reports(home)
        note.unlink()
        taking_out.from_texts(home, persons, [folder.path for folder in folders])
        return search_home(home, persons, folders)


def unfinished(home: Home) -> Persons | None:
    """Whom an interrupted removal was about, or None."""
    note = _note(home)
    return persons_from_json(note.read_text(encoding="utf-8")) if note.exists() else None


def _note(home: Home) -> Path:
    return forgotten_folder(home) / "unfinished.json"


def _refuse_damaged_history(home: Home) -> None:
    damaged = damaged_databases(home.dagster)
    if damaged:
        raise HistoryDamagedError(
            "The history of runs is damaged, and cannot be searched for them.",
            details=[f"{path} is damaged" for path in damaged],
            remedy=f"{history_remedy(home.root, len(damaged))} Then call again.",
        )


@contextmanager
def _alone_in(home: Home) -> Generator[None]:
    """Keep runs out meanwhile, and no alert that names them leaves; both hold the same locks."""
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(home.run_lock, blocking=False))
        except Timeout as error:
            raise HomeInUseError(
                f"A run is under way in {home.root}.", remedy="Wait until it has ended, then call again."
            ) from error
        try:
            held.enter_context(no_delivery(home))
        except Timeout as error:
            raise HomeInUseError(
                f"Alerts of {home.root} are being delivered.", remedy="Call again in a minute."
            ) from error
        yield
