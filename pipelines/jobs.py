"""The three jobs of a Vouch run, in their order, and the tags that tie them together.

`network` makes what is true of the whole network on a day, `audience` what is true for one audience on that
day, `publish` the file and the reports that people read. They are three because their partitions differ: day,
audience × day, none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy  # not public, as the tag's name
from dagster._core.storage.tags import RETRY_STRATEGY_TAG

from assets.stages import GRAPH_STAGE, INPUTS_STAGE, PARTNERS_STAGE, PUBLISHED_STAGE, SHILL_STAGE, TRUST_STAGE
from pipelines.versions import vouch_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

NETWORK_JOB = "network"
AUDIENCE_JOB = "audience"
PUBLISH_JOB = "publish"

LAUNCHED_BY_TAG = "vouch/launched_by"
VERSION_TAG = "vouch/version"


# A share that is away for a moment, a disk that fills and empties: an unattended run should outlive these. It
# stands on the jobs and not on the assets, because Dagster also retries a step that Ctrl-C has stopped.
_RETRIES = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)


def jobs(
    config: Mapping[str, dg.PartitionedConfig] | None = None, *, retries: bool = True
) -> list[UnresolvedAssetJobDefinition]:
    """Fresh definitions of the three jobs.

    Args:
        config: Job to what a run of a partition is told that nobody told anything; see `pipelines.backfills`.
        retries: Whether a failed step is tried again; one that is certain to fail again never is.
    """
    policy, told = _RETRIES if retries else None, config or {}
    # One whose process was killed begins anew: meanwhile another run may have worked on the same day.
    tags = {VERSION_TAG: vouch_version(), RETRY_STRATEGY_TAG: ReexecutionStrategy.ALL_STEPS.value}
    return [
        dg.define_asset_job(
            NETWORK_JOB,
            selection=dg.AssetSelection.groups(INPUTS_STAGE.name, GRAPH_STAGE.name, SHILL_STAGE.name),
            description="Inputs, graphs and network-wide signals of one day.",
            config=told.get(NETWORK_JOB),
            tags=tags,
            op_retry_policy=policy,
        ),
        dg.define_asset_job(
            AUDIENCE_JOB,
            selection=dg.AssetSelection.groups(TRUST_STAGE.name, PARTNERS_STAGE.name),
            description="Trusted voices, ranking and portfolio of one audience on one day.",
            config=told.get(AUDIENCE_JOB),
            tags=tags,
            op_retry_policy=policy,
        ),
        dg.define_asset_job(
            PUBLISH_JOB,
            selection=dg.AssetSelection.groups(PUBLISHED_STAGE.name),
            description="The DuckDB file and the reports, built aside, verified and swapped in.",
            tags=tags,
            op_retry_policy=policy,
        ),
    ]
