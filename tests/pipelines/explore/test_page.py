"""The page itself: as a script, and served by `vouch app` to a real browser.

The browser part runs where Chromium is installed, and says so where it is not.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pipelines.cli import vouch
from pipelines.cli.commands import app as cli
from pipelines.explore import server
from pipelines.home import Home
from tests.pipelines.explore.browser import CHROMIUM, browser_tab

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

HOSTILE = """
UPDATE partner_rankings SET handle = '"><img src=http://evil.example/x.png onerror=owned=1>' WHERE rank = 1;
UPDATE partner_rankings SET display_name = 'http://evil.example/y.png', handle = 'http://evil.example/z.png'
    WHERE rank = 2;
UPDATE evidence SET sentence = '<iframe src=javascript:owned=1></iframe>Half follow.', handle = 'x';
"""


@contextmanager
def served(home: Path) -> Generator[str]:
    """`vouch app` on a free port, until the block ends; gives the page's address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "pipelines.cli", "app", "--home", home, "--port", port, "--no-browser"]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, text=True)
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(600):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            said = process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, said
    assert "Traceback" not in said


def has(text: str) -> str:
    return f"textOf(document.body).includes({text!r})"


def tab_called(name: str) -> str:
    return f'allOf(document, "[role=tab]").find((tab) => tab.innerText === "{name}")'


def button_called(name: str) -> str:
    return f'allOf(document, "button").find((button) => button.innerText.trim() === "{name}")'


def field(value: str) -> str:
    return f'allOf(document, "input").find((field) => field.value === "{value}")'


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on PATH")
def test_the_page_in_a_browser(publish_world, tmp_path):
    path = publish_world(change=HOSTILE)
    with served(path.parent) as address, browser_tab(tmp_path / "profile") as tab:
        # the filters of the address are in the table, and so is the evidence of the account named
        tab.open(f"{address}?status=watch&trust=0.2&who=id1")
        tab.wait(has("3 of 20 candidates."))
        tab.wait(has("@Voice16"))
        tab.wait(has("Half follow."))
        assert not tab.ask(has("@Voice3"))

        # another choice: a third of the partners, live, with what it costs; the address keeps it
        same = "The same partners as in the published plan for a number of partners."
        tab.click(tab_called("What if"), until=has(same))
        tab.wait(has("±0 points"))
        tab.write(field("3"), "1")
        tab.wait(has("2 left out"))
        assert tab.ask(has("−"))
        tab.wait('location.search.includes("number=1")')
        tab.write(field("1"), "none")
        tab.wait(has("“none” is no number of partners."))

        # a question of one's own
        tab.click(tab_called("Ask in SQL"), until=has("What the file answers by itself"))
        tab.click(button_called("Ask"), until=has("10 rows."))
        assert tab.ask("seen.violations") == []

        # a publication goes through while the page is open, is noticed, and is read
        publish_world("r2", "DELETE FROM partner_rankings WHERE rank > 7; DELETE FROM evidence;")
        tab.wait(has("A new publication is there."))
        tab.click(button_called("Show it"), until=has("7 candidates"))
        assert tab.wait(f"!{has('A new publication is there.')}")

        # a link reopens the choice; nothing hostile ran, and nothing was asked of anybody else
        tab.open(f"{address}?section=What+if&drop=id0,id2&number=2")
        tab.wait(has("Reached, by trust"))
        assert tab.ask("allOf(document, 'td a').length") == 2
        assert not tab.ask("allOf(document, 'td a').some((link) => /who=(id0|id2)$/.test(link.href))")
        assert tab.ask("'owned' in window") is False
        assert tab.ask("seen.violations") == []
        assert tab.ask("seen.errors") == []
        strange = [url for url in tab.requests if not url.startswith((address, "data:", "blob:"))]
        assert strange == []

        # a foreign site gets nothing, under whatever name
        own = address.split("/")[2]
        for headers in ({"Host": "evil.example"}, {"Host": own, "Origin": "http://evil.example"}):
            with closing(HTTPConnection(own)) as line:
                line.request("GET", "/", headers=headers)
                assert line.getresponse().status == 403
        with (
            pytest.raises(InvalidStatus),
            connect(f"ws://{own}/ws", origin="http://evil.example", proxy=None),
        ):
            pass


@pytest.mark.parametrize("is_published", [True, False])
def test_the_notebook_runs_as_a_script(publish_world, tmp_path, is_published):
    home = publish_world().parent if is_published else tmp_path / "nothing"
    done = subprocess.run(
        [sys.executable, "pipelines/explore/notebook.py"],
        env={**os.environ, "VOUCH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_without_its_libraries_the_command_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda name: None if name == "altair" else name)
    done = CliRunner().invoke(vouch, ["app"])
    assert done.exit_code == 1
    assert "not installed: altair." in done.stderr
    assert "'.[app]'" in done.stderr


def test_a_taken_port_is_said(tmp_path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(vouch, ["app", "--port", str(port), "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert f"Port {port} is taken" in done.stderr


def test_editing_is_done_on_a_copy_that_keeps_ones_own_cells(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    notebook = server.own_notebook(home)
    assert notebook.is_relative_to(home.root)
    assert str(server.NOTEBOOK.parent / "templates" / "page.css") in notebook.read_text(encoding="utf-8")
    notebook.write_text("import marimo\n", encoding="utf-8")
    assert server.own_notebook(home).read_text(encoding="utf-8") == "import marimo\n"

    kept = notebook.parent / "__marimo__" / "session"
    kept.mkdir(parents=True)
    monkeypatch.setattr(server.sys, "executable", shutil.which("true"))
    done = CliRunner().invoke(vouch, ["app", "--edit", "--no-browser", "--home", str(home.root)])
    assert done.exit_code == 0
    assert str(notebook) in done.stderr
    assert not kept.exists()
