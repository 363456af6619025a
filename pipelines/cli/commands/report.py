"""`vouch report`: the HTML report again, from the published file alone."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines import numbers
from pipelines.cli.options import audience_option
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.text import plain

_LONGEST_NAME = 80


@click.command("report", short_help="Write the HTML report of an audience from what is published.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file; then for one audience.  [default: a file per audience in HOME/reports]",
)
@audience_option(otherwise="all; with -o the largest")
@shared_options
@pass_session
def command(session: Session, *, output: Path | None, audience: str | None) -> None:
    """Write the HTML report: one file that opens by double click and asks no network.

    It is made from the published file alone, so it can be written again at any time, and for a copy of that
    file that somebody sent. The paths of what was written go to standard output.
    """
    # the template engine costs more than the rest of the command line together
    from pipelines.report import audiences, write_report  # noqa: PLC0415 - see above

    names = [audience] if audience is not None else audiences(session.home.published)
    if output is not None and len(names) > 1:
        others = ", ".join(plain(name, _LONGEST_NAME) for name in names[1:])
        session.say(f"Audience {plain(names[0], _LONGEST_NAME)}; --audience chooses another: {others}.")
        names = names[:1]
    for name in names:
        report = write_report(session.home.published, name, output or session.home.report(name))
        written_for = plain(report.audience, _LONGEST_NAME)
        session.say(
            f"{written_for}: {numbers.counted(report.candidates, 'candidate')}, {report.bytes / 1e6:.1f} MB"
        )
        click.echo(report.path)
    if not names:
        session.say("The published file holds no audience yet. Make one: vouch run --data DIR")
