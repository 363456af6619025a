"""Options that several commands share, each said once: which data, in which form, which audience and columns.

What every command has, also those that show no data, is in `session`.
"""

from __future__ import annotations

import functools
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from pipelines.cli.names import AUDIENCE, HANDLE
from pipelines.cli.output import FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

F = TypeVar("F", bound="Callable[..., Any]")

DEFAULT_REJECT_LIMIT = 0.01


class Dataset(NamedTuple):
    """Which data a command is about.

    Attributes:
        folder: The folder of tables.
        config: The mapping, where it is not the one in the folder.
        as_of: The snapshot day; None is today.
        reject_limit: The share of refused rows in a table that stops a run.
    """

    folder: Path
    config: Path | None
    as_of: date | None
    reject_limit: float

    def call(self, command: str, home: str | None = None) -> str:
        """Another command on the same data, as one would type it in a shell."""
        words = ["vouch", *(("--home", home) if home else ()), command, "--data", str(self.folder)]
        if self.config is not None:
            words += ["--config", str(self.config)]
        if self.as_of is not None:
            words += ["--as-of", self.as_of.isoformat()]
        if self.reject_limit != DEFAULT_REJECT_LIMIT:
            words += ["--reject-limit", f"{self.reject_limit:g}"]
        return shlex.join(words)


def dataset_options(function: F) -> Callable[..., Any]:
    """`--data`, `--config`, `--as-of` and `--reject-limit`; the command receives them as `dataset`."""

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
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The snapshot day; what the data say of later days is left out.  [default: today, UTC]",
    )
    @click.option(
        "--reject-limit",
        type=click.FloatRange(0, 1),
        default=DEFAULT_REJECT_LIMIT,
        show_default=True,
        help="The share of refused rows in a table that stops a run.",
    )
    @functools.wraps(function)
    def called(
        *arguments: Any,
        data_dir: Path,
        config: Path | None,
        as_of: datetime | None,
        reject_limit: float,
        **options: Any,
    ) -> Any:
        dataset = Dataset(data_dir, config, as_of.date() if as_of else None, reject_limit)
        return function(*arguments, dataset=dataset, **options)

    return called


def format_options(*, otherwise: Format | None = None) -> Callable[[F], Callable[..., Any]]:
    """`--format` and `--json`; the command receives what they come to as `output`.

    Args:
        otherwise: The format where none is asked for, instead of the one that fits standard output.
    """

    def add(function: F) -> Callable[..., Any]:
        @click.option("--format", "output_format", type=click.Choice(FORMATS), help=_default(otherwise))
        @click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
        @functools.wraps(function)
        def called(*arguments: Any, output_format: Format | None, is_json: bool, **options: Any) -> Any:
            output = chosen_format(output_format, is_json=is_json, otherwise=otherwise)
            return function(*arguments, output=output, **options)

        return called

    return add


def chosen_format(output_format: Format | None, *, is_json: bool, otherwise: Format | None = None) -> Format:
    """The format asked for, else the one that fits standard output.

    Raises:
        click.UsageError: When `--json` and another `--format` contradict each other, or Parquet would go to a
            terminal.
    """
    if is_json and output_format not in {None, "json"}:
        raise click.UsageError(f"--json contradicts --format {output_format}: give one of them.")
    chosen = "json" if is_json else output_format
    if chosen == "parquet" and sys.stdout.isatty():
        raise click.UsageError("Parquet is for programs: send it to a file or a pipe, as in > FILE.parquet.")
    return chosen or otherwise or ("table" if sys.stdout.isatty() else "csv")


def audience_option(*, otherwise: str = "the largest") -> Callable[[F], F]:
    """`--audience NAME`."""
    return click.option(
        "--audience", metavar="NAME", type=AUDIENCE, help=f"Which audience.  [default: {otherwise}]"
    )


def columns_option(function: F) -> F:
    """`--columns A,B,…`."""
    said = "Only these columns, except in a table.  [default: all]"
    return click.option("--columns", metavar="A,B,…", help=said)(function)


def rows_option(default: int, said: str = "How many at most.") -> Callable[[F], F]:
    """`-n`, `--rows`."""
    return click.option(
        "-n", "--rows", type=click.IntRange(min=1), default=default, show_default=True, help=said
    )


def handle_argument(function: F) -> F:
    """`HANDLE`: a handle, with or without @, or an account id."""
    return click.argument("handle", type=HANDLE)(function)


def _default(otherwise: Format | None) -> str:
    return f"[default: {otherwise or 'table on a terminal, csv in a pipe'}]"
