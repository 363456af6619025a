"""The jobs are made anew on each call, in the order in which they run."""

from __future__ import annotations

from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB, PUBLISH_JOB, jobs


def test_jobs_in_their_order_and_fresh():
    first, second = jobs(), jobs()
    assert [job.name for job in first] == [NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB]
    assert not [job for job in first if any(job is other for other in second)]
