"""What is worth an alert in a published file: partners that turned, members and coverage that went."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime

import duckdb
import pytest

from pipelines.alerts import COVERAGE_DROPPED, PARTNER_TURNED, look
from pipelines.ingest import ingest_dataset
from pipelines.lake import Lake
from pipelines.published import SCHEMA_VERSION
from pipelines.statements import sql_text

FIRST_RUN = """
INSERT INTO about VALUES ($schema_version, '0', '1', TIMESTAMP '2026-11-02');
INSERT INTO runs BY NAME SELECT 'r1' AS run_id, 'tiny' AS network, 'Runners' AS audience,
    DATE '2026-11-01' AS as_of, TIMESTAMP '2026-11-02' AS finished_at, 40 AS audience_size;
INSERT INTO partner_rankings BY NAME SELECT 'r1' AS run_id, 'Runners' AS audience, i + 1 AS rank,
    'id' || i AS account_id, 'Voice' || i AS handle, i < 3 AS is_pick,
    CASE WHEN i < 35 THEN 'recommended' ELSE 'watch' END AS status FROM range(40) AS t(i);
"""


def next_run(run_id, before, days):
    return f"""
    INSERT INTO runs BY NAME SELECT * REPLACE ('{run_id}' AS run_id, as_of + {days} AS as_of,
        finished_at + to_days({days}) AS finished_at) FROM runs WHERE run_id = '{before}';
    INSERT INTO partner_rankings BY NAME SELECT * REPLACE ('{run_id}' AS run_id)
        FROM partner_rankings WHERE run_id = '{before}';
    """  # noqa: S608 - our own words


SECOND_RUN = next_run("r2", "r1", 1)
TURNED = """
UPDATE partner_rankings SET status = 'avoid', status_reason = 'shill_probability_low'
    WHERE run_id = 'r2' AND account_id = 'id1';
UPDATE partner_rankings SET status = 'watch', status_reason = 'lift_low', handle = 'x' || chr(8238) || 'y'
    WHERE run_id = 'r2' AND account_id = 'id7';
UPDATE partner_rankings SET status = 'not_enough_data' WHERE run_id = 'r2' AND account_id = 'id8';
UPDATE partner_rankings SET status = 'avoid' WHERE run_id = 'r2' AND account_id = 'id37';
DELETE FROM partner_rankings WHERE run_id = 'r2' AND account_id = 'id9';
"""
COVERAGE = """
INSERT INTO quality.coverage
    SELECT 'tiny', DATE '2026-11-01', subject, measure, value, 60, 'Said so.'
    FROM (VALUES ('accounts', 'listed_share', 0.9), ('profiles', 'profiled_share', 0.05),
        ('accounts', 'private_share', 0.5), ('rows', 'follows_rejected_share', 0.5))
        AS t(subject, measure, value);
