"""Pages made from a small published file, and a look at what is in them."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

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
TRUST_PARTS = """
ALTER TABLE partner_rankings ADD COLUMN conversation DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN conversation_low DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN conversation_high DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN conversation_part DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN answer_rate DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN replies_received BIGINT;
ALTER TABLE partner_rankings ADD COLUMN replies_answered BIGINT;
ALTER TABLE partner_rankings ADD COLUMN tone DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN tone_coverage DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN tone_messages BIGINT;
ALTER TABLE partner_rankings ADD COLUMN is_bridge BOOLEAN;
ALTER TABLE partner_rankings ADD COLUMN bridge_score DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN communities_covered INTEGER;
ALTER TABLE partner_rankings ADD COLUMN covered_communities INTEGER[];
ALTER TABLE partner_rankings ADD COLUMN momentum VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN momentum_change DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN momentum_runs INTEGER;
ALTER TABLE partner_rankings ADD COLUMN rank_in_tier INTEGER;
ALTER TABLE partner_rankings ADD COLUMN what_would_change VARCHAR;
UPDATE partner_rankings SET size_tier = 'mega', followers_count = 2000000 WHERE rank = 4;
UPDATE partner_rankings SET rank_in_tier = CASE WHEN rank = 4 THEN 1 ELSE rank - (rank > 4)::INTEGER END;
UPDATE partner_rankings SET conversation = 0.6, conversation_low = 0.5, conversation_high = 0.7,
    conversation_part = 0.06, answer_rate = 0.35, replies_received = 200, replies_answered = 70, tone = 0.5,
    tone_coverage = 0.4, tone_messages = 90, momentum = 'rising', momentum_change = 0.03, momentum_runs = 5,
    what_would_change = 'It would be first if its risk were known as surely as that of @Voice1.'
WHERE rank = 2;
UPDATE partner_rankings SET is_bridge = true, bridge_score = 0.8, communities_covered = 2,
    covered_communities = [0, 1] WHERE rank = 3;
CREATE TABLE audience_members AS
    SELECT 'r1' AS run_id, 'Runners' AS audience, 'id' || i AS account_id, 'Voice' || i AS handle,
        CASE WHEN i < 50 THEN 'full_weight' ELSE 'mass_following' END AS reason,
        CASE WHEN i < 50 THEN 1.0 ELSE 0.5 END AS weight
    FROM range(20, 60) AS t(i);
CREATE TABLE own_accounts AS SELECT 'r1' AS run_id, 'Runners' AS audience, 'own' AS account_id,
    'northbean' AS handle, 300 AS replies_received, 12 AS replies_answered, 0.04 AS answer_rate,
    0.02 AS answer_rate_low, 0.07 AS answer_rate_high, 5.0 AS answer_delay_hours, 'measured' AS state;
CREATE TABLE brand_talk AS SELECT 'r1' AS run_id, 'Runners' AS audience, 'North Bean' AS brand,
    'Members start 14 % of the talk.' AS sentence, 3 AS member_posts;
CREATE TABLE communities AS SELECT * FROM (VALUES
    ('r1', 'Runners', 0, 30, 'trails and dogs', ['trail', 'dog'], 0.9, false),
    ('r1', 'Runners', 1, 5, 'night runs', NULL, 0.3, true)
) AS t(run_id, audience, community, members, name, terms, stability, is_small);
CREATE TABLE community_voices AS SELECT * FROM (VALUES
    ('r1', 'Runners', 0, 'id2', 'Voice2', 1, 3, false, 0.5),
    ('r1', 'Runners', 1, 'id2', 'Voice2', 2, 3, false, 0.4),
    ('r1', 'Runners', 1, 'id9', 'Voice9', 1, 310, true, 0.8),
    ('r1', 'Runners', 1, 'id11', 'Voice11', 19, 999, true, 0.2)
) AS t(run_id, audience, community, account_id, handle, position, rank_overall, is_hidden_by_the_list, share);
CREATE TABLE advocates AS SELECT * FROM (VALUES
    ('r1', 'Runners', 'id1', 'Voice1', 'North Bean', TIMESTAMP '2026-02-01', 2, false, DATE '2026-01-05'),
    ('r1', 'Runners', 'id30', 'Voice30', 'North Bean', TIMESTAMP '2026-03-01', 3, true, NULL)
) AS t(run_id, audience, account_id, handle, brand, first_at, weeks, is_before_paid, first_paid_at);
CREATE TABLE momentum AS SELECT * FROM (VALUES
    ('r1', 'Runners', 'id1', 'Voice1', 'trust', 'rising', 0.03, 3.0),
    ('r1', 'Runners', 'id1', 'Voice1', 'reach_share_cleaned', 'falling', -0.012, -9.0),
    ('r1', 'Runners', 'id2', 'Voice2', 'trust', 'steady', 0.0, 0.1)
) AS t(run_id, audience, account_id, handle, quantity, direction, change_per_30_days, z);
"""
"""A change that gives the small world every part of trust."""


INLINE = frozenset({"a", "b", "bdi", "code", "span", "strong", "time"})


class Page(HTMLParser):
    """The elements of a page and its text, as a browser without scripts would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        # the library is nobody's text, and it would take the parser a second each time
        self.html = re.sub(r'(?s)<script type="module">.*?</script>', "<script></script>", html)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._pieces: list[str] = []
        self._silent = 0
        self.feed(self.html)
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
    def carried(self) -> dict[str, Any]:
        """What the page carries for its script, opened as the script does."""
        found = re.search(r'<script type="application/gzip" id="packed">([^<]*)</script>', self.html)
        return json.loads(gzip.decompress(base64.b64decode(found[1]))) if found else {}

    def candidates(self) -> list[dict[str, Any]]:
        """Rows of the table, as the page carries them."""
        carried = self.carried
        return [dict(zip(carried["columns"], row, strict=True)) for row in carried["candidates"]]

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
