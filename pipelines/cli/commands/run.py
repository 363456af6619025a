"""`vouch run`: the whole pipeline on a folder of tables, in this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graph.trust.baselines import BaselineError, read_baseline
from pipelines.cli.options import dataset_options, format_options
from pipelines.cli.results import show_results
from pipelines.cli.session import Session, pass_session, shared_options

if TYPE_CHECKING:
    from pipelines.cli.options import Dataset
    from pipelines.cli.output import Format


def _checked_baseline(_: click.Context, __: click.Parameter, value: str) -> str:
    """Refuse what is no baseline before anything is read; whether the data know the name is seen later."""
    try:
        return str(read_baseline(value)) if value else ""
    except BaselineError as error:
        raise click.BadParameter(str(error)) from error


@click.command("run", short_help="Run the pipeline on a folder of tables.")
@dataset_options
@click.option(
    "--audience", "audiences", multiple=True, metavar="NAME", help="Only this audience; repeatable."
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
@format_options()
@shared_options
@pass_session
def command(
    session: Session,
    *,
    dataset: Dataset,
    audiences: tuple[str, ...],
    picks: int,
    budget: float | None,
    baseline: str,
    output: Format,
) -> None:
    """Run the pipeline on a folder of tables and end with the ten best of each audience.

    The published file is replaced only when everything has gone well; until then the old one stands. What
    turned since the last publication becomes an alert (docs/OPERATIONS.md), and so does a failure that nobody
    sees because standard error is no terminal.
    """
    # the orchestrator takes seconds to import: not for --help, not for a wrong call
    from pipelines.alerts import alerting  # noqa: PLC0415 - see above
    from pipelines.progress import run_observer  # noqa: PLC0415 - see above
    from pipelines.requests import Source  # noqa: PLC0415 - see above
    from pipelines.run import run_pipeline  # noqa: PLC0415 - see above

    source = Source(
        data_dir=str(dataset.folder.resolve()),
        config_file=str(dataset.config.resolve()) if dataset.config else "",
        reject_limit=dataset.reject_limit,
        picks=picks,
        budget=budget,
        baseline=baseline,
    )
    with alerting(session.home, session.say), run_observer(quiet=session.is_quiet) as observer:
        outcome = run_pipeline(
            session.home,
            source,
            audiences=audiences,
            as_of=dataset.as_of,
            observer=observer,
            is_attended=sys.stderr.isatty(),
        )
    show_results(session, outcome, output, check=dataset.call("check", session.home_option))