"""


@pytest.fixture
def published(tmp_path):
    """A file of the published schema with one run of one audience, and what a test changes."""

    def write(*changes):
        path = tmp_path / "partners.duckdb"
        first = FIRST_RUN.replace("$schema_version", str(SCHEMA_VERSION))
        with closing(duckdb.connect(str(path))) as connection:
            for statements in (sql_text("published/schema"), sql_text("published/views"), first, *changes):
                connection.execute(statements)
        return path

    return write


def test_the_first_look_compares_the_newest_two_runs(published):
    path = published(SECOND_RUN, TURNED)
    alerts, memory = look(path, {}, 0.1)
    assert [alert.kind for alert in alerts] == [PARTNER_TURNED]
    found = alerts[0]
    assert found.text == (
        "2 partners recommended to Runners on 2026-11-01 are so no longer on 2026-11-02, 1 of the portfolio "
        "among them."
    )
    assert found.details == (
        "@Voice1: avoid: risk (was number 2, in the portfolio)",
        "@xy: watch: not special here (was number 8)",
    )
    assert (found.audience, found.run_id) == ("Runners", "r2")
    assert memory["runs"] == {"Runners": "r2"}
    assert look(path, memory, 0.1)[0] == []
    assert look(path, {}, 0.1)[0][0].event == found.event  # the same event has the same name


def test_nothing_is_lost_where_runs_came_in_between(published):
    path = published(SECOND_RUN, TURNED, next_run("r3", "r2", 1))
    assert look(path, {"runs": {"Runners": "r2"}}, 0.1)[0] == []
    alerts, _ = look(path, {"runs": {"Runners": "r1"}}, 0.1)
    assert "2 partners recommended to Runners on 2026-11-01" in alerts[0].text
    assert alerts[0].run_id == "r3"


def test_filling_in_an_old_day_is_no_news(published):
    path = published(next_run("r2", "r1", -1), TURNED)
    assert look(path, {"runs": {"Runners": "r1"}}, 0.1)[0] == []


def test_a_change_of_the_question_is_said(published):
    path = published(SECOND_RUN, TURNED, "UPDATE runs SET weights_version = run_id")
    assert "Settings or weights were changed" in look(path, {}, 0.1)[0][0].text


def test_a_single_run_is_compared_with_nothing(published):
    assert look(published(), {}, 0.1)[0] == []


@pytest.mark.parametrize(("left", "is_told"), [(37, False), (36, True), (0, True)])
def test_members_that_the_data_no_longer_know(published, left, is_told):
    path = published(SECOND_RUN, f"UPDATE runs SET audience_size = {left} WHERE run_id = 'r2'")  # noqa: S608
    alerts, _ = look(path, {}, 0.1)
    assert [alert.kind for alert in alerts] == [COVERAGE_DROPPED] * is_told
    if is_told:
        assert f"The data know {left} members of Runners on 2026-11-02, after 40" in alerts[0].text


def test_an_audience_that_is_listed_no_more_is_told_once(published):
    path = published()
    _, memory = look(path, {}, 0.1)
    lost = memory | {"runs": memory["runs"] | {"Walkers": "r0"}}
    (alert,), remembered = look(path, lost, 0.1)
    assert (alert.kind, alert.audience) == (COVERAGE_DROPPED, "Walkers")
    assert alert.text.startswith(
        "Walkers is listed no more. The data of 2026-11-01 do not name it, or it cannot be ranked"
    )
    assert look(path, remembered, 0.1)[0] == []
    assert look(path, lost | {"network": "another"}, 0.1)[0] == []


def test_an_audience_that_is_listed_no_more_is_told_with_the_reason_of_the_ingest(published, tmp_path):
    path, data, lake = published(), tmp_path / "data", Lake(tmp_path / "lake")
    data.mkdir()
    (data / "follows.csv").write_text("follower_id,followee_id\na,b\n")
    (data / "accounts.csv").write_text("account_id,handle\na,ann\n")
    (data / "audience_members.csv").write_text("audience,account_id\nRunners,a\nWalkers,@ann\n")
    inputs = lake.inputs("2026-11-01")
    ingest_dataset(data, inputs, now=datetime(2026, 11, 2, tzinfo=UTC), as_of=date(2026, 11, 1))
    _, memory = look(path, {}, 0.1, lake)
    memory["runs"] |= {"Walkers": "r0", "Riders": "r0"}
    of_walkers, of_riders = (alert.text for alert in look(path, memory, 0.1, lake)[0])
    assert of_walkers.startswith("Walkers is listed no more. Its one member does not appear in accounts,")
    assert of_walkers.endswith(" Its last list is kept as history.")
    assert "one is known under another name. Write the account_id there" in of_walkers
    assert "ann" not in of_walkers  # an alert leaves the machine
    assert of_riders.startswith("Riders is listed no more. The data of 2026-11-01 do not name it. Its last")


def test_coverage_is_compared_with_what_was_seen_last(published):
    path = published(COVERAGE)
    first, memory = look(path, {}, 0.1)
    assert first == []
    assert set(memory["coverage"]) == {"listed_share", "profiled_share"}
    seen = {"listed_share": 1.0, "profiled_share": 0.059, "growth_measured_share": 0.3}
    before = {**memory, "coverage": seen}
    alerts, _ = look(path, before, 0.1)
    assert [alert.kind for alert in alerts] == [COVERAGE_DROPPED]
    assert alerts[0].details == (
        "listed_share: 100.0 %, now 90.0 %. Said so.",
        "growth_measured_share: 30.0 %, now not known.",
    )
    assert look(path, before, 0.5)[0][0].details == ("growth_measured_share: 30.0 %, now not known.",)
    assert look(path, {**before, "network": "another"}, 0.1)[0] == []


def test_a_long_list_is_cut_and_says_so(published):
    path = published(SECOND_RUN, "UPDATE partner_rankings SET status = 'watch' WHERE run_id = 'r2'")
    alerts, _ = look(path, {}, 0.1)
    assert len(alerts[0].details) == 21
    assert alerts[0].details[-1] == "and 15 more"
    assert "3 of the portfolio" in alerts[0].text
