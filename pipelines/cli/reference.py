"""docs/CLI.md, written from what the commands say of themselves: `python -m pipelines.cli.reference`."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.app import vouch

PAGE = Path(__file__).resolve().parents[2] / "docs" / "CLI.md"

_WIDTH = 100
_INTRODUCTION = """\
# The command line

Written from `vouch --help` by `python -m pipelines.cli.reference`; a test fails when it is stale.

| stream or code | meaning |
|---|---|
| standard output | data: a table on a terminal, CSV in a pipe, JSON with `--json` |
| standard error | progress, hints and failures; only failures with `--quiet` |
| exit code 0 | well, also when no row was found; a hint says why |
| exit code 1 | a failure that the message explains, with its remedy |
| exit code 2 | a wrong call |
| exit code 130 | interrupted; what was published before is whole |

On a terminal shares read `12.3 %` and what is unknown is a dash; in CSV and JSON shares are fractions and
unknown is empty or null. Text from strangers is stripped of what could steer a terminal. In CSV and workbooks
it also gets an apostrophe before a leading `= + - @`; JSON and Parquet carry it as it was written.
`NO_COLOR` is respected.
"""


def cli_reference() -> str:
    """The page, as Markdown."""
    group = click.Context(vouch, info_name="vouch", terminal_width=_WIDTH, **vouch.context_settings)
    parts = [_INTRODUCTION, _section("vouch", vouch.get_help(group))]
    for name in vouch.list_commands(group):
        found = vouch.get_command(group, name)
        if found is not None:
            context = click.Context(found, info_name=name, parent=group, terminal_width=_WIDTH)
            parts.append(_section(f"vouch {name}", found.get_help(context)))
    return "\n".join(parts)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(cli_reference(), encoding="utf-8")
