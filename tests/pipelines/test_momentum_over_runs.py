"""Three days of one generated world: a rise that was planted is found, and what merely wobbles is not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.progress import SilentObserver
from pipelines.published import open_published
from pipelines.requests import Source
from pipelines.run import run_pipeline

AUDIENCE = "northbean-customers"
DAYS = (date(2026, 8, 1), date(2026, 9, 15), date(2026, 11, 1))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The published file after the three days, and the id of the account that rises."""
    root = tmp_path_factory.mktemp("momentum")
    world = generate_world(7, 1000)
    members = world.tables["audience_members"].filter(pl.col("audience") == AUDIENCE)["account_id"]
    follows = world.tables["follows"]
    counts = follows.filter(pl.col("followee_id").is_in(members.implode()).not_())
    counts = counts.filter(pl.col("follower_id").is_in(members.implode())).group_by("followee_id").len()
    riser = counts.filter(pl.col("len").is_between(5, 12)).sort("len", "followee_id")["followee_id"][0]
    free = members.filter(
        ~members.is_in(follows.filter(pl.col("followee_id") == riser)["follower_id"].implode())
    )
    each = len(free) // 4  # three quarters of them, in as many waves as there are days
    waves = [free[place * each : (place + 1) * each] for place in range(len(DAYS))]
    new = pl.concat(
        [
            pl.DataFrame(
                {
                    "follower_id": wave,
                    "followee_id": riser,
                    "followed_at": datetime.combine(day - timedelta(days=10), datetime.min.time()),
                }
            )
            for day, wave in zip(DAYS, waves, strict=True)
        ]
    )
    world.tables["follows"] = pl.concat([follows, new], how="diagonal_relaxed").select(follows.columns)
    source = Source(data_dir=str(write_world(world, root / "data")))
    home = Home(root / "home")
    for day in DAYS:
        run_pipeline(home, source, audiences=[AUDIENCE], as_of=day, observer=SilentObserver())
    with open_published(home.published) as connection:
        yield connection, riser


def test_the_planted_rise_is_found_and_hardly_anybody_else(published):
    connection, riser = published
    query = "SELECT account_id, direction FROM momentum WHERE quantity = 'reach_share_cleaned'"
    direction = dict(connection.execute(query).fetchall())
    assert direction.pop(riser) == "rising"
    told = [way for way in direction.values() if way != "not_enough_data"]
    assert len(told) > 50
    assert sum(way != "steady" for way in told) <= 0.02 * len(told)


def test_a_ranking_shows_it_and_the_score_does_not_know_it(published):
    connection, riser = published
    runs, change = connection.execute(
        "SELECT momentum_runs, momentum_change FROM ranked_partners WHERE account_id = ?", [riser]
    ).fetchone()
    assert runs == len(DAYS)
    assert change > 0
    off = connection.execute(
        "SELECT count(*) FROM ranked_partners "
        "WHERE abs(score - trust_low * (1 - shill_probability_high)) > 1e-9"
    ).fetchone()[0]
    assert off == 0
