"""`vouch init`: a commented dataset.toml to start from, written from what lies in a folder."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from pipelines.cli.session import Session, pass_session, shared_options


@click.command("init", short_help="Write a commented dataset.toml for the tables in a folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a dataset.toml that is there already.")
@shared_options
@pass_session
def command(session: Session, *, folder: Path, force: bool) -> None:
    """Write a commented dataset.toml for the tables in DIR: a draft that says which column seems to be which.

    Look it over, then call vouch check. Its path goes to standard output.
    """
    # looking into a stranger's files takes more imports than --help should pay for
    from pipelines.ingest.draft import write_draft  # noqa: PLC0415 - see above

    click.echo(write_draft(folder, overwrite=force))
    session.say("Look it over, then go on with:")
    session.say(f"  vouch check --data {shlex.quote(str(folder))}")
