"""`vouch app`: the page for the second question, served on this machine."""

from __future__ import annotations

import importlib.util

import click

from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.errors import VouchError

_NEEDED = ("marimo", "altair", "sqlglot")


class MissingExtraError(VouchError):
    """The libraries of the page are not installed."""


@click.command("app", short_help="The page for what-if, filters and SQL, in the browser.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port to listen on.  [default: 8050, or a free one]"
)
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
@click.option(
    "--edit", "is_editing", is_flag=True, help="Open the page as a notebook of your own, with SQL cells."
)
@shared_options
@pass_session
def command(session: Session, *, port: int | None, no_browser: bool, is_editing: bool) -> None:
    """Open the page for the second question in the browser.

    Filter the candidates, leave out or keep a partner and see what it costs in reach, change the budget, read
    the evidence, ask the published file in SQL. What is looked at stands in the address. The page reads the
    published file only, never keeps a publication from replacing it, and shows when a newer one is there. It
    listens on this machine alone; Ctrl-C ends it.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"The page needs libraries that are not installed: {', '.join(missing)}.",
            remedy="Install Vouch with its extra: pip install -e '.[app]' in its folder, or make setup.",
        )
    # the libraries of the page take seconds to load
    from pipelines.explore import server  # noqa: PLC0415 - see above

    chosen = server.free_port(port)
    if not session.home.published.exists():
        session.say("Nothing is published yet; the page says what to do and notices when something is.")
    if is_editing:
        notebook = server.own_notebook(session.home)
        session.say(f"Your own notebook is {notebook}; without it, the next call begins with Vouch's again.")
        code = server.edit(session.home, notebook, chosen, opens_browser=not no_browser)
        raise click.exceptions.Exit(code)
    session.say(f"The page is at http://{server.HOST}:{chosen}/ (Ctrl-C ends it).")
    server.serve(session.home, chosen, opens_browser=not no_browser)
