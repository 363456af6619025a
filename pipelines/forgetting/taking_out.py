"""Taking persons out of each place of a home. A step may be done twice; a crash leaves each file whole."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.alerts import change_alerts
from pipelines.forgetting.documents import REMOVED, alert_without, event_without
from pipelines.forgetting.tables import forgetting, mentions_them, tables_there, without_them
from pipelines.publish import publish
from pipelines.publish.tables import ROW_ORDER
from pipelines.published import open_published
from pipelines.reviews import decisions_file
from pipelines.statements import sql_text
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from pipelines.forgetting.persons import Persons
    from pipelines.home import Home

TEXT_ENDINGS = frozenset(
    {".json", ".jsonl", ".csv", ".txt", ".log", ".err", ".out", ".html", ".toml", ".yaml", ".md", ".complete"}
)
DELIVERED = ("demo-data", "inbox")
"""Folders of a home that hold what was delivered: not Vouch's to change, and left out by later runs."""

_GRAPH = "graph."
_CLOSING = {
    "partner_rankings": "forget/close_ranks",
    "ranking": "forget/close_ranks",  # the same table in a kept run
    "portfolio": "forget/close_picks",
    "account_signals": "forget/hold_values",
    "signal_groups": "forget/leave_thresholds",
}
"""What is done to what is left of a table. The last two mend what an earlier Vouch published and a check
refuses today: nobody waits with being forgotten for the next run."""


def from_published_file(home: Home, persons: Persons) -> None:
    """Publish the file anew without them: built whole beside the old one and renamed over it."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    prepared = Path(tempfile.mkdtemp(prefix="forgetting-", dir=home.scratch))
    try:
        with open_published(home.published) as published:
            nodes = _nodes(published, persons)
            sources = {}
            for table, whole in tables_there(published, ROW_ORDER):
                whole.write_parquet(str(prepared / f"{table}.whole"))
                sources[table] = prepared / f"{table}.parquet"
        with forgetting(persons, home.scratch, nodes) as connection:
            for table, out in sources.items():
                whole = connection.read_parquet(str(prepared / f"{table}.whole"))
                left = without_them(whole, by_node=table.startswith(_GRAPH))
                _closed_up(connection, table, whole, left).write_parquet(str(out), compression="zstd")
        publish(home, sources)
    finally:
        shutil.rmtree(prepared, ignore_errors=True)


def from_kept_runs(home: Home, persons: Persons) -> int:
    """Rewrite the tables of kept runs that name them; gives how many were."""
    changed = 0
    with forgetting(persons, home.scratch) as connection:
        for path in sorted(home.lake.glob("runs/**/*.parquet")):
            whole = connection.read_parquet(str(path))
            if not mentions_them(whole):
                continue
            left = _closed_up(connection, path.stem, whole, without_them(whole))
            with written_aside(path) as partial:
                left.write_parquet(str(partial), compression="zstd")
            changed += 1
    return changed


def from_days(home: Home) -> None:
    """Remove the working tables of every day: no graph can lose a node, and the next run makes them anew."""
    days = home.lake / "days"
    if days.exists():
        home.scratch.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix="forgotten-days-", dir=home.scratch))
        days.rename(aside / "days")
    for leftover in home.scratch.glob("forgotten-days-*"):  # of this removal, or of one that was interrupted
        shutil.rmtree(leftover)


def from_decisions(home: Home, persons: Persons) -> None:
    """Take out reviewers' decisions about them, and those about others whose reasons mention them."""
    path = decisions_file(home)
    if not path.exists():
        return
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
        if not persons.text_pattern.search(line) and not _is_about(line, persons)
    ]
    with written_aside(path) as partial:
        partial.write_text("".join(kept), encoding="utf-8")


def from_history(home: Home, persons: Persons) -> None:
    """Blank out mentions in the orchestrator's databases, and let them forget what stood in freed pages."""
    blanked = event_without(persons)
    for path in databases(home):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.create_function("blanked", 1, blanked)
            connection.create_function("mentions", 1, lambda text: blanked(text) != text)
            for table, column in text_columns(connection):
                # names of the database's own catalogue, quoted
                is_meant = f'typeof("{column}") = \'text\' AND mentions("{column}")'
                connection.execute(f'UPDATE "{table}" SET "{column}" = blanked("{column}") WHERE {is_meant}')  # noqa: S608 - see above
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")


def from_alerts(home: Home, persons: Persons) -> None:
    """Take them out of alerts, delivered and waiting; the files stay, so that no event is told again."""
    change_alerts(home, alert_without(persons))


def from_notebooks(home: Home) -> None:
    """Remove what the notebook's editor kept of its cells' output, which an editor that was killed leaves."""
    for kept in sorted(home.notebooks.rglob("__marimo__")):
        shutil.rmtree(kept)


def from_texts(home: Home, persons: Persons, delivered: Collection[Path] = ()) -> None:
    """Blank out mentions in every other text of the home, such as logs and settings of kept runs.

    Args:
        home: The home.
        persons: Who.
        delivered: Folders of delivered data, which may lie in the home and stay as they are.
    """
    for path in texts(home, delivered):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        if persons.text_pattern.search(text):
            with written_aside(path) as partial:
                partial.write_text(
                    persons.text_pattern.sub(REMOVED, text), encoding="utf-8", errors="surrogateescape"
                )


def databases(home: Home) -> list[Path]:
    """The orchestrator's databases."""
    return sorted(home.dagster.rglob("*.db")) if home.dagster.is_dir() else []


def texts(home: Home, delivered: Collection[Path] = ()) -> Iterator[Path]:
    """Text files of the home that Vouch wrote, but for reports, which are written anew, and alerts."""
    others = {home.reports.name, home.alerts.name, "forgotten"}
    for path in sorted(home.root.rglob("*")):
        if is_delivered(home, path, delivered) or path.relative_to(home.root).parts[0] in others:
            continue
        if not path.is_file():
            continue
        if path.suffix.lower() in TEXT_ENDINGS:
            yield path


def is_delivered(home: Home, path: Path, delivered: Collection[Path]) -> bool:
    """Whether a file of the home was delivered: it lies in one of the folders for that, or where data lay."""
    inside = [folder for folder in delivered if folder != home.root and folder.is_relative_to(home.root)]
    return path.relative_to(home.root).parts[0] in DELIVERED or any(map(path.is_relative_to, inside))


def text_columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Table and column for every column of a database; which hold text is seen row by row."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [
        (table, row[1])
        for (table,) in tables
        for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    ]


def _nodes(connection: DuckDBPyConnection, persons: Persons) -> list[int]:
    ids = ", ".join("?" for _ in persons.account_ids)
    rows = connection.execute(
        f"SELECT node FROM graph.accounts WHERE account_id IN ({ids})",  # noqa: S608 - question marks
        list(persons.account_ids),
    ).fetchall()
    return [row[0] for row in rows]


def _closed_up(
    connection: DuckDBPyConnection, table: str, whole: DuckDBPyRelation, left: DuckDBPyRelation
) -> DuckDBPyRelation:
    """What is left, with what `_CLOSING` names: places without a gap again, and what the checks ask for."""
    if table not in _CLOSING:
        return left
    whole.create_view("whole", replace=True)
    left.create_view("taken_out", replace=True)
    return connection.sql(sql_text(_CLOSING[table]))


def _is_about(line: str, persons: Persons) -> bool:
    """Whether a decision is about one of them; an id too short to be searched for is compared whole."""
    try:
        return json.loads(line)["account_id"] in persons.account_ids
    except (ValueError, TypeError, KeyError):  # no decision: reading them says so, with the line
        return False
