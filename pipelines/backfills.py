"""What a run of a partition is told when it is launched in Dagster itself: alone, or by a backfill of many.

A command, the schedule and the sensors say what they run. A person who picks days and audiences in the UI
does not, and means: the data folder of before, with its settings. What was chosen is written into the run,
as if it had been typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.partitions import (
    AUDIENCE_DIMENSION,
    DAY_DIMENSION,
    audience_days,
    audience_of_key,
    snapshot_days,
)
from pipelines.errors import VouchError
from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB
from pipelines.requests import Source, audience_config, last_source, network_config

if TYPE_CHECKING:
    from pipelines.home import Home
    from pipelines.lake import Lake


def partition_configs(home: Home, lake: Lake) -> dict[str, dg.PartitionedConfig]:
    """Job to what its runs are told of a partition."""

    def network(_: str) -> dict[str, Any]:
        return network_config(_remembered(home))

    def audience(key: str) -> dict[str, Any]:
        name, day = _audience_and_day(key)
        return audience_config(source_of_day(home, lake, day), name)

    # No tags: those of a partition would take the place of what a command or a sensor says of its run.
    return {
        NETWORK_JOB: dg.PartitionedConfig(snapshot_days, run_config_for_partition_key_fn=network),
        AUDIENCE_JOB: dg.PartitionedConfig(audience_days, run_config_for_partition_key_fn=audience),
    }


def source_of_day(home: Home, lake: Lake, day: str) -> Source:
    """The data folder that the inputs of a day come from, with its settings where it is the one run last.

    Raises:
        VouchError: The day has no inputs yet.
    """
    if not lake.has_inputs(day):
        raise VouchError(
            f"There is no network of {day} yet, so that no audience of it can be ranked.",
            remedy=f"Run the job {NETWORK_JOB} of that day first; the audiences then follow by themselves.",
        )
    data_dir = lake.source(day)["data_dir"]
    remembered = last_source(home)
    return remembered if remembered and remembered.data_dir == data_dir else Source(data_dir)


def _remembered(home: Home) -> Source:
    source = last_source(home)
    if source is None:
        raise VouchError(
            f"No data folder has been run in {home.root} yet.",
            remedy="Run one first: vouch run --data DIR. A backfill then reads it as of other days.",
        )
    return source


def _audience_and_day(key: str) -> tuple[str, str]:
    found = audience_days.get_partition_key_from_str(key).keys_by_dimension
    return audience_of_key(found[AUDIENCE_DIMENSION]), found[DAY_DIMENSION]
