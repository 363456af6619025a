"""When things run by themselves: every night, on the data folder that was run last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.jobs import NETWORK_JOB
from pipelines.requests import last_source, network_request

if TYPE_CHECKING:
    from pipelines.home import Home

NIGHTLY = "0 3 * * *"


def nightly_schedule(home: Home) -> dg.ScheduleDefinition:
    """Runs the network job at 03:00 UTC for the day that has just ended; the sensors carry on from there.

    The data folder is the one that was run last in this home. Where none was, the tick is skipped and says
    so.
    """

    @dg.schedule(
        name="nightly",
        job_name=NETWORK_JOB,
        cron_schedule=NIGHTLY,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The last data folder again, as of the day that has just ended.",
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        source = last_source(home)
        if source is None:
            return dg.SkipReason(
                f"No data folder has been run in {home.root} yet. Run one with: vouch run --data DIR"
            )
        day = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
        return network_request(source, day, run_key=f"nightly-{day}", launched_by="nightly")

    return nightly
