"""`vouch run`: the whole pipeline on a folder of tables, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.trust.baselines import BaselineError, read_baseline
from pipelines.cli.options import format_options
from pipelines.cli.results import show_results
from pipelines.cli.session import Session, pass_session, shared_options

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.cli.output import Format


def _checked_baseline(_: click.Context, __: click.Parameter, value: str) -> str:
    """Refuse what is no baseline before anything is read; whether the data know the name is seen later."""
    try:
        return str(read_baseline(value)) if value else ""
    except BaselineError as error:
        raise click.BadParameter(str(error)) from error


@click.command("run", short_help="Run the pipeline on a folder of tables.")
@click.option(
    "--data",
    "data_dir",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of tables.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The mapping of tables and columns.  [default: dataset.toml in DIR, where there is one]",
)
@click.option(
    "--audience", "audiences", multiple=True, metavar="NAME", help="Only this audience; repeatable."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The snapshot day; what the data say of later days is left out.  [default: today, UTC]",
)
@click.option(
    "--picks",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Partners in the portfolio by count.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="AMOUNT",
    help="Make a second portfolio under this budget, in the currency of the rates.",
)
@click.option(
    "--baseline",
    metavar="NAME",
    default="",
    callback=_checked_baseline,
    help="Compare every audience with network, audience:NAME or category:NAME.  "
    "[default: what dataset.toml says of each, else network]",
)
@click.option(
    "--reject-limit",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="The share of refused rows in a table that stops the run.",
)
@format_options()
@shared_options
@pass_session
def command(  # noqa: PLR0913 - one parameter per option
    session: Session,
    *,
    data_dir: Path,
    config: Path | None,
    audiences: tuple[str, ...],
    as_of: datetime | None,
    picks: int,
    budget: float | None,
    baseline: str,
    reject_limit: float,
    output: Format,
) -> None:
    """Run the pipeline on a folder of tables and end with the ten best of each audience.

    The published file is replaced only when everything has gone well; until then the old one stands.
    """
    # the orchestrator takes seconds to import: not for --help, not for a wrong call
    from pipelines.progress import run_observer  # noqa: PLC0415 - see above
    from pipelines.requests import Source  # noqa: PLC0415 - see above
    from pipelines.run import run_pipeline  # noqa: PLC0415 - see above

    source = Source(
        data_dir=str(data_dir.resolve()),
        config_file=str(config.resolve()) if config else "",
        reject_limit=reject_limit,
        picks=picks,
        budget=budget,
        baseline=baseline,
    )
    with run_observer(quiet=session.is_quiet) as observer:
        outcome = run_pipeline(
            session.home,
            source,
            audiences=audiences,
            as_of=as_of.date() if as_of else None,
            observer=observer,
        )
    show_results(session, outcome, output)
