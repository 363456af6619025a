"""The jobs are made anew on each call, in the order in which they run, and try again what may pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from pipelines import jobs as jobs_module
from pipelines.definitions import build_defs
from pipelines.home import Home
from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB, PUBLISH_JOB, jobs
from pipelines.publish.errors import PublishBusyError, PublishSourceError
from pipelines.resources import handled_as_failure

if TYPE_CHECKING:
    from pipelines.errors import VouchError

ATTEMPTS = 3


def test_jobs_in_their_order_and_fresh():
    first, second = jobs(), jobs()
    assert [job.name for job in first] == [NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB]
    assert not [job for job in first if any(job is other for other in second)]


@dataclass
class FailingPublisher:
    """A publisher that only fails, and counts how often it was asked."""

    error: VouchError
    asked: list[str] = field(default_factory=list)

    def publish(self, checks):  # noqa: ARG002 - the protocol's parameter
        self.asked.append("publish")
        with handled_as_failure():
            raise self.error


@pytest.mark.parametrize(
    ("error", "retries", "attempts"),
    [
        (PublishBusyError("Another publisher holds the lock."), True, ATTEMPTS),
        (PublishSourceError("There is nothing to publish."), True, 1),
        (PublishBusyError("Another publisher holds the lock."), False, 1),
    ],
    ids=["may pass", "is certain", "somebody waits at a terminal"],
)
def test_only_what_may_pass_is_tried_again(tmp_path, monkeypatch, error, retries, attempts):
    monkeypatch.setattr(jobs_module, "_RETRIES", dg.RetryPolicy(max_retries=ATTEMPTS - 1))
    publisher = FailingPublisher(error)
    location = build_defs(Home(tmp_path / "home"), {"publisher": publisher}, retries=retries)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        ran = location.resolve_job_def(PUBLISH_JOB).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    assert not ran.success
    assert len(publisher.asked) == attempts


@pytest.mark.parametrize("name", [NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB])
def test_every_job_tries_again_unless_told_not_to(tmp_path, name):
    for retries in (True, False):
        job = build_defs(Home(tmp_path), retries=retries).resolve_job_def(name)
        policies = {job.get_node_named(node.name).retry_policy or job._op_retry_policy for node in job.nodes}  # noqa: SLF001 - Dagster shows it nowhere else
        assert policies == {jobs_module._RETRIES if retries else None}  # noqa: SLF001 - the policy itself
