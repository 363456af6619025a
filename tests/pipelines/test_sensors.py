"""What starts by itself: settled folders, audiences after their network, one publication after the last."""

from __future__ import annotations

import json
import os
import time

import dagster as dg
import polars as pl
import pytest

from assets.partitions import AUDIENCE_DIMENSION, DATA_TAG, DAY_DIMENSION, RUN_ID_TAG, audience_key
from pipelines.cut_off_runs import BEGINNING_SECONDS, BEGUN_SECONDS, CUT_OFF
from pipelines.definitions import build_defs
from pipelines.home import Home
from pipelines.jobs import AUDIENCE_JOB, LAUNCHED_BY_TAG, NETWORK_JOB, PUBLISH_JOB, jobs
from pipelines.lake import SOURCE_FILE, Lake
from pipelines.requests import Source, last_source, network_config, remember_source, run_tags
from pipelines.sensors import (
    CHAIN_PAUSE_SECONDS,
    COMMAND_LINE,
    EXECUTED_AGAIN_TAG,
    SETTLED_AFTER_SECONDS,
    audiences_of_day,
    chain_under_way,
    folder_state,
    sensors,
)
from pipelines.taking_turns import alone_in

DAY = "2024-05-31"
NAMES = ["a|b", "fans", "zed"]
ENDED = {
    dg.DagsterRunStatus.SUCCESS: dg.DagsterEventType.RUN_SUCCESS,
    dg.DagsterRunStatus.FAILURE: dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterRunStatus.CANCELED: dg.DagsterEventType.RUN_CANCELED,
}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    return build_defs(Home(tmp_path_factory.mktemp("definitions")))


@pytest.fixture
def instance(tmp_path, location):
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as made:
        made.location = location
        yield made


@pytest.fixture
def by_name(home):
    return {sensor.name: sensor for sensor in sensors(home, Lake(home.lake), jobs())}


@pytest.fixture
def settle(home):
    """Puts a file into the inbox whose time lies a while back."""

    def put(folder="new", name="follows.csv", text="a,b\n", age=SETTLED_AFTER_SECONDS + 5):
        path = home.inbox / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        at = time.time() - age
        os.utime(path, (at, at))
        return path

    return put


@pytest.fixture
def members(home):
    rows = [(name, f"m{number}") for number, name in enumerate([*NAMES, *NAMES])]
    frame = pl.DataFrame(rows, schema=["audience", "account_id"], orient="row")
    lake = Lake(home.lake)
    lake.write_frame(lake.inputs(DAY) / "audience_members.parquet", frame)
    lake.write_json(lake.inputs(DAY) / SOURCE_FILE, {})


def inbox(by_name, instance, cursor=None):
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return by_name["new_data_folders"](context)


def test_a_new_folder_runs_once_when_it_has_settled(by_name, instance, home, settle):
    assert "Put data folders into" in inbox(by_name, instance).skip_message
    settle(age=0)
    assert isinstance(inbox(by_name, instance), dg.SkipReason)  # still being copied
    settle()
    found = inbox(by_name, instance)
    assert [request.job_name for request in found.run_requests] == [NETWORK_JOB]
    folder = str(home.inbox / "new")
    assert found.run_requests[0].run_config == network_config(Source(folder))
    assert last_source(home) is None  # not before it has proved to be readable
    assert isinstance(inbox(by_name, instance, found.cursor), dg.SkipReason)  # and not again …
    settle(text="a,b\nc,d\n", age=SETTLED_AFTER_SECONDS + 2)
    again = inbox(by_name, instance, found.cursor)  # … until it changes
    assert len(again.run_requests) == 1
    assert again.run_requests[0].run_key != found.run_requests[0].run_key
    assert isinstance(inbox(by_name, instance, again.cursor), dg.SkipReason)


def test_only_folders_with_files_run_and_one_at_a_time(by_name, instance, home, settle):
    (home.inbox / "empty").mkdir(parents=True)
    (home.inbox / "stray.csv").write_text("a,b\n", encoding="utf-8")
    settle("one")
    settle("two", "deep/accounts.csv")
    settle("young", age=0)
    first = inbox(by_name, instance)
    assert [request.tags[DATA_TAG] for request in first.run_requests] == [str(home.inbox / "one")]
    assert set(json.loads(first.cursor)) == {"one"}
    second = inbox(by_name, instance, first.cursor)
    assert [request.tags[DATA_TAG] for request in second.run_requests] == [str(home.inbox / "two")]
    assert set(json.loads(second.cursor)) == {"one", "two"}
    assert second.run_requests[0].tags[RUN_ID_TAG] != first.run_requests[0].tags[RUN_ID_TAG]


