"""What a shell completes: handles, audiences and runs, read from the published file as one types.

A completion never fails: where nothing is published, or the file cannot be read, nothing is offered.
"""

from __future__ import annotations

import re

import click
from click.shell_completion import CompletionItem

from pipelines.cli.session import Session
from pipelines.errors import VouchError

_MOST = 50
# What a shell would take apart or act upon is not offered; such an account can be named by its id.
_HARMLESS = re.compile(r"[\w.\-:]+")


class PublishedName(click.ParamType):
    """A text that the published file knows names for.

    Attributes:
        name: What it is, for messages of click.
    """

    def __init__(self, name: str, statement: str) -> None:
        self.name = name
        self._statement = statement

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Names that begin as typed, the most likely first."""
        # DuckDB is loaded only when somebody presses the key
        from pipelines.cli.reading import published  # noqa: PLC0415 - see above

        session = ctx.ensure_object(Session)
        at = "@" if incomplete.startswith("@") else ""
        try:
            with published(session) as file:
                rows = file.read(self._statement, begun=incomplete.removeprefix("@"), most=_MOST).rows
        except VouchError:
            return []
        return [
            CompletionItem(at + str(row["name"]), help=str(row["about"]))
            for row in rows
            if _HARMLESS.fullmatch(str(row["name"]))
        ]


HANDLE = PublishedName("handle", "complete_handle")
AUDIENCE = PublishedName("audience", "complete_audience")
RUN = PublishedName("run", "complete_run")
