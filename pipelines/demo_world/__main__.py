"""`python -m pipelines.demo_world DIR`: write a demo world without running anything on it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.demo_world import (
    DEFAULT_ACCOUNTS,
    DEFAULT_SEED,
    DEFAULT_UNTIL,
    FORMATS,
    generate_world,
    write_world,
)
from pipelines.errors import VouchError


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True)
@click.option("--accounts", type=click.IntRange(min=1), default=DEFAULT_ACCOUNTS, show_default=True)
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="parquet", show_default=True)
def main(folder: Path, seed: int, accounts: int, file_format: str) -> None:
    """Generate a demo world into FOLDER. Everything in it is made up."""
    # The intake refuses moments in the future, so a clock that is behind the world shortens it.
    until = min(DEFAULT_UNTIL, datetime.now(UTC).date())
    try:
        world = generate_world(seed, accounts, until=until)
        click.echo(write_world(world, folder, file_format=file_format))
    except VouchError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
