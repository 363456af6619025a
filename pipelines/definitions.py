"""The code location: everything Dagster shows and runs, made by a function so that tests make their own.

Nothing is built on import; Dagster calls `defs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import (
    audience,
    audience_talk,
    communities,
    conversation,
    graph,
    history,
    inputs,
    partner_communities,
    partner_evidence,
    partners,
    portfolio,
    published,
    resampled,
    trust,
    word_of_mouth,
)
from assets.shill import (
    brands,
    coordination,
    copies,
    followers,
    groups,
    growth,
    impersonation,
    lockstep,
    neighbourhood,
    pods,
    probability,
    reviews,
    sponsorship,
)
from pipelines.alert_sensors import alert_sensors
from pipelines.backfills import partition_configs
from pipelines.home import Home, find_home
from pipelines.jobs import jobs
from pipelines.lake import Lake
from pipelines.resources import resources
from pipelines.schedules import nightly_schedule
from pipelines.sensors import sensors
from pipelines.taking_turns import taking_turns

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGES = (
    inputs,
    graph,
    audience,
    trust,
    communities,
    conversation,
    word_of_mouth,
    resampled,
    growth,
    followers,
    lockstep,
    neighbourhood,
    impersonation,
    pods,
    coordination,
    sponsorship,
    brands,
    copies,
    groups,
    reviews,
    probability,
    partners,
    partner_communities,
    partner_evidence,
    audience_talk,
    portfolio,
    history,
    published,
)


def build_defs(
    home: Home | None = None, overrides: Mapping[str, Any] | None = None, *, retries: bool = True
) -> dg.Definitions:
    """Definitions bound to a home.

    Args:
        home: Where runs keep what they make; by default VOUCH_HOME or `vouch-home` in the current folder.
        overrides: Resources to put in place of the real ones, by name, for tests.
        retries: Whether steps are tried again after a failure that may pass.
    """
    chosen = home or find_home()
    lake = Lake(chosen.lake)
    all_jobs = jobs(partition_configs(chosen, lake), retries=retries)
    return dg.Definitions(
        assets=dg.load_assets_from_modules(STAGES),
        jobs=all_jobs,
        schedules=[nightly_schedule(chosen)],
        sensors=[*sensors(chosen, lake, all_jobs), *alert_sensors(chosen)],
        resources={**resources(chosen), **(overrides or {})},
        executor=taking_turns(chosen),
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The code location that workspace.yaml names."""
    return build_defs()
