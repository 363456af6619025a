"""`vouch forget`: a person leaves the home for good, and a search of everything shows it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.failure import EXIT_HANDLED
from pipelines.cli.names import HANDLE
from pipelines.cli.options import format_options
from pipelines.cli.output import Column, draw_table, safe_text, write_rows
from pipelines.cli.reading import UnknownNameError, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.published import PublishedFileMissingError

if TYPE_CHECKING:
    from pipelines.cli.output import Format, Row
    from pipelines.forgetting import Persons, Place
    from pipelines.home import Home

_NAMES = ("place", "is_ours", "files", "found", "where", "not_searched")
_WHERE_SHOWN = 10
_TABLE = (
    Column("searched", lambda row: row["place"], is_number=False),
    Column("files and tables", lambda row: numbers.count(row["files"])),
    Column("found", lambda row: numbers.count(row["found"])),
)


@click.command("forget", short_help="Remove a person from the home for good, and prove it.")
@click.argument("names", metavar="[ID]...", nargs=-1, type=HANDLE)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, names: tuple[str, ...], is_sure: bool, output: Format) -> None:
    """Remove persons from the lake, the published file, the kept runs, reports, labels and run history.

    ID is an account id or a handle. A salted digest is kept, so that no later run on the same data takes them
    up again. The working tables of every day go as a whole; the next run makes them anew. Then every table
    and file of the home is searched: what was searched and found is the output, and exit code 1 says that
    something was. Delivered data, in the home and in the folders that its runs read, are searched too and
    left as they are; what of them could not be searched is named.

    Without ID a removal that was interrupted is gone on with; where there is none, an ID has to be given.
    """
    # the publisher and the reports take seconds to import: not for --help, not for a wrong call
    from pipelines.forgetting import forget, unfinished  # noqa: PLC0415 - see above

    begun = unfinished(session.home)
    if not names and begun is None:
        raise click.UsageError(
            "Give the id or handle of who is to be forgotten; there is no interrupted removal to go on with."
        )
    if begun is not None:
        session.say("A removal was interrupted; it is gone on with first.")
        proof = forget(session.home, begun, _rewrite_reports)
        names = tuple(name for name in names if name.strip().lstrip("@").lower() not in begun.names)
    if names:
        persons = _persons(session, names)
        _confirm(session, persons, is_sure=is_sure)
        proof = forget(session.home, persons, _rewrite_reports)
    rows = [asdict(place) for place in proof]
    if output == "table":
        draw_table(rows, _TABLE)
    else:
        write_rows(rows, _NAMES, output, {"where": "VARCHAR[]", "not_searched": "VARCHAR[]"})
    _say_what_is_left(session, proof)
    if any(place.found for place in proof if place.is_ours):
        raise click.exceptions.Exit(EXIT_HANDLED)


def _persons(session: Session, names: tuple[str, ...]) -> Persons:
    """Who is meant, with everything by which the home knows them."""
    from pipelines.forgetting import known_persons  # noqa: PLC0415 - as in the command

    found: list[Row] = []
    for name in names:
        try:
            with published(session) as file:
                found.append(file.account(name))
        except PublishedFileMissingError:
            found.append({"account_id": name.strip(), "handle": None})
        except UnknownNameError as error:
            if len(error.details) > 1:  # several are called so
                raise
            session.say(
                f"The published file knows no “{safe_text(name, 80)}”; it is taken for an account id."
            )
            found.append({"account_id": name.strip(), "handle": None})
    handles = [str(row["handle"]) for row in found if row["handle"]]
    return known_persons(session.home, [str(row["account_id"]) for row in found], handles)


def _confirm(session: Session, persons: Persons, *, is_sure: bool) -> None:
    who = ", ".join(safe_text(name, 80) for name in persons.account_ids)
    called = (
        f" ({', '.join('@' + safe_text(name, 80) for name in persons.handles)})" if persons.handles else ""
    )
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"This removes {who}{called} for good: give --yes where nobody can be asked.")
    question = f"Remove {who}{called} from {session.home.root} for good?"
    click.confirm(question, abort=True, err=True)


def _rewrite_reports(home: Home) -> None:
    from pipelines.lake import Lake  # noqa: PLC0415 - as in the command
    from pipelines.resources import HomePublisher  # noqa: PLC0415 - as in the command

    HomePublisher(home, Lake(home.lake)).report()


def _say_what_is_left(session: Session, proof: list[Place]) -> None:
    for place in proof:
        if place.found and not place.is_ours:
            session.say("Delivered data name them and are left as they are; remove them there too:")
        for line in _first(place.where):
            session.say(f"Still named in {place.place} {line}" if place.is_ours else f"  {line}")
        if not (place.is_ours or place.files or place.not_searched):
            session.say("No delivered data were found to search: remove them there too, wherever they lie.")
        for line in _first(place.not_searched):
            session.say(f"Not searched: {line}.")
    if not any(place.found for place in proof if place.is_ours):
        session.say("Nothing of what Vouch keeps names them. Runs to come leave their rows out.")
    session.say(
        "Counts in what is published still rest on the run that knew them: run again to make them anew."
    )


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - _WHERE_SHOWN
    shown = [safe_text(line) for line in lines[:_WHERE_SHOWN]]
    return [*shown, f"{numbers.count(more)} more, which --json lists"] if more > 0 else shown
