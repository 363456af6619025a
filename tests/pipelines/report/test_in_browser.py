"""The page in a real browser: sorting, filtering, opening by link, hostile names, and not one request.

Runs where Chromium is installed, and says so where it is not.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pipelines.report import write_report
from tests.pipelines.report.conftest import AUDIENCE, FULL, TRUST_PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on PATH")

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # nothing listens there, so that no request could be answered
    "--proxy-server=127.0.0.1:9",
)
# Runs in the page before and after its own script, and leaves what it saw in the document.
WATCH = """<script>
window.seen = {violations: [], errors: []};
addEventListener("securitypolicyviolation", (event) => seen.violations.push(event.blockedURI));
addEventListener("error", (event) => seen.errors.push(String(event.message)), true);
</script>"""
ASK = """<script>
addEventListener("load", () => setTimeout(() => {
  const visible = () => [...document.querySelectorAll(".ranking tbody tr")].filter((row) => !row.hidden);
  const names = () => visible().map((row) => row.querySelector("bdi").textContent);
  const head = (title) => [...document.querySelectorAll(".ranking thead th")]
    .find((cell) => cell.textContent === title);
  const click = (title) => { head(title).querySelector("button").click(); return names(); };
  const fill = (name, value) => {
    const form = document.querySelector(".filters");
    form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
    return names();
  };
  const openCards = () => document.querySelectorAll("details[open]").length;
  const answers = (() => { %s })();
  Object.assign(seen, {
    answers,
    owned: "owned" in window,
    requests: performance.getEntriesByType("resource").map((entry) => entry.name),
  });
  const box = document.createElement("pre");
  box.id = "seen";
  box.textContent = JSON.stringify(seen);
  document.body.append(box);
}, 50));
</script>"""


def look(
    page: Path,
    question: str,
    tmp_path: Path,
    extra: str = "",
    fragment: str = "",
    options: Sequence[str] = (),
) -> dict:
    """What the browser saw on the page, after running the question in it."""
    text = page.read_text(encoding="utf-8")
    text = text.replace("<title>", f"{WATCH}<title>", 1)
    text = text.replace("</body>", f"{extra}{ASK % question}</body>", 1)
    watched = tmp_path / "watched.html"
    watched.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            *QUIET,
            *options,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=4000",
            "--dump-dom",
            watched.as_uri() + fragment,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        encoding="utf-8",
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-2000:]
    return json.loads(html.unescape(found[1]))


@pytest.fixture
def report(publish_small, tmp_path):
    """Writes the report on the small world after a change."""

    def make(change: str = "") -> Path:
        return write_report(publish_small(change=FULL + change), AUDIENCE, tmp_path / "report.html").path

    return make


def test_sorting_filtering_and_links(report, tmp_path):
    unknown = "UPDATE partner_rankings SET followers_count = NULL WHERE rank = 3;"
    question = """
      return {
        all: names(),
        byFollowers: click("Followers"),
        sortedBy: head("Followers").getAttribute("aria-sort"),
        byFollowersUp: click("Followers"),
        byName: click("Who"),
        byRank: click("Rank"),
        watched: fill("status", "watch"),
        picks: fill("status", "*"),
        both: fill("text", "VOICE2"),
        none: fill("text", "nobody of this name"),
        said: document.querySelector(".filters output").value,
        cards: openCards(),
      };
    """
    answers = look(report(unknown), question, tmp_path, fragment="#e2")["answers"]
    ranked = [f"@Voice{i}" for i in range(20)]
    assert answers["all"] == ranked
    # numbers sort as numbers (19,000 before 2,000), and the unknown one stays last both ways
    known = [name for name in ranked if name != "@Voice2"]
    assert answers["byFollowers"] == [*reversed(known), "@Voice2"]
    assert answers["sortedBy"] == "descending"
    assert answers["byFollowersUp"] == [*known, "@Voice2"]
    assert answers["byName"][:3] == ["@Voice0", "@Voice1", "@Voice10"]
    assert answers["byRank"] == ranked
    assert answers["watched"] == ranked[15:]
    assert answers["picks"] == ranked[:3]
    assert answers["both"] == ["@Voice2"]
    assert answers["none"] == []
    assert answers["said"] == "none of these: widen the filter"
    assert answers["cards"] == 1


def test_hostile_names_do_nothing_and_nothing_is_asked_for(report, tmp_path):
    hostile = """
      UPDATE partner_rankings SET handle = '"><img src=http://evil.example/x onerror=owned=1>' WHERE rank = 1;
      UPDATE partner_rankings SET handle = '</script><script>owned=1</script>' WHERE rank = 2;
      UPDATE partner_rankings SET display_name = '<svg onload=owned=1>';
      UPDATE evidence SET sentence = '<iframe src=javascript:owned=1>';
    """
    seen = look(report(hostile), "return names();", tmp_path)
    assert seen["owned"] is False
    assert seen["requests"] == []
    assert seen["violations"] == []
    assert seen["errors"] == []
    assert len(seen["answers"]) == 20
    assert seen["answers"][1] == "@</script><script>owned=1</script>"


def test_the_parts_of_trust_fit_a_phone_and_sort(report, tmp_path):
    question = """
      return {
        byConversation: click("Converses").slice(0, 2),
        wide: document.documentElement.scrollWidth,
        sticking: [...document.querySelectorAll("main *")]
          .filter((part) => !part.closest(".scroll") && part.getBoundingClientRect().right > innerWidth + 1)
          .map((part) => part.tagName + "." + part.className),
      };
    """
    seen = look(report(TRUST_PARTS), question, tmp_path, options=("--window-size=420,900",))
    assert seen["errors"] == []
    assert seen["violations"] == []
    assert seen["answers"]["byConversation"] == ["@Voice1", "@Voice0"]
    assert seen["answers"]["sticking"] == []


def test_a_request_would_be_refused_and_noticed(report, tmp_path):
    """The watch works: what the page never does is caught when the test does it."""
    stray = '<img src="http://evil.example/x.png" alt="">'
    assert look(report(), "return 0;", tmp_path, extra=stray)["violations"] == ["http://evil.example/x.png"]


def test_printing_opens_the_picks_and_restores_the_page(report, tmp_path):
    question = """
      const before = openCards();
      dispatchEvent(new Event("beforeprint"));
      const during = [openCards(), document.querySelectorAll(".ranking thead button").length];
      dispatchEvent(new Event("afterprint"));
      return [before, ...during, openCards(), document.querySelectorAll(".ranking thead button").length,
        click("Followers")[0]];
    """
    assert look(report(), question, tmp_path)["answers"] == [0, 3, 0, 0, 10, "@Voice19"]
