"""What every command shares: the home it works on, and how it talks on standard error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipelines.home import HOME_VARIABLE, Home, find_home

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass
class Session:
    """One call of `vouch`.

    Attributes:
        home_option: The folder named by `--home`, or None.
        is_quiet: Nothing but data and failures is wanted.
        is_debug: A traceback is wanted for what goes wrong.
    """

    home_option: str | None = None
    is_quiet: bool = False
    is_debug: bool = False
    home: Home = field(init=False)

    def __post_init__(self) -> None:
        self.home = find_home(self.home_option)

    def say(self, text: str = "") -> None:
        """Say something beside the data, on standard error; nothing with `--quiet`."""
        if not self.is_quiet:
            click.echo(text, err=True)


def _set_home(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        session = context.ensure_object(Session)
        session.home_option = value
        session.home = find_home(value)


def _set_quiet(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    session = context.ensure_object(Session)
    session.is_quiet = session.is_quiet or value


def _set_debug(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    session = context.ensure_object(Session)
    session.is_debug = session.is_debug or value


def shared_options(function: F) -> F:
    """`--home`, `--quiet` and `--debug`, which stand before a command's name or behind it alike."""
    options = (
        click.option(
            "--home",
            metavar="DIR",
            expose_value=False,
            callback=_set_home,
            help=f"The folder of everything a run makes.  [default: {HOME_VARIABLE}, else ./vouch-home]",
        ),
        click.option(
            "-q",
            "--quiet",
            is_flag=True,
            expose_value=False,
            callback=_set_quiet,
            help="Nothing on standard error but failures.",
        ),
        click.option(
            "--debug",
            is_flag=True,
            expose_value=False,
            callback=_set_debug,
            help="Show the traceback of what goes wrong.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


pass_session = click.make_pass_decorator(Session, ensure=True)
