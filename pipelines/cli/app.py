"""The command group: which commands exist, how they are found, and the way out.

Commands are imported when they are called, not before: `vouch top` must answer at once, and loading the
orchestrator or the frame library for it would cost several times the work itself.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import importlib
import io
import os
import stat
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from pipelines.cli.failure import EXIT_INTERRUPTED, report_failure, silence_broken_pipe
from pipelines.cli.session import Session, shared_options

_PROGRAM = "vouch"

# Python looks for dead cycles after 700 new containers, and through all of them whenever a quarter is new. In
# a run, and in the imports before it, that was a twelfth of the CPU time and found next to nothing: arrays
# and frames are freed by counting. 100,000 containers are some ten megabytes.
_NEW_CONTAINERS_BEFORE_A_LOOK = 100_000

# A thread of numpy's and scipy's linear algebra spins for two to this power cycles of the processor before it
# sleeps: by default 2^26, some hundredths of a second of a core after each product of matrices.
_CYCLES_BEFORE_SLEEP = ("OPENBLAS_THREAD_TIMEOUT", "4")

# Where numba keeps machine code, if somebody says so.
_CODE_FOLDER = "NUMBA_CACHE_DIR"

# Command → (module, what `vouch --help` says). The object in the module is named `command`.
_COMMANDS = {
    "demo": ("pipelines.cli.commands.demo", "Run everything on a generated world and show the partners."),
    "init": ("pipelines.cli.commands.init", "Write a commented dataset.toml for the tables in a folder."),
    "check": ("pipelines.cli.commands.check", "Validate the tables of a folder without running."),
    "run": ("pipelines.cli.commands.run", "Run the pipeline on a folder of tables."),
    "top": ("pipelines.cli.commands.top", "The ranked partners of an audience, best first."),
    "why": ("pipelines.cli.commands.why", "Why a partner ranks where it does, with the evidence."),
    "compare": ("pipelines.cli.commands.compare", "Candidates side by side, and the members they share."),
    "find": ("pipelines.cli.commands.find", "Accounts by a part of their handle, name, id or bio."),
    "history": ("pipelines.cli.commands.history", "One account in every run, and what changed."),
    "runs": ("pipelines.cli.commands.runs", "The runs that are kept, the newest first."),
    "diff": ("pipelines.cli.commands.diff", "What moved between two runs, and what caused it."),
    "label": ("pipelines.cli.commands.label", "Keep a reviewer's decision about an account, or list them."),
    "portfolio": ("pipelines.cli.commands.portfolio", "The few partners who together reach the most."),
    "export": ("pipelines.cli.commands.export", "Write the results as a workbook, CSV, JSON or Parquet."),
    "report": (
        "pipelines.cli.commands.report",
        "Write the HTML report of an audience from what is published.",
    ),
    "app": ("pipelines.cli.commands.app", "The page for what-if, filters and SQL, in the browser."),
    "forget": ("pipelines.cli.commands.forget", "Remove a person from the home for good, and prove it."),
    "completion": ("pipelines.cli.commands.completion", "Print a script that completes vouch in your shell."),
    "doctor": ("pipelines.cli.commands.doctor", "Check this installation and its home, with remedies."),
}


class LazyGroup(click.Group):
    """Finds commands by name, imports them when called, and turns failures into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of a first visit rather than of the alphabet."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        return importlib.import_module(_COMMANDS[cmd_name][0]).command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a guess at what was meant."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, _COMMANDS, n=1, cutoff=0.5)
            guess = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(_COMMANDS)}."
            ctx.fail(f"No such command {name!r}.{guess}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin as typed, without importing any of them."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        begun = ((name, text) for name, (_, text) in _COMMANDS.items() if name.startswith(incomplete))
        return [CompletionItem(name, help=text) for name, text in begun]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever escapes it becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except BrokenPipeError:
            silence_broken_pipe()
            raise click.exceptions.Exit(0) from None
        except (Exception, KeyboardInterrupt) as error:
            session = ctx.ensure_object(Session)
            raise click.exceptions.Exit(report_failure(error, is_debug=session.is_debug)) from error


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vouch", prog_name=_PROGRAM, message="%(prog)s %(version)s")
@shared_options
def vouch() -> None:
    """Which people does an audience already trust, whose influence looks real, and which few reach the most.

    Results go to standard output: a table on a terminal, CSV in a pipe, or what --format asks for. Everything
    else goes to standard error.
    """


def main() -> None:
    """Entry point of the console script; leaves with the exit code."""
    gc.set_threshold(_NEW_CONTAINERS_BEFORE_A_LOOK)
    os.environ.setdefault(*_CYCLES_BEFORE_SLEEP)  # read when numpy is imported
    _open_closed_streams()
    keep_machine_code_somewhere()
    _make_streams_tolerant()
    try:
        outcome = vouch.main(prog_name=_PROGRAM, standalone_mode=False)
        code = outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = EXIT_INTERRUPTED
    code = _flush() or code
    # The interpreter looks for dead cycles among all that was ever imported, several times, before it leaves:
    # more than a second after a run. What is frozen is left out, and the system takes it back as it is.
    gc.freeze()
    sys.exit(code)


def _flush() -> int:
    """Hand the last data on; where that fails, say so now and not from inside the interpreter's shutdown."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        silence_broken_pipe()
    except OSError as error:
        silence_broken_pipe()
        return report_failure(error)
    return 0


def keep_machine_code_somewhere() -> None:
    """Give the kernels a folder of this user's where they could keep their machine code nowhere else.

    It lies beside the source, which may belong to somebody else, or in the user's cache, which a user that
    runs a service may not have. Without either they refuse to work, which most commands do not ask of them:
    where no folder is to be had either, whoever needs it is told (see `pipelines.cli.failure`).
    """
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - pathlib's raises
    source = Path(__file__).parents[2] / "graph"
    if _CODE_FOLDER in os.environ or _may_be_made(source) or _may_be_made(Path(caches).absolute()):
        return
    import tempfile  # noqa: PLC0415 - hardly anybody needs it

    with contextlib.suppress(OSError):
        folder = Path(tempfile.gettempdir(), f"vouch-code-{os.getuid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        if _is_own(folder):
            os.environ[_CODE_FOLDER] = str(folder)


def _is_own(folder: Path) -> bool:
    """Whether nobody else can have put anything into it: what lies there is executed."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _may_be_made(folder: Path) -> bool:
    """Whether the folder may be written, or made where it is not there."""
    above = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    return os.access(above, os.W_OK | os.X_OK)


def _open_closed_streams() -> None:
    """A stream that whoever called closed leads nowhere, instead of to whatever file is opened next.

    Python has None in its place, which nobody asks before writing to it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _make_streams_tolerant() -> None:
    """Data leave as UTF-8, and a terminal that lacks a character shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
