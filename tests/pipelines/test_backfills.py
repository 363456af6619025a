"""Days and audiences that are picked in Dagster itself run as what was run before, and are published once."""

from __future__ import annotations

import json

import dagster as dg
import polars as pl
import pytest
from dagster._core.execution.backfill import BulkActionStatus

from assets.partitions import audience_key
from graph.network.followers import open_follower_graph
from pipelines.backfills import partition_configs, source_of_day
from pipelines.definitions import build_defs
from pipelines.errors import VouchError
from pipelines.home import Home
from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB, PUBLISH_JOB, jobs
from pipelines.lake import SOURCE_FILE, Lake
from pipelines.requests import Source, audience_config, audience_partition, network_config, remember_source
from pipelines.sensors import BACKFILL_ID_TAG, sensors

DAY, NAME = "2024-05-31", "fans | more"
KEY = audience_partition(NAME, DAY)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def configs(home):
    return partition_configs(home, Lake(home.lake))


def inputs_of(home, data_dir):
    path = Lake(home.lake).inputs(DAY) / SOURCE_FILE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"data_dir": data_dir}), encoding="utf-8")


def test_a_day_runs_on_the_folder_of_before(home, configs):
    source = Source("/data", reject_limit=0.2)
    remember_source(home, source)
    network = configs[NETWORK_JOB]
    assert network.get_run_config_for_partition_key(DAY) == network_config(source)
    # What a command or a sensor says of its run must stand, whatever was run before.
    assert set(network.get_tags_for_partition_key(DAY)) == {"dagster/partition"}


def test_an_audience_runs_with_the_settings_of_its_data(home, configs):
    inputs_of(home, "/data")
    remember_source(home, Source("/data", picks=3, budget=50.0))
    audience = configs[AUDIENCE_JOB]
    found = audience.get_run_config_for_partition_key(str(KEY))
    assert found == audience_config(Source("/data", picks=3, budget=50.0), NAME)
    remember_source(home, Source("/another", picks=3))  # the settings of other data are not its own
    assert source_of_day(home, Lake(home.lake), DAY) == Source("/data")


def test_what_cannot_run_says_what_to_do_first(configs):
    with pytest.raises(VouchError, match="No data folder has been run"):
        configs[NETWORK_JOB].get_run_config_for_partition_key(DAY)
    with pytest.raises(VouchError, match=f"no network of {DAY} yet"):
        configs[AUDIENCE_JOB].get_run_config_for_partition_key(KEY)


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    return build_defs(Home(tmp_path_factory.mktemp("definitions")))


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def test_a_backfill_of_audiences_is_published_once_when_it_is_done(home, location, instance, monkeypatch):
    by_name = {sensor.name: sensor for sensor in sensors(home, Lake(home.lake), jobs())}
    after_audiences, after_backfill = by_name["publish_after_audiences"], by_name["publish_after_backfill"]
    job = location.resolve_job_def(AUDIENCE_JOB)
    ran = {}
    for backfill, status in (("done", "SUCCESS"), ("lost", "FAILURE")):
        run = instance.create_run_for_job(
            job, run_config={}, tags={BACKFILL_ID_TAG: backfill}, status=dg.DagsterRunStatus.STARTED
        )
        event = dg.DagsterEvent(dg.DagsterEventType[f"RUN_{status}"].value, run.job_name)
        instance.report_dagster_event(event, run_id=run.run_id)
        ran[backfill] = instance.get_run_by_id(run.run_id)
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, AUDIENCE_JOB)
    with dg.build_run_status_sensor_context(
        sensor_name=after_audiences.name,
        dagster_event=event,
        dagster_instance=instance,
        dagster_run=ran["done"],
    ) as context:
        assert "published as a whole" in after_audiences(context).skip_message
    asked_for = []

    class Backfill:
        def __init__(self, name):
            self.backfill_id = name

    def get_backfills(filters, limit):
        asked_for.append((filters.job_name, set(filters.statuses), limit))
        return [Backfill("done"), Backfill("lost"), Backfill("another")]

    monkeypatch.setattr(instance, "get_backfills", get_backfills)
    with dg.build_sensor_context(instance=instance) as context:
        requests = after_backfill(context)
    assert [(request.job_name, request.run_key) for request in requests] == [(PUBLISH_JOB, "done:publish")]
    job_name, statuses, _ = asked_for[0]
    assert job_name == AUDIENCE_JOB
    assert BulkActionStatus.COMPLETED_SUCCESS in statuses
    assert BulkActionStatus.REQUESTED not in statuses
    monkeypatch.setattr(instance, "get_backfills", lambda **_: [])
    with dg.build_sensor_context(instance=instance) as context:
        assert "No backfill" in after_backfill(context).skip_message


UP_TO_AUDIENCES = [
    dg.AssetKey(name)
    for name in ("input_tables", "accounts", "interaction_graph", "follower_graph", "account_profiles")
]


def test_days_and_audiences_run_one_by_one_without_being_told_anything(home, tmp_path, instance, caplog):
    """The first assets of the real jobs on a real instance: each day and audience has its own result."""
    caplog.set_level("CRITICAL", "dagster")
    data, days, names = tmp_path / "data", ("2024-05-30", DAY), ("one", "two")
    data.mkdir()
    follows = "a,x,2024-05-29\nb,x,2024-05-29\nc,x,2024-05-31\nd,y,2024-05-29\n"
    (data / "follows.csv").write_text(f"follower_id,followee_id,followed_at\n{follows}", encoding="utf-8")
    members = "".join(f"{name},{member}\n" for name in names for member in "abc")
    (data / "audience_members.csv").write_text(f"audience,account_id\n{members}", encoding="utf-8")
    source = Source(str(data), picks=2)
    remember_source(home, source)
    made, lake = build_defs(home, retries=False), Lake(home.lake)
    instance.add_dynamic_partitions("audience", [audience_key(name) for name in names])
    network, audience = (made.resolve_job_def(name) for name in (NETWORK_JOB, AUDIENCE_JOB))
    for day in days:
        network.execute_in_process(
            instance=instance,
            partition_key=day,
            asset_selection=UP_TO_AUDIENCES,
        )
    kept = [open_follower_graph(lake.graph(day)).n_follows for day in days]
    assert kept == [3, 4]  # as the day before knew it, and the day itself
    for name in names:
        for day in days:
            ran = audience.execute_in_process(
                instance=instance,
                partition_key=audience_partition(name, day),
                asset_selection=[dg.AssetKey("cleaned_audience")],
            )
            assert ran.dagster_run.run_config == audience_config(source, name)
            members = pl.read_parquet(lake.audience(day, name) / "members.parquet")
            assert members.height == (3 if day == DAY else 2)  # whom no follow speaks of is not known yet