def test_a_new_folder_waits_for_the_chain_before_it(by_name, instance, settle):
    settle()
    run = ran(instance, NETWORK_JOB, network_tags("inbox"), dg.DagsterRunStatus.STARTED)
    waiting = inbox(by_name, instance)
    assert "new has to wait" in waiting.skip_message
    assert run.run_id in waiting.skip_message
    report(instance, run, dg.DagsterRunStatus.FAILURE)
    assert len(inbox(by_name, instance).run_requests) == 1


@pytest.mark.parametrize("job", [NETWORK_JOB, PUBLISH_JOB])
def test_a_command_whose_process_is_gone_holds_no_folder_up(by_name, instance, home, settle, job):
    settle()
    run = ran(instance, job, {LAUNCHED_BY_TAG: COMMAND_LINE}, dg.DagsterRunStatus.STARTED)
    of_the_daemon = ran(instance, job, {LAUNCHED_BY_TAG: "nightly"}, dg.DagsterRunStatus.STARTED)
    with alone_in(home):  # the command is running
        assert "has to wait" in inbox(by_name, instance).skip_message
        assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.STARTED
    assert of_the_daemon.run_id in inbox(by_name, instance).skip_message
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
    (failed,) = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    assert failed.event_log_entry.dagster_event.message == CUT_OFF
    report(instance, of_the_daemon, dg.DagsterRunStatus.SUCCESS)
    with alone_in(home):
        pass


@pytest.mark.parametrize(
    ("status", "after_seconds", "ended"),
    [
        ("STARTED", BEGUN_SECONDS, "FAILURE"),
        ("STARTED", -BEGUN_SECONDS, "FAILURE"),
        ("CANCELING", BEGUN_SECONDS, "CANCELED"),
        ("STARTING", BEGINNING_SECONDS, "FAILURE"),
        ("STARTING", -BEGINNING_SECONDS, "FAILURE"),
    ],
    ids=["killed", "killed and set back", "killed while stopped", "lost", "lost and set back"],
)
def test_a_run_of_the_daemon_whose_process_is_gone_holds_no_folder_up(
    by_name, instance, settle, monkeypatch, status, after_seconds, ended
):
    settle(age=BEGINNING_SECONDS + SETTLED_AFTER_SECONDS + 60)
    run = ran(instance, NETWORK_JOB, network_tags("nightly"), dg.DagsterRunStatus.STARTING)
    for name in {"STARTED": ("START",), "CANCELING": ("START", "CANCELING")}.get(status, ()):
        event = dg.DagsterEvent(dg.DagsterEventType[f"RUN_{name}"].value, run.job_name)
        instance.report_dagster_event(event, run_id=run.run_id)
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus[status]
    assert "has to wait" in inbox(by_name, instance).skip_message  # it may be on its way
    then = time.time() + after_seconds + (5 if after_seconds > 0 else -5)
    monkeypatch.setattr(time, "time", lambda: then)
    assert len(inbox(by_name, instance).run_requests) == 1
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus[ended]


@pytest.mark.parametrize("job", [NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB])
@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_an_unfinished_run_is_under_way_whoever_started_it(instance, job, status):
    run = ran(instance, job, {LAUNCHED_BY_TAG: COMMAND_LINE}, dg.DagsterRunStatus[status])
    assert f"Run {run.run_id} of the job {job} is not finished ({status})" in str(chain_under_way(instance))


def test_a_chain_is_under_way_until_it_is_published_or_an_audience_stopped(instance):
    assert chain_under_way(instance) is None
    network = ran(instance, NETWORK_JOB, network_tags("inbox"))
    ran(instance, NETWORK_JOB, network_tags(COMMAND_LINE))
    assert network.run_id in str(chain_under_way(instance))
    ran(instance, AUDIENCE_JOB, audience_tags("fans"))
    ran(instance, AUDIENCE_JOB, audience_tags("fans", "another run"), dg.DagsterRunStatus.FAILURE)
    ran(instance, PUBLISH_JOB, {RUN_ID_TAG: "another run"})
    assert network.run_id in str(chain_under_way(instance))
    ran(instance, PUBLISH_JOB, {RUN_ID_TAG: "run-1"}, dg.DagsterRunStatus.FAILURE)
    assert chain_under_way(instance) is None


@pytest.mark.parametrize("status", ["FAILURE", "CANCELED"])
def test_an_audience_that_stopped_ends_its_chain(instance, status):
    ran(instance, NETWORK_JOB, network_tags("inbox"))
    ran(instance, AUDIENCE_JOB, audience_tags("fans"), dg.DagsterRunStatus[status])
    assert chain_under_way(instance) is None


