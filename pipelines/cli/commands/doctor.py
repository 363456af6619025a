"""`vouch doctor`: is this installation, and its home, fit to work? Each finding comes with its remedy."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from filelock import FileLock, Timeout
from packaging.requirements import Requirement

from pipelines import numbers
from pipelines.cli.failure import EXIT_HANDLED
from pipelines.cli.options import format_options
from pipelines.cli.output import (
    Column,
    draw_table,
    write_rows,
)
from pipelines.cli.reading import published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.closed_paths import HISTORY, closed_paths, listed
from pipelines.damaged_history import damaged_databases
from pipelines.errors import VouchError
from pipelines.home import HOME_VARIABLE
from pipelines.storage_errors import history_remedy, storage_error
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.cli.output import Format
    from pipelines.home import Home

State = Literal["ok", "warning", "broken"]

_OLDEST_PYTHON = (3, 11)
_LITTLE_SPACE_GB = 5.0
_NO_SPACE_GB = 0.5
_OLD_DAYS = 7
_MARKS = {"ok": "✓", "warning": "!", "broken": "✗"}
_NAMES = ("state", "check", "finding", "remedy")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        state: Fit, worth a look, or broken.
        check: What was checked.
        finding: What was found.
        remedy: What to do, or empty.
    """

    state: State
    check: str
    finding: str
    remedy: str = ""

    def row(self) -> dict[str, str]:
        """As a row for programs."""
        return {name: getattr(self, name) for name in _NAMES}


_TABLE = (
    Column("", lambda row: _MARKS[row["state"]], is_number=False),
    Column("check", lambda row: row["check"], is_number=False),
    Column("finding", lambda row: plain(row["finding"]), is_number=False, widest=44),
    Column("remedy", lambda row: plain(row["remedy"]), is_number=False, widest=44),
)


@click.command("doctor", short_help="Check this installation and its home, with remedies.")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, output: Format) -> None:
    """Check Python, the installed versions, the home, the disk, the runs and the published file.

    Leaves with exit code 1 when something is broken; a warning alone leaves with 0.
    """
    findings = [
        _python(),
        *_versions(),
        _home_named(session),
        _home_writable(session.home.root),
        free_disk(session.home.root),
        runs(session.home),
        publisher(session.home.root),
        _published_file(session),
        _dagster_yaml(),
    ]
    rows = [finding.row() for finding in findings]
    if output == "table":
        draw_table(rows, _TABLE)
    else:
        write_rows(rows, _NAMES, output)
    broken = sum(finding.state == "broken" for finding in findings)
    if broken:
        session.say(f"{broken} of {len(findings)} checks found something broken.")
        raise click.exceptions.Exit(EXIT_HANDLED)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        return Finding("ok", "Python", version)
    return Finding("broken", "Python", version, "Vouch needs 3.11 or newer: make PYTHON=python3.11 setup")


def _versions() -> Iterator[Finding]:
    """The installed packages against the ranges of pyproject.toml, as the installation remembers them."""
    try:
        required = [Requirement(text) for text in importlib.metadata.requires("vouch") or ()]
    except importlib.metadata.PackageNotFoundError:
        yield Finding("broken", "packages", "Vouch itself is not installed", "make setup")
        return
    wrong = 0
    for requirement in required:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        finding = version_fault(requirement)
        if finding is not None:
            wrong += 1
            yield finding
    if not wrong:
        yield Finding("ok", "packages", f"all {len(required)} in their ranges")


def version_fault(requirement: Requirement) -> Finding | None:
    """What is wrong with one installed package, or None."""
    try:
        installed = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return Finding("broken", requirement.name, "not installed", "make setup")
    if requirement.specifier.contains(installed, prereleases=True):
        return None
    return Finding(
        "broken", requirement.name, f"{installed}, needed is {requirement.specifier}", "make setup"
    )


def _home_named(session: Session) -> Finding:
    root = session.home.root
    if session.home_option:
        return Finding("ok", "home", f"{root} (from --home)")
    if os.environ.get(HOME_VARIABLE):
        return Finding("ok", "home", f"{root} (from {HOME_VARIABLE})")
    return Finding("ok", "home", f"{root} (the default)")


