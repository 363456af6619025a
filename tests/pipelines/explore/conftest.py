"""A small published file whose portfolio is the one that the kernel chooses on it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graph.partners.portfolio import PortfolioRules, select_portfolio
from pipelines.explore.reading import open_file, read_audience, read_audiences
from tests.conftest import publish_small_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEMBERS = """
ALTER TABLE partner_rankings ADD COLUMN platform VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN language VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN display_name VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN status_reason VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN community INTEGER;
ALTER TABLE partner_rankings ADD COLUMN price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN currency VARCHAR;
UPDATE partner_rankings SET platform = CASE WHEN rank % 2 = 0 THEN 'insta' ELSE 'tube' END,
    language = 'en', display_name = 'Voice No. ' || rank, community = rank % 3 - 1,
    status_reason = CASE WHEN status = 'watch' THEN 'shill_probability_high' ELSE 'all_bars_met' END;
UPDATE partner_rankings SET price = 100.0 * rank, currency = 'EUR' WHERE rank <= 12;
CREATE TABLE communities AS SELECT * FROM (VALUES
    ('r1', 'Runners', 0, 30, 'trails and dogs · around @Voice2'), ('r1', 'Runners', 1, 5, NULL)
) AS t(run_id, audience, community, members, name);
CREATE TABLE audience_members AS
    SELECT run_id, 'Runners' AS audience, 'id' || i AS account_id, 'Voice' || i AS handle,
        CASE WHEN i < 50 THEN 1.0 ELSE 0.5 END AS weight
    FROM range(20, 60) AS t(i), (SELECT DISTINCT run_id FROM partner_rankings);
"""
PUBLISHED = """
CREATE OR REPLACE TABLE portfolio AS SELECT run_id, audience, 'count' AS plan, true AS is_vetted, picks.*
FROM (VALUES %s) AS picks(
    account_id, handle, pick, adds, adds_share, cumulative_share, new_members, cumulative_members
), (SELECT DISTINCT run_id, audience FROM partner_rankings);
"""
PICKS = 3
N_MEMBERS = 40


def small_lists():
    """Whom each candidate of the small world reaches, from the formula of its follows."""
    reach = [set() for _ in range(20)]
    for follower in range(20, 60):
        for step in range(6):
            reach[(follower * 7 + step * step) % 20].add(follower - 20)
    return [sorted(members) for members in reach]


def portfolio() -> str:
    """The statement that publishes the picks that the kernel chooses on the small world."""
    reach = small_lists()
    offsets = np.concatenate(([0], np.cumsum([len(members) for members in reach])))
    weight = np.where(np.arange(N_MEMBERS) < 30, 1.0, 0.5)
    score = 1 - np.arange(20) / 20
    rules = PortfolioRules(eligible=np.arange(20) < 15)
    found = select_portfolio(offsets, np.concatenate(reach), weight, score, count=PICKS, rules=rules)
    total, members = found.audience_weight, np.cumsum(found.new_members)
    columns = (found.picks, found.gain, found.cumulative, found.new_members)
    columns = [column.tolist() for column in columns]
    picks = ", ".join(
        str((f"id{pick}", f"Voice{pick}", at + 1, gain, gain / total, reached / total, new, int(members[at])))
        for at, (pick, gain, reached, new) in enumerate(zip(*columns, strict=True))
    )
    return PUBLISHED % picks


@pytest.fixture
def publish_world(publish_small) -> Callable[..., Path]:
    """Publishes the small world with its members and the portfolio of three that the kernel chooses."""

    def publish(run_id: str = "r1", change: str = "") -> Path:
        return publish_small(run_id, MEMBERS + portfolio() + change)

    return publish


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Path:
    """The same, published once; tests only read it."""
    return publish_small_world(tmp_path_factory.mktemp("explored"), "r1", MEMBERS + portfolio())


@pytest.fixture(scope="session")
def view(world):
    """The small world's audience."""
    with closing(open_file(world)) as connection:
        return read_audience(connection, read_audiences(connection)[0])