def test_a_chain_that_nothing_carries_on_does_not_block_for_ever(instance, monkeypatch):
    ran(instance, NETWORK_JOB, network_tags("inbox"))
    assert chain_under_way(instance) is not None
    later = time.time() + CHAIN_PAUSE_SECONDS + 5
    monkeypatch.setattr(time, "time", lambda: later)
    assert chain_under_way(instance) is None


def test_a_folder_has_moved_when_any_file_of_it_has(tmp_path):
    (tmp_path / "a").write_text("1", encoding="utf-8")
    (tmp_path / "b").mkdir()
    before, _ = folder_state(tmp_path)
    assert folder_state(tmp_path)[0] == before
    (tmp_path / "b" / "c").write_text("", encoding="utf-8")
    assert folder_state(tmp_path)[0] != before
    assert folder_state(tmp_path / "none") == ("", 0.0)


def report(instance, run, status):
    """Ends a run as the orchestrator does, with an event."""
    kind = ENDED[status]
    instance.report_dagster_event(dg.DagsterEvent(kind.value, run.job_name), run_id=run.run_id)


def ran(instance, job, tags, status=dg.DagsterRunStatus.SUCCESS, config=None):
    """A run of a job, in some status."""
    definition = instance.location.resolve_job_def(job)
    settings = config or (network_config(Source("/data")) if job == NETWORK_JOB else {})
    begun = dg.DagsterRunStatus.NOT_STARTED if status in ENDED else status
    run = instance.create_run_for_job(definition, run_config=settings, tags=tags, status=begun)
    if status in ENDED:
        report(instance, run, status)
    return instance.get_run_by_id(run.run_id)


def after(sensor, instance, job, tags, config=None):
    """Evaluates a run status sensor on a run of a job that has just ended well."""
    run = ran(instance, job, tags, config=config)
    return evaluated(sensor, instance, run)


def evaluated(sensor, instance, run):
    """What a run status sensor asks for after a run."""
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)
    with dg.build_run_status_sensor_context(
        sensor_name=sensor.name, dagster_event=event, dagster_instance=instance, dagster_run=run
    ) as context:
        return sensor(context)


def network_tags(launched_by, **more):
    return {**run_tags("run-1", Source("/data"), launched_by), "dagster/partition": DAY, **more}


def test_every_audience_follows_its_network(by_name, instance, home, members):
    sensor, config = by_name["audiences_after_network"], network_config(Source("/data"))
    found = after(sensor, instance, NETWORK_JOB, network_tags("nightly"), config)
    assert found.dynamic_partitions_requests[0].partition_keys == [audience_key(name) for name in NAMES]
    keys = [request.partition_key.keys_by_dimension for request in found.run_requests]
    assert [key[AUDIENCE_DIMENSION] for key in keys] == [audience_key(name) for name in NAMES]
    assert {key[DAY_DIMENSION] for key in keys} == {DAY}
    assert {request.tags[RUN_ID_TAG] for request in found.run_requests} == {"run-1"}
    assert {request.job_name for request in found.run_requests} == {AUDIENCE_JOB}
    assert last_source(home) == Source("/data")  # the nightly schedule carries on with what could be read


def test_somebody_forgotten_after_the_network_makes_it_run_again(by_name, instance, home):
    """The tables of every day go then, and nobody would be told that a chain had ended half way."""
    sensor, config = by_name["audiences_after_network"], network_config(Source("/data"))
    (again,) = after(sensor, instance, NETWORK_JOB, network_tags("nightly"), config).run_requests
    assert (again.job_name, again.partition_key) == (NETWORK_JOB, DAY)
    assert again.run_config == config
    assert again.tags[RUN_ID_TAG] != "run-1"  # a chain of its own
    twice = after(sensor, instance, NETWORK_JOB, network_tags(again.tags[LAUNCHED_BY_TAG]), config)
    assert "removed twice" in twice.skip_message


def test_somebody_forgotten_after_the_audiences_is_told_by_the_publication(by_name, instance, home):
    asked = after(by_name["publish_after_audiences"], instance, AUDIENCE_JOB, audience_tags("fans"))
    assert (asked.job_name, asked.tags[RUN_ID_TAG]) == (PUBLISH_JOB, "run-1")


