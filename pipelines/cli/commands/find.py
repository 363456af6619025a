"""`vouch find`: accounts by a part of their handle, name, id or bio, ranked or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.options import audience_option, format_options, rows_option
from pipelines.cli.output import HANDLE_WIDTH, Column, Row, draw_table, handle_label, safe_text, write_rows
from pipelines.cli.reading import published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.standing import narrow_status, status_legend
from pipelines.text import plain

if TYPE_CHECKING:
    from pipelines.cli.output import Format

_AROUND = 24  # characters of a bio shown on either side of what was found


def _standing(row: Row) -> str:
    if row["status"]:
        return safe_text(narrow_status(row))
    return "member" if row["is_in_audience"] else "no candidate"


def passage(bio: str | None, part: str) -> str:
    """The passage of a bio in which the text stands, or its beginning, on one line and safe to show."""
    told = plain(bio or "")
    at = max(0, told.casefold().find(part.casefold().strip()) - _AROUND)
    end = at + len(part) + 2 * _AROUND
    return f"{'…' if at else ''}{told[at:end]}{'…' if end < len(told) else ''}" or numbers.UNKNOWN


@click.command("find", short_help="Accounts by a part of their handle, name, id or bio.")
@click.argument("text")
@rows_option(20)
@audience_option(otherwise="the largest that ranks each")
@format_options()
@shared_options
@pass_session
def command(session: Session, *, text: str, rows: int, audience: str | None, output: Format) -> None:
    """Accounts in whose handle, name, id or bio TEXT stands, the closest first, ranked or not.

    Case and accents do not count. Bios are kept, and so found, of candidates only.
    """
    if not text.strip().lstrip("@"):
        raise click.UsageError("Give at least one character to look for.")
    with published(session) as file:
        named = None if audience is None else str(file.audience(session, audience)["audience"])
        found = file.read("find", part=text, audience=named, most=rows)
        near = [] if found.rows else file.read("similar_handles", name=text.strip()).rows
    if output != "table":
        names = [name for name in found.names if name != "found_in_all"]
        write_rows(found.rows, names, output, found.types)
    elif found.rows:
        draw_table(found.rows, _table(text, found.rows), caption="\n".join(_legend(found.rows)) or None)
    if not found.rows:
        guess = f" Near it: {', '.join(plain(str(row['name']), 40) for row in near)}." if near else ""
        session.say(f"Nobody in the published network is called anything with “{plain(text, 60)}”.{guess}")
    elif found.rows[0]["found_in_all"] > len(found.rows):
        of_all, shown = numbers.count(found.rows[0]["found_in_all"]), len(found.rows)
        session.say(f"The {'' if shown == 1 else f'{shown} '}closest of {of_all}; -n shows more.")


def _table(text: str, rows: list[Row]) -> tuple[Column, ...]:
    # where a bio is why somebody is shown, it must be seen, in eighty columns too
    is_in_bio = any(row["found_in"] == "bio" for row in rows)
    widest, importance = (24, 1) if is_in_bio else (HANDLE_WIDTH, 7)
    return (
        Column("handle", handle_label, is_number=False, widest=widest),
        Column("#", lambda row: numbers.count(row["rank"]), importance=1),
        Column("standing", _standing, importance=2, is_number=False),
        Column("found in", lambda row: row["found_in"], importance=5, is_number=False),
        Column("name", lambda row: safe_text(row["display_name"], 24), importance=3, is_number=False),
        Column("followers", lambda row: numbers.count(row["followers_count"]), importance=4),
        Column(
            "bio", lambda row: passage(row["bio"], text), importance=importance, is_number=False, widest=26
        ),
        Column("audience", lambda row: safe_text(row["audience"], 24), importance=6, is_number=False),
    )


def _legend(rows: list[Row]) -> list[str]:
    return status_legend([row for row in rows if row["status"]])
