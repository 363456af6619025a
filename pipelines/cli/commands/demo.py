"""`vouch demo`: everything once through, on a world that is made up for the purpose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import format_options
from pipelines.cli.results import show_results
from pipelines.cli.session import Session, pass_session, shared_options

if TYPE_CHECKING:
    from pipelines.cli.output import Format

_PICKS = 10
_BUDGET_EUR = 2_500.0
_ACCOUNTS = 3_000  # small enough to be done while a newcomer watches


@click.command("demo", short_help="Run everything on a generated world and show the partners.")
@click.option("--seed", type=click.IntRange(min=0), help="Another seed, another world.")
@click.option(
    "--accounts", type=click.IntRange(min=1), default=_ACCOUNTS, show_default=True, help="How many accounts."
)
@format_options(otherwise="table")  # in a log as well: the demo is there to be looked at
@shared_options
@pass_session
def command(session: Session, *, seed: int | None, accounts: int, output: Format) -> None:
    """Generate a network, run the pipeline on it, and show the ten best partners of its main audience.

    Nobody in it is real. The tables lie in HOME/demo-data, with the truth about each account beside them.
    """
    # the orchestrator, the frame library and the generator take seconds to import: not for --help
    from pipelines.demo_world import (  # noqa: PLC0415 - see above
        DEFAULT_SEED,
        DEFAULT_UNTIL,
        generate_world,
        write_world,
    )
    from pipelines.progress import run_observer  # noqa: PLC0415 - see above
    from pipelines.requests import Source  # noqa: PLC0415 - see above
    from pipelines.run import run_pipeline  # noqa: PLC0415 - see above
    from pipelines.storage_errors import storage_errors  # noqa: PLC0415 - see above

    # A world that reaches beyond today would have its last days refused as lying in the future.
    until = min(DEFAULT_UNTIL, datetime.now(UTC).date())
    with run_observer(quiet=session.is_quiet) as observer:
        observer.message(f"Generating a demo world of {accounts:,} accounts. Nobody in it is real.")
        world = generate_world(DEFAULT_SEED if seed is None else seed, accounts, until=until)
        with storage_errors(session.home.root):
            folder = write_world(world, session.home.root / "demo-data")
        outcome = run_pipeline(
            session.home,
            Source(data_dir=str(folder), picks=_PICKS, budget=_BUDGET_EUR),
            as_of=until,
            observer=observer,
        )
    show_results(session, outcome, output, main_audience_only=True)
    session.say(f"Data       {folder}: generated; no account, brand or post in it is real")
    session.say("With your own data: vouch init DIR, vouch check --data DIR, vouch run --data DIR")