def test_settings_that_were_remembered_for_the_folder_go_along(by_name, instance, home, members):
    remember_source(home, Source("/data", picks=3, budget=50.0))
    sensor, config = by_name["audiences_after_network"], network_config(Source("/data"))
    found = after(sensor, instance, NETWORK_JOB, network_tags("nightly"), config)
    assert found.run_requests[0].run_config["ops"]["partner_portfolio"]["config"] == {
        "picks": 3,
        "budget": 50.0,
    }
    remember_source(home, Source("/another", picks=9))
    found = after(sensor, instance, NETWORK_JOB, network_tags("nightly"), config)
    assert found.run_requests[0].run_config["ops"]["partner_portfolio"]["config"] == {"picks": 10}


def test_a_network_run_started_by_hand_gets_a_run_id(by_name, instance, home, members):
    config = network_config(Source("/data"))
    found = after(
        by_name["audiences_after_network"], instance, NETWORK_JOB, {"dagster/partition": DAY}, config
    )
    run_ids = {request.tags[RUN_ID_TAG] for request in found.run_requests}
    assert len(run_ids) == 1
    assert instance.get_run_by_id(run_ids.pop()) is not None


@pytest.mark.parametrize("name", ["audiences_after_network", "publish_after_audiences"])
def test_runs_of_the_command_line_carry_themselves_on(by_name, instance, home, members, name):
    job = NETWORK_JOB if name == "audiences_after_network" else AUDIENCE_JOB
    config = network_config(Source("/data")) if job == NETWORK_JOB else {}
    found = after(by_name[name], instance, job, {LAUNCHED_BY_TAG: COMMAND_LINE}, config)
    assert isinstance(found, dg.SkipReason)


@pytest.mark.parametrize("first", [COMMAND_LINE, "nightly"])
def test_a_network_that_is_executed_again_begins_a_chain_of_its_own(by_name, instance, home, members, first):
    sensor, config = by_name["audiences_after_network"], network_config(Source("/data"))
    if first != COMMAND_LINE:
        keys = {
            request.run_key
            for request in after(sensor, instance, NETWORK_JOB, network_tags(first), config).run_requests
        }
    again = after(sensor, instance, NETWORK_JOB, network_tags(first, **{EXECUTED_AGAIN_TAG: "x"}), config)
    assert len(again.run_requests) == len(NAMES)
    if first != COMMAND_LINE:
        assert keys.isdisjoint(request.run_key for request in again.run_requests)
    tags = again.run_requests[0].tags
    assert tags[RUN_ID_TAG] == instance.get_runs(limit=1)[0].run_id
    assert tags[LAUNCHED_BY_TAG] == "audiences_after_network"
    assert tags[RUN_ID_TAG] in str(chain_under_way(instance))


def test_an_audience_of_a_command_that_is_executed_again_is_published(by_name, instance, home, members):
    tags = {**audience_tags("fans"), LAUNCHED_BY_TAG: COMMAND_LINE, EXECUTED_AGAIN_TAG: "x"}
    asked = after(by_name["publish_after_audiences"], instance, AUDIENCE_JOB, tags)
    assert (asked.job_name, asked.tags[RUN_ID_TAG]) == (PUBLISH_JOB, "run-1")


def audience_tags(name, run_id="run-1"):
    return {
        RUN_ID_TAG: run_id,
        LAUNCHED_BY_TAG: "nightly",
        f"dagster/partition/{AUDIENCE_DIMENSION}": audience_key(name),
        f"dagster/partition/{DAY_DIMENSION}": DAY,
    }


def test_publication_waits_for_the_last_audience_and_comes_once(by_name, instance, home, members):
    sensor = by_name["publish_after_audiences"]
    assert "fans, zed" in after(sensor, instance, AUDIENCE_JOB, audience_tags("a|b")).skip_message
    after(sensor, instance, AUDIENCE_JOB, audience_tags("fans", "another run"))
    waiting = after(sensor, instance, AUDIENCE_JOB, audience_tags("zed"))
    assert waiting.skip_message == "Waiting for fans."
    asked = after(sensor, instance, AUDIENCE_JOB, audience_tags("fans"))
    assert (asked.job_name, asked.tags[RUN_ID_TAG]) == (PUBLISH_JOB, "run-1")
    ended_together = evaluated(sensor, instance, instance.get_runs(limit=2)[1])
    assert ended_together.run_key == asked.run_key
    again = after(sensor, instance, AUDIENCE_JOB, audience_tags("fans"))
    assert again.run_key != asked.run_key  # executed again, published again


def test_a_lone_audience_run_is_published(by_name, instance, home):
    asked = after(by_name["publish_after_audiences"], instance, AUDIENCE_JOB, {})
    assert asked.job_name == PUBLISH_JOB
    assert asked.tags[RUN_ID_TAG]


def test_audiences_of_a_day_once_each_in_order(home, members):
    assert audiences_of_day(Lake(home.lake), DAY) == NAMES
