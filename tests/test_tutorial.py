"""The pages that a newcomer follows call commands that exist, with options that they take."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from pipelines.cli.app import vouch

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/TUTORIAL.md", "docs/PRIVACY.md", "docs/COOKBOOK.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def calls(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line for block in _BLOCK.findall(text) for line in block.splitlines()]
    return [line[2:].split("  #")[0] for line in lines if line.startswith("$ vouch ")]


@pytest.mark.parametrize(("page", "call"), [(page, call) for page in PAGES for call in calls(page)])
def test_every_call_is_one_that_the_command_line_takes(page, call):
    words = shlex.split(call)[1:]
    with click.Context(vouch, info_name="vouch") as context:
        command = vouch.get_command(context, words[0])
        assert command is not None, f"{page}: {call}"
        # parsed as it is when called, short of running it; a wrong option or missing argument raises
        command.make_context(words[0], words[1:], parent=context)


def test_the_tutorial_goes_all_the_way():
    named = {call.split()[1] for call in calls("docs/TUTORIAL.md")}

    assert named >= {"init", "check", "run", "top", "diff", "why", "portfolio", "compare", "report", "export"}
