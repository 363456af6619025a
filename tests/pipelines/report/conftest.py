"""Pages made from a small published file, and a look at what is in them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from pipelines.report import write_report

if TYPE_CHECKING:
    from collections.abc import Callable

AUDIENCE = "Runners"
FULL = """
ALTER TABLE partner_rankings ADD COLUMN display_name VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN audience_size BIGINT;
ALTER TABLE partner_rankings ADD COLUMN audience_followers BIGINT;
ALTER TABLE partner_rankings ADD COLUMN reach_share DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN lift_low DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN signals_measured INTEGER;
ALTER TABLE partner_rankings ADD COLUMN price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN currency VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN status_reason VARCHAR;
UPDATE partner_rankings SET display_name = 'Voice No. ' || rank, audience_size = 40,
    audience_followers = 24 - rank, reach_share = (24 - rank) / 40, lift_low = 3.0, signals_measured = 4,
    status_reason = 'all_bars_met';
UPDATE partner_rankings SET price = 100.0 * rank, currency = 'EUR' WHERE rank IN (2, 10);
ALTER TABLE portfolio ADD COLUMN new_members BIGINT;
ALTER TABLE portfolio ADD COLUMN cumulative_members BIGINT;
ALTER TABLE portfolio ADD COLUMN cumulative_members_share DOUBLE;
UPDATE portfolio SET new_members = 8, cumulative_members = 8 * pick, cumulative_members_share = 0.2 * pick;
"""
"""A change of the small world that gives its candidates the figures of a whole run."""


INLINE = frozenset({"a", "b", "bdi", "code", "span", "strong", "time"})


class Page(HTMLParser):
    """The elements of a page and its text, as a browser without scripts would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._pieces: list[str] = []
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._silent += tag in {"script", "style"}
        self._part(tag)

    def handle_endtag(self, tag):
        self._silent -= tag in {"script", "style"}
        self._part(tag)

    def handle_data(self, data):
        if not self._silent:
            self._pieces.append(data)

    def _part(self, tag):
        if tag not in INLINE:
            self._pieces.append(" ")

    @property
    def text(self) -> str:
        return " ".join("".join(self._pieces).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]


@pytest.fixture
def page_of(publish_small, tmp_path) -> Callable[..., Page]:
    """Publishes the small world after some changes, writes the report and reads it back."""

    def make(*changes: str, audience: str = AUDIENCE) -> Page:
        written = write_report(publish_small(change="".join(changes)), audience, tmp_path / "report.html")
        return Page(written.path.read_text(encoding="utf-8"))

    return make
