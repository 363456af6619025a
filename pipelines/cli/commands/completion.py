"""`vouch completion`: the script by which a shell completes commands, options, handles and audiences."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from pipelines.cli.session import Session, pass_session, shared_options

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

# click asks the environment under this name what to complete
_VARIABLE = "_VOUCH_COMPLETE"
_SHELLS: dict[str, tuple[type[ShellComplete], str]] = {
    "bash": (BashComplete, "echo 'eval \"$(vouch completion bash)\"' >> ~/.bashrc"),
    "zsh": (ZshComplete, "echo 'eval \"$(vouch completion zsh)\"' >> ~/.zshrc"),
    "fish": (FishComplete, "vouch completion fish > ~/.config/fish/completions/vouch.fish"),
}


@click.command("completion", short_help="Print a script that completes vouch in your shell.")
@click.argument("shell", type=click.Choice(tuple(_SHELLS)))
@shared_options
@pass_session
def command(session: Session, *, shell: str) -> None:
    """Print a script that completes vouch in your shell: commands, options, handles, audiences and runs.

    \b
    For good, in bash:  echo 'eval "$(vouch completion bash)"' >> ~/.bashrc
    in zsh:             echo 'eval "$(vouch completion zsh)"' >> ~/.zshrc
    in fish:            vouch completion fish > ~/.config/fish/completions/vouch.fish

    Names come from the published file of the home that is in use; bash needs version 4.4 or newer.
    """  # noqa: D301 - click marks a paragraph that keeps its lines by \b
    kind, how = _SHELLS[shell]
    completer = kind(click.Group("vouch"), {}, "vouch", _VARIABLE)
    # not `.source()`, which starts a bash to ask for its version
    click.echo(completer.source_template % completer.source_vars())
    if sys.stdout.isatty():
        session.say(f"To have it in every shell: {how}")