def _home_writable(root: Path) -> Finding:
    folder = _existing(root)
    if root.exists() and not root.is_dir():
        return Finding(
            "broken", "writing", f"{root} is a file", f"Choose a folder with --home or {HOME_VARIABLE}."
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = f"{folder}: {error.strerror}"
        return Finding("broken", "writing", why, f"Choose another home with --home or {HOME_VARIABLE}.")
    closed = closed_paths(root)
    if closed:
        why = f"may not be read or written: {', '.join(listed(closed))}"
        return Finding(
            "broken",
            "writing",
            why,
            "Give yourself the right to it (chown, chmod), or choose "
            f"another home with --home or {HOME_VARIABLE}.",
        )
    will = "" if folder == root else f"; {root} will be made by the first run"
    return Finding("ok", "writing", f"{folder} can be written{will}")


def free_disk(root: Path) -> Finding:
    """Whether the disk of the home has room for a run."""
    free_gb = shutil.disk_usage(_existing(root)).free / 1e9
    remedy = "Free some space, or choose a home on another disk."
    if free_gb < _NO_SPACE_GB:
        return Finding("broken", "disk", f"{free_gb:.2f} GB free", remedy)
    if free_gb < _LITTLE_SPACE_GB:
        return Finding("warning", "disk", f"{free_gb:.1f} GB free, little for a large network", remedy)
    return Finding("ok", "disk", f"{free_gb:,.0f} GB free")


def runs(home: Home) -> Finding:
    """Whether a run is under way, was cut off, or was the last one and failed."""
    unfit = _history(home)
    if unfit is not None:
        return unfit
    # the orchestrator takes seconds to import, and a home without runs needs none of it
    from pipelines.cut_off_runs import cut_off_runs, newest_run  # noqa: PLC0415 - see above
    from pipelines.instance import home_instance  # noqa: PLC0415 - see above

    try:
        with home_instance(home) as instance:
            gone, newest = cut_off_runs(home, instance), newest_run(instance)
    except Exception as error:  # noqa: BLE001 - any fault of the databases, in whatever library it shows
        known = storage_error(error, home.root)
        if known is None:
            why, remedy = (
                f"the history in {home.dagster} cannot be read: {error}",
                history_remedy(home.root, 0),
            )
        else:
            why, remedy = " ".join((known.message, *known.details)), known.remedy or ""
        return Finding("broken", "runs", why.splitlines()[0], remedy)
    again = "Run again: vouch run --data DIR. What is finished is not made again."
    if gone:
        names = ", ".join(f"{run.job_name} {run.run_id}" for run in gone)
        return Finding("warning", "runs", f"cut off, its process is gone: {names}", again)
    if newest is None:
        return Finding("ok", "runs", "none yet")
    if newest.has_failed:
        return Finding("warning", "runs", f"the last one failed: {newest}", f"See {home.alerts}. {again}")
    return Finding("ok", "runs", f"{'under way' if newest.is_unfinished else 'the last one'}: {newest}")


def _history(home: Home) -> Finding | None:
    """Why the history cannot be asked about runs; None where it can."""
    storage = home.dagster / "storage"
    if not storage.is_dir():
        return Finding("ok", "runs", "none yet")
    closed = closed_paths(home.root, HISTORY)
    if closed:
        why = f"not looked at: {closed[0]} may not be read or written"
        return Finding("warning", "runs", why, "See “writing”.")
    # before it is opened, which begins anew what is empty
    damaged = damaged_databases(home.dagster)
    if damaged:
        named = ", ".join(str(path) for path in damaged)
        return Finding("broken", "runs", f"damaged: {named}", history_remedy(home.root, len(damaged)))
    return None


def publisher(root: Path) -> Finding:
    """Whether somebody publishes into the home right now."""
    lock = root / ".partners.duckdb.lock"
    if not lock.exists():
        return Finding("ok", "publisher", "nobody is publishing")
    try:
        with FileLock(lock, timeout=0):
            return Finding("ok", "publisher", "nobody is publishing")
    except Timeout:
        return Finding("warning", "publisher", "a run is publishing now", "Wait until it has ended.")
    except OSError as error:
        return Finding(
            "broken", "publisher", f"{lock}: {error.strerror}", "Mend the permissions of the home."
        )


def _published_file(session: Session) -> Finding:
    path = session.home.published
    if not path.exists():
        return Finding(
            "warning", "published", f"nothing yet at {path}", "vouch demo, or vouch run --data DIR"
        )
    try:
        with published(session) as file:
            about = file.read("published_age").rows[0]
    except VouchError as error:
        return Finding("broken", "published", error.message, error.remedy or "vouch run --data DIR")
    days = (datetime.now(UTC) - about["published_at"].replace(tzinfo=UTC)).days
    size_mb = path.stat().st_size / 1e6
    age = "today" if days < 1 else f"{numbers.counted(days, 'day')} old"
    found = (
        f"{numbers.counted(about['candidates'], 'candidate')}, "
        f"{numbers.counted(about['audiences'], 'audience')}, {size_mb:.1f} MB, {age}"
    )
    if days > _OLD_DAYS:
        return Finding("warning", "published", found, "Run again: vouch run --data DIR")
    return Finding("ok", "published", found)


def _dagster_yaml() -> Finding:
    folder = Path(os.environ.get("DAGSTER_HOME") or ".").resolve()
    if (folder / "dagster.yaml").is_file():
        return Finding("ok", "dagster.yaml", f"found in {folder}")
    return Finding(
        "warning",
        "dagster.yaml",
        f"not in {folder}",
        "Only `dagster dev` needs it: start that in the folder of the project.",
    )


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())
