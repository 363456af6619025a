"""Every night the last folder again, for the day that has just ended."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from assets.partitions import RUN_ID_TAG
from pipelines.home import Home
from pipelines.jobs import LAUNCHED_BY_TAG, NETWORK_JOB
from pipelines.requests import Source, network_config, remember_source
from pipelines.schedules import nightly_schedule


def evaluated(home, at):
    context = dg.build_schedule_context(scheduled_execution_time=at)
    return nightly_schedule(home)(context)


def test_without_a_source_the_tick_is_skipped_and_says_what_to_do(tmp_path):
    skipped = evaluated(Home(tmp_path), datetime(2024, 6, 1, 3, tzinfo=UTC))
    assert isinstance(skipped, dg.SkipReason)
    assert "vouch run --data DIR" in skipped.skip_message


def test_a_tick_runs_yesterday_with_the_settings_of_the_last_run(tmp_path):
    home, source = Home(tmp_path), Source("/data", reject_limit=0.5)
    remember_source(home, source)
    asked = evaluated(home, datetime(2024, 3, 1, 3, tzinfo=UTC))
    assert (asked.job_name, asked.partition_key, asked.run_key) == (
        NETWORK_JOB,
        "2024-02-29",
        "nightly-2024-02-29",
    )
    assert asked.run_config == network_config(source)
    assert asked.tags[LAUNCHED_BY_TAG] == "nightly"
    assert asked.tags[RUN_ID_TAG]


def test_it_runs_at_night_in_utc_without_being_switched_on(tmp_path):
    schedule = nightly_schedule(Home(tmp_path))
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 3 * * *", "UTC")
