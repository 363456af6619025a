"""What a job is told, and the source that the night runs again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.partitions import DATA_TAG, RUN_ID_TAG, audience_key, audience_of_key
from pipelines.definitions import build_defs
from pipelines.home import Home
from pipelines.jobs import AUDIENCE_JOB, LAUNCHED_BY_TAG, NETWORK_JOB, PUBLISH_JOB
from pipelines.requests import (
    Source,
    audience_config,
    audience_partition,
    audience_request,
    last_source,
    network_config,
    network_request,
    new_run_id,
    publish_request,
    remember_source,
    settings_of,
)
from pipelines.settings import Settings

SOURCE = Source("/data/ü", config_file="/data/x.toml", reject_limit=0.2, picks=4, budget=900.5)


def test_run_ids_sort_by_time_and_differ():
    early = new_run_id(datetime(2024, 5, 31, 3, tzinfo=UTC))
    late = new_run_id(datetime(2024, 11, 1, tzinfo=UTC))
    assert early.startswith("20240531T030000Z-")
    assert early < late
    assert len({new_run_id() for _ in range(20)}) > 15


def test_the_source_is_remembered_whole(tmp_path):
    home = Home(tmp_path / "new" / "home")
    assert last_source(home) is None
    remember_source(home, Source("/elsewhere"))
    remember_source(home, SOURCE)
    assert last_source(home) == SOURCE
    assert [path.name for path in home.root.iterdir()] == ["source.json"]


def test_requests_carry_partition_settings_and_tags():
    asked = network_request(SOURCE, "2024-05-31", run_key="k", launched_by="nightly")
    assert (asked.job_name, asked.partition_key, asked.run_key) == (NETWORK_JOB, "2024-05-31", "k")
    assert (asked.tags[DATA_TAG], asked.tags[LAUNCHED_BY_TAG]) == ("/data/ü", "nightly")
    follow = audience_request("fans", "2024-05-31", SOURCE, asked.tags, after="n1")
    assert follow.job_name == AUDIENCE_JOB
    assert follow.partition_key == audience_partition("fans", "2024-05-31")
    assert follow.tags[RUN_ID_TAG] == asked.tags[RUN_ID_TAG]
    other = audience_request("others", "2024-05-31", SOURCE, asked.tags, after="n1")
    assert follow.run_key != other.run_key
    last = publish_request(asked.tags, after="a1")
    assert (last.job_name, last.partition_key) == (PUBLISH_JOB, None)
    assert publish_request(asked.tags, after="a1").run_key == last.run_key  # asked twice, run once


def test_what_is_executed_again_with_the_same_tags_is_followed_again():
    tags = network_request(SOURCE, "2024-05-31", run_key="k", launched_by="nightly").tags
    keys = {audience_request("fans", "2024-05-31", SOURCE, tags, after=run).run_key for run in ("n1", "n2")}
    assert len(keys) == 2
    assert publish_request(tags, after="a1").run_key != publish_request(tags, after="a2").run_key


@pytest.mark.parametrize("source", [SOURCE, Source("/data")])
def test_the_jobs_accept_their_settings(tmp_path, source):
    location = build_defs(Home(tmp_path))
    for job, config in (
        (NETWORK_JOB, network_config(source)),
        (AUDIENCE_JOB, audience_config(source, "fans")),
    ):
        definition = location.resolve_job_def(job)
        for name, settings_of_op in config["ops"].items():
            fields = definition.get_node_named(name).definition.config_schema.config_type.fields
            assert set(settings_of_op["config"]) <= set(fields)


def test_no_budget_leaves_the_plan_out():
    assert audience_config(Source("/d"), "fans")["ops"]["partner_portfolio"]["config"] == {"picks": 10}


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a|%.\n\x00é🎉 /2E"), max_size=12))
def test_any_audience_survives_being_a_partition_key(name):
    key = audience_key(name)
    assert audience_of_key(key) == name
    assert "|" not in key
    assert "..." not in key


def test_settings_of_the_dataset_reach_the_steps_they_change(tmp_path):
    (tmp_path / "dataset.toml").write_text(
        '[interaction_weights]\nlike = 0\n[baselines]\nfans = "category:coffee"\n', encoding="utf-8"
    )
    source = Source(str(tmp_path))
    assert network_config(source)["ops"]["interaction_graph"] == {"config": {"weights": {"like": 0.0}}}
    assert audience_config(source, "fans")["ops"]["audience_affinity"] == {
        "config": {"baseline": "category:coffee"}
    }
    assert "audience_affinity" not in audience_config(source, "others")["ops"]


def test_a_baseline_asked_of_the_run_goes_before_that_of_the_dataset(tmp_path):
    (tmp_path / "dataset.toml").write_text('[baselines]\nfans = "category:coffee"\n', encoding="utf-8")
    source = Source(str(tmp_path), baseline="audience:others")
    assert audience_config(source, "fans")["ops"]["audience_affinity"]["config"] == {
        "baseline": "audience:others"
    }
    # compared with itself it would have nobody: the network stays
    assert "audience_affinity" not in audience_config(source, "others")["ops"]


def test_a_dataset_file_that_cannot_be_used_is_left_to_the_ingest(tmp_path):
    (tmp_path / "dataset.toml").write_text("[baselines\n", encoding="utf-8")
    assert settings_of(Source(str(tmp_path))) == Settings()
    assert settings_of(Source(str(tmp_path / "absent"))) == Settings()
