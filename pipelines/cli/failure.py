"""The one place where exceptions become messages and exit codes.

A `VouchError` says what a person can mend. The operating system's refusals get a sentence of their own, also
when a library wrapped them. Everything else is a defect, and says so.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from typing import TYPE_CHECKING

import click

from pipelines.errors import VouchError
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_HANDLED = 1
EXIT_INTERRUPTED = 130

_NO_CODE_FOLDER = "no locator available"  # numba's words

# A value from a file may be megabytes long; a message that fills the screen ten times says less, not more.
_LONGEST_LINE = 1000

_FREE_SPACE = "Free some space, or choose another folder with --home."
_OTHER_FOLDER = "Choose a folder you may write to, for example with --home."
_REFUSALS = {
    errno.ENOSPC: ("The disk is full", _FREE_SPACE),
    errno.EDQUOT: ("Your disk quota is used up", _FREE_SPACE),
    errno.EACCES: ("Permission denied", _OTHER_FOLDER),
    errno.EPERM: ("The system does not permit this", _OTHER_FOLDER),
    errno.EROFS: ("The file system is read-only", _OTHER_FOLDER),
    errno.ENOTDIR: ("A file stands where a folder is needed", "Choose another folder."),
    errno.EISDIR: ("A folder stands where a file is needed", "Choose another name."),
    errno.ENAMETOOLONG: ("The file name is too long", "Choose a shorter one."),
    errno.EMFILE: ("Too many files are open", "Raise the limit with `ulimit -n 4096`."),
}
# What libraries in C++ and Rust leave of an errno is the system's text inside their own message.
_REFUSALS_IN_TEXT = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


def report_failure(error: BaseException, *, is_debug: bool = False) -> int:
    """Say on standard error what went wrong, and give the exit code for it."""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("Interrupted. What was published before is still whole.", err=True)
        return EXIT_INTERRUPTED
    if is_debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    known = _as_vouch_error(error)
    if known is not None:
        _say_known(known)
    else:
        _say_defect(error, is_debug=is_debug)
    return EXIT_HANDLED


def silence_broken_pipe() -> None:
    """After the reader of standard output has gone: let the interpreter's last flush go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_vouch_error(error: BaseException) -> VouchError | None:
    for link in _chain(error):
        if isinstance(link, VouchError):
            return link
        if isinstance(link, MemoryError) or type(link).__name__ == "OutOfMemoryException":
            return VouchError("Memory ran out.", remedy="Close other programs, or run on a smaller network.")
        if isinstance(link, RuntimeError) and _NO_CODE_FOLDER in str(link):
            return VouchError(
                "There is no folder to keep compiled code in: you may write neither to the installation, nor "
                "to your cache folder, nor to a temporary one.",
                remedy="Set NUMBA_CACHE_DIR to a folder of your own, or TMPDIR to one that you may write.",
            )
        refusal = _refusal(link)
        if refusal is not None:
            return refusal
    return None


def _refusal(error: BaseException) -> VouchError | None:
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        what, remedy = _REFUSALS[error.errno]
        where = f": {error.filename}" if error.filename else "."
        return VouchError(f"{what}{where}", remedy=remedy)
    text = str(error)
    for number in _REFUSALS_IN_TEXT:
        if os.strerror(number) in text:
            what, remedy = _REFUSALS[number]
            return VouchError(f"{what}: {text}", remedy=remedy)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it; an orchestrator wraps what its steps raise."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _say_known(error: VouchError) -> None:
    stopped = click.style("Stopped:", fg="red", bold=True)
    click.echo(f"{stopped} {plain(error.message, _LONGEST_LINE)}", err=True)
    for detail in error.details:
        click.echo(f"  - {plain(detail, _LONGEST_LINE)}", err=True)
    if error.remedy:
        click.echo(plain(error.remedy, _LONGEST_LINE), err=True)


def _say_defect(error: BaseException, *, is_debug: bool) -> None:
    summary = plain(f"{type(error).__name__}: {error}", _LONGEST_LINE)
    stopped = click.style("Stopped by a defect in Vouch", fg="red", bold=True)
    click.echo(f"{stopped} ({summary}).", err=True)
    hint = "Please report it with the traceback above." if is_debug else "--debug shows the traceback."
    click.echo(f"It is not your mistake. {hint}", err=True)
