"""The pictures of the report in docs/images, for the README: the demo's report as Chromium shows it.

`make demo`, then `python -m tests.benchmarks.report_picture`; a home elsewhere is named by --home.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipelines.home import Home
from pipelines.report import write_report
from tests.pipelines.report.browser import CHROMIUM, started

if TYPE_CHECKING:
    from tests.pipelines.report.browser import Browser

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
AUDIENCE = "northbean-customers"
WIDTH = 1280
MOST_BYTES = 300_000


def main():
    """Write both pictures; a file that would be too large for a README is an error."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, default=Path("vouch-home"), help="a home that vouch demo made")
    home = Home(options.parse_args().home)
    if CHROMIUM is None:
        raise SystemExit("Chromium is not on PATH.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="vouch-picture-") as folder:
        report = write_report(home.published, AUDIENCE, Path(folder) / "report.html")
        with started(Path(folder) / "profile") as browser:
            _take(browser, report.path, IMAGES / "report.png", height=1000)
            _take(browser, report.path, IMAGES / "report-evidence.png", height=900, is_card=True)


def _take(browser: Browser, page: Path, out: Path, *, height: int, is_card: bool = False):
    """One picture: the head of the page, or the ranked list with the evidence of the first in its drawer."""
    browser.size(WIDTH, height)
    browser.media(color_scheme="dark" if is_card else "light", reduced_motion="reduce")
    browser.call("Emulation.setScrollbarsHidden", hidden=True)
    browser.open(page)
    if is_card:
        browser.do("document.querySelector('#ranking').scrollIntoView({behavior: 'instant'})")
        browser.do("document.querySelector('#ranked tbody a[data-open]').click()")
        browser.until("document.querySelector('#drawer[open]')")
    browser.do("await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    browser.picture(out)
    size = out.stat().st_size
    print(f"{out}: {size:,} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"{out} is larger than {MOST_BYTES:,} bytes.")


if __name__ == "__main__":
    main()
